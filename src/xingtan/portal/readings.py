"""All figures that one look at the cockpit needs, read in a number of queries that no city's size changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.engines.indicators import Definition, Direction, Kind
from xingtan.portal.standing import ALL, SCHOOL_KINDS, Standing, definitions_of

HEADLINES = (
    "INF03", "INF04", "INF09", "INF13", "DIR01", "DIR02", "DIR03", "INF11", "GOV02", "INF01", "INF10", "LIT05",
)  # fmt: skip
"""What a director asks for first, in this order; those without a value step aside for others of the catalogue."""
HEADLINES_LEAST = 8
CV_KINDS = (Kind.WEIGHTED_CV, Kind.COMPOSITE_CV)
Own = Mapping[tuple[str, str], FigureData]
"""(indicator code, slice) -> figure, of one organisation."""


@dataclass(frozen=True)
class Readings:
    """The figures of `standing`'s organisation and what they are compared with.

    `code` is the indicator under comparison. `below` are the offices directly below, `compared` their figures of the
    headlines and of `code` in the chosen slice. `history` holds the organisation's figures by period, oldest first;
    for a school only its present. `parent` are the figures of the office above, where the visitor may see it.
    """

    standing: Standing
    run: RunData
    definitions: Mapping[str, Definition]
    own: Own
    headlines: tuple[str, ...]
    code: str
    below: tuple[OrgUnitData, ...] = ()
    compared: Mapping[tuple[int, str, str], FigureData] | None = None
    history: Mapping[str, Own] | None = None
    parent: Own | None = None

    def figure(self, code: str, slice_: str | None = None) -> FigureData | None:
        """The organisation's own figure; None where the indicator is not broken down like this."""
        return self.own.get((code, slice_ or self.standing.slice))

    def of(self, unit_id: int, code: str) -> FigureData | None:
        """The figure of an office below in the chosen slice."""
        return (self.compared or {}).get((unit_id, code, self.standing.slice))

    def before(self, code: str, slice_: str | None = None) -> FigureData | None:
        """The organisation's figure in the last computed period before, if the definition computed it alike."""
        previous = self.standing.previous
        if previous is None or self.history is None:
            return None
        found = self.history.get(previous.period.code, {}).get((code, slice_ or self.standing.slice))
        old, new = definitions_of(previous).get(code), self.definitions[code]
        return found if found is not None and old is not None and computes_alike(old, new) else None


def computes_alike(one: Definition, other: Definition) -> bool:
    """Whether two versions of an indicator give figures that may be compared with each other."""

    def essence(definition: Definition) -> tuple[object, ...]:
        judged = definition.thresholds if definition.kind in (Kind.SHARE, Kind.K_OF_N, Kind.COUNT_MET) else ()
        return (
            definition.kind, definition.numerator, definition.denominator, definition.value, definition.passes,
            definition.scope, definition.factor, definition.of, definition.k, definition.floor, definition.q,
            definition.items, definition.unit, judged,
        )  # fmt: skip

    return essence(one) == essence(other)


def readings(standing: Standing) -> Readings | None:
    """None while the period was never computed for anything the visitor may see."""
    if standing.run is None:
        return None
    found = _of_school(standing, standing.run) if standing.is_school else _of_office(standing, standing.run)
    # An indicator that is not there must not travel on in the links of the page.
    return found if standing.code in ("", found.code) else replace(found, standing=replace(standing, code=""))


def _of_office(standing: Standing, run: RunData) -> Readings:
    actor, org, definitions = standing.actor, standing.org, definitions_of(run)
    own = _by_code(indicators.figures(actor=actor, run=run, slices=(), unit_ids=(org.id,)))
    headlines = choose_headlines(definitions, own)
    # Between schools a yes or no compares poorly: a county begins with a headline that is a number at each school.
    first = headlines if org.kind == "city" else sorted(headlines, key=lambda code: _yes_or_no(definitions[code]))
    code = _chosen(standing.code, first, own)
    below = tuple(
        unit for unit in directory.children_on(actor=actor, unit_id=org.id, day=standing.day)
        if unit.kind not in SCHOOL_KINDS
    ) if org.kind == "city" else ()  # fmt: skip
    wanted = tuple(dict.fromkeys((*headlines, code)))
    compared = indicators.figures(
        actor=actor, run=run, codes=wanted, slices=(standing.slice,), unit_ids=[unit.id for unit in below]
    ) if below else {}  # fmt: skip
    past = indicators.trend(
        actor=actor, unit_ids=(org.id,), codes=wanted, slices=(standing.slice,), states=standing.states
    )
    history = {period: _by_code(found) for period, found in past.items()}
    return Readings(standing, run, definitions, own, headlines, code, below, compared, history)


def _yes_or_no(definition: Definition) -> bool:
    return definition.kind in (Kind.SHARE, Kind.K_OF_N)


def _of_school(standing: Standing, run: RunData) -> Readings:
    actor, org, definitions = standing.actor, standing.org, definitions_of(run)
    own = _by_code(indicators.school_figures(actor=actor, run=run, unit_ids=(org.id,)))
    numeric = {key: figure for key, figure in own.items() if not _yes_or_no(definitions[key[0]])}
    headlines = choose_headlines(definitions, numeric)
    parent = None
    if len(standing.chain) > 1:
        above = standing.chain[-2].id
        parent = _by_code(indicators.figures(actor=actor, run=run, slices=(ALL, standing.slice), unit_ids=(above,)))
    return Readings(standing, run, definitions, own, headlines, _chosen(standing.code, headlines, own), parent=parent)


def _by_code(found: Mapping[tuple[int, str, str], FigureData]) -> Own:
    return {(code, slice_): figure for (_unit, code, slice_), figure in found.items()}


def _chosen(asked: str, headlines: Iterable[str], own: Own) -> str:
    return asked if (asked, ALL) in own else next(iter(headlines), next((code for code, _slice in own), ""))


def choose_headlines(definitions: Mapping[str, Definition], own: Own) -> tuple[str, ...]:
    """The headlines that have a value, filled up to `HEADLINES_LEAST` with others that can be judged."""

    def has_value(code: str) -> bool:
        figure = own.get((code, ALL))
        return figure is not None and figure.value is not None

    chosen = [code for code in HEADLINES if code in definitions and has_value(code)]
    others = [
        code for code, definition in definitions.items()
        if code not in chosen and definition.kind not in CV_KINDS and definition.direction is not Direction.NONE
        and has_value(code)
    ]  # fmt: skip
    return tuple(chosen + others[: max(0, HEADLINES_LEAST - len(chosen))])
