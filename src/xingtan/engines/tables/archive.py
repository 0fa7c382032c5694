"""The wall before the workbook parser: an xlsx archive is measured, not trusted.

The parser unpacks whole parts and allocates the rectangle spanned by the outermost cells, so a small file can ask for
any amount of memory. Here each part is inflated in pieces, counted against its declared size, the limits and the
ratio, and thrown away; the sheet to be read is scanned for its outermost cells on the way.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from xingtan.engines.tables.types import Limits, TableError
from xingtan.engines.tables.values import shorten

_PIECE: Final = 1 << 18
_FEED: Final = 1 << 15
_RATIO_FROM: Final = 1 << 20
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_DIRECTORY_SEARCH: Final = 22 + 0xFFFF
_ENCRYPTED_FLAG: Final = 0x1
_ARCHIVES: Final = frozenset(
    (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".ods", ".7z", ".rar", ".gz", ".jar")
)
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Archive:
    """A zip file in memory whose directory has been checked; parts are read through ``pieces``.

    Raises ``TableError``: archive_broken, archive_members, archive_name, archive_nested, archive_size,
    archive_ratio, archive_lies, encrypted.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._sizes: dict[str, int] = {}
        if data[-_DIRECTORY_SEARCH:].count(b"PK\x05\x06") != 1:
            # With two directories the parser might read another archive than the one checked here.
            raise TableError("archive_broken", detail="no single directory at its end")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, struct.error, OverflowError) as error:
            raise TableError("archive_broken", detail=shorten(str(error))) from error
        if len(members) > limits.members:
            raise TableError("archive_members", count=len(members), limit=limits.members)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._admit(member)
        if sum(member.file_size for member in members) > limits.unpacked_bytes:
            raise TableError("archive_size", limit=limits.unpacked_bytes)

    def _admit(self, member: zipfile.ZipInfo) -> None:
        name, limits = member.orig_filename, self._limits
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or any(c in name for c in ":\0") or _key(name) in self._members:
            raise TableError("archive_name", name=shorten(name))
        # Objects embedded by Office are never unpacked here; anywhere else an archive has no business.
        if path.suffix.casefold() in _ARCHIVES and "embeddings" not in path.parts:
            raise TableError("archive_nested", name=shorten(name))
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise TableError("encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise TableError("archive_broken", detail=f"compression method {member.compress_type}")
        if member.file_size > _RATIO_FROM and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise TableError("archive_ratio", name=shorten(name), limit=limits.ratio)
        self._members[_key(name)] = member

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def size(self, name: str) -> int:
        """Declared size of a part; true once its pieces have been read."""
        return self._members[_key(name)].file_size

    def names(self) -> list[str]:
        return [member.orig_filename for member in self._members.values()]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one part, piece by piece; all checks are done once the iterator is exhausted."""
        key = _key(name)
        member = self._members[key]
        packed = self._packed(member)
        size, checksum = 0, 0
        for piece in _inflate(packed) if member.compress_type == zipfile.ZIP_DEFLATED else _slices(packed):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > member.file_size:
                raise TableError("archive_lies", name=shorten(name), declared=member.file_size)
            if size > self._sizes.get(key, 0):
                self._sizes[key] = size
            if sum(self._sizes.values()) > self._limits.unpacked_bytes:
                raise TableError("archive_size", limit=self._limits.unpacked_bytes)
            yield piece
        if size != member.file_size or checksum != member.CRC:
            raise TableError("archive_lies", name=shorten(name), declared=member.file_size)

    def read(self, name: str) -> bytes:
        return b"".join(self.pieces(name))

    def _packed(self, member: zipfile.ZipInfo) -> memoryview:
        """The packed bytes, found as the parser finds them: behind the local header, which must agree."""
        start = member.header_offset
        header = self._data[start : start + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise TableError("archive_broken", detail=f"no header before {shorten(member.orig_filename)}")
        fields = _LOCAL_HEADER.unpack(header)
        flags, method, name_size, extra_size = fields[2], fields[3], fields[9], fields[10]
        begin = start + _LOCAL_HEADER.size + name_size + extra_size
        end = begin + member.compress_size
        if method != member.compress_type or flags & _ENCRYPTED_FLAG or end > len(self._data):
            raise TableError("archive_broken", detail=f"two accounts of {shorten(member.orig_filename)}")
        return memoryview(self._data)[begin:end]


def _key(name: str) -> str:
    """Parts are found without regard to case and kind of slash, as the parser finds them."""
    return name.replace("\\", "/").casefold()


def _slices(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _PIECE):
        yield bytes(packed[start : start + _PIECE])


def _inflate(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _FEED):
            rest = bytes(packed[start : start + _FEED])
            while True:
                piece = inflater.decompress(rest, _PIECE)
                if piece:
                    yield piece
                rest = inflater.unconsumed_tail
                if inflater.eof or (not rest and len(piece) < _PIECE):
                    break
            if inflater.eof:
                return
    except zlib.error as error:
        raise TableError("archive_broken", detail=shorten(str(error))) from error


def xml_pieces(archive: Archive, name: str) -> Iterator[bytes]:
    """The pieces of an XML part; refuses document types, entities and encodings that could hide them."""
    tail = b""
    for number, piece in enumerate(archive.pieces(name)):
        if number == 0 and not piece.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise TableError("xml_encoding", name=shorten(name))
        if number == 0 and re.match(rb"[^>]{0,200}encoding\s*=\s*[\"'](?!utf-?8[\"'])", piece, re.IGNORECASE):
            raise TableError("xml_encoding", name=shorten(name))
        if _DTD.search(tail + piece):
            raise TableError("xml_dtd", name=shorten(name))
        tail = piece[-16:]
        yield piece
