"""`openapi`: write docs/openapi.json, or with --check fail when it no longer tells the truth."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import resolve, reverse

FILE = Path("docs/openapi.json")


def described() -> str:
    """The OpenAPI document of the installation."""
    view: Any = resolve(reverse("rest:openapi-json")).func
    api = view.keywords["api"]
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n"


class Command(BaseCommand):
    help = "Write the OpenAPI file, or check it"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = described()
        if not options["check"]:
            FILE.write_text(text, encoding="utf-8")
        elif not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
            raise CommandError(f"{FILE} differs from the code: run ./dev run manage openapi and review the change")
