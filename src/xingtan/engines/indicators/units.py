"""What each definition says of each unit: who is asked, numerator, denominator, value, whether it passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from xingtan.engines.indicators import kernels, verdicts
from xingtan.engines.indicators.columns import Column, UnitTable
from xingtan.engines.indicators.compiler import Expression, Memo
from xingtan.engines.indicators.definitions import STAGES, Definition, Kind
from xingtan.engines.indicators.numbers import BoolArray, FloatArray
from xingtan.engines.indicators.reasons import Reason, ReasonArray, combine
from xingtan.engines.indicators.schema import AREAS, STAGES_OF_KIND

ALL = "all"
STAGE_SLICES = tuple(f"stage:{stage}" for stage in STAGES)
AREA_SLICES = tuple(f"area:{area}" for area in AREAS)


@dataclass(frozen=True)
class Compiled:
    """A definition with its compiled expressions, by field name; `slices` in the order they are reported."""

    definition: Definition
    expressions: Mapping[str, Expression]

    @property
    def slices(self) -> tuple[str, ...]:
        wanted = self.definition.slices
        stages = STAGE_SLICES if "stage" in wanted else ()
        return (ALL, *stages, *(AREA_SLICES if "area" in wanted else ()))


@dataclass(frozen=True, eq=False)
class Frame:
    """Per unit, shape (n,): `asked` whether it counts; `inputs` why numerator or denominator is null (0: both there).

    `value` is the unit's own figure, which can be undefined (0 pupils) where numerator and denominator are both there.
    """

    asked: BoolArray
    inputs: ReasonArray
    numerator: FloatArray
    denominator: FloatArray
    value: Column

    @property
    def used(self) -> BoolArray:
        return np.asarray(self.asked & (self.inputs == 0))


def stage_of(name: str) -> str | None:
    """The stage of a slice such as "stage:primary"; None for the others."""
    return name.partition(":")[2] if name.startswith("stage:") else None


class Units:
    """Frames and verdicts of units over one table, each computed once."""

    def __init__(self, compiled: Mapping[str, Compiled], table: UnitTable, on: date) -> None:
        self.compiled = compiled
        self.table = table
        self.on = on
        self.memo: Memo = {}
        self.members: dict[str, BoolArray] = {}
        self.frames: dict[tuple[str, str], Frame] = {}
        self.met_memo: dict[tuple[str, str, float], Column] = {}

    def member(self, name: str) -> BoolArray:
        """Which units belong to a slice. Errors: TableError if the table lacks `stage` or `area_type`."""
        if name not in self.members:
            n = len(self.table)
            if name == ALL:
                found: BoolArray = np.ones(n, dtype=np.bool_)
            elif stage := stage_of(name):
                kinds = [kind for kind, stages in STAGES_OF_KIND.items() if stage in stages]
                found = np.isin(self.table.attribute("stage"), kinds)
            else:
                found = np.asarray(self.table.attribute("area_type") == name.partition(":")[2])
            self.members[name] = found
        return self.members[name]

    def frame(self, code: str, name: str) -> Frame:
        key = (code, name)
        if key not in self.frames:
            if name in AREA_SLICES:
                whole = self.frame(code, ALL)
                self.frames[key] = replace(whole, asked=whole.asked & self.member(name))
            else:
                self.frames[key] = self.build(self.compiled[code], name)
        return self.frames[key]

    def evaluate(self, compiled: Compiled, field: str, name: str) -> Column:
        return compiled.expressions[field].evaluate(self.table, stage=stage_of(name), memo=self.memo)

    def build(self, compiled: Compiled, name: str) -> Frame:
        n = len(self.table)
        numerator, denominator, value = self.parts(compiled, name)
        inputs = numerator.reasons if denominator is None else combine(numerator.reasons, denominator.reasons)
        asked = self.member(name).copy()
        if "scope" in compiled.expressions:
            scope = self.evaluate(compiled, "scope", name)
            # An unknown scope is a unit that perhaps ought to count: it is asked, and missing.
            asked &= scope.values | ((scope.reasons != 0) & (scope.reasons != Reason.NOT_APPLICABLE))
            inputs = np.where(inputs == Reason.NOT_APPLICABLE, inputs, combine(inputs, scope.reasons))
        asked &= inputs != Reason.NOT_APPLICABLE
        reasons = np.where(inputs != 0, inputs, value.reasons)
        value = Column(np.where(reasons == 0, value.values, np.nan), reasons)
        nothing = np.broadcast_to(np.float64(np.nan), (n,))
        return Frame(asked, inputs, numerator.values, nothing if denominator is None else denominator.values, value)

    def parts(self, compiled: Compiled, name: str) -> tuple[Column, Column | None, Column]:
        """Numerator, denominator (if the kind has one) and unit value."""
        definition = compiled.definition
        one = Column(np.ones(len(self.table)), np.zeros(len(self.table), dtype=np.uint8))
        match definition.kind:
            case Kind.RATIO | Kind.WEIGHTED_CV:
                numerator = self.evaluate(compiled, "numerator", name)
                denominator = self.evaluate(compiled, "denominator", name)
                if definition.kind is Kind.WEIGHTED_CV:
                    denominator = _positive(denominator)
                quotient = kernels.arithmetic("/", numerator, denominator)
                factor = kernels.constant(definition.multiplier)
                return numerator, denominator, kernels.arithmetic("*", quotient, factor)
            case Kind.SHARE:
                passes = self.met(definition.code, name)
                numerator = _as_number(passes)
                if "value" in compiled.expressions:
                    return numerator, one, self.evaluate(compiled, "value", name)
                return numerator, one, kernels.arithmetic("*", numerator, kernels.constant(definition.multiplier))
            case Kind.K_OF_N:
                items = [self.met(code, name) for code in definition.of]
                return _as_number(self.met(definition.code, name)), one, kernels.gather("count_true", items)
            case Kind.GRADE_COUNT:
                best = self.at_grade(compiled, 2, name)
                size = Column(np.full(len(self.table), float(len(definition.items))), one.reasons)
                return best, size, best
            case _:
                value = self.evaluate(compiled, "value", name)
                return value, None, value

    def at_grade(self, compiled: Compiled, grade: int, name: str) -> Column:
        """How many items have at least a grade; null if one of them is null."""
        total: Column | None = None
        for i in range(len(compiled.definition.items)):
            item = self.evaluate(compiled, f"items.{i}", name)
            counted = _as_number(kernels.compare(">=", item, kernels.constant(float(grade))))
            total = counted if total is None else kernels.arithmetic("+", total, counted)
        assert total is not None
        return total

    def targets(self, compiled: Compiled, name: str) -> FloatArray:
        """The threshold that judges each unit, transitional clauses granted; NaN where there is none."""
        stage = stage_of(name)
        definition = compiled.definition
        base = verdicts.base_threshold(definition, stage, "unit", self.on)
        target: FloatArray = np.full(len(self.table), np.nan if base is None else base.value)
        for position, clause in reversed(verdicts.clauses(definition, stage, self.on)):
            granted = self.evaluate(compiled, f"thresholds.{position}.when", name)
            target = np.where(granted.values & (granted.reasons == 0), clause.value, target)
        return target

    def met(self, code: str, name: str, floor: float = 1.0) -> Column:
        """Whether units pass; with a `floor` below 1, whether they come that near. Null as verdicts need it."""
        key = (code, ALL if name in AREA_SLICES else name, floor)
        if key not in self.met_memo:
            self.met_memo[key] = self.judge(self.compiled[code], key[1], floor)
        return self.met_memo[key]

    def judge(self, compiled: Compiled, name: str, floor: float) -> Column:
        definition = compiled.definition
        if definition.kind is Kind.SHARE and "passes" in compiled.expressions:
            return self.evaluate(compiled, "passes", name)
        if definition.kind is Kind.K_OF_N:
            met = [self.met(code, name) for code in definition.of]
            near = [self.met(code, name, definition.floor) for code in definition.of] if definition.floor else None
            return _unless_not_applicable(kernels.enough(definition.k, met, near), met)
        if definition.kind is Kind.GRADE_COUNT:
            rule = definition.grades[0]
            best = self.at_grade(compiled, 2, name)
            passed = self.at_grade(compiled, 1, name)
            goals = (best, float(rule.full)), (passed, float(rule.full + rule.partial))
            return kernels.all_of([kernels.compare(">=", count, kernels.constant(goal)) for count, goal in goals])
        together = verdicts.stages_judged(definition, "unit", self.on) if name == ALL else ()
        if together:
            slices = [f"stage:{stage}" for stage in together]
            return verdicts.judged_together(
                [self.met(definition.code, s, floor) for s in slices], [self.member(s) for s in slices]
            )
        strict = any(t.strict for t in definition.thresholds if t.judged)
        target = self.targets(compiled, name)
        return verdicts.meets(self.own_value(compiled, name), target, definition.direction, strict=strict, floor=floor)

    def own_value(self, compiled: Compiled, name: str) -> Column:
        """The value to judge, null where the unit is not asked (a share's frame itself rests on this value)."""
        if compiled.definition.kind is Kind.SHARE:
            return self.evaluate(compiled, "value", name)
        frame = self.frame(compiled.definition.code, name)
        reasons = np.where(frame.asked, frame.value.reasons, np.uint8(Reason.NOT_APPLICABLE))
        return Column(np.where(reasons == 0, frame.value.values, np.nan), reasons)


def _as_number(condition: Column) -> Column:
    return Column(np.where(condition.reasons == 0, condition.values.astype(np.float64), np.nan), condition.reasons)


def _positive(weights: Column) -> Column:
    """Weights of a CV: a school without pupils has no resource per pupil, so it cannot be weighed."""
    empty = (weights.reasons == 0) & ~(weights.values > 0)
    reasons = np.where(empty, np.uint8(Reason.UNDEFINED), weights.reasons)
    return Column(np.where(reasons == 0, weights.values, np.nan), reasons)


def _unless_not_applicable(result: Column, items: list[Column]) -> Column:
    """A unit to which one of the items does not apply is not judged on them together."""
    outside = np.logical_or.reduce([item.reasons == Reason.NOT_APPLICABLE for item in items])
    reasons = np.where(outside, np.uint8(Reason.NOT_APPLICABLE), result.reasons)
    return Column(result.values & (reasons == 0), reasons)
