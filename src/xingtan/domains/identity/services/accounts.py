"""Make accounts and give roles."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from xingtan.domains.directory import api as directory
from xingtan.domains.identity.capabilities import GRANT
from xingtan.domains.identity.models import RoleAssignment, User
from xingtan.domains.identity.roles import ROLES, capabilities_of
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor, PermissionRefused


class GrantError(Exception):
    """A role cannot be given like this; the message says why."""


def user_create(*, actor: Actor, username: str, name: str, password: str) -> User:
    """Make an account without any role; the password must pass the validators (ValidationError)."""
    actor.require(GRANT)
    user = User(username=username, name=name)
    validate_password(password, user)
    with transaction.atomic():
        user = User.objects.create_user(username, password, name=name)
        audit.record(
            actor=actor, action="identity.user.create", object_type="user", object_id=user.pk, org_path="",
            data={"username": username},
        )  # fmt: skip
    return user


def role_grant(
    *, actor: Actor, user_id: int, role: str, org_unit_id: int, valid_from: date, valid_to: date | None = None
) -> RoleAssignment:
    """Give a role in an organisation. Nobody gives what he does not hold there himself."""
    if role not in ROLES:
        raise GrantError(f"role {role!r} is unknown")
    unit = directory.unit_on(actor=actor, unit_id=org_unit_id, day=valid_from)
    if unit is None:
        raise GrantError("the organisation does not exist on that day")
    if unit.kind not in ROLES[role].kinds:
        raise GrantError(f"role {role} is not held in a {unit.kind}")
    actor.require(GRANT, unit.path)
    for capability in sorted(capabilities_of(role)):
        if not actor.can(capability, unit.path):
            raise PermissionRefused(capability, unit.path)
    with transaction.atomic():
        assignment = RoleAssignment.objects.create(
            user_id=user_id, role=role, org_unit_id=unit.id, org_path=unit.path, valid_from=valid_from,
            valid_to=valid_to, granted_by_id=actor.user_id,
        )  # fmt: skip
        audit.record(
            actor=actor, action="identity.role.grant", object_type="user", object_id=user_id, org_path=unit.path,
            data={"role": role, "org_unit": unit.id, "from": valid_from, "to": valid_to},
        )  # fmt: skip
    return assignment
