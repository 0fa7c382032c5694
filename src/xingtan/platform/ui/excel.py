"""Tables as Excel workbooks to download: lists, and the figures behind a chart.

Numbers stay numbers, unrounded. Text that a spreadsheet would run as a formula is escaped. A cell without a value
holds its reason as text, never a zero.

Example::

    return workbook_response("学校名单", Sheet("学校", (_("Code"), _("Name")), ((s.code, s.name) for s in schools)))
    return workbook_response(spec.title, chart_sheet(spec))
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from xingtan.engines.tables import escape_formula
from xingtan.platform.ui.charts import XY, AnyPoint, ChartSpec, Place, Range

Value = str | Promise | float | int | bool | date | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TITLE_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_CELL_CHARS = 32_767
_TITLE_CHARS = 31
_WIDTHS = (8, 48)
_HEAD = PatternFill("solid", fgColor="F6DCC6")


@dataclass(frozen=True)
class Sheet:
    """One sheet: a heading row, rows of as many cells, and lines of notes (source, date, definition) below them."""

    title: str
    headings: Sequence[str | Promise]
    rows: Iterable[Sequence[Value]]
    notes: Sequence[str | Promise] = ()


def workbook(*sheets: Sheet) -> bytes:
    """An xlsx file; rows are written one by one, so that 10,000 of them need little memory."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_TITLE_FORBIDDEN.sub("_", sheet.title)[:_TITLE_CHARS] or "_")
        page.freeze_panes = "A2"
        for number, heading in enumerate(sheet.headings, 1):
            low, high = _WIDTHS
            page.column_dimensions[get_column_letter(number)].width = min(high, max(low, 2 * len(str(heading)) + 4))
        head = []
        for heading in sheet.headings:
            cell = WriteOnlyCell(page, _clean(heading))
            cell.font, cell.fill = Font(bold=True), _HEAD
            head.append(cell)
        page.append(head)
        for row in sheet.rows:
            page.append([_clean(value) for value in row])
        if sheet.notes:
            page.append([])
        for note in sheet.notes:
            page.append([_clean(note)])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def workbook_response(name: str, *sheets: Sheet) -> HttpResponse:
    """The workbook as a download called `name`.xlsx."""
    answer = HttpResponse(workbook(*sheets), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.xlsx"
    answer["Cache-Control"] = "private, no-store"
    return answer


def chart_sheet(spec: ChartSpec) -> Sheet:
    """The figures of a chart with their labels, unrounded, and what stands under the drawing as notes."""
    notes = [text for text in (spec.note, _target_text(spec)) if text]
    return Sheet(spec.title, _headings(spec), list(_chart_rows(spec)), notes)


def _headings(spec: ChartSpec) -> list[str]:
    if spec.kind == "scatter":
        own: tuple[str, ...] = (spec.x_label, spec.y_label)
    elif spec.kind == "dotrange":
        own = spec.headings
    elif _listed(spec):
        own = (spec.title,)
    else:
        own = tuple(series.name or spec.title for series in spec.series)
    unit = f" ({spec.unit})" if spec.unit else ""
    group = [_("Group")] if _grouped(spec) else []
    where = [_("Latitude"), _("Longitude")] if spec.kind == "points" else []
    return [spec.label_heading or _("Name"), *group, *(f"{text}{unit}" for text in own), *where]


def _listed(spec: ChartSpec) -> bool:
    """Whether the series stand one below the other; the others have a column for each."""
    return spec.kind in ("scatter", "points", "tilegrid", "dotrange")


def _grouped(spec: ChartSpec) -> bool:
    return _listed(spec) and len(spec.series) > 1


def _chart_rows(spec: ChartSpec) -> Iterator[list[Value]]:
    if not _listed(spec):
        for points in zip(*(series.points for series in spec.series), strict=True):
            yield [points[0].label, *(value for point in points for value in _values(point))]
        return
    for series in spec.series:
        group = [series.name] if _grouped(spec) else []
        for point in series.points:
            yield [point.label, *group, *_values(point)]


def _values(point: AnyPoint) -> list[Value]:
    numbers: tuple[float | None, ...]
    if isinstance(point, Range):
        numbers = (point.low, point.mean, point.high)
    elif isinstance(point, XY):
        numbers = (point.x, point.y)
    else:
        numbers = (point.value,)
    values: list[Value] = [point.reason if number is None else number for number in numbers]
    return [*values, point.lat, point.lon] if isinstance(point, Place) else values


def _target_text(spec: ChartSpec) -> str:
    return f"{spec.target.label}: {spec.target.value:g}{spec.unit}" if spec.target else ""


def _clean(value: Value) -> str | float | int | bool | date | None:
    if isinstance(value, Promise):
        value = str(value)
    if not isinstance(value, str):
        return value
    return escape_formula(_UNPRINTABLE.sub("", value))[:_CELL_CHARS]
