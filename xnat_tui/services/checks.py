"""Values that no XNAT server could take, refused before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from xnat_tui.core.exceptions import InvalidValueError

_LABEL = re.compile(r"[A-Za-z0-9_-]+")
_XSI_TYPE = re.compile(r"[A-Za-z_][\w.-]*:[A-Za-z_][\w.-]*")

LONGEST_LABEL = 255
"""Characters that XNAT's schema gives to labels and ids."""

# XNAT understands these words and characters, in the place of a scan's id, as several scans.
_SEVERAL = re.compile(r"\*|ALL|.*[,*].*", re.IGNORECASE | re.DOTALL)


def check_new_label(label: str, what: str) -> None:
    """Refuse a label that should not be given to anything new.

    Letters, digits, "-" and "_" are what every part of XNAT agrees on: "&", "'", "<", ">" and '"' are stored
    escaped and never found again, "/" cannot be routed, blanks and commas break paths and lists.

    Args:
        label: the label.
        what: what it is for, as the sentence begins: "The label of a subject".

    Raises:
        InvalidValueError: it is empty, too long, or holds other characters.
    """
    if not label:
        raise InvalidValueError(f"{what} cannot be empty.")
    if len(label) > LONGEST_LABEL:
        raise InvalidValueError(f"{what} cannot be longer than {LONGEST_LABEL} characters.")
    if not _LABEL.fullmatch(label):
        odd = "".join(dict.fromkeys(_LABEL.sub("", label)))
        raise InvalidValueError(
            f"{what} cannot hold {odd!r}: {label!r}.", advice='Use letters, digits, "-" and "_" only.'
        )


def check_new_resource_label(label: str) -> None:
    """Refuse a label for a new resource; one of digits alone would be taken for a resource's number.

    Raises:
        InvalidValueError: it is empty, too long, of digits alone, or holds odd characters.
    """
    check_new_label(label, "The label of a resource")
    if label.isdigit():
        raise InvalidValueError(
            f"The label of a resource cannot be digits alone: {label!r}.", advice="Put a letter in front."
        )


def check_single_scan(scan_id: str) -> None:
    """Refuse what XNAT takes for several scans in one request.

    Raises:
        InvalidValueError: it is "*", "ALL", or a list.
    """
    if _SEVERAL.fullmatch(scan_id):
        raise InvalidValueError(f"{scan_id!r} does not name one single scan.")


def check_xsi_type(xsi_type: str) -> None:
    """Refuse what cannot be a type of XNAT's schema, such as "MR".

    Raises:
        InvalidValueError: it has not the form "xnat:mrSessionData".
    """
    if not _XSI_TYPE.fullmatch(xsi_type):
        raise InvalidValueError(
            f"{xsi_type!r} is not the name of a type.", advice="Such as xnat:mrSessionData."
        )


def check_date(text: str) -> None:
    """Refuse what is not a day in the form YYYY-MM-DD.

    Raises:
        InvalidValueError: it is not.
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or not _parses(date.fromisoformat, text):
        raise InvalidValueError(f"{text!r} is not a date.", advice="Give it as YYYY-MM-DD.")


def check_time(text: str) -> None:
    """Refuse what is not a time of day in the form HH:MM:SS.

    Raises:
        InvalidValueError: it is not.
    """
    if not re.fullmatch(r"\d\d:\d\d:\d\d", text) or not _parses(time.fromisoformat, text):
        raise InvalidValueError(f"{text!r} is not a time of day.", advice="Give it as HH:MM:SS.")


def check_limit(limit: int | None) -> None:
    """Refuse a limit that asks for nothing.

    Raises:
        InvalidValueError: it is less than 1.
    """
    if limit is not None and limit < 1:
        raise InvalidValueError(f"A limit must be at least 1, not {limit}.")


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True
