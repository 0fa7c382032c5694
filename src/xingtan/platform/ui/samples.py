"""Invented content for the living page at `/ui/` and for the tests: every component and every kind of chart once.

It is data, like the demo city, and so it is in Chinese whatever the language of the interface. The front end tests its
drawings with the same charts: `python -m xingtan.platform.ui.samples > frontend/src/charts/samples.json`.
"""

from __future__ import annotations

import json
import sys

from django import forms

from xingtan.platform.ui import components as c
from xingtan.platform.ui.charts import XY, ChartSpec, Place, Point, Range, Series, Target, Tile
from xingtan.platform.ui.forms import DateInput

COUNTIES = ("云溪县", "石桥县", "青禾区", "白鹭县", "松岭县", "临港区", "金坪县", "南塘区")
_RATES = (96.4, 88.2, 99.1, None, 79.5, 97.0, 85.0, 92.3)
_BEFORE = (93.0, 84.9, 98.4, 71.0, 77.2, 95.1, 86.2, 90.0)


def _href(label: str) -> str:
    return f"?county={label}"


def _points(values: tuple[float | None, ...], labels: tuple[str, ...] = COUNTIES) -> tuple[Point, ...]:
    return tuple(
        Point(label, value, href=_href(label), reason="" if value is not None else "未填报")
        for label, value in zip(labels, values, strict=True)
    )


def charts() -> tuple[ChartSpec, ...]:
    """One chart of each kind, with nulls, targets, links and several series."""
    county, source = "县（区）", "虚构数据，截至 2025 年 9 月 1 日"
    years = ("2020", "2021", "2022", "2023", "2024", "2025")
    return (
        ChartSpec(
            kind="bar", title="出口带宽 100M 以上学校占比", unit="%", label_heading=county,
            series=(Series("2025", _points(_RATES)),), target=Target(85, "目标 85%"),
            note=source, excel_url="?export=xlsx",
        ),
        ChartSpec(
            kind="hbar", title="生机比", unit="人/台", label_heading=county,
            series=(Series("2025", _points((9.4, 12.1, 6.0, 14.2, None, 7.7, 10.0, 8.3))),),
            target=Target(10, "不超过 10", "lower"), note=source,
        ),
        ChartSpec(
            kind="line", title="网络学习空间月活跃率", unit="%", label_heading="年份",
            series=(
                Series("全市", _points((41.0, 48.5, 55.2, 61.9, 70.3, 78.8), years)),
                Series("松岭县", _points((22.0, 28.5, None, 37.0, 45.1, 52.6), years)),
            ),
            target=Target(80, "目标 80%"), note=source,
        ),
        ChartSpec(
            kind="dotrange", title="生均教学仪器设备值（校际差距）", unit="元", decimals=0,
            label_heading=county, target=Target(2000, "标准 2,000"), note=source,
            series=(Series("", tuple(
                Range(label, low, mean, high, href=_href(label))
                for label, low, mean, high in (
                    ("云溪县", 1420, 2610, 4100), ("石桥县", 900, 1830, 2950), ("青禾区", 2350, 3420, 5200),
                    ("白鹭县", 1100, 2040, 3600), ("松岭县", 640, 1490, 2480),
                )
            )),),
        ),
        ChartSpec(
            kind="stacked", title="信息化经费支出", unit="万元", decimals=0,
            label_heading=county, note=source,
            series=(
                Series("硬件", _points((420, 310, 655, 280, 190, 540, 260, 480))),
                Series("软件与资源", _points((180, 96, 310, 88, 60, 270, 75, 205))),
                Series("应用与培训", _points((60, 35, 120, 41, 22, 90, 30, 77))),
            ),
        ),
        ChartSpec(
            kind="scatter", title="终端数量与课堂使用", decimals=1, label_heading="学校", note=source,
            x_label="每百名学生终端数（台）", y_label="每周使用终端的课时",
            series=(
                Series("小学", tuple(
                    XY(f"第{i}小学", 4 + i * 1.3, 3 + (i * 7 % 11) * 0.9,
                       href=f"?school={i}") for i in range(1, 13))),
                Series("初中", tuple(
                    XY(f"第{i}中学", 6 + i * 1.1, 5 + (i * 5 % 9) * 1.1)
                    for i in range(1, 10))),
            ),
        ),
        ChartSpec(
            kind="tilegrid", title="各县达标学校比例", unit="%", label_heading=county, note=source,
            target=Target(90, "目标 90%"),
            series=(Series("", tuple(
                Tile(label, value, row, column, href=_href(label), reason="" if value is not None else "未填报")
                for label, value, row, column in zip(
                    COUNTIES, _RATES, (0, 0, 1, 1, 1, 2, 2, 2), (1, 2, 0, 1, 2, 0, 1, 2), strict=True
                )
            )),),
        ),
        ChartSpec(
            kind="points", title="学校网络体验指数", decimals=2, label_heading="学校", note=source,
            series=(Series("", tuple(
                Place(f"第{i}学校", None if i == 5 else (i * 37 % 100) / 100,
                      29.6 + (i * 13 % 17) * 0.03, 106.3 + (i * 7 % 19) * 0.04, href=f"?school={i}",
                      reason="测量次数不足" if i == 5 else "")
                for i in range(1, 31)
            )),),
        ),
    )  # fmt: skip


def tiles() -> tuple[c.Tile, ...]:
    """A good figure, a bad one, one that cannot be judged, and one without a value."""
    return (
        c.Tile(
            "百兆接入学校占比", 92.34, "%", trend=c.Trend(3.1, "比上年提高 3.1 个百分点", good=True),
            progress=0.92, target_text="目标 85%", verdict="pass", status="A", icon="network", url="?tile=1",
            definition="出口带宽不低于 100 Mbit/s 的学校数 ÷ 学校总数。全市按合计数计算，不取各县平均值。",
        ),
        c.Tile(
            "生机比", 12.061, "人/台", 1, trend=c.Trend(0.4, "比上年增加 0.4", good=False),
            progress=0.6, target_text="不超过 10", verdict="fail", status="B", icon="devices", url="?tile=2",
        ),
        c.Tile("参训教师", 3842, "", 0, trend=c.Trend(0, "与上年持平"), status="C", icon="certificate"),
        c.Tile("社会满意度", None, "%", reason="3 个县未填报", verdict="undefined", icon="message"),
    )  # fmt: skip


def table() -> c.Table:
    """A list with search, filter, sorting and paging."""
    columns = (
        c.Column("name", "学校", sortable=True),
        c.Column("county", "县（区）", sortable=True, phone="hide"),
        c.Column("pupils", "在校生", sortable=True, numeric=True),
        c.Column("rate", "出口带宽", numeric=True),
        c.Column("state", "状态"),
    )
    states = (
        c.Badge("已提交", "info", "send"),
        c.Badge("已通过", "success", "check"),
        c.Badge("已退回", "danger", "arrow-left"),
    )
    rows = tuple(
        c.Row(
            (
                c.Cell(f"云州市第{i + 1}小学", url=f"?school={i}"), c.Cell(county), c.Cell(f"{640 + i * 97:,}"),
                c.Cell("100 Mbit/s") if i != 3 else c.Cell(reason="未填报"), c.Cell(badge=states[i % 3]),
            ),
            (c.Link("打开", f"?school={i}"),),
        )
        for i, county in enumerate(COUNTIES)
    )  # fmt: skip
    levels = tuple(c.Choice(str(i), label) for i, label in enumerate(("小学", "初中")))
    return c.Table(
        "schools", "学校", columns, rows, c.Paging(2, 12, 291, 9, 16), empty(), search_label="学校名称或代码",
        sort="name", filters=(c.Filter("level", "学段", levels),), export_url="?export=xlsx",
    )  # fmt: skip


def empty() -> c.Empty:
    """An empty list that says how to begin."""
    return c.Empty(
        "还没有填报表", "可以从上一轮的模板开始，题目之后仍可修改。",
        c.Link("新建填报表", "?new=1", "plus"), "clipboard-list",
    )  # fmt: skip


def empty_table() -> c.Table:
    """The same list before anything is in it."""
    full = table()
    return c.Table("none", "填报表", full.columns, (), c.Paging(1, 1, 0, 0, 0), empty())


def steps() -> tuple[c.Step, ...]:
    """An import half way."""
    return (
        c.Step("选择文件", "done", "?step=1"),
        c.Step("匹配列", "done", "?step=2", "18 列全部匹配"),
        c.Step("试运行", "current", text="尚未写入任何数据"),
        c.Step("正式导入", "todo"),
    )


def scope() -> c.Link:
    """Whose data the page shows."""
    return c.Link("云州市教育局", "#")


def crumbs() -> tuple[c.Link, ...]:
    """Where the page stands."""
    return (c.Link("首页", "/"), c.Link("系统开发", "#"), c.Link("组件"))


def tabs() -> tuple[c.Link, ...]:
    """Three views of one thing."""
    return (c.Link("概览", "?", active=True), c.Link("学校", "?tab=2", count=291), c.Link("历史", "?tab=3"))


def events() -> tuple[c.TimelineEntry, ...]:
    """What happened to a form."""
    return (
        c.TimelineEntry("2025-09-12 16:20", "已通过", actor="李晓雯", tone="success", icon="check"),
        c.TimelineEntry(
            "2025-09-11 09:05", "已退回", "请补充第二校区的出口带宽。", "李晓雯", "danger", "arrow-left"
        ),
        c.TimelineEntry("2025-09-10 17:41", "已提交", actor="周明", tone="info", icon="send"),
        c.TimelineEntry("2025-09-01 08:00", "开始填报", icon="calendar-event"),
    )  # fmt: skip


def drill() -> tuple[c.DrillItem, ...]:
    """The counties behind a city figure."""
    return tuple(
        c.DrillItem(
            label, value, _href(label), "%", 1, "未填报", None if value is None else value / 100,
            "undefined" if value is None else "pass" if value >= 85 else "fail",
        )
        for label, value in zip(COUNTIES[:5], _RATES[:5], strict=True)
    )  # fmt: skip


class SampleForm(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label="学校名称", max_length=60, help_text="与公章一致的全称。")
    pupils = forms.IntegerField(label="在校生数", min_value=1)
    opened = forms.DateField(label="建校日期", widget=DateInput, required=False)
    level = forms.ChoiceField(label="学段", choices=[("", "请选择"), ("1", "小学"), ("2", "初中")])
    kind = forms.ChoiceField(label="办学类型", choices=[("p", "公办"), ("m", "民办")], widget=forms.RadioSelect)
    rooms = forms.MultipleChoiceField(
        label="专用教室", choices=[("m", "音乐"), ("a", "美术"), ("s", "科学")],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    remark = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sheet = forms.FileField(label="附件", help_text="Excel 文件，不超过 20 MB。", required=False)
    agreed = forms.BooleanField(label="以上内容经校长审核属实")


def bad_form() -> SampleForm:
    """The form after a wrong submission."""
    form = SampleForm({"name": "", "pupils": "-3", "level": "1"})
    form.is_valid()
    return form


def charts_json() -> str:
    """The charts as the front end's tests read them."""
    return json.dumps([spec.to_json() for spec in charts()], ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(charts_json())
