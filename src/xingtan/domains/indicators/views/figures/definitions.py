"""The definition editor: write, check while typing, try on a period, save as a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xingtan.domains.indicators.capabilities import COMPUTE
from xingtan.domains.indicators.expression_messages import expression_message
from xingtan.domains.indicators.formulas import formula_words
from xingtan.domains.indicators.selectors.definitions import definition_of, element_rows, schema, versions_of
from xingtan.domains.indicators.selectors.periods import periods
from xingtan.domains.indicators.selectors.preview import PreviewRow
from xingtan.domains.indicators.selectors.preview import definition_preview as preview
from xingtan.domains.indicators.services.catalogue import CatalogueError, definitions_add
from xingtan.domains.indicators.types import PeriodData
from xingtan.domains.indicators.views.figures.definition_forms import (
    CONDITIONS,
    EXPRESSIONS,
    DefinitionForm,
    ThresholdFormSet,
    read_definition,
    thresholds_of,
)
from xingtan.domains.indicators.views.figures.presenting import verdict_of
from xingtan.domains.indicators.wording import group_text, local, number, reason_text, slice_text
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.ui import components as c

SHOWN_ELEMENTS = 40


def _base(request: HttpRequest) -> engine.Definition | None:
    """The newest version of the indicator that the address names."""
    code = request.GET.get("code", "")
    if not code:
        return None
    versions = versions_of(code)
    if not versions:
        raise Http404
    return definition_of(versions[0])


@requires(COMPUTE)
@require_http_methods(["GET", "HEAD", "POST"])
def definition_new(request: HttpRequest) -> HttpResponse:
    """GET: the editor, empty or with the newest version of `?code=`. POST: save a new version."""
    base = _base(request)
    if request.method != "POST":
        return _editor(
            request, DefinitionForm(base=base), ThresholdFormSet(initial=thresholds_of(base), prefix="threshold"), base
        )
    form = DefinitionForm(request.POST, base=base)
    thresholds = ThresholdFormSet(request.POST, initial=thresholds_of(base), prefix="threshold")
    definition = read_definition(form, thresholds)
    if definition is None:
        return _editor(request, form, thresholds, base, status=422)
    try:
        added = definitions_add(actor=actor_of(request), definitions=(definition,))
    except CatalogueError as error:
        _explain(form, error)
        return _editor(request, form, thresholds, base, status=422)
    if added:
        messages.success(
            request,
            _("A new version of %(code)s is saved. Compute the periods it concerns.") % {"code": definition.code},
        )
    else:
        messages.info(request, _("This version was already there; nothing changed."))
    return redirect("indicator", definition.code)


def _explain(form: DefinitionForm, error: CatalogueError) -> None:
    cause = error.__cause__
    if isinstance(cause, engine.ExpressionError):
        form.add_expression_error(cause)
    elif isinstance(cause, engine.DefinitionError):
        form.add_engine_error(cause)
    else:
        form.add_error(None, str(error))


def _editor(
    request: HttpRequest, form: DefinitionForm, thresholds: Any, base: engine.Definition | None, status: int = 200
) -> HttpResponse:
    title = _("New version of %(code)s") % {"code": base.code} if base else _("New indicator")
    context = {
        "title": title, "subtitle": local(base.name) if base else "", "form": form, "thresholds": thresholds,
        "expressions": [form[field] for field in EXPRESSIONS], "periods": periods(), "base": base,
        "breadcrumbs": [c.Link(_("Indicators"), reverse("indicator_list")), c.Link(title)],
        "elements": _elements(""),
    }  # fmt: skip
    return render(request, "indicators/figures/definition.html", context, status=status)


def _elements(query: str) -> list[tuple[str, str, str]]:
    words = query.casefold()
    found = [
        (row.code, local(row.name), group_text(row.group)) for row in element_rows()
        if words in f"{row.code} {row.name.get('zh', '')} {row.name.get('en', '')}".casefold()
    ]  # fmt: skip
    return found[:SHOWN_ELEMENTS]


@requires(COMPUTE)
@require_safe
def definition_elements(request: HttpRequest) -> HttpResponse:
    """GET: the data elements that match `q`, to pick from."""
    context = {"elements": _elements(request.GET.get("element", "").strip()[:60])}
    return render(request, "indicators/figures/parts/elements.html", context)


@requires(COMPUTE)
@require_POST
def definition_check(request: HttpRequest) -> HttpResponse:
    """POST: what one expression says, or where it goes wrong; `field` names it."""
    field = request.GET.get("field", "")
    if field not in EXPRESSIONS:
        raise Http404
    source = request.POST.get(field, "")
    context: dict[str, Any] = {"field": field}
    if source.strip():
        expected = engine.Type.BOOLEAN if field in CONDITIONS else engine.Type.NUMBER
        try:
            expression = engine.compile_expression(source, schema(), expected=expected)
        except engine.ExpressionError as error:
            line, _newline, carets = error.pointer().partition("\n")
            context |= {"error": expression_message(error), "line": line, "carets": carets}
        else:
            used = element_rows(expression.elements) if expression.elements else ()
            names = {row.code: local(row.name) for row in used}
            context |= {
                "canonical": expression.canonical(),
                "words": formula_words(source, names),
                "used": sorted(names.items()),
            }
    return render(request, "indicators/figures/parts/check.html", context)


@requires(COMPUTE)
@require_POST
def definition_preview(request: HttpRequest) -> HttpResponse:
    """POST: the figures that the definition in the form would give; nothing is stored."""
    base = _base(request)
    form = DefinitionForm(request.POST, base=base)
    thresholds = ThresholdFormSet(request.POST, initial=thresholds_of(base), prefix="threshold")
    definition = read_definition(form, thresholds)
    period = next((one for one in periods() if one.code == request.POST.get("preview_period")), None)
    context: dict[str, Any] = {"form": form, "thresholds": thresholds}
    if definition is not None and period is not None:
        try:
            slices, rows = preview(actor=actor_of(request), definition=definition, period=period)
        except engine.DefinitionError as error:
            form.add_engine_error(error)
        except engine.ExpressionError as error:
            form.add_expression_error(error)
        else:
            context |= _preview_table(definition, period, slices, rows)
    return render(request, "indicators/figures/parts/preview.html", context)


def _preview_table(
    definition: engine.Definition, period: PeriodData, slices: tuple[str, ...], rows: tuple[PreviewRow, ...]
) -> dict[str, Any]:
    decimals = definition.decimals_shown()
    lines = [
        (
            row.unit.name,
            [
                (slice_text(name), number(row.figures[name].value, decimals), reason_text(row.figures[name].reason),
                 verdict_of(row.figures[name]))
                for name in slices
            ],
        )
        for row in rows
    ]  # fmt: skip
    return {
        "headings": [slice_text(name) for name in slices], "lines": lines, "period": local(period.name),
        "unit": local(definition.unit),
    }  # fmt: skip
