"""Where a visitor stands: which organisation he looks at, in which period, and which computation counts there."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgKind, OrgUnitData
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import PeriodData, RunData
from xingtan.engines.indicators import Definition
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.ui.components import Link

ALL = "all"
SLICES = (ALL, "stage:primary", "stage:junior", "stage:senior")
SCHOOL_KINDS = (OrgKind.SCHOOL.value, OrgKind.CAMPUS.value)
_KEPT_CATALOGUES = 16


class OrgOutOfSight(Exception):
    """The organisation asked for does not exist, or not for this visitor: pages answer 404."""


@dataclass(frozen=True)
class Standing:
    """One look at the figures.

    `chain` leads from the topmost organisation the visitor may see to `org`. `states` is every computed period's state
    by period id; `run` is that of `period`, None while it was never computed. `code` is the indicator under comparison,
    "" until somebody chooses one.
    """

    actor: Actor
    chain: tuple[OrgUnitData, ...]
    periods: tuple[PeriodData, ...]
    states: Mapping[int, RunData]
    period: PeriodData | None
    slice: str
    code: str

    @property
    def org(self) -> OrgUnitData:
        return self.chain[-1]

    @property
    def is_school(self) -> bool:
        return self.org.kind in SCHOOL_KINDS

    @property
    def run(self) -> RunData | None:
        return self.states.get(self.period.id) if self.period else None

    @property
    def day(self) -> date:
        """The day as of which names and memberships are shown: the end of the period."""
        return self.period.ends if self.period else timezone.localdate()

    @property
    def previous(self) -> RunData | None:
        """The state of the last computed period before this one."""
        if self.period is None:
            return None
        before = [run for run in self.states.values() if run.period.ends < self.period.starts]
        return max(before, key=lambda run: run.period.starts, default=None)

    @property
    def scope(self) -> Link:
        """The organisation whose data the visitor sees, for the top of the page."""
        return Link(self.chain[0].name, reverse("org", args=[self.chain[0].id]))

    def address(self, name: str = "cockpit", **change: Any) -> str:
        """The same look with something changed, as an address; `org` is an organisation id."""
        query = {
            "period": self.period.code if self.period else "", "org": self.org.id, "slice": self.slice, "code": self.code,
        }  # fmt: skip
        query |= change
        if query["slice"] == ALL:
            query.pop("slice")
        args = [query.pop("part")] if "part" in query else []
        return f"{reverse(name, args=args)}?{urlencode({key: value for key, value in query.items() if value})}"

    def figure_address(self, code: str, *, org_id: int | None = None, slice_: str | None = None) -> str:
        """The page of one figure, with its derivation."""
        if self.run is None:
            raise ValueError("there is no figure before the first computation")
        return reverse("figure", args=[self.run.id, org_id or self.org.id, code, slice_ or self.slice])


def standing(*, actor: Actor, params: Mapping[str, Any]) -> Standing | None:
    """From the address: `period`, `org`, `slice`, `code`; None for a visitor who has no organisation.

    An unknown period, slice or indicator falls back to the usual one, so that old bookmarks keep working. Raises
    `OrgOutOfSight`.
    """
    periods = indicators.periods()
    states = indicators.newest_runs(actor=actor)
    wanted = str(params.get("period", ""))
    period = next((one for one in periods if one.code == wanted), None)
    period = period or next((one for one in periods if one.id in states), periods[0] if periods else None)
    day = period.ends if period else timezone.localdate()
    chain = _chain(actor, str(params.get("org", "")), day)
    if not chain:
        return None
    asked = str(params.get("slice", ALL))
    return Standing(
        actor=actor, chain=chain, periods=periods, states=states, period=period,
        slice=asked if asked in SLICES else ALL, code=str(params.get("code", ""))[:20],
    )  # fmt: skip


def _chain(actor: Actor, asked: str, day: date) -> tuple[OrgUnitData, ...]:
    if not asked:
        for root in actor.paths(indicators.FIGURE_VIEW):
            found = directory.chain_on(actor=actor, path=root, day=day, capability=indicators.FIGURE_VIEW)
            if found:
                return found
        return ()
    unit = None
    if asked.isascii() and asked.isdigit() and len(asked) < 18:
        unit = directory.unit_on(actor=actor, unit_id=int(asked), day=day, capability=indicators.FIGURE_VIEW)
    if unit is None:
        raise OrgOutOfSight(asked)
    return directory.chain_on(actor=actor, path=unit.path, day=day, capability=indicators.FIGURE_VIEW)


_catalogues: OrderedDict[str, dict[str, Definition]] = OrderedDict()


def definitions_of(run: RunData) -> dict[str, Definition]:
    """The definitions that a run used, in catalogue order.

    Kept by the hash of their content, so what is kept can never be out of date.
    """
    found = _catalogues.get(run.definitions_hash)
    if found is None:
        found = {row.code: indicators.definition_of(row) for row in indicators.run_versions(run.id)}
        _catalogues[run.definitions_hash] = found
        while len(_catalogues) > _KEPT_CATALOGUES:
            _catalogues.popitem(last=False)
    return found
