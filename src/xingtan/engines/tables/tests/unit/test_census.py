"""Golden figures of the Brazilian school census 2025, Tocantins (INEP): a real file with real faults."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from xingtan.engines.tables import (
    ElementSpec,
    Inspection,
    Result,
    Role,
    Severity,
    Table,
    dry_run,
    inspect_table,
    load_mapping,
    parse_mapping,
    read_table,
    suggest_mapping,
    write_issues,
)
from xingtan.engines.tables.mapping_toml import dump_mapping
from xingtan.engines.tables.types import CoordinateState, Reason, UnitStatus

REPOSITORY = Path(__file__).resolve().parents[6]
DATA = Path(os.environ.get("XINGTAN_REFERENCE_DATA") or REPOSITORY.parent / "shared" / "data")
CENSUS = DATA / "school-census-tocantins-2025"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "inep-censo-escolar-2025.toml"
SENTINEL_COLUMNS = {
    "QT_EQUIP_SOM": 1, "QT_EQUIP_TV": 1, "QT_EQUIP_MULTIMIDIA": 5, "QT_DESKTOP_ALUNO": 1,
    "QT_PROF_ADMINISTRATIVOS": 3, "QT_PROF_SERVICOS_GERAIS": 2, "QT_PROF_BIBLIOTECARIO": 2, "QT_PROF_SAUDE": 2,
    "QT_PROF_ALIMENTACAO": 1, "QT_PROF_PEDAGOGIA": 4, "QT_PROF_SEGURANCA": 7, "QT_PROF_MONITORES": 8,
    "QT_PROF_TRAD_LIBRAS": 2,
}  # fmt: skip

needs_census = pytest.mark.skipif(
    not (CENSUS / "schools.xlsx").is_file(), reason=f"the reference data are not in {DATA} (XINGTAN_REFERENCE_DATA)"
)


def test_example_mapping_loads_and_round_trips() -> None:
    mapping = load_mapping(EXAMPLE)
    assert parse_mapping(dump_mapping(mapping)) == mapping
    assert set(SENTINEL_COLUMNS) <= {element.column for element in mapping.elements}
    assert len(mapping.elements) > 150


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table(CENSUS / "schools.xlsx")


@pytest.fixture(scope="module")
def result(table: Table) -> Result:
    return dry_run(table, load_mapping(EXAMPLE))


@pytest.fixture(scope="module")
def inspection(table: Table) -> Inspection:
    variables = json.loads((CENSUS / "dictionary.json").read_text())["variaveis"]
    return inspect_table(table, dictionary={v["variavel"]: v["descricao"] for v in variables})


@needs_census
def test_schools_and_their_status(table: Table, result: Result) -> None:
    assert (table.row_count, len(table.columns), table.header_rows) == (2217, 302, (1, 1))
    assert len(result.units) == 2217
    status = result.units.statuses
    assert [int((status == s).sum()) for s in (UnitStatus.ACTIVE, UnitStatus.PAUSED, UnitStatus.CLOSED)] == [
        1581,
        574,
        62,
    ]
    assert len(set(result.units.parents[0].codes)) == 139
    assert set(result.units.periods) == {"2025"}
    assert set(result.units.locales) == {"urban", "rural"}


@needs_census
def test_nothing_blocks(result: Result) -> None:
    assert [count for count in result.counts if count.severity is Severity.ERROR] == []
    assert result.ok


@needs_census
def test_coordinates_of_active_schools(result: Result) -> None:
    units = result.units
    latitude = units.latitude.states[units.active]
    assert int((latitude == CoordinateState.LOST_DECIMAL).sum()) == 1462
    assert int((latitude == CoordinateState.MISSING).sum()) == 118
    assert int((latitude == CoordinateState.VALID).sum()) == 1
    assert result.count("coordinate_missing", column="AH") == 118
    lost = units.latitude.states == CoordinateState.LOST_DECIMAL
    assert np.isnan(units.latitude.values[lost]).all()
    assert (units.latitude.proposals[lost] > -13.6).all() and (units.latitude.proposals[lost] < -5.1).all()
    assert result.count("coordinate_outside") == 0


@needs_census
def test_thirteen_sentinel_columns_are_flagged_and_none_is_added_up(result: Result) -> None:
    assert {c.header: c.count for c in result.counts if c.code == "sentinel"} == SENTINEL_COLUMNS
    assert result.count("sentinel_suspected") == 0
    for element in result.elements.values():
        assert not (element.values == 88888).any()
    projectors = result.elements["projectors"]
    assert int((projectors.reasons == Reason.UNKNOWN).sum()) == 5


@needs_census
def test_thirteen_sentinel_columns_are_found_unaided(inspection: Inspection, table: Table) -> None:
    found = {p.header: sum(s.count for s in p.sentinels) for p in inspection.columns if p.sentinels}
    assert found == SENTINEL_COLUMNS
    assert {s.value for p in inspection.columns for s in p.sentinels} == {88888.0}
    undeclared = parse_mapping(EXAMPLE.read_text().replace('sentinels = { 88888 = "unknown" }', ""))
    suspected = dry_run(table, undeclared)
    assert {c.header for c in suspected.counts if c.code == "sentinel_suspected"} == set(SENTINEL_COLUMNS)
    active = suspected.units.active
    ratio = suspected.elements["projectors"].total(active) / suspected.elements["classrooms"].total(active)
    assert round(ratio, 1) == 33.1  # what ignoring the suspicion would have given


@needs_census
def test_indicators_to_the_unit(result: Result) -> None:
    units, elements = result.units, result.elements
    active = units.active
    assert int(active.sum()) == 1581

    def total(code: str, where: np.ndarray = active) -> int:
        value = elements[code].total(where)
        assert value == int(value)
        return int(value)

    def percent(part: int, whole: int) -> float:
        return round(100 * part / whole, 2)

    assert (total("internet"), total("broadband")) == (1551, 1412)
    assert percent(1551, 1581) == 98.10
    rural = active & (np.array(units.locales) == "rural")
    urban = active & (np.array(units.locales) == "urban")
    assert percent(total("internet", rural), int(rural.sum())) == 93.83
    assert percent(total("internet", urban), int(urban.sum())) == 99.91
    assert percent(1412, 1551) == 91.04
    assert int((elements["broadband"].reasons[active] == Reason.NOT_APPLICABLE).sum()) == 30
    assert percent(total("internet_learning"), 1581) == 81.78
    assert percent(total("computer_lab"), 1581) == 20.68
    assert round(total("projectors") / total("classrooms"), 3) == 0.222


@needs_census
def test_blanks_of_schools_not_in_operation_are_not_applicable(result: Result) -> None:
    for code in ("internet", "projectors", "classrooms"):
        idle = result.elements[code].reasons[~result.units.active]
        assert (idle == Reason.NOT_APPLICABLE).all()


@needs_census
def test_no_rule_is_broken_and_near_namesakes_are_found(result: Result) -> None:
    assert result.count("rule_broken") == 0
    assert [i.row for i in result.issues if i.code == "name_duplicate_near"] == [28, 263, 963, 994]


@needs_census
def test_roles_and_proposals(inspection: Inspection) -> None:
    roles = {p.header: p.role for p in inspection.columns}
    assert [h for h, role in roles.items() if role is Role.CODE] == ["CO_ENTIDADE"]
    assert (roles["LATITUDE"], roles["LONGITUDE"]) == (Role.LATITUDE, Role.LONGITUDE)
    assert (roles["NO_ENTIDADE"], roles["IN_INTERNET"], roles["QT_EQUIP_TV"]) == (Role.NAME, Role.BOOLEAN, Role.COUNT)
    nine = {p.header for p in inspection.columns if p.extra_codes}
    assert {"IN_ACESSO_INTERNET_COMPUTADOR", "IN_ACES_INTERNET_DISP_PESSOAIS"} <= nine
    draft = suggest_mapping(
        inspection,
        [
            ElementSpec("internet", "Internet access", ("acesso à internet",)),
            ElementSpec("broadband", "Broadband", ("internet banda larga",)),
            ElementSpec("computer_lab", "Computer laboratory", ("laboratório de informática",)),
            ElementSpec("projectors", "Projectors", ("quantidade de projetores multimídia",)),
        ],
    )
    assert {s.element: s.column for s in draft.suggestions} == {
        "internet": "IN_INTERNET",
        "broadband": "IN_BANDA_LARGA",
        "computer_lab": "IN_LABORATORIO_INFORMATICA",
        "projectors": "QT_EQUIP_MULTIMIDIA",
    }
    assert draft.fields["code"] == "CO_ENTIDADE" and draft.fields["status"] == "TP_SITUACAO_FUNCIONAMENTO"
    assert draft.sentinels == (88888.0,)


@needs_census
def test_a_draft_mapping_runs(inspection: Inspection, table: Table) -> None:
    draft = suggest_mapping(inspection, [ElementSpec("computer_lab", "laboratório de informática")])
    assert draft.mapping is not None
    result = dry_run(table, parse_mapping(dump_mapping(draft.mapping)))
    assert result.elements["computer_lab"].total(result.units.active) == 327


@needs_census
def test_fault_list_for_excel(result: Result) -> None:
    read = read_table(write_issues(result), header_rows=1, sheet="Issues")
    assert read.row_count == len(result.issues)
