"""`xingtan report --period 2026 --org CODE --out report.docx`: the annual report as a file (.docx or .pdf)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from xingtan.domains.directory import api as directory
from xingtan.domains.governance.services.reports import ReportError, report_render, report_title
from xingtan.domains.indicators import api as indicators
from xingtan.platform.orgscope.actor import system_actor


class Command(BaseCommand):
    help = "Write the annual report of a city or county"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, help="year, e.g. 2026")
        parser.add_argument("--org", default="", help="code of the city or county; the city when left out")
        parser.add_argument("--out", type=Path, required=True, help="a .docx or .pdf file")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")
        parser.add_argument("--template", type=Path, help="a Word template of your own")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        if out.suffix not in {".docx", ".pdf"}:
            raise CommandError("--out must end in .docx or .pdf")
        actor = system_actor("xingtan report")
        period = indicators.period_by_code(options["period"])
        run = indicators.newest_run(actor=actor, period_id=period.id) if period else None
        if run is None:
            raise CommandError(f"period {options['period']} has not been computed; run xingtan compute first")
        offices = directory.units_on(actor=actor, day=run.period.ends, kinds=("city", "county"))
        org = next((unit for unit in offices if options["org"] in ("", unit.code)), None)
        if org is None:
            raise CommandError(f"there is no city or county with the code {options['org']}")
        template = options["template"].read_bytes() if options["template"] else None
        with override(options["language"]):
            title = report_title(org.name, run, options["language"])
        try:
            made = report_render(
                actor=actor, org_id=org.id, run_id=run.id, title=title, language=options["language"], template=template
            )
        except ReportError as error:
            raise CommandError(str(error)) from error
        out.write_bytes(made.pdf if out.suffix == ".pdf" else made.docx)
        for warning in made.warnings:
            self.stderr.write(warning)
        self.stdout.write(f"{out}: {org.name}, {run.period.code}, run R{run.id}, {made.pages} pages")
