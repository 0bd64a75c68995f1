"""Real receivers get every instance, as it is stored."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from pynetdicom import AllStoragePresentationContexts

from tests.transfers.dicom.peers import Orthanc, StoreScp, behaving, peer_at
from tests.transfers.dicom.samples import make_slice, read_pixels, write_mixed, write_slices
from xnat_tui.models.store import InstanceState, StoreProgress, StoreReport
from xnat_tui.transfers.dicom.header import read_header
from xnat_tui.transfers.dicom.negotiation import MOST_CONTEXTS
from xnat_tui.transfers.dicom.source import open_source
from xnat_tui.transfers.dicom.store import send_files
from xnat_tui.transfers.dicom.survey import survey

# pynetdicom's receiver forgets to close a connection that the other end has closed already.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

MANY = int(os.environ.get("STORE_INSTANCES", "300"))


def send(path: Path, port: int, *, workers: int = 4) -> StoreReport:
    with open_source(path) as source:
        return send_files(source, survey(source).files, peer_at(port), workers=workers)


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path / "mixed"
    folder.mkdir()
    return folder, write_mixed(folder, 200)


def test_storescp_gets_200_mixed_instances_unchanged(
    mixed: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    folder, pixels = mixed
    with StoreScp(tmp_path / "kept", "--accept-all", "--fork", "+B") as peer:
        report = send(folder, peer.port)
    assert report.success, report.reasons
    assert read_pixels(peer.kept()) == pixels


def test_orthanc_gets_200_mixed_instances_unchanged(
    mixed: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    folder, pixels = mixed
    with Orthanc(tmp_path / "orthanc") as peer:
        report = send(folder, peer.port)
        assert report.success, report.reasons
        assert read_pixels(peer.kept()) == pixels


def test_what_a_default_storescp_does_not_accept_is_known_before_sending(
    mixed: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    folder, _ = mixed
    with StoreScp(tmp_path / "kept") as peer:
        report = send(folder, peer.port)
    assert {outcome.state for outcome in report.missing} == {InstanceState.NOT_ACCEPTED}
    assert {outcome.attempts for outcome in report.missing} == {0}
    refused = "MR Image Storage as RLE Lossless: the peer does not take this transfer syntax"
    assert report.reasons[refused] == 10
    assert len(peer.kept()) == report.sent == 90


def _data_set(path: Path) -> bytes:
    with path.open("rb") as stream:
        offset = read_header(stream, "", 0).data_offset
    return path.read_bytes()[offset:]


def test_a_zip_is_sent_without_unpacking(tmp_path: Path) -> None:
    uids = write_slices(tmp_path / "slices", 30)
    archive = shutil.make_archive(str(tmp_path / "slices"), "zip", tmp_path / "slices")
    with StoreScp(tmp_path / "kept") as peer:
        report = send(Path(archive), peer.port)
    assert report.success
    assert sorted(read_pixels(peer.kept())) == sorted(uids)


def test_nothing_is_lost_or_doubled_among_many_small_instances(tmp_path: Path) -> None:
    """STORE_INSTANCES says how many; 20000 is the figure to prove."""
    uids = write_slices(tmp_path / "slices", MANY, size=20_000)
    with behaving() as (port, received):
        report = send(tmp_path / "slices", port)
    assert report.success
    assert sorted(received.received) == sorted(uids)


def test_a_peer_of_one_association_gets_everything_over_that_one(tmp_path: Path) -> None:
    """As installed, storescp serves one association after the other."""
    write_slices(tmp_path / "slices", 40)
    with StoreScp(tmp_path / "kept") as peer:
        report = send(tmp_path / "slices", peer.port, workers=8)
    assert report.success
    assert len(peer.kept()) == 40


def test_more_contexts_than_one_association_holds_take_several(tmp_path: Path) -> None:
    classes = [str(context.abstract_syntax) for context in AllStoragePresentationContexts]
    assert len(classes) > MOST_CONTEXTS
    for number, sop_class in enumerate(classes):
        instance = make_slice(number=number)
        instance.SOPClassUID = instance.file_meta.MediaStorageSOPClassUID = sop_class
        instance.save_as(tmp_path / f"{number}.dcm", enforce_file_format=True)
    with behaving() as (port, received):
        report = send(tmp_path, port, workers=2)
    assert report.success, report.reasons
    assert len(set(received.received)) == len(classes)


def test_a_peer_that_limits_associations_gets_everything(tmp_path: Path) -> None:
    uids = write_slices(tmp_path / "slices", 40)
    with behaving(most_associations=1) as (port, received):
        report = send(tmp_path / "slices", port, workers=4)
    assert report.success, report.reasons
    assert sorted(set(received.received)) == sorted(uids)


def test_the_data_set_of_a_file_arrives_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    write_mixed(tmp_path / "sent", 20)
    with open_source(tmp_path / "sent") as source:
        files = survey(source).files
    sent = {file.sop_instance_uid: _data_set(tmp_path / "sent" / file.name) for file in files}
    with StoreScp(tmp_path / "kept", "--accept-all", "+B") as peer:
        assert send(tmp_path / "sent", peer.port).success
    with open_source(tmp_path / "kept") as source:
        kept = survey(source, include_extensionless=True).files
    assert {file.sop_instance_uid: _data_set(tmp_path / "kept" / file.name) for file in kept} == sent


def test_progress_counts_bytes_and_instances_and_ends_complete(tmp_path: Path) -> None:
    write_slices(tmp_path / "slices", 20, size=50_000)
    told: list[StoreProgress] = []
    with behaving() as (port, _), open_source(tmp_path / "slices") as source:
        files = survey(source).files
        report = send_files(source, files, peer_at(port), on_progress=told.append)
    assert report.success
    last = told[-1]
    assert (last.sent, last.failed, last.total_files) == (20, 0, 20)
    assert last.arrived_bytes == last.total_bytes == sum(file.size_bytes for file in files)
    assert last.moved_bytes >= 20 * 50_000
    assert [one.sent for one in told] == sorted(one.sent for one in told)
