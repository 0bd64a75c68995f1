"""Finds the .tcss files: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

_NAMES = (
    "app.tcss",
    "tree.tcss",
    "details.tcss",
    "dialogs.tcss",
    "jump.tcss",
    "menus.tcss",
    "narrow.tcss",
    "plain.tcss",
)
_PACKAGE = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """The folder with the style sheets.

    An editable install leaves a copy in the package that goes stale, hence the checkout is asked first.
    """
    checkout = _PACKAGE.parent
    return checkout / "styles" if (checkout / "pyproject.toml").is_file() else _PACKAGE / "styles"


def paths() -> list[Path]:
    """The style sheets in the order in which they apply."""
    return [folder() / name for name in _NAMES]
