"""An invented report, marked 示例, for previewing a template before the year's figures exist. Deterministic."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Final

from xingtan.platform.documents.types import Lang

from .report_model import (
    AnnualReport,
    Chapter,
    CountyComparison,
    CountyValue,
    Definition,
    DirectorParagraph,
    Equity,
    Figure,
    Indicator,
    Measure,
    QualityFinding,
    Run,
    Status,
    Trend,
    Verdict,
)

_COUNTIES: Final = (
    ("云溪区", "Yunxi"), ("临川区", "Linchuan"), ("东湖区", "Donghu"), ("南屏县", "Nanping"), ("清河县", "Qinghe"),
    ("石门县", "Shimen"), ("白云县", "Baiyun"), ("青川市", "Qingchuan"),
)  # fmt: skip
_Row = tuple[str, str, str, str, float, float, float | None, Status]
"""Code, Chinese and English name, unit, this year, last year, target (the more the better), status."""

_Spec = tuple[str, str, str, tuple[_Row, ...]]

_CHAPTERS: Final[tuple[_Spec, ...]] = (
    ("infrastructure", "基础设施", "Infrastructure", (
        ("INF03", "中小学互联网接入率", "Schools connected to the internet", "%", 98.14, 94.93, 97.6, "B"),
        ("INF04", "出口带宽 100M 以上学校占比", "Schools with an uplink of 100 Mbit/s", "%", 88.02, 81.5, 95, "B"),
        ("INF09", "多媒体教室占普通教室比例", "Multimedia share of classrooms", "%", 93.4, 90.6, 90, "B"),
        ("INF01", "每百名学生拥有网络多媒体教室数", "Multimedia rooms per 100 pupils", "间", 2.41, 2.36, 2.3, "A"),
        ("INF25", "智慧校园设备在线率", "Devices online", "%", 91.3, 91.27, 95, "C"),
    )),
    ("resources", "资源", "Resources", (
        ("RES04", "校本资源共建率", "Teachers who shared a resource", "%", 42.7, 35.1, None, "C"),
        ("RES05", "资源有效使用率", "Resources used by other schools", "%", 31.2, 33.9, None, "C"),
    )),
    ("use", "应用与融合", "Use and integration", (
        ("APP01", "多媒体教室平均使用率", "Multimedia room utilisation", "%", 67.8, 61.2, 60, "B"),
        ("APP02T", "教师网络学习空间开通率", "Teachers with a space", "%", 95.2, 93.8, 95, "B"),
        ("APP02S", "学生网络学习空间开通率", "Pupils with a space", "%", 88.0, 84.4, 90, "B"),
        ("APP20", "新高考走班排课使用率", "Schools using choice timetabling", "%", 76.5, 58.8, None, "C"),
    )),
    ("literacy", "素养", "Literacy", (
        ("LIT01", "教师信息技术应用能力提升学时完成率", "ICT training hours complete", "%", 83.6, 71.9, 100, "A"),
        ("LIT10", "每百名学生拥有高于规定学历教师数", "Teachers above required degree", "人", 4.85, 4.71, 4.2, "A"),
        ("LIT08", "校长信息化领导力培训率", "Heads trained", "%", 64.0, 64.0, None, "B"),
    )),
    ("governance", "治理", "Governance", (
        ("GOV01", "网络安全等级保护备案率", "Systems registered for security grading", "%", 78.9, 70.2, 100, "B"),
        ("GOV02", "数据按期报送率", "Forms returned in time", "%", 97.1, 95.4, 95, "C"),
    )),
    ("support", "保障", "Support", (
        ("SUP01", "信息化经费占公用经费比例", "ICT share of running costs", "%", 8.4, 8.9, 8, "B"),
        ("SUP02", "信息化专职人员配备学校占比", "Schools with ICT staff", "%", 71.3, 66.0, None, "B"),
    )),
)  # fmt: skip


def sample_report(lang: Lang = "zh-hans", *, comparisons: int = 1, seed: int = 20251231) -> AnnualReport:
    """Return an invented report with ``comparisons`` county comparisons per chapter; one county has no data."""
    english = lang == "en"
    chance = random.Random(seed)  # noqa: S311 (sample data, nothing secret)
    chapters = tuple(_chapter(spec, english, comparisons, chance) for spec in _CHAPTERS)
    return AnnualReport(
        title="Annual report on education informatisation 2025" if english else "云州市教育信息化年度报告（2025）",
        subtitle="Sample data" if english else "（示例数据）",
        period="1 January to 31 December 2025" if english else "2025年1月1日至12月31日",
        city="Yunzhou" if english else "云州市",
        bureau="Yunzhou education bureau" if english else "云州市教育局",
        issued_on=date(2026, 1, 20),
        run=Run("R12", datetime(2026, 1, 15, 9, 30, tzinfo=UTC), "3fa9c1d07be245118d66a0b2", 312, 309),
        director=_director(english),
        chapters=chapters,
        definitions=tuple(_definition(i, english) for c in chapters for i in c.indicators),
        quality=_quality(english),
        draft=True,
        lang=lang,
    )


def _figure(value: float | None, unit: str, code: str, reason: str = "") -> Figure:
    measure: Measure = "percent" if unit == "%" else "ratio"
    return Figure(value, unit, 1 if unit == "%" else 2, measure, code, reason)


def _chapter(spec: _Spec, english: bool, comparisons: int, chance: random.Random) -> Chapter:
    key, chinese, name, rows = spec
    indicators = tuple(_indicator(row, english) for row in rows)
    if key == "resources":
        reason = "not reported" if english else "未填报"
        absent = _figure(None, "%", "RES06", reason)
        title = "Hub resources opened per class" if english else "国家/省/校三级资源到班率"
        indicators = (*indicators, Indicator("RES06", title, absent, absent, "C", target=60, verdict="undefined"))
    compared = [i for i in indicators if i.current.value is not None]
    equity = ()
    trends: tuple[Trend, ...] = ()
    if key == "infrastructure":
        scope = "primary" if english else "小学"
        title = "Multimedia rooms per 100 pupils" if english else "每百名学生拥有网络多媒体教室数"
        equity = (Equity("INF02", title, Figure(0.412, "", 3, "ratio", "INF02"), Figure(0.433, "", 3, "ratio", "INF02"),
                         0.5, "≤0.50", "met", scope),)  # type: ignore[assignment]  # fmt: skip
        trends = (Trend("INF03", ("2019", "2020", "2021", "2022", "2023", "2024", "2025"),
                        (83.1, 85.2, None, 90.6, 92.0, 94.93, 98.14)),)  # fmt: skip
    return Chapter(
        key,
        name if english else chinese,
        indicators,
        tuple(_comparison(compared[n % len(compared)], english, chance, n) for n in range(comparisons)),
        equity,
        trends,
    )


def _indicator(row: _Row, english: bool) -> Indicator:
    code, chinese, name, unit, now, before, target, status = row
    unit = {"间": "rooms", "人": "teachers"}.get(unit, unit) if english else unit
    verdict: Verdict = "none" if target is None else "met" if now >= target else "missed"
    figure, previous = _figure(now, unit, code), _figure(before, unit, code)
    text = "" if target is None else f"≥{target:g}{'%' if unit == '%' else ''}"
    title = name if english else chinese
    return Indicator(code, title, figure, previous, status, target=target, target_text=text, verdict=verdict)


def _comparison(indicator: Indicator, english: bool, chance: random.Random, number: int) -> CountyComparison:
    centre, before = float(indicator.current.value or 0), float(indicator.previous.value or 0)
    ceiling = 100.0 if indicator.current.unit == "%" else centre * 2
    counties = []
    for index, names in enumerate(_COUNTIES):
        drift = chance.uniform(-0.16, 0.09)
        value = min(round(centre * (1 + drift), 3), ceiling)
        last = min(round(before * (1 + drift), 3), ceiling)
        low, high = round(value * 0.62, 3), min(round(value * 1.2, 3), ceiling)
        spread = indicator.current.unit != "%"
        name = names[english]
        if index == 4 and number == 0:
            counties.append(CountyValue(name, None, last, "not reported" if english else "未填报", schools=38))
        else:
            counties.append(
                CountyValue(name, value, last, schools=30 + index * 3, low=low if spread else None, high=high)
            )
    return CountyComparison(indicator.code, tuple(counties), indicator.current)


def _director(english: bool) -> DirectorParagraph:
    reason = "not reported" if english else "未填报"
    return DirectorParagraph(
        year=2025,
        internet_access_rate=_figure(98.14, "%", "INF03"),
        uplink_100m_rate=_figure(88.02, "%", "INF04"),
        multimedia_room_share=_figure(93.4, "%", "INF09"),
        multimedia_room_share_previous=_figure(90.6, "%", "INF09"),
        teacher_space_share=_figure(95.2, "%", "APP02T"),
        student_space_share=_figure(88.0, "%", "APP02S"),
        choice_timetabling_rate=_figure(76.5, "%", "APP20"),
        trainings_held=Figure(128, "", 0, "count", "LIT20"),
        live_trained_teachers=Figure(None, "", 0, "count", "LIT21", reason),
    )


def _definition(indicator: Indicator, english: bool) -> Definition:
    if english:
        formula, how, article = "numerator ÷ denominator × 100", "ratio of sums", "sample definition"
    else:
        formula, how, article = "分子 ÷ 分母 × 100", "总和之比", "示例口径"
    return Definition(indicator.code, indicator.name, formula, how, article, indicator.status, "v1")


def _quality(english: bool) -> tuple[QualityFinding, ...]:
    if english:
        return (
            QualityFinding("Return of forms", "309 of 312 schools approved", "three schools are left out"),
            QualityFinding("Declared against measured bandwidth", "7 schools over-declared", "declared values shown"),
        )
    return (
        QualityFinding("填报完成情况", "应报 312 所学校，已审核 309 所", "3 所未审核学校不计入分子和分母"),
        QualityFinding("申报与实测带宽", "7 所学校申报高于实测", "表内采用申报值，另行核查"),
    )
