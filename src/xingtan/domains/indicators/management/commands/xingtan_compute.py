"""`xingtan compute`: compute the figures of a period, of all, or repeat a run and compare."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.selectors.periods import period_by_code, periods
from xingtan.domains.indicators.selectors.runs import run_figure_count
from xingtan.domains.indicators.services.runs import RunError, run_check, run_compute
from xingtan.domains.indicators.types import PeriodData
from xingtan.platform.orgscope.actor import system_actor

SHOWN = 20


class Command(BaseCommand):
    help = "Compute the figures of a period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--period", metavar="CODE", help="the period to compute, such as 2026")
        what.add_argument("--all", action="store_true", help="compute every period, oldest first")
        what.add_argument("--verify", metavar="RUN", type=int, help="repeat a full run and compare hashes and figures")
        parser.add_argument("--org", metavar="CODE", help="the organisation to compute for; the topmost unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verify"] is not None:
                self._verify(options["verify"])
            else:
                for period in self._periods(options["period"]):
                    self._compute(period, options["org"])
        except RunError as error:
            raise CommandError(str(error)) from error

    def _periods(self, code: str | None) -> tuple[PeriodData, ...]:
        if code is None:
            known = tuple(reversed(periods()))
            if not known:
                raise CommandError("there is no period yet; import a table first")
            return known
        period = period_by_code(code)
        if period is None:
            there = ", ".join(one.code for one in periods()) or "none"
            raise CommandError(f"there is no period {code}; there is: {there}")
        return (period,)

    def _compute(self, period: PeriodData, code: str | None) -> None:
        actor = system_actor("compute on the command line")
        units = directory.units_on(actor=actor, day=period.ends, kinds=("city", "county"))
        chosen = [unit for unit in units if unit.code == code] if code else list(units[:1])
        if not chosen:
            raise CommandError(
                f"there is no city or county {code} in {period.code}" if code else f"{period.code}: no organisation yet"
            )
        run = run_compute(actor=actor, period_id=period.id, root=chosen[0].path)
        count = run_figure_count(actor=actor, run_id=run.pk)
        self.stdout.write(
            f"{period.code}: R{run.pk}, {count} figures of {chosen[0].name}, {run.statistics['schools']} schools, "
            f"input {run.input_hash[:12]}"
        )

    def _verify(self, run_id: int) -> None:
        check = run_check(actor=system_actor("verify on the command line"), run_id=run_id)
        if check.same:
            self.stdout.write(f"R{run_id}: inputs, definitions and all {check.figures} figures are the same")
            return
        for key in check.different[:SHOWN]:
            self.stderr.write(key)
        raise CommandError(
            f"R{run_id}: inputs {'the same' if check.same_inputs else 'CHANGED'}, definitions "
            f"{'the same' if check.same_definitions else 'CHANGED'}, {len(check.different)} figures differ"
        )
