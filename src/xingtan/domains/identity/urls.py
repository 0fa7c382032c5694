from __future__ import annotations

from allauth.account import views as account
from django.urls import path

from xingtan.domains.identity import views
from xingtan.platform.orgscope.access import public, signed_in

urlpatterns = [
    path("login/", public(views.LoginView.as_view()), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    # Accounts are made by those in charge: this page says so. allauth links to it by name.
    path("signup/", public(account.signup), name="account_signup"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
]
