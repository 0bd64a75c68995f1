"""Units of P-DATA: what is sent is cut as the peer wants it, what comes back is not trusted."""

from __future__ import annotations

import io
import struct

import pytest
from pydicom import Dataset
from pynetdicom.dsutils import decode
from pynetdicom.pdu import P_DATA_TF

from xnat_tui.transfers.dicom.pdata import (
    C_STORE_REQUEST,
    SourceChangedError,
    data_blocks,
    fragment_length,
    read_fragments,
    read_response,
    store_command,
)
from xnat_tui.transfers.dicom.peer import UnspeakableError

CT = "1.2.840.10008.5.1.4.1.1.2"


def units(sent: bytes) -> list[P_DATA_TF]:
    """The units of a message, as pynetdicom reads them."""
    found = []
    while sent:
        (length,) = struct.unpack_from(">I", sent, 2)
        unit = P_DATA_TF()
        unit.decode(sent[: length + 6])
        found.append(unit)
        sent = sent[length + 6 :]
    return found


def payload(unit: P_DATA_TF) -> tuple[int, bytes]:
    """Control byte and data of the only fragment of a unit."""
    (item,) = unit.presentation_data_value_items
    value = bytes(item.presentation_data_value)
    return value[0], value[1:]


def answer(**changes: int) -> bytes:
    """A C-STORE response as a command set."""
    values = {"field": 0x8001, "message": 7, "status": 0} | changes
    elements = [(0x0100, values["field"]), (0x0120, values["message"]), (0x0900, values["status"])]
    return b"".join(struct.pack("<HHIH", 0, element, 2, number) for element, number in elements)


def test_the_command_is_what_pynetdicom_reads_as_a_store_request() -> None:
    (unit,) = units(store_command(3, 7, CT, "1.2.3"))
    control, command = payload(unit)
    message: Dataset = decode(io.BytesIO(command), True, True)
    assert control == 3
    assert message.AffectedSOPClassUID == CT
    assert message.AffectedSOPInstanceUID == "1.2.3"
    assert (message.CommandField, message.MessageID) == (C_STORE_REQUEST, 7)
    assert message.CommandGroupLength == len(command) - 12


@pytest.mark.parametrize("length", [2, 100, 101, 102, 250_000, 1 << 20, (1 << 20) + 2])
def test_data_is_cut_into_fragments_and_only_the_last_says_so(length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    blocks = list(data_blocks(b"", io.BytesIO(content[:length]), length, 5, 100))
    found = [payload(unit) for unit in units(b"".join(blocks))]
    assert b"".join(data for _, data in found) == content[:length]
    assert [control for control, _ in found] == [0] * (len(found) - 1) + [2]
    assert max(len(data) for _, data in found) <= 100


def test_an_odd_deflated_data_set_is_padded() -> None:
    (block,) = data_blocks(b"", io.BytesIO(b"abc"), 3, 1, 100, pad=True)
    assert payload(units(block)[0]) == (2, b"abc\0")


def test_what_goes_before_is_in_the_first_block_only() -> None:
    blocks = list(data_blocks(b"HEAD", io.BytesIO(bytes(3 << 20)), 3 << 20, 1, 1 << 14))
    assert [block.startswith(b"HEAD") for block in blocks] == [True] + [False] * (len(blocks) - 1)


def test_a_stream_that_ends_early_is_noticed() -> None:
    with pytest.raises(SourceChangedError):
        list(data_blocks(b"", io.BytesIO(b"abc"), 4, 1, 100))


@pytest.mark.parametrize(("bound", "fragment"), [(16384, 16378), (16383, 16376), (0, 1 << 18), (8, 2)])
def test_fragments_fit_into_what_the_peer_takes(bound: int, fragment: int) -> None:
    assert fragment_length(bound) == fragment


@pytest.mark.parametrize("bound", [1, 6, 7])
def test_a_peer_that_takes_nothing_is_named(bound: int) -> None:
    with pytest.raises(UnspeakableError, match="too short"):
        fragment_length(bound)


def test_a_response_gives_status_and_comment() -> None:
    comment = struct.pack("<HHI", 0, 0x0902, 4) + b"full"
    assert read_response(answer(status=0xA700) + comment, C_STORE_REQUEST, 7) == (0xA700, "full")


@pytest.mark.parametrize(
    "command", [b"", b"\0\0\0", answer(message=8), answer(field=0x8030), answer()[:-1], answer()[:14]]
)
def test_a_response_to_something_else_is_none(command: bytes) -> None:
    with pytest.raises(UnspeakableError):
        read_response(command, C_STORE_REQUEST, 7)


@pytest.mark.parametrize(
    "body",
    [
        b"\0\0\0",
        struct.pack(">IBB", 100, 1, 3),
        struct.pack(">IBB", 0, 1, 3),
        struct.pack(">IBB", 2, 1, 2),
    ],
)
def test_units_that_make_no_sense_are_errors(body: bytes) -> None:
    with pytest.raises(UnspeakableError):
        list(read_fragments(body))
