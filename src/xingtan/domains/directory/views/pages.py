"""What the page of one organisation shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xingtan.domains.directory.links import links_for
from xingtan.domains.directory.selectors.units import (
    chain_on,
    children_counts,
    children_on,
    names_on,
    unit_on,
    versions_of,
)
from xingtan.domains.directory.types import AreaType, OrgKind, OrgStatus, OrgUnitData, OrgVersionData, Stage
from xingtan.domains.directory.views.lists import status_badge, words_of
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.ui import components as c

CHILDREN_SHOWN = 30


@dataclass(frozen=True)
class Child:
    """An organisation directly below; `below` is how many stand below it in turn."""

    name: str
    url: str
    code: str
    kind: str
    below: int
    status: c.Badge


@dataclass(frozen=True)
class OrgPage:
    """One organisation for the template. `children` may be cut; `children_url` lists all of them."""

    unit: OrgUnitData
    crumbs: tuple[c.Link, ...]
    facts: tuple[tuple[str, str], ...]
    status: c.Badge
    history: tuple[c.TimelineEntry, ...]
    children: tuple[Child, ...]
    children_total: int
    children_url: str
    ways: tuple[c.Link, ...]

    @property
    def has_grandchildren(self) -> bool:
        return any(child.below for child in self.children)


def org_page(*, actor: Actor, org_id: int, day: date) -> OrgPage | None:
    """The page as of a day; an organisation that is no more shows its last version. None when it cannot be seen."""
    versions = versions_of(actor=actor, unit_id=org_id)
    if not versions:
        return None
    if not any(v.valid_from <= day and (v.valid_to is None or v.valid_to > day) for v in versions):
        day = versions[0].valid_from
    unit = unit_on(actor=actor, unit_id=org_id, day=day)
    if unit is None:
        return None
    chain = chain_on(actor=actor, path=unit.path, day=day)
    children = children_on(actor=actor, unit_id=org_id, day=day)
    kinds = {child.kind for child in children}
    return OrgPage(
        unit=unit,
        crumbs=(
            c.Link(_("Organisations"), reverse("org_list")),
            *(c.Link(above.name, reverse("org", args=[above.id])) for above in chain[:-1]),
            c.Link(unit.name),
        ),
        facts=_facts(unit), status=status_badge(unit.status), history=tuple(_history(actor, versions)),
        children=_children(actor, children[:CHILDREN_SHOWN], day), children_total=len(children),
        children_url=f"{reverse('org_list')}?county={org_id}" if kinds == {OrgKind.SCHOOL.value} else "",
        ways=tuple(c.Link(link.label, url, link.icon) for link, url in links_for(actor, unit)),
    )  # fmt: skip


def _facts(unit: OrgUnitData) -> tuple[tuple[str, str], ...]:
    facts = [(_("Code"), unit.code), (_("Kind"), words_of(OrgKind, unit.kind))]
    if unit.stage:
        facts.append((_("Stage"), words_of(Stage, unit.stage)))
    if unit.area_type:
        facts.append((_("Urban or rural"), words_of(AreaType, unit.area_type)))
    if unit.lat is not None and unit.lon is not None:
        facts.append((_("Latitude, longitude"), f"{unit.lat:.5f}, {unit.lon:.5f}"))
    return tuple(facts)


def _children(actor: Actor, children: Sequence[OrgUnitData], day: date) -> tuple[Child, ...]:
    counts = children_counts(actor=actor, unit_ids=[child.id for child in children], day=day)
    return tuple(
        Child(
            child.name, reverse("org", args=[child.id]), child.code,
            words_of(Stage, child.stage) or words_of(OrgKind, child.kind), counts.get(child.id, 0),
            status_badge(child.status),
        )
        for child in children
    )  # fmt: skip


def _history(actor: Actor, versions: Sequence[OrgVersionData]) -> Iterator[c.TimelineEntry]:
    """What changed with each version, newest first."""
    parents = {version.parent_id for version in versions if version.parent_id}
    names = names_on(actor=actor, unit_ids=parents, day=versions[0].valid_from)
    for number, version in enumerate(versions):
        before = versions[number + 1] if number + 1 < len(versions) else None
        if version.valid_to is not None and number == 0:
            yield c.TimelineEntry(_day(version.valid_to), _("Ended"), tone="danger", icon="ban")
        changes = _changes(version, before, names) if before else ()
        yield c.TimelineEntry(
            _day(version.valid_from), _("Changed") if before else _("Entered the directory"),
            text="；".join(changes) if before else version.name, tone="info" if before else "neutral",
            icon="edit" if before else "plus",
        )  # fmt: skip


def _changes(new: OrgVersionData, old: OrgVersionData, names: dict[int, str]) -> Iterator[str]:
    pairs = [
        (_("Name"), old.name, new.name),
        (_("Stage"), words_of(Stage, old.stage), words_of(Stage, new.stage)),
        (_("Urban or rural"), words_of(AreaType, old.area_type), words_of(AreaType, new.area_type)),
        (_("Status"), words_of(OrgStatus, old.status), words_of(OrgStatus, new.status)),
        (_("Belongs to"), names.get(old.parent_id or 0, ""), names.get(new.parent_id or 0, "")),
    ]  # fmt: skip
    for label, before, after in pairs:
        if before != after:
            yield _("%(what)s: %(before)s → %(after)s") % {
                "what": label,
                "before": before or "–",
                "after": after or "–",
            }
    if (new.lat, new.lon) != (old.lat, old.lon):
        yield _("Location corrected")


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")
