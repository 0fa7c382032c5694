"""What the expression engine says, in the language of the reader.

The engine gives keys with parameters and an English text; the same texts stand here marked for translation. A test
compares the two, so a text changed there cannot be forgotten here.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from xingtan.engines.indicators import ExpressionError

MESSAGES: Final[dict[str, Promise]] = {
    "empty": gettext_lazy("The expression is empty."),
    "too_long": gettext_lazy("The expression has {length} characters; the limit is {limit}."),
    "too_deep": gettext_lazy("Brackets, functions and signs are nested more than {limit} deep."),
    "too_many_parts": gettext_lazy("The expression has more than {limit} parts."),
    "unexpected_character": gettext_lazy("The character {character} has no meaning here."),
    "unclosed_string": gettext_lazy("The text that begins here has no closing quotation mark."),
    "malformed_number": gettext_lazy("{text} is not a number."),
    "number_too_large": gettext_lazy("{text} is too large; the limit is {limit}."),
    "name_too_long": gettext_lazy("The name {text} is longer than {limit} characters."),
    "name_not_ascii": gettext_lazy("{text} is not a name. Elements are called by their code, such as pupils_primary."),
    "unexpected_token": gettext_lazy("{found} was not expected here; {expected} should stand here."),
    "unexpected_end": gettext_lazy("The expression ends too early; {expected} should follow."),
    "unclosed_bracket": gettext_lazy("This bracket is never closed."),
    "unknown_name": gettext_lazy("No element or attribute is called {name}."),
    "unknown_function": gettext_lazy("No function is called {name}."),
    "unknown_value": gettext_lazy("{value} is not a value of {attribute}."),
    "argument_count": gettext_lazy("{function} takes {expected} arguments, not {found}."),
    "type_mismatch": gettext_lazy("{where} needs {expected}, but this is {found}."),
    "types_differ": gettext_lazy("{where} needs values of one kind, but found {first} and {second}."),
    "text_order": gettext_lazy("Texts can be tested for = and !=, not for order."),
    "chain_not_equal": gettext_lazy("A chain of comparisons cannot hold !=; write the comparisons with and."),
    "constant_needed": gettext_lazy("{where} must be a plain number between {low} and {high}."),
    "stage_needed": gettext_lazy("{where} must be 'primary', 'junior' or 'senior'."),
    "comparison_needed": gettext_lazy("Every item of {function} must be one comparison with >= or <=."),
    "result_type": gettext_lazy("The expression must give {expected}, but it gives {found}."),
}
PHRASES: Final[dict[str, Promise]] = {
    "an operator or the end": gettext_lazy("an operator or the end"),
    "an operator, a comma or )": gettext_lazy("an operator, a comma or )"),
    "( and a list of values": gettext_lazy("( and a list of values"),
    "a number or a text in quotation marks": gettext_lazy("a number or a text in quotation marks"),
    "a number, a name or (": gettext_lazy("a number, a name or ("),
    "number": gettext_lazy("a number"),
    "boolean": gettext_lazy("a condition (yes or no)"),
    "text": gettext_lazy("a text"),
    "null": gettext_lazy("no value"),
    "A comparison": gettext_lazy("A comparison"),
}
"""Parameters that are words."""
WHERE: Final[tuple[tuple[str, Promise], ...]] = (
    (r"The operator (.+)", gettext_lazy("The operator {part}")),
    (r"The sign (.+)", gettext_lazy("The sign {part}")),
    (r"The comparison (.+)", gettext_lazy("The comparison {part}")),
    (r"The condition of (.+)", gettext_lazy("The condition of {part}")),
    (r"The first argument of (.+)", gettext_lazy("The first argument of {part}")),
    (r"The second argument of (.+)", gettext_lazy("The second argument of {part}")),
    (r"The floor of (.+)", gettext_lazy("The floor of {part}")),
    (r"at least (\d+)", gettext_lazy("at least {part}")),
)
"""Parameters that are words around a piece of the language."""


def expression_message(error: ExpressionError) -> str:
    """The sentence of an error, with the suggestions."""
    params = {name: _phrase(str(value)) for name, value in error.params.items()}
    sentence = str(MESSAGES[error.key]).format(**params)
    if error.suggestions:
        listed = pgettext("between alternatives", " or ").join(error.suggestions)
        sentence += " " + _("Did you mean %(suggestions)s?") % {"suggestions": listed}
    return sentence


def _phrase(text: str) -> str:
    if text in PHRASES:
        return str(PHRASES[text])
    for pattern, words in WHERE:
        if found := re.fullmatch(pattern, text):
            return str(words).format(part=found[1])
    return re.sub(r"^(\d+) to (\d+)$", r"\1–\2", text)
