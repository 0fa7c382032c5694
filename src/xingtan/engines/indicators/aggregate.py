"""From units to groups: sums, ratios of sums, weighted coefficients of variation, percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.engines.indicators.columns import Grouping
from xingtan.engines.indicators.numbers import BoolArray, FloatArray
from xingtan.engines.indicators.reasons import PRECEDENCE, Reason, ReasonArray

CountArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WeightedCV:
    """Rule R2 per group, each shape (groups,): mean = Σ resource / Σ weight, sd weighted, cv = sd / mean."""

    mean: FloatArray
    sd: FloatArray
    cv: FloatArray


def group_sum(grouping: Grouping, values: FloatArray, used: BoolArray) -> FloatArray:
    """Σ of `values` over the used units of each group; shape (groups,)."""
    return np.bincount(grouping.bins, np.where(used, values, 0.0), grouping.size + 1)[1:].astype(np.float64)


def group_count(grouping: Grouping, used: BoolArray) -> CountArray:
    """How many used units each group has; shape (groups,)."""
    return np.bincount(grouping.bins[used], minlength=grouping.size + 1)[1:].astype(np.int64)


def group_reason(grouping: Grouping, reasons: ReasonArray, asked: BoolArray) -> ReasonArray:
    """The winning null reason among the asked units of each group; "not applicable" where nobody was asked."""
    result = np.zeros(grouping.size, dtype=np.uint8)
    for reason in reversed(PRECEDENCE):
        if reason not in (Reason.REPORTED, Reason.NOT_APPLICABLE):
            result[group_count(grouping, asked & (reasons == reason)) > 0] = reason
    result[group_count(grouping, asked) == 0] = Reason.NOT_APPLICABLE
    return result


def divide(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """N / D; NaN where D is 0."""
    result: FloatArray = np.divide(numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator != 0)
    return result


def group_cv(grouping: Grouping, resource: FloatArray, weight: FloatArray, used: BoolArray) -> WeightedCV:
    """Rule R2 for each group. `used` units must have a weight above 0. NaN where the mean is not above 0.

    A resource that nobody has gives mean 0, for which no coefficient exists: not the even distribution 0 would claim.
    """
    total = group_sum(grouping, weight, used)
    mean = divide(group_sum(grouping, resource, used), total)
    per_head = np.divide(resource, weight, out=np.zeros(len(weight)), where=used)
    gap = per_head - np.append(mean, 0.0)[grouping.index]
    sd = np.sqrt(divide(group_sum(grouping, weight * gap * gap, used), total))
    cv = np.divide(sd, mean, out=np.full(grouping.size, np.nan), where=mean > 0)
    return WeightedCV(mean, sd, cv)


def weighted_cv(resource: npt.ArrayLike, weight: npt.ArrayLike) -> tuple[float, float, float]:
    """(mean, sd, cv) of one group: resources such as books, weights such as pupils, both shape (n,). Rule R2."""
    x = np.asarray(resource, dtype=np.float64)
    w = np.asarray(weight, dtype=np.float64)
    found = group_cv(Grouping.whole("all", len(x)), x, w, w > 0)
    return float(found.mean[0]), float(found.sd[0]), float(found.cv[0])


def composite_cv(single: Sequence[FloatArray]) -> FloatArray:
    """The plain mean of several CVs, each shape (groups,); NaN where one of them is NaN. Rule R9."""
    return np.asarray(np.mean(np.stack(single), axis=0))


def group_percentile(grouping: Grouping, values: FloatArray, used: BoolArray, q: float) -> FloatArray:
    """The q-quantile (0 … 1) of each group, linear between closest ranks; NaN for an empty group."""
    here = np.flatnonzero(used & (grouping.index >= 0))
    order = here[np.lexsort((values[here], grouping.index[here]))]
    ranked = values[order]
    counts = group_count(grouping, used)
    first = np.cumsum(counts) - counts
    place = q * np.maximum(counts - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(counts - 1, 0))
    result = np.full(grouping.size, np.nan)
    some = counts > 0
    lower = ranked[(first + low)[some]]
    upper = ranked[(first + high)[some]]
    result[some] = lower + (upper - lower) * (place - low)[some]
    return result
