"""Which fields does a template use? For previews, for help texts, and for checking before anything is filled."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes

from ..types import DEFAULT_LANG, Lang, Limits, TemplateField, UnknownFieldError
from .language import Language
from .package import check_package
from .prepared import PreparedTemplate
from .values import Group, Rows

_RANK = {"list": 0, "value": 1, "condition": 2}


def list_fields(
    template: bytes, *, lang: Lang = DEFAULT_LANG, limits: Limits | None = None
) -> tuple[TemplateField, ...]:
    """Return every field the template names, sorted by path, without filling it.

    Raises:
        UnsafeTemplateError: see :func:`.package.check_package`.
        TemplateError: a tag is malformed or outside the template language.
    """
    limits = limits or Limits()
    data, _ = check_package(template, limits)
    return _collect(PreparedTemplate(data, lang=lang, limits=limits), Language(lang=lang, limits=limits))


def check_fields(template: PreparedTemplate, language: Language, context: Group) -> None:
    """Raise :class:`UnknownFieldError` for the first field that ``context`` lacks, even in a branch not taken.

    Fields of a list are checked against its first row; an empty list is taken on trust.
    """
    for field in _collect(template, language):
        values: list[Any] = [context]
        for step in field.path.split("."):
            name, is_list = step.removesuffix("[]"), step.endswith("[]")
            found = []
            for value in values:
                if isinstance(value, Group):
                    found.append(language.getattr(value, name))
                else:
                    raise UnknownFieldError("template.unknown_field", field=field.path, available="—")
            values = [v[0] for v in found if isinstance(v, Rows) and v] if is_list else found


def _collect(template: PreparedTemplate, language: Language) -> tuple[TemplateField, ...]:
    kinds: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for place, source in template.sources():
        language.place = place
        walker = _Walker()
        walker.visit(language.tree(source), {})
        for path, kind in walker.found:
            kinds[path] = min(kinds.get(path, kind), kind, key=_RANK.__getitem__)
            if place not in places.setdefault(path, []):
                places[path].append(place)
    return tuple(TemplateField(path, kinds[path], tuple(places[path])) for path in sorted(kinds))  # type: ignore[arg-type]


class _Walker:
    """Follows loop variables back to the list they run over."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def visit(self, node: nodes.Node, scope: dict[str, str], kind: str = "value") -> None:
        if isinstance(node, nodes.For):
            path = self._path(node.iter, scope)
            if path is not None:
                self.found.append((path, "list"))
            assert isinstance(node.target, nodes.Name)  # the language allows no other target
            inner = {**scope, node.target.name: f"{path or '?'}[]", "loop": ""}
            for child in [*node.body, *([node.test] if node.test else [])]:
                self.visit(child, inner, kind)
            for child in node.else_:
                self.visit(child, scope, kind)
        elif isinstance(node, nodes.If | nodes.CondExpr):
            self.visit(node.test, scope, "condition")
            for child in node.iter_child_nodes(exclude=("test",)):
                self.visit(child, scope, kind)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            path = self._path(node, scope)
            if path:
                self.found.append((path, kind))
        else:
            for child in node.iter_child_nodes():
                self.visit(child, scope, kind)

    def _path(self, node: nodes.Node, scope: dict[str, str]) -> str | None:
        if isinstance(node, nodes.Name):
            return scope.get(node.name, node.name)
        if isinstance(node, nodes.Filter) and node.node is not None:
            return self._path(node.node, scope)
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            base = self._path(node.node, scope)
            if base is None or base == "":
                return base
            if isinstance(node, nodes.Getattr):
                return f"{base}.{node.attr}"
            index = node.arg.value if isinstance(node.arg, nodes.Const) else 0
            return f"{base}[]" if isinstance(index, int) else f"{base}.{index}"
        return None
