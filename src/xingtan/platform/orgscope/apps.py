from __future__ import annotations

from django.apps import AppConfig


class OrgScopeConfig(AppConfig):
    name = "xingtan.platform.orgscope"
    label = "orgscope"
