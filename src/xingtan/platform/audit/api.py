"""Write to and check the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from xingtan.platform.audit.models import AuditEvent, AuditHead
from xingtan.platform.orgscope.actor import Actor

GENESIS = "0" * 64


@dataclass(frozen=True)
class Verification:
    """The result of reading the whole chain: `broken_at` is the id of the first event that does not fit."""

    events: int
    broken_at: int | None
    reason: str

    @property
    def intact(self) -> bool:
        return self.broken_at is None and not self.reason


def _digest(event: AuditEvent) -> str:
    fields = [
        event.previous_hash, event.at.isoformat(), event.actor_id, event.actor_label, event.action,
        event.object_type, event.object_id, event.org_path, event.data,
    ]  # fmt: skip
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def record(
    *, actor: Actor, action: str, object_type: str, object_id: object, org_path: str,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:  # fmt: skip
    """Append one event in the caller's transaction; outside of one it raises RuntimeError.

    `data` is JSON with no secret and no free text of minors in it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit event is written in the transaction of the act it records")
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1, defaults={"hash": GENESIS})
    event = AuditEvent(
        at=timezone.now(), actor_id=actor.user_id, actor_label=actor.label[:200], action=action,
        object_type=object_type, object_id=str(object_id), org_path=org_path,
        # Through JSON once, so that what is hashed is what the database gives back.
        data=json.loads(json.dumps(dict(data or {}), default=str)), previous_hash=head.hash,
    )  # fmt: skip
    event.hash = _digest(event)
    event.save(force_insert=True)
    head.hash = event.hash
    head.length += 1
    head.save(update_fields=["hash", "length"])
    return event


def verify() -> Verification:
    """Read the chain from its start and compare every hash, then the head."""
    previous, count = GENESIS, 0
    events = AuditEvent.objects.unscoped(reason="the chain spans all organisations").order_by("id")
    for event in events.iterator(chunk_size=2000):
        count += 1
        if event.previous_hash != previous:
            return Verification(count, event.pk, "an event before this one is missing or was moved")
        if _digest(event) != event.hash:
            return Verification(count, event.pk, "this event was changed")
        previous = event.hash
    head = AuditHead.objects.filter(id=1).first()
    if head is not None and (head.hash != previous or head.length != count):
        return Verification(count, None, "events at the end of the chain are missing")
    return Verification(count, None, "")
