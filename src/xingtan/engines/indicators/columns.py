"""Columns of one period: what the engine is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from xingtan.engines.indicators.errors import TableError
from xingtan.engines.indicators.reasons import Reason, ReasonArray


@dataclass(frozen=True, eq=False)
class Column:
    """Values and reasons, shape (n,). `values` is float64 (or bool, or text inside expressions).

    Where `reasons` is not 0 the value carries no meaning; `of` and the engine put NaN there.
    """

    values: npt.NDArray[Any]
    reasons: ReasonArray

    @classmethod
    def of(cls, values: npt.ArrayLike, reasons: npt.ArrayLike | None = None) -> Column:
        """From any array of numbers; without `reasons` a NaN is "not reported". Errors: TableError."""
        numbers = np.array(values, dtype=np.float64)
        if reasons is None:
            why = np.where(np.isnan(numbers), Reason.NOT_REPORTED, Reason.REPORTED).astype(np.uint8)
        else:
            why = np.array(reasons, dtype=np.uint8)
            if why.shape != numbers.shape:
                raise TableError(f"{numbers.shape[0]} values but {why.shape[0]} reasons")
            numbers[why != 0] = np.nan
        return cls(numbers, why)

    def __len__(self) -> int:
        return int(self.reasons.shape[0])

    @property
    def reported(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.reasons == 0)


@dataclass(frozen=True, eq=False)
class UnitTable:
    """One period: `ids` int64 (n,), text `attributes` ("" is unknown) and number `columns` by element code.

    An element without a column was reported by nobody. Errors: TableError for lengths that differ, reasons that do not
    exist, or a "reported" cell that is no finite number.
    """

    ids: npt.NDArray[np.int64]
    attributes: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.ids)
        for name, texts in self.attributes.items():
            if np.shape(texts) != (n,):
                raise TableError(f"attribute {name} has shape {np.shape(texts)}, expected ({n},)")
        for name, column in self.columns.items():
            if np.shape(column.values) != (n,) or np.shape(column.reasons) != (n,):
                raise TableError(f"element {name} has {len(column)} cells, expected {n}")
            if n and column.reasons.max() > max(Reason):
                raise TableError(f"element {name} has a reason above {max(Reason)}")
            if not np.isfinite(column.values[column.reasons == 0]).all():
                raise TableError(f"element {name} has a reported cell that is not a finite number")

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, unit: int) -> UnitTable:
        """The table of one unit."""
        at = slice(unit, unit + 1) if unit >= 0 else slice(unit, unit + 1 or None)
        return UnitTable(
            self.ids[at],
            {name: texts[at] for name, texts in self.attributes.items()},
            {name: Column(c.values[at], c.reasons[at]) for name, c in self.columns.items()},
        )

    def column(self, element: str) -> Column:
        """The cells of an element; all "not reported" if the table has none."""
        found = self.columns.get(element)
        if found is None:
            n = len(self)
            return Column(np.full(n, np.nan), np.full(n, Reason.NOT_REPORTED, dtype=np.uint8))
        return found

    def attribute(self, name: str) -> npt.NDArray[np.str_]:
        """The texts of an attribute. Errors: TableError if the table lacks it."""
        found = self.attributes.get(name)
        if found is None:
            raise TableError(f"the table has no attribute {name}")
        return np.asarray(found, dtype=np.str_)


@dataclass(frozen=True, eq=False)
class Grouping:
    """A level above the unit, such as "county": `index` int (n,) is each unit's group, 0 … size-1, or -1 for none."""

    name: str
    index: npt.NDArray[np.intp]
    size: int

    def __post_init__(self) -> None:
        if self.name == "unit":
            raise TableError("a grouping cannot be called unit: that is the level of the table's rows")
        if len(self.index) and (self.index.min() < -1 or self.index.max() >= self.size):
            raise TableError(f"grouping {self.name} has an index outside -1 … {self.size - 1}")

    @cached_property
    def bins(self) -> npt.NDArray[np.intp]:
        """`index` + 1, so that units of no group fall into a bin 0 of their own."""
        return np.asarray(self.index + 1, dtype=np.intp)

    @classmethod
    def by(cls, name: str, keys: npt.ArrayLike) -> tuple[Grouping, npt.NDArray[Any]]:
        """A grouping by equal keys, and the sorted keys of its groups."""
        distinct, index = np.unique(np.asarray(keys), return_inverse=True)
        return cls(name, index.astype(np.intp), len(distinct)), distinct

    @classmethod
    def whole(cls, name: str, n: int) -> Grouping:
        """All n units in one group, such as the city."""
        return cls(name, np.zeros(n, dtype=np.intp), 1)
