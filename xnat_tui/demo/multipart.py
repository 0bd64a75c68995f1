"""Reads the parts of a multipart body one after the other, without holding them in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from tempfile import SpooledTemporaryFile
from typing import IO

_CHUNK_BYTES = 1 << 18
_SPOOL_BYTES = 1 << 20


@dataclass(frozen=True)
class Part:
    """One part: the name of its field, its file name (empty when it is no file), and its bytes."""

    field: str
    filename: str
    body: IO[bytes]


def boundary_of(content_type: str) -> bytes:
    """Return the boundary in a Content-Type header; empty when there is none."""
    message = Message()
    message["content-type"] = content_type
    return (message.get_boundary() or "").encode("latin-1")


def read_parts(source: IO[bytes], boundary: bytes) -> Iterator[Part]:
    """Yield the parts of a body; each part's file is closed when the next is asked for."""
    scanner = _Scanner(source)
    delimiter = b"\r\n--" + boundary
    scanner.copy_until(delimiter, None)
    while not scanner.take(2).startswith(b"--"):
        with _spool(scanner, b"\r\n\r\n") as head:
            headers = BytesParser().parsebytes(head.read().lstrip() + b"\r\n\r\n")
        with _spool(scanner, delimiter) as body:
            field = headers.get_param("name", "", "content-disposition")
            yield Part(str(field), headers.get_filename("") or "", body)


@contextmanager
def _spool(scanner: _Scanner, end: bytes) -> Iterator[IO[bytes]]:
    """Read up to a mark into a spooled file that stands at its start."""
    with SpooledTemporaryFile(max_size=_SPOOL_BYTES) as sink:
        scanner.copy_until(end, sink)
        sink.seek(0)
        yield sink


class _Scanner:
    """Reads a stream up to marks."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._buffer = b"\r\n"  # so that the first boundary looks like all others

    def take(self, count: int) -> bytes:
        """Return the next bytes; `--` at the end of the stream, as after the last boundary."""
        self._buffer += self._source.read(_CHUNK_BYTES) if len(self._buffer) < count else b""
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken or b"--"

    def copy_until(self, mark: bytes, sink: IO[bytes] | None) -> None:
        """Copy up to a mark, which is passed over, or to the end of the stream."""
        while (place := self._buffer.find(mark)) < 0:
            chunk = self._source.read(_CHUNK_BYTES)
            keep = len(mark) - 1 if chunk else 0
            ready = max(len(self._buffer) - keep, 0)
            if sink:
                sink.write(self._buffer[:ready])
            self._buffer = self._buffer[ready:] + chunk
            if not chunk:
                return
        if sink:
            sink.write(self._buffer[:place])
        self._buffer = self._buffer[place + len(mark) :]
