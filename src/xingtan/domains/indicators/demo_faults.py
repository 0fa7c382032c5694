"""What is not right in the demo's forms, as in every real collection: gaps, and contradictions for the checks to find.

Planted in the newest year, at schools of the home county that exist at every size, and two kinds in the lesser places
of every other large county:

- `rooms`: more ordinary classrooms with multimedia than there are ordinary classrooms (柳林镇中心学校);
- `uplink`: an uplink of 200 Mbit/s at a school that says it has no internet (清河县第二初级中学);
- `tenfold`: equipment worth ten times last year's, a slip of the unit (柳林镇石桥小学, the first of the two);
- `degrees`: more teachers with degrees than teachers (清河县第一初级中学).

The doubled school 柳林镇石桥小学 is planted in the directory's part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.domains.directory.demo import EVENTFUL, NEWEST_YEAR, DemoCity, Draws
from xingtan.domains.directory.types import OrgKind, OrgUnitRow, Stage
from xingtan.domains.indicators.demo_ground import Numbers
from xingtan.engines.indicators import Reason

KINDS = ("rooms", "uplink", "tenfold", "degrees")
_HOME = {
    "rooms": "柳林镇中心学校", "uplink": "清河县第二初级中学", "tenfold": "柳林镇石桥小学",
    "degrees": "清河县第一初级中学",
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
    place = {row.code: number for number, row in enumerate(rows)}
    columns = {code: number for number, code in enumerate(elements)}
    if year >= NEWEST_YEAR - 1:
        # A contradiction can only be found where its cells, and last year's, are filled in.
        for fault in planned(city):
            empty[place[fault.code], [columns[code] for code in fault.elements]] = False
    empty[place[city.principal]] = False
    reasons = np.where(empty, np.where(unknown, Reason.UNKNOWN, Reason.NOT_REPORTED), Reason.REPORTED)
    if year == NEWEST_YEAR:
        reasons[place[city.principal], [columns[code] for code in OPEN_QUESTIONS]] = Reason.NOT_REPORTED
    return reasons.astype(np.uint8)


def silent(city: DemoCity, year: int) -> frozenset[str]:
    """The codes of schools that have not sent their form of the newest year: one in every large county."""
    if year != NEWEST_YEAR:
        return frozenset()
    found = set()
    for code, mine in _large_counties(city).items():
        villages = [row for row in mine if row.area_type == "rural" and row.stage == Stage.PRIMARY]
        if villages:
            found.add(Draws(city.seed, "silent", code).pick(villages).code)
    return frozenset(found)


def planned(city: DemoCity) -> tuple[DemoFault, ...]:
    """The contradictions of the newest year: where they are to stand, no school twice."""
    rows = city.reporters(NEWEST_YEAR)
    targets = [(kind, next(row for row in rows if row.name == _HOME[kind])) for kind in KINDS]
    quiet = silent(city, NEWEST_YEAR)
    names = {county.code: county.name for county in city.counties}
    for number, (code, mine) in enumerate(_large_counties(city).items()):
        if code == city.county:
            continue
        # Not at the great schools of the main place: one slip there would decide the figures of the whole county.
        lesser = [row for row in mine if row.stage in {Stage.PRIMARY, Stage.JUNIOR} and names[code] not in row.name]
        fit = Draws(city.seed, "faults", code).shuffled([row for row in lesser if row.code not in quiet])
        kinds = (KINDS[number % len(KINDS)], KINDS[(number + 1) % len(KINDS)])
        targets += zip(kinds, fit, strict=False)
    return tuple(DemoFault(kind, row.code, NEWEST_YEAR, _elements(kind, row)) for kind, row in targets)


def _elements(kind: str, row: OrgUnitRow) -> tuple[str, ...]:
    if kind == "rooms":
        return "rooms_ordinary_multimedia", "rooms_ordinary", "rooms_multimedia"
    if kind == "uplink":
        return "internet", "uplink_mbps"
    if kind == "tenfold":
        return ("equipment_value",)
    stage = "junior" if row.stage == Stage.JUNIOR else "primary"
    return f"teachers_bachelor_{stage}", f"teachers_{stage}"


def plant(
    faults: Sequence[DemoFault], rows: Sequence[OrgUnitRow], form: Mapping[str, Numbers], before: Mapping[str, Numbers]
) -> None:
    """Put the contradictions into a form of the newest year, in place; `before` is last year's of the same schools."""
    place = {row.code: number for number, row in enumerate(rows)}
    for fault in faults:
        at, cells = place[fault.code], fault.elements
        if fault.kind == "rooms":
            form["rooms_ordinary_multimedia"][at] = form["rooms_ordinary"][at] + 4
            form["rooms_multimedia"][at] = form["rooms_ordinary"][at] + 6
        elif fault.kind == "uplink":
            form["internet"][at], form["uplink_mbps"][at] = 0, 200
        elif fault.kind == "tenfold":
            form["equipment_value"][at] = 10 * before["equipment_value"][at]
        else:
            form[cells[0]][at] = form[cells[1]][at] + 3


def _large_counties(city: DemoCity) -> dict[str, list[OrgUnitRow]]:
    """The schools of each large county that report in the newest year, without those that guides speak of."""
    mine: dict[str, list[OrgUnitRow]] = {}
    for row in city.reporters(NEWEST_YEAR):
        if row.kind == OrgKind.SCHOOL and row.name not in _HOME.values():
            mine.setdefault(row.parent_code, []).append(row)
    return {code: some for code, some in mine.items() if len(some) >= EVENTFUL}
