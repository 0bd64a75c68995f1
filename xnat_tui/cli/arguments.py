"""What can be typed after `xnat-tui`."""

from __future__ import annotations

import argparse
from pathlib import Path

from xnat_tui import __version__

_EPILOG = """\
commands:
  xnat-tui demo      try everything on a server of your own with sample data
  xnat-tui config    where the configuration is, what it says, whether it is valid
  xnat-tui doctor    check terminal, server, log-in and machine; says what to do

exit status: 0 ok, 1 failed, 2 wrong arguments or configuration, 4 log-in refused,
             5 no XNAT server answers, 130 interrupted
"""


def browse_parser() -> argparse.ArgumentParser:
    """`xnat-tui [PROFILE|URL]`."""
    parser = argparse.ArgumentParser(
        prog="xnat-tui",
        description="Browse, review and move imaging data on an XNAT server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "target",
        nargs="?",
        metavar="PROFILE|URL",
        help="a profile of the configuration, or a server's address",
    )
    parser.add_argument("--version", action="version", version=f"xnat-tui {__version__}")
    _add_screen_options(parser)
    return parser


def demo_parser() -> argparse.ArgumentParser:
    """`xnat-tui demo`."""
    parser = argparse.ArgumentParser(
        prog="xnat-tui demo",
        description="Start a demo server on this machine, reachable from this machine only, and open it.",
        allow_abbrev=False,
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the server's data here")
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="HTTP port (default: a free one)")
    parser.add_argument(
        "--dicom-port",
        type=_port,
        default=0,
        metavar="N",
        help="port of the DICOM receiver, AE title XNAT (default: a free one)",
    )
    parser.add_argument(
        "--scale", metavar="SIZE", help="add a project of so many subjects x sessions: 10000x3"
    )
    parser.add_argument(
        "--bulk", metavar="NxSIZE", help="add a session of so many files of that size: 2000x500K"
    )
    parser.add_argument(
        "--serve", action="store_true", help="no screen: serve until Ctrl+C, one JSON line when ready"
    )
    parser.add_argument("--while-used", action="store_true", help=argparse.SUPPRESS)
    _add_screen_options(parser)
    return parser


def config_parser() -> argparse.ArgumentParser:
    """`xnat-tui config`."""
    parser = argparse.ArgumentParser(prog="xnat-tui config", description="The configuration file.")
    parser.add_argument(
        "what", choices=("path", "show", "validate"), help="where it is, what it says, is it valid"
    )
    return parser


def doctor_parser() -> argparse.ArgumentParser:
    """`xnat-tui doctor`."""
    parser = argparse.ArgumentParser(
        prog="xnat-tui doctor", description="Check terminal, server, log-in and machine; says what to do."
    )
    parser.add_argument("target", nargs="?", metavar="PROFILE|URL", help="the server to check")
    return parser


def _add_screen_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument("--theme", metavar="NAME", help="colours; the palette lists them")
    parser.add_argument("--ascii", action="store_true", help="plain ASCII instead of lines and symbols")
    parser.add_argument("--read-only", action="store_true", help="refuse everything that changes something")


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port (0 to 65535)")
    return port
