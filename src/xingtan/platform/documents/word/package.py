"""Is this Word file safe to open, fill and hand on? The check that every uploaded template and every result passes.

Refused: macros, OLE and ActiveX objects, imported chunks, remote pictures and any other outside content, field codes
that read files or start programs, DTDs, zip bombs. Removed and reported: the path of an attached template (Word
writes it as a matter of course) and hyperlinks other than http, https and mailto.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

from lxml import etree

from ..types import Limits, Notice, UnsafeTemplateError

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_VML: Final = "urn:schemas-microsoft-com:vml"
_MAIN_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LINK: Final = re.compile(r"(?:https?://|mailto:)[^\s\"]+\Z", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.IGNORECASE)
_NOWHERE: Final = "about:blank"
_FIELD: Final = re.compile(r"\s*([A-Za-z=]+)")
_HYPERLINK: Final = re.compile(
    r'\s*HYPERLINK\s+(?:\\l\s+"?[^"\\]+"?|"(?P<url>[^"]*)")(?:\s+\\[lhotmn]\s*(?:"[^"]*")?)*\s*\Z', re.I
)

_FIELDS: Final = frozenset(
    {
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "SECTION",
        "TOC",
        "TC",
        "PAGEREF",
        "REF",
        "NOTEREF",
        "HYPERLINK",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "SEQ",
        "STYLEREF",
        "TITLE",
        "SUBJECT",
        "AUTHOR",
        "KEYWORDS",
        "COMMENTS",
        "DOCPROPERTY",
        "FILENAME",
        "NUMWORDS",
        "NUMCHARS",
        "SYMBOL",
        "QUOTE",
        "INDEX",
        "XE",
        "EQ",
        "ADVANCE",
        "LISTNUM",
        "AUTONUM",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "MERGEFIELD",
        "=",
        "IF",
    }
)
_MACRO_NAMES: Final = re.compile(r"vbaProject|vbaData|customUI|attachedToolbars|keyMapCustomizations|mcds", re.I)
_OBJECT_NAMES: Final = re.compile(r"(?:^|/)(?:embeddings|activeX|oleObject[^/]*|ctrlProps)(?:/|\.|$)", re.I)
_OBJECT_TAGS: Final = frozenset({"OLEObject", "control", "object", "OLELink"})
_IMPORT_TAGS: Final = frozenset({"altChunk", "subDoc", "frameset"})


def check_package(data: bytes, limits: Limits | None = None) -> tuple[bytes, tuple[Notice, ...]]:
    """Return the package, cleaned if need be, and what was removed from it.

    Raises:
        UnsafeTemplateError: it is not a Word document, exceeds a limit, or holds something refused.
    """
    parts = _unpack(data, limits or Limits())
    types = parts.get("[Content_Types].xml")
    if types is None or "word/document.xml" not in {name.lower() for name in parts}:
        raise UnsafeTemplateError("package.not_word", reason="word/document.xml or [Content_Types].xml is absent")
    _check_types(_parse("[Content_Types].xml", types))
    notices: list[Notice] = []
    changed: dict[str, bytes] = {}
    for name, content in parts.items():
        if _MACRO_NAMES.search(name):
            raise UnsafeTemplateError("package.macro", part=name)
        if _OBJECT_NAMES.search(name):
            raise UnsafeTemplateError("package.embedded", part=name)
        if not name.endswith((".xml", ".rels")):
            continue
        root = _parse(name, content)
        found = _check_relationships(root) if name.endswith(".rels") else _check_part(name, root)
        if found:
            notices += found
            changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return (_repack(data, changed) if changed else data), tuple(notices)


def _unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    if len(data) > limits.package_bytes:
        raise UnsafeTemplateError("package.too_large", what="file", size=len(data), limit=limits.package_bytes)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise UnsafeTemplateError("package.not_word", reason=error) from error


def _read_parts(archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > limits.parts:
        raise UnsafeTemplateError("package.too_large", what="number of parts", size=len(entries), limit=limits.parts)
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise UnsafeTemplateError("package.too_large", what="unpacked size", size=total, limit=limits.unpacked_bytes)
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or name.lower() in seen or "\0" in name:
            raise UnsafeTemplateError("package.bad_name", part=name)
        if entry.flag_bits & 0x1:
            raise UnsafeTemplateError("package.not_word", reason="it is encrypted")
        seen.add(name.lower())
        if entry.is_dir():
            continue
        ratio = entry.file_size // max(entry.compress_size, 1)
        if ratio > limits.compression_ratio and entry.file_size > 1_000_000:
            raise UnsafeTemplateError("package.bomb", part=name, ratio=ratio)
        if name.endswith((".xml", ".rels")) and entry.file_size > limits.part_xml_bytes:
            size, limit = entry.file_size, limits.part_xml_bytes
            raise UnsafeTemplateError("package.too_large", what=name, size=size, limit=limit)
        parts[name] = archive.read(entry)
    return parts


def _parse(name: str, content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnsafeTemplateError("package.bad_xml", part=name, reason=error.msg) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeTemplateError("package.dtd", part=name)
    return root


def _check_types(root: Any) -> None:
    declared = {(node.get("PartName") or node.get("Extension") or "", node.get("ContentType") or "") for node in root}
    for part, kind in declared:
        if "macroenabled" in kind.lower() or "vbaproject" in kind.lower():
            raise UnsafeTemplateError("package.macro", part=part)
        if part.startswith("/") and ("oleobject" in kind.lower() or "activex" in kind.lower()):
            raise UnsafeTemplateError("package.embedded", part=part)
    if _MAIN_TYPE not in {kind for _, kind in declared}:
        raise UnsafeTemplateError("package.not_word", reason="it is not a .docx document")


def _check_relationships(root: Any) -> list[Notice]:
    notices = []
    for relation in list(root.iterfind(f"{{{_RELATIONSHIPS}}}Relationship")):
        kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
        target = relation.get("Target") or ""
        if kind.lower() in {"vbaproject", "extensibility", "attachedtoolbars", "keymapcustomizations"}:
            raise UnsafeTemplateError("package.macro", part=target)
        if kind.lower() in {"oleobject", "control", "activexcontrolbinary", "package"}:
            raise UnsafeTemplateError("package.embedded", part=target)
        if kind.lower() in {"afchunk", "subdocument", "frame"}:
            raise UnsafeTemplateError("package.import", part=target)
        if relation.get("TargetMode") != "External":
            continue
        if kind == "hyperlink":
            if target != _NOWHERE and not _LINK.match(target):
                relation.set("Target", _NOWHERE)
                notices.append(Notice("package.link_removed", {"target": target}))
        elif kind == "attachedTemplate":
            root.remove(relation)
            notices.append(Notice("package.attached_template", {"target": target}))
        else:
            raise UnsafeTemplateError("package.external", kind=kind, target=target)
    return notices


def _check_part(name: str, root: Any) -> list[Notice]:
    notices: list[Notice] = []
    codes: list[str] = []
    for node in root.iter(etree.Element):
        tag = etree.QName(node)
        if (
            tag.localname in _OBJECT_TAGS
            and tag.namespace != "http://schemas.openxmlformats.org/markup-compatibility/2006"
        ):
            raise UnsafeTemplateError("package.embedded", part=f"{name}: {tag.localname}")
        if tag.namespace == _VML and _OUTSIDE.match(node.get("src") or node.get("href") or ""):
            raise UnsafeTemplateError(
                "package.external", kind=tag.localname, target=node.get("src") or node.get("href")
            )
        if tag.namespace != W:
            continue
        if tag.localname in _IMPORT_TAGS:
            raise UnsafeTemplateError("package.import", part=f"{name}: {tag.localname}")
        if tag.localname == "fldSimple":
            _check_field(node.get(f"{{{W}}}instr") or "")
        elif tag.localname == "fldChar":
            _follow_field(node.get(f"{{{W}}}fldCharType"), codes)
        elif tag.localname == "instrText":
            if not codes:
                raise UnsafeTemplateError("package.field_code", field=node.text)
            codes[-1] += node.text or ""
    for attached in root.findall(f".//{{{W}}}attachedTemplate"):
        attached.getparent().remove(attached)
        notices.append(Notice("package.attached_template", {"target": name}))
    return notices


def _follow_field(kind: str | None, codes: list[str]) -> None:
    """Complex fields nest: ``codes`` is the stack of instructions read so far, a closed one is ``PAGE`` (harmless)."""
    if kind == "begin":
        codes.append("")
    elif not codes:
        raise UnsafeTemplateError("package.field_code", field=f"fldChar {kind}")
    elif kind == "separate":
        _check_field(codes[-1])
        codes[-1] = "QUOTE"
    else:
        _check_field(codes.pop())


def _check_field(instruction: str) -> None:
    found = _FIELD.match(instruction)
    name = found[1].upper() if found else ""
    if name not in _FIELDS:
        raise UnsafeTemplateError("package.field_code", field=instruction.strip()[:60] or "(empty)")
    if name == "HYPERLINK":
        link = _HYPERLINK.match(instruction)
        if link is None or (link["url"] and not _LINK.match(link["url"])):
            raise UnsafeTemplateError("package.field_code", field=instruction.strip()[:60])


def _repack(data: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry.filename, changed.get(entry.filename) or source.read(entry))
    return out.getvalue()
