"""Read the outlines of counties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Max

from xingtan.domains.directory.capabilities import ORG_VIEW
from xingtan.domains.directory.models import OrgShape
from xingtan.domains.directory.selectors.units import units_on
from xingtan.domains.directory.types import OrgShapeData, OrgUnitData, ShapesState
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.scoping import path_range


def shapes_state(*, actor: Actor, root: str = "") -> ShapesState:
    """How many outlines a person may see below a path, and a mark that changes when they do."""
    rows = OrgShape.objects.visible_to(actor, ORG_VIEW).filter(path_range(root))
    found = rows.aggregate(count=Count("id"), newest=Max("id"))
    return ShapesState(found["count"], f"{found['count']}-{found['newest'] or 0}")


def shapes(*, actor: Actor) -> tuple[OrgShapeData, ...]:
    """The outlines a person may see, without their geometry, by path."""
    rows = OrgShape.objects.visible_to(actor, ORG_VIEW).order_by("org_path")
    return tuple(
        OrgShapeData(*row) for row in rows.values_list("unit_id", "points", "file_name", "created_by", "created_at")
    )


def feature_collection(*, actor: Actor, day: date, root: str = "") -> dict[str, Any]:
    """The outlines a person may see below a path, as GeoJSON with the names of a day."""
    rows = OrgShape.objects.visible_to(actor, ORG_VIEW).filter(path_range(root)).order_by("org_path")
    units: Iterable[OrgUnitData] = units_on(actor=actor, day=day, root=root, kinds=("city", "county"))
    known = {unit.id: unit for unit in units}
    features = [
        {
            "type": "Feature", "geometry": outline,
            "properties": {"id": unit_id, "code": known[unit_id].code, "name": known[unit_id].name},
        }
        for unit_id, outline in rows.values_list("unit_id", "geometry")
        if unit_id in known
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
