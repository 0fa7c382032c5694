"""Empty Excel forms for the data elements of the catalogue, which are understood when they come back filled in."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.selectors.imports import form_groups
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.services.proposal import AREAS, STAGES, STATUSES, from_catalogue
from xingtan.domains.indicators.wording import local
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import CodedColumn, Element, Parent, StatusColumn, Unit
from xingtan.engines.tables.values import folded


def form_of(headers: Iterable[str]) -> engine.Mapping | None:
    """The mapping of the form that a table is, in whichever language it was made; None for any other table."""
    found = {folded(header) for header in headers if header}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for group in form_groups():
                mapping = form_mapping(group)
                if {folded(column) for column in mapping.columns()} == found:
                    return mapping
    return None


def form_mapping(group: str) -> engine.Mapping:
    """The mapping of the form that a group of the catalogue makes; raise `ImportRefused` for an empty group."""
    rows = DataElement.objects.filter(group=group, supplied_by="form").order_by("order", "code")
    elements = [from_catalogue(Element(row.code, local(row.name)), row) for row in rows]
    if not elements:
        raise ImportRefused(_("This group has no data elements."))
    stages, areas, statuses = ({texts[0]: code for code, texts in words.items()} for words in (STAGES, AREAS, STATUSES))
    status = {m: tuple(text for text, code in statuses.items() if code == m) for m in STATUSES}
    return engine.Mapping(
        name=group,
        unit=Unit(
            code=_("School code"), name=_("School name"), stage=CodedColumn(_("School stage"), stages),
            locale=CodedColumn(_("Urban or rural"), areas), status=StatusColumn(_("School status"), **status),
            parents=(Parent("county", name=_("County name"), required=False),),
        ),
        elements=tuple(elements),
    )  # fmt: skip


def form_workbook(group: str) -> bytes:
    """An Excel file to fill in for a group of the catalogue, in the language in force."""
    texts = engine.TemplateTexts(
        data_sheet=_("Data"), notes_sheet=_("How to fill it in"), column=_("Column"), meaning=_("Meaning"), unit=_("Unit"),
        required=_("Required"), allowed=_("Allowed"), example=_("Example"), yes=_("yes"),
        code=_("School code (kept as text)"), name=_("School name"), coordinates=_("Decimal degrees"),
        whole_number=_("Whole number"), number=_("Number"), not_allowed=_("This value is not allowed here."),
    )  # fmt: skip
    return engine.write_template(form_mapping(group), texts=texts)
