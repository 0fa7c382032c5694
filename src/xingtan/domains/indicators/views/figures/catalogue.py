"""The catalogue: which indicators there are, what each says, and where its figures stand."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from xingtan.domains.indicators.capabilities import COMPUTE, FIGURE_VIEW
from xingtan.domains.indicators.selectors.breakdown import PlaceFigure
from xingtan.domains.indicators.selectors.definitions import definition_of, versions_in_force
from xingtan.domains.indicators.selectors.indicator_page import indicator_figures, indicator_versions
from xingtan.domains.indicators.views.figures import presenting
from xingtan.domains.indicators.views.figures.definition_text import definition_text
from xingtan.domains.indicators.wording import (
    kind_text,
    local,
    number,
    reason_text,
    section_text,
    target_text,
)
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import charts
from xingtan.platform.ui import components as c
from xingtan.platform.ui.excel import Sheet, workbook_response
from xingtan.platform.ui.lists import ListState

PER_PAGE = 30


def _judged(definition: engine.Definition) -> str:
    """The thresholds in one line, e.g. "≥ 2.3 间 / ≥ 2.4 间"."""
    judged = [one for one in definition.thresholds if one.judged and not one.when]
    return " / ".join(dict.fromkeys(target_text(definition, one.value) for one in judged))


def _matches(definition: engine.Definition, state: ListState) -> bool:
    wanted = state.filters
    words = " ".join((definition.code, definition.name.zh, definition.name.en)).casefold()
    computable = {"yes": definition.computable, "no": not definition.computable}
    return (
        state.query.casefold() in words
        and (not wanted["section"] or definition.section == wanted["section"])
        and (not wanted["status"] or definition.status == wanted["status"])
        and computable.get(wanted["computable"], True)
    )


@requires(FIGURE_VIEW)
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """GET: every indicator in force, also those that cannot be computed yet; `?export` gives the Excel file."""
    definitions = [definition_of(row) for row in versions_in_force(timezone.localdate())]
    if "export" in request.GET:
        return workbook_response(_("Indicators"), _sheet(definitions))
    state = ListState.read(request.GET, filters={"section", "status", "computable"}, per_page=PER_PAGE)
    rows, paging = state.cut([one for one in definitions if _matches(one, state)])
    sections = dict.fromkeys(one.section for one in definitions)
    table = c.Table(
        key="indicators", caption=_("Indicators"), paging=paging, query=state.query, export_url="?export=1",
        search_label=_("Name or code"),
        columns=(
            c.Column("code", _("Code")), c.Column("name", _("Indicator")),
            c.Column("threshold", _("Threshold"), phone="hide"), c.Column("kind", _("How"), phone="hide"),
            c.Column("status", pgettext("of a definition", "Status")), c.Column("needs", _("Computable")),
        ),
        rows=[_row(one) for one in rows],
        filters=[
            c.Filter("section", _("Section"), [c.Choice(s, section_text(s)) for s in sections], state.filters["section"]),
            c.Filter("status", pgettext("of a definition", "Status"), [c.Choice(s, s) for s in "ABC"], state.filters["status"]),
            c.Filter(
                "computable", _("Computable"), [c.Choice("yes", _("computable")), c.Choice("no", _("not yet"))],
                state.filters["computable"],
            ),
        ],
        empty=c.Empty(
            _("There are no indicators yet"), _("The administrator brings in the catalogue with “xingtan manage catalogue”.")
        ),
    )  # fmt: skip
    context = {
        "title": _("Indicators"), "table": table, "may_define": actor_of(request).can(COMPUTE),
        "subtitle": _("%(count)d indicators, %(computable)d of them computable today")
        % {"count": len(definitions), "computable": sum(one.computable for one in definitions)},
    }  # fmt: skip
    return render(request, "indicators/figures/catalogue.html", context)


def _row(definition: engine.Definition) -> c.Row:
    tones: dict[str, c.Tone] = {"A": "info", "B": "neutral", "C": "warning"}
    needs = local(definition.needs)
    return c.Row(
        (
            c.Cell(definition.code), c.Cell(local(definition.name), url=reverse("indicator", args=[definition.code])),
            c.Cell(_judged(definition) or "–"), c.Cell(kind_text(definition) or "–"),
            c.Cell(badge=c.Badge(definition.status, tones[definition.status])),
            c.Cell(_("needs %(data)s") % {"data": needs}) if needs else c.Cell(_("yes")),
        )
    )  # fmt: skip


def _sheet(definitions: list[engine.Definition]) -> Sheet:
    headings = (
        _("Code"), _("Indicator"), _("Section"), _("Unit"),
        pgettext("of a definition", "Status"), _("Threshold"), _("How"), _("Numerator"),
        _("Denominator"), _("Value"), _("Scope"), _("Document"), _("Article"), _("Sources"), _("Needs"),
    )  # fmt: skip
    rows = [
        (
            one.code, local(one.name), section_text(one.section), local(one.unit), one.status, _judged(one),
            kind_text(one), one.numerator, one.denominator, one.value or one.passes or " ".join(one.of), one.scope,
            one.document, one.article, "\n".join(one.sources), local(one.needs),
        )
        for one in definitions
    ]  # fmt: skip
    return Sheet(_("Indicators"), headings, rows)


@requires(FIGURE_VIEW)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """GET: one indicator with all versions and the figures of today."""
    versions = indicator_versions(code)
    if not versions:
        raise Http404
    run, places = indicator_figures(actor=actor_of(request), code=code)
    newest = versions[0].definition
    texts = [definition_text(one.definition, one.expressions, one.elements, one.version) for one in versions]
    context = {
        "title": local(newest.name), "subtitle": f"{code} · {section_text(newest.section)}", "definition": newest,
        "status": cast(c.Status, newest.status),
        "breadcrumbs": [c.Link(_("Indicators"), reverse("indicator_list")), c.Link(code)],
        "versions": list(zip(versions, texts, strict=True)), "run": run,
        "chart": _chart(newest, run.period.code, places, run.id) if run and len(places) > 1 else None,
        "items": [
            c.DrillItem(
                place.unit.name, place.figure.value, reverse("figure", args=[run.id, place.unit.id, code, "all"]),
                local(newest.unit), newest.decimals_shown(), reason=reason_text(place.figure.reason),
                verdict=presenting.verdict_of(place.figure),
                note=_("%(used)s of %(scope)s schools")
                % {"used": number(place.figure.n_used), "scope": number(place.figure.n_scope)},
            )
            for place in places
        ] if run else [],
        "may_define": actor_of(request).can(COMPUTE),
    }  # fmt: skip
    return render(request, "indicators/figures/indicator.html", context)


def _chart(
    definition: engine.Definition, period: str, places: tuple[PlaceFigure, ...], run_id: int
) -> charts.ChartSpec:
    points = tuple(
        charts.Point(
            place.unit.name, place.figure.value, reason=reason_text(place.figure.reason),
            href=reverse("figure", args=[run_id, place.unit.id, definition.code, "all"]),
        )
        for place in places
    )  # fmt: skip
    return charts.ChartSpec(
        kind="hbar", title=_("Where it stands"), unit=local(definition.unit), decimals=definition.decimals_shown(),
        label_heading=_("Organisation"), series=(charts.Series(period, points),),
        target=presenting.chart_target(definition, places[0].figure),
    )  # fmt: skip
