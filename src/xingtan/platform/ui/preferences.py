"""How a visitor wants to see the pages: language, text size, contrast, light or dark.

Kept in cookies, not in the account: a shared school computer and one's own phone differ, and the login page must
already be readable. The server writes the choice into `<html>`, so that no page flickers.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Preference:
    """One choice; the first value is the default."""

    name: str
    cookie: str
    values: tuple[str, ...]

    def of(self, request: HttpRequest) -> str:
        """The visitor's choice, or the default when there is none or it is unknown."""
        chosen = request.COOKIES.get(self.cookie, "")
        return chosen if chosen in self.values else self.values[0]


SIZE = Preference("size", "xt_size", ("standard", "large"))
CONTRAST = Preference("contrast", "xt_contrast", ("standard", "high"))
THEME = Preference("theme", "xt_theme", ("light", "dark"))


def language_preference() -> Preference:
    """The interface language, under Django's own cookie."""
    others = (code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
    return Preference("language", settings.LANGUAGE_COOKIE_NAME, (settings.LANGUAGE_CODE, *others))


def preferences() -> tuple[Preference, ...]:
    """All choices a visitor has."""
    return (SIZE, CONTRAST, THEME, language_preference())


def chosen(request: HttpRequest) -> dict[str, str]:
    """Name and value of every choice."""
    return {preference.name: preference.of(request) for preference in preferences()}


def remember(response: HttpResponse, preference: Preference, value: str) -> None:
    """Keep a choice for a year. Scripts may read the cookie: the toggles work without a page load."""
    response.set_cookie(preference.cookie, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
