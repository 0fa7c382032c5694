from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "xingtan.portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from xingtan.domains.directory.api import register_link
        from xingtan.domains.indicators.api import FIGURE_VIEW
        from xingtan.platform.ui.navigation import Entry, register
        from xingtan.portal.ways import org_links

        register(
            Entry("", _("Home"), "home", "home", order=1, phone=True),
            Entry("", _("Cockpit"), "cockpit", "dashboard", FIGURE_VIEW, order=2, phone=True),
        )
        register_link(*org_links())
