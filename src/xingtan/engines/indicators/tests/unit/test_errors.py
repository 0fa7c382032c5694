from __future__ import annotations

import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import schema

SCHEMA = ind.Schema(dict(schema("rooms", "pupils", booleans=["wifi"]).elements), labels={"在校生数": "pupils"})


def fails(text: str) -> ind.ExpressionError:
    with pytest.raises(ind.ExpressionError) as caught:
        ind.compile_expression(text, SCHEMA)
    return caught.value


@pytest.mark.parametrize(
    ("text", "key", "marked"),
    [
        ("", "empty", ""),
        ("   ", "empty", " "),
        ("rooms +", "unexpected_end", ""),
        ("rooms pupils", "unexpected_token", "pupils"),
        ("(rooms", "unclosed_bracket", "("),
        ("rooms)", "unexpected_token", ")"),
        ("rooms @ 2", "unexpected_character", "@"),
        ("rooms + room", "unknown_name", "room"),
        ("summ(rooms)", "unknown_function", "summ(rooms)"),
        ("stage = 'primry'", "unknown_value", "'primry'"),
        ("stage = 'primary", "unclosed_string", "'primary"),
        ("1.2.3", "malformed_number", "1.2.3"),
        ("12abc", "malformed_number", "12abc"),
        ("1e16", "number_too_large", "1e16"),
        ("1e999999", "number_too_large", "1e999999"),
        ("rooms + wifi", "type_mismatch", "wifi"),
        ("not rooms", "type_mismatch", "rooms"),
        ("rooms and wifi", "type_mismatch", "rooms"),
        ("-wifi", "type_mismatch", "wifi"),
        ("rooms = wifi", "types_differ", "wifi"),
        ("stage > 'primary'", "text_order", "stage > 'primary'"),
        ("wifi < true", "type_mismatch", "true"),
        ("rooms != pupils != 1", "chain_not_equal", "!="),
        ("if(wifi, 1)", "argument_count", "if(wifi, 1)"),
        ("if(wifi, 1, 'x')", "types_differ", "'x'"),
        ("abs()", "argument_count", "abs()"),
        ("k_of_n(3, 85%, rooms >= 1)", "constant_needed", "3"),
        ("k_of_n(1, 85, rooms >= 1)", "constant_needed", "85"),
        ("k_of_n(1, 85%, rooms > 1)", "comparison_needed", "rooms > 1"),
        ("k_of_n(1, 85%, 0 <= rooms <= 1)", "comparison_needed", "0 <= rooms <= 1"),
        ("round(rooms, pupils)", "constant_needed", "pupils"),
        ("stage_divisor('senior', rooms, pupils)", "stage_needed", "'senior'"),
        ("by_stage(stage, stage)", "type_mismatch", "stage"),
        ("rooms in ()", "unexpected_token", ")"),
        ("rooms in (pupils)", "unexpected_token", "pupils"),
        ("rooms in 3", "unexpected_token", "3"),
        ("and", "unexpected_token", "and"),
        ("学校数 + 1", "name_not_ascii", "学校数"),
        ("rooms学", "name_not_ascii", "rooms学"),
        ("x" * 61, "name_too_long", "x" * 61),
        ("rooms + 1 ½", "unexpected_character", "½"),
        ("١٢ + rooms", "malformed_number", "١٢"),
        ("rooms\x00", "unexpected_character", "\x00"),
        ("rooms; import os", "unexpected_character", ";"),
        ("__import__('os')", "unknown_function", "__import__('os')"),
        ("rooms.real", "unexpected_character", "."),
        ("'a' + 'b'", "type_mismatch", "'a'"),
    ],
)
def test_error_names_the_place(text: str, key: str, marked: str) -> None:
    error = fails(text)
    assert error.key == key
    assert text[error.start : error.end] == marked
    assert error.text == str(error)
    assert ind.MESSAGES[key].format(**error.params) in error.text


def test_suggestions() -> None:
    assert fails("100 * room / pupils").suggestions == ("rooms",)
    assert "Did you mean rooms?" in str(fails("100 * room / pupils"))
    assert fails("Pupils + 1").suggestions == ("pupils",)
    assert fails("rond(rooms)").suggestions[0] == "round"
    assert "primary" in fails("stage = 'primry'").suggestions
    assert fails("在校生数 * 2").suggestions == ("pupils",)


def test_pointer_draws_carets_under_the_place() -> None:
    assert fails("100 * room / pupils").pointer() == "100 * room / pupils\n      ^^^^"
    assert fails("rooms +").pointer() == "rooms +\n       ^"
    assert fails("rooms ＞ 学校").pointer() == "rooms ＞ 学校\n      　 ＾＾"
    assert fails("rooms +\n  room").pointer() == "  room\n  ^^^^"
    long = fails("rooms + " * 100 + "room + rooms").pointer(width=40)
    shown, carets = long.split("\n")
    assert len(shown) <= 40
    assert shown[carets.index("^") : len(carets)] == "room"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("(" * 10_000 + "1" + ")" * 10_000, "too_long"),
        ("(" * 1_000, "too_deep"),
        ("(" * 900 + "1" + ")" * 900, "too_many_parts"),
        ("(" * 400 + "1" + ")" * 400, "too_deep"),
        ("abs(" * 200 + "1" + ")" * 200, "too_deep"),
        ("not " * 500 + "wifi", "too_deep"),
        ("-" * 500 + "rooms", "too_deep"),
        ("1+" * 1_500 + "1", "too_many_parts"),
        ("9" * 400, "number_too_large"),
        ("０" * 3_999 + "x", "malformed_number"),
        ("\u202e" + "rooms", "unexpected_character"),
        ("rooms\u200b", "unexpected_character"),
        ("𝟙 + 1", "malformed_number"),
        ("'" * 3_999, "too_many_parts"),
    ],
)
def test_hostile_input_gets_a_clear_error(text: str, key: str) -> None:
    error = fails(text)
    assert error.key == key
    assert 0 <= error.start < error.end
    assert len(error.text) < 300
    assert len(error.pointer()) < 400


def test_long_flat_expressions_are_fine() -> None:
    text = " + ".join(["rooms"] * 400)
    assert ind.compile_expression(text, SCHEMA).canonical() == text
    ind.compile_expression("(" * 38 + "rooms" + ")" * 38, SCHEMA)


def test_wanted_type() -> None:
    with pytest.raises(ind.ExpressionError) as caught:
        ind.compile_expression("rooms", SCHEMA, expected=ind.Type.BOOLEAN)
    assert caught.value.key == "result_type"
