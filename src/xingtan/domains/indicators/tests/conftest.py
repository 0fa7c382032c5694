"""A small catalogue and a way to write cells, for every test of this domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from xingtan.domains.indicators.models import Batch
    from xingtan.domains.indicators.types import PeriodData
    from xingtan.platform.orgscope.actor import Actor

ELEMENTS = """
[[element]]
code = "pupils_primary"
name = { zh = "小学在校生数", en = "primary pupils" }
unit = { zh = "人", en = "" }
kind = "integer"
group = "pupils"
minimum = 0
maximum = 20000
stages = ["primary"]

[[element]]
code = "pupils_junior"
name = { zh = "初中在校生数", en = "junior pupils" }
unit = { zh = "人", en = "" }
kind = "integer"
group = "pupils"
minimum = 0
stages = ["junior"]

[[element]]
code = "rooms_multimedia"
name = { zh = "网络多媒体教室间数", en = "networked multimedia classrooms" }
unit = { zh = "间", en = "rooms" }
kind = "integer"
group = "rooms"
minimum = 0

[[element]]
code = "internet"
name = { zh = "接入互联网", en = "connected to the internet" }
kind = "boolean"
group = "network"

[[element]]
code = "bandwidth"
name = { zh = "出口带宽", en = "uplink bandwidth" }
unit = { zh = "Mbit/s", en = "Mbit/s" }
kind = "number"
group = "network"
minimum = 0
"""

DEFINITIONS = """
[scopes]
active = "status = 'active'"

[[indicator]]
code = "INF01"
name = { zh = "每百名学生拥有网络多媒体教室数", en = "networked multimedia classrooms per 100 pupils" }
section = "INF"
status = "A"
unit = { zh = "间", en = "rooms" }
kind = "ratio"
numerator = "stage_split(rooms_multimedia, pupils_primary, pupils_junior)"
denominator = "by_stage(pupils_primary, pupils_junior)"
factor = 100
scope = "@active"
slices = ["stage", "area"]
thresholds = [{ value = 2.3, stage = "primary" }, { value = 2.4, stage = "junior" }]
document = "教督〔2017〕6号"
sources = ["教督〔2017〕6号 县域义务教育优质均衡发展督导评估办法"]

[[indicator]]
code = "INF02"
name = { zh = "每百名学生拥有网络多媒体教室数的校际差异系数", en = "inter-school CV of INF01" }
section = "INF"
status = "A"
kind = "weighted_cv"
of = ["INF01"]
direction = "down"
slices = ["stage"]
thresholds = [{ value = 0.5, stage = "primary" }, { value = 0.45, stage = "junior" }]

[[indicator]]
code = "INF03"
name = { zh = "中小学互联网接入率", en = "schools connected to the internet" }
section = "INF"
status = "B"
unit = { zh = "%", en = "%" }
kind = "share"
passes = "internet"
scope = "@active"
slices = ["area"]
thresholds = [{ value = 100, level = "group" }]

[[indicator]]
code = "INF04"
name = { zh = "出口带宽 100M 以上学校占比", en = "schools with an uplink of 100 Mbit/s" }
section = "INF"
status = "B"
unit = { zh = "%", en = "%" }
kind = "share"
value = "bandwidth"
scope = "@active"
thresholds = [{ value = 100, level = "unit" }]

[[indicator]]
code = "GOV04"
name = { zh = "综合差异系数", en = "composite CV" }
section = "GOV"
status = "C"
kind = "composite_cv"
of = ["INF02"]
direction = "down"
slices = ["stage"]

[[indicator]]
code = "RES01"
name = { zh = "资源浏览占比", en = "share of resource views" }
section = "RES"
status = "B"
unit = { zh = "%", en = "%" }
needs = { zh = "资源平台的浏览记录", en = "view events of the resource platform" }
"""

CELLS: dict[str, dict[str, Any]] = {
    "A1": {"pupils_primary": 800, "rooms_multimedia": 20, "internet": 1, "bandwidth": 200},
    "A2": {"pupils_junior": 500, "rooms_multimedia": 10, "internet": 1, "bandwidth": 50},
    "A3": {"pupils_primary": 300, "pupils_junior": 200, "rooms_multimedia": 12, "internet": 1, "bandwidth": None},
    "B1": {"pupils_primary": 90, "rooms_multimedia": 1, "internet": 0, "bandwidth": 20},
}
"""School B2 reports nothing. None is "unknown"."""

Observe = Callable[..., "Batch"]


@pytest.fixture
def catalogue(world: Any, system: Actor) -> None:
    """Five elements and six indicators, one of which cannot be computed yet."""
    from xingtan.domains.indicators import api
    from xingtan.engines.indicators import load_definitions, load_elements

    api.elements_sync(actor=system, elements=load_elements(ELEMENTS))
    api.definitions_add(actor=system, definitions=load_definitions(DEFINITIONS))


@pytest.fixture
def period(catalogue: None) -> PeriodData:
    from xingtan.domains.indicators import api

    return api.period_ensure(code="2025")


@pytest.fixture
def observe(world: Any, catalogue: None, system: Actor) -> Observe:
    """`observe(period, {"A1": {"internet": 1}})` adds one batch; a None value is null with reason "unknown"."""
    from xingtan.domains.indicators import api

    def write(period: PeriodData, cells: Mapping[str, Mapping[str, Any]] = CELLS, **origin: Any) -> Batch:
        elements = tuple(sorted({code for row in cells.values() for code in row}))
        values = np.array([[row.get(code) or 0.0 for code in elements] for row in cells.values()], dtype=np.float64)
        said = [
            [255 if code not in row else 2 if row[code] is None else 0 for code in elements] for row in cells.values()
        ]
        return api.batch_record(
            actor=system, org_path=world.paths["YZ"], period_id=period.id,
            origin=api.Origin("imported", **origin),
            block=api.Block(
                elements=elements, units=[world.schools[code] for code in cells],
                paths=[world.paths[code] for code in cells], values=values, reasons=np.array(said, dtype=np.uint8),
                rows=list(range(2, 2 + len(cells))),
            ),
        )  # fmt: skip

    return write


@pytest.fixture
def computed(world: Any, period: PeriodData, observe: Observe, system: Actor) -> Any:
    """The cells of 2025, and the full run over the city."""
    from xingtan.domains.indicators import api

    observe(period)
    run = api.run_compute(actor=system, period_id=period.id, root=world.paths["YZ"])
    return api.run_get(actor=system, run_id=run.pk)
