"""The state of a list (search, filters, sorting, page) read from its address, and one page cut out of a queryset.

Example::

    state = ListState.read(request.GET, sortable={"name": "name", "pupils": "pupil_count"}, filters={"level"})
    schools = schools_queryset(actor).filter(name__icontains=state.query)
    page, paging = state.cut(schools.order_by(*state.ordering))
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator

from xingtan.platform.ui.components import Paging

PAGE_SIZE = 25
MAX_QUERY = 100


@dataclass(frozen=True)
class ListState:
    """What the visitor asked for; unknown sort keys and filters are dropped, so old bookmarks keep working."""

    query: str
    sort: str
    page: int
    filters: Mapping[str, str]
    ordering: tuple[str, ...]
    per_page: int = PAGE_SIZE

    @classmethod
    def read(
        cls,
        params: Mapping[str, Any],
        *,
        sortable: Mapping[str, str] | None = None,
        filters: Collection[str] = (),
        default_sort: str = "",
        per_page: int = PAGE_SIZE,
    ) -> ListState:
        """From ``request.GET``: ``q``, ``sort`` (``-`` before it for descending), ``page``, and the named filters.

        ``sortable`` maps a key of the address to a field of the queryset; ordering always ends with ``pk``, so that
        pages never overlap.
        """
        fields = sortable or {}
        sort = str(params.get("sort", ""))
        if sort.removeprefix("-") not in fields:
            sort = default_sort
        key = sort.removeprefix("-")
        ordering = (("-" if sort.startswith("-") else "") + fields[key], "pk") if key in fields else ("pk",)
        page = str(params.get("page", ""))
        return cls(
            query=str(params.get("q", "")).replace("\0", "").strip()[:MAX_QUERY],
            sort=sort,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            filters={name: str(params.get(name, "")) for name in filters},
            ordering=ordering,
            per_page=per_page,
        )

    def cut(self, items: Any) -> tuple[list[Any], Paging]:
        """One page of a queryset or sequence; a page beyond the end gives the last one."""
        paginator = Paginator(items, self.per_page)
        page = paginator.get_page(self.page)
        paging = Paging(page.number, paginator.num_pages, paginator.count, page.start_index(), page.end_index())
        return list(page.object_list), paging
