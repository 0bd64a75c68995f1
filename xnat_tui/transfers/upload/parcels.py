"""What one request carries: a DICOM file, an archive of some, or a file for a resource."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xnat_tui.transfers.dicom.header import DicomFile
from xnat_tui.transfers.dicom.source import DicomSource
from xnat_tui.transfers.upload.archive_stream import ArchiveFormat, make_archive
from xnat_tui.transfers.upload.line import Body
from xnat_tui.transfers.upload.source import BLOCK_BYTES, Member, OpenMember
from xnat_tui.transfers.upload.target import UploadTarget


@dataclass(frozen=True, slots=True)
class Sendable:
    """A file that is to be sent.

    Attributes:
        version: tells a file from another that gets the same name later.
        file: what its header says; None for what need not be DICOM.
    """

    member: Member
    version: str
    file: DicomFile | None = None

    @property
    def name(self) -> str:
        """What the source calls it."""
        return self.member.name

    @property
    def size_bytes(self) -> int:
        """Length of the file."""
        return self.member.size_bytes

    @property
    def study_uid(self) -> str:
        """Study Instance UID in its header, "" for what need not be DICOM."""
        return self.file.study_uid if self.file else ""


def dicom_sendables(source: DicomSource, files: Sequence[DicomFile]) -> list[Sendable]:
    """Return what is to be sent of DICOM files in a source."""

    def sendable(file: DicomFile) -> Sendable:
        member = Member(file.name, _entry_name(file.name), file.size_bytes, lambda: source.open(file.name))
        return Sendable(member, f"{file.size_bytes} {file.sop_instance_uid}", file)

    return [sendable(file) for file in files]


class Parcel(ABC):
    """What one request carries.

    Attributes:
        items: the files in it.
        refusals: how often the server refused it in an ambiguous way.
    """

    method = "POST"

    def __init__(self, items: Sequence[Sendable]) -> None:
        self.items = tuple(items)
        self.refusals = 0

    @property
    def label(self) -> str:
        """What people call it."""
        return self.items[0].name

    @property
    @abstractmethod
    def path(self) -> str:
        """Encoded path of the request, with its query."""

    @abstractmethod
    def body(self) -> Body:
        """Return what the request carries."""

    def only(self, items: Sequence[Sendable]) -> Parcel:
        """Return a parcel of the same kind with some of the items."""
        raise TypeError(f"{type(self).__name__} cannot be divided.")


class FileBody:
    """One file as the body of a request."""

    def __init__(self, member: Member, media_type: str) -> None:
        self.member = member
        self.media_type = media_type

    @property
    def length_bytes(self) -> int:
        """Length of the file."""
        return self.member.size_bytes

    def pieces(self) -> Iterator[memoryview]:
        """Yield the file; raises SourceChangedError."""
        size_bytes = max(1, min(self.member.size_bytes, BLOCK_BYTES))
        return OpenMember(self.member).blocks(bytearray(size_bytes))


class DicomFileParcel(Parcel):
    """One DICOM file for the gradual importer."""

    def __init__(self, item: Sendable, target: UploadTarget) -> None:
        super().__init__([item])
        self._target = target

    @property
    def path(self) -> str:
        """Path of the import service."""
        return self._target.file_path()

    def body(self) -> Body:
        """Return the file."""
        return FileBody(self.items[0].member, "application/dicom")


class ArchiveParcel(Parcel):
    """An archive of DICOM files for the import service."""

    def __init__(self, items: Sequence[Sendable], target: UploadTarget, kind: ArchiveFormat) -> None:
        super().__init__(items)
        self._target = target
        self._kind = kind

    @property
    def path(self) -> str:
        """Path of the import service."""
        return self._target.archive_path()

    def body(self) -> Body:
        """Return the archive, which is made while it is sent."""
        return make_archive([item.member for item in self.items], self._kind)

    def only(self, items: Sequence[Sendable]) -> Parcel:
        """Return an archive of some of the files."""
        return ArchiveParcel(items, self._target, self._kind)


def _entry_name(name: str) -> str:
    """Return a name for an archive: below its root, without parts that lead elsewhere."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts)
