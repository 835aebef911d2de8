"""Which file of a submission is which of the course's notebooks, where their names differ.

The only look-alike is taken, with a note; where there are several, or a file that is no notebook, a
person decides: nobody gets 0 for a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from dgm.handin.look_alikes import is_notebook, look_alikes

from autograder.intake.untrusted_text import listing

OTHER_KINDS = (".py", ".html", ".pdf", ".docx", ".md", ".zip")
_MARKER = re.compile(rb"(?:#|<!--)[ \t]*question:[ \t]*([a-z][a-z0-9_]*)")
_GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"([a-z][a-z0-9_]*)"')


@dataclass
class Choices:
    """taken: the file of each notebook (`lab`); also: others that may be it, if the first is blank;
    unclear: why a person has to find out; notes: what a reader should know.
    """

    taken: dict[str, str] = field(default_factory=dict)
    also: dict[str, list[str]] = field(default_factory=dict)
    unclear: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def choose_files(
    files: Collection[str],
    questions: dict[str, set[str]],
    read: Callable[[str], bytes],
) -> Choices:
    """Which of the files (below the submission's folder) is which notebook.

    questions: by notebook, the names of its questions. read: the beginning of a file.
    """
    made = Choices()
    top = [name for name in files if "/" not in name]
    exact = {name.casefold(): name for name in top}
    for notebook in questions:
        alike = look_alikes(notebook, top)
        alike = [one for one in alike if not _other(one, notebook, questions)]
        if file := exact.get(f"{notebook}.ipynb".casefold()):
            made.taken[notebook] = file
            made.also[notebook] = alike
        else:
            _settle(made, notebook, alike, "may be it")
    _by_content(made, top, questions, read)
    for notebook in questions:
        if notebook in made.taken or notebook in made.unclear:
            continue
        kinds = [name for name in top if _is_of_other_kind(name, notebook)]
        if kinds:
            made.unclear[notebook] = (
                f"{notebook}.ipynb is missing, and {listing(kinds)} is not a notebook. Ask for the "
                "notebook"
            )
    return made


def _settle(made: Choices, notebook: str, candidates: list[str], why: str, how: str = "") -> None:
    """Take the only candidate for a notebook that is missing; several wait. why: what several of
    them do; how: the end of the note on the one that is taken.
    """
    if len(candidates) == 1:
        made.taken[notebook] = candidates[0]
        made.notes.append(f"{listing(candidates)} was taken for {notebook}.ipynb{how}.")
    elif candidates:
        made.unclear[notebook] = (
            f"{notebook}.ipynb is missing, and {listing(candidates)} {why}. Find out which is "
            "meant, and rename it"
        )


def _other(file: str, notebook: str, questions: Collection[str]) -> bool:
    """Is it rather another notebook of the course, by a longer name?"""
    longer = [one for one in questions if one != notebook and notebook in one]
    return any(look_alikes(one, [file]) or file == f"{one}.ipynb" for one in longer)


def _is_of_other_kind(name: str, notebook: str) -> bool:
    stem, dot, suffix = name.rpartition(".")
    return f"{dot}{suffix}".lower() in OTHER_KINDS and bool(
        look_alikes(notebook, [f"{stem}.ipynb", f"{stem} .ipynb"]) or stem.lower() == notebook
    )


def _by_content(
    made: Choices,
    files: Collection[str],
    questions: dict[str, set[str]],
    read: Callable[[str], bytes],
) -> None:
    """Notebooks of any name, by the questions that their cells name."""
    missing = [one for one in questions if one not in made.taken and one not in made.unclear]
    used = set(made.taken.values())
    left = [name for name in files if is_notebook(name) and name not in used]
    if not missing or not left:
        return
    named = {name: _questions_in(read(name)) for name in left}
    for notebook in missing:
        fits = sorted(name for name in left if named[name] & questions[notebook])
        _settle(made, notebook, fits, "have its cells", ", by its cells")


def _questions_in(data: bytes) -> set[str]:
    found = {*_MARKER.findall(data), *_GRADE_ID.findall(data)}
    return {name.decode() for name in found}
