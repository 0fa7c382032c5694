"""Every text of the table engine stands in the table of translations, word for word."""

from __future__ import annotations

import string

import pytest
from django.utils.translation import override

from xingtan.domains.indicators import messages
from xingtan.engines.tables import MappingError, TableError, parse_mapping
from xingtan.engines.tables import messages as engine


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (messages.TABLE_ERRORS, engine.TABLE_ERRORS),
        (messages.ISSUES, engine.ISSUES),
        (messages.PROGRESS, engine.PROGRESS),
    ],
)
def test_texts_are_those_of_the_engine(ours: dict[str, object], theirs: dict[str, str]) -> None:
    with override("en"):
        assert {code: str(text) for code, text in ours.items()} == theirs


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_translations_keep_the_placeholders(language: str) -> None:
    for table in (messages.TABLE_ERRORS, messages.ISSUES, messages.PROGRESS):
        for code, text in table.items():
            with override("en"):
                wanted = {field for _, field, _, _ in string.Formatter().parse(str(text)) if field}
            with override(language):
                assert {field for _, field, _, _ in string.Formatter().parse(str(text)) if field} == wanted, code


def test_every_kind_of_issue_and_severity_has_a_name() -> None:
    assert set(messages.KINDS) == set(engine.ISSUES)
    assert set(messages.SEVERITIES) == {"error", "warning", "info"}


def test_words_of_the_engine_inside_of_sentences() -> None:
    with override("en"):
        text = messages.text_of("sentinel", {"sentinel": "9", "reason": "not_applicable"})
        assert "read as not applicable" in text
        assert messages.text_of("coordinate_missing", {"axis": "latitude"}) == "The latitude is missing."
        assert messages.table_error(TableError("format_unknown", found="a PDF")).startswith("This is a PDF,")
    with pytest.raises(KeyError):
        messages.text_of("no_such_code", {})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("version = ", "file"),
        ("version = 2", "version"),
        ('version = 1\nname = ""', "name"),
        ('version = 1\nname = "x"', "unit"),
        ('version = 1\nname = "x"\n[unit]\ncode = 7', ""),
        ('version = 1\nname = "x"\n[unit]\ncode = "a"\ncolour = 1', "unit.colour"),
        ('version = 1\nname = "x"\n[unit]\ncode = "a"\ncode_pattern = "("', "unit.code_pattern"),
        ('version = 1\nname = "x"\n[unit]\ncode = "a"\n[[element]]\ncode = "室"\ncolumn = "b"', "element[0].code"),
        ('version = 1\nname = "x"\n[unit]\ncode = "a"\n[source]\ndecimal = ";"', "source.decimal"),
        (
            'version = 1\nname = "x"\n[unit]\ncode = "a"\n[coordinates]\nlatitude = "b"\nlongitude = "c"',
            "coordinates.box",
        ),
        ('version = 1\nname = "x"\n[unit]\ncode = "a"\n[[filter]]\ncolumn = "b"', "filter[0].in"),
    ],
)
def test_mapping_errors_name_the_key_and_are_known(text: str, key: str) -> None:
    if not key:
        parse_mapping(text)
        return
    with pytest.raises(MappingError) as caught:
        parse_mapping(text)
    assert caught.value.key == key
    with override("en"):
        assert key in messages.mapping_error(caught.value)
    assert any(pattern.fullmatch(caught.value.problem) for pattern, _ in messages._patterns()), caught.value.problem
