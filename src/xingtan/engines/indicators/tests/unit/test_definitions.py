from __future__ import annotations

from datetime import date

import pytest

from xingtan.engines import indicators as ind
from xingtan.engines.indicators.tests.helpers import ON, definition, schema, table

TOML = """
[scopes]
compulsory = "stage in ('primary', 'junior')"

[[indicator]]
code = "INF01"
name = { zh = "每百名学生拥有网络多媒体教室数", en = "networked multimedia classrooms per 100 pupils" }
status = "A"
kind = "ratio"
numerator = "x"
denominator = "y"
factor = 100
scope = "@compulsory"
slices = ["stage", "area"]
sources = ["1", "2"]
valid_from = 2017-04-26
thresholds = [
  { value = 2.3, stage = "primary", source = "1" },
  { value = 97.6, role = "baseline", label = { zh = "2019", en = "2019" } },
]

[[indicator]]
code = "INF22"
name = { zh = "签约带宽达成率", en = "measured vs contracted download" }
needs = { zh = "网络监测", en = "network measurements" }
"""


def test_load() -> None:
    first, second = ind.load_definitions(TOML)
    assert first.kind is ind.Kind.RATIO
    assert first.scope == "stage in ('primary', 'junior')"
    assert first.valid_from == date(2017, 4, 26)
    assert first.thresholds[0] == ind.Threshold(2.3, "primary", source="1")
    assert not first.thresholds[1].judged
    assert first.computable
    assert not second.computable


def test_plain_data_and_back() -> None:
    for found in ind.load_definitions(TOML):
        again = ind.definition_from_dict(found.to_dict())
        assert again == found
        assert again.content_hash() == found.content_hash()


def test_hash_follows_the_meaning_of_expressions_not_their_spacing() -> None:
    one = definition(numerator="x+ 1", denominator="(y)")
    assert one.content_hash() == definition(numerator="x + 1", denominator="y").content_hash()
    assert one.content_hash() != definition(numerator="x + 2", denominator="y").content_hash()
    assert (
        one.content_hash() != definition(numerator="x + 1", denominator="y", thresholds=[{"value": 1}]).content_hash()
    )
    assert len(one.content_hash()) == 64


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "inf1"}, "code"),
        ({"name": {}}, "name"),
        ({"name": "指标"}, "name"),
        ({"status": "D"}, "status"),
        ({"kind": "mean"}, "kind"),
        ({"denominator": ""}, "denominator"),
        ({"direction": "better"}, "direction"),
        ({"nummerator": "x"}, "nummerator"),
        ({"slices": ["class"]}, "slices"),
        ({"levels": []}, "levels"),
        ({"levels": ["city"]}, "levels"),
        ({"min_coverage": 80}, "min_coverage"),
        ({"decimals": 13}, "decimals"),
        ({"decimals": 1.5}, "decimals"),
        ({"factor": "100"}, "factor"),
        ({"factor": -1}, "factor"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to"),
        ({"kind": "sum", "value": "x", "factor": 100}, "factor"),
        ({"kind": "share"}, "passes"),
        ({"kind": "share", "value": "x"}, "thresholds"),
        ({"kind": "weighted_cv", "of": ["BBB01"]}, "numerator"),
        ({"kind": "k_of_n", "of": ["BBB01"], "k": 2}, "k"),
        ({"kind": "k_of_n", "of": ["AAA01"], "k": 1}, "of"),
        ({"kind": "percentile", "value": "x", "q": 90}, "q"),
        ({"kind": "grade_count"}, "items"),
        ({"needs": {"zh": "a", "en": "b"}}, "needs"),
        ({"slices": "stage"}, "slices"),
        ({"thresholds": [{"value": 1, "stage": "infant"}]}, "thresholds"),
        ({"thresholds": [{"value": "1"}]}, "value"),
        ({"thresholds": [{"value": 1, "when": "x > 1"}]}, "thresholds"),
        ({"thresholds": [{}]}, "value"),
        ({"thresholds": [{"value": 1}, {"value": 2}]}, "thresholds"),
        ({"thresholds": [{"value": 1, "strict": 1}]}, "strict"),
        ({"thresholds": [{"value": 1, "role": "wish"}]}, "role"),
        ({"thresholds": [{"value": 1, "stage": "primary", "strict": True}, {"value": 1}]}, "thresholds"),
    ],
)
def test_contradictions_are_refused(fields: dict[str, object], field: str) -> None:
    row = {"code": "AAA01", "name": {"zh": "a", "en": "b"}, "kind": "ratio", "numerator": "x", "denominator": "y"}
    with pytest.raises(ind.DefinitionError) as caught:
        ind.definition_from_dict(row | fields)
    assert caught.value.field == field


def test_row_without_kind_must_say_what_it_needs() -> None:
    with pytest.raises(ind.DefinitionError, match="needs"):
        ind.definition_from_dict({"code": "AAA01", "name": {"zh": "a", "en": "b"}})


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[[indicator]", "not valid TOML"),
        ('[[indicator]]\nscope = "@x"', "row 1 scope: .scopes. has no x"),
        ('[[indicator]]\nname = { zh = "a", en = "b" }', "row 1 code: is missing"),
        ('[[indicator]]\ncode = "AAA01"\nnmae = 1', "did you mean name"),
    ],
)
def test_files_that_cannot_be_read(text: str, match: str) -> None:
    with pytest.raises(ind.DefinitionError, match=match):
        ind.load_definitions(text)


def test_the_version_in_force() -> None:
    old = definition(numerator="x", denominator="y", valid_to="2022-12-31")
    new = definition(numerator="x + 1", denominator="y", valid_from="2023-01-01")
    assert ind.select_valid([old, new], date(2022, 12, 31)) == (old,)
    assert ind.select_valid([old, new], date(2023, 1, 1)) == (new,)
    later = definition(numerator="x", denominator="y", valid_from="2030-01-01")
    assert ind.select_valid([later], date(2026, 1, 1)) == ()


def test_overlapping_versions_are_refused() -> None:
    old = definition(numerator="x", denominator="y", valid_to="2023-01-01")
    new = definition(numerator="x + 1", denominator="y", valid_from="2023-01-01")
    for pair in ([old, new], [new, old], [new, definition(numerator="x", denominator="y")]):
        with pytest.raises(ind.DefinitionError, match="same day"):
            ind.select_valid(pair, ON)


@pytest.mark.parametrize(
    ("definitions", "match"),
    [
        ([definition("AAA01", "composite_cv", of=["AAA09"])], "AAA09 is not among"),
        (
            [definition("AAA01", "composite_cv", of=["AAA02"]), definition("AAA02", "sum", value="x")],
            "must be of kind weighted_cv",
        ),
        (
            [definition("AAA01", "count_met", of=["AAA02"]), definition("AAA02", "count_met", of=["AAA01"])],
            "rests on itself",
        ),
        ([ind.load_definitions(TOML)[1]], "not computable"),
    ],
)
def test_sets_that_cannot_be_planned(definitions: list[ind.Definition], match: str) -> None:
    with pytest.raises(ind.DefinitionError, match=match):
        ind.plan(definitions, schema=schema("x", "y"), on=ON)


def test_an_expression_error_says_in_which_definition() -> None:
    with pytest.raises(ind.ExpressionError) as caught:
        ind.plan([definition(numerator="x", denominator="why")], schema=schema("x", "y"), on=ON)
    assert caught.value.__notes__ == ["in AAA01, field denominator"]


def test_plan_names_its_elements() -> None:
    made = ind.plan([definition(numerator="x", denominator="y", scope="z > 1")], schema=schema("x", "y", "z"), on=ON)
    assert made.elements == ("x", "y", "z")


def test_elements() -> None:
    text = """
[[element]]
code = "pupils"
name = { zh = "在校生数", en = "pupils" }
kind = "integer"
group = "pupils"
minimum = 0
[[element]]
code = "wifi"
name = { zh = "无线校园网", en = "campus Wi-Fi" }
kind = "boolean"
group = "network"
[[element]]
code = "grade"
name = { zh = "等级", en = "grade" }
kind = "code"
group = "network"
codes = { 2 = { zh = "合格", en = "passed" }, 0 = { zh = "不合格", en = "failed" } }
"""
    found = ind.load_elements(text)
    made = ind.Schema.of(found)
    assert [made.elements[e.code] for e in found] == [ind.Type.NUMBER, ind.Type.BOOLEAN, ind.Type.NUMBER]
    assert found[2].codes["2"].zh == "合格"
    with pytest.raises(ind.DefinitionError, match="given twice"):
        ind.load_elements(text + text)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "Pupils"}, "code"),
        ({"code": "min"}, "code"),
        ({"kind": "text"}, "kind"),
        ({"kind": "code"}, "codes"),
        ({"minimum": 2, "maximum": 1}, "maximum"),
        ({"stages": ("infant",)}, "stages"),
    ],
)
def test_elements_that_are_refused(fields: dict[str, object], field: str) -> None:
    row: dict[str, object] = {"code": "pupils", "name": ind.Text("a", "b"), "kind": "number", "group": "g"}
    with pytest.raises(ind.DefinitionError) as caught:
        ind.Element(**(row | fields))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_an_element_cannot_be_called_like_an_attribute() -> None:
    with pytest.raises(ind.DefinitionError, match="unit attribute"):
        ind.Schema.of([ind.Element("stage", ind.Text("a", "b"), "number", "g")])


def test_definition_without_table_columns_is_missing_not_wrong() -> None:
    block = ind.compute([definition(kind="sum", value="x")], table({"y": [1, 2]}), schema=schema("x", "y"), on=ON).get(
        "AAA01"
    )
    assert block.reason.tolist() == [ind.Reason.NOT_REPORTED] * 2
