"""What config.toml may hold, with defaults. Reading and writing the file is config.py."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, field_validator

from xnat_tui.core.timeouts import Timeouts
from xnat_tui.core.uri import normalise_base_url

_DEFAULT_TIMEOUTS = Timeouts()


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TimeoutSettings(_Section):
    """Seconds of silence after which a request is given up, by phase, as in `Timeouts`."""

    connect_s: PositiveFloat = _DEFAULT_TIMEOUTS.connect_s or 10.0
    read_s: PositiveFloat = _DEFAULT_TIMEOUTS.read_s or 120.0
    write_s: PositiveFloat = _DEFAULT_TIMEOUTS.write_s or 60.0

    def as_timeouts(self) -> Timeouts:
        """Return them in the form that the client takes."""
        return Timeouts(self.connect_s, self.read_s, self.write_s)


class Profile(_Section):
    """One server and how to speak to it. Never a password.

    Attributes:
        name: name of the profile, "" for a server that was only given by its address.
        url: address of the server, normalised.
        username: user name to log in with, "" to ask.
        provider: authentication provider of the server ("ldap"), "" for the server to choose.
        ca_file: PEM file of authorities to trust as well; "~" is the home folder.
        read_only: refuse every request that changes something.
        default_project: project to open first.
        timeouts: limits on silence.
    """

    name: str = Field(default="", exclude=True)
    url: str
    username: str = ""
    provider: str = ""
    ca_file: str = ""
    read_only: bool = False
    default_project: str = ""
    timeouts: TimeoutSettings = TimeoutSettings()

    @field_validator("url")
    @classmethod
    def _normalise_url(cls, value: str) -> str:
        return normalise_base_url(value)


class UiSettings(_Section):
    """How the screens look and listen.

    Attributes:
        theme: name of a colour theme, "" for the default.
        ascii: draw with plain ASCII only.
        mouse: react to the mouse; off leaves it to the terminal's own selection.
    """

    theme: str = ""
    ascii: bool = False
    mouse: bool = True


class Config(_Section):
    """Everything that config.toml says.

    Attributes:
        default_profile: name of the profile to use when none is named.
        profiles: profiles by name.
        ui: looks.
        keymap: keys, separated by commas, by the id of the action that they do: "tree.reload" = "R, f6".
    """

    default_profile: str = ""
    profiles: dict[str, Profile] = {}
    ui: UiSettings = UiSettings()
    keymap: dict[str, str] = {}

    @field_validator("keymap", mode="before")
    @classmethod
    def _join_ids(cls, value: object) -> object:
        """TOML takes an id without quotes, tree.reload, for a table in a table; both forms mean the same."""
        if not isinstance(value, dict):
            return value
        joined: dict[str, object] = {}
        for name, keys in value.items():
            parts = keys.items() if isinstance(keys, dict) else (("", keys),)
            joined |= {f"{name}.{part}" if part else name: keys for part, keys in parts}
        return joined

    def redacted(self) -> dict[str, Any]:
        """Return the whole configuration as plain values, fit to be shown: it holds no secrets."""
        return self.model_dump()
