"""The rows of XNAT's dicomdump service: DICOM headers as a flat table of strings, without pixels."""

from __future__ import annotations

import html
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag, Tag

_LONGEST_VALUE = 255
_MOST_FILES = 10_000
_BYTES_SHOWN = 32
_PIXEL_GROUP = 0x7FE0
_HEX_DIGITS = frozenset("0123456789abcdef")

DumpKey = tuple[str, str, str, str]


def dump_rows(
    paths: Sequence[Path], fields: Sequence[str] = (), *, summary: bool = False
) -> list[dict[str, str]]:
    """The header of the first DICOM file, or of all of them, as XNAT answers it.

    A row has `tag1`, `tag2` (the tag inside a sequence, one level deep), `vr`, `value` and `desc`.
    XNAT cuts values at 255 characters and escapes them for HTML.

    Args:
        paths: files of a scan; those that are not DICOM are passed over.
        fields: keywords ("PatientName") or eight hexadecimal digits ("00100010"); none means all.
        summary: read up to 10 000 files, and join the distinct values of each element.
    """
    wanted = {tag for field in fields if (tag := _to_tag(field)) is not None}
    if fields and not wanted:
        return []
    collected: dict[DumpKey, dict[str, None]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pydicom's, of values that a header must not have
        for header in _headers(paths, _MOST_FILES if summary else 1):
            for key, value in _entries(header, wanted):
                collected.setdefault(key, {})[value] = None
    return [_row(key, values) for key, values in sorted(collected.items(), key=lambda item: item[0][:2])]


def _to_tag(field: str) -> BaseTag | None:
    number = tag_for_keyword(field)
    if number is None and len(field) == 8 and set(field.lower()) <= _HEX_DIGITS:
        number = int(field, 16)
    return None if number is None else Tag(number)


def _headers(paths: Iterable[Path], most: int) -> Iterator[Dataset]:
    found = 0
    for path in paths:
        if found == most:
            return
        try:
            header = dcmread(path, stop_before_pixels=True)
        except InvalidDicomError:
            continue
        found += 1
        yield header


def _entries(header: Dataset, wanted: set[BaseTag]) -> Iterator[tuple[DumpKey, str]]:
    """Keys and values of the elements of a file, file meta information first."""
    for elements in (header.file_meta, header):
        for element in elements:
            if element.tag.group != _PIXEL_GROUP and (not wanted or element.tag in wanted):
                yield from _flatten(element)


def _flatten(element: DataElement) -> Iterator[tuple[DumpKey, str]]:
    if element.VR != "SQ":
        yield _key(element), _text(element)
        return
    yield _key(element), ""
    for item in element.value:
        for inner in item:
            key = (_printed(element.tag), _printed(inner.tag), inner.VR, inner.name)
            yield key, "" if inner.VR == "SQ" else _text(inner)


def _key(element: DataElement) -> DumpKey:
    return _printed(element.tag), "", element.VR, element.name


def _printed(tag: BaseTag) -> str:
    return f"({tag.group:04X},{tag.element:04X})"


def _text(element: DataElement) -> str:
    value = element.value
    if isinstance(value, bytes):
        return "\\".join(f"{byte:02X}" for byte in value[:_BYTES_SHOWN])
    if isinstance(value, MultiValue):
        return "\\".join(str(part) for part in value)
    return "" if value is None else str(value)


def _row(key: DumpKey, values: Iterable[str]) -> dict[str, str]:
    tag1, tag2, vr, desc = key
    value = html.escape(", ".join(values)[:_LONGEST_VALUE])
    return {"tag1": tag1, "tag2": tag2, "vr": vr, "value": value, "desc": desc}
