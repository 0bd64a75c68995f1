"""What an answer of an XNAT server says: its own sentence, the fitting error, tables and documents.

XNAT has three layers with three forms of errors: /data answers a small HTML page with the sentence in <h3>,
the servlet container its own error page, /xapi plain text or nothing.
"""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import httpx
import msgspec

from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    PermissionDeniedError,
    ResourceNotFoundError,
    ServerBusyError,
    ServerError,
    UnexpectedAnswerError,
)
from xnat_tui.core.requestlog import mask_path
from xnat_tui.core.retry import parse_retry_after_s

_LONGEST_SENTENCE = 500
_SEARCHED_CHARS = 64 * 1024

_KINDS: dict[int, tuple[type[ServerError], str]] = {
    400: (InvalidRequestError, "The server does not accept the request"),
    401: (AuthenticationError, "The server does not accept the log-in"),
    403: (PermissionDeniedError, "The server does not allow this"),
    404: (ResourceNotFoundError, "The server does not have this, or does not show it to you"),
    408: (ServerBusyError, "The server waited too long for the request"),
    409: (ConflictError, "This collides with what the server has"),
    # Some versions refuse a collaborator's rename with 417.
    417: (PermissionDeniedError, "The server does not allow this"),
    429: (ServerBusyError, "The server is getting too many requests"),
    502: (ServerBusyError, "The server's proxy cannot reach it"),
    503: (ServerBusyError, "The server is not available at the moment"),
    504: (ServerBusyError, "The server's proxy waited in vain for it"),
}

_FAULT_ADVICE = "Try again; if it stays, show this to the server's administrator."


def error_from(response: httpx.Response, method: str, path: str) -> ServerError:
    """Return the error that fits an answer with a status of 400 or above; its body must have been read."""
    status = response.status_code
    said = server_sentence(response)
    default = (ServerError, "The server failed") if status >= 500 else (InvalidRequestError, _KINDS[400][1])
    kind, sentence = _KINDS.get(status, default)
    if status == 403 and "expired" in said.lower():
        # An expired password or token; both mean that the log-in as such is over.
        kind = AuthenticationError
    error = kind(
        _compose(said or sentence, status, method, path),
        status=status,
        method=method,
        path=mask_path(path),
        server_message=said,
        advice=_FAULT_ADVICE if kind is ServerError else "",
    )
    if isinstance(error, ServerBusyError):
        error.retry_after_s = parse_retry_after_s(response.headers.get("retry-after", ""), datetime.now(UTC))
    return error


def _compose(sentence: str, status: int, method: str, path: str) -> str:
    return f"{sentence.rstrip('. ')} ({status} to {method} {mask_path(path)})."


def unexpected(
    response: httpx.Response, method: str, path: str, sentence: str, advice: str = ""
) -> UnexpectedAnswerError:
    """Return the error for an answer that says yes and is not what an XNAT server sends there."""
    return UnexpectedAnswerError(
        _compose(sentence, response.status_code, method, path),
        status=response.status_code,
        method=method,
        path=mask_path(path),
        advice=advice,
    )


def is_html(response: httpx.Response) -> bool:
    """Tell whether the answer calls itself a web page."""
    media_type: str = response.headers.get("content-type", "")
    return media_type.lower().startswith(("text/html", "application/xhtml"))


def is_web_page(response: httpx.Response) -> bool:
    """Tell whether the answer really is a web page; reads the body of one that says so."""
    if not is_html(response):
        return False
    opening: bytes = response.read().lstrip()[:9].lower()
    return opening.startswith((b"<!doctype", b"<html"))


_SENTENCES = (
    re.compile(r"<h3[^>]*>(.*?)</h3>", re.IGNORECASE | re.DOTALL),
    re.compile(r"<p>\s*<b>\s*message\s*:?\s*</b>\s*(.*?)</p>", re.IGNORECASE | re.DOTALL),
    re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL),
)


def server_sentence(response: httpx.Response) -> str:
    """Return what the server itself says in an error answer, at most 500 characters; "" for nothing."""
    text = response.text[:_SEARCHED_CHARS]
    if is_html(response) or text.lstrip().startswith("<"):
        return _shorten(_sentence_in_page(text))
    if "json" in response.headers.get("content-type", ""):
        return _shorten(_sentence_in_json(text))
    return _shorten(text)


def _sentence_in_page(text: str) -> str:
    for pattern in _SENTENCES:
        match = pattern.search(text)
        sentence = html.unescape(re.sub(r"<[^>]+>", " ", match[1])).strip() if match else ""
        if sentence and sentence != "Status page":
            return sentence
    return ""


def _sentence_in_json(text: str) -> str:
    try:
        body = json.loads(text)
    except ValueError:
        return text
    if isinstance(body, dict):
        return str(body.get("message") or body.get("error") or text)
    return str(body)


def _shorten(sentence: str) -> str:
    # Of a stack trace only the first line is meant for people.
    first = next((line for line in sentence.splitlines() if line.strip()), "").strip()
    return first if len(first) <= _LONGEST_SENTENCE else first[: _LONGEST_SENTENCE - 1] + "…"


RowT = TypeVar("RowT")


class _ResultSet(msgspec.Struct, Generic[RowT]):
    Result: list[RowT]


class _Table(msgspec.Struct, Generic[RowT]):
    ResultSet: _ResultSet[RowT]


def decode_rows(content: bytes, row_type: type[RowT]) -> list[RowT]:
    """Return the rows of XNAT's table envelope {"ResultSet": {"Result": [...]}}, or of a bare array.

    Raises:
        ValueError: it is neither.
    """
    try:
        table = msgspec.json.decode(content, type=_Table[row_type])  # type: ignore[valid-type]
    except (msgspec.MsgspecError, ValueError):
        return msgspec.convert(_rows_of(decode_json(content)), list[row_type])  # type: ignore[valid-type]
    return table.ResultSet.Result


def _rows_of(document: Any) -> Any:
    if isinstance(document, dict):
        result_set = document.get("ResultSet")
        if not isinstance(result_set, dict) or "Result" not in result_set:
            raise ValueError("the answer is not a table")
        document = result_set["Result"]
    if not isinstance(document, list):
        raise ValueError("the answer is not a table")
    return [{k: "" if v is None else v for k, v in row.items()} for row in document if isinstance(row, dict)]


def decode_json(content: bytes) -> Any:
    """Return the JSON document in `content`.

    XNAT writes in its Java machine's default encoding, UTF-8 in practice. Raw control characters inside
    strings are read, too.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        return msgspec.json.decode(content)
    except (msgspec.MsgspecError, ValueError):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("latin-1")
        return json.loads(text, strict=False)
