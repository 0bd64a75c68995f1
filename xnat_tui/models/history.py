"""Events: what was done to an object, by whom, and how it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from xnat_tui.models.base import Number, Text, XnatModel


def _read_epoch_ms(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromtimestamp(float(str(value)) / 1000)
    except (ValueError, OverflowError, OSError):
        return None


class HistoryEvent(XnatModel):
    """One event in the history of an object; with a status it is one of XNAT's workflows.

    Attributes:
        id: the server's number of the workflow.
        action: what was done, in the server's words; "" for a change that no workflow accounts for.
        when: when it began, in the local time of this machine; None when unknown.
        user: login of who did it.
        way: by which way: "WEB_FORM", "WEB_SERVICE", "PROCESS" and others.
        category: "DATA", "PROJECT_ADMIN" and others.
        status: "Complete", "Running", "Failed (Staging)" and others; pipelines use words of their own.
        justification: why, where somebody gave a reason.
    """

    id: Number = Field(None, alias="event_id")
    action: Text = Field("", alias="event_action")
    when: Annotated[datetime | None, BeforeValidator(_read_epoch_ms)] = Field(None, alias="event_date")
    user: Text = Field("", alias="event_user")
    way: Text = Field("", alias="event_type")
    category: Text = Field("", alias="event_category")
    status: Text = Field("", alias="event_status")
    justification: Text = Field("", alias="event_reason")
