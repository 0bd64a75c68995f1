"""How the command line speaks: data on stdout, sentences on stderr, one exit status per kind of failure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from xnat_tui.cli import exit_codes

if TYPE_CHECKING:
    from xnat_tui.core.exceptions import XnatTuiError


def say(sentence: str) -> None:
    """Say something that is not data. Control characters that came from elsewhere stay harmless."""
    print(harmless(sentence), file=sys.stderr, flush=True)


def harmless(text: str) -> str:
    """The text without the control characters that would act on a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def fail(sentence: str, status: int = exit_codes.FAILED) -> int:
    """Say why it failed and return the exit status."""
    say(f"xnat-tui: {sentence}")
    return status


def fail_with(error: XnatTuiError) -> int:
    """Say what an expected error says, and return the exit status of its kind."""
    return fail(str(error), status_of(error))


def status_of(error: XnatTuiError) -> int:
    """The exit status of an expected error's kind."""
    from xnat_tui.core import exceptions

    if isinstance(error, exceptions.ConfigError | exceptions.InvalidValueError):
        return exit_codes.USAGE
    if isinstance(error, exceptions.AuthenticationError):
        return exit_codes.REFUSED
    if isinstance(error, exceptions.ConnectionLostError | exceptions.UnexpectedAnswerError):
        return exit_codes.UNREACHABLE
    return exit_codes.FAILED
