"""Keep and hand out files. Who may see a file is decided by the domain that owns it."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse

from xingtan.platform.files.models import StoredFile
from xingtan.platform.orgscope.actor import Actor

CHUNK = 1024 * 1024
INLINE_TYPES = frozenset({"application/pdf", "image/png"})


class FileTooLarge(Exception):
    """More bytes than the caller allows; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"larger than {limit} bytes")
        self.limit = limit


def keep(
    *, actor: Actor, org_path: str, name: str, media_type: str, content: BinaryIO | bytes, limit: int | None = None
) -> StoredFile:
    """Store bytes under their hash and return the row; raise `FileTooLarge` past `limit` bytes."""
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise FileTooLarge(limit)
        digest.update(chunk)
    clean = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-255:] or "file"
    row = StoredFile(
        org_path=org_path, name=clean, media_type=media_type, size=size, sha256=digest.hexdigest(),
        created_by_id=actor.user_id,
    )  # fmt: skip
    if not default_storage.exists(row.key) or default_storage.size(row.key) != size:
        stream.seek(0)
        _store(row.key, stream)
    row.save()
    return row


def _store(key: str, stream: BinaryIO) -> None:
    """Write under a passing name, then rename: a file that stands under its hash is whole, whenever the power fails."""
    passing = Path(default_storage.path(default_storage.save(f"{key}.{secrets.token_hex(8)}.part", File(stream))))
    final = passing.with_name(Path(key).name)
    with passing.open("rb") as written:
        os.fsync(written.fileno())
    passing.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_file(row: StoredFile) -> BinaryIO:
    """The bytes, for reading."""
    return default_storage.open(row.key, "rb")  # type: ignore[return-value]


def response(row: StoredFile, *, inline: bool = False) -> FileResponse:
    """A download; only types that cannot carry script may be shown in the page."""
    answer = FileResponse(open_file(row), content_type=row.media_type)
    kind = "inline" if inline and row.media_type in INLINE_TYPES else "attachment"
    answer["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(row.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
