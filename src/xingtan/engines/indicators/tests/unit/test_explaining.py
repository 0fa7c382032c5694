from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import ON, UNREPORTED, definition, schema, table

SCHEMA = schema("x", "y", "z")
RATIO = definition(
    numerator="stage_split(x, y, z)", denominator="by_stage(y, z)", factor=100, slices=["stage"],
    scope="stage != 'special'", thresholds=[{"value": 2.3, "stage": "primary"}, {"value": 2.4, "stage": "junior"}],
)  # fmt: skip
TABLE = table(
    {"x": [47, 10, 5], "y": [1000, 100, 100], "z": [900, UNREPORTED, 0]}, stage=["nine_year", "junior", "special"]
)


def test_a_figure_leads_back_to_its_cells() -> None:
    found = ind.explain(RATIO, TABLE, 0, schema=SCHEMA, on=ON, slice="stage:primary")
    assert [(c.name, c.value) for c in found.inputs] == [("x", 47), ("y", 1000), ("z", 900), ("stage", "nine_year")]
    assert found.numerator == pytest.approx(47 * 1000 / 1990)
    assert found.denominator == 1000
    assert found.rounded == 2.36
    assert (found.target, found.verdict) == (2.3, ind.Verdict.PASS)
    assert dict(found.expressions)["denominator"] == "by_stage(y, z)"


def test_it_agrees_with_compute() -> None:
    results = ind.compute([RATIO], TABLE, schema=SCHEMA, on=ON)
    for row in range(3):
        for name in ("all", *ind.STAGE_SLICES):
            found = ind.explain(RATIO, TABLE, row, schema=SCHEMA, on=ON, slice=name)
            block = results.get("AAA01", name)
            assert found.value == (None if block.reason[row] else pytest.approx(block.value[row]))
            assert (found.reason, found.verdict) == (block.reason[row], block.verdict[row])
            assert found.asked == bool(block.n_scope[row])
            assert found.unit_id == TABLE.ids[row]


def test_a_missing_cell_is_named() -> None:
    found = ind.explain(RATIO, TABLE, -2, schema=SCHEMA, on=ON, slice="stage:junior")
    assert found.value is None
    assert [c.name for c in found.inputs if c.reason is ind.Reason.NOT_REPORTED] == ["z"]
    assert found.verdict is ind.Verdict.UNDEFINED


def test_parts_of_k_of_n_and_x_of_a_cv() -> None:
    one = definition("AAA02", numerator="x", denominator="y", thresholds=[{"value": 0.04, "level": "unit"}])
    both = definition("AAA03", "k_of_n", of=["AAA02"], k=1, floor=0.85)
    found = ind.explain(both, TABLE, 0, schema=SCHEMA, on=ON, definitions=[one, both])
    assert (found.value, found.verdict) == (1, ind.Verdict.PASS)
    assert found.parts[0].value == pytest.approx(0.047)
    cv = definition("AAA04", "weighted_cv", of=["AAA02"])
    assert ind.explain(cv, TABLE, 0, schema=SCHEMA, on=ON, definitions=[one]).value == pytest.approx(0.047)


def test_what_cannot_be_explained() -> None:
    with pytest.raises(IndexError, match="row 3 of a table of 3"):
        ind.explain(RATIO, TABLE, 3, schema=SCHEMA, on=ON)
    with pytest.raises(ind.DefinitionError, match="no slice area:rural"):
        ind.explain(RATIO, TABLE, 0, schema=SCHEMA, on=ON, slice="area:rural")
    with pytest.raises(ind.DefinitionError, match="group figures"):
        ind.explain(definition("AAA02", "count_met", of=["AAA01"]), TABLE, 0, schema=SCHEMA, on=ON)
    expired = definition(kind="sum", value="x", valid_to="2020-01-01")
    with pytest.raises(ind.DefinitionError, match="not in force on 2026-09-01"):
        ind.explain(expired, TABLE, 0, schema=SCHEMA, on=ON)


def test_the_readme_runs_as_printed() -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, names)
    city = names["city"]
    assert (city.rounded[0], city.n_used[0], city.n_missing[0], city.verdict[0]) == (2.32, 2, 1, ind.Verdict.PASS)
    with pytest.raises(ind.ExpressionError) as caught:
        ind.compile_expression("100 * room / pupils", names["schema"])
    assert f"{caught.value.pointer()}\n{caught.value.text}" in text
