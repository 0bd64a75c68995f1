"""The one exception by which the demo server says no; not how the no looks on the wire (see `answers`)."""

from __future__ import annotations


class Refusal(Exception):
    """A request that XNAT would refuse.

    Attributes:
        status: the HTTP status of the answer.
        message: XNAT's sentence for people; empty for the standard sentence of the status.
    """

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
