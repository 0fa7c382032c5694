"""The public door of governance."""

from __future__ import annotations

from xingtan.domains.governance.capabilities import REPORT_MAKE, REPORT_VIEW

__all__ = ["REPORT_MAKE", "REPORT_VIEW"]
