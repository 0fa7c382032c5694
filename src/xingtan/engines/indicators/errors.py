"""What can go wrong, as a key with parameters (for translation), an English sentence and a place."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

MESSAGES: dict[str, str] = {
    "empty": "The expression is empty.",
    "too_long": "The expression has {length} characters; the limit is {limit}.",
    "too_deep": "Brackets, functions and signs are nested more than {limit} deep.",
    "too_many_parts": "The expression has more than {limit} parts.",
    "unexpected_character": "The character {character} has no meaning here.",
    "unclosed_string": "The text that begins here has no closing quotation mark.",
    "malformed_number": "{text} is not a number.",
    "number_too_large": "{text} is too large; the limit is {limit}.",
    "name_too_long": "The name {text} is longer than {limit} characters.",
    "name_not_ascii": "{text} is not a name. Elements are called by their code, such as pupils_primary.",
    "unexpected_token": "{found} was not expected here; {expected} should stand here.",
    "unexpected_end": "The expression ends too early; {expected} should follow.",
    "unclosed_bracket": "This bracket is never closed.",
    "unknown_name": "No element or attribute is called {name}.",
    "unknown_function": "No function is called {name}.",
    "unknown_value": "{value} is not a value of {attribute}.",
    "argument_count": "{function} takes {expected} arguments, not {found}.",
    "type_mismatch": "{where} needs {expected}, but this is {found}.",
    "types_differ": "{where} needs values of one kind, but found {first} and {second}.",
    "text_order": "Texts can be tested for = and !=, not for order.",
    "chain_not_equal": "A chain of comparisons cannot hold !=; write the comparisons with and.",
    "constant_needed": "{where} must be a plain number between {low} and {high}.",
    "stage_needed": "{where} must be 'primary', 'junior' or 'senior'.",
    "comparison_needed": "Every item of {function} must be one comparison with >= or <=.",
    "result_type": "The expression must give {expected}, but it gives {found}.",
}


def message(key: str, params: Mapping[str, object]) -> str:
    """The English sentence of a key; unknown keys are a programming error (KeyError)."""
    return MESSAGES[key].format(**params)


class IndicatorError(ValueError):
    """Base of every error of this engine."""


class TableError(IndicatorError):
    """The columns do not fit together, or a column a definition cannot do without is absent."""


class DefinitionError(IndicatorError):
    """A definition, or a set of them, contradicts itself. `code` is the indicator's, `field` what is wrong."""

    def __init__(self, code: str, field: str, text: str) -> None:
        self.code = code
        self.field = field
        self.text = text
        super().__init__(f"{code} {field}: {text}" if field else f"{code}: {text}")


class ExpressionError(IndicatorError):
    """An expression cannot be used. `key` and `params` translate; `start` and `end` are character offsets."""

    def __init__(
        self, key: str, source: str, start: int, end: int, *, suggestions: tuple[str, ...] = (), **params: object
    ) -> None:
        self.key = key
        self.params: dict[str, object] = params
        self.source = source
        self.start = start
        self.end = max(end, start + 1)
        self.suggestions = suggestions
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The English sentence, with the suggestion if there is one."""
        sentence = message(self.key, self.params)
        if self.suggestions:
            sentence += f" Did you mean {' or '.join(self.suggestions)}?"
        return sentence

    def pointer(self, width: int = 80) -> str:
        """Two lines: the part of the source around the place (at most `width` characters), and carets under it."""
        begin = self.source.rfind("\n", 0, self.start) + 1
        stop = self.source.find("\n", self.start)
        stop = len(self.source) if stop < 0 else stop
        left = max(begin, min(self.start - width // 2, stop - width))
        right = min(stop, left + width)
        carets = max(1, min(self.end, right) - self.start)
        blank = "".join("　" if _is_wide(c) else " " for c in self.source[left : self.start])
        marks = "".join("＾" if _is_wide(c) else "^" for c in self.source[self.start : self.start + carets])
        return f"{self.source[left:right]}\n{blank}{marks or '^'}"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
