"""The reader process of ``read_table_guarded``: limits itself, reads one table, writes it to standard output."""

from __future__ import annotations

import json
import sys
from typing import Any

from xingtan.engines.tables.types import Limits, TableError

try:
    import resource
except ImportError:  # Windows has no such limits; the caller's time limit remains
    resource = None  # type: ignore[assignment]


def limit_self(memory_bytes: int, cpu_seconds: int) -> None:
    """Limit address space, processor time, new files and core dumps of this process, for good."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # The soft limit ends the process by SIGXCPU, which the caller can tell from other deaths.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Protocol: one JSON line with the request, then the file's bytes unless the request names a path.

    Answer: one JSON line (``{}``, or ``reason`` and ``params`` of a ``TableError``), then the table.
    """
    request: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    # numpy and the parser are loaded under the limits, so that these cover all there is.
    limit_self(request["memory_bytes"], request["cpu_seconds"])
    try:
        from xingtan.engines.tables.reader import read_table
        from xingtan.engines.tables.wire import encode_table

        options = request["options"]
        header_rows = options["header_rows"]
        table = read_table(
            request["path"] if request["path"] is not None else sys.stdin.buffer.read(),
            sheet=options["sheet"],
            header_rows=tuple(header_rows) if isinstance(header_rows, list) else header_rows,
            encoding=options["encoding"],
            delimiter=options["delimiter"],
            limits=Limits(**request["limits"]),
        )
        answer, body = b"{}", encode_table(table)
    except TableError as error:
        answer, body = json.dumps({"reason": error.reason, "params": error.params}).encode(), b""
    except MemoryError:
        params = {"limit": request["memory_bytes"]}
        answer, body = json.dumps({"reason": "guard_memory", "params": params}).encode(), b""
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
