"""Sending files to a server, and proving what it holds afterwards."""
