"""What is read of a DICOM file before it moves: who, what and how it is encoded. Pixels are never read."""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.dicom.elements import OddEncodingError, TooShortError, read_elements, read_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
DEFLATED_LITTLE = "1.2.840.10008.1.2.1.99"
MEDIA_DIRECTORY = "1.2.840.10008.1.3.10"

HEAD_BYTES = 8192
"""Enough for the headers of ordinary images, and little enough to read thousands of times."""

_MOST_HEAD_BYTES = 1 << 20
_MOST_PARSED_BYTES = 1 << 25
_INFLATED_BYTES = 1 << 16
_PREAMBLE_BYTES = 128
_META_START = 132

_MEDIA_CLASS = 0x00020002
_TRANSFER_SYNTAX = 0x00020010
_CHARACTER_SET = 0x00080005
_SOP_CLASS = 0x00080016
_SOP_INSTANCE = 0x00080018
_STUDY_DATE = 0x00080020
_STUDY_TIME = 0x00080030
_MODALITY = 0x00080060
_STUDY_DESCRIPTION = 0x00081030
_SERIES_DESCRIPTION = 0x0008103E
_PATIENT_NAME = 0x00100010
_PATIENT_ID = 0x00100020
_STUDY = 0x0020000D
_SERIES = 0x0020000E
_SERIES_NUMBER = 0x00200011
_INSTANCE_NUMBER = 0x00200013

_UID = re.compile(r"[0-9.]{1,64}")

_WANTED = frozenset(
    {
        _CHARACTER_SET,
        _SOP_CLASS,
        _SOP_INSTANCE,
        _STUDY_DATE,
        _STUDY_TIME,
        _MODALITY,
        _STUDY_DESCRIPTION,
        _SERIES_DESCRIPTION,
        _PATIENT_NAME,
        _PATIENT_ID,
        _STUDY,
        _SERIES,
        _SERIES_NUMBER,
        _INSTANCE_NUMBER,
    }
)


@dataclass(frozen=True, slots=True)
class DicomFile:
    """One DICOM instance in a source, as its header describes it.

    Attributes:
        name: what the source calls it: path relative to the folder, name in the archive, or path as given.
        size_bytes: length of the whole file.
        data_offset: where the data set starts, behind preamble and file meta information.
        transfer_syntax_uid: how the data set is encoded, as stored.
        study_date: YYYYMMDD as stored, "" when missing; study_time likewise HHMMSS and a fraction.
        series_number: None when missing or no number; instance_number likewise.
    """

    name: str
    size_bytes: int
    data_offset: int
    transfer_syntax_uid: str
    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str = ""
    series_uid: str = ""
    patient_name: str = ""
    patient_id: str = ""
    study_date: str = ""
    study_time: str = ""
    study_description: str = ""
    modality: str = ""
    series_number: int | None = None
    series_description: str = ""
    instance_number: int | None = None


def looks_like_dicom(head: bytes) -> bool:
    """Tell from a file's first bytes (about 1 KB) whether it is DICOM, with or without the usual preamble.

    Without the word DICM at byte 128 the bytes must be a data set that starts with its SOP Class UID.
    """
    if head[_PREAMBLE_BYTES:_META_START] == b"DICM":
        return True
    if head[:1] not in (b"\x02", b"\x08"):
        return False
    try:
        meta, offset = read_meta(head, 0)
        syntax = _text(meta.get(_TRANSFER_SYNTAX, b"")) or _guess_syntax(head, offset)
        elements = read_elements(
            head, offset, explicit=syntax != IMPLICIT_LITTLE, wanted={_SOP_CLASS}, last=_SOP_CLASS
        )
    except (OddEncodingError, TooShortError):
        return False
    return elements.get(_SOP_CLASS, b"").startswith(b"1.")


def read_header(stream: BinaryIO, name: str, size_bytes: int) -> DicomFile:
    """Read the header of the DICOM file in `stream`, which stands at its start.

    Raises:
        InvalidValueError: it is no DICOM instance; the message says why.
    """
    head = stream.read(HEAD_BYTES)
    if not looks_like_dicom(head):
        raise InvalidValueError(_why_not(head))
    while True:
        try:
            return _parse(head, name, size_bytes)
        except TooShortError:
            more = stream.read(len(head) * 7) if len(head) < _MOST_HEAD_BYTES else b""
            if not more:
                return _parse_fully(head, stream, name, size_bytes)
            head += more
        except OddEncodingError:
            return _parse_fully(head, stream, name, size_bytes)


def _why_not(head: bytes) -> str:
    if not head:
        return "is empty"
    if not head.strip(b"\0"):
        return "holds only zeros"
    return "is not DICOM"


def _parse(head: bytes, name: str, size_bytes: int) -> DicomFile:
    syntax, offset = _find_data_set(head)
    if syntax == EXPLICIT_BIG:
        raise OddEncodingError("big endian")
    data, start = head, offset
    if syntax == DEFLATED_LITTLE:
        data, start = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head[offset:], _INFLATED_BYTES), 0
    elements = read_elements(
        data, start, explicit=syntax != IMPLICIT_LITTLE, wanted=_WANTED, last=_INSTANCE_NUMBER
    )
    return _describe(elements, name, size_bytes, offset, syntax)


def _find_data_set(head: bytes) -> tuple[str, int]:
    """Transfer syntax and offset of the data set; a file without meta information tells by its looks."""
    start = _META_START if head[_PREAMBLE_BYTES:_META_START] == b"DICM" else 0
    meta, offset = read_meta(head, start)
    if _text(meta.get(_MEDIA_CLASS, b"")) == MEDIA_DIRECTORY:
        raise InvalidValueError("is a DICOMDIR, a list of other files")
    return _text(meta.get(_TRANSFER_SYNTAX, b"")) or _guess_syntax(head, offset), offset


def _guess_syntax(head: bytes, offset: int) -> str:
    return EXPLICIT_LITTLE if head[offset + 4 : offset + 6].isalpha() else IMPLICIT_LITTLE


def _parse_fully(head: bytes, stream: BinaryIO, name: str, size_bytes: int) -> DicomFile:
    """Let pydicom read what the light reader does not understand, or finds cut short."""
    from io import BytesIO

    from pydicom import dcmread
    from pydicom.tag import Tag

    head += stream.read(_MOST_PARSED_BYTES - len(head))
    try:
        syntax, offset = _find_data_set(head)
        wanted = [Tag(tag) for tag in _WANTED]
        header = dcmread(BytesIO(head), stop_before_pixels=True, force=True, specific_tags=wanted)
        elements = {tag: _as_stored(header, tag) for tag in _WANTED if tag in header}
    except TooShortError as error:
        raise InvalidValueError("ends too early") from error
    except InvalidValueError:
        raise
    except Exception as error:  # whatever pydicom stumbles over, the file is not readable
        raise InvalidValueError(f"is damaged: {error}") from error
    return _describe(elements, name, size_bytes, offset, syntax)


def _as_stored(header: object, tag: int) -> bytes:
    element = header.get_item(tag)  # type: ignore[attr-defined]
    value = element.value
    return value if isinstance(value, bytes) else str(value).encode()


def _describe(
    elements: Mapping[int, bytes], name: str, size_bytes: int, offset: int, syntax: str
) -> DicomFile:
    charset = _text(elements.get(_CHARACTER_SET, b""))

    def shared(tag: int) -> str:
        # Files of a series agree in most of this: one text in memory serves them all.
        return sys.intern(_text(elements.get(tag, b""), charset))

    sop_class, sop_instance = shared(_SOP_CLASS), _text(elements.get(_SOP_INSTANCE, b""))
    if not sop_class or not sop_instance:
        raise InvalidValueError("has no SOP Class UID or no SOP Instance UID")
    for uid in (sop_class, sop_instance, syntax):
        if not _UID.fullmatch(uid):
            raise InvalidValueError(f"has the UID {uid!r}, which is none")
    return DicomFile(
        name=name,
        size_bytes=size_bytes,
        data_offset=offset,
        transfer_syntax_uid=sys.intern(syntax),
        sop_class_uid=sop_class,
        sop_instance_uid=sop_instance,
        study_uid=shared(_STUDY),
        series_uid=shared(_SERIES),
        patient_name=shared(_PATIENT_NAME),
        patient_id=shared(_PATIENT_ID),
        study_date=shared(_STUDY_DATE),
        study_time=shared(_STUDY_TIME),
        study_description=shared(_STUDY_DESCRIPTION),
        modality=shared(_MODALITY),
        series_number=_number(elements.get(_SERIES_NUMBER, b"")),
        series_description=shared(_SERIES_DESCRIPTION),
        instance_number=_number(elements.get(_INSTANCE_NUMBER, b"")),
    )


def _number(value: bytes) -> int | None:
    try:
        return int(value.strip(b" \0"))
    except ValueError:
        return None


def _text(value: bytes, charset: str = "") -> str:
    return _decode(value, charset).strip(" \0")


def _decode(value: bytes, charset: str) -> str:
    if value.isascii() and b"\x1b" not in value:
        return value.decode("ascii")
    if charset in ("", "ISO_IR 6", "ISO_IR 100"):
        # Western letters without a declared character set are common; Latin-1 shows them all.
        return value.decode("latin-1")
    if charset == "ISO_IR 192":
        return value.decode("utf-8", "replace")
    from pydicom.charset import convert_encodings, decode_bytes

    return decode_bytes(value, convert_encodings(charset.split("\\")), {ord(mark) for mark in "\\^="})
