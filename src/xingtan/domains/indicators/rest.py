"""Definitions, runs and figures over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from xingtan.domains.indicators import api as indicators
from xingtan.domains.indicators.types import FigureData, RunData
from xingtan.platform.orgscope.access import actor_of
from xingtan.platform.orgscope.ids import MAX_ID, is_id

router = Router()


class PeriodOut(Schema):
    code: str
    starts: str
    ends: str


class RunOut(Schema):
    """One computation: `id` is what a figure in a report names."""

    id: int
    kind: str
    period: str
    input_hash: str
    definitions_hash: str
    created_at: datetime


class FigureOut(Schema):
    """One figure. `reason` is 0 when there is a value; `verdict` is 0 none, 1 pass, 2 fail, 3 undefined."""

    run_id: int
    org_unit_id: int
    code: str
    slice: str
    value: float | None
    rounded: float | None
    reason: int
    numerator: float | None
    denominator: float | None
    n_scope: int
    n_used: int
    n_missing: int
    target: float | None
    verdict: int


class FigureQuery(Schema):
    """`code`, `slice` and `org` may stand several times; nothing given keeps all codes, the slice "all", all one's
    organisations."""

    period: str
    code: list[str] = Field(default_factory=list)
    slice: list[str] = Field(default_factory=lambda: ["all"])
    org: list[Annotated[int, Field(ge=1, le=MAX_ID)]] = Field(default_factory=list)


class SchoolFigureQuery(Schema):
    period: str
    code: list[str] = Field(default_factory=list)


class RunQuery(Schema):
    limit: int = Field(50, ge=1, le=200)


def _run_out(run: RunData) -> dict[str, object]:
    return {
        "id": run.id, "kind": run.kind, "period": run.period.code, "input_hash": run.input_hash,
        "definitions_hash": run.definitions_hash, "created_at": run.created_at,
    }  # fmt: skip


def _newest(request: HttpRequest, code: str) -> RunData:
    period = indicators.period_by_code(code)
    run = indicators.newest_run(actor=actor_of(request), period_id=period.id) if period else None
    if run is None:
        raise Http404
    return run


@router.get("/periods", response=list[PeriodOut], summary="Periods, newest first")
def period_list(request: HttpRequest) -> list[dict[str, str]]:
    actor_of(request).require(indicators.FIGURE_VIEW)
    return [
        {"code": period.code, "starts": period.starts.isoformat(), "ends": period.ends.isoformat()}
        for period in indicators.periods()
    ]


@router.get("/runs", response=list[RunOut], summary="The newest computations")
def run_list(request: HttpRequest, query: Query[RunQuery]) -> list[dict[str, object]]:
    actor_of(request).require(indicators.FIGURE_VIEW)
    return [_run_out(run) for run in indicators.runs(actor=actor_of(request), limit=query.limit)]


@router.get("/figures", response=list[FigureOut], summary="Figures of the organisations above the schools")
def figure_list(request: HttpRequest, query: Query[FigureQuery]) -> list[FigureData]:
    """Of the newest run of a period, within one's own subtree."""
    run = _newest(request, query.period)
    found = indicators.figures(
        actor=actor_of(request), run=run, codes=query.code, slices=query.slice, unit_ids=query.org
    )
    return list(found.values())


@router.get("/schools/{org_id}/figures", response=list[FigureOut], summary="Figures of one school")
def school_figure_list(request: HttpRequest, org_id: int, query: Query[SchoolFigureQuery]) -> list[FigureData]:
    """404 when the school lies outside of one's subtree."""
    run = _newest(request, query.period)
    if not is_id(org_id):
        raise Http404
    found = indicators.school_figures(actor=actor_of(request), run=run, unit_ids=(org_id,), codes=query.code)
    if not found:
        raise Http404
    return list(found.values())
