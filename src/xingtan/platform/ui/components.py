"""What the components show, as frozen data that views build and templates pass to the tags of `ui`.

Texts are already translated. Values are unrounded; the components round for showing only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
Tone = Literal["neutral", "info", "success", "warning", "danger"]
Verdict = Literal["pass", "fail", "undefined"]
Status = Literal["A", "B", "C"]
"""How sure a definition is: A read in a named source, B partly, C to be confirmed by the bureau."""
StepState = Literal["done", "current", "todo", "failed"]


@dataclass(frozen=True)
class Link:
    """A breadcrumb, tab, menu entry or next step; an empty ``url`` is the page itself."""

    label: Text
    url: str = ""
    icon: str = ""
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Trend:
    """Change against last year. ``change`` is in the unit of the value (percentage points for ``%``).

    ``good`` says whether this change is an improvement; None judges nothing.
    """

    change: float | None
    text: Text
    good: bool | None = None

    @property
    def icon(self) -> str:
        """The arrow; it never stands without ``text``, so that colour and shape are not the only sign."""
        if not self.change:
            return "minus"
        return "trending-up" if self.change > 0 else "trending-down"

    @property
    def css(self) -> str:
        return {True: "good", False: "bad", None: "flat"}[self.good]


@dataclass(frozen=True)
class Tile:
    """A headline figure. A None ``value`` needs a ``reason``."""

    label: Text
    value: float | None
    unit: str = ""
    decimals: int = 1
    reason: Text = ""
    trend: Trend | None = None
    target: float | None = None
    target_text: Text = ""
    progress: float | None = None
    """Way to the target, 0 to 1; drawn as a bar when given."""
    verdict: Verdict | None = None
    status: Status | None = None
    definition: Text = ""
    url: str = ""
    icon: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError(f"the tile {self.label!s} has no value and no reason")


@dataclass(frozen=True)
class Empty:
    """What a list says when it has nothing: what would be here, and how to begin."""

    title: Text
    text: Text = ""
    action: Link | None = None
    icon: str = "inbox"


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened; ``at`` is already formatted for people."""

    at: Text
    title: Text
    text: Text = ""
    actor: Text = ""
    tone: Tone = "neutral"
    icon: str = "point"


@dataclass(frozen=True)
class Step:
    """A step of a guided task, such as mapping → dry run → apply."""

    label: Text
    state: StepState
    url: str = ""
    text: Text = ""


@dataclass(frozen=True)
class DrillItem:
    """A row of a drill list: where the figure comes from, one level down."""

    label: Text
    value: float | None
    url: str = ""
    unit: str = ""
    decimals: int = 1
    reason: Text = ""
    share: float | None = None
    """Length of the bar behind the row, 0 to 1."""
    verdict: Verdict | None = None
    note: Text = ""


@dataclass(frozen=True)
class Choice:
    """An option of a list filter."""

    value: str
    label: Text


@dataclass(frozen=True)
class Filter:
    """A select box above a list; ``value`` is the chosen option, empty for all."""

    name: str
    label: Text
    choices: Sequence[Choice]
    value: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a list. ``key`` is the sort key in the address; ``phone`` says what becomes of it at 360 px."""

    key: str
    label: Text
    sortable: bool = False
    numeric: bool = False
    phone: Literal["show", "hide"] = "show"


@dataclass(frozen=True)
class Badge:
    """A short coloured word."""

    text: Text
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a list. ``text`` may be empty when there is a ``badge``, a ``verdict`` or a ``reason``."""

    text: Text = ""
    url: str = ""
    reason: Text = ""
    badge: Badge | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Row:
    """A row of a list; ``actions`` are shown at its end."""

    cells: Sequence[Cell]
    actions: Sequence[Link] = ()


@dataclass(frozen=True)
class Paging:
    """Where a list stands. Pages count from 1."""

    number: int
    pages: int
    total: int
    first: int
    last: int

    @property
    def around(self) -> tuple[int | None, ...]:
        """Page numbers to offer, None for a gap: 1 … 4 5 6 … 20."""
        near = sorted({1, self.pages, *range(self.number - 1, self.number + 2)} & set(range(1, self.pages + 1)))
        shown: list[int | None] = []
        for page in near:
            if shown and shown[-1] is not None and page - shown[-1] > 1:
                shown.append(None)
            shown.append(page)
        return tuple(shown)


@dataclass(frozen=True)
class Table:
    """A list page in one object; see `xingtan.platform.ui.lists` for reading its state from the address."""

    key: str
    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Row]
    paging: Paging
    empty: Empty
    query: str = ""
    search_label: Text = ""
    """What the search box looks through; no box when empty."""
    sort: str = ""
    filters: Sequence[Filter] = field(default=())
    export_url: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether a search or filter is set, so that an empty list means "nothing found"."""
        return bool(self.query) or any(item.value for item in self.filters)

    @property
    def has_actions(self) -> bool:
        return any(row.actions for row in self.rows)
