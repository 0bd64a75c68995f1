"""An XNAT-like server on loopback, to try xnat-tui on and to test it against.

It shares no code with the client, so that both sides cannot be wrong in the same way.
"""
