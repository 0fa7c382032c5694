"""Random numbers that are the same on every machine, so that one seed is one demo city."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")


class Draws:
    """A stream of its own for each key, so that a new use of chance leaves all others as they were.

    Built on the raw output of PCG64, which numpy promises never to change, and on additions and multiplications
    alone: sines and logarithms may differ in the last bit between processors.
    """

    def __init__(self, *key: object) -> None:
        digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "big"))

    def uniform(self, n: int) -> npt.NDArray[np.float64]:
        """n numbers, each at least 0 and below 1."""
        raw: npt.NDArray[np.uint64] = self._bits.random_raw(n)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def bell(self, n: int) -> npt.NDArray[np.float64]:
        """n numbers of a bell shape, mean 0, standard deviation 1, none beyond ±3.5 (sum of four uniforms)."""
        four = self.uniform(4 * n).reshape(4, n)
        bell: npt.NDArray[np.float64] = (four[0] + four[1] + four[2] + four[3] - 2.0) * 3.0**0.5
        return bell

    def one(self) -> float:
        """One number, at least 0 and below 1."""
        return float(self.uniform(1)[0])

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.one() * limit)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a new order."""
        order = np.argsort(self.uniform(len(items)), kind="stable")
        return [items[int(place)] for place in order]
