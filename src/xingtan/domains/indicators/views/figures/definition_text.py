"""A definition as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from xingtan.domains.indicators.formulas import formula_words
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.definitions import source_texts
from xingtan.domains.indicators.wording import (
    COLLECTED,
    HOW_OFTEN,
    coverage_sentence,
    kind_sentence,
    kind_text,
    local,
    number,
    rounding_sentence,
    slice_text,
    target_text,
)
from xingtan.engines import indicators as engine


@dataclass(frozen=True)
class FormulaLine:
    """One expression: what it is, in words, and as it is written."""

    label: str
    words: str
    expression: str


@dataclass(frozen=True)
class ThresholdLine:
    """One threshold: for whom, the number with its sign, what it is, when it is in force."""

    who: str
    target: str
    role: str
    span: str
    source: str


@dataclass(frozen=True)
class DefinitionText:
    """Everything a definition says, ready to be read."""

    kind: str
    sentence: str
    lines: tuple[FormulaLine, ...]
    factor: str
    rounding: str
    coverage: str
    thresholds: tuple[ThresholdLine, ...]
    document: str
    article: str
    sources: tuple[str, ...]
    collected: str
    needs: str
    note: str
    description: str
    span: str
    hash: str


def definition_text(
    definition: engine.Definition, expressions: Mapping[str, str], elements: Iterable[DataElement],
    version: IndicatorVersion,
) -> DefinitionText:  # fmt: skip
    """The text of a definition; `expressions` are its canonical expressions, `elements` what they read."""
    names = {element.code: local(element.name) for element in elements}
    comma = pgettext("between the items of a list", ", ")
    how = [str(COLLECTED[letter]) for letter in definition.collect if letter in COLLECTED]
    often = [str(HOW_OFTEN[definition.period])] if definition.period in HOW_OFTEN else []
    return DefinitionText(
        kind=kind_text(definition), sentence=kind_sentence(definition),
        lines=tuple(
            FormulaLine(_field(field), formula_words(text, names), text)
            for field, text in expressions.items()
            if not field.startswith("thresholds.")
        ),
        factor=number(definition.multiplier) if definition.kind and definition.multiplier != 1 else "",
        rounding=rounding_sentence(definition), coverage=coverage_sentence(definition),
        thresholds=tuple(_threshold(definition, one, names) for one in definition.thresholds),
        document=definition.document, article=definition.article,
        sources=source_texts(definition),
        collected=comma.join(how + often), needs=local(definition.needs), note=local(definition.note),
        description=local(definition.description), span=span_text(definition.valid_from, definition.valid_to),
        hash=version.content_hash,
    )  # fmt: skip


def _field(field: str) -> str:
    known = {
        "numerator": _("Numerator"), "denominator": _("Denominator"), "value": _("Value of a school"),
        "passes": _("A school passes if"), "scope": _("Schools that count"),
    }  # fmt: skip
    return known.get(field) or _("Item %(number)d") % {"number": int(field.rpartition(".")[2]) + 1}


def _threshold(definition: engine.Definition, one: engine.Threshold, names: Mapping[str, str]) -> ThresholdLine:
    level = {"any": "", "unit": _("each school"), "group": _("county and city")}[one.level]
    who = [slice_text(f"stage:{one.stage}") if one.stage else "", level]
    if one.when:
        who.append(_("if %(condition)s") % {"condition": formula_words(one.when, names)})
    role = {
        engine.Role.THRESHOLD: _("Threshold"), engine.Role.TARGET: _("Target"), engine.Role.BASELINE: _("Baseline"),
        engine.Role.REFERENCE: _("Reference"),
    }[one.role]  # fmt: skip
    judged = target_text(definition, one.value)
    return ThresholdLine(
        who=" · ".join(part for part in who if part) or _("All schools"),
        target=judged if one.judged else f"{number(one.value)} {local(definition.unit)}".strip(),
        role=local(one.label) or role, span=span_text(one.valid_from, one.valid_to),
        source=f"[{one.source}]" if one.source else "",
    )  # fmt: skip


def span_text(start: date | None, end: date | None) -> str:
    """From when to when something is in force, both days included."""
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start.isoformat(), "end": end.isoformat()}
    if start:
        return _("from %(start)s") % {"start": start.isoformat()}
    if end:
        return _("until %(end)s") % {"end": end.isoformat()}
    return _("without limit")
