"""The state of a list in its address: old bookmarks and odd values must not break a page."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from xingtan.platform.ui.components import Paging
from xingtan.platform.ui.lists import ListState


def read(query: str) -> ListState:
    return ListState.read(
        QueryDict(query), sortable={"name": "name", "pupils": "pupil_count"}, filters={"level"}, per_page=2
    )


def test_reads_search_sorting_filter_and_page() -> None:
    state = read("q=+云溪+&sort=-pupils&level=1&page=2&other=x")
    assert (state.query, state.sort, state.page, dict(state.filters)) == ("云溪", "-pupils", 2, {"level": "1"})
    assert state.ordering == ("-pupil_count", "pk")


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "９", "99999999999999999999"])
def test_a_page_that_is_none_gives_a_page(page: str) -> None:
    items, paging = read(f"page={page}").cut(["a", "b", "c"])
    assert items
    assert 1 <= paging.number <= paging.pages == 2


def test_an_unknown_sort_key_is_dropped() -> None:
    assert read("sort=password").ordering == ("pk",)
    assert read("sort=-").ordering == ("pk",)


def test_the_last_page_is_short() -> None:
    assert read("page=2").cut(["a", "b", "c"]) == (["c"], Paging(2, 2, 3, 3, 3))
    assert read("").cut([]) == ([], Paging(1, 1, 0, 0, 0))


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [(1, 1, (1,)), (1, 3, (1, 2, 3)), (5, 20, (1, None, 4, 5, 6, None, 20)), (20, 20, (1, None, 19, 20))],
)
def test_far_pages_are_left_out(number: int, pages: int, shown: tuple[int | None, ...]) -> None:
    assert Paging(number, pages, 0, 0, 0).around == shown
