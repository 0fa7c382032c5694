"""From an account to what it may do today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from xingtan.domains.identity.models import RoleAssignment, User
from xingtan.domains.identity.roles import capabilities_of
from xingtan.platform.orgscope.actor import ANONYMOUS, Actor, Grant


def actor_for(user: User, day: date | None = None) -> Actor:
    """The actor of an account with the grants in force on a day, today by default."""
    day = day or timezone.localdate()
    rows = (
        RoleAssignment.objects.unscoped(reason="a person's own grants")
        .filter(Q(valid_to=None) | Q(valid_to__gt=day), user=user, valid_from__lte=day)
        .order_by("org_path", "role")
    )
    grants = tuple(Grant(row.role, row.org_path, row.org_unit_id, capabilities_of(row.role)) for row in rows)
    return Actor(user_id=user.pk, label=user.name or user.username, grants=grants)


def actor_by_id(user_id: int) -> Actor:
    """The actor of an account with today's grants; an account that is gone or switched off may do nothing."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return actor_for(user) if user else ANONYMOUS
