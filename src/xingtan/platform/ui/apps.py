"""The look of every page: base templates, components, charts and the built front end."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """The user-interface application; it has no models."""

    name = "xingtan.platform.ui"
    label = "ui"
    verbose_name = _("User interface")
