"""``dry_run``: a table under a mapping, with everything that is wrong; nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.coordinates import absent_axis, near_namesakes, read_axis
from xingtan.engines.tables.elements import Sentinels, absent_element, read_element
from xingtan.engines.tables.issues import IssueLog
from xingtan.engines.tables.mapping import FilterOp, Mapping
from xingtan.engines.tables.mapping_file import import_key
from xingtan.engines.tables.resolve import Columns, resolve
from xingtan.engines.tables.rules import broken, elements_of, found_values
from xingtan.engines.tables.sentinels import suspect_sentinels
from xingtan.engines.tables.types import (
    Axis,
    Bools,
    ElementValues,
    FileFormat,
    Progress,
    Reason,
    Result,
    Table,
    Units,
    UnitStatus,
)
from xingtan.engines.tables.units import Identity, read_units
from xingtan.engines.tables.values import folded, number_text, shorten, texts

_ELEMENTS_FROM, _ELEMENTS_TO = 0.2, 0.9
DEFAULT_CAP: Final = 200


def dry_run(
    table: Table,
    mapping: Mapping,
    *,
    known_codes: Collection[str] | None = None,
    repair_coordinates: bool | None = None,
    progress: Progress | None = None,
    cap: int = DEFAULT_CAP,
) -> Result:
    """Read units and elements, checking everything the mapping declares.

    ``known_codes``: the codes of organisations that exist; any other is an issue. ``repair_coordinates`` overrides
    the mapping's choice (and with it the import key). ``cap``: issues kept in full per
    message code (counts stay exact). The result may be stored if ``result.ok``.
    """
    if repair_coordinates is not None and mapping.coordinates is not None:
        mapping = replace(mapping, coordinates=replace(mapping.coordinates, repair=repair_coordinates))
    report = progress or (lambda share, code: None)
    report(0.0, "units")
    found, unresolved = resolve(table, mapping)
    rows, filtered, totals = _rows(table, mapping, found)
    log = IssueLog(table.sheet, table.source_rows[rows], mapping.severities, cap)
    for fault in unresolved:
        log.note(fault.code, fault.params)
    if not len(rows):
        log.note("no_units", {})
    for notice in table.notices:
        log.note(notice.code, notice.params, row=notice.row)
    for i, label in totals:
        log.note("total_row_skipped", {"label": label}, row=int(table.source_rows[i]))
    columns = found.restricted(rows)
    n = len(rows)
    identity = read_units(columns, mapping, n, known_codes, log)
    active = (identity.statuses == UnitStatus.ACTIVE) | (identity.statuses == UnitStatus.UNKNOWN)

    report(0.1, "coordinates")
    latitude, longitude = _positions(columns, mapping, n, active, log)
    _namesakes(columns, mapping, identity, latitude, longitude, log)

    elements = _elements(table, columns, mapping, n, active, log, report)
    report(_ELEMENTS_TO, "rules")
    _rules(columns, mapping, elements, n, active, log)
    report(1.0, "done")
    return Result(
        units=Units(
            source_rows=table.source_rows[rows],
            codes=identity.codes,
            names=identity.names,
            stages=identity.stages,
            locales=identity.locales,
            statuses=identity.statuses,
            parents=identity.parents,
            periods=identity.periods,
            latitude=latitude,
            longitude=longitude,
            attributes=identity.attributes,
        ),
        elements=elements,
        issues=log.issues(),
        counts=log.counts(),
        rows_read=table.row_count,
        rows_filtered=filtered,
        rows_total=len(totals),
        import_key=import_key(table.sha256, mapping),
    )


def _rows(table: Table, mapping: Mapping, columns: Columns) -> tuple[npt.NDArray[np.intp], int, list[tuple[int, str]]]:
    """Indices of the rows that are units, the number filtered out, and the total rows with their labels."""
    keep: Bools = np.ones(table.row_count, dtype=np.bool_)
    for row_filter in mapping.filters:
        column = columns.get(row_filter.column)
        if column is None:
            continue
        wanted = {folded(value) for value in row_filter.values}
        listed = np.fromiter((folded(text) in wanted for text in texts(column)), np.bool_, table.row_count)
        keep &= listed if row_filter.op is FilterOp.IN else ~listed
    filtered = int((~keep).sum())
    labels = {folded(label) for label in mapping.source.total_labels}
    totals: dict[int, str] = {}
    for name in (mapping.unit.code, mapping.unit.name):
        column = columns.get(name)
        # Each distinct text is compared once; most columns hold no label at all.
        if column is None or not any(folded(text) in labels for text in column.strings):
            continue
        for i, text in enumerate(texts(column)):
            if keep[i] and folded(text) in labels:
                totals.setdefault(i, shorten(text))
    keep[list(totals)] = False
    return np.flatnonzero(keep), filtered, sorted(totals.items())


def _positions(columns: Columns, mapping: Mapping, n: int, active: Bools, log: IssueLog) -> tuple[Axis, Axis]:
    place = mapping.coordinates
    if place is None:
        return absent_axis(n), absent_axis(n)
    sentinels = Sentinels(mapping.sentinels)
    axes: list[Axis] = []
    for name, axis, low, high in (
        (place.latitude, "latitude", place.box.south, place.box.north),
        (place.longitude, "longitude", place.box.west, place.box.east),
    ):
        column = columns.get(name)
        if column is None:
            axes.append(absent_axis(n))
            continue
        axes.append(
            read_axis(
                column,
                axis,
                low,
                high,
                repair=place.repair,
                decimal=mapping.source.decimal,
                sentinels=sentinels,
                active=active,
                log=log,
            )
        )
    return axes[0], axes[1]


def _namesakes(
    columns: Columns, mapping: Mapping, identity: Identity, latitude: Axis, longitude: Axis, log: IssueLog
) -> None:
    """The same name within 110 m; failing a position, the same name under the same parent."""
    column = columns.get(mapping.unit.name)
    if column is None:
        return
    near = near_namesakes(identity.names, identity.stages, latitude, longitude)
    log.flag(
        "name_duplicate_near",
        sorted(near),
        column,
        lambda i: {"other": log.source_row(near[i][0]), "metres": round(near[i][1])},
    )
    if not identity.parents:
        return
    parent = identity.parents[0]
    unplaced = np.isnan(latitude.proposals) & np.isnan(latitude.values)
    first: dict[tuple[str, str, str], int] = {}
    again: dict[int, int] = {}
    for i, name in enumerate(identity.names):
        above = parent.codes[i] or parent.names[i]
        if not name or not above:
            continue
        key = (folded(name), identity.stages[i], above)
        other = first.setdefault(key, i)
        if other != i and i not in near and (unplaced[i] or unplaced[other]):
            again[i] = other
    log.flag("name_duplicate", sorted(again), column, lambda i: {"other": log.source_row(again[i])})


def _elements(
    table: Table,
    columns: Columns,
    mapping: Mapping,
    n: int,
    active: Bools,
    log: IssueLog,
    report: Progress,
) -> dict[str, ElementValues]:
    elements: dict[str, ElementValues] = {}
    for k, element in enumerate(mapping.elements):
        if k % 16 == 0:
            share = k / len(mapping.elements)
            report(_ELEMENTS_FROM + share * (_ELEMENTS_TO - _ELEMENTS_FROM), "elements")
        column = columns.get(element.column)
        if column is None:
            elements[element.code] = absent_element(element, n)
            continue
        elements[element.code] = read_element(
            column,
            element,
            Sentinels(mapping.sentinels, element.sentinels),
            active,
            mapping.source.decimal,
            log,
            text_is_normal=table.format is FileFormat.CSV,
        )
    _undeclared_sentinels(columns, mapping, elements, log)
    return elements


def _undeclared_sentinels(
    columns: Columns, mapping: Mapping, elements: dict[str, ElementValues], log: IssueLog
) -> None:
    plain = [element for element in mapping.elements if not element.codes and columns.get(element.column) is not None]
    reported = []
    for element in plain:
        read = elements[element.code]
        reported.append(read.values[read.reasons == Reason.REPORTED] / element.multiplier)
    for element, suspects in zip(plain, suspect_sentinels(reported), strict=True):
        column = columns.get(element.column)
        for suspect in suspects:
            if column is not None:
                log.on_column(
                    "sentinel_suspected",
                    column,
                    {
                        "found": number_text(suspect.value),
                        "count": suspect.count,
                        "maximum": number_text(suspect.rest_maximum),
                    },
                )


def _rules(
    columns: Columns, mapping: Mapping, elements: dict[str, ElementValues], n: int, active: Bools, log: IssueLog
) -> None:
    by_code = {element.code: element for element in mapping.elements}
    for rule in mapping.rules:
        names = elements_of(rule)
        # A rule over constants only has no cell to point at.
        column = columns.get(by_code[names[0]].column) if names else None
        log.flag(
            "rule_broken",
            broken(rule, elements, n) & active,
            column,
            {"rule": rule.code, "text": rule.text or f"{rule.left} {rule.op} {rule.right}"},
            severity=rule.severity,
            value=lambda i, rule=rule: found_values(rule, elements, i),  # type: ignore[misc]
        )
