"""Writes a table of the archive to a file, as CSV or JSON. No Textual.

Values are written as the server gave them, not as the screen shows them: sizes are bytes, dates are not cut.
A cell that begins with "=", "+", "-" or "@" stays what it is; a spreadsheet has to be told that it is text.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import msgspec

from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.core.exceptions import InvalidValueError


class Format(StrEnum):
    """How a table is written; the value is the end of the file's name."""

    CSV = "csv"
    JSON = "json"


Record = Mapping[str, object]
"""One thing: XNAT's names of its columns with their values."""


def records(refs: Sequence[NodeRef]) -> list[dict[str, object]]:
    """The things as rows: what they are, what they lie in, then all that their listing said."""
    return [_record(ref) for ref in refs]


def _record(ref: NodeRef) -> dict[str, object]:
    record: dict[str, object] = {"kind": ref.kind.value, "id": ref.id, "label": ref.label}
    for around in ref.lineage()[:-1]:
        record[f"{around.kind}_id"] = around.id
        if around.kind is not Kind.PROJECT:
            record[f"{around.kind}_label"] = around.label
    known = {name.casefold() for name in record}
    return {
        **record,
        **{name: value for name, value in _told(ref.row).items() if name.casefold() not in known},
    }


def _told(row: Any) -> dict[str, object]:
    """What a listing said of a thing, by XNAT's names where it is a row, by ours where it is a model."""
    if isinstance(row, msgspec.Struct):
        fields = msgspec.structs.fields(row)
        return {field.encode_name: getattr(row, field.name) for field in fields if field.name[0] != "_"}
    if hasattr(row, "model_dump"):
        dumped: dict[str, object] = row.model_dump(mode="json", exclude={"raw"})
        return dumped
    return {}


def default_name(refs: Sequence[NodeRef], form: Format) -> str:
    """A name for the file that says what is in it, of letters that every file system takes."""
    kinds = {ref.kind for ref in refs}
    what = next(iter(kinds)).plural if len(kinds) == 1 else "things"
    arounds = {ref.parent.label if ref.parent else "" for ref in refs}
    around = next(iter(arounds)) if len(arounds) == 1 else ""
    words = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in around)[:60]
    return f"{words}_{what}.{form}" if words.strip("_") else f"{what}.{form}"


def export(rows: Sequence[Record], path: Path, form: Format, *, replace: bool = False) -> None:
    """Write rows to a file: whole under another name first, then in its place.

    Args:
        rows: what to write.
        path: the file; its folder must exist.
        form: how.
        replace: consent to replace a file that exists.

    Raises:
        InvalidValueError: the file exists and may not be replaced, or it cannot be written.
    """
    try:
        if path.is_dir():
            raise InvalidValueError(f"{path} is a folder; add the name of a file.")
        if not path.parent.is_dir():
            raise InvalidValueError(f"There is no folder {path.parent}.")
        _write(rows, path, form, replace=replace)
    except FileExistsError:
        raise InvalidValueError(f"{path} exists already.") from None
    except OSError as error:
        raise InvalidValueError(f"{path} cannot be written: {error.strerror or error}.") from error


def _write(rows: Sequence[Record], path: Path, form: Format, *, replace: bool) -> None:
    if path.exists() and not replace:
        raise FileExistsError
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", errors="replace", newline="") as file:
            (_write_csv if form is Format.CSV else _write_json)(rows, file)
        if not replace:
            path.touch(exist_ok=False)  # it may have come meanwhile
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_csv(rows: Sequence[Record], file: IO[str]) -> None:
    writer = csv.DictWriter(file, list(_names(rows)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _names(rows: Sequence[Record]) -> Iterator[str]:
    """All columns that any row has, in the order in which they come."""
    return iter(dict.fromkeys(name for row in rows for name in row))


def _cell(value: object) -> object:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _write_json(rows: Sequence[Record], file: IO[str]) -> None:
    json.dump(list(rows), file, ensure_ascii=False, indent=1)
    file.write("\n")
