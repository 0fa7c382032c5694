"""`plan` compiles a set of definitions once; `compute` turns tables into results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from xingtan.engines.indicators import verdicts
from xingtan.engines.indicators.columns import Grouping, UnitTable
from xingtan.engines.indicators.compiler import Expression, compile_expression
from xingtan.engines.indicators.definitions import Definition, Kind, select_valid
from xingtan.engines.indicators.errors import DefinitionError, ExpressionError, TableError
from xingtan.engines.indicators.groups import GROUP_ONLY, Groups
from xingtan.engines.indicators.results import Block, Results
from xingtan.engines.indicators.schema import Schema
from xingtan.engines.indicators.syntax import Type
from xingtan.engines.indicators.units import Compiled, Units

_CV_PARTS = ("numerator", "denominator", "scope")
_OF_KINDS: dict[Kind, tuple[Kind, ...]] = {
    Kind.WEIGHTED_CV: (Kind.RATIO,),
    Kind.COMPOSITE_CV: (Kind.WEIGHTED_CV,),
    Kind.K_OF_N: (Kind.SUM, Kind.RATIO, Kind.SHARE, Kind.PERCENTILE, Kind.MEDIAN),
}


@dataclass(frozen=True, eq=False)
class Plan:
    """Definitions in force on a day, compiled; may be computed over many tables."""

    on: date
    compiled: Mapping[str, Compiled]

    @property
    def elements(self) -> tuple[str, ...]:
        """Every element that some definition reads, sorted."""
        return tuple(sorted({e for c in self.compiled.values() for x in c.expressions.values() for e in x.elements}))

    def compute(self, table: UnitTable, groupings: Sequence[Grouping] = (), *, units: bool = True) -> Results:
        """All figures of one table, per unit (unless `units` is False) and per group of each grouping.

        Errors: TableError for a grouping of another length, or an attribute that is wanted and absent.
        """
        names = [g.name for g in groupings]
        if len(set(names)) < len(names):
            raise TableError(f"groupings must have different names: {', '.join(names)}")
        for grouping in groupings:
            if len(grouping.index) != len(table):
                raise TableError(f"grouping {grouping.name} has {len(grouping.index)} units, the table {len(table)}")
        rows = Units(self.compiled, table, self.on)
        levels = [Groups(self.compiled, rows, grouping, self.on) for grouping in groupings]
        blocks: dict[tuple[str, str, str], Block] = {}
        for code, compiled in self.compiled.items():
            definition = compiled.definition
            for name in compiled.slices:
                if units and "unit" in definition.levels and definition.kind not in GROUP_ONLY:
                    blocks[code, name, "unit"] = unit_block(rows, compiled, name)
                if "group" in definition.levels:
                    for level in levels:
                        blocks[code, name, level.grouping.name] = level.block(code, name)
        return Results(blocks)


def unit_block(rows: Units, compiled: Compiled, name: str) -> Block:
    """The figure of every unit; "not applicable" where the unit is not asked."""
    definition = compiled.definition
    frame = rows.frame(definition.code, name)
    reason = np.where(frame.asked, frame.value.reasons, np.uint8(1))
    shown = frame.used
    judged = np.where(frame.asked, verdicts.verdict(rows.met(definition.code, name)), np.uint8(0))
    return Block(
        definition.code,
        name,
        "unit",
        np.where(reason == 0, frame.value.values, np.nan),
        np.where(shown, frame.numerator, np.nan),
        np.where(shown, frame.denominator, np.nan),
        frame.asked.astype(np.int64),
        shown.astype(np.int64),
        (frame.asked & ~shown).astype(np.int64),
        reason,
        np.where(frame.asked, rows.targets(compiled, name), np.nan),
        judged,
        definition.decimals_shown(),
    )


def plan(definitions: Iterable[Definition], *, schema: Schema, on: date) -> Plan:
    """Select the versions in force on a day and compile them.

    Errors: DefinitionError (overlapping versions, a row without a kind, an unknown or circular `of`);
    ExpressionError, with the indicator's code and field added as a note.
    """
    chosen = select_valid(definitions, on)
    by_code = {d.code: d for d in chosen}
    for definition in chosen:
        if definition.kind is None:
            raise DefinitionError(definition.code, "kind", "cannot be computed: leave out rows that are not computable")
        for code in definition.of:
            _check_reference(definition, by_code.get(code), code)
    _refuse_circles(by_code)
    return Plan(on, {d.code: _compile(_with_parts(d, by_code), schema) for d in chosen})


def compute(
    definitions: Iterable[Definition],
    table: UnitTable,
    groupings: Sequence[Grouping] = (),
    *,
    schema: Schema,
    on: date,
    units: bool = True,
) -> Results:
    """`plan` and `Plan.compute` in one call."""
    return plan(definitions, schema=schema, on=on).compute(table, groupings, units=units)


def compile_definition(definition: Definition, schema: Schema) -> Mapping[str, Expression]:
    """The compiled expressions of one definition by field name. Errors: ExpressionError with a note saying where."""
    wanted = {"passes": Type.BOOLEAN, "scope": Type.BOOLEAN}
    found: dict[str, Expression] = {}
    for field, source in definition.expressions.items():
        expected = Type.BOOLEAN if field.endswith(".when") else wanted.get(field, Type.NUMBER)
        try:
            found[field] = compile_expression(source, schema, expected=expected)
        except ExpressionError as error:
            error.add_note(f"in {definition.code}, field {field}")
            raise
    return found


def _compile(definition: Definition, schema: Schema) -> Compiled:
    return Compiled(definition, compile_definition(definition, schema))


def _with_parts(definition: Definition, by_code: Mapping[str, Definition]) -> Definition:
    """A CV of another indicator takes that indicator's numerator, denominator and, unless it has one, its scope."""
    if definition.kind is not Kind.WEIGHTED_CV or not definition.of:
        return definition
    ratio = by_code[definition.of[0]]
    parts = {name: getattr(definition, name) or getattr(ratio, name) for name in _CV_PARTS}
    return replace(definition, of=(), factor=definition.factor or ratio.factor, **parts)


def _check_reference(definition: Definition, other: Definition | None, code: str) -> None:
    if other is None:
        raise DefinitionError(definition.code, "of", f"{code} is not among the definitions in force")
    kinds = _OF_KINDS.get(definition.kind) if definition.kind else None
    if kinds and other.kind not in kinds:
        needed = " or ".join(k.value for k in kinds)
        raise DefinitionError(definition.code, "of", f"{code} must be of kind {needed}")


def _refuse_circles(by_code: Mapping[str, Definition]) -> None:
    done: set[str] = set()

    def visit(code: str, trail: tuple[str, ...]) -> None:
        if code in trail:
            raise DefinitionError(code, "of", f"rests on itself by way of {' > '.join(trail)}")
        if code not in done:
            for other in by_code[code].of:
                visit(other, (*trail, code))
            done.add(code)

    for code in by_code:
        visit(code, ())
