"""Organisation paths: fixed-width ASCII text that sorts as the tree does.

Each level adds one segment of four base-36 digits, so the subtree of ``p`` is the half-open range
``[p, successor(p))`` under byte order (collation C). A range uses the index; a prefix LIKE does not.
"""

from __future__ import annotations

SEGMENT_WIDTH = 4
MAX_DEPTH = 12
MAX_LENGTH = SEGMENT_WIDTH * MAX_DEPTH
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_CHILDREN = len(DIGITS) ** SEGMENT_WIDTH


def segment(ordinal: int) -> str:
    """The four digits of a child number, 0 to 1,679,615."""
    if not 0 <= ordinal < MAX_CHILDREN:
        raise ValueError(f"child number {ordinal} is outside 0..{MAX_CHILDREN - 1}")
    digits = []
    for _ in range(SEGMENT_WIDTH):
        ordinal, digit = divmod(ordinal, len(DIGITS))
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))


def ordinal(path: str) -> int:
    """The child number in the last segment of a path."""
    return int(path[-SEGMENT_WIDTH:], len(DIGITS))


def child(parent: str, number: int) -> str:
    """The path of a parent's child; the parent of the topmost organisation is the empty path."""
    if len(parent) + SEGMENT_WIDTH > MAX_LENGTH:
        raise ValueError(f"organisations nest at most {MAX_DEPTH} levels deep")
    return parent + segment(number)


def bounds(path: str) -> tuple[str, str]:
    """The half-open range that holds a path and all below it."""
    if not path:
        return "", "~"
    return path, path[:-1] + chr(ord(path[-1]) + 1)


def is_within(path: str, root: str) -> bool:
    """Whether a path lies in the subtree of a root, the root included."""
    return path.startswith(root)


def ancestors(path: str) -> tuple[str, ...]:
    """The path and every path above it, topmost first."""
    return tuple(path[:end] for end in range(SEGMENT_WIDTH, len(path) + 1, SEGMENT_WIDTH))


def minimal_roots(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths without those that lie below another, in order."""
    roots: list[str] = []
    for path in sorted(set(paths)):
        if not roots or not is_within(path, roots[-1]):
            roots.append(path)
    return tuple(roots)
