"""What the tests of the command line share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def tiny_data(tiny_seed: Path, tmp_path: Path) -> Path:
    """A data folder of `xnat-tui demo` that is filled already, with the tiny sample data."""
    folder = tmp_path / "data"
    shutil.copytree(tiny_seed, folder / "archive")
    return folder
