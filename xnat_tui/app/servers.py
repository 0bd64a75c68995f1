"""The servers that this user knows: profiles of the configuration, last used first. No Textual."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.app.memory import UserMemory
from xnat_tui.app.site import LogIn
from xnat_tui.core.auth import find_credential, keystore_entry
from xnat_tui.core.config import save_profile
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.keystore import store_password
from xnat_tui.core.settings import Config, Profile
from xnat_tui.core.targets import resolve_target


@dataclass(frozen=True)
class Entry:
    """What somebody wants who filled in the log-in form.

    Attributes:
        log_in: where and as whom.
        save_as: name of the profile to write into the configuration, "" for none.
        keep_password: give the password to the system's key store.
    """

    log_in: LogIn
    save_as: str = ""
    keep_password: bool = False


class Servers:
    """Profiles by name; those that are saved while the program runs count at once."""

    def __init__(self, config: Config, user: UserMemory) -> None:
        self._config = config
        self._user = user

    def choices(self) -> tuple[Profile, ...]:
        """All profiles, last used first, the others in the order of the configuration."""
        used = {key: place for place, key in enumerate(self._user.servers)}
        profiles = self._config.profiles.values()
        return tuple(sorted(profiles, key=lambda profile: used.get(profile.name, len(used))))

    def named(self, text: str) -> Profile | None:
        """The profile that a name or an address means.

        Raises:
            ConfigError: there is no such profile.
            InvalidValueError: it is an address, and a wrong one.
        """
        return resolve_target(text, self._config, environ={})

    def find_credential(self, profile: Profile) -> Credential | None:
        """The log-in for a profile from wherever this machine keeps one; may block."""
        return find_credential(profile).credential

    def check_name(self, entry: Entry) -> None:
        """See whether the profile can be saved under its name, and the password beside it.

        Raises:
            InvalidValueError: it cannot.
        """
        name = entry.save_as or entry.log_in.profile.name
        known = self._config.profiles.get(entry.save_as)
        if known is not None and known.url != entry.log_in.profile.url:
            raise InvalidValueError(f"{entry.save_as!r} is the profile of {known.url} already.")
        if entry.keep_password and not name:
            raise InvalidValueError("Passwords are kept with a profile: give it a name.")

    def save(self, entry: Entry) -> LogIn:
        """Write down what the user wants to be kept, and return the log-in under its new name; may block.

        Raises:
            ConfigError: the configuration or the key store did not take it.
        """
        profile, credential = entry.log_in.profile, entry.log_in.credential
        name = entry.save_as or profile.name
        if not name:
            return entry.log_in
        profile = profile.model_copy(update={"name": name, "username": credential.username})
        if entry.save_as or profile.ca_file != self._ca_file_of(name):
            save_profile(name, profile)
            profiles = {**self._config.profiles, name: profile}
            self._config = self._config.model_copy(update={"profiles": profiles})
        if entry.keep_password and not store_password(keystore_entry(profile), credential.password):
            raise ConfigError("The system's key store did not take the password.")
        return LogIn(profile, credential)

    def _ca_file_of(self, name: str) -> str:
        known = self._config.profiles.get(name)
        return known.ca_file if known else ""
