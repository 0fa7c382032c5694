"""`xingtan import FILE --mapping MAPPING --period 2025`: bring a school table in from the shell.

The same steps as on the page: read, dry run, apply all or nothing, compute. The report goes to standard output,
progress to standard error; the exit status is not 0 when nothing was imported because of errors.
"""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData, OrgUnitRow
from xingtan.domains.indicators.messages import mapping_error, name_of, table_error, text_of
from xingtan.domains.indicators.models import Period
from xingtan.domains.indicators.services.imports import (
    CAP,
    MAX_BYTES,
    issues_workbook,
    read_content,
    read_mapping,
    report_of,
)
from xingtan.domains.indicators.services.intake import Applied, ImportRefused, refusals, table_apply
from xingtan.domains.indicators.services.periods import PeriodError, period_ensure
from xingtan.domains.indicators.services.runs import RunError, run_compute_above
from xingtan.engines import tables as engine
from xingtan.platform.files import api as files
from xingtan.platform.orgscope.actor import system_actor

ACTOR = system_actor("xingtan import")


class Command(BaseCommand):
    help = "Bring a school table in"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an .xlsx, .xls or .csv file")
        parser.add_argument("--mapping", type=Path, required=True, help="a mapping file (TOML)")
        parser.add_argument("--period", required=True, help="year, e.g. 2025")
        parser.add_argument("--org", default="", help="code of the city or county; the city when left out")
        parser.add_argument("--org-name", default="", help="make the topmost organisation, where there is none yet")
        parser.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
        parser.add_argument("--no-compute", action="store_true", help="do not compute the figures afterwards")
        parser.add_argument("--issues", type=Path, help="write every issue to this .xlsx file")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(options["language"]):
            try:
                self._run(options)
            except engine.TableError as error:
                raise CommandError(table_error(error)) from error
            except engine.MappingError as error:
                raise CommandError(mapping_error(error)) from error
            except (ImportRefused, PeriodError, directory.DirectoryError) as error:
                raise CommandError(str(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        clock = time.monotonic()
        content = _content(options["file"])
        mapping = read_mapping(engine.dump_mapping(engine.load_mapping(options["mapping"])))
        self._tell("reading")
        table = read_content(content, mapping.source)
        result = engine.dry_run(table, mapping, progress=lambda _share, code: self._tell(code), cap=CAP)
        report = report_of(result, table)
        if options["issues"]:
            options["issues"].write_bytes(issues_workbook(result))
        with transaction.atomic():
            period = Period.objects.get(pk=period_ensure(code=options["period"]).id)
            root = _root(options["org"], options["org_name"], period)
            report["refusals"] = list(refusals(result=result, mapping=mapping, root=root, period=period))
            report["ok"] = result.ok and not report["refusals"]
            applied = self._apply(options, content, table, mapping, result, period, root) if report["ok"] else None
            transaction.set_rollback(options["dry_run"] or applied is None or applied.repeated)
        run_id, not_computed = None, ""
        if applied is not None and not options["dry_run"] and not options["no_compute"]:
            self.stderr.write(_("Computing the figures"))
            try:
                run_id = run_compute_above(actor=ACTOR, period_id=period.pk, path=root.path).pk
            except RunError as error:
                not_computed = str(error)
        report |= {
            "dry_run": options["dry_run"], "applied": asdict(applied) if applied else None, "run_id": run_id,
            "not_computed": not_computed, "seconds": round(time.monotonic() - clock, 2),
        }  # fmt: skip
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) if options["json"] else _summary(report))
        if applied is None:
            raise CommandError(_("Nothing was imported: the table has errors."))

    def _tell(self, code: str) -> None:
        line = text_of(code, {})
        if line != getattr(self, "_told", ""):
            self._told = line
            self.stderr.write(line)

    def _apply(
        self, options: dict[str, Any], content: bytes, table: engine.Table, mapping: engine.Mapping,
        result: engine.Result, period: Period, root: OrgUnitData,
    ) -> Applied:  # fmt: skip
        self.stderr.write(_("Storing"))
        stored = files.keep(
            actor=ACTOR, org_path=root.path, name=options["file"].name, media_type="application/octet-stream",
            content=content,
        )  # fmt: skip
        return table_apply(
            actor=ACTOR, org_path=root.path, period=period, mapping=mapping, result=result, file_id=stored.pk,
            sheet=table.sheet,
        )  # fmt: skip


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ImportRefused(_("The file is larger than %d MB. Split it.") % (MAX_BYTES // 2**20))
        return path.read_bytes()
    except OSError as error:
        raise CommandError(text_of("file_missing", {"detail": f"{path}: {error.strerror}"})) from error


def _root(code: str, name: str, period: Period) -> OrgUnitData:
    """The organisation to import for; made when the installation has none and a name is given."""
    offices = directory.units_on(actor=ACTOR, day=period.ends, kinds=("city", "county"))
    found = [unit for unit in offices if unit.code == code or (not code and unit.kind == "city")]
    if len(found) == 1:
        return found[0]
    if found or (offices and not code):
        raise ImportRefused(_("There are several organisations. Name one with --org CODE."))
    if not code or not name or any(unit.kind == "city" for unit in offices):
        raise ImportRefused(
            _("There is no organisation “%s”. On an empty installation, --org CODE --org-name NAME makes the city.")
            % code
        )
    directory.org_units_sync(actor=ACTOR, rows=[OrgUnitRow(code, name, "city")], valid_from=period.starts)
    return directory.units_on(actor=ACTOR, day=period.ends, kinds=("city",))[0]


def _summary(report: dict[str, Any]) -> str:
    """The quality report for people, grouped by kind."""
    lines = [
        _("Schools: %(rows)d, of which in operation: %(active)d; data elements: %(elements)d") % report,
        _("Errors: %(errors)d, warnings: %(warnings)d, notes: %(notes)d") % report,
    ]
    for count in report["counts"]:
        where = f" {count['column']} {count['header']}" if count["column"] else ""
        lines.append(f"  {name_of(count['severity'])}  {name_of(count['code'])}{where}: {count['count']}")
    shown = set()
    for issue in report["issues"]:
        if issue["code"] not in shown:
            shown.add(issue["code"])
            lines.append(_("First “%(kind)s”, row %(row)s: %(text)s") % {
                "kind": name_of(issue["code"]), "row": issue["row"], "text": text_of(issue["code"], issue["params"]),
            })  # fmt: skip
    lines += [f"  {name_of('error')}  {text}" for text in report["refusals"]]
    done = report["applied"]
    if done and done["repeated"]:
        lines.append(_("This table was imported before; nothing changed."))
    elif done:
        would = _(
            "It would bring %(cells)d values, %(units_created)d new organisations, %(units_changed)d changed ones."
        )
        did = _("Imported: %(cells)d values, %(units_created)d new organisations, %(units_changed)d changed ones.")
        lines.append((would if report["dry_run"] else did) % done)
    if report["run_id"]:
        lines.append(_("Figures computed: run R%d") % report["run_id"])
    if report["not_computed"]:
        lines.append(_("Figures not computed: %s") % report["not_computed"])
    lines.append(_("%s s") % report["seconds"])
    return "\n".join(lines)
