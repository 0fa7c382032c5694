"""Words of the engine's terms, in the active language, as the report prints them."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xingtan.domains.governance.annual_report.report_model import Direction, Measure, Status, Verdict
from xingtan.engines import indicators as engine


def local(text: engine.Text) -> str:
    """The text in the active language, or the other one where that is all there is."""
    first, second = (text.en, text.zh) if (get_language() or "").startswith("en") else (text.zh, text.en)
    return first or second


def section(key: str) -> str:
    """The title of a chapter."""
    return {
        "INF": _("Infrastructure"), "RES": _("Resources"), "APP": _("Use and integration"),
        "LIT": _("Literacy and people"), "GOV": _("Governance and equity"), "SUP": _("Funding and support"),
    }[key]  # fmt: skip


def measure(definition: engine.Definition | None) -> Measure:
    """How a change of this figure is told."""
    if definition is None:
        return "count"
    if "%" in (definition.unit.zh, definition.unit.en):
        return "percent"
    return "count" if definition.kind in {engine.Kind.SUM, engine.Kind.COUNT_MET, engine.Kind.GRADE_COUNT} else "ratio"


def status(definition: engine.Definition) -> Status:
    """How sure the definition is."""
    return "A" if definition.status == "A" else "B" if definition.status == "B" else "C"


def direction(definition: engine.Definition) -> Direction:
    """Which side is good."""
    known: dict[engine.Direction, Direction] = {
        engine.Direction.UP: "higher", engine.Direction.DOWN: "lower", engine.Direction.EQUAL: "equal",
    }  # fmt: skip
    return known.get(definition.direction, "neutral")


def verdict(code: int) -> Verdict:
    """The engine's verdict in the words of the report."""
    known: dict[int, Verdict] = {
        engine.Verdict.PASS: "met", engine.Verdict.FAIL: "missed", engine.Verdict.UNDEFINED: "undefined",
    }  # fmt: skip
    return known.get(code, "none")


def reason(code: int) -> str:
    """Why there is no value."""
    return {
        engine.Reason.NOT_APPLICABLE: _("not applicable"), engine.Reason.UNKNOWN: _("unknown"),
        engine.Reason.NOT_REPORTED: _("not reported"), engine.Reason.SUPPRESSED: _("suppressed"),
        engine.Reason.UNDEFINED: _("undefined"),
    }.get(engine.Reason(code), _("unknown"))  # fmt: skip


def slice_name(part: str) -> str:
    """The words of a slice such as "stage:primary"."""
    return {
        "all": _("All"), "stage:primary": _("Primary"), "stage:junior": _("Junior high"),
        "stage:senior": _("Senior high"), "area:urban": _("Urban"), "area:town": _("Town"), "area:rural": _("Rural"),
    }.get(part, part)  # fmt: skip


def targets(definition: engine.Definition) -> str:
    """The judged thresholds in one line, e.g. "小学 ≥2.3, 初中 ≥2.4"."""
    sign = {engine.Direction.UP: "≥", engine.Direction.DOWN: "≤", engine.Direction.EQUAL: "="}.get(
        definition.direction, ""
    )
    parts = []
    for threshold in definition.thresholds:
        if not threshold.judged or threshold.level == "unit":
            continue
        stage = slice_name(f"stage:{threshold.stage}") + " " if threshold.stage else ""
        parts.append(f"{stage}{sign}{threshold.value:g}")
    return ", ".join(dict.fromkeys(parts))


def kind(definition: engine.Definition) -> str:
    """How units become a figure of their county or city."""
    if definition.kind is None:
        return ""
    return {
        engine.Kind.SUM: _("sum"), engine.Kind.RATIO: _("ratio of sums"),
        engine.Kind.WEIGHTED_CV: _("coefficient of variation, weighted by pupils"),
        engine.Kind.COMPOSITE_CV: _("mean of coefficients of variation"),
        engine.Kind.SHARE: _("share of schools that meet the condition"),
        engine.Kind.K_OF_N: _("share of schools that meet enough of several indicators"),
        engine.Kind.COUNT_MET: _("number of indicators met"), engine.Kind.GRADE_COUNT: _("count of grades"),
        engine.Kind.PERCENTILE: _("percentile"), engine.Kind.MEDIAN: _("median"),
    }[definition.kind]  # fmt: skip


def formula(definition: engine.Definition) -> str:
    """The expressions of a definition as they are written."""
    if definition.numerator and definition.denominator:
        factor = f" × {definition.factor:g}" if definition.factor not in (None, 1) else ""
        return f"({definition.numerator}) ÷ ({definition.denominator}){factor}"
    return definition.value or definition.passes or ", ".join(definition.of) or "; ".join(definition.items)
