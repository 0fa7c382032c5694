"""Forms of cells and runs."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.types import PeriodData
from xingtan.domains.indicators.wording import REASONS, local
from xingtan.engines import indicators as engine

NULLS = (engine.Reason.NOT_REPORTED, engine.Reason.UNKNOWN, engine.Reason.NOT_APPLICABLE, engine.Reason.SUPPRESSED)


class NumberField(forms.Field):
    """A number as people type it: full-width digits and thousands separators are understood."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 40})

    def to_python(self, value: Any) -> float | None:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise forms.ValidationError(_("This is not a number.")) from None
        if not math.isfinite(number):
            raise forms.ValidationError(_("This is not a number."))
        return number


class CellForm(forms.Form):
    """A new value of one cell, or why there is none, and why it is changed."""

    value = NumberField(label=gettext_lazy("Value"), required=False)
    reason = forms.TypedChoiceField(label=gettext_lazy("If there is no value"), coerce=int, required=False)
    note = forms.CharField(
        label=gettext_lazy("Why is it changed?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stays in the history beside the old value."),
    )  # fmt: skip

    def __init__(self, element: DataElement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "–"), *((int(null), REASONS[null]) for null in NULLS)]  # type: ignore[attr-defined]
        if choices := self._choices(element):
            self.fields["value"].widget = forms.Select(choices=[("", "–"), *choices])
        unit = local(element.unit)
        if unit:
            self.fields["value"].label = _("Value (%(unit)s)") % {"unit": unit}

    @staticmethod
    def _choices(element: DataElement) -> list[tuple[str, str]]:
        if element.kind == engine.ElementKind.BOOLEAN:
            return [("1", _("yes")), ("0", _("no"))]
        return [(code, local(text)) for code, text in element.codes.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("value") is None) == (not data.get("reason")):
            raise forms.ValidationError(_("Give a value, or say why there is none."))
        return data


class ComputeForm(forms.Form):
    """Which period to compute."""

    period = forms.TypedChoiceField(label=gettext_lazy("Period"), coerce=int)

    def __init__(self, periods: tuple[PeriodData, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(period.id, local(period.name)) for period in periods]  # type: ignore[attr-defined]
