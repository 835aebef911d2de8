"""Every assignment of the real course: what is committed is what its text gives, and students get
no answers.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from autograder.course.assignment import load, slugs
from autograder.release import kit
from autograder.release.release import release

ROOT = Path(__file__).resolve().parents[2]
SLUGS = slugs(ROOT)
REGION = re.compile(
    r"BEGIN (SOLUTION|MARK SCHEME|HIDDEN TESTS)[^\n]*\n(.*?)\n?[^\n]*END \1", re.DOTALL
)
# What any training step or module has, ours in dgm too.
BOILERPLATE = re.compile(r"import |from |optimizer\.|torch\.manual_seed\(|@pytest")
# Too common to be anyone's answer, or too short to tell.
SHORTEST = 24


def test_every_folder_with_text_is_an_assignment() -> None:
    """So that no assignment is left out of this module by a missing or misnamed assignment.toml."""
    written = {
        file.parent.name
        for pattern in ("*/lab.*", "*/theory.*")
        for file in (ROOT / "assignments").glob(pattern)
    }
    built = {
        folder.name
        for part in ("source", "release")
        for folder in (ROOT / part).glob("*")
        if folder.is_dir()
    }
    assert written | built <= set(SLUGS)


@pytest.fixture(scope="module", params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def kit_members(slug: str) -> dict[str, bytes]:
    """The kit's files as a student unzips them, made from the committed release."""
    files = {
        file.name: file.read_bytes()
        for file in (ROOT / "release" / slug).iterdir()
        if file.is_file()
    }
    archive = kit.zip_bytes(kit.members(load(slug, ROOT), ROOT, files))
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_committed_notebooks_are_what_the_text_gives(slug: str) -> None:
    different = release(slug, ROOT, check=True).different
    assert not different, (
        f"run `autograder release {slug}`: "
        f"{', '.join(str(file.relative_to(ROOT)) for file in different)}"
    )


def cells(file: Path) -> list[str]:
    return [
        "".join(cell["source"]) for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
    ]


def secret_and_public_lines(slug: str) -> tuple[set[str], str]:
    """Lines of all regions of the committed source, and all text outside them."""
    secret: set[str] = set()
    public = []
    for file in sorted((ROOT / "source" / slug).glob("*.ipynb")):
        for source in cells(file):
            for _, body in REGION.findall(source):
                secret |= {line.strip() for line in body.split("\n")}
            public.append(REGION.sub("", source))
    return {line for line in secret if len(line) >= SHORTEST}, "\n".join(public)


def test_no_answer_scheme_or_hidden_test_is_in_release_or_kit(
    slug: str, kit_members: dict[str, bytes]
) -> None:
    secret, public = secret_and_public_lines(slug)
    assert len(secret) > 20, "an assignment has answers; this search must not be an empty one"
    own = {line for line in secret if line not in public}
    assert len(own) > 0.8 * len(secret), (
        "most of what is secret must not stand in the open beside it"
    )
    notebooks = {name: data for name, data in kit_members.items() if name.endswith(".ipynb")}
    assert notebooks
    texts = {
        name: "\n".join("".join(cell["source"]) for cell in json.loads(data)["cells"])
        for name, data in notebooks.items()
    }
    texts |= {
        name: data.decode()
        for name, data in kit_members.items()
        if name.endswith((".py", ".json", ".md", ".sh", ".txt"))
    }
    assert [
        (name, line)
        for name, text in texts.items()
        for line in own
        if line in text and not BOILERPLATE.match(line)
    ] == []


def test_no_line_of_the_hidden_suite_is_in_the_kit(
    slug: str, kit_members: dict[str, bytes]
) -> None:
    _, public = secret_and_public_lines(slug)
    suite = (ROOT / "autograder" / "suites" / slug).glob("test_*.py")
    lines = {
        line.strip() for file in suite for line in file.read_text(encoding="utf-8").split("\n")
    }
    hidden = {
        line
        for line in lines
        if len(line) >= SHORTEST and not BOILERPLATE.match(line) and line not in public
    }
    texts = {
        name: data.decode()
        for name, data in kit_members.items()
        if name.endswith((".ipynb", ".py", ".json", ".md", ".sh"))
    }
    assert [(name, line) for name, text in texts.items() for line in hidden if line in text] == []


def test_no_hidden_machinery_is_in_release_or_kit(slug: str, kit_members: dict[str, bytes]) -> None:
    release_files = {
        f"release/{file.name}": file.read_bytes()
        for file in (ROOT / "release" / slug).iterdir()
        if file.is_file()
    }
    for name, data in {**release_files, **kit_members}.items():
        for word in (
            b"BEGIN SOLUTION",
            b"MARK SCHEME",
            b"HIDDEN TESTS",
            b"autograder.kernel",
            b"autograder/suites",
            b"import autograder",
        ):
            assert word not in data, f"{word.decode()} in {name}"


def test_no_file_of_the_staff_side_is_in_the_kit(slug: str, kit_members: dict[str, bytes]) -> None:
    staff = {
        file.read_bytes() for file in (ROOT / "autograder").rglob("*.py") if file.stat().st_size
    }
    assert [name for name, data in kit_members.items() if data in staff] == []
    assert not [
        name
        for name in kit_members
        if "autograder" in name or "__pycache__" in name or "source" in name
    ]
