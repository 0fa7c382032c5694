"""The demo's forms: the same for one seed, consistent with each other, and wrong only where it is said."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.demo import DemoCity, build_city, load_units
from xingtan.domains.indicators import api
from xingtan.domains.indicators.demo import DemoYear, build_year, load_year
from xingtan.domains.indicators.demo_faults import KINDS, OPEN_QUESTIONS
from xingtan.domains.indicators.demo_ground import SEAT, VILLAGE, Ground
from xingtan.domains.indicators.models import Batch
from xingtan.domains.indicators.selectors.sheets import school_sheet
from xingtan.domains.indicators.services.catalogue import catalogue_sync, shipped_elements
from xingtan.domains.indicators.types import NOT_SAID
from xingtan.engines.indicators import STAGES_OF_KIND, Reason
from xingtan.platform.orgscope.actor import Actor

SEEDS = st.integers(min_value=0, max_value=2**32)
SMALL = st.sampled_from(["school", "county"])
STAGES, COMPULSORY = ("primary", "junior", "senior"), ("primary", "junior")

AT_MOST = [
    ("migrants_placed", "migrants_eligible"), ("admission_quota", "admission_plan"),
    ("rooms_ordinary_multimedia", "rooms_ordinary"), ("rooms_multimedia", "rooms_ordinary"),
    ("rooms_ordinary_multimedia", "rooms_multimedia"), ("classes_multimedia", "rooms_ordinary_multimedia"),
    ("floor_area_indoor_sports", "floor_area_teaching"), ("computers_student_networked", "terminals_student"),
    ("computers_teacher_networked", "terminals_teacher"), ("systems_tested", "systems_graded"),
    ("rotation_moved", "rotation_eligible"), ("rotation_moved_backbone", "rotation_moved"),
    ("heads_ict_trained", "heads"), ("ict_hours_practice", "ict_hours"),
    ("ability_points_passed", "ability_points_chosen"), ("periods_delivered", "periods_unstaffed"),
    ("funds_ict_public", "funds_public_budget"), ("funds_training", "funds_public_budget"),
    ("funds_ict_paid", "funds_ict_approved"),
    *((f"zoning_base_{s}", f"pupils_{s}") for s in COMPULSORY), *((f"zoned_{s}", f"zoning_base_{s}") for s in COMPULSORY),
    *((f"largest_class_{s}", f"pupils_{s}") for s in STAGES),
    *((f"{part}_{s}", f"teachers_{s}") for s in COMPULSORY for part in ("backbone", "pe_arts", "mid_title")),
]  # fmt: skip


class Form:
    """A year's forms as columns; a cell that has no number counts as 0."""

    def __init__(self, year: DemoYear) -> None:
        self.schools = year.schools
        self.columns: dict[str, npt.NDArray[np.float64]] = {}
        self.reasons: dict[str, npt.NDArray[np.uint8]] = {}
        for batch in year.batches[:2]:
            for number, code in enumerate(batch.elements):
                self.columns[code], self.reasons[code] = batch.values[:, number], batch.reasons[:, number]

    def __getitem__(self, code: str) -> npt.NDArray[np.float64]:
        return self.columns[code]

    def of(self, name: str, stages: tuple[str, ...] = STAGES) -> npt.NDArray[np.float64]:
        return np.sum([self.columns[f"{name}_{stage}"] for stage in stages], axis=0)

    def at(self, code: str) -> int:
        return next(number for number, row in enumerate(self.schools) if row.code == code)


@cache
def _clean(size: str, seed: int, year: int) -> Form:
    return Form(build_year(build_city(size, seed), year, clean=True))


@given(seed=SEEDS, size=SMALL)
@settings(max_examples=8, deadline=None)
def test_same_seed_same_forms(seed: int, size: str) -> None:
    city = build_city(size, seed)
    assert [build_year(city, y).fingerprint() for y in city.years] == [
        build_year(city, y).fingerprint() for y in city.years
    ]
    assert build_year(city, 2026).fingerprint() != build_year(build_city(size, seed + 1), 2026).fingerprint()


def test_another_process_with_another_hash_seed_builds_the_same_forms() -> None:
    program = (
        "import django; django.setup(); from xingtan.domains.directory.demo import build_city;"
        "from xingtan.domains.indicators.demo import build_year;"
        "print(build_year(build_city('county', 7), 2026).fingerprint())"
    )
    env = {**os.environ, "PYTHONHASHSEED": "3", "DJANGO_SETTINGS_MODULE": "xingtan.config.settings"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == build_year(build_city("county", 7), 2026).fingerprint()


@given(seed=SEEDS, size=SMALL, year=st.sampled_from([2024, 2026]))
@settings(max_examples=15, deadline=None)
def test_parts_do_not_exceed_wholes(seed: int, size: str, year: int) -> None:
    form = _clean(size, seed, year)
    for part, total in AT_MOST:
        assert (form[part] <= form[total]).all(), (part, total)
    classes, pupils, teachers = form.of("classes"), form.of("pupils"), form.of("teachers")
    compulsory = pupils - form["pupils_senior"]
    assert (form["migrants_eligible"] <= compulsory).all()
    for stage in STAGES:
        p, c, top = form[f"pupils_{stage}"], form[f"classes_{stage}"], form[f"largest_class_{stage}"]
        assert ((p > 0) == (c > 0)).all()
        assert ((p > 0) == (form[f"teachers_{stage}"] > 0)).all()
        assert (c * top >= p).all()
        assert (p[c > 0] / c[c > 0] < 75).all()
    for stage in COMPULSORY:
        degrees = sum(form[f"teachers_{d}_{stage}"] for d in ("associate", "bachelor", "master", "doctor"))
        assert (degrees <= form[f"teachers_{stage}"]).all()
    plain = np.array([row.stage not in {"vocational", "special", "kindergarten"} for row in form.schools])
    for code in ("classes_multimedia", "classes_online"):
        assert (form[code] <= classes)[plain].all()
    assert (form["rooms_ordinary"] >= classes)[plain].all()
    for code in ("teachers_licensed", "teachers_360h", "teachers_ict_50h", "teachers_ict_done_year", "spaces_teachers",
                 "teachers_ict_teaching", "teachers_online_research", "rotation_eligible"):  # fmt: skip
        assert (form[code] <= teachers)[plain].all(), code
    for code in ("spaces_pupils", "pupils_ict_learning"):
        assert (form[code] <= pupils + form["pupils_special"]).all(), code
    assert (form["spaces_real_name"] <= form["spaces_teachers"] + form["spaces_pupils"]).all()
    networked = form["computers_student_networked"] + form["computers_teacher_networked"]
    assert (form["computers"] >= networked).all()


@given(seed=SEEDS, size=SMALL, year=st.sampled_from([2024, 2026]))
@settings(max_examples=15, deadline=None)
def test_what_hangs_together_agrees(seed: int, size: str, year: int) -> None:
    form = _clean(size, seed, year)
    offline = form["internet"] == 0
    for code in ("uplink_mbps", "desktop_mbps", "wireless", "campus_network_10m", "points_full_100m", "classes_online",
                 "computers_student_networked", "computers_teacher_networked", "teacher_platform",
                 "three_classrooms_weekly"):  # fmt: skip
        assert not form[code][offline].any(), code
    assert (form["uplink_mbps"][~offline] > 0).all()
    assert (form["three_classrooms_weekly"][form["three_classrooms_needed"] == 0] == 0).all()
    ict = sum(form[f"funds_ict_{part}"] for part in ("hardware", "software", "use", "operation"))
    assert (ict == form["funds_ict"]).all()
    assert (form["funds_ict_public"] + form["funds_ict_earmarked"] <= form["funds_ict"]).all()
    assert (form["sports_area_leased"][form["dense_centre"] == 0] == 0).all()
    stayed = form["graduates_junior"] - form["transferred_in_junior"] + form["transferred_out_junior"]
    assert (stayed <= form["entrants_junior"] - form["deceased_junior"]).all()


@given(seed=SEEDS, size=SMALL)
@settings(max_examples=10, deadline=None)
def test_years_follow_from_each_other(seed: int, size: str) -> None:
    city = build_city(size, seed)
    before, now = _clean(size, seed, 2025), _clean(size, seed, 2026)
    stayed = [(before.at(row.code), n) for n, row in enumerate(now.schools) if row in before.schools]
    old, new = (np.array(side) for side in zip(*stayed, strict=True))
    merged = {now.at(code) for code in city.merged.values()}
    for stage in STAGES:
        was, has = before[f"pupils_{stage}"][old], now[f"pupils_{stage}"][new]
        heir = np.array([n in merged for n in new])
        young = was < 40
        opened = np.array([now.schools[n].name == "清河县滨河实验学校" for n in new])
        assert (np.abs(has - was) <= 0.2 * was)[~heir & ~young & ~opened].all()
    for code in ("internet", "wireless", "digital_campus", "ict_charter", "campus_network_10m"):
        assert (now[code][new] >= before[code][old]).all(), code
    # Last year's budget on this year's form is the budget of last year's form, where no other stage shares it.
    alone = now["pupils_senior"][new] + now["pupils_special"][new] == 0
    others = np.array([now.schools[n].stage in {"vocational", "kindergarten"} for n in new])
    prior = now.of("funds_public_prior", COMPULSORY)[new]
    same = (prior == before["funds_public_budget"][old])[alone & ~others]
    assert same.all()
    assert same.size >= 7


@given(seed=SEEDS, size=SMALL, clean=st.booleans())
@settings(max_examples=12, deadline=None)
def test_every_cell_fits_its_element(seed: int, size: str, clean: bool) -> None:
    year = build_year(build_city(size, seed), 2026, clean=clean)
    elements = {element.code: element for element in shipped_elements()}
    declared, platform, measured = year.batches
    assert sorted(declared.elements + platform.elements) == sorted(elements)
    assert set(measured.elements) <= set(declared.elements)
    teaches = [set(STAGES_OF_KIND[row.stage]) for row in year.schools]
    for batch in year.batches:
        assert batch.values.shape == batch.reasons.shape == (len(year.schools), len(batch.elements))
        for number, code in enumerate(batch.elements):
            element, reasons = elements[code], batch.reasons[:, number]
            values = batch.values[reasons == Reason.REPORTED, number]
            assert np.isfinite(values).all()
            assert (values >= (element.minimum or 0)).all(), code
            assert element.maximum is None or (values <= element.maximum).all(), code
            if element.kind in {"integer", "boolean", "code"}:
                assert (values == np.floor(values)).all(), code
            if element.kind == "boolean":
                assert set(values) <= {0, 1}, code
            if element.codes:
                assert {str(int(value)) for value in values} <= set(element.codes), code
            asked = np.array([not element.stages or bool(set(element.stages) & taught) for taught in teaches])
            assert (reasons[~asked] == NOT_SAID).all(), code
            if clean and batch is not measured:
                assert np.isin(reasons[asked], [Reason.REPORTED, Reason.NOT_APPLICABLE]).all(), code


@given(seed=SEEDS, size=SMALL)
@settings(max_examples=10, deadline=None)
def test_contradictions_are_planted_where_they_are_listed_and_nowhere_else(seed: int, size: str) -> None:
    city = build_city(size, seed)
    year = build_year(city, 2026)
    assert {fault.kind for fault in year.faults} == set(KINDS)
    assert [fault.kind for fault in year.faults if fault.code == city.principal] == ["rooms"]
    assert len({fault.code for fault in year.faults}) == len(year.faults)
    form, old = Form(year), Form(build_year(city, 2025))
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for number, row in enumerate(form.schools):
        if form["rooms_ordinary_multimedia"][number] > form["rooms_ordinary"][number] > 0:
            found["rooms"].add(row.code)
        known = form.reasons["internet"][number] == 0
        if known and form["internet"][number] == 0 and form["uplink_mbps"][number] > 0:
            found["uplink"].add(row.code)
        then = next((n for n, other in enumerate(old.schools) if other.code == row.code), None)
        if then is not None and 0 < 5 * old["equipment_value"][then] < form["equipment_value"][number]:
            found["tenfold"].add(row.code)
        for stage in COMPULSORY:
            if 0 < form[f"teachers_{stage}"][number] < form[f"teachers_bachelor_{stage}"][number]:
                found["degrees"].add(row.code)
    assert found == {kind: {fault.code for fault in year.faults if fault.kind == kind} for kind in KINDS}
    assert build_year(city, 2025).faults == ()
    assert build_year(city, 2026, clean=True).faults == ()


@given(seed=SEEDS)
@settings(max_examples=8, deadline=None)
def test_gaps_are_few_and_the_principal_has_questions_open(seed: int) -> None:
    city = build_city("county", seed)
    year = build_year(city, 2026)
    declared = year.batches[0]
    asked = np.isin(declared.reasons, [Reason.REPORTED, Reason.UNKNOWN, Reason.NOT_REPORTED])
    empty = np.isin(declared.reasons, [Reason.UNKNOWN, Reason.NOT_REPORTED])
    assert 0.004 < empty.sum() / asked.sum() < 0.04
    assert {int(reason) for reason in declared.reasons[empty]} == {Reason.UNKNOWN, Reason.NOT_REPORTED}
    home = [row.code for row in year.schools].index(city.principal)
    assert {declared.elements[n] for n in np.flatnonzero(empty[home])} == set(OPEN_QUESTIONS)
    silent = (declared.reasons == NOT_SAID).all(axis=1)
    assert 1 <= silent.sum() <= 3
    assert not silent[[row.code for row in year.schools].index(city.principal)]


def test_town_and_country_differ() -> None:
    city = build_city("city")
    form, ground = _clean("city", 1, 2026), Ground(city)
    rank = {row.code: rank for row, rank in zip(ground.rows, ground.rank, strict=True)}
    ranks = np.array([rank[row.code] for row in form.schools])
    multimedia = form["rooms_ordinary_multimedia"] / form["rooms_ordinary"]
    assert multimedia[ranks == SEAT].mean() > multimedia[ranks == VILLAGE].mean() + 0.1
    county = np.array([row.parent_code for row in form.schools])
    value = {code: form["equipment_value"][county == code].sum() / form.of("pupils")[county == code].sum() for code in
             ("960102", "960121", "960122")}  # fmt: skip
    assert value["960102"] > value["960121"] > value["960122"]


@pytest.fixture
def loaded(db: None, system: Actor) -> DemoCity:
    """The smallest city with the forms of two years, brought in by the system."""
    catalogue_sync(actor=system)
    city = build_city("school")
    load_units(actor=system, city=city)
    for year in (2025, 2026):
        load_year(actor_of=lambda county: system, city=city, year=year)
    return city


def test_loading_stores_what_was_built(loaded: DemoCity, system: Actor) -> None:
    period = api.period_by_code("2026")
    assert period is not None
    built = build_year(loaded, 2026)
    units = {unit.code: unit for unit in directory.units_on(actor=system, day=period.ends)}
    cells = api.cell_table(actor=system, period_id=period.id)
    assert {units[row.code].id for row in built.schools} == set(cells.units.tolist())
    expected = Form(built)
    measured = built.batches[2]
    for n, row in enumerate(built.schools):
        at = cells.units.tolist().index(units[row.code].id)
        for k, code in enumerate(cells.elements):
            value, reason = expected[code][n], expected.reasons[code][n]
            if code in measured.elements and measured.reasons[n, measured.elements.index(code)] == 0:
                value, reason = measured.values[n, measured.elements.index(code)], 0
            assert cells.values[at, k] == value, (row.name, code)
            assert cells.reasons[at, k] == (Reason.NOT_REPORTED if reason == NOT_SAID else reason), (row.name, code)
    batches = Batch.objects.unscoped(reason="test").filter(period_id=period.id)
    assert sorted(batch.source for batch in batches) == ["declared", "measured", "platform"]
    assert {batch.org_path for batch in batches} == {units[loaded.county].path}


def test_the_school_sheet_finds_the_tenfold_value(loaded: DemoCity, system: Actor) -> None:
    period = api.period_by_code("2026")
    assert period is not None
    fault = next(fault for fault in build_year(loaded, 2026).faults if fault.kind == "tenfold")
    unit = next(u for u in directory.units_on(actor=system, day=period.ends) if u.code == fault.code)
    sheet = {cell.element.code: cell for cell in school_sheet(actor=system, unit=unit, period=period)}
    assert sheet["equipment_value"].jump
    assert sheet["equipment_value"].value == pytest.approx(10 * (sheet["equipment_value"].previous or 0))
    assert sum(cell.jump for cell in sheet.values()) < 12
