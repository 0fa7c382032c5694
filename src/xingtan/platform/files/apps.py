from __future__ import annotations

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "xingtan.platform.files"
    label = "files"
