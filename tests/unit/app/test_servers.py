"""The servers that a user knows: their order, and what is written down on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from xnat_tui.app import servers as module
from xnat_tui.app.memory import UserMemory
from xnat_tui.app.servers import Entry, Servers
from xnat_tui.app.site import LogIn
from xnat_tui.core.auth import keystore_entry
from xnat_tui.core.config import load_config
from xnat_tui.core.credential import Credential
from xnat_tui.core.exceptions import ConfigError, InvalidValueError
from xnat_tui.core.paths import config_file
from xnat_tui.core.settings import Config, Profile

A, B, C = (Profile(name=name, url=f"https://{name}.example.org") for name in "abc")
CONFIG = Config(profiles={profile.name: profile for profile in (A, B, C)})


def entry(profile: Profile, **wishes: object) -> Entry:
    return Entry(LogIn(profile, Credential("alice", "secret")), **wishes)  # type: ignore[arg-type]


@pytest.fixture
def keystore(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    kept: dict[str, str] = {}
    monkeypatch.setattr(module, "store_password", lambda name, secret: kept.update({name: secret}) or True)
    return kept


def test_the_last_used_come_first() -> None:
    user = UserMemory(servers=["c", "https://nowhere.example.org", "b"])
    assert Servers(CONFIG, user).choices() == (C, B, A)


def test_a_server_is_named_by_profile_or_address() -> None:
    known = Servers(CONFIG, UserMemory())
    assert known.named("b") is B
    assert known.named("https://c.example.org/") is C
    assert known.named("new.example.org") == Profile(url="https://new.example.org")
    with pytest.raises(ConfigError, match="no profile"):
        known.named("d")


def test_nothing_is_written_without_being_asked(keystore: dict[str, str]) -> None:
    wanted = entry(Profile(url="https://new.example.org"))
    assert Servers(CONFIG, UserMemory()).save(wanted) is wanted.log_in
    assert Servers(CONFIG, UserMemory()).save(entry(A)).profile.name == "a"
    assert not config_file().exists() and keystore == {}


def test_a_profile_is_saved_and_counts_at_once(keystore: dict[str, str]) -> None:
    known = Servers(CONFIG, UserMemory())
    log_in = known.save(entry(Profile(url="https://new.example.org"), save_as="new", keep_password=True))
    saved = load_config().profiles["new"]
    assert (saved.url, saved.username) == ("https://new.example.org", "alice")
    assert known.named("new") == log_in.profile
    assert keystore == {keystore_entry(saved): "secret"}
    assert "secret" not in config_file().read_text()


def test_an_authority_that_was_named_is_kept_with_its_profile(tmp_path: Path) -> None:
    trusting = A.model_copy(update={"ca_file": str(tmp_path / "ca.pem")})
    Servers(CONFIG, UserMemory()).save(entry(trusting))
    assert load_config().profiles["a"].ca_file == trusting.ca_file


def test_no_key_store_is_said() -> None:
    with pytest.raises(ConfigError, match="key store"):
        Servers(CONFIG, UserMemory()).save(entry(A, keep_password=True))


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (entry(A, save_as="b"), "already"),
        (entry(Profile(url="https://new.example.org"), keep_password=True), "give it a name"),
    ],
)
def test_what_cannot_be_saved_is_said_before_anything_is_sent(wanted: Entry, sentence: str) -> None:
    with pytest.raises(InvalidValueError, match=sentence):
        Servers(CONFIG, UserMemory()).check_name(wanted)
