"""Which definitions are in force, what they read, and their compiled plan."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.engines import indicators as engine


def versions_in_force(day: date) -> tuple[IndicatorVersion, ...]:
    """The newest version of each code that is valid on a day, in catalogue order."""
    newest: dict[str, IndicatorVersion] = {}
    for row in IndicatorVersion.objects.order_by("id"):
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or row.valid_to >= day):
            newest[row.code] = row
    return tuple(sorted(newest.values(), key=lambda row: (row.section, row.code)))


def versions_by_id(ids: Iterable[int]) -> tuple[IndicatorVersion, ...]:
    """The versions of a run, in catalogue order."""
    return tuple(sorted(IndicatorVersion.objects.filter(pk__in=list(ids)), key=lambda row: (row.section, row.code)))


def definition_of(row: IndicatorVersion) -> engine.Definition:
    """The engine's definition of a version."""
    return engine.definition_from_dict(row.body, place=row.code)


def engine_element(row: DataElement) -> engine.Element:
    """A data element as the engine knows it."""
    return engine.Element(
        code=row.code, name=engine.Text(**row.name), kind=row.kind, group=row.group, unit=engine.Text(**row.unit),
        minimum=row.minimum, maximum=row.maximum,
        codes={code: engine.Text(**text) for code, text in row.codes.items()}, stages=tuple(row.stages),
        supplied_by=row.supplied_by, description=engine.Text(**row.description),
    )  # fmt: skip


def schema_of(rows: Iterable[DataElement]) -> engine.Schema:
    """What expressions may speak of in this installation."""
    return engine.Schema.of(engine_element(row) for row in rows)


def schema() -> engine.Schema:
    """The data elements of the installation as the engine's schema."""
    return schema_of(DataElement.objects.all())


def versions_needed(versions: Sequence[IndicatorVersion], codes: Iterable[str]) -> tuple[IndicatorVersion, ...]:
    """The versions of these codes and of all that they rest on, in the order given."""
    by_code = {row.code: row for row in versions}
    needed: set[str] = set()
    waiting = [code for code in codes if code in by_code]
    while waiting:
        code = waiting.pop()
        if code not in needed:
            needed.add(code)
            waiting += [other for other in by_code[code].body.get("of", ()) if other in by_code]
    return tuple(row for row in versions if row.code in needed)


def plan_of(versions: Sequence[IndicatorVersion], day: date) -> engine.Plan:
    """The compiled definitions. Versions never change, so a plan is kept for the next request.

    Errors: `engine.DefinitionError`, `engine.ExpressionError`.
    """
    kinds = tuple(DataElement.objects.order_by("code").values_list("code", "kind"))
    return _plan(tuple(row.content_hash for row in versions), kinds, day)


@lru_cache(maxsize=64)
def _plan(hashes: tuple[str, ...], kinds: tuple[tuple[str, str], ...], day: date) -> engine.Plan:
    rows = {row.content_hash: row for row in IndicatorVersion.objects.filter(content_hash__in=hashes)}
    types = {code: engine.Type.BOOLEAN if kind == "boolean" else engine.Type.NUMBER for code, kind in kinds}
    return engine.plan([definition_of(rows[key]) for key in hashes], schema=engine.Schema(types), on=day)


def codes_reading(plan: engine.Plan, elements: Collection[str]) -> frozenset[str]:
    """The indicators that change when elements change: those that read one, and those that rest on them."""
    changed = frozenset(elements)
    found = {
        code for code, compiled in plan.compiled.items()
        if any(changed & set(expression.elements) for expression in compiled.expressions.values())
    }  # fmt: skip
    while more := {
        code for code, compiled in plan.compiled.items()
        if code not in found and found & set(compiled.definition.of)
    }:  # fmt: skip
        found |= more
    return frozenset(found)


def element_rows(codes: Iterable[str] = ()) -> tuple[DataElement, ...]:
    """Data elements in catalogue order: these, or all."""
    rows = DataElement.objects.order_by("order", "code")
    return tuple(rows.filter(code__in=list(codes)) if codes else rows)


def versions_of(code: str) -> tuple[IndicatorVersion, ...]:
    """Every version of an indicator, newest first."""
    return tuple(IndicatorVersion.objects.filter(code=code).order_by("-id"))


@cache
def _cited() -> dict[str, str]:
    text = (files("xingtan.domains.indicators") / "catalogue" / "sources.toml").read_text(encoding="utf-8")
    return {key: str(source) for key, source in tomllib.loads(text)["sources"].items()}


def source_texts(definition: engine.Definition) -> tuple[str, ...]:
    """The sources that a definition and its thresholds cite, written out; a bureau's own stand as they are."""
    cited = dict.fromkeys((*definition.sources, *(one.source for one in definition.thresholds if one.source)))
    return tuple(f"[{key}] {_cited()[key]}" if key in _cited() else key for key in cited)
