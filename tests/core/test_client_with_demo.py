"""The client against the demo server, which knows nothing of the client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConnectionLostError,
    PermissionDeniedError,
    ResourceNotFoundError,
    ServerBusyError,
    UnexpectedAnswerError,
)
from xnat_tui.core.uri import data_path, xapi_path
from xnat_tui.demo.serve import DemoServer


@pytest.fixture(params=[False, True], ids=["closed", "open"])
def open_site(request: pytest.FixtureRequest) -> bool:
    """Whether guests are admitted."""
    return bool(request.param)


@pytest.fixture
def site(open_site: bool, tmp_path: Path) -> Iterator[DemoServer]:
    with DemoServer(tmp_path / "site", open_site=open_site, context_path="/xnat") as server:
        yield server


@pytest.fixture
def as_user(site: DemoServer) -> Iterator[Callable[[str], XNATClient]]:
    clients: list[XNATClient] = []

    def as_user(login: str) -> XNATClient:
        clients.append(XNATClient(site.url, login, site.users[login], sleep=lambda _: None))
        return clients[-1]

    yield as_user
    for client in clients:
        client.close()


@pytest.fixture
def owner(as_user: Callable[[str], XNATClient]) -> XNATClient:
    client = as_user("owner")
    client.put(data_path("projects", "P"))
    return client


def log_ins(client: XNATClient) -> int:
    return sum(entry.path.endswith("/data/JSESSION") for entry in client.request_log.entries())


def test_the_user_is_proven(as_user):
    client = as_user("member")
    assert client.authenticate() == "member"
    assert client.session_expires_in_s == pytest.approx(900, abs=5)


def test_a_session_that_ends_is_renewed_for_reads_and_writes(site, owner):
    for act in (
        lambda: owner.get_item(data_path("projects", "P")),
        lambda: owner.put(data_path("projects", "P", "subjects", "S1")),
        lambda: owner.get_table(data_path("projects", "P", "subjects")),
        lambda: owner.delete(data_path("projects", "P", "subjects", "S1")),
    ):
        before = log_ins(owner)
        site.sessions.end_all()
        act()
        assert log_ins(owner) == before + 1
    assert owner.get_table(data_path("projects", "P", "subjects")) == []


def test_a_list_does_not_shrink_with_the_session(site, owner):
    before = owner.get_table(data_path("projects"))
    assert [row["ID"] for row in before] == ["P"]
    site.sessions.end_all()
    assert owner.get_table(data_path("projects")) == before


def test_a_first_list_is_not_that_of_a_guest(site, owner, as_user):
    member = as_user("member")
    site.archive.grant("P", "member", "member")
    member.authenticate()
    site.sessions.end_all()
    assert [row["ID"] for row in member.get_table(data_path("projects"))] == ["P"]
    assert log_ins(member) == 2


def test_a_file_that_a_guest_may_not_store_is_stored_with_a_new_session(site, owner):
    owner.put(data_path("projects", "P", "accessibility", "public"))
    files = data_path("projects", "P", "resources", "R", "files")
    for name in ("a.bin", "b.bin"):
        before = log_ins(owner)
        site.sessions.end_all()
        owner.put(f"{files}/{name}", content=b"body", headers={"Content-Type": "application/octet-stream"})
        assert log_ins(owner) == before + 1
    assert sorted(row["Name"] for row in owner.get_table(files)) == ["a.bin", "b.bin"]


def test_threads_that_write_as_a_guest_write_again_under_one_session(site, owner):
    owner.put(data_path("projects", "P", "accessibility", "public"))
    owner.put(data_path("projects", "P", "resources", "R"))
    files = data_path("projects", "P", "resources", "R", "files")
    before = log_ins(owner)
    site.sessions.end_all()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: owner.put(f"{files}/{n}.bin", {"inbody": "true"}, b"body"), range(20)))
    assert len(owner.get_table(files)) == 20
    assert log_ins(owner) == before + 1


def test_bulk_transfers_do_not_believe_a_guests_success_either(site, open_site, owner):
    ticket = owner.access.ticket()
    site.sessions.end_all()
    assert owner.access.accept(ticket, "/data/projects/P", 200, [], method="PUT") is not open_site
    assert owner.access.accept(owner.access.ticket(), "/data/projects/P", 200, [], method="PUT")


def test_a_write_costs_one_more_question_at_most_and_on_closed_sites_none(open_site, owner):
    owner.put(data_path("projects", "P", "accessibility", "public"))
    path = data_path("projects", "P", "resources", "R", "files", "a.bin")
    before = owner.request_log.version
    for _ in range(3):
        owner.put(path, {"overwrite": "true", "inbody": "true"}, content=b"body")
    assert owner.request_log.version - before == (6 if open_site else 3)


def test_a_session_idle_for_too_long_is_renewed(tmp_path):
    with (
        DemoServer(tmp_path, session_timeout_s=0.2) as server,
        XNATClient(server.url, "admin", "admin") as client,
    ):
        client.put(data_path("projects", "P"))
        while server.sessions.of_user("admin"):
            time.sleep(0.01)
        client.put(data_path("projects", "P", "subjects", "S"))
        assert [row["label"] for row in client.get_table(data_path("projects", "P", "subjects"))] == ["S"]


def test_threads_renew_one_session_together(site, owner):
    owner.authenticate()
    before = log_ins(owner)
    site.sessions.end_all()
    with ThreadPoolExecutor(20) as pool:
        items = list(pool.map(lambda _: owner.get_item(data_path("projects", "P")), range(20)))
    assert {item.text("ID") for item in items} == {"P"}
    assert log_ins(owner) == before + 1


def test_a_wrong_password_is_refused_in_the_servers_words(site):
    with XNATClient(site.url, "owner", "wrong") as client:
        with pytest.raises(AuthenticationError) as caught:
            client.authenticate()
        assert caught.value.status == 401
        assert caught.value.server_message
        with pytest.raises(AuthenticationError, match="not tried again"):
            client.authenticate()
        assert log_ins(client) == 1


def test_the_server_without_its_context_path_is_no_xnat(site):
    with (
        XNATClient(site.url.removesuffix("/xnat"), "owner", "owner") as client,
        pytest.raises(UnexpectedAnswerError),
    ):
        client.authenticate()


def test_what_another_user_may_not_see_is_not_there(owner, as_user):
    member = as_user("member")
    with pytest.raises(ResourceNotFoundError):
        member.get(data_path("projects", "P", "subjects", "S"))
    with pytest.raises(PermissionDeniedError):
        member.delete(data_path("projects", "P"))


def test_faults_of_the_server_and_the_line_are_survived(site, owner):
    site.faults.add("status", "/data/projects", status=503, retry_after_s=1)
    site.faults.add("cut", "/data/projects", after_bytes=10)
    site.faults.add("status", "/data/projects", status=500)
    assert [row["ID"] for row in owner.get_table(data_path("projects"))] == ["P"]


def test_writes_meet_faults_once(site, owner):
    site.faults.add("status", "*", method="PUT", status=503)
    with pytest.raises(ServerBusyError):
        owner.put(data_path("projects", "P", "subjects", "S"))
    site.faults.add("cut", "*", method="PUT")
    with pytest.raises(ConnectionLostError):
        owner.put(data_path("projects", "P", "subjects", "S"))
    assert site.faults.rules() == []


def test_logging_out_ends_the_session(site, owner):
    owner.logout()
    assert site.sessions.of_user("owner") == []


def test_an_alias_token_logs_its_owner_in(site, owner):
    token = owner.get_json(data_path("services", "tokens", "issue"))
    with XNATClient(site.url, token["alias"], token["secret"]) as client:
        assert client.authenticate() == "owner"
        assert [row["ID"] for row in client.get_table(data_path("projects"))] == ["P"]


def test_a_guest_stays_a_guest(site):
    with XNATClient(site.url) as client:
        client.keep_alive()
        assert client.get_json(xapi_path("siteConfig", "buildInfo"))["version"]
        with pytest.raises(AuthenticationError):
            client.authenticate()
