"""The cockpit as one object: everything its pages, its wall and its workbooks show of one look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.api import PlaceFigure
from xingtan.platform.ui import components as c
from xingtan.platform.ui.charts import ChartSpec
from xingtan.platform.ui.excel import Sheet, chart_sheet
from xingtan.portal import balance, comparison, maps, school, tiles, trends
from xingtan.portal.balance import FigureTable
from xingtan.portal.comparison import Comparison, source_note
from xingtan.portal.readings import CV_KINDS, Readings
from xingtan.portal.standing import ALL, SLICES

TILES_MOST = 12
OVERVIEW, BALANCE = "overview", "balance"


@dataclass(frozen=True)
class Group:
    """Indicators of one section, for the switch."""

    label: str
    choices: tuple[c.Choice, ...]


class Cockpit:
    """Parts are made when a page asks for them, so that none is computed in vain."""

    def __init__(self, readings: Readings, *, map_of_schools: bool = False, view: str = OVERVIEW) -> None:
        self.readings = readings
        self.standing = readings.standing
        self.view = view
        self.map_of_schools = map_of_schools or not readings.below

    @cached_property
    def tiles(self) -> tuple[c.Tile, ...]:
        return tiles.tiles(self.readings, most=TILES_MOST)

    @cached_property
    def places(self) -> tuple[PlaceFigure, ...]:
        """The schools behind the chosen indicator; computed, so only where a page shows them."""
        return comparison.schools_of(self.readings)

    @cached_property
    def comparison(self) -> Comparison:
        if self.readings.below:
            return comparison.offices(self.readings)
        return comparison.schools(self.readings, self.places)

    @cached_property
    def differences(self) -> FigureTable:
        return balance.differences(self.readings)

    @cached_property
    def extremes(self) -> FigureTable:
        return balance.extremes(self.readings)

    @cached_property
    def areas(self) -> FigureTable:
        return balance.town_and_country(self.readings)

    @cached_property
    def trend(self) -> ChartSpec | None:
        return trends.school_trend(self.readings) if self.standing.is_school else trends.chosen_trend(self.readings)

    @cached_property
    def headline_trend(self) -> ChartSpec | None:
        return trends.headline_trend(self.readings)

    @cached_property
    def map(self) -> ChartSpec | None:
        if self.map_of_schools:
            return maps.school_map(self.readings, self.places)
        return maps.county_tiles(self.readings)

    @cached_property
    def school(self) -> school.SchoolFigures:
        return school.school_figures(self.readings)

    @property
    def excel_urls(self) -> dict[str, str]:
        """Where each part can be had as a workbook."""
        return {part: self.standing.address("cockpit_excel", part=part, code=self.readings.code) for part in PARTS}

    @property
    def wall_url(self) -> str:
        chosen = {"map": "schools"} if self.map_of_schools and self.readings.below else {}
        return self.standing.address("cockpit_wall", code=self.readings.code, **chosen)

    @property
    def trend_url(self) -> str:
        return self.standing.address("cockpit_trend", code=self.readings.code)

    @property
    def all_schools_url(self) -> str:
        """All schools behind the chosen figure."""
        return self.standing.figure_address(self.readings.code)

    @property
    def can_load_shapes(self) -> bool:
        """Whether the visitor could make this map better."""
        chart = self.map
        plain = chart is not None and chart.kind == "points" and not chart.geo_url
        return plain and self.standing.actor.can(directory.ORG_EDIT)

    @property
    def map_tabs(self) -> tuple[c.Link, ...]:
        """The two maps of a city; a county has only its schools."""
        if not self.readings.below:
            return ()
        here = self.standing.address(code=self.readings.code)
        return (
            c.Link(_("Counties"), here, "layout-grid", active=not self.map_of_schools),
            c.Link(_("Schools"), f"{here}&map=schools", "map-pin", active=self.map_of_schools),
        )

    @property
    def views(self) -> tuple[c.Link, ...]:
        """The two halves of the cockpit of an office."""
        code = self.readings.code
        return (
            c.Link(_("Overview"), self.standing.address(code=code), "dashboard", active=self.view == OVERVIEW),
            c.Link(
                _("Balance"), self.standing.address(code=code, view=BALANCE), "adjustments", active=self.view == BALANCE
            ),
        )  # fmt: skip

    @property
    def slices(self) -> tuple[c.Link, ...]:
        """The switch of stages."""
        return tuple(
            c.Link(
                _("All stages") if name == ALL else indicators.slice_text(name),
                self.standing.address(
                    slice=name, code=self.readings.code, **({"view": BALANCE} if self.view == BALANCE else {})
                ),
                active=name == self.standing.slice,
            )
            for name in SLICES
        )  # fmt: skip

    @property
    def choices(self) -> tuple[Group, ...]:
        """The indicators that can be compared, by section."""
        groups: dict[str, list[c.Choice]] = {}
        for code, definition in self.readings.definitions.items():
            if (code, ALL) in self.readings.own and (self.standing.is_school or definition.kind not in CV_KINDS):
                title = indicators.section_text(definition.section)
                groups.setdefault(title, []).append(c.Choice(code, indicators.local(definition.name)))
        return tuple(Group(label, tuple(choices)) for label, choices in groups.items())

    def sheet(self, part: str) -> Sheet | None:
        """A part as it goes to Excel, computed anew from the same figures; None for a part there is not."""
        make = _SHEETS.get(part)
        return make(self) if make else None


def _of_chart(spec: ChartSpec | None) -> Sheet | None:
    return chart_sheet(spec) if spec else None


def _tiles_sheet(page: Cockpit) -> Sheet:
    headings = [
        _("Indicator"), _("Value"), _("Unit"), pgettext("difference", "Change"), _("Target"), _("Verdict"),
        _("Status of the definition"),
    ]  # fmt: skip
    verdicts = {"pass": _("Passed"), "fail": _("Not passed"), "undefined": _("Cannot be judged"), None: ""}
    rows = [
        [
            tile.label, tile.reason if tile.value is None else tile.value, tile.unit,
            tile.trend.change if tile.trend else None, tile.target, verdicts[tile.verdict], tile.status,
        ]
        for tile in page.tiles
    ]  # fmt: skip
    return Sheet(page.standing.org.name, headings, rows, [source_note(page.readings)])


def _table_sheet(title: str, table: FigureTable, note: str) -> Sheet:
    rows = [[line.label, *(cell.text or cell.reason for cell in line.cells), line.status] for line in table.lines]
    return Sheet(title, [_("Indicator"), *table.headings, _("Status of the definition")], rows, [note])


def _comparison_sheet(page: Cockpit) -> Sheet | None:
    if page.readings.below:
        return _of_chart(page.comparison.chart)
    return comparison.schools_sheet(page.readings, page.places)


_SHEETS: Mapping[str, Callable[[Cockpit], Sheet | None]] = {
    "tiles": _tiles_sheet,
    "comparison": _comparison_sheet,
    "differences": lambda page: _table_sheet(_("Differences"), page.differences, source_note(page.readings)),
    "extremes": lambda page: _table_sheet(_("Best and weakest"), page.extremes, source_note(page.readings)),
    "areas": lambda page: _table_sheet(_("Urban and rural"), page.areas, source_note(page.readings)),
    "trend": lambda page: _of_chart(page.trend),
    "headlines": lambda page: _of_chart(page.headline_trend),
    "map": lambda page: _of_chart(page.map),
    "school": lambda page: school.school_sheet(page.readings) if page.standing.is_school else None,
}
PARTS = tuple(_SHEETS)
