"""Fetching files from a server, and proving that they are whole."""
