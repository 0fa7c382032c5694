"""Plain data of the table engine: limits, cells, tables, issues and results.

Nothing here computes. Arrays are never written to after construction; row indices are 0-based positions in
the arrays, *source rows* and *column letters* are what the user sees in a spreadsheet (1-based, ``A``…).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.messages import english

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

Param = str | int | float
Scalar = str | float | bool | None
Progress = Callable[[float, str], None]
"""Called with the share done (0…1) and the code of a progress message (``messages.PROGRESS``)."""


class TableError(ValueError):
    """The file cannot be read as a table. ``reason`` is a code of ``messages.TABLE_ERRORS``.

    ``str(error)`` is the English text; a caller that translates uses ``reason`` and ``params``.
    """

    def __init__(self, reason: str, **params: Param) -> None:
        super().__init__(english(reason, params))
        self.reason = reason
        self.params: dict[str, Param] = params

    def __reduce__(self) -> tuple[Callable[..., TableError], tuple[str, dict[str, Param]]]:
        return _table_error, (self.reason, self.params)


def _table_error(reason: str, params: dict[str, Param]) -> TableError:
    return TableError(reason, **params)


class MappingError(ValueError):
    """A mapping is wrong. ``key`` is the path in the file, such as ``element[3].codes``."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Limits:
    """What a foreign file may cost. Every limit is checked before the cost is paid where the format allows."""

    file_bytes: int = 64 * 2**20
    unpacked_bytes: int = 512 * 2**20
    """All members of a workbook archive together, as declared and as really unpacked."""
    ratio: float = 100.0
    """Unpacked over packed size of one archive member; judged above 1 MiB only, as small members may be uniform."""
    members: int = 2_000
    rows: int = 200_000
    columns: int = 2_000
    cells: int = 6_000_000
    """Rows × columns of the rectangle that holds the data: the parser allocates the rectangle, not the cells."""
    cell_chars: int = 32_767
    text_bytes: int = 512 * 2**20
    """All text cells together, repetitions included: one shared string may be referenced by every cell."""


class FileFormat(StrEnum):
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    CSV = "csv"


class CellKind(IntEnum):
    EMPTY = 0
    NUMBER = 1
    TEXT = 2
    BOOL = 3
    DATE = 4
    """A date, time or duration cell, held as its ISO 8601 text."""
    ERROR = 5
    """An Excel error such as ``#REF!``, held as its text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of n cells; text is dictionary-encoded, so that each distinct text is examined once."""

    index: int
    """0-based position in the sheet."""
    header: str
    """Header rows joined with ``" / "``; may be empty."""
    kinds: U8
    """(n,) values of ``CellKind``."""
    numbers: F64
    """(n,) the value of NUMBER cells, 0/1 of BOOL cells, NaN elsewhere."""
    codes: I32
    """(n,) index into ``strings`` of TEXT, DATE and ERROR cells, −1 elsewhere."""
    strings: tuple[str, ...]

    @property
    def letter(self) -> str:
        return column_letter(self.index)

    def value(self, row: int) -> Scalar:
        """The stored value of one cell; ``None`` when empty. Row is 0-based."""
        kind = CellKind(int(self.kinds[row]))
        if kind is CellKind.EMPTY:
            return None
        if kind is CellKind.NUMBER:
            return float(self.numbers[row])
        if kind is CellKind.BOOL:
            return bool(self.numbers[row])
        return self.strings[int(self.codes[row])]


@dataclass(frozen=True, slots=True)
class Notice:
    """A fact about reading the file that is not a fault of one cell (macros ignored, encoding guessed…)."""

    code: str
    row: int | None = None
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as clean columns. Rows without any value are dropped; ``source_rows`` keeps their numbering."""

    format: FileFormat
    sheet: str
    """Empty for CSV."""
    sheets: tuple[str, ...]
    """All worksheets of the file, in order."""
    columns: tuple[Column, ...]
    source_rows: I32
    """(n,) 1-based row in the sheet, or record of a CSV file."""
    header_rows: tuple[int, int] | None
    """First and last header row, 1-based; ``None`` when the sheet has none."""
    sha256: str
    """Hexadecimal hash of the file's bytes."""
    encoding: str | None = None
    delimiter: str | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def row_count(self) -> int:
        return len(self.source_rows)

    def head(self, rows: int = 20) -> list[list[Scalar]]:
        """The first rows as plain values, for a preview."""
        return [[column.value(i) for column in self.columns] for i in range(min(rows, self.row_count))]


class Severity(StrEnum):
    ERROR = "error"
    """Blocks the import."""
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault at one place. ``code`` is a key of ``messages.ISSUES``."""

    code: str
    severity: Severity
    sheet: str
    row: int | None
    column: str | None
    """Letter."""
    header: str | None
    value: str | None
    """As the user wrote it, shortened to 80 characters."""
    params: Mapping[str, Param] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return english(self.code, self.params)


@dataclass(frozen=True, slots=True)
class IssueCount:
    """How often one kind of fault occurs in one column; counts are exact even where issues were capped."""

    code: str
    severity: Severity
    column: str | None
    header: str | None
    count: int


class Reason(IntEnum):
    """Why a value is null (0: it is not)."""

    REPORTED = 0
    NOT_APPLICABLE = 1
    UNKNOWN = 2
    NOT_REPORTED = 3
    SUPPRESSED = 4


class UnitStatus(IntEnum):
    UNKNOWN = 0
    ACTIVE = 1
    PAUSED = 2
    CLOSED = 3


class CoordinateState(IntEnum):
    """What one axis of a unit's position is."""

    ABSENT = 0
    """The mapping names no coordinates."""
    VALID = 1
    MISSING = 2
    LOST_DECIMAL = 3
    """Outside the box, but exactly one power of ten brings it inside."""
    OUTSIDE = 4
    NOT_A_NUMBER = 5
    REPAIRED = 6
    """Was LOST_DECIMAL; the mapping asked for the repair."""


@dataclass(frozen=True, slots=True)
class ParentValues:
    """One level of the organisations above the units, lists of n texts ('' when blank)."""

    level: str
    codes: list[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Axis:
    """One coordinate of n units in decimal degrees."""

    values: F64
    """(n,) NaN unless the state is VALID or REPAIRED."""
    states: U8
    """(n,) values of ``CoordinateState``."""
    proposals: F64
    """(n,) the repaired value of LOST_DECIMAL and REPAIRED units, NaN elsewhere. Never applied silently."""


@dataclass(frozen=True, slots=True)
class Units:
    """n organisations in table order; lists and arrays run in parallel."""

    source_rows: I32
    codes: list[str]
    names: list[str]
    stages: list[str]
    locales: list[str]
    """Class of the place, such as ``urban`` or ``rural``; '' when the mapping names none."""
    statuses: U8
    """(n,) values of ``UnitStatus``; ACTIVE for all when the mapping names no status column."""
    parents: tuple[ParentValues, ...]
    """From the lowest level up, in the order of the mapping."""
    periods: list[str]
    latitude: Axis
    longitude: Axis
    attributes: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def active(self) -> Bools:
        """(n,) the units in operation: the usual scope of a ratio."""
        active: Bools = self.statuses == np.uint8(UnitStatus.ACTIVE)
        return active


@dataclass(frozen=True, slots=True)
class ElementValues:
    """One data element of n units."""

    code: str
    column: str
    """Letter of the source column."""
    values: F64
    """(n,) NaN wherever the reason is not REPORTED."""
    reasons: U8
    """(n,) values of ``Reason``."""

    def total(self, where: Bools) -> float:
        """Sum of the reported values of the units in ``where``."""
        return float(self.values[where & (self.reasons == np.uint8(Reason.REPORTED))].sum())


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a dry run found. Store it only when ``ok``."""

    units: Units
    elements: dict[str, ElementValues]
    issues: tuple[Issue, ...]
    """At most ``cap`` of each code, by severity, code and row."""
    counts: tuple[IssueCount, ...]
    rows_read: int
    rows_filtered: int
    """Left out by the mapping's row filters."""
    rows_total: int
    """Left out as totals (合计, Total…)."""
    import_key: str
    """Hash of (file bytes, mapping): the same key means the same import."""

    @property
    def ok(self) -> bool:
        return self.count(severity=Severity.ERROR) == 0

    def count(self, code: str | None = None, *, column: str | None = None, severity: Severity | None = None) -> int:
        """Exact number of issues by code, column letter and severity; ``None`` means any."""
        return sum(
            c.count
            for c in self.counts
            if (code is None or c.code == code)
            and (column is None or c.column == column)
            and (severity is None or c.severity == severity)
        )


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def column_letter(index: int) -> str:
    """The spreadsheet letter of a 0-based column: 0 → ``A``, 27 → ``AB``."""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = _LETTERS[digit] + letters
    return letters


def column_index(letters: str) -> int:
    """The inverse of ``column_letter``; raises ``ValueError`` on anything but ASCII letters."""
    index = 0
    if not letters:
        raise ValueError("an empty column letter")
    for letter in letters.upper():
        digit = _LETTERS.find(letter)
        if digit < 0:
            raise ValueError(f"{letters!r} is not a column letter")
        index = index * 26 + digit + 1
    return index - 1
