"""Numbers for reading."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def shown(value: float, decimals: int) -> str:
    """Rounded half away from zero, as people do by hand, with thousands separators: ``12,345.7``.

    The decimal digits that Python prints are rounded, not the binary value: 0.285 becomes 0.29 at two decimals.
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded + 0:,f}"
