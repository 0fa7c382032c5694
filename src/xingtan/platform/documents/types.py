"""Plain data that crosses the documents door: languages, notices, errors, results.

Every message a user may read exists in Chinese and English and is chosen by a ``lang`` argument, not by the
active Django translation: documents are rendered in background jobs where no request sets a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from .messages import message

Lang = Literal["zh-hans", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh-hans", "en")
DEFAULT_LANG: Final[Lang] = "zh-hans"

Number = int | float | Decimal
"""A measured value. ``None`` stands for "no value" everywhere, and always travels with its reason."""

PageFormat = Literal["svg", "png"]
PdfStandard = Literal["1.7", "a-2b", "a-2u", "a-2a"]


@dataclass(frozen=True)
class Notice:
    """Something the reader of a result must know, e.g. a Word construct the PDF could not reproduce.

    ``code`` is a key of :mod:`.messages`; ``params`` fill its placeholders; ``count`` says how often it happened.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    count: int = 1

    def text(self, lang: Lang = DEFAULT_LANG) -> str:
        """Return the sentence to show, with ``×count`` when it happened more than once."""
        sentence = message(self.code, self.params, lang)
        return f"{sentence} ×{self.count}" if self.count > 1 else sentence


class DocumentError(Exception):
    """Base of all errors of this package. ``str()`` is English; :meth:`text` gives either language."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params: dict[str, str] = {key: str(value) for key, value in params.items()}
        super().__init__(message(code, self.params, "en"))

    def text(self, lang: Lang = DEFAULT_LANG) -> str:
        """Return what happened and what to do, in ``lang``."""
        return message(self.code, self.params, lang)


class FontsMissingError(DocumentError):
    """The CJK font files are not where they should be."""


class TypesettingError(DocumentError):
    """Typst refused a source that this package generated, or a picture it was given."""


class UnsafeTemplateError(DocumentError):
    """An uploaded Word file holds something that is never allowed (macro, remote picture, zip bomb …)."""


class TemplateError(DocumentError):
    """A Word template is malformed or uses a construct outside the permitted template language."""


class UnknownFieldError(TemplateError):
    """A Word template names a field that the context does not have; ``params['field']`` is its full path."""


class LimitExceededError(TemplateError):
    """Filling a template ran out of its output, loop or time budget."""


@dataclass(frozen=True)
class Limits:
    """Budgets for reading and filling one Word template. Sizes in bytes, or characters of XML where said.

    The defaults fit a 300-page report with 200 pictures; they exist so that a hostile or broken template
    ends in an error rather than in a full disk or a stuck worker.
    """

    package_bytes: int = 20_000_000
    unpacked_bytes: int = 80_000_000
    part_xml_bytes: int = 6_000_000
    parts: int = 1_000
    compression_ratio: int = 300
    tags: int = 4_000
    loop_depth: int = 4
    iterations: int = 200_000
    output_chars: int = 40_000_000
    seconds: float = 60.0


@dataclass(frozen=True)
class FilledDocument:
    """A filled Word document.

    ``data`` is the ``.docx``. ``drawings`` maps the SHA-256 (hex) of each chart PNG inside it to the SVG it was
    drawn from, so that the PDF of the same document shows vectors. ``notices`` lists what was stripped.
    """

    data: bytes
    drawings: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class PdfDocument:
    """A typeset PDF, its page count, and everything of the source it could not reproduce."""

    data: bytes
    pages: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class TemplateField:
    """One field a template uses. ``path`` is dotted, ``[]`` marks a list: ``chapters[].rows[].name``."""

    path: str
    kind: Literal["value", "list", "condition"]
    places: tuple[str, ...] = ()
