"""Bring the shipped catalogue, or a bureau's own definitions, into the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from django.db import transaction

from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.models import DataElement, IndicatorVersion
from xingtan.domains.indicators.selectors.definitions import schema
from xingtan.engines import indicators as engine
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor


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
    known = {row.code: row for row in DataElement.objects.all()}
    created = 0
    with transaction.atomic():
        for order, element in enumerate(elements):
            row = known.get(element.code) or DataElement(code=element.code)
            created += row.pk is None
            row.kind, row.group, row.supplied_by = str(element.kind), element.group, element.supplied_by
            row.name, row.unit, row.description = asdict(element.name), asdict(element.unit), asdict(element.description)
            row.minimum, row.maximum, row.stages = element.minimum, element.maximum, list(element.stages)
            row.codes = {code: asdict(text) for code, text in element.codes.items()}
            row.order = order
            row.save()
    return created


def definitions_add(*, actor: Actor, definitions: Iterable[engine.Definition]) -> int:
    """Add the definitions that are not known yet as new versions; returns how many. Nothing is changed or removed.

    Each must compile against the data elements of the installation, else `CatalogueError`.
    """
    actor.require(COMPUTE)
    definitions = tuple(definitions)
    try:
        engine.check_definitions(definitions, schema())
    except (engine.DefinitionError, engine.ExpressionError) as error:
        raise CatalogueError(str(error)) from error
    with transaction.atomic():
        known = set(IndicatorVersion.objects.values_list("content_hash", flat=True))
        start = IndicatorVersion.objects.count()
        fresh = [
            IndicatorVersion(
                code=definition.code, section=definition.section, order=start + number, body=definition.to_dict(),
                content_hash=definition.content_hash(), computable=definition.computable,
                valid_from=definition.valid_from, valid_to=definition.valid_to,
            )
            for number, definition in enumerate(definitions)
            if definition.content_hash() not in known
        ]  # fmt: skip
        IndicatorVersion.objects.bulk_create(fresh)
        if fresh:
            audit.record(
                actor=actor, action="indicators.definitions.add", object_type="indicator_version",
                object_id=f"{len(fresh)} versions", org_path="", data={"codes": [row.code for row in fresh]},
            )  # fmt: skip
    return len(fresh)


def catalogue_sync(*, actor: Actor) -> tuple[int, int]:
    """Bring in what ships with the product: (new elements, new definition versions)."""
    with transaction.atomic():
        return (
            elements_sync(actor=actor, elements=shipped_elements()),
            definitions_add(actor=actor, definitions=shipped_definitions()),
        )
