"""Where one unit's figure comes from: cells, parts, value, threshold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from xingtan.engines.indicators.columns import UnitTable
from xingtan.engines.indicators.definitions import Definition, select_valid
from xingtan.engines.indicators.errors import DefinitionError
from xingtan.engines.indicators.groups import OF_INDICATORS
from xingtan.engines.indicators.numbers import round_half_up
from xingtan.engines.indicators.planning import Plan, plan
from xingtan.engines.indicators.reasons import Reason
from xingtan.engines.indicators.schema import Schema
from xingtan.engines.indicators.units import Compiled, Units
from xingtan.engines.indicators.verdicts import Verdict, verdict


@dataclass(frozen=True)
class Cell:
    """One input: an element with a number, or a unit attribute with a text. `value` is None where it is null."""

    name: str
    value: float | str | None
    reason: Reason


@dataclass(frozen=True)
class Explanation:
    """How a unit's figure came about. `asked` False: the unit lies outside the scope or the slice.

    `expressions` are (field, canonical text); `parts` explain the indicators that this one rests on.
    """

    code: str
    slice: str
    unit_id: int
    asked: bool
    expressions: tuple[tuple[str, str], ...]
    inputs: tuple[Cell, ...]
    numerator: float | None
    denominator: float | None
    value: float | None
    rounded: float | None
    reason: Reason
    target: float | None
    verdict: Verdict
    parts: tuple[Explanation, ...] = ()


def explain(
    definition: Definition,
    table: UnitTable,
    unit_index: int,
    *,
    schema: Schema,
    on: date,
    slice: str = "all",  # noqa: A002 - the field's word
    definitions: Iterable[Definition] = (),
) -> Explanation:
    """Trace the figure of the unit in row `unit_index`. For a CV the value is the unit's x = N / D × factor.

    `definitions` must hold those that `definition` rests on. Errors: IndexError for a row that is not there;
    DefinitionError for composite kinds, which no single unit has a part in, and for an unknown slice.
    """
    if not -len(table) <= unit_index < len(table):
        raise IndexError(f"row {unit_index} of a table of {len(table)}")
    if definition.kind in OF_INDICATORS:
        raise DefinitionError(definition.code, "kind", "is made of group figures; explain the indicators in `of`")
    needed = _needed(definition, {d.code: d for d in select_valid(definitions, on)})
    made = plan(needed, schema=schema, on=on)
    if definition.code not in made.compiled:
        raise DefinitionError(definition.code, "valid_from", f"is not in force on {on.isoformat()}")
    if slice not in made.compiled[definition.code].slices:
        raise DefinitionError(definition.code, "slices", f"has no slice {slice}")
    rows = Units(made.compiled, table.take(unit_index), on)
    return _explain(made, rows, made.compiled[definition.code], slice)


def _needed(definition: Definition, by_code: dict[str, Definition]) -> list[Definition]:
    found = {definition.code: definition}
    waiting = list(definition.of)
    while waiting:
        code = waiting.pop()
        if code in by_code and code not in found:
            found[code] = by_code[code]
            waiting += by_code[code].of
    return list(found.values())


def _explain(made: Plan, rows: Units, compiled: Compiled, name: str) -> Explanation:
    definition = compiled.definition
    frame = rows.frame(definition.code, name)
    asked = bool(frame.asked[0])
    reason = Reason(int(frame.value.reasons[0])) if asked else Reason.NOT_APPLICABLE
    value = _number(frame.value.values[0]) if reason is Reason.REPORTED else None
    elements = sorted({e for x in compiled.expressions.values() for e in x.elements})
    attributes = sorted({a for x in compiled.expressions.values() for a in x.attributes})
    return Explanation(
        definition.code,
        name,
        int(rows.table.ids[0]),
        asked,
        tuple((field, x.canonical()) for field, x in compiled.expressions.items()),
        (*(_element(rows.table, e) for e in elements), *(_attribute(rows.table, a) for a in attributes)),
        _number(frame.numerator[0]),
        _number(frame.denominator[0]),
        value,
        None if value is None else float(round_half_up(value, definition.decimals_shown())),
        reason,
        _number(rows.targets(compiled, name)[0]),
        Verdict(int(verdict(rows.met(definition.code, name))[0])) if asked else Verdict.NONE,
        tuple(_explain(made, rows, made.compiled[code], name) for code in definition.of),
    )


def _element(table: UnitTable, name: str) -> Cell:
    column = table.column(name)
    reason = Reason(int(column.reasons[0]))
    return Cell(name, float(column.values[0]) if reason is Reason.REPORTED else None, reason)


def _attribute(table: UnitTable, name: str) -> Cell:
    text = str(table.attribute(name)[0])
    return Cell(name, text or None, Reason.REPORTED if text else Reason.UNKNOWN)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
