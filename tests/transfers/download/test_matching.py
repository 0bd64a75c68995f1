"""Which file an entry of the server's ZIP is, whatever the server calls it."""

from __future__ import annotations

import pytest

from xnat_tui.transfers.download.matching import EntryNames, is_hostile
from xnat_tui.transfers.items import Batch


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("S/scans/2-BOLD/resources/DICOM/files/a.dcm", ("22", "a.dcm")),
        ("S/scans/2/resources/DICOM/files/sub/a.dcm", ("22", "sub/a.dcm")),
        ("S/scans/2-MR1-BOLD/resources/DICOM/files/a.dcm", ("33", "a.dcm")),
        ("S/scans/2-edited-since/resources/DICOM/files/a.dcm", ("22", "a.dcm")),
        ("S/scans/2-B/resources/DICOM/files/x/resources/Y/files/a", ("22", "x/resources/Y/files/a")),
        ("S/scans/9-BOLD/resources/DICOM/files/a.dcm", None),
        ("S/scans/2-BOLD/resources/NIFTI/files/a.nii", None),
        ("../../etc/passwd", None),
    ],
)
def test_entries_of_several_scans(name: str, found: tuple[str, str] | None) -> None:
    batch = Batch("experiments/E", ("2", "2-MR1"), "DICOM", ("22", "33"), 0, 0)
    assert EntryNames.of_batch(batch).read(name) == found


def test_entries_of_a_single_resource_need_no_label() -> None:
    names = EntryNames.of_batch(Batch("experiments/E", (), "44", ("44",), 0, 0))
    assert names.read("S/resources/QC/files/a/b.csv") == ("44", "a/b.csv")


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:\\x", "a\\..\\x"])
def test_hostile_names_are_known(name: str) -> None:
    assert is_hostile(name)
    assert not is_hostile("S/scans/1/x")
