"""Where an answer wants to send us, and whether it is wise to go there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

_LOGIN_PAGE = re.compile(r"/(?:app/template/Login\.vm|login)(?:$|[/;])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Redirect:
    """The target of a redirect.

    Attributes:
        url: the absolute address, without a query.
        path: path and query below the context path when the target is on the same server, else "".
    """

    url: str
    path: str = ""

    @property
    def is_login(self) -> bool:
        """The server's own log-in page: the session is over."""
        return bool(_LOGIN_PAGE.search(urlsplit(self.url).path))

    @property
    def is_page(self) -> bool:
        """A page for people, such as the one that demands a new password; never an answer to a call."""
        return self.path.startswith("/app/")


def redirect_of(response: httpx.Response, base_url: str) -> Redirect | None:
    """Return where `response` redirects to, None when it does not."""
    if not response.has_redirect_location:
        return None
    target = urlsplit(urljoin(str(response.request.url), response.headers["location"]))
    url = target._replace(query="", fragment="").geturl()
    base = urlsplit(base_url)
    is_same_server = (target.scheme, target.netloc) == (base.scheme, base.netloc)
    if not is_same_server or not f"{target.path}/".startswith(f"{base.path}/"):
        return Redirect(url)
    path = target.path.removeprefix(base.path)
    return Redirect(url, f"{path}?{target.query}" if target.query else path)
