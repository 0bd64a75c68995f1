"""The data model that the demo server speaks, as XML Schema files of its own; not how it is served.

Clients such as xnatpy read these files when they connect and build a class from every type in them,
so a type that the archive can store must be described here.
"""

from __future__ import annotations

from importlib.resources import files

NAMES = ("security", "xnat", "catalog", "xdat", "icr")
"""The schemas by the names under which XNAT lists them."""


def schema(path: str) -> bytes | None:
    """Return a schema by its name or its place, or None when there is none of that name.

    Args:
        path: "xnat", "xnat/xnat" or "xnat/xnat.xsd": XNAT serves a schema under all three.
    """
    name = path.removesuffix(".xsd")
    folder, _, base = name.rpartition("/")
    if folder in ("", base) and base in NAMES:
        return (files(__name__) / f"{base}.xsd").read_bytes()
    return None
