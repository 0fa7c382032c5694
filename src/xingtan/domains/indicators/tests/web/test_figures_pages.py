"""Figure pages, the catalogue and computations in the browser's eyes."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from xingtan.domains.directory.models import OrgUnitVersion
from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import IndicatorVersion, Observation, Run
from xingtan.domains.indicators.services.corrections import cell_correct_and_refresh
from xingtan.platform.jobs import api as jobs
from xingtan.platform.jobs.models import Job


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def figure(run, org_id, code="INF01", name="all", view="figure"):
    return reverse(view, args=[run.id, org_id, code, name])


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def sheet_rows(response, number=0):
    book = load_workbook(io.BytesIO(b"".join(response) if response.streaming else response.content))
    return [list(row) for row in book.worksheets[number].iter_rows(values_only=True)]


def test_the_city_sees_number_formula_run_and_counties(world, login, computed):
    page = text(login("city").get(figure(computed, world.city)))
    for words in (
        "2.28", "networked multimedia classrooms per 100 pupils", "Not passed", "Primary ≥ 2.3 rooms", "R" + str(computed.id),
        computed.input_hash[:12], "by_stage(pupils_primary, pupils_junior)", "primary pupils", "教督〔2017〕6号",
        "Compared with the threshold before it is rounded", "Ratio of sums", "东湖区", "西山县", "1,890",
    ):  # fmt: skip
        assert words in page, words
    assert figure(computed, world.counties["A"]) in page


def test_the_missing_schools_are_listed_with_the_reason(world, login, computed):
    page = text(login("county_b").get(figure(computed, world.counties["B"], "INF03")))
    assert "1 school gives no number" in page
    assert "西山高级中学" in page
    assert "Not reported" in page


def test_a_county_sees_its_schools_and_no_foreign_name(world, login, computed):
    for code in ("INF01", "INF02", "INF03", "GOV04"):
        page = text(login("county_a").get(figure(computed, world.counties["A"], code)))
        for foreign in (
            "西山",
            "云州市 ",
            figure(computed, world.city, code),
            figure(computed, world.counties["B"], code),
        ):
            assert foreign not in page


def test_schools_are_searched_sorted_and_filtered(world, login, computed):
    client, url = login("county_a"), figure(computed, world.counties["A"])

    def names(query):
        page = text(client.get(url + query))
        body = page[page.index('id="list-places"') :]
        body = body[: body.index("</section>")]
        known = ("东湖第一小学", "东湖第二初级中学", "东湖实验学校")
        return sorted((name for name in known if name in body), key=body.index)

    assert names("?sort=value") == ["东湖第二初级中学", "东湖实验学校", "东湖第一小学"]
    assert names("?sort=-value") == ["东湖第一小学", "东湖实验学校", "东湖第二初级中学"]
    assert names("?q=A2") == ["东湖第二初级中学"]
    assert names("?verdict=fail") == ["东湖第二初级中学"]
    assert names("?verdict=undefined&q=实验") == []
    assert len(names("?sort=nonsense&page=99&verdict=%00")) == 0


def test_the_export_has_numbers_and_no_formula(world, login, computed):
    OrgUnitVersion.objects.unscoped(reason="test").filter(unit_id=world.schools["A1"]).update(name="=cmd|' /C calc'!A0")
    response = login("county_a").get(figure(computed, world.counties["A"], view="figure_export"))
    rows = sheet_rows(response)
    assert rows[0][:3] == ["Code", "Name", "Numerator"]
    by_code = {row[0]: row for row in rows[1:] if row[0]}
    assert by_code["A2"][2:5] == [10, 500, 2]
    assert by_code["A1"][1].lstrip("'").startswith("=cmd")
    book = load_workbook(io.BytesIO(response.content))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    assert any(computed.input_hash in str(row[0]) for row in rows)


def test_the_city_export_has_counties_and_schools(world, login, computed):
    response = login("city").get(figure(computed, world.city, view="figure_export"))
    assert {row[0] for row in sheet_rows(response, 0)[1:3]} == {"A", "B"}
    assert {row[0] for row in sheet_rows(response, 1)[1:5]} == {"A1", "A2", "A3", "B1"}


def test_a_cv_shows_mean_and_deviation(world, login, computed):
    page = text(login("city").get(figure(computed, world.city, "INF02", "stage:primary")))
    for words in ("Weighted mean", "Standard deviation", "Schools by their own value", "INF01"):
        assert words in page


def test_a_school_figure_leads_to_its_cells(world, login, computed):
    page = text(login("principal_a1").get(figure(computed, world.schools["A1"])))
    assert "2.50" in page
    assert reverse("cell", args=[world.schools["A1"], "2025", "rooms_multimedia"]) in page
    page = text(login("principal_a1").get(figure(computed, world.schools["A1"], "INF02")))
    assert "compares schools with each other" in page
    page = text(login("principal_a1").get(figure(computed, world.schools["A1"], "GOV04")))
    assert "no part of its own" in page
    page = text(login("city").get(figure(computed, world.schools["B2"])))
    assert "does not count for this indicator" in page


def test_an_older_state_points_to_the_newest(world, login, period, computed):
    client = login("city")
    assert "Show the newest state" not in text(client.get(figure(computed, world.city)))
    done = cell_correct_and_refresh(
        actor=world.actor("city"), unit_id=world.schools["A1"], period_id=period.id, element="rooms_multimedia", value=40,
        reason=0, note="核对",
    )  # fmt: skip
    assert figure(done.run, world.city) in text(client.get(figure(computed, world.city)))


@pytest.mark.parametrize("view", ["figure", "figure_export"])
def test_foreign_and_unknown_figures_do_not_exist(world, login, computed, view):
    a, b, a1, b1 = world.counties["A"], world.counties["B"], world.schools["A1"], world.schools["B1"]
    for username, org_id in (
        ("county_a", world.city), ("county_a", b), ("county_a", b1), ("principal_a1", a), ("principal_a1", b1),
        ("principal_a1", world.city), ("city", 10**6),
    ):  # fmt: skip
        assert login(username).get(figure(computed, org_id, view=view)).status_code == 404
    for code, name in (("NONE01", "all"), ("INF01", "stage:none"), ("RES01", "all")):
        assert login("city").get(figure(computed, world.city, code, name, view)).status_code == 404
    assert login("county_b").get(figure(computed, a1, view=view)).status_code == 404


def addresses(world, run):
    a1 = world.schools["A1"]
    return {
        figure(run, a1): 200, figure(run, a1, view="figure_export"): 200, reverse("school_cells", args=[a1, "2025"]): 200,
        reverse("cell", args=[a1, "2025", "internet"]): 200, reverse("indicator_list"): 200,
        reverse("indicator", args=["INF01"]): 200, reverse("run_list"): 200, reverse("run", args=[run.id]): 200,
    }  # fmt: skip


CITY_ONLY = ("definition_new", "definition_elements")
CITY_ONLY_POSTS = (("run_start", []), ("definition_check", []), ("definition_preview", []), ("definition_new", []))


def test_who_may_open_what(world, login, computed):
    counts = (IndicatorVersion.objects.count(), Job.objects.unscoped(reason="test").count())
    for url in addresses(world, computed):
        anonymous = Client().get(url)
        assert anonymous.status_code == 302
        assert "/accounts/login/" in anonymous.url
        for username, status in (("city", 200), ("county_a", 200), ("principal_a1", 200)):
            assert login(username).get(url).status_code == status, (username, url)
    for name in CITY_ONLY:
        assert [login(u).get(reverse(name)).status_code for u in ("city", "county_a", "principal_a1")] == [
            200,
            403,
            403,
        ]
    for username in ("county_a", "principal_a1"):
        for name, arguments in CITY_ONLY_POSTS:
            assert login(username).post(reverse(name, args=arguments)).status_code == 403
        assert login(username).post(reverse("run_check", args=[computed.id])).status_code == 403
    assert counts == (IndicatorVersion.objects.count(), Job.objects.unscoped(reason="test").count())


def test_what_changes_something_is_not_done_by_a_link(world, login, computed):
    client = login("city")
    for url in (
        reverse("run_start"), reverse("run_check", args=[computed.id]), reverse("definition_preview"),
        reverse("cell_correct", args=[world.schools["A1"], "2025", "internet"]),
    ):  # fmt: skip
        assert client.get(url).status_code == 405
    for url in addresses(world, computed):
        assert client.post(url).status_code == 405


def test_the_catalogue_lists_what_cannot_be_computed_yet(world, login, computed):
    client = login("principal_a1")
    page = text(client.get(reverse("indicator_list")))
    assert "needs view events of the resource platform" in page
    assert "6 indicators, 5 of them computable today" in page
    page = text(client.get(reverse("indicator_list") + "?computable=no"))
    assert "RES01" in page
    assert "INF01" not in page
    page = text(client.get(reverse("indicator_list") + "?section=GOV&status=C&q=cv"))
    assert "GOV04" in page
    assert "INF02" not in page
    assert "Nothing matches" in text(client.get(reverse("indicator_list") + "?q=zzz"))
    rows = sheet_rows(client.get(reverse("indicator_list") + "?export=1"))
    assert [row[0] for row in rows[1:]] == ["GOV04", "INF01", "INF02", "INF03", "INF04", "RES01"]


def test_an_empty_installation_says_how_to_begin(world, login):
    client = login("city")
    assert "xingtan manage catalogue" in text(client.get(reverse("indicator_list")))
    page = text(client.get(reverse("run_list")))
    assert "Import a table, then compute the period" in page
    assert "Compute this period" not in page


def test_an_indicator_shows_versions_and_figures(world, system, login, computed):
    from xingtan.engines.indicators import definition_from_dict

    body = next(row.body for row in api.versions_in_force(world.start) if row.code == "INF01")
    api.definitions_add(actor=system, definitions=[definition_from_dict({**body, "valid_from": "2026-01-01"})])
    page = text(login("county_a").get(reverse("indicator", args=["INF01"])))
    for words in ("Earlier versions", "from 2026-01-01", "东湖区", figure(computed, world.counties["A"])):
        assert words in page
    assert "西山县" not in page
    assert "New version" not in page
    assert "New version" in text(login("city").get(reverse("indicator", args=["INF01"])))
    assert login("city").get(reverse("indicator", args=["XXX01"])).status_code == 404


def test_a_run_is_started_once_and_shows_its_progress(world, login, period, observe):
    observe(period)
    client = login("city")
    first = client.post(reverse("run_start"), {"period": period.id})
    assert first.url == client.post(reverse("run_start"), {"period": period.id}).url
    job = Job.objects.unscoped(reason="test").get()
    assert "Waiting" in text(client.get(first.url))
    jobs.run(job.pk)
    page = text(client.get(first.url))
    assert "The computation has ended" in page
    assert Run.objects.unscoped(reason="test").count() == 1
    # Somebody else's job is nobody's business.
    assert f"/jobs/{job.pk}/" not in text(login("county_a").get(first.url))
    assert client.get(reverse("run_list") + "?job=²").status_code == 200


def test_the_whole_history_is_computed_oldest_first(world, login, period, observe):
    observe(period)
    observe(api.period_ensure(code="2024"))
    login("city").post(reverse("run_start"), {"everything": "1"})
    jobs.run(Job.objects.unscoped(reason="test").get().pk)
    made = Run.objects.unscoped(reason="test").order_by("id").values_list("period__code", flat=True)
    assert list(made) == ["2024", "2025"]


def test_a_period_that_does_not_exist_is_refused(world, login, period):
    response = login("city").post(reverse("run_start"), {"period": 10**9}, follow=True)
    assert "There is no such period" in text(response)
    assert not Job.objects.unscoped(reason="test").exists()


def test_repeat_and_compare(world, login, computed):
    client = login("city")
    assert "Repeat and compare" in text(client.get(reverse("run", args=[computed.id])))
    assert "Repeat and compare" not in text(login("county_a").get(reverse("run", args=[computed.id])))
    url = client.post(reverse("run_check", args=[computed.id])).url
    jobs.run(Job.objects.unscoped(reason="test").get().pk)
    assert "all 60 figures are the same" in text(client.get(url))
    Observation.objects.unscoped(reason="test").filter(org_unit_id=world.schools["A2"]).delete()
    url = client.post(reverse("run_check", args=[computed.id])).url
    jobs.run(Job.objects.unscoped(reason="test").latest("id").pk)
    page = text(client.get(url))
    assert "figures came out differently" in page
    assert "The inputs have changed" in page
    assert client.post(reverse("run_check", args=[10**6])).status_code == 404


def test_runs_are_listed_for_those_they_cover(world, system, login, period, computed):
    alone = api.run_compute(actor=system, period_id=period.id, root=world.paths["A"])
    assert f"R{alone.pk}" in text(login("county_a").get(reverse("run_list")))
    assert f"R{alone.pk}<" not in text(login("county_b").get(reverse("run_list")))
    assert login("county_b").get(reverse("run", args=[alone.pk])).status_code == 404
    assert f"R{alone.pk}<" not in text(login("city").get(reverse("run_list") + "?kind=refresh"))


def test_pages_need_no_more_queries_for_more_rows(world, login, system, period, computed):
    client = login("city")

    def queries(url):
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    assert queries(figure(computed, world.counties["B"])) == queries(figure(computed, world.counties["A"]))
    one = queries(reverse("run_list"))
    for _ in range(2):
        api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    assert queries(reverse("run_list")) == one
    few = queries(reverse("indicator_list") + "?q=RES01")
    assert queries(reverse("indicator_list")) == few


def test_chinese_is_the_language_of_the_pages(world, login, computed, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    page = text(login("city").get(figure(computed, world.city)))
    for words in ("每百名学生拥有网络多媒体教室数", "小学在校生数", "云州市 · 2025年"):
        assert words in page
