"""Definitions, runs and the figures they made: none is ever changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.domains.indicators.models.elements import Period
from xingtan.platform.orgscope.scoping import ScopedModel


class IndicatorVersion(models.Model):
    """One definition of an indicator as the engine reads it (`body`), in force from `valid_from` to `valid_to`.

    A changed definition is a new row. Of the rows valid on a day the newest counts.
    """

    code = models.CharField(max_length=20)
    section = models.CharField(max_length=10)
    order = models.PositiveIntegerField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64, unique=True)
    computable = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["code", "id"], name="indicators_version_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.content_hash[:8]}"


class RunKind(models.TextChoices):
    FULL = "full", _("Full computation")
    REFRESH = "refresh", _("After a correction")


class Run(ScopedModel):
    """One computation of a period.

    `input_hash` covers organisations and cells, `definitions_hash` the definitions. Observations up to and including
    `watermark` were read, so the run can be repeated and compared. A refresh holds only what a correction touched;
    together with its `base` (a full run) and the refreshes between, it is the state at its time.
    """

    kind = models.CharField(max_length=10, choices=RunKind.choices)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="refreshes")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    watermark = models.BigIntegerField()
    input_hash = models.CharField(max_length=64)
    definitions_hash = models.CharField(max_length=64)
    definitions = models.JSONField()
    statistics = models.JSONField(default=dict)
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["period", "org_path", "id"], name="indicators_run_period")]

    def __str__(self) -> str:
        return f"R{self.pk}"

    @property
    def base_pk(self) -> int:
        return self.base_id or self.pk


class Figure(ScopedModel):
    """One computed figure of an organisation above the school. `slice` is "all" or e.g. "stage:primary"."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="figures", db_index=False)
    org_unit = models.ForeignKey("directory.OrgUnit", on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=20)
    slice = models.CharField(max_length=30)
    value = models.FloatField(null=True)
    rounded = models.FloatField(null=True)
    reason = models.PositiveSmallIntegerField(default=0)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    n_scope = models.PositiveIntegerField()
    n_used = models.PositiveIntegerField()
    n_missing = models.PositiveIntegerField()
    target = models.FloatField(null=True)
    verdict = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "org_unit", "code", "slice"], name="indicators_figure_once")
        ]
        indexes = [models.Index(fields=["org_unit", "code", "slice", "run"], name="indicators_figure_trend")]

    def __str__(self) -> str:
        return f"R{self.run_id} {self.code} {self.slice}"
