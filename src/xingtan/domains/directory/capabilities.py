"""What may be done with organisations."""

from __future__ import annotations

ORG_VIEW = "directory.org.view"
ORG_EDIT = "directory.org.edit"
