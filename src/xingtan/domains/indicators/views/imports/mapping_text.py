"""The mapping as text: edit, upload, download, keep for next year, take from last year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xingtan.domains.indicators.capabilities import IMPORT
from xingtan.domains.indicators.messages import mapping_error
from xingtan.domains.indicators.models import MappingTemplate
from xingtan.domains.indicators.services.imports import draft_set_mapping
from xingtan.domains.indicators.services.intake import ImportRefused
from xingtan.domains.indicators.services.mappings import mapping_keep, mapping_reset, mapping_take
from xingtan.domains.indicators.views.imports.downloads import attachment
from xingtan.domains.indicators.views.imports.forms import read_mapping_file
from xingtan.domains.indicators.views.imports.steps import draft_or_404, page
from xingtan.engines.tables import MappingError
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.orgscope.ids import read_id


@requires(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_text(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the mapping as text; POST `text`, or a `file`: save it. An error names the key, and nothing is saved."""
    draft = draft_or_404(request, draft_id)
    text, error = draft.mapping, ""
    if request.method == "POST":
        try:
            upload: Any = request.FILES.get("file")
            text = read_mapping_file(upload) if upload else request.POST.get("text", "").replace("\r\n", "\n")
            draft_set_mapping(actor=actor_of(request), draft_id=draft.pk, text=text)
        except MappingError as wrong:
            error = mapping_error(wrong)
        except forms.ValidationError as wrong:
            error = "".join(wrong.messages)
        except ImportRefused as wrong:
            error = str(wrong)
        else:
            messages.success(request, _("The mapping was saved."))
            return redirect("import_draft", draft.pk)
    context = page(request, draft, "mapping", _("Mapping as text"), text=text, error=error)
    return render(request, "indicators/imports/text.html", context, status=422 if error else 200)


@requires(IMPORT)
@require_safe
def import_mapping_file(request: HttpRequest, draft_id: int) -> HttpResponse:
    """GET: the mapping as a file, the same that the screen shows."""
    draft = draft_or_404(request, draft_id)
    if not draft.mapping:
        raise Http404
    return attachment(draft.mapping, f"{draft.file.name.rsplit('.', 1)[0]}.toml", "application/toml; charset=utf-8")


@requires(IMPORT)
@require_POST
def import_keep(request: HttpRequest, draft_id: int) -> HttpResponse:
    """POST `name`: keep the mapping for the next table of this kind."""
    draft = draft_or_404(request, draft_id)
    try:
        template = mapping_keep(actor=actor_of(request), draft_id=draft.pk, name=request.POST.get("name", ""))
        messages.success(request, _("Kept as “%s”. Choose it at the next upload.") % template.name)
    except ImportRefused as error:
        messages.error(request, str(error))
    return redirect("import_draft", draft.pk)


@requires(IMPORT)
@require_POST
def import_take(request: HttpRequest, draft_id: int) -> HttpResponse:
    """POST `template`: use a kept mapping; without one, go back to what was proposed."""
    draft = draft_or_404(request, draft_id)
    chosen = request.POST.get("template", "")
    try:
        if chosen:
            mapping_take(actor=actor_of(request), draft_id=draft.pk, template_id=read_id(chosen) or 0)
        else:
            mapping_reset(actor=actor_of(request), draft_id=draft.pk)
        messages.success(request, _("The mapping was replaced."))
    except MappingTemplate.DoesNotExist as error:
        raise Http404 from error
    except ImportRefused as error:
        messages.error(request, str(error))
    except MappingError as error:
        messages.error(request, mapping_error(error))
    return redirect("import_draft", draft.pk)
