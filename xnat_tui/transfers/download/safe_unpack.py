"""Names that come from a server, made fit for a disk: refused where they would leave the folder, else mapped.

A file is written only under a name that this module gave; what a ZIP calls its entries decides nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from xnat_tui.core.exceptions import InvalidValueError

_LONGEST_NAME_BYTES = 240
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:(?:[/\\]|$)")


def check_inside(path: str) -> None:
    """Refuse a path that means a place outside of the folder it is meant for, on any system.

    Raises:
        InvalidValueError: it is empty, absolute, starts with a drive letter, or has a part ".." or "." or "".
    """
    parts = re.split(r"[/\\]", path)
    if _DRIVE.match(path) or any(part in ("", ".", "..") for part in parts) or "\0" in path:
        raise InvalidValueError(f"The name {path!r} would lead out of the folder.")


def safe_path(path: str) -> str:
    """Return a relative path whose parts all systems can store; the path itself where it already is one.

    Control characters and what Windows forbids become "_", names it reserves ("NUL.txt") get a "_" in front,
    trailing dots and blanks a "_" behind, and names beyond 240 bytes are shortened around their digest.

    Raises:
        InvalidValueError: it would lead out of its folder.
    """
    check_inside(path)
    return "/".join(safe_name(part) for part in path.split("/"))


def safe_name(name: str) -> str:
    """Return one part of a path in a form that all systems can store; see `safe_path`."""
    mapped = _FORBIDDEN.sub("_", name.replace("/", "_")).encode("utf-8", "replace").decode("utf-8")
    if mapped in ("", ".", "..") or mapped.endswith((".", " ")):
        mapped += "_"
    if _RESERVED.fullmatch(mapped):
        mapped = f"_{mapped}"
    return _shorten(mapped)


def _shorten(name: str) -> str:
    raw = name.encode()
    if len(raw) <= _LONGEST_NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    tail = f"{dot}{suffix}" if stem and len(suffix.encode()) < 20 else ""
    mark = f"~{hashlib.sha256(raw).hexdigest()[:12]}{tail}"
    room = _LONGEST_NAME_BYTES - len(mark.encode())
    return raw[:room].decode("utf-8", "ignore") + mark


class Names:
    """Gives the files of one folder names that differ on file systems that ignore case or Unicode forms."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def give(self, path: str, *, wish: str = "") -> str:
        """Return where a file goes below the folder; the same every time the same files come in order.

        Args:
            path: the file's path on the server.
            wish: the name that it had before, taken if no other file has it.

        Raises:
            InvalidValueError: the path would lead out of the folder.
        """
        safe = wish or safe_path(path)
        number = 1
        candidate = safe
        while self._taken.setdefault(_fold(candidate), path) != path:
            number += 1
            candidate = _numbered(safe, number)
        return candidate


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    return f"{folder}{slash}{stem}~{number}{dot}{suffix}"
