"""Ids as they come from outside."""

from __future__ import annotations

MAX_ID = 2**63 - 1
"""The largest the database can hold; a larger one in a query is an error of the database, not an empty answer."""


def is_id(number: int) -> bool:
    """Whether a row could have this id."""
    return 0 < number <= MAX_ID


def read_id(text: str) -> int | None:
    """The id that an address or a form gives as text; None for what cannot be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if is_id(number) else None
