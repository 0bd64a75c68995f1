"""What the palette offers: actions, everything seen, places visited, themes. Server text is never markup."""
