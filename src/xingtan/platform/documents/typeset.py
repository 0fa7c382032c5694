"""The only door to typst: literals that cannot be anything but text, and compilation in an empty room.

Safety does not rest on escaping markup. Text reaches typst solely as string literals inside code (``#"…"``), where
only ``\\`` and ``"`` have meaning; see :func:`literal`. Besides, each compilation has its own fresh folder as root, so
a path cannot lead anywhere, and package lookups point into that folder, which has none.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import typst

from . import fonts
from .types import Notice, PageFormat, PdfStandard, TypesettingError

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Stand-in creation time when the caller gives none: equal input then gives equal bytes."""

_MAX_POINTS: Final = 20_000.0


def literal(text: str) -> str:
    """Return ``text`` as a typst string literal. Control characters, lone surrogates and non-characters vanish."""
    out = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            out.append("\\" + char)
        elif char == "\t":
            out.append("\\t")
        elif code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE:
            continue
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def points(value: float) -> str:
    """Return a typst length in points; not-a-number and absurd sizes are cut to something a page can hold."""
    if value != value:
        value = 0.0
    return f"{max(-_MAX_POINTS, min(_MAX_POINTS, value)):.2f}pt"


def colour(value: str) -> str:
    """Return a typst colour for six hex digits (with or without ``#``); anything else raises ``ValueError``."""
    digits = value.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {value!r}")
    return f'rgb("#{int(digits, 16):06x}")'


def array(items: Iterable[str]) -> str:
    """Return a typst array; one element needs its trailing comma to be an array at all."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _fixed(moment: datetime) -> datetime:
    """The same second with a plain offset: typst takes neither named zones nor fractions."""
    return moment.replace(microsecond=0, tzinfo=timezone(moment.utcoffset() or timedelta(0)))


def to_pdf(
    source: str,
    files: Mapping[str, bytes],
    *,
    created: datetime | None = None,
    standard: PdfStandard = "1.7",
) -> tuple[bytes, tuple[Notice, ...]]:
    """Compile ``source`` to a tagged PDF. ``files`` are the only files it can open, by plain name.

    Raises:
        TypesettingError: typst refused; the message carries its diagnosis.
    """
    with tempfile.TemporaryDirectory(prefix="xingtan-typst-") as name:
        folder = Path(name)
        try:
            data, warnings = typst.compile_with_warnings(
                _populate(folder, source, files),
                root=folder,
                font_paths=fonts.collection(),
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=standard,
                timestamp=_fixed(created or EPOCH),
                package_path=folder,
                package_cache_path=folder,
            )
        except typst.TypstError as error:
            raise TypesettingError("typst.refused", reason=error.message) from error
    return data, tuple(Notice("typst.warning", {"message": w.message}) for w in warnings)


def to_pages(source: str, files: Mapping[str, bytes], *, kind: PageFormat, ppi: float = 144.0) -> list[bytes]:
    """Compile ``source`` to one self-contained picture per page.

    Raises:
        TypesettingError: typst refused.
    """
    with tempfile.TemporaryDirectory(prefix="xingtan-typst-") as name:
        folder = Path(name)
        compiler = typst.Compiler(
            _populate(folder, source, files),
            root=folder,
            font_paths=fonts.collection(),
            ignore_system_fonts=True,
            package_path=folder,
            package_cache_path=folder,
        )
        try:
            result = compiler.compile(format=kind, ppi=ppi)
        except typst.TypstError as error:
            raise TypesettingError("typst.refused", reason=error.message) from error
    if result is None:
        raise TypesettingError("typst.refused", reason="no output")
    return result if isinstance(result, list) else [result]


def _populate(folder: Path, source: str, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        if Path(name).name != name or name in {"", "main.typ"}:
            raise ValueError(f"not a plain file name: {name!r}")
        (folder / name).write_bytes(data)
    main = folder / "main.typ"
    main.write_text(source, encoding="utf-8")
    return main
