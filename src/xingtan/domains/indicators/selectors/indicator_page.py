"""One indicator: its versions, and where its figures stand today."""

from __future__ import annotations

from dataclasses import dataclass

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import FIGURE_VIEW
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.breakdown import SCHOOL_KINDS, PlaceFigure
from xingtan.domains.indicators.selectors.definitions import definition_of, element_rows, schema, versions_of
from xingtan.domains.indicators.selectors.figures import figures, school_figures
from xingtan.domains.indicators.selectors.runs import newest_runs
from xingtan.domains.indicators.types import RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

OWN_SCHOOLS = 5


@dataclass(frozen=True)
class VersionPage:
    """One version with the canonical text of its expressions and the elements they read."""

    version: IndicatorVersion
    definition: engine.Definition
    expressions: dict[str, str]
    elements: tuple[DataElement, ...]


def indicator_versions(code: str) -> tuple[VersionPage, ...]:
    """Every version of an indicator, newest first."""
    words = schema()
    pages = []
    for version in versions_of(code):
        definition = definition_of(version)
        compiled = engine.compile_definition(definition, words)
        used = {element for text in compiled.values() for element in text.elements}
        pages.append(
            VersionPage(
                version, definition, {field: text.canonical() for field, text in compiled.items()},
                element_rows(used) if used else (),
            )
        )  # fmt: skip
    return tuple(pages)


def indicator_figures(*, actor: Actor, code: str) -> tuple[RunData | None, tuple[PlaceFigure, ...]]:
    """The newest computed period, and the figures of the organisations that the actor sees there, in tree order.

    Those who see no county see their own schools.
    """
    states = newest_runs(actor=actor).values()
    run = max(states, key=lambda one: one.period.starts, default=None)
    if run is None:
        return None, ()
    day = run.period.ends
    kinds = ("city", "county")
    places = directory.units_on(actor=actor, day=day, root=run.org_path, kinds=kinds, capability=FIGURE_VIEW)
    if places:
        found = figures(actor=actor, run=run, codes=(code,))
    else:
        places = directory.units_on(
            actor=actor, day=day, root=run.org_path, kinds=SCHOOL_KINDS, capability=FIGURE_VIEW
        )[:OWN_SCHOOLS]
        found = school_figures(actor=actor, run=run, unit_ids=[one.id for one in places], codes=(code,))
    rows = (PlaceFigure(one, found[one.id, code, "all"]) for one in places if (one.id, code, "all") in found)
    return run, tuple(rows)
