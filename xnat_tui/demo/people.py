"""The four users of every demo server. Loopback and sample data only: their passwords are no secret."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.demo.archive import Archive


@dataclass(frozen=True)
class Person:
    """One user; the password is the login."""

    login: str
    firstname: str
    lastname: str
    admin: bool = False

    @property
    def password(self) -> str:
        """What to log in with."""
        return self.login

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{self.login}@example.org"


ADMIN = Person("admin", "Ada", "Admin", admin=True)
PEOPLE = (
    ADMIN,
    Person("owner", "Olga", "Owner"),
    Person("member", "Max", "Member"),
    Person("collaborator", "Cora", "Collaborator"),
)


def add_people(archive: Archive) -> None:
    """Add those of the four that an archive does not know yet."""
    for person in PEOPLE:
        if archive.find_user(person.login) is None:
            names = {"firstname": person.firstname, "lastname": person.lastname, "email": person.email}
            archive.add_user(person.login, person.password, admin=person.admin, **names)
