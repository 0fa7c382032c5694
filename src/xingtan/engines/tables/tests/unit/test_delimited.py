import pytest

from xingtan.engines.tables import Limits, TableError, read_table
from xingtan.engines.tables.tests.corpus import csv_bytes

ROWS = [["学校代码", "学校名称", "学生数"], ["001", "杏坛实验小学", "120"], ["002", "东风路中学", "340"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_every_encoding_with_every_delimiter(encoding: str, found: str, delimiter: str) -> None:
    table = read_table(csv_bytes(ROWS, delimiter, encoding))
    assert [column.header for column in table.columns] == ROWS[0]
    assert table.head() == ROWS[1:]
    assert (table.encoding, table.delimiter) == (found, delimiter)
    assert table.source_rows.tolist() == [2, 3]


def test_rare_hanzi_survive_gb18030() -> None:
    table = read_table(
        csv_bytes([["校名", "地址"], ["㐀𠮷·小学", "镇江路"], ["第二中学", "人民路"]], encoding="gb18030")
    )
    assert table.head()[0][0] == "㐀𠮷·小学"


def test_a_short_word_valid_in_both_encodings_is_not_mixed() -> None:
    # 联通 in GB18030 happens to be valid UTF-8: one line of a hundred.
    rows = [["单位", "名称"], *[[str(i), "杏坛实验小学"] for i in range(100)], ["x", "联通"]]
    assert read_table(csv_bytes(rows, encoding="gb18030")).row_count == 101


def test_quotes_delimiters_and_line_breaks_inside_cells() -> None:
    table = read_table('代码,名称,备注\n1,"甲, 乙","第一行\n第二行"\n2,"引""号""",x\n'.encode())
    assert table.head() == [["1", "甲, 乙", "第一行\n第二行"], ["2", '引"号"', "x"]]
    assert table.source_rows.tolist() == [2, 3]


def test_sep_line_of_excel_names_the_delimiter() -> None:
    table = read_table(b"sep=;\r\na;b,c\r\n1;2\r\n")
    assert [c.header for c in table.columns] == ["a", "b,c"]
    assert table.source_rows.tolist() == [3]


def test_short_rows_are_noted_and_blank_rows_dropped() -> None:
    table = read_table(b"a,b,c\n1,2\n\n  , ,\n3,4,5\n")
    assert table.source_rows.tolist() == [2, 5]
    assert [(n.code, n.row, dict(n.params)) for n in table.notices] == [("row_short", 2, {"found": 2, "expected": 3})]


def test_single_column_and_named_encoding() -> None:
    assert read_table(b"code\n1\n2\n").head() == [["1"], ["2"]]
    table = read_table("código;nome\n1;São\n".encode("cp1252"), encoding="cp1252")
    assert table.head() == [["1", "São"]]


@pytest.mark.parametrize(
    ("data", "reason", "params"),
    [
        (b"", "file_empty", {}),
        (b" \r\n\t", "file_empty", {}),
        (b"a,b\n1,2\x00\n", "nul_byte", {"byte": 7, "row": 2}),
        (b"a,b\n1,\x02\n", "control_bytes", {"byte": 6, "row": 2}),
        (b'a,b\n1,2\n"3,4\n5,6\n', "csv_quotes", {"row": 3}),
        (b'a,b\n1,"x"y\n', "csv_quotes", {"row": 2}),
        (b"a,b\n1,2\n3,4,5\n", "csv_ragged", {"row": 3, "found": 3, "expected": 2}),
        ("名称,地址\n杏坛实验小学,一\n".encode() + "东风路中学,二\n".encode("gb18030"), "encoding_mixed", {"row": 3}),
        ("名称,地址\n东风路中学,一\n".encode("gb18030") + "杏坛实验小学,二\n".encode(), "encoding_mixed", {"row": 3}),
        ("codigo,nome\n1,São João\n2,Goiânia\n".encode("latin-1"), "encoding_unknown", {"row": 2}),
        (b"a,b\n1,\xff\xff\n", "encoding_unknown", {"row": 2}),
        (b"\xef\xbb\xbfa,b\n1,\xff\n", "encoding_broken", {"row": 2, "encoding": "utf-8", "byte": 9}),
        (b"\xff\xfea\x00,\x00b\x00\n\x001", "encoding_broken", {"row": 2}),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "encoding_unknown", {}),
        (b"\xff\xfea\x00,\x00\x00\x00\n\x00", "nul_byte", {"byte": 6}),
    ],
)
def test_faults_are_named_with_their_place(data: bytes, reason: str, params: dict[str, object]) -> None:
    with pytest.raises(TableError) as caught:
        read_table(data)
    assert caught.value.reason == reason
    assert {key: caught.value.params.get(key) for key in params} == params


def test_limits() -> None:
    for limits, data, reason in (
        (Limits(rows=3), b"a\n1\n2\n3\n", "rows_limit"),
        (Limits(columns=2), b"a,b,c\n1,2,3\n", "columns_limit"),
        (Limits(cells=5), b"a,b\n1,2\n3,4\n5,6\n", "cells_limit"),
        (Limits(cell_chars=5), b"a,b\n1,abcdef\n", "cell_text_limit"),
        (Limits(text_bytes=5), b"a,b\nabc,def\n", "text_limit"),
        (Limits(file_bytes=4), b"a,b\n1,2\n", "file_too_large"),
    ):
        with pytest.raises(TableError) as caught:
            read_table(data, limits=limits)
        assert caught.value.reason == reason


@pytest.mark.parametrize("name", ["no-such-codec", "base64", "hex", "\0"])
def test_only_text_encodings(name: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(b"a,b\n1,2\n", encoding=name)
    assert caught.value.reason == "encoding_name"
