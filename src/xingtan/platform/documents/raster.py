"""SVG to PNG through typst, with our CJK font. There is no other rasteriser in the house."""

from __future__ import annotations

import re
from typing import Final

from . import typeset
from .types import TypesettingError

_PX_TO_PT: Final = 0.75
_MAX_PIXELS: Final = 100_000_000
_ROOT: Final = re.compile(r"<svg\b[^>]*>")
_SIDES: Final = (re.compile(r'\swidth="(\d+(?:\.\d+)?)(?:px)?"'), re.compile(r'\sheight="(\d+(?:\.\d+)?)(?:px)?"'))


def svg_size(svg: str) -> tuple[float, float]:
    """Return width and height of an SVG in CSS pixels.

    Raises:
        TypesettingError: its root lacks a plain ``width`` and ``height``.
    """
    root = _ROOT.search(svg)
    width, height = (side.search(root[0]) if root else None for side in _SIDES)
    if width is None or height is None:
        raise TypesettingError("svg.malformed", reason="width and height in pixels are required")
    return float(width[1]), float(height[1])


def svg_to_png(svg: str, *, ppi: float = 192.0) -> bytes:
    """Draw an SVG at its own size (CSS pixels, 96 to the inch) with ``ppi`` picture dots per inch.

    ``ppi=96`` gives one dot per CSS pixel, 192 is sharp on screen, 300 is print quality.

    Raises:
        TypesettingError: the SVG is malformed or the picture would exceed 100 million dots.
        FontsMissingError: the CJK font is not installed.
    """
    width, height = svg_size(svg)
    if width * height * (ppi / 96) ** 2 > _MAX_PIXELS:
        raise TypesettingError("svg.too_large", width=width, height=height, ppi=ppi)
    source = (
        f"#set page(width: {typeset.points(width * _PX_TO_PT)}, height: {typeset.points(height * _PX_TO_PT)}, "
        'margin: 0pt)\n#image("drawing.svg", width: 100%, height: 100%)\n'
    )
    return typeset.to_pages(source, {"drawing.svg": svg.encode("utf-8")}, kind="png", ppi=ppi)[0]
