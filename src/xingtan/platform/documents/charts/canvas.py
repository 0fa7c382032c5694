"""A small SVG writer: shapes, measured text, and the frame that every chart shares."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal
from xml.sax.saxutils import quoteattr

from .. import palette
from ..types import Lang
from .specs import Frame

FONT: Final = "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NARROW: Final = frozenset("iljftrI.,:;'|!()[] ")

Anchor = Literal["start", "middle", "end"]


def clean(text: str) -> str:
    """Escape text for SVG and drop what XML cannot hold."""
    text = _UNPRINTABLE.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("]]>", "]]&gt;")


def text_width(text: str, size: float) -> float:
    """Estimate the width of ``text`` in pixels: Han and full-width characters are one em, Latin about 0.56."""
    ems = 0.0
    for char in text:
        if unicodedata.east_asian_width(char) in "WF" or char in "—…“”‘’":
            ems += 1.0
        elif char in _NARROW:
            ems += 0.32
        elif char.isupper() or char in "%@MW":
            ems += 0.72
        else:
            ems += 0.56
    return ems * size


def shorten(text: str, size: float, width: float) -> str:
    """Return ``text``, cut with an ellipsis if it is wider than ``width`` pixels."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text + "…"


class Canvas:
    """Collects SVG elements top to bottom; :meth:`svg` gives the document."""

    def __init__(self, frame: Frame, lang: Lang) -> None:
        self.frame = frame
        self.lang = lang
        self.width = frame.width
        self._items: list[str] = []
        self._hatches: dict[str, str] = {}

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, stroke: str = "", dash: bool = False,
        radius: float = 0, tip: str = "",
    ) -> None:  # fmt: skip
        """A rectangle; ``tip`` is what a browser shows on hover and a screen reader reads."""
        line = f' stroke="{stroke}" stroke-width="1"' if stroke else ""
        line += ' stroke-dasharray="3 3"' if dash else ""
        line += f' rx="{radius:g}"' if radius else ""
        inner = f"><title>{clean(tip)}</title></rect>" if tip else "/>"
        box = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
        self._items.append(f'<rect {box} fill="{fill}"{line}{inner}')

    def line(
        self, x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dash: str = ""
    ) -> None:
        """A straight line; ``dash`` is an SVG dash array."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        self._items.append(f'<line {ends} stroke="{stroke}" stroke-width="{width:g}"{dashes}/>')

    def polyline(self, points: list[tuple[float, float]], stroke: str, *, width: float = 2, dash: str = "") -> None:
        """An open line through ``points``."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        pen = f'fill="none" stroke="{stroke}" stroke-width="{width:g}" stroke-linejoin="round"{dashes}'
        self._items.append(f'<polyline points="{path}" {pen}/>')

    def dot(self, x: float, y: float, radius: float, fill: str, *, stroke: str = palette.PAPER, tip: str = "") -> None:
        """A filled circle with a thin rim."""
        inner = f"><title>{clean(tip)}</title></circle>" if tip else "/>"
        pen = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
        self._items.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {pen}{inner}')

    def text(
        self, x: float, y: float, content: str, *, size: float = 12, fill: str = palette.INK, anchor: Anchor = "start",
        bold: bool = False, halo: bool = False,
    ) -> None:  # fmt: skip
        """One line of text with its baseline at ``y``; ``halo`` keeps it readable over lines and bars."""
        weight = ' font-weight="700"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        start = f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{place}{weight}'
        if halo:
            wide = text_width(content, size)
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            box = f'x="{left - 1:.1f}" y="{y - size:.1f}" width="{wide + 2:.1f}" height="{size + 3:.1f}"'
            self._items.append(f'<rect {box} fill="{palette.PAPER}" fill-opacity="0.85"/>')
        self._items.append(f'{start} fill="{fill}">{clean(content)}</text>')

    def hatch(self, fill: str) -> str:
        """Return a paint of diagonal stripes in ``fill``: a miss that survives grey print."""
        name = f"hatch-{fill.removeprefix('#')}"
        self._hatches[name] = (
            f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="6" height="6" fill="{palette.PAPER}"/><rect width="3" height="6" fill="{fill}"/></pattern>'
        )
        return f"url(#{name})"

    def gap(self, x: float, y: float, width: float, height: float, words: str, *, size: float = 11) -> None:
        """The mark of a missing value: a dashed box holding the words for it."""
        self.rect(x, y, width, height, palette.MISSING, stroke=palette.MUTED, dash=True, radius=2, tip=words)
        if height >= size + 2:
            shown = shorten(words, size, width - 6)
            self.text(
                x + width / 2, y + height / 2 + size * 0.36, shown, size=size, fill=palette.MUTED, anchor="middle"
            )

    def svg(self, height: float) -> str:
        """Return the finished SVG document with title, note and figure stamp."""
        frame, total = self.frame, height
        footer: list[str] = [part for part in (frame.note, f"[{frame.figure_id}]" if frame.figure_id else "") if part]
        if footer:
            total += 20
            self.text(0, total - 6, shorten("  ".join(footer), 10.5, self.width), size=10.5, fill=palette.MUTED)
        label = quoteattr(_UNPRINTABLE.sub("", frame.title or frame.figure_id or "chart"))
        definitions = f"<defs>{''.join(self._hatches.values())}</defs>" if self._hatches else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{total:.0f}" '
            f'viewBox="0 0 {self.width} {total:.0f}" role="img" aria-label={label} '
            f'font-family="{FONT}"><title>{clean(frame.title or frame.figure_id or "chart")}</title>{definitions}'
            + "".join(self._items)
            + "</svg>"
        )
