"""Bar charts: horizontal, vertical, grouped."""

from __future__ import annotations

from .. import palette, text
from ..types import Lang, Number
from .canvas import Canvas, shorten, text_width
from .furniture import (
    heading,
    horizontal_grid,
    legend,
    misses,
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


def _fill(canvas: Canvas, bar: Bar, value: Number, target: Target | None) -> str:
    base = palette.ACCENT if bar.highlight else palette.SECONDARY
    return canvas.hatch(base) if misses(value, target) else base


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
        canvas.text(
            left - 8, y + thick - 4, shorten(bar.label, 12, left - 8), size=12, anchor="end", bold=bar.highlight
        )
        if bar.value is None:
            why = text.missing(bar.missing, canvas.lang)
            canvas.gap(zero + 1, y, min(text_width(why, 11) + 14, scale.end - zero), thick, why)
            continue
        end, shown = scale.at(bar.value), value_label(canvas, bar.value)
        canvas.rect(
            min(zero, end), y, abs(end - zero), thick, _fill(canvas, bar, bar.value, spec.target),
            stroke=palette.SECONDARY if misses(bar.value, spec.target) else "", tip=f"{bar.label} {shown}",
        )  # fmt: skip
        negative = text.exact(bar.value) < 0
        canvas.text(
            end - 5 if negative else end + 5, y + thick - 4, shown, size=11.5, bold=bar.highlight, halo=True,
            anchor="end" if negative else "start",
        )  # fmt: skip
    if spec.target:
        x = scale.at(spec.target.value)
        canvas.line(x, top - 4, x, bottom, palette.ACCENT_DARK, width=1.5, dash="5 3")
        label = target_words(canvas, spec.target)
        half = text_width(label, 11) / 2
        canvas.text(
            min(max(x, left + half), canvas.width - half), top - 7, label, size=11, fill=palette.ACCENT_DARK, anchor="middle"
        )
    return bottom + 20


def _vertical(canvas: Canvas, spec: BarChart, scale: Axis, top: float) -> float:
    bottom = top + 18 + (spec.frame.height or 240)
    left = tick_gutter(canvas, scale)
    scale = scale.over(bottom, top + 18)
    horizontal_grid(canvas, scale, left, canvas.width)
    step = (canvas.width - left) / max(len(spec.bars), 1)
    thick = min(step * 0.62, 46.0)
    for index, bar in enumerate(spec.bars):
        centre = left + step * (index + 0.5)
        canvas.text(
            centre, bottom + 16, shorten(bar.label, 11.5, step - 4), size=11.5, anchor="middle", bold=bar.highlight
        )
        if bar.value is None:
            _standing_gap(canvas, centre, step, bottom, bar.missing)
            continue
        end, zero, shown = scale.at(bar.value), scale.at(0), value_label(canvas, bar.value)
        canvas.rect(
            centre - thick / 2, min(zero, end), thick, abs(end - zero), _fill(canvas, bar, bar.value, spec.target),
            stroke=palette.SECONDARY if misses(bar.value, spec.target) else "", tip=f"{bar.label} {shown}",
        )  # fmt: skip
        above = end - 5 if text.exact(bar.value) >= 0 else end + 14
        canvas.text(centre, above, shown, size=11, anchor="middle", bold=bar.highlight, halo=True)
    if spec.target:
        _level_line(canvas, scale, left, spec.target)
    return bottom + 24


def _standing_gap(canvas: Canvas, centre: float, step: float, bottom: float, reason: str) -> None:
    why = text.missing(reason, canvas.lang)
    width = min(step - 4, 64.0)
    canvas.gap(centre - width / 2, bottom - 22, width, 20, why, size=10 if width > 40 else 9)


def _level_line(canvas: Canvas, scale: Axis, left: float, target: Target) -> None:
    y = scale.at(target.value)
    canvas.line(left, y, canvas.width, y, palette.ACCENT_DARK, width=1.5, dash="5 3")
    canvas.text(
        canvas.width, y - 5, target_words(canvas, target), size=11, fill=palette.ACCENT_DARK, anchor="end", halo=True
    )


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
    left = tick_gutter(canvas, scale)
    scale = scale.over(bottom, top + 16)
    horizontal_grid(canvas, scale, left, canvas.width)
    step = (canvas.width - left) / max(len(spec.categories), 1)
    thick = min(step * 0.76 / len(spec.series), 34.0)
    labelled = thick >= max((text_width(value_label(canvas, v), 9.5) for v in values if v is not None), default=0) - 6
    for index, category in enumerate(spec.categories):
        centre = left + step * (index + 0.5)
        canvas.text(centre, bottom + 16, shorten(category, 11.5, step - 4), size=11.5, anchor="middle")
        for place, (series, paint) in enumerate(zip(spec.series, paints, strict=False)):
            x, value = centre + (place - len(spec.series) / 2) * thick, series.values[index]
            if value is None:
                canvas.gap(x + 1, bottom - 14, thick - 2, 13, text.missing("", lang), size=9 if thick > 34 else 20)
                continue
            end, zero, shown = scale.at(value), scale.at(0), value_label(canvas, value)
            canvas.rect(
                x + 0.5, min(zero, end), thick - 1, abs(end - zero), paint, tip=f"{category} {series.label} {shown}"
            )
            if labelled:
                above = end - 4 if text.exact(value) >= 0 else end + 12
                canvas.text(x + thick / 2, above, shown, size=9.5, anchor="middle", halo=True)
    if spec.target:
        _level_line(canvas, scale, left, spec.target)
    return canvas.svg(bottom + 24 + _gap_note(canvas, spec, bottom + 36))


def _gap_note(canvas: Canvas, spec: GroupedBarChart, y: float) -> float:
    """Spell out which bars are missing: a narrow dashed box cannot hold the words itself."""
    absent = [
        f"{category} {series.label}"
        for index, category in enumerate(spec.categories)
        for series in spec.series
        if series.values[index] is None
    ]
    if not absent:
        return 0.0
    colon, comma = (": ", ", ") if canvas.lang == "en" else ("：", "、")
    note = f"{text.missing('', canvas.lang)}{colon}{comma.join(absent)}"
    canvas.text(0, y, shorten(note, 10.5, canvas.width), size=10.5, fill=palette.MUTED)
    return 16.0


def _check_lengths(spec: GroupedBarChart) -> None:
    for series in spec.series:
        if len(series.values) != len(spec.categories):
            raise ValueError(
                f"series {series.label!r} has {len(series.values)} values for {len(spec.categories)} categories"
            )
