"""Small tables for the tests of the indicator engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from xingtan.engines import indicators as ind

ON = date(2026, 9, 1)
# Short names for null cells, in the order of the reasons.
NA, UNKNOWN, UNREPORTED, HIDDEN, UNDEFINED = (float(-1001 - i) for i in range(5))


def column(cells: Sequence[float]) -> ind.Column:
    values = np.array(cells, dtype=np.float64)
    reasons = np.where(values <= NA, -1000 - values, 0).astype(np.uint8)
    return ind.Column.of(values, reasons)


def table(columns: dict[str, Sequence[float]], **attributes: Sequence[str]) -> ind.UnitTable:
    n = len(next(iter(columns.values()))) if columns else len(next(iter(attributes.values())))
    return ind.UnitTable(
        np.arange(1, n + 1),
        {name: np.array(texts) for name, texts in attributes.items()},
        {name: column(cells) for name, cells in columns.items()},
    )


def schema(*numbers: str, booleans: Sequence[str] = ()) -> ind.Schema:
    return ind.Schema(dict.fromkeys(numbers, ind.Type.NUMBER) | dict.fromkeys(booleans, ind.Type.BOOLEAN))


def definition(code: str = "AAA01", kind: str = "ratio", **fields: Any) -> ind.Definition:
    row = {"code": code, "name": {"zh": "指标", "en": "indicator"}, "kind": kind, **fields}
    return ind.definition_from_dict(row)


def cells(found: ind.Column) -> list[float | bool | str | ind.Reason]:
    """Values as Python objects, nulls as their reason."""
    pairs = zip(found.values.tolist(), found.reasons.tolist(), strict=True)
    return [value if reason == 0 else ind.Reason(reason) for value, reason in pairs]
