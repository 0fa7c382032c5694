"""Bring a foreign school table in, step by step: upload, mapping, dry run, apply."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.messages import name_of, text_of
from xingtan.domains.indicators.models import ImportDraft
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.services.intake import (
    Applied,
    ImportRefused,
    known_codes,
    organisation_at,
    refusals,
    rehearse,
    table_apply,
)
from xingtan.engines import tables as engine
from xingtan.engines.tables.mapping import Source
from xingtan.engines.tables.types import Axis, Bools, CoordinateState
from xingtan.platform.audit import api as audit
from xingtan.platform.files import api as files
from xingtan.platform.jobs import api as jobs
from xingtan.platform.orgscope.actor import Actor

MAX_BYTES = 64 * 1024 * 1024
CAP = 20_000
"""Issues kept in full per kind, for the Excel list; counts are exact beyond."""
SHOWN_PER_COLUMN = 20
"""Issues of one kind in one column that the page shows."""
SHOWN = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Progress = Callable[[float, str], None]


def draft_create(
    *, actor: Actor, org_path: str, period_id: int, name: str, content: BinaryIO, mapping: str = ""
) -> ImportDraft:
    """Keep an uploaded table, with its mapping (TOML) if there is one, and queue a look at it.

    Raise `engine.MappingError` for a wrong mapping and `ImportRefused` for a file that is too large.
    """
    actor.require(IMPORT, org_path)
    if mapping:
        read_mapping(mapping)
    try:
        with transaction.atomic():
            stored = files.keep(
                actor=actor, org_path=org_path, name=name, media_type="application/octet-stream", content=content,
                limit=MAX_BYTES,
            )  # fmt: skip
            draft = ImportDraft.objects.create(
                org_path=org_path, file=stored, period_id=period_id, created_by_id=actor.user_id, mapping=mapping,
                state=DraftState.MAPPED if mapping else DraftState.UPLOADED,
            )  # fmt: skip
            organisation_at(actor=actor, org_path=org_path, day=draft.period.ends)
            audit.record(
                actor=actor, action="indicators.import.upload", object_type="import", object_id=draft.pk,
                org_path=org_path, data={"file": stored.name, "sha256": stored.sha256},
            )  # fmt: skip
            draft_start(actor=actor, draft_id=draft.pk, step="inspect")
    except files.FileTooLarge as error:
        raise ImportRefused(_("The file is larger than %d MB. Split it.") % (error.limit // 2**20)) from error
    return draft


def draft_get(*, actor: Actor, draft_id: int, lock: bool = False) -> ImportDraft:
    """A draft the actor may work on; raise `ImportDraft.DoesNotExist` otherwise."""
    rows = ImportDraft.objects.visible_to(actor, IMPORT).select_related("file", "period")
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=draft_id)


def draft_set_mapping(*, actor: Actor, draft_id: int, text: str) -> engine.Mapping:
    """Give a draft its mapping (TOML); raise `engine.MappingError` naming the key that is wrong."""
    mapping = read_mapping(text)
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        draft.mapping, draft.state, draft.report = text, DraftState.MAPPED, {}
        draft.save(update_fields=["mapping", "state", "report"])
        audit.record(
            actor=actor, action="indicators.import.map", object_type="import", object_id=draft.pk,
            org_path=draft.org_path, data={"sha256": hashlib.sha256(text.encode()).hexdigest()},
        )  # fmt: skip
    return mapping


def read_mapping(text: str) -> engine.Mapping:
    """A mapping whose texts a database can hold; raise `engine.MappingError` naming the key that is wrong."""
    mapping = engine.parse_mapping(text)
    for number, element in enumerate(mapping.elements):
        for key in ("label", "unit", "column"):
            if "\0" in getattr(element, key):
                raise engine.MappingError(f"element[{number}].{key}", "must not hold control characters")
    return mapping


def draft_discard(*, actor: Actor, draft_id: int) -> None:
    """Give a draft up; its file stays for the audit trail."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        draft.state = DraftState.DISCARDED
        draft.save(update_fields=["state"])
        audit.record(
            actor=actor, action="indicators.import.discard", object_type="import", object_id=draft.pk,
            org_path=draft.org_path,
        )  # fmt: skip


def draft_start(*, actor: Actor, draft_id: int, step: str, warnings_read: bool = False) -> int:
    """Queue a step ("inspect", "check", "apply") of a draft; returns the id of its job."""
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        if step == "apply":
            _demand_checked(draft)
            if draft.report["warnings"] and not warnings_read:
                raise ImportRefused(_("Read the warnings first, and tick that you have read them."))
        if step == "check" and not draft.mapping:
            raise ImportRefused(_("Say first what the columns mean."))
        kind = f"indicators.import.{step}"
        job = jobs.start(
            actor=actor, kind=kind, org_path=draft.org_path, arguments={"draft_id": draft.pk},
            unique_key=f"import:{draft.pk}",
        )  # fmt: skip
        if job.kind != kind:
            raise ImportRefused(_("Another step of this import is still running. Wait until it has ended."))
        draft.job_id = job.pk
        draft.save(update_fields=["job_id"])
        audit.record(
            actor=actor, action=kind, object_type="import", object_id=draft.pk, org_path=draft.org_path,
            data={"job": job.pk, "warnings_read": warnings_read},
        )  # fmt: skip
    return job.pk


def demand_open(draft: ImportDraft) -> None:
    """Raise `ImportRefused` once a draft is applied or given up."""
    if draft.state in {DraftState.APPLIED, DraftState.DISCARDED}:
        raise ImportRefused(_("This import has ended."))


def _demand_checked(draft: ImportDraft) -> None:
    if draft.state != DraftState.CHECKED:
        raise ImportRefused(_("Run the check first; only a table without errors can be applied."))


def read_draft(draft: ImportDraft, source: Source) -> engine.Table:
    """The table of a draft, read in a guarded child process; raise `engine.TableError`."""
    with files.open_file(draft.file) as stream:
        return read_content(stream.read(), source)


def read_content(content: bytes, source: Source) -> engine.Table:
    """Bytes as a table, the way a mapping says; raise `engine.TableError`."""
    return engine.read_table_guarded(
        content, sheet=source.sheet, header_rows=source.header_rows, encoding=source.encoding,
        delimiter=source.delimiter,
    )  # fmt: skip


def report_of(result: engine.Result, table: engine.Table) -> dict[str, Any]:
    """A dry run as JSON for the page: totals, exact counts per kind and column, the first issues of each."""
    severities = Counter[str]()
    for count in result.counts:
        severities[count.severity] += count.count
    shown: list[dict[str, Any]] = []
    per_column = Counter[tuple[str, str | None]]()
    for issue in result.issues:
        per_column[issue.code, issue.column] += 1
        if per_column[issue.code, issue.column] <= SHOWN_PER_COLUMN and len(shown) < SHOWN:
            shown.append({**asdict(issue), "params": dict(issue.params)})
    units = result.units
    return {
        "ok": result.ok, "rows": len(units), "read": result.rows_read, "filtered": result.rows_filtered,
        "totals": result.rows_total, "active": int(units.active.sum()), "sheet": table.sheet,
        "elements": sum(1 for element in result.elements.values() if element.column),
        "import_key": result.import_key, "errors": severities["error"], "warnings": severities["warning"],
        "notes": severities["info"],
        "coordinates": {
            "latitude": _states(units.latitude, units.active), "longitude": _states(units.longitude, units.active),
        },
        "counts": [asdict(count) for count in result.counts], "issues": shown, "refusals": [],
    }  # fmt: skip


def _states(axis: Axis, active: Bools) -> dict[str, int]:
    """How many active schools have a coordinate in each state."""
    return {CoordinateState(code).name.lower(): n for code, n in Counter(axis.states[active].tolist()).items()}


def draft_check(*, actor: Actor, draft_id: int, progress: Progress | None = None) -> dict[str, Any]:
    """The dry run of a draft, down to what the directory would say; returns and stores the report, nothing else."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    text, mapping = draft.mapping, engine.parse_mapping(draft.mapping)
    root = organisation_at(actor=actor, org_path=draft.org_path, day=draft.period.ends)
    table = read_draft(draft, mapping.source)
    codes = known_codes(actor=actor, root=root, period=draft.period)
    result = engine.dry_run(table, mapping, known_codes=codes, progress=progress, cap=CAP)
    report = report_of(result, table)
    report["refusals"] = list(refusals(result=result, mapping=mapping, root=root, period=draft.period))
    if result.ok and not report["refusals"]:
        try:
            effect = rehearse(actor=actor, org_path=draft.org_path, period=draft.period, mapping=mapping, result=result)
            report["effect"] = asdict(effect)
        except ImportRefused as refusal:
            report["refusals"] = [str(refusal)]
    report["ok"] = result.ok and not report["refusals"]
    content = issues_workbook(result)
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        demand_open(draft)
        if draft.mapping != text:
            raise ImportRefused(_("The mapping changed while the check ran. Check again."))
        if result.counts:
            name = _("Issues of %(file)s.xlsx") % {"file": draft.file.name.rsplit(".", 1)[0][:200]}
            stored = files.keep(actor=actor, org_path=draft.org_path, name=name, media_type=XLSX, content=content)
            report["issues_file"] = stored.pk
        draft.report = report
        draft.state = DraftState.CHECKED if report["ok"] else DraftState.BLOCKED
        draft.save(update_fields=["report", "state"])
        audit.record(
            actor=actor, action="indicators.import.checked", object_type="import", object_id=draft.pk,
            org_path=draft.org_path, data={"ok": report["ok"], "errors": report["errors"]},
        )  # fmt: skip
    return report


def draft_apply(*, actor: Actor, draft_id: int, progress: Progress | None = None) -> Applied:
    """Store what the dry run read. A job that was killed may call this again: the second time changes nothing."""
    draft = draft_get(actor=actor, draft_id=draft_id)
    if draft.state != DraftState.APPLIED:
        _demand_checked(draft)
    mapping = engine.parse_mapping(draft.mapping)
    table = read_draft(draft, mapping.source)
    result = engine.dry_run(table, mapping, progress=progress)
    with transaction.atomic():
        draft = draft_get(actor=actor, draft_id=draft_id, lock=True)
        if draft.state == DraftState.APPLIED and draft.batch_id:
            return Applied(draft.batch_id, len(result.units), 0, 0, 0, repeated=True)
        _demand_checked(draft)
        if not result.ok or result.import_key != draft.report["import_key"]:
            raise ImportRefused(_("The table or the mapping changed since the check. Check again."))
        applied = table_apply(
            actor=actor, org_path=draft.org_path, period=draft.period, mapping=mapping, result=result,
            file_id=draft.file_id, sheet=table.sheet,
        )  # fmt: skip
        draft.state, draft.batch_id = DraftState.APPLIED, applied.batch_id
        draft.report = {**draft.report, "effect": asdict(applied)}
        draft.save(update_fields=["state", "batch", "report"])
        audit.record(
            actor=actor, action="indicators.import.applied", object_type="import", object_id=draft.pk,
            org_path=draft.org_path, data=asdict(applied),
        )  # fmt: skip
    return applied


def issues_workbook(result: engine.Result) -> bytes:
    """The fault list of a dry run as an Excel file in the language in force."""
    texts = engine.TemplateTexts(
        issues_sheet=_("Issues"), summary_sheet=_("Summary"), column=_("Column"), severity=_("Severity"),
        sheet=_("Sheet"), row=_("Row"), value=_("Value"), message=_("What is wrong"), kind=_("Kind"),
        count=_("Count"),
    )  # fmt: skip
    return engine.write_issues(result, texts=texts, translate=text_of, named=name_of)
