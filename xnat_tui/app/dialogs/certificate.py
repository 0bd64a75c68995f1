"""Why a server's certificate is not trusted, what it says, and the one thing that can be done about it."""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Label, Static

from xnat_tui.app.loader import Loader
from xnat_tui.app.text import visible
from xnat_tui.core.certificate import Certificate, fetch_certificate
from xnat_tui.core.exceptions import CertificateError, XnatTuiError


class PathSuggester(Suggester):
    """Completes the path of a file, as a shell does."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first file or folder that begins like this."""
        folder, begun = os.path.split(value)
        if not folder:
            return None
        try:
            with os.scandir(os.path.expanduser(folder)) as entries:
                found = min((entry for entry in entries if entry.name.startswith(begun)), key=_by_name)
                ending = os.sep if found.is_dir() else ""
        except (OSError, ValueError):
            return None
        return os.path.join(folder, found.name) + ending


class CertificateDialog(ModalScreen[str | None]):
    """Ends with the file of an authority to trust, or with None. Never with trusting blindly."""

    AUTO_FOCUS = "#ca-file"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "cancel", show=False),
        Binding("tab", "complete", "complete", show=False),
    ]

    @dataclass
    class Seen(Message):
        """What the server shows, or why that cannot be told."""

        certificate: Certificate | XnatTuiError

    def __init__(self, base_url: str, error: CertificateError, loader: Loader) -> None:
        """Prepare the dialog.

        Args:
            base_url: the server.
            error: why it is not trusted.
            loader: fetches the certificate for a look.
        """
        super().__init__(id="certificate")
        self._base_url = base_url
        self._error = error
        self._loader = loader

    def compose(self) -> ComposeResult:
        """The reason, the facts, and room for a path."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "This server's certificate is not trusted"
            dialog.border_subtitle = "Enter trusts that authority · Esc cancels"
            yield Static(visible(self._error.message), markup=False, id="certificate-reason")
            yield Static("asking the server for it…", markup=False, id="certificate-facts")
            yield Static(_ADVICE, markup=False, id="certificate-advice")
            yield Label("File of the authority (PEM)")
            yield Input(
                placeholder="~/certificates/our-authority.pem",
                id="ca-file",
                compact=True,
                suggester=PathSuggester(),
            )
            yield Static(markup=False, classes="refusal", id="ca-file-refusal")

    def on_mount(self) -> None:
        """Fetch the certificate for a look."""
        self._loader.wish(
            "certificate",
            lambda: fetch_certificate(self._base_url),
            lambda certificate: self.post_message(self.Seen(certificate)),
            lambda error: self.post_message(self.Seen(error)),
        )

    def on_certificate_dialog_seen(self, message: Seen) -> None:
        """Show what came."""
        seen = message.certificate
        facts = _facts(seen) if isinstance(seen, Certificate) else seen.message
        self.query_one("#certificate-facts", Static).update(facts)

    def action_complete(self) -> None:
        """Take the suggested path."""
        self.query_one("#ca-file", Input).action_cursor_right()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the file if it holds a certificate."""
        file = Path(os.path.expanduser(message.value.strip()))
        refusal = _refusal(file) if message.value.strip() else "Type the path of a file, or press Esc."
        if refusal:
            self.query_one("#ca-file-refusal", Static).update(visible(refusal))
        else:
            self.dismiss(str(file.absolute()))


_ADVICE = (
    "Trust it only if whoever runs the server confirms this fingerprint. Institutions often have an "
    "authority of their own: ask for its file and name it here. A profile keeps it."
)


def _facts(certificate: Certificate) -> str:
    day = "%Y-%m-%d %H:%M UTC"
    digits = certificate.sha256
    lines = (
        ("for", certificate.subject or "nobody named"),
        ("hosts", ", ".join(certificate.names) or "none named"),
        ("issued by", certificate.issuer or "nobody named"),
        ("valid", f"{certificate.valid_from:{day}} to {certificate.valid_until:{day}}"),
        ("SHA-256", digits[: len(digits) // 2]),
        ("", digits[len(digits) // 2 + 1 :]),
    )
    return "\n".join(f"{name:<10}{visible(value, 200)}" for name, value in lines)


def _refusal(file: Path) -> str:
    """Why the file cannot be used, "" when it can."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except ssl.SSLError:
        return "This file holds no certificate in PEM form."
    except OSError as error:
        return f"This file cannot be read: {error.strerror}."
    return ""


def _by_name(entry: os.DirEntry[str]) -> str:
    return entry.name
