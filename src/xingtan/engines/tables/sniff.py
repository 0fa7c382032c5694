"""What a file is by its content; its name is never asked."""

from __future__ import annotations

import re
from typing import Final, Literal

from xingtan.engines.tables.compound import MAGIC
from xingtan.engines.tables.types import TableError

_KNOWN: Final = (
    (b"PK\x05\x06", "an empty archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM", "a picture"),
    (b"{\\rtf", "an RTF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_BARE_BIFF: Final = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
_HTML: Final = re.compile(
    rb"\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.I | re.S
)
_XML: Final = re.compile(rb"\s*<\?xml\b", re.I)


def sniff(data: bytes) -> Literal["zip", "xls", "text"]:
    """``zip`` (perhaps xlsx), ``xls`` or ``text`` (perhaps CSV); raises ``TableError`` naming what else it is."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise TableError("file_empty")
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(MAGIC):
        return "xls"
    if _BARE_BIFF.match(data):
        raise TableError("format_unknown", found="a workbook from before Excel 97")
    for magic, name in _KNOWN:
        # Two-letter magic numbers also begin honest text ("BMI,…"), which has no control bytes.
        if data.startswith(magic) and (len(magic) > 2 or re.search(rb"[\x00-\x08]", data[:64])):
            raise TableError("format_unknown", found=name)
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(head):
        raise TableError("format_html")
    if _XML.match(head):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
            raise TableError("format_xml_sheet")
        raise TableError("format_html" if re.search(rb"<html\b", head, re.I) else "format_unknown", found="an XML file")
    return "text"
