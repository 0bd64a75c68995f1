"""A reader of the first elements of a DICOM data set in memory: values as stored, nothing decoded.

It knows explicit and implicit little endian (DICOM PS3.5, chapter 7), which all but a few files use, and is
many times faster than building a data set. What it finds odd, it says, and leaves to a full parser.
"""

from __future__ import annotations

import struct
from collections.abc import Container

ITEM = 0xFFFEE000
ITEM_END = 0xFFFEE00D
SEQUENCE_END = 0xFFFEE0DD

_UNDEFINED = 0xFFFFFFFF
_EXPLICIT = struct.Struct("<HH2sH")
_IMPLICIT = struct.Struct("<HHI")
_LONG = struct.Struct("<I")
# These have two reserved bytes and a length of four bytes.
_LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())


class OddEncodingError(Exception):
    """The bytes are not what this reader understands."""


class TooShortError(Exception):
    """The bytes end before the last wanted element; more of the file may help."""


def read_elements(
    data: bytes, offset: int, *, explicit: bool, wanted: Container[int], last: int
) -> dict[int, bytes]:
    """Return the values of `wanted` elements, by tag (group in the upper 16 bits), as they are stored.

    Reading ends at the first element beyond `last`, so that pixels are never looked at.

    Raises:
        OddEncodingError: not this encoding, or elements out of order.
        TooShortError: `data` ends before an element beyond `last`.
    """
    try:
        return _walk(data, offset, explicit, wanted, last)
    except struct.error as error:
        raise TooShortError from error


def read_meta(data: bytes, offset: int) -> tuple[dict[int, bytes], int]:
    """Return the file meta elements (group 0002, always explicit) and the offset of the data set behind.

    The group's stated length is not trusted: writers exist that leave it out or state it wrongly.
    """
    found: dict[int, bytes] = {}
    try:
        while data[offset : offset + 2] == b"\2\0":
            tag, start, length = _read_head(data, offset, True)
            offset = start + length
            found[tag] = data[start:offset]
        _EXPLICIT.unpack_from(data, offset)
    except struct.error as error:
        raise TooShortError from error
    return found, offset


def _walk(data: bytes, offset: int, explicit: bool, wanted: Container[int], last: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    before = 0
    while True:
        tag, start, length = _read_head(data, offset, explicit)
        if tag > last:
            return found
        if tag <= before:
            raise OddEncodingError("elements out of order")
        before = tag
        if length == _UNDEFINED:
            offset = _skip_sequence(data, start, explicit)
            continue
        offset = start + length
        if tag in wanted:
            if offset > len(data):
                raise TooShortError
            found[tag] = data[start:offset]


def _read_head(data: bytes, offset: int, explicit: bool) -> tuple[int, int, int]:
    """Tag, offset of the value, and length of the value of the element at `offset`."""
    if not explicit:
        group, element, length = _IMPLICIT.unpack_from(data, offset)
        return group << 16 | element, offset + 8, length
    group, element, vr, length = _EXPLICIT.unpack_from(data, offset)
    if vr in _SHORT_VRS:
        return group << 16 | element, offset + 8, length
    if vr not in _LONG_VRS:
        raise OddEncodingError(f"no value representation {vr!r}")
    return group << 16 | element, offset + 12, _LONG.unpack_from(data, offset + 8)[0]


def _skip_sequence(data: bytes, offset: int, explicit: bool) -> int:
    """Return the offset behind a sequence of undefined length whose first item is at `offset`."""
    while True:
        group, element, length = _IMPLICIT.unpack_from(data, offset)
        tag = group << 16 | element
        offset += 8
        if tag == SEQUENCE_END:
            return offset
        if tag != ITEM:
            raise OddEncodingError("a sequence holds something that is no item")
        offset = _skip_item(data, offset, explicit) if length == _UNDEFINED else offset + length


def _skip_item(data: bytes, offset: int, explicit: bool) -> int:
    while True:
        group, element, length = _IMPLICIT.unpack_from(data, offset)
        if group << 16 | element == ITEM_END:
            return offset + 8
        _, start, length = _read_head(data, offset, explicit)
        offset = _skip_sequence(data, start, explicit) if length == _UNDEFINED else start + length
