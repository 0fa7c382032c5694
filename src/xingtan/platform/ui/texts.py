"""Texts that scripts show, translated on the server."""

from __future__ import annotations

from django.utils.translation import gettext as _


def page_texts() -> dict[str, str]:
    """For every page; the front end's `texts.ts` names the same keys."""
    return {
        "error_network": _("The server could not be reached. Check the connection and try again."),
        "error_forbidden": _("Your role does not allow this, or you have been signed out. Load the page again."),
        "error_missing": _("This entry no longer exists. Load the page again."),
        "error_server": _("Something went wrong on the server. Nothing was changed; try again in a minute."),
        "error_request": _("The server did not accept this request. Load the page again."),
        "file_none": _("No file chosen"),
        "file_type": _("This kind of file is not accepted here:"),
        "file_one": _("Choose one file only."),
        "close": _("Close"),
    }


def chart_texts() -> dict[str, str]:
    """For charts; the front end's `spec.ts` names the same keys."""
    return {
        "no_value": _("No value"),
        "lowest": _("Lowest"),
        "mean": _("Mean"),
        "highest": _("Highest"),
        "on_target": _("On target"),
        "off_target": _("Target missed"),
        "longitude": _("Longitude"),
        "latitude": _("Latitude"),
        "not_drawn": _("{n} could not be placed, because a value is missing; the table names them."),
        "shapes_missing": _("The county shapes could not be loaded; the points are drawn without them."),
        "failed": _("The picture could not be made. The table below has all figures."),
    }
