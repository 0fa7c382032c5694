"""Outlines of the areas of counties, for maps."""

from __future__ import annotations

from django.db import models

from xingtan.domains.directory.models.units import OrgUnit
from xingtan.platform.orgscope.scoping import ScopedModel


class OrgShape(ScopedModel):
    """The outline of one organisation's area: a GeoJSON geometry, thinned out for drawing, longitude first."""

    unit = models.OneToOneField(OrgUnit, on_delete=models.CASCADE, related_name="+")
    geometry = models.JSONField()
    points = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"shape of {self.unit_id}"
