import datetime as dt
import io

import openpyxl
import pytest

from xingtan.engines.tables import TableError, read_table
from xingtan.engines.tables.tests.corpus import raw_xlsx, sheet_xml, xls, xlsx
from xingtan.engines.tables.types import CellKind, FileFormat

HEAD = ["code", "name", "x"]


def test_kinds_of_cells() -> None:
    table = read_table(
        xlsx(
            [
                ["code", "value"],
                ["a", 1.5],
                ["b", True],
                ["c", dt.datetime(2025, 9, 1, 8, 30)],
                ["d", dt.date(2025, 9, 1)],
                ["e", dt.time(8, 30)],
                ["f", "=cmd|' /C calc'!A0"],
                ["g", "  "],
                ["h", "１２３"],
            ]
        )
    )
    column = table.columns[1]
    kinds = ["NUMBER", "BOOL", "DATE", "DATE", "DATE", "TEXT", "EMPTY", "TEXT"]
    assert [CellKind(k).name for k in column.kinds] == kinds
    assert [column.value(i) for i in range(8)] == [
        1.5, True, "2025-09-01T08:30:00", "2025-09-01", "08:30:00", "=cmd|' /C calc'!A0", None, "１２３",
    ]  # fmt: skip


def test_formula_gives_its_stored_value_and_error_its_text() -> None:
    body = (
        b'<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>n</v></c></row>'
        b'<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        b'<row r="3"><c r="A3" t="str"><v>b</v></c><c t="e" r="B3"><f>A1/0</f><v>#DIV/0!</v></c></row>'
        b'<row r="4"><c r="A4" t="str"><v>c</v></c><c r="B4" t="e"><v>#REF!</v></c></row>'
        b'<row r="6"><c r="B6" t="e"><v>#N/A</v></c></row>'
    )
    table = read_table(raw_xlsx(sheet_xml(body)))
    assert table.head() == [["a", 2.0], ["b", "#DIV/0!"], ["c", "#REF!"], [None, "#N/A"]]
    assert table.source_rows.tolist() == [2, 3, 4, 6]
    assert table.columns[1].kinds.tolist() == [CellKind.NUMBER, *[CellKind.ERROR] * 3]


def test_cells_without_references_and_with_prefix() -> None:
    body = b"<row><c t='str'><v>code</v></c><c t='str'><v>n</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>"
    assert read_table(raw_xlsx(sheet_xml(body))).head() == [[1.0, 2.0]]


def test_styled_but_empty_cells_far_away_cost_nothing() -> None:
    body = (
        b'<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>n</v></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="0"/></row><row r="1048576"><c r="A1048576" s="0"/></row>'
    )
    table = read_table(raw_xlsx(sheet_xml(body)))
    assert (table.row_count, len(table.columns)) == (1, 2)


def test_first_visible_sheet_or_the_one_asked_for() -> None:
    book = openpyxl.Workbook()
    hidden, data, other = book.active, book.create_sheet("数据"), book.create_sheet("其他")
    assert hidden is not None
    hidden.title, hidden.sheet_state = "旧", "hidden"
    for sheet, text in ((hidden, "h"), (data, "d"), (other, "o")):
        sheet.append(["code", "name"])
        sheet.append([text, text])
    buffer = io.BytesIO()
    book.save(buffer)
    file = buffer.getvalue()
    table = read_table(file)
    assert (table.sheet, table.sheets, table.head()[0][0]) == ("数据", ("旧", "数据", "其他"), "d")
    assert [n.code for n in table.notices] == ["sheet_chosen"]
    assert read_table(file, sheet="其他").head()[0][0] == "o"
    assert read_table(file, sheet=0).notices == ()
    for wrong in ("没有", 3, -1):
        with pytest.raises(TableError) as caught:
            read_table(file, sheet=wrong)
        assert caught.value.reason == "sheet_missing"
        assert "数据" in str(caught.value)


def test_the_name_of_a_file_is_never_asked(tmp_path) -> None:
    path = tmp_path / "schools.csv"
    path.write_bytes(xlsx([HEAD, ["1", "a", 2]]))
    assert read_table(path).format is FileFormat.XLSX
    with pytest.raises(TableError) as caught:
        read_table(tmp_path / "absent.xlsx")
    assert caught.value.reason == "file_missing"


def test_macros_are_noted_not_run() -> None:
    body = b'<row r="1"><c r="A1" t="str"><v>code</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    table = read_table(raw_xlsx(sheet_xml(body), extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 anything"}))
    assert table.format is FileFormat.XLSM
    assert [n.code for n in table.notices] == ["macros_ignored"]


def test_old_workbook() -> None:
    rows = [["代码", "名称", "有网"], ["001", "甲校", True], ["002", "乙校", b"\x17"], [3, "丙校", 2.5]]
    table = read_table(xls(rows))
    assert table.format is FileFormat.XLS
    assert table.head() == [["001", "甲校", True], ["002", "乙校", "#REF!"], [3.0, "丙校", 2.5]]
    assert table.columns[2].kinds.tolist() == [CellKind.BOOL, CellKind.ERROR, CellKind.NUMBER]


def test_empty_sheet() -> None:
    with pytest.raises(TableError) as caught:
        read_table(xlsx([]))
    assert caught.value.reason == "sheet_empty"
