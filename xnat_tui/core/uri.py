"""Paths of XNAT's REST interface from their parts, and parts back from pasted addresses. No network."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, quote, unquote, urlsplit

from xnat_tui.core.exceptions import InvalidValueError


def data_path(*segments: str) -> str:
    """Return "/data/..." with every segment percent-encoded once.

    Raises:
        InvalidValueError: a segment is empty, is "." or "..", or holds a slash, which no XNAT server routes.
    """
    return _join("data", segments)


def xapi_path(*segments: str) -> str:
    """Return "/xapi/..." with every segment percent-encoded once; raises as `data_path` does."""
    return _join("xapi", segments)


def file_path(*segments: str, file: str) -> str:
    """Return the data path of `file` below `segments` (ending in "files"); slashes in `file` are folders."""
    return "/".join([data_path(*segments), *(_encode(part) for part in file.split("/"))])


def _join(root: str, segments: tuple[str, ...]) -> str:
    return "/".join(["", root, *(_encode(segment) for segment in segments)])


def _encode(segment: str) -> str:
    # Dot segments are resolved by every client and proxy on the way, encoded or not.
    if segment in ("", ".", ".."):
        raise InvalidValueError(f"A name in a path cannot be {segment!r}.")
    if "/" in segment:
        raise InvalidValueError(f"A name in a path cannot hold a slash: {segment!r}.")
    try:
        return quote(segment, safe="")
    except UnicodeEncodeError:
        raise InvalidValueError(f"This name cannot be sent, it is not valid text: {segment!r}.") from None


def normalise_base_url(text: str) -> str:
    """Return a server's address in the one form used everywhere: scheme, host, port, context path.

    A missing scheme means https, except for this machine ("localhost", loopback addresses), where servers
    usually speak plain http. What belongs to a page or a call and not to the server ("/app/...", "/data/...",
    a query) is cut off, so that an address copied from a browser works.

    Raises:
        InvalidValueError: it is not an address, or it holds a user name or password.
    """
    text = text.strip()
    parts = _split_address(text)
    host = parts.hostname or ""
    _check_host(host, text)
    bare_host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None and parts.port != _default_port(parts.scheme) else ""
    return f"{parts.scheme}://{bare_host}{port}{_context_path(parts.path)}"


def _split_address(text: str) -> SplitResult:
    if "@" in text.split("://", 1)[-1].split("/", 1)[0]:
        raise InvalidValueError(
            "An address must not hold a user name or password.",
            advice="Give the address alone; the log-in is asked for or read from a safe place.",
        )
    if "://" not in text:
        host = text.split("/", 1)[0]
        text = f"{'http' if _is_this_machine(host) else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises on a port that is not a number or out of range
    except ValueError:
        raise InvalidValueError(
            f"{_shown(text)} is not a server's address.", advice=_ADDRESS_ADVICE
        ) from None
    if parts.scheme not in ("http", "https"):
        raise InvalidValueError(
            f"An address must start with https:// or http://, not {parts.scheme}://.", advice=_ADDRESS_ADVICE
        )
    return parts


_ADDRESS_ADVICE = "An address looks like https://xnat.example.org or https://example.org/xnat."


def _is_this_machine(host: str) -> bool:
    bare = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
    if bare.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _check_host(host: str, text: str) -> None:
    try:
        labels = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        labels = ""
    allowed = "abcdefghijklmnopqrstuvwxyz0123456789.-_:%"
    if not labels or not all(letter in allowed for letter in labels.lower()) or ".." in labels:
        raise InvalidValueError(f"{_shown(text)} is not a server's address.", advice=_ADDRESS_ADVICE)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 100 else text[:100] + "…")


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


_SERVER_FOLDERS = frozenset({"app", "data", "REST", "xapi", "archive", "fs", "admin", "pages"})


def _context_path(path: str) -> str:
    kept = []
    for segment in path.split("/")[1:]:
        if segment in _SERVER_FOLDERS:
            break
        if segment:
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept)


@dataclass(frozen=True, slots=True)
class Location:
    """Where something is in the hierarchy; "" for what is not known or does not apply.

    `session` holds an experiment's id or label; only the server can tell which. `identifier` holds a bare
    word that names something of unknown kind.
    """

    project: str = ""
    subject: str = ""
    session: str = ""
    scan: str = ""
    resource: str = ""
    file: str = ""
    identifier: str = ""


def parse_location(text: str, base_url: str = "") -> Location:
    """Return the place that a pasted web address, a REST path or an id means.

    Understands the pages of XNAT's web site ("/app/action/DisplayItemAction/search_element/..."), paths below
    "/data", "/data/archive" and "/REST", and a bare word, which becomes `Location.identifier`.

    Raises:
        InvalidValueError: it names another server than `base_url`, or nothing that this function understands.
    """
    text = text.strip()
    if not text:
        raise InvalidValueError("There is no address or id to go to.")
    if "/" not in text:
        return Location(identifier=text)
    path = _path_on_server(text, base_url)
    segments = [unquote(segment) for segment in path.split("/") if segment]
    location = _from_page(segments) or _from_rest(segments)
    if location is None:
        raise InvalidValueError(f"{_shown(text)} does not name a place in the archive.")
    return location


def _path_on_server(text: str, base_url: str) -> str:
    if "://" not in text:
        return urlsplit(text if text.startswith("/") else f"/{text}").path
    if base_url and normalise_base_url(text) != normalise_base_url(base_url):
        raise InvalidValueError(f"This address is on another server than {normalise_base_url(base_url)}.")
    return urlsplit(text).path


_PAGE_KINDS = {"xnat:projectData": "project", "xnat:subjectData": "subject"}


def _from_page(segments: list[str]) -> Location | None:
    """Read the key/value pairs that XNAT's web pages carry in their path after the page's name."""
    if "app" not in segments:
        return None
    pairs = dict(pairwise(segments))
    value = pairs.get("search_value", "")
    if not value:
        project = pairs.get("project", "")
        return Location(project=project) if project else None
    kind = _PAGE_KINDS.get(pairs.get("search_element", ""), "session")
    if kind == "project":
        return Location(project=value)
    project = pairs.get("project", "")
    return Location(project=project, subject=value) if kind == "subject" else Location(project, session=value)


_LEVELS = {
    "projects": "project",
    "subjects": "subject",
    "experiments": "session",
    "scans": "scan",
    "resources": "resource",
}


def _from_rest(segments: list[str]) -> Location | None:
    start = next((i for i, segment in enumerate(segments) if segment in _LEVELS), None)
    if start is None:
        return None
    found: dict[str, str] = {}
    rest = segments[start:]
    while len(rest) >= 2 and rest[0] in _LEVELS:
        found[_LEVELS[rest[0]]] = rest[1]
        rest = rest[2:]
    if rest[:1] == ["files"] and "resource" in found:
        found["file"] = "/".join(rest[1:])
    return Location(**found) if found else None
