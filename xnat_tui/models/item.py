"""XNAT's "items" document: one object with typed fields and groups of children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One object of an items document.

    Attributes:
        fields: the object's fields by their path in XNAT's schema ("scanner/manufacturer"), typed as the
            server sent them. What is NULL on the server is absent; keys may come twice in two spellings.
        meta: facts about the record itself, such as "xsi:type".
        children: groups of objects below this one, by their path ("scans/scan").
    """

    fields: Mapping[str, Any]
    meta: Mapping[str, Any]
    children: Mapping[str, tuple[Item, ...]]

    @classmethod
    def from_envelope(cls, document: Any) -> Item:
        """Return the object that an answer {"items": [...]} is about.

        With history, older versions follow the object; they are left out.

        Raises:
            ValueError: the document holds no object.
        """
        items = document.get("items") if isinstance(document, Mapping) else None
        if not isinstance(items, list) or not items or not isinstance(items[0], Mapping):
            raise ValueError("the answer holds no item")
        return cls._read(items[0])

    @classmethod
    def _read(cls, raw: Mapping[str, Any]) -> Item:
        groups: dict[str, tuple[Item, ...]] = {}
        for group in raw.get("children") or ():
            items = tuple(
                cls._read(child) for child in group.get("items") or () if isinstance(child, Mapping)
            )
            groups[str(group.get("field", ""))] = items
        return cls(raw.get("data_fields") or {}, raw.get("meta") or {}, groups)

    @property
    def xsi_type(self) -> str:
        """XNAT's type of the object, "xnat:mrSessionData"; "" when the server does not say."""
        return str(self.meta.get("xsi:type", ""))

    def field(self, *names: str) -> Any:
        """Return the first of these fields that is there, None when none is; the case of names is ignored."""
        known = {name.casefold(): value for name, value in self.fields.items()}
        return next((known[name.casefold()] for name in names if name.casefold() in known), None)

    def text(self, *names: str) -> str:
        """Return the first of these fields that is there as text, "" when none is."""
        value = self.field(*names)
        return "" if value is None else str(value)

    def group(self, name: str) -> tuple[Item, ...]:
        """Return the children in a group such as "scans/scan"; () when there are none."""
        wanted = name.casefold()
        return next((items for field, items in self.children.items() if field.casefold() == wanted), ())
