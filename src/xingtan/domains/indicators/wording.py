"""The engine's terms in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from xingtan.domains.indicators.models import DataElement
from xingtan.engines import indicators as engine
from xingtan.platform.ui.numbers import shown

REASONS: dict[int, Promise] = {
    engine.Reason.NOT_APPLICABLE: gettext_lazy("Not applicable"),
    engine.Reason.UNKNOWN: gettext_lazy("Unknown"),
    engine.Reason.NOT_REPORTED: gettext_lazy("Not reported"),
    engine.Reason.SUPPRESSED: gettext_lazy("Suppressed"),
    engine.Reason.UNDEFINED: gettext_lazy("Undefined"),
}
SLICES: dict[str, Promise] = {
    "all": gettext_lazy("All schools"),
    "stage:primary": pgettext_lazy("stage", "Primary"),
    "stage:junior": pgettext_lazy("stage", "Junior"),
    "stage:senior": pgettext_lazy("stage", "Senior"),
    "area:urban": gettext_lazy("Urban"),
    "area:town": gettext_lazy("Town"),
    "area:rural": gettext_lazy("Rural"),
}
SECTIONS: dict[str, Promise] = {
    "INF": gettext_lazy("Infrastructure"),
    "RES": gettext_lazy("Resources"),
    "APP": gettext_lazy("Use and integration"),
    "LIT": gettext_lazy("Literacy and people"),
    "GOV": gettext_lazy("Governance and equity"),
    "SUP": gettext_lazy("Funding and support"),
    "DIR": gettext_lazy("Directions of the bureau"),
}
GROUPS: dict[str, Promise] = {
    "school": gettext_lazy("School"),
    "pupils": gettext_lazy("Pupils and classes"),
    "teachers": gettext_lazy("Teachers"),
    "training": gettext_lazy("Training"),
    "rooms": gettext_lazy("Rooms and grounds"),
    "equipment": gettext_lazy("Equipment"),
    "network": gettext_lazy("Network"),
    "use": gettext_lazy("Use"),
    "funds": gettext_lazy("Funds"),
    "imported": gettext_lazy("From imported tables"),
}
COLLECTED: dict[str, Promise] = {
    "D": gettext_lazy("declared by schools"),
    "P": gettext_lazy("counted by the platform"),
    "N": gettext_lazy("measured on the network"),
    "X": gettext_lazy("derived from other figures"),
    "E": gettext_lazy("judged on evidence"),
    "I": gettext_lazy("imported"),
}
HOW_OFTEN: dict[str, Promise] = {
    "Y": gettext_lazy("every year"),
    "T": gettext_lazy("every term"),
    "M": gettext_lazy("every month"),
    "D": gettext_lazy("every day"),
    "F": gettext_lazy("with every form"),
}
KINDS: dict[engine.Kind, Promise] = {
    engine.Kind.SUM: gettext_lazy("Sum"),
    engine.Kind.RATIO: gettext_lazy("Ratio of sums"),
    engine.Kind.WEIGHTED_CV: gettext_lazy("Coefficient of variation between schools"),
    engine.Kind.COMPOSITE_CV: gettext_lazy("Composite coefficient of variation"),
    engine.Kind.SHARE: gettext_lazy("Share of schools"),
    engine.Kind.K_OF_N: gettext_lazy("Share of schools that pass k of n"),
    engine.Kind.COUNT_MET: gettext_lazy("Number of indicators passed"),
    engine.Kind.GRADE_COUNT: gettext_lazy("Count of grades"),
    engine.Kind.PERCENTILE: gettext_lazy("Percentile"),
    engine.Kind.MEDIAN: gettext_lazy("Median"),
}
ATTRIBUTES: dict[str, Promise] = {
    "stage": gettext_lazy("School stage"),
    "area_type": gettext_lazy("Urban or rural"),
    "status": gettext_lazy("Status of the school"),
    "kind": gettext_lazy("Kind of organisation"),
}
_VERDICTS = {engine.Verdict.PASS: "pass", engine.Verdict.FAIL: "fail", engine.Verdict.UNDEFINED: "undefined"}
_SIGNS = {engine.Direction.UP: "≥", engine.Direction.DOWN: "≤", engine.Direction.EQUAL: "="}


def local(text: Mapping[str, str] | engine.Text) -> str:
    """A text with "zh" and "en" in the active language, or the other one where that is all there is."""
    zh, en = (text.zh, text.en) if isinstance(text, engine.Text) else (text.get("zh", ""), text.get("en", ""))
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


def reason_text(reason: int) -> str:
    """Why there is no value; empty where there is one."""
    return str(REASONS[reason]) if reason else ""


def slice_text(name: str) -> str:
    """The words of a slice such as "stage:primary"."""
    return str(SLICES.get(name, name))


def section_text(section: str) -> str:
    """The title of a section of the catalogue; the bureau may have sections of its own."""
    return str(SECTIONS.get(section, section))


def group_text(group: str) -> str:
    """The heading of a group of data elements; an imported table may bring its own."""
    return str(GROUPS.get(group, group))


def verdict_word(verdict: int) -> str:
    """ "pass", "fail", "undefined", or empty where there is nothing to judge."""
    return _VERDICTS.get(engine.Verdict(verdict), "")


def kind_text(definition: engine.Definition) -> str:
    """The name of how schools become a figure; empty for a row that cannot be computed yet."""
    return str(KINDS[definition.kind]) if definition.kind else ""


def kind_sentence(definition: engine.Definition) -> str:
    """How schools become a figure of their county or city, for somebody who never saw a formula."""
    match definition.kind:
        case engine.Kind.SUM:
            return _("The values of all schools are added up.")
        case engine.Kind.RATIO:
            return _(
                "Numerators and denominators of all schools in scope are added up first, then divided. It is not the "
                "mean of the schools' own figures, so a large school counts for more."
            )
        case engine.Kind.WEIGHTED_CV:
            return _(
                "How unequal the schools are: the standard deviation of the schools' figures, weighted by pupils, "
                "divided by their weighted mean. 0 means all schools are equal; the larger, the wider the gap."
            )
        case engine.Kind.COMPOSITE_CV:
            return _("The plain mean of the coefficients of variation of the indicators named below.")
        case engine.Kind.SHARE:
            return _(
                "The number of schools that meet the condition, divided by the number of schools that could be judged."
            )
        case engine.Kind.K_OF_N:
            return _(
                "The share of schools that meet at least %(k)d of the %(n)d indicators named below and reach %(floor)s "
                "of the threshold in all others."
            ) % {"k": definition.k, "n": len(definition.of), "floor": f"{definition.floor:.0%}"}
        case engine.Kind.COUNT_MET:
            return _("How many of the indicators named below meet their threshold.")
        case engine.Kind.GRADE_COUNT:
            return _("In how many items a school reaches the best grade; it passes by the count of grades.")
        case engine.Kind.PERCENTILE:
            return _(
                "The schools' values in ascending order; the figure is the one that %(share)s of them do not exceed."
            ) % {"share": f"{definition.q:.0%}"}
        case engine.Kind.MEDIAN:
            return _("The schools' values in ascending order; the figure is the one in the middle.")
        case _:
            return _("This row cannot be computed yet.")


def rounding_sentence(definition: engine.Definition) -> str:
    """The rounding rule of a definition."""
    return _(
        "Shown with %(decimals)d decimals, halves rounded up. Compared with the threshold before it is rounded."
    ) % {"decimals": definition.decimals_shown()}


def coverage_sentence(definition: engine.Definition) -> str:
    """What happens when schools are missing."""
    if definition.min_coverage <= 0:
        return _("Schools that give no number are left out and counted as missing.")
    return _("There is no figure while fewer than %(share)s of the schools in scope give a number.") % {
        "share": f"{definition.min_coverage:.0%}"
    }


def number(value: float | None, decimals: int | None = None) -> str:
    """A number for reading: as many decimals as asked, else as few as it takes (at most 4); empty for None."""
    if value is None:
        return ""
    if decimals is None:
        text = shown(value, 4)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return shown(value, decimals)


def target_text(definition: engine.Definition, target: float | None) -> str:
    """A threshold with its sign and unit, such as "≥ 2.3 间"; empty where there is none."""
    if target is None:
        return ""
    unit = local(definition.unit)
    sign = _SIGNS.get(definition.direction, "")
    return f"{sign} {number(target)}{'' if unit in ('', '%') else ' '}{unit}".strip()


def stage_targets_text(definition: engine.Definition, level: str) -> str:
    """The thresholds of a level that differ by stage, such as "Primary ≥ 2.3 间, Junior ≥ 2.4 间"."""
    told = [
        f"{slice_text(f'stage:{one.stage}')} {target_text(definition, one.value)}"
        for one in definition.thresholds
        if one.judged and one.stage and not one.when and one.level in ("any", level)
    ]
    return pgettext("between the items of a list", ", ").join(dict.fromkeys(told))


def value_text(element: DataElement, value: float | None) -> str:
    """A value as a person says it: yes and no, the word for a code, or a number with its unit."""
    if value is None:
        return ""
    if element.kind == engine.ElementKind.BOOLEAN:
        return _("yes") if value else _("no")
    if element.kind == engine.ElementKind.CODE:
        known = element.codes.get(f"{value:g}")
        return local(known) if known else f"{value:g}"
    # A year is no quantity: 1981年, not 1,981 年.
    text = f"{value:g}" if element.unit.get("zh") == "年" else number(value)
    return f"{text} {local(element.unit)}".strip()
