"""Each kind of fault, found where it is, through the public door."""

from collections.abc import Sequence

import numpy as np
import pytest

from xingtan.engines.tables import Result, Severity, dry_run, parse_mapping, read_table
from xingtan.engines.tables.tests.corpus import csv_bytes, xlsx
from xingtan.engines.tables.types import CoordinateState, Reason, UnitStatus

BASE = 'version = 1\nname = "m"\n'
UNIT = '[unit]\ncode = "code"\nname = "name"\n'
X = '[[element]]\ncode = "x"\ncolumn = "x"\n'


def run(mapping: str, rows: Sequence[Sequence[object]], **options) -> Result:
    parsed = parse_mapping(BASE + mapping)
    return dry_run(read_table(xlsx(rows), header_rows=1), parsed, **options)


def places(result: Result, code: str) -> list[tuple[int | None, str | None, str | None]]:
    return [(i.row, i.column, i.value) for i in result.issues if i.code == code]


def column(mapping: str, *cells: object) -> Result:
    """One element ``x`` over rows 2, 3, …"""
    return run(UNIT + X + mapping, [["code", "name", "x"], *[[f"c{k}", f"n{k}", cell] for k, cell in enumerate(cells)]])


def test_clean_rows() -> None:
    result = column('kind = "integer"\n', 1, 2, 3)
    assert result.ok and not result.issues
    assert result.units.codes == ["c0", "c1", "c2"]
    assert result.elements["x"].values.tolist() == [1, 2, 3]
    assert result.elements["x"].column == "C"


def test_codes() -> None:
    rows = [["code", "name"], ["a", "1"], [None, "2"], ["a", "3"], [" a ", "4"], [12345678901234567, "5"], ["b", None]]
    result = run(UNIT, rows)
    assert places(result, "code_duplicate") == [(4, "A", "a"), (5, "A", " a ")]
    assert [dict(i.params) for i in result.issues if i.code == "code_duplicate"] == [
        {"code": "a", "count": 3, "first": 2}
    ] * 2
    assert places(result, "code_blank") == [(3, "A", None)]
    assert [row for row, _, _ in places(result, "code_precision")] == [6]
    assert places(result, "name_blank") == [(7, "B", None)]
    assert not result.ok


def test_known_codes_and_pattern() -> None:
    result = run(
        UNIT + 'code_pattern = "[0-9]{3}"\n',
        [["code", "name"], ["001", "a"], ["2", "b"], [7.0, "c"]],
        known_codes=["001", "7"],
    )
    assert places(result, "code_malformed") == [(3, "A", "2"), (4, "A", "7")]
    assert places(result, "unit_unknown") == [(3, "A", "2")]
    assert result.issues[-1].severity is Severity.ERROR


def test_status_decides_what_a_blank_means() -> None:
    mapping = (
        UNIT + '[unit.status]\ncolumn = "s"\nactive = [1]\npaused = [2]\nclosed = ["停办"]\n' + X + "required = true\n"
    )
    rows = [
        ["code", "name", "s", "x"],
        ["a", "a", 1, None],
        ["b", "b", "１", 5],
        ["c", "c", 2, None],
        ["d", "d", "停办", None],
        ["e", "e", 9, 1],
    ]
    result = run(mapping, rows)
    assert result.units.statuses.tolist() == [
        UnitStatus.ACTIVE,
        UnitStatus.ACTIVE,
        UnitStatus.PAUSED,
        UnitStatus.CLOSED,
        UnitStatus.UNKNOWN,
    ]
    assert places(result, "required_blank") == [(2, "D", None)]
    assert result.elements["x"].reasons.tolist() == [
        Reason.NOT_REPORTED,
        Reason.REPORTED,
        Reason.NOT_APPLICABLE,
        Reason.NOT_APPLICABLE,
        Reason.REPORTED,
    ]
    assert places(result, "status_not_listed") == [(6, "C", "9")]
    assert result.units.active.tolist() == [True, True, False, False, False]


def test_numbers() -> None:
    result = column('kind = "integer"\nmin = 0\nmax = 100\n', 5, "１２", "abc", 2.5, -1, 101, None, True, "1,234")
    assert result.elements["x"].values[:2].tolist() == [5, 12]
    assert np.isnan(result.elements["x"].values[2:]).all()
    assert result.elements["x"].reasons[2:].tolist() == [2, 2, 2, 2, Reason.NOT_REPORTED, 2, 2]
    assert places(result, "not_a_number") == [(4, "C", "abc"), (9, "C", "TRUE")]
    assert places(result, "not_whole") == [(5, "C", "2.5")]
    assert places(result, "below_minimum") == [(6, "C", "-1")]
    assert places(result, "above_maximum") == [(7, "C", "101"), (10, "C", "1,234")]
    assert {row for row, _, _ in places(result, "number_as_text")} == {3, 10}


def test_csv_numbers_are_text_by_nature() -> None:
    mapping = parse_mapping(BASE + UNIT + X)
    result = dry_run(read_table(csv_bytes([["code", "name", "x"], ["001", "a", "x7"], ["002", "b", "7"]])), mapping)
    assert result.units.codes == ["001", "002"]
    assert result.count("number_as_text") == 0
    assert result.count("not_a_number") == 1


def test_decimal_comma() -> None:
    text = BASE + '[source]\ndecimal = ","\n' + UNIT + X
    table = read_table(csv_bytes([["code", "name", "x"], ["1", "a", "1.234,5"]], ";"))
    assert dry_run(table, parse_mapping(text)).elements["x"].values.tolist() == [1234.5]


def test_units_of_measurement() -> None:
    result = column('multiplier = 1000\nsuffixes = ["Gbps"]\nmin = 100\n', 1, "2 Gbps", 0.05)
    assert result.elements["x"].values[:2].tolist() == [1000, 2000]
    assert places(result, "below_minimum") == [(4, "C", "0.05")]


def test_percent_text_means_what_a_percent_cell_means() -> None:
    assert column("multiplier = 100\n", 0.12, "12%").elements["x"].values.tolist() == [12, 12]


def test_sentinels_are_never_values() -> None:
    result = column(
        'sentinels = {88888 = "unknown", "-" = "not_applicable", 7 = "suppressed"}\n', 3, 88888, "８８８８８", "-", 7
    )
    assert result.elements["x"].values[0] == 3
    assert result.elements["x"].reasons.tolist() == [0, Reason.UNKNOWN, Reason.UNKNOWN, Reason.NOT_APPLICABLE, 4]
    assert result.elements["x"].total(np.ones(5, dtype=bool)) == 3
    assert result.count("sentinel", column="C") == 4
    assert result.ok


def test_undeclared_sentinel_is_suspected() -> None:
    result = column("", 1, 2, 3, 4, 5, 6, 9999, 9999)
    assert [(i.column, dict(i.params)) for i in result.issues if i.code == "sentinel_suspected"] == [
        ("C", {"found": "9999", "count": 2, "maximum": "6"})
    ]
    assert result.ok


def test_code_lists_and_yes_no() -> None:
    result = column('codes = {"是" = 1, "否" = 0, "9" = "unknown"}\n', "是", "否 ", 9, "也许")
    assert result.elements["x"].values[:2].tolist() == [1, 0]
    assert result.elements["x"].reasons.tolist() == [0, 0, Reason.UNKNOWN, Reason.UNKNOWN]
    assert places(result, "not_in_list") == [(5, "C", "也许")]
    result = column('kind = "boolean"\n', "有", "无", True, 0, "YES", 2)
    assert result.elements["x"].values[:5].tolist() == [1, 0, 1, 0, 1]
    assert places(result, "not_in_list") == [(7, "C", "2")]


def test_formula_like_text_is_kept_and_flagged() -> None:
    result = run(UNIT, [["code", "name"], ["=1+1", "@SUM(A1)"], ["b", "-5"]])
    assert result.units.codes[0] == "=1+1"
    assert places(result, "formula_like") == [(2, "A", "=1+1"), (2, "B", "@SUM(A1)")]
    assert result.ok


def test_missing_and_ambiguous_columns() -> None:
    result = run(
        UNIT + X + '[[element]]\ncode = "y"\ncolumn = "y"\noptional = true\n', [["code", "x", "x"], ["a", 1, 2]]
    )
    assert [(i.code, i.params["wanted"]) for i in result.issues] == [
        ("column_ambiguous", "x"),
        ("column_missing", "name"),
    ]
    assert result.elements["y"].reasons.tolist() == [Reason.NOT_REPORTED]
    by_letter = run('[unit]\ncode = "#A"\n[[element]]\ncode = "x"\ncolumn = "#C"\n', [["code", "x", "x"], ["a", 1, 2]])
    assert by_letter.elements["x"].values.tolist() == [2]


def test_headers_match_without_case_width_and_space() -> None:
    result = run('[unit]\ncode = "学校 代码"\n' + X, [["学校\u3000代码", "Ｘ"], ["a", 1]])
    assert result.ok and result.elements["x"].values.tolist() == [1]


def test_parents() -> None:
    mapping = UNIT + '[[unit.parent]]\nlevel = "county"\ncode = "cc"\nname = "cn"\n'
    rows = [
        ["code", "name", "cc", "cn"],
        ["a", "a", 330106, "西湖区"],
        ["b", "b", None, "西湖区"],
        ["c", "c", 330106, "西湖"],
    ]
    result = run(mapping, rows)
    assert result.units.parents[0].codes == ["330106", "", "330106"]
    assert places(result, "parent_blank") == [(3, "C", None)]
    assert places(result, "parent_conflict") == [(4, "D", "西湖")]


def test_filters_totals_and_blank_rows() -> None:
    mapping = UNIT + '[[filter]]\ncolumn = "y"\nin = [2025]\n' + X
    rows = [
        ["code", "name", "y", "x"],
        ["a", "a", 2025, 1],
        ["b", "b", 2024, 2],
        [],
        [None, "合计", 2025, 3],
        ["c", "c", 2025, 4],
    ]
    result = run(mapping, rows)
    assert (result.rows_read, result.rows_filtered, result.rows_total) == (4, 1, 1)
    assert result.units.source_rows.tolist() == [2, 6]
    assert [(i.row, i.code) for i in result.issues] == [(5, "total_row_skipped")]


def test_no_rows_left_blocks() -> None:
    result = run(UNIT, [["code", "name"]])
    assert [i.code for i in result.issues] == ["no_units"] and not result.ok


def test_period_and_attributes() -> None:
    mapping = UNIT + '[[unit.attribute]]\ncode = "owner"\ncolumn = "o"\ncodes = {1 = "state"}\n[period]\ncolumn = "y"\n'
    result = run(mapping, [["code", "name", "o", "y"], ["a", "a", 1, 2025], ["b", "b", 5, None]])
    assert result.units.attributes["owner"] == ["state", ""]
    assert result.units.periods == ["2025", ""]
    assert places(result, "not_in_list") == [(3, "C", "5")]
    assert places(result, "period_blank") == [(3, "D", None)]
    assert run(UNIT + '[period]\nvalue = "2025"\n', [["code", "name"], ["a", "a"]]).units.periods == ["2025"]


BOX = '[coordinates]\nlatitude = "lat"\nlongitude = "lon"\nbox = {south = 29, north = 31, west = 118, east = 121}\n'


def test_coordinates() -> None:
    rows = [
        ["code", "name", "lat", "lon"],
        ["a", "a", 30.25, 120.15],
        ["b", "b", 302512345, "120.15"],
        ["c", "c", None, 0],
        ["d", "d", "北", 12015],
    ]
    result = run(UNIT + BOX, rows)
    s = CoordinateState
    assert result.units.latitude.states.tolist() == [s.VALID, s.LOST_DECIMAL, s.MISSING, s.NOT_A_NUMBER]
    assert result.units.longitude.states.tolist() == [s.VALID, s.VALID, s.OUTSIDE, s.LOST_DECIMAL]
    assert np.isnan(result.units.latitude.values[1])
    assert result.units.latitude.proposals[1] == 30.2512345
    lost = [(i.row, i.column, i.params["proposal"]) for i in result.issues if i.code == "coordinate_lost_decimal"]
    assert lost == [(3, "C", "30.2512345"), (5, "D", "120.15")]
    assert result.ok
    repaired = run(UNIT + BOX + "repair = true\n", rows)
    asked = run(UNIT + BOX, rows, repair_coordinates=True)
    assert asked.units.latitude.values[1] == 30.2512345
    assert asked.import_key != result.import_key
    assert repaired.units.latitude.values[1] == 30.2512345
    assert repaired.units.latitude.states[1] == s.REPAIRED
    assert repaired.count("coordinate_repaired") == 2 and repaired.count("coordinate_lost_decimal") == 0


def test_an_ambiguous_repair_is_not_proposed() -> None:
    wide = (
        '[coordinates]\nlatitude = "lat"\nlongitude = "lon"\nbox = {south = -34, north = 6, west = -74, east = -34}\n'
    )
    result = run(UNIT + wide, [["code", "name", "lat", "lon"], ["a", "a", -96240167, -48.5]])
    assert result.units.latitude.states.tolist() == [CoordinateState.OUTSIDE]
    assert np.isnan(result.units.latitude.proposals[0])


def test_same_name_nearby() -> None:
    rows = [
        ["code", "name", "lat", "lon"],
        ["a", "实验小学", 30.25, 120.15],
        ["b", " 实验小学", 30.2505, 120.15],
        ["c", "实验小学", 30.26, 120.15],
        ["d", "别的小学", 30.25, 120.15],
    ]
    result = run(UNIT + BOX, rows)
    assert [(i.row, dict(i.params)) for i in result.issues] == [(3, {"other": 2, "metres": 56})]
    assert result.issues[0].code == "name_duplicate_near"


def test_same_name_under_the_same_parent_without_positions() -> None:
    mapping = UNIT + '[[unit.parent]]\nlevel = "county"\nname = "cn"\n'
    result = run(
        mapping, [["code", "name", "cn"], ["a", "中心小学", "甲"], ["b", "中心小学", "乙"], ["c", "中心小学", "甲"]]
    )
    assert places(result, "name_duplicate") == [(4, "B", "中心小学")]
    assert result.ok


def test_rules() -> None:
    mapping = UNIT + '[[element]]\ncode = "net"\ncolumn = "net"\n[[element]]\ncode = "speed"\ncolumn = "speed"\n'
    mapping += '[[rule]]\ncode = "pair"\nleft = "net == 1"\nop = "iff"\nright = "speed present"\nseverity = "error"\n'
    rows = [
        ["code", "name", "net", "speed"],
        ["a", "a", 1, 100],
        ["b", "b", 0, 50],
        ["c", "c", 1, None],
        ["d", "d", None, None],
    ]
    result = run(mapping, rows)
    assert places(result, "rule_broken") == [(3, "C", "net = 0, speed = 50"), (4, "C", "net = 1, speed = –")]
    assert not result.ok
    assert "pair" in result.issues[0].text


def test_severities_can_be_overridden() -> None:
    result = column('kind = "integer"\n[severity]\nnot_whole = "warning"\n', 2.5)
    assert result.ok and result.count("not_whole", severity=Severity.WARNING) == 1
    assert result.elements["x"].reasons.tolist() == [Reason.UNKNOWN]


def test_issues_are_capped_and_counts_are_not() -> None:
    result = column("", *["?"] * 30)
    assert result.count("not_a_number") == 30
    capped = run(UNIT + X, [["code", "name", "x"], *[[f"c{k}", f"n{k}", "?"] for k in range(30)]], cap=7)
    assert len(capped.issues) == 7 and capped.count("not_a_number") == 30 and not capped.ok


def test_error_cells() -> None:
    from xingtan.engines.tables.tests.corpus import raw_xlsx, sheet_xml

    body = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><v>%s</v></c><c r="B%d" t="str"><v>%s</v></c><c r="C%d" %s</c></row>'
        % (r, r, a, r, b, r, c)
        for r, a, b, c in [
            (1, b"code", b"name", b't="str"><v>x</v>'),
            (2, b"a", b"n", b't="e"><v>#REF!</v>'),
            (3, b"b", b"m", b"><v>4</v>"),
        ]
    )
    result = dry_run(read_table(raw_xlsx(sheet_xml(body))), parse_mapping(BASE + UNIT + X))
    assert places(result, "cell_error") == [(2, "C", "#REF!")]
    assert result.elements["x"].values[1] == 4


def test_progress_rises_to_one() -> None:
    seen: list[tuple[float, str]] = []
    run(UNIT + X, [["code", "name", "x"], ["a", "a", 1]], progress=lambda share, code: seen.append((share, code)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1
    assert [code for _, code in seen] == ["units", "coordinates", "elements", "rules", "done"]


def test_every_issue_has_a_text() -> None:
    result = column('kind = "integer"\nmin = 0\n', "x", 1.5, -1, "=1", None)
    assert result.issues
    for issue in result.issues:
        assert issue.text and "{" not in issue.text


def test_the_same_file_and_mapping_have_the_same_key() -> None:
    first, again, other = column("", 1), column("", 1), column("min = 0\n", 1)
    assert first.import_key != other.import_key
    table = read_table(b"code,name\na,b\n")
    mapping = parse_mapping(BASE + UNIT)
    assert dry_run(table, mapping).import_key == dry_run(table, mapping).import_key
    assert again.units.codes == first.units.codes


@pytest.mark.parametrize(
    ("op", "right", "broken"), [("==", "y", [3]), (">=", "y + 1", [2]), ("<", "y", [2, 3]), ("!=", "3", [])]
)
def test_comparisons_skip_missing_values(op: str, right: str, broken: list[int]) -> None:
    mapping = UNIT + X + '[[element]]\ncode = "y"\ncolumn = "y"\n'
    mapping += f'[[rule]]\ncode = "r"\nleft = "x"\nop = "{op}"\nright = "{right}"\n'
    result = run(mapping, [["code", "name", "x", "y"], ["a", "a", 1, 1], ["b", "b", 2, 1], ["c", "c", None, 1]])
    assert [row for row, _, _ in places(result, "rule_broken")] == broken


def test_missing_as_zero() -> None:
    mapping = UNIT + X + '[[rule]]\ncode = "r"\nleft = "x"\nop = ">"\nright = "0"\nmissing_as_zero = true\n'
    result = run(mapping, [["code", "name", "x"], ["a", "a", 1], ["b", "b", None]])
    assert [row for row, _, _ in places(result, "rule_broken")] == [3]
