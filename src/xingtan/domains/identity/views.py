"""The login page; in the demo it lists one account per role."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from django.conf import settings

from xingtan.domains.identity.demo import DEMO_LOGINS


class LoginView(account.LoginView):  # type: ignore[misc]
    """allauth's login with the demo's accounts beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["demo_logins"] = DEMO_LOGINS if settings.XINGTAN_DEMO else ()
        return context
