"""Figures in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from xingtan.engines.indicators.aggregate import CountArray
from xingtan.engines.indicators.numbers import FloatArray, round_half_up
from xingtan.engines.indicators.reasons import ReasonArray
from xingtan.engines.indicators.verdicts import VerdictArray


@dataclass(frozen=True, eq=False)
class Block:
    """One indicator, slice and level: arrays of shape (groups,), or (units,) at level "unit".

    `value`, `numerator`, `denominator` and `target` are NaN where there is none; `reason` says why a value is missing.
    """

    code: str
    slice: str
    level: str
    value: FloatArray
    numerator: FloatArray
    denominator: FloatArray
    n_scope: CountArray
    n_used: CountArray
    n_missing: CountArray
    reason: ReasonArray
    target: FloatArray
    verdict: VerdictArray
    decimals: int

    @property
    def rounded(self) -> FloatArray:
        """`value` as it is printed, halves away from zero."""
        return round_half_up(self.value, self.decimals)

    @property
    def coverage(self) -> FloatArray:
        """n_used / n_scope; NaN where nobody was asked."""
        out = np.full(len(self.n_scope), np.nan)
        return np.asarray(np.divide(self.n_used, self.n_scope, out=out, where=self.n_scope > 0))

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True, eq=False)
class Results:
    """All blocks of one computation, in the order of the definitions, slices and levels."""

    blocks: Mapping[tuple[str, str, str], Block]

    def get(self, code: str, slice: str = "all", level: str = "unit") -> Block:  # noqa: A002 - the field's word
        """One block. Errors: KeyError, naming what there is of that indicator."""
        found = self.blocks.get((code, slice, level))
        if found is None:
            there = sorted(f"{s} at {lev}" for c, s, lev in self.blocks if c == code)
            raise KeyError(f"{code} has no {slice} at {level}; it has {', '.join(there) or 'no results'}")
        return found

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks.values())

    def __len__(self) -> int:
        return len(self.blocks)
