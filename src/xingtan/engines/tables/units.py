"""The organisations of a table: identity, status, parents, attributes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np

from xingtan.engines.tables.elements import flag_errors, flag_formulas
from xingtan.engines.tables.issues import IssueLog
from xingtan.engines.tables.mapping import CodedColumn, Mapping, Parent, StatusColumn
from xingtan.engines.tables.patterns import CodePattern
from xingtan.engines.tables.resolve import Columns
from xingtan.engines.tables.types import U8, CellKind, Column, Param, ParentValues, UnitStatus
from xingtan.engines.tables.values import EXACT_INTEGER, folded, shorten, texts

_BLANK: Final = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything about n units but their position."""

    codes: list[str]
    names: list[str]
    stages: list[str]
    locales: list[str]
    statuses: U8
    parents: tuple[ParentValues, ...]
    periods: list[str]
    attributes: dict[str, list[str]]


def read_units(
    columns: Columns, mapping: Mapping, n: int, known_codes: Collection[str] | None, log: IssueLog
) -> Identity:
    """Read the n units; every fault goes to ``log``."""
    unit = mapping.unit
    return Identity(
        codes=_codes(columns.get(unit.code), unit.code_pattern, n, known_codes, log),
        names=_names(columns.get(unit.name), n, log),
        stages=_coded(columns, unit.stage, "stage_not_listed", n, log),
        locales=_coded(columns, unit.locale, "locale_not_listed", n, log),
        statuses=_statuses(columns, unit.status, n, log),
        parents=tuple(_parent(columns, parent, n, log) for parent in unit.parents),
        periods=_periods(columns, mapping, n, log),
        attributes={
            a.code: _coded(columns, CodedColumn(a.column, a.codes), "not_in_list", n, log) for a in unit.attributes
        },
    )


def _text(column: Column | None, n: int, log: IssueLog, *, as_code: bool = False) -> list[str]:
    if column is None:
        return [_BLANK] * n
    flag_formulas(column, log)
    flag_errors(column, log)
    result = texts(column, as_code=as_code)
    for i in np.flatnonzero(column.kinds == CellKind.ERROR).tolist():
        result[i] = _BLANK
    return result


def _codes(
    column: Column | None, pattern: str | None, n: int, known: Collection[str] | None, log: IssueLog
) -> list[str]:
    codes = _text(column, n, log, as_code=True)
    if column is None:
        return codes
    log.flag("code_blank", [i for i, code in enumerate(codes) if not code], column)
    rounded = (column.kinds == CellKind.NUMBER) & (np.abs(column.numbers) >= EXACT_INTEGER)
    log.flag("code_precision", rounded, column)
    if pattern is not None:
        form = CodePattern(pattern)
        wrong = [i for i, code in enumerate(codes) if code and not form.matches(code)]
        log.flag("code_malformed", wrong, column, {"pattern": pattern})
    if known is not None:
        known = known if isinstance(known, set | frozenset | dict) else set(known)
        missing = [i for i, code in enumerate(codes) if code and code not in known]
        log.flag("unit_unknown", missing, column, lambda i: {"code": shorten(codes[i])})
    _duplicates(codes, column, log)
    return codes


def _duplicates(codes: list[str], column: Column, log: IssueLog) -> None:
    first: dict[str, int] = {}
    times: dict[str, int] = {}
    again: list[int] = []
    for i, code in enumerate(codes):
        if code:
            if code in first:
                again.append(i)
            first.setdefault(code, i)
            times[code] = times.get(code, 0) + 1

    def params(i: int) -> dict[str, Param]:
        code = codes[i]
        return {"code": shorten(code), "count": times[code], "first": log.source_row(first[code])}

    log.flag("code_duplicate", again, column, params)


def _names(column: Column | None, n: int, log: IssueLog) -> list[str]:
    names = _text(column, n, log)
    if column is not None:
        log.flag("name_blank", [i for i, name in enumerate(names) if not name], column)
    return names


def _coded(columns: Columns, coded: CodedColumn | None, code: str, n: int, log: IssueLog) -> list[str]:
    column = columns.get(coded.column) if coded is not None else None
    found = _text(column, n, log)
    if coded is None or column is None or not coded.codes:
        return found
    table = {folded(key): value for key, value in coded.codes.items()}
    meanings = {text: table.get(folded(text)) for text in set(found)}
    unlisted = [i for i, text in enumerate(found) if text and meanings[text] is None]
    allowed = ", ".join(coded.codes)[:200]
    log.flag(code, unlisted, column, lambda i: {"found": shorten(found[i]), "allowed": allowed})
    return [meanings[text] or _BLANK for text in found]


def _statuses(columns: Columns, status: StatusColumn | None, n: int, log: IssueLog) -> U8:
    result: U8 = np.full(n, UnitStatus.ACTIVE, dtype=np.uint8)
    if status is None:
        return result
    column = columns.get(status.column)
    found = _text(column, n, log)
    table = {
        folded(code): meaning
        for codes, meaning in (
            (status.active, UnitStatus.ACTIVE),
            (status.paused, UnitStatus.PAUSED),
            (status.closed, UnitStatus.CLOSED),
        )
        for code in codes
    }
    meanings = {text: table.get(folded(text), UnitStatus.UNKNOWN) for text in set(found)}
    result[:] = [meanings[text] for text in found]
    if column is not None:
        log.flag("status_not_listed", result == UnitStatus.UNKNOWN, column, lambda i: {"found": shorten(found[i])})
    return result


def _parent(columns: Columns, parent: Parent, n: int, log: IssueLog) -> ParentValues:
    code_column, name_column = columns.get(parent.code), columns.get(parent.name)
    codes = _text(code_column, n, log, as_code=True)
    names = _text(name_column, n, log)
    if parent.required and (code_column or name_column) is not None:
        # The code decides where there is one: a name without a code cannot be matched.
        decisive = codes if code_column is not None else names
        blank = [i for i, text in enumerate(decisive) if not text]
        log.flag("parent_blank", blank, code_column or name_column, {"level": parent.level})
    if code_column is not None and name_column is not None:
        first: dict[str, int] = {}
        conflicts: list[int] = []
        for i, code in enumerate(codes):
            if code and names[i] and folded(names[first.setdefault(code, i)]) != folded(names[i]):
                conflicts.append(i)

        def params(i: int) -> dict[str, Param]:
            other = first[codes[i]]
            return {
                "level": parent.level,
                "code": shorten(codes[i]),
                "name": shorten(names[i]),
                "other": shorten(names[other]),
                "first": log.source_row(other),
            }

        log.flag("parent_conflict", conflicts, name_column, params)
    return ParentValues(parent.level, codes, names)


def _periods(columns: Columns, mapping: Mapping, n: int, log: IssueLog) -> list[str]:
    period = mapping.period
    if period.column is None:
        return [period.value or _BLANK] * n
    column = columns.get(period.column)
    periods = _text(column, n, log, as_code=True)
    if column is not None:
        log.flag("period_blank", [i for i, text in enumerate(periods) if not text], column)
    return periods
