"""Uploaded and produced files: private, addressed by content."""

from __future__ import annotations

from django.db import models

from xingtan.platform.orgscope.scoping import ScopedModel


class StoredFile(ScopedModel):
    """One file as a person knows it; equal bytes share one place in the store."""

    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["org_path", "id"], name="files_scope")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the bytes lie in the store."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"
