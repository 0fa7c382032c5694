"""Load and remove the outlines of counties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xingtan.domains.directory.capabilities import ORG_EDIT
from xingtan.domains.directory.models import OrgShape
from xingtan.domains.directory.selectors.units import units_on
from xingtan.domains.directory.services.geojson import (
    Feature,
    GeoJsonError,
    Polygon,
    count_points,
    geometry,
    read_features,
    simplify,
)
from xingtan.domains.directory.types import OrgKind, OrgUnitData
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor
from xingtan.platform.orgscope.ids import is_id

KINDS = (OrgKind.CITY.value, OrgKind.COUNTY.value)
SHOWN = 20


class ShapesError(Exception):
    """The outlines cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class ShapesLoaded:
    """Which organisations got an outline, by which property of the file; what matched nothing; who has none yet."""

    property: str
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    without: tuple[str, ...]
    points_read: int
    points_kept: int
    step: float


def shapes_load(*, actor: Actor, content: bytes, file_name: str, day: date, match_by: str = "") -> ShapesLoaded:
    """Give the counties that the actor may edit the outlines of a GeoJSON file, all or nothing.

    Areas are matched by the property `match_by`, or by the one that fits most counties, to code or name as of `day`.
    Several areas of one county become one outline. Counties that the file does not name keep what they have.
    Raises `ShapesError`.
    """
    actor.require(ORG_EDIT)
    try:
        features = read_features(content)
    except GeoJsonError as error:
        raise ShapesError(str(error)) from error
    units = units_on(actor=actor, day=day, kinds=KINDS, capability=ORG_EDIT)
    if not units:
        raise ShapesError(_("There is no county in the directory yet. Import a school table first."))
    key = _best_property(features, units, match_by)
    known = _names(units)
    areas: dict[int, list[Polygon]] = {}
    unmatched: list[str] = []
    for feature in features:
        unit = known.get(_word(feature.properties.get(key)))
        if unit is None:
            unmatched.append(str(feature.properties.get(key, f"#{feature.number}"))[:60])
        else:
            areas.setdefault(unit.id, []).extend(feature.polygons)
    matched = [unit for unit in units if unit.id in areas]
    thinned, step = simplify([areas[unit.id] for unit in matched])
    with transaction.atomic():
        _replace(actor, matched, thinned, file_name)
        audit.record(
            actor=actor, action="directory.shapes.load", object_type="org_unit", object_id=f"{len(matched)} shapes",
            org_path=min(unit.path for unit in matched),
            data={"file": file_name, "property": key, "codes": [unit.code for unit in matched]},
        )  # fmt: skip
    with_shape = set(OrgShape.objects.visible_to(actor, ORG_EDIT).values_list("unit_id", flat=True))
    return ShapesLoaded(
        property=key, matched=tuple(unit.name for unit in matched), unmatched=tuple(unmatched[:SHOWN]),
        without=tuple(u.name for u in units if u.kind == OrgKind.COUNTY and u.id not in with_shape),
        points_read=sum(count_points(areas[unit.id]) for unit in matched),
        points_kept=sum(count_points(area) for area in thinned), step=step,
    )  # fmt: skip


def _word(value: Any) -> str:
    """A property as it is compared: 420102, 420102.0 and "420102000000" are the code 420102."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text[:6] if len(text) == 12 and text.isdigit() and text.endswith("000000") else text


def _names(units: Sequence[OrgUnitData]) -> dict[str, OrgUnitData]:
    """Codes and names of units; a name that two of them share stands for neither."""
    names = [_word(unit.name) for unit in units]
    known = {name: unit for name, unit in zip(names, units, strict=True) if names.count(name) == 1}
    return known | {_word(unit.code): unit for unit in units}


def _best_property(features: Sequence[Feature], units: Sequence[OrgUnitData], wanted: str) -> str:
    known = _names(units)
    keys = list(dict.fromkeys(key for feature in features for key in feature.properties))
    if wanted and wanted not in keys:
        raise ShapesError(
            _("No area has a property “%(key)s”. The file has: %(keys)s.")
            % {"key": wanted[:60], "keys": ", ".join(keys[:SHOWN])}
        )
    fits = {
        key: len({known[word].id for f in features if (word := _word(f.properties.get(key))) in known})
        for key in ([wanted] if wanted else keys)
    }
    best = max(fits, key=lambda key: fits[key], default="")
    if not best or not fits[best]:
        samples = ", ".join(str(features[0].properties.get(key))[:30] for key in keys[:5])
        raise ShapesError(
            _("No area could be matched to a county by code or name. Properties of the first area: %(samples)s.")
            % {"samples": samples or "–"}
        )
    return best


def _replace(actor: Actor, units: Sequence[OrgUnitData], areas: Sequence[list[Polygon]], file_name: str) -> None:
    ids = [unit.id for unit in units]
    OrgShape.objects.visible_to(actor, ORG_EDIT).filter(unit_id__in=ids).delete()
    OrgShape._base_manager.bulk_create(
        OrgShape(
            unit_id=unit.id, org_path=unit.path, geometry=geometry(area), points=count_points(area),
            file_name=file_name[-255:], created_by_id=actor.user_id, created_by=actor.label,
        )
        for unit, area in zip(units, areas, strict=True)
    )  # fmt: skip


def shape_delete(*, actor: Actor, unit_id: int) -> None:
    """Remove one outline; raise `OrgShape.DoesNotExist` when there is none that the actor may remove."""
    if not is_id(unit_id):
        raise OrgShape.DoesNotExist
    with transaction.atomic():
        shape = OrgShape.objects.visible_to(actor, ORG_EDIT).select_for_update().get(unit_id=unit_id)
        shape.delete()
        audit.record(
            actor=actor, action="directory.shapes.delete", object_type="org_unit", object_id=unit_id,
            org_path=shape.org_path,
        )  # fmt: skip
