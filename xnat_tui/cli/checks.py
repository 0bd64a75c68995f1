"""What `xnat-tui doctor` looks at on this machine: terminal, versions, and whether work survives log-out."""

from __future__ import annotations

import getpass
import locale
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from xnat_tui.cli import exit_codes

_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs", "beegfs", "afs", "fuse.sshfs"}


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report.

    Attributes:
        name: what was looked at.
        ok: whether it is as it should be.
        found: what was found, in words.
        advice: what to do; empty when there is nothing to do.
        status: the exit status that it stands for when it is not ok.
    """

    name: str
    ok: bool
    found: str
    advice: str = ""
    status: int = exit_codes.FAILED


def terminal() -> Iterator[Check]:
    """What the terminal can do."""
    term = os.environ.get("TERM", "")
    usable = term not in {"", "dumb", "unknown"}
    yield Check(
        "terminal", usable, term or "TERM is not set", "" if usable else "Set TERM, such as xterm-256color."
    )
    yield _colours(term)
    size = shutil.get_terminal_size()
    roomy = size.columns >= 80 and size.lines >= 24
    yield Check(
        "size", roomy, f"{size.columns}x{size.lines}", "" if roomy else "Make the window 80x24 or larger."
    )
    encoding = locale.getpreferredencoding(False)
    utf8 = encoding.lower().replace("-", "") == "utf8"
    yield Check(
        "characters", utf8, encoding, "" if utf8 else "Set LANG to a UTF-8 locale, or start with --ascii."
    )
    if "TMUX" in os.environ:
        yield _tmux_clipboard()


def _colours(term: str) -> Check:
    if "NO_COLOR" in os.environ:
        return Check("colours", True, "off, because NO_COLOR is set")
    if os.environ.get("COLORTERM", "") in {"truecolor", "24bit"}:
        return Check("colours", True, "16 million")
    if "256color" in term:
        return Check("colours", True, "256; COLORTERM=truecolor says that the terminal can do more")
    return Check("colours", False, "16", "Set TERM to xterm-256color if the terminal can do it.")


def _tmux_clipboard() -> Check:
    setting = _said("tmux", "show-options", "-gv", "set-clipboard")
    passes = setting in {"on", "external"}
    advice = "" if passes else "Put `set -g set-clipboard on` into ~/.tmux.conf, so that copying works."
    return Check("tmux clipboard", passes, setting or "unknown", advice)


def versions() -> Iterator[Check]:
    """The versions that a report of a fault should name."""
    yield Check("python", True, f"{platform.python_version()} on {platform.system()} {platform.release()}")
    for package in ("xnat-tui", "textual", "httpx"):
        yield Check(package, True, metadata.version(package))


def machine(state_dir: Path) -> Iterator[Check]:
    """Whether this machine keeps what is noted and lets work go on after log-out.

    Args:
        state_dir: the folder for the program's state, whether it exists or not.
    """
    existing = next(folder for folder in (state_dir, *state_dir.parents) if folder.exists())
    writable = os.access(existing, os.W_OK)
    advice = "" if writable else "Make it writable, or name another folder in XNAT_TUI_STATE_DIR."
    yield Check("state folder", writable, str(state_dir), advice)
    file_system = _file_system(existing)
    if file_system in _NETWORK_FILE_SYSTEMS:
        yield Check("state on a network", True, f"{file_system}; a local XNAT_TUI_STATE_DIR is faster")
    yield _log_out()


def _file_system(path: Path) -> str:
    """Type of the file system that holds the path, "" where the system does not tell; Linux does."""
    try:
        mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return ""
    inside = [(len(point), kind) for point, kind in mounts if path.resolve().is_relative_to(point)]
    return max(inside)[1] if inside else ""


def _log_out() -> Check:
    """Some systems end every process of a user at log-out (systemd: KillUserProcesses, unless lingering)."""
    name = "work after log-out"
    if not Path("/run/systemd/system").exists():
        return Check(name, True, "goes on")
    manager = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
    if _said("busctl", "get-property", *manager, "KillUserProcesses") != "b true":
        return Check(name, True, "goes on")
    if _said("loginctl", "show-user", getpass.getuser(), "--property=Linger", "--value") == "yes":
        return Check(name, True, "goes on, because lingering is enabled")
    return Check(name, False, "this machine ends it", "Run `loginctl enable-linger` once.")


def _said(*command: str) -> str:
    """What a command prints, "" when it cannot be run or fails."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""
