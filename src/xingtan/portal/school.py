"""The figures of one school: what it reaches, what it misses, and the cells behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData
from xingtan.engines.indicators import Definition
from xingtan.engines.indicators import Reason as Why
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import Sheet
from xingtan.platform.ui.numbers import shown
from xingtan.portal.comparison import source_note
from xingtan.portal.readings import Readings
from xingtan.portal.standing import Standing
from xingtan.portal.tiles import own_value, reason_of, target_of, unit_of, verdict_of

_ORDER = {"fail": 0, "undefined": 1, "pass": 2, "": 3}


@dataclass(frozen=True)
class SchoolLine:
    """One indicator of a school; `above` is the figure of its county, where the visitor may see it."""

    section: str
    code: str
    name: str
    status: c.Status
    value: str
    reason: str
    target: str
    verdict: c.Verdict | None
    above: str
    url: str


@dataclass(frozen=True)
class SchoolFigures:
    """Every figure that applies to a school, those it misses first, with how many there are of each verdict."""

    lines: tuple[SchoolLine, ...]
    passed: int
    failed: int
    undefined: int
    parent: str

    @property
    def attention(self) -> tuple[SchoolLine, ...]:
        """What the school misses, or cannot show."""
        return tuple(line for line in self.lines if line.verdict in ("fail", "undefined"))

    @property
    def others(self) -> tuple[SchoolLine, ...]:
        return tuple(line for line in self.lines if line.verdict not in ("fail", "undefined"))


def school_figures(readings: Readings) -> SchoolFigures:
    """The figures of the school that apply to it, in the chosen slice."""
    standing = readings.standing
    lines = []
    for code, definition in readings.definitions.items():
        figure = readings.figure(code)
        if figure is None or figure.reason == Why.NOT_APPLICABLE or not figure.n_scope:
            continue
        lines.append(_line(readings, definition, figure))
    lines.sort(key=lambda line: _ORDER[line.verdict or ""])
    count = [line.verdict for line in lines].count
    parent = standing.chain[-2].name if readings.parent is not None else ""
    return SchoolFigures(tuple(lines), count("pass"), count("fail"), count("undefined"), parent)


def _line(readings: Readings, definition: Definition, figure: FigureData) -> SchoolLine:
    above = (readings.parent or {}).get((definition.code, readings.standing.slice))
    text = ""
    if above is not None and above.value is not None:
        unit = unit_of(definition)
        text = shown(above.value, definition.decimals_shown()) + (unit if unit in ("", "%") else f" {unit}")
    return SchoolLine(
        section=indicators.section_text(definition.section), code=definition.code,
        name=indicators.local(definition.name), status=cast(c.Status, definition.status),
        value=own_value(definition, figure), reason=reason_of(figure),
        target=target_of(readings.standing, definition, figure), verdict=verdict_of(figure),
        above=text, url=readings.standing.figure_address(definition.code),
    )  # fmt: skip


def school_sheet(readings: Readings) -> Sheet:
    """The figures of a school, for Excel."""
    found = school_figures(readings)
    verdicts = {"pass": _("Passed"), "fail": _("Not passed"), "undefined": _("Cannot be judged")}
    headings = [_("Code"), _("Indicator"), _("Value"), _("Target"), _("Verdict"), _("Status of the definition")]
    if found.parent:
        headings.append(found.parent)
    rows = []
    for line in found.lines:
        row = [
            line.code,
            line.name,
            line.value or line.reason,
            line.target,
            verdicts.get(line.verdict or "", ""),
            line.status,
        ]
        rows.append([*row, line.above] if found.parent else row)
    return Sheet(readings.standing.org.name, headings, rows, [source_note(readings)])


def cells_address(standing: Standing) -> str:
    """Where the cells of the school are checked and corrected."""
    return reverse("school_cells", args=[standing.org.id, standing.period.code]) if standing.period else ""
