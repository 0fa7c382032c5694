"""Which threshold counts, and what it says of a value. Values are compared before they are rounded (rule R3)."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from xingtan.engines.indicators import numbers
from xingtan.engines.indicators.columns import Column
from xingtan.engines.indicators.definitions import Definition, Direction, Threshold
from xingtan.engines.indicators.numbers import FloatArray
from xingtan.engines.indicators.reasons import Reason, ReasonArray


class Verdict(IntEnum):
    """`NONE`: nothing to judge. `UNDEFINED`: there is a threshold but no value, which is never a pass."""

    NONE = 0
    PASS = 1
    FAIL = 2
    UNDEFINED = 3


VerdictArray = npt.NDArray[np.uint8]
_UNLESS_PASSED: VerdictArray = np.full(len(Reason), Verdict.UNDEFINED, dtype=np.uint8)
_UNLESS_PASSED[Reason.REPORTED] = Verdict.FAIL
_UNLESS_PASSED[Reason.NOT_APPLICABLE] = Verdict.NONE
_OPERATORS = {Direction.UP: (">=", ">"), Direction.DOWN: ("<=", "<"), Direction.EQUAL: ("=", "=")}


def stages_judged(definition: Definition, level: str, on: date) -> tuple[str, ...]:
    """The stages that have thresholds of their own at a level where there is none for every stage; else ()."""
    at_level = [t for t in candidates(definition, level, on) if not t.when]
    if any(t.stage == "" for t in at_level):
        return ()
    return tuple(dict.fromkeys(t.stage for t in at_level))


def candidates(definition: Definition, level: str, on: date) -> list[Threshold]:
    """The thresholds that judge a level on a day, transitional clauses included."""
    return [t for t in definition.thresholds if t.judged and t.level in (level, "any") and t.in_force(on)]


def base_threshold(definition: Definition, stage: str | None, level: str, on: date) -> Threshold | None:
    """The unconditional threshold in force: a stage's own before the general, a level's own before "any"."""
    found = [t for t in candidates(definition, level, on) if not t.when and t.stage in ("", stage or "")]
    return max(found, key=lambda t: (t.stage != "", t.level != "any"), default=None)


def clauses(definition: Definition, stage: str | None, on: date) -> list[tuple[int, Threshold]]:
    """Transitional clauses for units, with their position in the definition, first one first."""
    return [
        (i, t)
        for i, t in enumerate(definition.thresholds)
        if t.judged and t.when and t.in_force(on) and t.stage in ("", stage or "")
    ]


def meets(
    value: Column, target: FloatArray, direction: Direction, *, strict: bool = False, floor: float = 1.0
) -> Column:
    """Whether a value reaches its target, or `floor` times the way to it; null where either is missing.

    Where there is no target (NaN) the answer is "not applicable".
    """
    judged = ~np.isnan(target) & (direction is not Direction.NONE)
    reasons = np.where(judged, value.reasons, np.uint8(Reason.NOT_APPLICABLE))
    if direction is Direction.NONE:
        return Column(np.zeros(np.shape(reasons), dtype=np.bool_), reasons)
    operator = _OPERATORS[direction][strict]
    with np.errstate(all="ignore"):
        goal = target / floor if direction is Direction.DOWN else target * floor
    return Column(numbers.compare(operator, value.values, goal) & (reasons == 0), reasons)


def verdict(met: Column) -> VerdictArray:
    """Pass, fail, undefined or none from a condition."""
    return np.where(met.values & (met.reasons == 0), np.uint8(Verdict.PASS), _UNLESS_PASSED[met.reasons])


def judge(
    values: npt.ArrayLike, threshold: float, direction: Direction, reasons: npt.ArrayLike | None = None
) -> VerdictArray:
    """Verdicts of plain numbers against one threshold; NaN is undefined."""
    column = Column.of(values, reasons)
    return verdict(meets(column, np.full(len(column), threshold), direction))


def judged_together(parts: list[Column], asked: list[npt.NDArray[np.bool_]]) -> Column:
    """All stages that apply must pass; one known failure decides. Not applicable where no stage applies."""
    n = len(parts[0])
    failed = np.zeros(n, dtype=np.bool_)
    applies = np.zeros(n, dtype=np.bool_)
    open_reason: ReasonArray = np.zeros(n, dtype=np.uint8)
    for part, there in zip(parts, asked, strict=True):
        counted = there & (part.reasons != Reason.NOT_APPLICABLE)
        applies |= counted
        failed |= counted & (part.reasons == 0) & ~part.values
        open_reason = np.where(counted & (part.reasons != 0) & (open_reason == 0), part.reasons, open_reason)
    reasons = np.where(failed, np.uint8(0), open_reason)
    reasons = np.where(applies, reasons, np.uint8(Reason.NOT_APPLICABLE))
    return Column(applies & ~failed & (reasons == 0), reasons)
