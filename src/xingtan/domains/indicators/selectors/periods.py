"""Read periods."""

from __future__ import annotations

from xingtan.domains.indicators.models import Period
from xingtan.domains.indicators.types import PeriodData


def period_data(row: Period) -> PeriodData:
    """The plain data of a period row."""
    return PeriodData(row.pk, row.code, row.name, row.starts, row.ends)


def periods() -> tuple[PeriodData, ...]:
    """All periods, newest first."""
    return tuple(period_data(row) for row in Period.objects.order_by("-starts"))


def period_by_code(code: str) -> PeriodData | None:
    """The period of a code; None when there is none."""
    row = Period.objects.filter(code=code).first()
    return period_data(row) if row else None
