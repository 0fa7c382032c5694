"""Forms of the report pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xingtan.domains.directory import api as directory
from xingtan.domains.governance.capabilities import REPORT_MAKE
from xingtan.domains.governance.selectors.reports import templates_queryset
from xingtan.domains.indicators import api as indicators
from xingtan.platform.orgscope.actor import Actor


def _offices(actor: Actor) -> list[tuple[int, str]]:
    units = directory.units_on(actor=actor, day=timezone.localdate(), kinds=("city", "county"), capability=REPORT_MAKE)
    return [(unit.id, unit.name) for unit in units]


class ReportForm(forms.Form):
    """Which report to make."""

    period = forms.ChoiceField(label=_("Period"))
    org = forms.TypedChoiceField(label=_("City or county"), coerce=int)
    language = forms.ChoiceField(label=_("Language"), choices=[("zh-hans", _("Chinese")), ("en", _("English"))])
    template = forms.TypedChoiceField(label=_("Template"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        computed = [p for p in indicators.periods() if indicators.newest_run(actor=actor, period_id=p.id)]
        self.fields["period"].choices = [(period.code, period.code) for period in computed]  # type: ignore[attr-defined]
        self.fields["org"].choices = _offices(actor)  # type: ignore[attr-defined]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", _("Annual report (shipped)")), *((row.pk, row.name) for row in templates_queryset(actor)),
        ]  # fmt: skip

    @property
    def possible(self) -> bool:
        """Whether there is anything to report on."""
        return bool(self.fields["period"].choices and self.fields["org"].choices)  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    """A Word template to keep."""

    name = forms.CharField(label=_("Name"), max_length=120)
    org = forms.TypedChoiceField(label=_("City or county"), coerce=int)
    file = forms.FileField(label=_("Word template (.docx)"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = _offices(actor)  # type: ignore[attr-defined]
