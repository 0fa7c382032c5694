"""The forms of the import: the upload, and how the table is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators.messages import mapping_error
from xingtan.domains.indicators.models import ImportDraft, MappingTemplate
from xingtan.domains.indicators.services.imports import MAX_BYTES
from xingtan.domains.indicators.views.imports import texts
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Source

ACCEPT = ".xlsx,.xlsm,.xls,.csv"
MAPPING_BYTES = 1024 * 1024


def read_mapping_file(upload: Any) -> str:
    """The text of an uploaded mapping file; raise `ValidationError` that names what is wrong."""
    if upload.size > MAPPING_BYTES:
        raise forms.ValidationError(_("A mapping file has at most %d MB.") % (MAPPING_BYTES // 2**20))
    try:
        text: str = upload.read().decode("utf-8-sig")
        engine.parse_mapping(text)
    except UnicodeDecodeError as error:
        raise forms.ValidationError(_("This is not a mapping file: it is not UTF-8 text.")) from error
    except engine.MappingError as error:
        raise forms.ValidationError(mapping_error(error)) from error
    return text


class UploadForm(forms.Form):
    """A table, the period and organisation it is for, and a mapping where there already is one."""

    file = forms.FileField(
        label=gettext_lazy("Table"), help_text=gettext_lazy("Excel (.xlsx, .xls) or CSV, at most 64 MB."),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )  # fmt: skip
    period = forms.CharField(
        label=gettext_lazy("Year"), max_length=4, help_text=gettext_lazy("The year the figures speak of, e.g. 2025."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    organisation = forms.TypedChoiceField(label=gettext_lazy("Import for"), coerce=int)
    template = forms.ModelChoiceField(
        label=gettext_lazy("Kept mapping"), required=False, queryset=MappingTemplate.objects.none(),
        empty_label=gettext_lazy("None: look at the table and propose one"),
    )  # fmt: skip
    mapping_file = forms.FileField(
        label=gettext_lazy("Mapping file"), required=False,
        help_text=gettext_lazy("A .toml file, if you have one from last year or from another office."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        targets: Sequence[OrgUnitData],
        templates: Any,
        before: ImportDraft | None = None,
        **kwargs: Any,
    ) -> None:
        self.before = before
        initial: dict[str, Any] = {"period": before.period.code if before else str(timezone.localdate().year)}
        if before:
            initial["organisation"] = next((unit.id for unit in targets if unit.path == before.org_path), None)
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(unit.id, unit.name) for unit in targets]  # type: ignore[attr-defined]
        if len(targets) == 1:
            self.fields["organisation"].initial = targets[0].id
            self.fields["organisation"].widget = forms.HiddenInput()
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]

    def clean_period(self) -> str:
        code: str = self.cleaned_data["period"]
        # The newest year computed is what everybody sees first: one office must not fill the year 2100.
        if code.isascii() and code.isdecimal() and int(code) > timezone.localdate().year + 1:
            raise forms.ValidationError(_("This year is not there yet."))
        return code

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %d MB. Split it.") % (MAX_BYTES // 2**20))
        return upload

    def clean_mapping_file(self) -> str:
        upload = self.cleaned_data["mapping_file"]
        return read_mapping_file(upload) if upload else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mapping_file") and data.get("template"):
            self.add_error("mapping_file", _("Choose a kept mapping or a file, not both."))
        return data

    def mapping(self) -> str:
        """The mapping chosen, else that of the table corrected, '' for none."""
        template = self.cleaned_data["template"]
        chosen = str(template.text if template else self.cleaned_data["mapping_file"])
        return chosen or (self.before.mapping if self.before else "")


class OptionsForm(forms.Form):
    """How the whole table is read."""

    sheet = forms.CharField(label=gettext_lazy("Sheet"), required=False)
    header_rows = forms.RegexField(
        r"^\s*(\d{1,3}(\s*[-–~]\s*\d{1,3})?)?\s*$", label=gettext_lazy("Header rows"), required=False,
        help_text=gettext_lazy("Leave empty to find them. 2: the first two rows; 3-4: rows three and four; 0: none."),
    )  # fmt: skip
    sentinels = forms.CharField(
        label=gettext_lazy("Codes for missing answers"), required=False,
        help_text=gettext_lazy("In all columns, e.g. 88888, 99999 = not applicable. They are never added up."),
    )  # fmt: skip
    decimal = forms.ChoiceField(
        label=gettext_lazy("Decimal sign of numbers stored as text"),
        choices=[(".", gettext_lazy("Point: 1,234.5")), (",", gettext_lazy("Comma: 1.234,5"))],
    )  # fmt: skip
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding (CSV only)"), required=False,
        choices=[("", gettext_lazy("Find out")), ("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
    )  # fmt: skip
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Separator (CSV only)"), required=False,
        choices=[
            ("", gettext_lazy("Find out")), (",", gettext_lazy("Comma")), (";", gettext_lazy("Semicolon")),
            ("tab", gettext_lazy("Tab")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            first = ("", _("The first one with data"))
            self.fields["sheet"] = forms.ChoiceField(
                label=gettext_lazy("Sheet"), required=False, choices=[first, *((name, name) for name in sheets)]
            )

    @staticmethod
    def initial_of(source: Source, sentinels: Mapping[str, engine.Reason]) -> dict[str, Any]:
        rows = source.header_rows
        return {
            "sheet": source.sheet or "", "decimal": source.decimal, "encoding": source.encoding or "",
            "delimiter": {"\t": "tab"}.get(source.delimiter or "", source.delimiter or ""),
            "header_rows": f"{rows[0]}-{rows[1]}" if isinstance(rows, tuple) else "" if rows is None else str(rows),
            "sentinels": texts.write_sentinels(sentinels),
        }  # fmt: skip

    def clean_sentinels(self) -> dict[str, engine.Reason]:
        try:
            return texts.read_sentinels(self.cleaned_data["sentinels"])
        except texts.ListError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_header_rows(self) -> int | tuple[int, int] | None:
        parts = [int(part) for part in re.findall(r"\d+", self.cleaned_data["header_rows"])]
        if len(parts) == 2 and not 1 <= parts[0] <= parts[1]:
            raise forms.ValidationError(_("Rows count from 1, the first before the last."))
        return (parts[0], parts[1]) if len(parts) == 2 else parts[0] if parts else None

    def source(self, before: Source) -> Source:
        """The source of a mapping as chosen; what the form does not ask stays."""
        data = self.cleaned_data
        delimiter = "\t" if data["delimiter"] == "tab" else data["delimiter"] or None
        return Source(
            sheet=data["sheet"] or None, header_rows=data["header_rows"], encoding=data["encoding"] or None,
            delimiter=delimiter, decimal=data["decimal"], total_labels=before.total_labels,
        )  # fmt: skip
