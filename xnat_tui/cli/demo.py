"""`xnat-tui demo`: a server of one's own with sample data, and the screens on it."""

from __future__ import annotations

import errno
import json
import os
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xnat_tui.cli import exit_codes
from xnat_tui.cli.talk import fail, say

if TYPE_CHECKING:
    from xnat_tui.demo.folder import DemoFolder


def run_demo(options: Namespace) -> int:
    """Run the command and return its exit status."""
    from xnat_tui.demo.folder import DemoFolder, FolderError
    from xnat_tui.demo.launch import LaunchError

    folder = DemoFolder((options.data or _default_folder()).absolute())
    try:
        folder.check()
        return _serve(folder, options) if options.serve else _open(folder, options)
    except ModuleNotFoundError as error:
        return fail(f"The demo needs {error.name}: install xnat-tui with its extra `demo`.")
    except (FolderError, LaunchError) as error:
        return fail(str(error))
    except ValueError as error:
        return fail(str(error), exit_codes.USAGE)
    except OSError as error:
        return fail(_explain(error, options))


def _default_folder() -> Path:
    from xnat_tui.core.paths import cache_dir

    return cache_dir() / "demo"


def _explain(error: OSError, options: Namespace) -> str:
    if error.errno == errno.EADDRINUSE:
        ports = " or ".join(str(port) for port in (options.port, options.dicom_port) if port)
        return f"Port {ports} is in use. Name another with --port or --dicom-port, or none for a free one."
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)


def _sizes(options: Namespace) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """What --scale and --bulk say; raises ValueError where they make no sense."""
    from xnat_tui.demo.scale import parse_bulk, parse_scale

    return (
        parse_scale(options.scale) if options.scale else None,
        parse_bulk(options.bulk) if options.bulk else None,
    )


def _serve(folder: DemoFolder, options: Namespace) -> int:
    """Serve in the foreground; stdout carries the ready line and nothing else."""
    from xnat_tui.demo.foreground import ServeOptions, serve

    scale, bulk = _sizes(options)
    choices = ServeOptions(
        folder.root,
        port=options.port,
        dicom_port=options.dicom_port,
        scale=scale,
        bulk=bulk,
        while_used=options.while_used,
    )
    serve(choices, lambda ready: print(json.dumps(ready), flush=True))
    return exit_codes.OK


def _open(folder: DemoFolder, options: Namespace) -> int:
    """Find or start the server, and open the screens on it; it stays while anybody uses it."""
    from xnat_tui.demo import presence
    from xnat_tui.demo.people import ADMIN

    _sizes(options)
    using = presence.use(folder.root)
    try:
        ready = _server(folder, options)
        return _browse(folder, str(ready["url"]), ADMIN.login, ADMIN.password, options)
    finally:
        using.release()


def _server(folder: DemoFolder, options: Namespace) -> dict[str, Any]:
    """The ready line of the server that runs on the folder, started if there is none."""
    from xnat_tui.demo import launch

    names = ("port", "dicom_port", "scale", "bulk")
    wishes = {f"--{name.replace('_', '-')}": value for name in names if (value := getattr(options, name))}
    ready = launch.running(folder)
    if ready is not None:
        if wishes:
            say(f"A demo server already runs on {folder.root}: {', '.join(wishes)} had no effect.")
        return ready
    if not folder.filled:
        say("Making the sample data; this happens once and takes some seconds.")
    return launch.start(folder, [f"{option}={value}" for option, value in wishes.items()])


def _browse(folder: DemoFolder, url: str, user: str, password: str, options: Namespace) -> int:
    """Open the screens with configuration and state of the demo's own, never the user's."""
    os.environ["XNAT_TUI_CONFIG_DIR"] = str(folder.config)
    os.environ["XNAT_TUI_STATE_DIR"] = str(folder.state)
    from xnat_tui.app.keymap import check_keymap
    from xnat_tui.cli.browse import open_screens
    from xnat_tui.core.config import load_config, save_profile
    from xnat_tui.core.credential import Credential
    from xnat_tui.core.settings import Profile

    save_profile("demo", Profile(url=url, username=user), make_default=True)
    config = load_config(check_keymap=check_keymap)
    credential = Credential(user, password, source="the demo")
    return open_screens(config, config.profiles["demo"], credential, options)
