import pytest

from xingtan.engines.tables import Guard, Limits, TableError, read_table, read_table_guarded
from xingtan.engines.tables.guard import guard_is_full
from xingtan.engines.tables.tests.corpus import SHEET_HEAD, SHEET_TAIL, bomb_sheet, raw_xlsx, xlsx
from xingtan.engines.tables.wire import decode_table, encode_table

full = pytest.mark.skipif(not guard_is_full(), reason="this platform does not limit a process's memory")
ROWS = [["代码", "名称", "值"], ["001", "㐀𠮷", 1.5], ["002", "=x", True], ["003", None, "１"]]


def same(a, b) -> bool:
    heads = all(
        getattr(a, f) == getattr(b, f) for f in ("format", "sheet", "sheets", "header_rows", "sha256", "notices")
    )
    return heads and a.head() == b.head() and a.source_rows.tolist() == b.source_rows.tolist()


def test_table_survives_the_wire() -> None:
    for table in (read_table(xlsx(ROWS)), read_table("代码,b\n1\n".encode("gb18030")), read_table(xlsx(ROWS[:1]))):
        assert same(decode_table(encode_table(table)), table)
    data = encode_table(read_table(xlsx(ROWS)))
    for cut in (0, 5, 20, len(data) - 1):
        with pytest.raises(ValueError):
            decode_table(data[:cut])


def test_guarded_reading_gives_the_same_table(tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(xlsx(ROWS))
    expected = read_table(path)
    assert same(read_table_guarded(path), expected)
    assert same(read_table_guarded(path.read_bytes(), header_rows=(1, 1), sheet="S"), expected)


def test_refusals_come_through_with_their_reason() -> None:
    with pytest.raises(TableError) as caught:
        read_table_guarded(b"a,b\n1,2\x00\n")
    assert (caught.value.reason, caught.value.params) == ("nul_byte", {"byte": 7, "row": 2})


@full
def test_the_bomb_needs_no_memory() -> None:
    with pytest.raises(TableError) as caught:
        read_table_guarded(raw_xlsx(bomb_sheet(4_000_000)), guard=Guard(memory_bytes=400 * 2**20))
    assert caught.value.reason == "archive_ratio"


@full
def test_memory_beyond_the_limit_is_refused() -> None:
    """With the first wall taken down: a rectangle of 2 GB between two cells."""
    sheet = SHEET_HEAD + b'<row><c r="A1"><v>1</v></c></row><row><c r="ALL100000"><v>1</v></c></row>' + SHEET_TAIL
    wide = Limits(cells=10**9, rows=10**6)
    with pytest.raises(TableError) as caught:
        read_table_guarded(raw_xlsx(sheet), limits=wide, guard=Guard(memory_bytes=600 * 2**20))
    assert caught.value.reason == "guard_memory"


@full
def test_processor_time_is_limited() -> None:
    rows = b"".join(
        b"<row>%s</row>" % (b"".join(b"<c><v>%d</v></c>" % (k * j * 7919 % 999_983) for j in range(1, 60)))
        for k in range(15_000)
    )
    with pytest.raises(TableError) as caught:
        read_table_guarded(raw_xlsx(SHEET_HEAD + rows + SHEET_TAIL), guard=Guard(cpu_seconds=1))
    assert caught.value.reason == "guard_cpu"


def test_wall_time_is_limited() -> None:
    with pytest.raises(TableError) as caught:
        read_table_guarded(xlsx(ROWS), guard=Guard(seconds=0.0))
    assert caught.value.reason == "guard_timeout"


def test_an_interpreter_that_fails_is_a_named_error(tmp_path) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\nexit 3\n")
    script.chmod(0o755)
    with pytest.raises(TableError) as caught:
        read_table_guarded(xlsx(ROWS), guard=Guard(python=str(script)))
    assert (caught.value.reason, caught.value.params) == ("guard_crash", {"status": 3})
