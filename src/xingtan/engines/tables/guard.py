"""``read_table_guarded``: the second wall. The file is read in a process of its own that cannot outgrow its limits.

The checks of ``read_table`` refuse every hostile file known to us; this is for those that are not known. Linux
enforces memory, processor and wall time; where the ``resource`` module is missing (Windows) only wall time is
enforced, and the table carries the notice ``guard_partial``.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from xingtan.engines.tables.reader import FileSource, load_bytes
from xingtan.engines.tables.types import Limits, Notice, Table, TableError
from xingtan.engines.tables.wire import decode_table

_BOOTSTRAP: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from xingtan.engines.tables.child import main; main()"
)
_ALLOCATION_FAILED: Final = b"memory allocation of"  # what the Rust parser says before it aborts
_KEPT_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
_SIGXCPU: Final = -getattr(signal, "SIGXCPU", 24)


@dataclass(frozen=True, slots=True)
class Guard:
    """Limits of the reader process."""

    memory_bytes: int = 2**30
    """Address space, of which Python, numpy and the parser take about a quarter before reading anything."""
    cpu_seconds: int = 30
    seconds: float = 60.0
    """Wall time."""
    python: str | None = None
    """The interpreter; by default the running one."""


def guard_is_full() -> bool:
    """Whether this platform enforces memory and processor limits, not only wall time."""
    return find_spec("resource") is not None and sys.platform.startswith("linux")


def read_table_guarded(
    source: FileSource,
    *,
    sheet: str | int | None = None,
    header_rows: int | tuple[int, int] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
    guard: Guard | None = None,
) -> Table:
    """As ``read_table``, in a child process under ``guard``.

    Raises ``TableError`` as ``read_table``, or guard_memory, guard_cpu, guard_timeout, guard_crash.
    """
    limits, guard = limits or Limits(), guard or Guard()
    data = load_bytes(source, limits) if isinstance(source, bytes) else b""
    path = None if isinstance(source, bytes) else str(Path(source).absolute())
    request = {
        "path": path,
        "options": {"sheet": sheet, "header_rows": header_rows, "encoding": encoding, "delimiter": delimiter},
        "limits": dataclasses.asdict(limits),
        "memory_bytes": guard.memory_bytes,
        "cpu_seconds": guard.cpu_seconds,
    }
    environment = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    # Each idle thread of numpy's linear algebra would reserve address space.
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    command = [guard.python or sys.executable, "-I", "-c", _BOOTSTRAP, json.dumps([str(p) for p in sys.path])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        try:
            output, complaint = process.communicate(json.dumps(request).encode() + b"\n" + data, guard.seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            raise TableError("guard_timeout", limit=guard.seconds) from error
    if process.returncode != 0:
        raise _death(process.returncode, complaint, guard)
    return _answer(output, process.returncode)


def _death(status: int, complaint: bytes, guard: Guard) -> TableError:
    if status == _SIGXCPU:
        return TableError("guard_cpu", limit=guard.cpu_seconds)
    if _ALLOCATION_FAILED in complaint or b"MemoryError" in complaint:
        return TableError("guard_memory", limit=guard.memory_bytes)
    return TableError("guard_crash", status=status)


def _answer(output: bytes, status: int) -> Table:
    line, _, body = output.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(line)
        if answer:
            raise TableError(answer["reason"], **answer["params"])
        table = decode_table(body)
    except TableError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise TableError("guard_crash", status=status) from error
    if guard_is_full():
        return table
    return dataclasses.replace(table, notices=(*table.notices, Notice("guard_partial")))
