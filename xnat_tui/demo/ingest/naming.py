"""Names of received files and folders, as XNAT makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xnat_tui.demo.ingest.instance import Instance

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAGS = {
    "StudyInstanceUID": "0020000d",
    "SeriesNumber": "00200011",
    "InstanceNumber": "00200013",
}


def file_safe(name: str) -> str:
    """Return a name with every character outside `[A-Za-z0-9_.-]` as an underscore."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)


def label_safe(text: str) -> str:
    """Return a text as a label of a subject or session: dots too become underscores."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", text)


def is_legal(name: str) -> bool:
    """Tell whether a safe name can be a file's name."""
    return bool(name.strip("."))


def template_name(instance: Instance) -> str:
    """Return the name by XNAT's default template.

    That is `${StudyInstanceUID}-${SeriesNumber}-${InstanceNumber}-${Hash...}.dcm`; values that are
    missing become `no-value-for-` and their tag.
    """
    values = [instance.fact(keyword) or f"no-value-for-{tag}" for keyword, tag in _TAGS.items()]
    return file_safe("-".join([*values, _instance_hash(instance.facts)]) + ".dcm")


def scan_folder(instance: Instance) -> str:
    """Return the name of an object's scan folder: its series number, else the series' UID."""
    return file_safe(instance.fact("SeriesNumber") or instance.fact("SeriesInstanceUID")) or "0"


def _instance_hash(facts: Mapping[str, str]) -> str:
    """Return Java's hash of the list of SOP class and instance UID, in base 36."""
    value = 1
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        value = (31 * value + _java_hash(facts.get(keyword, ""))) & 0xFFFFFFFF
    return _base36(value)


def _java_hash(text: str) -> int:
    value = 0
    for letter in text:
        value = (31 * value + ord(letter)) & 0xFFFFFFFF
    return value


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
