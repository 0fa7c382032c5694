"""A first mapping for a table: what the engine finds by words, and what Chinese school tables say in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.services.mapping_edit import Columns
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Box, CodedColumn, Coordinates, Element, ElementKind, Parent, StatusColumn
from xingtan.engines.tables.types import CellKind, Column, Table
from xingtan.engines.tables.values import folded, number_text

STAGES = {
    "kindergarten": ("幼儿园", "学前"),
    "primary": ("小学", "完全小学", "完小"),
    "junior": ("初中", "初级中学"),
    "nine_year": ("九年一贯制学校", "九年一贯制"),
    "senior": ("高中", "高级中学"),
    "complete": ("完全中学", "完中"),
    "twelve_year": ("十二年一贯制学校", "十二年一贯制"),
    "vocational": ("中等职业学校", "中职", "职业高中", "职高", "中职学校"),
    "special": ("特殊教育学校", "特教", "特殊教育"),
    "teaching_point": ("教学点", "小学教学点"),
}
AREAS = {"urban": ("城区", "城市", "主城区"), "town": ("镇区", "县镇", "城镇", "镇"), "rural": ("乡村", "农村", "村")}
STATUSES = {
    "active": ("在办", "正常", "开办", "在用", "办学中"), "paused": ("停办", "停招", "暂停", "停用"),
    "closed": ("撤销", "撤并", "关闭", "注销"),
}  # fmt: skip
KINDS = {"boolean": ElementKind.BOOLEAN, "integer": ElementKind.INTEGER, "number": ElementKind.NUMBER}


def propose(
    inspection: engine.Inspection, table: Table, elements: Sequence[DataElement], *, name: str, box: Box | None = None
) -> engine.Mapping | None:
    """A mapping to start from; None where no column identifies the schools.

    A word that is not understood leaves its column out: a person decides. Coordinates are taken where ``box`` tells
    in which they must lie; a lost decimal point is then repaired and reported.
    """
    by_code = {row.code: row for row in elements}
    specs = [
        engine.ElementSpec(row.code, row.name.get("zh", row.code), (row.name.get("en", ""),), KINDS.get(row.kind))
        for row in elements
    ]
    draft = engine.suggest_mapping(inspection, specs, name=name)
    if draft.mapping is None:
        return None
    columns = Columns([{"letter": profile.letter, "header": profile.header} for profile in inspection.columns])
    found = {
        columns.name_of(profile.letter): set(distinct_texts(column))
        for profile, column in zip(inspection.columns, table.columns, strict=True)
        if profile.distinct <= 40
    }
    unit = draft.mapping.unit
    for part, words in (("stage", STAGES), ("locale", AREAS)):
        column = draft.fields.get(part, "")
        codes = _meanings(found.get(column, set()), words)
        if codes and part == "stage":
            unit = replace(unit, stage=CodedColumn(column, codes))
        elif codes:
            unit = replace(unit, locale=CodedColumn(column, codes))
    status = _meanings(found.get(draft.fields.get("status", ""), set()), STATUSES)
    if status:
        listed = {meaning: tuple(text for text, m in status.items() if m == meaning) for meaning in STATUSES}
        unit = replace(unit, status=StatusColumn(draft.fields["status"], **listed))
    county, county_code = draft.fields.get("county"), draft.fields.get("county_code")
    if county and (county not in found or all(text.isdigit() for text in found[county])):
        county = None
    if county or county_code:
        unit = replace(unit, parents=(Parent("county", code=county_code, name=county),))
    coordinates = None
    if box is not None and {"latitude", "longitude"} <= draft.fields.keys():
        coordinates = Coordinates(draft.fields["latitude"], draft.fields["longitude"], box, repair=True)
    return replace(
        draft.mapping, unit=unit, coordinates=coordinates,
        elements=tuple(from_catalogue(element, by_code.get(element.code)) for element in draft.mapping.elements),
    )  # fmt: skip


def from_catalogue(element: Element, row: DataElement | None) -> Element:
    """An element of a mapping with the kind, unit and bounds that the catalogue gives it."""
    if row is None:
        return element
    if row.kind == "code" and row.codes and not element.codes:
        listed = {text: float(key) for key, words in row.codes.items() for text in (key, words.get("zh", "")) if text}
        element = replace(element, kind=ElementKind.INTEGER, codes=listed)
    return replace(
        element, kind=KINDS.get(row.kind, element.kind), label=row.name.get("zh", row.code),
        unit=row.unit.get("zh", ""), minimum=row.minimum, maximum=row.maximum,
    )  # fmt: skip


def distinct_texts(column: Column) -> list[str]:
    """The different values of a column as they are compared, short ones first; blanks left out."""
    numbers = np.unique(column.numbers[column.kinds == CellKind.NUMBER]).tolist()
    used = np.unique(column.codes[column.codes >= 0]).tolist()
    found = {number_text(number) for number in numbers} | {folded(column.strings[code]) for code in used}
    return sorted(found - {""}, key=lambda text: (len(text), text))


def guess_codes(use: str, values: Sequence[str]) -> dict[str, str]:
    """What the values of a stage, area or status column mean, those that are understood."""
    words = {"stage": STAGES, "locale": AREAS, "status": STATUSES}.get(use, {})
    known = {folded(text): code for code, texts_of in words.items() for text in (code, *texts_of)}
    return {text: known[text] for text in values if text in known}


def _meanings(found: set[str], words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Text → code, when every text is understood; else nothing."""
    known = {folded(text): code for code, texts_of in words.items() for text in (code, *texts_of)}
    return {text: known[text] for text in sorted(found)} if found and found <= known.keys() else {}
