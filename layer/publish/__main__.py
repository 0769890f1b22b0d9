"""python layer/publish: a program sees its own folder only, and has no package to be relative to."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from layer.publish import main  # found by the line before

main()
