"""What the demo server says of the site and its people, and to whom."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from xnat_tui.demo.serve import DemoServer


def get(server: DemoServer, path: str, login: str = "") -> httpx.Response:
    """One request of its own, with a password or as nobody."""
    account = (login, server.users[login]) if login else None
    return httpx.get(server.url + path, auth=account)


def get_json(server: DemoServer, path: str, login: str) -> Any:
    answer = get(server, path, login)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


@pytest.mark.parametrize(
    "name", ["buildInfo", "buildInfo/version", "siteId", "siteUrl", "siteHome", "siteLogoPath"]
)
def test_a_closed_site_tells_strangers_what_it_is(empty_demo: DemoServer, name: str) -> None:
    assert get(empty_demo, f"/xapi/siteConfig/{name}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "siteConfig",
        "siteConfig/sessionTimeout",
        "siteConfig/uptime",
        "plugins",
        "schemas",
        "schemas/xnat",
        "users",
    ],
)
def test_a_closed_site_tells_strangers_nothing_else(empty_demo: DemoServer, path: str) -> None:
    answer = get(empty_demo, f"/xapi/{path}")
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


def test_the_version_is_the_same_as_text_and_in_the_build_information(empty_demo: DemoServer) -> None:
    build = get(empty_demo, "/xapi/siteConfig/buildInfo").json()
    assert all(isinstance(value, str) for value in build.values())
    version = get(empty_demo, "/xapi/siteConfig/buildInfo/version")
    assert version.text == build["version"]
    assert version.headers["content-type"].startswith("text/plain")


def test_the_version_of_xnat_1_6_is_gone(empty_demo: DemoServer) -> None:
    assert get(empty_demo, "/data/version", "admin").status_code == 404


def test_one_preference_is_a_bare_value(empty_demo: DemoServer) -> None:
    assert get_json(empty_demo, "/xapi/siteConfig/siteUrl", "member") == empty_demo.url
    assert get_json(empty_demo, "/xapi/siteConfig/requireLogin", "member") is True


def test_preferences_of_administrators_are_kept_from_others(empty_demo: DemoServer) -> None:
    assert "adminEmail" in get_json(empty_demo, "/xapi/siteConfig", "admin")
    assert "adminEmail" not in get_json(empty_demo, "/xapi/siteConfig", "owner")
    refused = get(empty_demo, "/xapi/siteConfig/adminEmail", "owner")
    assert (refused.status_code, refused.text) == (403, "")


def test_an_unknown_preference_is_refused_with_a_text(empty_demo: DemoServer) -> None:
    answer = get(empty_demo, "/xapi/siteConfig/colour", "admin")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    message = "Unable to find requested file or resource: No site configuration property named colour"
    assert answer.text == message


def test_several_preferences_come_as_one_object(empty_demo: DemoServer) -> None:
    values = get_json(empty_demo, "/xapi/siteConfig/values/siteId,adminEmail,colour", "member")
    assert values == {"siteId": "XNAT"}


def test_uptime_leaves_out_units_that_are_zero(empty_demo: DemoServer) -> None:
    uptime = get_json(empty_demo, "/xapi/siteConfig/uptime", "member")
    assert list(uptime) == ["seconds"]
    assert float(uptime["seconds"]) >= 0
    assert get(empty_demo, "/xapi/siteConfig/uptime/display", "member").text.endswith(" seconds")


def test_plugins_are_keyed_by_their_ids(empty_demo: DemoServer) -> None:
    plugins = get_json(empty_demo, "/xapi/plugins/", "member")
    assert plugins
    for name, plugin in plugins.items():
        assert plugin == get_json(empty_demo, f"/xapi/plugins/{name}", "member")
        assert plugin["id"] == name
    assert get(empty_demo, "/xapi/plugins/containers", "member").status_code == 404


def test_who_am_i(empty_demo: DemoServer) -> None:
    assert get(empty_demo, "/xapi/users/username", "member").text == "member"
    assert get_json(empty_demo, "/xapi/users/profile", "member")["username"] == "member"


def test_users_are_listed_to_everybody_who_is_logged_in(empty_demo: DemoServer) -> None:
    everybody = ["admin", "owner", "member", "collaborator"]
    assert get_json(empty_demo, "/xapi/users", "collaborator") == everybody
    assert [user["username"] for user in get_json(empty_demo, "/xapi/users/current", "member")] == everybody
    table = get_json(empty_demo, "/data/users", "member")["ResultSet"]
    assert [row["login"] for row in table["Result"]] == everybody
    assert set(table["Result"][0]) == {"xdat_user_id", "login", "firstname", "lastname", "email"}
    assert (table["title"], table["totalRecords"]) == ("Projects", "4")


def test_an_account_is_shown_to_its_owner_and_to_administrators(empty_demo: DemoServer) -> None:
    profile = get_json(empty_demo, "/xapi/users/member", "member")
    assert profile == get_json(empty_demo, "/xapi/users/member", "admin")
    member = empty_demo.archive.find_user("member")
    assert member
    assert (profile["id"], profile["firstName"], profile["enabled"]) == (member.id, member.firstname, True)
    assert "password" not in profile
    assert get(empty_demo, "/xapi/users/member", "owner").status_code == 403


def test_an_unknown_account_is_a_failure_of_the_server_as_on_a_real_one(empty_demo: DemoServer) -> None:
    answer = get(empty_demo, "/xapi/users/nobody", "admin")
    assert answer.status_code == 500
    assert answer.text.startswith("There was an error in the request : ")


def test_roles_groups_and_projects_of_a_user(empty_demo: DemoServer) -> None:
    archive = empty_demo.archive
    archive.add_project("MINE", name="My project")
    archive.add_project("OTHERS")
    archive.grant("MINE", "member", "member")
    assert get_json(empty_demo, "/xapi/users/member/roles", "member") == []
    assert get_json(empty_demo, "/xapi/users/admin/roles", "admin") == ["Administrator"]
    assert get_json(empty_demo, "/xapi/users/member/groups", "member") == ["MINE_member"]
    assert get_json(empty_demo, "/xapi/users/projects", "member") == ["MINE"]
    access = get_json(empty_demo, "/xapi/access/projects", "member")
    assert access == [{"ID": "MINE", "secondary_ID": "MINE", "name": "My project", "role": "Members"}]


def test_guests_of_an_open_site_see_no_users(tmp_path: Any) -> None:
    with DemoServer(tmp_path / "open", open_site=True) as server:
        assert get(server, "/data/users").status_code == 403
        assert get(server, "/xapi/users").status_code == 401
        assert set(get(server, "/xapi/siteConfig").json()) == {
            "siteId",
            "siteUrl",
            "siteHome",
            "siteLogoPath",
        }


def test_an_administrator_sees_and_ends_sessions(empty_demo: DemoServer) -> None:
    with (
        httpx.Client(base_url=empty_demo.url, auth=("member", "member")) as member,
        httpx.Client(base_url=empty_demo.url, auth=("admin", "admin")) as admin,
    ):
        session = member.get("/data/JSESSION").text
        assert member.get("/xapi/users/active").status_code == 403
        assert admin.get("/xapi/users/active").json()["member"] == {"sessions": [session], "count": 1}
        assert admin.delete("/xapi/users/active/member").json() == [session]
        assert admin.get("/xapi/users/active/member").status_code == 304
        assert len(admin.get("/xapi/users/active/admin").json()) == 1
        assert admin.delete("/xapi/users/active/admin").status_code == 304  # his own is kept
