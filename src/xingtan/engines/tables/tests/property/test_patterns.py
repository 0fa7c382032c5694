"""Code patterns say what `re` says, without its exponential cases."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xingtan.engines.tables.mapping_file import parse_mapping
from xingtan.engines.tables.patterns import CodePattern, PatternError
from xingtan.engines.tables.types import MappingError

PATTERNS = (
    "[0-9]{8}", r"\d{10}", "^a+$", "(a|b)+c?", "a{2,4}b*", "(?:ab|a)(c|bcd)", "x{0}y", "[^a-c]+", "a.c", r"\.\-\w",
    "(a{2}){3}", "a?b?c?", "()*a", "{x}", "[]a]+", "a{,3}", "(aa?)*", "a{2,}", r"[一-鿿]+\d", "a|", r"1\$",
)  # fmt: skip


@settings(deadline=None)
@given(pattern=st.sampled_from(PATTERNS), text=st.text("abcdx1.-y]{,}3$一", max_size=10))
def test_it_agrees_with_re(pattern: str, text: str) -> None:
    # re lets $ match before a last line break; a code holds none
    assert CodePattern(pattern).matches(text) == bool(re.fullmatch(pattern, text, re.DOTALL))


@settings(deadline=None)
@given(st.text("()[]{}|*+?\\^$.,a19-", max_size=30))
def test_anything_is_read_or_refused(pattern: str) -> None:
    try:
        CodePattern(pattern).matches("aaaa")
    except PatternError:
        return
    re.compile(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a*)*b", "(a|aa)+b", "a*a*a*a*a*a*a*a*a*b", "(.*a){20}"])
def test_what_backtracks_for_ever_in_re_is_done_at_once(pattern: str) -> None:
    before = time.process_time()
    assert not CodePattern(pattern).matches("a" * 99 + "!")
    assert time.process_time() - before < 5, "re would need longer than the universe is old"


@pytest.mark.parametrize(
    "pattern",
    ["(" * 150, "(((a{1000}){1000}){1000})", "a**", "a{3,1}", "(?=a)", r"(a)\1", "[", "(", ")", "a^b", "[z-a]", "\\",
     "a|*", "x" * 300, "(?P<x>a)", r"\b", "(){9999}"],
)  # fmt: skip
def test_patterns_beyond_an_automaton_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        CodePattern(pattern)
    with pytest.raises(MappingError, match=r"unit\.code_pattern"):
        parse_mapping(f"version = 1\nname = 'x'\n[unit]\ncode = 'a'\ncode_pattern = '{pattern}'\n")


@pytest.mark.parametrize(
    "text",
    ["a" + ".a" * 100_000 + " = 1", "[" + "a." * 50_000 + "a]", "x = {" + "a . " * 50_000, '"a".' * 50_000,
     "version = 1" + "0" * 5000, "a = " + "[" * 20_000, "#" * 2_000_000],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_a_mapping_that_is_made_to_stop_the_server_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    with pytest.raises(MappingError, match="file"):
        parse_mapping(text)
    assert time.process_time() - before < 5
