"""Previews of files: how much of one is read, and what becomes of it. Fetching it is the caller's affair."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from xnat_tui.app.archive import first_facts, sheets
from xnat_tui.app.archive.detail import FactGroup
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.archive.picture import NoPictureError, Picture, decode_picture
from xnat_tui.app.archive.table import Table
from xnat_tui.app.text import human_size

START_BYTES = 64 * 1024
"""How much is read of anything but a picture."""

PICTURE_BYTES = 4_000_000
"""The largest picture that is read; it takes the whole file to show it."""

_MOST_LINES = 2000
_DUMPED_BYTES = 256
_PICTURES = (".png", ".gif", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
_PICTURE_STARTS = (b"\x89PNG\r\n", b"GIF8", b"\xff\xd8\xff")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")

ReadStart = Callable[[int], bytes]
"""Gives so many bytes from the start of the file, all of it when it has no more."""


@dataclass(frozen=True)
class Preview:
    """The beginning of a file.

    Attributes:
        content: lines of text, a table, a picture, facts, or None where there is nothing to show.
        note: a few words about it: how much is shown, or why nothing is.
    """

    content: tuple[str, ...] | Table | Picture | FactGroup | None
    note: str = ""


def read_preview(ref: NodeRef, read_start: ReadStart) -> Preview:
    """Read as much of a file as its preview takes, never more than the limits of this module."""
    size, name = ref.size_bytes, ref.id.lower()
    if size == 0:
        return Preview(None, "The file is empty.")
    if not name.endswith(_PICTURES):
        start = read_start(START_BYTES)
        return preview_of(name, start, is_whole=len(start) < START_BYTES or size == len(start), size=size)
    if size is None or size > PICTURE_BYTES:
        limit = human_size(PICTURE_BYTES)
        return Preview(
            None, f"Pictures of up to {limit} are shown here; this has {human_size(size) or 'more'}."
        )
    return _picture(read_start(PICTURE_BYTES))


def preview_of(name: str, start: bytes, *, is_whole: bool, size: int | None = None) -> Preview:
    """What to show of a file.

    Args:
        name: its name in lower case.
        start: its first bytes.
        is_whole: whether that is all of it.
        size: bytes of the whole file, None when unknown.
    """
    if not start:
        return Preview(None, "The file is empty.")
    if is_whole and start.startswith(_PICTURE_STARTS):
        return _picture(start)
    if facts := first_facts.of_image(name, start):
        return Preview(facts, "")
    part = "" if is_whole else f"first {human_size(len(start))} of {human_size(size)}".removesuffix(" of ")
    decoded = _decode(start, is_whole)
    if decoded is None:
        return Preview(_dump(start), f"binary · first {min(_DUMPED_BYTES, len(start))} bytes")
    text, encoding = decoded
    note = " · ".join(filter(None, (encoding, part)))
    if name.endswith((".csv", ".tsv")) and (table := sheets.read_sheet(text, is_whole=is_whole)):
        return Preview(table, note)
    if is_whole and name.endswith(".json") and (lines := _json_lines(text)):
        return Preview(lines[:_MOST_LINES], note)
    return Preview(tuple(line.rstrip("\r") for line in text.split("\n")[:_MOST_LINES]), note)


def _picture(data: bytes) -> Preview:
    try:
        return Preview(*decode_picture(data))
    except NoPictureError as error:
        return Preview(None, str(error))


def _decode(start: bytes, is_whole: bool) -> tuple[str, str] | None:
    """The text and the name of an encoding worth telling; None for what is no text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start[: len(start) // 2 * 2].decode("utf-16", "replace"), "UTF-16"
    if len(_CONTROLS.findall(start.decode("latin-1"))) > len(start) // 100:
        return None
    try:
        return start.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        if not is_whole and error.start > len(start) - 4:
            return start[: error.start].decode("utf-8-sig"), ""
    return start.decode("latin-1"), "not UTF-8, read as Latin-1"


def _json_lines(text: str) -> tuple[str, ...]:
    """The document with one value a line; () when it is none."""
    try:
        return tuple(json.dumps(json.loads(text), indent=2, ensure_ascii=False).split("\n"))
    except (ValueError, RecursionError):
        return ()


def _dump(start: bytes) -> tuple[str, ...]:
    """The first bytes in hexadecimal digits, sixteen a line, with the letters among them."""
    return tuple(
        f"{at:04x}  {start[at : at + 16].hex(' '):<47}  {_letters(start[at : at + 16])}"
        for at in range(0, min(_DUMPED_BYTES, len(start)), 16)
    )


def _letters(data: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)
