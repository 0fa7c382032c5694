"""`xingtan import` from the shell."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

TABLE = "code,name,county,rooms\nS1,one,C1,4\nS2,two,C2,5\nS3,three,C2,\n"
MAPPING = """
version = 1
name = "shell"
[unit]
code = "code"
name = "name"
[[unit.parent]]
level = "county"
code = "county"
[[element]]
code = "rooms"
column = "rooms"
kind = "integer"
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    table, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
    table.write_text(TABLE)
    mapping.write_text(MAPPING)
    return str(table), str(mapping)


def run(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("xingtan_import", *words, "--language", "en", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def stored() -> tuple[int, ...]:
    from django.apps import apps

    models = (
        "indicators.Batch",
        "directory.OrgUnit",
        "files.StoredFile",
        "indicators.Period",
        "indicators.DataElement",
    )
    return tuple(apps.get_model(model)._base_manager.count() for model in models)


def first_city(*files: str) -> tuple[str, ...]:
    return (files[0], "--mapping", files[1], "--period", "2025", "--org", "Z", "--org-name", "Cloud city")


@pytest.mark.django_db
def test_an_empty_installation(files: tuple[str, str]) -> None:
    words = first_city(*files)
    with pytest.raises(CommandError, match="--org-name"):
        run(*words[:5])
    out, err = run(*words, "--dry-run")
    assert "would bring 2 values, 5 new organisations" in out
    assert "Checking the values" in err
    assert stored() == (0, 0, 0, 0, 0)
    out, _ = run(*words)
    assert "Imported: 2 values, 5 new organisations, 0 changed" in out
    assert "Figures not computed" in out
    before = stored()
    assert before == (1, 6, 1, 1, 1)
    out, _ = run(*words[:5])
    assert "nothing changed" in out
    assert stored() == before


@pytest.mark.django_db
def test_json_is_the_whole_report(files: tuple[str, str]) -> None:
    out, _ = run(*first_city(*files), "--json", "--no-compute")
    report: dict[str, Any] = json.loads(out)
    assert report["ok"]
    assert report["rows"] == 3
    assert report["applied"]["cells"] == 2
    assert report["applied"]["units_created"] == 5
    assert report["run_id"] is None


@pytest.mark.django_db
def test_errors_stop_it_and_are_told(files: tuple[str, str], tmp_path: Path) -> None:
    Path(files[0]).write_text(TABLE.replace("S2,two,C2,5", "S1,two,C2,many"))
    out, err = io.StringIO(), io.StringIO()
    issues = tmp_path / "issues.xlsx"
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command(
            "xingtan_import", *first_city(*files), "--language", "en", "--issues", str(issues), stdout=out, stderr=err
        )
    assert "School code twice" in out.getvalue()
    assert "Not a number" in out.getvalue()
    assert stored() == (0, 0, 0, 0, 0), "not even the city is made"
    sheet = load_workbook(issues).worksheets[0]
    assert {row[2].value for row in sheet.iter_rows(min_row=2)} == {3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"file": "no-such.csv"}, "cannot be opened"),
        ({"mapping": "no-such.toml"}, "cannot be opened"),
        ({"mapping_text": "version = 9"}, "version"),
        ({"period": "abcd"}, "abcd"),
        ({"org": "elsewhere", "name": ""}, "elsewhere"),
        ({"file_bytes": b"%PDF-1.4"}, "PDF"),
    ],
)
def test_clear_texts(files: tuple[str, str], change: dict[str, Any], message: str) -> None:
    if "mapping_text" in change:
        Path(files[1]).write_text(change["mapping_text"])
    if "file_bytes" in change:
        Path(files[0]).write_bytes(change["file_bytes"])
    words = [change.get("file", files[0]), "--mapping", change.get("mapping", files[1])]
    words += ["--period", change.get("period", "2025"), "--org", change.get("org", "Z")]
    words += ["--org-name", change.get("name", "city")]
    with pytest.raises(CommandError, match=message):
        run(*words)
    assert stored()[:3] == (0, 0, 0)


def test_the_console_command_is_this_one() -> None:
    """`xingtan import` hands over to the management command of this name."""
    from django.core.management import get_commands

    from xingtan.config.cli import COMMANDS

    assert "import" in COMMANDS
    assert get_commands()["xingtan_import"] == "xingtan.domains.indicators"
