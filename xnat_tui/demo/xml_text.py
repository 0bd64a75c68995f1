"""XML documents that stay well-formed whatever the archive holds."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_forbidden(text: str) -> str:
    """Return a text without the characters that XML 1.0 forbids even in escaped form (its section 2.2)."""
    return _FORBIDDEN.sub("", text)


def xml_document(root: str) -> str:
    """Return a root element as a document in UTF-8."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{without_forbidden(root)}'
