"""Who acts: the one object every service and selector asks for permission."""

from __future__ import annotations

from dataclasses import dataclass, field

from xingtan.platform.orgscope.paths import is_within, minimal_roots


class PermissionRefused(Exception):
    """The actor lacks a capability in an organisation; pages answer 403, or 404 where existence is a secret."""

    def __init__(self, capability: str, path: str | None = None) -> None:
        super().__init__(f"{capability} is not granted" + (f" at {path}" if path is not None else ""))
        self.capability = capability
        self.path = path


@dataclass(frozen=True)
class Grant:
    """One role held in one organisation subtree, with the capabilities the role carries today."""

    role: str
    path: str
    org_unit_id: int
    capabilities: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """A user with his grants of this moment. `user_id` is None for the anonymous public."""

    user_id: int | None
    label: str
    grants: tuple[Grant, ...] = ()
    everything: bool = field(default=False, kw_only=True)

    def paths(self, capability: str) -> tuple[str, ...]:
        """The roots of the subtrees in which the actor holds a capability; ("",) is the whole tree."""
        if self.everything:
            return ("",)
        return minimal_roots(tuple(grant.path for grant in self.grants if capability in grant.capabilities))

    def can(self, capability: str, path: str | None = None) -> bool:
        """Whether the capability is held at a path, or anywhere when no path is given."""
        roots = self.paths(capability)
        return bool(roots) if path is None else any(is_within(path, root) for root in roots)

    def require(self, capability: str, path: str | None = None) -> None:
        """Raise `PermissionRefused` unless `can`."""
        if not self.can(capability, path):
            raise PermissionRefused(capability, path)


ANONYMOUS = Actor(user_id=None, label="anonymous")


def system_actor(reason: str) -> Actor:
    """The installation itself, for the command line, jobs and demo data; the reason goes to the audit trail."""
    if not reason:
        raise ValueError("a system actor states its reason")
    return Actor(user_id=None, label=f"system: {reason}", everything=True)
