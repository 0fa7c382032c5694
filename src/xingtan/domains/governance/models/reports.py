"""Printed reports and the Word templates they are filled into."""

from __future__ import annotations

from django.db import models

from xingtan.platform.orgscope.scoping import ScopedModel


class ReportTemplate(ScopedModel):
    """A Word template that an office uploaded; the shipped annual report needs none."""

    name = models.CharField(max_length=120)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["org_path", "name"], name="governance_template_name")]

    def __str__(self) -> str:
        return self.name


class Report(ScopedModel):
    """One report of an organisation, filled from one run. The files are missing until its job is done."""

    title = models.CharField(max_length=200)
    org_unit = models.ForeignKey("directory.OrgUnit", on_delete=models.PROTECT, related_name="+")
    run_id = models.BigIntegerField()
    period_code = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    template = models.ForeignKey(ReportTemplate, null=True, on_delete=models.PROTECT, related_name="+")
    job_id = models.BigIntegerField(null=True)
    docx = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    warnings = models.JSONField(default=list)
    created_by_id = models.BigIntegerField(null=True)
    created_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["org_path", "id"], name="governance_report_scope")]

    def __str__(self) -> str:
        return self.title
