"""The public door of the directory."""

from __future__ import annotations

from xingtan.domains.directory.capabilities import ORG_EDIT, ORG_VIEW
from xingtan.domains.directory.links import OrgLink, register_link
from xingtan.domains.directory.selectors.shapes import shapes_state
from xingtan.domains.directory.selectors.units import (
    centres_on,
    chain_on,
    children_counts,
    children_on,
    unit_on,
    units_on,
)
from xingtan.domains.directory.services.divisions import DivisionError, division_on, divisions_load
from xingtan.domains.directory.services.shapes import ShapesError, shape_delete, shapes_load
from xingtan.domains.directory.services.units import DirectoryError, org_units_sync

__all__ = [
    "ORG_EDIT", "ORG_VIEW", "DirectoryError", "DivisionError", "OrgLink", "ShapesError", "centres_on", "chain_on",
    "children_counts", "children_on", "division_on", "divisions_load", "org_units_sync", "register_link",
    "shape_delete", "shapes_load", "shapes_state", "unit_on", "units_on",
]  # fmt: skip
