"""What upper domains add to the page of an organisation: registered while the applications start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from xingtan.domains.directory.types import OrgUnitData
from xingtan.platform.orgscope.actor import Actor


@dataclass(frozen=True)
class OrgLink:
    """A way from an organisation to what another domain knows of it; `address` may answer "" for "nothing yet"."""

    label: str | Promise
    icon: str
    address: Callable[[OrgUnitData], str]
    kinds: tuple[str, ...]
    capability: str
    order: int = 100


_links: list[OrgLink] = []


def register_link(*links: OrgLink) -> None:
    """Add ways; called in `AppConfig.ready()`."""
    _links.extend(link for link in links if link not in _links)


def links_for(actor: Actor, unit: OrgUnitData) -> tuple[tuple[OrgLink, str], ...]:
    """The ways one visitor may take from an organisation, each with its address."""
    allowed = [link for link in _links if unit.kind in link.kinds and actor.can(link.capability, unit.path)]
    ways = ((link, link.address(unit)) for link in sorted(allowed, key=lambda link: link.order))
    return tuple((link, url) for link, url in ways if url)
