"""What the exit status of `xnat-tui` means; the README's table says the same."""

OK = 0
FAILED = 1  # it was tried and failed, or a check of `doctor` is not ok
USAGE = 2  # wrong arguments, or a broken configuration file
REFUSED = 4  # the server does not accept the log-in
UNREACHABLE = 5  # no XNAT server answers at that address
INTERRUPTED = 130  # Ctrl+C
