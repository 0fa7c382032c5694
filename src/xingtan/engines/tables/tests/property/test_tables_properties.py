"""Whatever the bytes: a table or a ``TableError``, nothing else. And the laws of the small parts."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.engines.tables import (
    Limits,
    MappingError,
    Table,
    TableError,
    dry_run,
    dump_mapping,
    escape_formula,
    inspect_table,
    parse_mapping,
    read_table,
    suggest_mapping,
)
from xingtan.engines.tables.coordinates import NEAR_METRES, distance_metres, near_namesakes
from xingtan.engines.tables.mapping import Element, ElementKind, Mapping, Unit
from xingtan.engines.tables.tests.corpus import csv_bytes, raw_xlsx, sheet_xml, xls, xlsx
from xingtan.engines.tables.types import Axis, Reason
from xingtan.engines.tables.values import formula_like, number_text, parse_number

LIMITS = Limits(rows=500, columns=50, cells=5_000)
MAPPING = parse_mapping(
    'version = 1\nname = "m"\n[unit]\ncode = "#A"\n[[element]]\ncode = "x"\ncolumn = "#B"\noptional = true\n'
)
PIECES = st.sampled_from(
    [b",", b";", b"\t", b"\n", b"\r\n", b'"', b"'", b"=cmd", b"a", b"1", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe",
     "代码".encode(), "代码".encode("gb18030"), "代码".encode("utf-16-le"), b"<html>", b"PK\x03\x04", b"\x80", b" "]
)  # fmt: skip
XLSX = xlsx([["code", "name", "x"], ["a", "甲", 1], ["b", "乙", "=1"]], ["A1:B1"])
XLS = xls([["code", "x"], ["a", 1], ["b", b"\x17"]])
XML = b'<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'


def table_or_refusal(data: bytes) -> None:
    try:
        table = read_table(data, limits=LIMITS)
    except TableError as error:
        assert str(error) and "{" not in error.reason
        return
    assert isinstance(table, Table)
    assert all(len(column.kinds) == table.row_count for column in table.columns)
    dry_run(table, MAPPING)
    suggest_mapping(inspect_table(table), [])


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map(b"".join)))
@settings(max_examples=400, deadline=None)
def test_any_bytes(data: bytes) -> None:
    table_or_refusal(data)


@given(st.text(max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
@settings(max_examples=200, deadline=None)
def test_any_text_in_any_encoding(text: str, encoding: str) -> None:
    table_or_refusal(text.encode(encoding, "replace"))


@pytest.mark.parametrize("original", [XLSX, XLS], ids=["xlsx", "xls"])
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_workbooks(original: bytes, data: st.DataObject) -> None:
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    table_or_refusal(bytes(damaged[: data.draw(st.integers(1, len(damaged)))] if data.draw(st.booleans()) else damaged))


@given(st.lists(st.tuples(st.integers(0, len(XML) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_damaged_sheet_xml(edits: list[tuple[int, int]]) -> None:
    body = bytearray(XML)
    for place, byte in edits:
        body[place] = byte
    table_or_refusal(raw_xlsx(sheet_xml(bytes(body))))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).map(
    lambda text: " ".join(text.split())
)


@given(
    st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=8)),
    st.sampled_from([",", ";", "\t"]),
)
@settings(deadline=None)
def test_written_csv_reads_back(rows: list[list[str]], delimiter: str) -> None:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    head = [f'"h{k}"' for k in range(len(rows[0]))]
    table = read_table(csv_bytes([head, *quoted], delimiter, "utf-8-sig"), delimiter=delimiter, header_rows=1)
    expected = [[cell or None for cell in row] for row in rows if any(map(visible, row))]
    assert [[cell if cell and visible(cell) else None for cell in row] for row in table.head(10)] == [
        [cell if cell and visible(cell) else None for cell in row] for row in expected
    ]


def visible(text: str) -> bool:
    from xingtan.engines.tables.values import tidy

    return bool(tidy(text))


@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_numbers_read_back(number: float) -> None:
    assert parse_number(number_text(number)) == number
    whole = float(int(number))
    assert parse_number(f"{int(whole):,}") == whole


@given(st.text(max_size=30))
def test_parse_number_gives_finite_or_nothing(text: str) -> None:
    number = parse_number(text)
    assert number is None or math.isfinite(number)


@given(st.text(max_size=20))
def test_escaped_text_is_harmless_and_escaping_is_stable(text: str) -> None:
    escaped = escape_formula(text)
    assert not formula_like(escaped)
    assert escape_formula(escaped) == escaped
    assert escaped in (text, "'" + text)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=10).filter(
    lambda text: bool(text.strip(" "))
)
ELEMENTS = st.builds(
    Element,
    code=st.from_regex(r"\A[a-z_][a-z0-9_.\-]{0,10}\Z"),
    column=NAMES,
    kind=st.sampled_from(ElementKind),
    label=st.text(st.characters(codec="utf-8"), max_size=10),
    multiplier=st.floats(1e-6, 1e6),
    suffixes=st.lists(NAMES, max_size=2).map(tuple),
    codes=st.dictionaries(NAMES, st.one_of(st.floats(-1e6, 1e6), st.sampled_from(list(Reason)[1:])), max_size=3),
    maximum=st.none() | st.floats(-1e6, 1e6),
    blank=st.sampled_from(list(Reason)[1:]),
    required=st.booleans(),
    sentinels=st.dictionaries(NAMES, st.sampled_from(list(Reason)[1:]), max_size=2),
    optional=st.booleans(),
)


@given(NAMES, NAMES, st.lists(ELEMENTS, max_size=3, unique_by=lambda e: e.code))
@settings(deadline=None)
def test_mappings_read_back(name: str, code: str, elements: list[Element]) -> None:
    mapping = Mapping(name, Unit(code), elements=tuple(elements))
    assert parse_mapping(dump_mapping(mapping)) == mapping


@given(st.text(max_size=100))
def test_any_mapping_text(text: str) -> None:
    with pytest.raises(MappingError):
        parse_mapping(text)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 0.004), st.floats(0, 0.004)), min_size=2, max_size=25),
    st.sampled_from([0.0, 30.0, 60.0, -75.0]),
)
def test_near_namesakes_against_all_pairs(places: list[tuple[str, float, float]], base: float) -> None:
    names = [name for name, _, _ in places]
    lat, lon = np.array([base + a for _, a, _ in places]), np.array([120 + b for _, _, b in places])
    blank = np.full(len(places), np.nan)
    states = np.ones(len(places), dtype=np.uint8)
    found = near_namesakes(names, [""] * len(places), Axis(lat, states, blank), Axis(lon, states, blank))

    def near(i: int, j: int) -> bool:
        return names[i] == names[j] and distance_metres(lat[i], lon[i], lat[j], lon[j]) <= NEAR_METRES

    for i, (j, metres) in found.items():
        assert j < i and near(i, j)
        assert metres == pytest.approx(distance_metres(lat[i], lon[i], lat[j], lon[j]))
    # Whoever is not reported is far from everyone else who is not reported.
    kept = [i for i in range(len(places)) if i not in found]
    assert not any(near(i, j) for i, j in itertools.combinations(kept, 2))
