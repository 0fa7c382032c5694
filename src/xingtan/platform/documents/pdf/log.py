"""Counts what a conversion could not reproduce, so that nothing disappears silently."""

from __future__ import annotations

from collections import Counter

from ..types import Notice


class NoticeLog:
    """Collects notices and merges equal ones."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def add(self, code: str, **params: str) -> None:
        """Note one occurrence."""
        self._counts[(code, tuple(sorted(params.items())))] += 1

    def unsupported(self, what: str, place: str) -> None:
        """Something that the PDF does not show."""
        self.add("pdf.unsupported", what=what, place=place)

    def approximated(self, what: str, place: str) -> None:
        """Something that the PDF shows differently."""
        self.add("pdf.approximated", what=what, place=place)

    def notices(self) -> tuple[Notice, ...]:
        """Return all notices in order of first occurrence."""
        return tuple(Notice(code, dict(params), count) for (code, params), count in self._counts.items())
