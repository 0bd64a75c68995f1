from __future__ import annotations

import pytest

from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.settings import Config, Profile
from xnat_tui.core.targets import open_client, resolve_target

LAB = Profile(name="lab", url="https://lab.org/xnat", username="alice", read_only=True)
LOCAL = Profile(name="local", url="localhost:8080")
CONFIG = Config(profiles={"lab": LAB, "local": LOCAL})
DEFAULTED = CONFIG.model_copy(update={"default_profile": "local"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lab", LAB),
        ("https://lab.org/xnat/app/template/Index.vm", LAB),
        ("localhost:8080", LOCAL),
        ("https://other.org", Profile(url="https://other.org")),
        ("localhost", Profile(url="http://localhost")),
    ],
)
def test_a_word_is_a_profile_or_an_address(text, expected):
    assert resolve_target(text, CONFIG, environ={}) == expected


def test_a_wrong_name_gets_a_suggestion():
    with pytest.raises(ConfigError, match=r"no profile 'lap'\. Did you mean 'lab'\?"):
        resolve_target("lap", CONFIG, environ={})
    with pytest.raises(ConfigError, match="none yet"):
        resolve_target("zzz", Config(), environ={})


def test_a_wrong_address_is_said():
    with pytest.raises(InvalidValueError):
        resolve_target("ftp://x.org", CONFIG, environ={})


@pytest.mark.parametrize(
    ("config", "environ", "expected"),
    [
        (CONFIG, {}, None),
        (DEFAULTED, {}, LOCAL),
        (DEFAULTED, {"XNAT_URL": "https://lab.org/xnat/"}, LAB),
        (DEFAULTED, {"XNAT_HOST": "https://new.org"}, Profile(url="https://new.org")),
        (Config(profiles={"lab": LAB}), {}, LAB),
        (Config(), {}, None),
    ],
)
def test_without_a_word_the_environment_and_the_file_decide(config, environ, expected):
    assert resolve_target(None, config, environ=environ) == expected


def test_a_client_is_made_from_a_profile():
    with open_client(LAB, Credential("bob", "p")) as client:
        assert (client.base_url, client.username, client.read_only) == (LAB.url, "bob", True)
    with open_client(LOCAL, Credential(session_id="ABC"), read_only=True) as client:
        assert (client.session_id, client.read_only) == ("ABC", True)
