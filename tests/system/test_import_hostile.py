"""Hostile and broken tables: a clear refusal from the guarded reader, and nothing half stored."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from conftest import World

MAPPING = """
version = 1
name = "hostile"
[unit]
code = "code"
name = "name"
[[element]]
code = "rooms"
column = "rooms"
"""
ROWS: list[list[Any]] = [["code", "name", "rooms"], ["A1", "one", 1], ["A2", "two", 2], ["B1", "three", 3]]
BOMB_BYTES = 186_000_000


def workbook(rows: list[list[Any]] = ROWS, merges: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for area in merges:
        sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """A good workbook with its parts changed."""
    source, stream = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return stream.getvalue()


def bomb() -> bytes:
    """A few hundred kB that unpack to 186 MB."""
    content = repacked(lambda name, part: part + b" " * BOMB_BYTES if name.endswith("sheet1.xml") else part)
    assert len(content) < 1_000_000
    return content


def laughs() -> bytes:
    """Nine levels of entities, ten times each: a billion laughs."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE worksheet [<!ENTITY l0 "lol">{levels}]>'.encode()

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        start = part.index(b"<worksheet")
        return part[:start] + head + part[start:].replace(b"<v>1</v>", b"<v>&l9;</v>")

    return repacked(change)


def cut_off() -> bytes:
    content = workbook()
    return content[: len(content) * 2 // 3]


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "zip bomb": (bomb, {"archive_ratio", "archive_size"}),
    "billion laughs": (laughs, {"xml_dtd"}),
    "cut off": (cut_off, {"archive_broken"}),
    "noise": (lambda: random.Random(7).randbytes(200_000), {"nul_byte", "control_bytes", "format_unknown"}),
    "noise in a zip": (lambda: b"PK\x03\x04" + random.Random(8).randbytes(50_000), {"archive_broken"}),
    "an empty zip": (lambda: b"PK\x05\x06" + b"\0" * 18, {"archive_broken", "format_unknown", "parse_failed"}),
    "pdf": (lambda: b"%PDF-1.7\n" + b"x" * 1000, {"format_unknown"}),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 1000, {"format_unknown"}),
    "html with an Excel name": (lambda: b"<html><table><tr><td>code</td></tr></table></html>", {"format_html"}),
    "mixed encodings": (
        lambda: "code,name,rooms\nA1,东湖,1\n".encode() + "A2,西山,2\n".encode("gb18030"), {"encoding_mixed"},
    ),
    "no encoding": (
        lambda: b"code,name,rooms\nA1,\xff\xff\xfe,1\n", {"encoding_unknown", "encoding_mixed", "encoding_broken"},
    ),
    "null bytes": (lambda: b"code,name,rooms\nA1,o\0ne,1\n", {"nul_byte"}),
    "open quotation mark": (lambda: b'code,name,rooms\nA1,"one,1\nA2,two,2\n', {"csv_quotes"}),
    "shifted columns": (lambda: b"code,name,rooms\nA1,one,1\nA2,t,w,o,2\n", {"csv_ragged"}),
    "blanks only": (lambda: b" \n \n\t\n", {"sheet_empty", "file_empty"}),
}  # fmt: skip


def bring(actor: Any, world: World, content: bytes, mapping: str = MAPPING, name: str = "t.xlsx") -> Any:
    """Upload and let the worker look at it; the draft."""
    from xingtan.domains.indicators.services import imports
    from xingtan.domains.indicators.services.periods import period_ensure
    from xingtan.platform.jobs import api as jobs

    draft = imports.draft_create(
        actor=actor, org_path=world.paths["YZ"], period_id=period_ensure(code="2025").id, name=name,
        content=io.BytesIO(content), mapping=mapping,
    )  # fmt: skip
    draft.refresh_from_db()
    jobs.run(draft.job_id)
    return draft


def step(actor: Any, draft: Any, name: str) -> Any:
    """Do a step of a draft as the worker would; its job."""
    from xingtan.domains.indicators.services import imports
    from xingtan.platform.jobs import api as jobs

    job_id = imports.draft_start(actor=actor, draft_id=draft.pk, step=name, warnings_read=True)
    jobs.run(job_id)
    draft.refresh_from_db()
    return job_of(draft)


def job_of(draft: Any) -> Any:
    from xingtan.platform.jobs.models import Job

    return Job.objects.unscoped(reason="test").get(pk=draft.job_id)


def stored() -> tuple[int, int, int, int]:
    from django.apps import apps

    models = ("indicators.Batch", "indicators.Observation", "directory.OrgUnitVersion", "indicators.DataElement")
    return tuple(apps.get_model(model)._base_manager.count() for model in models)  # type: ignore[return-value]


def pattern(code: str) -> re.Pattern[str]:
    """What the text of a table error looks like in the language of the jobs."""
    from xingtan.domains.indicators.messages import TABLE_ERRORS

    with override("zh-hans"):
        return re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(str(TABLE_ERRORS[code]))), re.DOTALL)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_clearly(world: World, kind: str) -> None:
    make, codes = HOSTILE[kind]
    actor = world.actor("city")
    before = stored()
    draft = bring(actor, world, make())
    job = job_of(draft)
    assert job.state == "failed"
    assert job.attempts == 1, "trying again would not help"
    assert any(pattern(code).fullmatch(job.failure) for code in codes), job.failure
    assert step(actor, draft, "check").state == "failed"
    assert draft.state == "mapped"
    assert stored() == before


def test_merged_headers_are_understood(world: World) -> None:
    """Group headings over merged cells become part of the columns' names; none is lost or shifted."""
    rows = [
        ["学校设施年报", None, None, None], ["code", "name", "教室", None], [None, None, "总数", "多媒体"],
        ["A1", "one", 10, 4], ["A2", "two", 20, 5],
    ]  # fmt: skip
    content = workbook(rows, ("A1:D1", "A2:A3", "B2:B3", "C2:D2"))
    mapping = MAPPING.replace('column = "rooms"', 'column = "多媒体"')
    actor = world.actor("city")
    draft = bring(actor, world, content, mapping)
    assert step(actor, draft, "check").state == "done"
    headers = [column["header"] for column in draft.inspection["columns"]]
    assert headers == ["code", "name", "教室 / 总数", "教室 / 多媒体"]
    assert draft.state == "checked", draft.report
    assert step(actor, draft, "apply").state == "done"
    from xingtan.domains.indicators.api import cell_table

    table = cell_table(actor=actor, period_id=draft.period_id)
    assert sorted(table.values[:, table.elements.index("rooms")].tolist()) == [4, 5]


DANGER = "=cmd|'/C calc'!A0"


def test_formulas_stay_text_all_the_way(world: World) -> None:
    """A name that begins like a formula is warned of, kept as text, and no formula in the Excel list of issues."""
    from xingtan.platform.files import api as files
    from xingtan.platform.files.models import StoredFile

    # As a CSV, since a spreadsheet would hold the first as a real formula.
    lines = ["code,name,rooms", f'A1,"{DANGER}",1', "A2,@SUM(1+9),2", f'B1,three,"{DANGER}"']
    actor = world.actor("city")
    draft = bring(actor, world, "\n".join(lines).encode(), name="t.csv")
    assert step(actor, draft, "check").state == "done"
    assert draft.state == "blocked", "a formula is no number"
    found = {(issue["code"], issue["row"]) for issue in draft.report["issues"]}
    assert {("formula_like", 2), ("formula_like", 3), ("not_a_number", 4)} <= found
    book = load_workbook(
        files.open_file(StoredFile.objects.unscoped(reason="test").get(pk=draft.report["issues_file"]))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(DANGER in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_excel_formulas_give_their_stored_result(world: World) -> None:
    """openpyxl writes formulas without a result: the cells count as blank, nothing is computed by us."""
    rows = [ROWS[0], ["A1", "one", "=1+1"], ["A2", "two", '=HYPERLINK("http://example.org")']]
    actor = world.actor("city")
    draft = bring(actor, world, workbook(rows))
    assert step(actor, draft, "check").state == "done"
    column = draft.inspection["columns"][2]
    assert column["blank"] == 1.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_offices_are_read(world: World, encoding: str) -> None:
    lines = [
        "学校代码,学校名称,教室数",
        *(f"{code},东湖区第{n}小学,{n}" for n, code in enumerate(("A1", "A2", "B1"), 1)),
    ]
    mapping = MAPPING.replace('"code"\nname = "name"', '"学校代码"\nname = "学校名称"').replace(
        '"rooms"\n', '"教室数"\n'
    )
    mapping = mapping.replace('code = "教室数"', 'code = "rooms"')
    actor = world.actor("city")
    draft = bring(actor, world, "\n".join(lines).encode(encoding), mapping, name="t.csv")
    assert step(actor, draft, "check").state == "done"
    assert draft.state == "checked", draft.report
    assert draft.report["rows"] == 3


def test_an_xlsx_that_lies_about_its_size(world: World) -> None:
    """The directory of the archive declares little, the part holds much."""
    content = bytearray(repacked(lambda name, part: part + b" " * 5_000_000 if name.endswith("sheet1.xml") else part))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    draft = bring(world.actor("city"), world, bytes(content))
    assert job_of(draft).state == "failed"
    assert stored()[0] == 0


def test_characters_no_database_takes(world: World) -> None:
    """NUL and half a character pair, as a workbook may hold them, become replacement characters everywhere."""
    from xingtan.domains.directory import api as directory

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"one<", b"o_x0000_n_xD800_e<").replace(b"rooms<", b"rooms_x0001_<")

    actor = world.actor("city")
    draft = bring(actor, world, repacked(change), MAPPING.replace('"rooms"\n', '"rooms"\nlabel = "rooms"\n', 1))
    draft.refresh_from_db()
    assert job_of(draft).state == "done", job_of(draft).failure
    assert draft.inspection["columns"][2]["header"] == "rooms\ufffd"
    mapping = MAPPING.replace('column = "rooms"', 'column = "#C"')
    draft = bring(actor, world, repacked(change), mapping)
    assert step(actor, draft, "check").state == "done"
    assert step(actor, draft, "apply").state == "done"
    names = {unit.code: unit.name for unit in directory.units_on(actor=actor, day=draft.period.ends)}
    assert "\0" not in names["A1"]
    assert "\ufffd" in names["A1"]


def test_control_characters_in_a_mapping_are_refused(world: World) -> None:
    from xingtan.engines.tables import MappingError

    with pytest.raises(MappingError) as caught:
        bring(
            world.actor("city"),
            world,
            workbook(),
            MAPPING.replace('code = "rooms"', 'code = "rooms"\nlabel = "a\\u0000b"'),
        )
    assert caught.value.key == "element[0].label"


def test_null_characters_in_addresses_and_forms(world: World, login: Any) -> None:
    client = login("city")
    draft = bring(world.actor("city"), world, workbook())
    assert client.get("/indicators/imports/", {"q": "a\0b"}).status_code == 200
    assert client.post(f"/indicators/imports/{draft.pk}/mapping/keep/", {"name": "a\0b"}).status_code == 302
    assert client.post(f"/indicators/imports/{draft.pk}/mapping/text/", {"text": MAPPING + "\0"}).status_code == 422
    answer = client.post(
        f"/indicators/imports/{draft.pk}/mapping/columns/C/", {"use": "element", "element": "x", "label": "a\0"}
    )
    assert answer.status_code == 422
