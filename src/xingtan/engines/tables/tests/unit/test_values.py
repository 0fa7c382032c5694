import pytest

from xingtan.engines.tables.types import column_index, column_letter
from xingtan.engines.tables.values import code_of, escape_formula, formula_like, parse_number, shorten, tidy


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        ("1,234", 1234.0),
        ("1,234,567.5", 1234567.5),
        ("１２３", 123.0),
        ("１，２３４．５", 1234.5),
        ("12%", 0.12),
        ("１２％", 0.12),
        ("'00123", 123.0),
        ("  7 \u00a0", 7.0),
        ("1\u00a0234", 1234.0),
        ("-5", -5.0),
        ("−5", -5.0),
        ("－5", -5.0),
        ("+3", 3.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
    ],
)
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert parse_number(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        ".",
        "%",
        "1,23",
        "12,34,567",
        "1.2.3",
        "NaN",
        "inf",
        "1e999",
        "0x10",
        "12台",
        "１０人",
        "٣",
        "1 2",
        "e5",
        "--5",
        "九",
    ],
)
def test_half_understood_is_no_number(text: str) -> None:
    assert parse_number(text) is None


def test_decimal_comma_and_suffixes() -> None:
    assert parse_number("1.234,5", ",") == 1234.5
    assert parse_number("1.234", ",") == 1234.0
    assert parse_number("1,234", ",") == 1.234
    assert parse_number("100 Mbps", suffixes=("Mbps",)) == 100.0
    assert parse_number("３０台", suffixes=("台",)) == 30.0
    assert parse_number("台", suffixes=("台",)) is None


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+86 10", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", " =1", "-abc"]
)
def test_formula_like_is_seen_and_escaped(text: str) -> None:
    assert formula_like(text)
    assert escape_formula(text) == "'" + text


@pytest.mark.parametrize("text", ["", "-5", "+3", "-1,234", "-", "--", "——", "abc", "1=2", "实验小学", "12%"])
def test_harmless_text_stays(text: str) -> None:
    assert not formula_like(text)
    assert escape_formula(text) == text


def test_tidy_keeps_width_and_code_folds_it() -> None:
    assert tidy(" 实验\u3000小学（\u200b北）\u00a0") == "实验 小学（北）"
    assert code_of("'３３０１　") == "3301"


def test_shorten_hides_control_characters() -> None:
    assert shorten("a\0b\u202ec") == "a�b�c"
    assert shorten("x" * 100) == "x" * 79 + "…"


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (33, "AH"), (701, "ZZ"), (16383, "XFD")]
)
def test_letters(index: int, letter: str) -> None:
    assert column_letter(index) == letter
    assert column_index(letter) == index
