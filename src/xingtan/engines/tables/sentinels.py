"""Codes for missing answers that nobody declared: 88888, 9999, −1 standing far from all honest values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xingtan.engines.tables.types import F64

_FAR: Final = 10.0
"""Alone, a suspect must be this many times the largest other value."""
_FAR_WITH_COMPANY: Final = 3.0
"""The same code already found in another column of the table needs less."""
_MIN_DIGITS: Final = 3
_NEGATIVE: Final = frozenset((-1.0, -2.0, -7.0, -8.0, -9.0))
_MIN_OTHERS: Final = 5
"""Fewer other answers than this prove nothing."""


@dataclass(frozen=True, slots=True)
class Suspect:
    value: float
    count: int
    rest_maximum: float
    """The largest of the other values."""


def suspect_sentinels(columns: Sequence[F64]) -> list[tuple[Suspect, ...]]:
    """For each column of given numbers (any shape (k,)), the values that look like codes for a missing answer.

    Suspected are repeated digits of three or more places (999, 88888; also negative) at least ten times as large as
    any other value — three times if another column has the same code — and −1, −2, −7, −8, −9 where all other values
    are 0 or more. A column with fewer than five other values is left alone.
    """
    found = [_of_column(values, _FAR, None) for values in columns]
    known = frozenset(suspect.value for suspects in found for suspect in suspects if suspect.value not in _NEGATIVE)
    if not known:
        return found
    return [
        suspects or _of_column(values, _FAR_WITH_COMPANY, known)
        for values, suspects in zip(columns, found, strict=True)
    ]


def _of_column(values: F64, far: float, only: frozenset[float] | None) -> tuple[Suspect, ...]:
    if values.size <= _MIN_OTHERS:
        return ()
    distinct, counts = np.unique(values, return_counts=True)
    candidates = np.array([_is_candidate(x) and (only is None or x in only) for x in distinct.tolist()])
    if not candidates.any() or int(counts[~candidates].sum()) < _MIN_OTHERS:
        return ()
    rest = distinct[~candidates]
    largest = float(np.abs(rest).max())
    suspects: list[Suspect] = []
    for value, count in zip(distinct[candidates].tolist(), counts[candidates].tolist(), strict=True):
        isolated = bool((rest >= 0).all()) if value in _NEGATIVE else abs(value) >= far * max(largest, 1.0)
        if isolated:
            suspects.append(Suspect(value, count, float(rest.max())))
    return tuple(suspects)


def _is_candidate(value: float) -> bool:
    if value in _NEGATIVE:
        return True
    if not value.is_integer() or abs(value) >= 1e15:
        return False
    digits = str(abs(int(value)))
    return len(digits) >= _MIN_DIGITS and len(set(digits)) == 1 and digits[0] != "0"
