"""Why a cell has no number, and which reason wins when several meet."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

ReasonArray = npt.NDArray[np.uint8]


class Reason(IntEnum):
    """Stored as uint8 beside every value; only `REPORTED` has a value."""

    REPORTED = 0
    NOT_APPLICABLE = 1
    UNKNOWN = 2
    NOT_REPORTED = 3
    SUPPRESSED = 4
    UNDEFINED = 5


# Not applicable wins, because a school that the question is not put to owes no answer, whatever else it left out.
# Suppressed comes next, so that a figure resting on a protected cell always says so. Then what somebody can still
# supply: first what was never reported, then what is not known. Undefined (0/0) last: with the cells it would change.
PRECEDENCE: tuple[Reason, ...] = (
    Reason.NOT_APPLICABLE,
    Reason.SUPPRESSED,
    Reason.NOT_REPORTED,
    Reason.UNKNOWN,
    Reason.UNDEFINED,
    Reason.REPORTED,
)

RANK: ReasonArray = np.zeros(len(Reason), dtype=np.uint8)
for _rank, _reason in enumerate(reversed(PRECEDENCE)):
    RANK[_reason] = _rank
BY_RANK: ReasonArray = np.array([int(reason) for reason in reversed(PRECEDENCE)], dtype=np.uint8)


def combine(first: ReasonArray, second: ReasonArray) -> ReasonArray:
    """The reason that wins, cell by cell (shapes broadcast)."""
    if not second.any():
        return first if first.ndim >= second.ndim else np.broadcast_to(first, second.shape)
    if not first.any():
        return second if second.ndim >= first.ndim else np.broadcast_to(second, first.shape)
    winner: ReasonArray = BY_RANK[np.maximum(RANK[first], RANK[second])]
    return winner
