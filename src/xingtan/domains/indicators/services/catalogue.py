"""Bring the shipped catalogue, or a bureau's own definitions, into the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from django.db import transaction
from django.utils import timezone

from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.definitions import plan_of, schema, versions_in_force
from xingtan.engines import indicators as engine
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor

ELEMENT_FIELDS = (
    "kind", "group", "supplied_by", "name", "unit", "description", "minimum", "maximum", "stages", "codes", "order",
)  # fmt: skip


class CatalogueError(Exception):
    """Definitions cannot be brought in; the message names the indicator and the field."""


def catalogue_folder() -> Traversable:
    """Where the shipped TOML files lie."""
    return files("xingtan.domains.indicators") / "catalogue"


@cache
def shipped_elements() -> tuple[engine.Element, ...]:
    """The data elements that ship with the product."""
    return engine.load_elements((catalogue_folder() / "elements.toml").read_text(encoding="utf-8"))


@cache
def shipped_definitions() -> tuple[engine.Definition, ...]:
    """The indicator definitions that ship with the product, in the order of their files."""
    names = sorted(
        item.name for item in catalogue_folder().iterdir()
        if item.name.startswith("indicators") and item.name.endswith(".toml")
    )  # fmt: skip
    texts = ((catalogue_folder() / name).read_text(encoding="utf-8") for name in names)
    return tuple(definition for text in texts for definition in engine.load_definitions(text))


def elements_sync(*, actor: Actor, elements: Iterable[engine.Element]) -> int:
    """Create data elements that are new and update the words of those known; returns how many are new."""
    actor.require(COMPUTE)
    with transaction.atomic():
        known = {row.code: row for row in DataElement.objects.all()}
        created: list[DataElement] = []
        changed: list[DataElement] = []
        for order, element in enumerate(elements):
            content = _element_content(element, order)
            row = known.get(element.code)
            if row is None:
                created.append(DataElement(code=element.code, **content))
            elif any(getattr(row, field) != value for field, value in content.items()):
                for field, value in content.items():
                    setattr(row, field, value)
                changed.append(row)
        DataElement.objects.bulk_create(created)
        DataElement.objects.bulk_update(changed, ELEMENT_FIELDS, batch_size=100)
        if created or changed:
            audit.record(
                actor=actor, action="indicators.elements.sync", object_type="data_element",
                object_id=f"{len(created) + len(changed)} elements", org_path="",
                data={"created": [row.code for row in created], "changed": [row.code for row in changed]},
            )  # fmt: skip
    return len(created)


def _element_content(element: engine.Element, order: int) -> dict[str, Any]:
    return {
        "kind": str(element.kind), "group": element.group, "supplied_by": element.supplied_by,
        "name": asdict(element.name), "unit": asdict(element.unit), "description": asdict(element.description),
        "minimum": element.minimum, "maximum": element.maximum, "stages": list(element.stages),
        "codes": {code: asdict(text) for code, text in element.codes.items()}, "order": order,
    }  # fmt: skip


def definitions_add(*, actor: Actor, definitions: Iterable[engine.Definition]) -> int:
    """Add the definitions that are not known yet as new versions; returns how many. Nothing is changed or removed.

    Each must compile against the data elements of the installation, and together with the definitions in force on
    its first day, else `CatalogueError`.
    """
    actor.require(COMPUTE)
    definitions = tuple(definitions)
    with transaction.atomic():
        _compile(definitions)
        known = set(IndicatorVersion.objects.values_list("content_hash", flat=True))
        fresh = {one.content_hash(): one for one in definitions if one.content_hash() not in known}
        if not fresh:
            return 0
        start = IndicatorVersion.objects.count()
        IndicatorVersion.objects.bulk_create(
            IndicatorVersion(
                code=one.code, section=one.section, order=start + number, body=one.to_dict(), content_hash=digest,
                computable=one.computable, valid_from=one.valid_from, valid_to=one.valid_to,
            )
            for number, (digest, one) in enumerate(fresh.items())
        )  # fmt: skip
        _fit_together({one.valid_from or timezone.localdate() for one in fresh.values()})
        audit.record(
            actor=actor, action="indicators.definitions.add", object_type="indicator_version",
            object_id=f"{len(fresh)} versions", org_path="", data={"codes": [one.code for one in fresh.values()]},
        )  # fmt: skip
    return len(fresh)


def _compile(definitions: Iterable[engine.Definition]) -> None:
    words = schema()
    for definition in definitions:
        try:
            engine.compile_definition(definition, words)
        except engine.ExpressionError as error:
            place = "; ".join(getattr(error, "__notes__", ()))
            raise CatalogueError(f"{definition.code}: {error} ({place})") from error


def _fit_together(days: Iterable[date]) -> None:
    """Whether the definitions in force on each day can be computed; raise `CatalogueError` otherwise."""
    for day in sorted(days):
        try:
            plan_of(tuple(row for row in versions_in_force(day) if row.computable), day)
        except (engine.DefinitionError, engine.ExpressionError) as error:
            raise CatalogueError(str(error)) from error


def catalogue_sync(*, actor: Actor) -> tuple[int, int]:
    """Bring in what ships with the product: (new elements, new definition versions)."""
    with transaction.atomic():
        return (
            elements_sync(actor=actor, elements=shipped_elements()),
            definitions_add(actor=actor, definitions=shipped_definitions()),
        )
