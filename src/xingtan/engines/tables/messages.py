"""Every text the engine can produce, by code: English templates a caller may translate.

Templates use ``str.format`` fields named as in the ``params`` of the error, notice or issue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TABLE_ERRORS: Final[dict[str, str]] = {
    "file_empty": "The file is empty.",
    "file_missing": "The file cannot be opened: {detail}.",
    "file_too_large": "The file has {size} bytes; at most {limit} are accepted. Split it.",
    "format_unknown": "This is {found}, not a table. Save it as .xlsx or .csv and try again.",
    "format_xlsb": "Binary workbooks (.xlsb) are not read. Save it as .xlsx and try again.",
    "format_ods": "OpenDocument sheets (.ods) are not read. Save it as .xlsx and try again.",
    "format_html": "This is a web page with the name of a spreadsheet. Open it in Excel or WPS and save it as .xlsx.",
    "format_xml_sheet": "This is an XML spreadsheet (2003). Open it in Excel or WPS and save it as .xlsx.",
    "encrypted": "The workbook is protected by a password. Save it without a password and try again.",
    "archive_broken": "The workbook is damaged or cut off: {detail}. Export it again.",
    "archive_members": "The workbook holds {count} parts; at most {limit} are accepted.",
    "archive_name": "The workbook holds a part with a forbidden name: {name}.",
    "archive_nested": "The workbook holds another archive: {name}.",
    "archive_size": "The workbook unpacks to more than {limit} bytes. Split it.",
    "archive_ratio": "Part {name} of the workbook unpacks to more than {limit} times its size, as attacks do.",
    "archive_lies": "Part {name} does not hold the {declared} bytes it declares: it is damaged or forged.",
    "xml_dtd": "Part {name} of the workbook holds a document type or entity declaration, which no spreadsheet needs.",
    "xml_encoding": "Part {name} of the workbook is not UTF-8.",
    "rows_limit": "The sheet has more than {limit} rows. Split it, or clear the empty rows at the end.",
    "columns_limit": "The sheet has more than {limit} columns. Clear the empty columns at the right.",
    "cells_limit": "The sheet spans {cells} cells, more than {limit}. Split it, or clear far-off stray cells.",
    "cell_text_limit": "A cell in row {row} holds more than {limit} characters.",
    "text_limit": "The sheet holds more than {limit} bytes of text.",
    "parse_failed": "The workbook cannot be read: {detail}. Open it in Excel or WPS and save it as .xlsx.",
    "sheet_missing": "There is no sheet “{sheet}”. The file has: {sheets}.",
    "sheet_none": "The workbook has no worksheet.",
    "sheet_empty": "The sheet “{sheet}” has no data.",
    "header_missing": "Header row {row} lies beyond the data, which ends in row {last}.",
    "encoding_unknown": "The text encoding is not known (byte {byte}, row {row}). Save as CSV UTF-8, or name it.",
    "encoding_mixed": "The file mixes UTF-8 and GB18030: see byte {byte}, row {row}. Save it anew as CSV UTF-8.",
    "encoding_broken": "The bytes at position {byte} (row {row}) are not valid {encoding}.",
    "encoding_name": "“{encoding}” is not a text encoding known here.",
    "nul_byte": "There is a NUL at byte {byte} (row {row}): the file is binary or damaged.",
    "control_bytes": "The file holds control characters (first at byte {byte}, row {row}): it is not a text table.",
    "csv_quotes": "A quotation mark that opens in or after row {row} is not closed properly: {detail}.",
    "csv_ragged": "Row {row} has {found} cells, but the header has {expected}: columns may have shifted.",
    "guard_memory": "Reading the file needed more than {limit} bytes of memory and was stopped.",
    "guard_cpu": "Reading the file took more than {limit} seconds of computing and was stopped.",
    "guard_timeout": "Reading the file took longer than {limit} seconds and was stopped.",
    "guard_crash": "Reading the file stopped the reader unexpectedly (exit {status}). The file is damaged or hostile.",
}

NOTICES: Final[dict[str, str]] = {
    "macros_ignored": "The workbook holds macros; they were neither run nor read.",
    "encoding_guessed": "The text was read as {encoding}.",
    "row_short": "The row has {found} of {expected} cells; the rest counts as blank.",
    "guard_partial": "This system limits only the time of reading, not memory.",
    "sheet_chosen": "The file has {count} sheets; “{sheet}” was read.",
}

ISSUES: Final[dict[str, str]] = {
    **NOTICES,
    "column_missing": "The mapping names column “{wanted}”, which the file does not have.",
    "column_ambiguous": "The mapping names column “{wanted}”, which occurs {count} times; name its letter: #{letter}.",
    "no_units": "No row is left to import.",
    "code_blank": "The organisation code is blank.",
    "code_duplicate": "Code {code} occurs in {count} rows, first in row {first}.",
    "code_precision": "Excel has rounded this number of more than 15 digits. Format the column as text.",
    "code_malformed": "The code does not have the form {pattern}.",
    "unit_unknown": "No organisation has the code {code}.",
    "name_blank": "The name is blank.",
    "name_duplicate_near": "Row {other} has the same name, {metres} m away: perhaps the same place twice.",
    "name_duplicate": "Row {other} has the same name under the same parent.",
    "parent_blank": "The {level} above this organisation is blank.",
    "parent_conflict": "{level} {code} is called “{name}” here but “{other}” in row {first}.",
    "status_not_listed": "Status “{found}” is not in the mapping's list.",
    "locale_not_listed": "Urban/rural class “{found}” is not in the mapping's list.",
    "stage_not_listed": "Stage “{found}” is not in the mapping's list.",
    "period_blank": "The period is blank.",
    "coordinate_missing": "The {axis} is missing.",
    "coordinate_lost_decimal": "The {axis} is outside the area; with its decimal point restored it is {proposal}.",
    "coordinate_repaired": "The {axis} was repaired to {proposal}, as the mapping asks.",
    "coordinate_outside": "The {axis} lies outside {low}…{high}.",
    "coordinate_not_number": "The {axis} is not a number.",
    "sentinel": "The value is the code “{sentinel}” for a missing answer; it is read as {reason}, never added up.",
    "sentinel_suspected": "{found} occurs {count} times, far from all others (up to {maximum}): a missing answer?",
    "not_a_number": "A number is expected.",
    "not_whole": "A whole number is expected.",
    "below_minimum": "The value is below {minimum}.",
    "above_maximum": "The value is above {maximum}.",
    "not_in_list": "The value is not in the list of codes ({allowed}).",
    "required_blank": "The value is required but blank.",
    "cell_error": "The cell holds an Excel error.",
    "formula_like": "The text begins like a formula. It was kept as text and is escaped on export.",
    "number_as_text": "The number is stored as text; it was read as {number}.",
    "rule_broken": "Rule “{rule}”: {text}",
    "total_row_skipped": "The row is a total (“{label}”) and was left out.",
}

PROGRESS: Final[dict[str, str]] = {
    "reading": "Reading the file",
    "units": "Checking the organisations",
    "coordinates": "Checking the coordinates",
    "elements": "Checking the values",
    "rules": "Checking the rules",
    "done": "Finished",
}

MESSAGES: Final[dict[str, str]] = {**TABLE_ERRORS, **ISSUES, **PROGRESS}


def english(code: str, params: Mapping[str, str | int | float]) -> str:
    """The English text of a code. An unknown code or missing parameter is a programming error (KeyError)."""
    return MESSAGES[code].format(**params)
