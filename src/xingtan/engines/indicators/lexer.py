"""From characters to tokens. Chinese punctuation and full-width letters stand for their ASCII equivalents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xingtan.engines.indicators.errors import ExpressionError

MAX_LENGTH = 4000
MAX_TOKENS = 1000
MAX_NAME = 60
MAX_NUMBER = 1e15

_SINGLE = {
    "×": "*", "÷": "/", "−": "-", "–": "-", "、": ",", "，": ",", "≥": ">=", "≤": "<=", "≠": "!=",
    "⩾": ">=", "⩽": "<=", "≧": ">=", "≦": "<=", "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
_QUOTES = {"'": "'", '"': '"', "‘": "’", "“": "”", "＇": "＇", "＂": "＂"}
_SYMBOL = re.compile(r"<=|>=|!=|<>|==|[-+*/(),<>=%]")
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPELLINGS = {"==": "=", "<>": "!="}


@dataclass(frozen=True)
class Token:
    """`kind` is number, text, name, symbol or end; `text` is already in ASCII (except inside texts)."""

    kind: str
    text: str
    start: int
    end: int


def _ascii(character: str) -> str:
    """The ASCII equivalent of one character, keeping its width of one position."""
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    return character


def tokenize(source: str) -> list[Token]:
    """All tokens and a final one of kind "end". Errors: ExpressionError."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError("too_long", source, MAX_LENGTH, len(source), length=len(source), limit=MAX_LENGTH)
    plain = "".join(map(_ascii, source))
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        if plain[at].isspace() or _SINGLE.get(source[at]) == " ":
            at += 1
            continue
        token = _next(source, plain, at)
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise ExpressionError("too_many_parts", source, at, token.end, limit=MAX_TOKENS)
        at = token.end
    tokens.append(Token("end", "", len(source), len(source)))
    return tokens


def _next(source: str, plain: str, at: int) -> Token:
    character = source[at]
    if character in _QUOTES:
        close = source.find(_QUOTES[character], at + 1)
        if close < 0:
            raise ExpressionError("unclosed_string", source, at, len(source))
        return Token("text", source[at + 1 : close], at, close + 1)
    if character in _SINGLE:
        return Token("symbol", _SINGLE[character], at, at + 1)
    if found := _NUMBER.match(plain, at):
        return _number(source, plain, found)
    if found := _NAME.match(plain, at):
        end = found.end()
        if end < len(source) and source[end].isalpha():
            raise _not_a_name(source, at)
        if end - at > MAX_NAME:
            raise ExpressionError("name_too_long", source, at, end, text=source[at : at + 20] + "…", limit=MAX_NAME)
        return Token("name", found.group(), at, end)
    if found := _SYMBOL.match(plain, at):
        return Token("symbol", _SPELLINGS.get(found.group(), found.group()), at, found.end())
    if character.isalpha():
        raise _not_a_name(source, at)
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    raise ExpressionError("unexpected_character", source, at, at + 1, character=shown)


def _number(source: str, plain: str, found: re.Match[str]) -> Token:
    end = found.end()
    if end < len(plain) and (plain[end] in "._" or plain[end].isalnum()):
        rest = re.compile(r"[\w.]+").match(plain, end)
        end = rest.end() if rest else end + 1
        raise ExpressionError("malformed_number", source, found.start(), end, text=source[found.start() : end][:40])
    text = found.group()
    # Not only to keep figures sane: `float` needs the digits in ASCII, and \d matches every script's digits.
    if not text.isascii():
        raise ExpressionError("malformed_number", source, found.start(), end, text=text[:40])
    if float(text) > MAX_NUMBER:
        raise ExpressionError("number_too_large", source, found.start(), end, text=text[:40], limit="1e15")
    return Token("number", text, found.start(), end)


def _not_a_name(source: str, at: int) -> ExpressionError:
    end = at
    while end < len(source) and (source[end].isalnum() or source[end] == "_"):
        end += 1
    return ExpressionError("name_not_ascii", source, at, end, text=source[at:end][:40])
