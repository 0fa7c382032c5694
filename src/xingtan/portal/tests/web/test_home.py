"""The home page: what each role should do next, and no dead link."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from xingtan.domains.indicators import api as indicators


def page(client: Client, path: str = "/") -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def english(login: Any) -> Any:
    def sign_in(username: str) -> Client:
        client: Client = login(username)
        client.cookies["xt_language"] = "en"
        return client

    return sign_in


def test_a_stranger_is_asked_to_log_in(db: None, client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", ["city", "county_a"])
def test_before_anything_is_there_one_imports(world: Any, login: Any, role: str) -> None:
    text = page(login(role))
    assert reverse("import_new") in text
    assert reverse("cockpit") in text  # the navigation; there is nothing to look at yet


def test_the_city_computes_what_lies_there(world: Any, compute: Any, login: Any) -> None:
    indicators.period_ensure(code="2027")
    compute("2026")
    text = page(login("city"))
    assert reverse("run_list") in text and reverse("report_list") in text
    assert "2026" in text and "2027" not in text


def test_a_county_does_not_compute(two_years: Any, login: Any) -> None:
    text = page(login("county_a"))
    assert f'class="btn" href="{reverse("run_list")}"' not in text
    assert "东湖区" in text and "西山" not in text and "云州市" not in text


def test_a_principal_checks_the_cells_of_his_school(two_years: Any, world: Any, login: Any) -> None:
    text = page(login("principal_a1"))
    assert reverse("school_cells", args=[world.schools["A1"], "2026"]) in text
    assert "东湖第一小学" in text and "东湖区" not in text and "东湖第二" not in text
    assert reverse("import_new") not in text


def test_open_imports_come_first(compute: Any, world: Any, login: Any) -> None:
    from xingtan.domains.indicators.services.imports import draft_create

    period = indicators.period_ensure(code="2026")
    draft = draft_create(
        actor=world.actor("county_a"), org_path=world.paths["A"], period_id=period.id, name="东湖区学校.csv",
        content=io.BytesIO(b"code,name\n"),
    )  # fmt: skip
    own = page(login("county_a"))
    assert "东湖区学校.csv" in own
    first = re.search(r'class="btn btn-primary" href="([^"]+)"', own)
    assert first is not None and first.group(1) == reverse("import_draft", args=[draft.pk])
    assert "东湖区学校.csv" not in page(login("county_b"))


def test_somebody_without_a_role_is_told_whom_to_ask(world: Any, system: Any) -> None:
    from xingtan.domains.identity import api as identity

    user = identity.user_create(actor=system, username="nobody", name="无名", password="Apricot-terrace-7")
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    assert "xt-empty" in page(client)


@pytest.mark.parametrize("role", ["city", "county_a", "county_b", "principal_a1", "principal_b1"])
def test_no_link_is_dead(two_years: Any, world: Any, login: Any, role: str) -> None:
    client = login(role)
    seen: set[str] = set()
    for path in ("/", "/cockpit/", "/cockpit/?view=balance", "/cockpit/?map=schools", "/cockpit/wall/", "/orgs/"):
        for link in re.findall(r'href="([^"#]+)"', page(client, path)):
            address = unescape(link)
            if address.startswith("?"):
                address = path.split("?")[0] + address
            if address.startswith("/") and not address.startswith("/static/") and address not in seen:
                seen.add(address)
                assert client.get(address).status_code in {200, 302}, f"{path} → {address}"
    assert len(seen) > 20
