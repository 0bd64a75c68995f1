"""The files in an archive that was sent, one after the other; archives in it are opened too."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from xnat_tui.demo.refusal import Refusal

_SPOOL_BYTES = 4 << 20
_CHUNK_BYTES = 1 << 20
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError)
Entry = tuple[str, IO[bytes]]


def entries(name: str, body: IO[bytes]) -> Iterator[Entry]:
    """Yield names and open files of the members of an archive; each is closed when the next is asked for.

    Args:
        name: what the archive is called; its ending says how it is packed.
        body: its bytes, in a file that can seek.

    Raises:
        Refusal: 400 for a name that is neither of a ZIP nor of a tar file, and for a broken archive.
    """
    packing = _packing(name)
    if not packing:
        raise Refusal(400, "Unsupported format UNKNOWN")
    try:
        members = _zip_members(body) if packing == "zip" else _tar_members(body, packing)
        for inner_name, inner in members:
            if _packing(inner_name):
                yield from entries(inner_name, inner)
            else:
                yield inner_name, inner
    except _BROKEN as error:
        raise Refusal(400, f"Unable to read archive {name}: {error}") from error


def _packing(name: str) -> str:
    lowered = name.lower()
    if lowered.endswith(".zip"):
        return "zip"
    if lowered.endswith((".tar.gz", ".tgz")):
        return "r:gz"
    return "r:" if lowered.endswith(".tar") else ""


def _zip_members(body: IO[bytes]) -> Iterator[Entry]:
    with zipfile.ZipFile(body) as packed:
        for info in packed.infolist():
            if not info.is_dir():
                with packed.open(info) as member:
                    yield from _seekable(info.filename, member)


def _tar_members(body: IO[bytes], mode: str) -> Iterator[Entry]:
    with tarfile.open(fileobj=body, mode="r:gz" if mode == "r:gz" else "r:") as packed:
        for info in packed:
            member = packed.extractfile(info) if info.isfile() else None
            if member:
                with member:
                    yield from _seekable(info.name.removeprefix("./"), member)


def _seekable(name: str, member: IO[bytes]) -> Iterator[Entry]:
    """Yield a member in a file of its own: to seek backwards in a packed one is to unpack it again."""
    with SpooledTemporaryFile(max_size=_SPOOL_BYTES) as spool:
        while chunk := member.read(_CHUNK_BYTES):
            spool.write(chunk)
        spool.seek(0)
        yield name, spool
