"""Bar charts: horizontal, vertical, grouped."""

from __future__ import annotations

from .. import palette, text
from ..types import Lang, Number
from .canvas import Canvas, shorten, text_width
from .furniture import (
    gap_note,
    heading,
    horizontal_grid,
    legend,
    level_line,
    misses,
    target_gutter,
    target_words,
    tick_gutter,
    value_label,
    vertical_grid,
    words,
)
from .scale import Axis, axis
from .specs import Bar, BarChart, GroupedBarChart, Target


def bar_chart(spec: BarChart, lang: Lang) -> str:
    """Draw a :class:`BarChart`."""
    canvas = Canvas(spec.frame, lang)
    top = heading(canvas)
    missed = [b for b in spec.bars if b.value is not None and misses(b.value, spec.target)]
    entries = [(words("missed", lang), canvas.hatch(palette.SECONDARY), "box")] if missed else []
    top = legend(canvas, top, entries)
    values: list[Number | None] = [b.value for b in spec.bars]
    scale = axis([*values, spec.target.value if spec.target else None], unit=spec.frame.unit)
    draw = _horizontal if spec.orientation == "horizontal" else _vertical
    return canvas.svg(draw(canvas, spec, scale, top))


def _paint(canvas: Canvas, bar: Bar, value: Number, target: Target | None) -> tuple[str, str]:
    """Fill and outline: a bar that misses the target is striped, whatever its colour."""
    base = palette.ACCENT if bar.highlight else palette.SECONDARY
    return (canvas.hatch(base), base) if misses(value, target) else (base, "")


def _horizontal(canvas: Canvas, spec: BarChart, scale: Axis, top: float) -> float:
    row, thick = 27.0, 17.0
    labels = max((text_width(b.label, 12) for b in spec.bars), default=0.0)
    left = min(labels + 10, canvas.width * 0.36)
    ends = max((text_width(value_label(canvas, b.value), 11.5) for b in spec.bars if b.value is not None), default=20.0)
    scale = scale.over(left, canvas.width - ends - 12)
    if spec.target:
        top += 16
    bottom = top + row * max(len(spec.bars), 1)
    vertical_grid(canvas, scale, top, bottom)
    zero = scale.at(0)
    for index, bar in enumerate(spec.bars):
        y = top + index * row + (row - thick) / 2
        name = shorten(bar.label, 12, left - 8)
        canvas.text(left - 8, y + thick - 4, name, size=12, anchor="end", bold=bar.highlight)
        if bar.value is None:
            why = text.missing(bar.missing, canvas.lang)
            canvas.gap(zero + 1, y, min(text_width(why, 11) + 14, scale.end - zero), thick, why)
            continue
        end = scale.at(bar.value)
        fill, edge = _paint(canvas, bar, bar.value, spec.target)
        tip = f"{bar.label} {value_label(canvas, bar.value)}"
        canvas.rect(min(zero, end), y, abs(end - zero), thick, fill, stroke=edge, tip=tip)
    if spec.target:
        x, label = scale.at(spec.target.value), target_words(canvas, spec.target)
        half = text_width(label, 11) / 2
        middle = min(max(x, left + half), canvas.width - half)
        canvas.line(x, top - 4, x, bottom, palette.ACCENT_DARK, width=1.5, dash="5 3")
        canvas.text(middle, top - 7, label, size=11, fill=palette.ACCENT_DARK, anchor="middle")
    for index, bar in enumerate(spec.bars):
        if bar.value is not None:
            y, end = top + index * row + (row + thick) / 2 - 4, scale.at(bar.value)
            negative = text.exact(bar.value) < 0
            canvas.text(
                end - 5 if negative else end + 5, y, value_label(canvas, bar.value), size=11.5, bold=bar.highlight,
                halo=True, anchor="end" if negative else "start",
            )  # fmt: skip
    return bottom + 20


def _vertical(canvas: Canvas, spec: BarChart, scale: Axis, top: float) -> float:
    bottom = top + 18 + (spec.frame.height or 240)
    left, right = tick_gutter(canvas, scale), canvas.width - target_gutter(canvas, spec.target)
    scale = scale.over(bottom, top + 18)
    horizontal_grid(canvas, scale, left, right)
    step = (right - left) / max(len(spec.bars), 1)
    thick, zero = min(step * 0.62, 46.0), scale.at(0)
    absent: list[str] = []
    for index, bar in enumerate(spec.bars):
        centre = left + step * (index + 0.5)
        name = shorten(bar.label, 11.5, step - 4)
        canvas.text(centre, bottom + 16, name, size=11.5, anchor="middle", bold=bar.highlight)
        if bar.value is None:
            width = min(step - 4, 48.0)
            canvas.gap(centre - width / 2, bottom - 22, width, 20, text.missing("", canvas.lang), size=10)
            absent.append(f"{bar.label} {bar.missing}".strip())
            continue
        end = scale.at(bar.value)
        fill, edge = _paint(canvas, bar, bar.value, spec.target)
        tip = f"{bar.label} {value_label(canvas, bar.value)}"
        canvas.rect(centre - thick / 2, min(zero, end), thick, abs(end - zero), fill, stroke=edge, tip=tip)
    if spec.target:
        level_line(canvas, scale, left, right, spec.target)
    for index, bar in enumerate(spec.bars):
        if bar.value is not None:
            y = scale.at(bar.value) + (-5 if text.exact(bar.value) >= 0 else 14)
            shown = value_label(canvas, bar.value)
            canvas.text(left + step * (index + 0.5), y, shown, size=11, anchor="middle", bold=bar.highlight, halo=True)
    return bottom + 24 + gap_note(canvas, absent, bottom + 36)


def grouped_bar_chart(spec: GroupedBarChart, lang: Lang) -> str:
    """Draw a :class:`GroupedBarChart`; raises ``ValueError`` for more series than the palette keeps apart."""
    if not 1 <= len(spec.series) <= len(palette.SERIES):
        raise ValueError(f"a grouped bar chart shows 1 to {len(palette.SERIES)} series, not {len(spec.series)}")
    _check_lengths(spec)
    canvas = Canvas(spec.frame, lang)
    paints = palette.SERIES if len(spec.series) != 2 else (palette.ACCENT, palette.SECONDARY_LIGHT)
    entries = [(s.label, paint, "box") for s, paint in zip(spec.series, paints, strict=False)]
    top = legend(canvas, heading(canvas), entries)
    values = [v for s in spec.series for v in s.values]
    scale = axis([*values, spec.target.value if spec.target else None], unit=spec.frame.unit)
    bottom = top + 16 + (spec.frame.height or 240)
    left, right = tick_gutter(canvas, scale), canvas.width - target_gutter(canvas, spec.target)
    scale = scale.over(bottom, top + 16)
    horizontal_grid(canvas, scale, left, right)
    step, zero = (right - left) / max(len(spec.categories), 1), scale.at(0)
    thick = min(step * 0.8 / len(spec.series), 34.0)
    labelled = thick >= max((text_width(value_label(canvas, v), 9.5) for v in values if v is not None), default=0)
    labels: list[tuple[float, float, str]] = []
    absent: list[str] = []
    for index, category in enumerate(spec.categories):
        centre = left + step * (index + 0.5)
        canvas.text(centre, bottom + 16, shorten(category, 11.5, step - 4), size=11.5, anchor="middle")
        for place, (series, paint) in enumerate(zip(spec.series, paints, strict=False)):
            x, value = centre + (place - len(spec.series) / 2) * thick, series.values[index]
            if value is None:
                canvas.gap(x + 1, bottom - 14, thick - 2, 13, text.missing("", lang), size=9 if thick > 34 else 20)
                absent.append(f"{category} {series.label}")
                continue
            end, shown = scale.at(value), value_label(canvas, value)
            tip = f"{category} {series.label} {shown}"
            canvas.rect(x + 0.5, min(zero, end), thick - 1, abs(end - zero), paint, tip=tip)
            labels.append((x + thick / 2, end - 4 if text.exact(value) >= 0 else end + 12, shown))
    if spec.target:
        level_line(canvas, scale, left, right, spec.target)
    for x, y, shown in labels if labelled else ():
        canvas.text(x, y, shown, size=9.5, anchor="middle", halo=True)
    return canvas.svg(bottom + 24 + gap_note(canvas, absent, bottom + 36))


def _check_lengths(spec: GroupedBarChart) -> None:
    for series in spec.series:
        if len(series.values) != len(spec.categories):
            raise ValueError(
                f"series {series.label!r} has {len(series.values)} values for {len(spec.categories)} categories"
            )
