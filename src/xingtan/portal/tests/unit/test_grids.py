from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xingtan.portal.grids import tile_grid

CENTRES = st.dictionaries(
    st.integers(1, 60), st.tuples(st.floats(20, 50, allow_nan=False), st.floats(80, 130, allow_nan=False)), max_size=40
)


@given(st.sets(st.integers(1, 60), max_size=40), CENTRES)
def test_every_county_has_a_cell_of_its_own(ids: set[int], centres: dict[int, tuple[float, float]]) -> None:
    cells = tile_grid(sorted(ids), centres)
    assert set(cells) == ids
    assert len(set(cells.values())) == len(ids)
    assert all(row >= 0 and column >= 0 for row, column in cells.values())


def test_north_is_up_and_west_is_left() -> None:
    centres = {1: (31.0, 112.0), 2: (31.1, 113.0), 3: (30.0, 112.1), 4: (30.1, 113.1)}
    assert tile_grid([1, 2, 3, 4], centres) == {1: (0, 0), 2: (0, 1), 3: (1, 0), 4: (1, 1)}


def test_a_county_nobody_can_place_comes_last() -> None:
    assert tile_grid([7, 1, 2], {1: (31.0, 112.0), 2: (31.0, 113.0)})[7] == (1, 0)
    assert tile_grid([], {}) == {}
