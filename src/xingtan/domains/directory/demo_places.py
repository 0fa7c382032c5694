"""The invented geography of 云州市: counties, divisions of GB/T 2260 form, and names for places.

No real division code begins with 96, so no figure of the demo can be taken for that of a real county.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingtan.domains.directory.types import DivisionData

CITY_CODE = "960100"
CITY_NAME = "云州市"
CITY_CENTRE = (30.50, 113.00)


@dataclass(frozen=True)
class DemoCounty:
    """One county or district of the demo city.

    `centre` is (latitude, longitude) in WGS 84 degrees. `seat` is the kind of area its main place is, `seat_share` the
    part of its schools that lie there, `townships` the ending of the names of its lesser places. `prosperity`, 0 to 1,
    is what equipment and staffing follow. `schools` is the number of schools at the sizes county and city.
    """

    code: str
    name: str
    centre: tuple[float, float]
    seat: str
    seat_share: float
    townships: str
    prosperity: float
    schools: tuple[int, int]


COUNTIES = (
    DemoCounty("960101", "市直属学校", (30.50, 113.00), "urban", 1.0, "", 0.95, (0, 16)),
    DemoCounty("960102", "东湖区", (30.53, 113.08), "urban", 0.9, "镇", 0.85, (30, 110)),
    DemoCounty("960105", "南城区", (30.40, 112.98), "urban", 0.85, "镇", 0.78, (0, 95)),
    DemoCounty("960110", "北江区", (30.68, 112.94), "urban", 0.6, "镇", 0.66, (0, 90)),
    DemoCounty("960113", "云溪区", (30.54, 112.76), "urban", 0.55, "镇", 0.72, (0, 85)),
    DemoCounty("960121", "清河县", (30.58, 113.42), "town", 0.34, "镇", 0.45, (52, 110)),
    DemoCounty("960122", "西山县", (30.24, 113.26), "town", 0.26, "乡", 0.24, (38, 90)),
    DemoCounty("960123", "石岭县", (30.88, 112.62), "town", 0.28, "乡", 0.18, (0, 75)),
    DemoCounty("960124", "金谷县", (30.22, 112.64), "town", 0.34, "镇", 0.40, (0, 75)),
    DemoCounty("960181", "临江市", (30.92, 113.20), "urban", 0.45, "镇", 0.60, (0, 95)),
    DemoCounty("960182", "宁浦市", (30.08, 112.96), "urban", 0.42, "镇", 0.52, (0, 75)),
)
DIRECT_CODE = "960101"
HOME_COUNTY = "960121"
"""The county of the demo accounts: town and country, good schools and poor ones."""

_FOUNDED, _REFORM = date(1983, 10, 1), date(2021, 4, 9)
DIVISIONS = (
    DivisionData("960100", "云州市", _FOUNDED, None),
    DivisionData("960101", "市辖区", _FOUNDED, None),
    # In the reform of 2021 two districts became one. The new 东湖区 took over the code of the old 城中区, and the old
    # code of 东湖区 was retired: whoever joins tables of two years by code or by name alone joins the wrong rows.
    DivisionData("960102", "城中区", _FOUNDED, _REFORM),
    DivisionData("960102", "东湖区", _REFORM, None),
    DivisionData("960103", "东湖区", _FOUNDED, _REFORM),
    DivisionData("960105", "南城区", _FOUNDED, None),
    # 云溪区 was cut out of 北江区, which kept its code and its name for a smaller area.
    DivisionData("960110", "北江区", _FOUNDED, None),
    DivisionData("960113", "云溪区", _REFORM, None),
    DivisionData("960121", "清河县", _FOUNDED, None),
    DivisionData("960122", "西山县", _FOUNDED, None),
    DivisionData("960123", "石岭县", _FOUNDED, None),
    DivisionData("960124", "金谷县", _FOUNDED, None),
    # A county that became a city at county level, with a new code.
    DivisionData("960125", "临江县", _FOUNDED, date(1994, 12, 28)),
    DivisionData("960181", "临江市", date(1994, 12, 28), None),
    DivisionData("960182", "宁浦市", date(1996, 8, 15), None),
)

HOME_TOWNSHIP = "柳林"
_FIRST = "柳石青白双龙枣杨黄沙高平大新长南北东西桃梅松竹云凤金银罗马三九汤钟官樟茶荷莲栗盐"
_SECOND = "林桥山河泉店湾坪塘溪岭庄铺集屯坝口堰洲港埠寨"
_SURNAMES = "张王李陈刘杨周吴赵黄徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏"
_HAMLETS = "湾庄坪冲铺畈营垸店院"
TOWNSHIPS = tuple(a + b for a in _FIRST for b in _SECOND if a + b != HOME_TOWNSHIP)
VILLAGES = tuple(a + "家" + b for a in _SURNAMES for b in _HAMLETS)
URBAN_WORDS = (
    "育才", "人民路", "文昌", "光明路", "崇文", "解放路", "明德", "滨湖", "启明", "建设路", "育英", "朝阳", "向阳路",
    "星海", "和平路", "青云", "望湖", "学府路", "新华路", "树人", "求知路", "翠园", "锦绣", "东风路", "桃源", "长青",
    "凤鸣", "文华", "江汉路", "澄心", "博雅", "弘文", "南湖", "百花", "西苑", "清源", "振兴路", "芳草", "梧桐", "月湖",
)  # fmt: skip
_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number from 1 to 999 as schools write it: 十一, 二十, 一百零五."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is not between 1 and 999")
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = _DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
