"""Administrative division codes of GB/T 2260 as dated data: codes are retired and given anew."""

from __future__ import annotations

from django.db import models


class Division(models.Model):
    """One six-digit code with the name it stood for, from a day (inclusive) to a day (exclusive)."""

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="directory_division_starts_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
