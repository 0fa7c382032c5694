"""The cells behind a school's figure, and the indicators behind a composite one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from xingtan.domains.indicators.formulas import attribute_value
from xingtan.domains.indicators.models import DataElement
from xingtan.domains.indicators.selectors.figure_page import FigurePage
from xingtan.domains.indicators.views.figures.presenting import figure_url, verdict_of
from xingtan.domains.indicators.wording import ATTRIBUTES, local, reason_text, value_text
from xingtan.engines import indicators as engine
from xingtan.platform.ui import components as c


@dataclass(frozen=True)
class InputRow:
    """One input: a cell with the way to it, or an attribute of the school."""

    code: str
    name: str
    text: str
    reason: str
    url: str


def input_rows(page: FigurePage) -> list[InputRow]:
    """What the school's figure rests on, its parts included, each input once."""
    told = page.explanation
    if told is None:
        return []
    elements = {element.code: element for element in page.elements}
    found: dict[str, InputRow] = {}
    waiting = [told]
    while waiting:
        one = waiting.pop(0)
        waiting += one.parts
        for cell in one.inputs:
            if cell.name not in found:
                found[cell.name] = _row(page, cell, elements.get(cell.name))
    return list(found.values())


def _row(page: FigurePage, cell: engine.Cell, element: DataElement | None) -> InputRow:
    if element is None:
        text = attribute_value(str(cell.value)) if cell.value else ""
        return InputRow("", str(ATTRIBUTES.get(cell.name, cell.name)), text, reason_text(cell.reason), "")
    text = value_text(element, None if cell.value is None else float(cell.value))
    url = reverse("cell", args=[page.unit.id, page.run.period.code, cell.name])
    return InputRow(cell.name, local(element.name), text, reason_text(cell.reason), url)


def part_rows(page: FigurePage) -> list[c.DrillItem]:
    """The indicators that this one rests on, with their figures for the same organisation and slice."""
    items = []
    for part, figure in page.parts:
        value, reason = (figure.value, figure.reason) if figure else (None, int(engine.Reason.NOT_APPLICABLE))
        items.append(
            c.DrillItem(
                f"{part.code} {local(part.name)}", value, figure_url(page.run, page.unit.id, part.code, page.slice),
                local(part.unit), part.decimals_shown(), reason=reason_text(reason), verdict=verdict_of(figure),
            )
        )  # fmt: skip
    return items
