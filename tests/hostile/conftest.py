"""The catalogue imports itself as `tests.hostile`, from the checkout's top folder, under pytest as
by `python -m tests.hostile`.
"""

from __future__ import annotations

import sys
from pathlib import Path

if (root := str(Path(__file__).resolve().parents[2])) not in sys.path:
    sys.path.insert(0, root)
