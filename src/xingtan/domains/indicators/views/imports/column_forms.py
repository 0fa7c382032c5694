"""The form of one column: what it is, and what its use needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.domains.directory.types import AreaType, OrgStatus, Stage
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.services.mapping_edit import ON_SCREEN, Choice, Use
from xingtan.domains.indicators.services.proposal import from_catalogue
from xingtan.domains.indicators.views.imports import texts
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Box, Coordinates, Element, ElementKind

KIND_NAMES = {
    ElementKind.NUMBER: gettext_lazy("Number"), ElementKind.INTEGER: gettext_lazy("Whole number"),
    ElementKind.BOOLEAN: gettext_lazy("Yes or no"),
}  # fmt: skip
MEANINGS = {Use.STAGE: Stage.choices, Use.LOCALE: AreaType.choices, Use.STATUS: OrgStatus.choices}


@dataclass(frozen=True)
class ColumnContext:
    """What a column form must know: the column, what the mapping makes of it, and the other columns."""

    column: Mapping[str, Any]
    current: Element | None
    codes: Mapping[str, str]
    coordinates: Coordinates | None
    names: Mapping[str, str]
    """Letter → how a mapping names the column."""
    headers: Mapping[str, str]
    """Letter → letter and header, for people."""


class ColumnForm(forms.Form):
    """What a column is; a subclass asks for what its use needs."""

    use = forms.ChoiceField(label=gettext_lazy("This column is"), choices=[(use.value, use.label) for use in ON_SCREEN])

    def __init__(self, *args: Any, context: ColumnContext, use: Use, **kwargs: Any) -> None:
        self.context, self.chosen = context, use
        kwargs["initial"] = {"use": use.value, **self.initial_values(context), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def initial_values(self, context: ColumnContext) -> dict[str, Any]:
        return {}

    def choice(self) -> Choice:
        """What was chosen, for `column_assign`."""
        return Choice(self.chosen)


class ElementForm(ColumnForm):
    """A data element of the catalogue, or one of the table's own."""

    element = forms.RegexField(
        r"^[A-Za-z_][A-Za-z0-9_.\-]{0,59}$", label=gettext_lazy("Data element"),
        help_text=gettext_lazy("Type a part of the name and choose. A new code makes an element of your own."),
        widget=forms.TextInput({"list": "elements", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Choose from the list, or write a code of letters, digits and _ . - for a new one."),
            "required": gettext_lazy("Choose a data element."),
        },
    )  # fmt: skip
    label = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of value"), required=False,
        choices=[("", gettext_lazy("As in the catalogue")), *((kind.value, name) for kind, name in KIND_NAMES.items())],
    )  # fmt: skip
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=40)
    multiplier = forms.FloatField(
        label=gettext_lazy("Multiply by"), required=False,
        help_text=gettext_lazy("To convert units: 10000 turns 万元 into 元."),
    )  # fmt: skip
    blank = forms.ChoiceField(label=gettext_lazy("A blank means"))
    required_value = forms.BooleanField(label=gettext_lazy("A blank is an error"), required=False)
    sentinels = forms.CharField(
        label=gettext_lazy("Codes for missing answers"), required=False,
        help_text=gettext_lazy("Besides those of the whole table, e.g. 999, - = not applicable."),
    )  # fmt: skip
    codes = forms.CharField(
        label=gettext_lazy("List of codes"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Line by line, e.g. yes = 1; then no other value is allowed."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blank"].choices = texts.reason_choices()  # type: ignore[attr-defined]

    def initial_values(self, context: ColumnContext) -> dict[str, Any]:
        old, column = context.current, context.column
        if old is None:
            extra = {str(int(code)): engine.Reason.UNKNOWN for code in column["extra_codes"]}
            codes = {"0": 0.0, "1": 1.0, **extra} if extra else {}
            found = ", ".join(f"{suspect['value']:g}" for suspect in column["sentinels"])
            return {"blank": "not_reported", "sentinels": found, "codes": texts.write_codes(codes)}
        return {
            "element": old.code, "label": old.label, "kind": old.kind.value, "unit": old.unit,
            "multiplier": None if old.multiplier == 1 else old.multiplier, "blank": old.blank.name.lower(),
            "required_value": old.required, "sentinels": texts.write_sentinels(old.sentinels),
            "codes": texts.write_codes(old.codes),
        }  # fmt: skip

    def clean_sentinels(self) -> dict[str, engine.Reason]:
        try:
            return texts.read_sentinels(self.cleaned_data["sentinels"])
        except texts.ListError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_codes(self) -> dict[str, float | engine.Reason]:
        try:
            return texts.read_codes(self.cleaned_data["codes"])
        except texts.ListError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_multiplier(self) -> float:
        value = self.cleaned_data["multiplier"]
        if value == 0:
            raise forms.ValidationError(_("Multiplying by 0 leaves nothing."))
        return 1.0 if value is None else value

    def choice(self) -> Choice:
        data, old = self.cleaned_data, self.context.current
        code = data["element"]
        same = old is not None and old.code == code
        base = old if same and old else Element(code, "", label=self.context.column["header"][:200])
        row = DataElement.objects.filter(code=code).first()
        if not same:
            base = from_catalogue(base, row)
        return Choice(
            Use.ELEMENT,
            element=Element(
                code=code, column="", kind=ElementKind(data["kind"]) if data["kind"] else base.kind,
                label=data["label"] or base.label, unit=data["unit"] or base.unit, multiplier=data["multiplier"],
                suffixes=base.suffixes, codes=data["codes"] or ({} if same else base.codes), minimum=base.minimum,
                maximum=base.maximum, blank=engine.Reason[data["blank"].upper()], required=data["required_value"],
                sentinels=data["sentinels"], optional=base.optional,
            ),
        )  # fmt: skip


class CodedForm(ColumnForm):
    """A column whose few values are given a meaning one by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guesses = self.context.codes
        for number, value in enumerate(self.context.column["values"]):
            self.fields[f"value_{number}"] = forms.ChoiceField(
                label=value, required=False, initial=guesses.get(value, ""),
                choices=[("", _("Not said")), *MEANINGS[self.chosen]],
            )  # fmt: skip

    @property
    def too_many(self) -> bool:
        """Whether the column has too many different values to be listed."""
        return not self.context.column["values"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.too_many:
            raise forms.ValidationError(
                _("This column has %d different values, too many to list. Give them in the mapping text.")
                % self.context.column["distinct"]
            )
        return data

    def choice(self) -> Choice:
        values = self.context.column["values"]
        codes = {value: self.cleaned_data[f"value_{n}"] for n, value in enumerate(values)}
        return Choice(self.chosen, codes={value: code for value, code in codes.items() if code})


class PositionForm(ColumnForm):
    """Latitude or longitude: its partner, and the box in which schools may lie."""

    partner = forms.ChoiceField(label=gettext_lazy("The other coordinate"))
    south = forms.FloatField(label=gettext_lazy("Southernmost latitude"), min_value=-90, max_value=90)
    north = forms.FloatField(label=gettext_lazy("Northernmost latitude"), min_value=-90, max_value=90)
    west = forms.FloatField(label=gettext_lazy("Westernmost longitude"), min_value=-180, max_value=180)
    east = forms.FloatField(label=gettext_lazy("Easternmost longitude"), min_value=-180, max_value=180)
    repair = forms.BooleanField(
        label=gettext_lazy("Restore lost decimal points"), required=False,
        help_text=gettext_lazy("Only where exactly one place of the point brings the school into the box."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.context.column["letter"]
        self.fields["partner"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *((letter, header) for letter, header in self.context.headers.items() if letter != own),
        ]

    def initial_values(self, context: ColumnContext) -> dict[str, Any]:
        place = context.coordinates
        if place is None:
            return {}
        own = context.names[context.column["letter"]]
        other = place.longitude if place.latitude == own else place.latitude
        partner = next((letter for letter, name in context.names.items() if name == other), "")
        box = place.box
        return {
            "partner": partner, "south": box.south, "north": box.north, "west": box.west, "east": box.east,
            "repair": place.repair,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"south", "north"} <= data.keys() and data["south"] >= data["north"]:
            self.add_error("north", _("It must lie north of the southernmost latitude."))
        if {"west", "east"} <= data.keys() and data["west"] >= data["east"]:
            self.add_error("east", _("It must lie east of the westernmost longitude."))
        return data

    def choice(self) -> Choice:
        data, names = self.cleaned_data, self.context.names
        own, other = names[self.context.column["letter"]], names[data["partner"]]
        pair = (own, other) if self.chosen is Use.LATITUDE else (other, own)
        box = Box(data["south"], data["north"], data["west"], data["east"])
        return Choice(self.chosen, coordinates=Coordinates(*pair, box, data["repair"]))


FORMS: dict[Use, type[ColumnForm]] = {
    Use.ELEMENT: ElementForm, Use.STAGE: CodedForm, Use.LOCALE: CodedForm, Use.STATUS: CodedForm,
    Use.LATITUDE: PositionForm, Use.LONGITUDE: PositionForm,
}  # fmt: skip


def column_form(use: Use, context: ColumnContext, data: Any = None) -> ColumnForm:
    """The form for a use of a column, bound when there is data."""
    return FORMS.get(use, ColumnForm)(data, context=context, use=use)
