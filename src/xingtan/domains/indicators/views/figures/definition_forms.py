"""The form of the definition editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xingtan.domains.indicators.definition_messages import FIELDS, definition_message
from xingtan.domains.indicators.expression_messages import expression_message
from xingtan.domains.indicators.views.figures.forms import NumberField
from xingtan.domains.indicators.wording import KINDS, SECTIONS, SLICES
from xingtan.engines import indicators as engine
from xingtan.platform.ui.forms import DateInput

EXPRESSIONS = ("numerator", "denominator", "value", "passes", "scope")
CONDITIONS = ("passes", "scope")
TEXTS = ("name", "unit", "needs", "note", "description")
PLAIN = (
    "code", "section", "status", "kind", "direction", *EXPRESSIONS, "k", "floor", "q", "factor", "decimals",
    "min_coverage", "slices", "document", "article", "valid_from", "valid_to",
)  # fmt: skip
DIRECTIONS = {
    "up": gettext_lazy("at least the threshold"), "down": gettext_lazy("at most the threshold"),
    "equal": gettext_lazy("exactly the threshold"), "none": gettext_lazy("is not judged"),
}  # fmt: skip
STAGES = [("", gettext_lazy("every stage")), *((stage, SLICES[f"stage:{stage}"]) for stage in engine.STAGES)]
LEVELS = [
    ("any", gettext_lazy("schools, counties and city")), ("unit", gettext_lazy("each school")),
    ("group", gettext_lazy("county and city")),
]  # fmt: skip
ROLES = [
    ("threshold", gettext_lazy("Threshold")), ("target", gettext_lazy("Target")), ("baseline", gettext_lazy("Baseline")),
    ("reference", gettext_lazy("Reference")),
]  # fmt: skip

USED_BY = {
    "numerator": ("ratio", "weighted_cv"), "denominator": ("ratio", "weighted_cv"),
    "value": ("sum", "share", "percentile", "median"), "passes": ("share",),
    "of": ("weighted_cv", "composite_cv", "k_of_n", "count_met"), "k": ("k_of_n",), "floor": ("k_of_n",),
    "q": ("percentile",), "items": ("grade_count",), "grades": ("grade_count",), "needs_zh": ("",), "needs_en": ("",),
}  # fmt: skip
"""Field → the kinds that read it ("" is: cannot be computed yet); the page hides the others while they are empty."""


def _expression(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=4000, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocapitalize": "off", "data-xt-expression": ""}),
    )  # fmt: skip


class DefinitionForm(forms.Form):
    """One version of an indicator. What the form does not show is taken over from the version it starts from."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20,
        help_text=gettext_lazy("Capital letters and two digits, such as INF01. An existing code gets a new version."),
    )  # fmt: skip
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    section = forms.ChoiceField(label=gettext_lazy("Section"), choices=list(SECTIONS.items()))
    unit_zh = forms.CharField(label=gettext_lazy("Unit in Chinese"), max_length=20, required=False)
    unit_en = forms.CharField(label=gettext_lazy("Unit in English"), max_length=20, required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("of a definition", "Status"), initial="C",
        choices=[
            ("A", gettext_lazy("A: definition and threshold stand in a named source")),
            ("B", gettext_lazy("B: term or number stands in a source, the formula is our reading")),
            ("C", gettext_lazy("C: to be confirmed by the bureau")),
        ],
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("How schools become a figure"), required=False,
        choices=[("", gettext_lazy("cannot be computed yet")), *((kind.value, label) for kind, label in KINDS.items())],
    )  # fmt: skip
    needs_zh = forms.CharField(label=gettext_lazy("Which data are wanting, in Chinese"), max_length=200, required=False)
    needs_en = forms.CharField(label=gettext_lazy("Which data are wanting, in English"), max_length=200, required=False)
    numerator = _expression(gettext_lazy("Numerator"))
    denominator = _expression(gettext_lazy("Denominator"))
    value = _expression(
        gettext_lazy("Value of a school"), gettext_lazy("For sums, percentiles, and shares with a threshold.")
    )
    passes = _expression(gettext_lazy("A school passes if"), gettext_lazy("A condition, for shares of schools."))
    scope = _expression(
        gettext_lazy("Schools that count"), gettext_lazy("A condition; empty: all schools that are asked.")
    )
    of = forms.CharField(
        label=gettext_lazy("Rests on the indicators"), required=False, max_length=200,
        help_text=gettext_lazy("Codes with spaces between, for differences between schools and counts."),
    )  # fmt: skip
    items = forms.CharField(
        label=gettext_lazy("Items"), required=False, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("For a count of grades: one expression per line, 2 best grade, 1 second, 0 none."),
    )  # fmt: skip
    grades = forms.CharField(
        label=gettext_lazy("Grades"), required=False, max_length=100,
        help_text=gettext_lazy("For a count of grades: best + second, such as 29+7; several with spaces between."),
    )  # fmt: skip
    k = forms.IntegerField(label=gettext_lazy("At least so many must pass (k)"), required=False, min_value=0)
    floor = NumberField(label=gettext_lazy("Floor of the others, 0 to 1"), required=False)
    q = NumberField(label=gettext_lazy("Percentile, 0 to 1"), required=False)
    factor = NumberField(
        label=gettext_lazy("Multiplied by"), required=False, help_text=gettext_lazy("100 for percentages.")
    )
    slices = forms.MultipleChoiceField(
        label=gettext_lazy("Also by"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("stage", gettext_lazy("School stage")), ("area", gettext_lazy("Urban or rural"))],
    )  # fmt: skip
    decimals = forms.IntegerField(
        label=gettext_lazy("Decimals shown"), required=False, min_value=0, max_value=12,
        help_text=gettext_lazy("Empty: CV 3, percentages 1, means 2, counts 0."),
    )  # fmt: skip
    min_coverage = NumberField(
        label=gettext_lazy("Share of schools needed, 0 to 1"), required=False,
        help_text=gettext_lazy("With fewer schools there is no figure. Empty: missing schools are left out and counted."),
    )  # fmt: skip
    direction = forms.ChoiceField(label=gettext_lazy("Passes with"), choices=list(DIRECTIONS.items()))
    valid_from = forms.DateField(
        label=gettext_lazy("In force from"), required=False, widget=DateInput,
        help_text=gettext_lazy("Periods that end before keep the version they have."),
    )  # fmt: skip
    valid_to = forms.DateField(label=gettext_lazy("In force until"), required=False, widget=DateInput)
    document = forms.CharField(label=gettext_lazy("Document"), max_length=200, required=False)
    article = forms.CharField(label=gettext_lazy("Article"), max_length=100, required=False)
    note_zh = forms.CharField(label=gettext_lazy("Note in Chinese"), max_length=400, required=False)
    note_en = forms.CharField(label=gettext_lazy("Note in English"), max_length=400, required=False)
    description_zh = forms.CharField(widget=forms.HiddenInput, required=False)
    description_en = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, base: engine.Definition | None = None, **kwargs: Any) -> None:
        self.base = base
        super().__init__(data, initial=initial_of(base) if base else {"kind": engine.Kind.RATIO.value}, **kwargs)
        for field, kinds in USED_BY.items():
            self.fields[field].widget.attrs["data-xt-kinds"] = " ".join(kinds)

    def content(self) -> dict[str, Any]:
        """The definition as plain data, empty fields left out; thresholds are not in it."""
        given = self.cleaned_data
        data = self.base.to_dict() if self.base else {}
        for field in TEXTS:
            texts = {language: given.get(f"{field}_{language}", "").strip() for language in ("zh", "en")}
            _set(data, field, {language: text for language, text in texts.items() if text})
        for field in PLAIN:
            value = given.get(field)
            _set(data, field, value.strip() if isinstance(value, str) else value)
        _set(data, "of", given["of"].replace("，", " ").replace(",", " ").split())
        _set(data, "items", [line.strip() for line in given["items"].splitlines() if line.strip()])
        _set(data, "grades", self._grades(given["grades"]))
        return data

    def _grades(self, text: str) -> list[dict[str, int]]:
        rules = []
        for word in text.split():
            full, plus, partial = word.partition("+")
            if not (full.isdecimal() and (partial.isdecimal() or not plus)):
                raise forms.ValidationError({"grades": _("Write best + second, such as 29+7.")})
            rules.append({"full": int(full), "partial": int(partial or 0)})
        return rules

    def add_engine_error(self, error: engine.DefinitionError) -> None:
        """Show an error of the engine at the field it is about."""
        field = FIELDS.get(error.field, error.field)
        text = definition_message(error)
        self.add_error(field if field in self.fields else None, text)

    def add_expression_error(self, error: engine.ExpressionError) -> None:
        """Show an error of an expression at its field, which the engine names in a note."""
        notes = " ".join(getattr(error, "__notes__", ()))
        field = notes.rpartition("field ")[2].partition(".")[0]
        self.add_error(field if field in self.fields else None, expression_message(error))


def _set(data: dict[str, Any], field: str, value: Any) -> None:
    if value in ("", None, [], {}):
        data.pop(field, None)
    else:
        data[field] = value


def initial_of(definition: engine.Definition) -> dict[str, Any]:
    """What the form shows of a definition."""
    shown: dict[str, Any] = {
        field: getattr(definition, field) for field in PLAIN if field not in ("kind", "direction", "slices")
    }
    for field in TEXTS:
        text: engine.Text = getattr(definition, field)
        shown |= {f"{field}_zh": text.zh, f"{field}_en": text.en}
    for field in ("factor", "floor", "q", "min_coverage"):
        value = getattr(definition, field)
        shown[field] = "" if value in (None, 0) else f"{value:g}"
    return shown | {
        "kind": definition.kind.value if definition.kind else "", "direction": definition.direction.value,
        "slices": list(definition.slices), "of": " ".join(definition.of), "items": "\n".join(definition.items),
        "grades": " ".join(f"{rule.full}+{rule.partial}" for rule in definition.grades), "k": definition.k or "",
    }  # fmt: skip


class ThresholdForm(forms.Form):
    """One threshold."""

    value = NumberField(label=gettext_lazy("Number"))
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=STAGES, required=False)
    # With these as initial, a row that nobody touched counts as empty.
    level = forms.ChoiceField(label=gettext_lazy("Judges"), choices=LEVELS, initial="any")
    role = forms.ChoiceField(label=gettext_lazy("Is a"), choices=ROLES, initial="threshold")
    when = forms.CharField(label=gettext_lazy("Only if"), required=False, max_length=500)
    valid_from = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput)
    valid_to = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput)
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=200)
    strict = forms.BooleanField(required=False, widget=forms.HiddenInput)
    label_zh = forms.CharField(required=False, widget=forms.HiddenInput)
    label_en = forms.CharField(required=False, widget=forms.HiddenInput)


class BaseThresholds(forms.BaseFormSet[ThresholdForm]):
    def content(self) -> list[dict[str, Any]]:
        """The thresholds as plain data, without those marked for removal."""
        rows = []
        for form in self.forms:
            given = form.cleaned_data
            if not given or given.get("DELETE"):
                continue
            row: dict[str, Any] = {}
            for field in ("value", "stage", "level", "role", "when", "valid_from", "valid_to", "source", "strict"):
                _set(row, field, given.get(field))
            row["value"] = given["value"]
            _set(row, "label", {k: given[f"label_{k}"] for k in ("zh", "en") if given.get(f"label_{k}")})
            rows.append({field: value for field, value in row.items() if value is not False})
        return rows


ThresholdFormSet = cast(
    "type[BaseThresholds]",
    forms.formset_factory(ThresholdForm, formset=BaseThresholds, extra=2, can_delete=True, max_num=20),
)


def thresholds_of(definition: engine.Definition | None) -> list[Mapping[str, Any]]:
    """What the rows of thresholds show."""
    if definition is None:
        return []
    return [
        {
            "value": f"{one.value:g}", "stage": one.stage, "level": one.level, "role": one.role.value, "when": one.when,
            "valid_from": one.valid_from, "valid_to": one.valid_to, "source": one.source, "strict": one.strict,
            "label_zh": one.label.zh, "label_en": one.label.en,
        }
        for one in definition.thresholds
    ]  # fmt: skip


def read_definition(form: DefinitionForm, thresholds: BaseThresholds) -> engine.Definition | None:
    """The definition that the forms describe; None when something is wrong, which the form then says."""
    valid = form.is_valid()
    if not (thresholds.is_valid() and valid):
        return None
    try:
        return engine.definition_from_dict({**form.content(), "thresholds": thresholds.content()})
    except engine.DefinitionError as error:
        form.add_engine_error(error)
    except forms.ValidationError as error:
        form.add_error(None, error)
    return None
