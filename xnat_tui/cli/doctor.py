"""`xnat-tui doctor`: one line for each thing that can be wrong, and what to do about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from xnat_tui.app.keymap import check_keymap
from xnat_tui.cli import checks, exit_codes
from xnat_tui.cli.checks import Check
from xnat_tui.cli.talk import fail_with, harmless, status_of
from xnat_tui.core.config import check_config, load_config
from xnat_tui.core.exceptions import AuthenticationError, XnatTuiError
from xnat_tui.core.paths import config_file, state_dir
from xnat_tui.core.settings import Config, Profile


def run_doctor(options: Namespace) -> int:
    """Print the report and return the highest exit status of what is not ok."""
    from xnat_tui.core.targets import resolve_target

    problems = check_config(check_keymap=check_keymap)
    config = Config() if problems else load_config(check_keymap=check_keymap)
    profile, unchecked = None, "not checked: name a profile or an address"
    try:
        profile = resolve_target(options.target, config)
    except XnatTuiError as error:
        if not problems:
            return fail_with(error)
        unchecked = "not checked: the configuration, which may know it, is broken"
    status = exit_codes.OK
    for check in _checks(profile, unchecked):
        print(_line(check), flush=True)
        status = status if check.ok else max(status, check.status)
    return status


def _line(check: Check) -> str:
    advice = f"  {check.advice}" if check.advice else ""
    return harmless(f"{'ok' if check.ok else 'not ok':<7} {check.name:<18} {check.found}{advice}")


def _checks(profile: Profile | None, unchecked: str) -> Iterator[Check]:
    yield from checks.versions()
    yield from checks.terminal()
    yield from checks.machine(state_dir())
    yield from _configuration()
    if profile is None:
        yield Check("server", True, unchecked)
    else:
        yield from _server(profile)


def _configuration() -> Iterator[Check]:
    file = config_file()
    problems = check_config(check_keymap=check_keymap)
    if not problems:
        yield Check(
            "configuration", True, f"{file}{'' if file.exists() else ' (does not exist: all defaults)'}"
        )
    for problem in problems:
        yield Check("configuration", False, problem.message, problem.advice, exit_codes.USAGE)


def _server(profile: Profile) -> Iterator[Check]:
    """Can it be reached, is it an XNAT, is the log-in good. A password that is found is tried once."""
    from xnat_tui.core.auth import find_credential
    from xnat_tui.core.targets import open_client
    from xnat_tui.core.uri import xapi_path

    try:
        with open_client(profile) as guest:
            version = guest.get_text(xapi_path("siteConfig", "buildInfo", "version"))
    except XnatTuiError as error:
        yield Check("server", False, f"{profile.url}: {error.message}", error.advice, status_of(error))
        return
    yield Check("server", True, f"{profile.url}, XNAT {version.strip()[:40]}")
    found = find_credential(profile)
    for problem in found.problems:
        yield Check("credentials", False, problem)
    if found.credential is None:
        yield Check("log-in", True, "not checked: no password was found without asking")
        return
    try:
        with open_client(profile, found.credential) as client:
            yield Check("log-in", True, f"{client.authenticate()}, by {found.credential.source}")
    except AuthenticationError as error:
        advice = f"Correct it in {found.credential.source}."
        yield Check("log-in", False, error.message, advice, status_of(error))
    except XnatTuiError as error:
        yield Check("log-in", False, error.message, error.advice, status_of(error))
