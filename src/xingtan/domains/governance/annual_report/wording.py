"""The report's own words in Chinese and English: fixed phrases, and sentences about one report's figures."""

from __future__ import annotations

from typing import Final

from xingtan.platform.documents import text
from xingtan.platform.documents.types import Lang, Number

from .report_model import Chapter, DirectorParagraph, Equity, Figure, Indicator, Verdict

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "draft": ("（征求意见稿）", "(Draft for comment)"),
    "period": ("报告期：{}", "Period: {}"),
    "run": ("运算编号：{}", "Run: {}"),
    "overview": ("总体情况", "Overview"),
    "contents": ("目　录", "Contents"),
    "chapter": ("第{}章　{}", "Chapter {}  {}"),
    "indicators": ("指标完成情况", "Indicators"),
    "counties": ("县域比较", "Comparison of counties"),
    "equity": ("均衡程度", "Evenness between schools"),
    "appendix": ("附录{}　{}", "Appendix {}  {}"),
    "definitions": ("指标口径", "Definitions"),
    "quality": ("数据质量", "Data quality"),
    "tracing": ("数据溯源", "Traceability"),
    "table": ("表{}-{}　{}", "Table {}-{}  {}"),
    "figure": ("图{}-{}　{}", "Figure {}-{}  {}"),
    "page_before": ("第 ", "Page "),
    "page_between": (" 页　共 ", " of "),
    "page_after": (" 页", ""),
    "met": ("达标", "met"),
    "missed": ("未达标", "missed"),
    "undefined": ("无法判定", "cannot be judged"),
    "none": ("—", "—"),
    "no_target": ("未设", "none"),
    "same": ("持平", "unchanged"),
    "no_comparison": ("无法比较", "no comparison"),
    "slightly_up": ("升，不足{}", "up, under {}"),
    "slightly_down": ("降，不足{}", "down, under {}"),
    "points": ("个百分点", " pp"),
    "city": ("全市", "City"),
    "city_mean": ("全市", "city"),
    "status_c": (
        "状态为 C 的指标系建议口径，须经教育行政部门确认后方可用于考核。",
        "Indicators of status C are proposals; the bureau must confirm them before they are used in an appraisal.",
    ),
    "change_note": (
        "变化按未舍入的数值计算，可能与表中舍入后数值之差略有出入。方括号内为数据出处，见附录C。",
        "Changes are computed before rounding. Square brackets hold the source of each figure, see appendix C.",
    ),
    "sources": ("数据出处：{}", "Sources: {}"),
    "trace_text": (
        (
            "本报告图表标题和表内方括号中的编号由运算编号和指标代码组成，例如“[{}]”。凭该编号可在平台上查到该数字的"
            "计算公式、口径版本和所用的每一个填报数据。运算结果一经生成不再改变。"
        ),
        (
            "The stamps in square brackets are made of the run and the indicator code, e.g. “[{}]”. By its stamp, the "
            "platform finds a figure's formula, the version of its definition and every reported cell behind it. "
            "A run never changes once made."
        ),
    ),
    "run_id": ("运算编号", "Run"),
    "computed_at": ("计算时间", "Computed at"),
    "input_hash": ("输入数据校验值", "Hash of the input data"),
    "schools": ("应报学校 / 已审核学校", "Schools due / approved"),
    "issued_on": ("发布日期", "Issued on"),
    "quality_empty": ("本期未登记数据质量问题。", "No data quality findings were recorded for this period."),
    "target": ("目标", "Target"),
    "all_schools": ("全部学校", "all schools"),
}

HEADS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "indicators": (
        ("指标", "数值", "上年", "变化", "目标", "判定", "状态"),
        ("Indicator", "Value", "Last year", "Change", "Target", "Verdict", "Status"),
    ),
    "counties": (
        ("县（市、区）", "学校数", "数值", "上年", "变化", "判定"),
        ("County", "Schools", "Value", "Last year", "Change", "Verdict"),
    ),
    "equity": (
        ("指标", "范围", "差异系数", "上年", "变化", "限值", "判定"),
        ("Indicator", "Scope", "CV", "Last year", "Change", "Limit", "Verdict"),
    ),
    "definitions": (
        ("代码", "指标与计算公式", "汇总方式", "依据", "状态"),
        ("Code", "Indicator and formula", "Aggregation", "Source", "Status"),
    ),
    "quality": (("项目", "情况", "对数据的影响"), ("Item", "Finding", "Effect on the figures")),
}


def phrase(key: str, lang: Lang, *values: object) -> str:
    """Return a fixed phrase with its blanks filled."""
    return PHRASES[key][lang == "en"].format(*values)


SHORT_REASON = 8


def shown(figure: Figure, lang: Lang) -> str:
    """``98.1%``, ``12 间`` or ``无数据（原因）``."""
    return text.value_or_missing(figure.value, figure.unit, figure.decimals, figure.missing, lang)


def in_cell(figure: Figure, lang: Lang) -> str:
    """As `shown`, but a long reason stays out of a narrow table cell: the chapter's text gives it."""
    short = figure.value is not None or len(figure.missing) <= SHORT_REASON
    return shown(figure, lang) if short else text.missing("", lang)


def short_change(current: Number | None, previous: Number | None, like: Figure, lang: Lang) -> str:
    """A change for a table cell: ``+3.2个百分点``, ``−12 间``, ``持平``, ``升，不足0.1``."""
    if current is None or previous is None:
        return phrase("no_comparison", lang)
    delta = text.exact(current) - text.exact(previous)
    if delta == 0:
        return phrase("same", lang)
    size = text.number(abs(delta), like.decimals, lang)
    if text.rounded(abs(delta), like.decimals) == 0:
        step = f"{10.0**-like.decimals:.{like.decimals}f}"
        return phrase("slightly_up" if delta > 0 else "slightly_down", lang, step)
    unit = phrase("points", lang) if like.measure == "percent" else f" {like.unit}" if like.unit else ""
    return f"{'+' if delta > 0 else '−'}{size}{unit}"


def verdict_word(verdict: Verdict, lang: Lang) -> str:
    """达标 / 未达标 / 无法判定 / —."""
    return phrase(verdict, lang)


def indicator_sentence(indicator: Indicator, lang: Lang) -> str:
    """One sentence: value, change, target."""
    now, before = indicator.current, indicator.previous
    parts = [f"{indicator.name} is {shown(now, lang)}" if lang == "en" else f"{indicator.name}为{shown(now, lang)}"]
    parts.append(
        text.change(
            now.value, before.value, measure=now.measure, unit=now.unit, decimals=now.decimals,
            previous_reason=before.missing, lang=lang,
        )
    )  # fmt: skip
    if indicator.target is not None and indicator.direction != "neutral":
        parts.append(
            text.against_target(
                now.value, indicator.target, measure=now.measure, direction=indicator.direction, unit=now.unit,
                decimals=now.decimals, reason=now.missing, lang=lang,
            )
        )  # fmt: skip
    return ", ".join(parts) + ". " if lang == "en" else "，".join(parts) + "。"


def chapter_summary(chapter: Chapter, lang: Lang) -> str:
    """How many indicators meet their target, miss it, cannot be judged, or have none."""
    verdicts = [i.verdict for i in chapter.indicators]
    counts = {v: verdicts.count(v) for v in ("met", "missed", "undefined", "none")}
    if lang == "en":
        names = {"met": "meet their target", "missed": "miss it", "undefined": "cannot be judged", "none": "have none"}
        listed = ", ".join(f"{n} {names[v]}" for v, n in counts.items() if n)
        return f"This chapter reports {len(verdicts)} indicators: {listed}. "
    names = {"met": "达标{}项", "missed": "未达标{}项", "undefined": "因无数据无法判定{}项", "none": "未设目标{}项"}
    listed = "，".join(names[v].format(n) for v, n in counts.items() if n)
    return f"本章共监测{len(verdicts)}项指标，其中{listed}。"


def chapter_paragraphs(chapter: Chapter, lang: Lang) -> list[str]:
    """The chapter's generated paragraphs: summary, indicators with a value, indicators without, remarks."""
    known = [i for i in chapter.indicators if i.current.value is not None]
    absent = [i for i in chapter.indicators if i.current.value is None]
    paragraphs = [chapter_summary(chapter, lang)]
    if known:
        paragraphs.append("".join(indicator_sentence(i, lang) for i in known))
    if absent and lang == "en":
        paragraphs.append("No data: " + "; ".join(f"{i.name} ({i.current.missing})" for i in absent) + ".")
    elif absent:
        paragraphs.append(
            "以下指标无数据：" + "；".join(f"{i.name}（{i.current.missing.rstrip('。')}）" for i in absent) + "。"
        )
    return [*paragraphs, *chapter.remarks]


def equity_sentence(equity: Equity, lang: Lang) -> str:
    """How even the schools are, whether more so than last year, and against the limit."""
    now, before = equity.current, equity.previous
    scope = equity.scope or phrase("all_schools", lang)
    head = (
        f"The coefficient of variation of {equity.name} ({scope}) is {shown(now, lang)}"
        if lang == "en"
        else f"{equity.name}的校际差异系数（{scope}）为{shown(now, lang)}"
    )
    parts = [head]
    if now.value is not None:
        parts.append(text.change(now.value, before.value, measure="ratio", decimals=now.decimals,
                                 previous_reason=before.missing, lang=lang))  # fmt: skip
    if equity.limit is not None and equity.verdict in {"met", "missed"}:
        limit = equity.limit_text or text.number(equity.limit, now.decimals, lang)
        over = equity.verdict == "missed"
        if lang == "en":
            parts.append(f"{'above' if over else 'within'} the limit of {limit}")
        else:
            parts.append(f"{'超过' if over else '未超过'}限值（{limit}）")
    return ", ".join(parts) + "." if lang == "en" else "，".join(parts) + "。"


def people(figure: Figure, lang: Lang) -> str:
    """Attendances, in 万人次 from ten thousand upwards."""
    if figure.value is None or lang == "en":
        unit = "attendances" if lang == "en" else ""
        return text.value_or_missing(figure.value, unit, 0, figure.missing, lang)
    if text.exact(figure.value) >= 10_000:
        return f"{text.number(text.exact(figure.value) / 10_000, 1)}万人次"
    return f"{text.number(figure.value, 0)}人次"


def director_paragraph(director: DirectorParagraph, lang: Lang) -> str:
    """The opening paragraph with every blank filled, or honestly empty.

    Its verbs follow the data: "均达" is said only when all schools do, "增加到" only when the share rose.
    """
    if lang == "en":
        return _director_english(director)
    rate, uplink = director.internet_access_rate, director.uplink_100m_rate
    clauses = [f"全市中小学互联网接入率{'已达' if rate.value is not None else ''}{shown(rate, lang)}"]
    every = uplink.value is not None and text.exact(uplink.value) >= 100
    if uplink.value is None:
        clauses.append(f"出口带宽百兆以上达标率{shown(uplink, lang)}")
    else:
        clauses.append(f"出口带宽{'均' if every else ''}达百兆以上（达标率{shown(uplink, lang)}）")
    clauses.append(f"多媒体教室占比例{_moved(director)}{shown(director.multimedia_room_share, lang)}")
    for name, figure in (("教师空间", director.teacher_space_share), ("学生空间", director.student_space_share)):
        clauses.append(f"{name}占比{'达' if figure.value is not None else ''}{shown(figure, lang)}")
    choice = director.choice_timetabling_rate
    held = director.trainings_held
    sessions = f"{text.number(held.value, 0)}次" if held.value is not None else f"场次{shown(held, lang)}"
    present = director.live_trained_teachers
    attended = ("达" if present.value is not None else "") + people(present, lang)
    return (
        "，".join(clauses) + f"；新高考走班排课使用率{'达' if choice.value is not None else ''}{shown(choice, lang)}；"
        f"仅{director.year}年，举办教育信息化培训{sessions}，参加直播培训教师{attended}。"
    )


def _moved(director: DirectorParagraph) -> str:
    now, before = director.multimedia_room_share.value, director.multimedia_room_share_previous.value
    if now is None:
        return ""
    if before is None:
        return "为"
    delta = text.exact(now) - text.exact(before)
    return "增加到" if delta > 0 else "下降到" if delta < 0 else "保持在"


def _director_english(director: DirectorParagraph) -> str:
    def value(figure: Figure) -> str:
        return shown(figure, "en")

    held = director.trainings_held
    sessions = text.number(held.value, 0, "en") if held.value is not None else value(held)
    return (
        f"Of the city's primary and secondary schools, {value(director.internet_access_rate)} are connected to the "
        f"internet and {value(director.uplink_100m_rate)} have an uplink of at least 100 Mbit/s; multimedia rooms make "
        f"up {value(director.multimedia_room_share)} of classrooms; {value(director.teacher_space_share)} of teachers "
        f"and {value(director.student_space_share)} of pupils have an online space; choice-based timetabling is used "
        f"by {value(director.choice_timetabling_rate)} of the senior schools concerned. In {director.year} alone, "
        f"trainings held: {sessions}; teachers in live training: {people(director.live_trained_teachers, 'en')}."
    )
