"""Makes the pictures of the README, and renews its table of keys.

    python -m screenshots.make            # all pictures and the table, half a minute
    python -m screenshots.make archive    # only pictures of these names
    python -m screenshots.make --keys     # only the table

Run it in the checkout, with the extra `test` installed. It fills a demo server in a temporary folder, drives
the program there by its keys, and writes what is on the screen as SVG beside this file. The same program
gives the same bytes: what a clock or a free port decides is replaced by something fixed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"  # read once, when Textual is imported

from textual.widgets import Input

from screenshots.scenes import SCENES, Scene
from tests.ui.person import Person
from xnat_tui.app.app import AppOptions, XnatTuiApp
from xnat_tui.app.key_table import with_key_table
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Config, Profile
from xnat_tui.demo.archive import Archive
from xnat_tui.demo.sample import plant
from xnat_tui.demo.serve import DemoServer

_HERE = Path(__file__).resolve().parent
_PORT = "48080"  # as long as those that a system gives away
_README = _HERE.parent / "README.md"


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m screenshots.make", description="Makes the README's pictures."
    )
    parser.add_argument("names", nargs="*", help="pictures to make (default: all)")
    parser.add_argument("--keys", action="store_true", help="only renew the README's table of keys")
    options = parser.parse_args()
    if not options.names:
        _README.write_text(with_key_table(_README.read_text(encoding="utf-8")), encoding="utf-8")
    if not options.keys:
        scenes = [scene for scene in SCENES if not options.names or scene.name in options.names]
        with tempfile.TemporaryDirectory(prefix="xnat-tui-pictures-") as folder:
            make_pictures(scenes, Path(folder))


def make_pictures(scenes: list[Scene], folder: Path) -> None:
    """Write one SVG file for each scene, with a server in that folder."""
    with Archive(folder / "archive") as archive:
        plant(archive, "full")
    with DemoServer(folder / "archive") as server:
        for scene in scenes:
            server.faults.clear()
            svg = asyncio.run(_picture(scene, server, folder / scene.name))
            (_HERE / f"{scene.name}.svg").write_text(svg, encoding="utf-8")
            print(f"screenshots/{scene.name}.svg")


async def _picture(scene: Scene, server: DemoServer, state_dir: Path) -> str:
    profile = Profile(name="demo", url=server.url, username="admin")
    app = XnatTuiApp(
        Config(profiles={"demo": profile}),
        profile,
        credential=Credential("admin", "admin"),
        options=AppOptions(theme=scene.theme, state_dir=state_dir),
    )
    async with app.run_test(size=scene.size, notifications=True) as pilot:
        person = Person(pilot)
        await person.see("online", "BRAINS")
        await scene.play(person, server)
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await _stand_still(person)
        return _steady(app.export_screenshot(title="xnat-tui"), server.url)


def _steady(svg: str, url: str) -> str:
    """The same picture at every hour, on every port, with names inside that do not depend on either."""
    port = url.rpartition(":")[2]
    svg = re.sub(rf"\b{port}\b", _PORT, svg)
    svg = re.sub(r"(retrying&#160;in&#160;)\d", r"\g<1>4", svg)
    return re.sub(r"\bterminal-\d+", "terminal", svg)


async def _stand_still(person: Person) -> None:
    """Wait until the screen has been the same for a while."""
    before = ""
    while before != (before := person.pilot.app.export_screenshot()):
        await person.pilot.pause(0.6)


if __name__ == "__main__":
    main()
