"""What is not right in the demo's forms, as in every real collection: gaps, and contradictions for the checks to find.

Planted in the newest year, at the home county's schools of every size, and once per kind in every large county:

- `rooms`: more ordinary classrooms with multimedia than there are ordinary classrooms (柳林镇中心学校);
- `uplink`: an uplink of 200 Mbit/s at a school that says it has no internet (清河县第二初级中学);
- `tenfold`: equipment worth ten times last year's, a slip of the unit (清河县实验小学);
- `degrees`: more teachers with degrees than teachers (清河县第一初级中学).

The doubled school 柳林镇石桥小学 is planted in the directory's part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.domains.directory.demo import EVENTFUL, NEWEST_YEAR, DemoCity, Draws
from xingtan.domains.directory.types import OrgUnitRow, Stage
from xingtan.engines.indicators import Reason

KINDS = ("rooms", "uplink", "tenfold", "degrees")
_HOME = {
    "rooms": "柳林镇中心学校", "uplink": "清河县第二初级中学", "tenfold": "清河县实验小学", "degrees": "清河县第一初级中学",
}  # fmt: skip
OPEN_QUESTIONS = ("heads_ict_trained", "ict_hours_practice", "computers_teacher_networked")
"""What the principal's school has yet to report in the newest year."""

_CELL_GAP, _GROUP_GAP, _UNKNOWN = 0.009, 0.022, 0.25
_GAP_FACTOR = {"school": 0.1, "pupils": 0.08, "rooms": 0.6, "funds": 1.6, "training": 1.6, "use": 1.2}


@dataclass(frozen=True)
class DemoFault:
    """A planted contradiction: its kind, the code of the school, the year, and the elements that contradict."""

    kind: str
    code: str
    year: int
    elements: tuple[str, ...]


def gaps(
    city: DemoCity, year: int, rows: Sequence[OrgUnitRow], elements: Sequence[str], groups: Sequence[str]
) -> npt.NDArray[np.uint8]:
    """Reasons, (schools, elements): 0, or why a cell is empty. Single cells, and whole groups of busy schools."""
    shape = (len(rows), len(elements))
    aging = 1 + 0.25 * (NEWEST_YEAR - year)
    draws = Draws(city.seed, city.size, "gaps", year)
    factor = np.array([_GAP_FACTOR.get(group, 1.0) for group in groups])
    empty = draws.uniform(shape[0] * shape[1]).reshape(shape) < _CELL_GAP * aging * factor
    for group in ("funds", "training", "use"):
        blank = draws.uniform(shape[0]) < _GROUP_GAP * aging
        empty |= blank[:, None] & (np.array(groups) == group)[None, :]
    unknown = draws.uniform(shape[0] * shape[1]).reshape(shape) < _UNKNOWN
    empty[[row.code == city.principal for row in rows]] = False
    reasons = np.where(empty, np.where(unknown, Reason.UNKNOWN, Reason.NOT_REPORTED), Reason.REPORTED)
    if year == NEWEST_YEAR:
        home = next(number for number, row in enumerate(rows) if row.code == city.principal)
        for code in OPEN_QUESTIONS:
            if code in elements:
                reasons[home, list(elements).index(code)] = Reason.NOT_REPORTED
    return reasons.astype(np.uint8)


def silent(city: DemoCity, year: int, rows: Sequence[OrgUnitRow]) -> frozenset[str]:
    """The codes of schools that have not sent their form of the newest year: one in every large county."""
    if year != NEWEST_YEAR:
        return frozenset()
    found = set()
    for code, mine in _large_counties(city, rows).items():
        villages = [row for row in mine if row.area_type == "rural" and row.stage == Stage.PRIMARY]
        if villages:
            found.add(Draws(city.seed, "silent", code).pick(villages).code)
    return frozenset(found)


def plant(
    city: DemoCity, year: int, rows: Sequence[OrgUnitRow], form: Mapping[str, npt.NDArray[np.float64]],
    before: Mapping[str, npt.NDArray[np.float64]],
) -> tuple[DemoFault, ...]:  # fmt: skip
    """Put the contradictions into the form of the newest year (in place) and say where they are.

    `before` is last year's form of the same schools.
    """
    if year != NEWEST_YEAR:
        return ()
    faults = []
    place = {row.code: number for number, row in enumerate(rows)}
    for kind, code in _targets(city, year, rows):
        at = place[code]
        if kind == "rooms":
            elements: tuple[str, ...] = ("rooms_ordinary_multimedia", "rooms_ordinary", "rooms_multimedia")
            form["rooms_ordinary_multimedia"][at] = form["rooms_ordinary"][at] + 4
            form["rooms_multimedia"][at] = form["rooms_ordinary"][at] + 6
        elif kind == "uplink":
            elements = ("internet", "uplink_mbps")
            form["internet"][at], form["uplink_mbps"][at] = 0, 200
        elif kind == "tenfold":
            elements = ("equipment_value",)
            form["equipment_value"][at] = 10 * before["equipment_value"][at]
        else:
            stage = "primary" if form["teachers_primary"][at] else "junior"
            elements = (f"teachers_bachelor_{stage}", f"teachers_{stage}")
            form[elements[0]][at] = form[elements[1]][at] + 3
        faults.append(DemoFault(kind, code, year, elements))
    return tuple(faults)


def _large_counties(city: DemoCity, rows: Sequence[OrgUnitRow]) -> dict[str, list[OrgUnitRow]]:
    named = {row.code for row in city.steps[0].rows if row.name in _HOME.values()} | {city.principal}
    mine: dict[str, list[OrgUnitRow]] = {}
    for row in rows:
        if row.code not in named:
            mine.setdefault(row.parent_code, []).append(row)
    return {code: some for code, some in mine.items() if len(some) >= EVENTFUL and not code.isspace()}


def _targets(city: DemoCity, year: int, rows: Sequence[OrgUnitRow]) -> list[tuple[str, str]]:
    """(kind, school code), no school twice."""
    named = {row.name: row.code for row in rows}
    targets = [(kind, named[_HOME[kind]]) for kind in KINDS]
    quiet = silent(city, year, rows)
    for code, mine in _large_counties(city, rows).items():
        if code == city.county:
            continue
        fit = [row for row in mine if row.stage in {Stage.PRIMARY, Stage.JUNIOR} and row.code not in quiet]
        chosen = Draws(city.seed, "faults", code).shuffled(fit)
        targets += [(kind, row.code) for kind, row in zip(KINDS, chosen, strict=False)]
    return targets
