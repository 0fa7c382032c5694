"""`xingtan compute` and the catalogue command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from xingtan.domains.indicators import api
from xingtan.domains.indicators.models import DataElement, Figure, IndicatorVersion, Run


def run(*words):
    out, err = StringIO(), StringIO()
    call_command("xingtan_compute", *words, stdout=out, stderr=err)
    return out.getvalue()


def test_one_period_and_all(world, system, period, observe):
    observe(period)
    observe(api.period_ensure(code="2024"))
    assert "2025: R1" in run("--period", "2025").replace(f"R{newest()}", "R1")
    told = run("--all").splitlines()
    assert [line.split(":")[0] for line in told] == ["2024", "2025"]
    assert "云州市" in told[0]
    assert Run.objects.unscoped(reason="test").count() == 3


def newest():
    return Run.objects.unscoped(reason="test").latest("id").pk


def test_one_county(world, period, observe):
    observe(period)
    assert "东湖区" in run("--period", "2025", "--org", "A")
    assert Run.objects.unscoped(reason="test").get().org_path == world.paths["A"]


def test_verify(world, system, computed):
    assert "are the same" in run("--verify", str(computed.id))
    Figure.objects.unscoped(reason="test").filter(run_id=computed.id, code="INF03").update(value=1)
    with pytest.raises(CommandError, match=r"inputs the same, definitions the same, .* figures differ"):
        run("--verify", str(computed.id))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--period", "1999"), "there is no period 1999; there is: 2025"),
        (("--period", "2025", "--org", "A1"), "there is no city or county A1"),
        (("--verify", "1000000"), r"编号|number"),
        ((), "required"),
        (("--period", "2025", "--all"), "not allowed with"),
    ],
)
def test_mistakes_are_named(world, period, observe, words, message):
    observe(period)
    with pytest.raises(CommandError, match=message):
        run(*words)
    assert not Run.objects.unscoped(reason="test").exists()


def test_all_needs_a_period(db):
    with pytest.raises(CommandError, match="import a table first"):
        run("--all")


def test_the_shipped_catalogue_comes_in_once(db):
    out = StringIO()
    call_command("catalogue", stdout=out)
    assert "new data elements" in out.getvalue()
    counts = DataElement.objects.count(), IndicatorVersion.objects.count()
    assert min(counts) > 80
    out = StringIO()
    call_command("catalogue", stdout=out)
    assert out.getvalue() == ""
    assert (DataElement.objects.count(), IndicatorVersion.objects.count()) == counts
