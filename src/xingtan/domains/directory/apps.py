from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "xingtan.domains.directory"
    label = "directory"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from xingtan.domains.directory.capabilities import ORG_VIEW
        from xingtan.platform.ui.navigation import Entry, register

        register(Entry(_("Data"), _("Organisations"), "org_list", "sitemap", ORG_VIEW, order=45))
