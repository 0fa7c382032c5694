"""Names and types: what every part of an expression is, and what it may not be."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from xingtan.engines.indicators.definitions import STAGES
from xingtan.engines.indicators.errors import ExpressionError
from xingtan.engines.indicators.schema import Schema
from xingtan.engines.indicators.syntax import (
    FUNCTION_NAMES,
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
)

# Functions whose arguments all have one type, and what they give: name -> (argument, result, least, most).
_UNIFORM: dict[str, tuple[Type, Type, int, int | None]] = {
    "abs": (Type.NUMBER, Type.NUMBER, 1, 1),
    "ceil": (Type.NUMBER, Type.NUMBER, 1, 1),
    "floor": (Type.NUMBER, Type.NUMBER, 1, 1),
    "sum_of": (Type.NUMBER, Type.NUMBER, 1, None),
    "min": (Type.NUMBER, Type.NUMBER, 1, None),
    "max": (Type.NUMBER, Type.NUMBER, 1, None),
    "count_true": (Type.BOOLEAN, Type.NUMBER, 1, None),
    "stage_split": (Type.NUMBER, Type.NUMBER, 3, 4),
}
_STATE = ("reported", "missing", "applicable")


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, in the order they are written."""
    match node:
        case Call(arguments=parts) | Logic(terms=parts):
            yield from parts
        case Negative(operand=operand) | Not(operand=operand):
            yield operand
        case Chain(first=first, rest=rest) | Comparison(first=first, rest=rest):
            yield first
            yield from (part for _, part in rest)
        case Member(item=item, options=options):
            yield item
            yield from options


def names(node: Node) -> frozenset[str]:
    """Every element and attribute name under a node."""
    own = {node.name} if isinstance(node, Name) else set()
    return frozenset(own.union(*(names(part) for part in children(node))))


class Checker:
    """Finds the type of a tree. Errors: ExpressionError at the part that does not fit."""

    def __init__(self, source: str, schema: Schema) -> None:
        self.source = source
        self.schema = schema

    def error(self, key: str, node: Node, suggestions: tuple[str, ...] = (), **params: object) -> ExpressionError:
        return ExpressionError(key, self.source, node.start, node.end, suggestions=suggestions, **params)

    def type_of(self, node: Node) -> Type:
        match node:
            case Number():
                return Type.NUMBER
            case TextLiteral():
                return Type.TEXT
            case Boolean():
                return Type.BOOLEAN
            case NotApplicable():
                return Type.NULL
            case Name():
                return self.name(node)
            case Call():
                return self.call(node)
            case Negative(operand=operand):
                self.need(operand, Type.NUMBER, "The sign -")
                return Type.NUMBER
            case Not(operand=operand):
                self.need(operand, Type.BOOLEAN, "not")
                return Type.BOOLEAN
            case Chain(first=first, rest=rest):
                self.need(first, Type.NUMBER, f"The operator {rest[0][0]}")
                for sign, part in rest:
                    self.need(part, Type.NUMBER, f"The operator {sign}")
                return Type.NUMBER
            case Comparison():
                return self.comparison(node)
            case Member():
                return self.member(node)
            case Logic(operator=operator, terms=terms):
                for term in terms:
                    self.need(term, Type.BOOLEAN, operator)
                return Type.BOOLEAN
            case _:
                raise TypeError(f"not a node of the language: {node!r}")

    def need(self, node: Node, wanted: Type, where: str) -> None:
        found = self.type_of(node)
        if found not in (wanted, Type.NULL):
            raise self.error("type_mismatch", node, where=where, expected=wanted.value, found=found.value)

    def same(self, nodes: tuple[Node, ...], where: str) -> Type:
        """The one type of all nodes; not_applicable fits any."""
        common = Type.NULL
        for node in nodes:
            found = self.type_of(node)
            if Type.NULL not in (common, found) and found is not common:
                raise self.error("types_differ", node, where=where, first=common.value, second=found.value)
            common = found if common is Type.NULL else common
        return common

    def name(self, node: Name) -> Type:
        if node.name in self.schema.elements:
            return self.schema.elements[node.name]
        if node.name in self.schema.attributes:
            return Type.TEXT
        known = (*self.schema.elements, *self.schema.attributes)
        close = tuple(get_close_matches(node.name.lower(), known, 3, 0.7))
        raise self.error("unknown_name", node, close, name=node.name)

    def comparison(self, node: Comparison) -> Type:
        parts = (node.first, *(part for _, part in node.rest))
        common = self.same(parts, "A comparison")
        if common is Type.TEXT and any(sign not in ("=", "!=") for sign, _ in node.rest):
            raise self.error("text_order", node)
        if common is Type.BOOLEAN:
            for sign, part in node.rest:
                if sign not in ("=", "!="):
                    raise self.error(
                        "type_mismatch", part, where=f"The comparison {sign}", expected="number", found="boolean"
                    )
        self.known_values(parts)
        return Type.BOOLEAN

    def member(self, node: Member) -> Type:
        self.same((node.item, *node.options), "in (…)")
        self.known_values((node.item, *node.options))
        return Type.BOOLEAN

    def known_values(self, parts: tuple[Node, ...]) -> None:
        """A text compared with an attribute must be one the attribute can have: a misspelt stage matches no school."""
        for attribute in parts:
            values = self.schema.attributes.get(attribute.name, ()) if isinstance(attribute, Name) else ()
            for part in parts:
                if values and isinstance(part, TextLiteral) and part.value not in values:
                    close = tuple(get_close_matches(part.value.lower(), values, 2, 0.5)) or values[:10]
                    assert isinstance(attribute, Name)
                    raise self.error("unknown_value", part, close, value=part.value, attribute=attribute.name)

    def call(self, node: Call) -> Type:
        name, arguments = node.function, node.arguments
        if name not in FUNCTION_NAMES:
            close = tuple(get_close_matches(name, FUNCTION_NAMES, 2, 0.6))
            raise self.error("unknown_function", node, close, name=self.source[node.start : node.end].split("(")[0])
        if name in _UNIFORM:
            argument, result, least, most = _UNIFORM[name]
            self.count(node, least, most)
            for part in arguments:
                self.need(part, argument, f"{name}()")
            return result
        if name in _STATE:
            self.count(node, 1, 1)
            self.type_of(arguments[0])
            return Type.BOOLEAN
        match name:
            case "if":
                self.count(node, 3, 3)
                self.need(arguments[0], Type.BOOLEAN, "The condition of if()")
                return self.same(arguments[1:], "if()")
            case "coalesce":
                self.count(node, 1, None)
                return self.same(arguments, "coalesce()")
            case "round":
                self.count(node, 1, 2)
                self.need(arguments[0], Type.NUMBER, "round()")
                if len(arguments) == 2:
                    self.constant(arguments[1], 0, 12, "The second argument of round()", whole=True)
                return Type.NUMBER
            case "by_stage":
                self.count(node, 2, 3)
                found = self.same(arguments, "by_stage()")
                if found is Type.TEXT:
                    self.need(arguments[0], Type.NUMBER, "by_stage()")
                return found
            case "stage_divisor":
                self.count(node, 3, 4)
                stage = arguments[0]
                if not (isinstance(stage, TextLiteral) and stage.value in STAGES[: len(arguments) - 1]):
                    raise self.error("stage_needed", stage, where="The first argument of stage_divisor()")
                for part in arguments[1:]:
                    self.need(part, Type.NUMBER, "stage_divisor()")
                return Type.NUMBER
            case _:
                return self.k_of_n(node)

    def k_of_n(self, node: Call) -> Type:
        self.count(node, 3, None)
        items = node.arguments[2:]
        self.constant(node.arguments[0], 1, len(items), "The first argument of k_of_n()", whole=True)
        self.constant(node.arguments[1], 0, 1, "The floor of k_of_n()")
        for item in items:
            if not (isinstance(item, Comparison) and len(item.rest) == 1 and item.rest[0][0] in (">=", "<=")):
                raise self.error("comparison_needed", item, function="k_of_n()")
            self.need(item.first, Type.NUMBER, "k_of_n()")
            self.need(item.rest[0][1], Type.NUMBER, "k_of_n()")
        return Type.BOOLEAN

    def count(self, node: Call, least: int, most: int | None) -> None:
        found = len(node.arguments)
        if found < least or (most is not None and found > most):
            expected = f"at least {least}" if most is None else str(least) if least == most else f"{least} to {most}"
            raise self.error("argument_count", node, function=f"{node.function}()", expected=expected, found=found)

    def constant(self, node: Node, low: float, high: float, where: str, *, whole: bool = False) -> None:
        good = isinstance(node, Number) and low <= node.value <= high and (node.value.is_integer() or not whole)
        if not good:
            raise self.error("constant_needed", node, where=where, low=low, high=high)
