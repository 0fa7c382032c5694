"""What one conversion shares: the document, its styles and lists, the files it feeds to typst, and the notices."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from docx import Document
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.oxml.ns import qn

from .. import fonts, typeset
from ..types import DEFAULT_LANG, Lang, TypesettingError
from .log import NoticeLog
from .looks import Raw, RunLook, Styles, resolve_run
from .numbering import Numbering

_MAX_DOTS: Final = 60_000_000
_SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_NUMBERING: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"
_FOOTNOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_ENDNOTES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/endnotes"
_POINTS_TO: Final = re.compile(r'(?:PAGEREF|REF|HYPERLINK\s+\\l)\s+"?([^"\s\\]+)')


class Job:
    """One Word document on its way to typst. ``place`` names the part being read, for notices."""

    def __init__(self, stream: Any, drawings: Mapping[str, str], lang: Lang = DEFAULT_LANG) -> None:
        self.document = Document(stream)
        self.part = self.document.part
        self.lang: Lang = lang
        self.log = NoticeLog()
        self.files: dict[str, bytes] = {}
        self.characters: set[str] = set()
        self.styles = Styles(self.document.styles.element)
        numbering = related(self.part, _NUMBERING)
        self.numbering = Numbering(numbering, self.log)
        self.footnotes = self._notes(_FOOTNOTES, "w:footnote")
        self.endnotes = self._notes(_ENDNOTES, "w:endnote")
        self.page_format = "1"
        self.grid_pitch = 0.0
        self._drawings = drawings
        self._pictures: dict[str, str | None] = {}
        self._labels = self._find_labels()
        self._placed: set[str] = set()
        self._unknown_fonts: set[str] = set()
        self.default_look = resolve_run({**self.styles.run_defaults, **self.styles.paragraph(None)[1]})

    def look(self, *layers: Raw) -> RunLook:
        """Resolve run properties, later layers over earlier ones, over the document defaults."""
        merged: Raw = dict(self.styles.run_defaults)
        for layer in layers:
            merged |= layer
        return resolve_run(merged)

    def family(self, requested: str) -> str:
        """Return the family to print for a Word font, noting once per font when another stands in."""
        family = fonts.resolve(requested) if requested else fonts.FAMILY
        if requested and family == fonts.FAMILY != requested and requested not in self._unknown_fonts:
            self._unknown_fonts.add(requested)
            self.log.add("pdf.font", font=requested, used=family)
        return family

    def text(self, words: str) -> str:
        """Return ``words`` as a typst literal and remember its characters for the coverage check."""
        self.characters.update(words)
        return typeset.literal(words)

    def target(self, bookmark: str | None) -> str | None:
        """Return the typst label of a bookmark that exists, else ``None``."""
        return self._labels.get(bookmark or "")

    def anchor(self, bookmark: str | None) -> str:
        """Return markup that marks a bookmark's place; empty for one nobody points to, or a repeated name."""
        label = self._labels.get(bookmark or "")
        if label is None or label in self._placed:
            return ""
        self._placed.add(label)
        return f"#metadata(none)#label({typeset.literal(label)})"

    def picture(self, part: Any, relation: str | None, place: str) -> str | None:
        """Return the file name of a picture that typst can show, or ``None`` after noting why not."""
        target = part.rels.get(relation) if relation else None
        if target is None or target.is_external:
            self.log.add("pdf.picture", name=relation or "?", reason="no such part")
            return None
        blob, name = target.target_part.blob, str(target.target_part.partname).rsplit("/", 1)[-1]
        digest = hashlib.sha256(blob).hexdigest()
        if digest not in self._pictures:
            self._pictures[digest] = self._admit(digest, blob, name)
        return self._pictures[digest]

    def _admit(self, digest: str, blob: bytes, name: str) -> str | None:
        if digest in self._drawings:
            file = f"{digest[:24]}.svg"
            self.files[file] = self._drawings[digest].encode("utf-8")
            return file
        try:
            image = Image.from_blob(blob)
        except (
            UnrecognizedImageError,
            InvalidImageStreamError,
            UnexpectedEndOfFileError,
            ValueError,
            KeyError,
        ) as error:
            self.log.add("pdf.picture", name=name, reason=f"unreadable ({type(error).__name__})")
            return None
        suffix = _SUFFIXES.get(image.content_type)
        if suffix is None:
            self.log.add("pdf.picture", name=name, reason=image.content_type)
            return None
        if image.px_width * image.px_height > _MAX_DOTS:
            self.log.add("pdf.picture", name=name, reason=f"{image.px_width}×{image.px_height}")
            return None
        file = f"{digest[:24]}.{suffix}"
        try:
            typeset.to_pages(
                f'#set page(width: 20pt, height: 20pt)\n#image("{file}")', {file: blob}, kind="png", ppi=20
            )
        except TypesettingError as error:
            self.log.add("pdf.picture", name=name, reason=error.params["reason"])
            return None
        self.files[file] = blob
        return file

    def _find_labels(self) -> dict[str, str]:
        root = self.document.element
        wanted = {node.get(qn("w:anchor")) for node in root.iter(qn("w:hyperlink"))} - {None}
        for node in root.iter(qn("w:instrText"), qn("w:fldSimple")):
            wanted |= set(_POINTS_TO.findall(node.get(qn("w:instr")) or node.text or ""))
        found = [node.get(qn("w:name")) for node in root.iter(qn("w:bookmarkStart"))]
        return {name: f"bm-{i}" for i, name in enumerate(dict.fromkeys(found)) if name in wanted}

    def _notes(self, relation: str, tag: str) -> dict[str, Any]:
        root = related(self.part, relation)
        if root is None:
            return {}
        return {node.get(qn("w:id")): node for node in root.iter(qn(tag)) if node.get(qn("w:type")) in (None, "normal")}


def related(part: Any, kind: str) -> Any:
    """Return the root element of the part related by ``kind``, or ``None``."""
    from docx.oxml import parse_xml

    for relation in part.rels.values():
        if relation.reltype == kind and not relation.is_external:
            target = relation.target_part
            return target.element if hasattr(target, "element") else parse_xml(target.blob)
    return None
