"""The operations of the language on columns. Shapes broadcast: a constant is a column of shape ().

Kept throughout: where a column is null, a number is NaN, a condition False and a text "".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np

from xingtan.engines.indicators import numbers
from xingtan.engines.indicators.columns import Column
from xingtan.engines.indicators.definitions import STAGES
from xingtan.engines.indicators.numbers import BoolArray, FloatArray
from xingtan.engines.indicators.reasons import Reason, ReasonArray, combine

# Rule R1: a junior pupil needs 1.1 times a primary pupil's share, a senior 1.2 times a junior's.
STAGE_WEIGHTS = dict(zip(STAGES, (1.0, 1.1, 1.32), strict=True))
_NONE = np.zeros((), dtype=np.uint8)
_UNDEFINED = np.uint8(Reason.UNDEFINED)
_NOT_APPLICABLE = np.uint8(Reason.NOT_APPLICABLE)


def constant(value: float | bool | str) -> Column:
    return Column(np.asarray(value), _NONE)


def null(reason: Reason) -> Column:
    return Column(np.asarray(np.nan), np.asarray(reason, dtype=np.uint8))


def all_reasons(columns: Sequence[Column]) -> ReasonArray:
    return reduce(combine, (c.reasons for c in columns))


def _number(values: Any, reasons: ReasonArray) -> Column:
    """A number column in which whatever is not finite has become undefined."""
    array: FloatArray = np.asarray(values, dtype=np.float64)
    bad = ~np.isfinite(array)
    if bad.any():
        reasons = np.where(bad & (reasons == 0), _UNDEFINED, reasons)
        array = np.where(bad, np.nan, array)
    return Column(array, reasons)


def arithmetic(sign: str, a: Column, b: Column) -> Column:
    reasons = combine(a.reasons, b.reasons)
    with np.errstate(all="ignore"):
        match sign:
            case "+":
                values = a.values + b.values
            case "-":
                values = a.values - b.values
            case "*":
                values = a.values * b.values
            case _:
                values = a.values / b.values
    return _number(values, reasons)


def negative(a: Column) -> Column:
    return Column(np.asarray(-a.values), a.reasons)


def rounding(how: Callable[[FloatArray], FloatArray], a: Column) -> Column:
    return Column(how(np.asarray(a.values, dtype=np.float64)), a.reasons)


def compare(sign: str, a: Column, b: Column) -> Column:
    reasons = combine(a.reasons, b.reasons)
    if a.values.dtype.kind == "f" and b.values.dtype.kind == "f":
        values = numbers.compare(sign, a.values, b.values)
    elif a.values.dtype.kind == b.values.dtype.kind:
        values = np.asarray((a.values == b.values) == (sign == "="))
    else:  # the bare null beside a condition or a text: null everywhere
        values = np.zeros(np.shape(reasons), dtype=np.bool_)
    return Column(np.asarray(values & (reasons == 0)), reasons)


def member(item: Column, options: Sequence[Column], negated: bool) -> Column:
    hit = any_of([compare("=", item, option) for option in options])
    return negation(hit) if negated else hit


def negation(a: Column) -> Column:
    return Column(np.asarray(~a.values & (a.reasons == 0)), a.reasons)


def all_of(terms: Sequence[Column]) -> Column:
    """Kleene's and: one known false decides, whatever is unknown."""
    failed: BoolArray = reduce(np.logical_or, (~t.values & (t.reasons == 0) for t in terms))
    reasons = np.where(failed, np.uint8(0), all_reasons(terms))
    return Column(np.asarray(~failed & (reasons == 0)), reasons)


def any_of(terms: Sequence[Column]) -> Column:
    """Kleene's or: one known true decides."""
    held: BoolArray = reduce(np.logical_or, (t.values & (t.reasons == 0) for t in terms))
    return Column(np.asarray(held), np.where(held, np.uint8(0), all_reasons(terms)))


def choose(condition: Column, a: Column, b: Column) -> Column:
    known = condition.reasons == 0
    reasons = np.where(known, np.where(condition.values, a.reasons, b.reasons), condition.reasons)
    return _filled(np.where(condition.values, *_alike(a.values, b.values)), reasons)


def coalesce(columns: Sequence[Column]) -> Column:
    result = columns[0]
    for column in columns[1:]:
        take = (result.reasons != 0) & (column.reasons == 0)
        reasons = np.where(take, np.uint8(0), combine(result.reasons, column.reasons))
        reasons = np.where(result.reasons == 0, np.uint8(0), reasons)
        ours, theirs = _alike(result.values, column.values)
        result = Column(np.where(take, theirs, ours), reasons)
    return _filled(result.values, result.reasons)


def state(what: str, a: Column) -> Column:
    match what:
        case "reported":
            values = a.reasons == 0
        case "applicable":
            values = a.reasons != Reason.NOT_APPLICABLE
        case _:
            values = (a.reasons != 0) & (a.reasons != Reason.NOT_APPLICABLE)
    return Column(np.asarray(values), np.zeros(a.reasons.shape, dtype=np.uint8))


def applicable_only(columns: Sequence[Column]) -> tuple[list[BoolArray], ReasonArray]:
    """Per column where it applies; and the reasons of a result that passes over what does not apply."""
    applies = [np.asarray(c.reasons != Reason.NOT_APPLICABLE) for c in columns]
    masked = [np.where(there, c.reasons, np.uint8(0)) for there, c in zip(applies, columns, strict=True)]
    anything: BoolArray = reduce(np.logical_or, applies)
    return applies, np.where(anything, reduce(combine, masked), _NOT_APPLICABLE)


def gather(how: str, columns: Sequence[Column]) -> Column:
    """sum_of, min, max over the columns that apply; count_true over conditions that apply."""
    applies, reasons = applicable_only(columns)
    neutral = {"min": np.inf, "max": -np.inf}.get(how, 0.0)
    parts = [
        np.where(there, np.asarray(c.values, dtype=np.float64), neutral)
        for there, c in zip(applies, columns, strict=True)
    ]
    operation: Callable[[Any, Any], Any] = {"min": np.minimum, "max": np.maximum}.get(how, np.add)
    with np.errstate(all="ignore"):
        values = reduce(operation, parts)
    return _number(np.where(reasons == 0, values, np.nan), reasons)


def k_of_n(k: int, floor: float, items: Sequence[tuple[str, Column, Column]]) -> Column:
    """At least k of the comparisons hold and every other comes within the floor of its (positive) threshold."""
    met = [compare(sign, value, threshold) for sign, value, threshold in items]
    if floor == 0:
        return enough(k, met, None)
    near = [
        compare(sign, value, arithmetic("*" if sign == ">=" else "/", threshold, constant(floor)))
        for sign, value, threshold in items
    ]
    return enough(k, met, near)


def enough(k: int, met: Sequence[Column], near: Sequence[Column] | None) -> Column:
    """k of n conditions hold, and every one of `near`, where given; true or false only where certain.

    A null item could hold or could miss its floor, so it leaves the result open unless the rest already decides.
    """
    n_met: Any = reduce(np.add, ((m.values & (m.reasons == 0)).astype(np.int16) for m in met))
    n_null: Any = reduce(np.add, ((m.reasons != 0).astype(np.int16) for m in met))
    below: Any = np.asarray(False)
    if near is not None:
        below = reduce(np.logical_or, (~c.values & (c.reasons == 0) for c in near))
    certain_false = below | (n_met + n_null < k)
    certain_true = ~below & (n_met >= k) & ((n_null == 0) | (near is None))
    reasons = np.where(certain_false | certain_true, np.uint8(0), all_reasons(met))
    return Column(np.asarray(certain_true), reasons)


def by_stage(stage: str | None, columns: Sequence[Column]) -> Column:
    """The column of one stage; over all stages the sum, or for conditions whether all that apply hold."""
    if stage is not None:
        position = STAGES.index(stage)
        return columns[position] if position < len(columns) else null(Reason.NOT_APPLICABLE)
    if any(c.values.dtype.kind == "b" for c in columns):
        applies, reasons = applicable_only(columns)
        terms = [
            Column(np.where(there, c.values, True).astype(np.bool_), np.where(there, c.reasons, np.uint8(0)))
            for there, c in zip(applies, columns, strict=True)
        ]
        verdict = all_of(terms)
        reasons = np.where(reasons == Reason.NOT_APPLICABLE, reasons, verdict.reasons)
        return Column(np.asarray(verdict.values & (reasons == 0)), reasons)
    return gather("sum_of", columns)


def stage_divisor(stage: str, pupils: Sequence[Column]) -> Column:
    """Rule R1: all pupils of a school, counted in pupils of `stage`. Not applicable without pupils of that stage."""
    own = pupils[STAGES.index(stage)]
    weighted = [
        arithmetic("*", column, constant(STAGE_WEIGHTS[name] / STAGE_WEIGHTS[stage]))
        for name, column in zip(STAGES, pupils, strict=False)
    ]
    total = gather("sum_of", weighted)
    absent = (own.reasons == Reason.NOT_APPLICABLE) | ((own.reasons == 0) & (own.values == 0))
    return Column(np.where(absent, np.nan, total.values), np.where(absent, _NOT_APPLICABLE, total.reasons))


def stage_split(stage: str | None, resource: Column, pupils: Sequence[Column]) -> Column:
    """Rule R1: the part of a resource that one stage's pupils may claim; the parts of all stages make the whole."""
    if stage is None:
        return resource
    position = STAGES.index(stage)
    if position >= len(pupils):
        return null(Reason.NOT_APPLICABLE)
    claim = arithmetic("/", pupils[position], stage_divisor(stage, pupils))
    return arithmetic("*", resource, claim)


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Two value arrays of one dtype kind: the bare null is a NaN that must fit conditions and texts too."""
    if a.dtype.kind == b.dtype.kind:
        return a, b
    if a.dtype.kind == "f":
        return np.zeros(a.shape, dtype=b.dtype), b
    return a, np.zeros(b.shape, dtype=a.dtype)


def _filled(values: Any, reasons: ReasonArray) -> Column:
    blank: Any = {"f": np.nan, "b": False}.get(values.dtype.kind, "")
    return Column(np.where(reasons == 0, values, blank), reasons)
