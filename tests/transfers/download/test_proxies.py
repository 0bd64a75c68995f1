"""The proxy between us and the server is the one that the environment names."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from xnat_tui.core.exceptions import ConfigError
from xnat_tui.transfers.proxies import proxy_for

SERVER = urlsplit("https://xnat.example.org")


def test_without_one_in_the_environment_there_is_none() -> None:
    assert proxy_for(SERVER) is None


def test_each_scheme_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:se%20cret@proxy.example.org:3128")
    proxy = proxy_for(SERVER)
    assert proxy is not None
    assert (proxy.host, proxy.port) == ("proxy.example.org", 3128)
    assert proxy.headers == {"Proxy-Authorization": "Basic bWU6c2UgY3JldA=="}
    assert proxy_for(urlsplit("http://xnat.example.org")) is None


def test_exceptions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.org")
    monkeypatch.setenv("NO_PROXY", "example.org")
    assert proxy_for(SERVER) is None
    assert proxy_for(urlsplit("https://xnat.example.com")) is not None


def test_a_proxy_that_speaks_something_else_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.example.org:1080")
    with pytest.raises(ConfigError, match="socks5"):
        proxy_for(SERVER)
