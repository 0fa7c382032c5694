"""Organisations: a stable identity, and versions that say what it was called and where it belonged, when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xingtan.domains.directory.types import AreaType, OrgKind, OrgStatus, Stage
from xingtan.platform.orgscope.scoping import OrgPathField, ScopedManager


class OrgUnit(models.Model):
    """An organisation's identity. `path` is its place in the tree today, for permissions."""

    SCOPE_FIELD = "path"

    path = OrgPathField(unique=True)
    kind = models.CharField(max_length=10, choices=OrgKind.choices)
    code = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager["OrgUnit"]()

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class OrgUnitVersion(models.Model):
    """What an organisation was from `valid_from` (inclusive) to `valid_to` (exclusive; null: still)."""

    SCOPE_FIELD = "unit__path"

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(OrgUnit, null=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=Stage.choices, blank=True)
    area_type = models.CharField(max_length=10, choices=AreaType.choices, blank=True)
    status = models.CharField(max_length=10, choices=OrgStatus.choices, default=OrgStatus.ACTIVE)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    objects = ScopedManager["OrgUnitVersion"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="directory_version_starts_once"),
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to=None), name="directory_one_open_version"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="directory_version_has_length"
            ),
        ]

    def __str__(self) -> str:
        return self.name
