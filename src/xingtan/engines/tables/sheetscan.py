"""What a worksheet part will cost the parser, found by scanning its XML without building anything.

The parser allocates the rectangle between the outermost filled cells and copies a shared string for every cell that
refers to it; both are bounded here. The scan also notes error cells, which the parser reports as blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.archive import Archive, xml_pieces
from xingtan.engines.tables.types import Limits, TableError, column_index
from xingtan.engines.tables.values import shorten

_FILLED: Final = re.compile(rb"<(?:\w+:)?c\b[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'][^<>]*(?<!/)>")
_ANY_FILLED: Final = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?<!/)>")
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^<>]*)>")
_REFERENCE: Final = re.compile(rb"\br\s*=\s*[\"']([^\"']*)[\"']")
_CELL_REFERENCE: Final = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_SHARED_FORMULA: Final = re.compile(rb"\bsi\s*=\s*[\"']\s*\+?0*[1-9][0-9]{6}")
_UNIQUE_COUNT: Final = re.compile(rb"\buniqueCount\s*=\s*[\"']\s*\+?([0-9]+)")
_ERROR_CELL: Final = re.compile(
    rb"<(?:\w+:)?c\b(?=[^<>]*\bt\s*=\s*[\"']e[\"'])[^<>]*?\br\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'][^<>]*>"
)
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]{0,40})<")
_FORMULA_BYTES: Final = 9_000
"""An error cell's value stands behind its formula, which Excel limits to 8,192 characters."""
_INDEX: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>\s*([0-9]{1,9})\s*<")
_STRING_ITEM: Final = re.compile(rb"<(?:\w+:)?si\b")
_MIN_STRING: Final = len(b"<si/>")
_OVERLAP: Final = 64
_PART_LIMIT: Final = 16 * 2**20


@dataclass(slots=True)
class SheetScan:
    """Outermost filled cell (1-based row, column count) and the error cells, (row, column) 0-based → text."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def worksheet_parts(archive: Archive) -> dict[str, str]:
    """Sheet name → part name, resolved as the parser resolves it; whatever is ambiguous is refused."""
    home = [
        item.get("Target", "")
        for item in _small_xml(archive, "_rels/.rels").iter()
        if item.tag.endswith("}Relationship") and item.get("Type", "").endswith("/relationships/officeDocument")
    ]
    if [target.removeprefix("/") for target in home] != ["xl/workbook.xml"]:
        raise TableError("archive_broken", detail="the workbook is not in its place")
    relations: dict[str, str] = {}
    for item in _small_xml(archive, "xl/_rels/workbook.xml.rels").iter():
        if item.tag.endswith("}Relationship"):
            _once(relations, item.get("Id", ""), item.get("Target", ""))
    parts: dict[str, str] = {}
    for item in _small_xml(archive, "xl/workbook.xml").iter():
        if item.tag.endswith("}sheet"):
            # The strict variant of the format has its own namespace, so any attribute …}id counts.
            key = next((value for name, value in item.attrib.items() if name.endswith("}id")), "")
            target = relations.get(key, "")
            found = [name for name in {target.removeprefix("/"), f"xl/{target}"} if name in archive]
            if len(found) == 1:
                _once(parts, item.get("name", ""), found[0])
    return parts


def _once(table: dict[str, str], key: str, value: str) -> None:
    if key in table:
        raise TableError("archive_broken", detail=f"“{shorten(key)}” occurs twice")
    table[key] = value


def _small_xml(archive: Archive, name: str) -> ElementTree.Element:
    if name not in archive:
        raise TableError("archive_broken", detail=f"{name} is missing")
    data = bytearray()
    for piece in xml_pieces(archive, name):
        data += piece
        if len(data) > _PART_LIMIT:
            raise TableError("archive_size", limit=_PART_LIMIT)
    try:
        return ElementTree.fromstring(bytes(data))  # noqa: S314 - declarations were refused above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise TableError("archive_broken", detail=f"{name}: {error}") from error


def scan_worksheet(archive: Archive, name: str, limits: Limits) -> SheetScan:
    """Scan one worksheet part; raises ``TableError`` as soon as a limit is passed."""
    try:
        return _scan(archive, name, limits, None)
    except _LooseCell:
        return _scan(archive, name, limits, _Walk())


def _scan(archive: Archive, name: str, limits: Limits, walk: _Walk | None) -> SheetScan:
    scan = SheetScan()
    for text in _at_tags(archive, name):
        filled = _FILLED.findall(text)
        opened = len(_ANY_FILLED.findall(text))
        scan.cells += opened
        if filled:
            scan.rows = max(scan.rows, *(int(row) for _, row in filled))
            scan.columns = max(scan.columns, *(column_index(c.decode()) + 1 for c in {c for c, _ in filled}))
        if walk is not None:
            walk.over(text, scan, name)
        elif opened != len(filled):
            raise _LooseCell
        _within(scan, limits)
        if b"si" in text and _SHARED_FORMULA.search(text):
            # The parser keeps a list as long as the largest number of a shared formula.
            raise TableError("archive_broken", detail="more shared formulas than a sheet can hold")
        if b'"e"' in text or b"'e'" in text:
            _note_errors(scan, text)
    return scan


class _LooseCell(Exception):
    """A cell without a reference: the scan must begin again and count."""


@dataclass(slots=True)
class _Walk:
    """Positions of cells that carry no reference, counted as the parser counts: one further than the last."""

    row: int = 0
    column: int = 0

    def over(self, text: bytes, scan: SheetScan, name: str) -> None:
        for match in _ROW_OR_CELL.finditer(text):
            reference = _REFERENCE.search(match[2])
            if match[1] == b"row":
                self.row, self.column = self.row + 1, 0
                if reference is not None:
                    self.row = _row_number(reference[1], name)
                continue
            self.column += 1
            row = self.row
            if reference is not None:
                where = _CELL_REFERENCE.fullmatch(reference[1])
                if where is None:
                    raise TableError("archive_broken", detail=f"{name}: an impossible cell reference")
                self.column, row = column_index(where[1].decode()) + 1, int(where[2])
            scan.rows, scan.columns = max(scan.rows, row), max(scan.columns, self.column)


def _row_number(text: bytes, name: str) -> int:
    if not (text.isdigit() and len(text) <= 7):
        raise TableError("archive_broken", detail=f"{name}: an impossible row number")
    return int(text)


def _note_errors(scan: SheetScan, text: bytes) -> None:
    for match in _ERROR_CELL.finditer(text):
        begin = match.end()
        following = text.find(b"<c ", begin)
        value = _VALUE.search(text, begin, min(begin + _FORMULA_BYTES, following if following >= 0 else len(text)))
        where = (int(match[2]) - 1, column_index(match[1].decode()))
        scan.errors[where] = (value[1].decode("utf-8", "replace").strip() if value else "") or "#ERROR"


def _within(scan: SheetScan, limits: Limits) -> None:
    if scan.rows > limits.rows:
        raise TableError("rows_limit", limit=limits.rows)
    if scan.columns > limits.columns:
        raise TableError("columns_limit", limit=limits.columns)
    if scan.rows * scan.columns > limits.cells:
        raise TableError("cells_limit", cells=scan.rows * scan.columns, limit=limits.cells)


def _at_tags(archive: Archive, name: str) -> Iterator[bytes]:
    """The part in pieces that end before a row or, failing that, before a cell or any tag, never inside one."""
    rest = b""
    for piece in xml_pieces(archive, name):
        text = rest + piece
        cut = max(text.rfind(b"</row>"), text.rfind(b"<row "))
        if cut <= 0:
            cut = max(text.rfind(b"<c "), text.rfind(b"<"))
        if cut <= 0:
            if len(text) > _PART_LIMIT:
                raise TableError("archive_broken", detail=f"{name}: no tag in {len(text)} bytes")
            rest = text
            continue
        yield text[:cut]
        rest = text[cut:]
    yield rest


def check_text_volume(
    archive: Archive, lengths: npt.NDArray[np.int64], sheet: str, scan: SheetScan, limits: Limits
) -> None:
    """Bound the text the parser will copy: every cell that refers to a shared string gets its own copy."""
    if not lengths.size or int(lengths.max()) * scan.cells <= limits.text_bytes:
        return
    total = 0
    for text in _at_tags(archive, sheet):
        # Plain numbers are counted as references too: an upper bound that needs no parsing of attributes.
        indices = np.array(_INDEX.findall(text), dtype=np.int64)
        total += int(lengths[indices[indices < lengths.size]].sum())
        if total > limits.text_bytes:
            raise TableError("text_limit", limit=limits.text_bytes)


def string_lengths(archive: Archive, name: str) -> npt.NDArray[np.int64]:
    """Bytes of each shared string, markup included; none if there is no such part."""
    if name not in archive:
        return np.zeros(0, dtype=np.int64)
    lengths: list[int] = []
    carried, rest, opened = 0, b"", False
    for piece in xml_pieces(archive, name):
        text = rest + piece
        # The parser reserves room for as many strings as the part claims to hold.
        if any(int(count) * _MIN_STRING > archive.size(name) for count in _UNIQUE_COUNT.findall(text)):
            raise TableError("archive_broken", detail=f"{name}: more strings claimed than there is room for")
        parts = _STRING_ITEM.split(text[:-_OVERLAP])
        rest = text[-_OVERLAP:]
        if len(parts) == 1:
            carried += len(parts[0])
            continue
        if opened:
            lengths.append(carried + len(parts[0]))
        lengths.extend(map(len, parts[1:-1]))
        carried, opened = len(parts[-1]), True
    last = _STRING_ITEM.split(rest)
    if opened:
        lengths.append(carried + len(last[0]))
    lengths.extend(map(len, last[1:]))
    return np.array(lengths, dtype=np.int64)
