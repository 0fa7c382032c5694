"""What a template may see: plain data only.

The context is copied into groups, lists and scalars before a template touches it, so there is no Python attribute,
method or model behind any name; pictures are the one exception and can only be printed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Protocol

from docx.shared import Mm
from lxml import etree

from .. import raster
from ..charts import ChartSpec, render
from ..types import Lang, TemplateError

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NAME: Final = re.compile(r"[^\W\d]\w*\Z")
CHART_PPI: Final = 220.0


@dataclasses.dataclass(frozen=True)
class Chart:
    """A chart to place in a document. ``alt`` is read aloud instead of the picture; the title if empty."""

    spec: ChartSpec
    width_mm: float = 156.0
    alt: str = ""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A PNG or JPEG of our own making (a seal, a QR code) to place in a document."""

    data: bytes
    width_mm: float
    alt: str = ""


class Group(dict[str, Any]):
    """A named set of fields; ``path`` is how a template reaches it."""

    def __init__(self, path: str, items: Mapping[str, Any]) -> None:
        super().__init__(items)
        self.path = path


class Rows(list[Any]):
    """A list to loop over; ``path`` is how a template reaches it."""

    def __init__(self, path: str, items: list[Any]) -> None:
        super().__init__(items)
        self.path = path


class PicturePlace(Protocol):
    """What a drawing needs of the document being filled."""

    current_rendering_part: Any
    drawings: dict[str, str]
    lang: Lang


class Drawing:
    """Prints a picture into the run being filled. Charts are rasterised only when, and each time, they are used."""

    def __init__(self, content: Chart | Picture, place: PicturePlace) -> None:
        self._content = content
        self._place = place
        self._png: bytes | None = None

    def __html__(self) -> str:
        """Return WordprocessingML that closes the text run, holds the picture, and opens a new run."""
        content = self._content
        if self._png is None:
            self._png = content.data if isinstance(content, Picture) else self._draw(content)
        alt = content.alt or (content.spec.frame.title if isinstance(content, Chart) else "")
        inline = self._place.current_rendering_part.new_pic_inline(io.BytesIO(self._png), Mm(content.width_mm))
        inline.docPr.set("descr", _CONTROL.sub("", alt))
        xml = etree.tostring(inline, encoding="unicode")
        return f'</w:t></w:r><w:r><w:drawing>{xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'

    def _draw(self, chart: Chart) -> bytes:
        svg = render(chart.spec, self._place.lang)
        png = raster.svg_to_png(svg, ppi=CHART_PPI)
        self._place.drawings[hashlib.sha256(png).hexdigest()] = svg
        return png


def plain(value: object, place: PicturePlace, path: str = "") -> Any:
    """Copy ``value`` into what a template may see.

    Raises:
        TemplateError: it holds something else than numbers, text, dates, lists, mappings, dataclasses or pictures.
    """
    match value:
        case None | bool() | int() | Decimal() | datetime() | date():
            return value.value if isinstance(value, Enum) else value
        case float():
            if not math.isfinite(value):
                raise TemplateError("template.value", field=path, type=repr(value))
            return value
        case str():
            return _CONTROL.sub("", str(value.value if isinstance(value, Enum) else value))
        case Enum():
            return plain(value.value, place, path)
        case Chart() | Picture():
            return Drawing(value, place)
        case list() | tuple():
            return Rows(path, [plain(item, place, f"{path}[]") for item in value])
        case Mapping():
            return _group(path, {str(key): item for key, item in value.items()}, place)
    if isinstance(value, ChartSpec):
        return Drawing(Chart(value), place)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return _group(path, items, place)
    raise TemplateError("template.value", field=path or "?", type=type(value).__name__)


def _group(path: str, items: Mapping[str, object], place: PicturePlace) -> Group:
    for key in items:
        if not _NAME.match(key) or key.startswith("_"):
            raise TemplateError("template.value", field=f"{path}.{key}", type="field name")
    return Group(path, {key: plain(item, place, f"{path}.{key}" if path else key) for key, item in items.items()})
