import pytest

from xingtan.engines.tables import MappingError, TableError, dump_mapping, import_key, load_mapping, parse_mapping
from xingtan.engines.tables.mapping import (
    Attribute,
    Box,
    CodedColumn,
    Coordinates,
    Element,
    ElementKind,
    Filter,
    FilterOp,
    Mapping,
    Parent,
    Period,
    Rule,
    RuleOp,
    Source,
    StatusColumn,
    Unit,
)
from xingtan.engines.tables.types import Reason, Severity

FULL = Mapping(
    name="full",
    title='含"引号"与\\反斜杠',
    note="两行\n\t说明",
    source=Source("数据", (2, 3), "gb18030", "\t", ",", ("总计",)),
    period=Period(column="年份"),
    unit=Unit(
        code="#A",
        name="学校 / 名称",
        code_pattern=r"\d{10}",
        stage=CodedColumn("学段", {"1": "primary", "2": "junior"}),
        locale=CodedColumn("城乡"),
        status=StatusColumn("状态", ("1",), ("2", "3"), ("4",)),
        parents=(Parent("county", "区县码", "区县"), Parent("city", None, "市", required=False)),
        attributes=(Attribute("phone", "电话"), Attribute("owner", "举办者", {"811": "教育部门"})),
    ),
    filters=(Filter("年份", FilterOp.IN, ("2025",)), Filter("备注", FilterOp.NOT_IN, ("停办", "=x"))),
    coordinates=Coordinates("纬度", "经度", Box(29.1, 30.6, 118.3, 120.8), repair=True),
    sentinels={"88888": Reason.UNKNOWN, "-": Reason.NOT_APPLICABLE},
    elements=(
        Element("plain", "a"),
        Element(
            "rich", "b", ElementKind.INTEGER, "标签", "Mbps", 0.001, ("台", "兆"), {"1": 1.5, "9": Reason.SUPPRESSED},
            -1.5, 1e6, Reason.UNKNOWN, required=True, sentinels={"77": Reason.SUPPRESSED}, optional=True,
        ),
    ),
    rules=(
        Rule("r1", "plain + rich", RuleOp.LE, "10", Severity.ERROR, "说明", missing_as_zero=True),
        Rule("r2", "plain == 0", RuleOp.EXCLUDES, "rich present"),
    ),
    severities={"not_whole": Severity.WARNING},
)  # fmt: skip


def test_round_trip() -> None:
    assert parse_mapping(dump_mapping(FULL)) == FULL
    small = Mapping("s", Unit("code"))
    assert parse_mapping(dump_mapping(small)) == small
    for rows in (0, 2):
        with_rows = Mapping("s", Unit("code"), source=Source(header_rows=rows))
        assert parse_mapping(dump_mapping(with_rows)) == with_rows


def test_files(tmp_path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(dump_mapping(FULL), encoding="utf-8-sig")
    assert load_mapping(path) == FULL
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(MappingError, match="UTF-8"):
        load_mapping(path)
    with pytest.raises(TableError):
        load_mapping(tmp_path / "absent.toml")


HEAD = 'version = 1\nname = "m"\n[unit]\ncode = "c"\n'
ELEMENT = HEAD + '[[element]]\ncode = "e"\ncolumn = "x"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("version = ", "file"),
        ("a = " + "[" * 5000, "file"),
        ("", "version"),
        ("version = 2", "version"),
        ("version = true", "version"),
        ("version = 1", "name"),
        ('version = 1\nname = " "', "name"),
        ('version = 1\nname = "m"', "unit"),
        ('version = 1\nname = "m"\nunit = 3', "unit"),
        (HEAD + "cod = 1", "unit.cod"),
        ("nane = 1\n" + HEAD, "nane"),
        (HEAD + 'code_pattern = "["', "unit.code_pattern"),
        (HEAD + '[unit.status]\ncolumn = "s"\nactive = [1]\npaused = [1]', "unit.status.active"),
        (HEAD + '[unit.status]\ncolumn = "s"\nactive = [true]', "unit.status.active[0]"),
        (HEAD + '[[unit.parent]]\nlevel = "county"', "unit.parent[0].code"),
        (HEAD + '[unit.parent]\nlevel = "county"', "unit.parent"),
        (HEAD + "[source]\nheader_rows = [3, 2]", "source.header_rows"),
        (HEAD + "[source]\nheader_rows = -1", "source.header_rows"),
        (HEAD + '[source]\ndecimal = ";"', "source.decimal"),
        (HEAD + '[source]\ndelimiter = "||"', "source.delimiter"),
        (HEAD + '[period]\nvalue = "2025"\ncolumn = "y"', "period.column"),
        (HEAD + '[coordinates]\nlatitude = "a"\nlongitude = "b"', "coordinates.box"),
        (
            HEAD + '[coordinates]\nlatitude = "a"\nlongitude = "b"\nbox = {south = 3, north = 2, west = 1, east = 2}',
            "coordinates.box",
        ),
        (
            HEAD + '[coordinates]\nlatitude = "a"\nlongitude = "b"\nbox = {south = "x", north = 2, west = 1, east = 2}',
            "coordinates.box.south",
        ),
        (HEAD + '[[filter]]\ncolumn = "a"', "filter[0].in"),
        (HEAD + "[severity]\nnot_whol = 'warning'", "severity.not_whol"),
        (HEAD + "[severity]\nnot_whole = 'fatal'", "severity.not_whole"),
        (HEAD + '[[element]]\ncode = "a b"\ncolumn = "x"', "element[0].code"),
        (ELEMENT + '[[element]]\ncode = "e"\ncolumn = "y"', "element[1].code"),
        (ELEMENT + 'kind = "money"', "element[0].kind"),
        (ELEMENT + "min = 3\nmax = 2", "element[0].min"),
        (ELEMENT + "multiplier = 0", "element[0].multiplier"),
        (ELEMENT + "min = inf", "element[0].min"),
        (ELEMENT + 'codes = {1 = 1, 9 = "unknwon"}', "element[0].codes.9"),
        (ELEMENT + 'blank = "zero"', "element[0].blank"),
        (ELEMENT + "required = 1", "element[0].required"),
        (ELEMENT + "sentinels = 9", "element[0].sentinels"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "f"\nop = "=="\nright = "e"', "rule[0].left"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "e"\nop = "=="\nright = "e +"', "rule[0].right"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "e"\nop = "implies"\nright = "e == 1"', "rule[0].left"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "3 present"\nop = "iff"\nright = "e == 1"', "rule[0].left"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "e"\nop = "~"\nright = "e"', "rule[0].op"),
        (ELEMENT + '[[rule]]\ncode = "r"\nleft = "e"\nop = "=="', "rule[0].right"),
    ],
)
def test_errors_name_the_key(text: str, key: str) -> None:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text)
    assert caught.value.key == key
    assert str(caught.value).startswith(f"{key}: ")


def test_short_forms() -> None:
    mapping = parse_mapping("sentinels = [88888, '无']\n" + ELEMENT + "codes = {0 = 0, 1 = 1}\n")
    assert mapping.sentinels == {"88888": Reason.UNKNOWN, "无": Reason.UNKNOWN}
    assert mapping.elements[0].codes == {"0": 0.0, "1": 1.0}


def test_import_key_depends_on_file_and_mapping_only() -> None:
    key = import_key("aa", FULL)
    assert key == import_key("aa", parse_mapping(dump_mapping(FULL)))
    assert len({key, import_key("ab", FULL), import_key("aa", Mapping("s", Unit("code")))}) == 3


def test_columns_are_listed_once() -> None:
    assert Mapping("s", Unit("c", "n"), elements=(Element("a", "x"), Element("b", "x"))).columns() == ("c", "n", "x")
