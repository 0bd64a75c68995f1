"""What a second run does: it leaves what is complete, whatever ended the first, and fetches the rest."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.transfers.download import bulk
from tests.transfers.download.bulk import PROJECT, SESSION, ZIPS, on_disk
from xnat_tui.core.client import XNATClient
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.summary import DownloadSummary
from xnat_tui.services.downloads import DownloadService
from xnat_tui.transfers.journal import journal_file

SCRIPT = """
import sys
from pathlib import Path
from xnat_tui.core.client import XNATClient
from xnat_tui.services.downloads import DownloadService
from xnat_tui.transfers.flow import Flow
url, root = sys.argv[1:]
client = XNATClient(url, "admin", "admin")
print("ready", flush=True)
DownloadService(client).download_session(
    "BULK-1_MR1", Path(root), project="BULK", resume=True, flow=Flow(limit_bytes_per_s=4_000_000)
)
"""


def download(service: DownloadService, root: Path, **options: object) -> DownloadSummary:
    return service.download_session(SESSION, root, project=PROJECT, **options)  # type: ignore[arg-type]


def bulk_requests(client: XNATClient, since: int) -> list[str]:
    entries = client.request_log.entries()[since - client.request_log.version :]
    return [entry.path for entry in entries if "/files/" in entry.path or "format=zip" in entry.path]


def test_a_second_run_fetches_nothing(
    client: XNATClient, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out", verify=True)
    before = client.request_log.version
    summary = download(service, tmp_path / "out", resume=True, verify=True)
    assert (summary.skipped, summary.verified, summary.bytes_received) == (len(content), len(content), 0)
    assert bulk_requests(client, before) == []


def test_without_resume_whole_files_are_replaced(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    name = sorted(content)[0]
    (tmp_path / "out" / name).write_bytes(bytes(len(content[name])))
    summary = download(service, tmp_path / "out")
    assert (summary.succeeded, summary.skipped) == (len(content), 0)
    assert on_disk(tmp_path / "out") == content


def test_resume_fetches_what_was_damaged_or_lost(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    lost, cut, *_ = sorted(content)
    (tmp_path / "out" / lost).unlink()
    (tmp_path / "out" / cut).write_bytes(b"half")
    summary = download(service, tmp_path / "out", resume=True)
    assert (summary.succeeded, summary.skipped) == (2, len(content) - 2)
    assert on_disk(tmp_path / "out") == content


def test_verify_finds_a_file_that_rotted_on_the_disk(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    name = sorted(content)[0]
    (tmp_path / "out" / name).write_bytes(bytes(len(content[name])))
    summary = download(service, tmp_path / "out", resume=True, verify=True)
    assert (summary.succeeded, summary.verified) == (1, len(content))
    assert on_disk(tmp_path / "out") == content


def test_files_from_elsewhere_count_when_they_are_the_right_ones(
    service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    for name, data in content.items():
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(data)
    summary = download(service, tmp_path / "out", resume=True, verify=True)
    assert (summary.succeeded, summary.verified) == (0, len(content))


def test_an_edited_scan_type_fetches_nothing_twice_and_keeps_the_folder(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    session = empty_demo.archive.find_experiment(PROJECT, SESSION)
    assert session is not None
    for scan in empty_demo.archive.scans(session.id):
        empty_demo.archive.update_scan(scan.pk, {"type": "EDITED"})
    summary = download(service, tmp_path / "out", resume=True)
    assert (summary.succeeded, summary.skipped) == (0, len(content))
    assert on_disk(tmp_path / "out") == content


def test_a_file_that_changed_on_the_server_is_fetched_again(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    session = empty_demo.archive.find_experiment(PROJECT, SESSION)
    assert session is not None
    resource = empty_demo.archive.scan_resources(session.id)[0]
    file = empty_demo.archive.files(resource.id)[0]
    empty_demo.archive.add_file(resource.id, file.path, bytes(file.size_bytes))
    assert download(service, tmp_path / "out", resume=True).succeeded == 1
    assert on_disk(tmp_path / "out") == bulk.contents(empty_demo.archive)


def test_a_big_file_goes_on_where_it_was_cut(
    empty_demo: DemoServer, client: XNATClient, tmp_path: Path
) -> None:
    size_bytes = 12_000_000
    content = bulk.plant(empty_demo.archive, 1, size_bytes)
    empty_demo.faults.add("cut", bulk.FILES, after_bytes=9_000_000)
    summary = download(DownloadService(client), tmp_path / "out", verify=True)
    assert (summary.verified, on_disk(tmp_path / "out")) == (1, content)
    assert summary.bytes_received == size_bytes


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment_it_resumes_to_the_same_bytes(
    seed: int,
    empty_demo: DemoServer,
    client: XNATClient,
    service: DownloadService,
    content: dict[str, bytes],
    tmp_path: Path,
) -> None:
    root = tmp_path / "out"
    script = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, empty_demo.url, str(root)],
        stdout=subprocess.PIPE,
        env=dict(os.environ),
    )
    assert script.stdout is not None
    script.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.05, 0.6))
    script.send_signal(signal.SIGKILL)
    script.wait()
    script.stdout.close()
    arrived = {name: data for name, data in on_disk(root).items() if not name.startswith(".")}
    assert arrived.items() <= content.items()
    before = client.request_log.version
    summary = download(service, root, resume=True)
    assert (summary.skipped, summary.succeeded) == (len(arrived), len(content) - len(arrived))
    assert on_disk(root) == content
    scans_begun = {name.split("/")[2].partition("-")[0] for name in arrived}
    for path in bulk_requests(client, before):
        assert not scans_begun & set(bulk.scan_ids_in(path)) or "format=zip" not in path
    assert not any(
        Path(path).name in {Path(name).name for name in arrived} for path in bulk_requests(client, before)
    )


def test_the_journal_is_private_and_holds_every_file(
    client: XNATClient, service: DownloadService, tmp_path: Path
) -> None:
    download(service, tmp_path / "out")
    file = journal_file(client.base_url, tmp_path / "out")
    assert file.stat().st_mode & 0o777 == 0o600


def test_no_unfinished_file_is_left_after_a_cut(
    empty_demo: DemoServer, service: DownloadService, content: dict[str, bytes], tmp_path: Path
) -> None:
    empty_demo.faults.add("cut", ZIPS, after_bytes=100_000)
    empty_demo.faults.add("status", bulk.FILES, status=404, times=None)
    empty_demo.faults.add("cut", ZIPS, after_bytes=100_000, times=None)
    summary = download(service, tmp_path / "out")
    assert not summary.success
    assert on_disk(tmp_path / "out").items() <= content.items()


def test_a_big_file_survives_more_cuts_than_a_small_one_may_have(
    empty_demo: DemoServer, client: XNATClient, tmp_path: Path
) -> None:
    content = bulk.plant(empty_demo.archive, 1, 9_000_000)
    empty_demo.faults.add("cut", bulk.FILES, after_bytes=900_000, times=9)
    summary = download(DownloadService(client), tmp_path / "out", verify=True)
    assert (summary.verified, on_disk(tmp_path / "out")) == (1, content)
    assert summary.bytes_received == 9_000_000
