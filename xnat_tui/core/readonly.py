"""Which requests change something on the server: a table, because XNAT's methods alone do not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

# /data and /REST are one application.
_DATA = r"/(?:data|REST)"


class _Rule(NamedTuple):
    methods: frozenset[str]
    path: re.Pattern[str]
    changes: bool


def _rule(methods: str, path: str, *, changes: bool) -> _Rule:
    return _Rule(frozenset(methods.split()), re.compile(path + r"/?"), changes)


_RULES = (
    # Alias tokens are made and destroyed by GET, and XNAT does for a HEAD what it does for a GET.
    _rule("GET HEAD", _DATA + r"/services/tokens/(?:issue|invalidate)(?:/.*)?", changes=True),
    # Actions of the web site, some of which delete.
    _rule("GET", r"/app/action/.*", changes=True),
    # Logging in and out opens and closes the caller's own session, nothing in the archive.
    _rule("POST DELETE", _DATA + r"/JSESSION", changes=False),
    _rule("POST PUT", _DATA + r"/services/auth", changes=False),
    # Questions too long for a query string.
    _rule("POST", _DATA + r"/search", changes=False),
    _rule("POST", _DATA + r"/services/validate-archive", changes=False),
    _rule("POST", r"/xapi/(?:workflows|direct-archive)", changes=False),
    # Registers a list of sessions to be streamed by a following GET.
    _rule("POST", r"/xapi/archive/(?:download|downloadwithsize)(?:/.*)?", changes=False),
)

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def changes(method: str, path: str, params: Mapping[str, object] | None = None) -> bool:
    """Tell whether a request may change something on the server.

    What the table does not name is judged by its method: GET, HEAD and OPTIONS read, all others change.

    Args:
        method: HTTP method.
        path: path below the context path, "/data/...", without a query.
        params: query parameters. `method` among those of a POST is the method that XNAT acts upon.
    """
    method = _effective_method(method.upper(), params or {})
    for rule in _RULES:
        if method in rule.methods and rule.path.fullmatch(path):
            return rule.changes
    return method not in _READING


def _effective_method(method: str, params: Mapping[str, object]) -> str:
    if method != "POST":
        return method
    tunnelled = next((str(value) for name, value in params.items() if name.lower() == "method"), method)
    # A tunnelled GET stays a POST here: only a POST that turns into something worse matters.
    return method if tunnelled.upper() in _READING else tunnelled.upper()
