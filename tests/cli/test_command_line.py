"""The commands as a shell sees them: what is on stdout, what on stderr, and the exit status."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from xnat_tui.demo.serve import DemoServer


def xnat_tui(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xnat_tui", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60
    )


@pytest.fixture
def config_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XNAT_TUI_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config"


def test_help_names_every_command_and_exit_status() -> None:
    result = xnat_tui("--help")
    assert result.returncode == 0
    for word in ("demo", "config", "doctor", "--read-only", "--no-mouse", "--theme", "130"):
        assert word in result.stdout


@pytest.mark.parametrize(
    "arguments", [("--colour",), ("demo", "--port", "99999"), ("config", "edit"), ("config",)]
)
def test_wrong_arguments_are_one_sentence_and_status_2(arguments: tuple[str, ...]) -> None:
    result = xnat_tui(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert "error:" in result.stderr.splitlines()[-1]


def test_config_path_is_all_that_stands_on_stdout(config_dir: Path) -> None:
    result = xnat_tui("config", "path")
    assert (result.returncode, result.stdout) == (0, f"{config_dir / 'config.toml'}\n")


def test_config_show_prints_the_configuration_in_force(config_dir: Path) -> None:
    (config_dir / "config.toml").write_text('[profiles.lab]\nurl = "https://xnat.example.org/"\n')
    shown = tomllib.loads(xnat_tui("config", "show").stdout)
    assert shown["profiles"]["lab"]["url"] == "https://xnat.example.org"
    assert shown["ui"]["mouse"] is True


def test_config_validate_names_file_key_and_what_was_meant(config_dir: Path) -> None:
    (config_dir / "config.toml").write_text('[profiles.lab]\nulr = "https://xnat.example.org/"\n')
    result = xnat_tui("config", "validate")
    assert result.returncode == 2
    assert str(config_dir / "config.toml") in result.stderr
    assert "profiles.lab.ulr" in result.stderr
    assert "'url'" in result.stderr


def test_a_broken_configuration_stops_the_start_with_one_sentence(config_dir: Path) -> None:
    (config_dir / "config.toml").write_text("[profiles\n")
    result = xnat_tui()
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unknown_profile_is_a_sentence_with_a_suggestion(config_dir: Path) -> None:
    (config_dir / "config.toml").write_text('[profiles.lab]\nurl = "https://xnat.example.org/"\n')
    result = xnat_tui("lba")
    assert result.returncode == 2
    assert "Did you mean 'lab'?" in result.stderr


def test_doctor_says_what_is_ok_and_what_to_do(config_dir: Path, demo: DemoServer) -> None:
    result = xnat_tui(
        "doctor",
        demo.url,
        XNAT_HOST=demo.url,
        XNAT_USER="owner",
        XNAT_PASS="owner",
        TERM="dumb",
        LC_ALL="C.UTF-8",
    )
    lines = {line[8:26].strip(): line for line in result.stdout.splitlines()}
    assert result.returncode == 1
    assert lines["server"].startswith("ok ")
    assert lines["log-in"].startswith("ok ") and "owner" in lines["log-in"]
    assert lines["terminal"].startswith("not ok") and "Set TERM" in lines["terminal"]


def test_doctor_tries_a_wrong_password_once_and_says_so(config_dir: Path, demo: DemoServer) -> None:
    result = xnat_tui("doctor", demo.url, XNAT_HOST=demo.url, XNAT_USER="owner", XNAT_PASS="s3cret-typo")
    (line,) = [line for line in result.stdout.splitlines() if " log-in " in line]
    assert result.returncode == 4
    assert line.startswith("not ok")
    assert "s3cret-typo" not in result.stdout + result.stderr


def test_doctor_says_when_nothing_answers(config_dir: Path) -> None:
    result = xnat_tui("doctor", "http://127.0.0.1:9")
    (line,) = [line for line in result.stdout.splitlines() if " server " in line]
    assert line.startswith("not ok") and "Traceback" not in result.stderr
    assert result.returncode == 5


def test_doctor_checks_an_address_although_the_configuration_is_broken(
    config_dir: Path, demo: DemoServer
) -> None:
    (config_dir / "config.toml").write_text("[profiles\n")
    result = xnat_tui("doctor", demo.url)
    assert " server             http://127.0.0.1" in result.stdout
    assert result.returncode == 2


def test_the_screens_ask_for_a_terminal() -> None:
    result = xnat_tui("http://127.0.0.1:9")
    assert (result.returncode, result.stdout) == (2, "")
    assert "need a terminal" in result.stderr


def test_the_demo_serves_until_it_is_told_to_stop(tiny_data: Path) -> None:
    command = [sys.executable, "-m", "xnat_tui", "demo", "--serve", "--data", str(tiny_data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert set(ready) == {"url", "user", "password", "dicom"}
    assert (process.returncode, rest) == (0, "")


def test_a_port_in_use_is_one_sentence(tiny_data: Path, demo: DemoServer) -> None:
    result = xnat_tui("demo", "--serve", "--data", tiny_data, "--port", str(demo.port))
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"Port {demo.port} is in use" in result.stderr


def test_what_the_server_in_the_background_says_is_said_once(tiny_data: Path, demo: DemoServer) -> None:
    result = xnat_tui("demo", "--data", tiny_data, "--port", str(demo.port))
    assert result.returncode == 1
    assert result.stderr.startswith(f"xnat-tui: Port {demo.port} is in use")


def test_a_wrong_size_is_a_wrong_argument_with_screens_too(tiny_data: Path) -> None:
    result = xnat_tui("demo", "--data", tiny_data, "--scale", "many")
    assert result.returncode == 2
    assert result.stderr.startswith('xnat-tui: "many" is not a scale')


def test_a_port_that_is_no_number_is_said_in_words() -> None:
    assert "abc is not a port" in xnat_tui("demo", "--port", "abc").stderr


def test_a_folder_with_other_things_in_it_is_not_taken_for_demo_data(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    result = xnat_tui("demo", "--serve", "--data", tmp_path)
    assert result.returncode == 1
    assert "thesis.tex" in result.stderr


@pytest.mark.parametrize("arguments", [("--scale", "many"), ("--bulk", "10x10q")])
def test_a_wrong_size_is_one_sentence(tiny_data: Path, arguments: tuple[str, str]) -> None:
    result = xnat_tui("demo", "--serve", "--data", tiny_data, *arguments)
    assert result.returncode == 2
    assert arguments[1] in result.stderr and "Traceback" not in result.stderr


class _Rude(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"1.9\x1b]0;owned\x07\x1b[31m")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_doctor_lets_no_control_character_of_a_server_reach_the_terminal(config_dir: Path) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Rude) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        result = xnat_tui("doctor", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert "XNAT 1.9" in result.stdout
    assert "\x1b" not in result.stdout and "\x07" not in result.stdout
