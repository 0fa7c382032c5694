"""The public door of the directory."""

from __future__ import annotations

from xingtan.domains.directory.capabilities import ORG_EDIT, ORG_VIEW
from xingtan.domains.directory.selectors.units import chain_on, children_on, unit_on, units_on
from xingtan.domains.directory.services.divisions import DivisionError, division_on, divisions_load
from xingtan.domains.directory.services.units import DirectoryError, org_units_sync

__all__ = [
    "ORG_EDIT", "ORG_VIEW", "DirectoryError", "DivisionError", "chain_on", "children_on", "division_on",
    "divisions_load", "org_units_sync", "unit_on", "units_on",
]  # fmt: skip
