"""What a download does when server, line or disk fail: all arrives, or the report says what did not."""

from __future__ import annotations

import errno
import os
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from tests.transfers.download import bulk
from tests.transfers.download.bulk import FILES, PROJECT, SESSION, ZIPS, on_disk
from tests.transfers.download.conftest import SIZE_BYTES
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import AuthenticationError, CancelledByUser, OperationError
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.services.downloads import DownloadService
from xnat_tui.transfers.download import landing
from xnat_tui.transfers.flow import Flow

ENTRY_BYTES = SIZE_BYTES + 200
"""A file in a ZIP with its headers."""


def download(service: DownloadService, root: Path, **options: object) -> DownloadSummary:
    return service.download_session(SESSION, root, project=PROJECT, **options)  # type: ignore[arg-type]


def paths_asked(client: XNATClient) -> list[str]:
    return [entry.path for entry in client.request_log.entries()]


@pytest.mark.parametrize("tenth", range(10))
def test_a_cut_zip_costs_no_more_than_the_entry_in_flight(
    tenth: int, empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    total = sum(map(len, content.values()))
    empty_demo.faults.add("cut", ZIPS, after_bytes=total * tenth // 10 + 1000)
    summary = download(service, tmp_path / "out", verify=True)
    assert (summary.verified, summary.errors) == (len(content), [])
    assert on_disk(tmp_path / "out") == content
    assert summary.bytes_received <= total + len(content) * 200 + ENTRY_BYTES + 2000


@pytest.mark.parametrize("status", [500, 503, 401])
def test_a_refusal_in_the_midst_is_overcome(
    status: int,
    empty_demo: DemoServer,
    service: DownloadService,
    content: dict[str, bytes],
    tmp_path: Path,
) -> None:
    empty_demo.faults.add("status", ZIPS, status=status)
    empty_demo.faults.add("status", FILES, status=status, skip=2)
    assert download(service, tmp_path / "out").success
    assert on_disk(tmp_path / "out") == content


def test_a_session_that_dies_is_renewed_once(
    empty_demo: DemoServer,
    client: XNATClient,
    service: DownloadService,
    content: dict[str, bytes],
    tmp_path: Path,
) -> None:
    empty_demo.faults.add("session", ZIPS)
    assert download(service, tmp_path / "out").success
    assert on_disk(tmp_path / "out") == content
    assert paths_asked(client).count("/data/JSESSION") == 2


def test_a_log_in_that_cannot_be_renewed_ends_the_download(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    empty_demo.faults.add("session", ZIPS)
    empty_demo.faults.add("status", "/data/JSESSION", method="*", status=401, times=None)
    with pytest.raises(AuthenticationError):
        download(service, tmp_path / "out")
    empty_demo.faults.clear()


def test_a_body_that_stalls_is_given_up_and_fetched_again(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    empty_demo.faults.add("stall", ZIPS, after_bytes=500_000, seconds=2)
    assert download(service, tmp_path / "out").success
    assert on_disk(tmp_path / "out") == content


def test_bytes_with_another_digest_are_never_verified(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    spoiled = sorted(content)[0]
    location = next(empty_demo.archive.files_root.rglob(Path(spoiled).name))
    location.write_bytes(b"\xff" + location.read_bytes()[1:])
    summary = download(service, tmp_path / "out", verify=True)
    assert [failure.path for failure in summary.failures] == [spoiled]
    assert "digest" in summary.failures[0].error
    assert summary.verified == len(content) - 1
    assert set(on_disk(tmp_path / "out")) == set(content) - {spoiled}


def test_a_file_of_another_length_fails_without_verify_too(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    shortened = sorted(content)[0]
    location = next(empty_demo.archive.files_root.rglob(Path(shortened).name))
    location.write_bytes(location.read_bytes()[1:])
    summary = download(service, tmp_path / "out")
    assert [failure.path for failure in summary.failures] == [shortened]
    assert shortened not in on_disk(tmp_path / "out")


def test_files_that_the_server_lost_are_reported_one_by_one(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    empty_demo.faults.add("status", ZIPS, status=404, times=None)
    empty_demo.faults.add("status", "*/000007.raw", status=404, times=None)
    summary = download(service, tmp_path / "out")
    assert [Path(failure.path).name for failure in summary.failures] == ["000007.raw"]
    assert len(on_disk(tmp_path / "out")) == len(content) - 1


def test_a_full_disk_is_one_clear_error_and_resumable(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [20]

    def write(file: int, data: memoryview) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(landing, "write_some", write)
        with pytest.raises(OperationError, match=r"No space left on device.*resume=True"):
            download(service, tmp_path / "out")
    arrived = on_disk(tmp_path / "out")
    assert arrived.items() <= content.items()
    assert arrived
    summary = download(service, tmp_path / "out", resume=True)
    assert (summary.skipped, summary.succeeded) == (len(arrived), len(content) - len(arrived))
    assert on_disk(tmp_path / "out") == content


def test_a_disk_without_room_is_told_before_the_first_byte(
    service: DownloadService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(OperationError, match="room for 1,000 only"):
        download(service, tmp_path / "out")
    assert on_disk(tmp_path / "out") == {}


def test_cancelling_takes_effect_within_a_second_even_while_the_server_is_silent(
    empty_demo: DemoServer, client: XNATClient, service: DownloadService, tmp_path: Path
) -> None:
    empty_demo.faults.add("stall", ZIPS, after_bytes=500_000, seconds=3)
    flow = Flow()
    timer = threading.Timer(0.2, flow.cancel.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(CancelledByUser):
        download(service, tmp_path / "out", flow=flow)
    timer.join()
    assert time.monotonic() - started < 1.2


def test_a_pause_stops_the_bytes_and_ends(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    flow = Flow()

    flow.pause()
    timer = threading.Timer(0.7, flow.resume)
    timer.start()
    summary = download(service, tmp_path / "out", flow=flow)
    timer.join()
    assert summary.duration_s > 0.6
    assert on_disk(tmp_path / "out") == content


def test_a_limit_on_bandwidth_is_kept(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    total = sum(map(len, content.values()))
    flow = Flow(limit_bytes_per_s=total)
    assert 0.7 < download(service, tmp_path / "out", flow=flow).duration_s < 2.5
    assert on_disk(tmp_path / "out") == content


def test_thousands_of_tiny_files(empty_demo: DemoServer, client: XNATClient, tmp_path: Path) -> None:
    content = bulk.plant(empty_demo.archive, 2000, 100, scans=20)
    summary = download(DownloadService(client), tmp_path / "out", verify=True)
    assert summary.verified == 2000
    assert on_disk(tmp_path / "out") == content
    assert len([path for path in paths_asked(client) if "format=zip" in path]) <= 3


def test_memory_does_not_grow_with_the_size(
    empty_demo: DemoServer, client: XNATClient, tmp_path: Path
) -> None:
    bulk.plant(empty_demo.archive, 8, 12_000_000, scans=1)
    tracemalloc.start()
    try:
        assert download(DownloadService(client), tmp_path / "out", verify=True).success
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 24_000_000
