"""Free text that a query string would change on its way into the archive, refused before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xnat_tui.core.exceptions import InvalidValueError

_ESCAPED = re.compile("[&<>\"']")


def check_free_text(fields: Mapping[str, object]) -> None:
    """Refuse texts that XNAT would store as something else.

    XNAT escapes every value of a query string as for XML when it comes in, and what it stores then is
    "R&amp;D" in place of "R&D".

    Args:
        fields: what is to be stored by XNAT's names; only texts are looked at.

    Raises:
        InvalidValueError: one holds "&", "<", ">" or a quotation mark; it says which.
    """
    for name, value in fields.items():
        odd = dict.fromkeys(_ESCAPED.findall(value)) if isinstance(value, str) else {}
        if odd:
            raise InvalidValueError(
                f"XNAT would not store {' '.join(odd)} in the field {name} as it is: {value!r}.",
                advice="Say it without these characters.",
            )
