"""What the engine says of a definition as a whole, in the language of the reader."""

from __future__ import annotations

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xingtan.engines.indicators import DefinitionError

TEXTS: Final[tuple[tuple[str, Promise], ...]] = (
    (r"must be capital letters and two digits.*", _("must be capital letters and two digits, such as INF01 or GOV03A")),
    (r"must be given in zh or en", _("must be given in Chinese or English")),
    (r"must be A, B or C.*", _("must be A, B or C")),
    (r"lies before valid_from", _("lies before the first day")),
    (r"valid_to lies before valid_from", _("the last day lies before the first")),
    (r"must be 0 to 12", _("must be 0 to 12")),
    (r"must be 0 to 1", _("must be 0 to 1")),
    (
        r"a row without a kind must say what data it needs",
        _("a row that cannot be computed must say what data it needs"),
    ),
    (r"a row with expressions must have a kind", _("a row with expressions must have a kind")),
    (r"a row that is computed needs nothing.*", _("a row that is computed needs nothing: remove this text")),
    (r"kind (\w+) needs it", _("this kind of computation needs it")),
    (
        r"kind weighted_cv needs numerator.*",
        _("needs numerator and denominator, or the one ratio indicator it is about"),
    ),
    (r"kind weighted_cv is about one indicator", _("is about one indicator only")),
    (r"kind share needs `passes`.*", _("needs a condition, or a value with thresholds for schools")),
    (r"kind share without `passes`.*", _("needs a threshold for schools")),
    (r"must be 1 to (\d+), and floor 0 to 1", _("must be 1 to {0}, and the floor 0 to 1")),
    (
        r"must be above 0, and stand only with .+",
        _("must be above 0, and stands only with ratios, coefficients of variation and shares"),
    ),
    (r"either all are strict or none", _("either all thresholds include equality or none does")),
    (r"an indicator cannot rest on itself", _("an indicator cannot rest on itself")),
    (
        r"a condition can only be asked of a unit.*",
        _("a condition can only be asked of a school: set the level to school"),
    ),
    (r"two thresholds are in force at once.*", _("two thresholds for the same schools are in force at once")),
    (
        r"(\S+) is not among the definitions in force",
        _("{0} is not among the indicators that can be computed on that day"),
    ),
    (r"(\S+) must be of kind (.+)", _("{0} is of a kind that cannot be used here")),
    (r"rests on itself by way of (.+)", _("rests on itself by way of {0}")),
    (r"is not in force on (\S+)", _("is not in force on {0}")),
)
FIELDS: Final[dict[str, str]] = {"name": "name_zh", "needs": "needs_zh"}
"""Fields of the engine that the form writes in two."""


def definition_message(error: DefinitionError) -> str:
    """The sentence of an error; what is not listed here stays as the engine says it."""
    for pattern, text in TEXTS:
        if found := re.fullmatch(pattern, error.text):
            return str(text).format(*found.groups())
    return error.text
