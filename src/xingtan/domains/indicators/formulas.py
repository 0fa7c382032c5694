"""Expressions in words: the same syntax tree, written for somebody who knows the schools but not the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xingtan.domains.directory.types import AreaType, OrgKind, OrgStatus, Stage
from xingtan.domains.indicators.wording import ATTRIBUTES
from xingtan.engines.indicators.parser import parse
from xingtan.engines.indicators.syntax import (
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
    Number,
    TextLiteral,
    format_number,
)

_SIGNS = {"*": "×", "/": "÷", "-": "−", "+": "+", "<=": "≤", ">=": "≥", "!=": "≠", "=": "=", "<": "<", ">": ">"}
_VALUES: dict[str, str | Promise] = {
    value: label for choices in (Stage, AreaType, OrgStatus, OrgKind) for value, label in choices.choices
}
_FUNCTIONS: dict[str, str | Promise] = {
    "reported": gettext_lazy("%(first)s is reported"),
    "missing": gettext_lazy("%(first)s is missing"),
    "applicable": gettext_lazy("%(first)s applies"),
    "abs": gettext_lazy("the size of (%(first)s)"),
    "ceil": gettext_lazy("(%(first)s) rounded up to a whole number"),
    "floor": gettext_lazy("(%(first)s) rounded down to a whole number"),
    "round": gettext_lazy("(%(first)s) rounded"),
    "sum_of": gettext_lazy("the sum of (%(all)s)"),
    "min": gettext_lazy("the smallest of (%(all)s)"),
    "max": gettext_lazy("the largest of (%(all)s)"),
    "coalesce": gettext_lazy("the first reported of (%(all)s)"),
    "count_true": gettext_lazy("how many of these hold: (%(all)s)"),
    "by_stage": gettext_lazy("by stage (%(all)s)"),
    "stage_split": gettext_lazy("%(first)s, shared between stages by weighted pupils"),
    "stage_divisor": gettext_lazy("pupils of all stages, weighted (%(rest)s)"),
    "if": gettext_lazy("if %(first)s then %(second)s, else %(third)s"),
    "k_of_n": gettext_lazy("at least %(first)s of these hold: (%(rest)s)"),
}


def formula_words(source: str, names: Mapping[str, str]) -> str:
    """An expression with the names of elements instead of codes; `names` maps codes to names.

    Errors: `ExpressionError` for a text that is no expression.
    """
    return _words(parse(source), lambda code: names.get(code, code))


def attribute_value(text: str) -> str:
    """The word for a value of an attribute, such as "primary"."""
    return str(_VALUES.get(text, text))


def _words(node: Node, name: Callable[[str], str]) -> str:
    def inner(part: Node) -> str:
        text = _words(part, name)
        return f"({text})" if isinstance(part, Chain | Comparison | Logic | Member) else text

    match node:
        case Number(value=value):
            return format_number(value)
        case Boolean(value=value):
            return _("yes") if value else _("no")
        case TextLiteral(value=text):
            return attribute_value(text)
        case Name(name=code):
            return str(ATTRIBUTES[code]) if code in ATTRIBUTES else name(code)
        case Negative(operand=operand):
            return f"−{inner(operand)}"
        case Not(operand=operand):
            return _("not (%(condition)s)") % {"condition": _words(operand, name)}
        case Chain(first=first, rest=rest):
            return _chain(first, rest, lambda part: _product(part, node, inner, name))
        case Comparison(first=first, rest=rest):
            return _chain(first, rest, lambda part: _words(part, name))
        case Member(item=item, options=options, negated=negated):
            listed = pgettext("between the items of a list", ", ").join(_words(option, name) for option in options)
            text = _("%(item)s is none of %(list)s") if negated else _("%(item)s is one of %(list)s")
            return text % {"item": _words(item, name), "list": listed}
        case Logic(operator=operator, terms=terms):
            word = _(" and ") if operator == "and" else _(" or ")
            return word.join(
                f"({_words(term, name)})" if isinstance(term, Logic) else _words(term, name) for term in terms
            )
        case Call(function=function, arguments=arguments):
            parts = [_words(argument, name) for argument in arguments]
            comma = pgettext("between the items of a list", ", ")
            one, two, three = (*parts, "", "", "")[:3]
            return str(_FUNCTIONS[function]) % {
                "first": one, "second": two, "third": three, "all": comma.join(parts), "rest": comma.join(parts[1:]),
            }  # fmt: skip
        case _:
            return _("not applicable")


def _chain(first: Node, rest: tuple[tuple[str, Node], ...], write: Callable[[Node], str]) -> str:
    """The parts of a chain with the signs people write between them."""
    return write(first) + "".join(f" {_SIGNS[sign]} {write(part)}" for sign, part in rest)


def _product(part: Node, whole: Chain, inner: Callable[[Node], str], name: Callable[[str], str]) -> str:
    """Products inside of a sum need no brackets; a sum inside of a product does."""
    return _words(part, name) if isinstance(part, Chain) and whole.additive and not part.additive else inner(part)
