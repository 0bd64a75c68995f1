from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import pytest

from xnat_tui.core import keystore
from xnat_tui.core.auth import find_credential, keystore_entry
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Profile

URL = "https://xnat.example.org/xnat"
LAB = Profile(name="lab", url=URL)
HOST = {"XNAT_HOST": URL}


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A key store that forgets with the test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class BrokenKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise OSError("no D-Bus")

    set_password = delete_password = get_password  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def store() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    store = MemoryKeyring()
    keyring.set_keyring(store)
    yield store
    keyring.set_keyring(before)


def found(profile: Profile = LAB, **environ: str) -> tuple[str, str] | None:
    credential = find_credential(profile, environ=environ).credential
    return (credential.username, credential.password) if credential else None


def write_netrc(home: Path, text: str, mode: int = 0o600) -> Path:
    file = home / ".netrc"
    file.write_text(text)
    file.chmod(mode)
    return file


def write_xnatctl(home: Path, text: str) -> None:
    file = home / ".config" / "xnatctl" / "config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text)


@pytest.mark.parametrize(
    "environ",
    [
        {"XNAT_HOST": URL, "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_URL": URL + "/", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": "xnat.example.org/xnat", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNATPY_HOST": URL, "XNATPY_USER": "a", "XNATPY_PASS": "p"},
        {"XNAT_HOST": URL, "XNATPY_USER": "a", "XNATPY_PASS": "p"},
    ],
)
def test_the_environment_speaks_for_the_server_it_names(environ):
    assert found(**environ) == ("a", "p")


@pytest.mark.parametrize(
    "environ",
    [
        {"XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": "https://other.org/xnat", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": "https://xnat.example.org", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": "http://xnat.example.org/xnat", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": "https://xnat.example.org.evil.com/xnat", "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNATPY_HOST": "https://other.org", "XNAT_HOST": URL, "XNATPY_USER": "a", "XNATPY_PASS": "p"},
        {"XNATPY_HOST": URL, "XNAT_USER": "a", "XNAT_PASS": "p"},
        {"XNAT_HOST": URL, "XNAT_USER": "a"},
        {"XNAT_HOST": "not an address", "XNAT_USER": "a", "XNAT_PASS": "p"},
    ],
)
def test_the_environment_is_silent_about_other_servers(environ):
    assert found(**environ) is None


def test_a_user_of_the_profile_completes_the_environment():
    assert found(Profile(url=URL, username="alice"), **HOST, XNAT_PASS="p") == ("alice", "p")


def test_a_token_in_the_environment_is_an_open_session():
    credential = find_credential(LAB, environ={**HOST, "XNAT_TOKEN": "ABCDEF"}).credential
    assert credential is not None
    assert (credential.session_id, credential.username) == ("ABCDEF", "")


def test_places_are_asked_in_their_order(home, store):
    alice = Profile(name="lab", url=URL, username="alice")
    write_netrc(home, "machine xnat.example.org login alice password from-netrc\n")
    assert found(alice) == ("alice", "from-netrc")
    write_xnatctl(home, f"profiles:\n  x:\n    url: {URL}\n    username: alice\n    password: from-xnatctl\n")
    assert found(alice) == ("alice", "from-xnatctl")
    assert keystore.store_password(keystore_entry(alice), "from-keyring")
    assert store.entries == {("xnat-tui", f"lab@{URL}"): "from-keyring"}
    assert found(alice) == ("alice", "from-keyring")
    assert found(alice, **HOST, XNAT_USER="alice", XNAT_PASS="from-environment") == (
        "alice",
        "from-environment",
    )
    assert keystore.forget_password(keystore_entry(alice))
    assert found(alice) == ("alice", "from-xnatctl")


def test_a_person_is_asked_last():
    asked: list[Profile] = []

    def ask(profile: Profile) -> Credential:
        asked.append(profile)
        return Credential("typed", "in")

    assert find_credential(LAB, environ={}, ask=ask).credential == Credential("typed", "in")
    assert asked == [LAB]
    assert find_credential(LAB, environ={**HOST, "XNAT_USER": "a", "XNAT_PASS": "p"}, ask=ask).credential
    assert asked == [LAB]


def test_a_machine_without_a_key_store_is_normal():
    keyring.set_keyring(BrokenKeyring())
    alice = Profile(name="lab", url=URL, username="alice")
    assert find_credential(alice, environ={}) == find_credential(LAB, environ={})
    assert not keystore.store_password("x", "y")
    assert not keystore.forget_password("x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("machine xnat.example.org login a password p", ("a", "p")),
        ("machine other.org login a password p", None),
        ("default login a password p", None),
        ("machine xnat.example.org:8443 login a password p", None),
    ],
)
def test_netrc_is_read_by_host(home, text, expected):
    write_netrc(home, text + "\n")
    assert found() == expected


def test_netrc_is_read_by_port_first(home):
    write_netrc(home, "machine localhost login a password p\nmachine localhost:8080 login b password q\n")
    assert found(Profile(url="localhost:8080")) == ("b", "q")
    assert found(Profile(url="localhost:8081")) == ("a", "p")


def test_netrc_of_another_user_does_not_count(home):
    write_netrc(home, "machine xnat.example.org login a password p\n")
    assert found(Profile(url=URL, username="b")) is None


def test_netrc_may_lie_elsewhere(home):
    file = write_netrc(home, "machine xnat.example.org login a password p\n").rename(home / "elsewhere")
    assert found(NETRC=str(file)) == ("a", "p")


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        ("machine xnat.example.org login a password p\n", 0o644, "chmod 600"),
        ("nonsense here\n", 0o600, "not a netrc file"),
    ],
)
def test_a_bad_netrc_is_a_sentence_not_a_crash(home, text, mode, says):
    write_netrc(home, text, mode)
    result = find_credential(LAB, environ={})
    assert result.credential is None
    assert len(result.problems) == 1
    assert says in result.problems[0]


def test_a_strange_xnatctl_file_is_a_sentence_not_a_crash(home):
    write_xnatctl(home, "profiles: [a, b]\n- x\n")
    write_netrc(home, "machine xnat.example.org login a password p\n")
    result = find_credential(LAB, environ={})
    assert result.credential == Credential("a", "p")
    assert "line 2" in result.problems[0]


def test_xnatctl_profiles_may_keep_their_password_in_the_key_store(home, store):
    profile = f"url: {URL}\n    username: a\n    password: null\n    password_source: keyring"
    write_xnatctl(home, f"profiles:\n  lab2:\n    {profile}\n")
    assert found() is None
    store.entries["xnatctl", f"lab2@{URL}"] = "p"
    assert found() == ("a", "p")


def test_passwords_are_not_shown():
    environ = {**HOST, "XNAT_USER": "a", "XNAT_PASS": "hush", "XNAT_TOKEN": "tok"}
    credential = find_credential(LAB, environ=environ)
    assert "hush" not in repr(credential)
    assert "tok" not in repr(credential)
    assert "the environment" in repr(credential)
