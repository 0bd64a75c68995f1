"""Tables as files: everything the listing said, as it said it, and nothing overwritten by accident."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.unit.app.things import PROJECT, SESSION, SUBJECT, subject
from xnat_tui.app.dialogs.export import complete_folder
from xnat_tui.app.export import Format, default_name, export, records
from xnat_tui.core.exceptions import InvalidValueError

HOSTILE = 'a,"b"\nc\x1b ü \ud800 =1+1'


def test_csv_reads_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "subjects.csv"
    export(records([SUBJECT, subject(HOSTILE)]), file, Format.CSV)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["project_id"] == "BRAINS"
    assert (rows[0]["label"], rows[0]["gender"]) == ("SUB-001", "F")
    assert rows[1]["label"] == HOSTILE.replace("\ud800", "?")
    assert rows[1]["gender"] == ""


def test_json_keeps_xnats_names(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    export(records([SESSION]), file, Format.JSON)
    (row,) = json.loads(file.read_text(encoding="utf-8"))
    assert row["xsiType"] == "xnat:mrSessionData"
    assert (row["kind"], row["id"], row["subject_label"]) == ("session", "XNAT_E1", "SUB-001")


def test_nothing_is_replaced_without_consent(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("precious")
    with pytest.raises(InvalidValueError, match="exists already"):
        export(records([SUBJECT]), file, Format.CSV)
    assert file.read_text() == "precious"
    export(records([SUBJECT]), file, Format.CSV, replace=True)
    assert "SUB-001" in file.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"], "no draft is left"


@pytest.mark.parametrize("name", ["", "missing/x.csv", "n" * 300])
def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValueError, match=r"folder|cannot be written"):
        export(records([SUBJECT]), tmp_path / name, Format.CSV)
    assert not list(tmp_path.iterdir())


def test_others_may_read_it_as_the_user_wants_it(tmp_path: Path) -> None:
    export([], tmp_path / "x.json", Format.JSON)
    (tmp_path / "plain").touch()
    assert stat.S_IMODE((tmp_path / "x.json").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "plain").stat().st_mode
    )


def test_a_name_says_what_is_in_it() -> None:
    assert default_name([SUBJECT, subject("x")], Format.CSV) == "BRAINS_subjects.csv"
    assert default_name([SESSION], Format.JSON) == "SUB_001_sessions.json"
    assert default_name([PROJECT, SUBJECT], Format.CSV) == "things.csv"


def test_folders_are_completed(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "readme").touch()
    assert complete_folder(f"{tmp_path}/re") == f"{tmp_path}/results/"
    assert complete_folder(f"{tmp_path}/x") is None
    assert complete_folder("/no/such/place") is None
