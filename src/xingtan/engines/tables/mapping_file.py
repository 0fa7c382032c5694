"""Mappings as TOML files. An error names the key, as in ``element[2].codes.9``; every key is documented in README."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeVar

from xingtan.engines.tables.mapping import (
    FORMAT_VERSION,
    TOTAL_LABELS,
    Attribute,
    Box,
    CodedColumn,
    Coordinates,
    Element,
    ElementKind,
    Filter,
    FilterOp,
    Mapping,
    Parent,
    Period,
    Rule,
    RuleOp,
    Source,
    StatusColumn,
    Unit,
)
from xingtan.engines.tables.mapping_toml import dump_mapping
from xingtan.engines.tables.messages import ISSUES
from xingtan.engines.tables.patterns import CodePattern, PatternError
from xingtan.engines.tables.rules import parse_side
from xingtan.engines.tables.types import MappingError, Reason, Severity, TableError
from xingtan.engines.tables.values import number_text

_FILE_LIMIT: Final = 2**18
"""Ten times the largest mapping known; tomllib reads about 0.1 MB a second where a file is made to be slow."""
_DEEP_KEY: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){17}""")
"""tomllib needs cubic time for ``a.a.a…``: 200 kB of it would stop a server. No key of ours has more than four parts."""
_ELEMENT_CODE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,59}")
_E = TypeVar("_E", bound=StrEnum)


def load_mapping(path: str | PathLike[str]) -> Mapping:
    """Read a mapping file. Raises ``MappingError`` (key at fault) or ``TableError('file_missing')``."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        raise TableError("file_missing", detail=error.strerror or str(error)) from error
    if len(data) > _FILE_LIMIT:
        raise MappingError("file", f"more than {_FILE_LIMIT} bytes")
    try:
        return parse_mapping(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MappingError("file", f"not UTF-8 at byte {error.start}") from error


def parse_mapping(text: str) -> Mapping:
    """A mapping from the text of a TOML file. Raises ``MappingError``."""
    if len(text) > _FILE_LIMIT:
        raise MappingError("file", f"more than {_FILE_LIMIT} bytes")
    if _DEEP_KEY.search(text):
        raise MappingError("file", "not TOML: a key with more than 16 dots")
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is one; a number of 5,000 digits is another
        raise MappingError("file", f"not TOML: {error}") from error
    node = _Node(document, "")
    version = node.integer("version")
    if version != FORMAT_VERSION:
        raise MappingError("version", f"{version} is not supported; this release reads {FORMAT_VERSION}")
    mapping = Mapping(
        version=version,
        name=node.text("name"),
        title=node.text("title", ""),
        note=node.text("note", ""),
        sentinels=node.sentinels("sentinels"),
        source=_source(node.child("source")),
        period=_period(node.child("period")),
        unit=_unit(node.child("unit", required=True)),
        coordinates=_coordinates(node.child("coordinates")) if "coordinates" in document else None,
        filters=tuple(_filter(item) for item in node.items("filter")),
        elements=tuple(_element(item) for item in node.items("element")),
        rules=tuple(_rule(item) for item in node.items("rule")),
        severities=_severities(node.child("severity")),
    )
    node.finish()
    _check(mapping)
    return mapping


def import_key(file_sha256: str, mapping: Mapping) -> str:
    """Hash of (file bytes, mapping). Importing the same key twice must change nothing."""
    return hashlib.sha256(f"{file_sha256}\n{dump_mapping(mapping)}".encode()).hexdigest()


def _check(mapping: Mapping) -> None:
    seen: dict[str, int] = {}
    for k, element in enumerate(mapping.elements):
        if element.code in seen:
            raise MappingError(f"element[{k}].code", f"“{element.code}” is already element[{seen[element.code]}]")
        seen[element.code] = k
    for k, rule in enumerate(mapping.rules):
        for side, text in (("left", rule.left), ("right", rule.right)):
            key = f"rule[{k}].{side}"
            try:
                parsed = parse_side(text, rule.op)
            except ValueError as error:
                raise MappingError(key, str(error)) from error
            for name in parsed.elements():
                if name not in seen:
                    raise MappingError(key, f"there is no element “{name}”")


def _source(node: _Node) -> Source:
    header: int | tuple[int, int] | None = None
    value = node.take("header_rows")
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        header = value
    elif isinstance(value, list) and len(value) == 2 and all(type(row) is int for row in value):
        header = (value[0], value[1])
        if not 1 <= header[0] <= header[1]:
            raise node.wrong("header_rows", "rows count from 1, first before last")
    elif value is not None:
        raise node.wrong("header_rows", "a number of rows or [first, last] is expected")
    decimal = node.text("decimal", ".")
    if decimal not in (".", ","):
        raise node.wrong("decimal", "“.” or “,” is expected")
    delimiter = node.optional("delimiter")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise node.wrong("delimiter", "one character other than a quotation mark is expected")
    source = Source(
        sheet=node.optional("sheet"),
        header_rows=header,
        encoding=node.optional("encoding"),
        delimiter=delimiter,
        decimal=decimal,
        total_labels=node.texts("total_labels", TOTAL_LABELS),
    )
    node.finish()
    return source


def _period(node: _Node) -> Period:
    period = Period(node.optional("value"), node.optional("column"))
    if period.value is not None and period.column is not None:
        raise node.wrong("column", "either a value or a column, not both")
    node.finish()
    return period


def _unit(node: _Node) -> Unit:
    unit = Unit(
        code=node.text("code"),
        name=node.optional("name"),
        code_pattern=node.optional("code_pattern"),
        stage=_coded(node.child("stage")) if node.has("stage") else None,
        locale=_coded(node.child("locale")) if node.has("locale") else None,
        status=_status(node.child("status")) if node.has("status") else None,
        parents=tuple(_parent(item) for item in node.items("parent")),
        attributes=tuple(_attribute(item) for item in node.items("attribute")),
    )
    if unit.code_pattern is not None:
        try:
            CodePattern(unit.code_pattern)
        except PatternError as error:
            raise node.wrong("code_pattern", f"not a regular expression: {error}") from error
    node.finish()
    return unit


def _coded(node: _Node) -> CodedColumn:
    coded = CodedColumn(node.text("column"), node.text_codes())
    node.finish()
    return coded


def _status(node: _Node) -> StatusColumn:
    status = StatusColumn(node.text("column"), node.texts("active"), node.texts("paused", ()), node.texts("closed", ()))
    everything = [*status.active, *status.paused, *status.closed]
    if len(set(everything)) != len(everything):
        raise node.wrong("active", "a code stands in two lists")
    node.finish()
    return status


def _parent(node: _Node) -> Parent:
    parent = Parent(
        node.text("level"), node.optional("code"), node.optional("name"), node.flag("required", default=True)
    )
    if parent.code is None and parent.name is None:
        raise node.wrong("code", "a column for the code, the name or both is needed")
    node.finish()
    return parent


def _attribute(node: _Node) -> Attribute:
    attribute = Attribute(node.text("code"), node.text("column"), node.text_codes())
    node.finish()
    return attribute


def _coordinates(node: _Node) -> Coordinates:
    box = node.child("box", required=True)
    area = Box(box.number("south"), box.number("north"), box.number("west"), box.number("east"))
    box.finish()
    if not -90 <= area.south < area.north <= 90 or not -180 <= area.west < area.east <= 180:
        raise node.wrong("box", "south < north within ±90 and west < east within ±180 are expected")
    coordinates = Coordinates(node.text("latitude"), node.text("longitude"), area, node.flag("repair", default=False))
    node.finish()
    return coordinates


def _filter(node: _Node) -> Filter:
    ops = [op for op in FilterOp if node.has(op)]
    if len(ops) != 1:
        raise node.wrong("in", "exactly one of “in” and “not_in” is expected")
    row_filter = Filter(node.text("column"), ops[0], node.texts(ops[0]))
    node.finish()
    return row_filter


def _element(node: _Node) -> Element:
    code = node.text("code")
    if not _ELEMENT_CODE.fullmatch(code):
        raise node.wrong("code", f"“{code}”: ASCII letters, digits, “_”, “.” and “-” are allowed")
    codes: dict[str, float | Reason] = {}
    for key, value in node.pairs("codes"):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise node.wrong(f"codes.{key}", "a number or a reason is expected")
        codes[key] = node.reason(value, f"codes.{key}") if isinstance(value, str) else float(value)
    element = Element(
        code=code,
        column=node.text("column"),
        kind=node.choice("kind", ElementKind, ElementKind.NUMBER),
        label=node.text("label", ""),
        unit=node.text("unit", ""),
        multiplier=node.number("multiplier", 1.0),
        suffixes=node.texts("suffixes", ()),
        codes=codes,
        minimum=node.number("min") if node.has("min") else None,
        maximum=node.number("max") if node.has("max") else None,
        blank=node.reason(node.text("blank", "not_reported"), "blank"),
        required=node.flag("required", default=False),
        sentinels=node.sentinels("sentinels"),
        optional=node.flag("optional", default=False),
    )
    if element.minimum is not None and element.maximum is not None and element.minimum > element.maximum:
        raise node.wrong("min", "is above max")
    if element.multiplier == 0:
        raise node.wrong("multiplier", "must not be 0")
    node.finish()
    return element


def _rule(node: _Node) -> Rule:
    rule = Rule(
        code=node.text("code"),
        left=node.as_text(node.take("left"), "left"),
        op=node.choice("op", RuleOp),
        right=node.as_text(node.take("right"), "right"),
        severity=node.choice("severity", Severity, Severity.WARNING),
        text=node.text("text", ""),
        missing_as_zero=node.flag("missing_as_zero", default=False),
    )
    node.finish()
    return rule


def _severities(node: _Node) -> dict[str, Severity]:
    result: dict[str, Severity] = {}
    for code in list(node.data):
        if code not in ISSUES:
            raise node.wrong(code, "there is no such message")
        result[code] = node.choice(code, Severity)
    return result


class _Node:
    """One table of the document: typed access by key; what was not taken is an error at ``finish``."""

    def __init__(self, data: dict[str, Any], path: str) -> None:
        self.data = data
        self._path = path
        self._taken: set[str] = set()

    def wrong(self, key: str, problem: str) -> MappingError:
        return MappingError(f"{self._path}.{key}" if self._path else key, problem)

    def finish(self) -> None:
        unknown = sorted(set(self.data) - self._taken)
        if unknown:
            raise self.wrong(unknown[0], f"unknown key; known here: {', '.join(sorted(self._taken))}")

    def has(self, key: str) -> bool:
        return key in self.data

    def take(self, key: str) -> Any:
        self._taken.add(key)
        return self.data.get(key)

    def as_text(self, value: Any, key: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(key, "a text is expected" if value is not None else "is missing")
        return value if isinstance(value, str) else number_text(float(value))

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key)
        if value is None and default is not None:
            return default
        text = self.as_text(value, key)
        if default is None and not text.strip(" "):
            raise self.wrong(key, "must not be empty")
        return text

    def optional(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, list):
            raise self.wrong(key, "a list is expected")
        return tuple(self.as_text(item, f"{key}[{k}]") for k, item in enumerate(value))

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.take(key)
        if not isinstance(value, bool | None):
            raise self.wrong(key, "true or false is expected")
        return default if value is None else value

    def integer(self, key: str) -> int:
        value = self.take(key)
        if type(value) is not int:
            raise self.wrong(key, "a whole number is expected")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
            raise self.wrong(key, "a number is expected")
        return float(value)

    def choice(self, key: str, options: type[_E], default: _E | None = None) -> _E:
        value = self.take(key)
        if value is None and default is not None:
            return default
        if value not in list(options):
            raise self.wrong(key, f"one of {', '.join(options)} is expected")
        return options(value)

    def reason(self, value: str, key: str) -> Reason:
        names = {reason.name.lower(): reason for reason in Reason if reason is not Reason.REPORTED}
        if value not in names:
            raise self.wrong(key, f"one of {', '.join(names)} is expected")
        return names[value]

    def pairs(self, key: str) -> Iterator[tuple[str, Any]]:
        value = self.take(key)
        if not isinstance(value, dict | None):
            raise self.wrong(key, "a table is expected")
        yield from (value or {}).items()

    def text_codes(self) -> dict[str, str]:
        return {key: self.as_text(value, f"codes.{key}") for key, value in self.pairs("codes")}

    def sentinels(self, key: str) -> dict[str, Reason]:
        """``[88888, 99999]`` (all unknown) or ``{88888 = "unknown", "-" = "not_applicable"}``."""
        if isinstance(self.data.get(key), list):
            return dict.fromkeys(self.texts(key), Reason.UNKNOWN)
        return {
            name: self.reason(self.as_text(value, f"{key}.{name}"), f"{key}.{name}") for name, value in self.pairs(key)
        }

    def child(self, key: str, *, required: bool = False) -> _Node:
        value = self.take(key)
        if value is None and required:
            raise self.wrong(key, "is missing")
        if not isinstance(value, dict | None):
            raise self.wrong(key, "a table is expected")
        return _Node(value or {}, f"{self._path}.{key}" if self._path else key)

    def items(self, key: str) -> Iterator[_Node]:
        value = self.take(key)
        if value is None:
            return
        path = f"{self._path}.{key}" if self._path else key
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, f"[[{path}]] tables are expected")
        for k, item in enumerate(value):
            yield _Node(item, f"{path}[{k}]")
