"""Correct a cell, and bring every figure that rests on it up to date in the same step."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import CELL_VIEW, FIGURE_VIEW
from xingtan.domains.indicators.selectors.definitions import codes_reading, plan_of
from xingtan.domains.indicators.selectors.figures import Key, figures, school_figures
from xingtan.domains.indicators.selectors.runs import newest_run, run_data, run_versions
from xingtan.domains.indicators.services.observations import cell_correct
from xingtan.domains.indicators.services.runs import run_refresh
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.platform.orgscope.actor import Actor


@dataclass(frozen=True)
class FigureChange:
    """One figure that a correction changed; None where there was or is none."""

    before: FigureData | None
    after: FigureData | None

    @property
    def figure(self) -> FigureData:
        """Whose figure it is, and which."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Correction:
    """What a correction did: the batch, the refresh (None when the period was never computed), and of the figures
    the actor may see those that changed: the school's first, then upwards."""

    batch_id: int
    run: RunData | None
    changes: tuple[FigureChange, ...]


def cell_correct_and_refresh(
    *, actor: Actor, unit_id: int, period_id: int, element: str, value: float | None, reason: int, note: str
) -> Correction:
    """`cell_correct`, then `run_refresh`, in one transaction; raise `ObservationError` when the value is refused."""
    with transaction.atomic():
        seen = newest_run(actor=actor, period_id=period_id)
        places = _places(actor, seen, unit_id)
        before = _affected(actor, seen, places, element)
        batch = cell_correct(
            actor=actor, unit_id=unit_id, period_id=period_id, element=element, value=value, reason=reason, note=note
        )
        refreshed = run_refresh(actor=actor, period_id=period_id, unit_path=batch.org_path)
        now = newest_run(actor=actor, period_id=period_id) if refreshed else None
        after = _affected(actor, now, places, element)
    changed = [key for key in after.keys() | before.keys() if _content(before.get(key)) != _content(after.get(key))]
    changed.sort(key=lambda key: (places.index(key[0]), key[1], key[2]))
    changes = tuple(FigureChange(before.get(key), after.get(key)) for key in changed)
    return Correction(batch.pk, run_data(refreshed) if refreshed else None, changes)


def _places(actor: Actor, run: RunData | None, unit_id: int) -> tuple[int, ...]:
    """The organisation and those above it that the actor may see, lowest first."""
    if run is None:
        return ()
    unit = directory.unit_on(actor=actor, unit_id=unit_id, day=run.period.ends, capability=CELL_VIEW)
    if unit is None:
        return ()
    chain = directory.chain_on(actor=actor, path=unit.path, day=run.period.ends, capability=FIGURE_VIEW)
    return tuple(place.id for place in reversed(chain))


def _affected(actor: Actor, run: RunData | None, places: tuple[int, ...], element: str) -> dict[Key, FigureData]:
    """The figures of these organisations, the lowest a school, that rest on an element."""
    if run is None or not places:
        return {}
    codes = codes_reading(plan_of(run_versions(run.id), run.period.ends), element)
    if not codes:
        return {}
    stored = figures(actor=actor, run=run, codes=codes, slices=(), unit_ids=places)
    return stored | school_figures(actor=actor, run=run, unit_ids=places[:1], codes=codes)


def _content(figure: FigureData | None) -> tuple[float | None, int, int, float | None, float | None, int] | None:
    if figure is None:
        return None
    return figure.value, figure.reason, figure.verdict, figure.numerator, figure.denominator, figure.n_missing
