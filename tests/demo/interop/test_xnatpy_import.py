"""xnatpy's import service and prearchive, unchanged, against the demo server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.demo.incoming import series_files, zipped
from xnat_tui.demo.archive import Owner
from xnat_tui.demo.serve import DemoServer

if TYPE_CHECKING:
    from .conftest import ForeignClient

pytestmark = pytest.mark.interop

SCRIPT = "xnatpy_errands.py"


def test_imports_a_zip_into_the_archive(xnatpy: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    (tmp_path / "series.zip").write_bytes(zipped(series_files(3)))
    seen = xnatpy.errand(SCRIPT, "import_zip", "BRAINS", "IMP_MR1", str(tmp_path / "series.zip"))
    assert seen == ["MrSessionData", "IMP_MR1", "1"]
    session = demo.archive.find_experiment("BRAINS", "IMP_MR1")
    assert session
    (resource,) = demo.archive.resources(Owner.scan(session.id, "1"))
    assert (resource.label, resource.file_count) == ("DICOM", 3)


def test_imports_a_folder_and_archives_it(xnatpy: ForeignClient, demo: DemoServer, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in series_files(2).items():
        (folder / name).write_bytes(content)
    demo.archive.update_project("BRAINS", {"prearchive_code": 0})  # else the answer is a redirection
    seen = xnatpy.errand(SCRIPT, "import_waiting", "BRAINS", "IMP_MR2", str(folder))
    assert seen == ["READY", "IMP", "IMP_MR2", "1", "in_s1_1.dcm", "in_s1_2.dcm", "IMP_MR2"]
    assert demo.archive.find_experiment("BRAINS", "IMP_MR2")
