"""Lists of codes as people type them: `88888, - = not applicable`, one after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from xingtan.domains.indicators.messages import WORDS
from xingtan.engines.tables import Reason
from xingtan.engines.tables.values import folded, number_text, parse_number

SEPARATORS = re.compile(r"[\n;；]+")
SHORT_SEPARATORS = re.compile(r"[\n,，;；、]+")
REASONS = {reason.name.lower(): reason for reason in Reason if reason is not Reason.REPORTED}


class ListError(ValueError):
    """A list of codes cannot be understood; the message names the part."""


def reason_word(reason: Reason) -> str:
    """A reason for a missing value, in the language in force."""
    return str(WORDS["reason"][reason.name.lower()])


def reason_choices() -> list[tuple[str, str]]:
    """(name, word) of every reason."""
    return [(name, reason_word(reason)) for name, reason in REASONS.items()]


def read_sentinels(text: str) -> dict[str, Reason]:
    """`88888, 无 = 不适用` → code → reason; a code alone means unknown. Raise `ListError`."""
    found = {}
    for part in SHORT_SEPARATORS.split(text):
        code, equals, word = part.partition("=")
        if code.strip():
            found[code.strip()] = _reason(word, part) if equals else Reason.UNKNOWN
    return found


def write_sentinels(sentinels: Mapping[str, Reason]) -> str:
    """The inverse of `read_sentinels`."""
    return ", ".join(
        code if reason is Reason.UNKNOWN else f"{code} = {reason_word(reason)}" for code, reason in sentinels.items()
    )


def read_codes(text: str) -> dict[str, float | Reason]:
    """Lines `是 = 1`, `9 = 未知` → text → number or reason. Raise `ListError`."""
    found: dict[str, float | Reason] = {}
    for part in SEPARATORS.split(text):
        if not part.strip():
            continue
        code, equals, meaning = part.rpartition("=")
        if not equals or not code.strip():
            raise ListError(_("“%s”: write a value, an equals sign and what it means.") % part.strip())
        number = parse_number(meaning)
        found[code.strip()] = _reason(meaning, part) if number is None else number
    return found


def write_codes(codes: Mapping[str, float | Reason]) -> str:
    """The inverse of `read_codes`."""
    return "\n".join(
        f"{code} = {reason_word(value) if isinstance(value, Reason) else number_text(float(value))}"
        for code, value in codes.items()
    )


def _reason(word: str, part: str) -> Reason:
    wanted = folded(word)
    for name, reason in REASONS.items():
        if wanted in {name, folded(name.replace("_", " ")), folded(reason_word(reason))}:
            return reason
    allowed = "、".join(reason_word(reason) for reason in REASONS.values())
    raise ListError(_("“%(part)s”: after the equals sign one of %(allowed)s is expected.") % {
        "part": part.strip(), "allowed": allowed,
    })  # fmt: skip
