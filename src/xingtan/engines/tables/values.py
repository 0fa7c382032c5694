"""What people type into cells: tidy text, codes, numbers written as text, and text that looks like a formula."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from xingtan.engines.tables.types import CellKind, Column

EXACT_INTEGER: Final = 10**15
"""Excel keeps 15 significant digits: a code stored as a larger number has been rounded."""

_INVISIBLE: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad")),
    # A workbook may hold NUL and halves of characters (written _x0000_, _xD800_), which no database takes.
    **dict.fromkeys((*range(9), *range(14, 28), 127, *range(0xD800, 0xE000)), "\ufffd"),
}
_MINUS: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-"})
_NUMBER: Final = {
    ".": re.compile(r"[+-]?(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"),
    ",": re.compile(r"[+-]?(?:[0-9]{1,3}(?:[. ][0-9]{3})+|[0-9]+)?(?:,[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?"),
}
_NUMBER_CHARS: Final = 64
_FORMULA_START: Final = frozenset("=+-@\t\r\n")


def tidy(text: str) -> str:
    """Names and remarks: invisible characters out, runs of any white space (NBSP, U+3000) to one space, stripped.

    Control characters and unpaired surrogates become U+FFFD.
    Width and compatibility forms stay: 《（一）》 in a school's name is meant.
    """
    return " ".join(text.translate(_INVISIBLE).split())


def folded(text: str) -> str:
    """For comparing codes, headers and list values: tidy, NFKC (１２３ → 123), case-folded."""
    return tidy(unicodedata.normalize("NFKC", text)).casefold()


def code_of(text: str) -> str:
    """An organisation code as written: NFKC, tidy, without the apostrophe that forces text in Excel."""
    return tidy(unicodedata.normalize("NFKC", text)).removeprefix("'")


def number_text(number: float) -> str:
    """A number as a person would write it: 17010535.0 → ``17010535``."""
    if number.is_integer() and abs(number) < 1e18:
        return str(int(number))
    return repr(number)


def parse_number(text: str, decimal: str = ".", suffixes: tuple[str, ...] = ()) -> float | None:
    """The number a text means, or ``None``.

    Understands full-width digits, NBSP, a leading apostrophe, grouped thousands (by the sign that is not
    ``decimal``, or by spaces), ``12%`` as 0.12 (as Excel stores it), and one of ``suffixes`` at the end.
    Anything half understood (``1,23`` with decimal point, ``1.2.3``, ``NaN``) is ``None``, never a guess.
    """
    if len(text) > _NUMBER_CHARS:
        return None
    plain = code_of(text).translate(_MINUS)
    for suffix in suffixes:
        wanted = code_of(suffix)
        if wanted and plain.casefold().endswith(wanted.casefold()):
            plain = plain[: -len(wanted)].rstrip()
            break
    scale = 1.0
    if plain.endswith("%"):
        plain, scale = plain[:-1].rstrip(), 100.0
    if not _NUMBER[decimal].fullmatch(plain) or not any("0" <= c <= "9" for c in plain.split("e")[0].split("E")[0]):
        return None
    other = "," if decimal == "." else "."
    value = float(plain.replace(other, "").replace(" ", "").replace(decimal, ".")) / scale
    return value if math.isfinite(value) else None


def formula_like(text: str) -> bool:
    """Whether a spreadsheet might run the text as a formula: starts with = + - @, tab or line break, also full-width.

    A plain number such as ``-5`` or a lone ``-`` (a common mark for blank) is harmless.
    """
    if not text:
        return False
    start = unicodedata.normalize("NFKC", text[0])
    if start not in _FORMULA_START and unicodedata.normalize("NFKC", text.lstrip()[:1]) not in _FORMULA_START:
        return False
    return len(text.strip()) > 1 and set(text.strip()) - set("-—–") != set() and parse_number(text) is None


def escape_formula(text: str) -> str:
    """Text that is safe to write into CSV or xlsx: formula-like text gets a leading apostrophe."""
    return "'" + text if formula_like(text) else text


def shorten(text: str, width: int = 80) -> str:
    """At most ``width`` characters, control characters replaced, for messages."""
    shown = "".join(c if c.isprintable() else "�" for c in text[: width + 1])
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def shown(column: Column, row: int) -> str | None:
    """The cell as the user sees it, shortened; ``None`` when empty."""
    value = column.value(row)
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return number_text(value) if isinstance(value, float) else shorten(value)


def texts(column: Column, *, as_code: bool = False) -> list[str]:
    """The n cells as text ('' when empty); ``as_code`` also folds width (``code_of``)."""
    clean = code_of if as_code else tidy
    strings = [clean(text) for text in column.strings]
    numbers: dict[float, str] = {}
    result: list[str] = []
    for kind, number, code in zip(column.kinds.tolist(), column.numbers.tolist(), column.codes.tolist(), strict=True):
        if kind == CellKind.EMPTY:
            result.append("")
        elif code >= 0:
            result.append(strings[code])
        elif kind == CellKind.BOOL:
            result.append("TRUE" if number else "FALSE")
        else:
            text = numbers.get(number)
            if text is None:
                text = numbers[number] = number_text(number)
            result.append(text)
    return result
