"""The main screens as they were when somebody last looked at them and found them good.

A difference is a question, not always a mistake. To answer it with yes, run with `XNAT_TUI_RENEW=1` in the
environment, look at the difference that git shows, and commit it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.snapshots.drawing import draw
from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import AppOptions, XnatTuiApp
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Config, Profile
from xnat_tui.demo.serve import DemoServer

_PICTURES = Path(__file__).parent / "screens"
_SIZES = {"narrow": NARROW, "wide": WIDE}
_STILL_S = 0.3
_IS_RENEWING = os.environ.get("XNAT_TUI_RENEW") == "1"  # read now: a test sees no such variables


@pytest.fixture
def app_in(demo: DemoServer, tmp_path: Path) -> Callable[[str], XnatTuiApp]:
    """Makes the app on the demo server in a theme."""

    def app_in(theme: str) -> XnatTuiApp:
        profile = Profile(name="demo", url=demo.url, username="admin")
        options = AppOptions(theme=theme, state_dir=tmp_path / "state")
        return XnatTuiApp(
            Config(profiles={"demo": profile}),
            profile,
            credential=Credential("admin", "admin"),
            options=options,
        )

    return app_in


async def projects(person: Person) -> None:
    await person.go_to("BRAINS")


async def session(person: Person) -> None:
    await person.open("BRAINS", "SUB-001", "SUB-001_MR1")
    await person.see("t1_tiny")


async def session_details(person: Person) -> None:
    await session(person)
    await person.press("enter")
    await person.see("accession", "4 scans")


async def hostile(person: Person) -> None:
    await person.open("AWKWARD", "Texts", "Texts_MR1")
    await person.see("␛[31m")


async def filtered(person: Person) -> None:
    await session(person)
    await person.press("g", "slash", *"bold", "enter")
    await person.see("/bold")
    await person.press("G", "k", "space")
    await person.see("1 marked")


async def copy_menu(person: Person) -> None:
    await person.go_to("BRAINS")
    await person.press("y")
    await person.see("curl")


async def help_sheet(person: Person) -> None:
    await person.press("question_mark")
    await person.see("Next row")


SCREENS = {
    "projects-wide": (projects, "xnat-dark"),
    "projects-narrow": (projects, "xnat-dark"),
    "session-wide": (session_details, "xnat-dark"),
    "session-narrow": (session, "xnat-light"),
    "session-details-narrow": (session_details, "xnat-dark"),
    "hostile-wide": (hostile, "xnat-high-contrast"),
    "hostile-narrow": (hostile, "xnat-dark"),
    "filtered-wide": (filtered, "xnat-light"),
    "copy-menu-narrow": (copy_menu, "xnat-dark"),
    "help-wide": (help_sheet, "xnat-dark"),
    "help-narrow": (help_sheet, "xnat-high-contrast"),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_the_screen_is_as_it_was(name: str, app_in: Callable[[str], XnatTuiApp]) -> None:
    show, theme = SCREENS[name]
    app = app_in(theme)
    async with app.run_test(size=_SIZES[name.rpartition("-")[2]]) as pilot:
        person = Person(pilot)
        await person.see("online", "BRAINS")
        await show(person)
        for line in app.screen.query(Input):
            line.cursor_blink = False
        compare(name, await stand_still(person))


async def stand_still(person: Person) -> str:
    """The screen, when nothing changes any more."""
    drawn = ""
    while drawn != (drawn := draw(person.pilot.app.screen)):
        await person.pilot.pause(_STILL_S)
    return drawn


def compare(name: str, drawn: str) -> None:
    """Fail with the lines that differ, unless this run is to renew."""
    picture = _PICTURES / f"{name}.txt"
    if _IS_RENEWING:
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(drawn, encoding="utf-8")
    expected = picture.read_text(encoding="utf-8") if picture.exists() else ""
    assert drawn.splitlines() == expected.splitlines(), f"{picture.name}: XNAT_TUI_RENEW=1 renews it"
