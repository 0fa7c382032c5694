"""Definitions and elements from TOML or plain data, with the row named when something is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from xingtan.engines.indicators.definitions import Definition, Direction, GradeRule, Kind, Role, Text, Threshold
from xingtan.engines.indicators.errors import DefinitionError
from xingtan.engines.indicators.schema import Element

_TEXTS = {"name", "unit", "needs", "note", "description", "label"}
_DATES = {"valid_from", "valid_to"}
_NUMBERS = {"value", "factor", "floor", "q", "min_coverage", "minimum", "maximum"}
_ENUMS: dict[str, type[StrEnum]] = {"kind": Kind, "direction": Direction, "role": Role}
_LISTS = {"of", "items", "slices", "levels", "collect", "sources", "stages"}


def load_definitions(text: str) -> tuple[Definition, ...]:
    """Definitions from TOML: `[[indicator]]` rows; `scope = "@name"` is looked up in `[scopes]`.

    Errors: DefinitionError naming the row; several versions of one code may stand in one file if they do not overlap.
    """
    data = _toml(text)
    scopes = data.get("scopes", {})
    found: list[Definition] = []
    for number, row in enumerate(data.get("indicator", []), start=1):
        scope = row.get("scope", "")
        if scope.startswith("@"):
            if scope[1:] not in scopes:
                raise DefinitionError(row.get("code", f"row {number}"), "scope", f"[scopes] has no {scope[1:]}")
            row = {**row, "scope": scopes[scope[1:]]}
        found.append(definition_from_dict(row, place=f"row {number}"))
    return tuple(found)


def definition_from_dict(row: Mapping[str, Any], *, place: str = "definition") -> Definition:
    """A definition from plain data as `Definition.to_dict` gives it. Errors: DefinitionError."""
    code = str(row.get("code", place))
    values = _convert(Definition, row, code)
    values["thresholds"] = tuple(Threshold(**_convert(Threshold, t, code)) for t in row.get("thresholds", ()))
    values["grades"] = tuple(GradeRule(**_convert(GradeRule, g, code)) for g in row.get("grades", ()))
    return Definition(**values)


def load_elements(text: str) -> tuple[Element, ...]:
    """Data elements from TOML: `[[element]]` rows. Errors: DefinitionError naming the row or a code given twice."""
    found: dict[str, Element] = {}
    for number, row in enumerate(_toml(text).get("element", []), start=1):
        code = str(row.get("code", f"row {number}"))
        if code in found:
            raise DefinitionError(code, "code", "is given twice")
        values = _convert(Element, row, code)
        values["codes"] = {key: Text(**_convert(Text, t, code)) for key, t in row.get("codes", {}).items()}
        found[code] = Element(**values)
    return tuple(found.values())


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError("file", "", f"is not valid TOML: {error}") from error


def _convert(target: type, row: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The fields of a row in the types of `target`; unknown and missing fields are errors."""
    known = {f.name: f for f in fields(target)}
    for name in row:
        if name not in known:
            close = get_close_matches(name, known, 1)
            raise DefinitionError(code, name, "is not a field" + (f"; did you mean {close[0]}?" if close else ""))
    for name, f in known.items():
        if f.default is MISSING and f.default_factory is MISSING and name not in row:
            raise DefinitionError(code, name, "is missing")
    return {name: _value(target, name, content, code) for name, content in row.items()}


def _value(target: type, name: str, content: Any, code: str) -> Any:
    number = isinstance(content, int | float) and not isinstance(content, bool)
    if name in _TEXTS:
        if not isinstance(content, Mapping):
            raise DefinitionError(code, name, "must be { zh = …, en = … }")
        return Text(**{k: str(v) for k, v in _convert(Text, content, code).items()})
    if name in _DATES:
        return _date(content, name, code)
    if name in _ENUMS and not (target is Element and name == "kind"):
        try:
            return _ENUMS[name](content)
        except ValueError:
            choices = ", ".join(_ENUMS[name])
            raise DefinitionError(code, name, f"must be one of {choices}, not {content!r}") from None
    if name in _NUMBERS and not (target is Definition and name == "value"):
        if not number:
            raise DefinitionError(code, name, f"must be a number, not {content!r}")
        return float(content)
    if name in _LISTS:
        if not isinstance(content, list) or not all(isinstance(item, str) for item in content):
            raise DefinitionError(code, name, "must be a list of texts")
        return tuple(content)
    if name in ("k", "decimals", "full", "partial") and not (number and isinstance(content, int)):
        raise DefinitionError(code, name, f"must be a whole number, not {content!r}")
    if name == "strict" and not isinstance(content, bool):
        raise DefinitionError(code, name, "must be true or false")
    return content


def _date(content: Any, name: str, code: str) -> date:
    if isinstance(content, date):
        return content
    try:
        return date.fromisoformat(content)
    except (TypeError, ValueError):
        raise DefinitionError(code, name, f"must be a date such as 2026-09-01, not {content!r}") from None
