"""The data folder of `xnat-tui demo`: which folders it takes, and what is said of the others."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from xnat_tui.demo.folder import DemoFolder, FolderError
from xnat_tui.demo.foreground import ServeOptions, serve


def test_a_folder_is_made_when_it_is_missing(tmp_path: Path) -> None:
    DemoFolder(tmp_path / "new" / "data").check()
    assert list((tmp_path / "new" / "data").iterdir()) == []


def test_what_a_file_browser_leaves_is_nothing_strange(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").touch()
    DemoFolder(tmp_path).check()


def test_other_things_are_named(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(FolderError, match=r"holds other things \(thesis\.tex\).*--data"):
        DemoFolder(tmp_path).check()


def test_a_folder_that_cannot_be_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match=r"cannot hold the data \(Not a directory\).*--data"):
        DemoFolder(tmp_path / "file" / "data").check()


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_refused_with_a_reason(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderError, match=r"cannot hold the data \(Permission denied\).*--data"):
        DemoFolder(tmp_path).check()


def test_a_port_in_use_is_said_before_the_sample_data_are_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        options = ServeOptions(tmp_path / "data", port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            serve(options, lambda _: None)
    assert not DemoFolder(tmp_path / "data").filled
    assert not (tmp_path / "data" / "archive.part").exists()
