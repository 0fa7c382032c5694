from __future__ import annotations

from xingtan.domains.governance.models.reports import Report, ReportTemplate

__all__ = ["Report", "ReportTemplate"]
