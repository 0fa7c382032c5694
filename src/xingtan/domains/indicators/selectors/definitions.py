"""Which definitions are in force, and what they read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
