"""What other domains know of organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrgKind(models.TextChoices):
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    SCHOOL = "school", _("School")
    CAMPUS = "campus", _("Campus")


class Stage(models.TextChoices):
    """学段 of a school; the multi-stage kinds follow the split rule R1 of the indicator method."""

    KINDERGARTEN = "kindergarten", _("Kindergarten")
    PRIMARY = "primary", _("Primary school")
    JUNIOR = "junior", _("Junior high school")
    NINE_YEAR = "nine_year", _("Nine-year school")
    SENIOR = "senior", _("Senior high school")
    COMPLETE = "complete", _("Complete secondary school")
    TWELVE_YEAR = "twelve_year", _("Twelve-year school")
    VOCATIONAL = "vocational", _("Vocational school")
    SPECIAL = "special", _("Special school")
    TEACHING_POINT = "teaching_point", _("Teaching point")


class AreaType(models.TextChoices):
    """城乡分类."""

    URBAN = "urban", _("Urban")
    TOWN = "town", _("Town")
    RURAL = "rural", _("Rural")


class OrgStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True)
class OrgUnitData:
    """One organisation as it stood on one day. `lat` and `lon` are WGS 84 degrees."""

    id: int
    path: str
    kind: str
    code: str
    name: str
    parent_id: int | None
    stage: str = ""
    area_type: str = ""
    status: str = OrgStatus.ACTIVE.value
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class OrgUnitRow:
    """One organisation to bring into the directory; `parent_code` is empty for the topmost."""

    code: str
    name: str
    kind: str
    parent_code: str = ""
    stage: str = ""
    area_type: str = ""
    status: str = OrgStatus.ACTIVE.value
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class SyncResult:
    """What a sync did: how many organisations are new, changed and as before, and the id of each code."""

    created: int
    changed: int
    unchanged: int
    ids: dict[str, int]


@dataclass(frozen=True)
class DivisionData:
    """One administrative division of GB/T 2260, valid from a day (inclusive) to a day (exclusive)."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class OrgShapeData:
    """Where the outline of an organisation came from; the geometry itself is served as GeoJSON."""

    unit_id: int
    points: int
    file_name: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class ShapesState:
    """How many outlines there are; `mark` changes when they do."""

    count: int
    mark: str


@dataclass(frozen=True)
class OrgVersionData:
    """What an organisation was called and where it belonged, from a day (inclusive) to a day (exclusive, or still)."""

    name: str
    parent_id: int | None
    stage: str
    area_type: str
    status: str
    lat: float | None
    lon: float | None
    valid_from: date
    valid_to: date | None
