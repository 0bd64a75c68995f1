"""Where DICOM files lie: in a folder, in a list of paths, in a ZIP or a tar. Members are read in place.

A source can be opened from several threads at once.
"""

from __future__ import annotations

import io
import lzma
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.dicom.files import walk_files

_ENCRYPTED = 0x1
_DAMAGES = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One file of a source.

    Attributes:
        name: what the source calls it; `open` takes it.
        problem: why it cannot be read, "" when it can.
    """

    name: str
    size_bytes: int
    problem: str = ""


class DicomSource(ABC):
    """Files that may be DICOM, by name."""

    @abstractmethod
    def entries(self) -> Iterator[SourceEntry]:
        """Yield every file, DICOM or not."""

    @abstractmethod
    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; raises OSError when it cannot be read."""

    def close(self) -> None:  # noqa: B027 - folders hold nothing open
        """Let go of what is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(path: Path) -> DicomSource:
    """Open a folder, a ZIP or a tar (compressed or not) as a source.

    Raises:
        FileNotFoundError: nothing is there.
        InvalidValueError: it is none of these (a ValueError).
    """
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist.")
    if zipfile.is_zipfile(path):
        return ZipSource(path)
    if tarfile.is_tarfile(path):
        return TarSource(path)
    raise InvalidValueError(f"{path} is neither a directory nor a ZIP nor a tar.")


class FolderSource(DicomSource):
    """All files below a folder, named by their path relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def entries(self) -> Iterator[SourceEntry]:
        """Yield every file below the folder."""
        for path in walk_files(self.root):
            yield SourceEntry(path.relative_to(self.root).as_posix(), path.stat().st_size)

    def open(self, name: str) -> BinaryIO:
        """Open a file by its path relative to the folder."""
        return cast("BinaryIO", open(os.path.join(self.root, name), "rb", buffering=0))


class FileListSource(DicomSource):
    """Exactly the given files, named by their paths.

    Raises:
        FileNotFoundError: a file is missing.
        InvalidValueError: a path is no file (a ValueError).
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if not path.exists():
                raise FileNotFoundError(f"{path} does not exist.")
            if not path.is_file():
                raise InvalidValueError(f"{path} is not a file.")
        self.paths = tuple(paths)

    def entries(self) -> Iterator[SourceEntry]:
        """Yield the files in the order given."""
        for path in self.paths:
            yield SourceEntry(str(path), path.stat().st_size)

    def open(self, name: str) -> BinaryIO:
        """Open a file by its path."""
        return cast("BinaryIO", open(name, "rb", buffering=0))


class ZipSource(DicomSource):
    """The members of a ZIP."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def entries(self) -> Iterator[SourceEntry]:
        """Yield every member that is a file."""
        for member in self._zip.infolist():
            if not member.is_dir():
                problem = "is encrypted" if member.flag_bits & _ENCRYPTED else ""
                yield SourceEntry(member.filename, member.file_size, problem)

    def open(self, name: str) -> BinaryIO:
        """Open a member; a damaged one raises OSError, here or while it is read."""
        try:
            return cast("BinaryIO", _ZipMember(self._zip.open(name)))
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise OSError(f"{name} cannot be read from the ZIP: {error}") from error

    def close(self) -> None:
        """Close the ZIP."""
        self._zip.close()


class _ZipMember(io.RawIOBase):
    """A member whose damage is an OSError, as that of any other file."""

    def __init__(self, member: io.BufferedIOBase | object) -> None:
        self._member = cast("BinaryIO", member)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except _DAMAGES as error:
            raise OSError(f"the ZIP is damaged: {error}") from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._member.close()
        super().close()


class TarSource(DicomSource):
    """The members of a tar.

    A compressed tar cannot be read from its middle: it is first decompressed into an unnamed temporary file.
    """

    def __init__(self, path: Path) -> None:
        self._file = _decompress(path) if _is_compressed(path) else path.open("rb")
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                self._members = {member.name: member for member in tar if not member.isdir()}
        except tarfile.TarError as error:
            self._file.close()
            raise InvalidValueError(f"{path} is damaged: {error}") from error

    def entries(self) -> Iterator[SourceEntry]:
        """Yield every member that is not a directory."""
        for name, member in self._members.items():
            plain = member.isreg() and not member.issparse()
            yield SourceEntry(name, member.size, "" if plain else "is a link or a device, not a file")

    def open(self, name: str) -> BinaryIO:
        """Open a member."""
        member = self._members[name]
        return cast("BinaryIO", _FileSlice(self._file.fileno(), member.offset_data, member.size))

    def close(self) -> None:
        """Close the tar."""
        self._file.close()


def _is_compressed(path: Path) -> bool:
    try:
        with tarfile.open(path, mode="r:"):
            return False
    except tarfile.ReadError:
        return True


def _decompress(path: Path) -> BinaryIO:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the source closes it
    with tarfile.open(path, mode="r:*") as tar:
        plain = cast("BinaryIO", tar.fileobj)
        plain.seek(0)
        try:
            shutil.copyfileobj(plain, target, 1 << 20)
        except (OSError, *_DAMAGES) as error:
            target.close()
            raise InvalidValueError(f"{path} is damaged: {error}") from error
    target.seek(0)
    return cast("BinaryIO", target)


class _FileSlice(io.RawIOBase):
    """Part of an open file, with a position of its own, so that threads do not disturb each other."""

    def __init__(self, descriptor: int, offset: int, length: int) -> None:
        self._descriptor = descriptor
        self._at = offset
        self._end = offset + length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = os.pread(self._descriptor, min(len(buffer), self._end - self._at), self._at)
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
