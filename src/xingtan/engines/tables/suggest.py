"""Proposals for a mapping: which column is which data element, by likeness of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xingtan.engines.tables.headers import SEPARATOR
from xingtan.engines.tables.mapping import Element, ElementKind, Mapping, Unit
from xingtan.engines.tables.profile import ColumnProfile, Inspection, Role
from xingtan.engines.tables.types import F64, Reason
from xingtan.engines.tables.values import folded, number_text

_THRESHOLD: Final = 0.5
_TEXT_CHARS: Final = 160
_SPLIT: Final = re.compile(r"[^0-9a-zà-ÿ一-鿿]+")
_NAMED: Final[dict[str, tuple[str, ...]]] = {
    "code": ("学校代码", "学校标识码", "学校(机构)标识码", "标识码", "机构代码", "学校编码", "学校编号", "school code"),
    "name": ("学校名称", "机构名称", "学校(机构)名称", "校名", "school name"),
    "latitude": ("纬度", "latitude", "lat"),
    "longitude": ("经度", "longitude", "lon", "lng"),
    "county_code": ("县区代码", "区县代码", "区划代码", "县代码", "县(区)代码", "county code"),
}
"""Parts of the unit whose header says them outright; more certain than what the values look like."""
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("status", "situacao", "situação", "办学状态", "状态"),
    "locale": ("localizacao", "localização", "urban", "rural", "城乡"),
    "stage": ("stage", "level", "etapa", "学段", "办学类型", "学校类型"),
    "county": ("county", "district", "municipio", "município", "区县", "县区", "县", "区"),
}
_BY_ROLE: Final = {"code": Role.CODE, "name": Role.NAME, "latitude": Role.LATITUDE, "longitude": Role.LONGITUDE}
_WORDED_ROLES: Final = frozenset((Role.CATEGORY, Role.COUNT, Role.TEXT))
_CODE_WORDS: Final = ("code", "id", "代码", "编码", "编号", "标识码")
_VALUE_ROLES: Final = frozenset((Role.BOOLEAN, Role.COUNT, Role.NUMBER))


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """A data element to be found; ``words``: other names for it, in any language."""

    code: str
    name: str
    words: tuple[str, ...] = ()
    kind: ElementKind | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Column → element with the likeness of their words, 0…1."""

    column: str
    letter: str
    element: str
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    fields: dict[str, str]
    """Part of the unit (code, name, latitude, longitude, status, locale, stage, county_code, county) → column."""
    suggestions: tuple[Suggestion, ...]
    """Best first; each column and each element at most once."""
    sentinels: tuple[float, ...]
    mapping: Mapping | None
    """What is certain enough to start from; ``None`` without a code column. Status, parents and the coordinate box
    need a person's decision and are left out."""


def suggest_mapping(inspection: Inspection, elements: Sequence[ElementSpec], *, name: str = "draft") -> Draft:
    """Propose columns for the parts of the unit and for ``elements``."""
    fields = _fields(inspection)
    suggestions = _suggest(inspection, elements, set(fields.values()))
    sentinels = tuple(sorted({s.value for profile in inspection.columns for s in profile.sentinels}))
    mapping = None
    if "code" in fields:
        profiles = {profile.letter: profile for profile in inspection.columns}
        by_code = {spec.code: spec for spec in elements}
        mapping = Mapping(
            name=name,
            unit=Unit(code=fields["code"], name=fields.get("name")),
            sentinels={number_text(value): Reason.UNKNOWN for value in sentinels},
            elements=tuple(_element(s, by_code[s.element], profiles[s.letter]) for s in suggestions),
        )
    return Draft(fields, suggestions, sentinels, mapping)


def _fields(inspection: Inspection) -> dict[str, str]:
    """Headers decide before values do: in a short table, or one with a code twice, values mislead."""
    fields: dict[str, str] = {}
    free = [profile for profile in inspection.columns if profile.role is not Role.EMPTY]

    def take(part: str, profile: ColumnProfile | None) -> None:
        if profile is not None:
            fields[part] = inspection.column_ref(profile)
            free.remove(profile)

    for part, names in _NAMED.items():
        take(part, next((p for p in free if _own_header(p) in names), None))
    for part, words in _FIELDS.items():
        take(part, next((p for p in free if _worded(p) and _mentions(p.header, words)), None))
    for part, role in _BY_ROLE.items():
        if part not in fields:
            take(part, next((p for p in free if p.role is role), None))
    return fields


def _own_header(profile: ColumnProfile) -> str:
    """The last part of a header of several rows, as it is compared."""
    return folded(profile.header.rsplit(SEPARATOR, 1)[-1])


def _worded(profile: ColumnProfile) -> bool:
    """Whether a column may hold a few words: in a short table they can all differ, as codes do."""
    return profile.role in _WORDED_ROLES or (profile.role is Role.CODE and not _mentions(profile.header, _CODE_WORDS))


def _mentions(header: str, words: Sequence[str]) -> bool:
    text = folded(header)
    told = set(_SPLIT.split(text))
    return any(word in told or (word >= "一" and word in text) for word in words)


def _suggest(inspection: Inspection, elements: Sequence[ElementSpec], taken: set[str]) -> tuple[Suggestion, ...]:
    columns = [
        p
        for p in inspection.columns
        if p.role in (*_VALUE_ROLES, Role.CATEGORY) and inspection.column_ref(p) not in taken
    ]
    if not columns or not elements:
        return ()
    scores = _likeness(
        [[p.header, p.header.rsplit(SEPARATOR, 1)[-1], p.description] for p in columns],
        [[spec.code.replace("_", " "), spec.name, *spec.words] for spec in elements],
    )
    for i, profile in enumerate(columns):
        for j, spec in enumerate(elements):
            if spec.kind is not None and (spec.kind is ElementKind.BOOLEAN) != (profile.role is Role.BOOLEAN):
                scores[i, j] *= 0.5
    suggestions: list[Suggestion] = []
    free = np.ones(len(columns), dtype=np.bool_), np.ones(len(elements), dtype=np.bool_)
    for flat in np.argsort(-scores, axis=None, kind="stable").tolist():
        i, j = divmod(flat, len(elements))
        if scores[i, j] < _THRESHOLD:
            break
        if free[0][i] and free[1][j]:
            free[0][i] = free[1][j] = False
            ref = inspection.column_ref(columns[i])
            suggestions.append(Suggestion(ref, columns[i].letter, elements[j].code, round(float(scores[i, j]), 3)))
    return tuple(suggestions)


def _likeness(left: list[list[str]], right: list[list[str]]) -> F64:
    """(len(left), len(right)) the best likeness over all texts: the mean of the Dice and overlap coefficients of
    their words and letter pairs, so that a short name inside a long description still counts."""
    vocabulary: dict[str, int] = {}
    rows = [_features(text, vocabulary) for texts in left for text in texts]
    columns = [_features(text, vocabulary) for texts in right for text in texts]
    a, b = _matrix(rows, len(vocabulary)), _matrix(columns, len(vocabulary))
    shared = a @ b.T
    total = a.sum(axis=1)[:, None] + b.sum(axis=1)[None, :]
    smaller = np.minimum(a.sum(axis=1)[:, None], b.sum(axis=1)[None, :])
    score = shared / np.maximum(total, 1) + shared / np.maximum(smaller, 2) / 2
    best = np.maximum.reduceat(score, np.cumsum([0, *map(len, left[:-1])]), axis=0)
    result: F64 = np.maximum.reduceat(best, np.cumsum([0, *map(len, right[:-1])]), axis=1).astype(np.float64)
    return result


def _features(text: str, vocabulary: dict[str, int]) -> list[int]:
    """Indices of the distinct Latin words and neighbouring pairs of letters or hanzi."""
    features: set[str] = set()
    for word in _SPLIT.split(folded(text)[:_TEXT_CHARS]):
        if word:
            features |= {word[k : k + 2] for k in range(len(word) - 1)}
            if word < "一" or len(word) == 1:
                features.add(word)
    return [vocabulary.setdefault(feature, len(vocabulary)) for feature in sorted(features)]


def _matrix(rows: list[list[int]], width: int) -> np.typing.NDArray[np.float32]:
    matrix = np.zeros((len(rows), width), dtype=np.float32)
    for i, row in enumerate(rows):
        matrix[i, row] = 1
    return matrix


def _element(suggestion: Suggestion, spec: ElementSpec, profile: ColumnProfile) -> Element:
    kind = spec.kind or {Role.BOOLEAN: ElementKind.BOOLEAN, Role.COUNT: ElementKind.INTEGER}.get(
        profile.role, ElementKind.NUMBER
    )
    codes: dict[str, float | Reason] = {}
    if kind is ElementKind.BOOLEAN and profile.extra_codes:
        codes = {"0": 0.0, "1": 1.0, **{number_text(x): Reason.UNKNOWN for x in profile.extra_codes}}
    return Element(
        code=spec.code,
        column=suggestion.column,
        kind=kind,
        label=spec.name,
        codes=codes,
        minimum=0.0 if kind is ElementKind.INTEGER else None,
    )
