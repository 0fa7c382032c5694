"""`xingtan manage catalogue`: bring in the data elements and indicators that ship with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xingtan.domains.indicators.services.catalogue import CatalogueError, catalogue_sync
from xingtan.platform.orgscope.actor import system_actor


class Command(BaseCommand):
    help = "Bring in the data elements and indicators that ship with the product; says nothing when all are there."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            elements, definitions = catalogue_sync(actor=system_actor("catalogue"))
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        if elements or definitions:
            self.stdout.write(f"{elements} new data elements, {definitions} new versions of indicators")
