"""Reads just enough DER (ITU-T X.690) to walk through a certificate. Checks no signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

UTC_TIME = 0x17
BMP_STRING = 0x1E


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag, identifier octet included, and its contents."""

    tag: int
    contents: bytes

    @property
    def parts(self) -> list[Value]:
        """The values that a constructed value consists of."""
        return list(read_values(self.contents))


def read_values(data: bytes) -> Iterator[Value]:
    """Give the values that stand one behind the other in `data`.

    Raises:
        ValueError: it is not DER.
    """
    position = 0
    while position < len(data):
        value, position = _read_value(data, position)
        yield value


def _read_value(data: bytes, position: int) -> tuple[Value, int]:
    tag, start = data[position], position + 2
    if start > len(data):
        raise ValueError("a value without a length")
    length = data[position + 1]
    if length & 0x80:
        octets = length & 0x7F
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    end = start + length
    if end > len(data):
        raise ValueError("a value longer than what is there")
    return Value(tag, data[start:end]), end


def object_id(value: Value) -> str:
    """Return an object identifier in its dotted form."""
    numbers: list[int] = []
    number = 0
    for octet in value.contents:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(number)
            number = 0
    if not numbers:
        raise ValueError("an empty object identifier")
    first = min(numbers[0] // 40, 2)
    return ".".join(str(part) for part in (first, numbers[0] - 40 * first, *numbers[1:]))
