"""REST errors as RFC 9457 problem details."""

from __future__ import annotations

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

    def refused(request: HttpRequest, error: PermissionRefused) -> HttpResponse:
        return problem(403, "Forbidden", f"The capability {error.capability} is needed.")

    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "Not found", "It does not exist, or you may not see it.")

    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(422, "Invalid request", "See errors.", errors=error.errors)

    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(401, "Not signed in", "Sign in first.")

    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    api.add_exception_handler(PermissionRefused, refused)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(AuthenticationError, unknown)
    api.add_exception_handler(HttpError, other)
