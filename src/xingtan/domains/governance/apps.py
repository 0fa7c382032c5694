from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "xingtan.domains.governance"
    label = "governance"
    verbose_name = _("Governance")

    def ready(self) -> None:
        from xingtan.domains.governance import tasks  # noqa: F401  (registers the job handler)
        from xingtan.domains.governance.capabilities import REPORT_MAKE, REPORT_VIEW
        from xingtan.domains.identity.api import CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL, allow
        from xingtan.platform.ui.navigation import Entry, register

        allow(REPORT_VIEW, CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL)
        allow(REPORT_MAKE, CITY_OFFICIAL, COUNTY_OFFICIAL)
        register(Entry(_("Governance"), _("Annual report"), "report_list", "file-text", REPORT_VIEW, order=60))
