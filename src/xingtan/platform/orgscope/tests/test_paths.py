from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtan.platform.orgscope import paths

numbers = st.integers(0, paths.MAX_CHILDREN - 1)
trees = st.lists(numbers, min_size=1, max_size=paths.MAX_DEPTH)


def build(steps: list[int]) -> str:
    path = ""
    for step in steps:
        path = paths.child(path, step)
    return path


@given(trees, trees)
def test_a_subtree_is_exactly_its_range(one: list[int], other: list[int]) -> None:
    root, path = build(one), build(other)
    low, high = paths.bounds(root)
    assert (low.encode() <= path.encode() < high.encode()) == paths.is_within(path, root)


@given(numbers, numbers)
def test_segments_sort_as_numbers_do(a: int, b: int) -> None:
    assert (paths.segment(a) < paths.segment(b)) == (a < b)


@given(trees)
def test_ordinal_reads_back_what_child_wrote(steps: list[int]) -> None:
    assert paths.ordinal(build(steps)) == steps[-1]


@given(st.lists(trees, max_size=8), trees)
def test_minimal_roots_cover_the_same_organisations(roots: list[list[int]], probe: list[int]) -> None:
    given_paths = tuple(build(root) for root in roots)
    minimal = paths.minimal_roots(given_paths)
    path = build(probe)
    assert any(path.startswith(root) for root in given_paths) == any(path.startswith(root) for root in minimal)
    assert not any(a != b and a.startswith(b) for a in minimal for b in minimal)


def test_depth_and_numbers_have_limits() -> None:
    with pytest.raises(ValueError, match="levels deep"):
        build([1] * (paths.MAX_DEPTH + 1))
    with pytest.raises(ValueError, match="outside"):
        paths.segment(paths.MAX_CHILDREN)
