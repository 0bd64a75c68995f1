"""What proves who somebody is. Where it comes from is auth.py, using it is login.py."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credential:
    """A user name with its password, an alias token with its secret, or a session that is open already.

    Attributes:
        username: user name or token alias; may be "" beside a session.
        password: password or token secret; may be "" beside a session.
        provider: the server's authentication provider ("ldap"), "" for the server to choose.
        session_id: XNAT's JSESSIONID of an open session, or "".
        source: where it was found, for people.
    """

    username: str = ""
    password: str = field(default="", repr=False)
    provider: str = ""
    session_id: str = field(default="", repr=False)
    source: str = field(default="", compare=False)

    @property
    def login_name(self) -> str:
        """The name that XNAT wants in a log-in: with a provider it is "provider/user"."""
        return f"{self.provider}/{self.username}" if self.provider else self.username
