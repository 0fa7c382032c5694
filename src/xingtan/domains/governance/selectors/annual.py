"""From a run to the contents of the annual report."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.domains.directory import api as directory
from xingtan.domains.directory.types import OrgUnitData
from xingtan.domains.governance.annual_report import report_model as model
from xingtan.domains.governance.selectors import wording
from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.engines import indicators as engine
from xingtan.platform.orgscope.actor import Actor

CHAPTERS = ("INF", "RES", "APP", "LIT", "GOV", "SUP")
TREND_YEARS = 5
COMPARED = {
    "INF": ("INF03", "INF04", "INF09", "INF13"), "RES": (), "APP": ("APP02",), "LIT": ("LIT06",), "GOV": ("GOV02",),
    "SUP": ("SUP02",),
}  # fmt: skip
"""The indicators whose counties each chapter compares, where they have values."""
STAGES_OF_EQUITY = ("stage:primary", "stage:junior")
DIRECTOR = {
    "internet_access_rate": "INF03",
    "uplink_100m_rate": "INF04",
    "multimedia_room_share": "INF09",
    "teacher_space_share": "DIR01",
    "student_space_share": "DIR02",
    "choice_timetabling_rate": "DIR03",
    "trainings_held": "DIR04",
    "live_trained_teachers": "DIR05",
}
"""Which indicator fills which blank of the director's paragraph."""


class _Figures:
    """The figures of one organisation and those below it, this year and the year before."""

    def __init__(self, actor: Actor, run: RunData, org: OrgUnitData) -> None:
        self.actor, self.run, self.org = actor, run, org
        self.now = indicators.figures(actor=actor, run=run, slices=(), root=org.path)
        earlier = [period for period in indicators.periods() if period.ends < run.period.starts]
        self.previous_run = indicators.newest_run(actor=actor, period_id=earlier[0].id) if earlier else None
        self.before = (
            indicators.figures(actor=actor, run=self.previous_run, slices=(), root=org.path)
            if self.previous_run
            else {}
        )
        self.versions = indicators.versions_in_force(run.period.ends)
        self.definitions = {row.code: indicators.definition_of(row) for row in self.versions}
        computed = indicators.versions_by_id(run.definitions)
        # What the run used goes before what is in force today.
        self.definitions |= {row.code: indicators.definition_of(row) for row in computed}

    def get(self, code: str, part: str = "all", *, org: int | None = None, before: bool = False) -> FigureData | None:
        return (self.before if before else self.now).get((org or self.org.id, code, part))

    def figure(self, code: str, part: str = "all", *, before: bool = False, org: int | None = None) -> model.Figure:
        definition = self.definitions.get(code)
        found = self.get(code, part, org=org, before=before)
        missing = ""
        if found is None or found.value is None:
            missing = self._missing(definition, found, before)
        return model.Figure(
            value=None if missing else found.value if found else None,
            unit=wording.local(definition.unit) if definition else "",
            decimals=definition.decimals_shown() if definition else 1,
            measure=wording.measure(definition), source=code if part == "all" else f"{code}/{part}", missing=missing,
        )  # fmt: skip

    def _missing(self, definition: engine.Definition | None, found: FigureData | None, before: bool) -> str:
        if definition is not None and not definition.computable:
            return _("not computed") if before else wording.local(definition.needs)
        if before and self.previous_run is None:
            return _("no earlier period")
        if found is None:
            return _("not computed")
        return wording.reason(found.reason)


def annual_report_contents(
    *, actor: Actor, run: RunData, org_id: int, title: str, bureau: str, language: str
) -> model.AnnualReport | None:
    """Everything the annual report of an organisation prints; None when the actor may not see the organisation.

    Call with the language active: names and reasons are taken in it.
    """
    org = directory.unit_on(actor=actor, unit_id=org_id, day=run.period.ends, capability=indicators.FIGURE_VIEW)
    if org is None or org.kind not in {"city", "county"}:
        return None
    data = _Figures(actor, run, org)
    below = directory.children_on(actor=actor, unit_id=org.id, day=run.period.ends, capability=indicators.FIGURE_VIEW)
    groups = tuple(unit for unit in below if unit.kind == "county")
    trend = indicators.trend(
        actor=actor, unit_ids=(org.id,), codes=tuple(c for codes in COMPARED.values() for c in codes)
    )
    statistics = run.statistics
    return model.AnnualReport(
        title=title, period=run.period.name.get("en" if language == "en" else "zh", run.period.code), city=org.name,
        bureau=bureau, issued_on=timezone.localdate(),
        run=model.Run(
            id=f"R{run.id}", computed_at=timezone.localtime(run.created_at), input_hash=run.input_hash,
            schools_due=int(statistics.get("schools", 0)), schools_approved=int(statistics.get("reporting", 0)),
        ),
        director=_director(data, run), lang="en" if language == "en" else "zh-hans",
        chapters=tuple(_chapter(data, key, groups, trend) for key in CHAPTERS),
        definitions=tuple(_definition(definition) for definition in data.definitions.values() if definition.computable),
        quality=_quality(data, run),
    )  # fmt: skip


def _director(data: _Figures, run: RunData) -> model.DirectorParagraph:
    return model.DirectorParagraph(
        year=run.period.starts.year,
        multimedia_room_share_previous=data.figure(DIRECTOR["multimedia_room_share"], before=True),
        **{name: data.figure(code) for name, code in DIRECTOR.items()},
    )


def _chapter(
    data: _Figures, key: str, groups: tuple[OrgUnitData, ...], trend: dict[str, dict[tuple[int, str, str], FigureData]]
) -> model.Chapter:
    codes = [code for code in data.definitions if code[:3] == key]
    compared = [code for code in COMPARED[key] if code in codes and data.get(code) and data.get(code).value is not None]  # type: ignore[union-attr]
    return model.Chapter(
        key=key, title=wording.section(key), indicators=tuple(_indicator(data, code) for code in codes),
        comparisons=tuple(_comparison(data, code, groups) for code in compared) if len(groups) > 1 else (),
        equity=tuple(_equity(data, codes)), trends=tuple(_trends(data, compared, trend)),
    )  # fmt: skip


def _indicator(data: _Figures, code: str) -> model.Indicator:
    definition, found = data.definitions[code], data.get(code)
    return model.Indicator(
        code=code, name=wording.local(definition.name), current=data.figure(code),
        previous=data.figure(code, before=True), status=wording.status(definition),
        direction=wording.direction(definition), target=found.target if found else None,
        target_text=wording.targets(definition), verdict=wording.verdict(found.verdict if found else 0),
    )  # fmt: skip


def _comparison(data: _Figures, code: str, groups: tuple[OrgUnitData, ...]) -> model.CountyComparison:
    values = []
    for unit in groups:
        now, before = data.figure(code, org=unit.id), data.figure(code, org=unit.id, before=True)
        found = data.get(code, org=unit.id)
        values.append(
            model.CountyValue(
                name=unit.name, current=now.value, previous=before.value, missing=now.missing,
                missing_previous=before.missing, schools=found.n_used if found else None,
            )
        )  # fmt: skip
    return model.CountyComparison(indicator=code, counties=tuple(values), city=data.figure(code))


def _equity(data: _Figures, codes: Iterable[str]) -> Iterable[model.Equity]:
    for code in codes:
        definition = data.definitions[code]
        if definition.kind not in {engine.Kind.WEIGHTED_CV, engine.Kind.COMPOSITE_CV}:
            continue
        for part in STAGES_OF_EQUITY:
            found = data.get(code, part)
            if found is None:
                continue
            yield model.Equity(
                indicator=code, name=f"{wording.local(definition.name)}({wording.slice_name(part)})",
                current=data.figure(code, part), previous=data.figure(code, part, before=True), limit=found.target,
                limit_text=f"≤{found.target:g}" if found.target is not None else "",
                verdict=wording.verdict(found.verdict), scope=wording.slice_name(part),
            )  # fmt: skip


def _trends(
    data: _Figures, codes: Iterable[str], trend: dict[str, dict[tuple[int, str, str], FigureData]]
) -> Iterable[model.Trend]:
    years = [year for year in trend if year <= data.run.period.code][-TREND_YEARS:]
    if len(years) < 2:
        return
    for code in codes:
        values = tuple(
            figure.value if (figure := trend[year].get((data.org.id, code, "all"))) else None for year in years
        )
        yield model.Trend(indicator=code, years=tuple(years), values=values)


def _definition(definition: engine.Definition) -> model.Definition:
    return model.Definition(
        code=definition.code, name=wording.local(definition.name), formula=wording.formula(definition),
        aggregation=wording.kind(definition), article=" ".join(filter(None, (definition.document, definition.article))),
        status=wording.status(definition), version=definition.content_hash()[:8],
    )  # fmt: skip


def _quality(data: _Figures, run: RunData) -> tuple[model.QualityFinding, ...]:
    schools, reporting = int(run.statistics.get("schools", 0)), int(run.statistics.get("reporting", 0))
    cells = int(run.statistics.get("cells", 0))
    gaps = sorted(
        (figure for figure in data.now.values() if figure.org_unit_id == data.org.id and figure.slice == "all"),
        key=lambda figure: -figure.n_missing,
    )[:10]
    findings = [
        model.QualityFinding(
            _("Schools"), _("%(reporting)d of %(schools)d reported") % {"reporting": reporting, "schools": schools},
            _("Schools that did not report are left out of numerator and denominator alike and counted as missing."),
        ),
        model.QualityFinding(_("Reported cells"), f"{cells:,}"),
    ]  # fmt: skip
    findings += [
        model.QualityFinding(
            f"{figure.code} {wording.local(data.definitions[figure.code].name)}",
            _("%(missing)d of %(scope)d schools missing") % {"missing": figure.n_missing, "scope": figure.n_scope},
        )
        for figure in gaps
        if figure.n_missing and figure.code in data.definitions
    ]
    return tuple(findings)
