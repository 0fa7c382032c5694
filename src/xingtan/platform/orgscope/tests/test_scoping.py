from __future__ import annotations

from typing import Any

import pytest

from xingtan.domains.directory.models import OrgUnit
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import Actor, Grant, PermissionRefused
from xingtan.platform.orgscope.scoping import ScopeMissing

SEE = "test.see"


def actor(*roots: str) -> Actor:
    return Actor(1, "someone", tuple(Grant("role", root, 0, frozenset({SEE})) for root in roots))


@pytest.mark.parametrize(
    "read",
    [
        lambda rows: list(rows), lambda rows: rows.count(), lambda rows: rows.exists(), lambda rows: rows.first(),
        lambda rows: list(rows.iterator()), lambda rows: rows.aggregate(), lambda rows: rows.delete(),
        lambda rows: rows.update(data={}), lambda rows: list(rows.values("id")), lambda rows: rows.filter(id=1).get(),
        lambda rows: list(rows.values_list("id", flat=True)), lambda rows: rows.in_bulk([1]),
        lambda rows: list(rows.all()[:3]), lambda rows: bool(rows), lambda rows: len(rows),
    ],
)  # fmt: skip
def test_a_scoped_model_refuses_every_read_without_a_scope(db: None, read: Any) -> None:
    with pytest.raises(ScopeMissing):
        read(AuditEvent.objects.all())


def test_unscoped_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        AuditEvent.objects.unscoped(reason="")


def test_only_the_subtree_is_visible(world: Any) -> None:
    seen = OrgUnit.objects.visible_to(actor(world.paths["A"]), SEE)
    assert {unit.code for unit in seen} == {"A", "A1", "A2", "A3"}
    assert {unit.code for unit in OrgUnit.objects.visible_to(actor(world.paths["A1"], world.paths["B2"]), SEE)} == {
        "A1",
        "B2",
    }


def test_without_the_capability_nothing_is_visible(world: Any) -> None:
    assert not OrgUnit.objects.visible_to(actor(world.paths["YZ"]), "test.other").exists()
    assert not OrgUnit.objects.visible_to(actor(), SEE).exists()


def test_require_names_capability_and_place(world: Any) -> None:
    with pytest.raises(PermissionRefused) as refusal:
        actor(world.paths["A"]).require(SEE, world.paths["B1"])
    assert refusal.value.capability == SEE
    actor(world.paths["A"]).require(SEE, world.paths["A1"])
