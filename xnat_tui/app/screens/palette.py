"""The palette: Textual's own, which must not break when a key comes before its list is laid out."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Finds actions, places and themes."""

    def __init__(self) -> None:
        """Prepare it; it asks the app's providers when it is shown."""
        super().__init__(placeholder="an action, a label, an id, a theme")

    def _action_command_list(self, action: str) -> None:
        # Textual 8.2 looks up the line of the highlighted row, which a list without height does not have.
        if "page" not in action or self.query_one(CommandList).scrollable_content_region.height:
            super()._action_command_list(action)
