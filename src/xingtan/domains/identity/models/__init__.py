from __future__ import annotations

from xingtan.domains.identity.models.accounts import RoleAssignment, User

__all__ = ["RoleAssignment", "User"]
