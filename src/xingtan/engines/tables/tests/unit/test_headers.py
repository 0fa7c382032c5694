import pytest

from xingtan.engines.tables import TableError, read_table
from xingtan.engines.tables.tests.corpus import csv_bytes, raw_xlsx, sheet_xml, xlsx

GROUPED = [
    ["云州市2025年学校信息化统计表"],
    ["填报单位：云州市教育局", None, None, None, "2025年9月"],
    ["学校代码", "学校名称", "多媒体教室", None, "备注"],
    [None, None, "数量", "其中：互动", None],
    ["001", "甲校", 12, 3, None],
    ["002", "乙校", 8, 8, "x"],
]
MERGES = ["A1:E1", "A2:D2", "A3:A4", "B3:B4", "C3:D3", "E3:E4"]


def test_titles_are_passed_over_and_merged_headers_joined() -> None:
    table = read_table(xlsx(GROUPED, MERGES))
    names = ["学校代码", "学校名称", "多媒体教室 / 数量", "多媒体教室 / 其中：互动", "备注"]
    assert [c.header for c in table.columns] == names
    assert table.header_rows == (3, 4)
    assert table.source_rows.tolist() == [5, 6]


def test_header_rows_may_be_stated() -> None:
    file = xlsx(GROUPED, MERGES)
    assert read_table(file, header_rows=(4, 4)).columns[2].header == "数量"
    none = read_table(file, header_rows=0)
    assert (none.header_rows, none.row_count, none.columns[0].header) == (None, 6, "")
    assert read_table(csv_bytes([["a", "b"], ["1", "2"]]), header_rows=1).head() == [["1", "2"]]
    with pytest.raises(TableError) as caught:
        read_table(file, header_rows=(30, 30))
    assert caught.value.reason == "header_missing"
    with pytest.raises(ValueError, match="count from 1"):
        read_table(file, header_rows=(0, 2))


def test_group_headings_without_merges_in_csv() -> None:
    rows = [["代码", "名称", "计算机", "", "备注"], ["", "", "台式", "笔记本", ""], ["001", "甲", "5", "6", ""]]
    table = read_table(csv_bytes(rows))
    assert table.header_rows == (1, 2)
    assert [c.header for c in table.columns] == ["代码", "名称", "计算机 / 台式", "计算机 / 笔记本", "备注"]
    assert table.head() == [["001", "甲", "5", "6", None]]


def test_a_blank_header_alone_makes_no_second_header_row() -> None:
    rows = [["代码", "名称", "", "备注"], ["001", "甲", "城关镇", "x"], ["002", "乙", "5", "6"]]
    table = read_table(csv_bytes(rows))
    assert (table.header_rows, table.row_count, table.columns[2].header) == ((1, 1), 2, "")


def test_numbers_as_headers_and_a_sheet_of_numbers_only() -> None:
    assert [c.header for c in read_table(xlsx([["学校", 2024, 2025], ["甲", 1, 2]])).columns] == [
        "学校",
        "2024",
        "2025",
    ]
    table = read_table(xlsx([[1, 2], [3, 4]]))
    assert (table.header_rows, table.row_count) == (None, 2)


def test_a_merge_over_the_whole_sheet_is_not_expanded() -> None:
    body = (
        b'<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
        b'<row r="2"><c r="A2"><v>1</v></c></row>'
    )
    merged = sheet_xml(body).replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="B1:XFD1048576"/></mergeCells>'
    )
    table = read_table(raw_xlsx(merged), header_rows=1)
    assert (table.row_count, [c.header for c in table.columns]) == (1, ["a", "b"])
