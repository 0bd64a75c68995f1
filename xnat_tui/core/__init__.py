"""The client of one XNAT server: configuration, credentials, requests, errors."""

import sys
from typing import Any, cast

# httpx loads its command line, and with it rich, wherever the packages for it are installed. Without it httpx
# loads in half the time, and nothing below the screens holds their libraries.
cast(dict[str, Any], sys.modules).setdefault("httpx._main", None)
