"""杭州 2021: 下城区 330103 was merged away, 临平区 330113 and 钱塘区 330114 were created."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from xingtan.domains.directory import api
from xingtan.domains.directory.types import DivisionData
from xingtan.platform.orgscope.actor import Actor

CHANGE = date(2021, 4, 9)
HANGZHOU = """code,name,valid_from,valid_to
330103,下城区,1980-01-01,2021-04-09
330105,拱墅区,1980-01-01,
330110,余杭区,2001-02-02,
330113,临平区,2021-04-09,
330114,钱塘区,2021-04-09,
"""


def load(folder: Path, text: str) -> None:
    file = folder / "codes.csv"
    file.write_text(text, encoding="utf-8")
    call_command("xingtan_codes", str(file))


def test_a_code_means_what_it_meant_on_the_day(db: None, tmp_path: Path) -> None:
    load(tmp_path, HANGZHOU)
    before, after = date(2021, 4, 8), CHANGE
    assert api.division_on(code="330103", day=before).name == "下城区"  # type: ignore[union-attr]
    assert api.division_on(code="330103", day=after) is None
    assert api.division_on(code="330113", day=before) is None
    assert api.division_on(code="330113", day=after).name == "临平区"  # type: ignore[union-attr]


def test_loading_twice_is_loading_once(db: None, tmp_path: Path) -> None:
    load(tmp_path, HANGZHOU)
    load(tmp_path, HANGZHOU)
    assert api.division_on(code="330114", day=CHANGE) == DivisionData("330114", "钱塘区", CHANGE, None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("330103,重名区,2000-01-01,", "at the same time"), ("33010,短码,2000-01-01,", "six-digit"),
        ("330199,倒错,2022-01-01,2021-01-01", "before it starts"), ("330199,坏日期,2022-13-01,", "line 7"),
        ("330199,缺列", "line 7"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_whole(db: None, tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        load(tmp_path, HANGZHOU + line + "\n")
    assert api.division_on(code="330105", day=CHANGE) is None


def test_only_the_whole_city_loads_codes(db: None) -> None:
    from xingtan.platform.orgscope.actor import ANONYMOUS, PermissionRefused

    with pytest.raises(PermissionRefused):
        api.divisions_load(actor=ANONYMOUS, rows=[])


def test_the_system_actor_states_its_reason() -> None:
    from xingtan.platform.orgscope.actor import system_actor

    with pytest.raises(ValueError, match="reason"):
        system_actor("")
    assert isinstance(system_actor("x"), Actor)
