"""The newest contents that were read, for the time in which the server does not answer."""

from __future__ import annotations

from xnat_tui.app.archive.nodes import NodeRef, Path
from xnat_tui.app.archive.parts import Content, Part
from xnat_tui.core.exceptions import ConnectionLostError, ServerBusyError, XnatTuiError

_MOST = 64


class LastKnown:
    """A few contents by thing and part, the oldest given up first. Lives on the app's thread."""

    def __init__(self) -> None:
        self._contents: dict[tuple[Path, Part], Content] = {}

    def settle(self, ref: NodeRef, part: Part, answer: Content | XnatTuiError) -> Content | XnatTuiError:
        """Keep a content, and give the kept one for an error which only says that no answer came."""
        key = ref.path, part
        if isinstance(answer, ConnectionLostError | ServerBusyError):
            return self._contents.get(key, answer)
        self._contents.pop(key, None)
        if not isinstance(answer, XnatTuiError):
            self._contents[key] = answer
            if len(self._contents) > _MOST:
                del self._contents[next(iter(self._contents))]
        return answer
