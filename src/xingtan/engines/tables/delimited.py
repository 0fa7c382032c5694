"""CSV in the encodings and delimiters in use: found from the content, refused rather than guessed when in doubt."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from xingtan.engines.tables.raw import RawCell, RawSheet
from xingtan.engines.tables.types import FileFormat, Limits, Notice, TableError
from xingtan.engines.tables.values import shorten

DELIMITERS: Final = (",", ";", "\t")
_SAMPLE: Final = 1 << 16
_SAMPLE_RECORDS: Final = 60
_SAMPLE_LINES: Final = 5_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_GB_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_GB2312_PAIR: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_MIXED_SHARE: Final = 0.02
"""A short GB18030 word is now and then valid UTF-8 by chance (联通); this share of all lines is no chance."""


def read_delimited(data: bytes, limits: Limits, encoding: str | None, delimiter: str | None) -> RawSheet:
    """Rows of a CSV file.

    Raises ``TableError``: encoding_*, nul_byte, control_bytes now; csv_quotes, cell_text_limit and the limits on
    rows and columns while the rows are read.
    """
    known, bom = _encoding(data, encoding)
    notices: list[Notice] = []
    if encoding is None and known == "gb18030":
        notices.append(Notice("encoding_guessed", params={"encoding": known}))
    _no_binary(data, known)
    text = io.TextIOWrapper(io.BytesIO(data[bom:]), encoding=known, newline="")
    sample = _sample(data[bom:], known)
    sign = re.match(r"sep=(.)\r?\n", sample)
    skip = 0
    if sign and sign[1] in DELIMITERS:
        delimiter, skip = delimiter or sign[1], 1
        sample = sample[sign.end() :]
    chosen = delimiter or _delimiter(sample)
    rows = _rows(text, chosen, limits, skip)
    return RawSheet(FileFormat.CSV, "", (), rows, encoding=known, delimiter=chosen, notices=tuple(notices))


def _encoding(data: bytes, named: str | None) -> tuple[str, int]:
    """The encoding and the length of the byte-order mark; the whole file is proven to decode."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise TableError("encoding_unknown", byte=0, row=1)
    if named is not None:
        known = _text_codec(named)
        if known.startswith("utf-16") or known == "utf-8":
            bom = next((mark for mark, name in _BOMS if data.startswith(mark)), b"")
            known = {"utf-16": "utf-16-be" if bom == codecs.BOM_UTF16_BE else "utf-16-le"}.get(known, known)
            _prove(data, len(bom), known)
            return known, len(bom)
        _prove(data, 0, known)
        return known, 0
    for mark, name in _BOMS:
        if data.startswith(mark):
            _prove(data, len(mark), name)
            return name, len(mark)
    guess = _utf16_without_mark(data)
    if guess:
        _prove(data, 0, guess)
        return guess, 0
    _no_binary(data, "utf-8")  # both candidates left keep NUL and control bytes for themselves
    if _fault(data, 0, "utf-8") is None:
        return "utf-8", 0
    return _gb18030_or_refuse(data), 0


def _text_codec(name: str) -> str:
    try:
        "".encode(name)
        known = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise TableError("encoding_name", encoding=shorten(name, 40)) from error
    return {"utf_8": "utf-8", "utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}.get(known, known)


def _fault(data: bytes, start: int, encoding: str) -> int | None:
    """Position of the first byte that does not decode, or ``None``."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size, position = 1 << 20, start
    while True:
        piece = data[position : position + size]
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            return position - pending + error.start
        except UnicodeError:
            return position
        if not piece:
            return None
        position += size


def _prove(data: bytes, start: int, encoding: str) -> None:
    byte = _fault(data, start, encoding)
    if byte is not None:
        unit = 2 if encoding.startswith("utf-16") else 1
        row = data.count(b"\n", 0, byte) + 1 if unit == 1 else data.count(b"\n\0", 0, byte) + 1
        raise TableError("encoding_broken", byte=byte, row=row, encoding=encoding)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows as a NUL beside every delimiter and line end, all on one side."""
    head = data[:4096]
    little, big = head[1::2].count(0), head[0::2].count(0)
    if len(data) % 2 or max(little, big) < max(2, len(head) // 20):
        return None
    if not big:
        return "utf-16-le"
    return None if little else "utf-16-be"


def _gb18030_or_refuse(data: bytes) -> str:
    """The file is not UTF-8: GB18030, or a named refusal."""
    lines = valid = position = 0
    first_valid: int | None = None
    first_other: int | None = None
    sample: list[bytes] = []
    for line in data.split(b"\n"):
        if not line.isascii():
            lines += 1
            fault = _fault(line, 0, "utf-8")
            if fault is None:
                valid += 1
                first_valid = position if first_valid is None else first_valid
            elif first_other is None:
                first_other = position + fault
            if lines <= _SAMPLE_LINES:
                sample.append(line)
        position += len(line) + 1
    byte = _fault(data, 0, "gb18030")
    if first_valid is not None and first_other is not None and (byte is not None or valid > _MIXED_SHARE * lines):
        # Name the place where the encoding first changes.
        at = max(first_valid, first_other)
        raise TableError("encoding_mixed", byte=at, row=data.count(b"\n", 0, at) + 1)
    if byte is None:
        text = b"\n".join(sample)
        pairs = len(_GB_PAIR.findall(text))
        # Western text in Latin-1 also decodes as GB18030, but its bytes rarely pair into common hanzi.
        if pairs and len(_GB2312_PAIR.findall(text)) * 2 >= pairs:
            return "gb18030"
        byte = first_other or 0
    raise TableError("encoding_unknown", byte=byte, row=data.count(b"\n", 0, byte) + 1)


def _no_binary(data: bytes, encoding: str) -> None:
    if encoding.startswith("utf-16"):
        at = data.find(b"\0\0")
        while at >= 0 and at % 2:
            at = data.find(b"\0\0", at + 1)
        if at >= 0:
            raise TableError("nul_byte", byte=at, row=data.count(b"\n\0", 0, at) + 1)
        return
    at = data.find(b"\0")
    if at >= 0:
        raise TableError("nul_byte", byte=at, row=data.count(b"\n", 0, at) + 1)
    control = _CONTROL.search(data)
    if control:
        raise TableError("control_bytes", byte=control.start(), row=data.count(b"\n", 0, control.start()) + 1)


def _sample(data: bytes, encoding: str) -> str:
    piece = data[:_SAMPLE]
    text = codecs.getincrementaldecoder(encoding)().decode(piece, final=False)
    # The last line may be cut anywhere.
    return text if len(data) <= _SAMPLE else text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _delimiter(sample: str) -> str:
    """The delimiter under which most records have the same number of cells, then the one with most cells."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(record):
                    widths.append(len(record))
                if len(widths) == _SAMPLE_RECORDS:
                    break
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        modal = max(set(wide), key=lambda width: (wide.count(width), width))
        score = (wide.count(modal) / len(widths), modal)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _rows(text: io.TextIOWrapper, delimiter: str, limits: Limits, skip: int) -> Iterator[list[RawCell]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            if number > limits.rows:
                raise TableError("rows_limit", limit=limits.rows)
            if len(record) > limits.columns:
                raise TableError("columns_limit", limit=limits.columns)
            if any(len(cell) > limits.cell_chars for cell in record):
                raise TableError("cell_text_limit", row=number, limit=limits.cell_chars)
            if number > skip:
                yield list(record)
            else:
                yield []
    except csv.Error as error:
        raise TableError("csv_quotes", row=number + 1, detail=shorten(str(error))) from error
