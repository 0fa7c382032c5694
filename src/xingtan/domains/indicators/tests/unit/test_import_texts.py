"""Lists of codes as people type them."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from xingtan.domains.indicators.views.imports import texts
from xingtan.engines.tables import Reason

REASONS = st.sampled_from([reason for reason in Reason if reason is not Reason.REPORTED])
WORD = st.text(st.characters(categories=("L", "N"), max_codepoint=0x9FFF), min_size=1, max_size=8)


def test_sentinels() -> None:
    with override("en"):
        found = texts.read_sentinels("88888, 99999；无 = not applicable、- = suppressed\n")
    assert found == {
        "88888": Reason.UNKNOWN, "99999": Reason.UNKNOWN, "无": Reason.NOT_APPLICABLE, "-": Reason.SUPPRESSED,
    }  # fmt: skip
    assert texts.read_sentinels("") == {}


def test_codes() -> None:
    with override("en"):
        assert texts.read_codes("是 = 1\n否=0；9 = not_reported\n\n>=3 = 2") == {
            "是": 1.0, "否": 0.0, "9": Reason.NOT_REPORTED, ">=3": 2.0,
        }  # fmt: skip


@pytest.mark.parametrize("text", ["yes", "= 3", "9 = sometimes", "9 ="])
def test_a_wrong_part_is_named(text: str) -> None:
    with pytest.raises(texts.ListError) as caught:
        texts.read_codes(text)
    assert text in str(caught.value)


@given(st.dictionaries(WORD, REASONS))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sentinels_come_back(language: str, sentinels: dict[str, Reason]) -> None:
    with override(language):
        assert texts.read_sentinels(texts.write_sentinels(sentinels)) == sentinels


@given(st.dictionaries(WORD, st.one_of(REASONS, st.integers(-(10**6), 10**6).map(float))))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_codes_come_back(language: str, codes: dict[str, float | Reason]) -> None:
    with override(language):
        assert texts.read_codes(texts.write_codes(codes)) == codes
