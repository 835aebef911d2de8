"""Every attack there is, from all modules of this folder that hold some."""

from __future__ import annotations

import importlib
from collections import Counter
from dataclasses import replace
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


WAIT = {
    *("zip_two_folders", "zip_size_told_small_with_its_crc", "notebook_not_json"),
    *("notebook_empty", "notebook_a_list", "notebook_no_cells", "notebook_cells_is_text"),
    *("notebook_deep", "notebook_deep_metadata", "notebook_million_lists", "notebook_latin_1"),
    *("notebook_cut_off", "notebook_huge"),
}
"""Attacks whose notebook nobody can read, or tell from another: it waits for manual review."""
READ = {
    *("zip_tar_named_zip", "zip_targz_named_zip", "zip_wide_letters", "zip_too_deep"),
    "notebook_outputs_50_mb",
}
"""Odd archives and notebooks that are read all the same."""


def _with_outcome(attack: Attack) -> Attack:
    if attack.name in WAIT:
        return replace(attack, outcome="ungraded")
    return replace(attack, outcome="graded") if attack.name in READ else attack


@cache
def catalogue() -> tuple[Attack, ...]:
    """All attacks, in the order of their modules. Raises ValueError when two have one name."""
    here = Path(__file__).parent
    modules = [file.stem for file in sorted(here.glob("code_*.py"))] + [
        name for name in FILES if (here / f"{name}.py").is_file()
    ]
    found = [
        _with_outcome(attack)
        for name in modules
        for attack in importlib.import_module(f"tests.hostile.{name}").ATTACKS
    ]
    if twice := [
        name for name, count in Counter(attack.name for attack in found).items() if count > 1
    ]:
        raise ValueError(f"two attacks have one name: {', '.join(twice)}")
    return tuple(found)
