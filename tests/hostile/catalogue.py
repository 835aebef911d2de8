"""Every attack there is, from all modules of this folder that hold some."""

from __future__ import annotations

import importlib
from collections import Counter
from functools import cache
from pathlib import Path

from tests.hostile.attack import Attack

FILES = ("archives", "notebooks", "names", "artifacts")
"""Modules of attacks by files; those by code are the `code_*` modules."""


FILE_FAMILIES_STEP = 4


def sample() -> tuple[Attack, ...]:
    """For `make test`: every attack by code, and every fourth by files. test_static.py opens and
    aligns the files of all.
    """
    by_file = [
        attack
        for name in FILES
        for attack in importlib.import_module(f"tests.hostile.{name}").ATTACKS
    ]
    names = {attack.name for attack in by_file}
    return (
        *(attack for attack in catalogue() if attack.name not in names),
        *by_file[::FILE_FAMILIES_STEP],
    )


@cache
def catalogue() -> tuple[Attack, ...]:
    """All attacks, in the order of their modules. Raises ValueError when two have one name."""
    here = Path(__file__).parent
    modules = [file.stem for file in sorted(here.glob("code_*.py"))] + [
        name for name in FILES if (here / f"{name}.py").is_file()
    ]
    found = [
        attack
        for name in modules
        for attack in importlib.import_module(f"tests.hostile.{name}").ATTACKS
    ]
    if twice := [
        name for name, count in Counter(attack.name for attack in found).items() if count > 1
    ]:
        raise ValueError(f"two attacks have one name: {', '.join(twice)}")
    return tuple(found)
