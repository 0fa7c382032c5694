"""Writing a mapping as TOML: every key in a fixed order, defaults left out, so that equal mappings give equal text."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadOnly
from enum import StrEnum

from xingtan.engines.tables.mapping import TOTAL_LABELS, CodedColumn, Element, ElementKind, Mapping, Rule
from xingtan.engines.tables.types import Reason, Severity

_Value = str | bool | int | float | Reason | tuple[str | int, ...] | ReadOnly[str, "str | float | Reason"]
_Section = Callable[[str, Iterable[tuple[str, _Value | None]]], None]


def dump_mapping(mapping: Mapping) -> str:
    """The TOML text that ``parse_mapping`` turns back into an equal mapping."""
    lines: list[str] = []

    def section(head: str, pairs: Iterable[tuple[str, _Value | None]]) -> None:
        body = [f"{key} = {_toml(value)}" for key, value in pairs if value is not None]
        if body or head in ("", "[unit]"):
            lines.extend(([head] if head else []) + body + [""])

    section(
        "",
        [
            ("version", mapping.version),
            ("name", mapping.name),
            ("title", mapping.title or None),
            ("note", mapping.note or None),
            ("sentinels", mapping.sentinels or None),
        ],
    )
    source = mapping.source
    body: list[tuple[str, _Value | None]] = [
        ("sheet", source.sheet),
        ("header_rows", source.header_rows),
        ("encoding", source.encoding),
        ("delimiter", source.delimiter),
        ("decimal", source.decimal if source.decimal != "." else None),
        ("total_labels", source.total_labels if source.total_labels != TOTAL_LABELS else None),
    ]
    section("[source]", body)
    section("[period]", [("value", mapping.period.value), ("column", mapping.period.column)])
    _unit(mapping, section)
    if mapping.coordinates is not None:
        place = mapping.coordinates
        section(
            "[coordinates]",
            [
                ("latitude", place.latitude),
                ("longitude", place.longitude),
                (
                    "box",
                    {
                        "south": place.box.south,
                        "north": place.box.north,
                        "west": place.box.west,
                        "east": place.box.east,
                    },
                ),
                ("repair", True if place.repair else None),
            ],
        )
    for row_filter in mapping.filters:
        section("[[filter]]", [("column", row_filter.column), (row_filter.op, row_filter.values)])
    for element in mapping.elements:
        section("[[element]]", _element(element))
    for rule in mapping.rules:
        section("[[rule]]", _rule(rule))
    section("[severity]", mapping.severities.items())
    return "\n".join(lines)


def _unit(mapping: Mapping, section: _Section) -> None:
    unit = mapping.unit
    section("[unit]", [("code", unit.code), ("name", unit.name), ("code_pattern", unit.code_pattern)])
    for key, coded in (("stage", unit.stage), ("locale", unit.locale)):
        if isinstance(coded, CodedColumn):
            section(f"[unit.{key}]", [("column", coded.column), ("codes", coded.codes or None)])
    if unit.status is not None:
        status = unit.status
        section(
            "[unit.status]",
            [
                ("column", status.column),
                ("active", status.active),
                ("paused", status.paused or None),
                ("closed", status.closed or None),
            ],
        )
    for parent in unit.parents:
        section(
            "[[unit.parent]]",
            [
                ("level", parent.level),
                ("code", parent.code),
                ("name", parent.name),
                ("required", None if parent.required else False),
            ],
        )
    for attribute in unit.attributes:
        codes = attribute.codes or None
        section("[[unit.attribute]]", [("code", attribute.code), ("column", attribute.column), ("codes", codes)])


def _element(element: Element) -> list[tuple[str, _Value | None]]:
    return [
        ("code", element.code),
        ("column", element.column),
        ("kind", element.kind if element.kind is not ElementKind.NUMBER else None),
        ("label", element.label or None),
        ("unit", element.unit or None),
        ("multiplier", element.multiplier if element.multiplier != 1 else None),
        ("suffixes", element.suffixes or None),
        ("codes", element.codes or None),
        ("min", element.minimum),
        ("max", element.maximum),
        ("blank", element.blank if element.blank is not Reason.NOT_REPORTED else None),
        ("required", True if element.required else None),
        ("sentinels", element.sentinels or None),
        ("optional", True if element.optional else None),
    ]


def _rule(rule: Rule) -> list[tuple[str, _Value | None]]:
    return [
        ("code", rule.code),
        ("left", rule.left),
        ("op", rule.op),
        ("right", rule.right),
        ("severity", rule.severity if rule.severity is not Severity.WARNING else None),
        ("text", rule.text or None),
        ("missing_as_zero", True if rule.missing_as_zero else None),
    ]


def _toml(value: _Value) -> str:
    if isinstance(value, Reason):
        return _quoted(value.name.lower())
    if isinstance(value, StrEnum | str):
        return _quoted(str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if math.isfinite(value) and value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f"{{ {', '.join(f'{_quoted(key)} = {_toml(item)}' for key, item in sorted(value.items()))} }}"


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return (
        '"' + "".join(escapes.get(c) or (f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c) for c in text) + '"'
    )
