"""The built front end: which files an entry needs, and which icons the sprite holds.

Vite names its files by their content and links them to each other by those names, so their addresses are
``STATIC_URL`` plus the name. They must not be renamed again by a manifest storage: two names for one script
would run it twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DIST = Path(__file__).resolve().parent / "static" / "dist"
HOW_TO_BUILD = "Build the front end: in frontend/ run `npm ci` and `npm run build`."


@dataclass(frozen=True)
class EntryFiles:
    """What a page loads for one entry, as paths inside ``static/dist/``, in loading order."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


@dataclass(frozen=True)
class Sprite:
    """The file of all icons and the names in it."""

    file: str
    names: frozenset[str]


def entry_files(name: str, dist: Path = DIST) -> EntryFiles:
    """The files of the entry called ``name`` (``main``, or the folder of an island).

    Raises:
        ImproperlyConfigured: the front end is not built, or has no such entry.
    """
    manifest = _read(dist / ".vite" / "manifest.json")
    for key, chunk in manifest.items():
        if chunk.get("isEntry") and chunk.get("name") == name:
            needed = tuple(_with_imports(manifest, key, set()))
            styles = dict.fromkeys(style for part in needed for style in part.get("css", ()))
            preloads = tuple(part["file"] for part in needed if part is not chunk)
            return EntryFiles(chunk["file"], tuple(styles), preloads)
    known = ", ".join(sorted(chunk["name"] for chunk in manifest.values() if chunk.get("isEntry")))
    raise ImproperlyConfigured(f"The front end has no entry {name!r}; it has: {known}. {HOW_TO_BUILD}")


def sprite(dist: Path = DIST) -> Sprite:
    """The icon sprite. Raises `ImproperlyConfigured` when the front end is not built."""
    listing = _read(dist / "icons.json")
    return Sprite(listing["sprite"], frozenset(listing["names"]))


def static_url(file: str) -> str:
    """The address of a file of ``static/dist/``."""
    return f"{settings.STATIC_URL}dist/{file}"


def _with_imports(manifest: Mapping[str, Any], key: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    """A chunk after the chunks it imports statically, so that its styles win over theirs."""
    if key in seen:
        return
    seen.add(key)
    for imported in manifest[key].get("imports", ()):
        yield from _with_imports(manifest, imported, seen)
    yield manifest[key]


def _read(path: Path) -> dict[str, Any]:
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured(f"{path} is missing. {HOW_TO_BUILD}") from None
    return _parsed(path, changed)


@lru_cache(maxsize=8)
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
