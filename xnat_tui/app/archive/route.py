"""The way down to one thing of the tree, step by step, as far as its levels are known."""

from __future__ import annotations

from xnat_tui.app.archive.node import Node, Phase
from xnat_tui.app.archive.nodes import Path
from xnat_tui.app.archive.tree_model import TreeModel
from xnat_tui.core.exceptions import ResourceNotFoundError


class Route:
    """Opens a chain of nodes from the top down.

    Attributes:
        at: how far it got.
    """

    def __init__(self, model: TreeModel, path: Path) -> None:
        """Begin at the top.

        Args:
            model: the tree.
            path: kinds with ids, or with labels where no id is known.
        """
        self._model = model
        self._left = [*path]
        self._listed_anew: Node | None = None
        self.at = model.root

    def go_on(self) -> Node | None:
        """Go down as far as levels are known.

        Returns:
            The node to load before it goes on; None at the end of the way.

        Raises:
            ResourceNotFoundError: a level that was just listed does not have the next step.
        """
        while self._left:
            kind, name = self._left[0]
            level = self.at.level
            if level is None or self.at.phase is not Phase.LOADED:
                self._listed_anew = self.at
                return self.at
            if (number := level.find_named(kind, name)) is None:
                if self._listed_anew is self.at:
                    raise ResourceNotFoundError(f"There is no {kind} {name!r} in {self._name()}.")
                self._listed_anew = self.at
                return self.at
            self.at = self.at.child(number)
            del self._left[0]
            if self._left:
                self._model.open(self.at)
        return None

    def _name(self) -> str:
        return f"{self.at.ref.kind} {self.at.ref.label}" if self.at.parent else "the list of projects"
