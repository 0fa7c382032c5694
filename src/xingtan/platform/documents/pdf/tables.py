"""Word tables as typst tables: every cell is placed by row and column, so merged and missing cells keep the grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from docx.oxml.ns import qn

from .. import typeset
from .looks import Raw, border, flag, hex_colour, integer, read_paragraph, read_run, twips

if TYPE_CHECKING:
    from .blocks import BlockWriter, Flow

_MAX_COLUMNS: Final = 200
_MAX_DEPTH: Final = 4
_SIDES: Final = ("top", "bottom", "left", "right")
_ALIASES: Final = {"left": ("left", "start"), "right": ("right", "end"), "top": ("top",), "bottom": ("bottom",)}
_VERTICAL: Final = {"center": "horizon", "bottom": "bottom"}
Border = tuple[float, str]


@dataclass(frozen=True)
class _Cell:
    node: Any
    row: int
    column: int
    span: int
    rows: int = 1


@dataclass(frozen=True)
class _Design:
    """What the table and its style say about all cells: borders, margins, and conditional formats by name."""

    borders: dict[str, Border]
    margins: dict[str, float]
    conditions: dict[str, tuple[Raw, Raw, str]]
    look: frozenset[str]


def table(writer: BlockWriter, node: Any, flow: Flow) -> str:
    """Return the markup of a ``w:tbl``."""
    rows = [r for r in node.iter(qn("w:tr")) if next(r.iterancestors(qn("w:tbl"))) is node]
    writer.at_page_start = writer.at_page_start and not flow.can_break
    if flow.depth >= _MAX_DEPTH:
        # Each level doubles typst's work, so deeper tables are laid out one cell after the other.
        writer.job.log.approximated("多层嵌套表格 / deeply nested table", flow.place)
        return "\n".join(writer.blocks(cell, flow) for row in rows for cell in _cells(row))
    cells, columns = _grid(rows)
    if not cells:
        return ""
    design = _design(writer, node)
    headers = 0
    for row in rows:
        repeat = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")
        if repeat is None or not flag(repeat):
            break
        headers += 1
    if headers == len(rows):
        headers = 0
    while headers and any(c.row < headers < c.row + c.rows for c in cells):
        headers += 1
    heads: list[str] = []
    bodies: list[str] = []
    for cell in cells:
        markup = _cell(writer, cell, rows, columns, design, flow)
        (heads if cell.row < headers else bodies).append(markup)
    header = f"table.header(repeat: true, {', '.join(heads)}), " if heads else ""
    widths = typeset.array(_widths(node, columns))
    heights = typeset.array(_heights(rows))
    body = f"table(columns: {widths}, rows: {heights}, stroke: none, inset: 0pt, {header}{', '.join(bodies)})"
    return _place(node, body)


def _place(node: Any, body: str) -> str:
    properties = node.find(qn("w:tblPr"))
    align = properties.find(qn("w:jc")) if properties is not None else None
    indent = properties.find(qn("w:tblInd")) if properties is not None else None
    where = {"center": "center", "right": "right", "end": "right"}.get(
        align.get(qn("w:val")) if align is not None else "", "left"
    )
    left = twips(indent.get(qn("w:w"))) if indent is not None and where == "left" else 0.0
    inset = f", inset: (left: {typeset.points(max(left, 0.0))})" if left > 0 else ""
    return f"#block(width: 100%, above: 4pt, below: 6pt{inset}, align({where}, {body}))"


def _grid(rows: list[Any]) -> tuple[list[_Cell], int]:
    """Return the visible cells with their place and extent, and the number of columns."""
    placed: list[list[tuple[_Cell, bool]]] = []
    columns = 1
    for index, row in enumerate(rows):
        before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column = min(integer(before.get(qn("w:val"))), _MAX_COLUMNS - 1) if before is not None else 0
        line: list[tuple[_Cell, bool]] = []
        for node in _cells(row):
            if column >= _MAX_COLUMNS:
                break
            properties = node.find(qn("w:tcPr"))
            span = properties.find(qn("w:gridSpan")) if properties is not None else None
            merge = properties.find(qn("w:vMerge")) if properties is not None else None
            width = min(max(integer(span.get(qn("w:val")), 1), 1) if span is not None else 1, _MAX_COLUMNS - column)
            continues = merge is not None and merge.get(qn("w:val")) in (None, "continue")
            line.append((_Cell(node, index, column, width), continues))
            column += width
        columns = max(columns, column)
        placed.append(line)
    starts: dict[int, _Cell] = {}
    cells: dict[tuple[int, int], _Cell] = {}
    for line in placed:
        for cell, continues in line:
            above = starts.get(cell.column)
            if continues and above and above.row + above.rows == cell.row and above.span == cell.span:
                starts[cell.column] = cells[(above.row, above.column)] = replace(above, rows=above.rows + 1)
            else:
                starts[cell.column] = cells[(cell.row, cell.column)] = cell
    return list(cells.values()), columns


def _cells(row: Any) -> list[Any]:
    out = []
    for node in row:
        if node.tag == qn("w:tc"):
            out.append(node)
        elif node.tag == qn("w:sdt"):
            out += [n for n in node.iter(qn("w:tc")) if next(n.iterancestors(qn("w:tr"))) is row]
    return out


def _widths(node: Any, columns: int) -> list[str]:
    grid = node.find(qn("w:tblGrid"))
    widths = [twips(c.get(qn("w:w"))) for c in grid.iterfind(qn("w:gridCol"))] if grid is not None else []
    widths = [w for w in widths if w > 0][:columns]
    if len(widths) != columns:
        return ["1fr"] * columns
    return [typeset.points(w) for w in widths]


def _heights(rows: list[Any]) -> list[str]:
    out = []
    for row in rows:
        height = row.find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
        exact = height is not None and height.get(qn("w:hRule")) == "exact"
        out.append(typeset.points(twips(height.get(qn("w:val")))) if exact else "auto")
    return out


def _design(writer: BlockWriter, node: Any) -> _Design:
    own = node.find(qn("w:tblPr"))
    style = own.find(qn("w:tblStyle")) if own is not None else None
    chain = writer.job.styles.chain(style.get(qn("w:val"))) if style is not None else []
    borders: dict[str, Border] = {}
    margins = {"left": 5.4, "right": 5.4, "top": 0.0, "bottom": 0.0}
    conditions: dict[str, tuple[Raw, Raw, str]] = {"whole": ({}, {}, "")}
    for level in chain:
        _read_table(level.find(qn("w:tblPr")), borders, margins)
        run, paragraph, fill = conditions["whole"]
        conditions["whole"] = (
            run | read_run(level.find(qn("w:rPr"))),
            paragraph | read_paragraph(level.find(qn("w:pPr"))),
            _fill(level.find(qn("w:tcPr"))) or fill,
        )
        for part in level.iterfind(qn("w:tblStylePr")):
            conditions[part.get(qn("w:type"))] = (
                read_run(part.find(qn("w:rPr"))),
                read_paragraph(part.find(qn("w:pPr"))),
                _fill(part.find(qn("w:tcPr"))),
            )
            if part.find(f"{qn('w:tcPr')}/{qn('w:tcBorders')}") is not None:
                writer.job.log.approximated("表格样式的条件边框 / conditional table borders", "表格 / table")
    _read_table(own, borders, margins)
    return _Design(borders, margins, conditions, _switches(own))


def _read_table(properties: Any, borders: dict[str, Border], margins: dict[str, float]) -> None:
    if properties is None:
        return
    frame = properties.find(qn("w:tblBorders"))
    for side in frame if frame is not None else ():
        borders[{"start": "left", "end": "right"}.get(_local(side), _local(side))] = border(side)
    cell = properties.find(qn("w:tblCellMar"))
    for side in cell if cell is not None else ():
        margins[{"start": "left", "end": "right"}.get(_local(side), _local(side))] = twips(side.get(qn("w:w")))


def _switches(properties: Any) -> frozenset[str]:
    look = properties.find(qn("w:tblLook")) if properties is not None else None
    if look is None:
        return frozenset()
    try:
        bits = int(look.get(qn("w:val")) or "0", 16)
    except ValueError:
        bits = 0
    names = {"firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100, "noHBand": 0x200}
    return frozenset(
        n for n, bit in names.items() if look.get(qn(f"w:{n}"), "1" if bits & bit else "0") in ("1", "true")
    )


def _conditions(design: _Design, cell: _Cell, rows: int, columns: int) -> list[str]:
    """Return the names of the conditional formats that apply, weakest first."""
    names = ["whole"]
    first = "firstRow" in design.look
    if "noHBand" not in design.look:
        names.append("band1Horz" if (cell.row - first) % 2 == 0 else "band2Horz")
    if "firstColumn" in design.look and cell.column == 0:
        names.append("firstCol")
    if "lastColumn" in design.look and cell.column + cell.span == columns:
        names.append("lastCol")
    if first and cell.row == 0:
        names.append("firstRow")
    if "lastRow" in design.look and cell.row + cell.rows == rows:
        names.append("lastRow")
    return [n for n in names if n in design.conditions]


def _cell(writer: BlockWriter, cell: _Cell, rows: list[Any], columns: int, design: _Design, flow: Flow) -> str:
    run: Raw = {}
    paragraph: Raw = {}
    fill = ""
    for name in _conditions(design, cell, len(rows), columns):
        run |= design.conditions[name][0]
        paragraph |= design.conditions[name][1]
        fill = design.conditions[name][2] or fill
    properties = cell.node.find(qn("w:tcPr"))
    fill = _fill(properties) or fill
    inner = replace(
        flow,
        depth=flow.depth + 1,
        can_break=False,
        table_run=run,
        table_paragraph=paragraph,
        writer=writer.flow(flow.part, "表格 / table").writer,
    )
    content = writer.blocks(cell.node, inner)
    vertical = properties.find(qn("w:vAlign")) if properties is not None else None
    align = _VERTICAL.get(vertical.get(qn("w:val")) if vertical is not None else "", "top")
    arguments = [f"x: {cell.column}, y: {cell.row}, colspan: {cell.span}, rowspan: {cell.rows}, align: left + {align}"]
    if fill:
        arguments.append(f"fill: {typeset.colour(fill)}")
    arguments.append(f"inset: ({_inset(writer, cell, rows, design, properties, inner)})")
    strokes = _strokes(cell, len(rows), columns, design, properties)
    if strokes:
        arguments.append(f"stroke: ({strokes})")
    if rows[cell.row].find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None:
        arguments.append("breakable: false")
    return f"table.cell({', '.join(arguments)})[{content}]"


def _inset(writer: BlockWriter, cell: _Cell, rows: list[Any], design: _Design, properties: Any, flow: Flow) -> str:
    """Cell margins, plus the half of the line spacing that Word keeps above the first and below the last line."""
    margins = dict(design.margins)
    own = properties.find(qn("w:tcMar")) if properties is not None else None
    for side in own if own is not None else ():
        margins[{"start": "left", "end": "right"}.get(_local(side), _local(side))] = twips(side.get(qn("w:w")))
    paragraphs = cell.node.findall(qn("w:p"))
    line = 0.0
    if paragraphs:
        first, base, _ = writer.looks(paragraphs[0], flow)
        last, last_base, _ = writer.looks(paragraphs[-1], flow)
        line = first.line(base.size, writer.job.grid_pitch)
        margins["top"] += max(line - base.size, 0.0) / 2 + first.before
        margins["bottom"] += (
            max(last.line(last_base.size, writer.job.grid_pitch) - last_base.size, 0.0) / 2 + last.after
        )
    height = rows[cell.row].find(f"{qn('w:trPr')}/{qn('w:trHeight')}")
    if height is not None and height.get(qn("w:hRule")) != "exact" and cell.rows == 1 and len(paragraphs) == 1:
        extra = twips(height.get(qn("w:val"))) - line - design.margins["top"] - design.margins["bottom"]
        margins["top"] += max(extra, 0.0) / 2
        margins["bottom"] += max(extra, 0.0) / 2
    return ", ".join(f"{side}: {typeset.points(margins[side])}" for side in _SIDES)


def _strokes(cell: _Cell, rows: int, columns: int, design: _Design, properties: Any) -> str:
    """A cell's own borders win over the table's; inner edges take the table's inside borders."""
    outer = {
        "top": cell.row == 0, "bottom": cell.row + cell.rows == rows,
        "left": cell.column == 0, "right": cell.column + cell.span == columns,
    }  # fmt: skip
    own = properties.find(qn("w:tcBorders")) if properties is not None else None
    parts = []
    for side in _SIDES:
        inside = "insideH" if side in {"top", "bottom"} else "insideV"
        found = design.borders.get(side if outer[side] else inside, (0.0, ""))
        for name in _ALIASES[side]:
            node = own.find(qn(f"w:{name}")) if own is not None else None
            found = border(node) if node is not None else found
        if found[0] > 0:
            parts.append(f"{side}: {typeset.points(found[0])} + {typeset.colour(found[1] or '000000')}")
    return ", ".join(parts)


def _fill(properties: Any) -> str:
    shading = properties.find(qn("w:shd")) if properties is not None else None
    return hex_colour(shading.get(qn("w:fill"))) if shading is not None else ""


def _local(node: Any) -> str:
    return str(node.tag).rsplit("}", 1)[-1]
