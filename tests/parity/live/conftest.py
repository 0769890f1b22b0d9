"""These tests need Node.js and its packages: `make test-parity` installs them and sets PARITY_LIVE."""

import os

collect_ignore = [] if os.environ.get("PARITY_LIVE") else ["test_live.py"]
