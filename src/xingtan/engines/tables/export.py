"""Workbooks for people: the template to fill in, and the list of faults."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xingtan.engines.tables.mapping import Element, ElementKind, Mapping
from xingtan.engines.tables.messages import english
from xingtan.engines.tables.types import Param, Result
from xingtan.engines.tables.values import number_text, shorten

Translate = Callable[[str, ReadOnly[str, Param]], str]
"""From a message code and its parameters to text."""

_LAST_ROW: Final = 5_000
"""Validation reaches this far down."""
_LIST_CHARS: Final = 255
"""Excel's limit for a list written into a validation."""
_TEXT_CHARS: Final = 2_000
_HEAD: Final = PatternFill("solid", fgColor="F6DCC6")
_NEEDED: Final = PatternFill("solid", fgColor="F0B88A")


@dataclass(frozen=True, slots=True)
class TemplateTexts:
    """Words of the workbooks; pass translated ones."""

    data_sheet: str = "Data"
    notes_sheet: str = "Notes"
    issues_sheet: str = "Issues"
    summary_sheet: str = "Summary"
    column: str = "Column"
    meaning: str = "Meaning"
    unit: str = "Unit"
    required: str = "Required"
    allowed: str = "Allowed"
    example: str = "Example"
    yes: str = "yes"
    code: str = "Organisation code (kept as text)"
    name: str = "Organisation name"
    coordinates: str = "Decimal degrees"
    whole_number: str = "Whole number"
    number: str = "Number"
    not_allowed: str = "This value is not allowed here."
    severity: str = "Severity"
    sheet: str = "Sheet"
    row: str = "Row"
    value: str = "Value"
    message: str = "What is wrong"
    kind: str = "Kind"
    count: str = "Count"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a template."""

    header: str
    meaning: str = ""
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None
    text: bool = False
    """Keep what is typed as text (codes with leading zeros)."""
    example: str = ""

    @property
    def numeric(self) -> bool:
        return not self.text and not self.choices


def write_template(
    source: Mapping | Sequence[TemplateColumn],
    *,
    texts: TemplateTexts | None = None,
    examples: ReadOnly[str, str] | None = None,
) -> bytes:
    """An xlsx file to fill in: a header row with validation, and a sheet of notes with an example per column.

    The example stands in the notes, not among the data, so that it cannot be imported by mistake. ``examples``:
    header → example, replacing the generated ones. The file is read back by the same mapping.
    """
    texts = texts or TemplateTexts()
    columns = template_columns(source, texts) if isinstance(source, Mapping) else list(source)
    book = Workbook()
    sheet = _first_sheet(book, texts.data_sheet)
    for k, column in enumerate(columns, 1):
        cell = _put(sheet, 1, k, column.header)
        cell.font, cell.fill = Font(bold=True), _NEEDED if column.required else _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letter = get_column_letter(k)
        sheet.column_dimensions[letter].width = min(max(10, len(column.header) + 4), 28)
        if column.text:
            sheet.column_dimensions[letter].number_format = "@"
        validation = _validation(column, texts)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = "A2"

    notes = book.create_sheet(_title(texts.notes_sheet))
    _head(notes, [texts.column, texts.meaning, texts.unit, texts.required, texts.allowed, texts.example])
    for row, column in enumerate(columns, 2):
        example = (examples or {}).get(column.header, column.example)
        values = [
            column.header,
            column.meaning,
            column.unit,
            texts.yes if column.required else "",
            _allowed(column, texts),
            example,
        ]
        for k, value in enumerate(values, 1):
            _put(notes, row, k, value)
    _widths(notes, (30, 44, 12, 10, 36, 20))
    return _bytes(book)


def template_columns(mapping: Mapping, texts: TemplateTexts) -> list[TemplateColumn]:
    """The columns a file for ``mapping`` needs, in the mapping's order, each once."""
    unit = mapping.unit
    columns: dict[str, TemplateColumn] = {}

    def add(name: str | None, **options: Any) -> None:
        if name is not None and name not in columns:
            header = options["meaning"] if name.startswith("#") else name
            columns[name] = TemplateColumn(header or name, **options)

    add(unit.code, meaning=texts.code, required=True, text=True, example="10010001")
    add(unit.name, meaning=texts.name, required=True, text=True, example="实验小学")
    for coded in (unit.stage, unit.locale):
        if coded is not None:
            keys = tuple(coded.codes)
            add(coded.column, choices=keys, text=not keys, meaning=_legend(coded.codes), example=(*keys, "")[0])
    if unit.status is not None:
        status = unit.status
        choices = (*status.active, *status.paused, *status.closed)
        add(status.column, choices=choices, required=True, example=status.active[0] if status.active else "")
    for parent in unit.parents:
        add(parent.code, meaning=parent.level, required=parent.required, text=True)
        add(parent.name, meaning=parent.level, required=parent.required and parent.code is None, text=True)
    for attribute in unit.attributes:
        keys = tuple(attribute.codes)
        add(attribute.column, choices=keys, text=not keys, meaning=_legend(attribute.codes) or attribute.code)
    add(mapping.period.column, required=True, text=True, example="2025")
    if mapping.coordinates is not None:
        box = mapping.coordinates.box
        for name, low, high in (
            (mapping.coordinates.latitude, box.south, box.north),
            (mapping.coordinates.longitude, box.west, box.east),
        ):
            middle = number_text(round((low + high) / 2, 4))
            add(name, meaning=texts.coordinates, unit="°", minimum=low, maximum=high, example=middle)
    for element in mapping.elements:
        add(element.column, **_element_options(element))
    return list(columns.values())


def _element_options(element: Element) -> dict[str, Any]:
    boolean = element.kind is ElementKind.BOOLEAN
    choices = tuple(element.codes) or (("1", "0") if boolean else ())
    scale = element.multiplier
    bounds = [None if x is None else x / scale for x in (element.minimum, element.maximum)]
    if scale < 0:
        bounds.reverse()
    return {
        "meaning": element.label or element.code,
        "unit": element.unit,
        "required": element.required,
        "choices": choices,
        "whole": element.kind is ElementKind.INTEGER,
        "minimum": bounds[0],
        "maximum": bounds[1],
        "example": choices[0] if choices else "12",
    }


def _legend(codes: ReadOnly[str, str]) -> str:
    return ", ".join(f"{key} = {value}" for key, value in codes.items())


def _allowed(column: TemplateColumn, texts: TemplateTexts) -> str:
    if column.choices:
        return ", ".join(column.choices)
    if not column.numeric:
        return ""
    low = "" if column.minimum is None else number_text(column.minimum)
    high = "" if column.maximum is None else number_text(column.maximum)
    kind = texts.whole_number if column.whole else texts.number
    return f"{kind} {low}…{high}" if low or high else kind


def _validation(column: TemplateColumn, texts: TemplateTexts) -> DataValidation | None:
    validation: DataValidation | None = None
    if column.choices:
        listed = ",".join(column.choices)
        # A comma inside a choice, or a longer list, cannot be written into the rule: the dry run checks instead.
        if len(listed) <= _LIST_CHARS and not any("," in c or '"' in c for c in column.choices):
            validation = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    elif column.numeric:
        low = column.minimum if column.minimum is not None else -1e15
        high = column.maximum if column.maximum is not None else 1e15
        validation = DataValidation(
            type="whole" if column.whole else "decimal",
            operator="between",
            formula1=number_text(low),
            formula2=number_text(high),
            allow_blank=True,
        )
    if validation is not None:
        validation.error, validation.showErrorMessage = texts.not_allowed, True
    return validation


def write_issues(
    result: Result,
    *,
    texts: TemplateTexts | None = None,
    translate: Translate = english,
    named: Callable[[str], str] = str,
) -> bytes:
    """An xlsx file with every issue kept (sheet, row, column, value, what is wrong) and the exact counts.

    ``translate`` gives the sentence of an issue, ``named`` the word for a severity or a kind of issue.
    """
    texts = texts or TemplateTexts()
    book = Workbook()
    sheet = _first_sheet(book, texts.issues_sheet)
    _head(sheet, [texts.severity, texts.sheet, texts.row, "", texts.column, texts.value, texts.message])
    for row, issue in enumerate(result.issues, 2):
        message = translate(issue.code, issue.params)
        values = [named(issue.severity), issue.sheet, issue.row, issue.column, issue.header, issue.value, message]
        for k, value in enumerate(values, 1):
            _put(sheet, row, k, value)
    _widths(sheet, (10, 16, 8, 6, 30, 24, 80))
    sheet.auto_filter.ref = f"A1:G{len(result.issues) + 1}"

    summary = book.create_sheet(_title(texts.summary_sheet))
    _head(summary, [texts.severity, texts.kind, "", texts.column, texts.count])
    for row, count in enumerate(result.counts, 2):
        for k, value in enumerate(
            [named(count.severity), named(count.code), count.column, count.header, count.count], 1
        ):
            _put(summary, row, k, value)
    _widths(summary, (10, 28, 6, 30, 10))
    return _bytes(book)


def _first_sheet(book: Workbook, title: str) -> Worksheet:
    sheet = book.worksheets[0]
    sheet.title = _title(title)
    return sheet


def _title(text: str) -> str:
    """A sheet title Excel accepts."""
    return "".join("_" if c in r"[]:*?/\'" else c for c in text)[:31] or "_"


def _head(sheet: Worksheet, titles: Sequence[str]) -> None:
    for k, title in enumerate(titles, 1):
        cell = _put(sheet, 1, k, title)
        cell.font, cell.fill = Font(bold=True), _HEAD
    sheet.freeze_panes = "A2"


def _put(sheet: Worksheet, row: int, column: int, value: str | int | None) -> Any:
    """Write a cell. Text stays text whatever it begins with: typed as string, and marked so for later edits."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = shorten(value, _TEXT_CHARS)
        cell.data_type = "s"
        cell.quotePrefix = True
    elif value is not None:
        cell.value = value
    return cell


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for k, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(k)].width = width


def _bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
