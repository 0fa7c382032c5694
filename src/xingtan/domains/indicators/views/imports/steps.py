"""What every page of an import shares: the draft, where it stands, and what comes next."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xingtan.domains.indicators.models import ImportDraft
from xingtan.domains.indicators.models.imports import DraftState
from xingtan.domains.indicators.selectors.imports import job_of, organisation_names
from xingtan.domains.indicators.services.imports import draft_get
from xingtan.domains.indicators.services.inspection import columns_of
from xingtan.platform.jobs.models import Job, JobState
from xingtan.platform.orgscope.access import actor_of
from xingtan.platform.ui.components import Link, Step, StepState


def draft_or_404(request: HttpRequest, draft_id: int) -> ImportDraft:
    """The draft; whoever may not work on it does not learn that it exists."""
    try:
        return draft_get(actor=actor_of(request), draft_id=draft_id)
    except ImportDraft.DoesNotExist as error:
        raise Http404 from error


def running(job: Job | None) -> bool:
    """Whether the draft waits for its job."""
    return job is not None and not job.finished


def next_route(draft: ImportDraft) -> str:
    """The page on which the draft goes on; `import_draft` itself where there is nothing to go on with."""
    if draft.state == DraftState.APPLIED:
        return "import_result"
    if draft.state in {DraftState.CHECKED, DraftState.BLOCKED}:
        return "import_report"
    if draft.state != DraftState.DISCARDED and columns_of(draft):
        return "import_mapping"
    return "import_draft"


def page(request: HttpRequest, draft: ImportDraft, current: str, title: str, **extra: Any) -> dict[str, Any]:
    """The context of a page of a draft; `current` is its step: upload, mapping, report or result."""
    names = organisation_names(actor=actor_of(request), day=draft.period.ends)
    job = job_of(draft)
    own = Link(draft.file.name, reverse("import_draft", args=[draft.pk]))
    return {
        "title": title, "draft": draft, "job": job, "steps": _steps(draft, current, failed=_failed(job)),
        "failure": job.failure if job is not None and _failed(job) else "",
        "subtitle": f"{draft.file.name} · {names.get(draft.org_path, '')} · {draft.period.code}",
        "breadcrumbs": [Link(_("Imports"), reverse("import_list")), own, Link(title)],
        "is_open": draft.state not in {DraftState.APPLIED, DraftState.DISCARDED},
        **extra,
    }  # fmt: skip


def _failed(job: Job | None) -> bool:
    return job is not None and job.state == JobState.FAILED


def _steps(draft: ImportDraft, current: str, *, failed: bool) -> tuple[Step, ...]:
    order = ("upload", "mapping", "report", "result")
    reached = {
        DraftState.UPLOADED: 1, DraftState.MAPPED: 1, DraftState.CHECKED: 2, DraftState.BLOCKED: 2,
        DraftState.APPLIED: 4,
    }.get(DraftState(draft.state), 0)  # fmt: skip
    labels = {
        "upload": _("Upload"), "mapping": _("Columns"), "report": _("Check"), "result": _("Apply"),
    }  # fmt: skip
    open_still = draft.state not in {DraftState.APPLIED, DraftState.DISCARDED}
    steps = []
    for number, name in enumerate(order):
        state: StepState = "done" if number < reached else "todo"
        if name == "report" and draft.state == DraftState.BLOCKED:
            state = "failed"
        elif name == current and draft.state != DraftState.APPLIED:
            state = "failed" if failed and open_still else "current"
        url = ""
        if name in {"mapping", "report"} and name != current and open_still and number <= reached:
            url = reverse(f"import_{name}", args=[draft.pk]) if number < reached or columns_of(draft) else ""
        steps.append(Step(labels[name], state, url))
    return tuple(steps)


def figures_url(draft: ImportDraft, unit_id: int | None) -> str:
    """The page of the figures an import leads to; '' while the installation has none."""
    for route in ("cockpit", "run_list"):
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        org = f"&org={unit_id}" if unit_id else ""
        return f"{url}?period={draft.period.code}{org}"
    return ""
