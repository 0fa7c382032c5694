"""Ways from the page of an organisation to its figures and cells."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xingtan.domains.directory.api import OrgLink
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators import api as indicators

ALL_KINDS = ("city", "county", "school", "campus")


def _figures(unit: OrgUnitData) -> str:
    return f"{reverse('cockpit')}?{urlencode({'org': unit.id})}"


def _cells(unit: OrgUnitData) -> str:
    newest = next(iter(indicators.periods()), None)
    return reverse("school_cells", args=[unit.id, newest.code]) if newest else ""


def org_links() -> tuple[OrgLink, ...]:
    """What the portal adds to the page of an organisation."""
    return (
        OrgLink(_("Figures"), "dashboard", _figures, ALL_KINDS, indicators.FIGURE_VIEW, order=1),
        OrgLink(_("Cells"), "table", _cells, ("school", "campus"), indicators.CELL_VIEW, order=2),
    )
