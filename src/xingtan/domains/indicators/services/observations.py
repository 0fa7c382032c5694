"""Write observed values. Rows are only ever added."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xingtan.domains.directory import api as directory
from xingtan.domains.indicators.capabilities import CELL_EDIT, IMPORT
from xingtan.domains.indicators.models import Batch, DataElement, Layout, Observation, Period
from xingtan.domains.indicators.models.observations import Source
from xingtan.domains.indicators.services.periods import period_lock
from xingtan.platform.audit import api as audit
from xingtan.platform.orgscope.actor import Actor

CHUNK = 2000


class ObservationError(Exception):
    """Values cannot be stored like this; the message says what is wrong."""


@dataclass(frozen=True)
class Block:
    """The cells of n organisations × k elements: `values` (n, k) float64, `reasons` (n, k) uint8, 255 for "not said".

    `units` are organisation ids, `paths` their scope paths, `rows` the source rows (0 for none).
    """

    elements: tuple[str, ...]
    units: Sequence[int]
    paths: Sequence[str]
    values: npt.NDArray[np.float64]
    reasons: npt.NDArray[np.uint8]
    rows: Sequence[int] = ()


@dataclass(frozen=True)
class Origin:
    """Where a batch comes from; see `Batch`."""

    source: str
    file_id: int | None = None
    sheet: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    mapping: str = ""
    content_hash: str = ""
    note: str = ""
    statistics: Mapping[str, Any] = field(default_factory=dict)


def layout_ensure(elements: Sequence[str]) -> Layout:
    """The row that stands for this ordered list of element codes."""
    digest = hashlib.sha256(json.dumps(list(elements)).encode()).hexdigest()
    return Layout.objects.get_or_create(hash=digest, defaults={"elements": list(elements)})[0]


def batch_record(*, actor: Actor, org_path: str, period_id: int, origin: Origin, block: Block) -> Batch:
    """Add one batch of observations, all or nothing. The actor needs IMPORT at `org_path` and every path below it."""
    shape = (len(block.units), len(block.elements))
    if block.values.shape != shape or block.reasons.shape != shape or len(block.paths) != shape[0]:
        raise ObservationError(f"values and reasons must be {shape}")
    if len(set(block.elements)) != shape[1]:
        raise ObservationError("an element stands twice")
    reported = block.values[block.reasons == 0]
    if not np.isfinite(reported).all():
        raise ObservationError("a reported value is not a finite number")
    unknown = set(block.elements) - set(
        DataElement.objects.filter(code__in=block.elements).values_list("code", flat=True)
    )
    if unknown:
        raise ObservationError(f"unknown elements: {', '.join(sorted(unknown))}")
    actor.require(IMPORT, org_path)
    outside = [path for path in block.paths if not path.startswith(org_path)]
    if outside:
        raise ObservationError(f"{len(outside)} organisations lie outside of {org_path}")
    with transaction.atomic():
        batch = _add(actor, org_path, period_id, origin, block)
        audit.record(
            actor=actor, action="indicators.batch.record", object_type="batch", object_id=batch.pk, org_path=org_path,
            data={"source": origin.source, "period": period_id, "organisations": shape[0], "elements": shape[1]},
        )  # fmt: skip
    return batch


def _add(actor: Actor, org_path: str, period_id: int, origin: Origin, block: Block) -> Batch:
    period_lock(period_id)
    batch = Batch.objects.create(
        org_path=org_path, period_id=period_id, source=origin.source, file_id=origin.file_id, sheet=origin.sheet,
        columns=dict(origin.columns), mapping=origin.mapping, content_hash=origin.content_hash, note=origin.note,
        statistics=dict(origin.statistics), created_by_id=actor.user_id, created_by=actor.label,
    )  # fmt: skip
    layout = layout_ensure(block.elements)
    # A null carries no number, whatever the caller left there: equal states must be equal bytes.
    values = np.where(block.reasons == 0, block.values, 0.0).astype("<f8")
    reasons = np.ascontiguousarray(block.reasons, dtype=np.uint8)
    rows = block.rows or [0] * len(block.units)
    for start in range(0, len(block.units), CHUNK):
        span = range(start, min(start + CHUNK, len(block.units)))
        Observation._base_manager.bulk_create(
            [
                Observation(
                    batch=batch, org_unit_id=block.units[i], org_path=block.paths[i], period_id=period_id,
                    layout=layout, values=values[i].tobytes(), reasons=reasons[i].tobytes(),
                    source_row=rows[i] or None,
                )
                for i in span
            ]
        )  # fmt: skip
    return batch


def cell_correct(
    *, actor: Actor, unit_id: int, period_id: int, element: str, value: float | None, reason: int, note: str
) -> Batch:
    """Replace one cell of one organisation, saying why; `reason` 0 with a value, or a null reason without.

    The old value stays in the history. Raise `ObservationError` for a value outside of the element's range.
    """
    period = Period.objects.get(pk=period_id)
    unit = directory.unit_on(actor=actor, unit_id=unit_id, day=min(period.ends, timezone.localdate()))
    if unit is None:
        raise ObservationError(_("This organisation does not exist in the period."))
    actor.require(CELL_EDIT, unit.path)
    definition = DataElement.objects.filter(code=element).first()
    if definition is None:
        raise ObservationError(_("Unknown data element."))
    _check_value(definition, value, reason)
    if not note.strip():
        raise ObservationError(_("Say why the value is corrected."))
    block = Block(
        elements=(element,), units=[unit.id], paths=[unit.path],
        values=np.array([[0.0 if value is None else value]]), reasons=np.array([[reason]], dtype=np.uint8),
    )  # fmt: skip
    with transaction.atomic():
        batch = _add(actor, unit.path, period_id, Origin(Source.DECLARED, note=note.strip()[:400]), block)
        audit.record(
            actor=actor, action="indicators.cell.correct", object_type="org_unit", object_id=unit.id,
            org_path=unit.path,
            data={"period": period.code, "element": element, "value": value, "reason": reason, "note": note.strip()},
        )  # fmt: skip
    return batch


def _check_value(element: DataElement, value: float | None, reason: int) -> None:
    if (value is None) == (reason == 0) or not 0 <= reason <= 4:
        raise ObservationError(_("Give a value, or say why there is none."))
    if value is None:
        return
    if not math.isfinite(value):
        raise ObservationError(_("This is not a number."))
    if element.kind in {"integer", "boolean", "code"} and value != int(value):
        raise ObservationError(_("A whole number is needed."))
    if element.kind == "boolean" and value not in (0, 1):
        raise ObservationError(_("Write 1 for yes or 0 for no."))
    if element.kind == "code" and element.codes and str(int(value)) not in element.codes:
        raise ObservationError(_("This code is not in the list."))
    low, high = element.minimum, element.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise ObservationError(
            _("The value must lie between %(low)s and %(high)s.")
            % {"low": "−∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
        )
