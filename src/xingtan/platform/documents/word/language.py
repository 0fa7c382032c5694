"""The template language: a small, closed part of Jinja2.

Officials upload templates, so a template is hostile until proven otherwise. Three fences, each sufficient alone for
what it covers: the syntax tree may hold only the node kinds listed here (no calls, no assignments, no arithmetic, no
includes); names reach plain data only (:mod:`.values`); and loops and output are paid for from a budget in advance.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .. import text
from ..types import Lang, LimitExceededError, Limits, TemplateError, UnknownFieldError
from .values import Drawing, Group, Rows

_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.For, nodes.If, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Neg, nodes.Tuple, nodes.List,
)  # fmt: skip
FILTERS: Final = ("number", "date", "join", "length", "first", "last", "missing")
_TESTS: Final = ("none", "odd", "even")
_LOOP_FIELDS: Final = frozenset({"index", "index0", "revindex", "first", "last", "length"})
_CHARGE: Final = "charge for a loop"
"""Not an identifier, so no template can name this filter."""


class Language(ImmutableSandboxedEnvironment):
    """One filling of one template: the environment, its budget, and where it is in the document."""

    def __init__(self, *, lang: Lang, limits: Limits, available: tuple[str, ...] = ()) -> None:
        super().__init__(autoescape=True, undefined=_unknown(available), finalize=self._print, cache_size=0)
        self.lang = lang
        self.limits = limits
        self.place = ""
        self._iterations = limits.iterations
        self._characters = limits.output_chars
        self._deadline = time.monotonic() + limits.seconds
        self.globals.clear()
        filters: dict[str, Callable[..., Any]] = {
            "number": lambda value, decimals=1: self._number(value, decimals),
            "date": self._date, "join": self._join, "length": len, "first": lambda rows: rows[0] if rows else None,
            "last": lambda rows: rows[-1] if rows else None, "missing": self._missing, _CHARGE: self._charge,
        }  # fmt: skip
        self.filters = filters
        self.tests = {name: self.tests[name] for name in _TESTS}

    def tree(self, source: str) -> nodes.Template:
        """Parse ``source`` and refuse anything outside the language.

        Raises:
            TemplateError: a syntax error or a construct that is not allowed; the message says where.
        """
        try:
            parsed = self.parse(source)
        except TemplateSyntaxError as error:
            raise TemplateError("template.syntax", place=self.where(error.lineno), reason=error.message) from error
        self._inspect(parsed, 0)
        return parsed

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:  # noqa: A002
        """Compile a template whose loops pay their way. (``globals`` is Jinja's name; there are none here.)"""
        if not isinstance(source, str):
            raise TypeError("a template's text is required: a ready tree would skip the check")
        tree = self.tree(source)
        for loop in tree.find_all(nodes.For):
            cost = sum(len(data.data) for data in loop.find_all(nodes.TemplateData))
            price: list[nodes.Expr] = [nodes.Const(cost), nodes.Const(_spelled(loop.iter))]
            loop.iter = nodes.Filter(loop.iter, _CHARGE, price, [], None, None, lineno=loop.lineno)
        try:
            code = self.compile(tree)
        except TemplateSyntaxError as error:
            raise TemplateError("template.syntax", place=self.where(error.lineno), reason=error.message) from error
        return Template.from_code(self, code, self.make_globals(None), None)

    def where(self, line: int | None) -> str:
        """Return a place a person can find: each line of a prepared part is one paragraph."""
        return f"{self.place} ¶{max((line or 1) - 1, 1)}"

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Resolve ``a.b``: fields of a group, or the counters of ``loop``; nothing else exists."""
        if isinstance(obj, Group):
            if attribute in obj:
                return obj[attribute]
            field = f"{obj.path}.{attribute}" if obj.path else attribute
            raise UnknownFieldError("template.unknown_field", field=field, available=_listed(obj))
        if isinstance(obj, LoopContext) and attribute in _LOOP_FIELDS:
            return getattr(obj, attribute)
        if isinstance(obj, StrictUndefined):
            return str(obj)
        raise UnknownFieldError("template.unknown_field", field=f"….{attribute}", available="—")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Resolve ``a["b"]`` and ``a[0]``."""
        if isinstance(obj, Rows) and isinstance(argument, int) and not isinstance(argument, bool):
            if -len(obj) <= argument < len(obj):
                return obj[argument]
            raise UnknownFieldError("template.unknown_field", field=f"{obj.path}[{argument}]", available=len(obj))
        return self.getattr(obj, str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        """Return ``False``: templates call nothing."""
        return False

    def _inspect(self, node: nodes.Node, depth: int) -> None:
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and _is_odd(node)):
            raise self._refusal(type(node).__name__, node.lineno)
        if isinstance(node, nodes.Filter | nodes.Test):
            known = FILTERS if isinstance(node, nodes.Filter) else _TESTS
            if node.name not in known or node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
                raise self._refusal(node.name, node.lineno)
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const | nodes.Neg):
            raise self._refusal("[ ]", node.lineno)
        if isinstance(node, nodes.For):
            depth += 1
            if depth > self.limits.loop_depth:
                limit = self.limits.loop_depth
                raise LimitExceededError("template.loop_depth", limit=limit, place=self.where(node.lineno))
        for child in node.iter_child_nodes():
            self._inspect(child, depth)

    def _refusal(self, construct: str, line: int | None) -> TemplateError:
        place = self.where(line)
        return TemplateError("template.construct", construct=construct, place=place, filters=", ".join(FILTERS))

    def _charge(self, rows: Any, cost: int, name: str) -> Any:
        if isinstance(rows, StrictUndefined):
            str(rows)  # raises the error that names it
        if not isinstance(rows, Rows):
            raise TemplateError("template.not_a_list", field=name)
        self._iterations -= len(rows)
        if self._iterations < 0:
            raise LimitExceededError("limit.iterations", limit=self.limits.iterations)
        self._spend(len(rows) * cost)
        return rows

    def _spend(self, characters: int) -> None:
        self._characters -= characters
        if self._characters < 0:
            raise LimitExceededError("limit.output", limit=self.limits.output_chars)
        if time.monotonic() > self._deadline:
            raise LimitExceededError("limit.seconds", limit=self.limits.seconds)

    def _print(self, value: Any) -> Any:
        if isinstance(value, StrictUndefined):
            return str(value)
        if isinstance(value, Group | Rows | LoopContext):
            raise TemplateError("template.not_text", field=getattr(value, "path", "loop"))
        if isinstance(value, Drawing):
            self._spend(1_000)
            return value
        shown = self._words(value)
        self._spend(len(shown))
        return shown

    def _words(self, value: Any) -> str:
        if value is None:
            return text.missing("", self.lang)
        if isinstance(value, bool):
            return ("yes" if value else "no") if self.lang == "en" else ("是" if value else "否")
        if isinstance(value, float | Decimal):
            return f"{text.exact(value):f}"
        return self._date(value) if isinstance(value, date) else str(value)

    def _number(self, value: Any, decimals: Any) -> str:
        if value is None:
            return text.missing("", self.lang)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or decimals not in range(10):
            raise TemplateError("template.not_number", value=repr(value)[:40], decimals=repr(decimals)[:10])
        return text.number(value, decimals, self.lang)

    def _date(self, value: Any) -> str:
        if not isinstance(value, date):
            return text.missing("", self.lang) if value is None else str(value)
        return value.strftime("%Y-%m-%d") if self.lang == "en" else f"{value.year}年{value.month}月{value.day}日"

    def _join(self, rows: Any, separator: str = "、") -> str:
        if not isinstance(rows, Rows) or len(str(separator)) > 20:
            raise TemplateError("template.not_a_list", field=str(rows)[:40])
        parts = [self._words(row) for row in rows if not isinstance(row, Group | Rows | Drawing)]
        self._spend(sum(map(len, parts)) + len(separator) * len(parts))
        return str(separator).join(parts)

    def _missing(self, value: Any, reason: Any = "") -> Any:
        return text.missing(str(reason), self.lang) if value is None else value


def _spelled(node: nodes.Node) -> str:
    """Return a name as the template's author wrote it."""
    if isinstance(node, nodes.Getattr):
        return f"{_spelled(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem):
        return f"{_spelled(node.node)}[]"
    return node.name if isinstance(node, nodes.Name) else type(node).__name__.lower()


def _is_odd(loop: nodes.For) -> bool:
    return not isinstance(loop.target, nodes.Name) or loop.recursive


def _listed(names: Mapping[str, Any] | tuple[str, ...]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:40]) + (" …" if len(shown) > 40 else "") if shown else "—"


def _unknown(available: tuple[str, ...]) -> type[StrictUndefined]:
    """Build the class of an unknown top-level name: any use of it raises an error that names the field."""

    class Unknown(StrictUndefined):
        def __init__(self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: Any = None) -> None:
            def fail(_message: str | None) -> UnknownFieldError:
                return UnknownFieldError("template.unknown_field", field=name or "?", available=_listed(available))

            super().__init__(hint, obj, name, fail)  # type: ignore[arg-type]

    return Unknown
