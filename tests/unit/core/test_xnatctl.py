from __future__ import annotations

import pytest

from xnat_tui.core.exceptions import ConfigError
from xnat_tui.core.xnatctl import XnatctlProfile, find_xnatctl_profile, read_xnatctl_profiles

FILE = """\
# written by a program
version: 1
default_profile: lab
output_format: table
profiles:
  lab:
    url: https://xnat.example.org/
    username: alice
    password_source: keyring
    verify_ssl: true
    ca_bundle: null
    timeout: 30
  'second one':
    url: "http://localhost:8080/xnat"
    username: 'o''brien'
    password: "p\\"w: #1"   
  empty: {}
  wrong:
    url: 'a b'
log_file: ~
"""


def test_profiles_are_read(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(FILE)
    assert read_xnatctl_profiles(file) == [
        XnatctlProfile("lab", "https://xnat.example.org/", "alice", is_in_keyring=True),
        XnatctlProfile("second one", "http://localhost:8080/xnat", "o'brien", 'p"w: #1'),
        XnatctlProfile("wrong", "a b"),
    ]


def test_a_profile_is_found_by_its_server(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(FILE)
    profile = find_xnatctl_profile("http://localhost:8080/xnat", file)
    assert profile is not None
    assert profile.keyring_entry == "second one@http://localhost:8080/xnat"
    assert "p" + '"w' not in repr(profile)
    assert find_xnatctl_profile("https://elsewhere.org", file) is None


def test_who_does_not_use_it_has_no_profiles(tmp_path):
    assert read_xnatctl_profiles(tmp_path / "none.yaml") == []


@pytest.mark.parametrize(
    "text", ["profiles:\n  - a\n", "profiles:\n  a:\n    url: |\n      x\n", "\ttab: x\n"]
)
def test_what_is_not_known_is_not_guessed(tmp_path, text):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="is not understood"):
        read_xnatctl_profiles(file)
