"""So that `python -m dtmf.cli` is the command `dtmf`."""

import sys

from dtmf.cli import main

if __name__ == "__main__":
    sys.exit(main())
