"""The app on the demo server, and the app without any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from xnat_tui.app.app import AppOptions, XnatTuiApp
from xnat_tui.core.credential import Credential
from xnat_tui.core.settings import Config, Profile
from xnat_tui.demo.serve import DemoServer


@pytest.fixture
def app_for(demo: DemoServer) -> Callable[..., XnatTuiApp]:
    """Makes the app on the demo server, logged in as the administrator by default."""

    def app_for(credential: Credential | None = None, **options: Any) -> XnatTuiApp:
        profile = Profile(name="demo", url=demo.url, username="admin")
        return XnatTuiApp(
            Config(profiles={"demo": profile}),
            profile,
            credential=credential or Credential("admin", "admin"),
            options=AppOptions(**options),
        )

    return app_for


@pytest.fixture
def form_app() -> XnatTuiApp:
    """The app without any server: it opens the log-in form."""
    return XnatTuiApp(Config())
