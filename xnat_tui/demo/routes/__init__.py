"""The endpoints of the demo server, one module for each noun.

A module offers `routes() -> list[Route]`, made by the functions of `xnat_tui.demo.router`:

- `data("/users", list_users)`: below `/data` and `/REST` only, by prefix;
- `archive("/projects", list_projects)`: below `/data` and `/data/archive`, by prefix;
- `page("/xapi/siteConfig/buildInfo", build_info, open=True)`: one exact path;

each with further methods behind the endpoint (`data("/JSESSION", log_in, "GET", "POST")`; GET when none is
named) and returning a list, so that a module writes `return [*data(...), *page(...)]`. `open=True` answers
also those who are not logged in on a closed site.

An endpoint is a plain function `def endpoint(call: Call) -> Response` that runs in a worker thread. `Call`
(see `xnat_tui.demo.calls`) is a Starlette `Request` with `archive`, `user`, `query` (parameters as XNAT reads
them), `part("name")` (a segment of the template), `rest` (the path behind the template) and `payload` (the
body as an open file). Answers are made by `xnat_tui.demo.answers`; to say no, raise `Refusal(status,
message)`, which becomes Restlet's status page below `/data` and text or nothing below `/xapi`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from xnat_tui.demo.router import Route


def all_routes() -> list[Route]:
    """Return the routes of all modules of this package."""
    found: list[Route] = []
    for module in iter_modules(__path__):
        found.extend(import_module(f"{__name__}.{module.name}").routes())
    return found
