"""What is done with things at hand and changes nothing on the server: copy, open in a browser, export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xnat_tui.app import browser, clipboard
from xnat_tui.app.actions import Action, Scope
from xnat_tui.app.archive.at_hand import AtHand, name_of
from xnat_tui.app.archive.copies import Copy, copies
from xnat_tui.app.archive.nodes import NodeRef
from xnat_tui.app.dialogs.copy_menu import CopyMenu
from xnat_tui.app.dialogs.export import ExportDialog
from xnat_tui.app.export import Format, default_name, export, records
from xnat_tui.app.loader import Loader
from xnat_tui.app.performing import perform, why_not
from xnat_tui.app.screens.help import HelpScreen
from xnat_tui.app.screens.request_log import RequestLogScreen
from xnat_tui.app.snippets import web_page
from xnat_tui.app.text import plural, visible
from xnat_tui.core.exceptions import InvalidValueError, XnatTuiError

if TYPE_CHECKING:
    from xnat_tui.app.app import XnatTuiApp
    from xnat_tui.app.connection import Connection
    from xnat_tui.app.glyphs import Glyphs


class Errands:
    """Lives on the app's thread; what takes time on this machine is done beside it."""

    def __init__(self, app: XnatTuiApp, connection: Connection, glyphs: Glyphs) -> None:
        self._app = app
        self._connection = connection
        self._glyphs = glyphs
        # Not the connection's loader: what succeeds here says nothing about the server.
        self._local = Loader(threads=2)

    def close(self) -> None:
        """Begin nothing any more."""
        self._local.close()

    def copy(self, at_hand: AtHand) -> None:
        """Let choose what to copy, and copy it."""
        site = self._connection.site
        if site is None:
            return
        choices = copies(at_hand.refs, site.base_url, site.username, at_hand.error)

        def take(choice: Copy | None) -> None:
            if choice is not None:
                self.put(
                    choice.text, choice.name if choice.count == 1 else f"{choice.name} of {choice.count}"
                )

        self._app.push_screen(CopyMenu(at_hand.name, choices, self._glyphs), take)

    def put(self, text: str, name: str) -> None:
        """Copy a text to the clipboard, and say so."""
        try:
            clipboard.check_size(text)
        except InvalidValueError as error:
            self._say(error.message, is_error=True)
            return
        self._app.copy_to_clipboard(text)
        if program := clipboard.local_program(os.environ):
            hand_over = partial(clipboard.hand_over, program, text)
            self._local.wish("clipboard", hand_over, lambda _: None, lambda _: None)
        self._say(f"Copied {name}: {visible(text.strip(), 100)}")

    def open_page(self, at_hand: AtHand) -> None:
        """Open the web page of the first thing; where no browser has a window copy its address instead."""
        site = self._connection.site
        if site is None:
            return
        try:
            url = web_page(site.base_url, at_hand.refs[0])
        except InvalidValueError as error:
            self._say(error.message, is_error=True)
            return
        if clipboard.is_remote(os.environ) or not browser.has_window():
            self.put(url, "URL, as no browser can be opened here")
        else:
            self._app.open_url(url)
            self._say(f"Opened {url}")

    def export(self, at_hand: AtHand) -> None:
        """Ask where to, and write the table at hand there."""
        refs = at_hand.level or at_hand.refs

        def tell(path: Path | None) -> None:
            if path is not None:
                self._say(f"Exported {name_of(refs)} ({plural(len(refs), 'row')}) to {path}")

        title = f"Export {name_of(refs)}"
        path = Path(default_name(refs, Format.CSV))
        self._app.push_screen(ExportDialog(title, path, partial(_write, refs), self._local), tell)

    def show_help(self) -> None:
        """Show all keys, and do what is chosen there."""
        app, screen = self._app, self._app.screen

        def do(action: Action | None) -> None:
            if action is not None:
                app.call_later(perform, app, screen, action)

        reason = partial(why_not, screen, read_only=app.is_read_only)
        first = getattr(screen.focused, "SCOPE", Scope.EVERYWHERE)
        app.push_screen(HelpScreen(app.keymap, reason, first), do)

    def show_requests(self) -> None:
        """Show what was asked of the server."""
        if (site := self._connection.site) is not None:
            log = RequestLogScreen(site.requests, site.requests_made, self.put, self._glyphs)
            self._app.push_screen(log)

    def _say(self, words: str, *, is_error: bool = False) -> None:
        shown = visible(words, ascii_only=self._glyphs.ascii_only)
        self._app.notify(shown, severity="error" if is_error else "information", markup=False)


def _write(refs: Sequence[NodeRef], path: Path, form: Format, replace: bool) -> None:
    try:
        export(records(refs), path, form, replace=replace)
    except OSError as error:
        raise XnatTuiError(str(error)) from error
