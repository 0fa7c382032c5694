"""Trend lines over years and best-to-worst ranges."""

from __future__ import annotations

from .. import palette, text
from ..types import Lang, Number
from .canvas import Canvas, shorten, text_width
from .furniture import (
    heading,
    horizontal_grid,
    legend,
    level_line,
    target_gutter,
    tick_gutter,
    value_label,
    vertical_grid,
    words,
)
from .scale import Axis, axis
from .specs import LineChart, RangeChart, Series

_DASHES = ("", "6 3", "2 3", "8 3 2 3")


def line_chart(spec: LineChart, lang: Lang) -> str:
    """Draw a :class:`LineChart`. Lines differ in dash as well as colour; a missing year breaks the line."""
    if not 1 <= len(spec.series) <= len(palette.SERIES):
        raise ValueError(f"a line chart shows 1 to {len(palette.SERIES)} series, not {len(spec.series)}")
    for series in spec.series:
        if len(series.values) != len(spec.categories):
            raise ValueError(
                f"series {series.label!r} has {len(series.values)} values for {len(spec.categories)} categories"
            )
    canvas = Canvas(spec.frame, lang)
    entries = [
        (s.label, paint, "dash" if dash else "line")
        for s, paint, dash in zip(spec.series, palette.SERIES, _DASHES, strict=False)
    ]
    top = legend(canvas, heading(canvas), entries if len(spec.series) > 1 else []) + 14
    bottom = top + (spec.frame.height or 220)
    values = [v for s in spec.series for v in s.values]
    scale = axis(
        [*values, spec.target.value if spec.target else None], unit=spec.frame.unit, from_zero=spec.from_zero
    ).over(bottom, top)
    left, right = tick_gutter(canvas, scale), canvas.width - target_gutter(canvas, spec.target)
    horizontal_grid(canvas, scale, left, right)
    step = (right - left) / max(len(spec.categories), 1)
    centres = [left + step * (i + 0.5) for i in range(len(spec.categories))]
    for x, category in zip(centres, spec.categories, strict=True):
        canvas.text(x, bottom + 16, shorten(category, 11.5, step - 2), size=11.5, anchor="middle")
    for index, x in enumerate(centres):
        if all(s.values[index] is None for s in spec.series):
            canvas.gap(x - min(step - 6, 58) / 2, bottom - 24, min(step - 6, 58), 18, text.missing("", lang), size=10)
    if spec.target:
        level_line(canvas, scale, left, right, spec.target)
    for order, series in enumerate(spec.series):
        _draw_series(canvas, scale, centres, spec, series, palette.SERIES[order], _DASHES[order])
    return canvas.svg(bottom + 24)


def _draw_series(
    canvas: Canvas, scale: Axis, centres: list[float], spec: LineChart, series: Series, paint: str, dash: str
) -> None:
    run: list[tuple[float, float]] = []
    last = max((i for i, v in enumerate(series.values) if v is not None), default=-1)
    for x, value in [*zip(centres, series.values, strict=True), (0.0, None)]:
        if value is None:
            if len(run) > 1:
                canvas.polyline(run, paint, width=2.2, dash=dash)
            run = []
        else:
            run.append((x, scale.at(value)))
    for index, (x, value) in enumerate(zip(centres, series.values, strict=True)):
        if value is None:
            continue
        y, shown = scale.at(value), value_label(canvas, value)
        canvas.dot(x, y, 4, paint, tip=f"{spec.categories[index]} {series.label} {shown}")
        if len(spec.series) == 1 or index == last:
            canvas.text(x, y - 9, shown, size=11, anchor="middle", bold=index == last, halo=True)


def range_chart(spec: RangeChart, lang: Lang) -> str:
    """Draw a :class:`RangeChart`: a pale bar from worst to best, ticks at both ends, a dot at the mean."""
    canvas = Canvas(spec.frame, lang)
    row, labels = 29.0, max((text_width(r.label, 12) for r in spec.rows), default=0.0)
    top = legend(
        canvas,
        heading(canvas),
        [(words("range", lang), palette.SECONDARY_LIGHT, "box"), (words("mean", lang), palette.ACCENT, "dot")],
    )
    values: list[Number | None] = [v for r in spec.rows for v in (r.low, r.mean, r.high)]
    reference = spec.reference
    left = min(labels + 10, canvas.width * 0.36)
    widest = max((text_width(value_label(canvas, v), 11) for v in values if v is not None), default=20.0)
    scale = axis([*values, reference.value if reference else None], unit=spec.frame.unit)
    scale = scale.over(left + widest + 4, canvas.width - widest - 12)
    top += 16 if reference else 0
    bottom = top + row * max(len(spec.rows), 1)
    vertical_grid(canvas, scale, top, bottom)
    if reference:
        x = scale.at(reference.value)
        canvas.line(x, top - 4, x, bottom, palette.ACCENT_DARK, width=1.5, dash="5 3")
        label = f"{reference.label or words('mean', lang)} {value_label(canvas, reference.value)}"
        half = text_width(label, 11) / 2
        middle = min(max(x, left + half), canvas.width - half)
        canvas.text(middle, top - 7, label, size=11, fill=palette.ACCENT_DARK, anchor="middle")
    for index, item in enumerate(spec.rows):
        middle = top + row * (index + 0.5)
        canvas.text(left - 8, middle + 4, shorten(item.label, 12, left - 8), size=12, anchor="end")
        if item.low is None or item.mean is None or item.high is None:
            why = text.missing(item.missing, lang)
            canvas.gap(scale.start + 1, middle - 9, text_width(why, 11) + 14, 18, why)
            continue
        low, mean, high = (scale.at(v) for v in (item.low, item.mean, item.high))
        canvas.rect(low, middle - 5, high - low, 10, palette.SECONDARY_LIGHT, radius=2)
        for x, value, anchor in ((low, item.low, "end"), (high, item.high, "start")):
            canvas.line(x, middle - 7, x, middle + 7, palette.SECONDARY, width=2)
            shift = -6 if anchor == "end" else 6
            canvas.text(
                x + shift, middle + 4, value_label(canvas, value), size=11, fill=palette.MUTED, halo=True,
                anchor="end" if anchor == "end" else "start",
            )  # fmt: skip
        canvas.dot(mean, middle, 6, palette.ACCENT, tip=f"{item.label} {value_label(canvas, item.mean)}")
    return canvas.svg(bottom + 20)
