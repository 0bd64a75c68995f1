"""What one request to a resource carries: a file, or a ZIP that the server unpacks."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from xnat_tui.core.uri import file_path
from xnat_tui.transfers.upload.archive_stream import ZipStream
from xnat_tui.transfers.upload.line import Body
from xnat_tui.transfers.upload.parcels import FileBody, Parcel, Sendable
from xnat_tui.transfers.upload.source import Member, OpenMember

_MEDIA_TYPE = "application/octet-stream"


def is_archive(name: str) -> bool:
    """Tell whether XNAT unpacks a file of this name (tar since 1.8.0)."""
    return name.lower().endswith((".zip", ".tar", ".tar.gz", ".tgz"))


def packed_files(archive: str) -> dict[str, int]:
    """Return the paths and lengths of the files in a ZIP or tar on this machine.

    Raises:
        OSError, tarfile.TarError, zipfile.BadZipFile: it cannot be read.
    """
    if archive.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as packed:
            return {info.filename: info.file_size for info in packed.infolist() if not info.is_dir()}
    with tarfile.open(archive) as packed_tar:
        return {info.name.removeprefix("./"): info.size for info in packed_tar if info.isfile()}


class ResourceFileParcel(Parcel):
    """One file; an empty one goes in a form, because XNAT takes no empty body."""

    method = "PUT"

    def __init__(
        self, item: Sendable, folder: tuple[str, ...], query: dict[str, str], *, extract: bool
    ) -> None:
        super().__init__([item])
        self._folder = folder
        self._query = dict(query)
        if extract and is_archive(item.name):
            self._query["extract"] = "true"
        if not item.size_bytes:
            del self._query["inbody"]

    @property
    def path(self) -> str:
        """Path of the file in the resource."""
        path = file_path(*self._folder, file=self.items[0].member.entry)
        return f"{path}?{urlencode(self._query)}" if self._query else path

    def body(self) -> Body:
        """Return the file."""
        member = self.items[0].member
        return FileBody(member, _MEDIA_TYPE) if member.size_bytes else _EmptyFileForm(member)


class _EmptyFileForm:
    """A form with one empty file."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._boundary = uuid4().hex
        self.media_type = f"multipart/form-data; boundary={self._boundary}"

    @property
    def length_bytes(self) -> int:
        return len(self._form())

    def pieces(self) -> Iterator[bytes]:
        for _ in OpenMember(self._member).blocks(bytearray(1)):
            raise AssertionError("unreachable")
        yield self._form()

    def _form(self) -> bytes:
        name = self._member.entry.rpartition("/")[2].replace('"', "%22")
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        return f"--{self._boundary}\r\n{head}\r\n\r\n\r\n--{self._boundary}--\r\n".encode()


class PackedParcel(Parcel):
    """Files in one ZIP that the server unpacks into the resource."""

    method = "PUT"

    def __init__(self, items: Sequence[Sendable], folder: tuple[str, ...], query: dict[str, str]) -> None:
        super().__init__(items)
        self._folder = folder
        self._query = query

    @property
    def path(self) -> str:
        """Path of a file that is never kept."""
        path = file_path(*self._folder, file="upload.zip")
        return f"{path}?{urlencode({**self._query, 'extract': 'true'})}"

    def body(self) -> Body:
        """Return the ZIP, which is made while it is sent."""
        return ZipStream([item.member for item in self.items])

    def only(self, items: Sequence[Sendable]) -> Parcel:
        """Return a ZIP of some of the files."""
        return PackedParcel(items, self._folder, self._query)
