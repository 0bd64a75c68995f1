"""Lines that are cut, servers that are silent, busy, untrusted or elsewhere; over real HTTP and TLS."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.core.small_server import LOGIN_PAGE, cutting_after, saying, stalling
from xnat_tui.core.client import XNATClient
from xnat_tui.core.exceptions import (
    CertificateError,
    ConfigError,
    ConnectionLostError,
    InvalidRequestError,
    ReadOnlyError,
    ServerBusyError,
    ServerError,
    UnexpectedAnswerError,
)
from xnat_tui.core.timeouts import Timeouts

TABLE = '{"ResultSet":{"Result":[{"ID":"P1"}]}}'


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("cut", [cutting_after(-1), cutting_after(0), cutting_after(500)])
def test_a_get_survives_a_cut_line(server, connect, cut):
    client = connect(server)
    server.on("/data/projects", cut, cut)
    assert client.get_table("/data/projects") == [{"ID": "P1"}]
    assert server.count("GET", "/data/projects") == 3


def test_a_write_is_never_repeated_after_a_cut_line(server, connect):
    client = connect(server)
    server.on("/data/projects/P", cutting_after(-1))
    with pytest.raises(ConnectionLostError, match="cut before the answer was complete"):
        client.put("/data/projects/P")
    assert server.count("PUT", "/data/projects/P") == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_and_then_given_up(server, connect, status):
    waits: list[float] = []
    client = connect(server, sleep=waits.append)
    server.on("/data/projects", *[saying(status)] * 5)
    with pytest.raises(ServerBusyError):
        client.get("/data/projects")
    assert server.count("GET", "/data/projects") == 5
    assert [round(wait) for wait in waits] == pytest.approx([1, 2, 4, 8], rel=0.3)


def test_the_server_says_how_long_to_wait(server, connect):
    waits: list[float] = []
    client = connect(server, sleep=waits.append)
    server.on("/data/projects", saying(503, Retry_After="7"), saying(503, Retry_After="86400"))
    client.get("/data/projects")
    assert waits == [7, 60]


def test_a_busy_server_is_not_asked_twice_to_write(server, connect):
    client = connect(server)
    server.on("/data/projects/P", saying(503, "Too much", Retry_After="7"))
    with pytest.raises(ServerBusyError, match="Too much") as caught:
        client.put("/data/projects/P")
    assert caught.value.retry_after_s == 7
    assert server.count("PUT", "/data/projects/P") == 1


def test_a_fault_is_tried_once_more(server, connect):
    client = connect(server)
    server.on(
        "/data/projects", saying(500), saying(500, "<html><h3>Broken &amp; gone</h3></html>", "text/html")
    )
    with pytest.raises(ServerError, match="Broken & gone") as caught:
        client.get("/data/projects")
    assert (caught.value.status, caught.value.method, caught.value.path) == (500, "GET", "/data/projects")
    assert server.count("GET", "/data/projects") == 2


def test_closing_the_client_ends_its_waiting(server):
    client = XNATClient(server.url)
    server.on("/data/open", *[saying(503, Retry_After="50")] * 5)
    closing = threading.Timer(0.2, client.close)
    closing.start()
    with pytest.raises(ConnectionLostError, match="closed"):
        client.get("/data/open")
    closing.join()


def test_closing_the_client_ends_a_request_under_way(server):
    client = XNATClient(server.url)
    server.on("/data/open", stalling(3))
    closing = threading.Timer(0.2, client.close)
    closing.start()
    with pytest.raises(ConnectionLostError, match="closed"):
        client.get("/data/open")
    closing.join()
    with pytest.raises(ConnectionLostError, match="closed"):
        client.get("/data/open")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "nonsense://x"])
def test_a_proxy_that_cannot_be_used_is_said(monkeypatch, proxy):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ConfigError, match="proxy"):
        XNATClient("https://x.org")


def test_a_proxy_from_the_environment_is_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("NO_PROXY", "")
    with XNATClient("http://xnat.invalid", "alice", "secret") as client:
        assert client.authenticate() == "alice"


def test_authorities_in_the_environment_that_are_missing_are_said(monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        XNATClient("https://x.org")


def test_a_refused_connection_is_said_at_once(closed_port):
    waits: list[float] = []
    with (
        XNATClient(f"http://127.0.0.1:{closed_port}", sleep=waits.append) as client,
        pytest.raises(ConnectionLostError, match=f"Nothing answers at 127.0.0.1:{closed_port}"),
    ):
        client.get("/data/projects")
    assert waits == []


def test_an_unknown_name_is_said(monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with (
        XNATClient("https://xnat.invalid") as client,
        pytest.raises(ConnectionLostError, match=r"no server named 'xnat\.invalid'"),
    ):
        client.get("/data/projects")


def test_a_silent_server_is_said_with_the_limit_and_asked_once(server, connect):
    client = connect(server, timeouts=Timeouts(read_s=0.2))
    server.on("/data/open", stalling(1))
    with pytest.raises(ConnectionLostError, match=r"silent for 0\.2 s"):
        client.get("/data/open")
    assert server.count("GET", "/data/open") == 1


def test_time_outs_can_be_given_per_request(server, connect):
    client = connect(server)
    server.on("/data/open", stalling(1))
    with pytest.raises(ConnectionLostError, match=r"0\.1 s"):
        client.request("GET", "/data/open", timeout=Timeouts(read_s=0.1))


def test_a_stream_that_is_cut_is_a_lost_connection(server, connect):
    client = connect(server)
    server.on("/data/open/file", cutting_after(300))
    with (
        pytest.raises(ConnectionLostError, match="cut"),
        client.stream("GET", "/data/open/file") as response,
    ):
        for _ in response.iter_bytes():
            pass


def test_a_stream_gives_the_bytes_of_any_file(server, connect):
    client = connect(server)
    server.on("/data/open/report.html", saying(200, LOGIN_PAGE, "text/html"))
    with client.stream("GET", "/data/open/report.html") as response:
        assert b"".join(response.iter_bytes()) == LOGIN_PAGE


def test_errors_of_a_stream_carry_the_servers_sentence(server, connect):
    client = connect(server)
    server.on("/data/open/file", saying(400, "<html><h3>Invalid handler definition</h3></html>", "text/html"))
    with (
        pytest.raises(InvalidRequestError, match="Invalid handler definition"),
        client.stream("GET", "/data/open/file"),
    ):
        pass


def test_a_page_instead_of_data_is_an_error(server, connect):
    client = connect(server)
    server.on("/data/projects", saying(200, "<html>Maintenance today</html>", "text/html"))
    with pytest.raises(UnexpectedAnswerError, match="web page"):
        client.get("/data/projects")
    assert server.logins == 1


@pytest.mark.parametrize(
    "body", ["{", '"text"', '{"items": []}', "<xml/>", '{"ResultSet": {"Result": {}}}', ""]
)
def test_what_is_not_a_table_is_an_error(server, connect, body):
    server.on("/data/projects", saying(200, body, "application/json"))
    with pytest.raises(UnexpectedAnswerError):
        connect(server).get_table("/data/projects")


def test_a_context_path_goes_before_every_path(servers):
    server = servers.start(context_path="/xnat")
    with XNATClient(f"{server.url}/app/template/Index.vm", "alice", "secret") as client:
        assert client.base_url == server.url
        assert client.get_table("/data/projects") == [{"ID": "P1"}]


def test_a_redirect_on_the_same_server_is_followed(servers, connect):
    server = servers.start(context_path="/xnat")
    server.on("/data/old", saying(302, Location="/xnat/data/projects?format=json"))
    assert connect(server).get_table("/data/old") == [{"ID": "P1"}]


def test_a_redirect_to_another_server_is_never_followed(servers, connect):
    server, other = servers.start(), servers.start()
    server.on("/data/projects", saying(302, Location=f"{other.url}/data/projects"))
    with pytest.raises(UnexpectedAnswerError, match=f"on to {other.url}"):
        connect(server).get("/data/projects")
    assert other.requests == []


def test_a_password_is_not_carried_to_where_the_login_is_redirected(servers, connect):
    server, other = servers.start(), servers.start()
    server.on("/data/JSESSION", saying(301, Location=f"{other.url}/data/JSESSION"))
    with pytest.raises(UnexpectedAnswerError, match="another address"):
        connect(server).authenticate()
    assert other.requests == []


def test_a_redirect_to_a_page_for_people_says_so(server, connect):
    server.on("/data/projects", saying(302, Location="/app/template/XDATScreen_UpdateUser.vm"))
    with pytest.raises(UnexpectedAnswerError, match=r"XDATScreen_UpdateUser.*web browser"):
        connect(server).get("/data/projects")


def test_redirects_in_circles_end(server, connect):
    server.on("/data/projects", *[saying(302, Location="/data/projects")] * 20)
    with pytest.raises(UnexpectedAnswerError, match="circles"):
        connect(server).get("/data/projects")


def test_a_write_is_not_redirected(server, connect):
    server.on("/data/projects/P", saying(302, Location="/data/projects/Q"))
    with pytest.raises(UnexpectedAnswerError):
        connect(server).put("/data/projects/P")
    assert server.count("PUT", "/data/projects/Q") == 0


def test_read_only_sends_nothing_that_changes(server):
    with XNATClient(server.url, "alice", "secret", read_only=True) as client:
        client.authenticate()
        sent = len(server.requests)
        for method, path in [("PUT", "/data/projects/P"), ("GET", "/data/services/tokens/issue")]:
            with pytest.raises(ReadOnlyError):
                client.request(method, path)
        assert len(server.requests) == sent
        client.get("/data/projects")
        client.logout()


def test_a_trusted_authority_is_enough(servers, authority, connect):
    server = servers.start(tls=authority.server_context())
    client = connect(server, ca_file=authority.ca_file)
    assert client.authenticate() == "alice"


@pytest.mark.parametrize(
    ("name", "days", "reason"),
    [
        ("IP:127.0.0.1", -1, "it has expired"),
        ("IP:10.1.1.1", 1, "issued for another address"),
    ],
)
def test_a_bad_certificate_is_refused_with_its_reason(servers, authority, connect, name, days, reason):
    server = servers.start(tls=authority.server_context(name, days=days))
    with pytest.raises(CertificateError, match=reason):
        connect(server, ca_file=authority.ca_file).authenticate()
    assert server.requests == []


def test_an_unknown_authority_is_refused(servers, authority, connect):
    server = servers.start(tls=authority.server_context())
    with pytest.raises(CertificateError, match=r"authority that this machine does not know.*ca_file"):
        connect(server).get("/data/projects")


def test_a_self_signed_certificate_is_refused_unless_told_otherwise(servers, authority, connect):
    server = servers.start(tls=authority.self_signed_context())
    with pytest.raises(CertificateError, match="self-signed"):
        connect(server).authenticate()
    assert connect(server, verify=False).authenticate() == "alice"


def test_plain_http_on_a_secure_address_is_said(server):
    with (
        XNATClient(server.url.replace("http:", "https:"), "alice", "secret") as client,
        pytest.raises(ConnectionLostError, match="speaks no TLS"),
    ):
        client.authenticate()


def test_a_wrong_authority_file_names_itself(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.pem: ca_file: cannot be read"):
        XNATClient("https://x.org", ca_file=tmp_path / "nowhere.pem")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="no certificate"):
        XNATClient("https://x.org", ca_file=tmp_path / "empty.pem")


def test_the_log_holds_every_exchange_and_no_secret(server, connect):
    client = connect(server)
    client.get_table("/data/projects", {"password": "hush"})
    server.on("/data/open", saying(404))
    with pytest.raises(ServerError):
        client.get("/data/open")
    entries = client.request_log.entries()
    assert [(entry.method, entry.path, entry.status) for entry in entries] == [
        ("POST", "/data/JSESSION", 200),
        ("GET", "/data/auth", 200),
        ("GET", "/data/projects?format=json&password=***", 200),
        ("GET", "/data/auth", 401),
        ("GET", "/data/open", 404),
        ("GET", "/data/auth", 200),
    ]
    assert client.session_id not in repr(entries)
    assert all(entry.duration_ms > 0 for entry in entries)
