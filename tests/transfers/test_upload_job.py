"""Whole uploads to the demo server: where they end, what is proven, and what trouble makes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.transfers.dicom.samples import make_slice, write_slices
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import AuthenticationError, CancelledByUser, OperationError
from xnat_tui.demo.ingest.settings import IngestSettings
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.upload import UploadProgress, UploadProof, UploadState, UploadSummary
from xnat_tui.services.uploads import UploadService
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.retry import Patience

IMPORT = "/data/services/import"
QUICK = Patience(tries=3, first_wait_s=0.01)


@pytest.fixture
def demo(empty_demo: DemoServer) -> DemoServer:
    empty_demo.archive.add_project("LAB")
    return empty_demo


@pytest.fixture
def client(demo: DemoServer) -> Iterator[XNATClient]:
    with XNATClient(demo.url, "admin", "admin") as client:
        client.authenticate()
        yield client


@pytest.fixture
def uploads(client: XNATClient) -> UploadService:
    return UploadService(client, patience=QUICK)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_slices(tmp_path / "source", 12, size=3000)
    return tmp_path / "source"


def _imports(client: XNATClient) -> int:
    return sum(
        entry.path.startswith(IMPORT) and entry.status == 200 for entry in client.request_log.entries()
    )


WAYS: dict[str, Callable[[UploadService, Path], UploadSummary]] = {
    "gradual": lambda service, source: service.upload_dicom_gradual(source, "LAB", "S1", "E1"),
    "archives": lambda service, source: service.upload_dicom_parallel(source, "LAB", "S1", "E1"),
    "zips": lambda service, source: service.upload_dicom("LAB", "S1", "E1", source, batch_size=5),
}


@pytest.mark.parametrize("way", WAYS)
def test_all_ways_end_in_the_archive_with_every_instance(
    way: str, uploads: UploadService, demo: DemoServer, source: Path
) -> None:
    summary = WAYS[way](uploads, source)

    assert summary.success, summary.errors
    assert summary.proofs == {UploadProof.INSTANCE_PRESENT: 12}
    (session,) = summary.sessions
    assert (session.stage, session.label, session.project, session.files) == ("archive", "E1", "LAB", 12)
    assert demo.archive.find_experiment("LAB", "E1")


@pytest.mark.parametrize(("code", "stage"), [(0, "prearchive"), (4, "archive")])
def test_the_prearchive_keeps_only_what_the_project_leaves_there(
    code: int, stage: str, uploads: UploadService, client: XNATClient, source: Path
) -> None:
    client.put(f"/data/projects/LAB/prearchive_code/{code}")

    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", direct_archive=False)

    assert summary.success, summary.errors
    assert [session.stage for session in summary.sessions] == [stage]
    assert summary.proof is UploadProof.INSTANCE_PRESENT


def test_several_batches_are_one_session_committed_once(
    uploads: UploadService, client: XNATClient, source: Path
) -> None:
    client.put("/data/projects/LAB/prearchive_code/0")

    summary = uploads.upload_dicom("LAB", "S1", "E1", source, quarantine=True, batch_size=2)

    assert (len(summary.sessions), summary.succeeded) == (1, 12)
    commits = [entry for entry in client.request_log.entries() if "action=commit" in entry.path]
    assert len(commits) == 1


def test_without_looking_files_are_only_counted(uploads: UploadService, source: Path) -> None:
    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", verify=False)

    assert summary.success
    assert summary.proof is UploadProof.COUNT_ONLY


@pytest.mark.parametrize("kind", ["zip", "tar", "tgz"])
def test_archives_are_sources(kind: str, uploads: UploadService, source: Path, tmp_path: Path) -> None:
    (source / "notes.txt").write_text("not DICOM")
    os.rename(source / "00000.dcm", source / "IM0001")
    packed = tmp_path / f"packed.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            for path in source.iterdir():
                target.write(path, f"DICOM/{path.name}")
    else:
        with tarfile.open(packed, "w:gz" if kind == "tgz" else "w") as target_tar:
            target_tar.add(source, "DICOM")

    summary = uploads.upload_dicom_parallel(packed, "LAB", "S1", "E1", archive_format="zip")

    assert summary.success, summary.errors
    assert (summary.succeeded, summary.proof) == (12, UploadProof.INSTANCE_PRESENT)
    assert [name.split()[0] for name in summary.ignored] == ["DICOM/notes.txt"]


@pytest.fixture
def uploads_to(tmp_path: Path) -> Iterator[Callable[..., UploadService]]:
    """Gives uploads to a server with other habits."""
    with ExitStack() as stack:

        def uploads_to(**habits: object) -> UploadService:
            server = DemoServer(tmp_path / "other", ingest=IngestSettings(**habits))  # type: ignore[arg-type]
            stack.enter_context(server).archive.add_project("LAB")
            client = stack.enter_context(XNATClient(server.url, "admin", "admin"))
            return UploadService(client, patience=QUICK)

        yield uploads_to


@pytest.mark.parametrize("way", WAYS)
def test_same_bytes_are_proven_where_the_server_leaves_them(
    way: str, uploads_to: Callable[..., UploadService], source: Path
) -> None:
    summary = WAYS[way](uploads_to(edit_headers=False), source)

    assert summary.success, summary.errors
    assert summary.proofs == {UploadProof.SAME_BYTES: 12}


def test_what_the_server_filters_out_is_said(uploads_to: Callable[..., UploadService], source: Path) -> None:
    summary = uploads_to(series_filter="Axial").upload_dicom_gradual(source, "LAB", "S1", "E1")

    assert not summary.success
    assert summary.states == {UploadState.FILTERED: 12}
    assert (summary.sessions, summary.proof) == ((), None)


def test_what_is_filtered_out_of_an_archive_is_found_missing(
    uploads_to: Callable[..., UploadService], source: Path
) -> None:
    scout = make_slice(series="1.2.3.1.2", series_number=2)
    scout.SeriesDescription = "Scout"
    scout.save_as(source / "scout.dcm", enforce_file_format=True)

    summary = uploads_to(series_filter="Scout").upload_dicom_parallel(source, "LAB", "S1", "E1")

    assert [(each.name, each.state) for each in summary.failures] == [("scout.dcm", UploadState.MISSING)]
    assert summary.proofs == {UploadProof.INSTANCE_PRESENT: 12}


def test_a_server_that_takes_its_time_is_waited_for(
    uploads_to: Callable[..., UploadService], source: Path
) -> None:
    slow = uploads_to(building_s=0.2, archiving_s=0.2)

    assert slow.upload_dicom("LAB", "S1", "E1", source).success
    assert slow.upload_dicom_gradual(source, "LAB", "S1", "E2", direct_archive=False).success


@pytest.mark.parametrize("status", [400, 429, 500, 503])
@pytest.mark.parametrize("way", ["gradual", "archives"])
def test_passing_refusals_are_overcome(
    status: int, way: str, uploads: UploadService, demo: DemoServer, source: Path
) -> None:
    demo.faults.add("status", IMPORT, method="POST", status=status, times=4, skip=1)

    summary = WAYS[way](uploads, source)

    assert summary.success, summary.errors
    assert summary.succeeded == 12


def test_a_session_that_ends_midway_is_renewed(
    uploads: UploadService, demo: DemoServer, source: Path
) -> None:
    demo.faults.add("session", IMPORT, method="POST", times=2, skip=3)

    assert uploads.upload_dicom_gradual(source, "LAB", "S1", "E1").success


def test_a_log_in_that_cannot_be_renewed_ends_the_job(demo: DemoServer, source: Path) -> None:
    with XNATClient(demo.url, "admin", "admin") as first:
        first.authenticate()
        with XNATClient(demo.url, session_id=first.session_id) as client:
            demo.faults.add("session", IMPORT, method="POST", times=1, skip=3)
            with pytest.raises(AuthenticationError):
                UploadService(client, patience=QUICK).upload_dicom_gradual(source, "LAB", "S1", "E1")


def test_a_cut_answer_is_asked_for_again(uploads: UploadService, demo: DemoServer, source: Path) -> None:
    demo.faults.add("cut", IMPORT, method="POST", times=3, skip=1)

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1")

    assert (summary.success, summary.succeeded) == (True, 12)
    assert summary.sessions[0].files == 12


def test_a_file_that_vanishes_fails_alone(uploads: UploadService, source: Path) -> None:
    gone = source / "00007.dcm"

    def remove(state: UploadProgress) -> None:
        if state.phase == "uploading":
            gone.unlink(missing_ok=True)

    summary = uploads.upload_dicom_parallel(
        source,
        "LAB",
        "S1",
        "E1",
        upload_workers=1,
        flow=Flow(limit_bytes_per_s=60_000),
        progress_callback=remove,
    )

    assert [(each.name, each.state) for each in summary.failures] == [("00007.dcm", UploadState.FAILED)]
    assert summary.errors == ["00007.dcm: 00007.dcm is gone."]
    assert (summary.succeeded, summary.sessions[0].files) == (11, 11)


def test_what_is_refused_for_good_is_tried_once_and_said_once(
    uploads: UploadService, client: XNATClient, demo: DemoServer, source: Path
) -> None:
    demo.faults.add("status", IMPORT, method="POST", status=403, times=None)

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", workers=1)

    assert "403" in summary.trouble
    assert summary.errors == [summary.trouble]
    assert summary.states == {UploadState.FAILED: 5, UploadState.NOT_SENT: 7}
    tried = [entry for entry in client.request_log.entries() if entry.path.startswith(IMPORT)]
    assert len(tried) == 5


def test_a_disk_that_stays_full_ends_the_job_with_one_message(
    uploads: UploadService, client: XNATClient, demo: DemoServer, source: Path
) -> None:
    demo.faults.add("status", IMPORT, method="POST", status=400, times=None)

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", workers=2)

    assert not summary.success
    assert summary.errors == [summary.trouble]
    assert summary.succeeded == 0


def test_one_bad_file_does_not_spoil_its_archive(
    uploads: UploadService, source: Path, tmp_path: Path
) -> None:
    (source / "bad.dcm").write_bytes((source / "00000.dcm").read_bytes()[:300])

    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", ignore_unparsable=False)

    assert summary.succeeded == 12
    assert summary.proofs[UploadProof.INSTANCE_PRESENT] == 12


def test_files_that_exist_are_a_conflict_unless_overwritten(uploads: UploadService, source: Path) -> None:
    assert uploads.upload_dicom("LAB", "S1", "E1", source).success

    again = uploads.upload_dicom("LAB", "S1", "E1", source)
    assert not again.success
    assert again.sessions[0].stage == "prearchive"
    assert "exists" in again.sessions[0].problem

    assert uploads.upload_dicom("LAB", "S1", "E1", source, overwrite=True).success


def test_mixed_studies_become_sessions_of_their_own(
    uploads: UploadService, client: XNATClient, source: Path
) -> None:
    client.put("/data/projects/LAB/prearchive_code/0")
    make_slice(study="1.2.3.99", series="1.2.3.99.1").save_as(source / "other.dcm", enforce_file_format=True)

    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", direct_archive=False)

    assert summary.success, summary.errors
    assert sorted(session.files or 0 for session in summary.sessions) == [1, 12]


def test_progress_goes_up_to_complete(uploads: UploadService, source: Path) -> None:
    seen: list[UploadProgress] = []

    uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", progress_callback=seen.append)

    assert [seen[0].phase, seen[-1].phase] == ["preparing", "complete"]
    assert (seen[-1].current, seen[-1].total, seen[-1].percent) == (12, 12, 100.0)
    assert [state.bytes_sent for state in seen] == sorted(state.bytes_sent for state in seen)


def test_cancelling_takes_effect_at_once_and_resuming_sends_the_rest(
    uploads: UploadService, client: XNATClient, source: Path
) -> None:
    flow = Flow(limit_bytes_per_s=30_000)
    canceller = threading.Timer(0.5, flow.cancel.set)
    canceller.start()
    started_at = time.monotonic()
    with pytest.raises(CancelledByUser):
        uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", flow=flow, workers=2)
    assert time.monotonic() - started_at < 1.5
    sent_before = _imports(client)
    assert 0 < sent_before < 12

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", resume=True)

    assert summary.success, summary.errors
    assert summary.skipped >= sent_before
    assert _imports(client) - sent_before == summary.succeeded == 12 - summary.skipped
    assert summary.sessions[0].files == 12


def test_an_upload_that_is_complete_is_not_repeated(
    uploads: UploadService, client: XNATClient, source: Path
) -> None:
    uploads.upload_dicom_gradual(source, "LAB", "S1", "E1")
    before = _imports(client)

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", resume=True)

    assert summary.success, summary.errors
    assert (_imports(client), summary.skipped, summary.proof) == (before, 12, UploadProof.INSTANCE_PRESENT)


_KILLED = """
import sys
from xnat_tui.core.client import XNATClient
from xnat_tui.services.uploads import UploadService
from xnat_tui.transfers.flow import Flow
url, source = sys.argv[1:]
UploadService(XNATClient(url, "admin", "admin")).upload_dicom_gradual(
    source, "LAB", "S1", "E1", workers=2, resume=True, flow=Flow(limit_bytes_per_s=30_000),
    progress_callback=lambda state: print(state.current, flush=True),
)
"""


def test_what_a_killed_upload_acknowledged_is_not_sent_again(
    uploads: UploadService, client: XNATClient, demo: DemoServer, source: Path
) -> None:
    command = [sys.executable, "-c", _KILLED, demo.url, str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        for line in killed.stdout:
            if int(line) >= 3:
                break
        killed.send_signal(signal.SIGKILL)

    summary = uploads.upload_dicom_gradual(source, "LAB", "S1", "E1", resume=True)

    assert summary.success, summary.errors
    assert summary.skipped >= 3
    assert _imports(client) == 12 - summary.skipped
    assert summary.sessions[0].files == 12


def test_the_session_is_kept_alive_meanwhile(
    uploads: UploadService, client: XNATClient, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xnat_tui.transfers.upload.job._HEARTBEAT_S", 0.1)
    flow = Flow(limit_bytes_per_s=100_000)

    uploads.upload_dicom("LAB", "S1", "E1", source, flow=flow)

    asked = [entry.path for entry in client.request_log.entries() if entry.path == "/data/auth"]
    assert len(asked) > 1


def test_an_importer_that_the_server_lacks_is_said_once(uploads: UploadService, source: Path) -> None:
    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", import_handler="XYZ")

    assert summary.states == {UploadState.FAILED: 12}
    assert len(summary.errors) == 1
    assert summary.errors[0].startswith("00000.dcm and 11 more: Unknown importer")


def test_nothing_to_send_is_said(uploads: UploadService, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(OperationError, match="no DICOM"):
        uploads.upload_dicom_gradual(tmp_path / "empty", "LAB", "S1", "E1")


def test_nothing_temporary_is_left(
    uploads: UploadService, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    files = set(os.listdir(source))

    uploads.upload_dicom_parallel(source, "LAB", "S1", "E1")

    assert not list(scratch.iterdir())
    assert set(os.listdir(source)) == files
