"""What the wall shows, section by section: nothing to click, everything to read from across a room."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from xingtan.platform.ui import components as c
from xingtan.platform.ui.charts import ChartSpec
from xingtan.portal.cockpit import Cockpit
from xingtan.portal.tiles import tiles
from xingtan.portal.trends import drawable

TILES = 8
CHARTS = 3


@dataclass(frozen=True)
class Section:
    """One screen: headline tiles, or up to three charts side by side."""

    title: str
    tiles: tuple[c.Tile, ...] = ()
    charts: tuple[ChartSpec, ...] = ()

    @property
    def panel(self) -> str:
        """The class that gives each chart its share of the width."""
        return {1: "xt-wall-panel-full", 2: "xt-wall-panel-half"}.get(len(self.charts), "")


def sections(page: Cockpit) -> tuple[Section, ...]:
    """The screens that have something to show; the first is always the headlines."""
    found = [Section(_("Headlines"), tiles=tiles(page.readings, most=TILES, link=False))]
    groups = [
        (_("Counties") if page.readings.below else _("Schools"), (page.map, page.comparison.chart)),
        (_("Balance"), (page.differences.chart, page.extremes.chart, page.areas.chart)),
        (_("Trends"), (page.headline_trend, page.trend)),
    ] if not page.standing.is_school else [(_("Trends"), (page.trend,))]  # fmt: skip
    found += [Section(title, charts=there[:CHARTS]) for title, charts in groups if (there := drawable(charts))]
    return tuple(section for section in found if section.tiles or section.charts)
