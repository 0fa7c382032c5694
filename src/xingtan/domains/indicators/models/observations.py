"""Observed values, append-only.

One row holds the cells of one organisation, period and source, packed side by side, because pivoting millions of
one-cell rows takes minutes where joining packed rows takes a second. A later row wins over an earlier one, cell by
cell; nothing is overwritten.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.domains.indicators.models.elements import Layout, Period
from xingtan.platform.orgscope.scoping import ScopedModel


class Source(models.TextChoices):
    DECLARED = "declared", _("Declared by the school")
    MEASURED = "measured", _("Measured")
    PLATFORM = "platform", _("From the platform")
    IMPORTED = "imported", _("Imported")


class Batch(ScopedModel):
    """Observations that came in together: one import, one correction. `content_hash` makes an import idempotent."""

    source = models.CharField(max_length=10, choices=Source.choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=120, blank=True)
    # Element code -> column letter and header in the source file, so that a cell can be traced to it.
    columns = models.JSONField(default=dict)
    mapping = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=400, blank=True)
    statistics = models.JSONField(default=dict)
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_hash"], condition=~models.Q(content_hash=""), name="indicators_import_once"
            )
        ]
        indexes = [models.Index(fields=["org_path", "id"], name="indicators_batch_scope")]

    def __str__(self) -> str:
        return f"{self.source} #{self.pk}"


class Observation(ScopedModel):
    """The cells of one organisation and period: little-endian float64 values and one reason byte each.

    Reasons are the engine's: 0 reported, then the kinds of null; 255 means that this row says nothing of the cell.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="observations")
    org_unit = models.ForeignKey("directory.OrgUnit", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="+", db_index=False)
    values = models.BinaryField()
    reasons = models.BinaryField()
    source_row = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["period", "org_path", "id"], name="indicators_obs_scope"),
            models.Index(fields=["org_unit", "period", "id"], name="indicators_obs_unit"),
        ]

    def __str__(self) -> str:
        return f"observation #{self.pk}"
