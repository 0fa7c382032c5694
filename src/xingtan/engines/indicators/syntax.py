"""The syntax tree of an expression and its canonical text.

Chains such as a + b - c are one node, so that the depth of a tree is the depth of its brackets and a long sum needs no
deep recursion. Nodes compare by meaning, not by place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

KEYWORDS = ("and", "or", "not", "in", "true", "false", "not_applicable")
FUNCTION_NAMES = (
    "if", "coalesce", "reported", "missing", "applicable", "sum_of", "min", "max", "count_true", "abs", "ceil", "floor",
    "round", "k_of_n", "by_stage", "stage_split", "stage_divisor",
)  # fmt: skip
RESERVED = frozenset((*KEYWORDS, *FUNCTION_NAMES))
STAGE_FUNCTIONS = frozenset(("by_stage", "stage_split"))


class Type(StrEnum):
    """The kinds of value an expression can have; `NULL` is the bare word not_applicable, which fits anywhere."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    NULL = "null"


@dataclass(frozen=True)
class Node:
    """`start` and `end` are character offsets in the source."""

    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True)
class Number(Node):
    value: float


@dataclass(frozen=True)
class TextLiteral(Node):
    value: str


@dataclass(frozen=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True)
class NotApplicable(Node):
    pass


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True)
class Chain(Node):
    """Left to right: + and - in one chain, or * and / in one chain."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def additive(self) -> bool:
        return self.rest[0][0] in "+-"


@dataclass(frozen=True)
class Comparison(Node):
    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Member(Node):
    item: Node
    options: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True)
class Logic(Node):
    operator: str
    terms: tuple[Node, ...]


# How tightly a node binds; a child that binds no tighter than its place allows is put in brackets.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = range(8)


def _strength(node: Node) -> int:
    match node:
        case Logic(operator=operator):
            return _OR if operator == "or" else _AND
        case Not():
            return _NOT
        case Comparison() | Member():
            return _COMPARE
        case Chain():
            return _SUM if node.additive else _PRODUCT
        case Negative():
            return _SIGN
        case _:
            return _ATOM


def format_number(value: float) -> str:
    """Shortest text that reads back as the same number."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def canonical(node: Node) -> str:
    """One spelling for one tree: parsing it gives an equal tree."""
    match node:
        case Number(value=value):
            return format_number(value)
        case TextLiteral(value=text):
            # A text that holds both ASCII quotes was written between “ and ”.
            opening, closing = next(q for q in ("''", '""', "“”") if q[1] not in text)
            return f"{opening}{text}{closing}"
        case Boolean(value=value):
            return "true" if value else "false"
        case NotApplicable():
            return "not_applicable"
        case Name(name=name):
            return name
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(canonical(a) for a in arguments)})"
        case Negative(operand=operand):
            return f"-{_bracketed(operand, _SIGN)}"
        case Not(operand=operand):
            return f"not {_bracketed(operand, _NOT)}"
        case Chain(first=first, rest=rest):
            own = _strength(node)
            tail = "".join(f" {sign} {_bracketed(term, own + 1)}" for sign, term in rest)
            return _bracketed(first, own + 1) + tail
        case Comparison(first=first, rest=rest):
            tail = "".join(f" {sign} {_bracketed(term, _SUM)}" for sign, term in rest)
            return _bracketed(first, _SUM) + tail
        case Member(item=item, options=options, negated=negated):
            listed = ", ".join(canonical(o) for o in options)
            return f"{_bracketed(item, _SUM)} {'not ' if negated else ''}in ({listed})"
        case Logic(operator=operator, terms=terms):
            own = _strength(node)
            return f" {operator} ".join(_bracketed(term, own + 1) for term in terms)
        case _:
            raise TypeError(f"not a node of the language: {node!r}")


def _bracketed(node: Node, least: int) -> str:
    text = canonical(node)
    return text if _strength(node) >= least else f"({text})"
