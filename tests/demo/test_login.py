"""Sessions, cookies, guests and tokens of the demo server, over real HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from xnat_tui.demo.serve import DemoServer

BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux)"}


def test_jsession_is_plain_text_of_32_hex_digits(admin: httpx.Client) -> None:
    answer = admin.post("/data/JSESSION")
    assert re.fullmatch(r"[0-9A-F]{32}", answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.cookies["JSESSIONID"] == answer.text


def test_jsession_without_credentials_proves_nothing(server: DemoServer) -> None:
    with httpx.Client(base_url=server.url) as guest:
        assert guest.get("/data/JSESSION").status_code == 200
        assert guest.get("/data/auth").status_code == 401


def test_a_cookie_alone_is_enough(server: DemoServer, admin: httpx.Client) -> None:
    cookies = {"JSESSIONID": admin.get("/data/JSESSION").text}
    answer = httpx.get(f"{server.url}/data/auth", cookies=cookies)
    assert answer.text == "User 'admin' is logged in"


def test_a_live_cookie_saves_the_check_of_the_password(server: DemoServer, admin: httpx.Client) -> None:
    cookies = {"JSESSIONID": admin.get("/data/JSESSION").text}
    answer = httpx.get(f"{server.url}/data/auth", cookies=cookies, auth=("admin", "wrong"))
    assert answer.status_code == 200


def test_delete_ends_the_session(server: DemoServer, admin: httpx.Client) -> None:
    cookies = {"JSESSIONID": admin.get("/data/JSESSION").text}
    httpx.delete(f"{server.url}/data/JSESSION", cookies=cookies)
    assert httpx.get(f"{server.url}/data/auth", cookies=cookies).status_code == 401


def test_every_answer_tells_when_the_session_ends(server: DemoServer) -> None:
    answer = httpx.get(f"{server.url}/data/auth")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("SESSION_EXPIRATION"))
    assert re.fullmatch(r'SESSION_EXPIRATION_TIME="\d+,900000"; Version=1; Path=/', cookie)


def test_a_wrong_password_is_a_tomcat_page_without_challenge(server: DemoServer) -> None:
    answer = httpx.get(f"{server.url}/data/projects", auth=("admin", "wrong"))
    assert answer.status_code == 401
    assert answer.text.startswith("<!doctype html>")
    assert "HTTP Status 401 \u2013 Unauthorized" in answer.text
    assert "www-authenticate" not in answer.headers


def test_nobody_is_challenged_on_a_closed_site(server: DemoServer) -> None:
    answer = httpx.get(f"{server.url}/data/projects")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


def test_browsers_are_sent_to_the_login_page(server: DemoServer) -> None:
    answer = httpx.get(f"{server.url}/data/projects", headers=BROWSER, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.url.path == "/app/template/Login.vm"
    assert answer.text.startswith("<!DOCTYPE html>")


def test_browsers_need_a_token_to_write(server: DemoServer, admin: httpx.Client) -> None:
    path = "/data/projects/CSRF1"
    assert admin.put(path, headers=BROWSER).status_code == 500
    token = admin.get("/data/JSESSION?CSRF=true").text.partition("XNAT_CSRF=")[2]
    assert admin.put(path, headers=BROWSER, params={"XNAT_CSRF": token}).status_code == 200


def test_a_provider_in_front_of_the_name_is_accepted(server: DemoServer) -> None:
    answer = httpx.get(f"{server.url}/data/auth", auth=("localdb/admin", "admin"))
    assert answer.text == "User 'admin' is logged in"


def test_a_provider_that_there_is_not_lets_nobody_in(server: DemoServer) -> None:
    assert httpx.get(f"{server.url}/data/auth", auth=("ldap/admin", "admin")).status_code == 401


def test_sessions_die_when_idle_and_live_on_when_used(tmp_path: Path) -> None:
    now_s = 0.0
    with (
        DemoServer(tmp_path, session_timeout_s=900, clock=lambda: now_s) as server,
        httpx.Client(base_url=server.url) as client,
    ):
        client.get("/data/JSESSION", auth=("admin", "admin"))
        for _ in range(3):
            now_s += 899
            assert client.get("/data/auth").status_code == 200
        now_s += 901
        assert client.get("/data/auth").status_code == 401


def test_guests_see_public_projects_of_an_open_site(tmp_path: Path) -> None:
    with (
        DemoServer(tmp_path, open_site=True) as server,
        httpx.Client(base_url=server.url) as guest,
    ):
        server.archive.add_project("OPEN", accessibility="public")
        server.archive.add_project("SHUT")
        rows = guest.get("/data/projects").json()["ResultSet"]["Result"]
        assert [row["ID"] for row in rows] == ["OPEN"]
        assert guest.get("/data/projects/SHUT").status_code == 404
        assert guest.get("/data/auth").text == "User 'guest' is logged in"


def test_a_token_stands_for_name_and_password_until_it_is_invalidated(
    server: DemoServer, admin: httpx.Client
) -> None:
    token = admin.get("/data/services/tokens/issue").json()
    assert len(token["secret"]) == 64
    assert token["xdatUserId"] == "admin"
    account = (token["alias"], token["secret"])
    assert httpx.get(f"{server.url}/data/auth", auth=account).text == "User 'admin' is logged in"
    assert admin.get(f"/data/services/tokens/invalidate/{token['alias']}").json() == {"result": "OK"}
    assert httpx.get(f"{server.url}/data/auth", auth=account).status_code == 401


def test_only_administrators_issue_tokens_for_others(server: DemoServer) -> None:
    path = f"{server.url}/data/services/tokens/issue/user/owner"
    assert httpx.get(path, auth=("member", "member")).status_code == 403
    assert httpx.get(path, auth=("admin", "admin")).json()["xdatUserId"] == "owner"


@pytest.mark.parametrize("path", ["/data/auth", "/data/auth/", "/REST/auth"])
def test_both_prefixes_and_slashes_at_the_end(admin: httpx.Client, path: str) -> None:
    assert admin.get(path).status_code == 200
