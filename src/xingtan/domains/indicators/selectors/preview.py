"""Try a definition on a period without storing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.selectors.definitions import definition_of, schema, versions_in_force
from xingtan.domains.indicators.selectors.figures import figures_of
from xingtan.domains.indicators.selectors.tables import period_table
from xingtan.domains.indicators.types import FigureData, PeriodData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor


@dataclass(frozen=True)
class PreviewRow:
    """One organisation with the figure of every slice."""

    unit: OrgUnitData
    figures: Mapping[str, FigureData]


def definition_preview(
    *, actor: Actor, definition: engine.Definition, period: PeriodData
) -> tuple[tuple[str, ...], tuple[PreviewRow, ...]]:
    """(slices, rows in tree order) of the figures that a definition would give in a period.

    The definitions in force fill in what it rests on. Errors: `engine.DefinitionError`, `engine.ExpressionError`.
    """
    actor.require(COMPUTE)
    root = actor.paths(COMPUTE)[0]
    others = [definition_of(row) for row in versions_in_force(period.ends) if row.computable]
    others = [one for one in others if one.code != definition.code]
    plan = engine.plan(_closure(definition, others), schema=schema(), on=period.ends)
    if definition.code not in plan.compiled:
        raise engine.DefinitionError(definition.code, "valid_from", f"is not in force on {period.ends.isoformat()}")
    slices = plan.compiled[definition.code].slices
    table = period_table(actor=actor, period=period, root=root, capability=COMPUTE)
    results = plan.compute(table.table, list(table.groupings), units=False)
    found: dict[int, dict[str, FigureData]] = {}
    for level, units in table.above.items():
        for name in slices:
            block = results.get(definition.code, name, level)
            for figure in figures_of(block, [unit.id for unit in units], 0):
                found.setdefault(figure.org_unit_id, {})[name] = figure
    places = sorted((unit for units in table.above.values() for unit in units), key=lambda unit: unit.path)
    return slices, tuple(PreviewRow(unit, found[unit.id]) for unit in places)


def _closure(definition: engine.Definition, others: list[engine.Definition]) -> list[engine.Definition]:
    """The definition and all that it rests on."""
    by_code = {one.code: one for one in others}
    found, waiting = {definition.code: definition}, list(definition.of)
    while waiting:
        code = waiting.pop()
        if code in by_code and code not in found:
            found[code] = by_code[code]
            waiting += by_code[code].of
    return list(found.values())
