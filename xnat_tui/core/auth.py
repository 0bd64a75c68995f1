"""Where a log-in comes from: environment, key store, xnatctl, netrc, and only then a question.

Each place is asked in that order, and each answers for one server only: a password never goes to a server
that it was not meant for.
"""

from __future__ import annotations

import netrc
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from xnat_tui.core import keystore, xnatctl
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.settings import Profile
from xnat_tui.core.uri import normalise_base_url

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a search.

    Attributes:
        credential: the first one found, None when there is none.
        problems: sentences about places that could not be asked, such as a netrc file with a mistake in it.
    """

    credential: Credential | None
    problems: tuple[str, ...] = ()


def find_credential(
    profile: Profile,
    *,
    environ: Environment | None = None,
    ask: Callable[[Profile], Credential | None] | None = None,
) -> Found:
    """Return what proves to `profile`'s server who we are, from the first place that knows.

    Args:
        profile: server and, if known, user name; a place that holds another user's password does not count.
        environ: the environment, by default this process's.
        ask: asks a person, as the last resort; None answers mean that the person does not want to.
    """
    environment = os.environ if environ is None else environ
    problems = []
    for place in (_in_environment, _in_keystore, _in_xnatctl, _in_netrc):
        try:
            credential = place(profile, environment)
        except ConfigError as error:
            problems.append(str(error))
            continue
        if credential is not None:
            return Found(credential, tuple(problems))
    return Found(ask(profile) if ask else None, tuple(problems))


def keystore_entry(profile: Profile) -> str:
    """Return the name under which the key store keeps the password of a profile."""
    return f"{profile.name}@{profile.url}"


# The variables of each family speak for the server that the family's own variables name. xnatpy reads
# XNAT_HOST when XNATPY_HOST is not set.
_FAMILIES = (
    ("XNAT", ("XNAT_HOST", "XNAT_URL")),
    ("XNATPY", ("XNATPY_HOST", "XNAT_HOST")),
)


def _in_environment(profile: Profile, environment: Environment) -> Credential | None:
    for family, host_variables in _FAMILIES:
        hosts = [environment[variable] for variable in host_variables if environment.get(variable)]
        if family == "XNATPY":
            hosts = hosts[:1]
        if any(names_server(host, profile.url) for host in hosts):
            credential = _from_variables(family, profile, environment)
            if credential is not None:
                return credential
    return None


def _from_variables(family: str, profile: Profile, environment: Environment) -> Credential | None:
    username = environment.get(f"{family}_USER", "") or profile.username
    password = environment.get(f"{family}_PASS", "")
    # XNAT_TOKEN is xnatctl's name for the id of an open session, XNATPY_JSESSION xnatpy's.
    session_id = environment.get("XNAT_TOKEN" if family == "XNAT" else "XNATPY_JSESSION", "")
    if not session_id and not (username and password):
        return None
    return Credential(username, password, profile.provider, session_id, source="the environment")


def names_server(text: str, base_url: str) -> bool:
    """Tell whether an address or bare host name from outside means the server at `base_url`.

    Without a scheme the address may mean both http and https; host, port and context path must always agree.
    """
    try:
        if "://" in text:
            return normalise_base_url(text) == base_url
        scheme = urlsplit(base_url).scheme
        return normalise_base_url(f"{scheme}://{text}") == base_url
    except InvalidValueError:
        return False


def _in_keystore(profile: Profile, environment: Environment) -> Credential | None:
    if not profile.name or not profile.username:
        return None
    password = keystore.read_password(keystore.SERVICE, keystore_entry(profile))
    if password is None:
        return None
    return Credential(profile.username, password, profile.provider, source="the system's key store")


def _in_xnatctl(profile: Profile, environment: Environment) -> Credential | None:
    theirs = xnatctl.find_xnatctl_profile(profile.url)
    if theirs is None or not theirs.username or _is_other_user(profile, theirs.username):
        return None
    password = theirs.password or None
    if theirs.is_in_keyring:
        password = keystore.read_password(xnatctl.KEYRING_SERVICE, theirs.keyring_entry)
    if password is None:
        return None
    source = f"xnatctl's profile {theirs.name!r}"
    return Credential(theirs.username, password, profile.provider, source=source)


def _in_netrc(profile: Profile, environment: Environment) -> Credential | None:
    file = Path(os.path.expanduser(environment.get("NETRC") or "~/.netrc"))
    server = urlsplit(profile.url)
    hosts = _netrc_hosts(file)
    # Never the file's "default" entry: it would give a password to any server.
    entry = hosts.get(server.netloc) or hosts.get(server.hostname or "")
    if entry is None:
        return None
    login, _, password = entry
    if not login or not password or _is_other_user(profile, login):
        return None
    return Credential(login, password, profile.provider, source=str(file))


def _netrc_hosts(file: Path) -> Mapping[str, tuple[str, str, str]]:
    try:
        mode = file.stat().st_mode
        hosts = netrc.netrc(file).hosts
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=file) from error
    except (netrc.NetrcParseError, UnicodeDecodeError) as error:
        raise ConfigError("is not a netrc file that can be understood.", file=file) from error
    if mode & 0o077:
        raise ConfigError(
            "may be read by others, so it is not used.", file=file, advice=f"Run: chmod 600 {file}"
        )
    return hosts


def _is_other_user(profile: Profile, username: str) -> bool:
    return bool(profile.username) and profile.username != username
