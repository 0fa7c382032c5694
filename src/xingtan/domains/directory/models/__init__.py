from __future__ import annotations

from xingtan.domains.directory.models.divisions import Division
from xingtan.domains.directory.models.shapes import OrgShape
from xingtan.domains.directory.models.units import OrgUnit, OrgUnitVersion

__all__ = ["Division", "OrgShape", "OrgUnit", "OrgUnitVersion"]
