"""What the pages name is there: files, links, and the commands and options of `autograder`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from autograder.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *sorted(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")),
    *("benchmarks/README.md", "data/README.md"),
    *("autograder/skeleton/README.md", "autograder/release/kit_readme.md"),
]
FOLDERS = "autograder|assignments|benchmarks|data|docs|release|scripts|source|tests"
BASES = ["", "autograder", "assignments", "autograder/skeleton"]
"""A path is below the checkout, the grader (docs/modules.md), or a course."""
WORKED_EXAMPLE = "## A worked example: add a question"
"""Its files are written by the reader: test_authoring_example.py checks them."""
READERS_OWN = {"grading_cluster.py", "submission_metadata.yml"}

FILE = re.compile(
    r"(?<![\w/.:$~*-])((?:[\w.<>*-]+/)*(?:\w|<\w+>)[\w.<>*-]*\.(?:py|md|toml|sh|yml|svg))\b"
)
IN_A_FOLDER = re.compile(rf"`((?:{FOLDERS})/[\w./<>*-]*)`")
PLACEHOLDER = re.compile(r"<\w+>")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)")
COMMAND = re.compile(r"\bautograder ((?:[a-z]+)\b[^\n`#>|]*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
BARE_OPTION = re.compile(r"`(--[a-z][a-z-]+)[^`]*`")


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8").partition(WORKED_EXAMPLE)[0]


def exists(name: str, page: str) -> bool:
    """Whether a file or folder is there; `<slug>` stands for any name."""
    pattern = PLACEHOLDER.sub("*", name).rstrip("/")
    folders = [(ROOT / page).parent, *(ROOT / base for base in BASES)]
    if any(any(folder.glob(pattern)) for folder in folders):
        return True
    return "/" not in pattern and any(
        any((ROOT / folder).rglob(pattern)) for folder in FOLDERS.split("|")
    )


@pytest.mark.parametrize("page", PAGES)
def test_files_and_folders_exist(page: str) -> None:
    text = text_of(page)
    named = {*FILE.findall(text), *IN_A_FOLDER.findall(text)} - READERS_OWN
    missing = sorted(name for name in named if not exists(name, page))
    assert not missing, f"{page} names what is not there: {', '.join(missing)}"


def headings(text: str) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, anchor in LINK.findall(text_of(page)):
        file = (ROOT / page).parent / target if target else ROOT / page
        assert file.exists(), f"{page}: there is no {target}"
        if anchor:
            assert anchor in headings(file.read_text(encoding="utf-8")), f"{page}: #{anchor}"


@cache
def options_of() -> dict[str, set[str]]:
    """Verb -> its options."""
    group = typer.main.get_command(app)
    return {
        name: {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


def commands(text: str) -> Iterator[tuple[str, set[str]]]:
    """The verb and options of each command in code; prose such as "autograder audits" is none."""
    code = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", text, re.S)
    for block in ("".join(each) for each in code):
        for found in COMMAND.findall(block):
            yield found.split()[0], set(OPTION.findall(found))


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_options_exist(page: str) -> None:
    verbs = options_of()
    for verb, options in commands(text_of(page)):
        assert verb in verbs, f"{page}: autograder {verb}"
        assert options <= verbs[verb] | {"--help"}, f"{page}: autograder {verb} {options}"


FOREIGN_OPTIONS = {"docs/cluster.md": "dask", "docs/measurements.md": "several programs"}


@pytest.mark.parametrize("page", [page for page in PAGES if page not in FOREIGN_OPTIONS])
def test_an_option_in_the_text_exists(page: str) -> None:
    """Of some verb; in benchmarks/README.md, of grade_class.py."""
    known = {"--help", "--version"}.union(*options_of().values())
    if page.startswith("benchmarks/"):
        known |= set(OPTION.findall((ROOT / "benchmarks" / "grade_class.py").read_text()))
    missing = set(BARE_OPTION.findall(text_of(page))) - known
    assert not missing, f"{page}: {missing}"


def test_the_patterns_find_what_they_look_for() -> None:
    """Else a page that names nothing real would pass."""
    text = "`autograder/gone.py`, docs/gone.md and `tests/gone/`; `autograder grade --gone x`"
    assert FILE.findall(text) == ["autograder/gone.py", "docs/gone.md"]
    assert IN_A_FOLDER.findall(text) == ["autograder/gone.py", "tests/gone/"]
    assert list(commands(text)) == [("grade", {"--gone"})]
    assert not exists("autograder/gone.py", "README.md")
    assert exists("suites/<slug>/<question>/checks.py", "docs/modules.md")
    assert sum(len(list(commands(text_of(page)))) for page in PAGES) > 30
