"""A profile of every column, for the screen on which a person draws up a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from xingtan.engines.tables.sentinels import Suspect, suspect_sentinels
from xingtan.engines.tables.types import F64, CellKind, Column, Table
from xingtan.engines.tables.values import code_of, folded, formula_like, number_text, parse_number, shorten

_EXAMPLES: Final = 5
_EXTRA_CODES: Final = frozenset((9.0, 8.0, -1.0, -9.0, 99.0))
_YES_NO: Final = frozenset(["是", "否", "有", "无", "yes", "no", "y", "n", "true", "false", "√", "×"])
_DATE: Final = re.compile(r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([T ].*)?|\d{1,2}[A-Za-z]{3}\d{4}.*")
_WORDS: Final = re.compile(r"[a-zà-ÿ]+|[一-鿿]+")
_LATITUDE: Final = frozenset(("lat", "latitude", "纬度"))
_LONGITUDE: Final = frozenset(("lon", "lng", "long", "longitude", "经度"))
_CODE: Final = frozenset(("code", "cod", "co", "id", "codigo", "código", "代码", "编码", "编号", "标识码"))
_NAME: Final = frozenset(("name", "nome", "entidade", "名称", "校名", "学校"))
_MOSTLY: Final = 0.9
_CATEGORIES: Final = 20
_CODE_DIGITS: Final = 6


class Role(StrEnum):
    """What a column seems to hold."""

    EMPTY = "empty"
    CODE = "code"
    """Identifies each row."""
    NAME = "name"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    letter: str
    header: str
    description: str
    """From the data dictionary; '' if it has none."""
    kinds: ReadOnly[str, int]
    """Number of cells by kind (``number``, ``text``…), blanks left out."""
    blank_share: float
    distinct: int
    """Different values, blanks left out."""
    minimum: float | None
    """Of the numbers, also of those written as text; suspected sentinels are left out."""
    maximum: float | None
    examples: tuple[str, ...]
    """The most frequent values."""
    sentinels: tuple[Suspect, ...]
    """Values far from all others that look like codes for a missing answer."""
    extra_codes: tuple[float, ...]
    """In a 0/1 column, further codes such as 9."""
    formula_like: int
    role: Role

    @property
    def ref(self) -> str:
        """How a mapping names the column if its header is missing or not unique."""
        return f"#{self.letter}"


@dataclass(frozen=True, slots=True)
class Inspection:
    sheet: str
    rows: int
    columns: tuple[ColumnProfile, ...]

    def column_ref(self, profile: ColumnProfile) -> str:
        """The name by which a mapping finds the column: its header, or its letter where that is not unique."""
        same = [p for p in self.columns if folded(p.header) == folded(profile.header)]
        return profile.header if profile.header and len(same) == 1 else profile.ref


def inspect_table(table: Table, *, dictionary: ReadOnly[str, str] | None = None) -> Inspection:
    """Profile every column. ``dictionary``: header → description, from the publisher's data dictionary."""
    described = {folded(header): text for header, text in (dictionary or {}).items()}
    numbers = [_numbers(column) for column in table.columns]
    suspects = suspect_sentinels(
        [values if _is_quantity(c) else values[:0] for c, values in zip(table.columns, numbers, strict=True)]
    )
    profiles = tuple(
        _profile(column, values, found, described.get(folded(column.header), ""), table.row_count)
        for column, values, found in zip(table.columns, numbers, suspects, strict=True)
    )
    return Inspection(table.sheet, table.row_count, profiles)


def _numbers(column: Column) -> F64:
    """All numbers of a column, also those written as text."""
    direct: F64 = column.numbers[column.kinds == CellKind.NUMBER]
    codes = column.codes[column.kinds == CellKind.TEXT]
    if not codes.size:
        return direct
    parsed = np.array([np.nan if (x := parse_number(s)) is None else x for s in column.strings])
    written = parsed[codes]
    result: F64 = np.concatenate([direct, written[~np.isnan(written)]])
    return result


def _is_quantity(column: Column) -> bool:
    """Codes, telephone numbers and positions have no sentinels in the sense of quantities."""
    return not (_words(column.header) & (_CODE | _LATITUDE | _LONGITUDE))


def _profile(column: Column, numbers: F64, suspects: tuple[Suspect, ...], description: str, rows: int) -> ColumnProfile:
    kinds = {
        kind.name.lower(): int(count)
        for kind, count in zip(CellKind, np.bincount(column.kinds, minlength=len(CellKind)).tolist(), strict=True)
        if count and kind is not CellKind.EMPTY
    }
    filled = sum(kinds.values())
    values, counts = _distinct(column)
    order = sorted(range(len(values)), key=lambda k: -counts[k])
    honest = numbers[~np.isin(numbers, [s.value for s in suspects])] if suspects else numbers
    extra = _extra_codes(honest)
    return ColumnProfile(
        letter=column.letter,
        header=column.header,
        description=description,
        kinds=kinds,
        blank_share=1 - filled / rows if rows else 1.0,
        distinct=len(values),
        minimum=float(honest.min()) if honest.size else None,
        maximum=float(honest.max()) if honest.size else None,
        examples=tuple(shorten(values[k], 40) for k in order[:_EXAMPLES]),
        sentinels=suspects,
        extra_codes=extra,
        formula_like=sum(n for text, n in zip(values, counts, strict=True) if formula_like(text)),
        role=_role(column, honest, filled, len(values), description, bool(extra)),
    )


def _distinct(column: Column) -> tuple[list[str], list[int]]:
    """Distinct values as text, and how often each occurs."""
    values: list[str] = []
    counts: list[int] = []
    numeric = column.numbers[(column.kinds == CellKind.NUMBER) | (column.kinds == CellKind.BOOL)]
    for array, text in ((numeric, number_text), (column.codes[column.codes >= 0], None)):
        found, times = np.unique(array, return_counts=True)
        values += [text(x) if text else column.strings[x] for x in found.tolist()]
        counts += times.tolist()
    return values, counts


def _extra_codes(numbers: F64) -> tuple[float, ...]:
    distinct = set(np.unique(numbers).tolist())
    extra = distinct - {0.0, 1.0}
    return tuple(sorted(extra)) if extra and extra <= _EXTRA_CODES and distinct & {0.0, 1.0} else ()


def _role(column: Column, numbers: F64, filled: int, distinct: int, description: str, extra: bool) -> Role:
    if not filled:
        return Role.EMPTY
    words = _words(column.header)
    told = words | _words(description)
    if words & _LATITUDE or (told & _LATITUDE and not told & _LONGITUDE):
        return Role.LATITUDE
    if words & _LONGITUDE or (told & _LONGITUDE and not told & _LATITUDE):
        return Role.LONGITUDE
    if _is_date(column, filled):
        return Role.DATE
    if not words & _CODE and _is_boolean(column, numbers, filled, extra):
        return Role.BOOLEAN
    numeric = numbers.size >= _MOSTLY * filled
    whole = numeric and bool((numbers == np.floor(numbers)).all())
    everywhere = filled == len(column.kinds)
    compact = whole if numeric else all(" " not in code_of(text) for text in column.strings)
    identifies = everywhere and distinct == filled > 1 and compact and not _counts_up(numbers)
    if identifies and (bool(words & _CODE) or _long_codes(numbers) if numeric else not words & _NAME):
        return Role.CODE
    if not numeric:
        if words & _NAME and distinct > filled // 2:
            return Role.NAME
        return Role.CATEGORY if distinct <= _CATEGORIES and distinct * 5 <= filled else Role.TEXT
    if words & _CODE:
        return Role.CATEGORY
    return Role.COUNT if whole and bool((numbers >= 0).all()) else Role.NUMBER


def _is_date(column: Column, filled: int) -> bool:
    dates = int((column.kinds == CellKind.DATE).sum())
    if dates >= _MOSTLY * filled:
        return True
    like = np.array([bool(_DATE.fullmatch(text.strip())) for text in column.strings], dtype=np.bool_)
    return bool(like.any()) and int(like[column.codes[column.codes >= 0]].sum()) >= _MOSTLY * filled


def _is_boolean(column: Column, numbers: F64, filled: int, extra: bool) -> bool:
    if numbers.size == filled:
        return extra or set(np.unique(numbers).tolist()) <= {0.0, 1.0}
    booleans = int((column.kinds == CellKind.BOOL).sum())
    words = {folded(text) for text in column.strings}
    texts = int((column.kinds == CellKind.TEXT).sum())
    return words <= _YES_NO and booleans + texts == filled


def _counts_up(numbers: F64) -> bool:
    """Row numbers 1, 2, 3… (序号) identify nothing."""
    return numbers.size > 0 and np.array_equal(numbers, np.arange(1, numbers.size + 1))


def _long_codes(numbers: F64) -> bool:
    """Whole numbers of six or more digits, all equally long: of few schools also the pupils differ in each row."""
    low, high = float(numbers.min()), float(numbers.max())
    return low >= 10 ** (_CODE_DIGITS - 1) and len(number_text(low)) == len(number_text(high))


def _words(text: str) -> frozenset[str]:
    """Words of a header; Chinese runs also give their endings, since 学校标识码 ends in what it is."""
    found = set(_WORDS.findall(folded(text)))
    return frozenset(found | {word[-size:] for word in found if word >= "一" for size in (2, 3)})
