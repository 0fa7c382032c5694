"""Collecting faults: exact counts for all of them, the first of each kind in full."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from typing import Final

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.messages import ISSUES
from xingtan.engines.tables.types import I32, Bools, Column, Issue, IssueCount, Param, Severity
from xingtan.engines.tables.values import shorten, shown

ERRORS: Final = frozenset(
    {
        "above_maximum",
        "below_minimum",
        "cell_error",
        "code_blank",
        "code_duplicate",
        "code_malformed",
        "code_precision",
        "column_ambiguous",
        "column_missing",
        "locale_not_listed",
        "name_blank",
        "no_units",
        "not_a_number",
        "not_in_list",
        "not_whole",
        "parent_blank",
        "period_blank",
        "required_blank",
        "stage_not_listed",
        "status_not_listed",
        "unit_unknown",
    }
)
INFOS: Final = frozenset(
    {
        "coordinate_repaired",
        "encoding_guessed",
        "guard_partial",
        "macros_ignored",
        "name_duplicate",
        "number_as_text",
        "sheet_chosen",
        "total_row_skipped",
    }
)
_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

Params = ReadOnly[str, Param] | Callable[[int], ReadOnly[str, Param]]
"""The same for every row, or by row index."""


def default_severity(code: str) -> Severity:
    """The engine's severity of an issue code; a mapping may override it."""
    if code in ERRORS:
        return Severity.ERROR
    return Severity.INFO if code in INFOS else Severity.WARNING


class IssueLog:
    """Faults of one dry run over the rows ``source_rows`` (n,)."""

    def __init__(self, sheet: str, source_rows: I32, severities: ReadOnly[str, Severity], cap: int) -> None:
        self._sheet, self._rows, self._severities, self._cap = sheet, source_rows, severities, cap
        self._issues: dict[str, list[Issue]] = {}
        self._counts: dict[tuple[str, Severity, str | None, str | None], int] = {}

    def flag(
        self,
        code: str,
        where: Bools | npt.NDArray[np.intp] | list[int],
        column: Column | None = None,
        params: Params | None = None,
        *,
        severity: Severity | None = None,
        value: Callable[[int], str | None] | None = None,
    ) -> None:
        """Note a fault at the rows in ``where`` (mask or indices); the value is the column's cell by default."""
        rows = np.flatnonzero(where) if isinstance(where, np.ndarray) and where.dtype == np.bool_ else where
        if len(rows) == 0:
            return
        self._count(code, column, len(rows), severity)
        kept = self._issues.setdefault(code, [])
        for row in rows[: max(self._cap - len(kept), 0)]:
            i = int(row)
            found = value(i) if value else shown(column, i) if column is not None else None
            given = params(i) if callable(params) else params or {}
            kept.append(self._issue(code, int(self._rows[i]), column, found, given, severity))

    def note(self, code: str, params: ReadOnly[str, Param], *, row: int | None = None) -> None:
        """Note a fault of the file as a whole, or of a source row that is not among the rows."""
        self._count(code, None, 1, None)
        kept = self._issues.setdefault(code, [])
        if len(kept) < self._cap:
            kept.append(self._issue(code, row, None, None, params, None))

    def on_column(self, code: str, column: Column, params: ReadOnly[str, Param]) -> None:
        """Note a fault of a column as a whole."""
        self._count(code, column, 1, None)
        self._issues.setdefault(code, []).append(self._issue(code, None, column, None, params, None))

    def source_row(self, i: int) -> int:
        """The 1-based source row of a row index."""
        return int(self._rows[i])

    def issues(self) -> tuple[Issue, ...]:
        everything = [issue for kept in self._issues.values() for issue in kept]
        everything.sort(key=lambda i: (_RANK[i.severity], i.code, i.row or 0, len(i.column or ""), i.column or ""))
        return tuple(everything)

    def counts(self) -> tuple[IssueCount, ...]:
        rows = [IssueCount(*key, count) for key, count in self._counts.items()]
        rows.sort(key=lambda c: (_RANK[c.severity], c.code, len(c.column or ""), c.column or ""))
        return tuple(rows)

    def _severity(self, code: str, severity: Severity | None) -> Severity:
        if code not in ISSUES:
            raise KeyError(code)
        return self._severities.get(code) or severity or default_severity(code)

    def _count(self, code: str, column: Column | None, by: int, severity: Severity | None) -> None:
        letter, header = (column.letter, column.header) if column is not None else (None, None)
        key = (code, self._severity(code, severity), letter, header)
        self._counts[key] = self._counts.get(key, 0) + by

    def _issue(
        self,
        code: str,
        row: int | None,
        column: Column | None,
        value: str | None,
        params: ReadOnly[str, Param],
        severity: Severity | None,
    ) -> Issue:
        return Issue(
            code=code,
            severity=self._severity(code, severity),
            sheet=self._sheet,
            row=row,
            column=column.letter if column is not None else None,
            header=column.header if column is not None else None,
            value=None if value is None else shorten(value),
            params=params,
        )
