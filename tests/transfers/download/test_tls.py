"""Bulk bytes over TLS: the trust of the client counts for them too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.authority import Authority
from tests.transfers.download.bulk import on_disk
from tests.transfers.download.small_server import SESSION, file_row, packed, serving
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import CertificateError
from xnat_tui.services.downloads import DownloadService
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.line import Line

FOLDER = "S1/scans/1-T/resources/R/files"
ROWS = [file_row(f"{number}.dcm", 4) for number in range(5)]
ZIP = {
    f"{SESSION}/scans/1/resources/7/files": packed({f"{FOLDER}/{number}.dcm": b"good" for number in range(5)})
}


@pytest.mark.parametrize("trusts", ["ca_file", "anybody"])
def test_files_come_from_a_server_that_is_trusted(trusts: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with serving(ROWS, ZIP, tls=authority.server_context()) as url:
        options = {"ca_file": authority.ca_file} if trusts == "ca_file" else {"verify": False}
        with XNATClient(url, "admin", "admin", **options) as client:
            assert DownloadService(client).download_session("E1", tmp_path / "out").success
    assert len(on_disk(tmp_path / "out")) == 5


def test_nothing_is_asked_of_a_server_that_is_not_trusted(tmp_path: Path) -> None:
    with serving(ROWS, ZIP, tls=Authority(tmp_path).server_context()) as url:
        client = XNATClient(url)
        line = Line(client.access, Flow())
        with pytest.raises(CertificateError, match="not trusted"), line.get("/data/x"):
            pass
        client.close()
