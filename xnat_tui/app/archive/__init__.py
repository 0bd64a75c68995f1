"""The archive as the screens see it: its things, rows, facts and details. Plain values; no Textual."""
