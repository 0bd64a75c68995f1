"""The bars of scripts count bytes of files, whatever else goes over the wire."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.transfers.dicom.samples import write_slices
from xnat_tui.core.client import XNATClient
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.summary import DownloadProgress
from xnat_tui.models.upload import UploadProgress
from xnat_tui.services.bars import download_bar, upload_bar
from xnat_tui.services.downloads import DownloadService
from xnat_tui.services.uploads import UploadService

_BYTES = re.compile(r"([\d.]+)/([\d.]+) (?:bytes|kB)")


Capture = pytest.CaptureFixture[str]


def _shown(capsys: Capture) -> tuple[str, str]:
    """Return the bytes done and the bytes wanted, as the bar showed them last."""
    done, total = _BYTES.findall(capsys.readouterr().out)[-1]
    return done, total


def test_a_download_ends_with_the_bytes_of_its_files(
    demo: DemoServer, client: XNATClient, tmp_path: Path, capsys: Capture
) -> None:
    service = DownloadService(client)
    service.download_session("SUB-001_MR1", tmp_path, "BRAINS", show_progress=True)

    done, total = _shown(capsys)
    assert done == total


def test_an_upload_ends_with_the_bytes_of_its_files(
    demo: DemoServer, client: XNATClient, tmp_path: Path, capsys: Capture
) -> None:
    write_slices(tmp_path / "source", 6)
    service = UploadService(client)
    service.upload_dicom("BRAINS", "SUB-019", "SUB-019_MR1", tmp_path / "source", show_progress=True)

    done, total = _shown(capsys)
    assert done == total


def test_a_bar_is_never_more_than_full(capsys: Capture) -> None:
    with download_bar("session") as show:
        show(DownloadProgress("downloading", bytes_received=1200, total_bytes=900))
    assert _shown(capsys) == ("900", "900")

    with upload_bar("session") as show_upload:
        show_upload(UploadProgress("uploading", bytes_sent=1200, total_bytes=800))
    assert _shown(capsys) == ("800", "800")
