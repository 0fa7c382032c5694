import numpy as np
import pytest

from xingtan.engines.tables import ElementSpec, Role, dry_run, inspect_table, read_table, suggest_mapping
from xingtan.engines.tables.sentinels import suspect_sentinels
from xingtan.engines.tables.tests.corpus import xlsx

HEAD = [
    "序号",
    "学校标识码",
    "学校名称",
    "学段",
    "经度",
    "纬度",
    "是否联网",
    "多媒体教室数",
    "建校日期",
    "生均带宽",
    "备注",
]


def rows(n: int = 40) -> list[list[object]]:
    return [
        [
            k, f"33{k:08d}", f"云州市第{k}小学", ("小学", "初中")[k % 2], 120 + k / 100, 30 + k / 100,
            (1, 0, 9)[k % 3], 99999 if k == 7 else k % 13, f"19{50 + k}-09-01", k / 7, None if k % 2 else "=cmd|x",
        ]
        for k in range(1, n + 1)
    ]  # fmt: skip


def test_roles_of_a_chinese_table() -> None:
    inspection = inspect_table(read_table(xlsx([HEAD, *rows()])), dictionary={"多媒体教室数": "配备多媒体的教室"})
    roles = {p.header: p.role for p in inspection.columns}
    assert roles == {
        "序号": Role.COUNT, "学校标识码": Role.CODE, "学校名称": Role.NAME, "学段": Role.CATEGORY,
        "经度": Role.LONGITUDE, "纬度": Role.LATITUDE, "是否联网": Role.BOOLEAN, "多媒体教室数": Role.COUNT,
        "建校日期": Role.DATE, "生均带宽": Role.NUMBER, "备注": Role.CATEGORY,
    }  # fmt: skip
    profile = inspection.columns[7]
    assert (profile.letter, profile.minimum, profile.maximum, profile.description) == ("H", 0, 12, "配备多媒体的教室")
    assert [(s.value, s.count) for s in profile.sentinels] == [(99999, 1)]
    assert inspection.columns[6].extra_codes == (9,)
    notes = inspection.columns[10]
    assert (notes.blank_share, notes.distinct, notes.formula_like) == (0.5, 1, 20)
    assert notes.kinds == {"text": 20}


def test_suggestions_and_draft() -> None:
    table = read_table(xlsx([HEAD, *rows()]))
    draft = suggest_mapping(
        inspect_table(table),
        [ElementSpec("multimedia_rooms", "多媒体教室"), ElementSpec("online", "联网学校", ("是否接入互联网",))],
    )
    assert [(s.element, s.column) for s in draft.suggestions] == [
        ("multimedia_rooms", "多媒体教室数"),
        ("online", "是否联网"),
    ]
    assert draft.fields == {
        "code": "学校标识码", "name": "学校名称", "latitude": "纬度", "longitude": "经度", "stage": "学段",
    }  # fmt: skip
    assert draft.mapping is not None
    result = dry_run(table, draft.mapping)
    assert result.ok
    assert result.count("sentinel") == 1
    assert set(result.elements["online"].reasons.tolist()) == {0, 2}


def test_headers_decide_where_values_mislead() -> None:
    """Three schools, one code twice: the code looks like a category and the area type like a code."""
    head = ["学校代码", "学校名称", "县区代码", "所属县区", "办学类型", "城乡分类", "经度", "纬度"]
    table = read_table(
        xlsx(
            [
                head,
                ["3601990001", "新城小学", "960121", "清河县", "小学", "城区", 113.62, 30.65],
                ["3601990002", "东门小学", "960121", "清河县", "小学", "镇区", 1136334, 30.66],
                ["3601990001", "滨江小学", "960121", "清河县", "小学", "乡村", 113.64, 30.67],
            ]
        )
    )
    assert suggest_mapping(inspect_table(table), []).fields == {
        "code": "学校代码", "name": "学校名称", "latitude": "纬度", "longitude": "经度", "county_code": "县区代码",
        "county": "所属县区", "stage": "办学类型", "locale": "城乡分类",
    }  # fmt: skip


def test_headers_that_repeat_are_named_by_letter() -> None:
    inspection = inspect_table(read_table(xlsx([["code", "n", "n", ""], *[[f"c{k}", k, k, k] for k in range(3)]])))
    assert [inspection.column_ref(p) for p in inspection.columns] == ["code", "#B", "#C", "#D"]


def test_without_a_code_column_there_is_no_draft() -> None:
    draft = suggest_mapping(inspect_table(read_table(xlsx([["a", "b"], ["x", 1], ["x", 1]]))), [])
    assert draft.mapping is None and draft.suggestions == ()


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1, 2, 3, 4, 5, 6, 999], {999}),
        ([1, 2, 3, 4, 5, 60, 999], {999}),
        ([1, 2, 3, 4, 5, 120, 999], set()),
        ([0, 1, 2, 3, 4, 5, -1], {-1}),
        ([-3, -2, -1, 0, 1, 2, 3], set()),
        ([100, 200, 888, 1000, 300, 400, 500], set()),
        ([1, 2, 999], set()),
        ([0.5, 1, 2, 3, 4, 5, -9999], {-9999}),
        ([11, 22, 33, 44, 55, 66, 77], set()),
    ],
)
def test_suspects(values: list[float], found: set[float]) -> None:
    assert {s.value for s in suspect_sentinels([np.array(values, dtype=float)])[0]} == found


def test_a_code_certain_in_one_column_convinces_in_another() -> None:
    sure, doubtful = np.array([1.0, 2, 3, 4, 5, 6, 9999]), np.array([1.0, 2, 3, 4, 5, 2500, 9999])
    assert [bool(s) for s in suspect_sentinels([doubtful])] == [False]
    assert [bool(s) for s in suspect_sentinels([sure, doubtful])] == [True, True]


def test_counts_that_differ_in_each_row_are_no_codes() -> None:
    """Of a few schools the rooms are all different too; a long code without a telling header is still found."""
    rows = [["学校", "多媒体教室数"], ["2196210001", 31], ["3196210002", 22], ["3496210003", 45]]
    inspection = inspect_table(read_table(xlsx(rows)))
    assert [profile.role for profile in inspection.columns] == [Role.CODE, Role.COUNT]
    draft = suggest_mapping(inspection, [ElementSpec("rooms", "多媒体教室数")])
    assert [(found.column, found.element) for found in draft.suggestions] == [("多媒体教室数", "rooms")]
