"""The hostile corpus, generated. Every file is refused with the reason that fits, before it costs anything."""

import io
import zipfile

import pytest

from xingtan.engines.tables import Limits, TableError, read_table
from xingtan.engines.tables.tests import corpus
from xingtan.engines.tables.tests.corpus import compound, raw_xlsx, sheet_xml, xls, xlsx

ONE = sheet_xml(b'<row r="1"><c r="A1" t="str"><v>code</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>')
SHEET = "xl/worksheets/sheet1.xml"


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def many_rows() -> bytes:
    """More rows than allowed, packed no better than honest data."""
    rows = (b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (k, k, k * 7919 % 1_000_003) for k in range(1, 1200))
    return raw_xlsx(sheet_xml(b"".join(rows)))


def strings_bomb() -> bytes:
    """One long shared string, referred to by every cell: the parser would copy it each time."""
    text = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>' % (
        bytes(33 + k * 7 % 25 + k // 25 % 30 for k in range(30_000)).replace(b"<", b"x").replace(b"&", b"x")
    )
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (k, k) for k in range(1, 2001))
    return raw_xlsx(sheet_xml(cells), strings=text)


def flag_encrypted(data: bytes) -> bytes:
    forged = bytearray(data)
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        forged[forged.find(magic) + offset] |= 1
    return bytes(forged)


DTD = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
EXTERNAL = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'
CASES = {
    "bomb of four million rows": (lambda: raw_xlsx(corpus.bomb_sheet(4_000_000)), "archive_ratio"),
    "bomb that declares little": (
        lambda: corpus.relie(raw_xlsx(corpus.bomb_sheet(200_000)), SHEET, 100_000), "archive_lies",
    ),
    "declares more than it holds": (lambda: corpus.relie(raw_xlsx(ONE), SHEET, len(ONE) + 1), "archive_lies"),
    "two cells a world apart": (
        lambda: raw_xlsx(sheet_xml(b'<row><c r="A1"><v>1</v></c></row><row><c r="XFD9"><v>1</v></c></row>')),
        "columns_limit",
    ),
    "far row": (lambda: raw_xlsx(sheet_xml(b'<row r="1"><c r="A1048576"><v>1</v></c></row>')), "rows_limit"),
    "billion laughs": (lambda: raw_xlsx(DTD + ONE), "xml_dtd"),
    "entities in the workbook part": (
        lambda: raw_xlsx(ONE, replace={"xl/workbook.xml": DTD + corpus.WORKBOOK.encode()}), "xml_dtd",
    ),
    "entities in shared strings": (lambda: raw_xlsx(ONE, strings=DTD + b"<sst/>"), "xml_dtd"),
    "external entity in a relation": (
        lambda: raw_xlsx(
            ONE,
            replace={"xl/_rels/workbook.xml.rels": EXTERNAL + corpus.BOOK_RELS.encode()},
        ),
        "xml_dtd",
    ),
    "UTF-16 part": (lambda: raw_xlsx(ONE, strings="<sst/>".encode("utf-16")), "xml_encoding"),
    "other encoding declared": (lambda: raw_xlsx(b'<?xml version="1.0" encoding="utf-7"?>' + ONE), "xml_encoding"),
    "parent path": (lambda: raw_xlsx(ONE, extra={"../../etc/cron.d/x": b"x"}), "archive_name"),
    "absolute path": (lambda: raw_xlsx(ONE, extra={"/etc/passwd": b"x"}), "archive_name"),
    "backslash path": (lambda: raw_xlsx(ONE, extra={"..\\x": b"x"}), "archive_name"),
    "twice the same part but for case": (lambda: raw_xlsx(ONE, extra={"XL/workbook.xml": b"<x/>"}), "archive_name"),
    "archive in the archive": (lambda: raw_xlsx(ONE, extra={"xl/more.zip": archive(a=b"b")}), "archive_nested"),
    "encrypted part": (lambda: flag_encrypted(raw_xlsx(ONE)), "encrypted"),
    "encrypted workbook": (lambda: compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "encrypted"),
    "encrypted old workbook": (lambda: xls([["a"], [1]], encrypted=True), "encrypted"),
    "truncated": (lambda: xlsx([["a", "b"], [1, 2]])[:3000], "archive_broken"),
    "truncated old workbook": (lambda: xls([["a"], [1]])[:3000], "archive_broken"),
    "Word document": (lambda: archive(**{"word/document.xml": b"<x/>"}), "format_unknown"),
    "old Word document": (lambda: compound({"WordDocument": b"x"}), "format_unknown"),
    "binary workbook": (lambda: archive(**{"xl/workbook.bin": b"x"}), "format_xlsb"),
    "OpenDocument": (lambda: archive(mimetype=b"x", **{"content.xml": b"<x/>"}), "format_ods"),
    "empty archive": (lambda: archive(), "format_unknown"),
    "web page": (lambda: b"\r\n<html><table><tr><td>1</td></tr></table></html>", "format_html"),
    "web page with comments": (lambda: b"<!---->" * 400 + b"x", None),
    "XML spreadsheet": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "format_xml_sheet",
    ),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "format_unknown"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "format_unknown"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(50), "format_unknown"),
    "zeros": (lambda: bytes(5000), "file_empty"),
    "garbage": (lambda: bytes(k * 7919 % 251 for k in range(4000)), "nul_byte"),
    "no workbook relations": (
        lambda: archive(**{"xl/workbook.xml": corpus.WORKBOOK.encode(), "[Content_Types].xml": b"<x/>"}),
        "archive_broken",
    ),
    "workbook that is no XML": (lambda: raw_xlsx(ONE, replace={"xl/workbook.xml": b"<workbook"}), "archive_broken"),
    "tags that never close": (lambda: raw_xlsx(sheet_xml(b"<c " * 300_000)), "parse_failed"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_refused_by_name(name: str) -> None:
    build, reason = CASES[name]
    if reason is None:  # must only come back, quickly
        assert read_table(build()).row_count == 0
        return
    with pytest.raises(TableError) as caught:
        read_table(build())
    assert caught.value.reason == reason
    assert str(caught.value)


@pytest.mark.parametrize(
    ("limits", "build", "reason"),
    [
        (Limits(rows=1000), many_rows, "rows_limit"),
        (Limits(cells=1000), many_rows, "cells_limit"),
        (Limits(unpacked_bytes=10_000), many_rows, "archive_size"),
        (Limits(members=3), many_rows, "archive_members"),
        (Limits(text_bytes=2**20), strings_bomb, "text_limit"),
        (Limits(rows=2), lambda: xls([["a"], [1], [2], [3]]), "rows_limit"),
        (Limits(columns=2), lambda: xls([["a", "b", "c"]]), "columns_limit"),
    ],
)
def test_limits(limits: Limits, build, reason: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(build(), limits=limits)
    assert caught.value.reason == reason


def test_the_same_files_pass_within_their_limits() -> None:
    assert read_table(many_rows(), header_rows=0).row_count == 1199
    assert read_table(strings_bomb(), header_rows=0).row_count == 2000


def test_embedded_office_objects_are_left_alone() -> None:
    file = raw_xlsx(ONE, extra={"xl/embeddings/Sheet1.xlsx": b"PK\x03\x04"})
    assert read_table(file).head() == [[1.0]]


def strings(count: str) -> bytes:
    return b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="%s"><si/></sst>' % (
        count.encode()
    )


@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("claims ten billion strings", lambda: raw_xlsx(ONE, strings=strings("9999999999"))),
        ("impossible reference", lambda: raw_xlsx(sheet_xml(b'<row><c r="AAAAAAA1"><v>1</v></c></row>'))),
        ("impossible row", lambda: raw_xlsx(sheet_xml(b'<row r="99999999999"><c><v>1</v></c></row>'))),
        (
            "shared formula without end",
            lambda: raw_xlsx(
                sheet_xml(b'<row><c r="A1"><f t="shared" ref="A1" si="99999999999">1</f><v>1</v></c></row>')
            ),
        ),
        (
            "workbook elsewhere",
            lambda: raw_xlsx(ONE, replace={"_rels/.rels": corpus.ROOT_RELS.replace("xl/", "yl/").encode()}),
        ),
        (
            "two sheets of one name",
            lambda: raw_xlsx(
                ONE,
                replace={
                    "xl/workbook.xml": corpus.WORKBOOK.replace(
                        "</sheets>", '<sheet name="S" sheetId="2" r:id="rId1"/></sheets>'
                    ).encode()
                },
            ),
        ),
        ("two directories", lambda: raw_xlsx(ONE) + raw_xlsx(ONE)),
        ("claims a sheet upside down", lambda: xls([["a"]], cells=extent(9, 3, 0, 2))),
        ("sheet beyond the end", lambda: moved_sheet(xls([["a"], [1]]), 2**31)),
        ("circle of sectors", lambda: circle(xls([["a"], [1]]))),
        ("claims many tables", lambda: patched(xls([["a"], [1]]), 44, b"\xff\xff\xff\x7f")),
        ("claims many small tables", lambda: patched(xls([["a"], [1]]), 64, b"\xff\xff\xff\x7f")),
    ],
)
def test_claims_the_parser_would_believe(name: str, build) -> None:
    with pytest.raises(TableError) as caught:
        read_table(build())
    assert caught.value.reason == "archive_broken"


def extent(top: int, bottom: int, left: int, right: int) -> bytes:
    import struct

    return struct.pack("<HHIIHHH", 0x0200, 14, top, bottom, left, right, 0)


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def moved_sheet(data: bytes, offset: int) -> bytes:
    """The workbook's record of its sheet points elsewhere."""
    return patched(data, data.index(b"\x85\x00\x09\x00") + 4, offset.to_bytes(4, "little"))


def circle(data: bytes) -> bytes:
    """The last sector of the stream leads back to its first."""
    table = 512
    last = max(k for k in range(128) if data[table + 4 * k : table + 4 * k + 4] == b"\xfe\xff\xff\xff")
    return patched(data, table + 4 * last, (2).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: xls([["a"]], cells=extent(0, 2**32 - 1, 0, 255)), "cells_limit"),
        (lambda: raw_xlsx(sheet_xml(b'<row r="1048576"><c><v>1</v></c></row>')), "rows_limit"),
        (lambda: raw_xlsx(sheet_xml(b'<row><c r="XFC1"><v>1</v></c><c><v>2</v></c></row>')), "columns_limit"),
    ],
)
def test_far_positions_without_references(build, reason: str) -> None:
    with pytest.raises(TableError) as caught:
        read_table(build())
    assert caught.value.reason == reason


def test_a_late_cell_without_reference_is_counted_from_the_last_row() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (k, k, k * 7919) for k in range(1, 20_000))
    loose = b'<row r="150000"><c r="A150000"><v>1</v></c></row>' + b"<row><c><v>2</v></c></row>" * 5
    table = read_table(raw_xlsx(sheet_xml(rows + loose)), header_rows=0)
    assert table.source_rows[-1] == 150_005
    with pytest.raises(TableError):
        read_table(raw_xlsx(sheet_xml(rows + loose)), header_rows=0, limits=Limits(rows=150_004))


def test_backslashes_in_part_names_are_slashes() -> None:
    data = raw_xlsx(ONE).replace(b"xl/worksheets/sheet1.xml", b"xl\\worksheets\\sheet1.xml")
    assert read_table(data).head() == [[1.0]]
