"""The container of old Office files: sectors chained like a file allocation table ([MS-CFB]).

The parser follows every chain without looking for circles and reserves what the header claims, so both are proven
here first. Streams are found as the parser finds them (name up to the first NUL, first entry wins): otherwise a file
could show one workbook to the check and another to the parser.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
import numpy.typing as npt

from xingtan.engines.tables.types import TableError

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKERS: Final = 0xFFFFFFFA  # this and above are no sectors
_END: Final = 0xFFFFFFFE
_MINI_STREAM: Final = 4096  # shorter streams live in the mini stream
_MINI_SECTOR: Final = 64
_MINI_TABLE_SECTORS: Final = 512  # 4 MB of small streams; workbooks have none or a few
_HEADER: Final = 512


class CompoundFile:
    """The named streams of a compound file in memory. Raises ``TableError('archive_broken')``."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise _broken("the header is cut off")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        tables, start = struct.unpack_from("<II", data, 44)
        mini_start, mini_tables = struct.unpack_from("<II", data, 60)
        if shift not in (9, 12) or mini_shift != 6:
            raise _broken("an impossible sector size")
        self._data, self._sector = data, 1 << shift
        self._sectors = max(len(data) // self._sector, 1)
        if tables > self._sectors or mini_tables > min(_MINI_TABLE_SECTORS, self._sectors):
            raise _broken("more allocation tables than the file can hold")
        self._fat = self._allocation_table()
        _refuse_circles(self._fat)
        directory = self._chain(start, None)
        self._entries: dict[str, tuple[int, int]] = {}
        for offset in range(0, len(directory) - 127, 128):
            name = directory[offset : offset + 64].decode("utf-16-le", "replace").split("\0", 1)[0]
            first, size = struct.unpack_from("<II", directory, offset + 116)
            if not self._entries:
                self._root = first, size
            self._entries.setdefault(name, (first, size))
        if not self._entries:
            raise _broken("the directory is empty")
        self._mini_fat = np.frombuffer(self._chain(mini_start, None) if mini_tables else b"", "<u4")
        _refuse_circles(self._mini_fat)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a stream; the name must be contained."""
        first, size = self._entries[name]
        if size >= _MINI_STREAM:
            return self._chain(first, size)
        small = self._chain(*self._root)
        parts: list[bytes] = []
        while first < _MARKERS and len(parts) * _MINI_SECTOR < size:
            parts.append(small[first * _MINI_SECTOR : (first + 1) * _MINI_SECTOR])
            first = int(self._mini_fat[first]) if first < self._mini_fat.size else _END
        return b"".join(parts)[:size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        piece = self._data[start : start + self._sector]
        if not piece:
            raise _broken("a sector lies beyond the end of the file")
        return piece

    def _allocation_table(self) -> npt.NDArray[np.uint32]:
        places = list(struct.unpack_from("<109I", self._data, 76))
        (extra,) = struct.unpack_from("<I", self._data, 68)
        seen: set[int] = set()
        while extra < _MARKERS:
            if extra in seen:
                raise _broken("a chain of sectors runs in a circle")
            seen.add(extra)
            words = np.frombuffer(self._at(extra).ljust(self._sector, b"\xff"), "<u4").tolist()
            places += words[:-1]
            extra = words[-1]
        tables = [place for place in places if place < _MARKERS]
        if len(tables) > self._sectors:
            raise _broken("more allocation tables than the file can hold")
        return np.frombuffer(b"".join(self._at(place).ljust(self._sector, b"\xff") for place in tables), "<u4")

    def _chain(self, sector: int, size: int | None) -> bytes:
        """A chain of sectors, to its end or to ``size`` bytes; circles were refused before."""
        parts: list[bytes] = []
        while sector < _MARKERS and (size is None or len(parts) * self._sector < size):
            parts.append(self._at(sector))
            if sector >= self._fat.size:
                raise _broken("a chain of sectors leaves the table")
            sector = int(self._fat[sector])
        data = b"".join(parts)
        if size is not None and len(data) < size:
            raise _broken("a stream is cut off")
        return data if size is None else data[:size]


def _refuse_circles(table: npt.NDArray[np.uint32]) -> None:
    """Every chain must end: after doubling the step often enough, each sector has reached the end."""
    if not table.size:
        return
    size = table.size
    following = np.append(np.where(table < size, table, size), size).astype(np.int64)
    for _ in range(size.bit_length()):
        following = following[following]
    if (following != size).any():
        raise _broken("a chain of sectors runs in a circle")


def _broken(detail: str) -> TableError:
    return TableError("archive_broken", detail=detail)
