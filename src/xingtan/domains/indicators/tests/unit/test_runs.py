"""Runs: reproducible, and a refresh is a full recomputation of what it touches."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import Figure, Run
from xingtan.domains.indicators.selectors.cells import newest_observation
from xingtan.domains.indicators.services import observations
from xingtan.domains.indicators.services import runs as service
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import PermissionRefused

PASS, FAIL, UNDEFINED = 1, 2, 3


def figures(actor, run):
    return {
        key: (f.value, f.reason, f.numerator, f.denominator, f.n_scope, f.n_used, f.n_missing, f.verdict)
        for key, f in api.figures(actor=actor, run=run, slices=()).items()
    }


def correct(actor, world, period, school, element, value, reason=0):
    return cell_correct_and_refresh(
        actor=actor, unit_id=world.schools[school], period_id=period.id, element=element, value=value, reason=reason,
        note="核对",
    )  # fmt: skip


def test_sums_are_divided_and_missing_schools_counted(world, system, computed):
    found = api.figures(actor=system, run=computed, codes=("INF01", "INF03"))
    city = found[world.city, "INF01", "all"]
    # (20 + 10 + 12 + 1) rooms over (800 + 500 + 300 + 200 + 90) pupils; B2 is a senior high school, not asked.
    assert (city.numerator, city.denominator) == (43, 1890)
    assert city.value == pytest.approx(100 * 43 / 1890)
    assert (city.n_scope, city.n_used, city.n_missing) == (4, 4, 0)
    internet = found[world.city, "INF03", "all"]
    assert (internet.value, internet.n_scope, internet.n_missing, internet.verdict) == (75.0, 5, 1, FAIL)
    assert found[world.counties["A"], "INF03", "all"].verdict == PASS


def test_a_run_can_be_repeated_after_more_cells_came_in(world, system, period, computed, observe):
    observe(period, {"A1": {"rooms_multimedia": 99}, "B2": {"internet": 1}})
    check = api.run_check(actor=system, run_id=computed.id)
    assert check.same
    assert check.figures == Figure.objects.unscoped(reason="test").filter(run_id=computed.id).count() > 50


def test_a_tampered_figure_is_found(world, system, computed):
    victim = Figure.objects.unscoped(reason="test").filter(run_id=computed.id, code="INF01", slice="all")
    victim.filter(org_unit_id=world.city).update(value=3.0)
    check = api.run_check(actor=system, run_id=computed.id)
    assert not check.same
    assert check.same_inputs
    assert check.different == (f"INF01 all #{world.city}",)


def test_a_tampered_cell_is_found(world, system, period, computed):
    from xingtan.domains.indicators.models import Observation

    row = Observation.objects.unscoped(reason="test").get(org_unit_id=world.schools["A1"])
    Observation.objects.unscoped(reason="test").filter(pk=row.pk).update(reasons=bytes(len(bytes(row.reasons))))
    check = api.run_check(actor=system, run_id=computed.id)
    assert not check.same_inputs
    assert not check.same


def test_equal_inputs_have_equal_hashes(world, system, period, computed):
    again = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert (again.input_hash, again.definitions_hash) == (computed.input_hash, computed.definitions_hash)
    assert again.pk != computed.id


def test_a_refresh_equals_a_full_recomputation(world, system, period, computed):
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    refreshed = figures(system, api.newest_run(actor=system, period_id=period.id))
    full = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert refreshed == figures(system, api.run_get(actor=system, run_id=full.pk))
    assert done.run.input_hash == full.input_hash


def test_a_refresh_writes_the_county_and_the_city_only(world, system, period, computed):
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    written = Figure.objects.unscoped(reason="test").filter(run_id=done.run.id)
    assert set(written.values_list("org_unit_id", flat=True)) == {world.city, world.counties["A"]}
    old = api.figures(actor=system, run=computed, codes=("INF01",))
    new = api.figures(actor=system, run=done.run, codes=("INF01",))
    assert old[world.city, "INF01", "all"].value != new[world.city, "INF01", "all"].value
    b = (world.counties["B"], "INF01", "all")
    assert new[b] == old[b]
    assert set(written.values_list("code", flat=True)) == {"INF01", "INF02", "GOV04"}  # what rests on the element


def test_a_refresh_without_elements_computes_everything(world, system, period, computed, observe):
    observe(period, {"A1": {"rooms_multimedia": 4, "internet": 0}})
    run = api.run_refresh(actor=system, period_id=period.id, unit_path=world.paths["A1"])
    written = set(Figure.objects.unscoped(reason="test").filter(run_id=run.pk).values_list("code", flat=True))
    assert written == {"INF01", "INF02", "INF03", "INF04", "GOV04"}
    full = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert figures(system, api.run_get(actor=system, run_id=run.pk)) == figures(
        system, api.run_get(actor=system, run_id=full.pk)
    )


def test_a_correction_and_its_undo_give_the_figures_of_before(world, system, period, computed):
    before = figures(system, computed)
    correct(world.actor("county_a"), world, period, "A1", "rooms_multimedia", None, reason=3)
    assert figures(system, api.newest_run(actor=system, period_id=period.id)) != before
    undone = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 20)
    assert figures(system, api.newest_run(actor=system, period_id=period.id)) == before
    assert undone.run.input_hash == computed.input_hash


def test_a_refresh_keeps_the_definitions_of_its_base(world, system, period, computed):
    from xingtan.engines.indicators import definition_from_dict

    old = api.versions_in_force(period.ends)
    body = next(row.body for row in old if row.code == "INF01")
    api.definitions_add(actor=system, definitions=[definition_from_dict({**body, "factor": 1000.0})])
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 21)
    key = (world.city, "INF01", "all")
    assert api.figures(actor=system, run=done.run, codes=("INF01",))[key].value == pytest.approx(100 * 44 / 1890)
    full = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    run = api.run_get(actor=system, run_id=full.pk)
    assert api.figures(actor=system, run=run, codes=("INF01",))[key].value == pytest.approx(1000 * 44 / 1890)
    assert api.run_check(actor=system, run_id=computed.id).same


def test_without_a_run_there_is_nothing_to_refresh(world, period, observe):
    observe(period)
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    assert done.run is None
    assert done.changes == ()


def test_a_county_computed_on_its_own_is_refreshed_too(world, system, period, computed):
    alone = api.run_compute(actor=system, period_id=period.id, root=world.paths["A"])
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    assert done.run.base_id == computed.id
    made = Run.objects.unscoped(reason="test").filter(kind="refresh").order_by("org_path")
    assert [(run.base_id, run.org_path) for run in made] == [
        (computed.id, world.paths["YZ"]), (alone.pk, world.paths["A"])
    ]  # fmt: skip
    key = (world.counties["A"], "INF01", "all")
    values = {
        api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))[key].value
        for run in made
    }
    assert len(values) == 1


def test_a_cell_that_comes_in_while_computing_is_not_lost(world, system, period, computed, monkeypatch):
    """The correction lands between reading and writing of a full run; the run must hold it."""
    original, calls = service._compute, []

    def interrupted(*arguments):
        result = original(*arguments)
        if not calls:
            calls.append(1)
            correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
        return result

    monkeypatch.setattr(service, "_compute", interrupted)
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert run.watermark == newest_observation()
    key = (world.city, "INF01", "all")
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))
    assert found[key].numerator == 27
    assert api.run_check(actor=system, run_id=run.pk).same


@pytest.mark.parametrize("username", ["county_a", "principal_a1"])
def test_only_the_city_computes(world, period, observe, username):
    observe(period)
    actor = world.actor(username)
    for call in (
        lambda: api.run_compute(actor=actor, period_id=period.id, root=world.paths["YZ"]),
        lambda: api.run_compute(actor=actor, period_id=period.id, root=world.paths["A"]),
        lambda: service.compute_start(actor=actor, period_ids=[period.id], root=world.paths["YZ"]),
    ):
        with pytest.raises(PermissionRefused):
            call()
    assert not Run.objects.unscoped(reason="test").exists()
    assert not AuditEvent.objects.unscoped(reason="test").filter(action__startswith="indicators.run").exists()


def test_a_check_of_a_foreign_or_partial_run_is_refused(world, system, period, computed):
    done = correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    for actor, run_id in ((system, done.run.id), (system, 10**9), (world.actor("county_a"), computed.id)):
        with pytest.raises(service.RunError):
            api.run_check(actor=actor, run_id=run_id)


def test_a_paused_school_leaves_the_scope_and_a_closed_one_the_table(world, system, period, observe):
    observe(period)
    rows = [
        OrgUnitRow("A", "东湖区", "county", "YZ"),
        OrgUnitRow("A1", "东湖第一小学", "school", "A", "primary", "urban", "paused", 30.5, 114.3),
    ]
    directory.org_units_sync(actor=system, rows=rows, valid_from=date(2025, 9, 1))
    OrgUnitVersion.objects.unscoped(reason="test").filter(unit_id=world.schools["A2"]).update(valid_to=date(2025, 6, 1))
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert run.statistics["schools"] == 4
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))
    assert found[world.counties["A"], "INF01", "all"].n_scope == 1
    # The year before, both were there.
    earlier = api.period_ensure(code="2024")
    observe(earlier)
    run = api.run_compute(actor=system, period_id=earlier.id, root=world.paths["YZ"])
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))
    assert found[world.counties["A"], "INF01", "all"].n_scope == 3


def test_a_school_that_moves_counts_where_it_belonged(world, system, period, observe):
    earlier = api.period_ensure(code="2024")
    observe(earlier)
    observe(period)
    versions = OrgUnitVersion.objects.unscoped(reason="test").filter(unit_id=world.schools["A1"])
    old = versions.get()
    versions.update(valid_to=date(2025, 1, 1))
    OrgUnitVersion._base_manager.create(
        unit_id=old.unit_id, valid_from=date(2025, 1, 1), name=old.name, parent_id=world.counties["B"], stage=old.stage,
        area_type=old.area_type,
    )  # fmt: skip
    scopes = {}
    for when in (earlier, period):
        run = api.run_compute(actor=system, period_id=when.id, root=world.paths["YZ"])
        found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))
        scopes[when.code] = [found[world.counties[code], "INF01", "all"].n_scope for code in ("A", "B")]
    assert scopes == {"2024": [3, 1], "2025": [2, 2]}
    # A correction to the year after the move refreshes the county it moved to.
    done = correct(system, world, period, "A1", "rooms_multimedia", 4)
    written = Figure.objects.unscoped(reason="test").filter(run_id=done.run.id)
    assert set(written.values_list("org_unit_id", flat=True)) == {world.city, world.counties["B"]}


def test_campuses_that_report_stand_for_their_school(world, system, period, observe):
    observe(period)
    rows = [
        OrgUnitRow("A", "东湖区", "county", "YZ"),
        OrgUnitRow("A1", "东湖第一小学", "school", "A", "primary", "urban", "active", 30.5, 114.3),
        OrgUnitRow("A1X", "东校区", "campus", "A1", "primary", "urban"),
        OrgUnitRow("A1Y", "西校区", "campus", "A1", "primary", "urban"),
    ]
    ids = directory.org_units_sync(actor=system, rows=rows, valid_from=world.start).ids
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert run.statistics["schools"] == 5
    world.schools["A1X"] = ids["A1X"]
    world.paths["A1X"] = directory.unit_on(actor=system, unit_id=ids["A1X"], day=period.ends).path
    observe(period, {"A1X": {"pupils_primary": 100, "rooms_multimedia": 9}})
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=run.pk), codes=("INF01",))
    city = found[world.city, "INF01", "all"]
    assert (city.numerator, city.denominator) == (43 - 20 + 9, 1890 - 800 + 100)


def test_what_cannot_be_computed_says_so(world, system):
    empty = api.period_ensure(code="2025")
    with pytest.raises(service.RunError):
        api.run_compute(actor=system, period_id=empty.id, root=world.paths["YZ"])
    with pytest.raises(service.RunError):
        service.compute_start(actor=system, period_ids=[], root=world.paths["YZ"])


def test_every_run_is_audited(world, system, period, computed):
    correct(world.actor("principal_a1"), world, period, "A1", "rooms_multimedia", 4)
    events = AuditEvent.objects.unscoped(reason="test").filter(action__startswith="indicators.")
    actions = list(events.order_by("id").values_list("action", "actor_label"))
    assert ("indicators.run.compute", "system: test") in actions
    assert actions[-2:] == [("indicators.cell.correct", "principal_a1"), ("indicators.run.refresh", "principal_a1")]


def in_thread(errors, work, *arguments):
    """Run `work` on a connection of its own."""

    def call():
        try:
            work(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the main thread
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def need_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time")


def test_corrections_at_the_same_time_all_count(transactional_db, world, system, period, computed):
    """Each refresh must know every correction committed before it, or the newest state would lack one."""
    need_postgres()
    errors = []
    values = (("A1", 7), ("A2", 8), ("A3", 9), ("B1", 3))
    threads = [in_thread(errors, correct, system, world, period, school, "rooms_multimedia", n) for school, n in values]
    for thread in threads:
        thread.join()
    assert errors == []
    state = figures(system, api.newest_run(actor=system, period_id=period.id))
    full = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert state == figures(system, api.run_get(actor=system, run_id=full.pk))
    assert state[world.city, "INF01", "all"][2] == 27


def test_no_cell_appears_below_a_watermark(transactional_db, world, system, period, computed, observe, monkeypatch):
    """One import has its rows but is not committed; a run with later rows must not read past it."""
    need_postgres()
    observe(period, {"B1": {"rooms_multimedia": 1}})  # so that the layout is there and nobody waits for it
    written, go_on, errors, runs = threading.Event(), threading.Event(), [], []
    record, calls = observations.audit.record, []

    def slow_record(**arguments):
        if not calls:
            calls.append(1)
            written.set()
            go_on.wait(30)
        return record(**arguments)

    monkeypatch.setattr(observations.audit, "record", slow_record)
    first = in_thread(errors, observe, period, {"A1": {"rooms_multimedia": 7}})
    assert written.wait(30)

    def second():
        observe(period, {"A2": {"rooms_multimedia": 8}})
        runs.append(api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"]))

    other = in_thread(errors, second)
    other.join(1)
    go_on.set()
    first.join()
    other.join()
    assert errors == []
    assert api.run_check(actor=system, run_id=runs[0].pk).same
    found = api.figures(actor=system, run=api.run_get(actor=system, run_id=runs[0].pk), codes=("INF01",))
    assert found[world.city, "INF01", "all"].numerator == 7 + 8 + 12 + 1
