"""What all models share: reading tables (texts, "" for NULL) and items (typed, NULL absent) alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from xnat_tui.models.item import Item
from xnat_tui.models.rows import ListingRow


def _read_text(value: object) -> str:
    return "" if value is None else str(value)


def _read_number(value: object) -> int | None:
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        return None


def _read_date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _read_moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


Text = Annotated[str, BeforeValidator(_read_text)]
"""A text; "" for NULL."""

Number = Annotated[int | None, BeforeValidator(_read_number)]
"""A whole number; None for NULL and for what is no number."""

Day = Annotated[date | None, BeforeValidator(_read_date)]
"""A calendar day; None for NULL and for what is no ISO date."""

Moment = Annotated[datetime | None, BeforeValidator(_read_moment)]
"""A moment in the server's local time, without a zone; None for NULL and for what is no timestamp."""


class XnatModel(BaseModel):
    """An object of an XNAT server as it was when read.

    Fields are found whatever the case of their names, because servers spell "ID" and "id". Aliases of fields
    are XNAT's names in lower case.

    Attributes:
        raw: everything that the server said, by XNAT's own names; also what has no attribute or could not be
            read as what it should be.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")

    raw: dict[str, Any] = Field(default_factory=dict, repr=False, exclude=True)

    @classmethod
    def from_row(cls, row: ListingRow | Mapping[str, Any]) -> Self:
        """Return the model of a row of a listing."""
        fields = msgspec.to_builtins(row) if isinstance(row, ListingRow) else dict(row)
        return cls.model_validate({**fields, "raw": {name: value for name, value in fields.items() if value}})

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """Return the model of a single object."""
        fields = {"xsiType": item.xsi_type, **item.fields, **cls._fields_below(item)}
        return cls.model_validate({**fields, **cls._facts_below(item), "raw": fields})

    @classmethod
    def _fields_below(cls, item: Item) -> Mapping[str, Any]:
        """Return XNAT's fields of the object that an item holds in a child of its own."""
        return {}

    @classmethod
    def _facts_below(cls, item: Item) -> dict[str, Any]:
        """Return fields of the model that follow from an item's children, such as their number."""
        return {}

    @model_validator(mode="before")
    @classmethod
    def _fold_names(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        folded: dict[str, Any] = {}
        for name, value in data.items():
            # A name in two spellings: the one that says something wins.
            if folded.get(name.casefold()) in (None, ""):
                folded[name.casefold()] = value
        return folded


def custom_variables_of(item: Item) -> dict[str, str]:
    """Return the custom variables of an object: its children "fields/field", each with a name and a value."""
    return {field.text("name"): field.text("field") for field in item.group("fields/field")}


def shares_of(item: Item) -> tuple[str, ...]:
    """Return the projects into which an object is shared."""
    return tuple(share.text("project") for share in item.group("sharing/share") if share.text("project"))
