"""What an indicator is: a validated, hashable definition with its thresholds and its dates."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from xingtan.engines.indicators.errors import DefinitionError
from xingtan.engines.indicators.parser import canonical_text

STAGES = ("primary", "junior", "senior")
CODE = re.compile(r"[A-Z]{2,6}[0-9]{2}[A-Z]?")
EXPRESSION_FIELDS = ("numerator", "denominator", "value", "passes", "scope")


class Kind(StrEnum):
    """How units become a figure of their county or city. README.md says what each needs and gives."""

    SUM = "sum"
    RATIO = "ratio"
    WEIGHTED_CV = "weighted_cv"
    COMPOSITE_CV = "composite_cv"
    SHARE = "share"
    K_OF_N = "k_of_n"
    COUNT_MET = "count_met"
    GRADE_COUNT = "grade_count"
    PERCENTILE = "percentile"
    MEDIAN = "median"


class Direction(StrEnum):
    """Which side of a threshold is good: at least, at most, exactly; `NONE` is never judged."""

    UP = "up"
    DOWN = "down"
    EQUAL = "equal"
    NONE = "none"


class Role(StrEnum):
    """Thresholds and targets are judged; baselines and references are shown beside the figure."""

    THRESHOLD = "threshold"
    TARGET = "target"
    BASELINE = "baseline"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NO_TEXT = Text()


@dataclass(frozen=True)
class Threshold:
    """One number to compare with, in force from `valid_from` to `valid_to` (both inclusive).

    `stage` "" holds for every stage; `level` is "any", "unit" or "group". `when` is a condition on the unit (a
    transitional clause); a clause whose condition is not known to hold is not granted. `strict` excludes equality.
    """

    value: float
    stage: str = ""
    level: str = "any"
    role: Role = Role.THRESHOLD
    strict: bool = False
    when: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    label: Text = NO_TEXT
    source: str = ""

    @property
    def judged(self) -> bool:
        return self.role in (Role.THRESHOLD, Role.TARGET)

    def in_force(self, on: date) -> bool:
        return _in_force(self.valid_from, self.valid_to, on)


@dataclass(frozen=True)
class GradeRule:
    """So many items in the best grade, so many more in the second: 29 + 7 of 36."""

    full: int
    partial: int
    label: Text = NO_TEXT


@dataclass(frozen=True)
class Definition:
    """One version of one indicator. README.md, "Definitions", explains every field. Errors: DefinitionError.

    A row that cannot be computed yet has no `kind` and says in `needs` what is missing.
    """

    code: str
    name: Text
    section: str = ""
    status: str = "C"
    unit: Text = NO_TEXT
    period: str = "Y"
    direction: Direction = Direction.UP
    kind: Kind | None = None
    numerator: str = ""
    denominator: str = ""
    value: str = ""
    passes: str = ""
    scope: str = ""
    factor: float | None = None
    of: tuple[str, ...] = ()
    k: int = 0
    floor: float = 0.0
    q: float = 0.5
    items: tuple[str, ...] = ()
    grades: tuple[GradeRule, ...] = ()
    slices: tuple[str, ...] = ()
    levels: tuple[str, ...] = ("unit", "group")
    min_coverage: float = 0.0
    decimals: int | None = None
    thresholds: tuple[Threshold, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    collect: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    document: str = ""
    article: str = ""
    needs: Text = NO_TEXT
    note: Text = NO_TEXT
    description: Text = NO_TEXT

    def __post_init__(self) -> None:
        for problem_field, text in _problems(self):
            raise DefinitionError(self.code, problem_field, text)

    @property
    def computable(self) -> bool:
        return self.kind is not None

    @property
    def expressions(self) -> dict[str, str]:
        """The expressions that are present, by field ("items.0", "thresholds.1.when" for nested ones)."""
        found = {name: getattr(self, name) for name in EXPRESSION_FIELDS if getattr(self, name)}
        found |= {f"items.{i}": text for i, text in enumerate(self.items)}
        found |= {f"thresholds.{i}.when": t.when for i, t in enumerate(self.thresholds) if t.when}
        return found

    def in_force(self, on: date) -> bool:
        return _in_force(self.valid_from, self.valid_to, on)

    @property
    def multiplier(self) -> float:
        """`factor`, which unless given is 100 for shares of units and 1 for everything else."""
        if self.factor is not None:
            return self.factor
        return 100.0 if self.kind in (Kind.SHARE, Kind.K_OF_N) else 1.0

    def decimals_shown(self) -> int:
        """Rule R3 unless `decimals` says otherwise: CV 3, percentages 1, school values and means 2, counts 0."""
        if self.decimals is not None:
            return self.decimals
        if self.kind in (Kind.WEIGHTED_CV, Kind.COMPOSITE_CV):
            return 3
        if "%" in (self.unit.zh, self.unit.en):
            return 1
        if self.kind in (Kind.RATIO, Kind.PERCENTILE, Kind.MEDIAN):
            return 2
        return 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON data without empty fields; `loading.definition_from_dict` reads it back."""
        data: dict[str, Any] = _plain(self)
        return data

    def content_hash(self) -> str:
        """SHA-256 of the content. Spaces and brackets of an expression that change nothing do not change it."""
        data = self.to_dict()
        for name in EXPRESSION_FIELDS:
            if name in data:
                data[name] = canonical_text(data[name])
        if "items" in data:
            data["items"] = [canonical_text(text) for text in data["items"]]
        for threshold in data.get("thresholds", []):
            if "when" in threshold:
                threshold["when"] = canonical_text(threshold["when"])
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


_NEEDS: dict[Kind, tuple[str, ...]] = {
    Kind.SUM: ("value",),
    Kind.RATIO: ("numerator", "denominator"),
    Kind.COMPOSITE_CV: ("of",),
    Kind.K_OF_N: ("of", "k"),
    Kind.COUNT_MET: ("of",),
    Kind.GRADE_COUNT: ("items", "grades"),
    Kind.PERCENTILE: ("value",),
    Kind.MEDIAN: ("value",),
}

_WITH_FACTOR = (Kind.RATIO, Kind.WEIGHTED_CV, Kind.SHARE, Kind.K_OF_N)


def _problems(d: Definition) -> Iterable[tuple[str, str]]:
    """Every contradiction, most basic first."""
    if not CODE.fullmatch(d.code):
        yield "code", "must be capital letters and two digits, such as INF01 or GOV03A"
    if not d.name:
        yield "name", "must be given in zh or en"
    if d.status not in ("A", "B", "C"):
        yield "status", f"must be A, B or C, not {d.status!r}"
    if d.valid_from and d.valid_to and d.valid_to < d.valid_from:
        yield "valid_to", "lies before valid_from"
    if d.decimals is not None and not 0 <= d.decimals <= 12:
        yield "decimals", "must be 0 to 12"
    if not 0 <= d.min_coverage <= 1:
        yield "min_coverage", "must be 0 to 1"
    yield from _unknown_words(d)
    if d.kind is None:
        if not d.needs:
            yield "needs", "a row without a kind must say what data it needs"
        if d.expressions or d.of:
            yield "kind", "a row with expressions must have a kind"
        return
    if d.needs:
        yield "needs", "a row that is computed needs nothing: remove this text"
    yield from _missing_parts(d, d.kind)
    yield from _threshold_problems(d)


def _unknown_words(d: Definition) -> Iterable[tuple[str, str]]:
    for name in d.slices:
        if name not in ("stage", "area"):
            yield "slices", f"knows stage and area, not {name!r}"
    for name in d.levels:
        if name not in ("unit", "group"):
            yield "levels", f"knows unit and group, not {name!r}"
    if not d.levels:
        yield "levels", "must name at least one level"


def _missing_parts(d: Definition, kind: Kind) -> Iterable[tuple[str, str]]:
    for name in _NEEDS.get(kind, ()):
        if not getattr(d, name):
            yield name, f"kind {kind.value} needs it"
    if kind is Kind.WEIGHTED_CV and bool(d.of) == bool(d.numerator and d.denominator):
        yield "numerator", "kind weighted_cv needs numerator and denominator, or the one ratio indicator in `of`"
    if kind is Kind.WEIGHTED_CV and len(d.of) > 1:
        yield "of", "kind weighted_cv is about one indicator"
    if kind is Kind.SHARE and not (d.passes or d.value):
        yield "passes", "kind share needs `passes`, or `value` and unit thresholds to pass"
    if kind is Kind.SHARE and d.value and not d.passes and not any(t.judged for t in d.thresholds):
        yield "thresholds", "kind share without `passes` needs a threshold for units"
    if kind is Kind.K_OF_N and not (1 <= d.k <= len(d.of) and 0 <= d.floor <= 1):
        yield "k", f"must be 1 to {len(d.of)}, and floor 0 to 1"
    if kind is Kind.PERCENTILE and not 0 <= d.q <= 1:
        yield "q", "must be 0 to 1"
    if d.factor is not None and not (d.factor > 0 and kind in _WITH_FACTOR):
        yield "factor", f"must be above 0, and stand only with {', '.join(_WITH_FACTOR)}"
    if d.code in d.of:
        yield "of", "an indicator cannot rest on itself"


def _threshold_problems(d: Definition) -> Iterable[tuple[str, str]]:
    plain = [t for t in d.thresholds if t.judged and not t.when]
    for t in d.thresholds:
        if t.stage not in ("", *STAGES):
            yield "thresholds", f"unknown stage {t.stage!r}"
        if t.level not in ("any", "unit", "group"):
            yield "thresholds", f"unknown level {t.level!r}"
        if t.when and t.level != "unit":
            yield "thresholds", "a condition can only be asked of a unit: set level to unit"
        if t.valid_from and t.valid_to and t.valid_to < t.valid_from:
            yield "thresholds", "valid_to lies before valid_from"
    if len({t.strict for t in d.thresholds if t.judged}) > 1:
        yield "thresholds", "either all are strict or none"
    for i, a in enumerate(plain):
        for b in plain[i + 1 :]:
            if (a.stage, a.level) == (b.stage, b.level) and _overlap(a, b):
                yield "thresholds", f"two thresholds are in force at once (stage {a.stage or 'any'}, level {a.level})"


def _in_force(start: date | None, end: date | None, on: date) -> bool:
    return (start is None or start <= on) and (end is None or on <= end)


def _overlap(a: Definition | Threshold, b: Definition | Threshold) -> bool:
    latest_start = max(a.valid_from or date.min, b.valid_from or date.min)
    return latest_start <= min(a.valid_to or date.max, b.valid_to or date.max)


def select_valid(definitions: Iterable[Definition], on: date) -> tuple[Definition, ...]:
    """The version of each code in force on a day, in the order given. Errors: DefinitionError if versions overlap."""
    versions: dict[str, list[Definition]] = {}
    for definition in definitions:
        for other in versions.setdefault(definition.code, []):
            if _overlap(definition, other):
                raise DefinitionError(definition.code, "valid_from", "two versions are in force on the same day")
        versions[definition.code].append(definition)
    return tuple(d for group in versions.values() for d in group if d.in_force(on))


def _plain(value: Any) -> Any:
    if isinstance(value, Definition | Threshold | GradeRule | Text):
        out = {}
        for item in fields(value):
            content = getattr(value, item.name)
            if content != item.default and not (content == () or content is None):
                out[item.name] = _plain(content)
        return out
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
