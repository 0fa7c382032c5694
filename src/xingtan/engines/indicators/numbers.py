"""Comparing and rounding as people do on paper, in spite of binary fractions.

Two numbers that differ by less than `TOLERANCE` of the larger are the same number: 0.1 * 3 reaches 0.3, and a school
exactly on a threshold is not failed by the sixteenth digit. That is far below anything a form can declare, so it is no
rounding before comparing. Rounding forgives only the last digits of a double (`ROUNDING`): 0.49887 is no half.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TOLERANCE = 1e-12
ROUNDING = 5e-16

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def compare(operator: str, left: npt.ArrayLike, right: npt.ArrayLike) -> BoolArray:
    """`left operator right` for =, !=, <, <=, >, >=; of the first three exactly one of <, =, > holds. NaN is false."""
    a = np.asarray(left, dtype=np.float64)
    b = np.asarray(right, dtype=np.float64)
    gap = a - b
    slack = TOLERANCE * np.maximum(np.abs(a), np.abs(b))
    if operator == ">=":
        return np.asarray(gap >= -slack)
    if operator == "<=":
        return np.asarray(gap <= slack)
    if operator == ">":
        return np.asarray(gap > slack)
    if operator == "<":
        return np.asarray(gap < -slack)
    if operator == "=":
        return np.asarray(np.abs(gap) <= slack)
    if operator == "!=":
        return np.asarray(np.abs(gap) > slack)
    raise ValueError(f"not a comparison: {operator}")


def floor(x: npt.ArrayLike) -> FloatArray:
    """Largest whole number not above x; a hair below a whole number counts as that number."""
    a = np.asarray(x, dtype=np.float64)
    return np.asarray(np.floor(a + TOLERANCE * np.abs(a)))


def ceil(x: npt.ArrayLike) -> FloatArray:
    """Smallest whole number not below x; a hair above a whole number counts as that number."""
    a = np.asarray(x, dtype=np.float64)
    return np.asarray(np.ceil(a - TOLERANCE * np.abs(a)))


def round_half_up(x: npt.ArrayLike, decimals: int) -> FloatArray:
    """Round to `decimals` places, halves away from zero (四舍五入), as printed: 2.675 gives 2.68. NaN stays NaN."""
    a = np.asarray(x, dtype=np.float64)
    if not 0 <= decimals <= 12:
        raise ValueError(f"decimals must be 0 to 12, not {decimals}")
    scale = 10.0**decimals
    scaled = np.abs(a) * scale
    rounded = np.copysign(np.floor(scaled + 0.5 + ROUNDING * scaled) / scale, a) + 0.0
    # Beyond 2**52 a double has no fraction left to round.
    return np.asarray(np.where(scaled >= 2.0**52, a, rounded))
