"""Notebooks under other names than the course gave them: which file may be which notebook.

The grader and the program that packs a submission both use these rules.
"""

from __future__ import annotations

import re
from typing import Iterable

_ENDING = re.compile(r"\.ipynb(?:\.txt|\.json)?\Z", re.IGNORECASE)
"""Browsers save `lab.ipynb` as `lab.ipynb.txt` or `lab.ipynb.json`."""


def is_notebook(name: str) -> bool:
    """By its name alone."""
    return bool(_ENDING.search(name))


def look_alikes(notebook: str, files: Iterable[str]) -> list[str]:
    """The files that may be the notebook (`lab`), sorted: its name is a word of theirs.

    `lab (1).ipynb`, `Copy of lab.ipynb`, `lab-Copy1.ipynb`, `lab_final_v2.ipynb`,
    `Ada_Lovelace_lab.ipynb`, `lab.ipynb.txt`; not `labels.ipynb`, nor `lab.ipynb` itself.
    """
    word = re.compile(rf"(?<![^\W_]){re.escape(notebook)}(?![^\W\d_])", re.IGNORECASE)
    return sorted(
        name
        for name in files
        if is_notebook(name)
        and name.lower() != f"{notebook}.ipynb".lower()
        and word.search(_ENDING.sub("", name))
    )
