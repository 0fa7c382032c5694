from __future__ import annotations

import io
import re
from dataclasses import replace

import docx
import pypdf
import pytest

from xingtan.domains.governance.annual_report.context import build_context
from xingtan.domains.governance.annual_report.render import render_annual_report, template_fields
from xingtan.domains.governance.annual_report.report_model import (
    AnnualReport,
    Chapter,
    CountyComparison,
    CountyValue,
    DirectorParagraph,
    Figure,
    Indicator,
    Trend,
)
from xingtan.domains.governance.annual_report.sample import sample_report
from xingtan.domains.governance.annual_report.template import annual_report_template
from xingtan.domains.governance.annual_report.wording import director_paragraph
from xingtan.platform.documents.api import TemplateBuilder, UnknownFieldError

BLANKS = (
    "internet_access_rate", "uplink_100m_rate", "multimedia_room_share", "multimedia_room_share_previous",
    "teacher_space_share", "student_space_share", "choice_timetabling_rate", "trainings_held",
    "live_trained_teachers",
)  # fmt: skip


def percent(value: float | None, missing: str = "") -> Figure:
    return Figure(value, "%", 1, "percent", "X01", missing)


def indicator(code: str, now: Figure, before: Figure, **extra: object) -> Indicator:
    return Indicator(code, f"指标{code}", now, before, "A", **extra)  # type: ignore[arg-type]


def report_with(chapter: Chapter) -> AnnualReport:
    return replace(sample_report(), chapters=(chapter,))


def only_chapter(chapter: Chapter) -> dict[str, object]:
    return build_context(report_with(chapter))["chapters"][0]  # type: ignore[no-any-return]


def extracted(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s+", "", "".join(p.extract_text() for p in pages))


@pytest.fixture(scope="module")
def rendered() -> tuple[AnnualReport, object]:
    report = sample_report()
    return report, render_annual_report(report)


def director(**changes: Figure) -> DirectorParagraph:
    return replace(
        sample_report().director,
        **{"uplink_100m_rate": percent(100.0), "live_trained_teachers": Figure(32_480, "", 0, "count", "L"), **changes},
    )


def test_the_directors_paragraph_with_every_blank_filled() -> None:
    assert director_paragraph(director(), "zh-hans") == (
        "全市中小学互联网接入率已达98.1%，出口带宽均达百兆以上（达标率100.0%），多媒体教室占比例增加到93.4%，"
        "教师空间占比达95.2%，学生空间占比达88.0%；新高考走班排课使用率达76.5%；"
        "仅2025年，举办教育信息化培训128次，参加直播培训教师达3.2万人次。"
    )


@pytest.mark.parametrize("blank", BLANKS)
def test_an_empty_blank_gives_its_reason_and_no_number(blank: str) -> None:
    paragraph = director_paragraph(director(**{blank: percent(None, "未填报")}), "zh-hans")
    if blank == "multimedia_room_share_previous":
        assert "多媒体教室占比例为93.4%" in paragraph
    else:
        assert "无数据（未填报）" in paragraph
        assert not re.search(r"达无数据|已达无|均达[^（]*无数据|到无数据", paragraph)
    english = director_paragraph(director(**{blank: percent(None, "not reported")}), "en")
    assert ("no data (not reported)" in english) == (blank != "multimedia_room_share_previous")


def test_verbs_follow_the_data() -> None:
    nearly = director_paragraph(director(uplink_100m_rate=percent(99.96)), "zh-hans")
    assert "出口带宽达百兆以上（达标率100.0%）" in nearly  # prints as 100.0 but is not "all"
    fell = director_paragraph(director(multimedia_room_share=percent(90.0)), "zh-hans")
    assert "多媒体教室占比例下降到90.0%" in fell
    same = director_paragraph(director(multimedia_room_share=percent(90.6)), "zh-hans")
    assert "多媒体教室占比例保持在90.6%" in same
    few = director_paragraph(director(live_trained_teachers=Figure(8_500, "", 0, "count", "L")), "zh-hans")
    assert "参加直播培训教师达8500人次" in few


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Figure(None, "%"), "no reason"),
        (lambda: indicator("A", percent(None, "x"), percent(1), target=5, verdict="met"), "without a value"),
        (lambda: indicator("A", percent(1), percent(1), verdict="missed"), "without a value and a target"),
        (lambda: indicator("A", percent(1), percent(1), target=5, verdict="undefined"), "cannot be 'undefined'"),
        (lambda: Chapter("k", "t", (), (CountyComparison("A", (), percent(1)),)), "not among its indicators"),
        (
            lambda: Chapter("k", "t", (indicator("A", percent(1), percent(1)),), trends=(Trend("A", ("1",), ()),)),
            "unequal",
        ),
    ],
)
def test_a_contradictory_report_is_refused(build: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()  # type: ignore[operator]


def test_summary_counts_every_verdict_and_undefined_is_not_a_pass() -> None:
    chapter = Chapter(
        "k", "基础设施",
        (
            indicator("A", percent(96), percent(90), target=95, verdict="met"),
            indicator("B", percent(94.96), percent(94.92), target=95, verdict="missed"),
            indicator("C", percent(None, "未填报"), percent(90), target=95, verdict="undefined"),
            indicator("D", percent(50), percent(None, "新增指标")),
        ),
    )  # fmt: skip
    shown = only_chapter(chapter)
    paragraphs = shown["paragraphs"]
    assert paragraphs[0] == "本章共监测4项指标，其中达标1项，未达标1项，因无数据无法判定1项，未设目标1项。"  # type: ignore[index]
    assert "指标B为95.0%，较上年提高不足 0.1 个百分点，距目标（95.0%）还差不足 0.1 个百分点。" in paragraphs[1]  # type: ignore[index]
    assert "上年无数据（新增指标），无法比较" in paragraphs[1]  # type: ignore[index]
    assert paragraphs[2] == "以下指标无数据：指标C（未填报）。"  # type: ignore[index]
    rows = shown["rows"]
    assert [r["verdict"] for r in rows] == ["达标", "未达标", "无法判定", "—"]  # type: ignore[attr-defined]
    assert [r["change"] for r in rows] == ["+6.0个百分点", "升，不足0.1", "无法比较", "无法比较"]  # type: ignore[attr-defined]


def test_counties_are_ordered_and_judged_before_rounding() -> None:
    counties = (
        CountyValue("甲县", 94.96, 94.0), CountyValue("乙县", None, 80.0, "未填报"), CountyValue("丙县", 95.0, 95.0),
        CountyValue("丁县", 60.0, 70.0),
    )  # fmt: skip
    main = indicator("A", percent(90), percent(88), target=95, verdict="missed")
    chapter = Chapter("k", "基础设施", (main,), (CountyComparison("A", counties, percent(90)),))
    shown = only_chapter(chapter)["comparisons"][0]  # type: ignore[index]
    assert [(r["name"], r["verdict"]) for r in shown["rows"]] == [
        ("丙县", "达标"), ("甲县", "未达标"), ("丁县", "未达标"), ("乙县", "无法判定"), ("全市", "未达标"),
    ]  # fmt: skip
    assert shown["sentence"] == (
        "从指标A看，最高的是丙县（95.0%），最低的是丁县（60.0%）；另有 1 个县（市、区）无数据（乙县：未填报）；"
        "最高与最低相差 35.0 个百分点。"
    )
    assert shown["rows"][3]["value"] == "无数据（未填报）"


def test_lower_is_better_puts_the_smallest_first() -> None:
    counties = (CountyValue("丙县", None, missing="未填报"), CountyValue("甲县", 5.0), CountyValue("乙县", 2.0))
    main = indicator("A", percent(3), percent(4), direction="lower", target=4, verdict="met")
    chapter = Chapter("k", "治理", (main,), (CountyComparison("A", counties, percent(3)),))
    rows = only_chapter(chapter)["comparisons"][0]["rows"]  # type: ignore[index]
    assert [(r["name"], r["verdict"]) for r in rows][:3] == [("乙县", "达标"), ("甲县", "未达标"), ("丙县", "无法判定")]


def test_word_and_pdf_hold_the_same_figures_with_their_stamps(rendered: tuple[AnnualReport, object]) -> None:
    report, result = rendered
    pdf = extracted(result.pdf.data)  # type: ignore[attr-defined]
    document = docx.Document(io.BytesIO(result.docx.data))  # type: ignore[attr-defined]
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    word = re.sub(r"\s+", "", "".join(p.text for p in document.paragraphs) + "".join(cells))
    for chapter in report.chapters:
        assert chapter.title in pdf
        for item in chapter.indicators:
            assert f"[R12-{item.code}]" in word
            assert f"[R12-{item.code}]" in pdf
            assert item.name.replace(" ", "") in pdf
    assert director_paragraph(report.director, "zh-hans") in word
    assert director_paragraph(report.director, "zh-hans") in pdf
    for words in ("附录A", "附录B", "附录C", "应报312所学校", "3fa9c1d07be245118d66a0b2", "征求意见稿", "示例数据"):
        assert words in word
        assert words in pdf


def test_every_page_carries_the_run(rendered: tuple[AnnualReport, object]) -> None:
    _, result = rendered
    pages = pypdf.PdfReader(io.BytesIO(result.pdf.data)).pages  # type: ignore[attr-defined]
    assert len(pages) == result.pdf.pages  # type: ignore[attr-defined]
    for page in pages:
        assert "R12" in page.extract_text()
        assert "3fa9c1d07be2" in page.extract_text()


def test_first_page_after_the_cover_is_the_directors(rendered: tuple[AnnualReport, object]) -> None:
    _, result = rendered
    pages = pypdf.PdfReader(io.BytesIO(result.pdf.data)).pages  # type: ignore[attr-defined]
    assert "全市中小学互联网接入率" in pages[1].extract_text().replace(" ", "")
    contents = re.sub(r"[\s.]+", "", pages[2].extract_text())
    assert "第一章基础设施" in contents


def test_nothing_of_the_shipped_template_is_lost_in_print(rendered: tuple[AnnualReport, object]) -> None:
    _, result = rendered
    assert {n.code for n in result.pdf.notices} == {"pdf.font"}  # type: ignore[attr-defined]


def test_english_report_has_no_chinese_phrases() -> None:
    result = render_annual_report(sample_report("en"))
    text = extracted(result.pdf.data)
    assert not re.findall(r"[\u4e00-\u9fff]", text)
    assert "Comparisonofcounties" in text


def test_an_uploaded_template_may_use_each_blank_and_is_checked() -> None:
    builder = TemplateBuilder()
    builder.paragraph("接入率 {{ director.blanks.internet_access_rate }}，{{ chapters[0].rows[0].stamp }}")
    result = render_annual_report(sample_report(), builder.data())
    assert "接入率98.1%，[R12-INF03]" in extracted(result.pdf.data)
    builder.paragraph("{{ director.blanks.nonsense }}")
    with pytest.raises(UnknownFieldError, match=r"director\.blanks\.nonsense"):
        render_annual_report(sample_report(), builder.data())


def test_the_shipped_template_names_only_fields_the_report_has() -> None:
    context = build_context(replace(sample_report(), extra_paragraphs=("补充。",)))
    for field in template_fields(annual_report_template("zh-hans")):
        values = [context]
        for step in field.path.split("."):
            values = [v[step.removesuffix("[]")] for v in values]
            if step.endswith("[]"):
                values = [item for v in values for item in v]
        assert values, field.path


def test_a_report_without_comparisons_trends_or_findings_still_prints() -> None:
    report = sample_report()
    bare = tuple(replace(c, comparisons=(), equity=(), trends=()) for c in report.chapters)
    result = render_annual_report(replace(report, chapters=bare, quality=(), definitions=(), draft=False, subtitle=""))
    text = extracted(result.pdf.data)
    assert "本期未登记数据质量问题" in text
    assert "县域比较" not in text
    assert "征求意见稿" not in text
