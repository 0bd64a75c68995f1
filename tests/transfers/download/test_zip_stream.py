"""Reading ZIPs while they arrive: every form that servers send, and every way in which they break."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest

from xnat_tui.transfers.download.zip_stream import BUFFER_BYTES, BrokenZipError, ZipStream

CONTENTS = {
    "empty": b"",
    "one": b"1",
    "text ü.txt": b"many of the same " * 5000,
    "noise": random.Random(1).randbytes(BUFFER_BYTES + 12_345),
    "folder/small": b"\x00" * 100,
}


class Drip:
    """Gives bytes in pieces of chosen sizes, as a network does."""

    def __init__(self, data: bytes, most: int) -> None:
        self._source = io.BytesIO(data)
        self._sizes = random.Random(most)
        self._most = most

    def readinto(self, buffer: memoryview) -> int:
        return self._source.readinto(buffer[: self._sizes.randint(1, self._most)])


class OneWay(io.RawIOBase):
    """A file that cannot be gone back in, so that zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.data += piece
        return len(piece)


def packed(method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in CONTENTS.items():
            archive.writestr(name, data)
    return target.getvalue()


def streamed(*, force_zip64: bool) -> bytes:
    target = OneWay()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in CONTENTS.items():
            with archive.open(name, "w", force_zip64=force_zip64) as entry:
                entry.write(data)
    return bytes(target.data)


def read(data: bytes, most: int = BUFFER_BYTES) -> dict[str, bytes]:
    stream = ZipStream(Drip(data, most))
    return {entry.name: b"".join(map(bytes, entry.pieces())) for entry in stream.entries()}


@pytest.mark.parametrize("most", [7, 1000, BUFFER_BYTES])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_entries_are_read_however_the_bytes_come(method: int, most: int) -> None:
    assert read(packed(method), most) == CONTENTS


@pytest.mark.parametrize("force_zip64", [False, True])
def test_data_descriptors_short_and_long(force_zip64: bool) -> None:
    assert read(streamed(force_zip64=force_zip64)) == CONTENTS


def test_data_descriptors_without_a_mark() -> None:
    assert read(streamed(force_zip64=False).replace(b"PK\x07\x08", b"")) == CONTENTS


def test_sizes_of_64_bits() -> None:
    data = b"large in name only"
    extra = struct.pack("<HHQQ", 1, 16, len(data), len(data))
    head = struct.pack(
        "<4s5H3I2H", b"PK\x03\x04", 45, 0, 0, 0, 0, zlib.crc32(data), 0xFFFFFFFF, 0xFFFFFFFF, 1, 20
    )
    assert read(head + b"x" + extra + data + b"PK\x05\x06" + bytes(18)) == {"x": data}


def test_entries_that_nobody_reads_are_passed_over() -> None:
    stream = ZipStream(Drip(packed(zipfile.ZIP_DEFLATED), 500))
    assert [entry.name for entry in stream.entries()] == list(CONTENTS)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_early_end_is_noticed_wherever_it_comes(method: int) -> None:
    whole = packed(method)
    directory = whole.index(b"PK\x01\x02")
    for end in (*range(0, 200, 7), directory // 2, directory - 1, directory):
        with pytest.raises(BrokenZipError):
            read(whole[:end])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_changed_byte_is_noticed(method: int) -> None:
    whole = bytearray(packed(method))
    whole[whole.index(b"noise") + 5000] ^= 0xFF
    with pytest.raises(BrokenZipError):
        read(bytes(whole))


def test_what_cannot_be_read_is_refused() -> None:
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 8, 0, 0, 0, 0, 0, 0, 1, 0) + b"x"
    with pytest.raises(BrokenZipError, match="how long"):
        read(head + b"data")
    with pytest.raises(BrokenZipError, match="unknown way"):
        read(head.replace(b"\x08\x00", b"\x01\x00", 1) + b"data")


def test_a_bomb_comes_in_small_pieces() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(200_000_000))
    entry = next(ZipStream(io.BytesIO(target.getvalue())).entries())
    assert max(len(piece) for piece in entry.pieces()) <= 2_000_000
