"""The public door of accounts and roles."""

from __future__ import annotations

from xingtan.domains.identity.roles import CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL, ROLES, Role, allow
from xingtan.domains.identity.selectors.actors import actor_by_id, actor_for
from xingtan.domains.identity.services.accounts import GrantError, role_grant, user_create

__all__ = [
    "CITY_OFFICIAL", "COUNTY_OFFICIAL", "PRINCIPAL", "ROLES", "GrantError", "Role", "actor_by_id", "actor_for", "allow",
    "role_grant", "user_create",
]  # fmt: skip
