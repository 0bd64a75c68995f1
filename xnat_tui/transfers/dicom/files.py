"""Which files of a folder are DICOM. What they hold is dicom_header.py, archives are dicom_source.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.transfers.dicom.header import looks_like_dicom

DICOM_SUFFIXES = frozenset({".dcm", ".dicom", ".dic", ".ima"})
"""Names that end so are DICOM without a look inside; case does not matter."""

_SHARED_SUFFIXES = frozenset({".img"})
_SNIFFED_BYTES = 1024


def collect_dicom_files(root: Path, *, include_extensionless: bool = True) -> list[Path]:
    """Return the DICOM-like files below `root`, sorted.

    Files with a DICOM extension (.dcm, .dicom, .dic, .ima) are taken by name. Files without an extension,
    those whose name ends in a number ("IM.0001", UIDs) and .img files, which other formats use too, are taken
    when their content is DICOM. DICOMDIR, hidden files and macOS "._" companions are left out. Links are
    followed, each folder is visited once.

    Args:
        root: the folder to search.
        include_extensionless: look into files without an extension too.

    Raises:
        InvalidValueError: `root` is not a directory (a ValueError).
    """
    return sorted(
        path
        for path in walk_files(root)
        if is_dicom_name(path.name)
        or (include_extensionless and is_doubtful_name(path.name) and _holds_dicom(path))
    )


def is_dicom_name(name: str) -> bool:
    """Tell whether a file name says that the file is DICOM."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in DICOM_SUFFIXES


def is_doubtful_name(name: str) -> bool:
    """Tell whether a file of this name may be DICOM, which only its content can say."""
    if name.startswith(".") or name.upper() == "DICOMDIR":
        return False
    suffix = os.path.splitext(name)[1].lower()
    return not suffix[1:] or suffix[1:].isdecimal() or suffix in _SHARED_SUFFIXES


def walk_files(root: Path) -> Iterator[Path]:
    """Yield every file below `root`, links followed, each folder once; what cannot be listed is passed over.

    Raises:
        InvalidValueError: `root` is not a directory.
    """
    if not root.is_dir():
        raise InvalidValueError(f"{root} is not a directory.")
    seen: set[tuple[int, int]] = set()
    for folder, folder_names, file_names in os.walk(root, followlinks=True):
        status = os.stat(folder)
        identity = status.st_dev, status.st_ino
        if identity in seen:
            # A link that leads back; going on would never end.
            folder_names.clear()
            continue
        seen.add(identity)
        folder_names.sort()
        for name in sorted(file_names):
            path = Path(folder, name)
            if path.is_file():
                yield path


def _holds_dicom(path: Path) -> bool:
    try:
        with path.open("rb", buffering=0) as stream:
            return looks_like_dicom(stream.read(_SNIFFED_BYTES) or b"")
    except OSError:
        return False
