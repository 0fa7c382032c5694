"""`xingtan codes FILE.csv`: load dated GB/T 2260 codes: code,name,valid_from,valid_to (the last may be empty)."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingtan.domains.directory import api
from xingtan.domains.directory.types import DivisionData
from xingtan.platform.orgscope.actor import system_actor

HEADER = ["code", "name", "valid_from", "valid_to"]


def read_divisions(path: Path) -> list[DivisionData]:
    """The rows of a code table; raise ValueError naming the line that is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = csv.reader(stream)
        if next(lines, None) != HEADER:
            raise ValueError(f"the first line must be {','.join(HEADER)}")
        rows = []
        for number, line in enumerate(lines, start=2):
            try:
                code, name, start, end = line
                rows.append(
                    DivisionData(code, name, date.fromisoformat(start), date.fromisoformat(end) if end else None)
                )
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    return rows


class Command(BaseCommand):
    help = "Load administrative division codes"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = read_divisions(options["file"])
            count = api.divisions_load(actor=system_actor("xingtan codes"), rows=rows)
        except (OSError, ValueError, api.DivisionError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} codes loaded")
