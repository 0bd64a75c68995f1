"""Whether bytes are the right ones: their number always, their digest where the server has one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from xnat_tui.core.exceptions import OperationError
from xnat_tui.transfers.items import Item, Proof

_CHUNK_BYTES = 1 << 20


class Digest(Protocol):
    """A running MD5, which is what XNAT records."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Add bytes."""

    def hexdigest(self) -> str:
        """Return the digest of all bytes so far."""


class MismatchError(OperationError):
    """The bytes that came are not those that the server lists."""


def new_digest() -> Digest:
    """Return a digest of nothing yet."""
    return hashlib.md5(usedforsecurity=False)


def digest_file(path: Path) -> Digest:
    """Return the digest of a file, which more can be added to.

    Raises:
        OSError: it cannot be read.
    """
    digest = new_digest()
    with path.open("rb", buffering=0) as source:
        while chunk := source.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest


def prove(item: Item, size_bytes: int, digest: Digest | None) -> Proof:
    """Return what is proven of an item of which all bytes were seen.

    Args:
        item: what the server lists.
        size_bytes: how many there were.
        digest: of them; None when none was computed, and never VERIFIED then.

    Raises:
        MismatchError: length or digest are others than the server lists.
    """
    if item.size_bytes is not None and size_bytes != item.size_bytes:
        raise MismatchError(f"The server lists {item.size_bytes} bytes, and {size_bytes} came.")
    if digest is None or not item.digest:
        return Proof.UNVERIFIED
    found = digest.hexdigest()
    if found != item.digest:
        raise MismatchError(f"The digest is {found}, and the server lists {item.digest}.")
    return Proof.VERIFIED
