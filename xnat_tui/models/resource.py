"""Resources, which are named sets of files at any level of the hierarchy, and the files in them."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import BeforeValidator, Field

from xnat_tui.models.base import Number, Text, XnatModel
from xnat_tui.models.rows import FileRow, path_in_resource


def _read_tags(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(tag.strip() for tag in str(value or "").split(",") if tag.strip())


def _read_digest(value: object) -> str:
    digest = str(value or "").lower()
    return digest if re.fullmatch(r"[0-9a-f]{32}", digest) else ""


Tags = Annotated[tuple[str, ...], BeforeValidator(_read_tags)]
"""Tags; XNAT joins them with commas."""

Digest = Annotated[str, BeforeValidator(_read_digest)]
"""An MD5 in 32 hexadecimal digits; "" where the server has none."""


class Resource(XnatModel):
    """A resource.

    Attributes:
        id: the server's number of it, unique on the server.
        label: its name, unique below one parent; "" for the rare one without.
        format: such as "DICOM" or "NIFTI"; "" when nobody said.
        content: such as "RAW"; "" when nobody said.
        file_count: None when the server never counted.
        size_bytes: total of all files; None when the server never counted.
        category: whose resource it is: "resources" (of the place itself), "scans", "assessors" or
            "reconstructions".
        owner_id: id of the scan or assessor it belongs to, where `category` is about one.
    """

    id: Text = Field("", alias="xnat_abstractresource_id")
    label: Text = ""
    format: Text = ""
    content: Text = ""
    file_count: Number = None
    size_bytes: Number = Field(None, alias="file_size")
    category: Text = ""
    owner_id: Text = Field("", alias="cat_id")
    element_name: Text = ""
    tags: Tags = ()


class FileEntry(XnatModel):
    """A file in a resource.

    Attributes:
        name: last part of the path.
        path: path inside the resource, with its folders.
        size_bytes: None when unknown.
        digest: MD5 in hexadecimal digits, "" when the server has none.
        uri: path of the file below the server's context path, not percent-encoded.
        resource_label: label of the resource it is in.
        resource_id: the server's number of that resource.
    """

    name: Text = ""
    path: Text = ""
    size_bytes: Number = Field(None, alias="size")
    digest: Digest = ""
    uri: Text = ""
    resource_label: Text = Field("", alias="collection")
    resource_id: Text = Field("", alias="cat_id")
    format: Text = Field("", alias="file_format")
    content: Text = Field("", alias="file_content")
    tags: Tags = Field((), alias="file_tags")

    @classmethod
    def from_file(cls, row: FileRow) -> Self:
        """Return the entry of a row of a file listing."""
        entry = cls.from_row(row)
        return entry.model_copy(update={"path": path_in_resource(entry.uri) or entry.name})
