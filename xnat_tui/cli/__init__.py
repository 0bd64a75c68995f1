"""The command line. stdout is data, stderr is talk; each floor is imported by the command that needs it."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run `xnat-tui` and return its exit status (see `exit_codes`)."""
    from xnat_tui.cli import exit_codes

    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED


def _run(arguments: list[str]) -> int:
    """Find the command; whatever is not one is a profile or an address to browse."""
    from xnat_tui.cli import arguments as parsers

    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "demo":
        from xnat_tui.cli.demo import run_demo

        return run_demo(parsers.demo_parser().parse_args(rest))
    if command == "config":
        from xnat_tui.cli.config import run_config

        return run_config(parsers.config_parser().parse_args(rest))
    if command == "doctor":
        from xnat_tui.cli.doctor import run_doctor

        return run_doctor(parsers.doctor_parser().parse_args(rest))
    options = parsers.browse_parser().parse_args(arguments)
    from xnat_tui.cli.browse import run_browse

    return run_browse(options)
