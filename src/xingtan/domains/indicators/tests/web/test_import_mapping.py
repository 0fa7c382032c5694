"""The mapping screen and the mapping file are the same thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from xingtan.domains.indicators.tests.web.import_helpers import (
    HEADER,
    MAPPING,
    ROWS,
    run_jobs,
    text_of,
    uploaded,
    workbook,
)
from xingtan.engines.tables import parse_mapping

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.usefixtures("catalogue")
HTMX = {"HTTP_HX_REQUEST": "true"}


def mapping_of(client: Any, draft: str) -> Any:
    return parse_mapping(client.get(f"{draft}mapping/file/").content.decode())


def save(client: Any, draft: str, letter: str, **data: Any) -> Any:
    return client.post(f"{draft}mapping/columns/{letter}/", data)


def test_a_column_becomes_another_element(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    answer = save(
        client, draft, "F", use="element", element="bandwidth_up", label="上行带宽", kind="number", unit="Mbit/s",
        multiplier="0.001", blank="unknown", sentinels="99999, -1 = not applicable", codes="",
    )  # fmt: skip
    assert answer.status_code == 302
    element = mapping_of(client, draft).elements[-1]
    assert (element.code, element.label, element.multiplier) == ("bandwidth_up", "上行带宽", 0.001)
    assert element.blank.name == "UNKNOWN"
    assert {key: reason.name for key, reason in element.sentinels.items()} == {
        "99999": "UNKNOWN", "-1": "NOT_APPLICABLE",
    }  # fmt: skip
    assert [e.code for e in mapping_of(client, draft).elements] == ["rooms_multimedia", "internet", "bandwidth_up"]
    page = text_of(client, f"{draft}mapping/columns/F/")
    assert "上行带宽" in page
    assert re.search(r'name="sentinels"[^>]* value="-1 = [^"]+, 99999"', page)


def test_saving_a_form_unchanged_changes_nothing(world: World, login: Any) -> None:
    """What the screen shows of an element, posted back, is the same element."""
    client = login("city")
    mapping = MAPPING + 'suffixes = ["M"]\nsentinels = { 9999 = "unknown", "无" = "not_applicable" }\nmax = 5000\n'
    draft = uploaded(client, workbook(), org=world.city, mapping=mapping)
    before = mapping_of(client, draft)
    for letter in "DEF":
        page = text_of(client, f"{draft}mapping/columns/{letter}/")
        data = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
        for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.S):
            chosen = re.search(r'value="(\w*)" selected', options)
            data[name] = chosen.group(1) if chosen else ""
        data.pop("csrfmiddlewaretoken")
        data.setdefault("codes", "")
        assert save(client, draft, letter, **data).status_code == 302
    assert mapping_of(client, draft) == before


def test_roles_of_the_unit(world: World, login: Any) -> None:
    client = login("city")
    header = [*HEADER, "学段", "城乡", "县码", "县名", "纬度", "经度", "年份"]
    more = ["小学", "城区", "A", "东湖区", 30.5, 114.3, 2025]
    draft = uploaded(client, workbook([[*row, *more] for row in ROWS], header), org=world.city, mapping=MAPPING)
    assert save(client, draft, "G", use="stage", value_0="primary").status_code == 302
    assert save(client, draft, "H", use="locale", value_0="urban").status_code == 302
    assert save(client, draft, "I", use="county_code").status_code == 302
    assert save(client, draft, "J", use="county_name").status_code == 302
    box = {"south": "29", "north": "32", "west": "113", "east": "116", "repair": "on"}
    assert save(client, draft, "K", use="latitude", partner="L", **box).status_code == 302
    assert save(client, draft, "M", use="period").status_code == 302
    assert save(client, draft, "C", use="status", value_0="paused", value_1="active").status_code == 302
    mapping = mapping_of(client, draft)
    assert mapping.unit.stage.codes == {"小学": "primary"}
    assert mapping.unit.locale.codes == {"城区": "urban"}
    assert (mapping.unit.parents[0].code, mapping.unit.parents[0].name) == ("县码", "县名")
    assert (mapping.coordinates.latitude, mapping.coordinates.longitude) == ("纬度", "经度")
    assert mapping.coordinates.repair
    assert mapping.period.column == "年份"
    assert (mapping.unit.status.active, mapping.unit.status.paused) == (("在办",), ("停办",))
    assert save(client, draft, "K", use="ignore").status_code == 302
    assert save(client, draft, "C", use="ignore").status_code == 302
    mapping = mapping_of(client, draft)
    assert mapping.coordinates is None
    assert mapping.unit.status is None


@pytest.mark.parametrize(
    ("letter", "data"),
    [
        ("A", {"use": "ignore"}),  # the school code cannot go away
        ("F", {"use": "element", "element": "internet", "blank": "unknown"}),  # is another column already
        ("F", {"use": "element", "element": "有中文", "blank": "unknown"}),
        ("F", {"use": "element", "element": "x", "blank": "unknown", "multiplier": "0"}),
        ("F", {"use": "element", "element": "x", "blank": "unknown", "sentinels": "9 = perhaps"}),
        ("F", {"use": "element", "element": "x", "blank": "unknown", "codes": "yes"}),
        ("F", {"use": "latitude", "partner": "E", "south": "9", "north": "1", "west": "1", "east": "2"}),
        ("C", {"use": "status", "value_0": "paused", "value_1": "paused"}),
    ],
)
def test_choices_without_sense_are_refused(world: World, login: Any, letter: str, data: dict[str, str]) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    before = mapping_of(client, draft)
    answer = save(client, draft, letter, **data)
    assert answer.status_code == 422
    assert "xt-form-errors" in answer.content.decode()
    assert mapping_of(client, draft) == before


def test_a_rule_keeps_its_element(world: World, login: Any) -> None:
    client = login("city")
    rule = '\n[[rule]]\ncode = "speed"\nleft = "bandwidth"\nop = ">="\nright = "0"\n'
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING + rule)
    answer = save(client, draft, "F", use="ignore")
    assert answer.status_code == 422
    assert "speed" in answer.content.decode()


def test_search_filter_and_counts(world: World, login: Any) -> None:
    client = login("city")
    header = [*HEADER, *(f"其他{number}" for number in range(300))]
    rows = [[*row, *([n] * 300)] for n, row in enumerate(ROWS)]
    draft = uploaded(client, workbook(rows, header), org=world.city, mapping=MAPPING)
    page = text_of(client, f"{draft}mapping/")
    assert page.count('<tr id="column-') == 50, "306 columns do not come at once"
    assert page.count('<tr id="column-') == text_of(client, f"{draft}mapping/", page="2").count('<tr id="column-')
    assert 'id="column-D"' in text_of(client, f"{draft}mapping/", q="多媒体")
    assert text_of(client, f"{draft}mapping/", q="KT").count('<tr id="column-') == 1
    assert text_of(client, f"{draft}mapping/", show="mapped").count('<tr id="column-') == 6
    assert 'id="column-D"' not in text_of(client, f"{draft}mapping/", show="unmapped")


def test_suspicious_columns_until_the_code_is_declared(world: World, login: Any) -> None:
    client = login("city")
    rows = [[f"X{n}", f"学校{n}", "在办", n % 7, "是", 88888 if n == 3 else n] for n in range(30)]
    draft = uploaded(client, workbook(rows), org=world.city, mapping=MAPPING)
    assert 'id="column-F"' in text_of(client, f"{draft}mapping/", show="suspicious")
    save(client, draft, "F", use="element", element="bandwidth", blank="unknown", sentinels="88888")
    assert 'id="column-F"' not in text_of(client, f"{draft}mapping/", show="suspicious")


def test_in_place_editing_answers_with_the_row_and_the_counts(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    form = client.get(f"{draft}mapping/columns/F/", {"use": "stage"}, **HTMX).content.decode()
    assert form.lstrip().startswith("<tr")
    assert 'name="value_0"' in form
    answer = client.post(f"{draft}mapping/columns/F/", {"use": "ignore"}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<tr id="column-F"' in text
    assert "hx-swap-oob" in text
    assert "<html" not in text
    cancelled = client.get(f"{draft}mapping/columns/F/", {"cancel": "1"}, **HTMX).content.decode()
    assert '<tr id="column-F"' in cancelled


def test_without_school_code_the_first_step_is_to_choose_it(world: World, login: Any) -> None:
    client = login("city")
    rows = [["同名", n] for n in (5, 5, 7)]
    draft = uploaded(client, workbook(rows, ["名", "数"]), org=world.city)
    assert client.get(f"{draft}mapping/file/").status_code == 404
    assert save(client, draft, "B", use="element", element="internet", blank="unknown").status_code == 422
    assert save(client, draft, "B", use="code").status_code == 302
    assert mapping_of(client, draft).unit.code == "数"


def test_text_editing_names_the_key(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    wrong = MAPPING.replace('kind = "boolean"', 'kind = "perhaps"')
    answer = client.post(f"{draft}mapping/text/", {"text": wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "element[1].kind" in page
    assert "perhaps" in page, "what was typed is still there"
    assert client.get(f"{draft}mapping/file/").content.decode() == MAPPING
    better = MAPPING.replace("出口带宽", "接入互联网", 1) + "# a remark\n"
    assert client.post(f"{draft}mapping/text/", {"text": better.replace("\n", "\r\n")}).status_code == 302
    assert client.get(f"{draft}mapping/file/").content.decode() == better


def test_upload_of_a_mapping_file(world: World, login: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = login("city")
    draft = uploaded(client, workbook(), org=world.city)
    for content, status in (
        (MAPPING.encode("utf-16"), 422),
        (b"version = 7", 422),
        (b"x" * (1024 * 1024 + 1), 422),
        (b"\xef\xbb\xbf" + MAPPING.encode(), 302),
    ):
        answer = client.post(f"{draft}mapping/text/", {"file": SimpleUploadedFile("m.toml", content)})
        assert answer.status_code == status
    assert mapping_of(client, draft) == parse_mapping(MAPPING)


def test_kept_for_next_year(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    assert client.post(f"{draft}mapping/keep/", {"name": " 年报  表 "}).status_code == 302
    from xingtan.domains.indicators.models import MappingTemplate

    template = MappingTemplate.objects.unscoped(reason="test").get()
    assert (template.name, template.text) == ("年报 表", MAPPING)
    client.post(f"{draft}mapping/text/", {"text": MAPPING.replace('"test"', '"later"')})
    client.post(f"{draft}mapping/keep/", {"name": "年报 表"})
    assert 'name = "later"' in MappingTemplate.objects.unscoped(reason="test").get().text, "one name, one mapping"

    other = uploaded(client, workbook(), org=world.city, period="2026", template=str(template.pk))
    assert mapping_of(client, other).name == "later"
    client.post(f"{other}mapping/take/", {"template": ""})
    assert mapping_of(client, other).name == "学校.xlsx", "back to the proposal"
    client.post(f"{other}mapping/take/", {"template": str(template.pk)})
    assert mapping_of(client, other).name == "later"


def test_a_county_may_use_what_its_city_keeps_but_not_what_another_county_keeps(world: World, login: Any) -> None:
    from xingtan.domains.indicators.models import MappingTemplate

    for path, name in (("YZ", "city"), ("A", "mine"), ("B", "theirs")):
        MappingTemplate.objects.create(org_path=world.paths[path], name=name, text=MAPPING)
    client = login("county_a")
    draft = uploaded(client, workbook(ROWS[:3]), org=world.counties["A"])
    page = text_of(client, f"{draft}mapping/")
    assert ">city<" in page
    assert ">mine<" in page
    assert ">theirs<" not in page
    ids = dict(MappingTemplate.objects.unscoped(reason="test").values_list("name", "pk"))
    assert client.post(f"{draft}mapping/take/", {"template": ids["theirs"]}).status_code == 404
    assert client.post(f"{draft}mapping/take/", {"template": ids["city"]}).status_code == 302


def test_options_are_the_source_of_the_mapping(world: World, login: Any) -> None:
    client = login("city")
    draft = uploaded(client, workbook(), org=world.city, mapping=MAPPING)
    data = {"header_rows": "1", "decimal": ",", "sentinels": "88888, 9 = not applicable", "sheet": ""}
    assert client.post(f"{draft}mapping/options/", data).status_code == 302
    run_jobs()
    mapping = mapping_of(client, draft)
    assert (mapping.source.header_rows, mapping.source.decimal) == (1, ",")
    assert {key: reason.name for key, reason in mapping.sentinels.items()} == {
        "88888": "UNKNOWN", "9": "NOT_APPLICABLE",
    }  # fmt: skip
    page = text_of(client, f"{draft}mapping/options/")
    assert "88888, 9 = " in page
    for wrong in ({"header_rows": "3-2"}, {"header_rows": "x"}, {"sentinels": "1 = never"}, {"decimal": ";"}):
        assert client.post(f"{draft}mapping/options/", {**data, **wrong}).status_code == 422
