"""Bring a foreign school table in: upload, mapping, dry run, apply. All or nothing, and once only."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, BinaryIO

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import AreaType, OrgUnitData, OrgUnitRow, Stage
from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.models import Batch, DataElement, ImportDraft, Period
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.models.observations import Source
from xingtan.domains.indicators.services.observations import Block, ObservationError, Origin, batch_record
from xingtan.engines import tables as engine
from xingtan.platform.audit import api as audit
from xingtan.platform.files import api as files
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.actor import Actor

MAX_BYTES = 64 * 1024 * 1024
SHOWN_ISSUES = 500
STATUS = {
    engine.UnitStatus.ACTIVE: "active", engine.UnitStatus.PAUSED: "paused", engine.UnitStatus.CLOSED: "closed",
    engine.UnitStatus.UNKNOWN: "active",
}  # fmt: skip
Progress = Callable[[float, str], None]


class ImportRefused(Exception):
    """The import cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Applied:
    """What an import did: rows read, organisations new and changed, cells stored, and the batch."""

    batch_id: int
    rows: int
    units_created: int
    units_changed: int
    cells: int
    repeated: bool = False


def draft_create(*, actor: Actor, org_path: str, period_id: int, name: str, content: BinaryIO) -> ImportDraft:
    """Keep an uploaded table; nothing of it is read yet."""
    actor.require(IMPORT, org_path)
    try:
        with transaction.atomic():
            stored = files.keep(
                actor=actor, org_path=org_path, name=name, media_type="application/octet-stream", content=content,
                limit=MAX_BYTES,
            )  # fmt: skip
            draft = ImportDraft.objects.create(
                org_path=org_path, file=stored, period_id=period_id, created_by_id=actor.user_id
            )
            audit.record(
                actor=actor, action="indicators.import.upload", object_type="import", object_id=draft.pk,
                org_path=org_path, data={"file": stored.name, "sha256": stored.sha256},
            )  # fmt: skip
    except files.FileTooLarge as error:
        raise ImportRefused(_("The file is larger than %d MB.") % (error.limit // 2**20)) from error
    return draft


def draft_get(*, actor: Actor, draft_id: int, lock: bool = False) -> ImportDraft:
    """A draft the actor may work on; raise `ImportDraft.DoesNotExist` otherwise."""
    rows = ImportDraft.objects.visible_to(actor, IMPORT).select_related("file", "period")
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=draft_id)


def draft_set_mapping(*, actor: Actor, draft_id: int, text: str) -> engine.Mapping:
    """Give a draft its mapping (TOML); raise `engine.MappingError` naming the key that is wrong."""
    mapping = engine.parse_mapping(text)
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        _demand_open(draft)
        draft.mapping, draft.state, draft.report = text, DraftState.MAPPED, {}
        draft.save(update_fields=["mapping", "state", "report"])
    return mapping


def draft_discard(*, actor: Actor, draft_id: int) -> None:
    """Give a draft up; its file stays for the audit trail."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        _demand_open(draft)
        draft.state = DraftState.DISCARDED
        draft.save(update_fields=["state"])
        audit.record(
            actor=actor, action="indicators.import.discard", object_type="import", object_id=draft.pk,
            org_path=draft.org_path,
        )  # fmt: skip


def draft_start(*, actor: Actor, draft_id: int, step: str) -> int:
    """Queue a step ("inspect", "check", "apply") of a draft; returns the id of its job."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        _demand_open(draft)
        if step == "apply" and draft.state != DraftState.CHECKED:
            raise ImportRefused(_("Run the check first; only a table without errors can be applied."))
        if step == "check" and not draft.mapping:
            raise ImportRefused(_("Say first what the columns mean."))
        job = jobs.start(
            actor=actor, kind=f"indicators.import.{step}", org_path=draft.org_path,
            arguments={"draft_id": draft.pk}, unique_key=f"import:{draft.pk}",
        )  # fmt: skip
        draft.job_id = job.pk
        draft.save(update_fields=["job_id"])
    return job.pk


def _demand_open(draft: ImportDraft) -> None:
    if draft.state in {DraftState.APPLIED, DraftState.DISCARDED}:
        raise ImportRefused(_("This import has ended."))


def read_draft(draft: ImportDraft, mapping: engine.Mapping | None = None) -> engine.Table:
    """The table of a draft, read in a guarded child process; raise `engine.TableError`."""
    with files.open_file(draft.file) as stream:
        content = stream.read()
    return engine.read_table_guarded(content, source=mapping.source if mapping else None)


def report_of(result: engine.Result) -> dict[str, Any]:
    """A dry run as JSON for the page: totals, exact counts per kind and column, and the first issues of each kind."""
    return {
        "ok": result.ok, "rows": len(result.units), "read": result.rows_read, "filtered": result.rows_filtered,
        "totals": result.rows_total, "active": int(result.units.active.sum()), "elements": len(result.elements),
        "import_key": result.import_key,
        "counts": [asdict(count) for count in result.counts],
        "issues": [{**asdict(issue), "params": dict(issue.params), "text": issue.text} for issue in result.issues[:SHOWN_ISSUES]],
    }  # fmt: skip


def known_codes(actor: Actor, day: date) -> frozenset[str]:
    """The codes of schools in the directory that the actor may import for."""
    units = directory.units_on(actor=actor, day=day, kinds=("school", "campus"))
    return frozenset(unit.code for unit in units)


def draft_check(*, actor: Actor, draft_id: int, progress: Progress | None = None) -> engine.Result:
    """The dry run of a draft: its report is stored, nothing else changes."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    mapping = engine.parse_mapping(draft.mapping)
    result = engine.dry_run(read_draft(draft, mapping), mapping, progress=progress)
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        _demand_open(draft)
        draft.report = report_of(result)
        draft.state = DraftState.CHECKED if result.ok else DraftState.BLOCKED
        draft.save(update_fields=["report", "state"])
    return result


def draft_apply(*, actor: Actor, draft_id: int, progress: Progress | None = None) -> Applied:
    """Store what the dry run read. A job that was killed may call this again: the second time changes nothing."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    if draft.state == DraftState.APPLIED and draft.batch_id:
        return Applied(draft.batch_id, 0, 0, 0, 0, repeated=True)
    if draft.state != DraftState.CHECKED:
        raise ImportRefused(_("Run the check first; only a table without errors can be applied."))
    mapping = engine.parse_mapping(draft.mapping)
    result = engine.dry_run(read_draft(draft, mapping), mapping, progress=progress)
    if not result.ok or result.import_key != draft.report.get("import_key"):
        raise ImportRefused(_("The table or the mapping changed since the check. Check again."))
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        _demand_open(draft)
        applied = table_apply(
            actor=actor, org_path=draft.org_path, period=draft.period, mapping=mapping, result=result,
            file_id=draft.file_id, sheet=draft.report.get("sheet", "") or (mapping.source.sheet or ""),
        )  # fmt: skip
        draft.state, draft.batch_id = DraftState.APPLIED, applied.batch_id
        draft.save(update_fields=["state", "batch"])
    return applied


def table_apply(
    *, actor: Actor, org_path: str, period: Period, mapping: engine.Mapping, result: engine.Result,
    file_id: int | None = None, sheet: str = "",
) -> Applied:  # fmt: skip
    """Store the units and cells of a dry run without errors, in one transaction.

    The same file and mapping for the same period and organisation is stored once: the second time nothing changes.
    """
    if not result.ok:
        raise ImportRefused(_("The table has errors; nothing was stored."))
    key = f"{result.import_key[:48]}:{period.code}"[:64]
    with transaction.atomic():
        before = Batch.objects.unscoped(reason="the same content, wherever it was stored").filter(content_hash=key).first()
        if before is not None:
            if not before.org_path.startswith(org_path):
                raise ImportRefused(_("This table was already imported by another office."))
            return Applied(before.pk, len(result.units), 0, 0, 0, repeated=True)
        _ensure_elements(mapping)
        root = _root(actor, org_path, period)
        units, created, changed = _sync_units(actor, root, period, result)
        block = _block(result, units)
        try:
            batch = batch_record(
                actor=actor, org_path=org_path, period_id=period.pk, block=block,
                origin=Origin(
                    Source.IMPORTED, file_id=file_id, sheet=sheet, mapping=engine.dump_mapping(mapping),
                    content_hash=key, columns=_columns(mapping, result),
                    statistics={"rows": len(result.units), "issues": sum(count.count for count in result.counts)},
                ),
            )  # fmt: skip
        except ObservationError as error:
            raise ImportRefused(str(error)) from error
    cells = int((block.reasons == 0).sum())
    return Applied(batch.pk, len(result.units), created, changed, cells)


def _ensure_elements(mapping: engine.Mapping) -> None:
    """Elements of the mapping that the catalogue does not know become elements of their own."""
    known = set(DataElement.objects.values_list("code", flat=True))
    DataElement.objects.bulk_create(
        DataElement(
            code=element.code, kind=str(element.kind), group="imported", supplied_by="import",
            name={"zh": element.label or element.code, "en": element.label or element.code},
            unit={"zh": element.unit, "en": element.unit}, minimum=element.minimum, maximum=element.maximum,
            order=100_000,
        )
        for element in mapping.elements
        if element.code not in known
    )  # fmt: skip


def _root(actor: Actor, org_path: str, period: Period) -> OrgUnitData:
    chain = directory.chain_on(actor=actor, path=org_path, day=period.ends)
    if not chain or chain[-1].path != org_path:
        raise ImportRefused(_("The organisation you import for does not exist in this period."))
    return chain[-1]


def _sync_units(
    actor: Actor, root: OrgUnitData, period: Period, result: engine.Result
) -> tuple[dict[str, OrgUnitData], int, int]:
    """Bring schools, and the counties above them, into the directory; those who may not edit it need them there."""
    rows: dict[str, OrgUnitRow] = {}
    parent_of: list[str] = [root.code] * len(result.units)
    county = next((level for level in result.units.parents if level.level == "county"), None)
    if county is not None and root.kind == "city":
        for number, (code, name) in enumerate(zip(county.codes, county.names, strict=True)):
            if code:
                rows[code] = OrgUnitRow(code=code, name=name or code, kind="county", parent_code=root.code)
                parent_of[number] = code
    units = result.units
    for number, code in enumerate(units.codes):
        lat, lon = units.latitude.values[number], units.longitude.values[number]
        located = bool(np.isfinite(lat) and np.isfinite(lon))
        rows[code] = OrgUnitRow(
            code=code, name=(units.names[number] or code)[:120], kind="school", parent_code=parent_of[number],
            stage=_choice(units.stages[number], Stage.values), area_type=_choice(units.locales[number], AreaType.values),
            status=STATUS[engine.UnitStatus(int(units.statuses[number]))],
            lat=float(lat) if located else None, lon=float(lon) if located else None,
        )  # fmt: skip
    known = {unit.code: unit for unit in directory.units_on(actor=actor, day=period.ends, root=root.path)}
    created = changed = 0
    if actor.can(directory.ORG_EDIT, root.path):
        try:
            synced = directory.org_units_sync(actor=actor, rows=tuple(rows.values()), valid_from=period.starts)
        except directory.DirectoryError as error:
            raise ImportRefused(str(error)) from error
        created, changed = synced.created, synced.changed
        known = {unit.code: unit for unit in directory.units_on(actor=actor, day=period.ends, root=root.path)}
    missing = [code for code in units.codes if code not in known]
    if missing:
        raise ImportRefused(
            _("%(count)d schools are not in the directory, the first is %(code)s. The city office adds schools.")
            % {"count": len(missing), "code": missing[0]}
        )
    return known, created, changed


def _choice(text: str, choices: list[str]) -> str:
    return text if text in choices else ""


def _block(result: engine.Result, units: dict[str, OrgUnitData]) -> Block:
    codes = tuple(result.elements)
    shape = (len(result.units), len(codes))
    values, reasons = np.zeros(shape), np.zeros(shape, dtype=np.uint8)
    for number, code in enumerate(codes):
        values[:, number], reasons[:, number] = result.elements[code].values, result.elements[code].reasons
    found = [units[code] for code in result.units.codes]
    return Block(
        elements=codes, units=[unit.id for unit in found], paths=[unit.path for unit in found], values=values,
        reasons=reasons, rows=[int(row) for row in result.units.source_rows],
    )  # fmt: skip


def _columns(mapping: engine.Mapping, result: engine.Result) -> dict[str, dict[str, str]]:
    headers = {element.code: element.column for element in mapping.elements}
    return {
        code: {"letter": element.column, "header": headers.get(code, "")} for code, element in result.elements.items()
    }


def issues_workbook(*, actor: Actor, draft_id: int) -> bytes:
    """The fault list of a draft as an Excel file."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    mapping = engine.parse_mapping(draft.mapping)
    return engine.write_issues(engine.dry_run(read_draft(draft, mapping), mapping))


def as_stream(content: bytes) -> BinaryIO:
    """Bytes as an upload."""
    return io.BytesIO(content)
