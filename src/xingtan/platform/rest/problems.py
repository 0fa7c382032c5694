"""REST errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from xingtan.platform.orgscope.actor import PermissionRefused

MEDIA_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """One problem document; `extra` members must be JSON."""
    body = {"type": "about:blank", "status": status, "title": title, **({"detail": detail} if detail else {}), **extra}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def install(api: NinjaAPI) -> None:
    """Answer every error of an API with a problem document."""
    answers: dict[type[Exception], Callable[[Any], HttpResponse]] = {
        PermissionRefused: lambda error: problem(403, "Forbidden", f"The capability {error.capability} is needed."),
        Http404: lambda error: problem(404, "Not found", "It does not exist, or you may not see it."),
        ValidationError: lambda error: problem(422, "Invalid request", "See errors.", errors=error.errors),
        AuthenticationError: lambda error: problem(401, "Not signed in", "Sign in first."),
        HttpError: lambda error: problem(error.status_code, str(error)),
    }
    for kind, answer in answers.items():

        def handle(request: HttpRequest, error: Any, answer: Callable[[Any], HttpResponse] = answer) -> HttpResponse:
            return answer(error)

        api.add_exception_handler(kind, handle)
