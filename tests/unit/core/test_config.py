from __future__ import annotations

from pathlib import Path

import pytest

from xnat_tui.core.config import KeymapProblem, check_config, load_config, save_profile
from xnat_tui.core.exceptions import ConfigError
from xnat_tui.core.paths import cache_dir, config_file, state_dir
from xnat_tui.core.settings import Config, Profile, TimeoutSettings

GOOD = """
# my servers
default_profile = "lab"

[profiles.lab]  # the one with the scanner
url = "https://xnat.example.org/app/template/Index.vm"
username = "alice"
read_only = true
timeouts = { read_s = 300 }

[profiles.local]
url = "localhost:8080"

[ui]
theme = "nord"
ascii = true

[keymap]
"archive.refresh" = "ctrl+r"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_means_all_defaults(file):
    assert load_config(file) == Config()
    assert check_config(file) == []


def test_a_good_file_is_read(file):
    file.write_text(GOOD)
    config = load_config(file)
    lab = config.profiles["lab"]
    assert (lab.name, lab.url, lab.username, lab.read_only) == (
        "lab",
        "https://xnat.example.org",
        "alice",
        True,
    )
    assert lab.timeouts == TimeoutSettings(read_s=300)
    assert lab.timeouts.as_timeouts().read_s == 300
    assert config.profiles["local"].url == "http://localhost:8080"
    assert (config.default_profile, config.ui.theme, config.ui.ascii, config.ui.mouse) == (
        "lab",
        "nord",
        True,
        True,
    )
    assert config.keymap == {"archive.refresh": "ctrl+r"}


LAB = "[profiles.lab]\nurl = 'x.org'\n"


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (LAB + "user_name = 'a'", "profiles.lab.user_name", "Did you mean 'username'?"),
        (LAB + "qqq = 'a'", "profiles.lab.qqq", "Known here: url, username, provider"),
        (LAB + "name = 'a'", "profiles.lab.name", "not a key"),
        (LAB + "timeouts = { red_s = 1 }", "profiles.lab.timeouts.red_s", "'read_s'"),
        (LAB + "timeouts = { read_s = 0 }", "profiles.lab.timeouts.read_s", "greater than 0"),
        (LAB + "read_only = 'yes'", "profiles.lab.read_only", "true or false, not 'yes'"),
        (LAB + "username = true", "profiles.lab.username", "text in quotes, not true"),
        ("[profiles.lab]\nusername = 'a'", "profiles.lab.url", "is missing"),
        ("[profiles.lab]\nurl = 'a b'", "profiles.lab.url", "not a server's address"),
        ("[profiles.lab]\nurl = 'https://u:p@x.org'", "profiles.lab.url", "must not hold a user name"),
        (LAB + "password = 'hush'", "profiles.lab.password", "does not belong in this file"),
        (LAB + "token = 'hush'", "profiles.lab.token", "keyring"),
        ("[profile.lab]\nurl = 'x.org'", "profile", "Did you mean 'profiles'?"),
        ("[ui]\nthem = 'x'", "ui.them", "Did you mean 'theme'?"),
        ("profiles = 3", "profiles", "a table, not 3"),
        ("[keymap]\na = 1", "keymap.a", "text in quotes"),
        ("default_profile = 'lap'\n[profiles.lab]\nurl = 'x.org'", "default_profile", "Did you mean 'lab'?"),
        ("default_profile = 'lab'", "default_profile", "Profiles here: none."),
    ],
)
def test_a_mistake_names_file_key_and_remedy(file, text, key, says):
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert caught.value.key == key
    assert str(caught.value).startswith(f"{file}: {key}: ")
    assert says in str(caught.value)
    assert "hush" not in str(caught.value)


def test_all_mistakes_are_found_at_once(file):
    file.write_text("a = 1\n[ui]\nmouse = 1\n[profiles.x]\n")
    assert {problem.key for problem in check_config(file)} == {"a", "ui.mouse", "profiles.x.url"}


def test_a_syntax_error_names_the_line(file):
    file.write_text("[ui]\ntheme = \n")
    with pytest.raises(ConfigError, match=r"config\.toml: is not valid TOML: .*line 2"):
        load_config(file)
    assert len(check_config(file)) == 1


def test_what_is_not_text_and_what_cannot_be_read_is_said(file, tmp_path):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)


def test_saving_keeps_everything_else(file):
    file.write_text(GOOD)
    save_profile("lab", Profile(url="https://xnat.example.org", username="bob"), file)
    text = file.read_text()
    assert "# my servers" in text
    assert "# the one with the scanner" in text
    config = load_config(file)
    assert config.profiles["lab"] == Profile(name="lab", url="https://xnat.example.org", username="bob")
    assert config.profiles["local"].url == "http://localhost:8080"
    assert config.keymap == {"archive.refresh": "ctrl+r"}
    assert "timeouts" not in text


def test_a_saved_profile_is_read_back_whole(tmp_path):
    file = tmp_path / "new" / "config.toml"
    profile = Profile(
        name="my lab",
        url="https://x.org/xnat",
        username="ü",
        provider="ldap",
        ca_file="~/ca.pem",
        read_only=True,
        default_project="P",
        timeouts=TimeoutSettings(connect_s=3),
    )
    save_profile("my lab", profile, file, make_default=True)
    config = load_config(file)
    assert config.profiles == {"my lab": profile}
    assert config.default_profile == "my lab"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["config.toml"]


def test_a_broken_file_is_not_overwritten(file):
    file.write_text("[[[")
    with pytest.raises(ConfigError):
        save_profile("lab", Profile(url="x.org"), file)
    assert file.read_text() == "[[["


def test_a_linked_file_stays_a_link(tmp_path):
    real = tmp_path / "dotfiles.toml"
    real.write_text("# dots\n")
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save_profile("lab", Profile(url="x.org"), link)
    assert link.is_symlink()
    assert real.read_text().startswith("# dots\n")
    assert load_config(link).profiles["lab"].url == "https://x.org"


def test_what_is_shown_is_complete(file):
    file.write_text(GOOD)
    shown = load_config(file).redacted()
    assert shown["profiles"]["lab"]["url"] == "https://xnat.example.org"
    assert shown["keymap"] == {"archive.refresh": "ctrl+r"}


def test_the_environment_moves_the_folders(tmp_path, monkeypatch):
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XNAT_TUI_{name}_DIR", str(tmp_path / name))
    assert config_file() == tmp_path / "CONFIG" / "config.toml"
    assert state_dir() == tmp_path / "STATE"
    assert cache_dir() == tmp_path / "CACHE"


def test_a_key_map_is_judged_by_those_who_know_the_actions(file):
    file.write_text('[keymap]\n"tree.reload" = "ctrl+h"\ntree.first = "g"\n')
    seen = []

    def judge(keymap):
        seen.append(dict(keymap))
        yield KeymapProblem("tree.reload", "belongs to terminals.", "Take another.")

    (problem,) = check_config(file, check_keymap=judge)
    assert str(problem) == f'{file}: keymap."tree.reload": belongs to terminals. Take another.'
    assert seen == [{"tree.reload": "ctrl+h", "tree.first": "g"}]
    with pytest.raises(ConfigError, match="belongs to terminals"):
        load_config(file, check_keymap=judge)


def test_keys_are_text(file):
    file.write_text("[keymap]\ntree.reload = 5\n")
    (problem,) = check_config(file)
    assert problem.key == "keymap.tree.reload"
