"""The folder that a download fills: one job for one purpose at a time, and nothing unfinished left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from xnat_tui.core.exceptions import OperationError
from xnat_tui.transfers.download.destination import Destination
from xnat_tui.transfers.items import Item

ITEM = Item("7", "a.dcm", "experiments/E1/scans/1", 10, "", "S/a.dcm")


def test_the_same_is_not_downloaded_twice_at_the_same_time(tmp_path: Path) -> None:
    with Destination(tmp_path, "experiments/E1"):
        with pytest.raises(OperationError, match="at the moment"):
            Destination(tmp_path, "experiments/E1")
        Destination(tmp_path, "experiments/E2").close()
    Destination(tmp_path, "experiments/E1").close()


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OperationError, match="cannot be written"):
        Destination(tmp_path / "file" / "out", "x")


def test_only_what_can_be_gone_on_with_is_left(tmp_path: Path) -> None:
    destination = Destination(tmp_path, "x")
    kept, lost = destination.part(ITEM, keep=True), destination.part(ITEM, keep=False)
    kept.write_bytes(b"big")
    lost.write_bytes(b"small")
    destination.close()
    assert (kept.exists(), lost.exists()) == (True, False)


def test_nothing_is_left_when_all_is_done(tmp_path: Path) -> None:
    Destination(tmp_path, "x").close()
    assert list(tmp_path.iterdir()) == []


def test_another_version_of_a_file_is_not_gone_on_with(tmp_path: Path) -> None:
    with Destination(tmp_path, "x") as destination:
        other = Item("7", "a.dcm", "experiments/E1/scans/1", 11, "", "S/a.dcm")
        assert destination.part(ITEM, keep=True) != destination.part(other, keep=True)


def test_a_link_or_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"12")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "folder").mkdir()
    with Destination(tmp_path, "x") as destination:
        sizes = {name: destination.size_of(name) for name in ("real", "link", "folder", "none")}
    assert sizes == {"real": 2, "link": None, "folder": None, "none": None}
