"""Tile grid maps and headline tiles."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise

from .. import palette, text
from ..types import Lang
from .canvas import Canvas, shorten, text_width
from .furniture import heading, legend, value_label, words
from .specs import HeadlineTile, TileMap

_CLASSES = 4


def tile_map(spec: TileMap, lang: Lang) -> str:
    """Draw a :class:`TileMap`; raises ``ValueError`` when two tiles share a cell or breaks are not ascending."""
    cells = [(t.row, t.column) for t in spec.tiles]
    if len(set(cells)) != len(cells) or any(row < 0 or column < 0 for row, column in cells):
        raise ValueError("every tile needs its own cell, counted from 0")
    breaks = [text.exact(b) for b in spec.breaks] or _equal_breaks(spec)
    if breaks != sorted(set(breaks)) or len(breaks) >= len(palette.SEQUENTIAL):
        raise ValueError(f"breaks must ascend and be at most {len(palette.SEQUENTIAL) - 1}")
    canvas = Canvas(spec.frame, lang)
    paints = palette.sequential(len(breaks) + 1)
    entries = _class_legend(canvas, breaks, paints)
    if any(t.value is None for t in spec.tiles):
        entries.append((text.missing("", lang), palette.MISSING, "box"))
    top = legend(canvas, heading(canvas), entries) + 2
    columns, rows = max((c for _, c in cells), default=0) + 1, max((r for r, _ in cells), default=0) + 1
    size, spacing = min(96.0, (canvas.width + 6) / columns - 6), 6.0
    tall = min(size, 74.0)
    for tile in spec.tiles:
        x, y = tile.column * (size + spacing), top + tile.row * (tall + spacing)
        if tile.value is None:
            why = text.missing(tile.missing, lang)
            tip = f"{tile.label} {why}"
            canvas.rect(x, y, size, tall, palette.MISSING, stroke=palette.MUTED, dash=True, radius=4, tip=tip)
            ink, shown, value_size = palette.MUTED, why, 10.0
        else:
            paint = paints[bisect_right(breaks, text.exact(tile.value))]
            shown, value_size, ink = value_label(canvas, tile.value), 15.0, palette.text_on(paint)
            canvas.rect(x, y, size, tall, paint, radius=4, tip=f"{tile.label} {shown}")
        canvas.text(
            x + size / 2, y + tall * 0.42, shorten(tile.label, 12, size - 6), size=12, fill=ink, anchor="middle"
        )
        canvas.text(
            x + size / 2, y + tall * 0.74, shorten(shown, value_size, size - 4), size=value_size, fill=ink,
            anchor="middle", bold=tile.value is not None,
        )  # fmt: skip
    return canvas.svg(top + rows * (tall + spacing))


def _equal_breaks(spec: TileMap) -> list[Decimal]:
    known = [text.exact(t.value) for t in spec.tiles if t.value is not None]
    if len(set(known)) < 2:
        return []
    low, high = min(known), max(known)
    cuts = {text.rounded(low + (high - low) * i / _CLASSES, spec.frame.decimals) for i in range(1, _CLASSES)}
    return sorted(cut for cut in cuts if low < cut <= high)


def _class_legend(canvas: Canvas, breaks: list[Decimal], paints: tuple[str, ...]) -> list[tuple[str, str, str]]:
    if not breaks:
        return []
    labels = [value_label(canvas, b) for b in breaks]
    names = [words("below", canvas.lang, labels[0])]
    names += [f"{low}–{high}" for low, high in pairwise(labels)]
    names.append(words("above", canvas.lang, labels[-1]))
    return [(name, paint, "box") for name, paint in zip(names, paints, strict=True)]


def headline_tile(spec: HeadlineTile, lang: Lang) -> str:
    """Draw a :class:`HeadlineTile`. Good and bad carry a sign and a word besides the coloured edge."""
    canvas = Canvas(spec.frame, lang)
    width, height = float(canvas.width), float(spec.frame.height or 118)
    edge = {"good": palette.SECONDARY, "bad": palette.ACCENT_DARK, "neutral": palette.RULE}[spec.tone]
    canvas.rect(0.5, 0.5, width - 1, height - 1, palette.PANEL, stroke=palette.RULE, radius=6)
    canvas.rect(0, 0, 5, height, edge, radius=2)
    canvas.text(18, 26, shorten(spec.frame.title, 13, width - 28), size=13, fill=palette.MUTED)
    if spec.value is None:
        canvas.text(18, 66, shorten(text.missing(spec.missing, lang), 19, width - 28), size=19, fill=palette.MUTED)
    else:
        shown = text.number(spec.value, spec.frame.decimals, lang)
        canvas.text(18, 70, shown, size=34, bold=True)
        if spec.frame.unit:
            canvas.text(18 + text_width(shown, 34) + 6, 70, spec.frame.unit, size=15, fill=palette.MUTED)
    mark = {"good": f"▲ {words('good', lang)}  ", "bad": f"▼ {words('bad', lang)}  ", "neutral": ""}[spec.tone]
    lines = [line for line in (mark + spec.change, spec.target) if line.strip()]
    ink = palette.ACCENT_DARK if spec.tone == "bad" else palette.INK
    for index, line in enumerate(lines[:2]):
        canvas.text(
            18, 92 + index * 16, shorten(line, 11.5, width - 28), size=11.5, fill=ink if index == 0 else palette.MUTED
        )
    return canvas.svg(height)
