"""Generated sentences of reports, in Chinese and English.

Two rules run through all of them. Comparisons use the values as given, before rounding, so a rise of 0.04 points is
reported as a rise ("不足 0.1") and never as "unchanged". And a missing value is said to be missing, with its
reason; it never becomes zero and never takes part in a ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from .types import DEFAULT_LANG, Lang, Number

Measure = Literal["percent", "count", "ratio"]
"""``percent``: values are percentages, changes are percentage points. ``count``: changes carry a relative %.
``ratio``: any other scale; changes are in the value's own unit."""


@dataclass(frozen=True)
class Ranked:
    """One unit in a ranking; ``missing`` is the reason when ``value`` is ``None``."""

    label: str
    value: Number | None
    missing: str = ""


def exact(value: Number) -> Decimal:
    """Return the decimal a reader of ``value`` would write down (a float's shortest form)."""
    number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a number to print; pass None with a reason instead")
    return number


def rounded(value: Number, decimals: int) -> Decimal:
    """Round half away from zero (四舍五入), without a negative zero."""
    result = exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number(value: Number, decimals: int = 1, lang: Lang = DEFAULT_LANG) -> str:
    """Format a number; English groups thousands, Chinese official documents do not."""
    return f"{rounded(value, decimals):,f}" if lang == "en" else f"{rounded(value, decimals):f}"


def quantity(value: Number, unit: str, decimals: int = 1, lang: Lang = DEFAULT_LANG) -> str:
    """Format a number with its unit: ``98.1%``, ``12 间``; "%" and ":1"-like units close up."""
    space = "" if not unit or unit[0] in "%‰:：°" else " "
    return f"{number(value, decimals, lang)}{space}{unit}"


def missing(reason: str = "", lang: Lang = DEFAULT_LANG) -> str:
    """``无数据（原因）``."""
    if lang == "en":
        return f"no data ({reason})" if reason else "no data"
    return f"无数据（{reason}）" if reason else "无数据"


def value_or_missing(
    value: Number | None, unit: str, decimals: int = 1, reason: str = "", lang: Lang = DEFAULT_LANG
) -> str:
    """The quantity, or the honest words for its absence."""
    return missing(reason, lang) if value is None else quantity(value, unit, decimals, lang)


def sign_word(change: Number, measure: Measure, lang: Lang = DEFAULT_LANG) -> str:
    """The verb for a change: 提高/下降/持平 for levels, 增加/减少/持平 for counts."""
    delta = exact(change)
    if lang == "en":
        return "up" if delta > 0 else "down" if delta < 0 else "unchanged"
    if delta == 0:
        return "持平"
    if measure == "count":
        return "增加" if delta > 0 else "减少"
    return "提高" if delta > 0 else "下降"


def change(
    current: Number | None,
    previous: Number | None,
    *,
    measure: Measure,
    unit: str = "",
    decimals: int = 1,
    since: str = "",
    reason: str = "",
    previous_reason: str = "",
    lang: Lang = DEFAULT_LANG,
) -> str:
    """Say how a value changed: ``较上年提高 3.2 个百分点``, ``较上年增加 12 间（5.1%）``, ``与上年持平``.

    ``since`` names the earlier period ("上年" / "last year" if empty). A change smaller than the last printed digit
    is still named with its direction. The relative change is left out when the earlier value is zero or negative,
    where it means nothing.
    """
    since = since or ("last year" if lang == "en" else "上年")
    if current is None:
        return missing(reason, lang)
    if previous is None:
        why = missing(previous_reason, lang)
        return f"no comparison: {since} {why}" if lang == "en" else f"{since}{why}，无法比较"
    delta = exact(current) - exact(previous)
    if delta == 0:
        return f"unchanged from {since}" if lang == "en" else f"与{since}持平"
    size = _size(delta, "" if measure == "percent" else unit, decimals, lang, points=measure == "percent")
    relative = ""
    if measure == "count" and exact(previous) > 0:
        share = _size(delta / exact(previous) * 100, "%", 1, lang)
        relative = f" ({share})" if lang == "en" else f"（{share}）"
    word = sign_word(delta, measure, lang)
    if lang == "en":
        return f"{word} {size}{relative} from {since}"
    return f"较{since}{_joined(word, size)}{relative}"


def _joined(word: str, size: str) -> str:
    """Chinese: a space before a number, none before 不足."""
    return f"{word}{size}" if size.startswith("不足") else f"{word} {size}"


def _size(delta: Decimal, unit: str, decimals: int, lang: Lang, *, points: bool = False) -> str:
    """The magnitude of a non-zero change; "less than one step" when it would print as zero."""
    if points:
        unit = "percentage points" if lang == "en" else "个百分点"
    magnitude = abs(delta)
    if rounded(magnitude, decimals) == 0:
        step = quantity(Decimal(1).scaleb(-decimals), unit, decimals, lang)
        return f"less than {step}" if lang == "en" else f"不足 {step}"
    return quantity(magnitude, unit, decimals, lang)


def ranking(
    items: Sequence[Ranked],
    *,
    unit: str = "",
    decimals: int = 1,
    noun: str = "",
    lang: Lang = DEFAULT_LANG,
) -> str:
    """``最高的是A县（98.1%），最低的是B县（63.0%）``; ties are named together, the missing are listed after.

    ``noun`` is the kind of unit for "all equal" and "no data" ("县（市、区）" / "counties" if empty).
    """
    noun = noun or ("counties" if lang == "en" else "县（市、区）")
    known = [(item.label, exact(item.value)) for item in items if item.value is not None]
    absent = [item for item in items if item.value is None]
    tail = _absent_clause(absent, noun, lang) if known else ""
    if not known:
        return f"no data for any of the {noun}" if lang == "en" else f"各{noun}均无数据"
    top, bottom = max(v for _, v in known), min(v for _, v in known)
    if len(known) == 1:
        label, value = known[0]
        shown = quantity(value, unit, decimals, lang)
        only = f"only {label} has data ({shown})" if lang == "en" else f"仅{label}有数据（{shown}）"
        return only + tail
    if top == bottom:
        shown = quantity(top, unit, decimals, lang)
        return (f"all {noun} are at {shown}" if lang == "en" else f"各{noun}均为{shown}") + tail
    high = _named([label for label, value in known if value == top], quantity(top, unit, decimals, lang), lang)
    low = _named([label for label, value in known if value == bottom], quantity(bottom, unit, decimals, lang), lang)
    if lang == "en":
        return f"the highest is {high}, the lowest is {low}{tail}"
    return f"最高的是{high}，最低的是{low}{tail}"


def _named(labels: list[str], shown: str, lang: Lang) -> str:
    if lang == "en":
        names = labels[0] if len(labels) == 1 else ", ".join(labels[:-1]) + " and " + labels[-1]
        return f"{names} ({'each ' if len(labels) > 1 else ''}{shown})"
    names = labels[0] if len(labels) == 1 else "、".join(labels[:-1]) + "和" + labels[-1]
    return f"{names}（{'均为' if len(labels) > 1 else ''}{shown}）"


def _absent_clause(absent: list[Ranked], noun: str, lang: Lang) -> str:
    if not absent:
        return ""
    if lang == "en":
        listed = ", ".join(f"{i.label}: {i.missing}" if i.missing else i.label for i in absent)
        return f"; no data for {len(absent)} of the {noun} ({listed})"
    listed = "、".join(f"{i.label}：{i.missing}" if i.missing else i.label for i in absent)
    return f"；另有 {len(absent)} 个{noun}无数据（{listed}）"


def gap(
    items: Sequence[Ranked],
    *,
    measure: Measure,
    unit: str = "",
    decimals: int = 1,
    previous: Sequence[Ranked] = (),
    lang: Lang = DEFAULT_LANG,
) -> str:
    """``最高与最低相差 35.1 个百分点，较上年缩小 2.0 个百分点``.

    The comparison with ``previous`` is made only over units that have a value in both periods, and only when those
    are all units of the current one: otherwise a change of membership would pass for a change of the gap.
    Returns an empty string when fewer than two units have a value.
    """
    now = {i.label: exact(i.value) for i in items if i.value is not None}
    if len(now) < 2:
        return ""
    width = max(now.values()) - min(now.values())
    points = measure == "percent"
    if width == 0:
        sentence = "there is no gap" if lang == "en" else "最高与最低无差距"
    else:
        size = _size(width, "" if points else unit, decimals, lang, points=points)
        sentence = f"the gap between highest and lowest is {size}" if lang == "en" else _joined("最高与最低相差", size)
    before = {i.label: exact(i.value) for i in previous if i.value is not None}
    if set(before) != set(now):
        return sentence
    moved = width - (max(before.values()) - min(before.values()))
    if moved == 0:
        return sentence + (", unchanged from last year" if lang == "en" else "，与上年持平")
    size = _size(moved, "" if points else unit, decimals, lang, points=points)
    if lang == "en":
        return f"{sentence}, {'narrower' if moved < 0 else 'wider'} than last year by {size}"
    return f"{sentence}，{_joined('较上年缩小' if moved < 0 else '较上年扩大', size)}"


def against_target(
    value: Number | None,
    target: Number,
    *,
    measure: Measure,
    direction: Literal["higher", "lower", "equal"] = "higher",
    unit: str = "",
    decimals: int = 1,
    reason: str = "",
    lang: Lang = DEFAULT_LANG,
) -> str:
    """``已达到目标（95.0%）`` / ``距目标（95.0%）还差 1.9 个百分点`` / ``无数据（…），无法判定是否达到目标``."""
    goal = quantity(target, unit, decimals, lang)
    if value is None:
        why = missing(reason, lang)
        return (
            f"{why}; the target ({goal}) cannot be judged" if lang == "en" else f"{why}，无法判定是否达到目标（{goal}）"
        )
    delta = exact(value) - exact(target)
    met = {"higher": delta >= 0, "lower": delta <= 0, "equal": delta == 0}[direction]
    if met:
        return f"meets the target ({goal})" if lang == "en" else f"已达到目标（{goal}）"
    size = _size(delta, "" if measure == "percent" else unit, decimals, lang, points=measure == "percent")
    if lang == "en":
        return f"{size} {'short of' if delta < 0 else 'above'} the target ({goal})"
    return _joined(f"距目标（{goal}）还差" if direction == "higher" else f"与目标（{goal}）相差", size)
