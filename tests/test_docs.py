"""The documentation is true where a machine can tell: pages, links, commands, settings, template fields."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from xingtan.config import env
from xingtan.config.cli import COMMANDS
from xingtan.domains.governance.annual_report.render import template_fields
from xingtan.domains.governance.annual_report.template import annual_report_template

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "src").rglob("README.md"), *(ROOT / "bench").glob("*.md")]
)
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def _relative_links(page: Path) -> list[str]:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = [first or second for first, second in LINK.findall(prose)]
    return [link for link in links if not re.match(r"[a-z]+:", link)]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_stands_in_both_languages() -> None:
    english = {page.name for page in (DOCS / "en").glob("*.md")}
    chinese = {page.name for page in (DOCS / "zh").glob("*.md")}
    assert english == chinese
    assert {"index.md", "imports.md", "indicators.md", "cockpit.md", "reports.md", "directory.md"} <= english


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_index_leads_to_every_page(language: str) -> None:
    folder = DOCS / language
    linked = set(_relative_links(folder / "index.md"))
    assert {page.name for page in folder.glob("*.md")} - {"index.md"} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_resolve(page: Path) -> None:
    for link in _relative_links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def test_pictures_are_small_and_shown() -> None:
    shown = {link for page in READMES for link in _relative_links(page) if link.endswith(".png")}
    for picture in (DOCS / "images").glob("*.png"):
        assert f"docs/images/{picture.name}" in shown
        assert picture.stat().st_size < 300_000, picture.name


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readme_names_all_commands_and_no_other(page: Path) -> None:
    named = set(re.findall(r"`xingtan ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named == {"up", "manage", *COMMANDS}


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readme_names_commands_that_dev_has(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    dev = (ROOT / "dev").read_text(encoding="utf-8")
    known = set(re.findall(r'add\("([a-z]+)"', dev))
    assert {"demo", "test"} <= set(re.findall(r"\./dev ([a-z]+)", text)) <= known


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_readme_counts_the_catalogue_right(page: Path) -> None:
    files = (ROOT / "src/xingtan/domains/indicators/catalogue").glob("indicators-*.toml")
    rows = [row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))["indicator"]]
    computable = [row for row in rows if "kind" in row]
    text = page.read_text(encoding="utf-8")
    assert re.search(rf"\b{len(rows)} (definitions|项)", text)
    assert re.search(rf"\b{len(computable)} (of them|项)", text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_operations_list_exactly_the_settings_that_are_read(language: str) -> None:
    read = set(re.findall(r'"(XINGTAN_[A-Z_]+)"', Path(env.__file__).read_text(encoding="utf-8")))
    page = (DOCS / language / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(XINGTAN_[A-Z_]+)`", page, re.MULTILINE)) == read


@pytest.mark.parametrize("language", ["en", "zh"])
def test_operations_list_the_commands(language: str) -> None:
    page = (DOCS / language / "operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`xingtan ([a-z]+)", page)) == {"up", "manage", *COMMANDS}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_fields_of_the_shipped_template_are_documented(language: str) -> None:
    page = (DOCS / language / "reports.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", page))
    for field in template_fields(annual_report_template("en")):
        assert set(re.findall(r"[a-z_]+", field.path)) <= words, field.path


def test_every_domain_and_the_portal_explain_themselves() -> None:
    package = ROOT / "src/xingtan"
    rooms = [path.parent for path in (package / "domains").glob("*/apps.py")]
    rooms += [path.parent for path in (package / "engines").glob("*/__init__.py")]
    for room in [*rooms, package / "portal"]:
        assert (room / "README.md").is_file(), room.name
