"""The shipped catalogue: complete, compiling, and giving the figures that a small county gives by hand."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from importlib.resources import files

import numpy as np
import pytest

from xingtan.engines import indicators as ind

FOLDER = files("xingtan.domains.indicators") / "catalogue"
ON = date(2026, 12, 31)
ROWS = {"INF": 26, "RES": 6, "APP": 13, "LIT": 12, "GOV": 21, "SUP": 12}
NINETY = [f"{section}{number:02d}" for section, count in ROWS.items() for number in range(1, count + 1)]
SOURCES = set(tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))["sources"])


def read_definitions() -> tuple[ind.Definition, ...]:
    names = sorted(f.name for f in FOLDER.iterdir() if f.name.startswith("indicators-"))
    return tuple(d for n in names for d in ind.load_definitions((FOLDER / n).read_text(encoding="utf-8")))


ELEMENTS = ind.load_elements((FOLDER / "elements.toml").read_text(encoding="utf-8"))
DEFINITIONS = read_definitions()
BY_CODE = {d.code: d for d in DEFINITIONS}
SCHEMA = ind.Schema.of(ELEMENTS)
PLAN = ind.plan([d for d in DEFINITIONS if d.computable], schema=SCHEMA, on=ON)


def test_all_ninety_rows_with_their_status() -> None:
    assert len(BY_CODE) == len(DEFINITIONS)
    assert set(NINETY) <= set(BY_CODE)
    assert Counter(BY_CODE[code].status for code in NINETY) == {"A": 57, "B": 16, "C": 17}


def test_every_other_row_belongs_to_one_of_the_ninety_or_to_the_director() -> None:
    others = set(BY_CODE) - set(NINETY)
    assert {code for code in others if BY_CODE[code].section == "DIR"} == {f"DIR0{n}" for n in range(1, 6)}
    assert all(BY_CODE[code].section == "DIR" or code[:-1] in NINETY for code in others)
    assert all(BY_CODE[code].status == "C" for code in others if BY_CODE[code].section == "DIR")


def test_how_many_rows_are_computed() -> None:
    assert sum(BY_CODE[code].computable for code in NINETY) == 60


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: d.code)
def test_row_is_complete(definition: ind.Definition) -> None:
    assert definition.computable != bool(definition.needs)
    assert definition.section == definition.code[:3]
    for text in (definition.name, definition.needs, definition.note, definition.description, definition.unit):
        assert bool(text.zh) == bool(text.en)
    assert set(definition.sources) <= SOURCES
    assert {t.source for t in definition.thresholds if t.source} <= set(definition.sources)
    if definition.status in "AB":
        assert definition.sources
    else:
        assert definition.note or definition.code[:-1] in NINETY
    ind.compile_definition(definition, SCHEMA)


def test_a_limit_that_nobody_published_is_marked_for_confirmation() -> None:
    for definition in DEFINITIONS:
        if any(t.judged and not t.source for t in definition.thresholds):
            assert "确认" in definition.note.zh, definition.code


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda e: e.code)
def test_element_is_complete(element: ind.Element) -> None:
    assert element.name.zh
    assert element.name.en
    assert bool(element.unit.zh) == bool(element.unit.en)
    assert element.supplied_by == "form"
    if element.kind in ("number", "integer"):
        assert element.minimum == 0
        assert element.maximum is not None
    suffix = element.code.rpartition("_")[2]
    assert suffix not in ind.STAGES or element.stages == (suffix,)


def test_names_of_elements_are_unique() -> None:
    for language in ("zh", "en"):
        repeated = [name for name, times in Counter(getattr(e.name, language) for e in ELEMENTS).items() if times > 1]
        assert repeated == []


KINDS = ("primary", "junior", "nine_year", "senior", "complete", "twelve_year", "teaching_point", "special")


def filled(**changes: list[float]) -> ind.UnitTable:
    """One school of each kind with every element that applies; 100 of everything unless `changes` says otherwise."""
    n = len(KINDS)
    columns = {}
    for element in ELEMENTS:
        values = np.full(n, 1.0 if element.kind in ("boolean", "code") else 100.0)
        values[:] = changes.get(element.code, values)
        asked = [not element.stages or bool(set(ind.STAGES_OF_KIND[k]) & set(element.stages)) for k in KINDS]
        reasons = np.where(np.isnan(values), ind.Reason.NOT_REPORTED, ind.Reason.REPORTED)
        columns[element.code] = ind.Column.of(values, np.where(asked, reasons, ind.Reason.NOT_APPLICABLE))
    attributes = {"stage": np.array(KINDS), "area_type": np.array(["rural", "urban", "town", "urban"] * 2)}
    attributes |= {"status": np.full(n, "active"), "kind": np.full(n, "school")}
    return ind.UnitTable(np.arange(n), attributes, columns)


def county(table: ind.UnitTable) -> ind.Results:
    return PLAN.compute(table, [ind.Grouping.whole("county", len(table))])


def test_a_filled_form_gives_every_figure() -> None:
    # Differences that must not be nothing: the area without indoor sports, the entrants who are still alive.
    found = county(filled(floor_area_teaching=each(300), deceased_junior=each(0)))
    for definition in DEFINITIONS:
        if not definition.computable:
            continue
        level = "county" if "group" in definition.levels else "unit"
        block = found.get(definition.code, level=level)
        if definition.code == "GOV01":
            assert (block.n_missing == 0).all()
            continue
        assert np.isfinite(block.value).all(), definition.code
        assert (block.n_missing == 0).all(), definition.code


def test_an_empty_form_gives_none_and_passes_nothing() -> None:
    empty = ind.UnitTable(filled().ids, filled().attributes, {})
    for block in county(empty):
        assert np.isnan(block.value).all(), block.code
        assert not (block.verdict == ind.Verdict.PASS).any(), block.code


def unit(code: str, school: str, part: str = "all", **changes: list[float]) -> tuple[float, int]:
    block = county(filled(**changes)).get(code, part)
    row = KINDS.index(school)
    return float(block.value[row]), int(block.verdict[row])


def each(value: float) -> list[float]:
    return [value] * len(KINDS)


PASS, FAIL = ind.Verdict.PASS, ind.Verdict.FAIL


def test_inf01_splits_a_nine_year_school_by_rule_r1() -> None:
    changes = {"rooms_multimedia": each(47), "pupils_primary": each(1000), "pupils_junior": each(900)}
    primary = unit("INF01", "nine_year", "stage:primary", **changes)
    assert primary == (pytest.approx(100 * 47 / 1990), PASS)
    assert unit("INF01", "nine_year", "stage:junior", **changes)[0] == pytest.approx(100 * 47 / (1000 / 1.1 + 900))


@pytest.mark.parametrize(
    ("school", "rank", "enough", "too_little"),
    [
        ("teaching_point", 1, 4, 3),
        ("primary", 1, 10, 9),
        ("primary", 2, 30, 29),
        ("junior", 1, 30, 29),
        ("senior", 3, 50, 49),
    ],
)
def test_inf06_standard_by_class_of_school(school: str, rank: int, enough: float, too_little: float) -> None:
    for uplink, verdict in ((enough, PASS), (too_little, FAIL)):
        assert unit("INF06", school, school_rank=each(rank), uplink_mbps=each(uplink))[1] == verdict
    assert unit("INF06", school, school_rank=each(rank), desktop_mbps=each(99))[1] == FAIL


def test_inf07_standard_by_class_of_school() -> None:
    for school, rank, enough in (("primary", 1, 20), ("primary", 2, 50), ("junior", 1, 50), ("primary", 3, 100)):
        assert unit("INF07", school, school_rank=each(rank), uplink_mbps=each(enough))[1] == PASS
        assert unit("INF07", school, school_rank=each(rank), uplink_mbps=each(enough - 1))[1] == FAIL


def test_lit12_small_rural_schools_may_add_shared_teachers() -> None:
    changes = {"pe_arts_primary": each(0), "pe_arts_shared_primary": each(1)}
    assert unit("LIT12", "primary", pupils_primary=each(99), **changes) == (pytest.approx(100 / 99), PASS)
    assert unit("LIT12", "primary", pupils_primary=each(100), **changes) == (0, FAIL)


def test_sup04_fewer_than_100_pupils_count_as_100() -> None:
    funds = {"funds_public_prior_primary": each(90_000)}
    assert unit("SUP04", "primary", pupils_primary=each(50), **funds)[0] == 900
    assert unit("SUP04", "primary", pupils_primary=each(120), **funds)[0] == 750


def test_sup11_leased_areas_count_in_dense_centres_only() -> None:
    for dense, area in ((1, 3.0), (0, 2.0), (np.nan, 2.0)):
        assert unit("SUP11", "primary", dense_centre=each(dense))[0] == area


def test_sup12_one_room_for_every_12_classes() -> None:
    for classes, rooms, verdict in ((24, 2, PASS), (25, 2, FAIL), (25, 3, PASS)):
        found = unit("SUP12", "primary", classes_primary=each(classes), rooms_music=each(rooms), rooms_art=each(rooms))
        assert found[1] == verdict


def test_gov09_and_gov10_sizes() -> None:
    for school, primary, junior, verdict in (
        ("primary", 2000, 0, PASS),
        ("primary", 2001, 0, FAIL),
        ("nine_year", 1500, 1000, PASS),
        ("nine_year", 1500, 1001, FAIL),
    ):
        assert unit("GOV09", school, pupils_primary=each(primary), pupils_junior=each(junior))[1] == verdict
    classes = {"largest_class_primary": each(45), "largest_class_junior": each(51)}
    assert unit("GOV10", "primary", **classes)[1] == PASS
    assert unit("GOV10", "junior", **classes)[1] == FAIL
    assert unit("GOV10", "nine_year", **classes)[1] == FAIL
    assert unit("GOV10", "nine_year", "stage:primary", **classes)[1] == PASS


def test_gov07_retention() -> None:
    changes = {"graduates_junior": each(195), "transferred_in_junior": each(10), "transferred_out_junior": each(5)}
    value, verdict = unit("GOV07", "junior", entrants_junior=each(201), deceased_junior=each(1), **changes)
    assert (value, verdict) == (95, PASS)


def test_small_teaching_points_are_outside_the_compulsory_scope() -> None:
    def asked(pupils: int) -> int:
        return int(county(filled(pupils_primary=each(pupils))).get("INF01").n_scope[KINDS.index("teaching_point")])

    assert (asked(49), asked(50)) == (0, 1)


def test_the_director_s_figures() -> None:
    found = county(
        filled(spaces_teachers=each(50), choice_timetabling=[0, 0, 0, 1, 0, 1, 0, 0], trainings_live=each(3))
    )
    # Without the teaching point and the special school: 6 schools with 10 stages of 100 teachers.
    assert found.get("DIR01", level="county").rounded[0] == 30.0
    assert found.get("DIR03", level="county").rounded[0] == 66.7
    assert found.get("DIR04", level="county").value[0] == 18
