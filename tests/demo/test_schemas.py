"""The schemas describe all that the demo server can store, for clients that build their classes from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from xnat_tui.demo.archive.types import TYPES, element_name
from xnat_tui.demo.schemas import NAMES, schema
from xnat_tui.demo.serve import DemoServer

XS = "{http://www.w3.org/2001/XMLSchema}"
EXTENSION = f"{XS}complexContent/{XS}extension"
# What a real server's items hold beside the fields of the schema: database keys, and who put them in when.
HIDDEN = ("id", "insert_date", "insert_user")


def read_schemas() -> Iterator[tuple[str, ElementTree.Element]]:
    """Prefix and document of each schema."""
    for name in NAMES:
        text = schema(name)
        assert text
        root = ElementTree.fromstring(text)
        yield root.attrib["targetNamespace"].rpartition("/")[2], root


@pytest.fixture(scope="module")
def types() -> dict[str, ElementTree.Element]:
    """All types by their qualified names."""
    return {
        f"{prefix}:{kind.attrib['name']}": kind
        for prefix, root in read_schemas()
        for kind in root.findall(f"{XS}complexType")
    }


def fields(types: dict[str, ElementTree.Element], name: str) -> set[str]:
    """Paths of everything that a type holds, inherited or its own."""

    def walk(node: ElementTree.Element, path: str) -> Iterator[str]:
        for child in node:
            below = f"{path}/{child.get('name')}".lstrip("/") if child.get("name") else path
            if child.get("name"):
                yield below
            if child.get("base") in types:
                yield from walk(types[child.attrib["base"]], path)
            yield from walk(child, below)

    return set(walk(types[name], ""))


def items_within(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An item and all below it."""
    yield item
    for group in item["children"]:
        for child in group["items"]:
            yield from items_within(child)


def test_every_type_that_can_be_stored_is_there(types: dict[str, ElementTree.Element]) -> None:
    for name, kind in TYPES.items():
        extension = types[name].find(EXTENSION)
        assert (extension.attrib["base"] if extension is not None else "") == kind.parent


def test_root_elements_have_the_names_that_items_bear_in_xml() -> None:
    elements = {
        f"{prefix}:{element.attrib['name']}".lower(): element.attrib["type"]
        for prefix, root in read_schemas()
        for element in root.findall(f"{XS}element[@type]")
    }
    abstract = {"xnat:imageSessionData", "xnat:imageScanData"}
    for name in {name for name in TYPES if name.endswith(("SessionData", "ScanData"))} - abstract:
        assert elements[element_name(name).lower()] == name


@pytest.mark.parametrize("kind", ["projects", "subjects", "experiments"])
def test_every_field_of_the_sample_is_there(
    demo: DemoServer, types: dict[str, ElementTree.Element], kind: str
) -> None:
    with httpx.Client(base_url=f"{demo.url}/data", auth=("admin", "admin")) as client:
        listed = client.get(f"/{kind}?columns=ID&format=json").json()["ResultSet"]["Result"]
        documents = [client.get(f"/{kind}/{row['ID']}?format=json").json() for row in listed]
    for item in (found for document in documents for found in items_within(document["items"][0])):
        name = item["meta"]["xsi:type"]
        if name in types:
            keys = {key for key in item["data_fields"] if key not in HIDDEN and not key.startswith("xnat_")}
            groups = {group["field"] for group in item["children"]}
            assert keys | groups <= fields(types, name), name


def test_a_schema_has_three_addresses(empty_demo: DemoServer) -> None:
    with httpx.Client(base_url=empty_demo.url, auth=("admin", "admin")) as client:
        assert client.get("/xapi/schemas").json() == list(NAMES)
        assert client.get("/xapi/schemas/datatypes").json() == sorted(TYPES)
        for name in NAMES:
            paths = (f"/xapi/schemas/{name}", f"/xapi/schemas/{name}/{name}", f"/schemas/{name}/{name}.xsd")
            assert {client.get(path).content for path in paths} == {schema(name)}
        assert client.get("/xapi/schemas/xnat").headers["content-type"].startswith("application/xml")
        assert client.get("/xapi/schemas/nonsense").status_code == 404
        assert client.get("/schemas/xdat/xnat.xsd").status_code == 404
