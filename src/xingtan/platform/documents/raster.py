"""SVG to PNG through typst, with our CJK font. There is no other rasteriser in the house."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from . import typeset
from .types import TypesettingError

_PX_TO_PT: Final = 0.75
_MAX_PIXELS: Final = 100_000_000
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)(?:px)?\Z")


def svg_size(svg: str) -> tuple[float, float]:
    """Return width and height of an SVG in CSS pixels.

    Raises:
        TypesettingError: it is not well-formed, or its root lacks a plain ``width`` and ``height``.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(svg.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise TypesettingError("svg.malformed", reason=error) from error
    found = [_LENGTH.match(root.get(side, "")) for side in ("width", "height")]
    if found[0] is None or found[1] is None:
        raise TypesettingError("svg.malformed", reason="width and height in pixels are required")
    return float(found[0][1]), float(found[1][1])


def svg_to_png(svg: str, *, ppi: float = 192.0) -> bytes:
    """Draw an SVG at its own size (CSS pixels, 96 to the inch) with ``ppi`` picture dots per inch.

    ``ppi=96`` gives one dot per CSS pixel, 192 is sharp on screen, 300 is print quality.

    Raises:
        TypesettingError: the SVG is malformed or the picture would exceed 100 million dots.
        FontsMissing: the CJK font is not installed.
    """
    width, height = svg_size(svg)
    if width * height * (ppi / 96) ** 2 > _MAX_PIXELS:
        raise TypesettingError("svg.too_large", width=width, height=height, ppi=ppi)
    source = (
        f"#set page(width: {typeset.points(width * _PX_TO_PT)}, height: {typeset.points(height * _PX_TO_PT)}, "
        'margin: 0pt)\n#image("drawing.svg", width: 100%, height: 100%)\n'
    )
    return typeset.to_pages(source, {"drawing.svg": svg.encode("utf-8")}, format="png", ppi=ppi)[0]
