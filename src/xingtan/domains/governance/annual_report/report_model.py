"""The annual report on education informatisation as plain data: what the governance domain must supply.

Nothing here computes an indicator. Each figure arrives with the run and the indicator it came from, so that any
number in print leads back to its cells. ``None`` means "no value" and must carry a reason; undefined is never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from xingtan.platform.documents.types import Lang, Number

Verdict = Literal["met", "missed", "undefined", "none"]
"""``undefined``: a target exists but no value; ``none``: no target was set."""

Status = Literal["A", "B", "C"]
"""A: definition and threshold read in a source. B: partly. C: proposal that the bureau must confirm."""

Direction = Literal["higher", "lower", "equal", "neutral"]
Measure = Literal["percent", "count", "ratio"]
"""``percent`` changes by percentage points, ``count`` by units and %, ``ratio`` by its own unit."""


@dataclass(frozen=True)
class Figure:
    """One number in the report. ``value`` is unrounded; ``decimals`` says how it is printed.

    ``source`` is the indicator code (``INF03``) or another key that, joined to the run id, is the stamp.
    """

    value: Number | None
    unit: str = ""
    decimals: int = 1
    measure: Measure = "count"
    source: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.missing:
            raise ValueError(f"figure {self.source or '?'} has no value and no reason: give `missing`")


@dataclass(frozen=True)
class Indicator:
    """One row of a chapter's indicator table. ``target`` is the bare threshold; ``target_text`` how it reads."""

    code: str
    name: str
    current: Figure
    previous: Figure
    status: Status
    direction: Direction = "higher"
    target: Number | None = None
    target_text: str = ""
    verdict: Verdict = "none"

    def __post_init__(self) -> None:
        _check_verdict(self.code, self.verdict, self.current.value, self.target, self.target_text)


@dataclass(frozen=True)
class CountyValue:
    """One county in a comparison. ``low``/``high`` are its worst and best school, if known."""

    name: str
    current: Number | None
    previous: Number | None = None
    missing: str = ""
    missing_previous: str = ""
    schools: int | None = None
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True)
class CountyComparison:
    """All counties on one indicator; drawn as a table and a chart.

    ``indicator`` must be a code of the same chapter, whose unit, decimals, direction and target are reused.
    """

    indicator: str
    counties: tuple[CountyValue, ...]
    city: Figure


@dataclass(frozen=True)
class Equity:
    """Evenness of one indicator between schools: enrolment-weighted coefficient of variation (差异系数)."""

    indicator: str
    name: str
    current: Figure
    previous: Figure
    limit: Number | None = None
    limit_text: str = ""
    verdict: Verdict = "none"
    scope: str = ""

    def __post_init__(self) -> None:
        _check_verdict(self.indicator, self.verdict, self.current.value, self.limit, self.limit_text)


@dataclass(frozen=True)
class Trend:
    """City value of one indicator over years, oldest first."""

    indicator: str
    years: tuple[str, ...]
    values: tuple[Number | None, ...]


@dataclass(frozen=True)
class Chapter:
    """One chapter: 基础设施, 资源, 应用与融合, 素养, 治理 or 保障. ``remarks`` are the bureau's own sentences."""

    key: str
    title: str
    indicators: tuple[Indicator, ...]
    comparisons: tuple[CountyComparison, ...] = ()
    equity: tuple[Equity, ...] = ()
    trends: tuple[Trend, ...] = ()
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {indicator.code for indicator in self.indicators}
        shown = [c.indicator for c in self.comparisons] + [t.indicator for t in self.trends]
        for code in shown:
            if code not in known:
                raise ValueError(f"chapter {self.key}: {code} is compared but is not among its indicators")
        for trend in self.trends:
            if len(trend.years) != len(trend.values):
                raise ValueError(f"chapter {self.key}: trend {trend.indicator} has unequal years and values")


@dataclass(frozen=True)
class DirectorParagraph:
    """The blanks of the paragraph with which the director opens the year.

    Percent figures have ``measure='percent'``. ``live_trained_teachers`` counts attendances (人次), not 万人次.
    ``multimedia_room_share_previous`` decides between "增加到", "下降到" and "保持在".
    """

    year: int
    internet_access_rate: Figure
    uplink_100m_rate: Figure
    multimedia_room_share: Figure
    multimedia_room_share_previous: Figure
    teacher_space_share: Figure
    student_space_share: Figure
    choice_timetabling_rate: Figure
    trainings_held: Figure
    live_trained_teachers: Figure


@dataclass(frozen=True)
class Definition:
    """How one indicator is computed and where that is written."""

    code: str
    name: str
    formula: str
    aggregation: str
    article: str
    status: Status
    version: str = ""


@dataclass(frozen=True)
class QualityFinding:
    """One line of the data quality appendix, e.g. 应报 312 校，已审核 309 校."""

    item: str
    result: str
    consequence: str = ""


@dataclass(frozen=True)
class Run:
    """The immutable computation behind every figure. ``id`` is short and printable, e.g. ``R12``."""

    id: str
    computed_at: datetime
    input_hash: str
    schools_due: int
    schools_approved: int


@dataclass(frozen=True)
class AnnualReport:
    """Everything the annual report prints."""

    title: str
    period: str
    city: str
    bureau: str
    issued_on: date
    run: Run
    director: DirectorParagraph
    chapters: tuple[Chapter, ...]
    definitions: tuple[Definition, ...]
    quality: tuple[QualityFinding, ...] = ()
    draft: bool = False
    lang: Lang = "zh-hans"
    subtitle: str = ""
    extra_paragraphs: tuple[str, ...] = ()


def _check_verdict(code: str, verdict: Verdict, value: Number | None, target: Number | None, words: str) -> None:
    """A verdict needs both sides (`words`: thresholds that differ by stage): undefined is never a pass, nor a miss."""
    if verdict in {"met", "missed"} and (value is None or (target is None and not words)):
        raise ValueError(f"{code}: verdict {verdict!r} without a value and a target")
    if verdict == "undefined" and value is not None and target is not None:
        raise ValueError(f"{code}: value and target are known, so the verdict cannot be 'undefined'")
