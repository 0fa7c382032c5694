"""Where the CJK font is, and which family a Word font name becomes in print.

``./dev build`` copies two weights of Noto Sans SC (SIL OFL, npm ``@expo-google-fonts/noto-sans-sc``) into the static
files. System fonts are never used, so that a document looks the same on every machine. A bureau that owns other
fonts (仿宋_GB2312, 方正小标宋) may put their files beside ours: a Word document that asks for them then gets them.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from .types import FontsMissingError

FAMILY: Final = "Noto Sans SC"
REQUIRED: Final = ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")
ENVIRONMENT_VARIABLE: Final = "XINGTAN_FONT_DIR"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Mn"})
_BUILT: Final = Path(__file__).parents[1] / "ui" / "static" / "dist" / "fonts"

_ALIASES: Final = {
    "仿宋": "FangSong", "仿宋_gb2312": "FangSong_GB2312", "宋体": "SimSun", "黑体": "SimHei",
    "楷体": "KaiTi", "楷体_gb2312": "KaiTi_GB2312", "微软雅黑": "Microsoft YaHei",
}  # fmt: skip
"""Word writes Chinese display names; font files carry English family names."""


def directory() -> Path:
    """Return the folder of font files: ``XINGTAN_FONT_DIR`` if set, else the one ``./dev build`` fills.

    Raises:
        FontsMissingError: a required file is absent; the message names it and the command to run.
    """
    configured = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    folder = Path(configured) if configured else _BUILT
    absent = [name for name in REQUIRED if not (folder / name).is_file()]
    if absent:
        raise FontsMissingError("fonts.missing", files=", ".join(absent), folder=folder)
    return folder


def collection() -> typst.Fonts:
    """Return the fonts of :func:`directory` as a typst collection, loaded once per folder and process."""
    return _load(str(directory()))


def resolve(requested: str) -> str:
    """Return the family to print for a Word font name: itself if its file is present, else :data:`FAMILY`."""
    return _resolve(str(directory()), requested)


@lru_cache(maxsize=4)
def _load(folder: str) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@lru_cache(maxsize=512)
def _resolve(folder: str, requested: str) -> str:
    wanted = {requested.lower(), _ALIASES.get(requested.lower(), requested).lower()}
    for family in _load(folder).families():
        if family.lower() in wanted:
            return str(family)
    return FAMILY


def missing_characters(characters: set[str]) -> set[str]:
    """Return the characters that no font of :func:`directory` can draw (rare name characters, for instance)."""
    covered = _coverage(str(directory()))
    return {c for c in characters if ord(c) not in covered and unicodedata.category(c) not in _INVISIBLE}


@lru_cache(maxsize=4)
def _coverage(folder: str) -> frozenset[int]:
    covered: set[int] = set()
    for file in sorted(Path(folder).iterdir()):
        if file.suffix.lower() in {".ttf", ".otf"} and not file.stem.endswith("-Bold"):
            covered |= _mapped(file.read_bytes())
    return frozenset(covered)


def _mapped(font: bytes) -> set[int]:
    """Read the code points of a font's full-repertoire table (cmap format 12, OpenType 1.9)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for record in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + record * 16)
        if tag != b"cmap":
            continue
        mapped: set[int] = set()
        for entry in range(struct.unpack_from(">H", font, start + 2)[0]):
            place = start + struct.unpack_from(">HHI", font, start + 4 + entry * 8)[2]
            if struct.unpack_from(">H", font, place)[0] == 12:
                for group in range(struct.unpack_from(">I", font, place + 12)[0]):
                    first, last, _ = struct.unpack_from(">III", font, place + 16 + group * 12)
                    mapped.update(range(first, last + 1))
        return mapped
    return set()
