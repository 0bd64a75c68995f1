"""Passwords in the key store of the system. On a headless machine there is none, and that is normal."""

from __future__ import annotations

from typing import Any

SERVICE = "xnat-tui"


def has_keystore() -> bool:
    """Tell whether this machine has a key store that takes passwords; may block for a moment."""
    try:
        # The stand-ins for "there is none" have the priorities 0 and -1.
        return bool(_keyring().get_keyring().priority > 0)
    except Exception:
        return False


def read_password(service: str, entry: str) -> str | None:
    """Return a password, None when it is not there or when there is no key store to ask."""
    try:
        return _keyring().get_password(service, entry)  # type: ignore[no-any-return]
    except Exception:
        # Back ends raise whatever their system raises: no D-Bus, a locked store, a broken plug-in.
        return None


def store_password(entry: str, password: str) -> bool:
    """Keep a password under the service "xnat-tui"; return whether there was a key store to take it."""
    if not has_keystore():
        return False
    try:
        _keyring().set_password(SERVICE, entry, password)
    except Exception:
        return False
    return True


def forget_password(entry: str) -> bool:
    """Remove a password; return whether one was removed."""
    try:
        _keyring().delete_password(SERVICE, entry)
    except Exception:
        return False
    return True


def _keyring() -> Any:
    # Takes a tenth of a second to load, and most runs do not need it.
    import keyring

    return keyring
