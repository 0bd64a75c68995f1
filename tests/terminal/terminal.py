"""A terminal of one's own: tmux with a server that nobody else uses, its screen read as a person reads it."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_STEP = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
NARROW, WIDE = (80, 24), (120, 36)
_OPTIONS = {"set-clipboard": "on", "default-terminal": "tmux-256color", "monitor-bell": "on"}


class Terminal:
    """One window with a shell in it, started at once; `close` ends it with all that runs in it."""

    def __init__(self, socket: Path, size: tuple[int, int] = WIDE) -> None:
        # A size in the environment would be believed before the size of the terminal.
        self._tmux = ["env", "-u", "COLUMNS", "-u", "LINES", "tmux", "-S", str(socket), "-f", os.devnull]
        columns, rows = map(str, size)
        options = [word for name, value in _OPTIONS.items() for word in ("set", "-g", name, value, ";")]
        self.ask(
            "start-server", ";", *options, "new-session", "-d", "-x", columns, "-y", rows, "env PS1='$ ' sh"
        )
        self.see("$")

    def ask(self, *command: str) -> str:
        """Run a command of tmux and return what it prints."""
        done = subprocess.run([*self._tmux, *command], capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, timeout=20)

    def run(self, command: Sequence[str]) -> None:
        """Type a command line into the shell."""
        self.burst(f"clear; {shlex.join(command)}\n")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, each for itself, as a person does."""
        for key in keys:
            self.ask("send-keys", key)
            time.sleep(0.05)

    def burst(self, text: str) -> None:
        """Have many bytes arrive at once, as over a slow line; a newline is Enter."""
        self.ask("set-buffer", "-b", "burst", "--", text, ";", "paste-buffer", "-d", "-b", "burst")

    def resize(self, size: tuple[int, int]) -> None:
        self.ask("resize-window", "-x", str(size[0]), "-y", str(size[1]))

    @property
    def screen(self) -> str:
        """What stands on the screen, without colours."""
        return self.ask("capture-pane", "-p")

    @property
    def coloured_screen(self) -> str:
        """What stands on the screen, with the sequences that colour it."""
        return self.ask("capture-pane", "-p", "-e")

    @property
    def clipboard(self) -> str:
        """What was copied last."""
        return self.ask("show-buffer")

    def state(self, name: str) -> str:
        """One of tmux's variables about the window."""
        return self.ask("display-message", "-p", f"#{{{name}}}").rstrip("\n")

    def wait(self, fact: Callable[[], bool], what: str, timeout_s: float = 12) -> None:
        deadline = time.monotonic() + timeout_s
        while not fact():
            assert time.monotonic() < deadline, f"never happened: {what}\n{self.screen}"
            time.sleep(0.03)

    def see(self, *texts: str) -> None:
        """Wait until all texts are on the screen."""
        self.wait(lambda: all(text in self.screen for text in texts), f"see {texts}")

    def see_place(self, label: str) -> None:
        """Wait until the path in the first line ends with this label."""
        end = f"{_STEP} {label} "
        self.wait(lambda: end in self.screen.partition("\n")[0], f"see the place {label}")

    def see_no(self, text: str) -> None:
        """Wait until the text is gone."""
        self.wait(lambda: text not in self.screen, f"see no {text!r}")
