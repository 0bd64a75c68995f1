"""People as clients see them: accounts, roles, groups, and what each may do in which project."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.archive.users import ROLE_NAMES, User
from xnat_tui.demo.auth import PROVIDERS
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, data, page

_CHANGED_MS = 1767614400000  # the demo's accounts are never edited
_NOT_LISTED = "Access Denied: Only site managers can access site-level user resources."


def _profile(user: User) -> dict[str, Any]:
    """Return the object by which XAPI describes a user; passwords are never part of it."""
    return {
        "id": user.id,
        "username": user.login,
        "firstName": user.firstname,
        "lastName": user.lastname,
        "email": user.email,
        "secured": True,
        "lastModified": _CHANGED_MS,
        "enabled": user.enabled,
        "verified": True,
        "lastSuccessfulLogin": _CHANGED_MS,
    }


def named_user(call: Call) -> User:
    """Return the user whom the path names.

    Raises:
        Refusal: 401 for guests, 403 unless it is the caller himself or the caller administers the site,
            500 for an unknown name (a real server fails instead of answering 404).
    """
    login = call.part("login")
    _refuse_guest(call)
    if not call.user.admin and login.lower() != call.user.login.lower():
        raise Refusal(403)
    user = call.archive.find_user(login)
    if user is None:
        raise Refusal(500, f"No user found with username {login}")
    return user


def _refuse_guest(call: Call) -> None:
    if call.user.is_guest:
        raise Refusal(401)


def _enabled(call: Call) -> list[User]:
    """Return the accounts that may log in; any user may list them, as XNAT's default says."""
    _refuse_guest(call)
    return [user for user in call.archive.users() if user.enabled]


def show_own_name(call: Call) -> Response:
    """Answer with the caller's login as text."""
    _refuse_guest(call)
    return answers.text(call.user.login)


def show_own_profile(call: Call) -> Response:
    """Answer with the caller's account."""
    _refuse_guest(call)
    return answers.json(_profile(call.user))


def list_names(call: Call) -> Response:
    """Answer with the logins of all accounts."""
    return answers.json([user.login for user in _enabled(call)])


def list_profiles(call: Call) -> Response:
    """Answer with all accounts."""
    return answers.json([_profile(user) for user in _enabled(call)])


def show_profile(call: Call) -> Response:
    """Answer with one account, for its owner or an administrator."""
    return answers.json(_profile(named_user(call)))


def show_enabled(call: Call) -> Response:
    """Answer with whether an account may log in."""
    return answers.json(named_user(call).enabled)


def show_verified(call: Call) -> Response:
    """Answer with whether an account's e-mail address was verified: the demo's all are."""
    named_user(call)
    return answers.json(True)


def list_roles(call: Call) -> Response:
    """Answer with the site-wide roles of a user."""
    return answers.json(["Administrator"] if named_user(call).admin else [])


def list_groups(call: Call) -> Response:
    """Answer with the ids of the groups that a user is in, such as `DEMO_owner`."""
    user = named_user(call)
    groups = [f"{project.id}_{call.archive.role(user, project.id)}" for project in call.archive.projects()]
    owned = [group for group in groups if not group.endswith("_")]
    return answers.json([*owned, "ALL_DATA_ADMIN"] if user.admin else owned)


def list_own_projects(call: Call) -> Response:
    """Answer with the ids of the projects whose data the caller may read."""
    _refuse_guest(call)
    return answers.json(call.archive.readable_projects(call.user))


def list_providers(call: Call) -> Response:
    """Answer with the names of the authentication providers."""
    return answers.json(PROVIDERS)


def list_log_ins(call: Call) -> Response:
    """Answer with the ways in which a user can log in."""
    user = named_user(call)
    return answers.json(
        [
            {
                "xdatUsername": user.login,
                "authMethod": "localdb",
                "authMethodId": "localdb",
                "authUser": user.login,
                "lastSuccessfulLogin": _CHANGED_MS,
                "failedLoginAttempts": 0,
            }
        ]
    )


def list_access(call: Call) -> Response:
    """Answer with the projects that the caller may read and his role in each, as pages name it."""
    _refuse_guest(call)
    archive = call.archive
    readable = set(archive.readable_projects(call.user))
    rows = []
    for project in archive.projects():
        if project.id in readable:
            role = archive.role(call.user, project.id)
            row = {"ID": project.id, "secondary_ID": project.secondary_id, "name": project.name}
            rows.append({**row, "role": ROLE_NAMES[role]} if role else row)
    return answers.json(rows)


def list_users(call: Call) -> Response:
    """Answer with the table of the accounts that may log in.

    Raises:
        Refusal: 403 for guests.
    """
    if call.user.is_guest:
        raise Refusal(403, _NOT_LISTED)
    columns = ("xdat_user_id", "login", "firstname", "lastname", "email")
    rows = [(user.id, user.login, user.firstname, user.lastname, user.email) for user in _enabled(call)]
    return answers.table(call, columns, rows, title="Projects")


def routes() -> list[Route]:
    """Return the routes of this module."""
    users = "/xapi/users"
    return [
        *data("/users", list_users),
        *page(users, list_names),
        *page(f"{users}/profiles", list_profiles),
        *page(f"{users}/current", list_profiles),
        *page(f"{users}/username", show_own_name),
        *page(f"{users}/profile", show_own_profile),
        *page(f"{users}/projects", list_own_projects),
        *page(f"{users}/authProviders", list_providers, open=True),
        *page(f"{users}/profile/{{login}}", show_profile),
        *page(f"{users}/authDetails/{{login}}", list_log_ins),
        *page(f"{users}/{{login}}", show_profile),
        *page(f"{users}/{{login}}/enabled", show_enabled),
        *page(f"{users}/{{login}}/verified", show_verified),
        *page(f"{users}/{{login}}/roles", list_roles),
        *page(f"{users}/{{login}}/groups", list_groups),
        *page("/xapi/access/projects", list_access),
    ]
