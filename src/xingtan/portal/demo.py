"""Load the demo city: every domain's part, step by step, in the same code path as real data.

Each step is one transaction that also writes its mark into the audit trail. A load that was killed has whole steps
only, and the next one goes on with those that are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.demo import DemoCity, build_city, load_units
from xingtan.domains.directory.demo_places import CITY_CODE
from xingtan.domains.identity.demo import demo_actor, load_accounts
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.demo import load_correction, load_year
from xingtan.platform.audit import api as audit
from xingtan.platform.audit.models import AuditEvent
from xingtan.platform.orgscope.actor import Actor, system_actor

ACTION = "demo.step"
Say = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot be loaded here; the message says why and what to do."""


@dataclass(frozen=True)
class _Step:
    name: str
    text: str
    work: Callable[[], object]


def demo_load(*, size: str, seed: int, compute: bool, say: Say) -> int:
    """Load what is missing of the demo city and return how many steps that took; 0 when all was there.

    Raises `DemoError` when the installation holds something else.
    """
    actor = system_actor("demo city")
    city = build_city(size, seed)
    done = _done(actor, city)
    indicators.catalogue_sync(actor=actor)
    todo = [step for step in _steps(actor, city, compute) if step.name not in done]
    if done and todo:
        say(f"{len(done)} steps of the demo city are there already; going on with the rest")
    for number, step in enumerate(todo, start=1):
        say(f"[{number}/{len(todo)}] {step.text}")
        with transaction.atomic():
            step.work()
            audit.record(
                actor=actor, action=ACTION, object_type="demo", object_id=f"{_mark(city)} {step.name}", org_path="",
                data={"size": size, "seed": seed},
            )  # fmt: skip
    return len(todo)


def _mark(city: DemoCity) -> str:
    return f"{city.size}/{city.seed}"


def _done(actor: Actor, city: DemoCity) -> set[str]:
    """The names of the steps that are loaded; refuses an installation with another demo or with real data."""
    events = AuditEvent.objects.unscoped(reason="the marks of the demo, written by this module")
    marks = [text.split(" ", 1) for text in events.filter(action=ACTION).values_list("object_id", flat=True)]
    strangers = sorted({mark for mark, _ in marks if mark != _mark(city)})
    if strangers:
        size, seed = strangers[0].split("/")
        raise DemoError(
            f"The demo city of size {size} with seed {seed} is loaded here. For another one use another data folder "
            "(XINGTAN_DATA_DIR) or database, or ./dev demo --fresh."
        )
    if not marks and directory.units_on(actor=actor, day=date.max, kinds=("city", "county")):
        raise DemoError(
            "This installation holds organisations of its own; the demo city is only for an empty one. "
            "Use another data folder (XINGTAN_DATA_DIR) or database."
        )
    return {name for _, name in marks}


def _steps(actor: Actor, city: DemoCity, compute: bool) -> Iterator[_Step]:
    count = len(city.steps[0].rows)
    yield _Step("organisations", f"{count} organisations", partial(load_units, actor=actor, city=city))
    yield _Step("accounts", "accounts", partial(_accounts, actor, city))
    for year in city.years:
        load = partial(load_year, actor_of=partial(_reporter, city), city=city, year=year)
        yield _Step(f"data {year}", f"forms of {year}", load)
    if not compute:
        return
    for year in city.years:
        yield _Step(f"figures {year}", f"figures of {year}", partial(_compute, actor, year))
    yield _Step("correction", "a correction by the principal", partial(_correct, city))


def _accounts(actor: Actor, city: DemoCity) -> None:
    units = {unit.code: unit.id for unit in directory.units_on(actor=actor, day=city.start)}
    load_accounts(
        actor=actor, valid_from=city.start,
        units={"city": units[CITY_CODE], "county": units[city.county], "school": units[city.principal]},
    )  # fmt: skip


def _reporter(city: DemoCity, county: str) -> Actor:
    """Who brings a county's data in: its own official where the demo has one, else the city's."""
    return demo_actor("county" if county == city.county else "city")


def _compute(actor: Actor, year: int) -> None:
    period = indicators.period_ensure(code=str(year))
    root = directory.units_on(actor=actor, day=period.ends, kinds=("city",))[0].path
    indicators.run_compute(actor=demo_actor("city"), period_id=period.id, root=root)


def _correct(city: DemoCity) -> None:
    load_correction(actor=demo_actor("principal"), city=city)
