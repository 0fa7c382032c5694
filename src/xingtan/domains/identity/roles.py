"""The roles of a city, and which capabilities each carries.

A domain registers its capabilities in `AppConfig.ready()`; identity never imports an upper domain.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """A job that people hold in an organisation; `kinds` are the organisations in which it can be held."""

    code: str
    name: str | Promise
    kinds: tuple[str, ...]


CITY_OFFICIAL = "city_official"
COUNTY_OFFICIAL = "county_official"
PRINCIPAL = "principal"

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(CITY_OFFICIAL, _("City education bureau"), ("city",)),
        Role(COUNTY_OFFICIAL, _("County education bureau"), ("county",)),
        Role(PRINCIPAL, _("Principal"), ("school",)),
    )
}

_capabilities: dict[str, set[str]] = {code: set() for code in ROLES}


def allow(capability: str, *roles: str) -> None:
    """Let roles carry a capability; called while the applications start."""
    for role in roles:
        _capabilities[role].add(capability)


def capabilities_of(role: str) -> frozenset[str]:
    """The capabilities a role carries; an unknown role carries none."""
    return frozenset(_capabilities.get(role, ()))
