"""The accounts of the demo city: one per role, with a password that everybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xingtan.domains.identity.models import User
from xingtan.domains.identity.roles import CITY_OFFICIAL, COUNTY_OFFICIAL, PRINCIPAL
from xingtan.domains.identity.selectors.actors import actor_for
from xingtan.domains.identity.services.accounts import role_grant, user_create
from xingtan.platform.orgscope.actor import Actor

DEMO_PASSWORD = "xingtan-demo-2026"  # noqa: S105  (printed on the demo's login page)


@dataclass(frozen=True)
class DemoLogin:
    """One demo account; `org` says where in the demo city the role is held."""

    username: str
    name: str
    role: str
    org: str
    label: str | Promise
    password: str = DEMO_PASSWORD


DEMO_LOGINS = (
    DemoLogin("city", "云州市教育局 周明远", CITY_OFFICIAL, "city", _("City education bureau")),
    DemoLogin("county", "县教育局 林晓芸", COUNTY_OFFICIAL, "county", _("County education bureau")),
    DemoLogin("principal", "校长 陈立言", PRINCIPAL, "school", _("Principal")),
)


def demo_actor(username: str) -> Actor:
    """One of the demo's people, as he may act today."""
    return actor_for(User.objects.get(username=username))


def load_accounts(*, actor: Actor, units: dict[str, int], valid_from: date) -> None:
    """Make the demo accounts; `units` gives the organisation id for "city", "county" and "school"."""
    for login in DEMO_LOGINS:
        user = user_create(actor=actor, username=login.username, name=login.name, password=login.password)
        role_grant(actor=actor, user_id=user.pk, role=login.role, org_unit_id=units[login.org], valid_from=valid_from)
