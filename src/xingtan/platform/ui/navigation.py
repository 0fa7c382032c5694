"""The navigation: each domain registers its entries, the page shows those its visitor may follow."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from xingtan.platform.orgscope.actor import Actor


@dataclass(frozen=True)
class Entry:
    """A page in the side navigation; `capability` None shows it to everybody signed in."""

    group: str | Promise
    label: str | Promise
    route: str
    icon: str
    capability: str | None = None
    order: int = 100
    phone: bool = False
    """Whether it may stand in the bar at the bottom of a phone, which has four places."""


@dataclass(frozen=True)
class Item:
    """An entry as the template shows it."""

    label: str
    url: str
    icon: str
    active: bool
    phone: bool = False


@dataclass(frozen=True)
class Group:
    """A heading with its items."""

    label: str
    items: tuple[Item, ...]


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    """Add entries; called while the applications start."""
    _entries.extend(entry for entry in entries if entry not in _entries)


def navigation(actor: Actor, path: str) -> tuple[Group, ...]:
    """The groups for one visitor; the entry with the longest address that starts the path is active."""
    if actor.user_id is None:
        return ()
    allowed = [entry for entry in _entries if entry.capability is None or actor.can(entry.capability)]
    allowed.sort(key=lambda entry: entry.order)
    urls = {entry: reverse(entry.route) for entry in allowed}
    # The home page starts every address; it is active only on itself.
    here = max(
        (url for url in urls.values() if path == url or (path.startswith(url) and url != "/")), key=len, default=""
    )
    groups: dict[str, list[Item]] = {}
    for entry in allowed:
        item = Item(str(entry.label), urls[entry], entry.icon, urls[entry] == here, entry.phone)
        groups.setdefault(str(entry.group), []).append(item)
    return tuple(Group(label, tuple(items)) for label, items in groups.items())


def phone_bar(groups: tuple[Group, ...]) -> tuple[Item, ...]:
    """The four items at the bottom of a phone: those marked for it, then the first of the others."""
    items = [item for group in groups for item in group.items]
    items.sort(key=lambda item: not item.phone)
    return tuple(items[:4])
