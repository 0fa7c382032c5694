"""What an expression may speak of: elements with their types, and unit attributes with their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xingtan.engines.indicators.definitions import NO_TEXT, STAGES, Text
from xingtan.engines.indicators.errors import DefinitionError
from xingtan.engines.indicators.syntax import RESERVED, Type

# What a unit's `stage` teaches: a nine-year school is in the primary slice and in the junior slice.
STAGES_OF_KIND: dict[str, tuple[str, ...]] = {
    "kindergarten": (),
    "primary": ("primary",),
    "teaching_point": ("primary",),
    "junior": ("junior",),
    "nine_year": ("primary", "junior"),
    "senior": ("senior",),
    "complete": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
    "vocational": (),
    "special": (),
}
AREAS = ("urban", "town", "rural")

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "stage": tuple(STAGES_OF_KIND),
    "area_type": AREAS,
    "status": ("active", "paused", "closed"),
    "kind": ("city", "county", "school", "campus"),
}
"""The attributes of the house's directory; a schema may bring others. An empty tuple means any text."""


class ElementKind(StrEnum):
    """`CODE` cells hold one of a few numbers that `codes` explains."""

    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CODE = "code"


@dataclass(frozen=True)
class Element:
    """A data element: one thing a unit is asked or measured for. Errors: DefinitionError.

    `stages` names the stages it is asked of (empty: all); `supplied_by` is "form" or the domain that gives it.
    """

    code: str
    name: Text
    kind: str
    group: str
    unit: Text = NO_TEXT
    minimum: float | None = None
    maximum: float | None = None
    codes: Mapping[str, Text] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    supplied_by: str = "form"
    description: Text = NO_TEXT

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", self.code):
            raise DefinitionError(self.code, "code", "must be ASCII snake_case of at most 60 characters")
        if self.code in RESERVED:
            raise DefinitionError(self.code, "code", "is a word of the expression language")
        if self.kind not in set(ElementKind):
            raise DefinitionError(self.code, "kind", f"must be one of {', '.join(ElementKind)}, not {self.kind!r}")
        if (self.kind == ElementKind.CODE) != bool(self.codes):
            raise DefinitionError(self.code, "codes", "must be given for kind code, and only for it")
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise DefinitionError(self.code, "maximum", "is below minimum")
        if unknown := set(self.stages) - set(STAGES):
            raise DefinitionError(self.code, "stages", f"unknown stage {sorted(unknown)[0]!r}")

    @property
    def type(self) -> Type:
        return Type.BOOLEAN if self.kind == ElementKind.BOOLEAN else Type.NUMBER


@dataclass(frozen=True)
class Schema:
    """Types of elements, values of attributes, and local names of elements (only to suggest codes in errors)."""

    elements: Mapping[str, Type]
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: ATTRIBUTES)
    labels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, elements: Iterable[Element], attributes: Mapping[str, tuple[str, ...]] = ATTRIBUTES) -> Schema:
        """The schema of a catalogue of elements. Errors: DefinitionError if a code is also an attribute."""
        rows = tuple(elements)
        for row in rows:
            if row.code in attributes:
                raise DefinitionError(row.code, "code", "is the name of a unit attribute")
        return cls({r.code: r.type for r in rows}, attributes, {r.name.zh: r.code for r in rows if r.name.zh})
