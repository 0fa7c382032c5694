"""Formulas and errors in the language of the reader."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from xingtan.domains.indicators.definition_messages import TEXTS, definition_message
from xingtan.domains.indicators.expression_messages import MESSAGES, expression_message
from xingtan.domains.indicators.formulas import formula_words
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.wording import (
    KINDS,
    REASONS,
    SLICES,
    coverage_sentence,
    kind_sentence,
    local,
    number,
    rounding_sentence,
    target_text,
    value_text,
)
from xingtan.engines import indicators as engine
from xingtan.engines.indicators import definitions

NAMES = {"rooms": "教室数", "pupils": "学生数", "internet": "接入互联网"}
SCHEMA = engine.Schema({"rooms": engine.Type.NUMBER, "pupils": engine.Type.NUMBER, "internet": engine.Type.BOOLEAN})
RATIO = engine.load_definitions(
    '[[indicator]]\ncode="INF01"\nname={zh="甲",en="a"}\nunit={zh="间",en="rooms"}\nkind="ratio"\nnumerator="rooms"\n'
    'denominator="pupils"\nmin_coverage=0.8'
)[0]


def test_every_message_of_the_engine_is_here_word_for_word():
    with override("en"):
        assert {key: str(text) for key, text in MESSAGES.items()} == engine.MESSAGES


def test_every_term_of_the_engine_has_a_word():
    assert set(REASONS) == set(engine.Reason) - {engine.Reason.REPORTED}
    assert set(KINDS) == set(engine.Kind)
    assert set(SLICES) == {"all", *engine.STAGE_SLICES, *engine.AREA_SLICES}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("100 * rooms / pupils >= 2.3", "100 × 教室数 ÷ 学生数 ≥ 2.3"),
        ("rooms * (pupils + 1)", "教室数 × (学生数 + 1)"),
        ("rooms - pupils * 2", "教室数 − 学生数 × 2"),
        ("-rooms", "−教室数"),
        ("internet and not (rooms = 0)", "接入互联网 and not (教室数 = 0)"),
        ("rooms > 1 and (internet or pupils < 5)", "教室数 > 1 and (接入互联网 or 学生数 < 5)"),
        ("stage in ('primary', 'junior')", "School stage is one of Primary school, Junior high school"),
        ("status = 'active'", "Status of the school = Active"),
        ("sum_of(rooms, pupils)", "the sum of (教室数, 学生数)"),
        ("if(internet, rooms, not_applicable)", "if 接入互联网 then 教室数, else not applicable"),
        ("k_of_n(1, 85%, rooms >= 2, pupils <= 5)", "at least 1 of these hold: (0.85, 教室数 ≥ 2, 学生数 ≤ 5)"),
        ("unheard_of + 1", "unheard_of + 1"),
    ],
)
def test_a_formula_in_words(source, words):
    with override("en"):
        assert formula_words(source, NAMES) == words


@pytest.mark.parametrize(
    "name",
    ["reported(rooms)", "missing(rooms)", "applicable(rooms)", "coalesce(rooms, 0)", "min(rooms, pupils)",
     "max(rooms, pupils)", "count_true(internet, rooms > 1)", "abs(rooms)", "ceil(rooms)", "floor(rooms)", "round(rooms, 2)",
     "by_stage(rooms, pupils)", "stage_split(rooms, pupils, pupils)", "stage_divisor('primary', rooms, pupils)"],
)  # fmt: skip
def test_every_function_has_words(name):
    assert "%(" not in formula_words(name, NAMES)
    assert "教室数" in formula_words(name, NAMES) or "学生数" in formula_words(name, NAMES)


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("", "The expression is empty."),
        ("room", "No element or attribute is called room. Did you mean rooms?"),
        ("rooms +", "The expression ends too early; a number, a name or ( should follow."),
        ("rooms + internet", "The operator + needs a number, but this is a condition (yes or no)."),
        ("round(rooms, pupils, 3)", "round() takes 1–2 arguments, not 3."),
        ("round(rooms, 99)", "The second argument of round() must be a plain number between 0 and 12."),
        ("rooms = 'x'", "A comparison needs values of one kind, but found a number and a text."),
    ],
)
def test_an_error_in_words(source, english):
    with pytest.raises(engine.ExpressionError) as caught:
        engine.compile_expression(source, SCHEMA)
    with override("en"):
        assert expression_message(caught.value) == english


NOT_FROM_THE_FORM = {"levels", "slices"}


def contradictions():
    """Every text that the engine's checks of a definition can yield, with 1 for what is filled in."""
    tree = ast.parse(Path(definitions.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            field, text = node.value.elts
            if isinstance(field, ast.Constant) and field.value in NOT_FROM_THE_FORM:
                continue
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            words = "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in parts)
            if not words.startswith(("unknown stage", "unknown level")):  # the form offers a list
                yield words


def test_every_contradiction_has_a_translation():
    texts = list(contradictions())
    assert len(texts) > 20
    unknown = [text for text in texts if not any(re.fullmatch(pattern, text) for pattern, _told in TEXTS)]
    assert unknown == []


def test_a_contradiction_in_words():
    error = engine.DefinitionError("INF01", "k", "must be 1 to 7, and floor 0 to 1")
    with override("en"):
        assert definition_message(error) == "must be 1 to 7, and the floor 0 to 1"
        assert definition_message(engine.DefinitionError("INF01", "x", "is news")) == "is news"


def test_what_a_director_reads():
    with override("en"):
        for kind in engine.Kind:
            sentence = kind_sentence(replace_kind(kind))
            assert sentence.endswith(".")
            assert "%(" not in sentence
        assert "80%" in coverage_sentence(RATIO)
        assert "2 decimals" in rounding_sentence(RATIO)
        assert target_text(RATIO, 2.3) == "≥ 2.3 rooms"
        assert local({"zh": "甲", "en": ""}) == "甲"
    with override("zh-hans"):
        assert target_text(RATIO, 2.3) == "≥ 2.3 间"
        assert local({"zh": "", "en": "a"}) == "a"


def replace_kind(kind):
    class Kinded:
        def __init__(self):
            self.kind, self.k, self.of, self.floor, self.q = kind, 6, ("A",) * 7, 0.85, 0.9

    return Kinded()


def test_numbers_for_reading():
    assert [number(x) for x in (None, 3.0, 1234.5, 0.123456)] == ["", "3", "1,234.5", "0.1235"]
    assert number(2.5, 0) == "3"


def test_a_year_is_no_quantity():
    year = DataElement(code="built_year", kind="integer", unit={"zh": "年", "en": "year"})
    pupils = DataElement(code="pupils", kind="integer", unit={"zh": "人", "en": ""})
    grade = DataElement(code="rank", kind="code", codes={"1": {"zh": "甲", "en": "first"}})
    with override("zh-hans"):
        assert value_text(year, 1981.0) == "1981 年"
        assert value_text(pupils, 1981.0) == "1,981 人"
        assert value_text(grade, 1.0) == "甲"
        assert value_text(grade, 7.0) == "7"
        assert value_text(pupils, None) == ""
