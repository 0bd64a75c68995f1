"""Whose certificates to trust when speaking TLS."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import httpx

from xnat_tui.core.exceptions import ConfigError


def tls_context(ca_file: str | Path | None) -> ssl.SSLContext:
    """Return a context that trusts the authorities of httpx, this machine's and those in `ca_file`.

    SSL_CERT_FILE and SSL_CERT_DIR in the environment replace the ones shipped with httpx.

    Raises:
        ConfigError: `ca_file`, or what the environment names, cannot be read or holds no certificate.
    """
    try:
        context = httpx.create_ssl_context()
    except OSError as error:
        raise ConfigError(
            f"SSL_CERT_FILE or SSL_CERT_DIR in the environment cannot be used: {error}."
        ) from error
    context.load_default_certs()
    if ca_file is not None:
        _load(context, Path(os.path.expanduser(ca_file)))
    return context


def _load(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise ConfigError("holds no certificate in PEM form.", file=path, key="ca_file") from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=path, key="ca_file") from error
