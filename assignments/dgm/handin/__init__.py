"""Check an assignment's notebooks and pack them into the archive that students hand in.

`collect_submission.sh` and `python -m dgm.handin` are the command line; `collect` is for a notebook
cell. Standard library only, Python 3.8 or later.
"""

from __future__ import annotations

from dgm.handin.errors import HandInError
from dgm.handin.start import collect, main

__all__ = ["HandInError", "collect", "main"]
