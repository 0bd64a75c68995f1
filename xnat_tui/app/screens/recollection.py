"""What the archive screen takes from the memory of its profile when it opens, and gives back."""

from __future__ import annotations

from collections.abc import Mapping

from xnat_tui.app.archive.node import node_of
from xnat_tui.app.archive.nodes import Kind
from xnat_tui.app.archive.ordering import Order, sortable
from xnat_tui.app.archive.parts import Tab, TabChoice
from xnat_tui.app.memory import Memory, Place
from xnat_tui.app.widgets.nav_tree import NavTree


def recall_orders(memory: Memory) -> dict[Kind, Order]:
    """How the rows of each kind were sorted; what no longer exists is left out."""
    orders: dict[Kind, Order] = {}
    for kind in Kind:
        word = memory.sort.get(kind.value, "")
        order = Order(word.removeprefix("-"), word.startswith("-"))
        if kind is not Kind.SITE and order.column in sortable(kind):
            orders[kind] = order
    return orders


def recall_tab(memory: Memory) -> TabChoice:
    """The tab that the details showed."""
    known = memory.detail_tab in {tab.value for tab in Tab}
    return TabChoice(Tab(memory.detail_tab)) if known else TabChoice()


def note(memory: Memory, tree: NavTree, choice: TabChoice, tree_width: int | None) -> None:
    """Write down how the screen is now."""
    memory.tree_width = tree_width
    memory.is_wide = tree.is_wide
    memory.detail_tab = choice.tab.value
    memory.sort = _words(tree.model.orders)
    if tree.model.at_cursor is not None:
        ref = node_of(tree.model.at_cursor).ref
        memory.last = Place.of(ref) if ref.kind is not Kind.SITE else None


def _words(orders: Mapping[Kind, Order]) -> dict[str, str]:
    return {kind.value: ("-" if order.is_reversed else "") + order.column for kind, order in orders.items()}
