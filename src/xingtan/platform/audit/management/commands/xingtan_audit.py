"""`xingtan audit verify`: read the whole audit trail and check its chain."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingtan.platform.audit.api import verify


class Command(BaseCommand):
    help = "Check the audit trail"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify()
        if not result.intact:
            where = f"event {result.broken_at}: " if result.broken_at else ""
            raise CommandError(f"the audit trail is broken after {result.events} events: {where}{result.reason}")
        self.stdout.write(f"{result.events} events, chain intact")
