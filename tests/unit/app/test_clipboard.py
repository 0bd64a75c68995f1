"""What goes to the terminal: the text, all of it, in an envelope that nothing in it can open."""

from __future__ import annotations

import base64
import re

import pytest

from xnat_tui.app import clipboard
from xnat_tui.core.exceptions import InvalidValueError

HOSTILE = "\x1b]0;title\x07 ü \ud800"


def payload(sequence: str) -> str:
    match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", sequence)
    assert match, sequence
    return base64.b64decode(match[1]).decode()


def test_a_bare_terminal() -> None:
    assert payload(clipboard.sequences(HOSTILE, {})) == HOSTILE.replace("\ud800", "?")


def test_tmux_gets_it_both_ways() -> None:
    sequence = clipboard.sequences("x" * 5000, {"TMUX": "/tmp/tmux,1,0"})
    bare, wrapped = sequence.split("\x1bPtmux;")
    assert payload(bare) == "x" * 5000
    assert wrapped.endswith("\x1b\\")
    assert payload(wrapped[:-2].replace("\x1b\x1b", "\x1b")) == "x" * 5000


def test_screen_gets_pieces_it_does_not_cut() -> None:
    sequence = clipboard.sequences("x" * 5000, {"STY": "1.host"})
    parts = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert max(map(len, parts)) < 768
    assert payload("".join(parts)) == "x" * 5000


def test_too_much_is_refused_with_a_way_out() -> None:
    clipboard.check_size("x" * clipboard.LIMIT_BYTES)
    with pytest.raises(InvalidValueError, match=r"74 001 bytes.*Export"):
        clipboard.check_size("x" * (clipboard.LIMIT_BYTES + 1))


@pytest.mark.parametrize(
    ("environ", "there", "command"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"wl-copy", "xclip"}, "wl-copy"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"xclip"}, "xclip"),
        ({}, {"wl-copy", "xclip"}, ""),
        ({}, {"pbcopy"}, "pbcopy"),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a b"}, {"xclip", "pbcopy"}, ""),
    ],
)
def test_a_local_program_only_for_a_local_person(
    environ: dict[str, str], there: set[str], command: str
) -> None:
    found = clipboard.local_program(environ, lambda name: name if name in there else None)
    assert found[:1] == ((command,) if command else ())


def test_a_program_gets_the_text_and_may_fail(tmp_path: object) -> None:
    target = f"{tmp_path}/copied"
    clipboard.hand_over(("sh", "-c", f"cat > {target}"), "ü")
    with open(target, encoding="utf-8") as file:
        assert file.read() == "ü"
    clipboard.hand_over(("/no/such/program",), "x")
