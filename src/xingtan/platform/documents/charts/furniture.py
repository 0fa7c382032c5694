"""What several charts share around their marks: heading, legend, gridlines, target line, words."""

from __future__ import annotations

from typing import Final

from .. import palette, text
from ..types import Lang, Number
from .canvas import Canvas, shorten, text_width
from .scale import Axis
from .specs import Target

_WORDS: Final = {
    "unit": ("单位：{}", "Unit: {}"),
    "target": ("目标 {}", "target {}"),
    "missed": ("未达目标", "target missed"),
    "mean": ("平均值", "mean"),
    "range": ("最低至最高", "lowest to highest"),
    "good": ("向好", "improving"),
    "bad": ("需关注", "needs attention"),
    "above": ("{} 及以上", "{} and above"),
    "below": ("低于 {}", "below {}"),
}


def words(key: str, lang: Lang, *values: str) -> str:
    """Return a fixed chart phrase."""
    return _WORDS[key][lang == "en"].format(*values)


def heading(canvas: Canvas) -> float:
    """Draw title and unit; return the y where the rest may start."""
    frame, y = canvas.frame, 0.0
    if frame.title:
        y += 18
        canvas.text(0, y - 3, frame.title, size=15, bold=True)
    if frame.unit:
        y += 16
        canvas.text(0, y - 3, words("unit", canvas.lang, frame.unit), size=11, fill=palette.MUTED)
    return y + 8 if y else 4


def legend(canvas: Canvas, y: float, entries: list[tuple[str, str, str]]) -> float:
    """Draw (label, paint, shape) entries with shape "box", "line", "dash" or "dot"; wrap; return the next free y."""
    x = 0.0
    for label, paint, shape in entries:
        width = 22 + text_width(label, 11.5) + 18
        if x and x + width > canvas.width:
            x, y = 0.0, y + 18
        middle = y + 7
        if shape == "box":
            canvas.rect(x, middle - 5, 14, 10, paint, stroke=palette.MUTED if paint.startswith("url") else "")
        elif shape == "dot":
            canvas.dot(x + 7, middle, 5, paint)
        else:
            canvas.line(x, middle, x + 16, middle, paint, width=2, dash="5 3" if shape == "dash" else "")
        canvas.text(x + 22, middle + 4, label, size=11.5, fill=palette.MUTED)
        x += width
    return y + 22 if entries else y


def value_label(canvas: Canvas, value: Number) -> str:
    """Return a value as printed beside a mark. Only "%" is repeated there; other units stand in the heading."""
    frame = canvas.frame
    shown = text.number(value, frame.decimals, canvas.lang)
    return shown + "%" if frame.unit == "%" else shown


def tick_label(axis: Axis, tick: float, canvas: Canvas) -> str:
    """Return a tick's number; large ones are grouped in English and left plain in Chinese."""
    return text.number(tick, axis.decimals, canvas.lang)


def vertical_grid(canvas: Canvas, axis: Axis, top: float, bottom: float) -> None:
    """Grid lines and tick labels of a horizontal value axis."""
    for tick in axis.ticks:
        x = axis.at(tick)
        canvas.line(x, top, x, bottom, palette.MUTED if tick == 0 else palette.RULE)
        canvas.text(x, bottom + 15, tick_label(axis, tick, canvas), size=11, fill=palette.MUTED, anchor="middle")


def horizontal_grid(canvas: Canvas, axis: Axis, left: float, right: float) -> None:
    """Grid lines and tick labels of a vertical value axis."""
    for tick in axis.ticks:
        y = axis.at(tick)
        canvas.line(left, y, right, y, palette.MUTED if tick == 0 else palette.RULE)
        canvas.text(left - 6, y + 4, tick_label(axis, tick, canvas), size=11, fill=palette.MUTED, anchor="end")


def tick_gutter(canvas: Canvas, axis: Axis) -> float:
    """Pixels to leave at the left of a vertical value axis for its tick labels."""
    return max(text_width(tick_label(axis, t, canvas), 11) for t in axis.ticks) + 10


def target_words(canvas: Canvas, target: Target) -> str:
    """``目标 95.0%`` unless the target brings its own label."""
    shown = value_label(canvas, target.value)
    return f"{target.label} {shown}" if target.label else words("target", canvas.lang, shown)


def misses(value: Number, target: Target | None) -> bool:
    """Whether an unrounded value is on the wrong side of the target."""
    if target is None or target.direction == "neutral":
        return False
    delta = text.exact(value) - text.exact(target.value)
    return delta < 0 if target.direction == "higher" else delta > 0


def target_gutter(canvas: Canvas, target: Target | None) -> float:
    """Pixels to leave at the right for the words of a level target line, clear of every mark."""
    return text_width(target_words(canvas, target), 11) + 8 if target else 0.0


def level_line(canvas: Canvas, scale: Axis, left: float, right: float, target: Target) -> None:
    """A dashed horizontal target line with its words in the right gutter."""
    y = scale.at(target.value)
    canvas.line(left, y, right + 2, y, palette.ACCENT_DARK, width=1.5, dash="5 3")
    canvas.text(canvas.width, y + 4, target_words(canvas, target), size=11, fill=palette.ACCENT_DARK, anchor="end")


def gap_note(canvas: Canvas, absent: list[str], y: float) -> float:
    """Spell out what is missing where a mark is too narrow for the words; return the height used."""
    if not absent:
        return 0.0
    colon, comma = (": ", ", ") if canvas.lang == "en" else ("：", "、")
    note = f"{text.missing('', canvas.lang)}{colon}{comma.join(absent)}"
    canvas.text(0, y, shorten(note, 10.5, canvas.width), size=10.5, fill=palette.MUTED)
    return 16.0
