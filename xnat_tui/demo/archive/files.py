"""Files of resources: plain files on the disk, one folder for each resource, and their rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from xnat_tui.demo.archive.store import Row, Store, to_json
from xnat_tui.demo.refusal import Refusal

CHUNK_BYTES = 1 << 20
_COLUMNS = "resource_id, path, size, digest, format, content, tags"


@dataclass(frozen=True)
class StoredFile:
    """One file of a resource.

    Attributes:
        path: where it lies in the resource, with slashes.
        size_bytes: its length.
        digest: MD5 in hex, or empty when none was recorded.
    """

    resource_id: int
    path: str
    size_bytes: int
    digest: str
    format: str
    content: str
    tags: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def _stored_file(row: Row) -> StoredFile:
    return StoredFile(*(*row[:6], tuple(json.loads(row[6]))))


def check_path(path: str) -> str:
    """Return a file's path in its resource as it is, if it stays inside.

    Raises:
        Refusal: 400 for an empty or absolute path, or one with `..` or an empty part.
    """
    parts = path.split("/")
    if "\0" in path or any(part in ("", ".", "..") for part in parts):
        raise Refusal(400, f"Invalid file path: {path}")
    return path


def md5_of(path: Path) -> str:
    """Return the MD5 of a file in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _copy(source: IO[bytes], target: Path) -> tuple[int, str]:
    """Write a stream into a file; return its length and MD5."""
    digest, size = hashlib.md5(usedforsecurity=False), 0
    with target.open("wb") as sink:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            size += sink.write(chunk)
    return size, digest.hexdigest()


class Files(Store):
    """The part of the archive that keeps files."""

    def add_file(
        self,
        resource_id: int,
        path: str,
        data: bytes | Path | IO[bytes],
        *,
        tags: Sequence[str] = (),
        format: str = "",
        content: str = "",
        digest: bool = True,
    ) -> None:
        """Store a file in a resource; it replaces a file of the same path.

        Args:
            resource_id: number of the resource.
            path: where in the resource, with slashes.
            data: the bytes, a file to copy, or an open stream, read to its end.
            tags: free words.
            format: such as "DICOM"; empty takes none.
            content: such as "RAW".
            digest: False records no MD5, as a site does that computes none.

        Raises:
            Refusal: 400 for a path that leaves the resource.
        """
        target = self.file_location(resource_id, check_path(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        part = self.files_root / f"{uuid4().hex}.part"  # readers of an older file keep it whole
        if isinstance(data, Path):
            with data.open("rb") as source:
                size, md5 = _copy(source, part)
        else:
            size, md5 = _copy(BytesIO(data) if isinstance(data, bytes) else data, part)
        part.replace(target)
        sql = f"INSERT OR REPLACE INTO files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._run(sql, resource_id, path, size, md5 if digest else "", format, content, to_json(list(tags)))

    def adopt_file(self, resource_id: int, path: str, source: Path, digest: str) -> None:
        """Move a DICOM file of the same disk into a resource, in place of one of the same path.

        Args:
            resource_id: number of the resource.
            path: where in the resource, with slashes.
            source: the file.
            digest: its MD5 in hex, or empty.
        """
        target = self.file_location(resource_id, check_path(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        size = source.stat().st_size
        source.replace(target)
        sql = f"INSERT OR REPLACE INTO files ({_COLUMNS}) VALUES (?, ?, ?, ?, 'DICOM', 'RAW', '[]')"
        self._run(sql, resource_id, path, size, digest)

    def file_location(self, resource_id: int, path: str) -> Path:
        """Return where on the disk a file of a resource lies or would lie."""
        return self.files_root.joinpath(str(resource_id), *PurePosixPath(path).parts)

    def files(self, resource_id: int) -> list[StoredFile]:
        """Return the files of a resource, sorted by path."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM files WHERE resource_id = ? ORDER BY path", resource_id)
        return [_stored_file(row) for row in rows]

    def file(self, resource_id: int, path: str) -> StoredFile | None:
        """Return a file of a resource, or None."""
        row = self._row(f"SELECT {_COLUMNS} FROM files WHERE resource_id = ? AND path = ?", resource_id, path)
        return _stored_file(row) if row else None

    def read_file(self, resource_id: int, path: str) -> Iterator[bytes]:
        """Yield the bytes of a file in pieces."""
        with self.file_location(resource_id, path).open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk

    def delete_file(self, resource_id: int, path: str) -> None:
        """Delete a file and the folders that it leaves empty."""
        self._run("DELETE FROM files WHERE resource_id = ? AND path = ?", resource_id, path)
        location = self.file_location(resource_id, path)
        location.unlink(missing_ok=True)
        folder = location.parent
        while folder != self.files_root and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
