"""Two years of a few cells with the shipped catalogue, computed: enough for every page of the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from xingtan.domains.indicators.types import RunData
    from xingtan.platform.orgscope.actor import Actor

CELLS: dict[str, dict[str, float | None]] = {
    "A1": {"pupils_primary": 800, "rooms_multimedia": 20, "rooms_ordinary": 20, "internet": 1, "uplink_mbps": 200},
    "A2": {"pupils_junior": 500, "rooms_multimedia": 10, "rooms_ordinary": 20, "internet": 1, "uplink_mbps": 50},
    "A3": {
        "pupils_primary": 300, "pupils_junior": 200, "rooms_multimedia": 12, "rooms_ordinary": 15, "internet": 1,
        "uplink_mbps": None,
    },
    "B1": {"pupils_primary": 90, "rooms_multimedia": 1, "rooms_ordinary": 4, "internet": 0, "uplink_mbps": 20},
}  # fmt: skip
"""School B2 reports nothing; None is "unknown"."""

Compute = Callable[..., "RunData"]


@pytest.fixture
def compute(world: Any, system: Actor) -> Compute:
    """`compute("2026", cells)` writes cells of the world's schools and computes the city."""
    from xingtan.domains.indicators import api as indicators

    indicators.catalogue_sync(actor=system)

    def run(year: str = "2026", cells: Mapping[str, Mapping[str, float | None]] = CELLS) -> RunData:
        period = indicators.period_ensure(code=year)
        elements = tuple(sorted({code for row in cells.values() for code in row}))
        values = np.array([[row.get(code) or 0.0 for code in elements] for row in cells.values()])
        said = [
            [255 if code not in row else 2 if row[code] is None else 0 for code in elements] for row in cells.values()
        ]
        indicators.batch_record(
            actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=indicators.Origin("imported"),
            block=indicators.Block(
                elements, [world.schools[code] for code in cells], [world.paths[code] for code in cells], values,
                np.array(said, dtype=np.uint8),
            ),
        )  # fmt: skip
        made = indicators.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
        found = indicators.run_get(actor=system, run_id=made.pk)
        assert found is not None
        return found

    return run


@pytest.fixture
def two_years(compute: Compute) -> RunData:
    """2025 with less than 2026; the run of 2026."""
    compute("2025", {code: {**row, "rooms_multimedia": 1} for code, row in CELLS.items()})
    return compute("2026")
