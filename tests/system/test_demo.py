"""`xingtan demo`: loads once, goes on after a kill, refuses what is not its own."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.demo import build_city
from xingtan.domains.directory.types import OrgUnitRow
from xingtan.domains.identity.demo import DEMO_LOGINS, demo_actor
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.models import Batch, Figure, Observation, Run
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor
from xingtan.portal.demo import demo_load

ROOT = Path(__file__).resolve().parents[2]


def _demo(**options: Any) -> str:
    output = StringIO()
    call_command("xingtan_demo", size="school", stdout=output, **options)
    return output.getvalue()


def _counts() -> dict[str, int]:
    models = (Batch, Observation, Run, Figure)
    return {model.__name__: model._base_manager.count() for model in models}


def test_loads_once_and_shows_the_logins(db: None, system: Actor) -> None:
    first = _demo()
    assert "Demo city of size school: loaded" in first
    counts = _counts()
    assert counts["Batch"] == 3 * 3 + 1
    assert counts["Run"] == 3 + 1
    second = _demo()
    assert "already there, nothing to do" in second
    assert "[1/" not in second
    assert _counts() == counts
    for text in (first, second):
        for login in DEMO_LOGINS:
            assert f"  {login.username}" in text
            assert login.password in text
    assert audit.verify().intact


def test_figures_stand_for_every_year_and_can_be_repeated(db: None, system: Actor) -> None:
    _demo()
    for period in indicators.periods():
        run = indicators.newest_run(actor=demo_actor("county"), period_id=period.id)
        assert run is not None
        assert indicators.run_check(actor=system, run_id=run.base_id).same
        verdicts = [f.verdict for f in indicators.figures(actor=demo_actor("city"), run=run).values()]
        assert verdicts.count(1) >= 10
        assert verdicts.count(2) >= 10


def test_each_person_sees_his_own(db: None, system: Actor) -> None:
    _demo()
    day, city = date(2026, 12, 31), build_city("school")
    seen = {name: {u.code for u in directory.units_on(actor=demo_actor(name), day=day)} for name in ("city", "county")}
    assert seen["city"] == set(city.rows_on(day))
    assert seen["county"] == seen["city"] - {"960100"}
    assert [u.code for u in directory.units_on(actor=demo_actor("principal"), day=day)] == [city.principal]
    makers = set(Batch._base_manager.values_list("created_by", flat=True))
    assert makers == {DEMO_LOGINS[1].name, DEMO_LOGINS[2].name}


def test_without_figures_and_then_with(db: None, system: Actor) -> None:
    assert "loaded" in _demo(no_compute=True)
    assert _counts()["Run"] == 0
    again = _demo(no_compute=True)
    assert "nothing to do" in again
    assert "going on with the rest" in _demo()
    assert _counts()["Run"] == 4


def test_goes_on_after_an_interruption(db: None, system: Actor) -> None:
    said: list[str] = []

    class Interrupted(Exception):
        pass

    def stop_at_forms_of_2025(line: str) -> None:
        said.append(line)
        if line.endswith("forms of 2025"):
            raise Interrupted

    with pytest.raises(Interrupted):
        demo_load(size="school", seed=1, compute=False, say=stop_at_forms_of_2025)
    assert _counts()["Batch"] == 3
    assert demo_load(size="school", seed=1, compute=False, say=said.append) == 2
    assert _counts()["Batch"] == 9


def test_refuses_another_demo(db: None, system: Actor) -> None:
    demo_load(size="school", seed=1, compute=False, say=lambda line: None)
    with pytest.raises(CommandError, match=r"size school with seed 1 is loaded here.*XINGTAN_DATA_DIR"):
        _demo(seed=2)


def test_refuses_a_house_with_data_of_its_own(db: None, system: Actor) -> None:
    directory.org_units_sync(actor=system, rows=[OrgUnitRow("YZ", "某市", "city")], valid_from=date(2020, 1, 1))
    with pytest.raises(CommandError, match="holds organisations of its own"):
        _demo()
    assert _counts()["Batch"] == 0


def test_goes_on_after_a_kill(tmp_path: Path) -> None:
    """SIGKILL in the middle, then again to the end: everything is there once."""
    env = {**os.environ, "XINGTAN_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    env.pop("XINGTAN_DATABASE_URL", None)
    command = [sys.executable, "-m", "xingtan", "demo", "--size", "school", "--no-compute"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.rstrip().endswith("forms of 2025"):
                child.send_signal(signal.SIGKILL)
                break
        child.wait()
    assert child.returncode == -signal.SIGKILL
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert "going on with the rest" in done.stdout
    with sqlite3.connect(tmp_path / "xingtan.sqlite3") as base:
        batches = base.execute("SELECT period_id, source, count(*) FROM indicators_batch GROUP BY 1, 2").fetchall()
        assert len(batches) == 9
        assert {count for _, _, count in batches} == {1}
        schools = sum(len(build_city("school").reporters(year)) for year in (2024, 2025, 2026))
        rows = base.execute(
            "SELECT count(*) FROM indicators_observation o JOIN indicators_batch b ON b.id = o.batch_id "
            "WHERE b.source = 'declared'"
        ).fetchone()
        assert rows == (schools,)
    checked = subprocess.run(
        [sys.executable, "-m", "xingtan", "audit", "verify"], env=env, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
