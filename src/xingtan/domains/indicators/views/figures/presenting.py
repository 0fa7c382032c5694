"""From figures to what pages draw: tiles, tables, charts and links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.selectors.breakdown import PlaceFigure
from xingtan.domains.indicators.selectors.figure_page import FigurePage
from xingtan.domains.indicators.types import FigureData, PeriodData, RunData
from xingtan.domains.indicators.wording import (
    local,
    number,
    reason_text,
    slice_text,
    stage_targets_text,
    target_text,
    verdict_word,
)
from xingtan.engines import indicators as engine
from xingtan.platform.ui import charts
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import Sheet, Value
from xingtan.platform.ui.lists import ListState

BARS = 12
MAX_BARS = 20
BETTER: dict[engine.Direction, charts.Direction] = {
    engine.Direction.UP: "higher", engine.Direction.DOWN: "lower",
}  # fmt: skip
VERDICT_CHOICES = ("pass", "fail", "undefined")
SORTED_BY: dict[str, Callable[[PlaceFigure], float | str | None]] = {
    "name": lambda place: place.unit.name,
    "numerator": lambda place: place.figure.numerator,
    "denominator": lambda place: place.figure.denominator,
    "value": lambda place: place.figure.value,
    "missing": lambda place: place.figure.n_missing,
}


def figure_url(run: RunData, unit_id: int, code: str, name: str = "all") -> str:
    """The page of a figure."""
    return reverse("figure", args=[run.id, unit_id, code, name])


def verdict_of(figure: FigureData | None) -> c.Verdict | None:
    """The badge of a figure; None where there is nothing to judge."""
    word = verdict_word(figure.verdict) if figure else ""
    return cast(c.Verdict, word) if word else None


def verdict_label(verdict: c.Verdict | None) -> str:
    """The badge in words, for Excel."""
    return {"pass": _("Passed"), "fail": _("Not passed"), "undefined": _("Cannot be judged"), None: ""}[verdict]


def crumbs(page: FigurePage) -> list[c.Link]:
    """From the topmost organisation the reader may see down to this one, then the indicator."""
    code, name = page.definition.code, page.slice
    above = [c.Link(one.name, figure_url(page.run, one.id, code, name)) for one in page.chain]
    return [c.Link(_("Indicators"), reverse("indicator_list")), *above, c.Link(code)]


def slice_tabs(page: FigurePage) -> list[c.Link]:
    """One tab per slice that holds a school."""
    return [
        c.Link(
            slice_text(name), figure_url(page.run, page.unit.id, page.definition.code, name), active=name == page.slice
        )
        for name in page.slices
    ]


def tile(page: FigurePage) -> c.Tile:
    """The number, large."""
    definition, figure, told = page.definition, page.figure, page.explanation
    value, reason, target = None, int(engine.Reason.UNDEFINED), None
    if figure is not None:
        value, reason, target = figure.value, figure.reason, figure.target
    elif told is not None:
        value, reason, target = told.value, int(told.reason), told.target
    words = target_text(definition, target)
    if not words and figure is not None and figure.verdict:
        words = stage_targets_text(definition, "unit" if page.is_school else "group")
    nothing = _("Only schools are judged") if figure is None and not page.is_school else reason_text(reason)
    return c.Tile(
        local(definition.name), value, local(definition.unit), definition.decimals_shown(), reason=nothing,
        verdict=verdict_of(figure), status=cast(c.Status, definition.status),
        target_text=_("Threshold %(target)s") % {"target": words} if words else "", target=target,
    )  # fmt: skip


def trend_chart(page: FigurePage) -> charts.ChartSpec | None:
    """The years of this figure; None while fewer than two have a value."""
    if sum(figure is not None and figure.value is not None for _period, figure in page.history) < 2:
        return None
    points = tuple(
        charts.Point(
            period, figure.value if figure else None,
            reason=_("Not computed") if figure is None else reason_text(figure.reason),
        )
        for period, figure in page.history
    )  # fmt: skip
    return charts.ChartSpec(
        kind="line", title=_("Over the years"), unit=local(page.definition.unit),
        decimals=page.definition.decimals_shown(), label_heading=_("Period"),
        series=(charts.Series(page.unit.name, points),), target=chart_target(page.definition, page.figure),
    )  # fmt: skip


def chart_target(definition: engine.Definition, figure: FigureData | None) -> charts.Target | None:
    """The line to compare with, where the threshold of the figure is one number."""
    if figure is None or figure.target is None:
        return None
    label = _("Threshold %(target)s") % {"target": target_text(definition, figure.target)}
    return charts.Target(figure.target, label, BETTER.get(definition.direction, "neutral"))


def distribution_chart(page: FigurePage) -> charts.ChartSpec | None:
    """How many schools have which value; None for fewer than two schools."""
    values = np.array([place.figure.value for place in page.schools if place.figure.value is not None])
    if len(values) < 2:
        return None
    bars = _counts(values) if _few_whole_numbers(values) else _bins(values, page.definition.decimals_shown())
    return charts.ChartSpec(
        kind="bar", title=_("Schools by their own value"), unit=_("schools"), decimals=0, label_heading=_("Value"),
        series=(charts.Series(_("Schools"), tuple(charts.Point(label, count) for label, count in bars)),),
    )  # fmt: skip


def _few_whole_numbers(values: npt.NDArray[np.float64]) -> bool:
    return bool((values == np.floor(values)).all() and np.ptp(values) < MAX_BARS)


def _counts(values: npt.NDArray[np.float64]) -> list[tuple[str, int]]:
    """A bar for each whole number from the smallest to the largest."""
    low = int(values.min())
    counts = np.bincount((values - low).astype(np.int64))
    return [(number(low + step), int(count)) for step, count in enumerate(counts)]


def _bins(values: npt.NDArray[np.float64], decimals: int) -> list[tuple[str, int]]:
    """Bars of equal width; more of them where there are more schools."""
    counts, edges = np.histogram(values, bins=min(BARS, max(3, len(values) // 3)))
    places = decimals if np.ptp(values) > len(counts) * 10.0**-decimals else max(decimals, 3)
    labels = [number(edge, places) for edge in edges]
    return [(f"{low} – {high}", int(n)) for low, high, n in zip(labels, labels[1:], counts, strict=False)]


def compare_chart(page: FigurePage) -> charts.ChartSpec | None:
    """The organisations below, side by side; None where there is nothing to compare."""
    if len(page.children) < 2:
        return None
    points = tuple(
        charts.Point(
            place.unit.name, place.figure.value, reason=reason_text(place.figure.reason),
            href=figure_url(page.run, place.unit.id, page.definition.code, page.slice),
        )
        for place in sorted(page.children, key=lambda place: _ascending(place.figure.value), reverse=True)
    )  # fmt: skip
    return charts.ChartSpec(
        kind="hbar", title=_("One level down"), unit=local(page.definition.unit),
        decimals=page.definition.decimals_shown(), label_heading=_("Organisation"),
        series=(charts.Series(page.run.period.code, points),),
        target=chart_target(page.definition, page.children[0].figure),
    )  # fmt: skip


def _ascending(value: float | None) -> float:
    return -np.inf if value is None else value


def places_table(page: FigurePage, state: ListState, export_url: str) -> c.Table:
    """The organisations one level down, or the schools, with what each puts into the figure."""
    places = page.children or page.schools
    rows, paging = state.cut(sort_places(find_places(places, state), state.sort))
    with_parts = any(place.figure.denominator is not None for place in places)
    columns = [c.Column("name", _("School") if not page.children else _("Organisation"), sortable=True)]
    if with_parts:
        columns += [
            c.Column("numerator", _("Numerator"), sortable=True, numeric=True),
            c.Column("denominator", _("Denominator"), sortable=True, numeric=True),
        ]
    columns.append(c.Column("value", _("Value"), sortable=True, numeric=True))
    if page.children:
        columns.append(c.Column("missing", _("Schools missing"), sortable=True, numeric=True))
    judged = any(place.figure.verdict for place in places)
    if judged:
        columns.append(c.Column("verdict", _("Verdict")))
    labels = {"pass": _("Passed"), "fail": _("Not passed"), "undefined": _("Cannot be judged")}
    return c.Table(
        key="places", caption=_("One level down") if page.children else _("Schools that count"), columns=columns,
        rows=[_place_row(page, place, with_parts, judged) for place in rows], paging=paging, query=state.query, sort=state.sort,
        search_label=_("Name or code"), export_url=export_url,
        filters=[
            c.Filter(
                "verdict", _("Verdict"), [c.Choice(word, labels[word]) for word in VERDICT_CHOICES],
                state.filters.get("verdict", ""),
            )
        ] if judged else [],
        empty=c.Empty(_("No school counts here"), _("No school of this organisation lies in the scope of the indicator.")),
    )  # fmt: skip


def _place_row(page: FigurePage, place: PlaceFigure, with_parts: bool, judged: bool) -> c.Row:
    figure, definition = place.figure, page.definition
    cells = [c.Cell(place.unit.name, url=figure_url(page.run, place.unit.id, definition.code, page.slice))]
    if with_parts:
        cells += [c.Cell(number(figure.numerator) or "–"), c.Cell(number(figure.denominator) or "–")]
    cells.append(c.Cell(number(figure.value, definition.decimals_shown()), reason=reason_text(figure.reason)))
    if page.children:
        cells.append(c.Cell(_("%(missing)d of %(scope)d") % {"missing": figure.n_missing, "scope": figure.n_scope}))
    if judged:
        cells.append(c.Cell(verdict=verdict_of(figure)))
    return c.Row(cells)


def find_places(places: Sequence[PlaceFigure], state: ListState) -> list[PlaceFigure]:
    """Those that match the search and the verdict asked for."""
    words, wanted = state.query.casefold(), state.filters.get("verdict", "")
    return [
        place for place in places
        if (words in place.unit.name.casefold() or words in place.unit.code.casefold())
        and (not wanted or verdict_word(place.figure.verdict) == wanted)
    ]  # fmt: skip


def sort_places(places: list[PlaceFigure], sort: str) -> list[PlaceFigure]:
    """By a key of `SORTED_BY`, "-" before it for descending; those without a value come last either way."""
    key = SORTED_BY.get(sort.removeprefix("-"))
    if key is None:
        return places
    known = [place for place in places if key(place) is not None]
    unknown = [place for place in places if key(place) is None]
    return sorted(known, key=key, reverse=sort.startswith("-")) + unknown  # type: ignore[arg-type]


def places_sheets(page: FigurePage) -> list[Sheet]:
    """The same as Excel sheets: the organisations below, and every school that counts."""
    notes = (
        f"{page.definition.code} {local(page.definition.name)}",
        f"{page.unit.name} · {page.run.period.code} · {slice_text(page.slice)} · R{page.run.id}",
        _("Input %(hash)s") % {"hash": page.run.input_hash},
    )
    sheets = []
    for title, places in ((_("One level down"), page.children), (_("Schools"), page.schools)):
        if places:
            sheets.append(Sheet(title, _headings(), [_excel_row(place) for place in places], notes))
    return sheets or [Sheet(_("Schools"), _headings(), [], notes)]


def _headings() -> list[str]:
    return [
        _("Code"), _("Name"), _("Numerator"), _("Denominator"), _("Value"), _("Verdict"), _("In scope"), _("Used"),
        _("Missing"),
    ]  # fmt: skip


def _excel_row(place: PlaceFigure) -> list[Value]:
    figure = place.figure
    return [
        place.unit.code, place.unit.name, figure.numerator, figure.denominator,
        reason_text(figure.reason) if figure.value is None else figure.value, verdict_label(verdict_of(figure)),
        figure.n_scope, figure.n_used, figure.n_missing,
    ]  # fmt: skip


def where_when(unit: OrgUnitData, period: PeriodData, name: str = "all") -> str:
    """Organisation, period and slice in one line."""
    parts = [unit.name, local(period.name)] + ([slice_text(name)] if name != "all" else [])
    return " · ".join(parts)
