"""DIMSE messages as P-DATA units (DICOM PS3.7 and PS3.8): commands, and data sets as they lie in their files.

A data set is never parsed: the bytes behind the file's meta information go out as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from xnat_tui.transfers.dicom.peer import UnspeakableError

C_STORE_REQUEST = 0x0001
C_ECHO_REQUEST = 0x0030
RESPONSE = 0x8000

P_DATA = 0x04

_HEADER = struct.Struct(">BBIIBB")
_FRAME_BYTES = 6
_COMMAND = 0x01
_LAST = 0x02
_NO_DATA_SET = 0x0101
_DATA_SET = 0x0000
_MEDIUM_PRIORITY = 0x0000
_BLOCK_BYTES = 1 << 20
_LONGEST_FRAGMENT_BYTES = 1 << 18
_ELEMENT = struct.Struct("<HHI")

_SOP_CLASS = 0x0002
_FIELD = 0x0100
_MESSAGE_ID = 0x0110
_ANSWERED_ID = 0x0120
_PRIORITY = 0x0700
_DATA_SET_TYPE = 0x0800
_STATUS = 0x0900
_COMMENT = 0x0902
_SOP_INSTANCE = 0x1000


class SourceChangedError(Exception):
    """The file is shorter than its header promised."""


def fragment_length(longest_pdu_bytes: int) -> int:
    """Return how many bytes of a message fit into one P-DATA unit for a peer; 0 means it sets no bound.

    Raises:
        UnspeakableError: the peer's bound leaves no room.
    """
    if not longest_pdu_bytes:
        return _LONGEST_FRAGMENT_BYTES
    # Fragments have even lengths, as everything in DICOM.
    room = min(longest_pdu_bytes - _FRAME_BYTES, _LONGEST_FRAGMENT_BYTES) & ~1
    if room <= 0:
        raise UnspeakableError(
            f"The DICOM peer takes units of {longest_pdu_bytes} bytes only: too short for any data."
        )
    return room


def store_command(context_id: int, message_id: int, sop_class_uid: str, sop_instance_uid: str) -> bytes:
    """Return the C-STORE-RQ that announces one data set."""
    return _frame_command(
        context_id,
        _uid(_SOP_CLASS, sop_class_uid)
        + _short(_FIELD, C_STORE_REQUEST)
        + _short(_MESSAGE_ID, message_id)
        + _short(_PRIORITY, _MEDIUM_PRIORITY)
        + _short(_DATA_SET_TYPE, _DATA_SET)
        + _uid(_SOP_INSTANCE, sop_instance_uid),
    )


def echo_command(context_id: int, message_id: int, sop_class_uid: str) -> bytes:
    """Return the C-ECHO-RQ."""
    return _frame_command(
        context_id,
        _uid(_SOP_CLASS, sop_class_uid)
        + _short(_FIELD, C_ECHO_REQUEST)
        + _short(_MESSAGE_ID, message_id)
        + _short(_DATA_SET_TYPE, _NO_DATA_SET),
    )


def data_blocks(
    head: bytes, stream: BinaryIO, length: int, context_id: int, fragment_bytes: int, *, pad: bool = False
) -> Iterator[bytes]:
    """Yield blocks of about 1 MiB to send: `head`, then `length` bytes of `stream` as P-DATA units.

    Args:
        head: what goes before, in the same block, so that both leave in one packet.
        stream: stands at the first byte of the data set.
        length: bytes of the data set.
        context_id: the presentation context.
        fragment_bytes: the most bytes of data in one unit, even.
        pad: end an odd length with one zero byte, which a deflated data set may need.

    Raises:
        SourceChangedError: the stream ends early.
    """
    most = max(1, _BLOCK_BYTES // fragment_bytes) * fragment_bytes
    full_header = _header(fragment_bytes, context_id, 0)
    while length > 0:
        block = _read(stream, min(most, length))
        length -= len(block)
        if not length and pad and len(block) % 2:
            block += b"\0"
        view = memoryview(block)
        pieces: list[bytes | memoryview] = [head]
        for at in range(0, len(block), fragment_bytes):
            pieces += (full_header, view[at : at + fragment_bytes])
        if not length:
            pieces[-2] = _header(len(pieces[-1]), context_id, _LAST)
        yield b"".join(pieces)
        head = b""


def read_fragments(body: bytes) -> Iterator[tuple[int, bool, bytes]]:
    """Yield context id, whether it is the last one, and bytes of every fragment of a P-DATA unit.

    Raises:
        UnspeakableError: lengths that cannot be, or a data set, which nothing that we send is answered with.
    """
    at = 0
    while at < len(body):
        if at + _FRAME_BYTES > len(body):
            raise UnspeakableError("The DICOM peer sent a unit that ends too early.")
        length, context_id, control = struct.unpack_from(">IBB", body, at)
        end = at + 4 + length
        if length < 2 or end > len(body) or not control & _COMMAND:
            raise UnspeakableError("The DICOM peer sent a unit that makes no sense.")
        yield context_id, bool(control & _LAST), body[at + _FRAME_BYTES : end]
        at = end


def read_response(command: bytes, field: int, message_id: int) -> tuple[int, str]:
    """Return status and comment of the response to the request `field` with `message_id`.

    Raises:
        UnspeakableError: it is no response, or one to something else.
    """
    values: dict[int, bytes] = {}
    at = 0
    try:
        while at < len(command):
            group, element, length = _ELEMENT.unpack_from(command, at)
            at += _ELEMENT.size
            values[group << 16 | element] = command[at : at + length]
            at += length
        answered = (_number(values, _FIELD), _number(values, _ANSWERED_ID))
        status = _number(values, _STATUS)
    except (struct.error, KeyError) as error:
        raise UnspeakableError("The DICOM peer sent a response that is not readable.") from error
    if answered != (field | RESPONSE, message_id):
        raise UnspeakableError("The DICOM peer answered to something that was not asked.")
    return status, values.get(_COMMENT, b"").decode("latin-1").strip(" \0")


def _frame_command(context_id: int, elements: bytes) -> bytes:
    command = _element(0x0000, struct.pack("<I", len(elements))) + elements
    return _header(len(command), context_id, _COMMAND | _LAST) + command


def _header(length: int, context_id: int, control: int) -> bytes:
    return _HEADER.pack(P_DATA, 0, length + _FRAME_BYTES, length + 2, context_id, control)


def _element(element: int, value: bytes) -> bytes:
    return _ELEMENT.pack(0x0000, element, len(value)) + value


def _short(element: int, number: int) -> bytes:
    return _element(element, struct.pack("<H", number))


def _uid(element: int, uid: str) -> bytes:
    value = uid.encode("ascii")
    return _element(element, value + b"\0" * (len(value) % 2))


def _number(values: dict[int, bytes], element: int) -> int:
    return int(struct.unpack("<H", values[element])[0])


def _read(stream: BinaryIO, count: int) -> bytes:
    """Read exactly `count` bytes; unbuffered files may give less at a time."""
    data = stream.read(count)
    while len(data) < count:
        more = stream.read(count - len(data))
        if not more:
            raise SourceChangedError
        data += more
    return data
