"""The columns that a listing can show or filter: XNAT's short names and full XML paths, as SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from xnat_tui.demo.archive.types import extends, type_named

Kind = Literal["text", "date", "number"]
_CUSTOM = re.compile(r"fields/field(?:\[name=(?P<name>.+?)\](?:/field)?|/field)")


@dataclass(frozen=True)
class Column:
    """One column of a listing.

    Attributes:
        key: the key of its cells in the answer.
        sql: an expression whose question marks take `args`.
        args: values for the expression.
        type: the type that has this field; asking for it narrows a listing to that type.
        kind: how filter values are read.
    """

    key: str
    sql: str
    args: tuple[str, ...] = ()
    type: str = ""
    kind: Kind = "text"


@dataclass(frozen=True)
class Shortcut:
    """A short name for an XML path: its root type, the path below it, and where its value is stored."""

    type: str
    path: str
    sql: str = ""
    kind: Kind = "text"


class Shortcuts:
    """The short names of one kind of object.

    Args:
        names: shortcuts by name.
        store: SQL of the JSON object that holds fields without a column of their own.
        custom: SQL of the JSON object that holds custom variables; empty when there are none.
    """

    def __init__(self, names: dict[str, Shortcut], store: str, custom: str = "") -> None:
        self.names = names
        self._store = store
        self._custom = custom

    def column(self, name: str) -> Column | None:
        """Return the column of a shortcut or of a full path such as "xnat:mrSessionData/note".

        The key of a full path is its shortcut when it has one, else the path in lower case. Unknown
        shortcuts give None, for XNAT drops them silently.
        """
        if name in self.names:
            return self._of_shortcut(name)
        prefix, slash, path = name.partition("/")
        root = type_named(prefix) if ":" in prefix else ""
        if not (slash and root):
            return None
        for short, shortcut in self.names.items():
            if shortcut.path == path and (extends(root, shortcut.type) or extends(shortcut.type, root)):
                return self._of_shortcut(short)
        return self._of_path(name.lower(), root, re.sub(r"\[@xsi:type=[^\]]*\]", "", path))

    def _of_shortcut(self, name: str) -> Column:
        found = self.names[name]
        if found.sql:
            return Column(name, found.sql, (), found.type, found.kind)
        return Column(
            name, f"json_extract({self._store}, ?)", (_json_path(found.path),), found.type, found.kind
        )

    def _of_path(self, key: str, root: str, path: str) -> Column:
        custom = _CUSTOM.fullmatch(path)
        if custom and self._custom:
            variable = custom["name"] or ""
            return Column(key, f"json_extract({self._custom}, ?)", (_json_path(variable),), root)
        if path.startswith("scans/scan/"):
            return _scan_column(key, root, path.removeprefix("scans/scan/"))
        if path.startswith("demographics/"):
            path = path.removeprefix("demographics/")
            return Column(key, "json_extract(s.demographics, ?)", (_json_path(path),), root)
        return Column(key, f"json_extract({self._store}, ?)", (_json_path(path),), root)


def _scan_column(key: str, root: str, field: str) -> Column:
    """Return a column of the scans of a session: it multiplies the session's rows."""
    plain = {"ID": "id", "type": "type", "quality": "quality", "series_description": "series_description"}
    if field in plain:
        return Column(key, f"sc.{plain[field]}", (), root)
    return Column(key, "json_extract(sc.vals, ?)", (_json_path(field),), root)


def _json_path(field: str) -> str:
    quoted = field.replace('"', "")
    return f'$."{quoted}"'


def _subject_shortcuts() -> dict[str, Shortcut]:
    root = "xnat:subjectData"
    numbers = (
        *("yob", "age", "ses", "education", "weight", "height", "gestational_age"),
        *("post_menstrual_age", "birth_weight"),
    )
    texts = ("gender", "handedness", "educationDesc", "race", "ethnicity")
    found = {
        "ID": Shortcut(root, "ID", "s.id"),
        "project": Shortcut(root, "project", "s.project"),
        "label": Shortcut(root, "label", "v.label"),
        "group": Shortcut(root, "group", "s.grp"),
        "src": Shortcut(root, "src"),
        "pi_firstname": Shortcut(root, "investigator/firstname"),
        "pi_lastname": Shortcut(root, "investigator/lastname"),
        "insert_date": Shortcut(root, "meta/insert_date", "s.insert_date", "date"),
        "insert_user": Shortcut(root, "meta/insert_user", "s.insert_user"),
        "last_modified": Shortcut(root, "meta/last_modified", "s.last_modified", "date"),
    }
    for name in ("dob", *texts, *numbers):
        kind: Kind = "date" if name == "dob" else "number" if name in numbers else "text"
        stored = f"json_extract(s.demographics, '$.{name}')"
        path = f"demographics[@xsi:type=xnat:demographicData]/{name}"
        found[name] = Shortcut(root, path, stored, kind)
    return found


_SUBJECT_LABEL = (
    "coalesce((SELECT x.label FROM subject_shares x WHERE x.subject_id = sb.id AND x.project = v.project),"
    " sb.label)"
)
_TRACER = {
    "name": "name", "startTime": "startTime", "dose": "dose", "sa": "specificActivity",
    "totalmass": "totalMass", "intermediate": "intermediate", "isotope": "isotope",
    "transmissions": "transmissions", "transmissions_start": "transmissionsStarttime",
}  # fmt: skip


def _experiment_shortcuts() -> dict[str, Shortcut]:
    base, session = "xnat:experimentData", "xnat:imageSessionData"
    owned, derived = "xnat:subjectAssessorData", "xnat:imageAssessorData"
    found = {
        "ID": Shortcut(base, "ID", "e.id"),
        "project": Shortcut(base, "project", "v.project"),
        "label": Shortcut(base, "label", "v.label"),
        "date": Shortcut(base, "date", "e.date", "date"),
        "time": Shortcut(base, "time", "e.time"),
        "xsiType": Shortcut(base, "extension_item/element_name", "e.xsi_type"),
        "insert_date": Shortcut(base, "meta/insert_date", "e.insert_date", "date"),
        "insert_user": Shortcut(base, "meta/insert_user", "e.insert_user"),
        "last_modified": Shortcut(base, "meta/last_modified", "e.last_modified", "date"),
        "pi_firstname": Shortcut(base, "investigator/firstname"),
        "pi_lastname": Shortcut(base, "investigator/lastname"),
        "subject_ID": Shortcut(owned, "subject_ID", "sb.id"),
        "subject_label": Shortcut(owned, "subject/label", _SUBJECT_LABEL),
        "subject_project": Shortcut(owned, "subject/project", "sb.project"),
        "session_ID": Shortcut(derived, "imageSession_ID", "pe.id"),
        "session_label": Shortcut(derived, "imageSession/label", "pe.label"),
        "session_project": Shortcut(derived, "imageSession/project", "pe.project"),
        "studyInstanceUID": Shortcut(session, "UID"),
        "scan_start_time": Shortcut("xnat:petSessionData", "start_time_scan"),
        "injection_start_time": Shortcut("xnat:petSessionData", "start_time_injection"),
    }
    for name in ("visit_id", "visit", "protocol", "note"):
        found[name] = Shortcut(base, name)
    for name in ("method", "status", "date", "notes"):
        found[f"validation_{name}"] = Shortcut(base, f"validation/{name}")
    named = ("scanner", "operator", "dcmAccessionNumber", "dcmPatientId", "dcmPatientName")
    for name in (*named, "session_type", "modality", "UID"):
        found[name] = Shortcut(session, name)
    for name in ("coil", "fieldStrength", "marker", "stabilization"):
        found[name] = Shortcut("xnat:mrSessionData", name)
    for name in ("studyType", "patientID", "patientName"):
        found[name] = Shortcut("xnat:petSessionData", name)
    for name, path in _TRACER.items():
        found[f"tracer_{name}"] = Shortcut("xnat:petSessionData", f"tracer/{path}")
    return found


def _scan_shortcuts() -> dict[str, Shortcut]:
    base = "xnat:imageScanData"
    stored = ("type", "quality", "series_description", "note", "insert_date", "insert_user")
    found = {name: Shortcut(base, name, f"sc.{name}") for name in stored}
    found |= {
        "xnat_imagescandata_id": Shortcut(base, "xnat_imagescandata_id", "sc.pk"),
        "ID": Shortcut(base, "ID", "sc.id"),
        "xsiType": Shortcut(base, "extension_item/element_name", "sc.xsi_type"),
        "last_modified": Shortcut(base, "meta/last_modified", "sc.insert_date"),
        "scanTime": Shortcut(base, "startTime"),
    }
    for name in ("UID", "condition", "documentation", "scanner", "modality", "frames"):
        found[name] = Shortcut(base, name)
    for name in ("method", "status", "date", "notes"):
        found[f"validation_{name}"] = Shortcut(base, f"validation/{name}")
    for name in ("coil", "fieldStrength", "marker", "stabilization"):
        found[name] = Shortcut("xnat:mrScanData", name)
    return found


SUBJECT_COLUMNS = Shortcuts(_subject_shortcuts(), "s.vals", "s.fields")
EXPERIMENT_COLUMNS = Shortcuts(_experiment_shortcuts(), "e.vals", "e.fields")
SCAN_COLUMNS = Shortcuts(_scan_shortcuts(), "sc.vals")
READ_ONLY = frozenset(
    {
        *("subject_label", "subject_project", "session_ID", "session_label", "session_project"),
        *("insert_date", "insert_user", "last_modified", "xsiType", "xnat_imagescandata_id"),
    }
)


def schema_has(xsi_type: str, path: str) -> bool:
    """Tell whether objects of a type can have a field at an XML path, if there is a shortcut for it."""
    known = (
        *SUBJECT_COLUMNS.names.values(),
        *EXPERIMENT_COLUMNS.names.values(),
        *SCAN_COLUMNS.names.values(),
    )
    return any(extends(xsi_type, shortcut.type) and shortcut.path == path for shortcut in known)
