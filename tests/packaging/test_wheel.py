"""The wheel alone is enough: built, installed into a fresh environment, started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as for a release."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`bin` of a fresh environment that holds the wheel; its dependencies are lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    lent = next(path for path in map(Path, sys.path) if (path / "textual").is_dir())
    (site / "lent.pth").write_text(f"{lent}\n")
    return folder / "bin"


def test_the_wheel_holds_styles_and_schemas(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for source in [*(ROOT / "styles").glob("*.tcss")]:
        assert f"xnat_tui/styles/{source.name}" in names
    for schema in (ROOT / "xnat_tui" / "demo").rglob("*.xsd"):
        assert str(schema.relative_to(ROOT)) in names


def test_the_installed_program_tells_its_version(installed: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [installed / "xnat-tui", "--version"], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.stdout.startswith("xnat-tui ")


def test_the_installed_program_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    probe = "import xnat_tui, xnat_tui.app.stylesheets as s; print(xnat_tui.__file__, *s.paths(), sep='\\n')"
    result = subprocess.run([installed / "python", "-c", probe], cwd=tmp_path, capture_output=True, text=True)
    files = result.stdout.splitlines()
    assert len(files) > 1
    assert all(file.startswith(str(installed.parent)) for file in files), result.stdout + result.stderr


@pytest.fixture
def screen(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The first text that the installed program paints on a terminal, when it opens its own demo."""
    import pty
    import select

    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="36")
        os.chdir(tmp_path)
        os.execv(installed / "xnat-tui", ["xnat-tui", "http://127.0.0.1:9"])
    seen = b""
    while b"127.0.0.1" not in seen and select.select([terminal], [], [], 30)[0]:
        seen += os.read(terminal, 65536)
    yield seen.decode(errors="replace")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)


def test_the_installed_program_opens_its_screen(screen: str) -> None:
    assert "127.0.0.1" in screen


def test_the_installed_demo_serves(installed: Path, tmp_path: Path) -> None:
    command = [installed / "xnat-tui", "demo", "--serve", "--data", tmp_path / "data"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path, text=True) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        process.terminate()
    assert ready["url"].startswith("http://127.0.0.1:")
    assert ready["dicom"]["aet"] == "XNAT"
