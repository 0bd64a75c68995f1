"""`xnat-tui [PROFILE|URL]`: opens the screens on a server."""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from xnat_tui.app.keymap import check_keymap
from xnat_tui.cli import exit_codes
from xnat_tui.cli.talk import fail, fail_with, say
from xnat_tui.core.config import load_config
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import XnatTuiError
from xnat_tui.core.settings import Config, Profile


def run_browse(options: Namespace) -> int:
    """Open the server that was named, else the default profile, else the log-in form."""
    from xnat_tui.core.auth import find_credential
    from xnat_tui.core.targets import resolve_target

    try:
        config = load_config(check_keymap=check_keymap)
        profile = resolve_target(options.target, config)
    except XnatTuiError as error:
        return fail_with(error)
    if profile is None:
        return open_screens(config, None, None, options)
    found = find_credential(profile)
    for problem in found.problems:
        say(problem)
    return open_screens(config, profile, found.credential, options)


def open_screens(
    config: Config, profile: Profile | None, credential: Credential | None, options: Namespace
) -> int:
    """Run the terminal program until the user leaves; returns the exit status.

    Args:
        config: the configuration in force.
        profile: the server to open, None to ask for one.
        credential: who to log in as, None to ask.
        options: the screen options of the command line, which win over the configuration.
    """
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        sentence = "The screens need a terminal; scripts use the Python API or another command (--help)."
        return fail(sentence, exit_codes.USAGE)
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")  # every frame of an animation crosses the SSH line
    from xnat_tui.app.app import AppOptions, run

    look = AppOptions(
        theme=options.theme or config.ui.theme,
        ascii=options.ascii or config.ui.ascii,
        mouse=config.ui.mouse and not options.no_mouse,
        read_only=options.read_only,
    )
    return run(config, profile, credential=credential, options=look)
