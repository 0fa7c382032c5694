"""Builders of honest and hostile files; nothing binary is committed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence

import openpyxl

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
ROOT_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
    '<Relationship Id="rId2" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)
SHEET_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_TAIL = b"</sheetData></worksheet>"


def csv_bytes(rows: Iterable[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)


def xlsx(rows: Iterable[Sequence[object]], merges: Sequence[str] = (), title: str = "S") -> bytes:
    """An honest workbook; texts that begin with = stay texts."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            cell = sheet.cell(i, j)
            if isinstance(value, str):
                cell.value = value
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
    for area in merges:
        sheet.merge_cells(area)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def raw_xlsx(
    sheet: bytes | Iterable[bytes],
    *,
    strings: bytes | None = None,
    extra: dict[str, bytes] | None = None,
    replace: dict[str, bytes] | None = None,
) -> bytes:
    """A workbook around hand-written sheet XML (with ``SHEET_HEAD`` and ``SHEET_TAIL``), streamed into the archive."""
    parts: dict[str, bytes] = {
        "[Content_Types].xml": CONTENT_TYPES.encode(),
        "_rels/.rels": ROOT_RELS.encode(),
        "xl/workbook.xml": WORKBOOK.encode(),
        "xl/_rels/workbook.xml.rels": BOOK_RELS.encode(),
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
    parts |= (extra or {}) | (replace or {})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        if "xl/worksheets/sheet1.xml" not in parts:
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
                for piece in [sheet] if isinstance(sheet, bytes) else sheet:
                    out.write(piece)
    return buffer.getvalue()


def sheet_xml(body: bytes) -> bytes:
    return SHEET_HEAD + body + SHEET_TAIL


def bomb_sheet(rows: int) -> Iterable[bytes]:
    """The same row over and over: packs a thousandfold."""
    yield SHEET_HEAD
    block = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 10_000
    for _ in range(rows // 10_000):
        yield block
    yield SHEET_TAIL


def relie(data: bytes, name: str, declared: int) -> bytes:
    """The same archive with another declared size of one member, in both headers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(name).file_size
    forged = bytearray(data)
    encoded = name.encode()
    at = forged.find(encoded)
    while at >= 0:
        for offset in (30, 46):
            head = at - offset
            field = head + (22 if offset == 30 else 24)
            if bytes(forged[head : head + 2]) == b"PK" and struct.unpack_from("<I", forged, field)[0] == size:
                struct.pack_into("<I", forged, field, declared)
        at = forged.find(encoded, at + 1)
    return bytes(forged)


def _record(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(payload)) + payload


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def biff_cells(rows: Sequence[Sequence[object]]) -> bytes:
    """Cell records: text, number, boolean, or an error given as ``bytes([code])``."""
    out = b""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            where = struct.pack("<HHH", i, j, 0)
            if isinstance(value, str):
                out += _record(0x0204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            elif isinstance(value, bool):
                out += _record(0x0205, where + struct.pack("<BB", value, 0))
            elif isinstance(value, bytes):
                out += _record(0x0205, where + struct.pack("<BB", value[0], 1))
            elif isinstance(value, int | float):
                out += _record(0x0203, where + struct.pack("<d", value))
    return out


def xls(rows: Sequence[Sequence[object]], *, encrypted: bool = False, cells: bytes | None = None) -> bytes:
    """A minimal Excel 97 workbook: one sheet ``S`` in a compound file."""
    name = b"S"
    filler = _record(0x0042, struct.pack("<H", 1200)) * 700  # a stream below 4,096 bytes would live elsewhere
    head = _bof(0x0005) + (_record(0x002F, b"\0" * 6) if encrypted else b"") + filler
    start = len(head) + 4 + 8 + len(name) + 4
    head += _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name) + _record(0x000A)
    width = max((len(row) for row in rows), default=0)
    sheet = _bof(0x0010) + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    sheet += (biff_cells(rows) if cells is None else cells) + _record(0x000A)
    return compound({"Workbook": head + sheet})


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (version 3) whose streams are all 4,096 bytes or longer."""
    sector = 512
    padded = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    first = 2
    fat = [0xFFFFFFFD, 0xFFFFFFFE]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)]
    body = b""
    for k, (name, data) in enumerate(padded.items(), 1):
        count = -(-len(data) // sector)
        entries.append(_entry(name, 2, first, len(data), right=k + 1 if k < len(padded) else 0xFFFFFFFF))
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        body += data.ljust(count * sector, b"\0")
        first += count
    assert len(fat) <= 128 and len(entries) <= 4
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = b"".join(entries).ljust(sector, b"\0")
    return header + struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )
