"""Where the header of a sheet is, and what each column is called.

Sheets made for people begin with titles and group headings in merged cells. The rules here are few and local: a title
row has one text; the header is the first row with several; it reaches down as far as its merged cells, and one row
further below a group heading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from xingtan.engines.tables.raw import Merge, RawCell
from xingtan.engines.tables.values import number_text, tidy

SEPARATOR: Final = " / "
SEARCH_ROWS: Final = 50
"""The header is looked for in the first rows only."""
_MAX_HEADER_ROWS: Final = 6


def find_header(rows: Sequence[Sequence[RawCell]], merges: Sequence[Merge]) -> tuple[int, int] | None:
    """First and last header row, 0-based; ``None`` if no row has any text (then there is no header).

    ``rows`` are the first rows of the sheet.
    """
    width = max((_filled(row) for row in rows), default=0)
    first = next(
        (k for k, row in enumerate(rows) if _filled(row) >= min(2, width) and not _is_title(k, row, merges, width)),
        None,
    )
    if first is None or not any(isinstance(cell, str) and tidy(cell) for cell in rows[first]):
        return None
    last = first
    limit = min(first + _MAX_HEADER_ROWS, len(rows)) - 1
    grown = True
    while grown:
        grown = False
        for top, left, bottom, right in merges:
            if not first <= top <= last:
                continue
            # A group heading (wider than one column) names at least the row beneath it.
            reach = bottom + 1 if right > left and bottom == last and _all_text(rows, bottom + 1) else bottom
            if last < reach <= limit:
                last, grown = reach, True
    if last == first and not merges and _continues(rows, first):
        last = first + 1
    return first, last


def join_header(rows: Sequence[Sequence[RawCell]], merges: Sequence[Merge], width: int) -> list[str]:
    """The name of each of ``width`` columns from the header ``rows``; merges are relative to the first of them.

    Repeated parts of a column are joined once; without merges, a blank under which another header row has text takes
    the text at its left.
    """
    grid = [[_text(row[j]) if j < len(row) else "" for j in range(width)] for row in rows]
    for top, left, bottom, right in merges:
        if top < 0 or top >= len(grid) or left >= width:
            continue
        text = grid[top][left]
        for i in range(top, min(bottom, len(grid) - 1) + 1):
            for j in range(left, min(right, width - 1) + 1):
                grid[i][j] = text
    if not merges:
        for i, row in enumerate(grid[:-1]):
            below = grid[i + 1]
            for j in range(1, width):
                if not row[j] and below[j]:
                    row[j] = row[j - 1]
    names: list[str] = []
    for j in range(width):
        parts = [row[j] for row in grid if row[j]]
        names.append(SEPARATOR.join(part for k, part in enumerate(parts) if k == 0 or part != parts[k - 1]))
    return names


def _text(cell: RawCell) -> str:
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, float):
        return number_text(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _filled(row: Sequence[RawCell]) -> int:
    return sum(1 for cell in row if not isinstance(cell, str) or tidy(cell))


def _is_title(index: int, row: Sequence[RawCell], merges: Sequence[Merge], width: int) -> bool:
    """One text over a sheet of several columns, or texts merged over most of the width (title, date, unit)."""
    filled = _filled(row)
    if width >= 2 and filled == 1:
        return True
    spans = sum(right - left + 1 for top, left, bottom, right in merges if top == index == bottom and right > left)
    return filled <= 2 < width and spans > width // 2


def _all_text(rows: Sequence[Sequence[RawCell]], index: int) -> bool:
    if index >= len(rows):
        return False
    cells = [cell for cell in rows[index] if not isinstance(cell, str) or tidy(cell)]
    return bool(cells) and all(isinstance(cell, str) and not tidy(cell)[:1].isdigit() for cell in cells)


def _continues(rows: Sequence[Sequence[RawCell]], first: int) -> bool:
    """Without merges (CSV): blanks between headings that the next row, all text, fills in; data follow with numbers."""
    if first + 2 >= len(rows) or not _all_text(rows, first + 1):
        return False
    top, below, data = rows[first], rows[first + 1], rows[first + 2]
    gaps = [j for j, cell in enumerate(top) if j and isinstance(cell, str) and not tidy(cell)]
    fills = [j for j in gaps if j < len(below) and isinstance(below[j], str) and tidy(str(below[j]))]
    numeric = any(not isinstance(c, str) or tidy(c)[:1].isdigit() for c in data)
    return bool(fills) and len(fills) == len(gaps) and numeric
