"""What a page demands of its visitor, declared on the view so that a test can enumerate every URL.

A view without a declaration fails `tests/test_access_matrix.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from xingtan.platform.orgscope.actor import ANONYMOUS, Actor, PermissionRefused

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Access:
    """`capability` None and `signed_in` False is public."""

    signed_in: bool
    capability: str | None = None


PUBLIC = Access(signed_in=False)
SIGNED_IN = Access(signed_in=True)


def actor_of(request: HttpRequest) -> Actor:
    """The acting person of a request, as the identity middleware found it."""
    return cast(Actor, getattr(request, "actor", ANONYMOUS))


def demand(access: Access) -> Callable[[View], View]:
    """Guard a view: anonymous visitors go to the login page, others without the capability get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if access.signed_in and actor.user_id is None:
                return redirect_to_login(request.get_full_path())
            if access.capability is not None and not actor.can(access.capability):
                raise PermissionRefused(access.capability)
            return view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def public(view: View) -> View:
    """Anyone may call this view."""
    return demand(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Anyone with an account may call this view; what it shows is filtered by his scope."""
    return demand(SIGNED_IN)(view)


def requires(capability: str) -> Callable[[View], View]:
    """Only those who hold the capability somewhere; the object itself is checked by the selector or service."""
    return demand(Access(signed_in=True, capability=capability))
