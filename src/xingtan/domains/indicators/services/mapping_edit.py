"""Change what one column of a mapping means. Pure functions: mapping in, mapping out.

The mapping screen and the mapping file are the same thing, so every choice on the screen is a change of the mapping.
"""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xingtan.engines import tables as engine
from xingtan.engines.tables.headers import SEPARATOR
from xingtan.engines.tables.mapping import CodedColumn, Coordinates, Element, Parent, StatusColumn, Unit
from xingtan.engines.tables.mapping import Period as PeriodSource
from xingtan.engines.tables.rules import elements_of
from xingtan.engines.tables.values import folded


class MappingRefused(Exception):
    """A change would leave the mapping without sense; the message says what to do first."""


class Use(models.TextChoices):
    """What a column can be."""

    IGNORE = "ignore", gettext_lazy("Ignore")
    CODE = "code", gettext_lazy("School code")
    NAME = "name", gettext_lazy("School name")
    STAGE = "stage", gettext_lazy("School stage")
    LOCALE = "locale", gettext_lazy("Urban or rural")
    STATUS = "status", gettext_lazy("School status")
    COUNTY_CODE = "county_code", gettext_lazy("County code")
    COUNTY_NAME = "county_name", gettext_lazy("County name")
    LATITUDE = "latitude", gettext_lazy("Latitude")
    LONGITUDE = "longitude", gettext_lazy("Longitude")
    ELEMENT = "element", gettext_lazy("Data element")
    PERIOD = "period", gettext_lazy("Period")
    ATTRIBUTE = "attribute", gettext_lazy("Kept for information")
    FILTER = "filter", gettext_lazy("Row filter")


ON_SCREEN = tuple(use for use in Use if use not in {Use.ATTRIBUTE, Use.FILTER})
"""The others are written in the mapping text."""


@dataclass(frozen=True)
class Place:
    """One place where a mapping names a column; `element` or `attribute` says which of many."""

    use: Use
    element: Element | None = None
    attribute: str = ""


@dataclass(frozen=True)
class Choice:
    """What a person chose for a column; only the fields of its use count."""

    use: Use
    codes: ReadOnly[str, str] | None = None
    """Text → stage, area or status code."""
    element: Element | None = None
    coordinates: Coordinates | None = None


class Columns:
    """The columns of a table by letter, and by the names a mapping may give them."""

    def __init__(self, columns: Sequence[ReadOnly[str, Any]]) -> None:
        self.letters = [str(column["letter"]) for column in columns]
        self._headers = {str(column["letter"]): str(column["header"]) for column in columns}
        self._full: dict[str, list[str]] = {}
        self._last: dict[str, list[str]] = {}
        for letter, header in self._headers.items():
            if header:
                self._full.setdefault(folded(header), []).append(letter)
                self._last.setdefault(folded(header.rsplit(SEPARATOR, 1)[-1]), []).append(letter)

    def letter_of(self, name: str) -> str:
        """The letter of the column a mapping names; '' when the table lacks it or has it twice."""
        places = self._full.get(folded(name)) or self._last.get(folded(name)) or []
        if not places and name.startswith("#") and name[1:].upper() in self._headers:
            places = [name[1:].upper()]
        return places[0] if len(places) == 1 else ""

    def name_of(self, letter: str) -> str:
        """How a mapping names the column: by its header where that is unique."""
        header = self._headers[letter]
        return header if header and self._full[folded(header)] == [letter] else f"#{letter}"


def named(mapping: engine.Mapping) -> list[tuple[str, Place]]:
    """Every column name of a mapping with its place, in the order of the file."""
    unit = mapping.unit
    found: list[tuple[str | None, Place]] = [(unit.code, Place(Use.CODE)), (unit.name, Place(Use.NAME))]
    for part, use in ((unit.stage, Use.STAGE), (unit.locale, Use.LOCALE), (unit.status, Use.STATUS)):
        found.append((part.column if part else None, Place(use)))
    for parent in unit.parents:
        county = parent.level == "county"
        found.append((parent.code, Place(Use.COUNTY_CODE) if county else Place(Use.ATTRIBUTE, attribute=parent.level)))
        found.append((parent.name, Place(Use.COUNTY_NAME) if county else Place(Use.ATTRIBUTE, attribute=parent.level)))
    found += [(item.column, Place(Use.ATTRIBUTE, attribute=item.code)) for item in unit.attributes]
    found.append((mapping.period.column, Place(Use.PERIOD)))
    if mapping.coordinates:
        found.append((mapping.coordinates.latitude, Place(Use.LATITUDE)))
        found.append((mapping.coordinates.longitude, Place(Use.LONGITUDE)))
    found += [(item.column, Place(Use.FILTER)) for item in mapping.filters]
    found += [(element.column, Place(Use.ELEMENT, element=element)) for element in mapping.elements]
    return [(name, place) for name, place in found if name is not None]


def places(mapping: engine.Mapping | None, columns: Columns) -> dict[str, list[Place]]:
    """Letter → what the mapping makes of the column; columns it leaves out are missing."""
    found: dict[str, list[Place]] = {}
    for name, place in named(mapping) if mapping else ():
        if letter := columns.letter_of(name):
            found.setdefault(letter, []).append(place)
    return found


def start(columns: Columns, letter: str, *, name: str) -> engine.Mapping:
    """A mapping that knows nothing but the column of the school code."""
    return engine.Mapping(name=name, unit=Unit(code=columns.name_of(letter)))


def assign(mapping: engine.Mapping, columns: Columns, letter: str, choice: Choice) -> engine.Mapping:
    """Give a column one meaning and take away those it had; raise `MappingRefused` where that cannot be."""
    name = columns.name_of(letter)
    here = [place for place in places(mapping, columns).get(letter, ()) if place.use is not Use.FILTER]
    if len(here) > 1:
        raise MappingRefused(_("This column has several meanings. Change them in the mapping text."))
    if here and here[0].use is Use.ATTRIBUTE:
        raise MappingRefused(_("This column is kept for information. Change that in the mapping text."))
    if here and here[0].use is Use.CODE and choice.use is not Use.CODE:
        raise MappingRefused(_("Choose another column as school code first."))
    old = here[0].element if here else None
    keeps = choice.use is Use.ELEMENT and choice.element is not None and old is not None
    if old is not None and not (keeps and choice.element and choice.element.code == old.code):
        _demand_free_of_rules(mapping, old.code)
    position = mapping.elements.index(old) if old is not None else len(mapping.elements)
    mapping = _without(mapping, columns, letter)
    return _with(mapping, name, choice, position)


def _demand_free_of_rules(mapping: engine.Mapping, code: str) -> None:
    for rule in mapping.rules:
        if code in elements_of(rule):
            raise MappingRefused(
                _("Rule “%(rule)s” speaks of the element “%(code)s”. Change the rule in the mapping text first.")
                % {"rule": rule.code, "code": code}
            )


def _without(mapping: engine.Mapping, columns: Columns, letter: str) -> engine.Mapping:
    """The mapping less what it says of a column; the school code stays, for there is always one."""

    def other(name: str | None) -> str | None:
        return name if name is None or columns.letter_of(name) != letter else None

    unit = mapping.unit
    parents = []
    for parent in unit.parents:
        kept = replace(parent, code=other(parent.code), name=other(parent.name))
        if kept.code or kept.name:
            parents.append(kept)
    unit = replace(
        unit, name=other(unit.name), parents=tuple(parents),
        stage=unit.stage if unit.stage and other(unit.stage.column) else None,
        locale=unit.locale if unit.locale and other(unit.locale.column) else None,
        status=unit.status if unit.status and other(unit.status.column) else None,
    )  # fmt: skip
    place = mapping.coordinates
    if place is not None and not (other(place.latitude) and other(place.longitude)):
        place = None
    return replace(
        mapping, unit=unit, coordinates=place, period=replace(mapping.period, column=other(mapping.period.column)),
        elements=tuple(element for element in mapping.elements if other(element.column)),
    )  # fmt: skip


def _with(mapping: engine.Mapping, name: str, choice: Choice, position: int) -> engine.Mapping:
    unit, use = mapping.unit, choice.use
    if use is Use.IGNORE:
        return mapping
    if use is Use.ELEMENT:
        if choice.element is None:
            raise MappingRefused(_("Choose a data element."))
        if any(element.code == choice.element.code for element in mapping.elements):
            raise MappingRefused(_("Another column already is the element “%s”.") % choice.element.code)
        elements = list(mapping.elements)
        elements.insert(position, replace(choice.element, column=name))
        return replace(mapping, elements=tuple(elements))
    if use in {Use.LATITUDE, Use.LONGITUDE}:
        if choice.coordinates is None:
            raise MappingRefused(_("Say which column is the other coordinate, and where the schools lie."))
        return replace(mapping, coordinates=choice.coordinates)
    if use is Use.PERIOD:
        return replace(mapping, period=PeriodSource(column=name))
    if use in {Use.COUNTY_CODE, Use.COUNTY_NAME}:
        return replace(mapping, unit=replace(unit, parents=_with_county(unit.parents, name, use)))
    codes = dict(choice.codes or {})
    if use is Use.STATUS:
        listed = {m: tuple(text for text, code in codes.items() if code == m) for m in ("active", "paused", "closed")}
        if not listed["active"]:
            raise MappingRefused(_("Say which code means that a school is in operation."))
        return replace(mapping, unit=replace(unit, status=StatusColumn(name, **listed)))
    if use is Use.STAGE:
        return replace(mapping, unit=replace(unit, stage=CodedColumn(name, codes)))
    if use is Use.LOCALE:
        return replace(mapping, unit=replace(unit, locale=CodedColumn(name, codes)))
    return replace(mapping, unit=replace(unit, code=name) if use is Use.CODE else replace(unit, name=name))


def _with_county(parents: tuple[Parent, ...], name: str, use: Use) -> tuple[Parent, ...]:
    county = next((parent for parent in parents if parent.level == "county"), Parent("county"))
    changed = replace(county, code=name) if use is Use.COUNTY_CODE else replace(county, name=name)
    return (changed, *(parent for parent in parents if parent.level != "county"))
