"""Which server is meant by a word on the command line, and a client for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from xnat_tui.core.auth import names_server
from xnat_tui.core.config import suggestion
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import ConfigError
from xnat_tui.core.settings import Config, Profile
from xnat_tui.core.uri import normalise_base_url

if TYPE_CHECKING:
    from xnat_tui.core.client import XNATClient

_HOST_VARIABLES = ("XNAT_HOST", "XNAT_URL", "XNATPY_HOST")


def resolve_target(
    text: str | None, config: Config, *, environ: Mapping[str, str] | None = None
) -> Profile | None:
    """Return the profile that is meant, a nameless one for a bare address, None when nothing says which.

    An address that belongs to a profile means that profile. Without `text` the environment (XNAT_HOST,
    XNAT_URL, XNATPY_HOST) decides, then `default_profile`, then a profile that is the only one.

    Raises:
        ConfigError: there is no such profile.
        InvalidValueError: it is an address, and a wrong one.
    """
    if text:
        return config.profiles.get(text) or _by_address(text, config)
    environment = os.environ if environ is None else environ
    address = next((environment[name] for name in _HOST_VARIABLES if environment.get(name)), "")
    if address:
        return _by_address(address, config)
    if config.default_profile:
        return config.profiles[config.default_profile]
    return next(iter(config.profiles.values())) if len(config.profiles) == 1 else None


def _by_address(text: str, config: Config) -> Profile:
    for profile in config.profiles.values():
        if names_server(text, profile.url):
            return profile
    if not _looks_like_address(text):
        names = list(config.profiles)
        hint = (
            suggestion(text, names) or f"Profiles: {', '.join(names) or 'none yet'}. An address works, too."
        )
        raise ConfigError(f"There is no profile {text!r}.", advice=hint)
    return Profile(url=normalise_base_url(text))


def _looks_like_address(text: str) -> bool:
    return text.lower() == "localhost" or any(mark in text for mark in (".", ":", "/"))


def open_client(
    profile: Profile, credential: Credential | None = None, *, read_only: bool = False, retries: int = 4
) -> XNATClient:
    """Return a client for a profile's server; nothing is sent yet.

    Args:
        profile: server and settings.
        credential: who we are; None asks as a guest.
        read_only: refuse changes even where the profile allows them.
        retries: how often a GET is repeated while the server is busy or the line is cut.

    Raises:
        ConfigError: the profile's `ca_file` cannot be used.
    """
    from xnat_tui.core.client import XNATClient

    who = credential or Credential()
    return XNATClient(
        profile.url,
        who.username or None,
        who.password or None,
        provider=who.provider or None,
        session_id=who.session_id or None,
        ca_file=profile.ca_file or None,
        timeouts=profile.timeouts.as_timeouts(),
        read_only=read_only or profile.read_only,
        retries=retries,
    )
