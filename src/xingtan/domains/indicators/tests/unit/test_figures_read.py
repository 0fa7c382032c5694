"""Reading figures: each sees his own part, and school figures agree with the sums above them."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators import api
from xingtan.domains.indicators.selectors.breakdown import children_figures, schools_figures
from xingtan.domains.indicators.selectors.figure_page import figure_page, resting_on
from xingtan.domains.indicators.selectors.indicator_page import indicator_figures, indicator_versions
from xingtan.domains.indicators.selectors.runs import newest_runs, run_figure_count
from xingtan.domains.indicators.selectors.sheets import school_sheet
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh


def unit(actor, unit_id, period):
    return directory.unit_on(actor=actor, unit_id=unit_id, day=period.ends)


def test_each_sees_the_figures_of_his_subtree(world, computed):
    def seen(username):
        return {key[0] for key in api.figures(actor=world.actor(username), run=computed, slices=())}

    assert seen("city") == {world.city, *world.counties.values()}
    assert seen("county_a") == {world.counties["A"]}
    assert seen("principal_a1") == set()


def test_a_principal_sees_the_figures_of_his_school_only(world, computed):
    found = api.school_figures(
        actor=world.actor("principal_a1"), run=computed, unit_ids=world.schools.values(), codes=("INF01",)
    )
    assert {key[0] for key in found} == {world.schools["A1"]}
    assert found[world.schools["A1"], "INF01", "all"].value == 2.5


def test_school_figures_do_not_depend_on_how_many_are_asked(world, system, computed):
    one = api.school_figures(actor=system, run=computed, unit_ids=[world.schools["A3"]], codes=("INF01",))
    everything = api.school_figures(actor=system, run=computed, unit_ids=[*world.schools.values(), 10**9])
    assert all(everything[key] == figure for key, figure in one.items())
    assert len(one) == 7


def test_school_figures_stay_as_the_run_saw_them(world, system, period, computed, observe):
    observe(period, {"A1": {"rooms_multimedia": 400}})
    found = api.school_figures(actor=system, run=computed, unit_ids=[world.schools["A1"]], codes=("INF01",))
    assert found[world.schools["A1"], "INF01", "all"].value == 2.5


def test_an_explanation_names_the_cells(world, computed):
    told = api.explain_school(
        actor=world.actor("county_a"), run=computed, unit_id=world.schools["A3"], code="INF01", slice="stage:primary"
    )
    cells = {cell.name: cell.value for cell in told.inputs}
    assert cells == {"pupils_junior": 200, "pupils_primary": 300, "rooms_multimedia": 12, "status": "active"}
    # Rule R1: 12 rooms × 300 ÷ (300 + 1.1 × 200)
    assert told.numerator == pytest.approx(12 * 300 / 520)
    for actor, code in ((world.actor("county_b"), "INF01"), (world.actor("county_a"), "GOV04")):
        assert api.explain_school(actor=actor, run=computed, unit_id=world.schools["A3"], code=code) is None


def test_the_newest_state_follows_refreshes_and_full_runs(world, system, period, computed):
    city, principal = world.actor("city"), world.actor("principal_a1")
    assert api.newest_run(actor=city, period_id=period.id).id == computed.id
    done = cell_correct_and_refresh(
        actor=principal, unit_id=world.schools["A1"], period_id=period.id, element="bandwidth", value=10, reason=0,
        note="实测",
    )  # fmt: skip
    for actor in (city, principal, world.actor("county_b")):
        assert api.newest_run(actor=actor, period_id=period.id).id == done.run.id
    assert api.newest_run(actor=city, period_id=period.id).base_id == computed.id
    # A run of county A alone is the newest for A, but the city still needs one that covers all.
    alone = api.run_compute(actor=system, period_id=period.id, root=world.paths["A"])
    assert api.newest_run(actor=world.actor("county_a"), period_id=period.id).id == alone.pk
    assert api.newest_run(actor=city, period_id=period.id).id == done.run.id
    assert api.newest_run(actor=world.actor("county_b"), period_id=period.id).id == done.run.id
    assert api.newest_run(actor=system, period_id=period.id).id == done.run.id
    assert api.run_get(actor=world.actor("county_b"), run_id=alone.pk) is None
    again = api.run_compute(actor=city, period_id=period.id, root=world.paths["YZ"])
    assert {r.id for r in (api.newest_run(actor=a, period_id=period.id) for a in (city, principal))} == {again.pk}


def test_the_state_of_an_older_run_does_not_change(world, period, computed):
    city = world.actor("city")
    before = api.figures(actor=city, run=computed, slices=())
    cell_correct_and_refresh(
        actor=city, unit_id=world.schools["A1"], period_id=period.id, element="rooms_multimedia", value=1, reason=0,
        note="核对",
    )  # fmt: skip
    assert api.figures(actor=city, run=computed, slices=()) == before


def test_the_trend_needs_no_more_queries_for_more_periods(
    world, system, observe, computed, django_assert_max_num_queries
):
    for code in ("2023", "2024"):
        earlier = api.period_ensure(code=code)
        observe(earlier, {"A1": {"pupils_primary": 100, "rooms_multimedia": int(code) - 2020}})
        api.run_compute(actor=system, period_id=earlier.id, root=world.paths["YZ"])
    cell_correct_and_refresh(
        actor=world.actor("city"), unit_id=world.schools["A1"], period_id=earlier.id, element="rooms_multimedia",
        value=9, reason=0, note="核对",
    )  # fmt: skip
    with django_assert_max_num_queries(6):
        found = api.trend(actor=world.actor("county_a"), unit_ids=[world.counties["A"], world.city], codes=["INF01"])
    assert list(found) == ["2023", "2024", "2025"]
    key = (world.counties["A"], "INF01", "all")
    assert [found[code][key].value for code in ("2023", "2024")] == [3.0, 9.0]
    assert (world.city, "INF01", "all") not in found["2024"]
    school = api.school_trend(actor=world.actor("principal_a1"), unit_id=world.schools["A1"], code="INF01")
    assert [figures[world.schools["A1"], "INF01", "all"].value for figures in school.values()] == [3.0, 9.0, 2.5]


def test_schools_add_up_to_their_county(world, system, period, computed):
    county = unit(system, world.counties["A"], period)
    figure = api.figures(actor=system, run=computed, codes=("INF01",))[county.id, "INF01", "all"]
    rows = schools_figures(actor=world.actor("county_a"), run=computed, unit=county, code="INF01", slice="all")
    assert {row.unit.code for row in rows} == {"A1", "A2", "A3"}
    assert sum(row.figure.numerator for row in rows) == figure.numerator
    assert sum(row.figure.denominator for row in rows) == figure.denominator


def test_the_missing_are_named_to_those_who_may_see_them(world, period, computed):
    county = unit(world.actor("city"), world.counties["B"], period)
    rows = schools_figures(actor=world.actor("county_b"), run=computed, unit=county, code="INF03", slice="all")
    assert [row.unit.code for row in rows if row.missing] == ["B2"]
    foreign = schools_figures(actor=world.actor("county_a"), run=computed, unit=county, code="INF03", slice="all")
    assert foreign == ()


def test_a_cv_shows_the_ratio_of_each_school(world, system, period, computed):
    city = unit(system, world.city, period)
    rows = schools_figures(actor=system, run=computed, unit=city, code="INF02", slice="stage:primary")
    assert {row.unit.code: round(row.figure.value, 4) for row in rows} == {"A1": 2.5, "A3": 2.3077, "B1": 1.1111}
    assert schools_figures(actor=system, run=computed, unit=city, code="GOV04", slice="all") == ()


def test_the_level_below_a_city_is_its_counties(world, period, computed):
    city = unit(world.actor("city"), world.city, period)
    rows = children_figures(actor=world.actor("city"), run=computed, unit=city, code="INF01", slice="all")
    assert [row.unit.code for row in rows] == ["A", "B"]


def test_the_page_of_a_figure_is_for_those_inside(world, computed):
    def page(username, org_id, code="INF01", slice="all"):
        return figure_page(actor=world.actor(username), run_id=computed.id, org_id=org_id, code=code, slice=slice)

    a, a1, b1 = world.counties["A"], world.schools["A1"], world.schools["B1"]
    assert page("city", world.city).figure.n_scope == 4
    assert page("county_a", a).figure.numerator == 42
    assert page("principal_a1", a1).figure.value == 2.5
    for username, org_id in (
        ("county_a", world.city), ("county_a", world.counties["B"]), ("county_a", b1), ("principal_a1", a),
        ("principal_a1", b1), ("principal_a1", world.city), ("city", 10**9),
    ):  # fmt: skip
        assert page(username, org_id) is None
    assert page("city", world.city, code="XXX01") is None
    assert page("city", world.city, code="RES01") is None
    assert page("city", world.city, slice="stage:none") is None
    assert figure_page(actor=world.actor("city"), run_id=10**9, org_id=world.city, code="INF01", slice="all") is None


def test_a_composite_page_has_its_parts(world, computed):
    page = figure_page(
        actor=world.actor("city"), run_id=computed.id, org_id=world.city, code="GOV04", slice="stage:primary"
    )
    ((part, figure),) = page.parts
    assert part.code == "INF02"
    assert figure.value == page.figure.value
    assert page.schools == ()
    assert [child.unit.code for child in page.children] == ["A", "B"]


def test_the_sheet_of_a_school_compares_with_last_year(world, system, period, observe):
    earlier = api.period_ensure(code="2024")
    observe(earlier, {"A1": {"pupils_primary": 800, "rooms_multimedia": 8, "internet": 1, "bandwidth": 100}})
    observe(period, {"A1": {"pupils_primary": 820, "rooms_multimedia": 20, "internet": 0}}, note="年报")
    school = unit(system, world.schools["A1"], period)
    sheet = {
        cell.element.code: cell for cell in school_sheet(actor=world.actor("principal_a1"), unit=school, period=period)
    }
    assert [code for code, cell in sheet.items() if cell.jump] == ["rooms_multimedia", "internet"]
    assert (sheet["rooms_multimedia"].value, sheet["rooms_multimedia"].previous) == (20, 8)
    assert (sheet["pupils_junior"].reason, sheet["bandwidth"].reason) == (1, 3)
    assert sheet["bandwidth"].previous == 100
    assert sheet["internet"].source == "imported"
    assert sheet["bandwidth"].source == ""


def test_a_small_count_is_no_jump(world, system, period, observe):
    observe(api.period_ensure(code="2024"), {"B1": {"rooms_multimedia": 1, "bandwidth": 1}})
    observe(period, {"B1": {"rooms_multimedia": 3, "bandwidth": 1.6}})
    school = unit(system, world.schools["B1"], period)
    jumps = {cell.element.code for cell in school_sheet(actor=system, unit=school, period=period) if cell.jump}
    assert jumps == {"bandwidth"}


def test_which_figures_rest_on_a_cell(world, period, computed):
    actor = world.actor("principal_a1")
    school = unit(actor, world.schools["A1"], period)
    found = resting_on(actor=actor, unit=school, period=period, element="rooms_multimedia")
    assert [one.definition.code for one in found] == ["INF01"]
    assert resting_on(actor=actor, unit=school, period=period, element="pupils_special") == ()


def test_an_indicator_shows_what_its_reader_may_see(world, system, computed):
    def places(username):
        run, rows = indicator_figures(actor=world.actor(username), code="INF01")
        assert run.id == computed.id
        return [row.unit.code for row in rows]

    assert places("city") == ["YZ", "A", "B"]
    assert places("county_a") == ["A"]
    assert places("principal_a1") == ["A1"]
    assert run_figure_count(actor=world.actor("principal_a1"), run_id=computed.id) == 0


def test_versions_of_an_indicator_newest_first(world, system, catalogue):
    from xingtan.engines.indicators import definition_from_dict

    body = api.versions_in_force(world.start)[1].body
    assert body["code"] == "INF01"
    api.definitions_add(actor=system, definitions=[definition_from_dict({**body, "factor": 10.0})])
    assert [one.definition.factor for one in indicator_versions("INF01")] == [10.0, 100.0]
    assert indicator_versions("XXX01") == ()


def test_pages_need_no_more_queries_for_more_schools(world, system, period, observe, computed):
    from django.db import connection

    def queries(org_id):
        with CaptureQueriesContext(connection) as seen:
            assert figure_page(actor=world.actor("city"), run_id=computed.id, org_id=org_id, code="INF01", slice="all")
        return len(seen)

    queries(world.city)  # the plan is compiled once
    one, three = queries(world.counties["B"]), queries(world.counties["A"])
    assert one == three


def test_newest_runs_needs_three_queries(world, system, computed, observe, django_assert_num_queries):
    for code in ("2020", "2021", "2022"):
        earlier = api.period_ensure(code=code)
        observe(earlier, {"A1": {"pupils_primary": 100, "rooms_multimedia": 1}})
        api.run_compute(actor=system, period_id=earlier.id, root=world.paths["YZ"])
    actor = world.actor("city")
    with django_assert_num_queries(3):
        assert len(newest_runs(actor=actor)) == 4
