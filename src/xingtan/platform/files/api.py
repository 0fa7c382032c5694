"""Keep and hand out files. Who may see a file is decided by the domain that owns it."""

from __future__ import annotations

import hashlib
import io
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
    if not default_storage.exists(row.key):
        stream.seek(0)
        default_storage.save(row.key, File(stream))
    row.save()
    return row


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
