"""One DICOM object as it is received: its facts, and its bytes with an edited header."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

_CHUNK_BYTES = 1 << 20
_DEFLATED = "1.2.840.10008.1.2.1.99"
_EXPLICIT, _IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
_BARE_STARTS = (b"\x02\x00", b"\x08\x00")

KEYWORDS = (
    *("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber"),
    *("InstanceNumber", "SeriesDescription", "StudyDescription", "Modality", "StudyDate", "StudyTime"),
    *("SeriesTime", "AcquisitionTime", "StationName", "Manufacturer", "ManufacturerModelName"),
    *("InstitutionName", "OperatorsName", "MagneticFieldStrength", "NumberOfFrames", "ProtocolName"),
    *("BodyPartExamined", "RepetitionTime", "EchoTime", "InversionTime", "FlipAngle", "PixelSpacing"),
    *("SliceThickness", "PatientName", "PatientID", "AccessionNumber", "PatientComments"),
    *("StudyComments", "AdditionalPatientHistory"),
)
"""What is remembered of a header."""


class NotDicomError(Exception):
    """The bytes are no DICOM object, or one without SOP class or instance."""


class Instance:
    """A DICOM object whose header has been read; the pixels stay in its source.

    Args:
        source: an open file that can seek, at its start; it must stay open.

    Raises:
        NotDicomError: it is none.
    """

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._header = _read_header(source)
        self._rest = source.tell()
        self.facts = {keyword: text for keyword in KEYWORDS if (text := _text(self._header, keyword))}
        if not (self.facts.get("SOPClassUID") and self.facts.get("SOPInstanceUID")):
            raise NotDicomError("no SOP class or instance UID")

    def fact(self, keyword: str) -> str:
        """Return a value of the header as text; empty when missing."""
        return self.facts.get(keyword, "")

    def write(self, target: Path, edits: Mapping[str, str]) -> int:
        """Write the object into a file; return its length in bytes.

        Args:
            target: the file.
            edits: new values by keyword; without any the bytes stay as they came, and so do those of
                deflated objects and of odd ones that cannot be encoded again.
        """
        header = self._edited(edits) if edits and _syntax(self._header) != _DEFLATED else b""
        self._source.seek(self._rest if header else 0)
        with target.open("wb") as sink:
            sink.write(header)
            shutil.copyfileobj(self._source, sink, _CHUNK_BYTES)
            return sink.tell()

    def _edited(self, edits: Mapping[str, str]) -> bytes:
        """Return the file up to the pixels with new values in it; empty when it cannot be encoded."""
        from pydicom import dcmwrite
        from pydicom.uid import UID

        for keyword, value in edits.items():
            setattr(self._header, keyword, value)
        if not _syntax(self._header):
            implicit, _ = self._header.original_encoding
            self._header.file_meta.TransferSyntaxUID = UID(_IMPLICIT if implicit else _EXPLICIT)
        sink = BytesIO()
        try:
            dcmwrite(sink, self._header, enforce_file_format=True)
        except Exception:  # pydicom lets many kinds of errors through
            return b""
        self.facts |= edits
        return sink.getvalue()


def _read_header(source: IO[bytes]) -> FileDataset:
    from pydicom import dcmread

    start = source.read(2)
    source.seek(0)
    try:
        return dcmread(source, stop_before_pixels=True, force=start in _BARE_STARTS)
    except Exception as error:  # pydicom meets broken bytes with errors of many kinds
        raise NotDicomError(str(error)) from error


def _syntax(header: FileDataset) -> str:
    return str(header.file_meta.get("TransferSyntaxUID", ""))


def _text(header: FileDataset, keyword: str) -> str:
    from pydicom.multival import MultiValue

    try:
        value = header.get(keyword)
    except Exception:  # one value that cannot be decoded does not spoil the object
        return ""
    if isinstance(value, MultiValue):
        return "\\".join(str(part) for part in value)
    return "" if value is None else str(value).strip()
