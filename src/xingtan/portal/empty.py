"""What the portal says where there is nothing yet, and how to begin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from xingtan.domains.indicators import api as indicators
from xingtan.platform.ui import components as c
from xingtan.portal.standing import Standing


def nowhere() -> c.Empty:
    """For a visitor without any role today."""
    return c.Empty(
        _("You hold no role in an organisation today"),
        _("Ask your education bureau or your principal to give your account a role."), icon="user",
    )  # fmt: skip


def nothing_computed(place: Standing) -> c.Empty:
    """Before the first computation of a period: what this visitor can do about it."""
    actor, org = place.actor, place.org
    if place.period is None:
        title = _("There are no figures yet")
    else:
        title = _("%(period)s has not been computed yet") % {"period": indicators.local(place.period.name)}
    if actor.can(indicators.COMPUTE, org.path):
        if place.period is None:
            return c.Empty(
                title, _("Import the schools' table first; the figures are computed when it is applied."),
                c.Link(_("Import data"), reverse("import_list"), "database-import"), "chart-bar",
            )  # fmt: skip
        return c.Empty(
            title, _("Compute it from the data that is there, or import the schools' table first."),
            c.Link(_("Compute the figures"), reverse("run_list"), "calculator"), "chart-bar",
        )  # fmt: skip
    if actor.can(indicators.IMPORT, org.path):
        return c.Empty(
            title, _("Import your schools' table; the figures are computed when it is applied."),
            c.Link(_("Import data"), reverse("import_list"), "database-import"), "chart-bar",
        )  # fmt: skip
    if place.is_school and place.period is not None:
        return c.Empty(
            title, _("They appear when the education bureau has computed them. Until then, check your school's cells."),
            c.Link(_("Check our cells"), reverse("school_cells", args=[org.id, place.period.code]), "checklist"),
            "chart-bar",
        )  # fmt: skip
    return c.Empty(title, _("They appear when the education bureau has computed them."), icon="chart-bar")
