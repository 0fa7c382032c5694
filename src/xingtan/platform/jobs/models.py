"""Long work that a person waits for: its state, progress and outcome."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xingtan.platform.orgscope.scoping import ScopedModel


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(ScopedModel):
    """One piece of work. `progress` counts to 100; `failure` is a sentence for the person who waits."""

    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two clicks on one button start one job.
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=models.Q(state__in=["waiting", "running"]) & ~models.Q(unique_key=""),
                name="jobs_one_live_job_per_key",
            )
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="jobs_state")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} {self.state}"

    @property
    def finished(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}
