"""What an XNAT server can do, for scripts and screens: synchronous, one service for each kind of object."""
