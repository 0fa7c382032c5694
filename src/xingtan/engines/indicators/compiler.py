"""`compile_expression`: text and schema in, a checked expression that evaluates tables out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from xingtan.engines.indicators import kernels, numbers
from xingtan.engines.indicators.checking import Checker, children, names
from xingtan.engines.indicators.columns import Column, UnitTable
from xingtan.engines.indicators.errors import ExpressionError
from xingtan.engines.indicators.parser import parse
from xingtan.engines.indicators.reasons import Reason
from xingtan.engines.indicators.schema import Schema
from xingtan.engines.indicators.syntax import (
    STAGE_FUNCTIONS,
    Boolean,
    Call,
    Chain,
    Comparison,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    NotApplicable,
    Number,
    TextLiteral,
    Type,
    canonical,
)

Memo = dict[tuple[str, str | None], Column]


@dataclass(frozen=True, eq=False)
class Expression:
    """A checked expression. `elements` and `attributes` are the names it uses, sorted; `booleans` those of the
    elements that are conditions."""

    source: str
    tree: Node
    type: Type
    elements: tuple[str, ...]
    attributes: tuple[str, ...]
    depends_on_stage: bool
    booleans: frozenset[str]
    _canonical: str

    def canonical(self) -> str:
        """The one spelling of this expression; compiling it gives the same expression."""
        return self._canonical

    def evaluate(self, table: UnitTable, *, stage: str | None = None, memo: Memo | None = None) -> Column:
        """One value per unit, shape (n,). `stage` is the slice that by_stage and stage_split speak of, None for all.

        `memo` may be shared by all expressions over one table, so that equal expressions are computed once.
        Errors: TableError if the table lacks an attribute.
        """
        stage = stage if self.depends_on_stage else None
        cache: Memo = {} if memo is None else memo
        key = (self._canonical, stage)
        if key not in cache:
            found = _Evaluator(table, stage, self, cache).of(self.tree)
            shape = (len(table),)
            values = found.values
            if self.type is Type.BOOLEAN and values.dtype.kind == "f":
                values = np.zeros(values.shape, dtype=np.bool_)
            cache[key] = Column(np.broadcast_to(values, shape), np.broadcast_to(found.reasons, shape))
        return cache[key]


def compile_expression(source: str, schema: Schema, *, expected: Type | None = None) -> Expression:
    """Parse and check an expression; `expected` is the type it must have. Errors: ExpressionError.

    The bare null gives no type; as a whole expression it counts as a number.
    """
    tree = _parse(source, schema)
    found = Checker(source, schema).type_of(tree)
    if found is Type.NULL:
        found = expected or Type.NUMBER
    if expected is not None and found is not expected:
        raise ExpressionError("result_type", source, tree.start, tree.end, expected=expected.value, found=found.value)
    used = names(tree)
    return Expression(
        source,
        tree,
        found,
        tuple(sorted(used & schema.elements.keys())),
        tuple(sorted(used - schema.elements.keys())),
        any(isinstance(node, Call) and node.function in STAGE_FUNCTIONS for node in _walk(tree)),
        frozenset(name for name in used if schema.elements.get(name) is Type.BOOLEAN),
        canonical(tree),
    )


def _parse(source: str, schema: Schema) -> Node:
    """`parse`, with the codes of elements whose local name was written instead."""
    try:
        return parse(source)
    except ExpressionError as error:
        if error.key != "name_not_ascii":
            raise
        close = get_close_matches(str(error.params["text"]), schema.labels, 3, 0.5)
        codes = tuple(schema.labels[label] for label in close)
        raise ExpressionError(error.key, source, error.start, error.end, suggestions=codes, **error.params) from None


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in children(node):
        yield from _walk(part)


class _Evaluator:
    """One walk over a tree for one table and one stage slice."""

    def __init__(self, table: UnitTable, stage: str | None, expression: Expression, memo: Memo) -> None:
        self.table = table
        self.stage = stage
        self.expression = expression
        self.memo = memo

    def of(self, node: Node) -> Column:
        match node:
            case Number(value=value):
                return kernels.constant(value)
            case Boolean(value=truth):
                return kernels.constant(truth)
            case TextLiteral(value=text):
                return kernels.constant(text)
            case NotApplicable():
                return kernels.null(Reason.NOT_APPLICABLE)
            case Name(name=name):
                return self.name(name)
            case Negative(operand=operand):
                return kernels.negative(self.of(operand))
            case Not(operand=operand):
                return kernels.negation(self.condition(operand))
            case Chain(first=first, rest=rest):
                total = self.of(first)
                for sign, part in rest:
                    total = kernels.arithmetic(sign, total, self.of(part))
                return total
            case Comparison(first=first, rest=rest):
                parts = [self.of(first), *(self.of(part) for _, part in rest)]
                links = [kernels.compare(sign, parts[i], parts[i + 1]) for i, (sign, _) in enumerate(rest)]
                return links[0] if len(links) == 1 else kernels.all_of(links)
            case Member(item=item, options=options, negated=negated):
                return kernels.member(self.of(item), [self.of(o) for o in options], negated)
            case Logic(operator=operator, terms=terms):
                combine = kernels.all_of if operator == "and" else kernels.any_of
                return combine([self.condition(term) for term in terms])
            case Call(function=function, arguments=arguments):
                return self.call(function, arguments)
            case _:
                raise TypeError(f"not a node of the language: {node!r}")

    def condition(self, node: Node) -> Column:
        """A condition; the bare null becomes one that is nowhere known."""
        column = self.of(node)
        if column.values.dtype.kind == "b":
            return column
        return Column(np.zeros(column.values.shape, dtype=np.bool_), column.reasons)

    def name(self, name: str) -> Column:
        key = (name, None)
        if key not in self.memo:
            self.memo[key] = self.attribute(name) if name in self.expression.attributes else self.element(name)
        return self.memo[key]

    def attribute(self, name: str) -> Column:
        texts = self.table.attribute(name)
        return Column(texts, np.where(texts == "", Reason.UNKNOWN, Reason.REPORTED).astype(np.uint8))

    def element(self, name: str) -> Column:
        column = self.table.column(name)
        null = column.reasons != 0
        truths = name in self.expression.booleans
        values: Any = (column.values != 0) & ~null if truths else np.where(null, np.nan, column.values)
        return Column(values, column.reasons)

    def call(self, function: str, arguments: tuple[Node, ...]) -> Column:
        match function:
            case "if":
                return kernels.choose(self.condition(arguments[0]), self.of(arguments[1]), self.of(arguments[2]))
            case "k_of_n":
                return self.k_of_n(arguments)
            case "stage_divisor":
                stage = arguments[0]
                assert isinstance(stage, TextLiteral)
                return kernels.stage_divisor(stage.value, [self.of(a) for a in arguments[1:]])
            case "round":
                places = arguments[1] if len(arguments) == 2 else None
                decimals = int(places.value) if isinstance(places, Number) else 0
                return kernels.rounding(lambda x: numbers.round_half_up(x, decimals), self.of(arguments[0]))
            case "count_true":
                return kernels.gather(function, [self.condition(a) for a in arguments])
        columns = [self.of(a) for a in arguments]
        match function:
            case "coalesce":
                return kernels.coalesce(columns)
            case "reported" | "missing" | "applicable":
                return kernels.state(function, columns[0])
            case "abs":
                return kernels.rounding(lambda x: np.asarray(np.abs(x)), columns[0])
            case "ceil":
                return kernels.rounding(numbers.ceil, columns[0])
            case "floor":
                return kernels.rounding(numbers.floor, columns[0])
            case "sum_of" | "min" | "max":
                return kernels.gather(function, columns)
            case "by_stage":
                return kernels.by_stage(self.stage, columns)
            case "stage_split":
                return kernels.stage_split(self.stage, columns[0], columns[1:])
            case _:
                raise TypeError(f"not a function of the language: {function}")

    def k_of_n(self, arguments: tuple[Node, ...]) -> Column:
        k, floor = arguments[0], arguments[1]
        assert isinstance(k, Number)
        assert isinstance(floor, Number)
        items = []
        for item in arguments[2:]:
            assert isinstance(item, Comparison)
            sign, threshold = item.rest[0]
            items.append((sign, self.of(item.first), self.of(threshold)))
        return kernels.k_of_n(int(k.value), floor.value, items)
