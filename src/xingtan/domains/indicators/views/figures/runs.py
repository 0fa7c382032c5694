"""Computations: what was computed when and from what, and starting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xingtan.domains.indicators.capabilities import COMPUTE, FIGURE_VIEW
from xingtan.domains.indicators.models.results import RunKind
from xingtan.domains.indicators.selectors.definitions import definition_of
from xingtan.domains.indicators.selectors.periods import periods
from xingtan.domains.indicators.selectors.runs import run_figure_count, run_get, run_versions, runs
from xingtan.domains.indicators.services.runs import RunError, check_start, compute_start
from xingtan.domains.indicators.types import RunData
from xingtan.domains.indicators.views.figures.forms import ComputeForm
from xingtan.domains.indicators.wording import local
from xingtan.platform.jobs import api as jobs
from xingtan.platform.jobs.models import Job
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.orgscope.ids import read_id
from xingtan.platform.ui import components as c
from xingtan.platform.ui.lists import ListState

NEWEST = 500


def _job(request: HttpRequest) -> Job | None:
    """The job whose progress the page shows, when it is the visitor's own."""
    job_id = read_id(request.GET.get("job", ""))
    return jobs.visible_job(actor=actor_of(request), job_id=job_id) if job_id else None


@requires(FIGURE_VIEW)
@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """GET: the computations, newest first, and the buttons that start one."""
    known = periods()
    state = ListState.read(request.GET, filters={"period", "kind"})
    found = [one for one in runs(actor=actor_of(request), limit=NEWEST) if _matches(one, state)]
    rows, paging = state.cut(found)
    table = c.Table(
        key="runs", caption=_("Computations"), paging=paging, query=state.query, search_label=_("Number or name"),
        columns=(
            c.Column("run", _("Computation")), c.Column("period", _("Period")), c.Column("kind", _("Kind")),
            c.Column("when", _("When")), c.Column("who", _("By"), phone="hide"),
            c.Column("schools", _("Schools"), numeric=True), c.Column("hash", _("Input hash"), phone="hide"),
        ),
        rows=[_row(one) for one in rows],
        filters=[
            c.Filter("period", _("Period"), [c.Choice(p.code, local(p.name)) for p in known], state.filters["period"]),
            c.Filter("kind", _("Kind"), [c.Choice(k.value, k.label) for k in RunKind], state.filters["kind"]),
        ],
        empty=c.Empty(
            _("Nothing has been computed yet"),
            _("Import a table, then compute the period. Every figure names the computation that made it."),
        ),
    )  # fmt: skip
    context = {
        "title": _("Computations"), "table": table, "job": _job(request),
        "form": ComputeForm(known) if actor_of(request).can(COMPUTE) and known else None,
    }  # fmt: skip
    return render(request, "indicators/figures/run_list.html", context)


def _matches(run: RunData, state: ListState) -> bool:
    wanted, words = state.filters, f"R{run.id} {run.created_by} {run.input_hash}".casefold()
    return (
        state.query.casefold() in words
        and wanted["period"] in ("", run.period.code)
        and wanted["kind"] in ("", run.kind)
    )


def _row(run: RunData) -> c.Row:
    return c.Row(
        (
            c.Cell(f"R{run.id}", url=reverse("run", args=[run.id])), c.Cell(local(run.period.name)),
            c.Cell(RunKind(run.kind).label), c.Cell(timezone.localtime(run.created_at).strftime("%Y-%m-%d %H:%M")),
            c.Cell(run.created_by), c.Cell(f"{run.statistics.get('schools', 0):,}"), c.Cell(run.input_hash[:12]),
        )
    )  # fmt: skip


@requires(FIGURE_VIEW)
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """GET: one computation: what it read, which definitions it used, and the outcome of repeating it."""
    found = run_get(actor=actor_of(request), run_id=run_id)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "title": f"R{found.id}", "subtitle": f"{local(found.period.name)} · {RunKind(found.kind).label}", "run": found,
        "breadcrumbs": [c.Link(_("Computations"), reverse("run_list")), c.Link(f"R{found.id}")],
        "definitions": [(row, local(definition_of(row).name)) for row in run_versions(found.id)],
        "figures": run_figure_count(actor=actor_of(request), run_id=found.id), "job": _job(request),
        "may_check": found.kind == RunKind.FULL and actor_of(request).can(COMPUTE, found.org_path),
    }  # fmt: skip
    return render(request, "indicators/figures/run.html", context)


@requires(COMPUTE)
@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """POST: compute one period, or with `everything` the whole history."""
    known = periods()
    form = ComputeForm(known, request.POST)
    if "everything" in request.POST:
        ids = [one.id for one in reversed(known)]
    elif form.is_valid():
        ids = [form.cleaned_data["period"]]
    else:
        messages.error(request, _("There is no such period."))
        return redirect("run_list")
    try:
        job_id = compute_start(actor=actor_of(request), period_ids=ids, root=actor_of(request).paths(COMPUTE)[0])
    except RunError as error:
        messages.error(request, str(error))
        return redirect("run_list")
    return redirect(f"{reverse('run_list')}?job={job_id}")


@requires(COMPUTE)
@require_POST
def run_check(request: HttpRequest, run_id: int) -> HttpResponse:
    """POST: repeat a computation and compare."""
    try:
        job_id = check_start(actor=actor_of(request), run_id=run_id)
    except RunError as error:
        raise Http404 from error
    return redirect(f"{reverse('run', args=[run_id])}?job={job_id}")
