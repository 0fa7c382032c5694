"""How a foreign table is to be understood: frozen data, one instance per kind of file.

Columns are named by their header (compared without regard to case, width and spacing; for joined header rows the
last part is enough if unique) or by their letter as ``#AB``. ``mapping_file`` loads and saves mappings as TOML.
"""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypedDict

from xingtan.engines.tables.types import Reason, Severity

FORMAT_VERSION: Final = 1

TOTAL_LABELS: Final = ("合计", "总计", "小计", "累计", "total", "grand total", "subtotal")
"""A row whose code or name is one of these is a total, not an organisation."""


class ElementKind(StrEnum):
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    """0 or 1; without a code list of its own also 是/否, 有/无, yes/no, true/false, Y/N."""


class FilterOp(StrEnum):
    IN = "in"
    NOT_IN = "not_in"


class RuleOp(StrEnum):
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IMPLIES = "implies"
    IFF = "iff"
    EXCLUDES = "excludes"

    @property
    def logical(self) -> bool:
        """Whether both sides are conditions rather than sums."""
        return self in (RuleOp.IMPLIES, RuleOp.IFF, RuleOp.EXCLUDES)


class ReadOptions(TypedDict):
    """How a file is to be read; see ``read_table``."""

    sheet: str | None
    header_rows: int | tuple[int, int] | None
    encoding: str | None
    delimiter: str | None


@dataclass(frozen=True, slots=True)
class Source:
    sheet: str | None = None
    """``None``: the first visible worksheet."""
    header_rows: int | tuple[int, int] | None = None
    """Number of header rows from row 1 (0: none), or (first, last) row 1-based; ``None``: found automatically."""
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str = "."
    """Decimal sign of numbers stored as text, ``.`` or ``,``; the other one separates thousands."""
    total_labels: tuple[str, ...] = TOTAL_LABELS

    def options(self) -> ReadOptions:
        """Keyword arguments for ``read_table`` and ``read_table_guarded``."""
        return ReadOptions(
            sheet=self.sheet, header_rows=self.header_rows, encoding=self.encoding, delimiter=self.delimiter
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """Keep a row only if the column's text is (``in``) or is not (``not_in``) one of the values."""

    column: str
    op: FilterOp
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The period of all values: fixed, or read from a column. At most one is set."""

    value: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class CodedColumn:
    """A text column translated by a list; without a list the text is taken as it is."""

    column: str
    codes: ReadOnly[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatusColumn:
    """Which codes mean that a unit is in operation, paused or closed."""

    column: str
    active: tuple[str, ...]
    paused: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """One level above the unit, lowest first: a code column, a name column or both."""

    level: str
    code: str | None = None
    name: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Attribute:
    """A further text of the unit (owner, address…), translated by a list if one is given."""

    code: str
    column: str
    codes: ReadOnly[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str | None = None
    code_pattern: str | None = None
    """A regular expression the whole code must match."""
    stage: CodedColumn | None = None
    locale: CodedColumn | None = None
    status: StatusColumn | None = None
    parents: tuple[Parent, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Where units may lie, in decimal degrees."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Coordinates:
    latitude: str
    longitude: str
    box: Box
    repair: bool = False
    """Accept the proposed value where exactly one power of ten brings a coordinate into the box."""


@dataclass(frozen=True, slots=True)
class Element:
    """One column that becomes a data element."""

    code: str
    column: str
    kind: ElementKind = ElementKind.NUMBER
    label: str = ""
    unit: str = ""
    multiplier: float = 1.0
    """Reported value × multiplier = stored value (unit conversion)."""
    suffixes: tuple[str, ...] = ()
    """Units that may stand after a number stored as text, such as ``台`` or ``Mbps``."""
    codes: ReadOnly[str, float | Reason] = field(default_factory=dict)
    """If given, the only values allowed, and what each means."""
    minimum: float | None = None
    """In stored units, inclusive."""
    maximum: float | None = None
    blank: Reason = Reason.NOT_REPORTED
    """What a blank of an active unit means; of any other unit a blank is not applicable."""
    required: bool = False
    """A blank of an active unit is an error."""
    sentinels: ReadOnly[str, Reason] = field(default_factory=dict)
    """Codes for missing answers in this column, besides those of the mapping."""
    optional: bool = False
    """The file may lack the column; then every value is not reported."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Two sides that must agree. For comparisons each side is a sum (``rooms_in + rooms_out``, ``3``); for
    ``implies``, ``iff`` and ``excludes`` a condition (``internet == 0``, ``speed present``, ``speed missing``).
    A comparison is skipped where a value is missing, unless ``missing_as_zero``."""

    code: str
    left: str
    op: RuleOp
    right: str
    severity: Severity = Severity.WARNING
    text: str = ""
    missing_as_zero: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    name: str
    unit: Unit
    version: int = FORMAT_VERSION
    title: str = ""
    note: str = ""
    source: Source = Source()
    period: Period = Period()
    filters: tuple[Filter, ...] = ()
    coordinates: Coordinates | None = None
    sentinels: ReadOnly[str, Reason] = field(default_factory=dict)
    """Codes for missing answers in any element column."""
    elements: tuple[Element, ...] = ()
    rules: tuple[Rule, ...] = ()
    severities: ReadOnly[str, Severity] = field(default_factory=dict)
    """Overrides of the engine's severities, by message code."""

    def columns(self) -> tuple[str, ...]:
        """Every column the mapping names, without repetition, in the order of the file's sections."""
        unit = self.unit
        names: list[str | None] = [unit.code, unit.name]
        names += [part.column for part in (unit.stage, unit.locale, unit.status) if part is not None]
        for parent in unit.parents:
            names += [parent.code, parent.name]
        names += [attribute.column for attribute in unit.attributes]
        names.append(self.period.column)
        if self.coordinates is not None:
            names += [self.coordinates.latitude, self.coordinates.longitude]
        names += [row_filter.column for row_filter in self.filters]
        names += [element.column for element in self.elements]
        return tuple(dict.fromkeys(name for name in names if name is not None))
