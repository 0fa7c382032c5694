"""Observed values: rows are only added, and the later row wins cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import IntegrityError, transaction

from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import Batch, Observation
from xingtan.domains.indicators.selectors.cells import newest_observation, table_hash
from xingtan.domains.indicators.services.observations import ObservationError
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import PermissionRefused

UNKNOWN, NOT_REPORTED = 2, 3


def cell(table, unit_id, element):
    row, column = table.units.tolist().index(unit_id), table.elements.index(element)
    return float(table.values[row, column]), int(table.reasons[row, column])


def rows():
    return Observation.objects.unscoped(reason="test").count()


def test_a_later_row_wins_only_where_it_speaks(world, system, period, observe):
    first = observe(period, {"A1": {"pupils_primary": 800, "internet": 1}, "A2": {"internet": 1}})
    observe(period, {"A1": {"internet": 0, "bandwidth": None}})
    table = api.cell_table(actor=system, period_id=period.id)
    a1, a2 = world.schools["A1"], world.schools["A2"]
    assert cell(table, a1, "pupils_primary") == (800, 0)
    assert cell(table, a1, "internet") == (0, 0)
    assert cell(table, a1, "bandwidth") == (0, UNKNOWN)
    assert cell(table, a2, "pupils_primary") == (0, NOT_REPORTED)
    assert cell(table, a2, "internet") == (1, 0)
    assert rows() == 3
    assert first.statistics == {}


def test_a_null_replaces_a_value_and_a_value_a_null(world, system, period, observe):
    observe(period, {"A1": {"bandwidth": 200}})
    observe(period, {"A1": {"bandwidth": None}})
    assert cell(api.cell_table(actor=system, period_id=period.id), world.schools["A1"], "bandwidth") == (0, UNKNOWN)
    observe(period, {"A1": {"bandwidth": 300}})
    assert cell(api.cell_table(actor=system, period_id=period.id), world.schools["A1"], "bandwidth") == (300, 0)


def test_a_watermark_gives_the_cells_as_they_were(world, system, period, observe):
    observe(period, {"A1": {"bandwidth": 200}})
    then = newest_observation()
    before = table_hash(api.cell_table(actor=system, period_id=period.id))
    observe(period, {"A1": {"bandwidth": 300}, "A2": {"internet": 1}})
    again = api.cell_table(actor=system, period_id=period.id, watermark=then)
    assert table_hash(again) == before
    assert table_hash(api.cell_table(actor=system, period_id=period.id)) != before


def test_the_hash_does_not_depend_on_what_a_null_carries(world, system, period):
    def batch(number):
        return api.batch_record(
            actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=api.Origin("imported"),
            block=api.Block(
                ("bandwidth",), [world.schools["A1"]], [world.paths["A1"]], np.array([[number]]),
                np.array([[UNKNOWN]], dtype=np.uint8),
            ),
        )  # fmt: skip

    batch(7.0)
    first = table_hash(api.cell_table(actor=system, period_id=period.id))
    batch(np.nan)
    assert table_hash(api.cell_table(actor=system, period_id=period.id)) == first


def test_periods_do_not_mix(world, system, period, observe):
    observe(period, {"A1": {"bandwidth": 200}})
    other = api.period_ensure(code="2024")
    assert len(api.cell_table(actor=system, period_id=other.id).units) == 0


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (lambda w: api.Block(("nothing",), [w.schools["A1"]], [w.paths["A1"]], np.ones((1, 1)), np.zeros((1, 1), np.uint8)), "unknown elements: nothing"),
        (lambda w: api.Block(("internet",), [w.schools["A1"]], [w.paths["A1"]], np.array([[np.inf]]), np.zeros((1, 1), np.uint8)), "not a finite number"),
        (lambda w: api.Block(("internet", "internet"), [w.schools["A1"]], [w.paths["A1"]], np.ones((1, 2)), np.zeros((1, 2), np.uint8)), "stands twice"),
        (lambda w: api.Block(("internet",), [w.schools["A1"]], [w.paths["A1"]], np.ones((2, 1)), np.zeros((1, 1), np.uint8)), "must be"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_named(world, system, period, block, words):
    with pytest.raises(ObservationError, match=words):
        api.batch_record(
            actor=system, org_path=world.paths["YZ"], period_id=period.id, origin=api.Origin("imported"),
            block=block(world),
        )  # fmt: skip
    assert rows() == 0


def test_nobody_writes_outside_of_his_subtree(world, period):
    block = api.Block(
        ("internet",), [world.schools["B1"]], [world.paths["B1"]], np.ones((1, 1)), np.zeros((1, 1), np.uint8)
    )
    for username, path in (("county_a", "YZ"), ("county_a", "B"), ("principal_a1", "A1")):
        with pytest.raises(PermissionRefused):
            api.batch_record(
                actor=world.actor(username), org_path=world.paths[path], period_id=period.id,
                origin=api.Origin("imported"), block=block,
            )  # fmt: skip
    with pytest.raises(ObservationError, match="1 organisations lie outside"):
        api.batch_record(
            actor=world.actor("county_a"), org_path=world.paths["A"], period_id=period.id,
            origin=api.Origin("imported"), block=block,
        )  # fmt: skip
    assert rows() == 0
    assert not Batch.objects.unscoped(reason="test").exists()
    assert not AuditEvent.objects.unscoped(reason="test").filter(action="indicators.batch.record").exists()


def test_one_content_is_stored_once(world, period, observe):
    observe(period, {"A1": {"internet": 1}}, content_hash="f00d")
    with pytest.raises(IntegrityError), transaction.atomic():
        observe(period, {"A1": {"internet": 1}}, content_hash="f00d")
    assert rows() == 1


def test_history_tells_every_value_with_its_place_in_the_file(world, system, period, observe):
    observe(
        period, {"A1": {"bandwidth": 200}}, sheet="基本情况", note="年报",
        columns={"bandwidth": {"letter": "H", "header": "出口带宽(M)"}},
    )  # fmt: skip
    observe(period, {"A1": {"internet": 1}})
    api.cell_correct(
        actor=world.actor("principal_a1"), unit_id=world.schools["A1"], period_id=period.id, element="bandwidth",
        value=None, reason=UNKNOWN, note="测不出",
    )  # fmt: skip
    newest, oldest = api.cell_history(
        actor=world.actor("principal_a1"), unit_id=world.schools["A1"], period_id=period.id, element="bandwidth"
    )
    assert (newest.value, newest.reason, newest.source.note, newest.source.created_by) == (
        None,
        2,
        "测不出",
        "principal_a1",
    )
    assert (oldest.value, oldest.reason) == (200, 0)
    place = oldest.source
    assert (place.sheet, place.row, place.column, place.header) == ("基本情况", 2, "H", "出口带宽(M)")
    assert not api.cell_history(
        actor=world.actor("principal_b1"), unit_id=world.schools["A1"], period_id=period.id, element="bandwidth"
    )


@pytest.mark.parametrize(
    ("element", "value", "reason"),
    [
        ("pupils_primary", -1, 0), ("pupils_primary", 20001, 0), ("pupils_primary", 1.5, 0), ("internet", 2, 0),
        ("bandwidth", float("nan"), 0), ("bandwidth", None, 0), ("bandwidth", 5, 3), ("bandwidth", None, 5),
        ("bandwidth", None, 255), ("nothing", 1, 0),
    ],
)  # fmt: skip
def test_a_correction_out_of_range_is_refused(world, period, element, value, reason):
    with pytest.raises(ObservationError):
        api.cell_correct(
            actor=world.actor("principal_a1"), unit_id=world.schools["A1"], period_id=period.id, element=element,
            value=value, reason=reason, note="错",
        )  # fmt: skip
    assert rows() == 0


def test_a_correction_says_why(world, period):
    with pytest.raises(ObservationError):
        api.cell_correct(
            actor=world.actor("principal_a1"), unit_id=world.schools["A1"], period_id=period.id, element="bandwidth",
            value=1, reason=0, note="   ",
        )  # fmt: skip
    assert rows() == 0


def test_nobody_corrects_a_foreign_school(world, period):
    for username in ("principal_a1", "county_a"):
        with pytest.raises(ObservationError, match=r"不存在|does not exist|没有这个机构"):
            api.cell_correct(
                actor=world.actor(username), unit_id=world.schools["B1"], period_id=period.id, element="bandwidth",
                value=1, reason=0, note="错",
            )  # fmt: skip
    assert rows() == 0
    assert not AuditEvent.objects.unscoped(reason="test").filter(action="indicators.cell.correct").exists()
