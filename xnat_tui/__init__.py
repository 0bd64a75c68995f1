"""xnat-tui: browse, review and move imaging data on an XNAT server from a terminal."""

__version__ = "0.1.0"
