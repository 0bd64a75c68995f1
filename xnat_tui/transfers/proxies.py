"""Which proxy the environment wants between us and the server, as the rest of the client has it too."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from xnat_tui.core.exceptions import ConfigError


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that speaks HTTP.

    Attributes:
        headers: who we are to it.
    """

    host: str
    port: int
    headers: dict[str, str]


def proxy_for(url: SplitResult) -> Proxy | None:
    """Return the proxy for a server by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; None for none.

    Raises:
        ConfigError: the environment names one that is no HTTP proxy.
    """
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or proxy_bypass(url.netloc.rpartition("@")[2]):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme != "http" or not parts.hostname:
        raise ConfigError(
            f"Files can only be moved through an HTTP proxy, not through {parts.scheme}://.",
            advice="Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment.",
        )
    return Proxy(parts.hostname, parts.port or 80, _authorization(parts))


def _authorization(parts: SplitResult) -> dict[str, str]:
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}
