"""A correction says which figures it changed, as far as its author may see them."""

from __future__ import annotations

import pytest

from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import Observation, Run
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh
from xingtan.domains.indicators.services.observations import ObservationError
from xingtan.engines.indicators import load_elements


def correct(world, username, period, school, element, value, reason=0):
    return cell_correct_and_refresh(
        actor=world.actor(username), unit_id=world.schools[school], period_id=period.id, element=element, value=value,
        reason=reason, note="核对",
    )  # fmt: skip


def told(done, slice="all"):
    return [
        (
            change.unit.code,
            change.definition.code,
            change.before and change.before.value,
            change.after and change.after.value,
        )
        for change in done.changes
        if change.slice == slice
    ]


def test_the_school_comes_first_then_upwards(world, period, computed):
    done = correct(world, "city", period, "A1", "rooms_multimedia", 24)
    rows = told(done)
    assert [row[:2] for row in rows] == [
        ("A1", "INF01"), ("A", "GOV04"), ("A", "INF01"), ("A", "INF02"), ("YZ", "GOV04"), ("YZ", "INF01"), ("YZ", "INF02")
    ]  # fmt: skip
    assert rows[0][2:] == (2.5, 3.0)


@pytest.mark.parametrize(("username", "codes"), [("principal_a1", {"A1"}), ("county_a", {"A1", "A"})])
def test_figures_above_are_not_told_to_those_below(world, period, computed, username, codes):
    done = correct(world, username, period, "A1", "rooms_multimedia", 24)
    assert {row[0] for row in told(done)} == codes


def test_a_value_that_disappears(world, period, computed):
    done = correct(world, "principal_a1", period, "A1", "internet", None, reason=3)
    assert told(done) == [("A1", "INF03", 100.0, None)]
    assert done.changes[0].after.reason == 3


def test_an_element_that_nothing_rests_on(world, system, period, computed):
    api.elements_sync(
        actor=system,
        elements=load_elements('[[element]]\ncode="spare"\nname={zh="备用",en="spare"}\nkind="integer"\ngroup="x"'),
    )
    done = correct(world, "principal_a1", period, "A1", "spare", 5)
    assert done.changes == ()
    # Still a run of its own: it knows that the cell was there.
    assert done.run.watermark > computed.watermark
    assert done.run.input_hash != computed.input_hash


def test_the_same_value_again_changes_no_figure(world, period, computed):
    done = correct(world, "principal_a1", period, "A1", "rooms_multimedia", 20)
    assert done.changes == ()
    assert done.run.input_hash == computed.input_hash


def test_all_or_nothing(world, period, computed):
    before = Observation.objects.unscoped(reason="test").count(), Run.objects.unscoped(reason="test").count()
    with pytest.raises(ObservationError):
        correct(world, "principal_a1", period, "A1", "rooms_multimedia", -1)
    with pytest.raises(ObservationError):
        correct(world, "principal_a1", period, "B1", "rooms_multimedia", 1)
    assert before == (
        Observation.objects.unscoped(reason="test").count(), Run.objects.unscoped(reason="test").count()
    )  # fmt: skip
