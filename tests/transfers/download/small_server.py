"""A server of a few ready answers, for what no honest server sends."""

from __future__ import annotations

import io
import json
import ssl
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SESSION = "/data/experiments/E1"


def listing(*rows: Mapping[str, str]) -> bytes:
    """Return a table as XNAT sends it."""
    return json.dumps({"ResultSet": {"Result": list(rows)}}).encode()


def file_row(path: str, size_bytes: int, digest: str = "") -> dict[str, str]:
    """Return the row of a file in the one resource that there is."""
    uri = f"{SESSION}/scans/1/resources/7/files/{path}"
    name = path.rpartition("/")[2]
    facts = {"Name": name, "Size": str(size_bytes), "URI": uri, "digest": digest}
    return {**facts, "collection": "R", "cat_ID": "7"}


def packed(entries: Mapping[str, bytes]) -> bytes:
    """Return a ZIP with entries called exactly so."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


@contextmanager
def serving(
    files: list[dict[str, str]], bodies: Mapping[str, bytes], *, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve one session with one resource; give the address.

    Args:
        files: the rows of its file listing.
        bodies: answers by path; all other paths are not found.
        tls: speak TLS.
    """
    resource = {
        "xnat_abstractresource_id": "7",
        "label": "R",
        "category": "scans",
        "cat_id": "1",
        "cat_desc": "T",
    }
    answers = {
        "/data/JSESSION": b"0123456789ABCDEF",
        "/data/auth": b"User 'admin' is logged in",
        "/data/experiments": listing({"ID": "E1", "label": "S1"}),
        f"{SESSION}/resources": listing(resource),
        f"{SESSION}/files": listing(*files),
        **bodies,
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = answers.get(path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            is_zip = "format=zip" in self.path
            self.send_header("Content-Type", "application/zip" if is_zip else "text/plain")
            self.end_headers()
            self.wfile.write(body or b"")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
