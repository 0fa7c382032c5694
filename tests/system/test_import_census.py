"""A real school census, 2,217 schools × 302 columns with real faults, imported whole; golden figures to the unit."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from xingtan.domains.indicators.models import ImportDraft
    from xingtan.domains.indicators.types import CellTable
    from xingtan.platform.orgscope.actor import Actor

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("XINGTAN_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
CENSUS = DATA / "school-census-tocantins-2025" / "schools.xlsx"
MAPPING = ROOT / "src/xingtan/engines/tables/examples/inep-censo-escolar-2025.toml"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not CENSUS.exists(), reason=f"the census table is not at {CENSUS} (XINGTAN_REFERENCE_DATA)"),
]


@pytest.fixture
def state(db: None, system: Actor) -> str:
    """The path of a city of its own, in which no school is known yet."""
    from xingtan.domains.directory import api as directory
    from xingtan.domains.directory.types import OrgUnitRow

    directory.org_units_sync(actor=system, rows=[OrgUnitRow("TO", "Tocantins", "city")], valid_from=date(2025, 1, 1))
    return directory.units_on(actor=system, day=date(2025, 6, 1))[0].path


def bring_in(actor: Actor, path: str) -> ImportDraft:
    """Upload, look, check and apply, each by its service."""
    from xingtan.domains.indicators.models import ImportDraft
    from xingtan.domains.indicators.services import imports
    from xingtan.domains.indicators.services.inspection import draft_inspect
    from xingtan.domains.indicators.services.periods import period_ensure

    with CENSUS.open("rb") as content:
        draft = imports.draft_create(
            actor=actor, org_path=path, period_id=period_ensure(code="2025").id, name="schools.xlsx", content=content,
            mapping=MAPPING.read_text(encoding="utf-8"),
        )  # fmt: skip
    draft_inspect(actor=actor, draft_id=draft.pk)
    report = imports.draft_check(actor=actor, draft_id=draft.pk)
    assert report["ok"], report["refusals"]
    imports.draft_apply(actor=actor, draft_id=draft.pk)
    return ImportDraft.objects.visible_to(actor, "indicators.import").get(pk=draft.pk)


def cells(actor: Actor) -> CellTable:
    from xingtan.domains.indicators.api import cell_table, period_by_code

    period = period_by_code("2025")
    assert period is not None
    return cell_table(actor=actor, period_id=period.id)


def test_the_census_to_the_unit(state: str, system: Actor) -> None:
    from xingtan.domains.directory import api as directory

    draft = bring_in(system, state)
    report = draft.report

    units = directory.units_on(actor=system, day=date(2025, 12, 31))
    kinds = [unit.kind for unit in units]
    assert (kinds.count("school"), kinds.count("county")) == (2217, 139)
    active = {unit.id for unit in units if unit.kind == "school" and unit.status == "active"}
    assert len(active) == 1581

    table = cells(system)
    at = np.array([unit in active for unit in table.units.tolist()])
    assert len(table.units) == 2217

    def column(code: str) -> tuple[Any, Any]:
        number = table.elements.index(code)
        reported = at & (table.reasons[:, number] == 0)
        return table.values[:, number], reported

    values, reported = column("internet")
    assert (int(values[reported].sum()), int(reported.sum())) == (1551, 1581)
    values, reported = column("broadband")
    assert (int(values[reported].sum()), int(reported.sum())) == (1412, 1551)

    assert report["coordinates"]["latitude"] == {"valid": 1, "lost_decimal": 1462, "missing": 118}
    flagged = [count["column"] for count in report["counts"] if count["code"] == "sentinel"]
    assert len(flagged) == len(set(flagged)) == 13
    assert not (table.values[table.reasons == 0] == 88888).any(), "no code for a missing answer is left as a number"

    values, reported = column("classrooms")
    projectors, has_projectors = column("projectors")
    ratio = projectors[has_projectors].sum() / values[reported].sum()
    assert round(ratio, 3) == 0.222, "88888 added up would make it 33.1"
    assert_traceable(system, int(table.units[0]), draft.period_id)


def assert_traceable(actor: Actor, unit_id: int, period_id: int) -> None:
    """A stored cell names its place in the file."""
    from xingtan.domains.indicators.api import cell_history

    source = cell_history(actor=actor, unit_id=unit_id, period_id=period_id, element="internet")[0].source
    assert (source.file_name, source.sheet, source.header) == ("schools.xlsx", "ESCOLA-2025", "IN_INTERNET")
    assert source.row is not None
    assert source.column


def test_the_census_twice_changes_nothing(state: str, system: Actor) -> None:
    from xingtan.domains.directory.models import OrgUnitVersion
    from xingtan.domains.indicators.models import Batch, Observation
    from xingtan.domains.indicators.selectors.cells import table_hash

    def counts() -> tuple[int, ...]:
        return tuple(model.objects.unscoped(reason="test").count() for model in (Batch, Observation, OrgUnitVersion))

    first = bring_in(system, state)
    before, hashed = counts(), table_hash(cells(system))
    second = bring_in(system, state)
    assert second.report["effect"]["repeated"]
    assert second.batch_id == first.batch_id
    assert (counts(), table_hash(cells(system))) == (before, hashed)
