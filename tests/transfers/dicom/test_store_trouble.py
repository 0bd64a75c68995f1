"""Peers that refuse, hang, die or lie: one clear error, and the list of what did not arrive."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from pynetdicom import evt

from tests.transfers.dicom.peers import SHORT, StoreScp, behaving, free_port, peer_at, saying, wait_until
from tests.transfers.dicom.samples import read_pixels, write_slices
from xnat_tui.core.cancel import CancelToken
from xnat_tui.core.exceptions import CancelledByUser, InvalidValueError
from xnat_tui.models.store import InstanceOutcome, InstanceState, StoreProgress, StoreReport
from xnat_tui.transfers.dicom.contexts import verify_peer
from xnat_tui.transfers.dicom.peer import DicomPeer, PeerLostError, PeerRefusedError, UnspeakableError
from xnat_tui.transfers.dicom.source import FolderSource, open_source
from xnat_tui.transfers.dicom.store import send_files, write_store_log
from xnat_tui.transfers.dicom.survey import survey
from xnat_tui.transfers.flow import Flow

# pynetdicom's receiver forgets to close a connection that the other end has closed already.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)

OUT_OF_RESOURCES = 0xA700


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty slices."""
    write_slices(tmp_path / "slices", 30)
    return tmp_path / "slices"


def send(folder: Path, peer: DicomPeer, *, workers: int = 2) -> StoreReport:
    with open_source(folder) as source:
        return send_files(source, survey(source).files, peer, workers=workers)


def states(report: StoreReport) -> set[InstanceState]:
    return {outcome.state for outcome in report.outcomes}


def test_nobody_listens(folder: Path) -> None:
    with pytest.raises(PeerLostError, match="Nothing listens at 127"):
        send(folder, peer_at(free_port()))


def test_an_unknown_host_is_named(folder: Path) -> None:
    with pytest.raises(RuntimeError, match=r"no-such-host\.invalid is unknown"):
        send(folder, DicomPeer("no-such-host.invalid", "ANY", 104, "TEST", SHORT))


def test_a_peer_that_is_called_otherwise_says_so(folder: Path) -> None:
    with behaving(called="OTHER") as (port, _), pytest.raises(PeerRefusedError, match="it is not called so"):
        send(folder, peer_at(port))


def test_storescp_that_refuses_associations(folder: Path, tmp_path: Path) -> None:
    with StoreScp(tmp_path / "kept", "--refuse") as peer, pytest.raises(RuntimeError, match="refuses"):
        send(folder, peer_at(peer.port))


def test_a_failed_echo_ends_it_before_anything_is_sent(folder: Path) -> None:
    with behaving(echo_status=0x0110) as (port, received):
        with pytest.raises(PeerRefusedError, match="C-ECHO with 0x0110 Processing Failure"):
            send(folder, peer_at(port))
        assert received.received == []


def test_a_web_server_is_no_dicom_peer() -> None:
    reply = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    with saying(reply) as port, pytest.raises(UnspeakableError, match="does not speak DICOM"):
        verify_peer(peer_at(port, SHORT))


def test_a_silent_listener_is_given_up_in_time() -> None:
    started = time.monotonic()
    with saying(b"") as port, pytest.raises(PeerLostError, match="does not answer for 1 s"):
        verify_peer(peer_at(port, SHORT))
    assert time.monotonic() - started < 2


def test_a_peer_that_knows_none_of_the_classes_gets_nothing(folder: Path) -> None:
    with behaving(storage=False) as (port, received):
        report = send(folder, peer_at(port))
    assert states(report) == {InstanceState.NOT_ACCEPTED}
    assert "does not know this SOP class" in report.missing[0].reason
    assert received.received == []


def test_a_warning_means_stored(folder: Path) -> None:
    with behaving(lambda event, count: 0xB000) as (port, _):
        report = send(folder, peer_at(port))
    assert report.success
    assert states(report) == {InstanceState.STORED_WITH_WARNING}
    assert report.outcomes[0].reason.startswith("0xB000 Coercion")


def test_a_passing_refusal_is_tried_once_more(folder: Path) -> None:
    with behaving(lambda event, count: OUT_OF_RESOURCES if count % 5 == 1 else 0) as (port, received):
        report = send(folder, peer_at(port), workers=1)
    again = [outcome for outcome in report.outcomes if outcome.attempts == 2]
    assert len(again) == 6
    assert len(received.received) == 36
    assert report.sent >= 28


def test_a_lasting_refusal_says_why(folder: Path) -> None:
    with open_source(folder) as source:
        bad = survey(source).files[7].sop_instance_uid

    def answer(event: evt.Event, count: int) -> int:
        return 0xC001 if event.request.AffectedSOPInstanceUID == bad else 0

    with behaving(answer) as (port, received):
        report = send(folder, peer_at(port))
    (missing,) = report.missing
    assert (missing.name, missing.state, missing.status) == ("00007.dcm", InstanceState.REFUSED, 0xC001)
    assert missing.reason.startswith("0xC001")
    assert received.received.count(bad) == 2


def test_a_peer_that_refuses_everything_is_not_asked_to_the_end(tmp_path: Path) -> None:
    write_slices(tmp_path / "slices", 200)
    with behaving(lambda event, count: OUT_OF_RESOURCES) as (port, received):
        report = send(tmp_path / "slices", peer_at(port))
    assert "refuses everything: 0xA700" in report.trouble
    assert len(report.missing) == 200
    assert len(received.received) < 30


def test_an_association_that_dies_is_made_again(folder: Path) -> None:
    """One that ends in the middle of an instance costs that instance one more attempt, and nothing else."""

    def answer(event: evt.Event, count: int) -> int:
        if count in (5, 12):
            event.assoc.abort()
        return 0

    with behaving(answer) as (port, received):
        report = send(folder, peer_at(port))
    assert report.success, report.reasons
    assert len(set(received.received)) == 30
    assert sum(outcome.attempts for outcome in report.outcomes) == 32


def test_one_instance_that_kills_every_association_does_not_stop_the_others(folder: Path) -> None:
    with open_source(folder) as source:
        bad = survey(source).files[3].sop_instance_uid

    def answer(event: evt.Event, count: int) -> int:
        if event.request.AffectedSOPInstanceUID == bad:
            event.assoc.abort()
        return 0

    with behaving(answer) as (port, _):
        report = send(folder, peer_at(port))
    assert [outcome.name for outcome in report.missing] == ["00003.dcm"]
    assert report.missing[0].state is InstanceState.LOST
    assert report.missing[0].attempts == 3


def test_a_bad_series_does_not_stop_the_good_ones(folder: Path) -> None:
    with open_source(folder) as source:
        bad = {file.sop_instance_uid for file in survey(source).files[5:8]}

    def answer(event: evt.Event, count: int) -> int:
        if event.request.AffectedSOPInstanceUID in bad:
            event.assoc.abort()
        return 0

    with behaving(answer) as (port, _):
        report = send(folder, peer_at(port), workers=1)
    assert {outcome.sop_instance_uid for outcome in report.missing} == bad
    assert report.sent == 27


def test_storescp_killed_in_the_middle_leaves_a_list_of_what_did_not_arrive(tmp_path: Path) -> None:
    write_slices(tmp_path / "slices", 60)
    with StoreScp(tmp_path / "kept", "--sleep-after", "1") as peer:
        killer = threading.Thread(
            target=lambda: (wait_until(lambda: len(peer.kept()) >= 2), peer.process.kill())
        )
        killer.start()
        report = send(tmp_path / "slices", peer_at(peer.port, SHORT))
        killer.join()
    assert "Nothing listens" in report.trouble or "closed" in report.trouble
    arrived = {outcome.sop_instance_uid for outcome in report.outcomes if outcome.arrived}
    assert arrived <= set(read_pixels(path for path in peer.kept() if path.stat().st_size > 500))
    assert len(report.missing) + len(arrived) == 60
    assert all(outcome.reason for outcome in report.missing)


def test_a_peer_that_hangs_is_given_up_with_one_sentence(folder: Path) -> None:
    release = threading.Event()

    def answer(event: evt.Event, count: int) -> int:
        release.wait(20)
        return 0

    started = time.monotonic()
    with behaving(answer) as (port, _):
        try:
            report = send(folder, peer_at(port, SHORT))
        finally:
            release.set()
    assert "does not answer for 1 s" in report.trouble
    assert len(report.missing) == 30
    assert time.monotonic() - started < 10


def test_cancel_takes_effect_within_a_second_while_the_peer_hangs(folder: Path) -> None:
    release, cancel = threading.Event(), CancelToken()
    told: list[InstanceOutcome] = []

    def answer(event: evt.Event, count: int) -> int:
        if count > 10:
            threading.Timer(0.2, cancel.set).start()
            release.wait(20)
        return 0

    with behaving(answer) as (port, _), FolderSource(folder) as source:
        files = survey(source).files
        started = time.monotonic()
        try:
            with pytest.raises(CancelledByUser):
                send_files(source, files, peer_at(port), flow=Flow(cancel), on_outcome=told.append, workers=1)
        finally:
            release.set()
    assert time.monotonic() - started < 5
    assert [outcome.state for outcome in told] == [InstanceState.STORED] * 10
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("c-store")]


def test_files_that_vanish_or_change_are_reported_and_the_others_sent(folder: Path) -> None:
    with behaving() as (port, _), FolderSource(folder) as source:
        files = survey(source).files
        (folder / "00002.dcm").unlink()
        with (folder / "00004.dcm").open("ab") as grown:
            grown.write(b"more")
        report = send_files(source, files, peer_at(port))
    reasons = {outcome.name: outcome.reason for outcome in report.missing}
    assert reasons == {
        "00002.dcm": "cannot be read: No such file or directory",
        "00004.dcm": "has changed since it was looked at",
    }


def test_a_file_that_ends_early_while_it_is_sent_costs_nobody_else(folder: Path) -> None:
    class Shrinking(FolderSource):
        def open(self, name: str) -> BinaryIO:
            with super().open(name) as stream:
                content = stream.read()
            return io.BytesIO(content[:-10] if name == "00003.dcm" else content)

    with behaving() as (port, _), Shrinking(folder) as source:
        report = send_files(source, survey(FolderSource(folder)).files, peer_at(port))
    assert [(one.name, one.state) for one in report.missing] == [("00003.dcm", InstanceState.UNREADABLE)]


def test_an_error_in_a_callback_stops_the_senders(folder: Path) -> None:
    def fail(outcome: InstanceOutcome) -> None:
        raise LookupError("of the caller")

    with behaving() as (port, _), FolderSource(folder) as source, pytest.raises(LookupError):
        send_files(source, survey(source).files, peer_at(port), on_outcome=fail)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("c-store")]


def test_a_pause_holds_everything_back_and_an_error_ends_it(folder: Path) -> None:
    flow = Flow()

    def look(progress: StoreProgress) -> None:
        if flow.is_paused:
            paused.append(progress.sent)
        elif progress.sent or progress.moved_bytes:
            flow.pause()
        if len(paused) == 5:
            raise LookupError("of the caller")

    paused: list[int] = []
    with behaving() as (port, _), FolderSource(folder) as source, pytest.raises(LookupError):
        files = survey(source).files * 20
        send_files(source, files, peer_at(port), flow=flow, on_progress=look)
    assert paused[-1] == paused[1] < len(files)


def test_the_log_names_every_instance(folder: Path, tmp_path: Path) -> None:
    with behaving(lambda event, count: 0xB000 if count == 1 else 0) as (port, _):
        report = send(folder, peer_at(port), workers=1)
    lines = write_store_log(report, tmp_path).read_text().splitlines()
    assert len(lines) == 31
    assert lines[1].split("\t")[:4] == ["stored with a warning", "0xB000", "1", "00000.dcm"]


@pytest.mark.parametrize(
    ("host", "title", "port"),
    [
        ("", "ANY", 104),
        ("here", " ", 104),
        ("here", "SEVENTEEN_LETTERS", 104),
        ("here", "A\\B", 104),
        ("here", "ÄÖ", 104),
        ("here", "ANY", 0),
    ],
)
def test_addresses_that_cannot_be_are_refused_at_once(host: str, title: str, port: int) -> None:
    with pytest.raises(InvalidValueError):
        DicomPeer(host, title, port)


def test_no_workers_are_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="0 workers"):
        send(folder, peer_at(free_port()), workers=0)
