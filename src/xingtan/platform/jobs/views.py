"""The progress fragment that a page polls."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from xingtan.platform.jobs import api
from xingtan.platform.orgscope.access import actor_of, signed_in


@signed_in
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """GET: the bar of one job; the page that shows it polls until the job has ended, then reloads."""
    job = api.visible_job(actor=actor_of(request), job_id=job_id)
    if job is None:
        raise Http404
    response = render(request, "jobs/progress.html", {"job": job})
    if job.finished and request.GET.get("watch"):
        response["HX-Refresh"] = "true"
    return response
