"""Where configuration, state and cache live on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "xnat-tui"


def config_dir() -> Path:
    """Return the folder of config.toml: XNAT_TUI_CONFIG_DIR, or where this system keeps settings."""
    return _chosen("XNAT_TUI_CONFIG_DIR") or platformdirs.user_config_path(_NAME)


def state_dir() -> Path:
    """Return the folder of what must survive a restart: XNAT_TUI_STATE_DIR, or the system's place."""
    return _chosen("XNAT_TUI_STATE_DIR") or platformdirs.user_state_path(_NAME)


def cache_dir() -> Path:
    """Return the folder of what may be deleted at any time: XNAT_TUI_CACHE_DIR, or the system's place."""
    return _chosen("XNAT_TUI_CACHE_DIR") or platformdirs.user_cache_path(_NAME)


def config_file() -> Path:
    """Return the one configuration file; it need not exist."""
    return config_dir() / "config.toml"


def make_private(folder: Path) -> Path:
    """Make `folder`, readable by its owner only, unless it exists; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _chosen(variable: str) -> Path | None:
    value = os.environ.get(variable, "")
    # Unlike Path.expanduser it leaves a user who does not exist as written.
    return Path(os.path.expanduser(value)) if value else None
