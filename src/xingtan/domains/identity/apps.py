from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "xingtan.domains.identity"
    label = "identity"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from xingtan.domains.directory.capabilities import ORG_EDIT, ORG_VIEW
        from xingtan.domains.identity.roles import CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL, allow

        allow(ORG_VIEW, CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL)
        allow(ORG_EDIT, CITY_OFFICIAL)
