import io

import openpyxl
import pytest

from xingtan.engines.tables import (
    TemplateColumn,
    TemplateTexts,
    dry_run,
    parse_mapping,
    read_table,
    write_issues,
    write_template,
)
from xingtan.engines.tables.tests.corpus import xlsx

MAPPING = parse_mapping(
    """
version = 1
name = "m"
[unit]
code = "学校代码"
name = "学校名称"
locale = { column = "城乡", codes = { 1 = "urban", 2 = "rural" } }
[unit.status]
column = "状态"
active = ["在办"]
closed = ["停办"]
[[unit.parent]]
level = "county"
name = "区县"
[coordinates]
latitude = "纬度"
longitude = "经度"
box = { south = 29, north = 31, west = 118, east = 121 }
[[element]]
code = "rooms"
column = "=多媒体教室数"
kind = "integer"
label = "多媒体教室"
unit = "间"
min = 0
max = 500
required = true
[[element]]
code = "online"
column = "是否联网"
kind = "boolean"
codes = { "是" = 1, "否" = 0 }
[[element]]
code = "bandwidth"
column = "带宽"
multiplier = 1000
min = 1000
"""
)


def test_template_is_read_back_by_its_mapping() -> None:
    data = write_template(MAPPING)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [
        "学校代码",
        "学校名称",
        "城乡",
        "状态",
        "区县",
        "纬度",
        "经度",
        "=多媒体教室数",
        "是否联网",
        "带宽",
    ]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in sheet[1])
    for column, value in enumerate(["001", "甲校", 1, "在办", "西湖区", 30.2, 120.1, 12, "是", 0.2], 1):
        sheet.cell(2, column).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    result = dry_run(read_table(buffer.getvalue()), MAPPING)
    assert [i.code for i in result.issues] == ["below_minimum", "sheet_chosen"]
    assert result.units.codes == ["001"] and result.elements["rooms"].values.tolist() == [12]


def test_template_validates_lists_and_ranges() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_template(MAPPING))).worksheets[0]
    rules = {
        str(v.sqref).split("2:")[0]: (v.type, v.formula1, v.formula2) for v in sheet.data_validations.dataValidation
    }
    assert rules["C"] == ("list", '"1,2"', None)
    assert rules["D"] == ("list", '"在办,停办"', None)
    assert rules["H"] == ("whole", "0", "500")
    assert rules["I"] == ("list", '"是,否"', None)
    assert rules["J"][:2] == ("decimal", "1")  # in the units of the file, before the multiplier
    assert rules["F"] == ("decimal", "29", "31")
    assert sheet.column_dimensions["A"].number_format == "@"


def test_notes_sheet_explains_each_column() -> None:
    texts = TemplateTexts(notes_sheet="填写说明", column="列", yes="必填")
    data = write_template(MAPPING, texts=texts, examples={"带宽": "=1+1"})
    notes = openpyxl.load_workbook(io.BytesIO(data))["填写说明"]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in notes.iter_rows()}
    assert rows["列"][0] == "Meaning"
    assert rows["=多媒体教室数"] == ["多媒体教室", "间", "必填", "Whole number 0…500", "12"]
    assert rows["带宽"][-1] == "=1+1"
    assert all(cell.data_type != "f" for row in notes.iter_rows() for cell in row)


def test_template_from_columns_with_odd_titles() -> None:
    long = tuple(f"选项{k}" for k in range(100))
    data = write_template(
        [TemplateColumn("a", choices=long), TemplateColumn("b", choices=("x,y", "z"))],
        texts=TemplateTexts(data_sheet="a/b:[c]*" * 8),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert len(sheet.title) <= 31
    assert sheet.data_validations.dataValidation == []


def test_issue_list_cannot_inject_formulas() -> None:
    rows = [
        ["学校代码", "学校名称", "城乡", "状态", "区县", "纬度", "经度", "=多媒体教室数", "是否联网", "带宽"],
        ["=cmd|' /C calc'!A0", "x\x0by", 1, "在办", "c", 30, 120, "@SUM(1)", "?", 5],
    ]
    result = dry_run(
        read_table(xlsx([[v.replace("\x0b", " ") if isinstance(v, str) else v for v in r] for r in rows])), MAPPING
    )
    book = openpyxl.load_workbook(io.BytesIO(write_issues(result, translate=lambda code, params: f"={code}")))
    issues, summary = book.worksheets
    cells = [cell for row in issues.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert {row[6].value for row in issues.iter_rows(min_row=2)} == {"=formula_like", "=not_a_number", "=not_in_list"}
    counted = [[cell.value for cell in row] for row in summary.iter_rows(min_row=2)]
    assert ["warning", "formula_like", "A", "学校代码", 1] in counted
    assert ["error", "not_a_number", "H", "=多媒体教室数", 1] in counted


@pytest.mark.parametrize("text", ["=1", "+1", "@x"])
def test_issue_values_keep_the_text_as_written(text: str) -> None:
    result = dry_run(
        read_table(xlsx([["code", "x"], ["a", text + "!"]])),
        parse_mapping('version = 1\nname = "m"\n[unit]\ncode = "code"\n[[element]]\ncode = "x"\ncolumn = "x"\n'),
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_issues(result))).worksheets[0]
    assert {row[5].value for row in sheet.iter_rows(min_row=2)} == {text + "!"}
