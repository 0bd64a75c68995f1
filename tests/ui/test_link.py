"""The connection over a day's work: silence, a session that ends, other servers; and what stays meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from tests.core.authority import Authority
from tests.core.small_server import SmallServer
from tests.ui.person import NARROW, WIDE, Person
from xnat_tui.app.app import XnatTuiApp
from xnat_tui.app.messages import ServerWanted
from xnat_tui.core.config import load_config, save_profile
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Config, Profile
from xnat_tui.demo.serve import DemoServer

AppFor = Callable[..., XnatTuiApp]


def token_of(demo: DemoServer) -> tuple[Credential, Callable[[], None]]:
    """A log-in that can be ended for good, and what ends it."""
    token = demo.archive.issue_token("admin")

    def end() -> None:
        demo.archive.end_token(token.alias)
        demo.sessions.end_all()

    return Credential(token.alias, token.secret), end


async def test_a_server_that_comes_back_is_noticed_without_a_key(app_for: AppFor, demo: DemoServer) -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        demo.faults.add("cut", times=None)
        await person.press("l")
        await person.see("retrying in")
        demo.faults.clear()
        await person.see("SUB-001_MR1", "online")
        assert person.row == "SUB-001"


async def test_details_that_were_read_stay_while_the_server_is_silent(
    app_for: AppFor, demo: DemoServer
) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.see("Ada Ramirez")
        await person.press("j")
        await person.see_no("Ada Ramirez")
        demo.faults.add("cut", times=None)
        await person.press("k")
        await person.see("retrying", "Ada Ramirez")


async def test_who_declines_to_log_in_browses_on_and_is_asked_only_on_demand(
    app_for: AppFor, demo: DemoServer
) -> None:
    credential, end = token_of(demo)
    async with app_for(credential).run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.go_to("SUB-001")
        end()
        await person.press("l")
        await person.see("log in to demo again", "session expired")
        await person.press("escape")
        await person.see("logged out")
        for _ in range(4):
            await person.press("j")
            await pilot.pause(0.3)
        await person.see("SUB-002", "logged out")
        await person.see_no("log in to demo again")
        await person.press("l")
        await person.see("log in to demo again")
        await person.type("admin")
        await person.press("enter")
        await person.see("online", "SUB-001_MR1")


async def test_another_server_replaces_this_one_and_the_list_knows_the_last(
    demo: DemoServer,
) -> None:
    profiles = {name: Profile(name=name, url=demo.url, username="admin") for name in ("one", "two")}
    app = XnatTuiApp(Config(profiles=profiles), profiles["one"], credential=Credential("admin", "admin"))
    async with app.run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.see("BRAINS", "admin@one")
        await person.press("W")
        await person.see("Esc goes back")
        await person.see("Connect to an XNAT server")
        await person.press("escape")
        await person.see("BRAINS", "online")
        app.post_message(ServerWanted("two"))
        await person.see("Connect to an XNAT server")
        await person.type("admin")
        await person.press("enter")
        await person.see("BRAINS", "admin@two", "online")
        await person.press("W")
        await person.see("Connect to an XNAT server")
        servers = app.screen.query_one("#servers", OptionList)
        assert str(servers.get_option_at_index(0).prompt).startswith("two")


async def test_an_unknown_server_is_a_sentence(app_for: AppFor) -> None:
    app = app_for()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        person = Person(pilot)
        await person.see("BRAINS")
        app.post_message(ServerWanted("dmeo"))
        await person.see("no profile 'dmeo'")


async def test_logging_out_ends_the_session_and_asks_where_to_go_on(
    app_for: AppFor, demo: DemoServer
) -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-001")
        await person.press("ctrl+o")
        await person.see("Connect to an XNAT server")
        await person.see_no("SUB-001")
        await person.wait(lambda: not demo.sessions.of_user("admin"), "the end of the session")
        await person.type("admin")
        await person.press("enter")
        await person.see("BRAINS", "online")


async def test_a_password_that_this_machine_keeps_is_used(
    form_app: XnatTuiApp, demo: DemoServer, own_home: Path
) -> None:
    host = demo.url.removeprefix("http://")
    (own_home / ".netrc").write_text(f"machine {host} login admin password admin\n")
    (own_home / ".netrc").chmod(0o600)
    app = XnatTuiApp(Config(profiles={"demo": Profile(name="demo", url=demo.url, username="admin")}))
    async with app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Connect to an XNAT server")
        await person.press("enter")
        await person.see("BRAINS", "online")


async def test_a_profile_is_saved_on_request(form_app: XnatTuiApp, demo: DemoServer) -> None:
    async with form_app.run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.see("Connect to an XNAT server")
        fields = {"url": demo.url, "username": "admin", "password": "admin", "save-as": "mine"}
        for name, value in fields.items():
            form_app.screen.query_one(f"#{name}", Input).value = value
        form_app.screen.query_one("#save-as").focus()
        await person.press("enter")
        await person.see("BRAINS", "admin@mine")
    assert load_config().profiles["mine"].username == "admin"


async def test_a_certificate_is_shown_and_its_authority_can_be_named(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = SmallServer(tls=authority.server_context())
    profile = Profile(name="lab", url=server.url, username="alice")
    save_profile("lab", profile)
    app = XnatTuiApp(Config(profiles={"lab": profile}), profile, credential=Credential("alice", "secret"))
    try:
        async with app.run_test(size=NARROW) as pilot:
            person = Person(pilot)
            await person.see("not trusted", "CN=server", "CN=Authority", "SHA-256")
            await person.type(str(tmp_path / "server.csr"))
            await person.press("enter")
            await person.see("no certificate in PEM form")
            app.screen.query_one("#ca-file", Input).value = str(authority.ca_file)
            await person.press("enter")
            await person.wait(lambda: app.screen.id == "connect", "the form")
            await person.type("secret")
            await person.press("enter")
            await person.see("alice@lab")
        assert load_config().profiles["lab"].ca_file == str(authority.ca_file)
    finally:
        server.close()


async def test_read_only_is_shown(app_for: AppFor) -> None:
    async with app_for(read_only=True).run_test(size=NARROW) as pilot:
        await Person(pilot).see("BRAINS", "read-only", "online")


async def test_a_theme_that_was_chosen_is_remembered(app_for: AppFor) -> None:
    app = app_for()
    async with app.run_test(size=NARROW) as pilot:
        await Person(pilot).see("BRAINS")
        app.theme = "xnat-high-contrast"
        await pilot.pause()
    async with app_for().run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert pilot.app.theme == "xnat-high-contrast"


async def test_a_theme_of_the_command_line_is_not_remembered(app_for: AppFor) -> None:
    async with app_for(theme="nord").run_test(size=NARROW) as pilot:
        await Person(pilot).see("BRAINS")
        assert pilot.app.theme == "nord"
    async with app_for().run_test(size=NARROW) as pilot:
        await pilot.pause()
        assert pilot.app.theme == "xnat-dark"


async def test_ascii_means_ascii(app_for: AppFor) -> None:
    async with app_for(ascii=True).run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.open("BRAINS")
        await person.see("SUB-001", "online")
        assert person.screen.isascii()
        await person.press("question_mark")
        await person.see("Everywhere")
        assert person.screen.isascii()


async def test_without_colour_the_cursor_is_reversed(
    app_for: AppFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with app_for().run_test(size=NARROW) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        styles = [
            (segment.text, segment.style)
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style
        ]
        colours = {colour.name for _, style in styles for colour in (style.color, style.bgcolor) if colour}
        assert colours <= {"default"}
        assert any("BRAINS" in text and style.reverse for text, style in styles)


async def test_own_keys_do_what_they_say_and_are_shown(demo: DemoServer) -> None:
    keymap = {"tree.open_node": "x", "tree.reload": "l, F6", "app.show_help": "Q"}
    profile = Profile(name="demo", url=demo.url)
    app = XnatTuiApp(Config(keymap=keymap), profile, credential=Credential("admin", "admin"))
    async with app.run_test(size=WIDE) as pilot:
        person = Person(pilot)
        await person.go_to("BRAINS")
        await person.see("x open", "Q help")
        await person.press("x")
        await person.see("SUB-001")
        await person.press("Q")
        await person.type("again")
        await person.see("l F6", "Ask again")
