"""What the site says of itself: version, configuration, up-time and plug-ins."""

from __future__ import annotations

import time
from typing import Any

from starlette.responses import Response

from xnat_tui.demo import answers
from xnat_tui.demo.calls import Call
from xnat_tui.demo.refusal import Refusal
from xnat_tui.demo.router import Route, page

BUILD = {
    "version": "1.9.2.1",
    "buildNumber": "1",
    "buildDate": "Mon Jan 05 12:00:00 UTC 2026",
    "sha": "0000000000",
    "shaFull": "0000000000000000000000000000000000000000",
    "isDirty": "false",
    "commit": "0",
    "branch": "demo",
    "tag": "1.9.2.1",
    "timestamp": "1767614400000",
}
"""The release that the demo server plays; all values are texts, as on a real server."""

PLUGINS = {
    "ohifViewerPlugin": {
        "id": "ohifViewerPlugin",
        "name": "XNAT OHIF Viewer Plugin",
        "version": "3.7.1",
        "description": "Regions of interest that were drawn in the image viewer.",
        "pluginClass": "org.nrg.xnatx.ohifviewer.etc.OhifViewerPlugin",
        "beanName": "ohifViewerPlugin",
        "entityPackages": [],
        "dataModelBeans": [],
        "extendedAttributes": {},
    }
}
"""The plug-ins by id: the one whose types are in the data model. Any other plug-in's calls answer 404."""

_OPEN = ("siteId", "siteUrl", "siteHome", "siteLogoPath")
_ADMINS_ONLY = frozenset(
    {"adminEmail", "aliasTokenTimeout", "maxFailedLogins", "sessionXmlRebuilderInterval"}
)
_SECONDS = {"days": 86400, "hours": 3600, "minutes": 60}


def _preferences(call: Call) -> dict[str, Any]:
    """Return all preferences of the site, whoever may read them."""
    settings = call.demo.settings
    return {
        "siteId": "XNAT",
        "siteUrl": f"{call.url.scheme}://{call.url.netloc}{settings.context_path}",
        "siteHome": "/screens/QuickSearch.vm",
        "siteLogoPath": "/images/logo.png",
        "requireLogin": not settings.open_site,
        "sessionTimeout": f"{settings.session_timeout_s:g} seconds",
        "restrictUserListAccessToAdmins": False,
        "enableDicomReceiver": bool(call.demo.receivers),
        "uiDefaultCompressedUploaderImporter": "DICOM-zip",
        "preventCrossModalityMerge": False,
        "checksums": True,
        "zipCompressionMethod": "STORED",
        "adminEmail": "admin@demo.invalid",
        "aliasTokenTimeout": "2 days",
        "maxFailedLogins": 20,
        "sessionXmlRebuilderInterval": 5,
    }


def _readable(call: Call) -> dict[str, Any]:
    """Return the preferences that the caller may read."""
    preferences = _preferences(call)
    if call.user.admin:
        return preferences
    if call.user.is_guest:
        return {key: preferences[key] for key in _OPEN}
    return {key: value for key, value in preferences.items() if key not in _ADMINS_ONLY}


def show_configuration(call: Call) -> Response:
    """Answer with the preferences that the caller may read, as one object."""
    return answers.json(_readable(call))


def show_preference(call: Call) -> Response:
    """Answer with the bare JSON value of one preference.

    Raises:
        Refusal: 404 for an unknown name, 403 for one that the caller may not read.
    """
    name = call.part("name") or call.url.path.rpartition("/")[2]
    if name not in _preferences(call):
        raise Refusal(404, f"No site configuration property named {name}")
    readable = _readable(call)
    if name not in readable:
        raise Refusal(403)
    return answers.json(readable[name])


def show_preferences(call: Call) -> Response:
    """Answer with those of the named preferences (`a,b`) that exist and that the caller may read."""
    readable = _readable(call)
    return answers.json({name: readable[name] for name in call.part("names").split(",") if name in readable})


def show_build(call: Call) -> Response:
    """Answer with everything that is known of the release."""
    return answers.json(BUILD)


def show_build_part(call: Call) -> Response:
    """Answer with one fact of the release as bare text.

    Raises:
        Refusal: 404 for an unknown fact.
    """
    name = call.part("name")
    if name not in BUILD:
        raise Refusal(404, f"No build information named {name}")
    return answers.text(BUILD[name])


def show_build_attributes(call: Call) -> Response:
    """Answer with the additional facts of a build, of which there are none."""
    return answers.json({})


def show_uptime(call: Call) -> Response:
    """Answer with the time since the start in parts, all texts; larger units are left out while zero."""
    parts = _uptime(call)
    return answers.json({unit: value for unit, value in parts.items() if unit == "seconds" or value != "0"})


def show_uptime_text(call: Call) -> Response:
    """Answer with the time since the start as a sentence part."""
    parts = _uptime(call)
    return answers.text(", ".join(f"{value} {unit}" for unit, value in parts.items() if value != "0"))


def _uptime(call: Call) -> dict[str, str]:
    left_s = time.monotonic() - call.demo.started_s
    parts = {}
    for unit, length_s in _SECONDS.items():
        count, left_s = divmod(left_s, length_s)
        parts[unit] = str(int(count))
    return {**parts, "seconds": f"{left_s:.3f}"}


def list_plugins(call: Call) -> Response:
    """Answer with all plug-ins, keyed by id."""
    return answers.json(PLUGINS)


def show_plugin(call: Call) -> Response:
    """Answer with one plug-in.

    Raises:
        Refusal: 404 for one that is not installed.
    """
    name = call.part("name")
    if name not in PLUGINS:
        raise Refusal(404, f"No plugin with ID {name}")
    return answers.json(PLUGINS[name])


def routes() -> list[Route]:
    """Return the routes of this module."""
    config = "/xapi/siteConfig"
    open_names = [route for name in _OPEN for route in page(f"{config}/{name}", show_preference, open=True)]
    return [
        *open_names,
        *page(config, show_configuration),
        *page(f"{config}/values/{{names}}", show_preferences),
        *page(f"{config}/buildInfo", show_build, open=True),
        *page(f"{config}/buildInfo/attributes", show_build_attributes),
        *page(f"{config}/buildInfo/{{name}}", show_build_part, open=True),
        *page(f"{config}/uptime", show_uptime),
        *page(f"{config}/uptime/display", show_uptime_text),
        *page(f"{config}/{{name}}", show_preference),
        *page("/xapi/plugins", list_plugins),
        *page("/xapi/plugins/{name}", show_plugin),
    ]
