"""What may be done with observations, runs and figures."""

from __future__ import annotations

FIGURE_VIEW = "indicators.figure.view"
CELL_VIEW = "indicators.cell.view"
CELL_EDIT = "indicators.cell.edit"
IMPORT = "indicators.import"
COMPUTE = "indicators.compute"
