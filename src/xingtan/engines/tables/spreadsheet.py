"""Workbooks through python-calamine, behind the walls of ``archive``, ``sheetscan`` and ``biff``."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import python_calamine as calamine

from xingtan.engines.tables.archive import Archive, xml_pieces
from xingtan.engines.tables.biff import scan_biff
from xingtan.engines.tables.raw import ErrorText, Merge, RawCell, RawSheet
from xingtan.engines.tables.sheetscan import (
    SheetScan,
    check_text_volume,
    scan_worksheet,
    string_lengths,
    worksheet_parts,
)
from xingtan.engines.tables.types import FileFormat, Limits, Notice, TableError
from xingtan.engines.tables.values import shorten

_STRINGS: Final = "xl/sharedStrings.xml"
_MACROS: Final = "vbaproject.bin"
_MAX_MERGES: Final = 10_000


def read_xlsx(data: bytes, limits: Limits, sheet: str | int | None) -> RawSheet:
    """One sheet of an xlsx or xlsm file; macros are neither run nor read."""
    archive = Archive(data, limits)
    if "xl/workbook.bin" in archive:
        raise TableError("format_xlsb")
    if "content.xml" in archive and "mimetype" in archive:
        raise TableError("format_ods")
    if "xl/workbook.xml" not in archive:
        raise TableError("format_unknown", found="an archive without a workbook")
    parts = worksheet_parts(archive)
    sheets = set(parts.values())
    for name in archive.names():
        if name not in sheets and name.casefold().endswith((".xml", ".rels")):
            for _ in xml_pieces(archive, name):
                pass
    lengths = string_lengths(archive, _STRINGS)
    workbook, names, chosen = _open(data, sheet)
    part = parts.get(chosen)
    if part is None or part not in archive:
        raise TableError("archive_broken", detail=f"the part of sheet {shorten(chosen)} is missing")
    scan = scan_worksheet(archive, part, limits)
    check_text_volume(archive, lengths, part, scan, limits)
    macros = any(name.casefold().endswith(_MACROS) for name in archive.names())
    kind = FileFormat.XLSM if macros else FileFormat.XLSX
    notices = (Notice("macros_ignored"),) if macros else ()
    if sheet is None and len(names) > 1:
        notices = (*notices, _chosen(names, chosen))
    return _sheet(workbook, kind, names, chosen, scan, notices)


def read_xls(data: bytes, limits: Limits, sheet: str | int | None) -> RawSheet:
    """One sheet of an old workbook (Excel 97–2003)."""
    scans = scan_biff(data, limits)
    workbook, names, chosen = _open(data, sheet)
    place = names.index(chosen)
    scan = scans[place] if place < len(scans) else SheetScan()
    notices = (_chosen(names, chosen),) if sheet is None and len(names) > 1 else ()
    return _sheet(workbook, FileFormat.XLS, names, chosen, scan, notices)


def _chosen(names: list[str], chosen: str) -> Notice:
    return Notice("sheet_chosen", params={"count": len(names), "sheet": shorten(chosen)})


def _open(data: bytes, sheet: str | int | None) -> tuple[calamine.CalamineWorkbook, list[str], str]:
    """The workbook, its worksheet names, and the name of the sheet asked for (default: first visible)."""
    with _parser_errors():
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    worksheets = [s for s in workbook.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
    names = [s.name for s in worksheets]
    if not names:
        raise TableError("sheet_none")
    if sheet is None:
        visible = [s.name for s in worksheets if s.visible == calamine.SheetVisibleEnum.Visible]
        return workbook, names, (visible or names)[0]
    if isinstance(sheet, int):
        if not 0 <= sheet < len(names):
            raise TableError("sheet_missing", sheet=str(sheet + 1), sheets=shorten(", ".join(names), 300))
        return workbook, names, names[sheet]
    if sheet not in names:
        raise TableError("sheet_missing", sheet=shorten(sheet), sheets=shorten(", ".join(names), 300))
    return workbook, names, sheet


@contextmanager
def _parser_errors() -> Iterator[None]:
    """Whatever the parser raises becomes a ``TableError``; a panic of its Rust core derives from BaseException only."""
    try:
        yield
    except calamine.PasswordError as error:
        raise TableError("encrypted") from error
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise TableError("parse_failed", detail=shorten(str(error))) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise TableError("parse_failed", detail="the parser gave up") from error


def _sheet(
    workbook: calamine.CalamineWorkbook,
    kind: FileFormat,
    names: list[str],
    chosen: str,
    scan: SheetScan,
    notices: tuple[Notice, ...],
) -> RawSheet:
    with _parser_errors():
        sheet = workbook.get_sheet_by_name(chosen)
        merged = sheet.merged_cell_ranges or []
    merges: list[Merge] = [(a[0], a[1], b[0], b[1]) for a, b in merged[:_MAX_MERGES]]
    return RawSheet(kind, chosen, tuple(names), _rows(sheet, scan), tuple(merges), notices=notices)


def _rows(sheet: calamine.CalamineSheet, scan: SheetScan) -> Iterator[list[RawCell]]:
    errors: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in scan.errors.items():
        errors.setdefault(row, []).append((column, text))
    with _parser_errors():
        parsed = iter(sheet.iter_rows())
    number = 0
    while True:
        with _parser_errors():
            cells = next(parsed, None)
        if cells is None:
            break
        yield _with_errors(list(cells), errors.pop(number, ()))
        number += 1
    # Rows that hold nothing but errors after the last filled row are unknown to the parser.
    for later in range(number, max(errors, default=-1) + 1):
        yield _with_errors([], errors.get(later, ()))


def _with_errors(row: list[RawCell], errors: Iterable[tuple[int, str]]) -> list[RawCell]:
    for column, text in errors:
        row.extend([""] * (column + 1 - len(row)))
        row[column] = ErrorText(text)
    return row
