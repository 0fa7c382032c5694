"""Indicators of education: an expression language over data elements, definitions, and aggregation. See README.md."""

from __future__ import annotations

from xingtan.engines.indicators.aggregate import composite_cv, weighted_cv
from xingtan.engines.indicators.columns import Column, Grouping, UnitTable
from xingtan.engines.indicators.compiler import Expression, compile_expression
from xingtan.engines.indicators.definitions import (
    STAGES,
    Definition,
    Direction,
    GradeRule,
    Kind,
    Role,
    Text,
    Threshold,
    select_valid,
)
from xingtan.engines.indicators.errors import (
    MESSAGES,
    DefinitionError,
    ExpressionError,
    IndicatorError,
    TableError,
)
from xingtan.engines.indicators.explaining import Cell, Explanation, explain
from xingtan.engines.indicators.loading import definition_from_dict, load_definitions, load_elements
from xingtan.engines.indicators.numbers import round_half_up
from xingtan.engines.indicators.planning import Plan, compile_definition, compute, plan
from xingtan.engines.indicators.reasons import Reason
from xingtan.engines.indicators.results import Block, Results
from xingtan.engines.indicators.schema import ATTRIBUTES, STAGES_OF_KIND, Element, ElementKind, Schema
from xingtan.engines.indicators.syntax import Type
from xingtan.engines.indicators.units import AREA_SLICES, STAGE_SLICES
from xingtan.engines.indicators.verdicts import Verdict, judge

__all__ = [
    "AREA_SLICES",
    "ATTRIBUTES",
    "MESSAGES",
    "STAGES",
    "STAGES_OF_KIND",
    "STAGE_SLICES",
    "Block",
    "Cell",
    "Column",
    "Definition",
    "DefinitionError",
    "Direction",
    "Element",
    "ElementKind",
    "Explanation",
    "Expression",
    "ExpressionError",
    "GradeRule",
    "Grouping",
    "IndicatorError",
    "Kind",
    "Plan",
    "Reason",
    "Results",
    "Role",
    "Schema",
    "TableError",
    "Text",
    "Threshold",
    "Type",
    "UnitTable",
    "Verdict",
    "compile_definition",
    "compile_expression",
    "composite_cv",
    "compute",
    "definition_from_dict",
    "explain",
    "judge",
    "load_definitions",
    "load_elements",
    "plan",
    "round_half_up",
    "select_valid",
    "weighted_cv",
]
