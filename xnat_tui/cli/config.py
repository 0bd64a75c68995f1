"""`xnat-tui config`: where the configuration is, what it says, whether it is valid."""

from __future__ import annotations

from argparse import Namespace

from xnat_tui.app.keymap import check_keymap
from xnat_tui.cli import exit_codes
from xnat_tui.cli.talk import fail_with, say
from xnat_tui.core.config import check_config, load_config
from xnat_tui.core.exceptions import ConfigError
from xnat_tui.core.paths import config_file


def run_config(options: Namespace) -> int:
    """Run the command and return its exit status."""
    if options.what == "path":
        print(config_file())
        return exit_codes.OK
    return _show() if options.what == "show" else _validate()


def _show() -> int:
    """Print the configuration in force, defaults included, as TOML; it holds no secrets."""
    import tomlkit

    try:
        config = load_config(check_keymap=check_keymap)
    except ConfigError as error:
        return fail_with(error)
    print(tomlkit.dumps(config.redacted()), end="")
    return exit_codes.OK


def _validate() -> int:
    """Say everything that is wrong with the file."""
    problems = check_config(check_keymap=check_keymap)
    for problem in problems:
        fail_with(problem)
    if problems:
        return exit_codes.USAGE
    file = config_file()
    say(f"{file} is valid." if file.exists() else f"{file} does not exist: everything is at its default.")
    return exit_codes.OK
