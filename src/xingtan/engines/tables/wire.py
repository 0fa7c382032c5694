"""A table as bytes and back, for the pipe between reader process and caller. No pickle: nothing in it can run."""

from __future__ import annotations

import json
import struct
from typing import Any, Final

import numpy as np

from xingtan.engines.tables.types import F64, I32, U8, Column, FileFormat, Notice, Table

_LENGTH: Final = struct.Struct("<Q")


def encode_table(table: Table) -> bytes:
    """Length of the JSON head, the head, then per column kinds, numbers, codes, and the source rows."""
    head = {
        "format": table.format,
        "sheet": table.sheet,
        "sheets": table.sheets,
        "rows": table.row_count,
        "header_rows": table.header_rows,
        "sha256": table.sha256,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "notices": [[notice.code, notice.row, dict(notice.params)] for notice in table.notices],
        "columns": [[column.index, column.header, column.strings] for column in table.columns],
    }
    text = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    parts = [_LENGTH.pack(len(text)), text]
    for column in table.columns:
        parts += [column.kinds.tobytes(), column.numbers.tobytes(), column.codes.tobytes()]
    parts.append(table.source_rows.tobytes())
    return b"".join(parts)


def decode_table(data: bytes) -> Table:
    """The table of ``encode_table``; its arrays are read-only views of ``data``. Raises ``ValueError`` if malformed."""
    try:
        (size,) = _LENGTH.unpack_from(data)
        position = _LENGTH.size + size
        head: dict[str, Any] = json.loads(data[_LENGTH.size : position].decode("utf-8", "surrogatepass"))
        rows = head["rows"]
        columns: list[Column] = []
        for index, header, strings in head["columns"]:
            kinds: U8 = np.frombuffer(data, np.uint8, rows, position)
            numbers: F64 = np.frombuffer(data, np.float64, rows, position + rows)
            codes: I32 = np.frombuffer(data, np.int32, rows, position + 9 * rows)
            position += 13 * rows
            columns.append(Column(index, header, kinds, numbers, codes, tuple(strings)))
        return Table(
            format=FileFormat(head["format"]),
            sheet=head["sheet"],
            sheets=tuple(head["sheets"]),
            columns=tuple(columns),
            source_rows=np.frombuffer(data, np.int32, rows, position),
            header_rows=None if head["header_rows"] is None else tuple(head["header_rows"]),
            sha256=head["sha256"],
            encoding=head["encoding"],
            delimiter=head["delimiter"],
            notices=tuple(Notice(code, row, params) for code, row, params in head["notices"]),
        )
    except (struct.error, KeyError, TypeError) as error:
        raise ValueError(f"not a table: {error}") from error
