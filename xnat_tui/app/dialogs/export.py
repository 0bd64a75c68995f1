"""Where to and how a table is exported; ends when it is written, and says what is wrong beside the field."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Label, Static

from xnat_tui.app.dialogs.consent import Consent
from xnat_tui.app.export import Format
from xnat_tui.app.loader import Loader
from xnat_tui.app.text import visible
from xnat_tui.app.widgets.choice import Choice
from xnat_tui.core.exceptions import XnatTuiError

Write = Callable[[Path, Format, bool], object]
"""Writes the file in a format, replacing another one only when told to; blocks."""


class ExportDialog(ModalScreen[Path | None]):
    """Ends with the file that was written, or with None."""

    AUTO_FOCUS = "#export-path"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        Binding("tab", "complete", "complete", show=False, priority=True),
    ]

    @dataclass
    class Written(Message):
        """The file stands."""

        path: Path

    @dataclass
    class Refused(Message):
        """The file could not be written."""

        error: XnatTuiError

    def __init__(self, title: str, path: Path, write: Write, loader: Loader) -> None:
        """Prepare the dialog.

        Args:
            title: what is exported.
            path: the file that is proposed; relative to the working directory, as everything that is typed.
            write: writes it.
            loader: runs that.
        """
        super().__init__()
        self._title = title
        self._proposed = path
        self._write = write
        self._loader = loader

    def compose(self) -> ComposeResult:
        """Format, file, and room for a refusal."""
        with Vertical(classes="dialog", id="export") as dialog:
            dialog.border_title = Text(visible(self._title))
            dialog.border_subtitle = "Enter writes · Tab completes · Esc closes"
            yield Label("Format")
            yield Choice(
                [form.name for form in Format], self._format_of(self._proposed).name, id="export-format"
            )
            yield Label(Text(f"File in {visible(short_path(Path.cwd()))}", no_wrap=True), id="export-folder")
            line = Input(
                str(self._proposed),
                id="export-path",
                compact=True,
                suggester=_Folders(),
                select_on_focus=False,
            )
            line.highlighter = None
            yield line
            yield Static(markup=False, classes="refusal", id="export-refusal")

    @property
    def _path(self) -> Path:
        return typed_path(self.query_one("#export-path", Input).value).absolute()

    @staticmethod
    def _format_of(path: Path) -> Format:
        return Format.JSON if path.suffix.casefold() == ".json" else Format.CSV

    def on_choice_changed(self, message: Choice.Changed) -> None:
        """The name of the file follows the format."""
        line = self.query_one("#export-path", Input)
        form = Format[message.value]
        path = Path(line.value.strip())
        if path.name and form is not self._format_of(path):
            line.value = str(path.with_suffix(f".{form}"))

    def on_input_changed(self) -> None:
        """The format follows the name; what was refused is history."""
        self._say("")
        self.query_one(Choice).value = self._format_of(self._path).name

    def on_input_submitted(self) -> None:
        """Write, after consent where a file would be replaced."""
        path = self._path
        if os.path.isfile(path):
            question = f"{path} exists already. It would be replaced by what is exported now."
            consent = Consent(f"Replace {path.name}", question, yes=f"Replace {path.name}")
            self.app.push_screen(consent, lambda given: self._start(path, replace=True) if given else None)
        else:
            self._start(path, replace=False)

    def action_complete(self) -> None:
        """Take the folder that is shown in grey; without one go on to the next field."""
        line = self.query_one("#export-path", Input)
        completed = complete_folder(line.value) if line.has_focus else None
        if completed is None:
            self.focus_next()
        else:
            line.value = completed
            line.action_end()

    def action_leave(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    def _start(self, path: Path, *, replace: bool) -> None:
        self._say("")
        self._loader.wish(
            "export",
            partial(self._write, path, self._format_of(path), replace),
            lambda _: self.post_message(self.Written(path)),
            lambda error: self.post_message(self.Refused(error)),
        )

    def on_export_dialog_written(self, message: Written) -> None:
        """Done."""
        self.dismiss(message.path)

    def on_export_dialog_refused(self, message: Refused) -> None:
        """Say why beside the field; what was typed stays."""
        self._say(message.error.message)

    def _say(self, word: str) -> None:
        self.query_one("#export-refusal", Static).update(Text(visible(word)))


class _Folders(Suggester):
    """Completes the name of a folder on this machine."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The path with the first folder that begins so, None when there is none."""
        return await asyncio.to_thread(complete_folder, value)


def typed_path(text: str) -> Path:
    """The path that somebody typed; "~" of a user who is not known here stays what it is."""
    return Path(os.path.expanduser(text.strip()))


def short_path(path: Path) -> str:
    """The path with "~" for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def complete_folder(typed: str) -> str | None:
    """The typed path with the name of the first folder that begins so, and a slash; None for none."""
    around, slash, beginning = typed.rpartition("/")
    folder = typed_path(f"{around}{slash}" or ".")
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    except OSError:
        return None
    fitting = (name for name in names if name.startswith(beginning) and beginning)
    name = next(fitting, None)
    return f"{around}{slash}{name}/" if name else None
