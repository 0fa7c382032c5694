"""The demo city's annual forms: built as plain arrays, then brought in through the same door as real data.

`build_year` reads no database. The forms of one city agree with each other over the years; what does not agree is
planted and listed (see `demo_faults`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.demo import NEWEST_YEAR, DemoCity
from xingtan.domains.directory.types import OrgKind, OrgUnitRow, Stage
from xingtan.domains.indicators.demo_faults import DemoFault, gaps, planned, plant, silent
from xingtan.domains.indicators.demo_forms import Form, full_form
from xingtan.domains.indicators.demo_ground import Ground
from xingtan.domains.indicators.models.observations import Source
from xingtan.domains.indicators.selectors.cells import cell_table
from xingtan.domains.indicators.services.catalogue import shipped_elements
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh
from xingtan.domains.indicators.services.observations import Block, Origin, batch_record
from xingtan.domains.indicators.services.periods import period_ensure
from xingtan.domains.indicators.types import NOT_SAID
from xingtan.engines.indicators import STAGES_OF_KIND, Element, Reason
from xingtan.platform.orgscope.actor import Actor

__all__ = ["DemoBatch", "DemoFault", "DemoYear", "build_year", "load_correction", "load_year"]

PLATFORM = frozenset(
    {
        "spaces_teachers", "spaces_pupils", "spaces_real_name", "teachers_online_research", "three_classrooms_weekly",
        "trainings_live", "training_live_attendances",
    }
)  # fmt: skip
"""Elements that the platform counts itself, so that nobody has to declare them."""
MEASURED = ("desktop_mbps",)
NOTES = {
    Source.DECLARED: "{year}年教育信息化年度填报", Source.PLATFORM: "{year}年平台使用统计",
    Source.MEASURED: "{year}年网络测速（中位数）",
}  # fmt: skip


@dataclass(frozen=True)
class DemoBatch:
    """Cells of one source: `values` (n, k) and `reasons` (n, k) for the year's n schools; 255 is "not said"."""

    source: Source
    elements: tuple[str, ...]
    values: npt.NDArray[np.float64]
    reasons: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class DemoYear:
    """The forms of one year. `counties` is the county code of each school; `faults` are the planted contradictions."""

    year: int
    schools: tuple[OrgUnitRow, ...]
    counties: tuple[str, ...]
    batches: tuple[DemoBatch, ...]
    faults: tuple[DemoFault, ...]

    def fingerprint(self) -> str:
        """SHA-256 of all cells: equal years have equal fingerprints."""
        total = hashlib.sha256(repr((self.year, [row.code for row in self.schools], self.faults)).encode())
        for batch in self.batches:
            total.update(repr((batch.source.value, batch.elements)).encode())
            total.update(batch.values.astype("<f8").tobytes())
            total.update(batch.reasons.tobytes())
        return total.hexdigest()


def build_year(city: DemoCity, year: int, *, clean: bool = False) -> DemoYear:
    """The forms of a year, for every element of the shipped catalogue. `clean` leaves out gaps and faults."""
    elements = shipped_elements()
    ground = Ground(city)
    here = ground.reporting(year)
    rows = tuple(row for row, reports in zip(ground.rows, here, strict=True) if reports)
    form = {code: values[here].copy() for code, values in full_form(ground, year).items()}
    if missing := [element.code for element in elements if element.code not in form]:
        raise LookupError(f"the demo has no data for {', '.join(missing)}: add them to demo_forms")
    faults: tuple[DemoFault, ...] = ()
    codes = tuple(element.code for element in elements)
    reasons = _asked(rows, elements, form)
    if not clean:
        faults = planned(city) if year == NEWEST_YEAR else ()
        if faults:
            plant(faults, rows, form, {code: values[here] for code, values in full_form(ground, year - 1).items()})
        holes = gaps(city, year, rows, codes, [element.group for element in elements])
        reasons = np.where(reasons == Reason.REPORTED, holes, reasons)
        quiet = silent(city, year)
        reasons[[row.code in quiet for row in rows]] = NOT_SAID
    values = np.column_stack([form[code] for code in codes])
    values[reasons != Reason.REPORTED] = 0.0
    counties = tuple(county for county, reports in zip(ground.county, here, strict=True) if reports)
    return DemoYear(year, rows, counties, _batches(ground, year, here, codes, values, reasons), faults)


def _asked(rows: Sequence[OrgUnitRow], elements: Sequence[Element], form: Form) -> npt.NDArray[np.uint8]:
    """Which cells a school's form has: not said where the stage is not asked, not applicable where it says so."""
    reasons = np.zeros((len(rows), len(elements)), dtype=np.uint8)
    stage = np.array([row.stage for row in rows])
    special, no_pupils_asked = stage == Stage.SPECIAL, np.isin(stage, [Stage.KINDERGARTEN, Stage.VOCATIONAL])
    for number, element in enumerate(elements):
        if element.stages:
            kinds = [kind for kind, taught in STAGES_OF_KIND.items() if set(taught) & set(element.stages)]
            reasons[~np.isin(stage, kinds), number] = NOT_SAID
        if element.code in {"pupils_special", "funds_public_special"}:
            reasons[~special, number] = Reason.NOT_APPLICABLE
        if element.code in {"spaces_pupils", "pupils_ict_learning"}:
            reasons[no_pupils_asked, number] = Reason.NOT_APPLICABLE
        if element.code.startswith("funds_public_prior_"):
            # A school in its first year had no budget the year before.
            reasons[(form[element.code] == 0) & (reasons[:, number] == 0), number] = Reason.NOT_APPLICABLE
    return reasons


def _batches(
    ground: Ground, year: int, here: npt.NDArray[np.bool_], codes: tuple[str, ...], values: npt.NDArray[np.float64],
    reasons: npt.NDArray[np.uint8],
) -> tuple[DemoBatch, ...]:  # fmt: skip
    def some(source: Source, wanted: Sequence[str]) -> DemoBatch:
        columns = [codes.index(code) for code in wanted]
        return DemoBatch(source, tuple(wanted), values[:, columns], reasons[:, columns].copy())

    measured = some(Source.MEASURED, MEASURED)
    # Many lines give what the contract says, weak ones half of it.
    speed = np.clip(0.45 + 0.5 * ground.level(year) + 0.9 * ground.uniform("speed"), 0.3, 1.0)[here]
    probes = (ground.uniform("probe")[here] < 0.6) & (measured.values[:, 0] > 0)
    measured.values[:] = np.floor(measured.values * speed[:, None] * 10) / 10
    measured.reasons[~probes] = NOT_SAID
    measured.values[~probes] = 0.0
    return (
        some(Source.DECLARED, [code for code in codes if code not in PLATFORM]),
        some(Source.PLATFORM, [code for code in codes if code in PLATFORM]),
        measured,
    )


def load_year(*, actor_of: Callable[[str], Actor], city: DemoCity, year: int) -> int:
    """Bring the forms of a year in: a batch for each county and source, by `actor_of(county code)`.

    Returns the number of cells. The organisations must be in the directory.
    """
    built = build_year(city, year)
    period = period_ensure(code=str(year))
    cells = 0
    for county in city.counties:
        actor = actor_of(county.code)
        units = {unit.code: unit for unit in directory.units_on(actor=actor, day=period.ends)}
        mine = np.array([code == county.code for code in built.counties], dtype=np.bool_)
        for batch in built.batches:
            said = np.flatnonzero(mine & (batch.reasons != NOT_SAID).any(axis=1))
            if not len(said):
                continue
            found = [units[built.schools[number].code] for number in said]
            block = Block(
                elements=batch.elements, units=[unit.id for unit in found], paths=[unit.path for unit in found],
                values=batch.values[said], reasons=batch.reasons[said],
            )  # fmt: skip
            origin = Origin(batch.source, note=NOTES[batch.source].format(year=year), statistics={"rows": len(said)})
            batch_record(actor=actor, org_path=units[county.code].path, period_id=period.id, origin=origin, block=block)
            cells += int((block.reasons == Reason.REPORTED).sum())
    return cells


def load_correction(*, actor: Actor, city: DemoCity) -> None:
    """The principal corrects one number of the newest year, so that its history and the refreshed figures show."""
    period = period_ensure(code=str(NEWEST_YEAR))
    schools = directory.units_on(actor=actor, day=period.ends, kinds=(OrgKind.SCHOOL.value,))
    school = next(unit for unit in schools if unit.code == city.principal)
    cells = cell_table(actor=actor, period_id=period.id, units=(school.id,))
    now = float(cells.values[0, cells.elements.index("terminals_student")])
    cell_correct_and_refresh(
        actor=actor, unit_id=school.id, period_id=period.id, element="terminals_student", value=now + 20, reason=0,
        note="资产盘点后更正：新到的20台平板电脑已入账",
    )  # fmt: skip
