"""Where a thing of the archive is, in words that other programs understand: paths, addresses, commands.

Nothing here holds a password, and nothing a server sent can break out of its quotes.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from urllib.parse import quote

from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.core.exceptions import InvalidValueError
from xnat_tui.core.uri import data_path, file_path

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PAGE_TYPES = {Kind.PROJECT: "xnat:projectData", Kind.SUBJECT: "xnat:subjectData"}


def rest_path(ref: NodeRef) -> str:
    """The path of a thing in XNAT's REST interface, without the server's address.

    Raises:
        InvalidValueError: its id cannot stand in a path, or it is no thing that has one.
    """
    if ref.kind is Kind.FILE:
        return file_path(*_segments(_around(ref)), "files", file=ref.id)
    return data_path(*_segments(ref))


def _segments(ref: NodeRef) -> tuple[str, ...]:
    """The segments below "/data": an experiment by its accession id alone, as XNAT's own URIs have it."""
    match ref.kind:
        case Kind.PROJECT:
            return "projects", ref.id
        case Kind.SUBJECT:
            return *_segments(_around(ref)), "subjects", ref.id
        case Kind.SESSION:
            return "experiments", ref.id
        case Kind.SCAN:
            return *_segments(_around(ref)), "scans", ref.id
        case Kind.ASSESSOR:
            return *_segments(_around(ref)), "assessors", ref.id
        case Kind.RESOURCE:
            owner = _around(ref)
            # An assessor's results lie in its "out" box.
            box = ("out",) if owner.kind is Kind.ASSESSOR else ()
            return *_segments(owner), *box, "resources", ref.id
    raise InvalidValueError(f"A {ref.kind} has no path.")


def _around(ref: NodeRef) -> NodeRef:
    if ref.parent is None:
        raise InvalidValueError(f"Where this {ref.kind} lies is not known.")
    return ref.parent


def web_page(base_url: str, ref: NodeRef) -> str:
    """The address of the page about a thing, or about the closest thing around it that has one.

    XNAT's web site has pages for projects, subjects and experiments only; a file is its own page.
    """
    if ref.kind is Kind.FILE:
        return base_url + rest_path(ref)
    shown = ref
    while shown.kind in (Kind.SCAN, Kind.RESOURCE):
        shown = _around(shown)
    element = _PAGE_TYPES.get(shown.kind) or str(getattr(shown.row, "xsi_type", "")) or "xnat:experimentData"
    project = shown.nearest(Kind.PROJECT)
    pairs = [("search_element", element), ("search_field", f"{element}.ID"), ("search_value", shown.id)]
    if project is not None and project is not shown:
        pairs.append(("project", project.id))
    path = "/".join(f"{name}/{quote(value, safe='')}" for name, value in pairs)
    return f"{base_url}/app/action/DisplayItemAction/{path}"


def curl_command(base_url: str, username: str, ref: NodeRef) -> str:
    """A shell command that fetches a thing; curl asks for the password itself."""
    url = base_url + rest_path(ref)
    words = ["curl", "--fail"]
    if username:
        words += ["--user", username]
    if ref.kind is Kind.FILE:
        words += ["--output", _file_name(ref)]
    else:
        url += "?format=json"
    return " ".join(shlex.quote(without_controls(word)) for word in [*words, url])


def _file_name(ref: NodeRef) -> str:
    """Where to put a file: in the folder one is in, whatever the server calls the file."""
    name = ref.id.rpartition("/")[2].lstrip(".-")
    return name or "file"


def services_snippet(base_url: str, username: str, refs: Sequence[NodeRef]) -> str:
    """A Python program that reads things with `xnat_tui.services`; it asks for the password."""
    calls = [_call(ref) for ref in refs]
    user = f", {_literal(username)}, getpass.getpass()" if username else ""
    services = sorted({(module, service) for module, service, _ in calls})
    lines = ["import getpass", ""] if username else []
    lines += ["from xnat_tui.core.client import XNATClient"]
    lines += [f"from xnat_tui.services.{module} import {service}" for module, service in services]
    lines += ["", f"with XNATClient({_literal(base_url)}{user}) as client:"]
    lines += [f"    print({service}(client).{call})" for _, service, call in calls]
    return "\n".join(lines) + "\n"


def _call(ref: NodeRef) -> tuple[str, str, str]:
    """Module, class and call of the service that reads the thing."""
    match ref.kind:
        case Kind.PROJECT:
            return "projects", "ProjectService", f"get({_literal(ref.id)})"
        case Kind.SUBJECT:
            return "subjects", "SubjectService", f"get({_literal(ref.id)})"
        case Kind.SESSION | Kind.ASSESSOR:
            return "sessions", "SessionService", f"get({_literal(ref.id)})"
        case Kind.SCAN:
            return "scans", "ScanService", f"get({_literal(_around(ref).id)}, {_literal(ref.id)})"
        case Kind.RESOURCE:
            return "resources", "ResourceService", f"get({_resource_place(ref)})"
        case Kind.FILE:
            return "resources", "ResourceService", f"list_files({_resource_place(_around(ref))})"
    raise InvalidValueError(f"There is no service for a {ref.kind}.")


def _resource_place(ref: NodeRef) -> str:
    """The arguments by which the resource service knows a resource."""
    owner = _around(ref)
    session = owner.nearest(Kind.SESSION)
    arguments = [_literal(session.id) if session else "None", _literal(ref.id)]
    match owner.kind:
        case Kind.PROJECT:
            arguments.append(f"project={_literal(owner.id)}")
        case Kind.SUBJECT:
            arguments.append(f"subject_id={_literal(owner.id)}")
        case Kind.SCAN:
            arguments.append(f"scan_id={_literal(owner.id)}")
        case Kind.ASSESSOR:
            arguments.append(f"assessor_id={_literal(owner.id)}")
    return ", ".join(arguments)


def _literal(text: str) -> str:
    """The text as Python source; `ascii` escapes everything that acts instead of showing."""
    return ascii(text)


def without_controls(text: str) -> str:
    """The text without what acts when it is pasted, even inside of quotes: control characters, line ends."""
    return _CONTROL.sub("", text)
