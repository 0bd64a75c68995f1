from __future__ import annotations

import httpx
import msgspec
import pytest

from xnat_tui.core.answers import decode_json, decode_rows, error_from, server_sentence
from xnat_tui.core.exceptions import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    PermissionDeniedError,
    ResourceNotFoundError,
    ServerBusyError,
    ServerError,
)

STATUS_PAGE = """<html>
<head>
   <title>Status page</title>
</head>
<body>
<h3>{}</h3><p>You can get technical details <a href="x">here</a>.<br>
Please continue your visit at our <a href="/">home page</a>.
</p>
</body>
</html>"""


class Row(msgspec.Struct):
    ID: str
    label: str = ""


@pytest.mark.parametrize(
    ("body", "media_type", "sentence"),
    [
        (
            STATUS_PAGE.format("Specified label is already in use."),
            "text/html",
            "Specified label is already in use.",
        ),
        (STATUS_PAGE.format("&quot;a&quot; &amp; <b>b</b>"), "text/html", '"a" &  b'),
        (STATUS_PAGE.format(""), "text/html", ""),
        (
            "<!doctype html><title>HTTP Status 401</title><p><b>Message</b> Bad &lt;x&gt;</p>",
            "text/html",
            "Bad <x>",
        ),
        ("<html><head><title>502 Bad Gateway</title></head></html>", "text/html", "502 Bad Gateway"),
        (
            "There was an error: no such thing\n\tat java.lang",
            "text/plain",
            "There was an error: no such thing",
        ),
        ('{"message": "Not this one"}', "application/json", "Not this one"),
        ("", "text/plain", ""),
        ("\x1b[31mred", "text/plain", "\x1b[31mred"),
        ("x" * 5000, "text/plain", "x" * 499 + "…"),
    ],
)
def test_the_servers_own_sentence_is_found(body, media_type, sentence):
    response = httpx.Response(400, text=body, headers={"content-type": media_type})
    assert server_sentence(response) == sentence


def test_status_pages_are_latin_1():
    body = STATUS_PAGE.format("Schlüssel fehlt").encode("latin-1")
    response = httpx.Response(400, content=body, headers={"content-type": "text/html; charset=ISO-8859-1"})
    assert server_sentence(response) == "Schlüssel fehlt"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, ResourceNotFoundError),
        (406, InvalidRequestError),
        (409, ConflictError),
        (417, PermissionDeniedError),
        (429, ServerBusyError),
        (500, ServerError),
        (501, ServerError),
        (503, ServerBusyError),
    ],
)
def test_every_status_has_its_error(status, kind):
    error = error_from(httpx.Response(status), "GET", "/data/x")
    assert type(error) is kind
    assert (error.status, error.method, error.path) == (status, "GET", "/data/x")
    assert f"({status} to GET /data/x)." in error.message
    assert error.server_message == ""


def test_an_expired_password_is_a_matter_of_the_login():
    response = httpx.Response(403, text="Your password has expired. Please change it.")
    assert isinstance(error_from(response, "GET", "/data/x"), AuthenticationError)


def test_errors_hold_no_secrets_of_the_path():
    error = error_from(httpx.Response(404), "GET", "/data/services/tokens/validate/alias/s3cret")
    assert "s3cret" not in f"{error}{error.path}"


@pytest.mark.parametrize(
    "document",
    [
        '{"ResultSet":{"Result":[{"ID":"1","label":"a","other":"x"}], "totalRecords": "1"}}',
        '{"ResultSet":{"Columns":[{"key":"ID"}],"Result":[{"label":"a","ID":"1"}]}}',
        '[{"ID":"1","label":"a"}]',
        '{"ResultSet":{"Result":[{"ID":"1","label":"a","note":null}]}}',
    ],
)
def test_tables_are_read_in_all_their_forms(document):
    assert decode_rows(document.encode(), Row) == [Row("1", "a")]
    assert decode_rows(document.encode(), dict)[0]["label"] == "a"


def test_a_null_cell_is_empty_text():
    assert decode_rows(b'{"ResultSet":{"Result":[{"ID":"1","label":null}]}}', Row) == [Row("1", "")]


def test_raw_control_characters_and_latin_1_are_read():
    assert decode_json(b'{"a": "x\x1by"}') == {"a": "x\x1by"}
    assert decode_json('{"a": "ü"}'.encode("latin-1")) == {"a": "ü"}


@pytest.mark.parametrize(
    "document", [b"", b"<html>", b'{"items":[]}', b'{"ResultSet":{}}', b'[{"label":"no id"}]', b"3"]
)
def test_what_is_no_table_is_a_value_error(document):
    with pytest.raises(ValueError):
        decode_rows(document, Row)
