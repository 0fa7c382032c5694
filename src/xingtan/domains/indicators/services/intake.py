"""Store what a dry run read: organisations into the directory, values as one batch. All or nothing, and once only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import AreaType, OrgUnitData, OrgUnitRow, Stage
from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models import Batch, DataElement, Period
from xingtan.domains.indicators.models.observations import Source
from xingtan.domains.indicators.services.observations import Block, ObservationError, Origin, batch_record
from xingtan.domains.indicators.services.periods import period_lock
from xingtan.engines import tables as engine
from xingtan.engines.tables.types import ParentValues
from xingtan.platform.orgscope.actor import Actor

STATUS = {
    engine.UnitStatus.ACTIVE: "active", engine.UnitStatus.PAUSED: "paused", engine.UnitStatus.CLOSED: "closed",
}  # fmt: skip
SCHOOLS = ("school", "campus")
NAME_LENGTH = 120


class ImportRefused(Exception):
    """The import cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Applied:
    """What an import did: rows read, organisations new and changed, cells with a value, and the batch.

    `repeated`: the same table, mapping, period and organisation were stored before, so nothing changed.
    """

    batch_id: int
    rows: int
    units_created: int
    units_changed: int
    cells: int
    repeated: bool = False


def organisation_at(*, actor: Actor, org_path: str, day: date) -> OrgUnitData:
    """The city or county an import is for; raise `ImportRefused` when there is none on that day."""
    chain = directory.chain_on(actor=actor, path=org_path, day=day, capability=IMPORT)
    if not chain or chain[-1].path != org_path or chain[-1].kind in SCHOOLS:
        raise ImportRefused(_("The organisation you import for does not exist in this period."))
    return chain[-1]


def known_codes(*, actor: Actor, root: OrgUnitData, period: Period) -> frozenset[str] | None:
    """The school codes a table may hold; None when the actor may add schools, so that any code is good."""
    if actor.can(directory.ORG_EDIT, root.path):
        return None
    units = directory.units_on(actor=actor, day=period.ends, root=root.path, kinds=SCHOOLS, capability=IMPORT)
    return frozenset(unit.code for unit in units)


def refusals(*, result: engine.Result, mapping: engine.Mapping, root: OrgUnitData, period: Period) -> tuple[str, ...]:
    """What forbids storing a table although its cells are right; sentences that say what to do."""
    found = []
    units = result.units
    if not any(element.column for element in result.elements.values()):
        found.append(_("No column is mapped to a data element. Map at least one."))
    said = {mapping.period.value} if mapping.period.value else set(units.periods)
    if other := sorted(said - {"", period.code}):
        found.append(
            _(
                "The table speaks of the period %(found)s, but you import for %(period)s. Choose the right file or period."
            )
            % {"found": ", ".join(other[:3]), "period": period.code}
        )
    for texts, known, message in (
        (
            units.stages, set(Stage.values),
            _("Stage “%(found)s” in row %(row)s is not known. List what the codes mean."),
        ),
        (
            units.locales, set(AreaType.values),
            _("Urban/rural class “%(found)s” in row %(row)s is not known. List what the codes mean."),
        ),
    ):  # fmt: skip
        wrong = next((n for n, text in enumerate(texts) if text and text not in known), None)
        if wrong is not None:
            found.append(message % {"found": texts[wrong][:80], "row": int(units.source_rows[wrong])})
    county = _county(result)
    if county is not None and root.kind == "county":
        elsewhere = [n for n, code in enumerate(county.codes) if code and code != root.code]
        if elsewhere:
            found.append(
                _(
                    "%(count)d rows belong to another county, the first is row %(row)d. Leave them out with a row filter."
                )
                % {"count": len(elsewhere), "row": int(units.source_rows[elsewhere[0]])}
            )
    return tuple(found)


def rehearse(*, actor: Actor, org_path: str, period: Period, mapping: engine.Mapping, result: engine.Result) -> Applied:
    """Do all of `table_apply` and take it back: what it would change, and whatever would stop it."""
    with transaction.atomic():
        applied = table_apply(actor=actor, org_path=org_path, period=period, mapping=mapping, result=result)
        transaction.set_rollback(True)
    return applied


def table_apply(
    *, actor: Actor, org_path: str, period: Period, mapping: engine.Mapping, result: engine.Result,
    file_id: int | None = None, sheet: str = "",
) -> Applied:  # fmt: skip
    """Store the units and cells of a dry run without errors, in one transaction.

    The same file and mapping for the same period and organisation is stored once: the second time nothing changes.
    """
    actor.require(IMPORT, org_path)
    if not result.ok:
        raise ImportRefused(_("The table has errors; nothing was stored."))
    key = hashlib.sha256(f"{result.import_key} {period.code} {org_path}".encode()).hexdigest()
    with transaction.atomic():
        # Imports of one period follow each other, so that the second of two equal ones finds the first.
        period_lock(period.pk)
        rows = len(result.units)
        before = Batch.objects.visible_to(actor, IMPORT).filter(content_hash=key).first()
        if before is not None:
            return Applied(before.pk, rows, 0, 0, 0, repeated=True)
        root = organisation_at(actor=actor, org_path=org_path, day=period.ends)
        for reason in refusals(result=result, mapping=mapping, root=root, period=period):
            raise ImportRefused(reason)
        _ensure_elements(mapping)
        units, created, changed = _sync_units(actor, root, period, mapping, result)
        block = _block(result, units)
        try:
            batch = batch_record(
                actor=actor, org_path=org_path, period_id=period.pk, block=block,
                origin=Origin(
                    Source.IMPORTED, file_id=file_id, sheet=sheet[:120], mapping=engine.dump_mapping(mapping),
                    content_hash=key, columns=_columns(mapping, result),
                    statistics={"rows": rows, "issues": sum(count.count for count in result.counts)},
                ),
            )  # fmt: skip
        except ObservationError as error:
            raise ImportRefused(str(error)) from error
    return Applied(batch.pk, rows, created, changed, int((block.reasons == 0).sum()))


def _county(result: engine.Result) -> ParentValues | None:
    return next((level for level in result.units.parents if level.level == "county"), None)


def _ensure_elements(mapping: engine.Mapping) -> None:
    """Elements of the mapping that the catalogue does not know become elements of their own."""
    known = set(DataElement.objects.values_list("code", flat=True))
    DataElement.objects.bulk_create(
        [
            DataElement(
                code=element.code, kind=str(element.kind), group="imported", supplied_by="import",
                name={"zh": element.label or element.code, "en": element.label or element.code},
                unit={"zh": element.unit, "en": element.unit}, minimum=element.minimum, maximum=element.maximum,
                order=100_000,
            )
            for element in mapping.elements
            if element.code not in known
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _sync_units(
    actor: Actor, root: OrgUnitData, period: Period, mapping: engine.Mapping, result: engine.Result
) -> tuple[dict[str, OrgUnitData], int, int]:
    """Bring schools, and the counties above them, into the directory; those who may not edit it need them there."""

    def read() -> dict[str, OrgUnitData]:
        units = directory.units_on(actor=actor, day=period.ends, root=root.path, capability=IMPORT)
        return {unit.code: unit for unit in units}

    known = read()
    created = changed = 0
    if actor.can(directory.ORG_EDIT, root.path):
        rows = (*_county_rows(root, result, known), *_school_rows(root, mapping, result, known))
        try:
            synced = directory.org_units_sync(actor=actor, rows=rows, valid_from=period.starts)
        except directory.DirectoryError as error:
            raise ImportRefused(_("The directory refuses: %(reason)s") % {"reason": error}) from error
        created, changed = synced.created, synced.changed
        if created or changed:
            known = read()
    missing = [code for code in result.units.codes if code not in known]
    if missing:
        raise ImportRefused(
            _("%(count)d schools are not in the directory, the first is %(code)s. The city office adds schools.")
            % {"count": len(missing), "code": missing[0]}
        )
    return known, created, changed


def _county_rows(root: OrgUnitData, result: engine.Result, known: dict[str, OrgUnitData]) -> tuple[OrgUnitRow, ...]:
    """The counties that are new; what the directory says of the others stays."""
    county = _county(result)
    if county is None or root.kind != "city":
        return ()
    named = {code: name for code, name in zip(county.codes, county.names, strict=True) if code}
    return tuple(
        OrgUnitRow(code=code, name=(name or code)[:NAME_LENGTH], kind="county", parent_code=root.code)
        for code, name in named.items()
        if code not in known
    )


def _parent_codes(root: OrgUnitData, result: engine.Result, known: Mapping[str, OrgUnitData]) -> list[str]:
    """The organisation above each school: its county by code, failing that by name, else the root."""
    county = _county(result)
    if county is None or root.kind != "city":
        return [root.code] * len(result.units)
    named = {unit.name: unit.code for unit in known.values() if unit.kind == "county"}
    parents = []
    for number, (code, name) in enumerate(zip(county.codes, county.names, strict=True)):
        if not code and name and name not in named:
            row = int(result.units.source_rows[number])
            raise ImportRefused(
                _("County “%(name)s” in row %(row)d is not in the directory. Map a column with county codes.")
                % {"name": name, "row": row}
            )
        parents.append(code or named.get(name, root.code))
    return parents


def _school_rows(
    root: OrgUnitData, mapping: engine.Mapping, result: engine.Result, known: dict[str, OrgUnitData]
) -> list[OrgUnitRow]:
    """The schools as the table has them; where it says nothing, as the directory has them."""
    units = result.units
    by_id = {unit.id: unit.code for unit in known.values()}
    parents = _parent_codes(root, result, known)
    rows = []
    for number, code in enumerate(units.codes):
        old = known.get(code)
        parent = parents[number]
        if old is not None and (_county(result) is None or old.kind == "campus") and old.parent_id in by_id:
            parent = by_id[old.parent_id]
        lat, lon = units.latitude.values[number], units.longitude.values[number]
        located = bool(np.isfinite(lat) and np.isfinite(lon))
        status = STATUS.get(engine.UnitStatus(int(units.statuses[number])))
        if mapping.unit.status is None and old is not None:
            status = old.status
        rows.append(
            OrgUnitRow(
                code=code, name=(units.names[number] or (old.name if old else code))[:NAME_LENGTH],
                kind=old.kind if old is not None and old.kind in SCHOOLS else "school", parent_code=parent,
                stage=units.stages[number] or (old.stage if old else ""),
                area_type=units.locales[number] or (old.area_type if old else ""),
                status=status or (old.status if old else "active"),
                lat=float(lat) if located else (old.lat if old else None),
                lon=float(lon) if located else (old.lon if old else None),
            )
        )  # fmt: skip
    return rows


def _block(result: engine.Result, units: dict[str, OrgUnitData]) -> Block:
    """The cells of the columns the file has: of an optional column it lacks, this import says nothing."""
    present = [element for element in result.elements.values() if element.column]
    shape = (len(result.units), len(present))
    values, reasons = np.zeros(shape), np.zeros(shape, dtype=np.uint8)
    for number, element in enumerate(present):
        values[:, number], reasons[:, number] = element.values, element.reasons
    found = [units[code] for code in result.units.codes]
    return Block(
        elements=tuple(element.code for element in present), units=[unit.id for unit in found],
        paths=[unit.path for unit in found], values=values, reasons=reasons,
        rows=[int(row) for row in result.units.source_rows],
    )  # fmt: skip


def _columns(mapping: engine.Mapping, result: engine.Result) -> dict[str, dict[str, str]]:
    headers = {element.code: element.column for element in mapping.elements}
    return {
        code: {"letter": element.column, "header": headers.get(code, "")}
        for code, element in result.elements.items()
        if element.column
    }
