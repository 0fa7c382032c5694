"""The one palette of everything we print or draw.

Chosen so that it works three ways: the accent (apricot) and the secondary (blue-grey) lie on the blue–orange axis,
which all common colour-vision deficiencies keep apart; their luminance differs, so they stay apart in grey print;
and no meaning is carried by colour alone (targets are lines, misses are hatched, verdicts are words).
"""

from __future__ import annotations

from typing import Final

ACCENT: Final = "#E07A3F"
"""Apricot: the thing the reader should look at."""
ACCENT_DARK: Final = "#A8501B"
"""Apricot dark enough for text on white (contrast 5.6:1)."""
SECONDARY: Final = "#5B7A99"
"""Blue-grey: the ordinary case."""
SECONDARY_LIGHT: Final = "#B9C8D6"
"""Pale blue-grey: last year, spreads, things in the background."""
INK: Final = "#22303C"
MUTED: Final = "#5E6B77"
"""Secondary text; 5.5:1 on white."""
RULE: Final = "#D5DCE2"
"""Grid lines and thin table rules."""
PAPER: Final = "#FFFFFF"
PANEL: Final = "#F5F7F9"
MISSING: Final = "#EEF1F4"
"""Fill of a gap; always drawn with a dashed outline and the words 无数据."""

SERIES: Final[tuple[str, ...]] = (ACCENT, SECONDARY, "#2F4858", SECONDARY_LIGHT)
"""Categorical, in drawing order; luminances 0.32, 0.19, 0.06, 0.56 stay distinct in grey."""

SEQUENTIAL: Final[tuple[str, ...]] = ("#FBE9DD", "#F3BF9C", "#E07A3F", "#A8501B", "#6B2F0C")
"""Light to dark, monotonic in luminance, for ordered classes."""


_STEPS: Final = {1: (2,), 2: (1, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}


def luminance(colour: str) -> float:
    """Return the WCAG 2 relative luminance (0 black … 1 white) of ``#RRGGBB``."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the WCAG 2 contrast ratio (1 … 21) of two ``#RRGGBB`` colours."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(fill: str) -> str:
    """Return ink or white, whichever reads better on ``fill``."""
    return INK if contrast(INK, fill) >= contrast(PAPER, fill) else PAPER


def sequential(classes: int) -> tuple[str, ...]:
    """Return ``classes`` (1–5) colours from light to dark; the darkest step is kept for five classes."""
    if classes not in _STEPS:
        raise ValueError(f"a map can show 1 to {len(SEQUENTIAL)} classes, not {classes}")
    return tuple(SEQUENTIAL[i] for i in _STEPS[classes])
