"""Trees of made-up things, for tests without a server."""

from __future__ import annotations

from xnat_tui.app.archive.level import Level
from xnat_tui.app.archive.node import Node, Notice
from xnat_tui.app.archive.nodes import Kind, NodeRef
from xnat_tui.app.archive.tree_model import TreeModel


def refs(parent: Node, kind: Kind, *ids: str) -> list[NodeRef]:
    return [NodeRef(kind, id, id, parent.ref) for id in ids]


def level(parent: Node, kind: Kind, *ids: str) -> Level:
    return Level(refs(parent, kind, *ids))


def tree_of(*projects: str) -> TreeModel:
    tree = TreeModel()
    tree.begin(tree.root)
    tree.fill(tree.root, level(tree.root, Kind.PROJECT, *projects))
    return tree


def shown(tree: TreeModel) -> list[str]:
    return [f"({row.node.ref.id})" if isinstance(row, Notice) else row.ref.id for row in tree.rows]


def node(tree: TreeModel, id: str) -> Node:
    return next(row for row in tree.rows if isinstance(row, Node) and row.ref.id == id)


def open_filled(tree: TreeModel, id: str, kind: Kind, *ids: str) -> Node:
    opened = node(tree, id)
    assert tree.open(opened)
    tree.begin(opened)
    tree.fill(opened, level(opened, kind, *ids))
    return opened
