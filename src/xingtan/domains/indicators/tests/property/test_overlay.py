"""Whatever rows come in, a cell has the value of the last row that speaks of it."""

from __future__ import annotations

import numpy as np
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xingtan.domains.indicators import api
from xingtan.domains.indicators.services.runs import newest_observation

SCHOOLS = ("A1", "A2", "A3", "B1")
ELEMENTS = ("pupils_primary", "pupils_junior", "rooms_multimedia", "internet", "bandwidth")
NOT_SAID, NOT_REPORTED = 255, 3
said = st.one_of(
    st.just((0.0, NOT_SAID)), st.tuples(st.just(0.0), st.integers(1, 4)), st.tuples(st.floats(0, 9), st.just(0))
)
batches = st.lists(
    st.tuples(
        st.lists(st.sampled_from(ELEMENTS), min_size=1, unique=True),
        # A school may stand twice in one batch: the later row wins there too.
        st.lists(st.tuples(st.sampled_from(SCHOOLS), st.lists(said, min_size=5, max_size=5)), min_size=1, max_size=6),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches, at=st.integers(0, 6))
def test_the_last_row_that_speaks_wins(world, system, period, batches, at):
    expected: dict[tuple[str, str], tuple[float, int]] = {}
    then: dict[tuple[str, str], tuple[float, int]] = {}
    with transaction.atomic():
        watermark = newest_observation()
        for number, (elements, rows) in enumerate(batches):
            if number == at:
                watermark, then = newest_observation(), dict(expected)
            cells = [[cell for cell, _ in zip(row, elements, strict=False)] for _, row in rows]
            api.batch_record(
                actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=api.Origin("imported"),
                block=api.Block(
                    tuple(elements), [world.schools[code] for code, _ in rows], [world.paths[code] for code, _ in rows],
                    np.array([[value for value, _ in row] for row in cells]),
                    np.array([[reason for _, reason in row] for row in cells], dtype=np.uint8),
                ),
            )  # fmt: skip
            for (code, _), row in zip(rows, cells, strict=True):
                expected |= {(code, e): cell for e, cell in zip(elements, row, strict=True) if cell[1] != NOT_SAID}
        if at >= len(batches):
            watermark, then = newest_observation(), dict(expected)
        for state, mark in ((expected, None), (then, watermark)):
            table = api.cell_table(
                actor=system, period_id=period.id, units=tuple(sorted(world.schools.values())), watermark=mark
            )
            for code in SCHOOLS:
                row = table.units.tolist().index(world.schools[code])
                for column, element in enumerate(table.elements):
                    found = (float(table.values[row, column]), int(table.reasons[row, column]))
                    assert found == state.get((code, element), (0.0, NOT_REPORTED)), (code, element)
            assert {e for _, e in state} <= set(table.elements)
        transaction.set_rollback(True)
