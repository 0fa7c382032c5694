"""What may be done with reports."""

from __future__ import annotations

REPORT_VIEW = "governance.report.view"
REPORT_MAKE = "governance.report.make"
