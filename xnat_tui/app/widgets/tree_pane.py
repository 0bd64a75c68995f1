"""The left half of a place: holds the tree, as wide as somebody made it."""

from __future__ import annotations

from textual.containers import Vertical

_NARROWEST, _NARROWEST_OTHER = 30, 30


class TreePane(Vertical):
    """Has its share of the screen until somebody chooses a width; on narrow screens it is all there is.

    Attributes:
        own_width: the width chosen, in columns; None for the share.
    """

    def __init__(self, own_width: int | None = None) -> None:
        super().__init__(id="tree-pane")
        self.own_width = own_width

    def on_mount(self) -> None:
        """Take the remembered width."""
        self._apply()

    def on_resize(self) -> None:
        """The screen may have become narrow, or wide again."""
        self._apply()

    def widen(self, columns: int) -> None:
        """Make it wider, or narrower when `columns` is negative; both panes stay usable."""
        widest = self.screen.size.width - _NARROWEST_OTHER
        self.own_width = max(_NARROWEST, min(widest, self.outer_size.width + columns))
        self._apply()

    def _apply(self) -> None:
        is_own = self.own_width is not None and not self.screen.has_class("-narrow")
        self.styles.width = self.own_width if is_own else None
        self.styles.min_width = _NARROWEST if is_own else None
