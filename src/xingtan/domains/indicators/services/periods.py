"""Periods that figures speak of."""

from __future__ import annotations

from datetime import date

from django.db import connection

from xingtan.domains.indicators.models import Period
from xingtan.domains.indicators.selectors.periods import period_data
from xingtan.domains.indicators.types import PeriodData


class PeriodError(Exception):
    """The period is not one of the kinds known; the message says which are."""


def period_ensure(*, code: str) -> PeriodData:
    """The calendar year of a four-digit code, made when it is new; raise `PeriodError` otherwise."""
    if len(code) != 4 or not code.isascii() or not code.isdigit() or not 1980 <= int(code) <= 2100:
        raise PeriodError(f"{code!r} is not a year between 1980 and 2100")
    year = int(code)
    row, _created = Period.objects.get_or_create(
        code=code,
        defaults={
            "name": {"zh": f"{year}年", "en": code}, "starts": date(year, 1, 1), "ends": date(year, 12, 31),
        },
    )  # fmt: skip
    return period_data(row)


def period_lock(period_id: int) -> None:
    """Until the transaction ends, nobody else adds observations to the period or fixes what a run reads of it.

    So no observation can appear below a watermark that a run has taken. Take it before the lock of the audit trail
    (any `audit.record`): all take them in this order. Raise `Period.DoesNotExist`.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outlives its transaction: call this inside of one")
    Period.objects.select_for_update(no_key=True).get(pk=period_id)
