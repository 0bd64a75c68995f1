"""`python -m xnat_tui` is the same program as `xnat-tui`."""

import sys

from xnat_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
