"""The whole installation as a user gets it: `xingtan demo`, `xingtan up`, and a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.browsing import DESKTOP, PASSWORD, PATIENCE_MS

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "src/xingtan/platform/ui/static/dist/fonts"
START_SECONDS = 90.0


@dataclass(frozen=True)
class Site:
    """A running installation with the small demo city."""

    address: str
    folder: Path
    env: dict[str, str]

    def xingtan(self, *words: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "xingtan", *words], cwd=ROOT, env=self.env, capture_output=True, text=True,
            timeout=timeout,
        )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _database(folder: Path) -> dict[str, str]:
    """A database of its own on the PostgreSQL of the test run, or the embedded SQLite."""
    if os.environ.get("XINGTAN_TEST_DB", "sqlite") != "postgres":
        return {"XINGTAN_DATABASE_URL": ""}
    import psycopg

    address = os.environ["XINGTAN_DATABASE_URL"]
    name = f"e2e_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return {"XINGTAN_DATABASE_URL": re.sub(r"/postgres(\?|$)", rf"/{name}\1", address)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    env = {
        **os.environ, "PYTHONPATH": str(ROOT / "src"), "XINGTAN_DATA_DIR": str(folder), "XINGTAN_DEMO": "1",
        "XINGTAN_SECRET_KEY": "only-for-tests-" + "x" * 32, **_database(folder),
    }  # fmt: skip
    env.pop("DJANGO_SETTINGS_MODULE", None)
    made = subprocess.run(
        [sys.executable, "-m", "xingtan", "demo", "--size", "school"], cwd=ROOT, env=env, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    port = free_port()
    log = (folder / "up.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "xingtan", "up", "--port", str(port)], cwd=ROOT, env=env, stdout=log,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{address}/accounts/login/", timeout=5).read()
                break
            assert server.poll() is None, (folder / "up.log").read_text()
            assert time.monotonic() < deadline, (folder / "up.log").read_text()
            time.sleep(0.3)
        yield Site(address, folder, env)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
        log.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser for the tests of one file, not of the session: while playwright runs, its event loop keeps Django from
    the database, and the tests that come next in this process need it."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("XINGTAN_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no Chromium: run ./dev test, which installs it"
    home = tmp_path_factory.mktemp("home")
    fonts = home / ".fonts"
    fonts.mkdir()
    for font in FONTS.glob("*.ttf"):
        (fonts / font.name).symlink_to(font)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
            env={**os.environ, "HOME": str(home)},
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of each account after its first login, because a login is slow on purpose."""
    return {}


def _fault(message: Any, page: Any) -> str | None:
    """What a browser's console complains of; a page opened to see it refused is no fault."""
    if message.type != "error" and "Content Security Policy" not in message.text:
        return None
    if message.text.startswith("Failed to load resource") and message.location.get("url") == page.url:
        return None
    return f"{page.url}: {message.text}"


@pytest.fixture
def visit(site: Site, browser: Any, signed_in: dict[str, Any]) -> Iterator[Callable[..., Any]]:
    """`visit("city", PHONE)` opens a page signed in as that demo account; script errors and CSP faults fail the test."""
    contexts: list[Any] = []
    faults: list[str | None] = []

    def open_page(username: str = "", size: dict[str, int] = DESKTOP, **options: Any) -> Any:
        context = browser.new_context(
            viewport=size, locale="zh-CN", base_url=site.address, accept_downloads=True,
            storage_state=signed_in.get(username), **options,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: faults.append(_fault(message, page)))
        if username and username not in signed_in:
            log_in(page, username)
            signed_in[username] = context.storage_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not any(faults), [fault for fault in faults if fault]


def log_in(page: Any, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
