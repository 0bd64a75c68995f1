"""Where studies end that were sent to one label, when the archive has room for only one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from tests.transfers.dicom.samples import make_slice, write_slices
from xnat_tui.core.client import XNATClient
from xnat_tui.demo.serve import DemoServer
from xnat_tui.models.upload import UploadedSession, UploadProof, UploadState, UploadSummary
from xnat_tui.services.uploads import UploadService
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.commit import Committer
from xnat_tui.transfers.upload.target import Stage, UploadTarget, parse_places
from xnat_tui.transfers.upload.whereabouts import Whereabouts

SMALL, LARGE = "1.2.3.0", "1.2.3.1"
EXISTS = "Session already exists, retry with overwrite enabled"
NO_REASON = "Attempt to direct-archive failed: the disk was full"


@pytest.fixture
def demo(empty_demo: DemoServer) -> DemoServer:
    empty_demo.archive.add_project("LAB")
    return empty_demo


@pytest.fixture
def client(demo: DemoServer) -> Iterator[XNATClient]:
    with XNATClient(demo.url, "admin", "admin") as client:
        client.authenticate()
        client.put("/data/projects/LAB/prearchive_code/0")
        yield client


@pytest.fixture
def uploads(client: XNATClient) -> UploadService:
    return UploadService(client)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One file of the study that the server archives first, and five of another."""
    write_slices(tmp_path / "source", 5)
    _write_other(tmp_path / "source")
    return tmp_path / "source"


def _write_other(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    instance = make_slice(study=SMALL, series=f"{SMALL}.1")
    instance.save_as(folder / "other.dcm", enforce_file_format=True)


def _at(stage: str, summary: UploadSummary) -> UploadedSession:
    (session,) = [session for session in summary.sessions if session.stage == stage]
    return session


WAYS: dict[str, Callable[[UploadService, Path], UploadSummary]] = {
    "gradual": lambda service, source: service.upload_dicom_gradual(source, "LAB", "S1", "E1"),
    "archives": lambda service, source: service.upload_dicom_parallel(source, "LAB", "S1", "E1"),
    "zips": lambda service, source: service.upload_dicom("LAB", "S1", "E1", source, batch_size=2),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_second_study_of_the_label_is_found_in_the_prearchive(
    way: str, uploads: UploadService, source: Path
) -> None:
    summary = WAYS[way](uploads, source)

    assert not summary.success
    assert (_at("archive", summary).files, _at("archive", summary).problem) == (1, "")
    held = _at("prearchive", summary)
    assert (held.status, held.files, held.label) == ("CONFLICT", 5, "E1")
    assert held.uri.startswith("/data/prearchive/projects/LAB/")
    assert EXISTS in held.problem


def test_each_file_of_the_second_study_has_the_servers_reason(uploads: UploadService, source: Path) -> None:
    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1")

    reasons = {outcome.name: outcome.error for outcome in summary.outcomes}
    assert reasons.pop("other.dcm") == ""
    assert len(reasons) == 5
    assert all(EXISTS in reason for reason in reasons.values())
    assert summary.proofs == {UploadProof.INSTANCE_PRESENT: 6}


def test_the_trouble_says_what_is_where_and_what_to_do(uploads: UploadService, source: Path) -> None:
    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1")

    assert summary.trouble == (
        f"The prearchive holds 5 files of study {LARGE} as CONFLICT, because E1 is the session of study"
        f" {SMALL}: archive them from there under another label, or delete them there and upload each study"
        " to a session of its own."
    )
    assert summary.errors[0] == summary.trouble


def test_counting_counts_each_session_for_itself(uploads: UploadService, source: Path) -> None:
    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", verify=False)

    assert sorted(session.files or 0 for session in summary.sessions) == [1, 5]
    assert summary.proofs == {UploadProof.COUNT_ONLY: 6}


def test_going_on_with_it_sends_nothing_and_says_the_same(uploads: UploadService, source: Path) -> None:
    first = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", resume=True)
    again = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1", resume=True)

    assert (again.skipped, again.bytes_sent) == (6, 0)
    assert (again.sessions, again.trouble) == (first.sessions, first.trouble)


def test_a_study_that_comes_later_is_held_back_alike(
    uploads: UploadService, source: Path, tmp_path: Path
) -> None:
    _write_other(tmp_path / "earlier")
    assert uploads.upload_dicom_parallel(tmp_path / "earlier", "LAB", "S1", "E1").success
    (source / "other.dcm").unlink()

    summary = uploads.upload_dicom("LAB", "S1", "E1", source)

    held = _at("prearchive", summary)
    assert (held.status, held.files) == ("CONFLICT", 5)
    assert f"because E1 is the session of study {SMALL}" in summary.trouble


def test_files_that_exist_are_to_be_deleted_or_overwritten(uploads: UploadService, source: Path) -> None:
    (source / "other.dcm").unlink()
    assert uploads.upload_dicom_parallel(source, "LAB", "S1", "E1").success

    again = uploads.upload_dicom("LAB", "S1", "E1", source)

    assert again.trouble == (
        f"The prearchive holds 5 files of study {LARGE} as CONFLICT: delete them there if the archive has"
        " them, or upload them again with overwrite."
    )


def test_what_cannot_be_seen_is_not_claimed(uploads: UploadService, demo: DemoServer, source: Path) -> None:
    demo.faults.add("status", "/data/prearchive/projects/LAB", status=403, times=None)

    summary = uploads.upload_dicom_parallel(source, "LAB", "S1", "E1")

    unknown = _at("direct archive", summary)
    assert unknown.files is None
    assert unknown.problem
    proofs = {outcome.name: (outcome.state, outcome.proof) for outcome in summary.outcomes}
    assert proofs.pop("other.dcm") == (UploadState.ARRIVED, UploadProof.INSTANCE_PRESENT)
    assert set(proofs.values()) == {(UploadState.ARRIVED, UploadProof.NOTHING)}


class Bounce:
    """A study that was sent the direct way, and what becomes of it before the server is to finish it."""

    def __init__(self, demo: DemoServer, client: XNATClient, folder: Path) -> None:
        _write_other(folder)
        self._demo, self._client = demo, client
        self._target = UploadTarget("LAB", "S1", "E1")
        body = (folder / "other.dcm").read_bytes()
        path, _, query = self._target.file_path().partition("?")
        answer = client.post(
            path, dict(parse_qsl(query)), content=body, headers={"Content-Type": "application/dicom"}
        )
        self.places = parse_places(answer.text)
        (self._session,) = demo.archive.prearchive_sessions(direct=True)

    def to_prearchive(self, status: str, auto_archive: str = "Manual") -> None:
        archive, row = self._demo.archive, self._session
        moved = {"direct": 0, "timestamp": f"{row.timestamp}_DA", "autoarchive": auto_archive}
        archive.update_prearchive_session(row.id, status=status, **moved)
        archive.log_prearchive(row.id, NO_REASON)

    def vanish(self) -> None:
        self._demo.archive.delete_prearchive_session(self._session.id)

    def commit(self) -> Whereabouts:
        (ended,) = Committer(self._client, Flow(), self._target, wait_s=0.01).commit(self.places)
        return ended


@pytest.fixture
def bounce(demo: DemoServer, client: XNATClient, tmp_path: Path) -> Bounce:
    return Bounce(demo, client, tmp_path / "sent")


def test_what_bounced_as_it_was_received_is_built(bounce: Bounce) -> None:
    bounce.to_prearchive("RECEIVING")

    ended = bounce.commit()

    assert (ended.place.stage, ended.status, ended.problem) == (Stage.PREARCHIVE, "READY", NO_REASON)
    assert ended.trouble(1).startswith(f"The prearchive holds 1 file of study {SMALL} as READY: archive them")


def test_what_is_built_and_meets_the_conflict_again_has_its_state(
    bounce: Bounce, uploads: UploadService, tmp_path: Path
) -> None:
    write_slices(tmp_path / "others", 2)
    assert uploads.upload_dicom_parallel(tmp_path / "others", "LAB", "S1", "E1").success
    bounce.to_prearchive("RECEIVING", auto_archive="AutoArchive")

    ended = bounce.commit()

    assert (ended.status, ended.other_study) == ("CONFLICT", LARGE)
    assert "Invalid modification of session UID" in ended.problem


def test_an_error_is_told_in_the_words_of_the_log(bounce: Bounce) -> None:
    bounce.to_prearchive("ERROR")

    ended = bounce.commit()

    assert (ended.place.stage, ended.status, ended.problem) == (Stage.PREARCHIVE, "ERROR", NO_REASON)
    assert ended.place.uri.endswith("_DA/E1")


def test_the_archive_of_another_study_is_not_taken_for_its_own(
    bounce: Bounce, uploads: UploadService, tmp_path: Path
) -> None:
    write_slices(tmp_path / "others", 2)
    assert uploads.upload_dicom_parallel(tmp_path / "others", "LAB", "S1", "E1").success
    bounce.vanish()

    ended = bounce.commit()

    assert (ended.is_found, ended.other_study) == (False, LARGE)
    assert LARGE in ended.problem
