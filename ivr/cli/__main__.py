"""`python -m ivr.cli` is the command `ivr`."""

import sys

from ivr.cli import main

sys.exit(main())
