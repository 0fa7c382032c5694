from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from xingtan.platform.ui.charts import XY, ChartSpec, Place, Point, Range, Series, Target
from xingtan.platform.ui.excel import Sheet, chart_sheet, workbook, workbook_response


def read(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).worksheets[0].values)


def test_values_keep_their_kind() -> None:
    sheet = Sheet("甲", ("数", "文", "日", "空"), [(1 / 3, "0123", date(2026, 1, 2), None)])
    heading, row = read(workbook(sheet))
    assert heading == ("数", "文", "日", "空")
    assert row[:2] == (1 / 3, "0123") and row[2].date() == date(2026, 1, 2) and row[3] is None


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "＝1+1", "\t=1+1"])
def test_nothing_becomes_a_formula(text: str) -> None:
    sheet = load_workbook(io.BytesIO(workbook(Sheet("s", [text], [[text]], [text])))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) == 3
    assert all(cell.data_type == "s" and cell.value.startswith("'") for cell in cells)


def test_what_excel_cannot_hold_is_left_out() -> None:
    sheet = Sheet("a/b:c*" + "长" * 40, ("x",), [("bell\x07",), ("长" * 40_000,)])
    book = load_workbook(io.BytesIO(workbook(sheet)))
    assert len(book.sheetnames[0]) == 31 and "/" not in book.sheetnames[0]
    values = [row[0] for row in book.worksheets[0].values]
    assert values[1] == "bell" and len(values[2]) == 32_767


def test_a_chart_gives_its_table() -> None:
    spec = ChartSpec(
        kind="bar", title="t", unit="%", label_heading="County", note="source", target=Target(80, "Target"),
        series=(Series("2025", (Point("a", 1.25), Point("b", None, reason="not reported"))),
                Series("2026", (Point("a", 2.5), Point("b", 3.0)))),
    )  # fmt: skip
    sheet = chart_sheet(spec)
    assert list(sheet.headings) == ["County", "2025 (%)", "2026 (%)"]
    assert list(sheet.rows) == [["a", 1.25, 2.5], ["b", "not reported", 3.0]]
    assert sheet.notes == ["source", "Target: 80%"]


def test_points_ranges_and_groups_give_theirs() -> None:
    places = ChartSpec(kind="points", title="t", series=(Series("", (Place("s", 1.0, 30.5, 114.25),)),))
    assert list(chart_sheet(places).rows) == [["s", 1.0, 30.5, 114.25]]
    ranges = ChartSpec(kind="dotrange", title="t", series=(Series("", (Range("k", 1.0, 2.0, 3.0),)),))
    assert list(chart_sheet(ranges).rows) == [["k", 1.0, 2.0, 3.0]]
    groups = (Series("urban", (XY("s", 1.0, 2.0),)), Series("rural", (XY("r", 3.0, None, reason="-"),)))
    scatter = ChartSpec(kind="scatter", title="t", x_label="x", y_label="y", series=groups)
    assert list(chart_sheet(scatter).rows) == [["s", "urban", 1.0, 2.0], ["r", "rural", 3.0, "-"]]
    assert chart_sheet(scatter).headings[2:] == ["x", "y"]


def test_the_download_has_its_name() -> None:
    answer = workbook_response("学校/名单", Sheet("s", ("x",), []))
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%AD%A6%E6%A0%A1%2F%E5%90%8D%E5%8D%95.xlsx"
