from __future__ import annotations

import io
from pathlib import Path

import pytest

from xingtan.platform.files import api
from xingtan.platform.orgscope.actor import Actor


def keep(actor: Actor, name: str, content: bytes, limit: int | None = None) -> object:
    return api.keep(
        actor=actor, org_path="0001", name=name, media_type="text/html", content=io.BytesIO(content), limit=limit
    )


def test_equal_bytes_are_kept_once_under_their_hash(db: None, system: Actor) -> None:
    one, two = keep(system, "a.html", b"<script>"), keep(system, "b.html", b"<script>")
    assert one.key == two.key and one.pk != two.pk
    with api.open_file(two) as stream:
        assert stream.read() == b"<script>"


def test_a_name_cannot_leave_the_store(db: None, system: Actor) -> None:
    assert keep(system, "../../etc/passwd", b"x").name == "passwd"
    assert keep(system, "..\\..\\x.xlsx", b"x").name == "x.xlsx"
    assert keep(system, "///", b"x").name == "file"


def test_past_the_limit_nothing_is_kept(db: None, system: Actor) -> None:
    with pytest.raises(api.FileTooLarge):
        keep(system, "a", b"x" * 11, limit=10)
    assert not api.StoredFile.objects.unscoped(reason="test").exists()


def test_a_type_that_can_carry_script_is_always_a_download(db: None, system: Actor) -> None:
    answer = api.response(keep(system, "报告 1.html", b"<script>"), inline=True)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "%E6%8A%A5%E5%91%8A" in answer["Content-Disposition"]


def test_a_file_cut_short_by_a_crash_is_written_anew(db: None, system: Actor) -> None:
    """kill -9 in the middle of writing: what stands under the hash must be whole before it counts."""
    row = keep(system, "a.bin", b"whole content")
    Path(api.default_storage.path(row.key)).write_bytes(b"whole")
    again = keep(system, "b.bin", b"whole content")
    with api.open_file(again) as stream:
        assert stream.read() == b"whole content"
    folder = Path(api.default_storage.path(row.key)).parent
    assert [path.name for path in folder.iterdir()] == [row.sha256], "nothing passing is left"
