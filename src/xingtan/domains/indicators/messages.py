"""What the table engine says, in the language of the reader.

The engine gives codes with parameters and an English text; the same texts stand here marked for translation. A test
compares the two, so a text changed there cannot be forgotten here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xingtan.engines.tables import MappingError, TableError

TABLE_ERRORS: Final[dict[str, Promise]] = {
    "file_empty": _("The file is empty."),
    "file_missing": _("The file cannot be opened: {detail}."),
    "file_too_large": _("The file has {size} bytes; at most {limit} are accepted. Split it."),
    "format_unknown": _("This is {found}, not a table. Save it as .xlsx or .csv and try again."),
    "format_xlsb": _("Binary workbooks (.xlsb) are not read. Save it as .xlsx and try again."),
    "format_ods": _("OpenDocument sheets (.ods) are not read. Save it as .xlsx and try again."),
    "format_html": _(
        "This is a web page with the name of a spreadsheet. Open it in Excel or WPS and save it as "
        ".xlsx."
    ),
    "format_xml_sheet": _("This is an XML spreadsheet (2003). Open it in Excel or WPS and save it as .xlsx."),
    "encrypted": _("The workbook is protected by a password. Save it without a password and try again."),
    "archive_broken": _("The workbook is damaged or cut off: {detail}. Export it again."),
    "archive_members": _("The workbook holds {count} parts; at most {limit} are accepted."),
    "archive_name": _("The workbook holds a part with a forbidden name: {name}."),
    "archive_nested": _("The workbook holds another archive: {name}."),
    "archive_size": _("The workbook unpacks to more than {limit} bytes. Split it."),
    "archive_ratio": _(
        "Part {name} of the workbook unpacks to more than {limit} times its size, as attacks do."
    ),
    "archive_lies": _("Part {name} does not hold the {declared} bytes it declares: it is damaged or forged."),
    "xml_dtd": _(
        "Part {name} of the workbook holds a document type or entity declaration, which no "
        "spreadsheet needs."
    ),
    "xml_encoding": _("Part {name} of the workbook is not UTF-8."),
    "rows_limit": _("The sheet has more than {limit} rows. Split it, or clear the empty rows at the end."),
    "columns_limit": _("The sheet has more than {limit} columns. Clear the empty columns at the right."),
    "cells_limit": _(
        "The sheet spans {cells} cells, more than {limit}. Split it, or clear far-off stray cells."
    ),
    "cell_text_limit": _("A cell in row {row} holds more than {limit} characters."),
    "text_limit": _("The sheet holds more than {limit} bytes of text."),
    "parse_failed": _("The workbook cannot be read: {detail}. Open it in Excel or WPS and save it as .xlsx."),
    "sheet_missing": _("There is no sheet “{sheet}”. The file has: {sheets}."),
    "sheet_none": _("The workbook has no worksheet."),
    "sheet_empty": _("The sheet “{sheet}” has no data."),
    "header_missing": _("Header row {row} lies beyond the data, which ends in row {last}."),
    "encoding_unknown": _(
        "The text encoding is not known (byte {byte}, row {row}). Save as CSV UTF-8, or name it."
    ),
    "encoding_mixed": _(
        "The file mixes UTF-8 and GB18030: see byte {byte}, row {row}. Save it anew as CSV UTF-8."
    ),
    "encoding_broken": _("The bytes at position {byte} (row {row}) are not valid {encoding}."),
    "encoding_name": _("“{encoding}” is not a text encoding known here."),
    "nul_byte": _("There is a NUL at byte {byte} (row {row}): the file is binary or damaged."),
    "control_bytes": _(
        "The file holds control characters (first at byte {byte}, row {row}): it is not a text table."
    ),
    "csv_quotes": _("A quotation mark that opens in or after row {row} is not closed properly: {detail}."),
    "csv_ragged": _("Row {row} has {found} cells, but the header has {expected}: columns may have shifted."),
    "guard_memory": _("Reading the file needed more than {limit} bytes of memory and was stopped."),
    "guard_cpu": _("Reading the file took more than {limit} seconds of computing and was stopped."),
    "guard_timeout": _("Reading the file took longer than {limit} seconds and was stopped."),
    "guard_crash": _(
        "Reading the file stopped the reader unexpectedly (exit {status}). The file is damaged or "
        "hostile."
    ),
}  # fmt: skip

ISSUES: Final[dict[str, Promise]] = {
    "macros_ignored": _("The workbook holds macros; they were neither run nor read."),
    "encoding_guessed": _("The text was read as {encoding}."),
    "row_short": _("The row has {found} of {expected} cells; the rest counts as blank."),
    "guard_partial": _("This system limits only the time of reading, not memory."),
    "sheet_chosen": _("The file has {count} sheets; “{sheet}” was read."),
    "column_missing": _("The mapping names column “{wanted}”, which the file does not have."),
    "column_ambiguous": _(
        "The mapping names column “{wanted}”, which occurs {count} times; name its letter: #{letter}."
    ),
    "no_units": _("No row is left to import."),
    "code_blank": _("The organisation code is blank."),
    "code_duplicate": _("Code {code} occurs in {count} rows, first in row {first}."),
    "code_precision": _("Excel has rounded this number of more than 15 digits. Format the column as text."),
    "code_malformed": _("The code does not have the form {pattern}."),
    "unit_unknown": _("No organisation has the code {code}."),
    "name_blank": _("The name is blank."),
    "name_duplicate_near": _("Row {other} has the same name, {metres} m away: perhaps the same place twice."),
    "name_duplicate": _("Row {other} has the same name under the same parent."),
    "parent_blank": _("The {level} above this organisation is blank."),
    "parent_conflict": _("{level} {code} is called “{name}” here but “{other}” in row {first}."),
    "status_not_listed": _("Status “{found}” is not in the mapping's list."),
    "locale_not_listed": _("Urban/rural class “{found}” is not in the mapping's list."),
    "stage_not_listed": _("Stage “{found}” is not in the mapping's list."),
    "period_blank": _("The period is blank."),
    "coordinate_missing": _("The {axis} is missing."),
    "coordinate_lost_decimal": _(
        "The {axis} is outside the area; with its decimal point restored it is {proposal}."
    ),
    "coordinate_repaired": _("The {axis} was repaired to {proposal}, as the mapping asks."),
    "coordinate_outside": _("The {axis} lies outside {low}…{high}."),
    "coordinate_not_number": _("The {axis} is not a number."),
    "sentinel": _(
        "The value is the code “{sentinel}” for a missing answer; it is read as {reason}, never added "
        "up."
    ),
    "sentinel_suspected": _(
        "{found} occurs {count} times, far from all others (up to {maximum}): a missing answer?"
    ),
    "not_a_number": _("A number is expected."),
    "not_whole": _("A whole number is expected."),
    "below_minimum": _("The value is below {minimum}."),
    "above_maximum": _("The value is above {maximum}."),
    "not_in_list": _("The value is not in the list of codes ({allowed})."),
    "required_blank": _("The value is required but blank."),
    "cell_error": _("The cell holds an Excel error."),
    "formula_like": _("The text begins like a formula. It was kept as text and is escaped on export."),
    "number_as_text": _("The number is stored as text; it was read as {number}."),
    "rule_broken": _("Rule “{rule}”: {text}"),
    "total_row_skipped": _("The row is a total (“{label}”) and was left out."),
}  # fmt: skip

PROGRESS: Final[dict[str, Promise]] = {
    "reading": _("Reading the file"),
    "units": _("Checking the organisations"),
    "coordinates": _("Checking the coordinates"),
    "elements": _("Checking the values"),
    "rules": _("Checking the rules"),
    "done": _("Finished"),
}  # fmt: skip

MAPPING_PROBLEMS: Final[tuple[Promise, ...]] = (
    _("more than {limit} bytes"),
    _("not UTF-8 at byte {byte}"),
    _("not TOML: {detail}"),
    _("{version} is not supported; this release reads {known}"),
    _("“{code}” is already {place}"),
    _("there is no element “{name}”"),
    _("rows count from 1, first before last"),
    _("a number of rows or [first, last] is expected"),
    _("“.” or “,” is expected"),
    _("one character other than a quotation mark is expected"),
    _("either a value or a column, not both"),
    _("not a regular expression: {detail}"),
    _("a code stands in two lists"),
    _("a column for the code, the name or both is needed"),
    _("south < north within ±90 and west < east within ±180 are expected"),
    _("exactly one of “in” and “not_in” is expected"),
    _("“{code}”: ASCII letters, digits, “_”, “.” and “-” are allowed"),
    _("a number or a reason is expected"),
    _("is above max"),
    _("must not be 0"),
    _("there is no such message"),
    _("unknown key; known here: {known}"),
    _("a text is expected"),
    _("is missing"),
    _("must not be empty"),
    _("must not hold control characters"),
    _("a list is expected"),
    _("true or false is expected"),
    _("a whole number is expected"),
    _("a number is expected"),
    _("one of {options} is expected"),
    _("a table is expected"),
    _("[[{path}]] tables are expected"),
)

# Parameters that are words of the engine, not of the file.
WORDS: Final[dict[str, dict[str, Promise]]] = {
    "axis": {"latitude": _("latitude"), "longitude": _("longitude")},
    "reason": {
        "not_applicable": _("not applicable"), "unknown": _("unknown"), "not_reported": _("not reported"),
        "suppressed": _("suppressed"),
    },
    "level": {"county": _("county"), "city": _("city")},
}  # fmt: skip

SEVERITIES: Final[dict[str, Promise]] = {"error": _("Error"), "warning": _("Warning"), "info": _("Hint")}
KINDS: Final[dict[str, Promise]] = {
    "column_missing": _("Column missing"),
    "column_ambiguous": _("Column occurs twice"),
    "no_units": _("No school in the table"),
    "code_blank": _("School code blank"),
    "code_duplicate": _("School code twice"),
    "code_precision": _("School code rounded by Excel"),
    "code_malformed": _("School code malformed"),
    "unit_unknown": _("School not in the directory"),
    "name_blank": _("Name blank"),
    "name_duplicate_near": _("Same name close by"),
    "name_duplicate": _("Same name"),
    "parent_blank": _("County blank"),
    "parent_conflict": _("County named differently"),
    "status_not_listed": _("Status not in the list"),
    "locale_not_listed": _("Urban/rural class not in the list"),
    "stage_not_listed": _("Stage not in the list"),
    "period_blank": _("Period blank"),
    "coordinate_missing": _("Position missing"),
    "coordinate_lost_decimal": _("Position without its decimal point"),
    "coordinate_repaired": _("Position repaired"),
    "coordinate_outside": _("Position outside of the area"),
    "coordinate_not_number": _("Position not a number"),
    "sentinel": _("Code for a missing answer"),
    "sentinel_suspected": _("Perhaps a code for a missing answer"),
    "not_a_number": _("Not a number"),
    "not_whole": _("Not a whole number"),
    "below_minimum": _("Below the minimum"),
    "above_maximum": _("Above the maximum"),
    "not_in_list": _("Not in the list of codes"),
    "required_blank": _("Required but blank"),
    "cell_error": _("Excel error"),
    "formula_like": _("Looks like a formula"),
    "number_as_text": _("Number stored as text"),
    "rule_broken": _("Rule broken"),
    "total_row_skipped": _("Total row left out"),
    "macros_ignored": _("Macros ignored"),
    "encoding_guessed": _("Encoding guessed"),
    "row_short": _("Row too short"),
    "guard_partial": _("Partly guarded"),
    "sheet_chosen": _("Sheet chosen"),
}


def text_of(code: str, params: Mapping[str, object]) -> str:
    """The sentence of an error, issue or progress code; unknown codes are a programming error (KeyError)."""
    template = TABLE_ERRORS.get(code) or ISSUES.get(code) or PROGRESS[code]
    words = {key: WORDS.get(key, {}).get(str(value), value) for key, value in params.items()}
    return str(template).format(**words)


def name_of(code: str) -> str:
    """The name of a kind of issue or of a severity."""
    return str(KINDS.get(code) or SEVERITIES[code])


def table_error(error: TableError) -> str:
    """What is wrong with a file, and what to do."""
    return text_of(error.reason, error.params)


LONGEST_PROBLEM = 600


def mapping_error(error: MappingError) -> str:
    """Which key of a mapping is wrong, and why."""
    return gettext("Mapping, %(key)s: %(problem)s") % {"key": error.key, "problem": _problem(error.problem)}


def _problem(problem: str) -> str:
    if len(problem) > LONGEST_PROBLEM:  # it quotes the file, which may hold anything
        return problem[:LONGEST_PROBLEM] + "…"
    for pattern, template in _patterns():
        found = pattern.fullmatch(problem)
        if found:
            return str(template).format(**found.groupdict())
    return problem


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Promise], ...]:
    from django.utils.translation import override

    with override("en"):  # the untranslated source strings
        sources = [str(template) for template in MAPPING_PROBLEMS]
    return tuple(
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(source)), re.DOTALL), template)
        for source, template in zip(sources, MAPPING_PROBLEMS, strict=True)
    )
