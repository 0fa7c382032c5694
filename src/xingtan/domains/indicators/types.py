"""What other domains know of observations, runs and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

NOT_SAID = 255
"""Reason byte of a cell that an observation row does not speak of."""


@dataclass(frozen=True)
class PeriodData:
    """A span of days, both ends inclusive. `name` has "zh" and "en"."""

    id: int
    code: str
    name: Mapping[str, str]
    starts: date
    ends: date


@dataclass(frozen=True)
class CellTable:
    """The cells of n organisations × k elements in one period, as they stood at an observation id.

    `reasons` are the engine's (0 reported), `observation` the id of the row each cell comes from, 0 where there is
    none. Arrays are (n, k); `units` is (n,).
    """

    units: npt.NDArray[np.int64]
    elements: tuple[str, ...]
    values: npt.NDArray[np.float64]
    reasons: npt.NDArray[np.uint8]
    observation: npt.NDArray[np.int64]
    watermark: int


@dataclass(frozen=True)
class SourceData:
    """Where a cell came from: the batch with the subtree it covers, and the place in the file where there was one."""

    observation_id: int
    batch_id: int
    source: str
    created_by: str
    created_at: datetime
    note: str
    file_id: int | None
    file_name: str
    sheet: str
    row: int | None
    column: str
    header: str
    org_path: str


@dataclass(frozen=True)
class CellVersion:
    """One value a cell has had; the newest counts."""

    value: float | None
    reason: int
    source: SourceData


@dataclass(frozen=True)
class FigureData:
    """One figure of an organisation. `value` is raw, `rounded` as the definition's rounding shows it.

    `run_id` is the run that made it; `verdict` and `reason` are the engine's.
    """

    run_id: int
    org_unit_id: int
    code: str
    slice: str
    value: float | None
    rounded: float | None
    reason: int
    numerator: float | None
    denominator: float | None
    n_scope: int
    n_used: int
    n_missing: int
    target: float | None
    verdict: int


@dataclass(frozen=True)
class RunData:
    """One computation of a period; `base_id` is the full run it builds on (its own id for a full run)."""

    id: int
    kind: str
    base_id: int
    period: PeriodData
    org_path: str
    watermark: int
    input_hash: str
    definitions_hash: str
    created_at: datetime
    created_by: str
    statistics: Mapping[str, Any]
    definitions: tuple[int, ...] = ()
    """Ids of the definition versions that were computed."""
