"""Where the figures lie: counties as tiles, schools as points over the outlines that the bureau has loaded."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.api import PlaceFigure
from xingtan.engines.indicators import Kind
from xingtan.platform.ui.charts import ChartSpec, Place, Series, Tile
from xingtan.portal.comparison import chart_target, source_note
from xingtan.portal.grids import tile_grid
from xingtan.portal.readings import Readings
from xingtan.portal.standing import Standing
from xingtan.portal.tiles import own_value, reason_of, unit_of

POINTS_MOST = 2_000
"""More points than this nobody can tell apart; the map then shows one per county."""


def county_tiles(readings: Readings) -> ChartSpec | None:
    """The counties as squares, coloured by the chosen indicator; a click leads into the county."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    if not readings.below:
        return None
    centres = directory.centres_on(actor=standing.actor, day=standing.day, root=standing.org.path)
    cells = tile_grid([unit.id for unit in readings.below], centres)
    points = []
    for unit in readings.below:
        figure = readings.of(unit.id, readings.code)
        row, column = cells[unit.id]
        points.append(
            Tile(
                unit.name, figure.value if figure else None, row, column, reason=reason_of(figure),
                href=standing.address(org=unit.id, code=readings.code),
            )
        )  # fmt: skip
    figures = [readings.of(unit.id, readings.code) for unit in readings.below]
    return ChartSpec(
        kind="tilegrid", title=_("Counties where they lie: %(indicator)s") % {"indicator": indicators.local(definition.name)},
        unit=unit_of(definition), decimals=definition.decimals_shown(), label_heading=_("County"),
        target=chart_target(definition, figures), note=source_note(readings),
        excel_url=standing.address("cockpit_excel", part="map", code=readings.code), series=(Series("", tuple(points)),),
    )  # fmt: skip


def school_map(readings: Readings, places: Sequence[PlaceFigure]) -> ChartSpec | None:
    """Schools as points, coloured by the chosen indicator; one point per county where they are too many."""
    standing, definition = readings.standing, readings.definitions[readings.code]
    located = [place for place in places if place.unit.lat is not None and place.unit.lon is not None]
    if len(located) > POINTS_MOST and readings.below:
        points, note = _county_points(readings), _("There are too many schools to tell apart; choose a county.")
    else:
        points, note = _school_points(readings, located[:POINTS_MOST]), _left_out(places, located)
    if not points:
        return None
    return ChartSpec(
        kind="points", title=_("Schools on the map: %(indicator)s") % {"indicator": indicators.local(definition.name)},
        unit=unit_of(definition, school=True), decimals=_decimals(readings), label_heading=_("School"),
        note=" ".join(part for part in (note, source_note(readings)) if part), geo_url=shapes_address(standing),
        excel_url=standing.address("cockpit_excel", part="map", code=readings.code, map="schools"),
        series=(Series("", points),),
    )  # fmt: skip


def _decimals(readings: Readings) -> int:
    definition = readings.definitions[readings.code]
    return 0 if definition.kind in (Kind.SHARE, Kind.K_OF_N) else definition.decimals_shown()


def _school_points(readings: Readings, located: Sequence[PlaceFigure]) -> tuple[Place, ...]:
    standing, definition = readings.standing, readings.definitions[readings.code]
    return tuple(
        Place(
            place.unit.name, place.figure.value, place.unit.lat or 0.0, place.unit.lon or 0.0,
            reason=reason_of(place.figure), href=standing.address(org=place.unit.id, code=readings.code),
            note=own_value(definition, place.figure) if definition.kind is Kind.SHARE else "",
        )
        for place in located
    )  # fmt: skip


def _county_points(readings: Readings) -> tuple[Place, ...]:
    standing = readings.standing
    centres = directory.centres_on(actor=standing.actor, day=standing.day, root=standing.org.path)
    points = []
    for unit in readings.below:
        figure = readings.of(unit.id, readings.code)
        if unit.id in centres:
            lat, lon = centres[unit.id]
            href = standing.address(org=unit.id, code=readings.code, map="schools")
            value = figure.value if figure else None
            points.append(Place(unit.name, value, lat, lon, reason=reason_of(figure), href=href))
    return tuple(points)


def _left_out(places: Sequence[PlaceFigure], located: Sequence[PlaceFigure]) -> str:
    without = len(places) - len(located)
    left_out = max(0, len(located) - POINTS_MOST)
    parts = []
    if without:
        parts.append(_("%(n)d schools have no coordinates.") % {"n": without})
    if left_out:
        parts.append(_("%(n)d more schools are not drawn.") % {"n": left_out})
    return " ".join(parts)


def shapes_address(standing: Standing) -> str:
    """The outlines to draw below the points; empty while nobody has loaded any."""
    state = directory.shapes_state(actor=standing.actor, root=standing.org.path)
    query = urlencode({"org": standing.org.id, "v": state.mark})
    return f"{reverse('shape_file')}?{query}" if state.count else ""
