"""An import on its way: the file, the mapping, the dry run, the outcome."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.domains.indicators.models.elements import Period
from xingtan.domains.indicators.models.observations import Batch
from xingtan.platform.orgscope.scoping import ScopedModel


class DraftState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    MAPPED = "mapped", _("Mapped")
    CHECKED = "checked", _("Checked")
    BLOCKED = "blocked", _("Has errors")
    APPLIED = "applied", _("Applied")
    DISCARDED = "discarded", _("Discarded")


class ImportDraft(ScopedModel):
    """One import from upload to application; `report` is what the dry run found."""

    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.UPLOADED)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    inspection = models.JSONField(default=dict)
    mapping = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    job_id = models.BigIntegerField(null=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["org_path", "id"], name="indicators_draft_scope")]

    def __str__(self) -> str:
        return f"import #{self.pk} {self.state}"


class MappingTemplate(ScopedModel):
    """A mapping file kept for the next year's table."""

    name = models.CharField(max_length=120)
    text = models.TextField()
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_path", "name"], name="indicators_mapping_name")]

    def __str__(self) -> str:
        return self.name
