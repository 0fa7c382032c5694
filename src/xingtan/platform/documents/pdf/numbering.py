"""List numbers as Word counts them, including the Chinese formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from docx.oxml.ns import qn

from .log import NoticeLog
from .looks import Raw, integer, read_paragraph, read_run

_DIGITS: Final = "〇一二三四五六七八九"
_HEAVENLY: Final = "甲乙丙丁戊己庚辛壬癸"
_ROMAN: Final = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
                 (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_BULLETS: Final = {"\uf0b7": "•", "\uf0a7": "▪", "\uf06c": "●", "\uf06e": "■", "\uf0d8": "▶", "\uf0fc": "√", "o": "○"}
_CHINESE: Final = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "ideographDigital"}
)  # fmt: skip


def chinese(number: int) -> str:
    """Return 1–9999 in Chinese numerals as used for headings: 十, 十一, 二十, 一百零五."""
    if not 0 < number < 10_000:
        return str(number)
    out, pending_zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if pending_zero else "") + _DIGITS[digit] + unit
        pending_zero = bool(out) and digit == 0
    return out[1:] if out.startswith("一十") else out


def roman(number: int) -> str:
    """Return a lower-case Roman numeral (1–3999)."""
    if not 0 < number < 4000:
        return str(number)
    out = ""
    for value, letters in _ROMAN:
        out += letters * (number // value)
        number %= value
    return out


def letters(number: int) -> str:
    """Return a … z, aa, bb … as Word does."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 20) if number > 0 else str(number)


def formatted(number: int, kind: str) -> str | None:
    """Return ``number`` in a Word number format, or ``None`` if the format is unknown."""
    if kind in _CHINESE:
        return chinese(number)
    match kind:
        case "decimal" | "numberInDash":
            return str(number)
        case "decimalZero":
            return f"{number:02d}"
        case "lowerRoman" | "upperRoman":
            return roman(number).upper() if kind == "upperRoman" else roman(number)
        case "lowerLetter" | "upperLetter":
            return letters(number).upper() if kind == "upperLetter" else letters(number)
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return chr(0x2460 + number - 1) if 1 <= number <= 20 else f"({number})"
        case "decimalFullWidth":
            return "".join(chr(ord(c) + 0xFEE0) for c in str(number))
        case "ideographTraditional":
            return _HEAVENLY[(number - 1) % 10]
        case "none":
            return ""
    return None


@dataclass(frozen=True)
class Label:
    """The label before a list item; ``gap`` is what follows: tab, space or nothing."""

    text: str
    gap: str
    run: Raw


class Numbering:
    """The lists of one document; :meth:`next` must be called in document order."""

    def __init__(self, root: Any, log: NoticeLog) -> None:
        self._log = log
        self._levels: dict[str, dict[int, Any]] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()
        if root is None:
            return
        abstract = {node.get(qn("w:abstractNumId")): node for node in root.iterfind(qn("w:abstractNum"))}
        for node in root.iterfind(qn("w:num")):
            number, link = node.get(qn("w:numId")), node.find(qn("w:abstractNumId"))
            base = link.get(qn("w:val")) if link is not None else None
            if base not in abstract:
                continue
            self._abstract[number] = str(base)
            levels = {integer(lvl.get(qn("w:ilvl"))): lvl for lvl in abstract[base].iterfind(qn("w:lvl"))}
            for override in node.iterfind(qn("w:lvlOverride")):
                self._override(number, override, levels)
            self._levels[number] = levels

    def _override(self, number: str, override: Any, levels: dict[int, Any]) -> None:
        level = integer(override.get(qn("w:ilvl")))
        start, own = override.find(qn("w:startOverride")), override.find(qn("w:lvl"))
        if start is not None:
            self._starts[(number, level)] = integer(start.get(qn("w:val")), 1)
        if own is not None:
            levels[level] = own

    def paragraph_look(self, number: str, level: int) -> Raw:
        """Return the indents that a list level gives its paragraphs."""
        node = self._levels.get(number, {}).get(level)
        return read_paragraph(node.find(qn("w:pPr"))) if node is not None else {}

    def next(self, number: str, level: int) -> Label | None:
        """Count one paragraph of list ``number`` at ``level``; return its label, ``None`` if there is no such list."""
        node = self._levels.get(number, {}).get(level)
        if node is None:
            return None
        counters = self._counters.setdefault(self._abstract[number], [None] * 9)
        if number not in self._seen:
            self._seen.add(number)
            for (owner, at), start in self._starts.items():
                if owner == number:
                    counters[at] = start - 1
        previous = counters[level]
        counters[level] = previous + 1 if previous is not None else self._start(node)
        counters[level + 1 :] = [None] * (8 - level)
        suffix = node.find(qn("w:suff"))
        gap = suffix.get(qn("w:val")) if suffix is not None else "tab"
        run = read_run(node.find(qn("w:rPr")))
        if _value(node, "numFmt") == "bullet":
            run.pop("font", None)  # Symbol and Wingdings are mapped to characters
        return Label(self._text(number, node, level, counters), gap or "tab", run)

    def _text(self, number: str, node: Any, level: int, counters: list[int | None]) -> str:
        pattern = _value(node, "lvlText")
        if _value(node, "numFmt") == "bullet":
            return _BULLETS.get(pattern, pattern if pattern and not "\ue000" <= pattern[0] <= "\uf8ff" else "•")
        for index in range(level, -1, -1):
            if f"%{index + 1}" not in pattern:
                continue
            other = self._levels[number].get(index, node)
            kind = _value(other, "numFmt") or "decimal"
            if node.find(qn("w:isLgl")) is not None:
                kind = "decimal"
            count = counters[index] if counters[index] is not None else self._start(other)
            shown = formatted(count or 0, kind)
            if shown is None:
                self._log.approximated(f"numFmt {kind}", "编号 / numbering")
                shown = str(count)
            pattern = pattern.replace(f"%{index + 1}", shown)
        return pattern

    @staticmethod
    def _start(node: Any) -> int:
        return integer(_value(node, "start") or "1", 1)


def _value(node: Any, name: str) -> str:
    child = node.find(qn(f"w:{name}"))
    return (child.get(qn("w:val")) or "") if child is not None else ""
