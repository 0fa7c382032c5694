"""The demo city 云州市: its organisations over the years, as plain data, and their way into the directory.

`build_city` reads no database and gives the same city for the same size and seed on every machine. What happens there:

- 清河县城关初级中学 is renamed 清河县第二初级中学;
- 柳林镇河湾小学 is closed and its pupils go to 柳林镇中心学校; 柳林镇上湾教学点 is paused;
- from size `county` on a school opens, and every large county has a renaming, a closure and a pause of its own;
- 清河县外国语学校 reports by campus, 东湖区实验小学 has campuses but reports as a whole;
- planted fault: 柳林镇石桥小学 stands twice, some fifty metres apart, under two codes (a name doubled near by).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xingtan.domains.directory import api
from xingtan.domains.directory.demo_draws import Draws
from xingtan.domains.directory.demo_places import (
    CITY_CODE,
    CITY_NAME,
    COUNTIES,
    DIVISIONS,
    HOME_COUNTY,
    DemoCounty,
)
from xingtan.domains.directory.demo_schools import (
    CAMPUS_SCHOOL,
    HOME_SCHOOLS,
    PRINCIPAL_SCHOOL,
    RENAMED_FROM,
    RENAMED_TO,
    SEAT_REACH,
    DemoSchool,
    county_schools,
    scattered,
)
from xingtan.domains.directory.demo_shapes import county_shapes
from xingtan.domains.directory.services.shapes import shapes_load
from xingtan.domains.directory.types import OrgKind, OrgStatus, OrgUnitRow, Stage
from xingtan.platform.orgscope.actor import Actor

__all__ = [
    "NEWEST_YEAR",
    "SIZES",
    "DemoCity",
    "DemoCounty",
    "DemoStep",
    "Draws",
    "build_city",
    "county_shapes",
    "load_units",
]

SIZES = ("school", "county", "city", "million")
NEWEST_YEAR = 2026
MILLION_SCHOOLS = 10_000
EVENTFUL = 25
"""A county with as many schools has a renaming, a closure and a pause."""


@dataclass(frozen=True)
class DemoStep:
    """Organisations that are new or different from a day on."""

    day: date
    rows: tuple[OrgUnitRow, ...]


@dataclass(frozen=True)
class DemoCity:
    """A built demo city. `steps` are in order of time; `years` are those with data, oldest first.

    `merged` says which school took over the pupils of a closed one. `by_campus` are schools whose campuses report in
    their stead. `principal` is the code of the school whose head has a demo account, `county` that of the county.
    """

    size: str
    seed: int
    years: tuple[int, ...]
    counties: tuple[DemoCounty, ...]
    steps: tuple[DemoStep, ...]
    merged: Mapping[str, str]
    by_campus: frozenset[str]
    county: str
    principal: str

    @property
    def start(self) -> date:
        """The day the first organisations are valid from."""
        return self.steps[0].day

    def rows_on(self, day: date) -> dict[str, OrgUnitRow]:
        """The organisations that existed on a day, closed ones included, by code, in the order they appeared."""
        rows: dict[str, OrgUnitRow] = {}
        for step in self.steps:
            if step.day <= day:
                rows.update((row.code, row) for row in step.rows)
        return rows

    def reporters(self, year: int) -> tuple[OrgUnitRow, ...]:
        """The schools, or the campuses in their stead, that fill the form of a year: those active at its end."""
        rows = self.rows_on(date(year, 12, 31)).values()
        return tuple(
            row for row in rows
            if row.status == OrgStatus.ACTIVE and (
                (row.kind == OrgKind.SCHOOL and row.code not in self.by_campus)
                or (row.kind == OrgKind.CAMPUS and row.parent_code in self.by_campus)
            )
        )  # fmt: skip

    def fingerprint(self) -> str:
        """SHA-256 of all organisations: equal cities have equal fingerprints."""
        return hashlib.sha256(repr((self.years, self.steps, sorted(self.merged.items()))).encode()).hexdigest()


def build_city(size: str = "county", seed: int = 1) -> DemoCity:
    """The demo city at one of `SIZES`; raise ValueError for another. Pure: no database, no clock."""
    if size not in SIZES:
        raise ValueError(f"size {size!r} is not one of {', '.join(SIZES)}")
    years = tuple(range(NEWEST_YEAR - (9 if size == "million" else 2), NEWEST_YEAR + 1))
    counts = _counts(size)
    counties = tuple(county for county in COUNTIES if counts[county.code])
    schools = {county.code: county_schools(county, counts[county.code], seed) for county in counties}
    rows = [OrgUnitRow(CITY_CODE, CITY_NAME, OrgKind.CITY.value, lat=30.5, lon=113.0)]
    for county in counties:
        lat, lon = county.centre
        rows.append(OrgUnitRow(county.code, county.name, OrgKind.COUNTY.value, CITY_CODE, lat=lat, lon=lon))
    for county in counties:
        rows += [_row(school) for school in schools[county.code]]
    campuses = [campus for county in counties for campus in _campuses(county, schools[county.code], seed)]
    events, merged = _events(counties, schools, years, seed)
    home = schools[HOME_COUNTY]
    return DemoCity(
        size=size, seed=seed, years=years, counties=counties,
        steps=(DemoStep(date(years[0] - 1, 9, 1), (*rows, *campuses)), *events), merged=merged,
        by_campus=frozenset(s.code for s in home if s.name == CAMPUS_SCHOOL), county=HOME_COUNTY,
        principal=next(s.code for s in home if s.name == PRINCIPAL_SCHOOL),
    )  # fmt: skip


def _counts(size: str) -> dict[str, int]:
    if size == "school":
        return {county.code: int(county.code == HOME_COUNTY) for county in COUNTIES}
    if size != "million":
        return {county.code: county.schools[size == "city"] for county in COUNTIES}
    total = sum(county.schools[1] for county in COUNTIES)
    counts = {county.code: county.schools[1] * MILLION_SCHOOLS // total for county in COUNTIES}
    counts[HOME_COUNTY] += MILLION_SCHOOLS - sum(counts.values())
    return counts


def _row(school: DemoSchool) -> OrgUnitRow:
    return OrgUnitRow(
        school.code, school.name, OrgKind.SCHOOL.value, school.county, school.stage, school.area_type,
        lat=school.lat, lon=school.lon,
    )  # fmt: skip


def _campuses(county: DemoCounty, schools: Sequence[DemoSchool], seed: int) -> list[OrgUnitRow]:
    rows: list[OrgUnitRow] = []
    for school in schools:
        if school.name == CAMPUS_SCHOOL:
            parts = (("小学部", Stage.PRIMARY.value), ("初中部", Stage.JUNIOR.value))
        elif school.name.endswith(("区实验小学", "市实验小学")):
            parts = (("本部", school.stage), ("滨江校区", school.stage))
        else:
            continue
        for number, (name, stage) in enumerate(parts, start=1):
            place = (school.lat, school.lon)
            if number > 1:
                place = scattered(place, SEAT_REACH / 2, Draws(seed, "campus", school.code, number), county)
            rows.append(
                OrgUnitRow(
                    f"{school.code}-{number}", school.name + name, OrgKind.CAMPUS.value, school.code, stage,
                    school.area_type, lat=place[0], lon=place[1],
                )
            )  # fmt: skip
    return rows


def _events(
    counties: Sequence[DemoCounty], schools: Mapping[str, Sequence[DemoSchool]], years: Sequence[int], seed: int
) -> tuple[list[DemoStep], dict[str, str]]:
    """What changes after the start, by day, and which school took over from which."""
    changes: dict[date, list[OrgUnitRow]] = {}
    merged: dict[str, str] = {}

    def change(day: date, row: OrgUnitRow) -> None:
        changes.setdefault(day, []).append(row)

    last_year = date(years[-1] - 1, 9, 1)
    named = {school.name: school for school in schools[HOME_COUNTY]}
    change(last_year, replace(_row(named[RENAMED_FROM]), name=RENAMED_TO))
    change(last_year, replace(_row(named["柳林镇河湾小学"]), status=OrgStatus.CLOSED.value))
    merged[named["柳林镇河湾小学"].code] = named[PRINCIPAL_SCHOOL].code
    change(date(years[-1], 3, 1), replace(_row(named["柳林镇上湾教学点"]), status=OrgStatus.PAUSED.value))
    for county in counties:
        mine = schools[county.code]
        if len(mine) < EVENTFUL:
            continue
        draws = Draws(seed, "events", county.code)
        days = [date(draws.pick(years[1:]), 9, 1) for _ in range(3)]
        free = [s for s in mine if s.township and s.name not in {draft.name for draft in HOME_SCHOOLS}]
        junior = [s for s in free if s.stage == Stage.JUNIOR]
        if junior:
            school = draws.pick(junior)
            change(days[0], replace(_row(school), name=school.name.replace("初级中学", "中学")))
        small = [s for s in free if s.stage == Stage.PRIMARY and "中心" not in s.name]
        if small:
            school = draws.pick(small)
            change(days[1], replace(_row(school), status=OrgStatus.CLOSED.value))
            merged[school.code] = next(s.code for s in mine if s.township == school.township)
        points = [s for s in free if s.stage == Stage.TEACHING_POINT]
        if points:
            change(days[2], replace(_row(draws.pick(points)), status=OrgStatus.PAUSED.value))
    if len(schools[HOME_COUNTY]) >= EVENTFUL:
        change(last_year, _opened(next(c for c in counties if c.code == HOME_COUNTY), schools[HOME_COUNTY], seed))
    return [DemoStep(day, tuple(changes[day])) for day in sorted(changes)], merged


def _opened(county: DemoCounty, schools: Sequence[DemoSchool], seed: int) -> OrgUnitRow:
    lat, lon = scattered(county.centre, SEAT_REACH, Draws(seed, "opened"), county)
    code = f"3196{county.code[-2:]}{len(schools) + 1:04d}"
    return OrgUnitRow(
        code, f"{county.name}滨河实验学校", OrgKind.SCHOOL.value, county.code, Stage.NINE_YEAR.value, county.seat,
        lat=lat, lon=lon,
    )  # fmt: skip


def load_units(*, actor: Actor, city: DemoCity) -> dict[str, int]:
    """Bring divisions, organisations with their history and county outlines into an empty directory.

    Returns the id of each code.
    """
    api.divisions_load(actor=actor, rows=DIVISIONS)
    ids: dict[str, int] = {}
    for step in city.steps:
        ids |= api.org_units_sync(actor=actor, rows=step.rows, valid_from=step.day).ids
    shapes = county_shapes(county.code for county in city.counties)
    shapes_load(
        actor=actor, content=json.dumps(shapes, ensure_ascii=False).encode(), file_name="云州市县区界.geojson",
        day=city.steps[-1].day, match_by="code",
    )  # fmt: skip
    return ids
