"""Finds the endpoint of a path as XNAT's three layers do.

Below `/data` the longest template that is a *prefix* of the path wins and the rest of the path is handed
over; that is why `/data/projects/P/experiments/E/scans` answers with the experiment. Below `/xapi` and
elsewhere a template must match the whole path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from starlette.responses import Response

from xnat_tui.demo.calls import Call

Endpoint = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """One template with what answers there.

    Attributes:
        template: path with `{names}` for free segments, below the context path.
        endpoint: a plain function; it runs in a worker thread and may raise `Refusal`.
        methods: for which methods; GET includes HEAD.
        exact: the template must match the whole path, but for a slash at the end.
        open: answers also those who are not logged in on a closed site.
    """

    template: str
    endpoint: Endpoint
    methods: tuple[str, ...] = ("GET",)
    exact: bool = False
    open: bool = False


def data(template: str, endpoint: Endpoint, *methods: str, open: bool = False) -> list[Route]:
    """Route a template below `/data` (and so below `/REST`)."""
    return [Route(f"/data{template}", endpoint, methods or ("GET",), open=open)]


def archive(template: str, endpoint: Endpoint, *methods: str) -> list[Route]:
    """Route a template below both `/data` and `/data/archive`."""
    return [*data(template, endpoint, *methods), *data(f"/archive{template}", endpoint, *methods)]


def page(template: str, endpoint: Endpoint, *methods: str, open: bool = False) -> list[Route]:
    """Route an exact path of the Spring part: `/xapi/...`, `/schemas/...`, `/app/...`."""
    return [Route(template, endpoint, methods or ("GET",), exact=True, open=open)]


class Match(NamedTuple):
    """A template that fits, the values of its names, and the part of the path behind it."""

    routes: dict[str, Route]
    values: dict[str, str]
    rest: list[str]


@dataclass
class _Node:
    """A segment of the tree of templates."""

    literals: dict[str, _Node] = field(default_factory=dict)
    names: dict[str, _Node] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    exact: bool = False


class Router:
    """All routes of the server as a tree of path segments."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.template.strip("/").split("/"):
            if segment.startswith("{"):
                node = node.names.setdefault(segment.strip("{}"), _Node())
            else:
                node = node.literals.setdefault(segment, _Node())
        node.exact = route.exact
        for method in route.methods:
            node.routes[method] = route

    def find(self, segments: list[str]) -> Match | None:
        """Return the best match of a path's segments, or None.

        Args:
            segments: decoded segments; an empty last one stands for a slash at the end.
        """
        best: Match | None = None
        for match in _walk(self._root, segments, {}):
            if best is None or len(match.rest) < len(best.rest):
                best = match
        return best


def _walk(node: _Node, segments: list[str], values: dict[str, str]) -> Iterable[Match]:
    """Yield all templates that fit, those with more literal segments first among equals."""
    if segments and segments[0]:
        first, rest = segments[0], segments[1:]
        if first in node.literals:
            yield from _walk(node.literals[first], rest, values)
        for name, child in node.names.items():
            yield from _walk(child, rest, {**values, name: first})
    if node.routes and not (node.exact and any(segments)):
        yield Match(node.routes, values, segments)
