"""A certificate authority for one test."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path


class Authority:
    """A throw-away certificate authority, made with the openssl command."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ca_file = folder / "ca.pem"
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Authority",
                  "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip

    def server_context(self, name: str = "IP:127.0.0.1", *, days: int = 1) -> ssl.SSLContext:
        """A server's context with a certificate for `name`; negative `days` make it expired."""
        (self._folder / "ext").write_text(f"subjectAltName={name}\n")
        self._run("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server", "-keyout", "server.key",
                  "-out", "server.csr")  # fmt: skip
        self._run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                  "-days", str(days), "-extfile", "ext", "-out", "server.pem")  # fmt: skip
        return self._context("server")

    def self_signed_context(self) -> ssl.SSLContext:
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                  "-keyout", "own.key", "-out", "own.pem")  # fmt: skip
        return self._context("own")

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        return context

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)
