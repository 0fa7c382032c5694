"""The cells behind a school's figure, and the indicators behind a composite one."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from xingtan.domains.indicators.formulas import attribute_value
from xingtan.domains.indicators.selectors.figure_page import FigurePage
from xingtan.domains.indicators.views.figures.presenting import figure_url, verdict_of
from xingtan.domains.indicators.wording import ATTRIBUTES, local, number, reason_text
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
    names = {element.code: (local(element.name), local(element.unit)) for element in page.elements}
    found: dict[str, InputRow] = {}
    waiting = [told]
    while waiting:
        one = waiting.pop(0)
        waiting += one.parts
        for cell in one.inputs:
            if cell.name not in found:
                found[cell.name] = _row(page, cell, names)
    return list(found.values())


def _row(page: FigurePage, cell: engine.Cell, names: dict[str, tuple[str, str]]) -> InputRow:
    if cell.name in ATTRIBUTES:
        text = attribute_value(str(cell.value)) if cell.value else ""
        return InputRow("", str(ATTRIBUTES[cell.name]), text, reason_text(cell.reason), "")
    name, unit = names.get(cell.name, (cell.name, ""))
    text = f"{number(float(cell.value))} {unit}".strip() if cell.value is not None else ""
    url = reverse("cell", args=[page.unit.id, page.run.period.code, cell.name])
    return InputRow(cell.name, name, text, reason_text(cell.reason), url)


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
