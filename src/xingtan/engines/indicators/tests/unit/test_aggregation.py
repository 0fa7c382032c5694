from __future__ import annotations

import numpy as np
import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import HIDDEN, NA, ON, UNKNOWN, UNREPORTED, definition, schema, table

PASS, FAIL, OPEN, NONE = ind.Verdict.PASS, ind.Verdict.FAIL, ind.Verdict.UNDEFINED, ind.Verdict.NONE
SCHEMA = schema("x", "y", "z", booleans=["wifi"])


def county(
    d: ind.Definition, t: ind.UnitTable, name: str = "all", others: tuple[ind.Definition, ...] = ()
) -> ind.Block:
    whole = ind.Grouping.whole("county", len(t))
    return ind.compute([d, *others], t, [whole], schema=SCHEMA, on=ON).get(d.code, name, "county")


def test_ratio_of_sums_not_mean_of_ratios() -> None:
    block = county(definition(numerator="x", denominator="y"), table({"x": [10, 10], "y": [1, 9]}))
    assert (block.value[0], block.numerator[0], block.denominator[0]) == (2.0, 20, 10)


@pytest.mark.parametrize("null", [UNREPORTED, UNKNOWN, HIDDEN])
def test_a_unit_without_numerator_gives_no_denominator(null: float) -> None:
    block = county(definition(numerator="x", denominator="y"), table({"x": [10, null, 5], "y": [100, 900, 50]}))
    assert block.value[0] == pytest.approx(0.1)
    assert (block.denominator[0], block.n_scope[0], block.n_used[0], block.n_missing[0]) == (150, 3, 2, 1)
    assert block.coverage[0] == pytest.approx(2 / 3)


def test_not_applicable_units_are_not_in_scope() -> None:
    block = county(definition(numerator="x", denominator="y"), table({"x": [10, NA, UNREPORTED], "y": [100, 900, NA]}))
    assert (block.n_scope[0], block.n_missing[0]) == (1, 0)


def test_school_without_pupils_counts_in_the_sums_but_has_no_value() -> None:
    t = table({"x": [10, 3], "y": [100, 0]})
    results = ind.compute(
        [definition(numerator="x", denominator="y")], t, [ind.Grouping.whole("county", 2)], schema=SCHEMA, on=ON
    )
    assert results.get("AAA01", level="county").value[0] == pytest.approx(0.13)
    assert results.get("AAA01").reason.tolist() == [0, ind.Reason.UNDEFINED]


def test_group_reasons() -> None:
    t = table({"x": [UNREPORTED, HIDDEN, UNREPORTED, NA, 0, 1], "y": [1, 1, 1, 1, 0, 1]})
    grouping, _ = ind.Grouping.by("county", ["a", "a", "b", "c", "d", "e"])
    block = ind.compute(
        [definition(numerator="x", denominator="y", thresholds=[{"value": 1}])], t, [grouping], schema=SCHEMA, on=ON
    ).get("AAA01", level="county")
    r = ind.Reason
    assert block.reason.tolist() == [r.SUPPRESSED, r.NOT_REPORTED, r.NOT_APPLICABLE, r.UNDEFINED, r.REPORTED]
    assert block.verdict.tolist() == [OPEN, OPEN, NONE, OPEN, PASS]
    assert np.isnan(block.value[:4]).all()


def test_minimum_coverage_voids_a_group() -> None:
    t = table({"x": [1, 1, UNREPORTED, 1], "y": [1, 1, 1, 1]})
    strict = definition(numerator="x", denominator="y", min_coverage=0.8, thresholds=[{"value": 1}])
    block = county(strict, t)
    assert (block.reason[0], block.verdict[0], block.n_used[0]) == (ind.Reason.NOT_REPORTED, OPEN, 3)
    assert np.isnan(block.value[0])
    assert county(definition(numerator="x", denominator="y", min_coverage=0.75), t).value[0] == 1


def test_units_of_no_group_count_nowhere_below_the_city() -> None:
    t = table({"x": [1, 2, 4]})
    partly = ind.Grouping("county", np.array([0, -1, 0]), 2)
    results = ind.compute(
        [definition(kind="sum", value="x")], t, [partly, ind.Grouping.whole("city", 3)], schema=SCHEMA, on=ON
    )
    assert results.get("AAA01", level="county").n_scope.tolist() == [2, 0]
    assert results.get("AAA01", level="county").value[0] == 5
    assert results.get("AAA01", level="city").value.tolist() == [7]


def test_share_of_units() -> None:
    d = definition(kind="share", passes="wifi and x >= 2", unit={"zh": "%", "en": "%"}, thresholds=[{"value": 50}])
    t = table({"wifi": [1, 1, 0, UNREPORTED, 1], "x": [2, 1, UNREPORTED, 5, UNKNOWN]})
    block = county(d, t)
    # The third is known to fail; the fourth and the fifth are not known.
    assert (block.numerator[0], block.denominator[0], block.n_missing[0]) == (1, 3, 2)
    assert block.rounded.tolist() == [33.3]
    unit = ind.compute([d], t, schema=SCHEMA, on=ON).get("AAA01")
    assert unit.verdict.tolist() == [PASS, FAIL, FAIL, OPEN, OPEN]


def test_share_by_value_and_unit_thresholds() -> None:
    d = definition(
        kind="share",
        value="x",
        direction="down",
        slices=["stage"],
        thresholds=[
            {"value": 45, "level": "unit", "stage": "primary"},
            {"value": 50, "level": "unit", "stage": "junior"},
            {"value": 100, "level": "group", "role": "baseline"},
        ],
    )
    t = table({"x": [45, 46, 50, 51, UNREPORTED]}, stage=["primary", "primary", "junior", "junior", "junior"])
    results = ind.compute([d], t, [ind.Grouping.whole("county", 5)], schema=SCHEMA, on=ON)
    unit = results.get("AAA01")
    assert unit.value[:4].tolist() == [45, 46, 50, 51]
    assert unit.verdict.tolist() == [PASS, FAIL, PASS, FAIL, OPEN]
    assert results.get("AAA01", "stage:junior", "county").value[0] == 50
    group = results.get("AAA01", level="county")
    assert (group.numerator[0], group.denominator[0], group.verdict[0]) == (2, 4, NONE)


def test_stage_slices_of_a_multi_stage_school() -> None:
    d = definition(
        numerator="stage_split(x, y, z)",
        denominator="by_stage(y, z)",
        factor=100,
        slices=["stage"],
        thresholds=[{"value": 2.3, "stage": "primary"}, {"value": 2.4, "stage": "junior"}],
    )
    t = table(
        {"x": [23, 24, 47, 23], "y": [1000, NA, 1000, 1000], "z": [NA, 1000, 900, NA]},
        stage=["primary", "junior", "nine_year", "primary"],
    )
    results = ind.compute([d], t, [ind.Grouping.whole("county", 4)], schema=SCHEMA, on=ON)
    nine = 47 / (1000 + 1.1 * 900)
    assert results.get("AAA01", "stage:primary").value[2] == pytest.approx(100 * nine)
    assert results.get("AAA01", "stage:junior").value[2] == pytest.approx(110 * nine)
    primary = results.get("AAA01", "stage:primary", "county")
    assert primary.n_scope[0] == 3
    assert primary.numerator[0] == pytest.approx(23 + 23 + 1000 * nine)
    assert results.get("AAA01").verdict.tolist() == [PASS, PASS, PASS, PASS]
    assert results.get("AAA01", level="county").verdict[0] == PASS
    assert results.get("AAA01", "stage:senior", "county").verdict[0] == NONE


def test_over_all_stages_one_failing_stage_fails() -> None:
    d = definition(
        numerator="x",
        denominator="y",
        slices=["stage"],
        thresholds=[{"value": 1, "stage": "primary"}, {"value": 2, "stage": "junior"}],
    )
    t = table({"x": [15, 10, UNREPORTED], "y": [10, 10, 10]}, stage=["nine_year", "primary", "junior"])
    results = ind.compute([d], t, [ind.Grouping.whole("county", 3)], schema=SCHEMA, on=ON)
    assert results.get("AAA01").verdict.tolist() == [FAIL, PASS, OPEN]
    assert results.get("AAA01", level="county").verdict[0] == FAIL


def test_area_slices() -> None:
    d = definition(kind="sum", value="x", slices=["area"], thresholds=[{"value": 4, "level": "group"}])
    t = table({"x": [1, 2, 4, 8]}, area_type=["urban", "rural", "rural", ""])
    results = ind.compute([d], t, [ind.Grouping.whole("county", 4)], schema=SCHEMA, on=ON)
    values = [results.get("AAA01", name, "county").value[0] for name in ("all", *ind.AREA_SLICES)]
    assert values[:2] == [15, 1]
    assert values[3] == 6
    town = results.get("AAA01", "area:town", "county")
    assert (town.n_scope[0], town.reason[0], town.verdict[0]) == (0, ind.Reason.NOT_APPLICABLE, NONE)


def test_median_percentile_and_maximum_agree_with_numpy() -> None:
    values = np.random.default_rng(1).normal(size=50)
    counties = np.random.default_rng(2).integers(0, 4, 50)
    grouping, _ = ind.Grouping.by("county", counties)
    t = table({"x": values.tolist()})
    for d, q in [
        (definition(kind="median", value="x"), 0.5),
        (definition(kind="percentile", value="x", q=0.9), 0.9),
        (definition(kind="percentile", value="x", q=1), 1.0),
        (definition(kind="percentile", value="x", q=0), 0.0),
    ]:
        block = ind.compute([d], t, [grouping], schema=SCHEMA, on=ON).get("AAA01", level="county")
        expected = [np.quantile(values[counties == c], q) for c in range(4)]
        np.testing.assert_allclose(block.value, expected)


def test_grade_count_29_plus_7_of_36() -> None:
    """沈教督发〔2021〕11号: 巩固 needs 29 items in the best grade and the other 7 at least in the second."""
    names = [f"g{i}" for i in range(36)]
    d = definition(kind="grade_count", items=names, grades=[{"full": 29, "partial": 7}, {"full": 31, "partial": 5}])
    rows = [
        [2] * 29 + [1] * 7,
        [2] * 36,
        [2] * 28 + [1] * 8,
        [2] * 29 + [1] * 6 + [0],
        [2] * 29 + [1] * 6 + [UNREPORTED],
    ]
    t = table(dict(zip(names, np.array(rows, dtype=float).T.tolist(), strict=True)))
    grouping, _ = ind.Grouping.by("city", ["a", "a", "b", "b", "c"])
    results = ind.compute([d], t, [grouping], schema=schema(*names), on=ON)
    assert results.get("AAA01").verdict.tolist() == [PASS, PASS, FAIL, FAIL, OPEN]
    assert results.get("AAA01").value[:4].tolist() == [29, 36, 28, 29]
    city = results.get("AAA01", level="city")
    assert city.verdict.tolist() == [PASS, FAIL, OPEN]
    assert (city.numerator[0], city.denominator[0]) == (65, 72)


def test_cv_leaves_out_schools_without_pupils() -> None:
    d = definition(kind="weighted_cv", numerator="x", denominator="y", direction="down", thresholds=[{"value": 0.5}])
    block = county(d, table({"x": [10, 20, 7], "y": [100, 100, 0]}))
    assert (block.n_scope[0], block.n_used[0], block.n_missing[0]) == (3, 2, 1)
    assert block.value[0] == pytest.approx(1 / 3)


def test_cv_of_an_indicator_follows_its_slices() -> None:
    ratio = definition("AAA01", numerator="stage_split(x, y, z)", denominator="by_stage(y, z)", factor=100)
    cv = definition("AAA02", "weighted_cv", of=["AAA01"], direction="down", slices=["stage"])
    t = table({"x": [10, 30, 20], "y": [100, 100, NA], "z": [NA, NA, 100]}, stage=["primary", "primary", "junior"])
    block = county(cv, t, "stage:primary", (ratio,))
    assert (block.value[0], block.denominator[0], block.numerator[0]) == (pytest.approx(0.5), 20, pytest.approx(10))


def test_count_met_is_decided_when_unknowns_cannot_change_it() -> None:
    parts = tuple(
        definition(code, kind="sum", value=name, thresholds=[{"value": 5}])
        for code, name in (("AAA02", "x"), ("AAA03", "y"), ("AAA04", "z"))
    )
    t = table({"x": [9], "y": [1], "z": [UNREPORTED]})
    for needed, verdict in ((1, PASS), (2, OPEN), (3, FAIL)):
        block = county(
            definition(kind="count_met", of=["AAA02", "AAA03", "AAA04"], thresholds=[{"value": needed}]),
            t,
            "all",
            parts,
        )
        assert block.verdict[0] == verdict
        assert np.isnan(block.value[0])


@pytest.mark.parametrize(
    ("direction", "strict", "verdicts"),
    [
        ("up", False, [FAIL, PASS, PASS]),
        ("up", True, [FAIL, FAIL, PASS]),
        ("down", False, [PASS, PASS, FAIL]),
        ("down", True, [PASS, FAIL, FAIL]),
        ("equal", False, [FAIL, PASS, FAIL]),
        ("none", False, [NONE, NONE, NONE]),
    ],
)
def test_directions(direction: str, strict: bool, verdicts: list[int]) -> None:
    d = definition(kind="sum", value="x", direction=direction, thresholds=[{"value": 2, "strict": strict}])
    block = ind.compute([d], table({"x": [1, 2, 3]}), schema=SCHEMA, on=ON).get("AAA01")
    assert block.verdict.tolist() == verdicts


def test_baselines_and_references_are_not_judged() -> None:
    d = definition(
        kind="sum", value="x", thresholds=[{"value": 2, "role": "baseline"}, {"value": 3, "role": "reference"}]
    )
    block = ind.compute([d], table({"x": [1]}), schema=SCHEMA, on=ON).get("AAA01")
    assert (block.verdict[0], np.isnan(block.target[0])) == (NONE, True)


def test_levels_and_order_of_blocks() -> None:
    groups = [ind.Grouping.whole("county", 1), ind.Grouping.whole("city", 1)]
    both = [
        definition("AAA02", "sum", value="x", levels=["group"]),
        definition("AAA01", "sum", value="y", slices=["area"]),
    ]
    results = ind.compute(both, table({"x": [1], "y": [2]}, area_type=["urban"]), groups, schema=SCHEMA, on=ON)
    assert [(b.code, b.slice, b.level) for b in results][:5] == [
        ("AAA02", "all", "county"),
        ("AAA02", "all", "city"),
        ("AAA01", "all", "unit"),
        ("AAA01", "all", "county"),
        ("AAA01", "all", "city"),
    ]
    with pytest.raises(KeyError, match="AAA02 has no all at unit; it has all at city, all at county"):
        results.get("AAA02")


def test_empty_table_has_not_applicable_groups() -> None:
    t = ind.UnitTable(np.array([], dtype=np.int64), {"stage": np.array([], dtype=str)}, {})
    d = [
        definition("AAA01", numerator="x", denominator="y", slices=["stage"]),
        definition("AAA02", "weighted_cv", of=["AAA01"]),
        definition("AAA03", "median", value="x"),
    ]
    results = ind.compute(d, t, [ind.Grouping("county", np.array([], dtype=np.intp), 2)], schema=SCHEMA, on=ON)
    for block in results:
        if block.level == "county":
            assert block.reason.tolist() == [ind.Reason.NOT_APPLICABLE] * 2


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: ind.UnitTable(np.arange(2), {"stage": np.array(["primary"])}, {}), "attribute stage"),
        (lambda: ind.UnitTable(np.arange(2), {}, {"x": ind.Column.of([1.0])}), "element x has 1 cells"),
        (
            lambda: ind.UnitTable(np.arange(1), {}, {"x": ind.Column(np.array([np.inf]), np.zeros(1, np.uint8))}),
            "finite",
        ),
        (lambda: ind.UnitTable(np.arange(1), {}, {"x": ind.Column.of([1.0], [9])}), "reason above 5"),
        (lambda: ind.Column.of([1.0, 2.0], [0]), "2 values but 1 reasons"),
        (lambda: ind.Grouping("county", np.array([2]), 2), "outside"),
        (lambda: ind.Grouping.whole("unit", 1), "cannot be called unit"),
        (lambda: ind.compute([], table({"x": [1]}), [ind.Grouping.whole("city", 2)], schema=SCHEMA, on=ON), "2 units"),
        (
            lambda: ind.compute([], table({"x": [1]}), [ind.Grouping.whole("a", 1)] * 2, schema=SCHEMA, on=ON),
            "different",
        ),
        (
            lambda: ind.compute(
                [definition(kind="sum", value="x", slices=["stage"])], table({"x": [1]}), schema=SCHEMA, on=ON
            ),
            "no attribute stage",
        ),
    ],
)
def test_tables_that_do_not_fit(make: object, text: str) -> None:
    assert callable(make)
    with pytest.raises(ind.TableError, match=text):
        make()
