"""What the demo's figures grow from: lasting traits of each school, and its pupils, classes and teachers by year.

Everything is an array over `Ground.rows`, all schools and campuses that ever report, so that a school keeps its
character from year to year. `year` may lie before the first year with data: last year's funds need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from xingtan.domains.directory.demo import NEWEST_YEAR, DemoCity, Draws
from xingtan.domains.directory.types import AreaType, OrgKind, OrgUnitRow, Stage
from xingtan.engines.indicators import STAGES_OF_KIND

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

VILLAGE, TOWNSHIP, SEAT = 1, 2, 3
"""Codes of the element `school_rank`."""
LEVEL_GAIN = 0.045
"""How much of the range 0 to 1 the equipment of a school gains in a year."""
OPENING = (0.45, 0.75)
"""The part of its later pupils that a new school has in its first years."""
GROWTH = {
    "primary": {"urban": 0.010, "town": -0.010, "rural": -0.050},
    "junior": {"urban": 0.030, "town": 0.018, "rural": -0.015},
    "senior": {"urban": 0.020, "town": 0.015, "rural": 0.0},
}
# Usual pupils of a school that teaches only this stage, by rank and in cities; the last two columns are its class
# size and its pupils per teacher there.
_USUAL = {
    "primary": {VILLAGE: (110, 24, 11.0), TOWNSHIP: (470, 40, 16.5), SEAT: (1150, 46, 18.5)},
    "junior": {VILLAGE: (180, 34, 10.5), TOWNSHIP: (430, 43, 11.5), SEAT: (1150, 48, 13.5)},
    "senior": {VILLAGE: (600, 48, 12.0), TOWNSHIP: (900, 50, 12.0), SEAT: (1750, 51, 12.5)},
}
_PART = {"nine_year": {"primary": 0.8, "junior": 0.45}, "complete": {"junior": 0.5, "senior": 0.7},
         "twelve_year": {"primary": 0.7, "junior": 0.5, "senior": 0.4}}  # fmt: skip
_OTHERS = {"vocational": (1800, 15.0), "special": (90, 3.6), "kindergarten": (260, 9.0)}


def whole(values: Numbers) -> Numbers:
    """The nearest whole numbers, halves upwards, none below zero."""
    return np.maximum(np.floor(values + 0.5), 0.0)


@dataclass(frozen=True)
class Roll:
    """The people of a year: by stage name, and those of schools outside of the three stages."""

    pupils: dict[str, Numbers]
    classes: dict[str, Numbers]
    largest: dict[str, Numbers]
    teachers: dict[str, Numbers]
    other_pupils: Numbers
    all_pupils: Numbers
    all_classes: Numbers
    all_teachers: Numbers


class Ground:
    """The schools of a demo city with their lasting traits."""

    def __init__(self, city: DemoCity) -> None:
        self.city = city
        ever = city.rows_on(date(NEWEST_YEAR, 12, 31))
        reporting = {row.code for year in city.years for row in city.reporters(year)}
        self.rows: tuple[OrgUnitRow, ...] = tuple(row for row in ever.values() if row.code in reporting)
        self.size = len(self.rows)
        self.index = {row.code: number for number, row in enumerate(self.rows)}
        school_of = {row.code: row.parent_code if row.kind == OrgKind.CAMPUS else row.code for row in self.rows}
        self.county = [ever[school_of[row.code]].parent_code for row in self.rows]
        self.stage = np.array([row.stage for row in self.rows])
        self.area = np.array([row.area_type for row in self.rows])
        names = {county.code: county.name for county in city.counties}
        self.rank = np.array([_rank(row, names[c]) for row, c in zip(self.rows, self.county, strict=True)])
        self.teaches = {stage: np.array([stage in STAGES_OF_KIND[row.stage] for row in self.rows]) for stage in GROWTH}
        wealth = {county.code: county.prosperity for county in city.counties}
        self.prosperity = np.array([wealth[code] for code in self.county])
        self.opened = self._opening_years()

    def uniform(self, *name: object) -> Numbers:
        """One number from 0 to 1 for each school; the same for the same name."""
        return Draws(self.city.seed, self.city.size, *name).uniform(self.size)

    def bell(self, *name: object) -> Numbers:
        """One number of a bell shape (mean 0, standard deviation 1) for each school."""
        return Draws(self.city.seed, self.city.size, *name).bell(self.size)

    def by_area(self, urban: float, town: float, rural: float) -> Numbers:
        """One value per kind of area, spread to the schools."""
        return np.select([self.area == AreaType.URBAN, self.area == AreaType.TOWN], [urban, town], rural)

    def by_rank(self, village: float, township: float, seat: float) -> Numbers:
        """One value per rank, spread to the schools."""
        return np.select([self.rank == SEAT, self.rank == TOWNSHIP], [seat, township], village)

    @cached_property
    def quality(self) -> Numbers:
        """How well a school is equipped and led in the newest year, 0 to 1."""
        wanted = 0.14 + 0.68 * self.prosperity + self.by_area(0.05, 0.02, -0.06) + self.by_rank(-0.06, 0.0, 0.03)
        return np.clip(wanted + 0.10 * self.bell("quality"), 0.02, 1.0)

    def level(self, year: int) -> Numbers:
        """`quality` as it was in a year: everybody catches up."""
        return np.clip(self.quality + LEVEL_GAIN * (year - NEWEST_YEAR), 0.0, 1.0)

    def reporting(self, year: int) -> Flags:
        """Which schools fill the form of a year."""
        codes = {row.code for row in self.city.reporters(year)}
        return np.array([row.code in codes for row in self.rows])

    def _opening_years(self) -> npt.NDArray[np.int64]:
        first: dict[str, int] = {}
        for step in self.city.steps:
            for row in step.rows:
                first.setdefault(row.code, step.day.year if step is not self.city.steps[0] else 0)
        return np.array([first[row.code] for row in self.rows])

    def roll(self, year: int) -> Roll:
        """Pupils, classes and teachers of a year."""
        pupils, classes, largest, teachers = {}, {}, {}, {}
        for stage in GROWTH:
            pupils[stage] = self._pupils(stage, year)
        self._take_over(pupils, year)
        for stage, count in pupils.items():
            classes[stage], largest[stage] = self._classes(stage, count)
            teachers[stage] = self._teachers(stage, count, classes[stage])
        others, other_teachers = np.zeros(self.size), np.zeros(self.size)
        for kind, (usual, ratio) in _OTHERS.items():
            count = whole(
                usual * np.clip(1 + 0.25 * self.bell("others", kind), 0.5, 1.6) * (1 + 0.01 * (year - NEWEST_YEAR))
            )
            others = np.where(self.stage == kind, count, others)
            other_teachers = np.where(self.stage == kind, whole(count / ratio), other_teachers)
        return Roll(
            pupils=pupils, classes=classes, largest=largest, teachers=teachers, other_pupils=others,
            all_pupils=sum(pupils.values(), others), all_classes=sum(classes.values(), np.ceil(others / 42)),
            all_teachers=sum(teachers.values(), other_teachers),
        )  # fmt: skip

    def capacity(self) -> Numbers:
        """Pupils that the buildings were made for: they do not grow and shrink with every year's intake."""
        return np.maximum(sum((self._base(stage) for stage in GROWTH), self.roll(NEWEST_YEAR).other_pupils), 20)

    def _usual(self, stage: str, column: int) -> Numbers:
        return self.by_rank(*(_USUAL[stage][rank][column] for rank in (VILLAGE, TOWNSHIP, SEAT)))

    def _base(self, stage: str) -> Numbers:
        part = np.array([_PART.get(row.stage, {}).get(stage, 1.0) for row in self.rows])
        wanted = (
            self._usual(stage, 0)
            * part
            * np.clip(1 + self.by_rank(0.3, 0.3, 0.36) * self.bell("base", stage), 0.4, 2.1)
        )
        if stage == "primary":
            point = self.stage == Stage.TEACHING_POINT
            wanted = np.where(point, 10 + 55 * self.uniform("point"), wanted)
        return np.where(self.teaches[stage], wanted, 0.0)

    def _pupils(self, stage: str, year: int) -> Numbers:
        gap = year - NEWEST_YEAR
        growth = self.by_area(*(GROWTH[stage][area] for area in ("urban", "town", "rural")))
        own = growth + 0.012 * self.bell("growth", stage)
        factor = np.maximum(1 + own * gap, 0.4) * (1 + 0.012 * self.bell("year", stage, year))
        age = year - self.opened
        factor *= np.select([self.opened == 0, age < 0, age == 0, age == 1], [1.0, 0.0, *OPENING], 1.0)
        few = 4 if stage == "primary" else 30
        return np.where(self.teaches[stage] & (age >= 0), np.maximum(whole(self._base(stage) * factor), few), 0.0)

    def _take_over(self, pupils: dict[str, Numbers], year: int) -> None:
        """The pupils of a closed school sit in the school that took over from it."""
        here = self.reporting(year) if year in self.city.years else np.ones(self.size, dtype=np.bool_)
        for closed, successor in self.city.merged.items():
            gone, heir = self.index[closed], self.index[successor]
            if here[gone]:
                continue
            for stage, count in pupils.items():
                if self.teaches[stage][heir]:
                    count[heir] += count[gone]

    def _classes(self, stage: str, pupils: Numbers) -> tuple[Numbers, Numbers]:
        """Classes, and pupils of the largest."""
        wanted = self._usual(stage, 1) + 2.5 * self.bell("class", stage)
        fewest: Numbers = np.full(self.size, 6.0 if stage == "primary" else 3.0)
        if stage == "primary":
            point = self.stage == Stage.TEACHING_POINT
            wanted, fewest = np.where(point, 14.0, wanted), np.where(point, 1.0, fewest)
        fewest = np.minimum(fewest, pupils)
        classes = np.where(pupils > 0, np.maximum(whole(pupils / np.maximum(wanted, 8)), fewest), 0.0)
        spread = np.floor(5 * self.uniform("largest", stage))
        largest = np.where(classes > 1, np.ceil(pupils / np.maximum(classes, 1)) + spread, pupils)
        return classes, np.minimum(largest, pupils)

    def _teachers(self, stage: str, pupils: Numbers, classes: Numbers) -> Numbers:
        ratio = self._usual(stage, 2) * np.clip(1 + 0.07 * self.bell("ratio", stage), 0.8, 1.25)
        per_class = {"primary": 1.25, "junior": 2.2, "senior": 2.8}[stage]
        return np.where(pupils > 0, np.maximum(whole(pupils / ratio), np.ceil(classes * per_class)), 0.0)


def _rank(row: OrgUnitRow, county: str) -> int:
    """School names say who runs them: county and city name their own schools after themselves."""
    if row.name.startswith((county, "云州市")):
        return SEAT
    village = row.stage == Stage.TEACHING_POINT or (row.stage == Stage.PRIMARY and "中心" not in row.name)
    return VILLAGE if village else TOWNSHIP
