"""The pages and components as a browser receives them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.utils.translation import override

from xingtan.platform.ui import assets, living, samples
from xingtan.platform.ui.components import Tile
from xingtan.platform.ui.templatetags.ui import form_errors, job_progress

pytestmark = [
    pytest.mark.urls("xingtan.platform.ui.tests.urls"),
    pytest.mark.skipif(not (assets.DIST / "icons.json").exists(), reason=assets.HOW_TO_BUILD),
]

PAGES = {"all": living.living, "wall": living.wall, "public": living.login_look, "form": living.form_look}


def page(name: str, **cookies: str) -> str:
    request = RequestFactory().get("/ui/")
    request.COOKIES.update(cookies)
    return PAGES[name](request).content.decode()


def render(source: str, **values: object) -> str:
    context = {"request": RequestFactory().get("/list/?q=a&page=3&sort=name"), **values}
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_keep_the_content_security_policy(name: str, language: str) -> None:
    with override(language):
        html = page(name)
    assert not re.search(r"<[^>]+\sstyle=", html), "inline style"
    assert not re.search(r"<[^>]+\son[a-z]+=", html), "inline handler"
    scripts = re.findall(r"<script([^>]*)>", html)
    assert scripts
    assert all("src=" in attributes or "application/json" in attributes for attributes in scripts)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!testserver)', html), "an address of another host"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_id_is_there_once_and_every_reference_leads_to_one(name: str) -> None:
    html = page(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for attribute in ("for", "aria-labelledby", "aria-controls", "data-xt-chart"):
        for value in re.findall(rf'\s{attribute}="([^"]+)"', html):
            assert set(value.split()) <= set(ids), (attribute, value)


@pytest.mark.parametrize("name", sorted(living.ERROR_PAGES))
def test_error_pages_say_what_to_do(name: str) -> None:
    html = living.error_look(RequestFactory().get("/"), name).content.decode()
    assert "<h1" in html
    assert html.count("<li>") >= 1


def test_choices_are_in_the_page_from_the_start() -> None:
    html = page("all", xt_size="large", xt_contrast="high", xt_theme="dark")
    assert 'data-xt-size="large"' in html
    assert 'data-xt-contrast="high"' in html
    assert 'data-bs-theme="dark"' in html
    assert 'data-xt-size="standard"' in page("all", xt_size='"><script>')


def post(data: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    client = Client()
    response = client.post("/preferences/", data)
    return response.status_code, response.headers.get("Location", ""), {k: m.value for k, m in client.cookies.items()}


@pytest.mark.django_db
def test_preferences_are_remembered_and_lead_back() -> None:
    assert post({"size": "large", "next": "/ui/?q=1"}) == (302, "/ui/?q=1", {"xt_size": "large"})
    assert post({"language": "en"}) == (302, "/", {"django_language": "en"})


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_preferences_lead_nowhere_else(target: str) -> None:
    assert post({"size": "large", "next": target})[1] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"size": "huge"}, {"colour": "red"}, {"size": "large", "language": "xx"}])
def test_unknown_preferences_change_nothing(data: dict[str, str]) -> None:
    status, _, cookies = post(data)
    assert (status, cookies) == (400, {})


def test_a_figure_without_a_value_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="no reason"):
        Tile("x", None)
    assert "未填报" in render("{% figure None '%' 1 reason %}", reason="未填报")


def test_sorting_turns_round_and_forgets_the_page() -> None:
    column = samples.table().columns[0]
    html = render("{% sort_header column 'name' %}", column=column)
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=a&amp;sort=-name"' in html


def test_paging_keeps_the_search() -> None:
    assert 'href="?q=a&amp;sort=name&amp;page=12"' in render("{% paging state %}", state=samples.table().paging)


def test_errors_lead_to_their_fields() -> None:
    html = page("form")
    for error in form_errors(samples.bad_form())["errors"]:
        assert f'href="#{error.anchor}"' in html
        assert f'id="{error.anchor}"' in html


def test_polling_ends_with_the_job() -> None:
    running = render("{% job_progress '/job/1/' 40 'step' %}")
    assert 'hx-get="/job/1/"' in running
    assert 'value="40"' in running
    assert "hx-get" not in render("{% job_progress '/job/1/' 100 'done' True %}")
    assert job_progress("/", 3)["finished"] is False


def test_texts_of_others_stay_texts() -> None:
    assert "<b>" not in render("{% badge text %}{% definition text text %}", text="<b>x</b>")
    spec = samples.charts()[0]
    hostile = type(spec)(kind=spec.kind, title="</script><b>", series=spec.series)
    assert "<b>" not in render("{% chart spec %}", spec=hostile)


def test_an_unknown_icon_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(TemplateSyntaxError, match=r"icons\.json"):
        render("{% icon 'no-such-icon' %}")


def test_a_missing_front_end_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="npm run build"):
        assets.entry_files("main", tmp_path)
    with pytest.raises(ImproperlyConfigured, match=r"no entry 'editor'; it has: .*main"):
        assets.entry_files("editor")


def test_an_entry_loads_what_it_imports_first(tmp_path: Path) -> None:
    (tmp_path / ".vite").mkdir()
    manifest = """{
      "a": {"file": "a.js", "name": "a", "isEntry": true, "imports": ["_c"], "css": ["a.css"]},
      "_c": {"file": "c.js", "imports": ["_d"], "css": ["c.css"]},
      "_d": {"file": "d.js", "imports": ["_c"], "css": ["c.css"]}
    }"""
    (tmp_path / ".vite" / "manifest.json").write_text(manifest)
    files = assets.entry_files("a", tmp_path)
    assert (files.script, files.styles) == ("a.js", ("c.css", "a.css"))
    assert sorted(files.preloads) == ["c.js", "d.js"]


def test_a_living_page_is_safe_to_read() -> None:
    request: HttpRequest = RequestFactory().post("/ui/")
    assert living.living(request).status_code == 405
