"""`{% load ui %}`: the built files, icons, and every component. Examples stand in the README of this application."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xingtan.platform.ui import assets, components
from xingtan.platform.ui.charts import ChartSpec
from xingtan.platform.ui.forms import describe, error_list, is_wide_choice, options, widget_html
from xingtan.platform.ui.numbers import shown
from xingtan.platform.ui.texts import chart_texts, page_texts

register = template.Library()
_MARKUP = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"}


# The built front end


@register.simple_tag
def vite(name: str) -> SafeString:
    """Style sheets and the module script of a front-end entry: `{% vite 'main' %}`."""
    files = assets.entry_files(name)
    url = assets.static_url
    return format_html(
        "{}{}{}",
        format_html_join("", '<link rel="stylesheet" href="{}">', ((url(file),) for file in files.styles)),
        format_html_join("", '<link rel="modulepreload" href="{}">', ((url(file),) for file in files.preloads)),
        format_html('<script type="module" src="{}"></script>', url(files.script)),
    )


@register.simple_tag
def asset(file: str) -> str:
    """The address of a file of the built front end by its fixed name: `{% asset 'favicon.svg' %}`."""
    return assets.static_url(file)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon: `{% icon 'school' %}`; with a label when it stands alone.

    Raises:
        TemplateSyntaxError: the sprite has no such icon.
    """
    sheet = assets.sprite()
    if name not in sheet.names:
        raise template.TemplateSyntaxError(
            f"There is no icon {name!r}; add its Tabler name to frontend/src/icons.json and build again."
        )
    hidden = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        name, hidden, assets.static_url(sheet.file), name,
    )  # fmt: skip


@register.simple_tag
def home_url() -> str:
    """The start page."""
    try:
        return reverse("home")
    except NoReverseMatch:
        return "/"


@register.simple_tag
def ui_texts() -> SafeString:
    """The translated texts that scripts need, once per page."""
    return json_script(page_texts(), "xt-texts")


# Figures


@register.simple_tag
def figure(value: float | None, unit: str = "", decimals: int = 1, reason: str = "") -> SafeString:
    """A number with its unit, or the reason why there is none."""
    if value is None:
        return format_html('<span class="xt-null">{}</span>', reason or _("No value"))
    gap = "" if unit in ("", "%") else " "
    return format_html("{}{}{}", shown(value, decimals), gap, unit)


@register.inclusion_tag("ui/stat_tile.html")
def stat_tile(tile: components.Tile) -> dict[str, Any]:
    """A headline figure."""
    shown_value = None if tile.value is None else shown(tile.value, tile.decimals)
    percent = None if tile.progress is None else round(max(0.0, min(1.0, tile.progress)) * 100)
    return {"tile": tile, "shown": shown_value, "percent": percent}


@register.inclusion_tag("ui/verdict.html")
def verdict(value: components.Verdict) -> dict[str, Any]:
    """Pass, fail, or undefined; undefined is never a pass."""
    return {"value": value}


@register.inclusion_tag("ui/status.html")
def status(value: components.Status) -> dict[str, Any]:
    """How sure a definition is: A, B or C."""
    return {"value": value}


@register.inclusion_tag("ui/badge.html")
def badge(text: object, tone: components.Tone = "neutral", icon: str = "") -> dict[str, Any]:
    """A short coloured word: `{% badge "Published" "success" %}`; also takes a `Badge`."""
    if isinstance(text, components.Badge):
        return {"text": text.text, "tone": text.tone, "icon": text.icon}
    return {"text": text, "tone": tone, "icon": icon}


@register.inclusion_tag("ui/definition.html")
def definition(term: object, text: object) -> dict[str, Any]:
    """A term that explains itself when opened: how a figure is computed, what a word means."""
    return {"term": term, "text": text}


@register.inclusion_tag("ui/drill_list.html")
def drill_list(items: Sequence[components.DrillItem], caption: object = "") -> dict[str, Any]:
    """The parts a figure is made of, each leading one level down."""
    rows = [(item, None if item.share is None else round(max(0.0, min(1.0, item.share)) * 100)) for item in items]
    return {"rows": rows, "caption": caption}


@register.inclusion_tag("ui/chart.html", takes_context=True)
def chart(context: Context, spec: ChartSpec, height: str = "") -> dict[str, Any]:
    """A chart with its table and downloads; ``height`` is ``small``, ``tall`` or empty."""
    data = spec.to_json()
    serial = int(context.render_context.get("xt_charts") or 0) + 1
    context.render_context["xt_charts"] = serial
    digest = hashlib.blake2s(json.dumps(data, sort_keys=True).encode(), digest_size=4).hexdigest()
    key = f"chart-{digest}-{serial}"
    # Not a script element as json_script makes it: htmx drops scripts from what it swaps into a page.
    text = json.dumps({**data, "texts": chart_texts()}, cls=DjangoJSONEncoder, ensure_ascii=False)
    payload = format_html('<div hidden id="{}-spec">{}</div>', key, SafeString(text.translate(_MARKUP)))
    return {"spec": spec, "key": key, "payload": payload, "height": height}


# Page furniture


@register.inclusion_tag("ui/page_header.html")
def page_header(title: object, subtitle: object = "", pretitle: object = "") -> dict[str, Any]:
    """A second heading inside a page; the page's own header is `base.html`'s."""
    return {"title": title, "subtitle": subtitle, "pretitle": pretitle}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumb_trail(crumbs: Sequence[components.Link]) -> dict[str, Any]:
    """Where the page stands; the last crumb is the page itself."""
    return {"crumbs": crumbs}


@register.inclusion_tag("ui/tabs.html")
def tabs(links: Sequence[components.Link], label: object = "") -> dict[str, Any]:
    """Views of one thing, each with an address of its own."""
    return {"links": links, "label": label}


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Sequence[components.Step]) -> dict[str, Any]:
    """The steps of a guided task."""
    return {"steps": steps}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Sequence[components.TimelineEntry]) -> dict[str, Any]:
    """What happened, newest first."""
    return {"entries": entries}


@register.inclusion_tag("ui/empty.html")
def empty_state(empty: components.Empty) -> dict[str, Any]:
    """Nothing here yet, and how to begin."""
    return {"empty": empty}


@register.inclusion_tag("ui/job_progress.html")
def job_progress(url: str, progress: int, step: object = "", finished: bool = False) -> dict[str, Any]:
    """A bar that asks ``url`` every second for its successor, until one comes that is finished."""
    return {"url": url, "progress": progress, "step": step, "finished": finished}


@register.inclusion_tag("ui/confirm_dialog.html", takes_context=True)
def confirm_dialog(
    context: Context, key: str, url: str, title: object, text: object = "", button: object = "", danger: bool = False
) -> dict[str, Any]:
    """A button's question before it acts; opened by `data-xt-open="#key"`, answered by POST to ``url``."""
    return {
        "key": key, "url": url, "title": title, "text": text, "button": button or _("Confirm"), "danger": danger,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


# Lists


@register.inclusion_tag("ui/table.html", takes_context=True)
def list_table(context: Context, table: components.Table) -> dict[str, Any]:
    """A whole list: search, filters, sortable headings, rows, paging, export, empty state."""
    return {"table": table, "request": context["request"]}


@register.filter
def cells(row: components.Row, columns: Sequence[components.Column]) -> list[tuple[components.Column, components.Cell]]:
    """The cells of a row beside their columns."""
    return list(zip(columns, row.cells, strict=True))


@register.inclusion_tag("ui/table_toolbar.html", takes_context=True)
def table_toolbar(context: Context, table: components.Table) -> dict[str, Any]:
    """Only what stands above a list, for rows written by hand."""
    return {"table": table, "request": context["request"], "sort": table.sort}


@register.inclusion_tag("ui/sort_header.html", takes_context=True)
def sort_header(context: Context, column: components.Column, sort: str) -> dict[str, Any]:
    """A column heading; a second click on it turns the order round."""
    ascending, descending = sort == column.key, sort == f"-{column.key}"
    params = _params(context, "page", "sort")
    params["sort"] = f"-{column.key}" if ascending else column.key
    aria = "ascending" if ascending else "descending" if descending else ""
    return {"column": column, "aria": aria, "url": f"?{params.urlencode()}"}


@register.inclusion_tag("ui/paging.html", takes_context=True)
def paging(context: Context, state: components.Paging) -> dict[str, Any]:
    """Links to the other pages of a list."""
    base = _params(context, "page").urlencode()
    prefix = f"?{base}&page=" if base else "?page="
    return {"state": state, "prefix": prefix}


# Forms


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """One form field: label, control, help and errors, tied together for screen readers."""
    wide = is_wide_choice(bound)
    shown_as = {"options": options(bound)} if wide else {"control": widget_html(bound)}
    return {"field": bound, "wide": wide, "info": describe(bound), **shown_as}


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """All fields of a form in order, with the error summary above."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The errors of a form, each a link to its field."""
    return {"errors": error_list(form)}


@register.inclusion_tag("ui/drop_zone.html")
def drop_zone(bound: BoundField, template_url: str = "", accept: str = "") -> dict[str, Any]:
    """A file field one may drop a file on; ``template_url`` is the empty form to fill in."""
    return {
        "field": bound, "template_url": template_url, "info": describe(bound),
        "control": widget_html(bound, {"accept": accept} if accept else {}),
    }  # fmt: skip


def _params(context: Context, *without: str) -> Any:
    """The address parameters of the request, less some; a mutable `QueryDict`."""
    params = context["request"].GET.copy()
    for name in without:
        params.pop(name, None)
    return params
