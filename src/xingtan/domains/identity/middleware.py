"""Put the acting person on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from xingtan.domains.identity.models import User
from xingtan.domains.identity.selectors.actors import actor_for
from xingtan.platform.orgscope.actor import ANONYMOUS, Actor


class ActorMiddleware:
    """`request.actor`: the grants are read once per request, and only when somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            user = request.user
            return actor_for(user) if isinstance(user, User) and user.is_active else ANONYMOUS

        request.actor = SimpleLazyObject(find)  # type: ignore[attr-defined]
        return self.get_response(request)
