"""One column into one data element: numbers with a reason for every null."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from typing import Final

import numpy as np

from xingtan.engines.tables.issues import IssueLog
from xingtan.engines.tables.mapping import Element, ElementKind
from xingtan.engines.tables.types import F64, U8, Bools, CellKind, Column, ElementValues, Param, Reason
from xingtan.engines.tables.values import folded, formula_like, number_text, parse_number, texts

_YES_NO: Final[dict[str, float | Reason]] = {
    "1": 1.0, "是": 1.0, "有": 1.0, "yes": 1.0, "y": 1.0, "true": 1.0, "√": 1.0, "✓": 1.0,
    "0": 0.0, "否": 0.0, "无": 0.0, "没有": 0.0, "no": 0.0, "n": 0.0, "false": 0.0, "×": 0.0,
}  # fmt: skip
_OK: Final = ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a distinct cell means: a value, or a reason for its lack, or a problem (an issue code)."""

    value: float = np.nan
    reason: Reason = Reason.REPORTED
    problem: str = _OK
    sentinel: bool = False
    as_text: bool = False


class Sentinels:
    """Codes for missing answers, compared as numbers where they are numbers."""

    def __init__(self, *tables: ReadOnly[str, Reason]) -> None:
        self._numbers: dict[float, Reason] = {}
        self._texts: dict[str, Reason] = {}
        for table in tables:
            for key, reason in table.items():
                number = parse_number(key)
                if number is None:
                    self._texts[folded(key)] = reason
                else:
                    self._numbers[number] = reason

    def __bool__(self) -> bool:
        return bool(self._numbers or self._texts)

    def numbers(self) -> Iterable[tuple[float, Reason]]:
        return self._numbers.items()

    def of_text(self, text: str) -> Reason | None:
        return self._texts.get(folded(text)) if self._texts else None

    def of_number(self, number: float) -> Reason | None:
        return self._numbers.get(number)


def read_element(
    column: Column,
    element: Element,
    sentinels: Sentinels,
    active: Bools,
    decimal: str,
    log: IssueLog,
    *,
    text_is_normal: bool,
) -> ElementValues:
    """The n values of an element; every fault goes to ``log``.

    ``active`` (n,): a blank of any other unit is not applicable. ``text_is_normal``: the file has no number cells
    (CSV), so numbers as text are not worth a note.
    """
    n = len(column.kinds)
    values: F64 = np.full(n, np.nan)
    reasons: U8 = np.full(n, Reason.REPORTED, dtype=np.uint8)
    kinds = column.kinds
    _blanks(column, element, active, reasons, log)

    coded = bool(element.codes) or element.kind is ElementKind.BOOLEAN
    if not coded:
        _plain_numbers(column, element, sentinels, values, reasons, log)
    for kind in (CellKind.NUMBER, CellKind.BOOL) if coded else (CellKind.BOOL,):
        rows = np.flatnonzero(kinds == kind)
        if rows.size:
            distinct, inverse = np.unique(column.numbers[rows], return_inverse=True)
            outcomes = [_of_number(x, kind, element, sentinels) for x in distinct.tolist()]
            _apply(outcomes, rows, inverse, values, reasons, column, element, log, text_is_normal=True)

    rows = np.flatnonzero(kinds == CellKind.TEXT)
    if rows.size:
        used, inverse = np.unique(column.codes[rows], return_inverse=True)
        outcomes = [_of_text(column.strings[code], element, sentinels, decimal) for code in used.tolist()]
        _apply(outcomes, rows, inverse, values, reasons, column, element, log, text_is_normal=text_is_normal)
        flag_formulas(column, log)

    for kind, problem in ((CellKind.DATE, "not_a_number"), (CellKind.ERROR, "cell_error")):
        wrong = kinds == kind
        reasons[wrong] = Reason.UNKNOWN
        log.flag(problem, wrong, column)
    _bounds(values, reasons, column, element, log)
    values[reasons != Reason.REPORTED] = np.nan
    return ElementValues(element.code, column.letter, values, reasons)


def absent_element(element: Element, n: int) -> ElementValues:
    """An optional element whose column the file lacks."""
    return ElementValues(element.code, "", np.full(n, np.nan), np.full(n, Reason.NOT_REPORTED, dtype=np.uint8))


def flag_formulas(column: Column, log: IssueLog) -> None:
    """Note text cells that a spreadsheet might run as formulas."""
    suspicious = [k for k, text in enumerate(column.strings) if formula_like(text)]
    if suspicious:
        log.flag("formula_like", (column.kinds == CellKind.TEXT) & np.isin(column.codes, suspicious), column)


def flag_errors(column: Column, log: IssueLog) -> None:
    """Note Excel errors in a column that is read as text."""
    log.flag("cell_error", column.kinds == CellKind.ERROR, column)


def _blanks(column: Column, element: Element, active: Bools, reasons: U8, log: IssueLog) -> None:
    blank = column.kinds == CellKind.EMPTY
    reasons[blank & ~active] = Reason.NOT_APPLICABLE
    reasons[blank & active] = element.blank
    if element.required:
        log.flag("required_blank", blank & active, column)


def _plain_numbers(
    column: Column, element: Element, sentinels: Sentinels, values: F64, reasons: U8, log: IssueLog
) -> None:
    """Number cells of an element without a code list, all at once."""
    given = column.kinds == CellKind.NUMBER
    values[given] = column.numbers[given] * element.multiplier
    hit = np.zeros(len(given), dtype=np.bool_)
    for number, reason in sentinels.numbers():
        here = given & (column.numbers == number)
        reasons[here] = reason
        hit |= here
    log.flag(
        "sentinel", hit, column, lambda i: _sentinel_params(number_text(float(column.numbers[i])), int(reasons[i]))
    )
    if element.kind is ElementKind.INTEGER:
        split = given & ~hit & (column.numbers != np.floor(column.numbers))
        reasons[split] = Reason.UNKNOWN
        log.flag("not_whole", split, column)


def _sentinel_params(found: str, reason: int) -> dict[str, Param]:
    return {"sentinel": found[:80], "reason": Reason(reason).name.lower()}


def _of_number(number: float, kind: CellKind, element: Element, sentinels: Sentinels) -> _Outcome:
    """A boolean cell, or a number cell under a code list."""
    if kind == CellKind.BOOL:
        if element.kind is not ElementKind.BOOLEAN and not element.codes:
            return _Outcome(problem="not_a_number")
        return _coded("true" if number else "false", element) or _coded("1" if number else "0", element) or _unlisted()
    reason = sentinels.of_number(number)
    if reason is not None:
        return _Outcome(reason=reason, sentinel=True)
    return _coded(number_text(number), element) or _unlisted()


def _of_text(text: str, element: Element, sentinels: Sentinels, decimal: str) -> _Outcome:
    reason = sentinels.of_text(text)
    number = parse_number(text, decimal, element.suffixes)
    if reason is None and number is not None:
        reason = sentinels.of_number(number)
    if reason is not None:
        return _Outcome(reason=reason, sentinel=True)
    if element.codes or element.kind is ElementKind.BOOLEAN:
        outcome = _coded(text, element)
        if outcome is None and number is not None:
            outcome = _coded(number_text(number), element)
        return outcome or _unlisted()
    if number is None:
        return _Outcome(problem="not_a_number")
    plain = _plain(number, element)
    return _Outcome(plain.value, plain.reason, plain.problem, as_text=True)


def _plain(number: float, element: Element) -> _Outcome:
    if element.kind is ElementKind.INTEGER and not number.is_integer():
        return _Outcome(problem="not_whole")
    return _Outcome(number * element.multiplier)


def _coded(text: str, element: Element) -> _Outcome | None:
    wanted = folded(text)
    table = element.codes or _YES_NO
    meaning = next((value for key, value in table.items() if folded(key) == wanted), None)
    if meaning is None:
        return None
    if isinstance(meaning, Reason):
        return _Outcome(reason=meaning)
    return _Outcome(meaning * element.multiplier)


def _unlisted() -> _Outcome:
    return _Outcome(problem="not_in_list")


def _apply(
    outcomes: list[_Outcome],
    rows: np.typing.NDArray[np.intp],
    inverse: np.typing.NDArray[np.intp],
    values: F64,
    reasons: U8,
    column: Column,
    element: Element,
    log: IssueLog,
    *,
    text_is_normal: bool,
) -> None:
    """Spread the outcomes of the distinct cells over their rows."""
    values[rows] = np.array([outcome.value for outcome in outcomes])[inverse]
    reasons[rows] = np.array(
        [Reason.UNKNOWN if outcome.problem else outcome.reason for outcome in outcomes], dtype=np.uint8
    )[inverse]
    problems = np.array([outcome.problem for outcome in outcomes])
    for problem in sorted(set(problems.tolist()) - {_OK}):
        allowed = ", ".join(element.codes or ("0", "1"))
        log.flag(problem, rows[(problems == problem)[inverse]], column, {"allowed": allowed[:200]})
    hit = np.array([outcome.sentinel for outcome in outcomes])
    if hit.any():
        names = texts(column)
        log.flag("sentinel", rows[hit[inverse]], column, lambda i: _sentinel_params(names[i], int(reasons[i])))
    if not text_is_normal:
        spelled = np.array([outcome.as_text and not outcome.problem for outcome in outcomes])
        log.flag("number_as_text", rows[spelled[inverse]], column, lambda i: {"number": number_text(float(values[i]))})


def _bounds(values: F64, reasons: U8, column: Column, element: Element, log: IssueLog) -> None:
    reported = reasons == Reason.REPORTED
    if element.minimum is not None:
        low = reported & (values < element.minimum)
        log.flag("below_minimum", low, column, {"minimum": number_text(element.minimum)})
        reasons[low] = Reason.UNKNOWN
    if element.maximum is not None:
        high = reported & (values > element.maximum)
        log.flag("above_maximum", high, column, {"maximum": number_text(element.maximum)})
        reasons[high] = Reason.UNKNOWN
