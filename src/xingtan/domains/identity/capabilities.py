"""What may be done with accounts."""

from __future__ import annotations

GRANT = "identity.role.grant"
