"""Linear axes: round ticks, and the mapping from values to pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..types import Number


@dataclass(frozen=True)
class Axis:
    """Ticks from ``low`` to ``high`` (both are ticks), to be laid over ``start``…``end`` pixels."""

    ticks: tuple[float, ...]
    decimals: int
    start: float = 0.0
    end: float = 1.0

    @property
    def low(self) -> float:
        """Value at ``start``."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """Value at ``end``."""
        return self.ticks[-1]

    def at(self, value: Number) -> float:
        """Return the pixel of ``value``."""
        return self.start + (float(value) - self.low) / (self.high - self.low) * (self.end - self.start)

    def over(self, start: float, end: float) -> Axis:
        """Return the same axis laid over other pixels."""
        return Axis(self.ticks, self.decimals, start, end)


def axis(values: Iterable[Number | None], *, unit: str = "", from_zero: bool = True, intervals: int = 5) -> Axis:
    """Return an axis with about ``intervals`` round steps (1, 2, 2.5 or 5 × 10ⁿ) that covers ``values``.

    Percentages that fit stay within 0–100. Without any value the axis is 0–1. Raises ``ValueError`` on infinities
    and not-a-number, which are not measurements.
    """
    known = [float(v) for v in values if v is not None]
    if not all(map(math.isfinite, known)):
        raise ValueError("a chart value must be finite; pass None for a gap")
    if not known:
        return Axis((0.0, 1.0), 0)
    low, high = min(known), max(known)
    share = unit == "%" and low >= 0 and high <= 100
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9 * max(1.0, abs(high)):
        pad = abs(high) * 0.1 or 1.0
        low, high = (0.0 if from_zero and low >= 0 else low - pad), high + pad
    elif not from_zero:
        pad = (high - low) * 0.15
        low, high = low - pad, high + pad
    if share:
        low, high = max(low, 0.0), min(high, 100.0)
    step = _round_step((high - low) / intervals)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    exponent = Decimal(repr(step)).normalize().as_tuple().exponent
    decimals = max(0, -int(exponent))
    return Axis(tuple(round(i * step, 12) for i in range(first, last + 1)), decimals)


def _round_step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1, 2, 2.5, 5, 10):
        if raw <= factor * power * (1 + 1e-9):
            return float(f"{factor * power:.12g}")
    raise AssertionError("10 × the power always covers the raw step")
