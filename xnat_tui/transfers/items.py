"""What a job moves: one item for each file, known by the server's ids and not by names that people edit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xnat_tui.core.uri import data_path, file_path


class ItemState(StrEnum):
    """How far an item has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Proof(StrEnum):
    """What is known of the bytes of an item that has arrived.

    VERIFIED: they have the digest that the server lists.
    UNVERIFIED: they have the right length, and no digest was compared.
    """

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Item:
    """One file on the server and its place on the disk.

    Attributes:
        resource_id: the server's number of its resource, unique on the server.
        path: where in the resource, with slashes.
        owner: path of what the resource belongs to, "experiments/XNAT_E1/scans/2".
        size_bytes: None where the server does not say.
        digest: MD5 in hexadecimal digits, "" where the server has none.
        target: where below the destination, with slashes.
    """

    resource_id: str
    path: str
    owner: str
    size_bytes: int | None
    digest: str
    target: str

    @property
    def request_path(self) -> str:
        """The path to GET this file alone."""
        return file_path(*self.owner.split("/"), "resources", self.resource_id, "files", file=self.path)


@dataclass(frozen=True, slots=True)
class Batch:
    """Resources of one session, or one resource of anything, whose files can come in one ZIP.

    Attributes:
        session: path of the session, "experiments/XNAT_E1"; of the owner where it is no scan.
        scan_ids: scan of each resource; empty where it belongs to no scan.
        label: what the resources are called, or the number of a single one.
        resource_ids: the server's numbers of them.
        size_bytes: of all files to be moved.
        files: how many of them.
    """

    session: str
    scan_ids: tuple[str, ...]
    label: str
    resource_ids: tuple[str, ...]
    size_bytes: int
    files: int

    @property
    def request_path(self) -> str:
        """The path to GET the ZIP of these resources.

        XNAT stores files in it as they are, unless asked to deflate.
        """
        scans = ("scans", ",".join(self.scan_ids)) if self.scan_ids else ()
        path = data_path(*self.session.split("/"), *scans, "resources", self.label, "files")
        return f"{path}?format=zip"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item in one run.

    Attributes:
        item: which.
        proof: None for one that did not arrive.
        error: a sentence, "" for success.
    """

    item: Item
    proof: Proof | None
    error: str = ""
