"""How Django forms are drawn: Bootstrap's classes on the controls, errors that lead to their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.utils.safestring import SafeString


class DateInput(forms.DateInput):
    """The browser's own date picker; it takes and gives ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class FieldInfo:
    """The ids that tie a control to its help and errors, and whether it must be filled."""

    help_id: str
    error_id: str
    required: bool
    checkbox: bool


def describe(bound: BoundField) -> FieldInfo:
    """Django's own ids, so that its `aria-describedby` finds them."""
    key = bound.auto_id or bound.html_name
    checkbox = isinstance(bound.field.widget, forms.CheckboxInput)
    return FieldInfo(f"{key}_helptext", f"{key}_error", bound.field.required, checkbox)


def is_wide_choice(bound: BoundField) -> bool:
    """Whether the control is a group of radio buttons or check boxes, which needs a fieldset."""
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def widget_html(bound: BoundField, extra: Mapping[str, Any] | None = None) -> SafeString:
    """The control with the classes of its kind."""
    widget = bound.field.widget
    classes = [*str(widget.attrs.get("class", "")).split(), _control_class(widget)]
    if bound.errors:
        classes.append("is-invalid")
    attrs = {**(extra or {}), "class": " ".join(dict.fromkeys(filter(None, classes)))}
    return SafeString(bound.as_widget(attrs=attrs))


@dataclass(frozen=True)
class Option:
    """One radio button or check box; ``attrs`` are all attributes of its input but the class."""

    attrs: SafeString
    control_id: str
    label: str


def options(bound: BoundField) -> tuple[Option, ...]:
    """The buttons of a group; Django's own template would put the control's class on their wrapper too."""
    shown = []
    for part in bound.subwidgets:
        data = part.data
        given = {"type": data["type"], "name": data["name"], "value": str(data["value"]), **data["attrs"]}
        given.pop("class", None)
        shown.append(Option(flatatt(given), part.id_for_label, part.choice_label))
    return tuple(shown)


@dataclass(frozen=True)
class FormError:
    """One error; ``anchor`` is the id of the control it belongs to, empty for the form as a whole."""

    label: str
    text: str
    anchor: str


def error_list(form: BaseForm) -> tuple[FormError, ...]:
    """All errors of a form: first those of the whole, then in the order of the fields."""
    general = [FormError("", str(text), "") for text in form.non_field_errors()]
    hidden = [FormError(str(bound.label), str(text), "") for bound in form.hidden_fields() for text in bound.errors]
    visible = [
        FormError(str(bound.label), str(text), _first_control(bound))
        for bound in form.visible_fields()
        for text in bound.errors
    ]
    return (*general, *hidden, *visible)


def _first_control(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if is_wide_choice(bound) else bound.id_for_label or bound.auto_id


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"
