"""The definition editor: checked while typing, tried without storing, saved as a new version."""

from __future__ import annotations

import pytest
from django.urls import reverse

from xingtan.domains.indicators.models import IndicatorVersion
from xingtan.domains.indicators.selectors.definitions import definition_of, versions_of
from xingtan.domains.indicators.views.figures.definition_forms import (
    DefinitionForm,
    ThresholdFormSet,
    initial_of,
    read_definition,
    thresholds_of,
)
from xingtan.engines.indicators import load_definitions


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def check(client, field, source):
    return text(client.post(reverse("definition_check") + f"?field={field}", {field: source}))


def posted(definition=None, **fields):
    """What the browser sends for a definition, with some fields changed."""
    data = {
        key: value for key, value in (initial_of(definition) if definition else {}).items() if value not in (None, "")
    }
    rows = thresholds_of(definition)
    data |= {"threshold-TOTAL_FORMS": len(rows) + 2, "threshold-INITIAL_FORMS": len(rows)}
    for number in range(len(rows) + 2):
        row = rows[number] if number < len(rows) else {"level": "any", "role": "threshold"}
        data |= {f"threshold-{number}-{key}": value for key, value in row.items() if value not in (None, "", False)}
    return {**data, **fields}


NEW = {
    "code": "LOC01", "name_zh": "接入学校数", "name_en": "schools online", "section": "INF", "status": "C", "kind": "sum",
    "value": "if(internet, 1, 0)", "direction": "up",
}  # fmt: skip


def test_the_live_check_says_what_an_expression_means(world, login, catalogue):
    page = check(login("city"), "numerator", "100*rooms_multimedia /（pupils_primary＋1）")
    assert "100 * rooms_multimedia / (pupils_primary + 1)" in page
    assert "100 × networked multimedia classrooms ÷ (primary pupils + 1)" in page
    assert check(login("city"), "numerator", "  ").strip() == ""


def test_the_live_check_points_at_the_character(world, login, catalogue):
    page = check(login("city"), "numerator", "100 * room_multimedia")
    assert "No element or attribute is called room_multimedia. Did you mean rooms_multimedia?" in page
    assert "100 * room_multimedia\n      ^^^^^^^^^^^^^^^" in page
    assert "must give a condition" in check(login("city"), "passes", "bandwidth")
    assert "must give a number" in check(login("city"), "value", "internet")


def test_the_live_check_shows_hostile_text_as_text(world, login, catalogue):
    page = check(login("city"), "numerator", "<script>alert(1)</script>")
    assert "<script>" not in page
    for source in ("(" * 5000, "9" * 400, "a" * 4001, "'", "\x00", "１÷０", "-" * 100 + "1"):
        check(login("city"), "numerator", source)
    assert login("city").post(reverse("definition_check") + "?field=password", {}).status_code == 404


def test_elements_are_found_by_name_and_code(world, login, catalogue):
    url = reverse("definition_elements")
    assert 'data-xt-insert="pupils_junior"' in text(login("city").get(url + "?element=初中"))
    assert 'data-xt-insert="bandwidth"' in text(login("city").get(url + "?element=UPLINK"))
    assert "No data element matches" in text(login("city").get(url + "?element=zzz"))


def test_a_preview_shows_figures_and_stores_nothing(world, login, computed):
    base = definition_of(versions_of("INF01")[0])
    data = posted(base, factor="1000", preview_period="2025")
    page = text(login("city").post(reverse("definition_preview") + "?code=INF01", data))
    assert "22.75" in page  # 43 ÷ 1890 × 1000
    assert "西山县" in page
    assert IndicatorVersion.objects.count() == 6
    page = text(login("city").post(reverse("definition_preview"), posted(base, numerator="rooms_multimedia +")))
    page = text(
        login("city").post(reverse("definition_preview"), posted(base, numerator="room", preview_period="2025"))
    )
    assert "Did you mean" in page or "No element" in page


def test_the_form_gives_back_every_definition_unchanged(catalogue):
    """Opening a version and saving it must not change it: also for what the form does not show."""
    from importlib.resources import files

    folder = files("xingtan.domains.indicators") / "catalogue"
    names = sorted(one.name for one in folder.iterdir() if one.name.startswith("indicators-"))
    shipped = [one for name in names for one in load_definitions((folder / name).read_text(encoding="utf-8"))]
    assert len(shipped) > 90
    for definition in (*shipped, *(definition_of(row) for row in IndicatorVersion.objects.all())):
        data = posted(definition)
        form = DefinitionForm(data, base=definition)
        rows = ThresholdFormSet(data, initial=thresholds_of(definition), prefix="threshold")
        again = read_definition(form, rows)
        assert again == definition, (definition.code, form.errors, rows.errors)


def test_a_new_indicator_is_saved(world, login, catalogue):
    response = login("city").post(reverse("definition_new"), posted(**NEW), follow=True)
    assert "A new version of LOC01 is saved" in text(response)
    assert response.redirect_chain[-1][0] == reverse("indicator", args=["LOC01"])
    assert definition_of(IndicatorVersion.objects.get(code="LOC01")).value == "if(internet, 1, 0)"


def test_a_new_version_keeps_the_old(world, login, catalogue):
    base = definition_of(versions_of("INF01")[0])
    url = reverse("definition_new") + "?code=INF01"
    page = text(login("city").get(url))
    assert "stage_split(rooms_multimedia, pupils_primary, pupils_junior)" in page
    data = posted(base, valid_from="2026-01-01", **{"threshold-0-value": "2.5", "threshold-1-DELETE": "on"})
    assert login("city").post(url, data).status_code == 302
    new, old = versions_of("INF01")
    assert old.body == base.to_dict()
    assert [one.value for one in definition_of(new).thresholds] == [2.5]
    assert definition_of(new).sources == base.sources
    response = login("city").post(url, data, follow=True)
    assert "already there" in text(response)
    assert IndicatorVersion.objects.filter(code="INF01").count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "loc1"}, "must be capital letters and two digits"),
        ({"value": "if(internet, 1"}, "This bracket is never closed"),
        ({"value": "internett"}, "Did you mean internet?"),
        ({"value": ""}, "this kind of computation needs it"),
        ({"kind": ""}, "a row that cannot be computed must say what data it needs"),
        ({"kind": "composite_cv", "value": "", "of": "INF99"}, "INF99 is not among the indicators"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "lies before the first day"),
        ({"grades": "many"}, "Write best + second"),
        ({"threshold-0-value": "1", "threshold-1-value": "2"}, "in force at once"),
        ({"threshold-0-value": "x"}, "This is not a number"),
        ({"min_coverage": "1.5"}, "must be 0 to 1"),
    ],
)
def test_a_mistake_comes_back_at_its_place(world, login, catalogue, fields, words):
    page = text(login("city").post(reverse("definition_new"), posted(**{**NEW, **fields})), status=422)
    assert words in page
    assert IndicatorVersion.objects.count() == 6


def test_an_unknown_indicator_has_no_editor(world, login, catalogue):
    assert login("city").get(reverse("definition_new") + "?code=XXX01").status_code == 404
