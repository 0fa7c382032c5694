"""Invented content for the living page at `/ui/` and for the tests: every component and every kind of chart once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

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
        Point(label, value, href=_href(label), reason="" if value is not None else _("Not reported"))
        for label, value in zip(labels, values, strict=True)
    )


def charts() -> tuple[ChartSpec, ...]:
    """One chart of each kind, with nulls, targets, links and several series."""
    county, source = _("County"), _("Invented figures; as of 1 September 2025")
    years = ("2020", "2021", "2022", "2023", "2024", "2025")
    return (
        ChartSpec(
            kind="bar", title=_("Schools with an uplink of 100 Mbit/s"), unit="%", label_heading=county,
            series=(Series("2025", _points(_RATES)),), target=Target(85, _("Target 85%")),
            note=source, excel_url="?export=xlsx",
        ),
        ChartSpec(
            kind="hbar", title=_("Pupils per terminal"), unit=_("pupils"), label_heading=county,
            series=(Series("2025", _points((9.4, 12.1, 6.0, 14.2, None, 7.7, 10.0, 8.3))),),
            target=Target(10, _("At most 10"), "lower"), note=source,
        ),
        ChartSpec(
            kind="line", title=_("Learning spaces in use"), unit="%", label_heading=_("Year"),
            series=(
                Series(_("City"), _points((41.0, 48.5, 55.2, 61.9, 70.3, 78.8), years)),
                Series("松岭县", _points((22.0, 28.5, None, 37.0, 45.1, 52.6), years)),
            ),
            target=Target(80, _("Target 80%")), note=source,
        ),
        ChartSpec(
            kind="dotrange", title=_("Equipment value per pupil, school by school"), unit=_("yuan"), decimals=0,
            label_heading=county, target=Target(2000, _("Standard 2,000")), note=source,
            series=(Series("", tuple(
                Range(label, low, mean, high, href=_href(label))
                for label, low, mean, high in (
                    ("云溪县", 1420, 2610, 4100), ("石桥县", 900, 1830, 2950), ("青禾区", 2350, 3420, 5200),
                    ("白鹭县", 1100, 2040, 3600), ("松岭县", 640, 1490, 2480),
                )
            )),),
        ),
        ChartSpec(
            kind="stacked", title=_("Spending on informatisation"), unit=_("10,000 yuan"), decimals=0,
            label_heading=county, note=source,
            series=(
                Series(_("Hardware"), _points((420, 310, 655, 280, 190, 540, 260, 480))),
                Series(_("Software and resources"), _points((180, 96, 310, 88, 60, 270, 75, 205))),
                Series(_("Training"), _points((60, 35, 120, 41, 22, 90, 30, 77))),
            ),
        ),
        ChartSpec(
            kind="scatter", title=_("Terminals and their use"), decimals=1, label_heading=_("School"), note=source,
            x_label=_("Terminals per 100 pupils"), y_label=_("Lessons with terminals per week"),
            series=(
                Series(_("Primary schools"), tuple(
                    XY(_("Primary school %(number)s") % {"number": i}, 4 + i * 1.3, 3 + (i * 7 % 11) * 0.9,
                       href=f"?school={i}") for i in range(1, 13))),
                Series(_("Junior secondary schools"), tuple(
                    XY(_("Secondary school %(number)s") % {"number": i}, 6 + i * 1.1, 5 + (i * 5 % 9) * 1.1)
                    for i in range(1, 10))),
            ),
        ),
        ChartSpec(
            kind="tilegrid", title=_("Passed schools by county"), unit="%", label_heading=county, note=source,
            target=Target(90, _("Target 90%")),
            series=(Series("", tuple(
                Tile(label, value, row, column, href=_href(label), reason="" if value is not None else _("Not reported"))
                for label, value, row, column in zip(
                    COUNTIES, _RATES, (0, 0, 1, 1, 1, 2, 2, 2), (1, 2, 0, 1, 2, 0, 1, 2), strict=True
                )
            )),),
        ),
        ChartSpec(
            kind="points", title=_("Network quality of schools"), decimals=2, label_heading=_("School"), note=source,
            series=(Series("", tuple(
                Place(_("School %(number)s") % {"number": i}, None if i == 5 else (i * 37 % 100) / 100,
                      29.6 + (i * 13 % 17) * 0.03, 106.3 + (i * 7 % 19) * 0.04, href=f"?school={i}",
                      reason=_("Too few measurements") if i == 5 else "")
                for i in range(1, 31)
            )),),
        ),
    )  # fmt: skip


def tiles() -> tuple[c.Tile, ...]:
    """A good figure, a bad one, one that cannot be judged, and one without a value."""
    return (
        c.Tile(
            _("Schools with 100 Mbit/s"), 92.34, "%", trend=c.Trend(3.1, _("3.1 points more than last year"), good=True),
            progress=0.92, target_text=_("Target 85%"), verdict="pass", status="A", icon="network", url="?tile=1",
            definition=_("Schools whose uplink is at least 100 Mbit/s, out of all schools. Sum over the city, not a mean of counties."),
        ),
        c.Tile(
            _("Pupils per terminal"), 12.061, _("pupils"), 1, trend=c.Trend(0.4, _("0.4 more than last year"), good=False),
            progress=0.6, target_text=_("At most 10"), verdict="fail", status="B", icon="devices", url="?tile=2",
        ),
        c.Tile(_("Teachers trained"), 3842, "", 0, trend=c.Trend(0, _("As last year")), status="C", icon="certificate"),
        c.Tile(_("Satisfaction"), None, "%", reason=_("Not reported by 3 counties"), verdict="undefined", icon="message"),
    )  # fmt: skip


def table() -> c.Table:
    """A list with search, filter, sorting and paging."""
    columns = (
        c.Column("name", _("School"), sortable=True),
        c.Column("county", _("County"), sortable=True, phone="hide"),
        c.Column("pupils", _("Pupils"), sortable=True, numeric=True),
        c.Column("rate", _("Uplink"), numeric=True),
        c.Column("state", _("State")),
    )
    states = (c.Badge(_("Submitted"), "info", "send"), c.Badge(_("Approved"), "success", "check"), c.Badge(_("Returned"), "danger", "arrow-left"))
    rows = tuple(
        c.Row(
            (
                c.Cell(_("School %(number)s") % {"number": i + 1}, url=f"?school={i}"), c.Cell(county), c.Cell(f"{640 + i * 97:,}"),
                c.Cell("100 Mbit/s") if i != 3 else c.Cell(reason=_("Not reported")), c.Cell(badge=states[i % 3]),
            ),
            (c.Link(_("Open"), f"?school={i}"),),
        )
        for i, county in enumerate(COUNTIES)
    )  # fmt: skip
    levels = tuple(c.Choice(str(i), label) for i, label in enumerate((_("Primary"), _("Junior secondary"))))
    return c.Table(
        "schools", _("Schools"), columns, rows, c.Paging(2, 12, 291, 9, 16), empty(), search_label=_("Name or code of the school"),
        sort="name", filters=(c.Filter("level", _("Level"), levels),), export_url="?export=xlsx",
    )  # fmt: skip


def empty() -> c.Empty:
    """An empty list that says how to begin."""
    return c.Empty(
        _("No forms yet"), _("Start with the template of the last round; its questions can be changed afterwards."),
        c.Link(_("New form"), "?new=1", "plus"), "clipboard-list",
    )  # fmt: skip


def empty_table() -> c.Table:
    """The same list before anything is in it."""
    full = table()
    return c.Table("none", _("Forms"), full.columns, (), c.Paging(1, 1, 0, 0, 0), empty())


def steps() -> tuple[c.Step, ...]:
    """An import half way."""
    return (
        c.Step(_("Choose the file"), "done", "?step=1"),
        c.Step(_("Match the columns"), "done", "?step=2", _("18 of 18 columns")),
        c.Step(_("Dry run"), "current", text=_("Nothing is written yet")),
        c.Step(_("Apply"), "todo"),
    )


def events() -> tuple[c.TimelineEntry, ...]:
    """What happened to a form."""
    return (
        c.TimelineEntry("2025-09-12 16:20", _("Approved"), actor="李晓雯", tone="success", icon="check"),
        c.TimelineEntry(
            "2025-09-11 09:05", _("Returned"), _("Please add the uplink of the second campus."), "李晓雯", "danger", "arrow-left"
        ),
        c.TimelineEntry("2025-09-10 17:41", _("Submitted"), actor="周明", tone="info", icon="send"),
        c.TimelineEntry("2025-09-01 08:00", _("Round opened"), icon="calendar-event"),
    )  # fmt: skip


def drill() -> tuple[c.DrillItem, ...]:
    """The counties behind a city figure."""
    return tuple(
        c.DrillItem(
            label, value, _href(label), "%", 1, _("Not reported"), None if value is None else value / 100,
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
