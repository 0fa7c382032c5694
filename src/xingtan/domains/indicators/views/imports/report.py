"""What the check found, and what the import stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import CELL_VIEW, IMPORT
from xingtan.domains.indicators.messages import KINDS, SEVERITIES, name_of, text_of
from xingtan.domains.indicators.models import DataElement, ImportDraft
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.selectors.imports import batch_rows, job_of, stored_rows
from xingtan.domains.indicators.views.imports.steps import draft_or_404, figures_url, page, running
from xingtan.domains.indicators.views.imports.texts import reason_word
from xingtan.domains.indicators.wording import local
from xingtan.engines.tables import Reason
from xingtan.platform.files import api as files
from xingtan.platform.files.models import StoredFile
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c
from xingtan.platform.ui.lists import ListState

TONES: dict[str, c.Tone] = {"error": "danger", "warning": "warning", "info": "info"}
RANK = {"error": 0, "warning": 1, "info": 2}


@requires(IMPORT)
@require_safe
def import_report(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the report of the check. `?view=issues` lists single issues; `kind`, `severity`, `q` narrow either list."""
    draft = draft_or_404(request, draft_id)
    if running(job_of(draft)) or draft.state not in {DraftState.CHECKED, DraftState.BLOCKED, DraftState.APPLIED}:
        return redirect("import_draft", draft.pk)
    report, singly = draft.report, request.GET.get("view") == "issues"
    here = reverse("import_report", args=[draft.pk])
    state = ListState.read(request.GET, filters={"kind", "severity"})
    table = _issues(report, state) if singly else _counts(report, state, here)
    context = page(
        request, draft, "report", _("What the check found"), report=report, table=table, tiles=_tiles(report),
        tabs=(
            c.Link(_("By kind and column"), f"{here}#list", active=not singly, count=len(report["counts"])),
            c.Link(_("One by one"), f"{here}?view=issues#list", active=singly),
        ),
        effect=_effect(report), warnings=f"{report['warnings']:,}", coordinates=_coordinates(report),
        blocked=draft.state == DraftState.BLOCKED,
        left_out=singly and sum(count["count"] for count in report["counts"]) > len(report["issues"]),
    )  # fmt: skip
    return render(request, "indicators/imports/report.html", context)


def _tiles(report: Mapping[str, Any]) -> tuple[c.Tile, ...]:
    return (
        c.Tile(_("Schools"), report["rows"], decimals=0, icon="school"),
        c.Tile(_("In operation"), report["active"], decimals=0, icon="checks"),
        c.Tile(_("Data elements"), report["elements"], decimals=0, icon="list-details"),
        c.Tile(_("Errors"), report["errors"] + len(report["refusals"]), decimals=0, icon="circle-x"),
        c.Tile(_("Warnings"), report["warnings"], decimals=0, icon="alert-triangle"),
        c.Tile(_("Notes"), report["notes"], decimals=0, icon="info-circle"),
    )  # fmt: skip


def _effect(report: Mapping[str, Any]) -> dict[str, Any]:
    """What applying would do, for a sentence; empty where it is forbidden."""
    effect = report.get("effect")
    if effect is None:
        return {}
    numbers = {"cells": effect["cells"], "created": effect["units_created"], "changed": effect["units_changed"]}
    return {"repeated": effect["repeated"], **{key: f"{number:,}" for key, number in numbers.items()}}


def _filters(report: Mapping[str, Any], state: ListState) -> list[c.Filter]:
    kinds = dict.fromkeys(count["code"] for count in report["counts"])
    return [
        c.Filter("kind", _("Kind"), [c.Choice(code, KINDS[code]) for code in kinds], state.filters["kind"]),
        c.Filter(
            "severity", _("Severity"), [c.Choice(*each) for each in SEVERITIES.items()], state.filters["severity"]
        ),
    ]


def _kept(items: list[dict[str, Any]], state: ListState) -> list[dict[str, Any]]:
    """The counts or issues that the filters leave; the search looks at column letter, header and value."""
    wanted = state.query.casefold()
    return [
        item for item in items
        if state.filters["kind"] in ("", item["code"]) and state.filters["severity"] in ("", item["severity"])
        and (
            not wanted or wanted == (item["column"] or "").casefold() or wanted in (item["header"] or "").casefold()
            or wanted in str(item.get("value") or "").casefold()
        )
    ]  # fmt: skip


def _counts(report: Mapping[str, Any], state: ListState, here: str) -> c.Table:
    counts = sorted(_kept(report["counts"], state), key=lambda count: (RANK[count["severity"]], -count["count"]))
    shown, paging = state.cut(counts)
    rows = [
        c.Row((
            c.Cell(badge=c.Badge(SEVERITIES[count["severity"]], TONES[count["severity"]])),
            c.Cell(name_of(count["code"]), url=f"{here}?view=issues&kind={count['code']}&q={count['column'] or ''}#list"),
            c.Cell(_column(count)), c.Cell(f"{count['count']:,}"),
        ))
        for count in shown
    ]  # fmt: skip
    return c.Table(
        key="counts", caption=_("Issues by kind and column"), paging=paging, query=state.query, rows=rows,
        columns=(
            c.Column("severity", _("Severity")), c.Column("kind", _("Kind")), c.Column("column", _("Column")),
            c.Column("count", _("Count"), numeric=True),
        ),
        filters=_filters(report, state), search_label=_("Column letter or header"),
        empty=c.Empty(_("Nothing to remark"), _("Every value of the table was understood."), icon="circle-check"),
    )  # fmt: skip


def _issues(report: Mapping[str, Any], state: ListState) -> c.Table:
    shown, paging = state.cut(_kept(report["issues"], state))
    rows = [
        c.Row((
            c.Cell(badge=c.Badge(SEVERITIES[issue["severity"]], TONES[issue["severity"]])),
            c.Cell(issue["sheet"]), c.Cell(str(issue["row"] or "")), c.Cell(_column(issue)),
            c.Cell(issue["value"] or ""), c.Cell(text_of(issue["code"], issue["params"])),
        ))
        for issue in shown
    ]  # fmt: skip
    return c.Table(
        key="issues", caption=_("Issues one by one"), paging=paging, query=state.query, rows=rows,
        columns=(
            c.Column("severity", _("Severity")), c.Column("sheet", _("Sheet"), phone="hide"),
            c.Column("row", _("Row"), numeric=True), c.Column("column", _("Column")), c.Column("value", _("Value")),
            c.Column("message", _("What is wrong")),
        ),
        filters=_filters(report, state), search_label=_("Column letter, header or value"),
        empty=c.Empty(_("Nothing to remark"), _("Every value of the table was understood."), icon="circle-check"),
    )  # fmt: skip


def _column(item: Mapping[str, Any]) -> str:
    return f"{item['column']} {item['header'] or ''}".strip() if item["column"] else "—"


def _coordinates(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Per axis, how many schools in operation have a good, missing or faulty coordinate."""
    words = {
        "valid": _("good"), "repaired": _("repaired"), "lost_decimal": _("without decimal point"),
        "missing": _("missing"), "outside": _("outside of the area"), "not_a_number": _("not a number"),
    }  # fmt: skip
    axes = {"latitude": _("Latitude"), "longitude": _("Longitude")}
    return [
        (axes[axis], "，".join(f"{words[state]} {n:,}" for state, n in states.items() if state in words))
        for axis, states in report["coordinates"].items()
        if set(states) - {"absent"}
    ]


@requires(IMPORT)
@require_safe
def import_issues(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """GET: all issues of the check as Excel."""
    draft = draft_or_404(request, draft_id)
    rows = StoredFile.objects.unscoped(reason="named by a draft read with permission")
    stored = rows.filter(pk=draft.report.get("issues_file")).first()
    if stored is None:
        raise Http404
    return files.response(stored)


@requires(IMPORT)
@require_safe
def import_result(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: what was stored, and where to go from here."""
    draft = draft_or_404(request, draft_id)
    job = job_of(draft)
    if running(job) or draft.state != DraftState.APPLIED:
        return redirect("import_draft", draft.pk)
    effect = draft.report["effect"]
    tiles = (
        c.Tile(_("Schools in the table"), effect["rows"], decimals=0, icon="school"),
        c.Tile(_("Values stored"), effect["cells"], decimals=0, icon="database"),
        c.Tile(_("New organisations"), effect["units_created"], decimals=0, icon="building"),
        c.Tile(_("Changed organisations"), effect["units_changed"], decimals=0, icon="refresh"),
    )
    root = _organisation(request, draft)
    context = page(
        request, draft, "result", _("Imported"), tiles=tiles, repeated=effect["repeated"],
        not_computed=(job.result if job else {}).get("not_computed", ""),
        figures=figures_url(draft, root.id if root else None),
    )  # fmt: skip
    return render(request, "indicators/imports/result.html", context)


def _organisation(request: HttpRequest, draft: ImportDraft) -> Any:
    chain = directory.chain_on(actor=actor_of(request), path=draft.org_path, day=draft.period.ends, capability=IMPORT)
    return chain[-1] if chain else None


@requires(IMPORT)
@require_safe
def import_cells(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the values of the import, school by school, for one data element (`?element=`)."""
    draft = draft_or_404(request, draft_id)
    if draft.batch is None:
        raise Http404
    actor = actor_of(request)
    units = directory.units_on(actor=actor, day=draft.period.ends, root=draft.org_path, capability=CELL_VIEW)
    names = {unit.id: unit.name for unit in units}
    labels = _element_labels(draft)
    state = ListState.read(request.GET, filters={"element"}, per_page=50)
    element = state.filters["element"] if state.filters["element"] in labels else next(iter(labels))
    found = batch_rows(actor=actor, batch=draft.batch)
    if state.query:
        wanted = state.query.casefold()
        ids = [unit_id for unit_id, name in names.items() if wanted in name.casefold()]
        found = found.filter(Q(org_unit__code__icontains=state.query) | Q(org_unit_id__in=ids))
    page_rows, paging = state.cut(found)
    rows = []
    for row in stored_rows(page_rows, names):
        value, reason = next(((v, r) for code, v, r in row.cells if code == element), (None, int(Reason.NOT_REPORTED)))
        url = reverse("cell", args=[row.unit_id, draft.period.code, element])
        reasoned = reason_word(Reason(reason)) if value is None else ""
        cell = c.Cell(reasoned or f"{value:,.10g}", url=url)
        rows.append(c.Row((c.Cell(row.name), c.Cell(row.code), c.Cell(str(row.source_row or "")), cell)))
    table = c.Table(
        key="cells", caption=_("Values"), paging=paging, query=state.query, rows=rows,
        columns=(
            c.Column("name", _("School")), c.Column("code", _("School code")),
            c.Column("row", _("Row in the file"), numeric=True, phone="hide"),
            c.Column("value", labels[element], numeric=True),
        ),
        filters=[c.Filter("element", _("Data element"), [c.Choice(*pair) for pair in labels.items()], element)],
        search_label=_("School name or code"), empty=c.Empty(_("The import holds no school")),
    )  # fmt: skip
    return render(
        request, "indicators/imports/cells.html", page(request, draft, "result", _("Imported values"), table=table)
    )


def _element_labels(draft: ImportDraft) -> dict[str, str]:
    """Code → name of the data elements an import stored, in the order of the catalogue: JSON keys lose theirs in PostgreSQL."""
    found = DataElement.objects.filter(code__in=draft.batch.columns if draft.batch else ()).order_by("order", "id")
    return {row.code: local(row.name) for row in found}
