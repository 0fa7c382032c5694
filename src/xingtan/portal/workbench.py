"""What should I do next? The workbench of each role, composed from what the domains know."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xingtan.domains.governance import api as governance
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import RunData
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.ui import components as c
from xingtan.portal.readings import Readings
from xingtan.portal.school import SchoolFigures, cells_address
from xingtan.portal.standing import Standing
from xingtan.portal.tiles import tiles

TILES = 4
OPEN_IMPORTS = 5
OPEN_STATES = ("uploaded", "mapped", "checked", "blocked")


@dataclass(frozen=True)
class Task:
    """Something to do: the first of a list is the next."""

    title: str
    text: str
    link: c.Link
    icon: str
    tone: c.Tone = "neutral"


@dataclass(frozen=True)
class OpenImport:
    """An import on its way."""

    name: str
    period: str
    state: c.Badge
    url: str


@dataclass(frozen=True)
class Workbench:
    """The home page of one visitor."""

    tasks: tuple[Task, ...]
    imports: tuple[OpenImport, ...]
    run: tuple[c.TimelineEntry, ...]
    run_url: str
    tiles: tuple[c.Tile, ...]
    tiles_title: str

    @property
    def aside(self) -> bool:
        """Whether there is anything beside the tasks."""
        return bool(self.run or self.imports)


def workbench(place: Standing, found: Readings | None, school: SchoolFigures | None) -> Workbench:
    """The tasks in the order in which they are best done."""
    actor = place.actor
    drafts = _open_imports(actor) if actor.can(indicators.IMPORT) else ()
    steps = [
        *(_import_tasks(drafts, place) if actor.can(indicators.IMPORT) else ()),
        *(_school_tasks(place, school) if place.is_school else ()),
        *(_compute_tasks(place) if actor.can(indicators.COMPUTE, place.org.path) else ()),
        *(_figure_tasks(place) if found is not None else ()),
        *(_report_tasks(actor) if found is not None else ()),
    ]
    run = place.run
    return Workbench(
        tasks=tuple(steps), imports=drafts, run=(_run_entry(run),) if run else (),
        run_url=reverse("run_list") if run and actor.can(indicators.COMPUTE) else "",
        tiles=tiles(found, most=TILES) if found is not None else (),
        tiles_title=f"{_('Headlines')} · {indicators.local(run.period.name)}" if run else "",
    )  # fmt: skip


def _open_imports(actor: Actor) -> tuple[OpenImport, ...]:
    rows = indicators.drafts_queryset(actor=actor).filter(state__in=OPEN_STATES).order_by("-id")[:OPEN_IMPORTS]
    tones: dict[str, c.Tone] = {"blocked": "danger", "checked": "success"}
    return tuple(
        OpenImport(
            row.file.name, indicators.local(row.period.name),
            c.Badge(row.get_state_display(), tones.get(row.state, "info")), reverse("import_draft", args=[row.pk]),
        )
        for row in rows
    )  # fmt: skip


def _import_tasks(drafts: tuple[OpenImport, ...], place: Standing) -> list[Task]:
    if drafts:
        number = len(drafts)
        title = ngettext("Finish the open import", "Finish %(n)d open imports", number) % {"n": number}
        text = _("Nothing of a table counts until its check is without errors and it is applied.")
        url = drafts[0].url if number == 1 else reverse("import_list")
        return [Task(title, text, c.Link(_("Continue"), url), "database-import", "warning")]
    first = not place.states
    title = _("Import the schools' table") if first else _("Import data")
    text = _("From Excel or CSV, your own columns: check it first, then apply it as a whole.")
    return [Task(title, text, c.Link(_("Import a table"), reverse("import_new")), "database-import")]


def _compute_tasks(place: Standing) -> list[Task]:
    if place.run is not None:
        title, text = _("Recompute"), _("After a changed definition, or to make a period's figures anew.")
    else:
        title, text = _("Compute the figures"), _("This period has data but no figures yet.")
        if place.period is None:
            return []
    return [Task(title, text, c.Link(_("Open the computations"), reverse("run_list")), "calculator")]


def _figure_tasks(place: Standing) -> list[Task]:
    title = _("Look at the figures")
    text = _("Where we stand, who needs help, how it changed; every figure leads to the cells it comes from.")
    return [Task(title, text, c.Link(_("Open the cockpit"), place.address()), "dashboard")]


def _report_tasks(actor: Actor) -> list[Task]:
    if actor.can(governance.REPORT_MAKE):
        title, text = _("Make the annual report"), _("Word and PDF from the computed figures, with your own template.")
        label = _("Make a report")
    elif actor.can(governance.REPORT_VIEW):
        title, text, label = _("Read the annual report"), _("The reports that concern your organisation."), _("Open")
    else:
        return []
    return [Task(title, text, c.Link(label, reverse("report_list")), "file-text")]


def _school_tasks(place: Standing, school: SchoolFigures | None) -> list[Task]:
    url = cells_address(place)
    if not url or place.period is None:
        return []
    period = indicators.local(place.period.name)
    text = _("Are all cells of %(period)s right? Correct what is wrong, with a reason; the figures follow at once.")
    tasks = [
        Task(
            _("Check our school's cells"), text % {"period": period}, c.Link(_("Check the cells"), url), "checklist",
            "warning" if school is not None and school.undefined else "neutral",
        )
    ]  # fmt: skip
    if school is not None and school.failed:
        title = ngettext("One target is not reached", "%(n)d targets are not reached", school.failed) % {
            "n": school.failed
        }
        tasks.append(
            Task(
                title, _("See which, by how much, and from which cells that follows."),
                c.Link(_("See which"), place.address()), "target", "danger",
            )
        )  # fmt: skip
    return tasks


def _run_entry(run: RunData) -> c.TimelineEntry:
    return c.TimelineEntry(
        date_format(timezone.localtime(run.created_at), "Y-m-d H:i"),
        _("%(period)s: run %(id)d") % {"period": indicators.local(run.period.name), "id": run.id},
        text=ngettext("%(n)d school, %(cells)d cells", "%(n)d schools, %(cells)d cells", run.statistics["schools"])
        % {"n": run.statistics["schools"], "cells": run.statistics["cells"]},
        actor=run.created_by, tone="success", icon="calculator",
    )  # fmt: skip
