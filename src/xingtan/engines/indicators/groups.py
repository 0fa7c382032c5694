"""From the units' frames to the figures and verdicts of groups, each computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from xingtan.engines.indicators import aggregate, verdicts
from xingtan.engines.indicators.columns import Column, Grouping
from xingtan.engines.indicators.definitions import Definition, Direction, Kind
from xingtan.engines.indicators.numbers import FloatArray, compare
from xingtan.engines.indicators.reasons import Reason, ReasonArray, combine
from xingtan.engines.indicators.results import Block
from xingtan.engines.indicators.units import ALL, Compiled, Frame, Units, stage_of

OF_INDICATORS = (Kind.COMPOSITE_CV, Kind.COUNT_MET)
"""Kinds made of other indicators' group figures."""
GROUP_ONLY = (Kind.WEIGHTED_CV, *OF_INDICATORS)
"""Kinds that say nothing of a single unit."""


@dataclass(frozen=True, eq=False)
class Sums:
    """A group's figure before it is judged; all arrays of shape (groups,)."""

    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    n_scope: aggregate.CountArray
    n_used: aggregate.CountArray
    reason: ReasonArray


class Groups:
    """Figures of one grouping."""

    def __init__(self, compiled: Mapping[str, Compiled], units: Units, grouping: Grouping, on: date) -> None:
        self.compiled = compiled
        self.units = units
        self.grouping = grouping
        self.on = on
        self.sums_memo: dict[tuple[str, str], Sums] = {}
        self.met_memo: dict[tuple[str, str], Column] = {}

    def block(self, code: str, name: str) -> Block:
        """The figure of every group for one indicator and slice."""
        definition = self.compiled[code].definition
        sums = self.sums(code, name)
        base = verdicts.base_threshold(definition, stage_of(name), "group", self.on)
        return Block(
            code, name, self.grouping.name, sums.value, sums.numerator, sums.denominator, sums.n_scope, sums.n_used,
            sums.n_scope - sums.n_used, sums.reason,
            np.full(self.grouping.size, np.nan if base is None else base.value),
            verdicts.verdict(self.met(code, name)), definition.decimals_shown(),
        )  # fmt: skip

    def sums(self, code: str, name: str) -> Sums:
        key = (code, name)
        if key not in self.sums_memo:
            definition = self.compiled[code].definition
            made = self.of_indicators if definition.kind in OF_INDICATORS else self.of_units
            self.sums_memo[key] = made(definition, name)
        return self.sums_memo[key]

    def of_units(self, definition: Definition, name: str) -> Sums:
        frame = self.units.frame(definition.code, name)
        grouping, used = self.grouping, frame.used
        n_scope = aggregate.group_count(grouping, frame.asked)
        n_used = aggregate.group_count(grouping, used)
        value, numerator, denominator = self.figure(definition, frame)
        too_few = (n_used == 0) | (n_used < definition.min_coverage * n_scope)
        with np.errstate(all="ignore"):
            value = np.where(np.isfinite(value), value, np.nan)
        reason = np.where(np.isnan(value), np.uint8(Reason.UNDEFINED), np.uint8(0))
        if too_few.any():
            why = aggregate.group_reason(grouping, frame.inputs, frame.asked)
            reason = np.where(too_few, why, reason)
        value = np.where(reason == 0, value, np.nan)
        return Sums(value, numerator, denominator, n_scope, n_used, reason)

    def figure(self, definition: Definition, frame: Frame) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(value, numerator, denominator) by kind, over the units that give both."""
        grouping, used = self.grouping, frame.used
        none = np.full(grouping.size, np.nan)
        match definition.kind:
            case Kind.WEIGHTED_CV:
                found = aggregate.group_cv(grouping, frame.numerator, frame.denominator, used)
                return found.cv, found.sd * definition.multiplier, found.mean * definition.multiplier
            case Kind.PERCENTILE | Kind.MEDIAN:
                q = 0.5 if definition.kind is Kind.MEDIAN else definition.q
                return aggregate.group_percentile(grouping, frame.numerator, used, q), none, none
        numerator = aggregate.group_sum(grouping, frame.numerator, used)
        if definition.kind is Kind.SUM:
            return numerator, numerator, none
        denominator = aggregate.group_sum(grouping, frame.denominator, used)
        if definition.kind is Kind.GRADE_COUNT:
            return numerator, numerator, denominator
        return aggregate.divide(numerator, denominator) * definition.multiplier, numerator, denominator

    def of_indicators(self, definition: Definition, name: str) -> Sums:
        parts = [self.sums(code, name) for code in definition.of]
        size = np.full(self.grouping.size, float(len(parts)))
        if definition.kind is Kind.COMPOSITE_CV:
            reason = _any_reason([part.reason for part in parts])
            value = aggregate.composite_cv([part.value for part in parts])
            numerator = value * size
        else:
            met = [self.met(code, name) for code in definition.of]
            reason = _any_reason([m.reasons for m in met])
            value = np.sum([m.values & (m.reasons == 0) for m in met], axis=0).astype(np.float64)
            numerator = value
        value = np.where(reason == 0, value, np.nan)
        n_scope = np.max([part.n_scope for part in parts], axis=0)
        n_used = np.min([part.n_used for part in parts], axis=0)
        return Sums(value, np.where(reason == 0, numerator, np.nan), size, n_scope, n_used, reason)

    def met(self, code: str, name: str) -> Column:
        """Whether each group passes; null as verdicts need it."""
        key = (code, name)
        if key not in self.met_memo:
            self.met_memo[key] = self.judge(self.compiled[code].definition, name)
        return self.met_memo[key]

    def judge(self, definition: Definition, name: str) -> Column:
        if definition.kind is Kind.GRADE_COUNT:
            return self.every_unit(definition, name)
        together = verdicts.stages_judged(definition, "group", self.on) if name == ALL else ()
        if together:
            slices = [f"stage:{stage}" for stage in together]
            parts = [self.met(definition.code, s) for s in slices]
            return verdicts.judged_together(parts, [self.sums(definition.code, s).n_scope > 0 for s in slices])
        sums = self.sums(definition.code, name)
        base = verdicts.base_threshold(definition, stage_of(name), "group", self.on)
        target = np.full(self.grouping.size, np.nan if base is None else base.value)
        strict = base is not None and base.strict
        met = verdicts.meets(Column(sums.value, sums.reason), target, definition.direction, strict=strict)
        if definition.kind is Kind.COUNT_MET and base is not None:
            return self.count_decided(definition, name, base.value, met)
        return met

    def count_decided(self, definition: Definition, name: str, target: float, met: Column) -> Column:
        """A count with unknowns can still be decided: too many known failures, or enough known passes."""
        if definition.direction is not Direction.UP:
            return met
        parts = [self.met(code, name) for code in definition.of]
        known = np.sum([p.values & (p.reasons == 0) for p in parts], axis=0)
        possible = known + np.sum([p.reasons != 0 for p in parts], axis=0)
        judged = np.not_equal(met.reasons, Reason.NOT_APPLICABLE)
        passed = judged & compare(">=", known, target)
        decided = passed | (judged & compare("<", possible, target))
        return Column(passed, np.where(decided, np.uint8(0), met.reasons))

    def every_unit(self, definition: Definition, name: str) -> Column:
        """A group passes if all its units do; one known failure decides."""
        frame = self.units.frame(definition.code, name)
        met = self.units.met(definition.code, name)
        failed = aggregate.group_count(self.grouping, frame.asked & (met.reasons == 0) & ~met.values) > 0
        why = aggregate.group_reason(self.grouping, met.reasons, frame.asked)
        reasons = np.where(failed, np.uint8(0), why)
        return Column(~failed & (reasons == 0), reasons)


def _any_reason(parts: list[ReasonArray]) -> ReasonArray:
    found = parts[0]
    for part in parts[1:]:
        found = combine(found, part)
    return found
