"""From the report as data to what its Word template prints: strings, rows and charts, nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

from xingtan.platform.documents import text
from xingtan.platform.documents.charts import (
    Bar,
    BarChart,
    Frame,
    HeadlineTile,
    LineChart,
    Range,
    RangeChart,
    Series,
    Target,
)
from xingtan.platform.documents.types import Lang, Number
from xingtan.platform.documents.word.values import Chart

from .report_model import (
    AnnualReport,
    Chapter,
    CountyComparison,
    CountyValue,
    Equity,
    Figure,
    Indicator,
    Trend,
    Verdict,
)
from .wording import (
    chapter_paragraphs,
    director_paragraph,
    equity_sentence,
    in_cell,
    phrase,
    short_change,
    shown,
    verdict_word,
)

_CHART_PX: Final = 590
_TILE_PX: Final = 190
_NUMERALS: Final = "一二三四五六七八九十"


def build_context(report: AnnualReport) -> dict[str, Any]:
    """Return the template context of ``report``; see :mod:`.template` for the fields it uses."""
    lang = report.lang
    context: dict[str, Any] = {
        "title": report.title,
        "subtitle": report.subtitle,
        "city": report.city,
        "bureau": report.bureau,
        "draft": phrase("draft", lang) if report.draft else "",
        "period": phrase("period", lang, report.period),
        "run": phrase("run", lang, report.run.id),
        "date": report.issued_on,
        "director": _director(report),
        "chapters": [_chapter(report, index, chapter) for index, chapter in enumerate(report.chapters, start=1)],
        "definitions": [
            {
                "code": d.code, "name": d.name, "formula": d.formula, "aggregation": d.aggregation,
                "article": d.article + (f"（{d.version}）" if d.version else ""), "status": d.status,
            }
            for d in report.definitions
        ],
        "quality": [{"item": q.item, "result": q.result, "consequence": q.consequence or "—"} for q in report.quality],
        "run_facts": _run_facts(report),
        "trace_text": phrase("trace_text", lang, _stamp(report, _example_source(report))),
    }  # fmt: skip
    return context


def _stamp(report: AnnualReport, source: str) -> str:
    return f"{report.run.id}-{source}" if source else report.run.id


def _mark(report: AnnualReport, source: str) -> str:
    return f"[{_stamp(report, source)}]"


def _example_source(report: AnnualReport) -> str:
    return next((i.code for c in report.chapters for i in c.indicators), "INF03")


def _director(report: AnnualReport) -> dict[str, Any]:
    director, lang = report.director, report.lang
    names = {
        "internet_access_rate": ("互联网接入率", "Schools on the internet"),
        "uplink_100m_rate": ("出口带宽百兆达标率", "Uplink of 100 Mbit/s"),
        "multimedia_room_share": ("多媒体教室占比", "Multimedia rooms"),
        "teacher_space_share": ("教师空间占比", "Teachers with a space"),
        "student_space_share": ("学生空间占比", "Pupils with a space"),
        "choice_timetabling_rate": ("走班排课使用率", "Choice timetabling"),
        "trainings_held": ("培训场次", "Trainings held"),
        "live_trained_teachers": ("直播培训人次", "Live training"),
    }
    figures: dict[str, Figure] = {name: getattr(director, name) for name in names}
    label = {name: pair[lang == "en"] for name, pair in names.items()}
    indicators = {i.code: i for chapter in report.chapters for i in chapter.indicators}
    colon, semicolon = (": ", "; ") if lang == "en" else ("", "；")
    sources = [f"{label[n]}{colon}{_mark(report, f.source)}" for n, f in figures.items() if f.source]
    return {
        "paragraph": director_paragraph(director, lang),
        "blanks": {name: shown(figure, lang) for name, figure in figures.items()},
        "sources": phrase("sources", lang, semicolon.join(sources)) if sources else "",
        "tiles": [
            _tile(label[n], f, indicators.get(f.source), lang) for n, f in figures.items() if f.measure == "percent"
        ],
        "more": list(report.extra_paragraphs),
    }


def _tile(title: str, figure: Figure, indicator: Indicator | None, lang: Lang) -> Chart:
    change, target, tone = "", "", "neutral"
    if indicator and figure.value is not None:
        previous = indicator.previous
        change = short_change(figure.value, previous.value, figure, lang)
        tone = _tone(indicator, figure.value)
        if indicator.target_text:
            target = f"{phrase('target', lang)} {indicator.target_text}"
    frame = Frame(title, unit=figure.unit, decimals=figure.decimals, width=_TILE_PX, height=124)
    tile = HeadlineTile(frame, figure.value, figure.missing, change, target, tone)  # type: ignore[arg-type]
    return Chart(tile, width_mm=50.0, alt=f"{title} {shown(figure, lang)}")


def _tone(indicator: Indicator, value: Number) -> str:
    """Good or bad only for a real change in a direction that has a meaning."""
    if indicator.previous.value is None or indicator.direction not in {"higher", "lower"}:
        return "neutral"
    delta = text.exact(value) - text.exact(indicator.previous.value)
    if delta == 0:
        return "neutral"
    return "good" if (delta > 0) == (indicator.direction == "higher") else "bad"


def _chapter(report: AnnualReport, index: int, chapter: Chapter) -> dict[str, Any]:
    lang = report.lang
    ordinal = str(index) if lang == "en" or index > len(_NUMERALS) else _NUMERALS[index - 1]
    tables, figures = _Counter(index, "table", lang), _Counter(index, "figure", lang)
    by_code = {i.code: i for i in chapter.indicators}
    return {
        "title": phrase("chapter", lang, ordinal, chapter.title),
        "paragraphs": chapter_paragraphs(chapter, lang),
        "table_caption": tables.caption(f"{chapter.title}{' ' if lang == 'en' else ''}{phrase('indicators', lang)}"),
        "rows": [_indicator_row(report, i) for i in chapter.indicators],
        "note": _note(chapter, lang),
        "trends": [_trend(report, t, by_code[t.indicator], figures) for t in chapter.trends],
        "comparisons": [_comparison(report, c, by_code[c.indicator], tables, figures) for c in chapter.comparisons],
        "equity_paragraph": "".join(equity_sentence(e, lang) for e in chapter.equity),
        "equity_caption": tables.caption(phrase("equity", lang)) if chapter.equity else "",
        "equity": [_equity_row(report, e) for e in chapter.equity],
    }


def _note(chapter: Chapter, lang: Lang) -> str:
    keys = ["change_note"] + ["status_c"] * any(i.status == "C" for i in chapter.indicators)
    return (" " if lang == "en" else "").join(phrase(key, lang) for key in keys)


class _Counter:
    """Numbers tables or figures within a chapter."""

    def __init__(self, chapter: int, kind: str, lang: Lang) -> None:
        self._chapter, self._kind, self._lang, self._count = chapter, kind, lang, 0

    def caption(self, title: str, mark: str = "") -> str:
        """Return the next caption."""
        self._count += 1
        return f"{phrase(self._kind, self._lang, self._chapter, self._count, title)} {mark}".rstrip()


def _indicator_row(report: AnnualReport, indicator: Indicator) -> dict[str, Any]:
    lang = report.lang
    now, before = indicator.current, indicator.previous
    target = indicator.target_text
    if not target and indicator.target is not None:
        target = text.quantity(indicator.target, now.unit, now.decimals, lang)
    return {
        "code": indicator.code,
        "name": indicator.name,
        "stamp": _mark(report, now.source or indicator.code),
        "value": in_cell(now, lang),
        "previous": in_cell(before, lang),
        "change": short_change(now.value, before.value, now, lang),
        "target": target or phrase("no_target", lang),
        "status": indicator.status,
        **_verdict(indicator.verdict, lang),
    }


def _verdict(verdict: Verdict, lang: Lang) -> dict[str, Any]:
    return {"verdict": verdict_word(verdict, lang), "missed": verdict == "missed"}


def _equity_row(report: AnnualReport, equity: Equity) -> dict[str, Any]:
    lang, now = report.lang, equity.current
    limit = equity.limit_text or (text.number(equity.limit, now.decimals, lang) if equity.limit is not None else "")
    return {
        "name": equity.name,
        "stamp": _mark(report, now.source or equity.indicator),
        "scope": equity.scope or phrase("all_schools", lang),
        "value": shown(now, lang),
        "previous": shown(equity.previous, lang),
        "change": short_change(now.value, equity.previous.value, now, lang),
        "limit": limit or phrase("no_target", lang),
        **_verdict(equity.verdict, lang),
    }


def _comparison(
    report: AnnualReport, comparison: CountyComparison, indicator: Indicator, tables: _Counter, figures: _Counter
) -> dict[str, Any]:
    lang, like = report.lang, indicator.current
    counties = _ordered(comparison.counties, indicator)
    now = [text.Ranked(c.name, c.current, c.missing) for c in counties]
    before = [text.Ranked(c.name, c.previous) for c in counties]
    sentence = text.ranking(now, unit=like.unit, decimals=like.decimals, lang=lang)
    spread = text.gap(now, measure=like.measure, unit=like.unit, decimals=like.decimals, previous=before, lang=lang)
    mark = _mark(report, comparison.city.source or indicator.code)
    if lang == "en":
        opening = f"{indicator.name}: {sentence}{'; ' + spread if spread else ''}."
    else:
        opening = f"从{indicator.name}看，{sentence}{'；' + spread if spread else ''}。"
    rows = [_county_row(c, indicator, lang) for c in counties]
    city = CountyValue(phrase("city", lang), comparison.city.value, indicator.previous.value, comparison.city.missing,
                       indicator.previous.missing, schools=_total(counties))  # fmt: skip
    return {
        "sentence": opening,
        "table_caption": tables.caption(indicator.name, mark),
        "rows": [*rows, _county_row(city, indicator, lang)],
        "chart_caption": figures.caption(indicator.name, mark),
        "chart": Chart(_county_chart(comparison, counties, indicator, lang), alt=opening),
    }


def _total(counties: Sequence[CountyValue]) -> int | None:
    known = [c.schools for c in counties if c.schools is not None]
    return sum(known) if known and len(known) == len(counties) else None


def _ordered(counties: Sequence[CountyValue], indicator: Indicator) -> list[CountyValue]:
    """Best first by the unrounded value; counties without a value last."""
    sign = 1 if indicator.direction == "lower" else -1
    return sorted(counties, key=lambda c: (c.current is None, sign * text.exact(c.current or 0)))


def _county_row(county: CountyValue, indicator: Indicator, lang: Lang) -> dict[str, Any]:
    like = indicator.current
    return {
        "name": county.name,
        "schools": "—" if county.schools is None else text.number(county.schools, 0, lang),
        "value": text.value_or_missing(county.current, like.unit, like.decimals, county.missing, lang),
        "previous": text.value_or_missing(county.previous, like.unit, like.decimals, county.missing_previous, lang),
        "change": short_change(county.current, county.previous, like, lang),
        **_verdict(_judge(county.current, indicator), lang),
    }


def _judge(value: Number | None, indicator: Indicator) -> Verdict:
    """Judge a county by the city's target, before rounding."""
    if indicator.target is None or indicator.direction == "neutral":
        return "none"
    if value is None:
        return "undefined"
    delta = text.exact(value) - text.exact(indicator.target)
    met = {"higher": delta >= 0, "lower": delta <= 0, "equal": delta == 0}[indicator.direction]
    return "met" if met else "missed"


def _county_chart(
    comparison: CountyComparison, counties: list[CountyValue], indicator: Indicator, lang: Lang
) -> BarChart | RangeChart:
    like = indicator.current
    frame = Frame("", unit=like.unit, decimals=like.decimals, width=_CHART_PX)
    if any(c.low is not None and c.high is not None for c in counties):
        reference = comparison.city.value
        rows = tuple(Range(c.name, c.low, c.current, c.high, c.missing) for c in counties)
        return RangeChart(frame, rows, Target(reference, phrase("city_mean", lang)) if reference is not None else None)
    bars = [Bar(c.name, c.current, c.missing) for c in counties]
    bars.append(Bar(phrase("city", lang), comparison.city.value, comparison.city.missing, highlight=True))
    return BarChart(frame, tuple(bars), target=_target(indicator))


def _target(indicator: Indicator) -> Target | None:
    if indicator.target is None or indicator.direction not in {"higher", "lower"}:
        return None
    return Target(indicator.target, direction="lower" if indicator.direction == "lower" else "higher")


def _trend(report: AnnualReport, trend: Trend, indicator: Indicator, figures: _Counter) -> dict[str, Any]:
    like = indicator.current
    frame = Frame("", unit=like.unit, decimals=like.decimals, width=_CHART_PX, height=170)
    series = (Series(phrase("city", report.lang), trend.values),)
    caption = figures.caption(indicator.name, _mark(report, like.source or indicator.code))
    return {"caption": caption, "chart": Chart(LineChart(frame, trend.years, series, _target(indicator)), alt=caption)}


def _run_facts(report: AnnualReport) -> list[dict[str, str]]:
    lang, run = report.lang, report.run
    facts = {
        "run_id": run.id,
        "computed_at": run.computed_at.strftime("%Y-%m-%d %H:%M %Z").strip(),
        "input_hash": " ".join(textwrap.wrap(run.input_hash, 16)),  # so that it can break across lines
        "schools": f"{run.schools_due} / {run.schools_approved}",
        "issued_on": report.issued_on.isoformat(),
    }
    return [{"label": phrase(key, lang), "value": value} for key, value in facts.items()]
