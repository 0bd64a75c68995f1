"""What is proven of an upload is never more than what was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.small_server import SmallServer, saying
from tests.transfers.dicom.samples import write_slices
from xnat_tui.core.client import XNATClient
from xnat_tui.models.upload import UploadProof, UploadState
from xnat_tui.transfers.dicom.source import FolderSource
from xnat_tui.transfers.dicom.survey import survey
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.held import HeldFile
from xnat_tui.transfers.upload.parcels import Sendable, dicom_sendables
from xnat_tui.transfers.upload.proof import Prover
from xnat_tui.transfers.upload.source import md5_of
from xnat_tui.transfers.upload.tally import UploadTally


class Bench:
    """Four files that the server is said to have taken, and what it says that it holds."""

    def __init__(self, server: SmallServer, client: XNATClient, folder: Path) -> None:
        write_slices(folder, 4)
        source = FolderSource(folder)
        self.items = dicom_sendables(source, survey(source).files)
        self.tally = UploadTally()
        self.tally.note(self.items, UploadState.ARRIVED)
        self._server, self._client, self._folder = server, client, folder

    def holding(self, item: Sendable, *, digest: bool = False, readable: bool = True) -> HeldFile:
        """The server has this file, behind a path of its own."""
        path = f"/data/{item.name}"
        content = (self._folder / item.name).read_bytes() if readable else b"no DICOM"
        self._server.on(path, saying(200, content, "application/octet-stream"))
        return HeldFile(path, item.size_bytes, md5_of(item.member) if digest else "")

    def prove(self, held: list[HeldFile], **options: int | bool) -> str:
        looks = bool(options.pop("looks", True))
        prover = Prover(self._client.access, Flow(), self.tally, workers=2, **options)
        return prover.prove(self.items, held, looks=looks)

    def outcomes(self) -> list[tuple[UploadState, UploadProof | None]]:
        return [(outcome.state, outcome.proof) for outcome in self.tally.outcomes(self.items)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    server = SmallServer()
    with XNATClient(server.url, "alice", "secret") as client:
        yield Bench(server, client, tmp_path / "source")
    server.close()


SAME = UploadState.ARRIVED, UploadProof.SAME_BYTES
PRESENT = UploadState.ARRIVED, UploadProof.INSTANCE_PRESENT
COUNTED = UploadState.ARRIVED, UploadProof.COUNT_ONLY
UNPROVEN = UploadState.ARRIVED, UploadProof.NOTHING
MISSING = UploadState.MISSING, None


def test_digests_prove_bytes_and_headers_the_rest(bench: Bench) -> None:
    held = [bench.holding(item, digest=at < 2) for at, item in enumerate(bench.items)]

    assert bench.prove(held) == ""
    assert bench.outcomes() == [SAME, SAME, PRESENT, PRESENT]


def test_what_no_file_holds_is_missing(bench: Bench) -> None:
    held = [bench.holding(item) for item in bench.items[:3]]

    assert bench.prove(held) == ""
    assert bench.outcomes() == [PRESENT, PRESENT, PRESENT, MISSING]


def test_files_that_cannot_be_read_count_and_no_others(bench: Bench) -> None:
    held = [bench.holding(item, readable=at < 3) for at, item in enumerate(bench.items)]

    assert bench.prove(held) == ""
    assert bench.outcomes() == [PRESENT, PRESENT, PRESENT, COUNTED]


def test_a_gap_without_a_name_is_told(bench: Bench) -> None:
    held = [bench.holding(item, readable=at < 2) for at, item in enumerate(bench.items[:3])]

    assert bench.prove(held) == "The server took 2 instances of which it lists 1 at most."
    assert bench.outcomes() == [PRESENT, PRESENT, UNPROVEN, UNPROVEN]


@pytest.mark.parametrize("options", [{"looks": False}, {"most_headers": 3}])
def test_what_is_not_looked_into_is_counted(options: dict[str, int | bool], bench: Bench) -> None:
    assert bench.prove([bench.holding(item) for item in bench.items], **options) == ""
    assert bench.outcomes() == [COUNTED] * 4


def test_fewer_files_than_were_taken_are_told(bench: Bench) -> None:
    assert bench.prove([bench.holding(item) for item in bench.items[:3]], looks=False)
    assert bench.outcomes() == [UNPROVEN] * 4


def test_an_empty_server_proves_nothing(bench: Bench) -> None:
    assert bench.prove([]) == ""
    assert bench.outcomes() == [MISSING] * 4
