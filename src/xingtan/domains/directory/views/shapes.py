"""County shapes: load a GeoJSON file, see what is there, remove one; and the file that maps draw from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xingtan.domains.directory.capabilities import ORG_EDIT, ORG_VIEW
from xingtan.domains.directory.models import OrgShape
from xingtan.domains.directory.selectors.shapes import feature_collection, shapes
from xingtan.domains.directory.selectors.units import unit_on, units_on
from xingtan.domains.directory.services.geojson import MAX_BYTES
from xingtan.domains.directory.services.shapes import ShapesError, ShapesLoaded, shape_delete, shapes_load
from xingtan.domains.directory.types import OrgKind
from xingtan.platform.orgscope.access import actor_of, requires
from xingtan.platform.orgscope.ids import read_id

SHAPES_CACHE_SECONDS = 600


class ShapesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("GeoJSON file"),
        help_text=gettext_lazy("County outlines as Polygon or MultiPolygon, in degrees, at most 20 MB."),
    )
    match_by = forms.CharField(
        label=gettext_lazy("Property with the county's code or name"), required=False, max_length=60,
        help_text=gettext_lazy("Leave it empty: the property that fits most counties is found by itself."),
    )  # fmt: skip

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %d MB.") % (MAX_BYTES // 2**20))
        return file


@requires(ORG_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def shape_list(request: HttpRequest) -> HttpResponse:
    """The outlines that are there, and the form to load others; after loading, what matched and what did not."""
    actor, day = actor_of(request), timezone.localdate()
    form = ShapesForm(request.POST or None, request.FILES or None)
    loaded: ShapesLoaded | None = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            loaded = shapes_load(
                actor=actor, content=upload.read(), file_name=upload.name, day=day,
                match_by=form.cleaned_data["match_by"].strip(),
            )  # fmt: skip
        except ShapesError as error:
            form.add_error("file", str(error))
        else:
            form = ShapesForm()
    known = {shape.unit_id: shape for shape in shapes(actor=actor)}
    counties = units_on(actor=actor, day=day, kinds=(OrgKind.COUNTY.value,), capability=ORG_EDIT)
    context = {
        "title": _("County shapes"), "form": form, "loaded": loaded,
        "rows": [(county, known.get(county.id)) for county in counties],
        "missing": sum(county.id not in known for county in counties),
    }  # fmt: skip
    return render(request, "directory/shapes.html", context, status=422 if form.errors else 200)


@requires(ORG_EDIT)
@require_POST
def shape_remove(request: HttpRequest, org_id: int) -> HttpResponse:
    """Remove the outline of one county."""
    try:
        shape_delete(actor=actor_of(request), unit_id=org_id)
    except OrgShape.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The outline was removed."))
    return redirect("shape_list")


@requires(ORG_VIEW)
@require_safe
def shape_file(request: HttpRequest) -> HttpResponse:
    """The outlines of the visitor's own subtree, or of the organisation `org` in it, as GeoJSON."""
    actor, day = actor_of(request), timezone.localdate()
    root, wanted = "", request.GET.get("org", "")
    if wanted:
        org_id = read_id(wanted)
        unit = unit_on(actor=actor, unit_id=org_id, day=day) if org_id else None
        if unit is None:
            raise Http404
        root = unit.path
    answer = JsonResponse(
        feature_collection(actor=actor, day=day, root=root), json_dumps_params={"ensure_ascii": False},
        content_type="application/geo+json",
    )  # fmt: skip
    answer["Cache-Control"] = f"private, max-age={SHAPES_CACHE_SECONDS}"
    return answer
