"""`xingtan demo`: load the demo city 云州市, or say that it is there, and print its logins."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from xingtan.domains.directory.demo import SIZES
from xingtan.domains.identity.demo import DEMO_LOGINS
from xingtan.portal.demo import DemoError, demo_load


class Command(BaseCommand):
    help = "Load the demo city 云州市; what is loaded already stays as it is"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="county")
        parser.add_argument("--seed", type=int, default=1, help="another seed is another city (default 1)")
        parser.add_argument("--no-compute", action="store_true", help="load the data without computing figures")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Bringing the database up to date")
        call_command("migrate", verbosity=0)
        size, seed = options["size"], options["seed"]
        try:
            steps = demo_load(size=size, seed=seed, compute=not options["no_compute"], say=self._say)
        except DemoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Demo city of size {size}: {'loaded' if steps else 'already there, nothing to do'}")
        self._logins()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _logins(self) -> None:
        rows = [("Role", "User", "Password")]
        rows += [(str(login.label), login.username, login.password) for login in DEMO_LOGINS]
        width = [max(_columns(row[n]) for row in rows) for n in range(3)]
        for row in rows:
            self.stdout.write(
                "  ".join(text + " " * (width[n] - _columns(text)) for n, text in enumerate(row)).rstrip()
            )


def _columns(text: str) -> int:
    """How wide a text is on a terminal, where a Chinese character takes two columns."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
