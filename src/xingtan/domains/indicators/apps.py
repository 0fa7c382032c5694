from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "xingtan.domains.indicators"
    label = "indicators"
    verbose_name = _("Indicators")

    def ready(self) -> None:
        from xingtan.domains.identity.api import CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL, allow
        from xingtan.domains.indicators import tasks  # noqa: F401  (registers the job handlers)
        from xingtan.domains.indicators.capabilities import CELL_EDIT, CELL_VIEW, COMPUTE, FIGURE_VIEW, IMPORT
        from xingtan.platform.ui.navigation import Entry, register

        everyone = (CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL)
        allow(FIGURE_VIEW, *everyone)
        allow(CELL_VIEW, *everyone)
        allow(CELL_EDIT, *everyone)
        allow(IMPORT, CITY_OFFICIAL, COUNTY_OFFICIAL)
        allow(COMPUTE, CITY_OFFICIAL)
        register(
            Entry(_("Data"), _("Imports"), "import_list", "database-import", IMPORT, order=40),
            Entry(_("Data"), _("Indicators"), "indicator_list", "list-details", FIGURE_VIEW, order=41, phone=True),
            Entry(_("Data"), _("Computations"), "run_list", "calculator", FIGURE_VIEW, order=42),
        )
