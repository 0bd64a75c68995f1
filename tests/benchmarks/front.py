"""nginx in front of the demo server, so that the client is measured and not a server in Python.

Bulk answers (ZIPs, slices) are given from ready-made files, ZIPs from the second time on; everything else
always goes to the demo server. Bodies for the import service can be swallowed, or kept for inspection.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.benchmarks.programs import Listener, find_program, free_port, write_certificates

_LOG_FORMAT = (
    r"$status\t$body_bytes_sent\t$request_method\t$request_uri\t$request_body_file\t$upstream_status"
)

_CONFIGURATION = """
{user} worker_processes 1; daemon off; pid {root}/pid; error_log {root}/error.log;
events {{ worker_connections 512; }}
http {{
  log_format moved '{log_format}';
  access_log {root}/access.log moved;
  sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_max_body_size 0; client_body_buffer_size 1m;
  client_body_temp_path {root}/bodies; proxy_temp_path {root}/passing;
  fastcgi_temp_path {root}/unused1; uwsgi_temp_path {root}/unused2; scgi_temp_path {root}/unused3;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
  proxy_read_timeout 600s;
  upstream demo {{ server 127.0.0.1:{demo_port}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl; ssl_certificate {root}/server.pem; ssl_certificate_key {root}/server.key;
    {singles}
    location / {{ proxy_pass http://demo; }}
    location ~ /files$ {{
      error_page 418 = @zip;
      if ($arg_format = zip) {{ return 418; }}
      proxy_pass http://demo;
    }}
    location @zip {{ {zip} }}
    location @pass {{ proxy_pass http://demo; {store} }}
    location @deflate {{ proxy_pass http://demo$request_uri&compression=8; {store} }}
    location = /data/services/import {{ {imports} }}
  }}
  server {{
    listen unix:{root}/answer.sock;
    location / {{ access_log off; default_type text/uri-list; return 200 "{answer}\\r\\n"; }}
  }}
}}
"""

_ZIPS = "root {root}/ready; types {{ }} default_type application/zip; try_files $request_uri {fallback};"
_SINGLES = (
    "location ~ ^/data/.*/scans/([^/]+)/resources/[^/]+/files/(.+[.]dcm)$ {{ "
    "types {{ }} default_type application/octet-stream; alias {slices}/$1/$2; }}"
)
_SWALLOW = (
    "client_body_in_file_only clean; proxy_pass_request_body off; proxy_set_header Content-Length 0; "
    "proxy_pass http://unix:{root}/answer.sock:/;"
)
_BULK = re.compile(r"/files/.|/files\?.*format=zip")
_KEEP = "client_body_in_file_only on; proxy_pass http://demo;"


@dataclass(frozen=True)
class Moved:
    """One request as the access log tells it.

    Attributes:
        status: of the answer; 499 when the client was gone.
        body_bytes: of the answer's body that were sent.
        body_file: where the request's body was kept; "" when there is none.
        is_ready_made: the demo server was not asked.
    """

    status: int
    body_bytes: int
    method: str
    target: str
    body_file: str
    is_ready_made: bool


class Front(Listener):
    """nginx before the demo server.

    Args:
        folder: its own; everything that it keeps lies there.
        demo_port: where the demo server listens.
        slices: give bulk answers from ready-made files; single slices from this folder, and ZIPs from the
            demo server's first answer.
        deflates: have ZIPs deflated.
        imports: "swallow" bodies for the import service and answer `answer`; or "keep" and pass them on.
        answer: a session, as the import service names it.
    """

    def __init__(
        self,
        folder: Path,
        demo_port: int,
        *,
        slices: Path | None = None,
        deflates: bool = False,
        imports: Literal["swallow", "keep"] = "swallow",
        answer: str = "",
    ) -> None:
        (folder / "ready").mkdir(parents=True)
        self.ca_file = write_certificates(folder)
        self._folder = folder
        self.tls_port = free_port()
        port = free_port()
        zip_fallback = "@deflate" if deflates else "@pass"
        text = _CONFIGURATION.format(
            # A master that runs as root gives its workers to somebody who may not look into our folders.
            user="user root;" if os.geteuid() == 0 else "",
            root=folder,
            log_format=_LOG_FORMAT,
            demo_port=demo_port,
            port=port,
            tls_port=self.tls_port,
            singles=_SINGLES.format(slices=slices) if slices else "",
            zip=_ZIPS.format(root=folder, fallback=zip_fallback) if slices else "proxy_pass http://demo;",
            store=f"proxy_store {folder}/ready$request_uri;" if slices else "",
            imports=(_SWALLOW if imports == "swallow" else _KEEP).format(root=folder),
            answer=answer,
        )
        configuration = folder / "nginx.conf"
        configuration.write_text(text, encoding="utf-8")
        super().__init__([find_program("nginx"), "-e", f"{folder}/error.log", "-c", str(configuration)], port)

    @property
    def url(self) -> str:
        """Plain HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        """HTTP over TLS, with a certificate of the authority in `ca_file`."""
        return f"https://127.0.0.1:{self.tls_port}"

    def count_made(self) -> int:
        """Return how many bulk answers were not ready, so that the demo server had to make them."""
        return sum(
            not moved.is_ready_made and _BULK.search(moved.target) is not None for moved in self.moved()
        )

    def moved(self) -> list[Moved]:
        """Return every request so far, in the order in which they ended."""
        lines = (self._folder / "access.log").read_text(encoding="utf-8").splitlines()
        return [_moved(line) for line in lines]


def _moved(line: str) -> Moved:
    status, body_bytes, method, target, body_file, upstream = line.split("\t")
    body_file = "" if body_file == "-" else body_file
    return Moved(int(status), int(body_bytes), method, target, body_file, upstream == "-")
