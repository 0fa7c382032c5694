"""The living page: every component with sample content, at `/ui/` of a development server only."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from xingtan.platform.orgscope.access import public
from xingtan.platform.ui import samples

ERROR_PAGES = {"400": "400.html", "403": "403.html", "404": "404.html", "500": "500.html", "csrf": "403_csrf.html"}


@public
@require_safe
def living(request: HttpRequest) -> HttpResponse:
    """Every component."""
    context = {
        "title": pgettext("sample", "Components"),
        "subtitle": pgettext("sample", "All building blocks of the pages, with invented content."),
        "breadcrumbs": samples.crumbs(),
        "scope": samples.scope(),
        "tabs": samples.tabs(),
        "tiles": samples.tiles(),
        "charts": samples.charts(),
        "table": samples.table(),
        "empty_table": samples.empty_table(),
        "steps": samples.steps(),
        "events": samples.events(),
        "drill": samples.drill(),
        "form": samples.SampleForm(),
        "job_url": request.build_absolute_uri("job/30/"),
    }
    return render(request, "ui/living.html", context)


@public
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The wall screen."""
    context = {
        "title": pgettext("sample", "Education informatisation of the city"),
        "tiles": samples.tiles(),
        "charts": samples.charts(),
        "updated_at": "2025-09-01 08:00",
        "wall_theme": "light" if request.GET.get("theme") == "light" else "dark",
    }
    return render(request, "ui/living_wall.html", context)


@public
@require_safe
def login_look(request: HttpRequest) -> HttpResponse:
    """A page for visitors without an account."""
    return render(
        request, "ui/living_public.html", {"title": pgettext("sample", "Sign in"), "form": samples.SampleForm()}
    )


@public
@require_safe
def form_look(request: HttpRequest) -> HttpResponse:
    """A form after a wrong submission; its error summary takes the focus."""
    return render(
        request, "ui/living_form.html", {"title": pgettext("sample", "Form with errors"), "form": samples.bad_form()}
    )


@public
@require_safe
def error_look(request: HttpRequest, name: str) -> HttpResponse:
    """An error page, with status 200 so that it can be looked at."""
    if name not in ERROR_PAGES:
        raise Http404
    return render(request, ERROR_PAGES[name])


@public
@require_safe
def job_look(request: HttpRequest, progress: int) -> HttpResponse:
    """A job that is a third further each time it is asked, and then done."""
    following = min(100, progress + 35)
    url = request.build_absolute_uri(f"../{following}/")
    context = {"url": url, "progress": following, "finished": following == 100}
    return render(request, "ui/job_progress.html", context)


urlpatterns = [
    path("", living, name="ui_living"),
    path("wall/", wall, name="ui_living_wall"),
    path("form/", form_look, name="ui_living_form"),
    path("public/", login_look, name="ui_living_public"),
    path("error/<str:name>/", error_look, name="ui_living_error"),
    path("job/<int:progress>/", job_look, name="ui_living_job"),
]
