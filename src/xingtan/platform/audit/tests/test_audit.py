from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from xingtan.platform.audit import api
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import Actor


def write(actor: Actor, number: int) -> AuditEvent:
    with transaction.atomic():
        return api.record(
            actor=actor, action="test.act", object_type="thing", object_id=number, org_path="0001",
            data={"number": number, "name": "东湖"},
        )  # fmt: skip


def rows() -> Any:
    return AuditEvent.objects.unscoped(reason="test").order_by("id")


def test_the_chain_verifies(db: None, system: Actor) -> None:
    for number in range(5):
        write(system, number)
    assert api.verify().intact
    assert api.verify().events == 5


@pytest.mark.parametrize(
    "field,value", [("action", "other.act"), ("data", {"number": 9}), ("actor_label", "x"), ("org_path", "0002")]
)
def test_a_changed_event_is_found(db: None, system: Actor, field: str, value: Any) -> None:
    events = [write(system, number) for number in range(4)]
    rows().filter(pk=events[2].pk).update(**{field: value})
    result = api.verify()
    assert not result.intact
    assert result.broken_at == events[2].pk


def test_a_removed_event_is_found(db: None, system: Actor) -> None:
    events = [write(system, number) for number in range(4)]
    rows().filter(pk=events[1].pk).delete()
    assert api.verify().broken_at == events[2].pk


def test_a_removed_end_is_found(db: None, system: Actor) -> None:
    events = [write(system, number) for number in range(4)]
    rows().filter(pk=events[3].pk).delete()
    assert not api.verify().intact


def test_outside_of_a_transaction_nothing_is_written(transactional_db: None, system: Actor) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="transaction"):
        api.record(actor=system, action="a", object_type="t", object_id=1, org_path="")
    assert not rows().exists()


def test_a_refused_act_leaves_no_event(transactional_db: None, system: Actor) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        api.record(actor=system, action="a", object_type="t", object_id=1, org_path="")
        raise ZeroDivisionError
    assert not rows().exists()
    write(system, 1)
    assert api.verify().intact
