"""One log-in, shared by threads, through all the ways in which a session dies; over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.core.small_server import LOGIN_PAGE, Servers, saying
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    AuthenticationError,
    PermissionDeniedError,
    ResourceNotFoundError,
    UnexpectedAnswerError,
    XnatTuiError,
)


def test_the_server_names_the_user(server, connect):
    client = connect(server)
    assert client.authenticate() == "alice"
    assert client.username == "alice"
    assert server.requests == [("POST", "/data/JSESSION"), ("GET", "/data/auth")]


def test_the_first_request_logs_in_and_the_password_is_sent_once(server, connect):
    client = connect(server)
    for _ in range(3):
        assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.logins == 1
    assert sum("Authorization" in headers for headers in server.headers) == 1


def test_nothing_looks_like_a_browser(server, connect):
    connect(server).authenticate()
    assert {headers["User-Agent"] for headers in server.headers} == {"xnat-tui/0.1.0"}


def test_twenty_threads_log_in_once(server, connect):
    client = connect(server)
    in_threads(20, lambda: client.get("/data/projects"))
    assert server.logins == 1


@pytest.mark.parametrize("open_site", [False, True])
def test_twenty_threads_that_fail_together_renew_once(servers: Servers, connect, open_site):
    server = servers.start(open_site=open_site)
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    answers = in_threads(20, lambda: client.get_table("/data/projects"))
    assert answers == [[{"ID": "P1"}]] * 20
    assert server.logins == 2


@pytest.mark.parametrize("open_site", [False, True])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_write_that_met_a_dead_session_is_repeated(servers: Servers, connect, open_site, method):
    server = servers.start(open_site=open_site)
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    client.request(method, "/data/projects/P/subjects/S", content=b"body")
    assert server.logins == 2
    assert server.bodies == [b"body"]


def test_what_can_be_read_once_is_not_sent_twice(server, connect):
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    with pytest.raises(AuthenticationError, match="second time"):
        client.put("/data/projects/P/files/a", content=(part for part in [b"a", b"b"]))
    assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.logins == 2


def test_a_login_page_with_status_200_is_a_dead_session(server, connect):
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    server.on("/data/projects", saying(200, LOGIN_PAGE, "text/html"))
    assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.logins == 2


def test_a_redirect_to_the_login_page_is_a_dead_session(server, connect):
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    server.on("/data/projects", saying(302, Location="/app/template/Login.vm"))
    assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.logins == 2
    assert ("GET", "/app/template/Login.vm") not in server.requests


def test_a_shorter_list_is_believed_of_a_live_session_only(servers: Servers, connect):
    server = servers.start(open_site=True)
    client = connect(server)
    shorter = saying(200, '{"ResultSet":{"Result":[]}}', "application/json")
    assert len(client.get_table("/data/projects")) == 1
    server.kill_sessions()
    server.on("/data/projects", shorter)
    assert len(client.get_table("/data/projects")) == 1
    assert server.logins == 2
    server.on("/data/projects", shorter)
    assert client.get_table("/data/projects") == []
    assert server.logins == 2


def test_lists_are_vouched_for_by_a_proof_of_the_last_seconds(servers: Servers, connect):
    now = [0.0]
    server = servers.start(open_site=True)
    client = connect(server, clock=lambda: now[0])
    client.authenticate()
    proofs = []
    for seconds in (0, 1, 4, 6, 7):
        now[0] = seconds
        client.get_table("/data/projects")
        proofs.append(server.count("GET", "/data/auth"))
    # At the log-in one; at the first list one as nobody, which tells that the site is open, and one as alice.
    assert proofs == [3, 3, 3, 4, 4]


def test_a_closed_site_is_asked_once_whether_it_is_open(server, connect):
    client = connect(server)
    client.authenticate()
    server.on("/data/projects/P", *[saying(200)] * 3)
    for _ in range(3):
        client.put("/data/projects/P")
        client.get_table("/data/projects")
    assert server.count("GET", "/data/auth") == 2
    assert "Cookie" not in server.headers[3]


def test_a_post_that_a_guest_may_have_made_is_not_made_again(servers: Servers, connect):
    server = servers.start(open_site=True)
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    server.on("/data/projects/P", saying(200))
    with pytest.raises(AuthenticationError, match="not known"):
        client.post("/data/projects/P")
    assert server.count("POST", "/data/projects/P") == 1


def test_an_open_site_that_stumbles_is_not_taken_for_a_closed_one(servers: Servers, connect):
    server = servers.start(open_site=True)
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    server.on("/data/files", saying(200))
    server.on("/data/auth", saying(500))
    client.put("/data/files", content=b"body")
    assert server.logins == 2


def test_an_answer_that_opens_another_session_is_asked_again(servers: Servers, connect):
    server = servers.start(open_site=True)
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    empty = '{"ResultSet":{"Result":[]}}'
    # A server that does not know our session opens another one, a guest's.
    server.on(
        "/data/projects", saying(200, empty, "application/json", Set_Cookie="JSESSIONID=0000AAAA; Path=/")
    )
    assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.logins == 2


def test_a_session_idle_for_too_long_is_renewed_before_a_write(servers: Servers, connect):
    now = [0.0]
    server = servers.start(open_site=True)
    client = connect(server, clock=lambda: now[0])
    client.authenticate()
    assert client.session_expires_in_s == 900
    server.kill_sessions()
    now[0] = 901.0
    client.put("/data/projects/P/subjects/S")
    assert server.logins == 2
    assert server.count("PUT", "/data/projects/P/subjects/S") == 1


def test_what_is_not_there_is_not_there_for_a_live_session(server, connect):
    client = connect(server)
    server.on(
        "/data/projects/X", saying(404, "<html><h3>Unable to identify project: X</h3></html>", "text/html")
    )
    with pytest.raises(ResourceNotFoundError, match="Unable to identify project: X"):
        client.get("/data/projects/X")
    assert server.logins == 1


def test_what_is_forbidden_is_forbidden_for_a_live_session(server, connect):
    client = connect(server)
    server.on("/data/projects/X", saying(403, "<html><h3>No edit rights.</h3></html>", "text/html"))
    with pytest.raises(PermissionDeniedError, match="No edit rights"):
        client.delete("/data/projects/X")
    assert server.logins == 1


def test_a_bad_password_is_tried_once(server, connect):
    client = connect(server, password="wrong")
    with pytest.raises(AuthenticationError, match="Login failed"):
        client.authenticate()
    for attempt in (client.authenticate, lambda: client.get("/data/projects"), client.keep_alive):
        with pytest.raises(AuthenticationError, match=r"refused this password before|log-in"):
            attempt() or client.get("/data/projects")
    assert server.refused_logins == 1


def test_twenty_threads_try_a_bad_password_once(server, connect):
    client = connect(server, password="wrong")
    failures = in_threads(20, lambda: client.get("/data/projects"))
    assert {type(failure) for failure in failures} == {AuthenticationError}
    assert server.refused_logins == 1


def test_another_password_is_tried_and_the_same_one_is_not(server, connect):
    client = connect(server, password="wrong")
    with pytest.raises(AuthenticationError):
        client.authenticate()
    client.set_credentials("alice", "wrong")
    with pytest.raises(AuthenticationError, match="not tried again"):
        client.authenticate()
    client.set_credentials("alice", "secret")
    assert client.authenticate() == "alice"
    assert server.refused_logins == 1


def test_a_password_that_turns_bad_is_tried_once_more_and_never_again(server, connect):
    client = connect(server)
    client.authenticate()
    server.kill_sessions()
    server.on("/data/JSESSION", *[saying(401)] * 50)
    failures = in_threads(20, lambda: client.get("/data/projects"))
    assert {type(failure) for failure in failures} == {AuthenticationError}
    assert server.count("POST", "/data/JSESSION") == 2


def test_a_guests_session_is_no_login(servers: Servers, connect):
    server = servers.start(open_site=True)
    client = connect(server)
    server.on("/data/JSESSION", saying(200, "F" * 32))
    with pytest.raises(AuthenticationError, match="guest"):
        client.authenticate()
    assert client.session_id == ""


def test_a_handed_over_session_is_proven_and_used(server):
    session_id = server.open_session()
    with XNATClient(server.url, session_id=session_id) as client:
        assert client.authenticate() == "alice"
        assert client.get_table("/data/projects") == [{"ID": "P1"}]
        server.kill_sessions()
        with pytest.raises(AuthenticationError, match="session has ended"):
            client.get("/data/projects")


def test_without_a_login_a_guest_sees_what_guests_see(server):
    with XNATClient(server.url) as client:
        assert client.get_table("/data/open") == [{"ID": "P1"}]
        with pytest.raises(AuthenticationError):
            client.get("/data/projects")
        with pytest.raises(AuthenticationError, match="no user name"):
            client.authenticate()


def test_logging_out_ends_the_session_and_forgets_the_password(server, connect):
    client = connect(server)
    client.authenticate()
    client.logout()
    assert server.sessions == set()
    with pytest.raises(AuthenticationError):
        client.authenticate()
    assert server.logins == 1


def test_keeping_alive_renews_a_dead_session(server, connect):
    client = connect(server)
    client.authenticate()
    client.keep_alive()
    assert server.logins == 1
    server.kill_sessions()
    client.keep_alive()
    assert server.logins == 2


def test_an_authentication_provider_goes_before_the_name(server):
    server.on("/data/JSESSION", saying(401))
    with (
        XNATClient(server.url, "alice", "secret", provider="ldap") as client,
        pytest.raises(AuthenticationError),
    ):
        client.authenticate()
    assert server.headers[0]["Authorization"] == "Basic bGRhcC9hbGljZTpzZWNyZXQ="


@pytest.mark.parametrize(
    "reaction",
    [
        saying(200, "<html><body>Welcome to the intranet</body></html>", "text/html"),
        saying(404, "not here"),
        saying(501, "<h1>Error response</h1>", "text/html"),
        saying(200, "hello, world"),
    ],
)
def test_what_is_not_xnat_is_called_so(server, connect, reaction):
    server.on("/data/JSESSION", reaction)
    with pytest.raises(UnexpectedAnswerError, match="XNAT server"):
        connect(server).authenticate()


def in_threads(count: int, act: Callable[[], object]) -> list[object]:
    """Do it in many threads at the same moment; return what each returned or raised."""
    gate = threading.Barrier(count)

    def run(_: int) -> object:
        gate.wait()
        try:
            return act()
        except XnatTuiError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
