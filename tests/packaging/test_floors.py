"""The floors hold: statically by import-linter, at run time by looking at what is really loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_arrows_between_floors_point_down_only() -> None:
    result = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("xnat_tui", {"textual", "rich", "httpx", "pydantic", "pydicom", "msgspec"}),
        ("xnat_tui.models.session", {"textual", "rich", "httpx", "pydicom", "numpy"}),
        ("xnat_tui.core.client", {"textual", "rich", "pydicom", "numpy", "keyring"}),
        ("xnat_tui.services.sessions", {"textual", "rich", "pydicom", "pynetdicom", "numpy", "keyring"}),
        ("xnat_tui.cli", {"textual", "rich", "httpx", "pydantic", "pydicom", "argparse"}),
        ("xnat_tui.demo.serve", {"textual", "rich", "httpx", "pydantic"}),
    ],
)
def test_a_floor_loads_nothing_of_the_floors_above(module: str, forbidden: set[str]) -> None:
    probe = f"import sys, {module}; print(' '.join(sorted({forbidden!r} & set(sys.modules))))"
    result = run(sys.executable, "-c", probe)
    assert (result.returncode, result.stdout.strip()) == (0, ""), result.stderr


@pytest.mark.parametrize("arguments", [("--version",), ("--help",)])
def test_version_and_help_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    probe = (
        "import sys, atexit; heavy = {'textual', 'httpx', 'pydantic', 'rich'};"
        "atexit.register(lambda: print('loaded', *sorted(heavy & set(sys.modules))));"
        "from xnat_tui.cli import main; main(sys.argv[1:])"
    )
    result = run(sys.executable, "-c", probe, *arguments)
    assert result.stdout.splitlines()[-1].split() == ["loaded"]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_linters_are_content(command: tuple[str, ...]) -> None:
    result = run(str(Path(sys.executable).with_name(command[0])), *command[1:])
    assert result.returncode == 0, result.stdout
