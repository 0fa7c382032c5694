"""Any foreign school table into clean columns and a fault report. See README.md."""

from xingtan.engines.tables.dryrun import dry_run
from xingtan.engines.tables.export import TemplateColumn, TemplateTexts, write_issues, write_template
from xingtan.engines.tables.guard import Guard, read_table_guarded
from xingtan.engines.tables.mapping import Mapping
from xingtan.engines.tables.mapping_file import import_key, load_mapping, parse_mapping
from xingtan.engines.tables.mapping_toml import dump_mapping
from xingtan.engines.tables.profile import ColumnProfile, Inspection, Role, inspect_table
from xingtan.engines.tables.reader import read_table
from xingtan.engines.tables.suggest import Draft, ElementSpec, Suggestion, suggest_mapping
from xingtan.engines.tables.types import (
    Issue,
    IssueCount,
    Limits,
    MappingError,
    Reason,
    Result,
    Severity,
    Table,
    TableError,
    UnitStatus,
)
from xingtan.engines.tables.values import escape_formula

__all__ = [
    "ColumnProfile",
    "Draft",
    "ElementSpec",
    "Guard",
    "Inspection",
    "Issue",
    "IssueCount",
    "Limits",
    "Mapping",
    "MappingError",
    "Reason",
    "Result",
    "Role",
    "Severity",
    "Suggestion",
    "Table",
    "TableError",
    "TemplateColumn",
    "TemplateTexts",
    "UnitStatus",
    "dry_run",
    "dump_mapping",
    "escape_formula",
    "import_key",
    "inspect_table",
    "load_mapping",
    "parse_mapping",
    "read_table",
    "read_table_guarded",
    "suggest_mapping",
    "write_issues",
    "write_template",
]
