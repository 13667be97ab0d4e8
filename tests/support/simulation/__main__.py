"""`python -m support.simulation`."""

from __future__ import annotations

import sys

from support.simulation.long_form import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
