"""The computation rules R1 to R9 of the indicator method, with every published vector that was found.

Sources, numbered as in the shipped catalogue's sources.toml:
[1] 教督〔2017〕6号, national application forms; [2] 优质均衡指标计算公式; [3] 县域义务教育校际均衡指标计算方法;
[3b] 安徽省学校差异系数表; [27] 河北省办法; [28] 宁国市教体局 2022.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import NA, ON, UNREPORTED, cells, definition, schema, table

PASS, FAIL, OPEN, NONE = ind.Verdict.PASS, ind.Verdict.FAIL, ind.Verdict.UNDEFINED, ind.Verdict.NONE
SCHEMA = schema("x", "p", "j", "s")


def split(stage: str, x: float, p: float, j: float, s: float) -> float:
    one = table({"x": [x], "p": [p], "j": [j], "s": [s]})
    per_pupil = ind.compile_expression("stage_split(x, p, j, s) / by_stage(p, j, s)", SCHEMA)
    found = per_pupil.evaluate(one, stage=stage)
    assert found.reasons[0] == 0
    return float(found.values[0])


def test_r1_nine_year_school() -> None:
    """[2]: primary value X ÷ (P + 1.1 J), junior value X ÷ (P/1.1 + J)."""
    assert split("primary", 40, 1000, 500, NA) == pytest.approx(40 / (1000 + 1.1 * 500))
    assert split("junior", 40, 1000, 500, NA) == pytest.approx(40 / (1000 / 1.1 + 500))


def test_r1_complete_secondary_and_twelve_year_school() -> None:
    """[2]: junior 1 : senior 1.2; 1 : 1.1 : 1.32."""
    assert split("junior", 30, NA, 600, 400) == pytest.approx(30 / (600 + 1.2 * 400))
    assert split("senior", 30, NA, 600, 400) == pytest.approx(30 / (600 / 1.2 + 400))
    assert split("primary", 30, 500, 300, 200) == pytest.approx(30 / (500 + 1.1 * 300 + 1.32 * 200))
    assert split("junior", 30, 500, 300, 200) == pytest.approx(30 / (500 / 1.1 + 300 + 1.2 * 200))


def test_r1_one_stage_only_is_a_plain_school() -> None:
    """[2]: a campus with one stage only is computed as a plain school of that stage."""
    assert split("primary", 23, 1000, NA, NA) == pytest.approx(23 / 1000)
    assert split("junior", 23, 0, 1000, 0) == pytest.approx(23 / 1000)
    one = table({"x": [23], "p": [1000], "j": [NA], "s": [NA]})
    junior = ind.compile_expression("stage_split(x, p, j, s)", SCHEMA).evaluate(one, stage="junior")
    assert cells(junior) == [ind.Reason.NOT_APPLICABLE]


def test_r1_the_parts_make_the_whole() -> None:
    one = table({"x": [40], "p": [500], "j": [300], "s": [200]})
    text = ind.compile_expression("stage_split(x, p, j, s)", SCHEMA)
    parts = [float(text.evaluate(one, stage=stage).values[0]) for stage in ind.STAGES]
    assert sum(parts) == pytest.approx(40)


R2_PUPILS, R2_BOOKS = [45, 37, 89, 76, 55], [279, 137, 935, 160, 402]


def test_r2_golden_example() -> None:
    """[3]: mean 6.33, S 3.26, CV 0.515 (the source prints 0.52)."""
    mean, sd, cv = ind.weighted_cv(R2_BOOKS, R2_PUPILS)
    assert (round(mean, 2), round(sd, 2), round(cv, 3), round(cv, 2)) == (6.33, 3.26, 0.515, 0.52)


def test_r2_without_weights_the_verdict_would_flip() -> None:
    per_pupil = np.array(R2_BOOKS) / np.array(R2_PUPILS)
    unweighted = float(per_pupil.std() / per_pupil.mean())
    weighted = ind.weighted_cv(R2_BOOKS, R2_PUPILS)[2]
    assert round(unweighted, 3) == 0.489
    assert ind.judge([unweighted, weighted], 0.50, ind.Direction.DOWN).tolist() == [PASS, FAIL]


def test_r2_as_an_indicator() -> None:
    cv = definition(kind="weighted_cv", numerator="x", denominator="p", direction="down", thresholds=[{"value": 0.5}])
    county = ind.compute(
        [cv], table({"x": R2_BOOKS, "p": R2_PUPILS}), [ind.Grouping.whole("county", 5)], schema=SCHEMA, on=ON
    ).get("AAA01", level="county")
    assert county.rounded.tolist() == [0.515]
    assert np.round(county.denominator, 2).tolist() == [6.33]
    assert np.round(county.numerator, 2).tolist() == [3.26]
    assert county.verdict.tolist() == [FAIL]


def test_r2_a_resource_nobody_has_is_undefined() -> None:
    cv = definition(kind="weighted_cv", numerator="x", denominator="p", direction="down", thresholds=[{"value": 0.5}])
    nothing = table({"x": [0, 0], "p": [100, 200]})
    county = ind.compute([cv], nothing, [ind.Grouping.whole("county", 2)], schema=SCHEMA, on=ON).get(
        "AAA01", level="county"
    )
    assert np.isnan(county.value[0])
    assert (county.reason[0], county.verdict[0]) == (ind.Reason.UNDEFINED, OPEN)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (2.345, 2, 2.35),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (-2.345, 2, -2.35),
        (0.5145, 3, 0.515),
        (0.4995, 3, 0.5),
        (97.65, 1, 97.7),
        (0.15, 1, 0.2),
        (12.5, 0, 13.0),
        (13.5, 0, 14.0),
        (-0.4, 0, 0.0),
        (1e15 + 0.5, 2, 1e15 + 0.5),
        (112593.8468498874, 4, 112593.8468),
        (123456789.4999999, 0, 123456789.0),
    ],
)
def test_r3_halves_are_rounded_away_from_zero(value: float, decimals: int, shown: float) -> None:
    assert float(ind.round_half_up(value, decimals)) == shown


def test_r3_decimals_by_what_is_shown() -> None:
    """[2]: school values and county means 2 decimals, CV 3, ratios 1, other values integers."""
    percent = {"unit": {"zh": "%", "en": "%"}}
    assert definition(numerator="x", denominator="p").decimals_shown() == 2
    assert definition(numerator="x", denominator="p", **percent).decimals_shown() == 1
    assert definition(kind="weighted_cv", numerator="x", denominator="p").decimals_shown() == 3
    assert definition(kind="sum", value="x").decimals_shown() == 0
    assert definition(kind="sum", value="x", decimals=4).decimals_shown() == 4


def test_r3_compared_before_rounding() -> None:
    ratio = definition(numerator="x", denominator="p", factor=100, thresholds=[{"value": 2.3}])
    schools = table({"x": [2299, 2300, 22996], "p": [100_000, 100_000, 1_000_000]})
    unit = ind.compute([ratio], schools, schema=SCHEMA, on=ON).get("AAA01")
    assert unit.rounded.tolist() == [2.3, 2.3, 2.3]
    assert unit.value[2] == pytest.approx(2.2996)
    assert unit.verdict.tolist() == [FAIL, PASS, FAIL]


SEVEN = {f"r{i}": f"AAA0{i}" for i in range(1, 8)}


def seven_indicators() -> list[ind.Definition]:
    """Seven ratios with thresholds 1 … 7, their CVs, and GOV01 to GOV03 above them."""
    ratios = [
        definition(code, numerator=name, denominator="p", thresholds=[{"value": float(i), "level": "unit"}])
        for i, (name, code) in enumerate(SEVEN.items(), start=1)
    ]
    cvs = [
        definition(code + "C", "weighted_cv", of=[code], direction="down", thresholds=[{"value": 0.5}])
        for code in SEVEN.values()
    ]
    of = list(SEVEN.values())
    gov01 = definition("GOV01", "k_of_n", of=of, k=6, floor=0.85, levels=["unit"])
    gov02 = definition("GOV02", "k_of_n", of=of, k=6, floor=0.85, thresholds=[{"value": 100}])
    gov03 = definition("GOV03", "count_met", of=[d.code for d in cvs], thresholds=[{"value": 7}])
    return [*ratios, *cvs, gov01, gov02, gov03]


def seven_table(*schools: list[float]) -> ind.UnitTable:
    """Schools of 100 pupils with the given values per pupil."""
    per_pupil = np.array(schools).T
    return table({f"r{i + 1}": row * 100 for i, row in enumerate(per_pupil)} | {"p": [100] * len(schools)})


def test_r4_six_of_seven_and_the_rest_at_85_percent() -> None:
    """[1][2]: at least 6 met and every other at least 85 % of its threshold; then all schools; then every CV."""
    all_met, at_floor, below_floor, five = ([1, 2, 3, 4, 5, 6, 7.0] for _ in range(4))
    at_floor[6] = 0.85 * 7
    below_floor[6] = 0.84 * 7
    five[5], five[6] = 5.9, 6.9
    results = ind.compute(
        seven_indicators(),
        seven_table(all_met, at_floor, below_floor, five),
        [ind.Grouping.whole("county", 4)],
        schema=schema(*SEVEN, "p"),
        on=ON,
    )
    school = results.get("GOV01")
    assert school.value.tolist() == [7, 6, 6, 5]
    assert school.verdict.tolist() == [PASS, PASS, FAIL, FAIL]
    county = results.get("GOV02", level="county")
    assert (county.value[0], county.numerator[0], county.denominator[0], county.verdict[0]) == (50, 2, 4, FAIL)
    assert results.get("GOV03", level="county").value.tolist() == [7]
    assert results.get("GOV03", level="county").verdict.tolist() == [PASS]


def test_r4_a_missing_item_never_passes() -> None:
    schools = seven_table([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7], [0.5, 2, 3, 4, 5, 6, 7])
    schools.columns["r7"].reasons[1:] = ind.Reason.NOT_REPORTED
    results = ind.compute(
        seven_indicators(), schools, [ind.Grouping.whole("county", 3)], schema=schema(*SEVEN, "p"), on=ON
    )
    assert results.get("GOV01").verdict.tolist() == [PASS, OPEN, FAIL]
    county = results.get("GOV02", level="county")
    assert (county.n_scope[0], county.n_used[0], county.n_missing[0], county.value[0]) == (3, 2, 1, 50)


SCOPE = "stage in ('primary', 'junior', 'nine_year', 'complete', 'twelve_year') or stage = 'teaching_point' and p >= 50"


def test_r5_scope() -> None:
    """[27]: without special and vocational schools and teaching points under 50 pupils; from 50 they count."""
    kinds = ["primary", "special", "vocational", "teaching_point", "teaching_point", "nine_year", ""]
    schools = table({"x": [10.0] * 7, "p": [100, 100, 100, 49, 50, 100, 100]}, stage=kinds)
    county = ind.compute(
        [definition(kind="sum", value="x", scope=SCOPE, slices=["stage"])],
        schools,
        [ind.Grouping.whole("county", 7)],
        schema=SCHEMA,
        on=ON,
    )
    everything = county.get("AAA01", level="county")
    assert (everything.value[0], everything.n_scope[0], everything.n_missing[0]) == (30, 4, 1)
    primary = county.get("AAA01", "stage:primary", "county")
    assert (primary.value[0], primary.n_scope[0]) == (30, 3)  # the teaching point counts as a primary school


def test_r6_degrees_cannot_exceed_full_time_teachers() -> None:
    """[2]: the sum of degree counts ≤ 专任教师."""
    names = schema("college", "bachelor", "master", "doctor", "teachers")
    schools = table(
        {
            "college": [10, 10, 1],
            "bachelor": [20, 20, 1],
            "master": [5, 5, 1],
            "doctor": [NA, 1, UNREPORTED],
            "teachers": [35, 35, 35],
        }
    )
    rule = ind.compile_expression("sum_of(college, bachelor, master, doctor) <= teachers", names)
    assert cells(rule.evaluate(schools)) == [True, False, ind.Reason.NOT_REPORTED]


def test_r7_transitional_clauses_expire() -> None:
    """[1]: ≤ 2000, in nine-year schools ≤ 2500; for a time 2400 and 3000 if built by 2010 or > 50 % migrant children."""
    relief = "(j <= 2010 or p > 0.5 * x)"
    size = definition(
        kind="sum",
        value="x",
        direction="down",
        thresholds=[
            {"value": 3000, "level": "unit", "when": f"stage = 'nine_year' and {relief}", "valid_to": "2027-08-31"},
            {"value": 2400, "level": "unit", "when": relief, "valid_to": "2027-08-31"},
            {"value": 2500, "level": "unit", "when": "stage = 'nine_year'"},
            {"value": 2000, "level": "unit"},
        ],
    )
    columns = {
        "x": [2000, 2001, 2300, 2300, 2900, 2450],
        "p": [0, 0, 0, UNREPORTED, 1500, 0],
        "j": [2015, 2015, 2005, 2015, 2015, 2015],
    }
    schools = table(columns, stage=["primary"] * 4 + ["nine_year"] * 2)
    during = ind.compute([size], schools, schema=SCHEMA, on=date(2027, 8, 31)).get("AAA01")
    assert during.target.tolist() == [2000, 2000, 2400, 2000, 3000, 2500]
    assert during.verdict.tolist() == [PASS, FAIL, PASS, FAIL, PASS, PASS]
    after = ind.compute([size], schools, schema=SCHEMA, on=date(2027, 9, 1)).get("AAA01")
    assert after.target.tolist() == [2000] * 4 + [2500] * 2
    assert after.verdict.tolist() == [PASS, FAIL, FAIL, FAIL, FAIL, PASS]


def test_r7_thresholds_are_dated() -> None:
    """[2]: special education 8000 now, 6000 in an older paper of the same collection."""
    funds = definition(
        numerator="x",
        denominator="p",
        thresholds=[{"value": 6000, "valid_to": "2022-12-31"}, {"value": 8000, "valid_from": "2023-01-01"}],
    )
    school = table({"x": [700_000], "p": [100]})
    verdicts = [
        ind.compute([funds], school, schema=SCHEMA, on=on).get("AAA01").verdict[0]
        for on in (date(2022, 12, 31), date(2023, 1, 1))
    ]
    assert verdicts == [PASS, FAIL]


@pytest.mark.parametrize(
    ("single", "limit"),
    [
        ([0.677, 0.674, 0.618, 0.519, 0.597, 0.167, 0.759], 0.50),
        ([0.542, 1.055, 0.507, 0.587, 0.686, 0.254, 0.496], 0.45),
    ],
)
def test_r8_published_verdicts(single: list[float], limit: float) -> None:
    """[28] 宁国市 2022: one of seven passes, in primary and in junior schools. 0.496 fails the 0.45 of juniors."""
    assert ind.judge(single, limit, ind.Direction.DOWN).tolist().count(PASS) == 1


@pytest.mark.parametrize(
    ("single", "published"),
    [
        ([0.881, 1.299, 0.977, 0.379, 0.170, 0.334, 0.286, 0.408], 0.592),  # 庐阳小学
        ([0.353, 0.784, 0.146, 0.491, 0.037, 0.226, 0.223, 0.253], 0.314),  # 庐阳初中
        ([0.711, 0.649, 0.472, 0.338, 0.235, 0.274, 0.260, 0.396], 0.417),  # 蜀山小学
        ([0.505, 0.484, 0.325, 0.275, 0.199, 0.715, 0.421, 1.021], 0.493),  # 蜀山初中
    ],
)
def test_r9_composite_of_eight(single: list[float], published: float) -> None:
    """[3b]: the composite coefficient is the mean of the single ones."""
    found = ind.composite_cv([np.array([cv]) for cv in single])
    assert ind.round_half_up(found, 3).tolist() == [published]


def test_r9_composite_as_an_indicator_needs_every_part() -> None:
    books, desks = (
        definition(code, "weighted_cv", numerator=name, denominator="p", direction="down")
        for code, name in (("AAA01", "x"), ("AAA02", "j"))
    )
    both = definition("AAA03", "composite_cv", of=["AAA01", "AAA02"], direction="down", thresholds=[{"value": 0.65}])
    schools = table({"x": [1, 3, 1, 3], "j": [2, 2, 0, 0], "p": [10, 10, 10, 10]})
    county, _ = ind.Grouping.by("county", ["east", "east", "west", "west"])
    block = ind.compute([books, desks, both], schools, [county], schema=SCHEMA, on=ON).get("AAA03", level="county")
    assert block.value[0] == pytest.approx((0.5 + 0.0) / 2)
    assert block.verdict.tolist() == [PASS, OPEN]
    assert block.reason.tolist() == [0, ind.Reason.UNDEFINED]
    assert NONE not in block.verdict
