"""Which schools a county of the demo city has: names, stages and places, as they stand at the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from xingtan.domains.directory.demo_draws import Draws
from xingtan.domains.directory.demo_places import (
    COUNTIES,
    DIRECT_CODE,
    HOME_COUNTY,
    HOME_TOWNSHIP,
    TOWNSHIPS,
    URBAN_WORDS,
    VILLAGES,
    DemoCounty,
    numeral,
)
from xingtan.domains.directory.demo_shapes import lies_in
from xingtan.domains.directory.types import Stage

Place = tuple[float, float]
"""Latitude and longitude in WGS 84 degrees."""

SEAT_REACH, TOWNSHIP_REACH, VILLAGE_REACH = 0.02, 0.12, 0.024
SCHOOLS_PER_TOWNSHIP = 7
CODE_PREFIX = {
    Stage.KINDERGARTEN: "11", Stage.PRIMARY: "21", Stage.TEACHING_POINT: "21", Stage.JUNIOR: "31",
    Stage.NINE_YEAR: "31", Stage.SENIOR: "34", Stage.COMPLETE: "34", Stage.TWELVE_YEAR: "34", Stage.VOCATIONAL: "36",
    Stage.SPECIAL: "51",
}  # fmt: skip
_OPENING = (
    ("实验小学", Stage.PRIMARY), ("第一中学", Stage.COMPLETE), ("第一小学", Stage.PRIMARY),
    ("第一初级中学", Stage.JUNIOR), ("实验学校", Stage.NINE_YEAR), ("高级中学", Stage.SENIOR),
    ("职业技术教育中心", Stage.VOCATIONAL), ("特殊教育学校", Stage.SPECIAL), ("机关幼儿园", Stage.KINDERGARTEN),
)  # fmt: skip
_OPENING_OF_CITY = (
    ("第一中学", Stage.SENIOR), ("实验中学", Stage.COMPLETE), ("实验小学", Stage.PRIMARY),
    ("外国语学校", Stage.TWELVE_YEAR), ("中等职业专业学校", Stage.VOCATIONAL), ("特殊教育学校", Stage.SPECIAL),
    ("直属机关幼儿园", Stage.KINDERGARTEN), ("第二中学", Stage.SENIOR), ("第三中学", Stage.COMPLETE),
)  # fmt: skip
_SEAT_CYCLE = (
    Stage.PRIMARY, Stage.PRIMARY, Stage.JUNIOR, Stage.PRIMARY, Stage.NINE_YEAR, Stage.PRIMARY, Stage.PRIMARY,
    Stage.JUNIOR, Stage.PRIMARY, Stage.SENIOR, Stage.PRIMARY, Stage.NINE_YEAR, Stage.PRIMARY, Stage.JUNIOR,
    Stage.PRIMARY, Stage.KINDERGARTEN,
)  # fmt: skip
_SEAT_ENDINGS = {
    Stage.PRIMARY: "小学", Stage.JUNIOR: "初级中学", Stage.SENIOR: "高级中学", Stage.NINE_YEAR: "学校",
    Stage.KINDERGARTEN: "幼儿园",
}  # fmt: skip


@dataclass(frozen=True)
class DemoSchool:
    """A school of the demo city at its start; `township` is empty in a county's main place."""

    code: str
    county: str
    name: str
    stage: str
    area_type: str
    township: str
    lat: float
    lon: float


@dataclass(frozen=True)
class _Draft:
    name: str
    stage: Stage
    area_type: str
    township: str = ""
    centre: bool = False


# The same schools at every size, so that guides, tests and browser tests can speak of them by name.
HOME_SCHOOLS = (
    _Draft("清河县实验小学", Stage.PRIMARY, "town"),
    _Draft("清河县第一初级中学", Stage.JUNIOR, "town"),
    _Draft("清河县高级中学", Stage.SENIOR, "town"),
    _Draft("清河县城关初级中学", Stage.JUNIOR, "town"),
    _Draft("清河县外国语学校", Stage.NINE_YEAR, "town"),
    _Draft("柳林镇中心学校", Stage.NINE_YEAR, "town", HOME_TOWNSHIP, centre=True),
    _Draft("柳林镇河湾小学", Stage.PRIMARY, "rural", HOME_TOWNSHIP),
    _Draft("柳林镇石桥小学", Stage.PRIMARY, "rural", HOME_TOWNSHIP),
    # Registered twice: the same name some fifty metres on, found by the check on positions.
    _Draft("柳林镇石桥小学", Stage.PRIMARY, "rural", HOME_TOWNSHIP),
    _Draft("柳林镇杏花教学点", Stage.TEACHING_POINT, "rural", HOME_TOWNSHIP),
    _Draft("柳林镇上湾教学点", Stage.TEACHING_POINT, "rural", HOME_TOWNSHIP),
)
PRINCIPAL_SCHOOL = "柳林镇中心学校"
RENAMED_FROM, RENAMED_TO = "清河县城关初级中学", "清河县第二初级中学"
CAMPUS_SCHOOL = "清河县外国语学校"
TWIN_NAME = "柳林镇石桥小学"
_TWIN_STEP = 0.0004


def county_schools(county: DemoCounty, count: int, seed: int) -> tuple[DemoSchool, ...]:
    """`count` schools of a county, in the order of their codes; the home county never has less than its named ones."""
    drafts = list(HOME_SCHOOLS) if county.code == HOME_COUNTY else []
    taken = {draft.name for draft in drafts} | {RENAMED_TO}
    rest = max(count - len(drafts), 0)
    seat = round(rest * county.seat_share)
    drafts += _take(seat, _seat_drafts(county), taken)
    drafts += _township_drafts(county, rest - seat, seed, taken)
    return _placed(county, drafts, seed)


def _take(count: int, drafts: Iterator[_Draft], taken: set[str]) -> list[_Draft]:
    found: list[_Draft] = []
    while len(found) < count:
        draft = next(drafts)
        if draft.name not in taken:
            taken.add(draft.name)
            found.append(draft)
    return found


def _seat_drafts(county: DemoCounty) -> Iterator[_Draft]:
    """The schools of a main place without end: the well-known ones first, then those with words and numbers."""
    direct = county.code == DIRECT_CODE
    owner = "云州市" if direct else county.name
    for ending, stage in _OPENING_OF_CITY if direct else _OPENING:
        yield _Draft(owner + ending, stage, county.seat)
    words = iter(URBAN_WORDS)
    numbers: Counter[Stage] = Counter()
    while True:
        for stage in _SEAT_CYCLE:
            word = next(words, "") if stage in {Stage.PRIMARY, Stage.NINE_YEAR} else ""
            numbers[stage] += not word
            called = word or f"第{numeral(numbers[stage])}"
            yield _Draft(owner + called + _SEAT_ENDINGS[stage], stage, county.seat)


def _township_drafts(county: DemoCounty, count: int, seed: int, taken: set[str]) -> list[_Draft]:
    """`count` schools in the lesser places: a centre with one or two schools, villages with schools and points."""
    drafts: list[_Draft] = []
    if not count:
        return drafts
    # One order for the whole city, dealt out in turn: no two counties have a township of the same name.
    names = Draws(seed, "townships").shuffled(TOWNSHIPS)[[c.code for c in COUNTIES].index(county.code) :: len(COUNTIES)]
    townships = min(max(1, round(count / SCHOOLS_PER_TOWNSHIP)), len(names))
    for number in range(townships):
        share = count * (number + 1) // townships - count * number // townships
        drafts += _take(share, _one_township(county, names[number], number, seed), taken)
    return drafts


def _one_township(county: DemoCounty, name: str, number: int, seed: int) -> Iterator[_Draft]:
    place = name + county.townships
    area = "town" if county.townships == "镇" else "rural"
    if number % 3 == 2:
        yield _Draft(f"{place}中心学校", Stage.NINE_YEAR, area, name, centre=True)
    else:
        yield _Draft(f"{place}中心小学", Stage.PRIMARY, area, name, centre=True)
        yield _Draft(f"{place}初级中学", Stage.JUNIOR, area, name, centre=True)
    for turn, village in enumerate(Draws(seed, "villages", county.code, name).shuffled(VILLAGES)):
        if turn % 5 in {1, 3}:
            yield _Draft(f"{place}{village}教学点", Stage.TEACHING_POINT, "rural", name)
        else:
            yield _Draft(f"{place}{village}小学", Stage.PRIMARY, "rural", name)


def _placed(county: DemoCounty, drafts: list[_Draft], seed: int) -> tuple[DemoSchool, ...]:
    centres: dict[str, Place] = {}
    schools: list[DemoSchool] = []
    for number, draft in enumerate(drafts, start=1):
        draws = Draws(seed, "place", county.code, number)
        if draft.township and draft.township not in centres:
            around = Draws(seed, "township", county.code, draft.township)
            centres[draft.township] = scattered(county.centre, TOWNSHIP_REACH, around, county)
        if not draft.township:
            place = scattered(county.centre, SEAT_REACH, draws, county)
        else:
            reach = VILLAGE_REACH / 6 if draft.centre else VILLAGE_REACH
            place = scattered(centres[draft.township], reach, draws, county)
        if draft.name == TWIN_NAME and schools and schools[-1].name == TWIN_NAME:
            place = (round(schools[-1].lat + _TWIN_STEP, 6), round(schools[-1].lon + _TWIN_STEP, 6))
        code = f"{CODE_PREFIX[draft.stage]}96{county.code[-2:]}{number:04d}"
        schools.append(
            DemoSchool(code, county.code, draft.name, draft.stage.value, draft.area_type, draft.township, *place)
        )
    return tuple(schools)


def scattered(centre: Place, reach: float, draws: Draws, county: DemoCounty) -> Place:
    """A place around another, `reach` degrees away as a rule, well inside its own county."""
    north, east = (float(step) * reach for step in draws.bell(2))
    home = county.centre
    north, east = centre[0] + north - home[0], centre[1] + east * 1.15 - home[1]
    if county.code != DIRECT_CODE:
        while not lies_in(county.code, home[1] + east * 1.15, home[0] + north * 1.15):
            north, east = north * 0.85, east * 0.85
    return round(home[0] + north, 6), round(home[1] + east, 6)
