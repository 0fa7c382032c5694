"""Cross-checks between elements of one unit: ``left op right``, with a stated treatment of missing values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from xingtan.engines.tables.mapping import Rule, RuleOp
from xingtan.engines.tables.types import F64, Bools, ElementValues, Reason
from xingtan.engines.tables.values import number_text, parse_number

_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Sum:
    """Signed elements and numbers."""

    terms: tuple[tuple[float, str | float], ...]

    def elements(self) -> Iterator[str]:
        return (term for _, term in self.terms if isinstance(term, str))

    def evaluate(self, values: ReadOnly[str, ElementValues], n: int, *, zero: bool) -> tuple[F64, Bools]:
        """(n,) the sum and whether every part is known; a missing part counts as 0 if ``zero``."""
        total: F64 = np.zeros(n)
        known: Bools = np.ones(n, dtype=np.bool_)
        for sign, term in self.terms:
            if isinstance(term, float):
                total = total + sign * term
                continue
            present = _present(values[term])
            total = total + sign * np.where(present, values[term].values, 0.0)
            if not zero:
                known &= present
        return total, known


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of two sums, or whether an element has a value."""

    left: Sum
    op: str
    """A comparison sign, ``present`` or ``missing``."""
    right: Sum

    def elements(self) -> Iterator[str]:
        yield from self.left.elements()
        yield from self.right.elements()

    def evaluate(self, values: ReadOnly[str, ElementValues], n: int, *, zero: bool) -> tuple[Bools, Bools]:
        """(n,) whether it holds and whether that is known."""
        if self.op in ("present", "missing"):
            present = _present(values[next(self.left.elements())])
            return (present if self.op == "present" else ~present), np.ones(n, dtype=np.bool_)
        left, left_known = self.left.evaluate(values, n, zero=zero)
        right, right_known = self.right.evaluate(values, n, zero=zero)
        known: Bools = left_known & right_known
        return known & _holds(left, self.op, right), known


def parse_side(text: str, op: RuleOp) -> Sum | Condition:
    """One side of a rule; tokens stand apart by spaces. Raises ``ValueError`` saying what is wrong."""
    tokens = text.split()
    if not op.logical:
        return _parse_sum(tokens)
    if len(tokens) == 2 and tokens[1] in ("present", "missing"):
        subject = _parse_sum(tokens[:1])
        if not any(subject.elements()):
            raise ValueError(f"“{tokens[0]}” is not an element")
        return Condition(subject, tokens[1], Sum(()))
    signs = [k for k, token in enumerate(tokens) if token in _COMPARE]
    if len(signs) != 1:
        raise ValueError(f"“{text}” is not a condition such as “internet == 0” or “speed present”")
    return Condition(_parse_sum(tokens[: signs[0]]), tokens[signs[0]], _parse_sum(tokens[signs[0] + 1 :]))


def _parse_sum(tokens: list[str]) -> Sum:
    terms: list[tuple[float, str | float]] = []
    sign: float | None = 1.0
    for word in tokens:
        if word in ("+", "-"):
            if sign is not None:
                raise ValueError(f"“{' '.join(tokens)}” has a “{word}” without a term before it")
            sign = 1.0 if word == "+" else -1.0
            continue
        if sign is None:
            raise ValueError(f"“{' '.join(tokens)}” lacks + or - before “{word}”")
        number = parse_number(word)
        terms.append((sign, word if number is None else number))
        sign = None
    if sign is not None:
        raise ValueError("a term such as an element code or a number is missing")
    return Sum(tuple(terms))


def broken(rule: Rule, values: ReadOnly[str, ElementValues], n: int) -> Bools:
    """(n,) the units that contradict the rule. Every element of the rule must be in ``values``."""
    left, right = parse_side(rule.left, rule.op), parse_side(rule.right, rule.op)
    zero = rule.missing_as_zero
    first, first_known = left.evaluate(values, n, zero=zero)
    second, second_known = right.evaluate(values, n, zero=zero)
    result: Bools
    if rule.op is RuleOp.IMPLIES:
        result = first.astype(np.bool_) & second_known & ~second.astype(np.bool_)
    elif rule.op is RuleOp.EXCLUDES:
        result = first.astype(np.bool_) & second.astype(np.bool_)
    elif rule.op is RuleOp.IFF:
        result = first_known & second_known & (first != second)
    else:
        result = first_known & second_known & ~_holds(first, rule.op.value, second)
    return result


def elements_of(rule: Rule) -> tuple[str, ...]:
    """The elements a rule names, left side first."""
    return tuple(
        dict.fromkeys(name for side in (rule.left, rule.right) for name in parse_side(side, rule.op).elements())
    )


def found_values(rule: Rule, values: ReadOnly[str, ElementValues], row: int) -> str:
    """What the unit reported for the rule's elements: ``internet = 0, broadband = 1``."""
    parts = []
    for name in elements_of(rule):
        element = values[name]
        reported = element.reasons[row] == Reason.REPORTED
        parts.append(f"{name} = {number_text(float(element.values[row])) if reported else '–'}")
    return ", ".join(parts)


def _present(element: ElementValues) -> Bools:
    present: Bools = element.reasons == np.uint8(Reason.REPORTED)
    return present


def _holds(left: F64 | Bools, op: str, right: F64 | Bools) -> Bools:
    """The comparison, with sums equal when they differ by rounding only."""
    close = np.isclose(left, right, rtol=_TOLERANCE, atol=_TOLERANCE)
    if op in ("==", "!="):
        result: Bools = close if op == "==" else ~close
        return result
    strict: Bools = _COMPARE[op](left, right)
    either: Bools = strict | close if op in ("<=", ">=") else strict & ~close
    return either
