"""People: accounts with salted password hashes, roles in projects, favourites and alias tokens."""

from __future__ import annotations

import hashlib
import secrets
import string
import time
import uuid
from dataclasses import dataclass
from typing import Literal, get_args

from xnat_tui.demo.archive.store import Row, Store
from xnat_tui.demo.refusal import Refusal

Role = Literal["owner", "member", "collaborator"]
Action = Literal["read", "create", "edit", "delete"]
ACTIONS: tuple[Action, ...] = get_args(Action)

ROLE_NAMES: dict[str, str] = {"owner": "Owners", "member": "Members", "collaborator": "Collaborators"}
"""What XNAT's pages call the three built-in groups of a project."""

_ALLOWED: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "create", "edit", "delete"}),
    "member": frozenset({"read", "create", "edit"}),
    "collaborator": frozenset({"read"}),
}
_TOKEN_LIFE_MS = 2 * 24 * 3600 * 1000
_COLUMNS = "id, login, firstname, lastname, email, admin, enabled"


@dataclass(frozen=True)
class User:
    """Who asks. The guest has no account: his id is 0."""

    id: int
    login: str
    firstname: str = ""
    lastname: str = ""
    email: str = ""
    admin: bool = False
    enabled: bool = True

    @property
    def is_guest(self) -> bool:
        """Whether nobody is logged in."""
        return self.id == 0


GUEST = User(0, "guest")


@dataclass(frozen=True)
class Token:
    """An alias and a secret that stand for a user's name and password for a while; times in epoch ms."""

    id: int
    alias: str
    secret: str
    login: str
    created_ms: int
    expires_ms: int


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**11, r=8, p=1)


def _user(row: Row) -> User:
    return User(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6]))


class Users(Store):
    """The part of the archive that knows people and what each may do in a project."""

    def add_user(
        self,
        login: str,
        password: str,
        *,
        firstname: str = "",
        lastname: str = "",
        email: str = "",
        admin: bool = False,
    ) -> User:
        """Add an account; only a salted hash of the password is stored."""
        salt = secrets.token_bytes(16)
        sql = (
            "INSERT INTO users (login, salt, password, firstname, lastname, email, admin)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        number = self._insert(sql, login, salt, _hash(password, salt), firstname, lastname, email, int(admin))
        return User(number, login, firstname, lastname, email, admin)

    def users(self) -> list[User]:
        """Return all accounts by number."""
        return [_user(row) for row in self._rows(f"SELECT {_COLUMNS} FROM users ORDER BY id")]

    def find_user(self, login: str) -> User | None:
        """Return the account of that name, ignoring case as XNAT's log-in does; None when there is none."""
        row = self._row(f"SELECT {_COLUMNS} FROM users WHERE lower(login) = lower(?)", login)
        return _user(row) if row else None

    def check_password(self, login: str, password: str) -> User | None:
        """Return the user if the password is right, or if login and password are a live alias token."""
        row = self._row("SELECT salt, password FROM users WHERE lower(login) = lower(?) AND enabled", login)
        if row and secrets.compare_digest(_hash(password, row[0]), row[1]):
            return self.find_user(login)
        owner = self.check_token(login, password)
        return self.find_user(owner) if owner else None

    def grant(self, project_id: str, login: str, role: str) -> None:
        """Give a user a role in a project; it replaces the role that he had."""
        if role not in _ALLOWED:
            raise Refusal(404, "Unable to identify the specified group.")
        self._run("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", project_id, login, role)

    def revoke(self, project_id: str, login: str) -> None:
        """Take away whatever role a user has in a project."""
        self._run("DELETE FROM members WHERE project = ? AND login = ?", project_id, login)

    def members(self, project_id: str) -> list[tuple[User, str]]:
        """Return the users of a project with their roles."""
        columns = ", ".join(f"u.{name.strip()}" for name in _COLUMNS.split(","))
        tables = "members m JOIN users u USING (login)"
        sql = f"SELECT {columns}, m.role FROM {tables} WHERE m.project = ? ORDER BY u.id"
        return [(_user(row), row[7]) for row in self._rows(sql, project_id)]

    def role(self, user: User, project_id: str) -> str:
        """Return "owner", "member", "collaborator" or, for everybody else, an empty string."""
        found = self._value(
            "SELECT role FROM members WHERE project = ? AND login = ?", project_id, user.login
        )
        return str(found or "")

    def may(self, user: User, action: Action, project_id: str) -> bool:
        """Tell whether a user may do this to the data of a project.

        Owners may do all, members may not delete, collaborators only read; administrators may do all,
        and everybody, also the guest, reads public projects.
        """
        if user.admin:
            return True
        if action in _ALLOWED.get(self.role(user, project_id), frozenset()):
            return True
        level = self._value("SELECT accessibility FROM projects WHERE id = ?", project_id)
        return action == "read" and level == "public"

    def may_see(self, user: User, project_id: str) -> bool:
        """Tell whether a user may read the description of a project: so may all of a protected one."""
        level = self._value("SELECT accessibility FROM projects WHERE id = ?", project_id)
        return level == "protected" or self.may(user, "read", project_id)

    def readable_projects(self, user: User) -> list[str]:
        """Return the ids of the projects whose data a user may read."""
        return [row[0] for row in self._rows("SELECT id FROM projects") if self.may(user, "read", row[0])]

    def favorites(self, user: User) -> list[str]:
        """Return the ids of the projects that a user has marked as favourites."""
        sql = "SELECT project FROM favorites WHERE login = ? ORDER BY project"
        return [row[0] for row in self._rows(sql, user.login)]

    def set_favorite(self, user: User, project_id: str, wanted: bool) -> None:
        """Mark or unmark a project as a favourite of a user."""
        if wanted:
            self._run("INSERT OR IGNORE INTO favorites VALUES (?, ?)", user.login, project_id)
        else:
            self._run("DELETE FROM favorites WHERE login = ? AND project = ?", user.login, project_id)

    def issue_token(self, login: str) -> Token:
        """Issue an alias token that lives two days, as XNAT's do by default."""
        alphabet = string.ascii_letters + string.digits
        alias, secret = str(uuid.uuid4()), "".join(secrets.choice(alphabet) for _ in range(64))
        now = int(time.time() * 1000)
        sql = "INSERT INTO tokens (alias, secret, login, created_ms, expires_ms) VALUES (?, ?, ?, ?, ?)"
        number = self._insert(sql, alias, secret, login, now, now + _TOKEN_LIFE_MS)
        return Token(number, alias, secret, login, now, now + _TOKEN_LIFE_MS)

    def tokens(self, login: str) -> list[Token]:
        """Return the live tokens of a user."""
        columns = "id, alias, secret, login, created_ms, expires_ms"
        sql = f"SELECT {columns} FROM tokens WHERE login = ? AND expires_ms > ?"
        return [Token(*row) for row in self._rows(sql, login, int(time.time() * 1000))]

    def check_token(self, alias: str, secret: str) -> str:
        """Return the login that a live token stands for, or an empty string."""
        sql = "SELECT login FROM tokens WHERE alias = ? AND secret = ? AND expires_ms > ?"
        return str(self._value(sql, alias, secret, int(time.time() * 1000)) or "")

    def end_token(self, alias: str) -> bool:
        """Make a token invalid; False when there is none of that alias."""
        return self._run("DELETE FROM tokens WHERE alias = ?", alias) > 0
