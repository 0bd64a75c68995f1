"""The clipboard of whoever sits at the terminal: through the terminal itself, and local programs. No Textual.

A terminal takes OSC 52: the text in base64 between two control sequences, so nothing in the text can act.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping

from xnat_tui.app.text import thousands
from xnat_tui.core.exceptions import InvalidValueError

LIMIT_BYTES = 74_000
"""What is copied at most: terminals drop a sequence beyond 100 000 bytes, and base64 makes a third more."""

_SCREEN_CHUNK = 600
"""GNU screen cuts what it passes on after 768 bytes."""

_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("", ("pbcopy",)),
)


def check_size(text: str) -> None:
    """Refuse what no terminal takes.

    Raises:
        InvalidValueError: the text is too long.
    """
    size = len(_bytes(text))
    if size > LIMIT_BYTES:
        limit = thousands(LIMIT_BYTES)
        raise InvalidValueError(
            f"Too much to copy: {thousands(size)} bytes, and terminals take {limit}. Export it instead (E)."
        )


def sequences(text: str, environ: Mapping[str, str]) -> str:
    """What to send to the terminal, wrapped for tmux or GNU screen when one of them is in between.

    tmux takes the bare sequence when its option set-clipboard is on, and passes a wrapped one on when
    allow-passthrough is; which of them is, cannot be seen from inside.
    """
    osc = f"\x1b]52;c;{base64.b64encode(_bytes(text)).decode('ascii')}\a"
    if environ.get("TMUX"):
        return osc + "\x1bPtmux;" + osc.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        parts = (osc[start : start + _SCREEN_CHUNK] for start in range(0, len(osc), _SCREEN_CHUNK))
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return osc


def local_program(
    environ: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> tuple[str, ...]:
    """The command that fills this machine's clipboard; () over SSH, where that would be the wrong one."""
    if is_remote(environ):
        return ()
    for variable, command in _PROGRAMS:
        if (not variable or environ.get(variable)) and which(command[0]):
            return command
    return ()


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether the terminal stands on another machine than this program runs on."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))


def hand_over(command: tuple[str, ...], text: str) -> None:
    """Give the text to a local program. Blocks for a moment; a program that fails changes nothing."""
    try:
        # It stays in the background to serve the clipboard, and must not hold on to our terminal.
        subprocess.run(
            command,
            input=_bytes(text),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=3,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def _bytes(text: str) -> bytes:
    # A server may send lone surrogates, which no terminal could show or take.
    return text.encode("utf-8", "replace")
