"""What is observed, and when."""

from __future__ import annotations

from django.db import models
from django.db.models import F


class DataElement(models.Model):
    """One thing a school is asked or measured for. `name`, `unit` and `description` hold "zh" and "en"."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10)
    name = models.JSONField()
    unit = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    group = models.CharField(max_length=40)
    minimum = models.FloatField(null=True)
    maximum = models.FloatField(null=True)
    codes = models.JSONField(default=dict)
    # School stages it is asked of; empty: of all. Other schools owe no answer.
    stages = models.JSONField(default=list)
    supplied_by = models.CharField(max_length=40)
    order = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.code


class Period(models.Model):
    """A span that figures speak of, such as the year 2026: `starts` inclusive, `ends` inclusive."""

    code = models.CharField(max_length=20, unique=True)
    name = models.JSONField()
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        ordering = ["starts"]
        constraints = [models.CheckConstraint(condition=models.Q(ends__gte=F("starts")), name="indicators_period_span")]

    def __str__(self) -> str:
        return self.code


class Layout(models.Model):
    """An ordered list of element codes: how the packed cells of an observation are to be read."""

    hash = models.CharField(max_length=64, unique=True)
    elements = models.JSONField()

    def __str__(self) -> str:
        return f"{len(self.elements)} elements"
