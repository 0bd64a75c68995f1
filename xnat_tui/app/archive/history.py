"""What the History tab shows: the server's record of what was done, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from xnat_tui.app.archive.blocks import Block, Headed, Rows
from xnat_tui.app.archive.detail_text import draw_sentence
from xnat_tui.app.archive.look import Look
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.table import Head, Table
from xnat_tui.app.text import plural
from xnat_tui.core.exceptions import AuthenticationError, PermissionDeniedError, ResourceNotFoundError
from xnat_tui.models.history import HistoryEvent
from xnat_tui.services.history import HistoryService

_RECORDED = (Kind.PROJECT, Kind.SUBJECT, Kind.SESSION, Kind.ASSESSOR)
_TYPES = {Kind.PROJECT: "xnat:projectData", Kind.SUBJECT: "xnat:subjectData"}
_FAILURES = ("fail", "error", "kill")
_PENDING = ("queued", "running", "in progress", "await", "hold", "created", "staging", "_", "pending")
_HEADS = (
    Head("when", rank=2),
    Head("what"),
    Head("who"),
    Head("status"),
    Head("why", rank=0),
)
_DATE_CELLS = 10
_READABLE_CELLS = 8
"""Cells below which a reason that is cut says too little."""


@dataclass(frozen=True)
class History:
    """What was done to a thing, or why that cannot be told.

    Attributes:
        of: label of the thing whose history it is, when that is one around the thing asked about.
        events: the newest first.
        refusal: a sentence in place of the events, for those who may not see them.
    """

    of: str
    events: Sequence[HistoryEvent]
    refusal: str = ""


def read_history(service: HistoryService, ref: NodeRef) -> History:
    """Ask for the history of a thing, or of the nearest one around it that a server keeps a history of."""
    recorded = next(around for around in reversed(ref.lineage()) if around.kind in _RECORDED)
    xsi_type = _TYPES.get(recorded.kind) or str(getattr(recorded.row, "xsi_type", ""))
    of = recorded.label if recorded is not ref else ""
    try:
        return History(of, service.events(xsi_type, recorded.id))
    except PermissionDeniedError:
        return History(of, (), "You may not see the history: the server keeps it for those who may read all.")
    except ResourceNotFoundError:
        return History(of, (), "The server tells you no history of this.")
    except AuthenticationError:
        if service.client.username:
            raise
        return History(of, (), "Guests may not see the history; log in to see it.")


def draw_history(history: History, width: int, look: Look) -> list[Block]:
    """How much was done to what, then every event."""
    if history.refusal:
        return draw_sentence(history.refusal, width, look)
    if not history.events:
        return draw_sentence("Nothing is recorded yet.", width, look)
    title = plural(len(history.events), "event")
    if history.of:
        title += f" of {look.safe(history.of)}"
    return [Headed(Text(title, style=look.heading), Rows(_table(history.events, width, look), width, look))]


def _table(events: Sequence[HistoryEvent], width: int, look: Look) -> Table:
    """All that is known; where it is narrow without the time of day, then with less of the reasons."""
    failed = {at for at, event in enumerate(events) if _has_failed(event)}
    rows = [_row(event, look) for event in events]
    table = Table.of("", _HEADS, rows, failed=failed)
    if table.widths_in(width) == list(table.widths):
        return table
    rows = [(row[0][:_DATE_CELLS], *row[1:]) for row in rows]
    table = Table.of("", _HEADS, rows, failed=failed)
    if table.widths_in(width)[-1] < min(table.widths[-1], _READABLE_CELLS):
        return Table.of("", _HEADS[:-1], [row[:-1] for row in rows], failed=failed)
    return table


def _row(event: HistoryEvent, look: Look) -> tuple[str, ...]:
    when = f"{event.when:%Y-%m-%d %H:%M}" if event.when else ""
    status = f"{_sign(event, look)} {event.status}" if event.status else ""
    return when, event.action or "changed", event.user, status, event.justification


def _sign(event: HistoryEvent, look: Look) -> str:
    if _has_failed(event):
        return look.glyphs.failed
    return look.glyphs.waiting if event.status.lower().startswith(_PENDING) else look.glyphs.online


def _has_failed(event: HistoryEvent) -> bool:
    return event.status.lower().startswith(_FAILURES)
