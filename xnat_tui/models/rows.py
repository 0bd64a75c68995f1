"""Rows of listings as structs of texts, which 100 000 rows are parsed into fast. Single objects are models.

Every cell of XNAT's tables is a text, "" for NULL. `columns_of` names the columns that a row has use for.
"""

from __future__ import annotations

import msgspec


class ListingRow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What all rows have in common: texts, and "" for what the answer does not carry."""


class _IdentifiedRow(ListingRow, frozen=True, gc=False):
    """A row with an id, which some servers spell "id" and most "ID"."""

    id: str = msgspec.field(default="", name="ID")
    _lower_id: str = msgspec.field(default="", name="id")

    def __post_init__(self) -> None:
        if self._lower_id and not self.id:
            msgspec.structs.force_setattr(self, "id", self._lower_id)


class ProjectRow(_IdentifiedRow, frozen=True, gc=False):
    """A project in a listing; `name` is what XNAT's pages call its title."""

    name: str = ""
    secondary_id: str = msgspec.field(default="", name="secondary_ID")
    description: str = ""
    pi_firstname: str = ""
    pi_lastname: str = ""


class MemberRow(ListingRow, frozen=True, gc=False):
    """A user in a project's listing of users.

    Attributes:
        group_id: the group that gives him his rights, "BRAINS_owner".
        group_name: what XNAT's pages call it, "Owners".
    """

    group_id: str = msgspec.field(default="", name="GROUP_ID")
    group_name: str = msgspec.field(default="", name="displayname")
    login: str = ""
    firstname: str = ""
    lastname: str = ""
    email: str = ""


class SubjectRow(_IdentifiedRow, frozen=True, gc=False):
    """A subject in a project's listing.

    Attributes:
        label: its label in the listed project, also where it is shared in.
        project: the owning project; another than the listed one for a subject that is shared in.
    """

    label: str = ""
    project: str = ""
    group: str = ""
    gender: str = ""
    yob: str = ""
    handedness: str = ""
    insert_date: str = ""
    insert_user: str = ""


class ExperimentRow(_IdentifiedRow, frozen=True, gc=False):
    """An experiment (imaging session, assessor) in a listing.

    Attributes:
        project: the listed project, also where it is shared in.
        session_id: accession id of the session that an image assessor belongs to, "" for all others.
    """

    label: str = ""
    project: str = ""
    date: str = ""
    xsi_type: str = msgspec.field(default="", name="xsiType")
    subject_id: str = msgspec.field(default="", name="subject_ID")
    subject_label: str = ""
    session_id: str = msgspec.field(default="", name="session_ID")
    insert_date: str = ""
    insert_user: str = ""


class ScanRow(_IdentifiedRow, frozen=True, gc=False):
    """A scan in a session's listing; its id is a text such as "2" or "2-MR1"."""

    type: str = ""
    quality: str = ""
    xsi_type: str = msgspec.field(default="", name="xsiType")
    note: str = ""
    series_description: str = ""
    frames: str = ""
    uid: str = msgspec.field(default="", name="UID")


class ResourceRow(ListingRow, frozen=True, gc=False):
    """A resource in a listing.

    Attributes:
        id: the server's number of the resource.
        label: "" for the rare resource that has none.
        category: "resources", "scans", "assessors" or "reconstructions": whose resource it is.
        cat_id: the scan's or assessor's id, where category is about one.
        cat_desc: the scan's type.
        file_count: "" when the server never counted.
        file_size: total of all files in bytes, "" when never counted.
    """

    id: str = msgspec.field(default="", name="xnat_abstractresource_id")
    label: str = ""
    element_name: str = ""
    category: str = ""
    cat_id: str = ""
    cat_desc: str = ""
    file_count: str = ""
    file_size: str = ""
    tags: str = ""
    content: str = ""
    format: str = ""


class FileRow(ListingRow, frozen=True, gc=False):
    """A file in a resource's listing.

    Attributes:
        name: last part of the file's path.
        size: bytes, "" when unknown.
        uri: path of the file below the server's context path, not percent-encoded.
        collection: label of the resource.
        cat_id: the server's number of the resource.
        digest: MD5 in hexadecimal digits, "" when the server has none.
    """

    name: str = msgspec.field(default="", name="Name")
    size: str = msgspec.field(default="", name="Size")
    uri: str = msgspec.field(default="", name="URI")
    collection: str = ""
    file_tags: str = ""
    file_format: str = ""
    file_content: str = ""
    cat_id: str = msgspec.field(default="", name="cat_ID")
    digest: str = ""

    @property
    def path(self) -> str:
        """Path of the file inside its resource, with its folders."""
        return path_in_resource(self.uri) or self.name


def path_in_resource(uri: str) -> str:
    """Return what follows "/resources/{R}/files/" in a file's URI; "" when it has no such part."""
    _, _, below = uri.partition("/resources/")
    _, _, path = below.partition("/files/")
    return path


def columns_of(row_type: type[ListingRow], *, without: tuple[str, ...] = ()) -> str:
    """Return the value of a listing's `columns` parameter: XNAT's names of what `row_type` holds.

    Args:
        row_type: the rows wanted.
        without: names of columns that the listing does not know.
    """
    names = (field.encode_name for field in msgspec.structs.fields(row_type))
    return ",".join(name for name in names if name != "id" and name not in without)
