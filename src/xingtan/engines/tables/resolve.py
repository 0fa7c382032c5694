"""Finding the columns a mapping names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.headers import SEPARATOR
from xingtan.engines.tables.mapping import Mapping
from xingtan.engines.tables.types import Column, Param, Table, column_index, column_letter
from xingtan.engines.tables.values import folded, shorten


class Columns:
    """The columns a mapping names, restricted to the rows that count."""

    def __init__(self, found: dict[str, Column]) -> None:
        self._found = found

    def get(self, name: str | None) -> Column | None:
        """The column, or ``None`` if the mapping names none or the file lacks it (already an issue)."""
        return None if name is None else self._found.get(name)

    def restricted(self, rows: npt.NDArray[np.intp]) -> Columns:
        return Columns(
            {
                name: Column(c.index, c.header, c.kinds[rows], c.numbers[rows], c.codes[rows], c.strings)
                for name, c in self._found.items()
            }
        )


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A column the mapping names and the file lacks or has twice; ``code`` is an issue code."""

    code: str
    params: dict[str, Param]


def resolve(table: Table, mapping: Mapping) -> tuple[Columns, list[Unresolved]]:
    """Find every column of the mapping by header, last header part, or ``#`` and letter."""
    faults: list[Unresolved] = []
    full: dict[str, list[int]] = {}
    last: dict[str, list[int]] = {}
    for k, column in enumerate(table.columns):
        if column.header:
            full.setdefault(folded(column.header), []).append(k)
            last.setdefault(folded(column.header.rsplit(SEPARATOR, 1)[-1]), []).append(k)
    optional = _optional(mapping)
    found: dict[str, Column] = {}
    for name in mapping.columns():
        places = full.get(folded(name)) or last.get(folded(name)) or _by_letter(name, len(table.columns))
        if len(places) == 1:
            found[name] = table.columns[places[0]]
        elif places:
            letter = column_letter(table.columns[places[0]].index)
            params: dict[str, Param] = {"wanted": shorten(name), "count": len(places), "letter": letter}
            faults.append(Unresolved("column_ambiguous", params))
        elif name not in optional:
            faults.append(Unresolved("column_missing", {"wanted": shorten(name)}))
    return Columns(found), faults


def _by_letter(name: str, width: int) -> list[int]:
    if not name.startswith("#"):
        return []
    try:
        index = column_index(name[1:])
    except ValueError:
        return []
    return [index] if index < width else []


def _optional(mapping: Mapping) -> set[str]:
    """Columns that only optional elements name."""
    wanted = {element.column for element in mapping.elements if element.optional}
    needed: Iterable[str] = Mapping(
        mapping.name,
        mapping.unit,
        period=mapping.period,
        filters=mapping.filters,
        coordinates=mapping.coordinates,
        elements=tuple(element for element in mapping.elements if not element.optional),
    ).columns()
    return wanted - set(needed)
