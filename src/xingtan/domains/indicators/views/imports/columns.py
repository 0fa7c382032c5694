"""The rows of the mapping screen: what each column holds, and what the mapping makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.domains.indicators.messages import WORDS
from xingtan.domains.indicators.models import ImportDraft
from xingtan.domains.indicators.services.inspection import columns_of
from xingtan.domains.indicators.services.mapping_edit import Columns, Place, Use, named, places
from xingtan.domains.indicators.services.proposal import guess_codes
from xingtan.domains.indicators.views.imports.column_forms import ColumnContext
from xingtan.engines import tables as engine
from xingtan.engines.tables.values import folded, parse_number
from xingtan.platform.ui.components import Badge

SEEMS = {
    "empty": gettext_lazy("Empty"), "code": gettext_lazy("A code, different in each row"),
    "name": gettext_lazy("Names"), "latitude": gettext_lazy("Latitudes"), "longitude": gettext_lazy("Longitudes"),
    "boolean": gettext_lazy("Yes or no"), "category": gettext_lazy("Few different values"),
    "count": gettext_lazy("Counts"), "number": gettext_lazy("Numbers"), "date": gettext_lazy("Dates"),
    "text": gettext_lazy("Texts"),
}  # fmt: skip


@dataclass(frozen=True)
class ColumnRow:
    """One column of the table on the screen."""

    letter: str
    header: str
    examples: tuple[str, ...]
    blank: str
    seems: str
    meanings: tuple[str, ...]
    flags: tuple[Badge, ...]
    editable: bool
    """Whether the screen can change it; columns with several meanings are changed in the text."""

    @property
    def mapped(self) -> bool:
        return bool(self.meanings)


SHOW: dict[str, Callable[[ColumnRow], bool]] = {
    "mapped": lambda row: row.mapped, "unmapped": lambda row: not row.mapped, "suspicious": lambda row: bool(row.flags),
}  # fmt: skip
"""What the filter above the list leaves."""


@dataclass(frozen=True)
class Screen:
    """The whole mapping screen: its columns, and names of the mapping that the table lacks."""

    rows: tuple[ColumnRow, ...]
    elements: int
    unresolved: tuple[str, ...]

    @property
    def mapped(self) -> int:
        return sum(row.mapped for row in self.rows)

    @property
    def suspicious(self) -> int:
        return sum(bool(row.flags) for row in self.rows)

    def row(self, letter: str) -> ColumnRow | None:
        """The row of a column; None when there is none."""
        return next((row for row in self.rows if row.letter == letter), None)

    def found(self, query: str, show: str) -> list[ColumnRow]:
        """The rows a search and a filter leave; the search looks at letter, header, examples and meaning."""
        wanted = folded(query)
        rows = [
            row for row in self.rows
            if not wanted or row.letter.casefold() == wanted
            or any(wanted in folded(text) for text in (row.header, *row.examples, *row.meanings))
        ]  # fmt: skip
        return [row for row in rows if SHOW[show](row)] if show in SHOW else rows


def screen_of(draft: ImportDraft, mapping: engine.Mapping | None) -> Screen:
    """What the mapping screen shows of a draft."""
    found = columns_of(draft)
    columns = Columns(found)
    meant = places(mapping, columns)
    rows = tuple(_row(column, tuple(meant.get(column["letter"], ())), mapping) for column in found)
    missing = [name for name, _place in named(mapping) if not columns.letter_of(name)] if mapping else []
    return Screen(rows, len(mapping.elements) if mapping else 0, tuple(dict.fromkeys(missing)))


def _row(column: Mapping[str, Any], meant: tuple[Place, ...], mapping: engine.Mapping | None) -> ColumnRow:
    uses = [place for place in meant if place.use is not Use.FILTER]
    return ColumnRow(
        letter=column["letter"], header=column["header"], examples=tuple(column["examples"]),
        blank=_percent(column["blank"]), seems=str(SEEMS[column["role"]]),
        meanings=tuple(_meaning(place) for place in meant), flags=_flags(column, meant, mapping),
        editable=len(uses) < 2 and not any(place.use is Use.ATTRIBUTE for place in uses),
    )  # fmt: skip


def _percent(share: float) -> str:
    """Share of blanks; a few blanks among many are not 0 %, nor nearly all 100 %."""
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def _meaning(place: Place) -> str:
    label = str(place.use.label)
    if place.element is not None:
        parts = [place.element.label or place.element.code]
        if place.element.label and place.element.label != place.element.code:
            parts.append(f"({place.element.code})")
        if place.element.unit:
            parts.append(place.element.unit)
        if place.element.multiplier != 1:
            parts.append(f"× {place.element.multiplier:g}")
        return f"{label}: {' '.join(parts)}"
    return f"{label}: {WORDS['level'].get(place.attribute, place.attribute)}" if place.attribute else label


def _flags(column: Mapping[str, Any], meant: tuple[Place, ...], mapping: engine.Mapping | None) -> tuple[Badge, ...]:
    """What a person should look at. A suspected code that the mapping declares is no longer suspicious."""
    elements = [place.element for place in meant if place.element is not None]
    declared = {key for element in elements for key in (*element.sentinels, *element.codes)}
    if mapping is not None and (elements or not meant):
        declared |= set(mapping.sentinels)
    known = {parse_number(key) for key in declared}
    flags = [
        Badge(
            _("%(value)s × %(count)d: a missing answer?") % {"value": f"{s['value']:g}", "count": s["count"]}, "warning"
        )
        for s in column["sentinels"] if s["value"] not in known
    ]  # fmt: skip
    extra = [code for code in column["extra_codes"] if code not in known]
    if extra:
        flags.append(Badge(_("besides 0 and 1: %s") % ", ".join(f"{code:g}" for code in extra), "warning"))
    if column["formula_like"]:
        flags.append(Badge(_("looks like formulas"), "warning"))
    if column["role"] == "empty" and meant:
        flags.append(Badge(_("empty"), "warning"))
    return tuple(flags)


def context_of(draft: ImportDraft, mapping: engine.Mapping | None, letter: str, use: Use) -> ColumnContext | None:
    """What the form of a column needs; None when the table has no such column."""
    found = columns_of(draft)
    column = next((column for column in found if column["letter"] == letter), None)
    if column is None:
        return None
    columns = Columns(found)
    here = places(mapping, columns).get(letter, [])
    codes = guess_codes(str(use), column["values"])
    if mapping is not None and any(place.use is use for place in here):
        codes |= _said(mapping, use)
    return ColumnContext(
        column=column, current=next((place.element for place in here if place.element is not None), None), codes=codes,
        coordinates=mapping.coordinates if mapping else None, names={each: columns.name_of(each) for each in columns.letters},
        headers={column["letter"]: f"{column['letter']} {column['header']}" for column in found},
    )  # fmt: skip


def _said(mapping: engine.Mapping, use: Use) -> dict[str, str]:
    unit = mapping.unit
    if use is Use.STATUS and unit.status is not None:
        lists = {"active": unit.status.active, "paused": unit.status.paused, "closed": unit.status.closed}
        return {folded(text): name for name, listed in lists.items() for text in listed}
    part = {Use.STAGE: unit.stage, Use.LOCALE: unit.locale}.get(use)
    return {folded(text): code for text, code in part.codes.items()} if part else {}
