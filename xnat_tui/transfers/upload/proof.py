"""Proves what can be proven of an upload: by digests, else by headers, else by counting. Never more.

A server that computes digests of files that it left as they were proves each with one listing. One that
edits headers, or has no digests, is asked for the first bytes of each of its files, and the SOP Instance UIDs
in them are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import islice

from xnat_tui.core.access import Access
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    InvalidValueError,
    ServerError,
)
from xnat_tui.models.upload import UploadProof, UploadState
from xnat_tui.transfers.dicom.header import HEAD_BYTES, read_header
from xnat_tui.transfers.flow import Flow
from xnat_tui.transfers.upload.held import HeldFile
from xnat_tui.transfers.upload.line import UploadLine
from xnat_tui.transfers.upload.parcels import Sendable
from xnat_tui.transfers.upload.source import md5_of
from xnat_tui.transfers.upload.tally import UploadTally

MOST_HEADERS = 5000
"""More files than this are not looked into one by one; that they are there is then proven by counting."""

_SAMPLE = 8


class Prover:
    """Compares what was sent with what the server holds."""

    def __init__(
        self,
        access: Access,
        flow: Flow,
        tally: UploadTally,
        *,
        workers: int = 4,
        most_headers: int = MOST_HEADERS,
    ) -> None:
        """Prepare.

        Args:
            access: the log-in to use.
            flow: stops it.
            tally: knows what the server took, and is told what is proven of it.
            workers: how many files are looked at together.
            most_headers: look into so many files on the server at most.
        """
        self._access = access
        self._flow = flow
        self._tally = tally
        self._workers = max(1, workers)
        self._most_headers = most_headers

    def prove(self, items: Iterable[Sendable], held: Sequence[HeldFile], *, looks: bool = True) -> str:
        """Prove the items that the server took.

        Args:
            items: what was sent; files of one SOP Instance UID are one instance.
            held: everything that the server holds at the places where they went.
            looks: compare digests and headers; otherwise count only.

        Returns:
            A sentence when the server holds less than it took and which files is not known; else "".
        """
        taken = [item for item in items if self._tally.is_held(item)]
        unseen = len(held)
        if looks:
            taken, left = self._prove_bytes(taken, list(held))
            taken, unseen = self._prove_instances(taken, left)
        instances = {item.file.sop_instance_uid if item.file else item.name for item in taken}
        if unseen < len(instances):
            return f"The server took {len(instances)} instances of which it lists {unseen} at most."
        for item in taken:
            self._tally.prove(item, UploadProof.COUNT_ONLY)
        return ""

    def _prove_bytes(
        self, taken: list[Sendable], held: list[HeldFile]
    ) -> tuple[list[Sendable], list[HeldFile]]:
        """Prove by digest; return what is left to prove, and the files of the server that proved nothing."""
        by_digest = {file.digest: file for file in held if file.digest}
        sizes = {file.size_bytes for file in by_digest.values()}
        candidates = [item for item in taken if item.size_bytes in sizes]
        proven = self._matching(candidates[:_SAMPLE], by_digest)
        # Where none of the first is the same, the server edits what it receives.
        if proven:
            proven |= self._matching(candidates[_SAMPLE:], by_digest)
        for item in taken:
            if item.name in proven:
                self._tally.prove(item, UploadProof.SAME_BYTES)
        used = set(proven.values())
        return (
            [item for item in taken if item.name not in proven],
            [file for file in held if file.digest not in used],
        )

    def _matching(self, items: Sequence[Sendable], by_digest: dict[str, HeldFile]) -> dict[str, str]:
        """Return digest by name of the items whose bytes the server has."""
        with ThreadPoolExecutor(self._workers) as pool:
            digests = list(pool.map(self._digest, items))
        return {
            item.name: digest
            for item, digest in zip(items, digests, strict=True)
            if digest in by_digest and by_digest[digest].size_bytes == item.size_bytes
        }

    def _digest(self, item: Sendable) -> str:
        self._flow.check()
        return md5_of(item.member)

    def _prove_instances(self, taken: list[Sendable], held: Sequence[HeldFile]) -> tuple[list[Sendable], int]:
        """Prove by headers; return what is left to be proven by counting, and how many files to count."""
        if not taken or len(held) > self._most_headers:
            return taken, len(held)
        uids = self._read_uids(held)
        by_presence: dict[bool, list[Sendable]] = defaultdict(list)
        for item in taken:
            by_presence[item.file is not None and item.file.sop_instance_uid in uids].append(item)
        for item in by_presence[True]:
            self._tally.prove(item, UploadProof.INSTANCE_PRESENT)
        if "" in uids:
            return by_presence[False], uids[""]
        error = "the server took it, but none of its files is this instance; a filter may have dropped it"
        self._tally.note(by_presence[False], UploadState.MISSING, error)
        return [], 0

    def _read_uids(self, held: Sequence[HeldFile]) -> Counter[str]:
        """Count the SOP Instance UIDs in files of the server; "" stands for what cannot be read."""
        shares = [list(islice(held, start, None, self._workers)) for start in range(self._workers)]
        with ThreadPoolExecutor(self._workers) as pool:
            return sum(pool.map(self._read_share, shares), Counter())

    def _read_share(self, held: Sequence[HeldFile]) -> Counter[str]:
        line = UploadLine(self._access, self._flow)
        try:
            return Counter(_uid_of(line, file) for file in held)
        finally:
            line.close()


def _uid_of(line: UploadLine, file: HeldFile) -> str:
    """Return the SOP Instance UID in a file of the server, "" when it cannot be told."""
    try:
        wanted = {"Range": f"bytes=0-{HEAD_BYTES - 1}"}
        head = line.send("GET", file.path, headers=wanted, most_bytes=HEAD_BYTES).body
        return read_header(BytesIO(head), file.path, len(head)).sop_instance_uid
    except AuthenticationError:
        raise
    except (ConnectionLostError, ServerError, InvalidValueError):
        return ""
