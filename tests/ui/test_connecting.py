"""The log-in form and the connection: what is wrong is said in one sentence, and nothing typed is lost."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from textual.widgets import Input

from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.core.credential import Credential
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]


class _Page(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html><body>A page about cats.</body></html>")

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a server that is no XNAT."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


async def fill_in(person: Person, url: str, user: str, password: str) -> None:
    await person.see("Connect to an XNAT server")
    screen = person.pilot.app.screen
    for field, value in (("url", url), ("username", user)):
        screen.query_one(f"#{field}", Input).value = value
    screen.query_one("#password", Input).focus()
    await person.type(password)
    await person.press("enter")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_the_form_opens_a_server(form_app: XnatTuiApp, demo: DemoServer, size: tuple[int, int]) -> None:
    async with form_app.run_test(size=size) as pilot:
        person = Person(pilot)
        await fill_in(person, demo.url, "admin", "admin")
        await person.see("BRAINS", "admin@127.0.0.1", "online")


async def test_a_wrong_password_is_said_and_sent_once(form_app: XnatTuiApp, demo: DemoServer) -> None:
    demo.faults.add("latency", "/data/JSESSION", times=10)
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await fill_in(person, demo.url, "admin", "wrong")
        await person.see("password")
        await person.wait(lambda: person.text_of("#password-refusal") != "", "a refusal")
        attempts = 10 - (demo.faults.rules()[0].times or 0)
        await person.press("enter")
        await person.see("not sent again")
        assert 10 - (demo.faults.rules()[0].times or 0) == attempts == 1
        assert pilot.app.screen.query_one("#url", Input).value == demo.url
        await person.press("end", *["backspace"] * 5, *"admin", "enter")
        await person.see("BRAINS")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://127.0.0.1:1", "127.0.0.1:1"),
        ("a b", "not a server's address"),
        ("http://user:secret@host", "must not hold"),
    ],
)
async def test_a_wrong_address_is_explained_beside_it(form_app: XnatTuiApp, url: str, sentence: str) -> None:
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await fill_in(person, url, "admin", "admin")
        await person.wait(lambda: sentence in person.text_of("#url-refusal"), sentence)
        assert pilot.app.screen.query_one("#username", Input).value == "admin"
        assert pilot.app.screen.query_one("#password", Input).value == "admin"


async def test_a_page_that_is_no_xnat_is_recognised(form_app: XnatTuiApp, page: str) -> None:
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await fill_in(person, page, "admin", "admin")
        await person.wait(lambda: "XNAT" in person.text_of("#url-refusal"), "a refusal")


async def test_escape_gives_up_an_attempt_then_leaves(form_app: XnatTuiApp, demo: DemoServer) -> None:
    demo.faults.add("latency", "/data/JSESSION", seconds=5)
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await fill_in(person, demo.url, "admin", "admin")
        await person.see("connecting")
        await person.press("escape")
        await person.see_no("connecting")
        await person.press("escape")
        await person.wait(lambda: not pilot.app.is_running, "the end")


async def test_a_refused_log_in_from_outside_opens_the_form(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for(Credential("admin", "wrong")).run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Log in to demo", "logged out")
        await person.type("admin")
        await person.press("enter")
        await person.see("BRAINS", "online")


async def test_a_failure_says_why_and_refresh_tries_again(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        demo.faults.add("status", "/data/projects/BRAINS/subjects", status=500, times=None)
        await person.press("l")
        await person.see("✗", "R: try again")
        demo.faults.clear()
        await person.press("R")
        await person.see("SUB-001")


async def test_a_server_that_fails_at_the_start_is_tried_again(app_for: AppFor, demo: DemoServer) -> None:
    demo.faults.add("status", "/data/projects", status=500, times=None)
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("✗", "R: try again", "unexpected condition")
        demo.faults.clear()
        await person.press("R")
        await person.see("BRAINS", "online")


async def test_a_dead_server_leaves_what_was_loaded_and_what_failed_goes_on_by_itself(
    app_for: AppFor, demo: DemoServer
) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-001", "Ada Ramirez")
        demo.faults.add("cut", times=None)
        await person.go_to("SUB-001")
        await person.press("l")
        await person.see("retrying", "SUB-002", "✗")
        demo.faults.clear()
        await person.see("SUB-001_MR1", "online")


async def test_an_ended_log_in_asks_once_and_keeps_the_place(app_for: AppFor, demo: DemoServer) -> None:
    token = demo.archive.issue_token("admin")
    async with app_for(Credential(token.alias, token.secret)).run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        demo.archive.end_token(token.alias)
        demo.sessions.end_all()
        await person.press("l")
        await person.see("log in to demo again", "session expired")
        await person.type("admin")
        await person.press("enter")
        await person.see("SUB-001_MR1", "online")
        assert person.row == "SUB-001"


async def test_leaving_does_not_wait_for_the_network(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        demo.faults.add("latency", seconds=60, times=None)
        await person.press("l")
        await person.see("loading")
        await person.press("q")
        await person.wait(lambda: not pilot.app.is_running, "the end")
