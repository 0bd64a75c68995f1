"""Profiles that the program xnatctl keeps, read only.

xnatctl writes its file with a YAML library in block style: nested mappings of plain or quoted scalars. Only
that subset is read; anything else in the file is an error, not a guess.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.uri import normalise_base_url

KEYRING_SERVICE = "xnatctl"

_LINE = re.compile(r"""(?P<indent> *)(?P<key>[^\s:#'"-][^:#]*|'[^']*'|"[^"]*"):(?: +(?P<value>.*?))?\s*""")


@dataclass(frozen=True, slots=True)
class XnatctlProfile:
    """One of xnatctl's profiles, as far as it helps to log in."""

    name: str
    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    is_in_keyring: bool = False

    @property
    def keyring_entry(self) -> str:
        """Name of the password's entry in the keyring service "xnatctl"."""
        return f"{self.name}@{self.url}"


def xnatctl_file() -> Path:
    """Return where xnatctl keeps its profiles on every system."""
    return Path.home() / ".config" / "xnatctl" / "config.yaml"


def read_xnatctl_profiles(file: Path | None = None) -> list[XnatctlProfile]:
    """Return xnatctl's profiles, [] when it is not used here.

    Raises:
        ConfigError: the file cannot be read or is written in a way that this reader does not know.
    """
    file = file or xnatctl_file()
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}.", file=file) from error
    sections = _read_profiles(text, file)
    return [_profile(name, values) for name, values in sections.items() if values.get("url")]


def find_xnatctl_profile(base_url: str, file: Path | None = None) -> XnatctlProfile | None:
    """Return the first profile for the server at `base_url`; raises as `read_xnatctl_profiles`."""
    for profile in read_xnatctl_profiles(file):
        try:
            if normalise_base_url(profile.url) == base_url:
                return profile
        except InvalidValueError:
            continue
    return None


def _profile(name: str, values: dict[str, str]) -> XnatctlProfile:
    return XnatctlProfile(
        name=name,
        url=values["url"],
        username=values.get("username", ""),
        password=values.get("password", ""),
        is_in_keyring=values.get("password_source") == "keyring",
    )


def _read_profiles(text: str, file: Path) -> dict[str, dict[str, str]]:
    profiles: dict[str, dict[str, str]] = {}
    # Keys that lead to the present line, with their indentation.
    trail: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#") or line.strip() in ("---", "..."):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ConfigError(f"line {number} is not understood; xnatctl's profiles are not used.", file=file)
        indent = len(match["indent"])
        while trail and trail[-1][0] >= indent:
            trail.pop()
        trail.append((indent, _scalar(match["key"])))
        keys = [key for _, key in trail]
        if len(keys) == 3 and keys[0] == "profiles":
            profiles.setdefault(keys[1], {})[keys[2]] = _scalar(match["value"] or "")
    return profiles


def _scalar(text: str) -> str:
    """Return a YAML scalar as text, null as ""."""
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text.startswith('"') and text.endswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            return ""
    text = text.split(" #", 1)[0].strip()
    return "" if text in ("null", "~", "Null", "NULL", "{}") else text
