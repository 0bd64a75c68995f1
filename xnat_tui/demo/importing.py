"""Reads what an import call brings: its one file, and what it asks for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from xnat_tui.demo.calls import Call, Query
from xnat_tui.demo.ingest.places import Place, parse_place
from xnat_tui.demo.ingest.wishes import Wishes, parse_overwrite
from xnat_tui.demo.multipart import boundary_of, read_parts
from xnat_tui.demo.refusal import Refusal

_EXTENSIONS = {
    "application/zip": ".zip",
    "application/x-tar": ".tar",
    "application/x-gtar": ".tar.gz",
    "application/x-gzip": ".gzip",
    "application/octet-stream": "",
    "application/dicom": ".dcm",
    "application/xar": ".xar",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "text/csv": ".csv",
    "image/jpeg": ".jpeg",
    "image/png": ".png",
    "application/pdf": ".pdf",
}
_NO_LENGTH = "In-body File posts must include the file directly as the body of the message."


@dataclass(frozen=True)
class Sent:
    """The file of an import call: the name that says how it is packed, and its bytes."""

    name: str
    body: IO[bytes]


@contextmanager
def sent_file(call: Call) -> Iterator[Sent | None]:
    """Open the one file that a call brings, in its body or in a form; None when it brings none.

    The other fields of a form become parameters of the call.

    Raises:
        Refusal: 406 for a form that claims to be a plain body, 400 for two files, for a body of unknown
            length that is no ZIP, and for files that should lie on the server already.
    """
    if "src" in call.query:
        raise Refusal(*_staged(call.query.get("src")))
    is_form = call.payload_type == "multipart/form-data"
    if is_form and call.query.flag("inbody"):
        raise Refusal(406)
    if is_form:
        with TemporaryFile() as spool:
            name = _read_form(call, spool)
            spool.seek(0)
            yield Sent(name, spool) if name else None
    elif call.payload_type in _EXTENSIONS or call.query.flag("inbody"):
        yield _plain(call)
    else:
        yield None


def _staged(source: str) -> tuple[int, str]:
    """Return the refusal of a file that a user is said to have put on the server before."""
    known = source.startswith("/user/cache/resources/") and "/files/" in source
    return (404, "Unknown src file.") if known else (400, "src uri is invalid.")


def _plain(call: Call) -> Sent:
    """Return a plain body; its name is the path's, else made of its type."""
    size = int(call.headers.get("content-length", "0"))
    if size < 1 and call.payload_type != "application/zip":
        raise Refusal(400, _NO_LENGTH)
    made_up = "upload" + _EXTENSIONS.get(call.payload_type, ".unsupported")
    return Sent(call.rest.strip("/") or made_up, call.payload)


def _read_form(call: Call, spool: IO[bytes]) -> str:
    """Copy the file of a form to `spool` and add its fields to the query; return the file's name."""
    boundary = boundary_of(call.headers.get("content-type", ""))
    if not boundary:
        raise Refusal(400, "The multipart body has no boundary.")
    name = ""
    for part in read_parts(call.payload, boundary):
        if not part.filename:
            call.query.add(part.field, part.body.read(1 << 16).decode("utf-8", "replace"))
        elif name:
            raise Refusal(400, "Importer is limited to one uploaded resource at a time.")
        else:
            name = part.filename.replace("\\", "/").rpartition("/")[2]
            shutil.copyfileobj(part.body, spool, 1 << 20)
    return name


def read_wishes(query: Query, *, gradual: bool) -> Wishes:
    """Return what an import call asks for.

    The gradual importer knows the formal names of parameters only; of the flags nothing but `true` counts.

    Raises:
        Refusal: 400 for a destination that is none, and for the legacy `prearchive_code=1` with `overwrite`,
            which every real server refuses.
    """
    if query.get("prearchive_code") == "1" and "overwrite" in query:
        raise Refusal(400, "Overwrite flag was not set to a valid option")
    dest = _destination(query)
    place = dest or Place("")

    def said(formal: str, short: str, in_dest: str = "") -> str:
        return in_dest or query.get(formal) or ("" if gradual else query.get(short))

    return Wishes(
        project=said("PROJECT_ID", "project", place.project),
        subject=said("SUBJECT_ID", "subject", place.subject),
        session=said("EXPT_LABEL", "session", place.session),
        dest=dest,
        timestamp=place.timestamp or query.get("PREARC_TIMESTAMP"),
        folder=place.folder or query.get("PREARC_SESSION_FOLDER"),
        visit=query.get("VISIT"),
        protocol=query.get("SUBTYPE"),
        timezone=query.get("TIMEZONE"),
        source=query.get("SOURCE"),
        rename=_is_true(query, "rename"),
        direct=_is_true(query, "Direct-Archive"),
        prevent_anon=_is_true(query, "prevent_anon"),
        prevent_auto_commit=_is_true(query, "prevent_auto_commit"),
        ignore_unparsable=_ignores_unparsable(query),
        commit=dest is not None or query.get("action") == "commit",
        auto_archive=_auto_archive(query, dest),
        overwrite=parse_overwrite(
            query.get("overwrite") if "overwrite" in query else None, _is_true(query, "overwrite_files")
        ),
    )


def _destination(query: Query) -> Place | None:
    if not query.get("dest"):
        return None
    dest = parse_place(query.raw("dest"))
    if dest is None:
        raise Refusal(400, "Parameter dest format error")
    return dest


def _is_true(query: Query, key: str) -> bool:
    """Read a flag as Java's parseBoolean does: `1` and `yes` are false."""
    return query.get(key).lower() == "true"


def _ignores_unparsable(query: Query) -> bool:
    if "Ignore-Unparsable" in query:
        return _is_true(query, "Ignore-Unparsable")
    return query.get("action") == "commit"


def _auto_archive(query: Query, dest: Place | None) -> bool | None:
    """Return whether to archive after the commit; None leaves it to the project."""
    if dest is not None:
        return dest.is_archive
    return auto_archive_asked(query)


def auto_archive_asked(query: Query) -> bool | None:
    """Read `AA` or `auto-archive`; None when neither is given."""
    for key in ("AA", "auto-archive"):
        if key in query:
            return _is_true(query, key)
    return None
