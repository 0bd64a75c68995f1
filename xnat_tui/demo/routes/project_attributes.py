"""What hangs on a project besides its data: access, routing codes, users, groups and favourites."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.answers import Refusal
from xnat_tui.demo.archive import Project
from xnat_tui.demo.archive.projects import ACCESSIBILITIES
from xnat_tui.demo.archive.users import ROLE_NAMES
from xnat_tui.demo.calls import Call
from xnat_tui.demo.items import Item, item
from xnat_tui.demo.negotiation import GROUP_VARIANTS
from xnat_tui.demo.places import demand_ownership, seen_project
from xnat_tui.demo.router import Endpoint, Route, archive, data

_USER_COLUMNS = ("GROUP_ID", "displayname", "login", "firstname", "lastname", "email")
_GROUP_COLUMNS = ("id", "displayname", "tag", "xdat_usergroup_id", "users")
_FAVORITES = "/users/favorites/Project"


def routes() -> list[Route]:
    """Return the routes of this module."""
    project = "/projects/{project}"
    found = [
        *archive(f"{project}/accessibility", show_accessibility),
        *archive(f"{project}/accessibility/{{level}}", set_accessibility, "PUT"),
        *archive(f"{project}/users", list_users),
        *archive(f"{project}/users/{{group}}/{{logins}}", add_users, "PUT"),
        *archive(f"{project}/users/{{group}}/{{logins}}", remove_users, "DELETE"),
        *archive(f"{project}/groups", list_groups),
        *archive(f"{project}/groups/{{group}}", show_group),
        *data(_FAVORITES, list_favorites),
        *data(f"{_FAVORITES}/{{project}}", add_favorite, "PUT"),
        *data(f"{_FAVORITES}/{{project}}", remove_favorite, "DELETE"),
    ]
    for name in ("prearchive_code", "quarantine_code", "current_arc"):
        found += archive(f"{project}/{name}", _shower(name))
        found += archive(f"{project}/{name}/{{value}}", _setter(name), "PUT")
    return found


def show_accessibility(call: Call) -> Response:
    """Answer private, protected or public."""
    return answers.text(seen_project(call).accessibility)


def set_accessibility(call: Call) -> Response:
    """Change who may see a project; an owner's right."""
    project = _owned(call)
    level = call.part("level")
    if level not in ACCESSIBILITIES:
        raise Refusal(400, f"Unknown accessibility {level}")
    call.archive.update_project(project.id, {"accessibility": level})
    return answers.text(level)


def _owned(call: Call) -> Project:
    """Return the path's project if the caller owns it."""
    project = seen_project(call)
    demand_ownership(call, project.id)
    return project


def _shower(name: str) -> Endpoint:
    def show_code(call: Call) -> Response:
        return answers.text(str(getattr(seen_project(call), name)))

    return show_code


def _setter(name: str) -> Callable[[Call], Response]:
    def set_code(call: Call) -> Response:
        project = _owned(call)
        value: str | int = call.part("value")
        if name != "current_arc":
            value = _code(call.part("value"))
        call.archive.update_project(project.id, {name: value})
        return answers.empty()

    return set_code


def _code(word: str) -> int:
    """Return a code; `true` and `false` are 1 and 0, and numbers are not checked further."""
    known = {"true": 1, "false": 0}
    if word in known:
        return known[word]
    try:
        return int(word)
    except ValueError as error:
        raise Refusal(400, f"Invalid code: {word}") from error


def list_users(call: Call) -> Response:
    """List the users of a project with their groups."""
    project = seen_project(call)
    return _users_table(call, project.id)


def _users_table(call: Call, project_id: str) -> Response:
    rows = [
        (f"{project_id}_{role}", ROLE_NAMES[role], user.login, user.firstname, user.lastname, user.email)
        for user, role in call.archive.members(project_id)
    ]
    return answers.table(call, _USER_COLUMNS, rows, title="Projects")


def _role(call: Call, project_id: str) -> str:
    """Return the role that a group's id, short name or display name stands for."""
    group = call.part("group").removeprefix(f"{project_id}_")
    for role, shown in ROLE_NAMES.items():
        if group.lower() in (role, shown.lower()):
            return role
    raise Refusal(404, "Unable to identify the specified group.")


def add_users(call: Call) -> Response:
    """Give users a role; unknown ones would be invited by mail and are passed over."""
    project = _owned(call)
    role = _role(call, project.id)
    for login in call.part("logins").split(","):
        user = call.archive.find_user(login)
        if user:
            call.archive.grant(project.id, user.login, role)
    return _users_table(call, project.id)


def remove_users(call: Call) -> Response:
    """Take users out of a group."""
    project = _owned(call)
    _role(call, project.id)
    for login in call.part("logins").split(","):
        call.archive.revoke(project.id, login)
    return _users_table(call, project.id)


def list_groups(call: Call) -> Response:
    """List the three built-in groups with their numbers of users; XML unless asked otherwise."""
    project = _owned(call)
    roles = [role for _, role in call.archive.members(project.id)]
    rows = [
        (f"{project.id}_{role}", shown, project.id, str(number), str(roles.count(role)))
        for number, (role, shown) in enumerate(ROLE_NAMES.items(), 1)
    ]
    return answers.table(call, _GROUP_COLUMNS, rows, variants=GROUP_VARIANTS)


def show_group(call: Call) -> Response:
    """Show one built-in group of a project."""
    project = _owned(call)
    role = _role(call, project.id)
    fields = {"ID": f"{project.id}_{role}", "displayName": ROLE_NAMES[role], "tag": project.id}
    return item(call, Item("xdat:userGroup", fields))


def list_favorites(call: Call) -> Response:
    """List the caller's favourite projects."""
    return answers.table(call, ("id",), [(project,) for project in call.archive.favorites(call.user)])


def add_favorite(call: Call) -> Response:
    """Mark a project as a favourite."""
    call.archive.set_favorite(call.user, seen_project(call).id, True)
    return answers.empty()


def remove_favorite(call: Call) -> Response:
    """Unmark a project."""
    call.archive.set_favorite(call.user, seen_project(call).id, False)
    return answers.empty()
