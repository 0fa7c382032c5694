"""Cells, their history and their correction in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.models.observations import Source
from xingtan.domains.indicators.selectors.figure_page import RestingFigure
from xingtan.domains.indicators.selectors.sheets import SheetCell
from xingtan.domains.indicators.services.corrections import Correction, FigureChange
from xingtan.domains.indicators.types import CellVersion, FigureData, PeriodData
from xingtan.domains.indicators.views.figures.presenting import figure_url, verdict_of
from xingtan.domains.indicators.wording import group_text, local, number, reason_text, value_text
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import Sheet
from xingtan.platform.ui.lists import ListState

SHOWN_CHANGES = 6


def limits(element: DataElement) -> str:
    """What may be entered."""
    low, high = element.minimum, element.maximum
    if low is not None and high is not None:
        return _("from %(low)s to %(high)s") % {"low": number(low), "high": number(high)}
    if low is not None:
        return _("at least %(low)s") % {"low": number(low)}
    return _("at most %(high)s") % {"high": number(high)} if high is not None else ""


@dataclass(frozen=True)
class CellLine:
    """One element of a school as the list shows it."""

    name: str
    code: str
    url: str
    value: str
    reason: str
    previous: str
    previous_reason: str
    jump: str
    source: str
    when: datetime | None
    who: str


def sheet_groups(unit: OrgUnitData, period: PeriodData, sheet: Sequence[SheetCell], state: ListState) -> dict[str, Any]:
    """The lines that match the search, in groups, and the table object that draws the tool bar."""
    words, wanted, group = state.query.casefold(), state.filters["state"], state.filters["group"]
    groups: dict[str, list[CellLine]] = {}
    for cell in sheet:
        line = _line(unit, period, cell)
        if words not in f"{line.name} {line.code}".casefold() or (group and cell.element.group != group):
            continue
        if not STATES[wanted if wanted in STATES else ""](cell):
            continue
        groups.setdefault(group_text(cell.element.group), []).append(line)
    kinds = dict.fromkeys(cell.element.group for cell in sheet)
    toolbar = c.Table(
        key="cells", caption=_("Cells"), columns=(), rows=(), paging=c.Paging(1, 1, len(sheet), 1, len(sheet)),
        query=state.query, search_label=_("Name or code"), export_url="?export=1",
        filters=[
            c.Filter("group", _("Group"), [c.Choice(one, group_text(one)) for one in kinds], group),
            c.Filter(
                "state", _("Show"),
                [
                    c.Choice("jump", _("Large changes")), c.Choice("null", _("Not reported")),
                    c.Choice("unasked", _("Not applicable")),
                ],
                wanted,
            ),
        ],
        empty=c.Empty(_("There are no data elements yet"), _("The catalogue brings them in.")),
    )  # fmt: skip
    return {"groups": list(groups.items()), "table": toolbar}


def _wanting(cell: SheetCell) -> bool:
    return cell.value is None and cell.reason != engine.Reason.NOT_APPLICABLE


STATES: dict[str, Callable[[SheetCell], bool]] = {
    "": lambda cell: cell.reason != engine.Reason.NOT_APPLICABLE,
    "jump": lambda cell: cell.jump,
    "null": _wanting,
    "unasked": lambda cell: cell.reason == engine.Reason.NOT_APPLICABLE,
}
"""What the list shows: unless asked otherwise, everything that the school is asked for."""


def _line(unit: OrgUnitData, period: PeriodData, cell: SheetCell) -> CellLine:
    element = cell.element
    return CellLine(
        name=local(element.name), code=element.code, url=reverse("cell", args=[unit.id, period.code, element.code]),
        value=value_text(element, cell.value), reason=reason_text(cell.reason),
        previous=value_text(element, cell.previous),
        previous_reason=reason_text(cell.previous_reason) if cell.previous is None else "",
        jump=_jump_text(cell), source=str(Source(cell.source).label) if cell.source else "", when=cell.created_at,
        who=cell.created_by,
    )  # fmt: skip


def _jump_text(cell: SheetCell) -> str:
    if not cell.jump or cell.value is None or cell.previous is None:
        return ""
    if cell.element.kind == engine.ElementKind.BOOLEAN:
        return _("was yes last year")
    if not cell.previous:
        return _("was 0 last year")
    return f"{(cell.value - cell.previous) / abs(cell.previous):+.0%}".replace("-", "−")


def counts(sheet: Iterable[SheetCell]) -> dict[str, int]:
    """How many cells are reported, wanting, and worth a second look."""
    rows = list(sheet)
    return {
        "reported": sum(cell.value is not None for cell in rows), "wanting": sum(_wanting(cell) for cell in rows),
        "jumps": sum(cell.jump for cell in rows),
    }  # fmt: skip


def excel_sheet(unit: OrgUnitData, period: PeriodData, sheet: Sequence[SheetCell]) -> Sheet:
    """All cells of a school as an Excel sheet."""
    headings = (
        _("Group"), _("Code"), _("Data element"), _("Unit"), _("Value"), _("Last year"), _("Source"), _("Changed"), _("By")
    )  # fmt: skip
    rows = [
        (
            group_text(cell.element.group), cell.element.code, local(cell.element.name), local(cell.element.unit),
            reason_text(cell.reason) if cell.value is None else cell.value,
            reason_text(cell.previous_reason) if cell.previous is None else cell.previous,
            str(Source(cell.source).label) if cell.source else "", _stamp(cell.created_at), cell.created_by,
        )
        for cell in sheet
    ]  # fmt: skip
    return Sheet(period.code, headings, rows, [f"{unit.code} {unit.name} · {period.code}"])


def _stamp(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@dataclass(frozen=True)
class VersionText:
    """One value a cell has had."""

    value: str
    reason: str


def version_text(element: DataElement, version: CellVersion) -> VersionText:
    """A version in words."""
    return VersionText(value_text(element, version.value), reason_text(version.reason))


def initial(history: Sequence[CellVersion]) -> dict[str, str]:
    """What the form to correct a cell starts from: the value that counts now."""
    value = history[0].value if history else None
    return {} if value is None else {"value": f"{value:.15g}"}


@dataclass(frozen=True)
class HistoryRow:
    """One version of a cell with its source, and what it takes to restore it."""

    text: VersionText
    current: bool
    source: str
    when: datetime
    who: str
    note: str
    place: str
    file_url: str
    raw_value: str
    raw_reason: str
    restore_note: str


def history_row(element: DataElement, version: CellVersion, actor: Actor, *, current: bool) -> HistoryRow:
    """A version as the history shows it."""
    source = version.source
    place = [source.file_name]
    if source.sheet:
        place.append(_("sheet %(sheet)s") % {"sheet": source.sheet})
    if source.row:
        place.append(_("row %(row)d") % {"row": source.row})
    if source.column:
        place.append(_("column %(column)s") % {"column": source.column})
    if source.header:
        place.append(f"“{source.header}”")
    may_download = source.file_id is not None and actor.can(IMPORT, source.org_path)
    return HistoryRow(
        text=version_text(element, version), current=current, source=str(Source(source.source).label),
        when=source.created_at, who=source.created_by, note=source.note,
        place=pgettext("between the items of a list", ", ").join(part for part in place if part),
        file_url=reverse("cell_source", args=[source.batch_id]) if may_download else "",
        raw_value="" if version.value is None else f"{version.value!r}",
        raw_reason=str(version.reason) if version.reason else "",
        restore_note=_("Restored the value of %(at)s") % {"at": _stamp(source.created_at)},
    )  # fmt: skip


def figure_items(figures: Iterable[RestingFigure]) -> list[c.DrillItem]:
    """The school's figures that rest on a cell, each leading to its page."""
    return [
        c.DrillItem(
            f"{one.definition.code} {local(one.definition.name)}", one.figure.value,
            figure_url(one.run, one.figure.org_unit_id, one.definition.code), local(one.definition.unit),
            one.definition.decimals_shown(), reason=reason_text(one.figure.reason), verdict=verdict_of(one.figure),
        )
        for one in figures
    ]  # fmt: skip


def correction_message(done: Correction) -> str:
    """What a correction changed: old → new of the figures the reader may see."""
    if done.run is None:
        return _("The value is saved. This period has not been computed yet, so no figure changed.")
    changes = [change for change in done.changes if change.slice == "all"] or list(done.changes)
    if not changes:
        return _("The value is saved. No figure changed (R%(run)d).") % {"run": done.run.id}
    told = [
        f"{change.unit.name} {change.definition.code} {local(change.definition.name)} "
        f"{_shown(change, change.before)} → {_shown(change, change.after)}"
        for change in changes[:SHOWN_CHANGES]
    ]
    text = _("The value is saved and the figures are computed anew (R%(run)d): %(changes)s") % {
        "run": done.run.id, "changes": pgettext("between sentences", "; ").join(told),
    }  # fmt: skip
    more = len(changes) - SHOWN_CHANGES
    return text + (_(" and %(count)d more") % {"count": more} if more > 0 else "")


def _shown(change: FigureChange, figure: FigureData | None) -> str:
    if figure is None:
        return "–"
    if figure.value is None:
        return reason_text(figure.reason)
    if change.before and change.after and change.before.rounded == change.after.rounded:
        return number(figure.value)
    return number(figure.value, change.definition.decimals_shown())
