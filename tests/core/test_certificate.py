"""Looking at a server's certificate: what it says is read, and nothing is trusted for it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.authority import Authority
from tests.core.small_server import SmallServer
from xnat_tui.core.certificate import fetch_certificate, read_certificate
from xnat_tui.core.exceptions import ConnectionLostError

ContextOf = Callable[[Authority], ssl.SSLContext]


def served(tls: ssl.SSLContext):
    server = SmallServer(tls=tls)
    try:
        return fetch_certificate(server.url, timeout_s=5), server.requests
    finally:
        server.close()


@pytest.mark.parametrize(
    "context_of",
    [
        lambda authority: authority.server_context(),
        lambda authority: authority.server_context("DNS:elsewhere.example.org"),
        lambda authority: authority.server_context(days=-1),
    ],
    ids=["unknown authority", "another host", "expired"],
)
def test_it_is_read_whatever_is_wrong_with_it(authority: Authority, context_of: ContextOf) -> None:
    certificate, requests = served(context_of(authority))
    assert (certificate.subject, certificate.issuer) == ("CN=server", "CN=Authority")
    assert requests == []


def test_names_and_validity_are_those_of_the_certificate(authority: Authority) -> None:
    names = "DNS:xnat.example.org,DNS:*.example.org,IP:10.0.0.7,IP:::1"
    certificate, _ = served(authority.server_context(names, days=3))
    assert certificate.names == ("xnat.example.org", "*.example.org", "10.0.0.7", "::1")
    now = datetime.now(UTC)
    assert now - timedelta(minutes=5) < certificate.valid_from <= now
    assert certificate.valid_until - certificate.valid_from == timedelta(days=3)


def test_the_fingerprint_is_the_one_that_openssl_shows(authority: Authority, tmp_path: Path) -> None:
    certificate, _ = served(authority.server_context())
    command = ["openssl", "x509", "-in", str(tmp_path / "server.pem"), "-noout", "-fingerprint", "-sha256"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert certificate.sha256 == shown.strip().partition("=")[2]


def test_a_server_without_tls_has_none() -> None:
    server = SmallServer()
    try:
        with pytest.raises(ConnectionLostError, match="cannot be shown"):
            fetch_certificate(server.url.replace("http:", "https:"), timeout_s=5)
    finally:
        server.close()


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x82", b"\x30\x03\x02\x01\x05", b"hello", b"\xff" * 50])
def test_what_is_no_certificate_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_certificate(data)
