#!/usr/bin/env bash
# Check an assignment's notebooks and pack them for handing in. `./collect_submission.sh --help` tells how.
# Needs bash (3.2 or later) and Python 3.8 or later; nothing is installed, nothing leaves this machine.

if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # started as `sh collect_submission.sh`
set -eu
unset CDPATH

case ${BASH_SOURCE[0]} in
    */*) here=${BASH_SOURCE[0]%/*} ;;
    *) here=. ;;
esac
here=$(cd -- "${here:-/}" && pwd -P)

python=
for candidate in python3 python; do
    # Being on the PATH is not enough: it may be too old, or a stand-in that only says how to install Python.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "error: python3 (3.8 or later) was not found on the PATH: activate the environment in which you run Jupyter, then try again." >&2
    exit 1
fi

# `read` and not `python3 - <<EOF`: the program's standard input must stay the terminal, for the questions.
IFS= read -r -d '' program <<'PYTHON' || true
# ruff: noqa: E402
from __future__ import annotations

import sys

sys.path[:] = [entry for entry in sys.path if entry]  # a student's own json.py in this folder must not replace Python's

import argparse
import collections
import datetime
import hashlib
import io
import json
import os
import platform
import re
import stat
import tempfile
import time
import unicodedata
import zipfile
import zlib
from importlib import metadata
from pathlib import Path
from typing import Any, Callable, NamedTuple, NoReturn

SCHEMA = 1
NOTEBOOK_CAP_BYTES = 20 * 2**20  # what the grader opens
ARTIFACTS_CAP_BYTES = 64 * 2**20
CLOCK_SLACK_S = 2.0  # FAT and zip keep times to two seconds
FRESH_COPY = "Take a fresh copy of it from the kit."

EPILOG = """
examples:
  ./collect_submission.sh
      in a kit: check its notebooks and ask for what is missing
  ./collect_submission.sh vae
      at the top level of the course: the same for release/vae
  ./collect_submission.sh --name "Ada Lovelace" --id s1815 --collaborators None --honest
      ask nothing but what to do about warnings
  ./collect_submission.sh --name "Ada Lovelace" --id s1815 --collaborators "Mary S." --honest --yes --force --output ~/handin
      ask nothing at all and replace an earlier archive

words: a formula counts as one word, so does inline code; fenced code blocks, pictures and comments count as none.
exit status: 0 the archive was written; 1 something is wrong with the files, or you stopped; 2 wrong usage.
"""


class Problem(Exception):
    """The files cannot be handed in as they are; the sentence names the file and the cure."""


class Usage(Exception):
    """The command line lacks something or does not fit this folder."""


class Kit(NamedTuple):
    """An assignment's folder, without symbolic links in its path, and what its assignment.json says."""

    folder: Path
    spec: dict[str, Any]


class Identity(NamedTuple):
    name: str
    id: str
    collaborators: str


class Dialogue:
    """Talks on stderr, so that stdout holds nothing but the path of the archive."""

    def __init__(self, interactive: bool) -> None:
        self.interactive = interactive

    def say(self, text: str = "") -> None:
        print(text, file=sys.stderr)

    def ask(self, prompt: str) -> str:
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            self.say()
            raise Problem("stopped: nothing was written.")
        return line.strip()

    def confirm(self, question: str) -> bool:
        return self.ask(question + " [y/N] ").lower() in ("y", "yes")


# ---------------------------------------------------------------- the kit


def find_kit(root: Path, slug: str | None) -> Kit:
    """The kit that the script lies in, or release/<slug> of a checkout."""
    released = sorted(file.parent.name for file in root.glob("release/*/assignment.json"))
    choices = ", ".join(released) or "none"
    if slug is None:
        if (root / "assignment.json").exists():
            return load_kit(root)
        if released:
            raise Usage(f"say which assignment: one of {choices}. For example: ./collect_submission.sh {released[0]}")
        raise Usage(f"{root} is no kit: assignment.json is missing. Run the script in the folder that you unzipped, or take a fresh kit.")
    if slug in released:
        return load_kit(root / "release" / slug)
    if (root / "assignment.json").exists():
        kit = load_kit(root)
        if kit.spec["slug"] == slug:
            return kit
        choices = kit.spec["slug"]
    raise Usage(f"there is no assignment {slug!r} in {root} (there: {choices}).")


def load_kit(folder: Path) -> Kit:
    folder = Path(os.path.realpath(folder))
    try:
        spec = json.loads(read_inside(folder, "assignment.json").decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Problem(f"assignment.json is damaged ({error}). {FRESH_COPY}") from error
    if not isinstance(spec, dict) or spec.get("schema") != SCHEMA:
        raise Problem(f"assignment.json is not of the kind that this script reads (schema {SCHEMA}): use the script of the same kit.")
    try:
        fit = all(isinstance(spec[key], str) and spec[key] for key in ("slug", "title", "archive_name", "declaration"))
        fit = fit and re.fullmatch(r"[a-z][a-z0-9_]*", spec["slug"]) is not None
        fit = fit and all(isinstance(pattern, str) for pattern in spec["artifacts"])
        fit = fit and len(spec["notebooks"]) > 0 and all(re.fullmatch(r"[\w-]+", name, re.ASCII) for name in spec["notebooks"])
        for notebook in spec["notebooks"].values():
            for cell in notebook["cells"]:
                fit = fit and all(isinstance(cell[key], str) for key in ("id", "kind", "title", "blank_sha256"))
                fit = fit and all(isinstance(cell[key], int) for key in ("words", "sentences"))
    except (KeyError, TypeError, AttributeError):
        fit = False
    if not fit:
        raise Problem(f"assignment.json is damaged: entries are missing. {FRESH_COPY}")
    return Kit(folder, spec)


def is_inside(folder: Path, path: Path) -> bool:
    """Whether `path`, with every symbolic link followed, lies in `folder` (which has none)."""
    return folder in Path(os.path.realpath(path)).parents


def read_inside(folder: Path, name: str) -> bytes:
    """The bytes of a file of the kit. Raises Problem when it is not there, not a file, or a link that leads elsewhere."""
    path = folder / name
    if not os.path.lexists(path):
        raise Problem(f"{name} is missing in {folder}." + look_alikes(folder, name))
    if not is_inside(folder, path):
        raise Problem(f"{name} is a link that leads out of {folder}: put the file itself there.")
    if not path.is_file():
        raise Problem(f"{name} in {folder} is no file: put the file of this name there.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"{name} cannot be read ({error.strerror}): make it readable, then try again.") from error


def look_alikes(folder: Path, name: str) -> str:
    """What to do about a missing file; names the files that may be it under another name."""
    stem, suffix = os.path.splitext(name)
    others = sorted(file.name for file in folder.glob("*" + suffix) if stem.lower() in file.name.lower() and not file.name.startswith("."))
    if others and suffix == ".ipynb":
        return f" There is {' and '.join(others)}: if that is your work, rename it to {name}."
    return " Put it back; the kit has a fresh copy."


# ---------------------------------------------------------------- a notebook


def read_notebook(data: bytes, file: str) -> dict[str, Any]:
    """Parse a notebook, with `source` as one string in every cell. Raises Problem when it is none of nbformat 4."""
    fresh = "restore it from a checkpoint or a backup (in JupyterLab: File, Revert Notebook to Checkpoint)"
    if not data.strip():
        raise Problem(f"{file} is empty ({len(data)} bytes): open it in Jupyter and save it; if your work is gone, {fresh}.")
    try:
        notebook = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        if re.search(rb"^\s*\"?<{7} ", data, re.MULTILINE):
            raise Problem(
                f"{file} holds the marks of a git merge conflict (<<<<<<<): resolve it, then open and save it in Jupyter."
            ) from error
        raise Problem(f"{file} is damaged, it is not JSON ({error}): {fresh}.") from error
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if version is None:
        raise Problem(f"{file} is no Jupyter notebook (it has no nbformat): {fresh}.")
    if isinstance(version, bool) or version != 4:
        raise Problem(f"{file} is of notebook format {version!r}, and 4 is needed: open it in JupyterLab and save it.")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Problem(f"{file} is damaged, its list of cells cannot be read: {fresh}.")
    if not any(join_source(cell).strip() for cell in cells):
        raise Problem(f"{file} has no cells with anything in them: {fresh}.")
    for cell in cells:
        cell["source"] = join_source(cell)
    return notebook


def join_source(cell: dict[str, Any]) -> str:
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def grade_id(cell: dict[str, Any]) -> str | None:
    meta = cell.get("metadata")
    nbgrader = meta.get("nbgrader") if isinstance(meta, dict) else None
    value = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return value if isinstance(value, str) else None


def is_train(cell: dict[str, Any]) -> bool:
    meta = cell.get("metadata")
    tags = meta.get("tags") if isinstance(meta, dict) else None
    return isinstance(tags, list) and "train" in tags


MARKER = re.compile(r"^[ \t]*(?:#|<!--)[ \t]*question:[ \t]*([a-z][a-z0-9_]*)[ \t]*(?:-->)?[ \t]*\r?$", re.MULTILINE)


def marker(cell: dict[str, Any]) -> str | None:
    """The question that the cell's marker comment names; only near the top, as an answer may quote another's marker."""
    match = MARKER.search(cell["source"][:500])
    return match.group(1) if match else None


def is_blank(cell: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether an answer is as it was handed out, or nothing but its marker, comments and white space."""
    source = cell["source"].replace("\r\n", "\n")
    for text in (cell["source"], source, source.rstrip(), source.rstrip() + "\n"):
        if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == wanted["blank_sha256"]:
            return True
    if wanted["kind"] == "answer":
        return not re.sub(r"^\s*#.*$", "", source, flags=re.MULTILINE).strip()
    return not without_comments(source).strip()


def claim(cell: dict[str, Any], known: list[str]) -> tuple[str, str]:
    """How a cell says which of the course's cells it is, and which; the grader goes by the same order."""
    for how, name in (("grade_id", grade_id(cell)), ("marker", marker(cell)), ("cell_id", cell.get("id"))):
        if isinstance(name, str) and name in known:
            return how, name
    return "name", ""


class Found(NamedTuple):
    """The cells that claim to be one answer; `how`: grade_id, marker, cell_id, name or missing."""

    how: str
    cells: list[dict[str, Any]]


def find_answer(cells: list[dict[str, Any]], wanted: dict[str, Any], known: list[str]) -> Found:
    """Find an answer by what its cell claims, else by the function or class that a cell without a claim defines."""
    claims = [(cell, *claim(cell, known)) for cell in cells]
    claiming = {how: [cell for cell, by, name in claims if (by, name) == (how, wanted["id"])] for how in ("grade_id", "marker", "cell_id")}
    how = next((how for how, found in claiming.items() if found), "")
    if how:
        return Found(how, [cell for cell, _, name in claims if name == wanted["id"]])
    defines = re.compile(rf"^(?:def|class)\s+{re.escape(wanted['id'])}\b", re.MULTILINE)
    free = [cell for cell, _, name in claims if not name and wanted["kind"] == "answer" and cell.get("cell_type") == "code"]
    by_name = [cell for cell in free if defines.search(cell["source"])]
    return Found("name" if by_name else "missing", by_name)


ABOUT_ANSWERS = {
    "missing": "lost, neither the cell nor its marker is there; copy the cell back from a fresh kit and put the answer in it",
    "marker": "lost nbgrader's metadata, but the marker comment is there, so the answer will still be found",
    "cell_id": "lost nbgrader's metadata and the marker comment, but the cell's id is there, so the answer will still be found",
    "name": "lost metadata and marker; the answer will be found by the name it defines. Leave that name as it is",
    "twice": "there more than once (copied or split?); the last copy that is not blank is graded. Delete the others",
    "blank": "left blank",
    "unfinished": "still with `raise NotImplementedError` in it",
    "not code": "no code cell any more; set its type to Code",
    "not text": "no Markdown cell any more; set its type to Markdown",
    "error": "ended in an error when last run",
    "locked": "missing or without metadata; they are cells of the course, and the grader uses its own copies",
    "locked twice": "there more than once; they are cells of the course, and the grader uses its own copies",
}


def check_answers(notebook: dict[str, Any], wanted_cells: list[dict[str, Any]], file: str) -> tuple[list[str], int]:
    """Warnings about lost, duplicated, blank and overlong answers, and how many answers are filled in."""
    cells, known = notebook["cells"], [wanted["id"] for wanted in wanted_cells]
    groups: dict[str, list[str]] = collections.defaultdict(list)
    limits: list[str] = []
    n_filled = 0
    for wanted in wanted_cells:
        name = wanted["id"]
        if wanted["kind"] not in ("answer", "analysis"):
            n_copies = sum(grade_id(cell) == name for cell in cells)
            groups["locked" if n_copies == 0 else "locked twice" if n_copies > 1 else "fine"].append(name)
            continue
        found = find_answer(cells, wanted, known)
        groups[found.how].append(name)
        if not found.cells:
            continue
        if len(found.cells) > 1:
            groups["twice"].append(name)
        filled = [cell for cell in found.cells if not is_blank(cell, wanted)]
        if not filled:
            groups["blank"].append(name)
            continue
        n_filled += 1
        for key in faults(filled[-1], wanted):
            groups[key].append(name)
        groups["error"].extend(f"{name} ({error})" for error in errors_shown(filled[-1]))
        limits.extend(check_limits(filled[-1]["source"], wanted) if wanted["kind"] == "analysis" else [])
    warnings = [f"{file}: {listing(groups[key])}: {sentence}." for key, sentence in ABOUT_ANSWERS.items() if groups[key]]
    return warnings + [f"{file}: {sentence}" for sentence in limits], n_filled


def faults(cell: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """What is wrong with the cell of an answer that is filled in, by the keys of ABOUT_ANSWERS."""
    if wanted["kind"] == "analysis":
        return [] if cell.get("cell_type") == "markdown" else ["not text"]
    if cell.get("cell_type") != "code":
        return ["not code"]
    return ["unfinished"] if re.search(r"^[ \t]*raise NotImplementedError\b", cell["source"], re.MULTILINE) else []


def errors_shown(cell: dict[str, Any]) -> list[str]:
    outputs = cell.get("outputs")
    shown = [output for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    return [one_line(str(output.get("ename")))[:40] for output in shown if output.get("output_type") == "error"][:1]


def listing(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def check_runs(notebook: dict[str, Any], wanted_cells: list[dict[str, Any]], file: str) -> list[str]:
    """A warning when the notebook has code to run and its execution counts are not those of one run from top to bottom."""
    if not any(wanted["kind"] in ("answer", "check") for wanted in wanted_cells):
        return []
    numbered = [
        (place, cell) for place, cell in enumerate(notebook["cells"], 1) if cell.get("cell_type") == "code" and cell["source"].strip()
    ]
    ran = [(place, cell["execution_count"]) for place, cell in numbered if isinstance(cell.get("execution_count"), int)]
    cure = "Run it (Kernel, Restart Kernel and Run All Cells), look at the results and save it."
    if not ran:
        return [f"{file}: no code cell was ever run, or the notebook was not saved since. {cure}"]
    for (above, earlier), (below, later) in zip(ran, ran[1:]):
        if later <= earlier:
            return [f"{file}: not run in order (cell {below} ran before cell {above}), so it may not work from a fresh start. {cure}"]
    if len(ran) < len(numbered):
        return [f"{file}: {len(numbered) - len(ran)} of {len(numbered)} code cells were not run. {cure}"]
    return []


# ---------------------------------------------------------------- words and sentences

DISPLAY_MATHS = re.compile(
    r"\s*(?:(?<!\\)\$\$(?P<dollars>.+?)(?<!\\)\$\$|\\{1,2}\[(?P<brackets>.+?)\\{1,2}\]"
    r"|\\begin\{(?P<env>[a-zA-Z]+\*?)\}(?P<body>.+?)\\end\{(?P=env)\})(?:\s+(?=[a-z,;.]))?",
    re.DOTALL,
)
# As pandoc reads it: no white space inside the dollars and no digit after them, so that "$5 and $6" is money.
INLINE_MATHS = re.compile(r"(?<![\\$])\$(?![\s$])(?:\\.|[^$\\\n]|\n(?!\s*\n))+?(?<!\s)\$(?!\d)|\\{1,2}\(.+?\\{1,2}\)")
SENTENCE_END = re.compile(r"[.!?\u2026]+[\"')\]*_\u201d\u2019]*(?:\s+|$)")
ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:[A-Z]|[Ff]igs?|[Ee]qs?|[Ss]ecs?|[Tt]ab|[Rr]efs?|[Nn]o|al|vs|cf|approx|resp|e\.g|i\.e|etc|Dr|Prof)$"
)


def without_comments(source: str) -> str:
    """Markdown without HTML comments (the marker is one) and without the release's placeholder."""
    return re.sub(r"<!--.*?-->", " ", source, flags=re.DOTALL).replace("YOUR ANSWER HERE", " ")


def plain_text(source: str) -> str:
    """The text that a reader reads, with one word in place of each formula; headings and paragraphs keep their lines."""
    text = re.sub(r"[^\S\n]+", " ", without_comments(source.replace("\r\n", "\n")))
    text = re.sub(r"\n\s*\n", "\n\n", text)  # long runs of white space would make the patterns below slow
    text = re.sub(r"^[ \t]*(```+|~~~+).*?^[ \t]*\1[`~]*[ \t]*$", "\n", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", "code", text, flags=re.DOTALL)
    text = DISPLAY_MATHS.sub(one_word, text)
    text = INLINE_MATHS.sub("formula", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"</?[a-zA-Z][^>]*>", " ", text)


def one_word(match: re.Match[str]) -> str:
    body = match.group("dollars") or match.group("brackets") or match.group("body") or ""
    return " formula" + (". " if body.rstrip().endswith(".") else " ")


def count_words(text: str) -> int:
    """How many runs without white space hold a letter or a digit; a dash between words parts them, a list's numbers do not count."""
    text = re.sub(r"^\s*\d+[.)]\s", " ", text, flags=re.MULTILINE)
    return sum(any(letter.isalnum() for letter in token) for token in re.split(r"\s+|\u2014|--+", text))


def count_sentences(text: str) -> int:
    """How many sentences; a paragraph or list item without a full stop is one, a heading is none. Doubt counts for the student."""
    n_sentences = 0
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)|\n(?=#)|(?<=\n)(?=#)", text):
        part = re.sub(r"^\s*#+ .*$", "", part, flags=re.MULTILINE)
        part = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s", "", part).strip()
        start = 0
        for end in SENTENCE_END.finditer(part):
            last_word, rest = part[max(0, end.start() - 12) : end.start()], part[end.end() : end.end() + 1]
            if not rest.islower() and not (rest and ABBREVIATION.search(last_word)):
                n_sentences += count_words(part[start : end.end()]) > 0
                start = end.end()
        n_sentences += count_words(part[start:]) > 0
    return n_sentences


def check_limits(source: str, wanted: dict[str, Any]) -> list[str]:
    text = plain_text(source)
    counts = (("words", count_words(text)), ("sentences", count_sentences(text)))
    return [
        f"{wanted['id']} ({wanted['title']}) has {count} {unit}, the limit is {wanted[unit]}."
        for unit, count in counts
        if 0 < wanted[unit] < count
    ]


# ---------------------------------------------------------------- the folder


class Contents(NamedTuple):
    """What goes into the archive: bytes of the notebooks by file name, paths of the artifacts by name in the archive."""

    notebooks: dict[str, bytes]
    artifacts: dict[str, Path]
    warnings: list[str]
    lines: list[str]


def examine(kit: Kit) -> Contents:
    """Read and check everything that is to be handed in. Raises Problem with every reason why it cannot be."""
    contents = Contents({}, {}, [], [])
    problems: list[str] = []
    training: list[str] = []
    for name, expected in kit.spec["notebooks"].items():
        file = name + ".ipynb"
        try:
            data = read_inside(kit.folder, file)
            notebook = read_notebook(data, file)
        except Problem as problem:
            problems.append(str(problem))
            continue
        wanted_cells = expected["cells"]
        warnings, n_filled = check_answers(notebook, wanted_cells, file)
        n_answers = sum(wanted["kind"] in ("answer", "analysis") for wanted in wanted_cells)
        contents.notebooks[file] = data
        contents.warnings.extend(warnings + check_runs(notebook, wanted_cells, file) + check_saved(kit.folder, file, data))
        contents.lines.append(f"{file}: {n_filled} of {n_answers} answers filled in, {size(len(data))}")
        if len(data) > NOTEBOOK_CAP_BYTES:
            contents.warnings.append(
                f"{file} has {size(len(data))}, and the grader opens {size(NOTEBOOK_CAP_BYTES)} at most: clear its largest outputs."
            )
        training.extend([file] if any(is_train(cell) for cell in notebook["cells"]) else [])
    if problems:
        raise Problem("\n".join(problems))
    find_artifacts(kit, contents)
    check_saved_after_training(kit.folder, training, contents)
    return contents


def check_saved(folder: Path, file: str, data: bytes) -> list[str]:
    """A warning when Jupyter's checkpoint of the notebook is newer than the notebook, and another."""
    checkpoint = folder / ".ipynb_checkpoints" / file.replace(".ipynb", "-checkpoint.ipynb")
    if not checkpoint.is_file() or not is_inside(folder, checkpoint):
        return []
    newer = checkpoint.stat().st_mtime > (folder / file).stat().st_mtime + CLOCK_SLACK_S
    if newer and checkpoint.read_bytes() != data:
        return [f"{file} is older than Jupyter's checkpoint of it: open it, see whether your latest work is there, and save it."]
    return []


def check_saved_after_training(folder: Path, training: list[str], contents: Contents) -> None:
    """An artifact newer than each notebook with a training cell was written by a run that has not been saved."""
    if not training or not contents.artifacts:
        return
    saved = max((folder / file).stat().st_mtime for file in training)
    newer = [name for name, path in contents.artifacts.items() if path.stat().st_mtime > saved + CLOCK_SLACK_S]
    if newer:
        contents.warnings.append(f"{' and '.join(training)}: not saved since {listing(newer)} was written: save the notebook.")


def find_artifacts(kit: Kit, contents: Contents) -> None:
    """Add the files that the assignment's patterns name; links that lead out of the kit and odd names stay out, with a warning."""
    total_bytes = 0
    taken = [*contents.notebooks, "submission.json"]
    for pattern in kit.spec["artifacts"]:
        if pattern.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", pattern) or not pattern:
            raise Problem(f"assignment.json is damaged: its pattern {pattern!r} leads out of the kit. {FRESH_COPY}")
        n_before = len(contents.artifacts)
        try:
            matches = sorted(kit.folder.glob(pattern))
        except (ValueError, NotImplementedError) as error:
            raise Problem(f"assignment.json is damaged: its pattern {pattern!r} is none ({error}). {FRESH_COPY}") from error
        for path in matches:
            name = path.relative_to(kit.folder).as_posix()
            hidden = any(part.startswith(".") for part in name.split("/"))
            if hidden or name in taken or not (path.is_file() or path.is_symlink()):
                continue
            reason = why_left_out(kit.folder, path, name, taken)
            if reason:
                contents.warnings.append(f"{one_line(name)} is left out: {reason}")
                continue
            taken.append(name)
            contents.artifacts[name] = path
            total_bytes += path.stat().st_size
            contents.lines.append(f"{name}: {size(path.stat().st_size)}")
        if len(contents.artifacts) == n_before:
            contents.lines.append(f"(no file matches {pattern})")
    if total_bytes > ARTIFACTS_CAP_BYTES:
        contents.warnings.append(
            f"the artifacts have {size(total_bytes)} together, and the grader takes {size(ARTIFACTS_CAP_BYTES)} at most: "
            "delete what the notebook did not ask for, or train with the size that it asks for."
        )


def why_left_out(folder: Path, path: Path, name: str, taken: list[str]) -> str:
    """Why the grader must not or would not take an artifact; empty when it does."""
    if not is_inside(folder, path):
        return "it leads out of the kit. Put the file itself there."
    if not path.is_file():
        return "it is a link that leads to no file."
    if not all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", part) for part in name.split("/")):
        return "its name must be made of letters a-z, digits, '.', '_' and '-'. Rename it."
    if name.lower() in (other.lower() for other in taken):
        return "another file has the same name but for capitals. Rename one."
    return ""


def size(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:.1f} MB" if n_bytes >= 2**20 else f"{-(-n_bytes // 1024)} KB"


# ---------------------------------------------------------------- who hands it in


def one_line(text: str) -> str:
    """One line without control characters, undecodable bytes and marks that reverse the direction of text (all but the joiners)."""
    kept = (
        letter for letter in text if letter.isspace() or letter in "\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )
    return " ".join("".join(kept).split())


def valid_name(text: str) -> str:
    text = one_line(text)
    if not any(letter.isalnum() for letter in text) or len(text) > 100:
        raise ValueError("a name is 1 to 100 characters with a letter in it")
    return text


def valid_id(text: str) -> str:
    text = one_line(text)
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}", text):
        raise ValueError("an id is 1 to 64 of the characters A-Z a-z 0-9 . _ - and does not start with . or -")
    return text


def valid_collaborators(text: str) -> str:
    text = one_line(text)
    if not text or len(text) > 1000:
        raise ValueError("name the people you worked with in at most 1000 characters, or None")
    return "None" if text.lower().rstrip(".") == "none" else text


FIELDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "name": ("Your name (first and last): ", valid_name),
    "id": ("Your student id: ", valid_id),
    "collaborators": ("People you worked with (None if you worked alone): ", valid_collaborators),
}


def check_flags(args: argparse.Namespace, declaration: str, interactive: bool) -> None:
    """Raise Usage for a flag with a bad value, and, when nobody can be asked, for those that are missing."""
    for field, (_, valid) in FIELDS.items():
        if getattr(args, field) is not None:
            try:
                setattr(args, field, valid(getattr(args, field)))
            except ValueError as error:
                raise Usage(f"--{field}: {error}.") from error
    missing = [f"--{field}" for field in FIELDS if getattr(args, field) is None]
    if not args.honest:
        missing.append("--honest")
    if missing and not interactive:
        told = f' With --honest you declare: "{declaration}"' if not args.honest else ""
        raise Usage(f"nothing can be asked here (no terminal, or --yes), so these are needed: {', '.join(missing)}.{told}")


def ask_identity(args: argparse.Namespace, dialogue: Dialogue) -> Identity:
    values = {}
    for field, (prompt, valid) in FIELDS.items():
        value = getattr(args, field)
        while value is None:
            try:
                value = valid(dialogue.ask(prompt))
            except ValueError as error:
                dialogue.say(f"  {error}")
        values[field] = value
    return Identity(**values)


def ask_declaration(args: argparse.Namespace, declaration: str, dialogue: Dialogue) -> None:
    dialogue.say(f"\nDeclaration: {declaration}")
    if args.honest:
        dialogue.say("  accepted with --honest")
    elif dialogue.ask("Do you declare this? Type yes: ").lower() != "yes":
        raise Problem("stopped: without the declaration nothing can be handed in. Nothing was written.")


# ---------------------------------------------------------------- the archive


def file_part(text: str) -> str:
    """Text as a part of a file name: accents dropped, spaces to `_`, everything but A-Z a-z 0-9 _ - left out."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"_{2,}", "_", re.sub(r"[^A-Za-z0-9_-]", "", re.sub(r"\s+", "_", ascii_only))).strip("_-")[:60]


def archive_name(template: str, who: Identity, slug: str) -> str:
    """The assignment's template filled in. A name without a letter that files can carry everywhere gives way to the id."""
    parts = [part for part in map(file_part, who.name.split()) if part] or [file_part(who.id)]
    fields = {"name": "_".join(parts), "first": parts[0], "last": parts[-1] if len(parts) > 1 else "", "id": who.id, "slug": slug}

    def fill(match: re.Match[str]) -> str:
        if match.group(1) not in fields:
            raise Problem(f"assignment.json is damaged: archive_name has the unknown field {match.group(0)}. {FRESH_COPY}")
        return fields[match.group(1)]

    stem = re.sub(r"\{([^{}]*)\}", fill, re.sub(r"\.zip\Z", "", template))
    stem = re.sub(r"[^A-Za-z0-9._-]", "", re.sub(r"\s+", "_", stem))
    stem = re.sub(r"_{2,}", "_", re.sub(r"\.{2,}", ".", stem)).strip("._-")[:150]
    return f"{stem or slug}.zip"


def torch_version() -> str | None:
    """The version of torch that this Python would import, from its metadata: importing it takes seconds."""
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return None


def write_archive(target: Path, kit: Kit, contents: Contents, who: Identity) -> None:
    """Write the zip beside its final place, read it back, then move it there: a reader sees a whole archive or none."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".collecting-", suffix=".part")
    try:
        files: dict[str, dict[str, Any]] = {}
        with os.fdopen(handle, "w+b") as stream:
            with zipfile.ZipFile(stream, "w") as archive:
                for name, data in contents.notebooks.items():
                    archive.writestr(member(name, (kit.folder / name).stat().st_mtime, compression(data)), data)
                    files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                for name, path in contents.artifacts.items():
                    # Stored: weights hardly shrink, and those that do (all zeros) would look like a zip bomb to the grader.
                    files[name] = add_file(archive, member(name, path.stat().st_mtime, zipfile.ZIP_STORED), path)
                manifest = json.dumps(make_manifest(kit, contents, who, files), indent=2) + "\n"
                archive.writestr(member("submission.json", time.time(), zipfile.ZIP_DEFLATED), manifest)
            stream.flush()
            os.fsync(stream.fileno())
        with zipfile.ZipFile(temporary) as archive:
            if archive.testzip() is not None:
                raise OSError(0, "what was written does not read back: is the disk in order?")
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)  # mkstemp's files are private; a submission has the user's usual rights
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def member(name: str, modified: float, method: int) -> zipfile.ZipInfo:
    date = time.localtime(modified)[:6]
    info = zipfile.ZipInfo(name, min(max(date, (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 23, 59, 58)))
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = method
    return info


def compression(data: bytes) -> int:
    """Stored when it would shrink so much that the grader took it for a zip bomb (a loop that printed one line for hours)."""
    bomb_like = len(data) > 2**20 and len(zlib.compress(data, 1)) * 50 < len(data)
    return zipfile.ZIP_STORED if bomb_like else zipfile.ZIP_DEFLATED


def add_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> dict[str, Any]:
    """Copy a file into the archive by pieces; its entry in the manifest."""
    digest, n_bytes = hashlib.sha256(), 0
    try:
        source = path.open("rb")
    except OSError as error:
        raise Problem(f"{info.filename} cannot be read ({error.strerror}): make it readable, or delete it.") from error
    with source, archive.open(info, "w", force_zip64=True) as sink:
        for piece in iter(lambda: source.read(2**20), b""):
            sink.write(piece)
            digest.update(piece)
            n_bytes += len(piece)
    return {"sha256": digest.hexdigest(), "bytes": n_bytes}


def make_manifest(kit: Kit, contents: Contents, who: Identity, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "slug": kit.spec["slug"],
        "name": who.name,
        "id": who.id,
        "collaborators": who.collaborators,
        "declaration": True,
        "created": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "files": files,
        "versions": {"python": platform.python_version(), "torch": torch_version()},
        "warnings": contents.warnings,
    }


# ---------------------------------------------------------------- the story


def collect(args: argparse.Namespace, dialogue: Dialogue) -> Path:
    """Check, ask, write; returns the archive's path."""
    kit = find_kit(Path(args.root), args.slug)
    spec = kit.spec
    check_flags(args, spec["declaration"], dialogue.interactive)
    dialogue.say(f"{spec['title']} ({spec['slug']}), from {kit.folder}")
    contents = examine(kit)
    for line in contents.lines:
        dialogue.say(f"  {line}")
    for warning in contents.warnings:
        dialogue.say(f"  warning: {warning}")
    if contents.warnings and dialogue.interactive and not dialogue.confirm("Hand it in as it is?"):
        raise Problem("stopped: nothing was written.")
    who = ask_identity(args, dialogue)
    ask_declaration(args, spec["declaration"], dialogue)
    folder = Path(os.path.expanduser(args.output))
    target = folder / archive_name(spec["archive_name"], who, spec["slug"])
    confirm_overwriting(target, args.force, dialogue)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_archive(target, kit, contents, who)
    except OSError as error:
        raise Problem(
            f"{target} could not be written ({error.strerror or error}): is there space? --output names another folder."
        ) from error
    return target


def confirm_overwriting(target: Path, force: bool, dialogue: Dialogue) -> None:
    if not os.path.lexists(target):
        return
    if target.is_dir():
        raise Problem(f"{target} is a folder: move it away, or name another folder with --output.")
    if force:
        return
    if not dialogue.interactive:
        raise Problem(f"{target} exists already: give --force to replace it, or another folder with --output.")
    if not dialogue.confirm(f"{target} exists already. Replace it?"):
        raise Problem("stopped: the earlier archive was left as it is.")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="collect_submission.sh",
        description="Check the notebooks of an assignment and pack them into the archive that you hand in.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("slug", nargs="?", help="the assignment, when the script lies at the top level of the course")
    parser.add_argument("--name", help="your first and last name")
    parser.add_argument("--id", help="your student id")
    parser.add_argument("--collaborators", help="the people you worked with, or None")
    parser.add_argument("--honest", action="store_true", help="accept the declaration of the assignment, which is printed")
    parser.add_argument("--output", default=".", metavar="DIR", help="where the archive goes (default: the folder you are in)")
    parser.add_argument("--force", action="store_true", help="replace an archive of the same name without asking")
    parser.add_argument("--yes", action="store_true", help="ask nothing, go on in spite of warnings (the default without a terminal)")
    args = parser.parse_args(arguments[1:])
    args.root = arguments[0]
    return args


def main() -> NoReturn:
    args = parse(sys.argv[1:])
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None when closed with <&-
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
    interactive = not args.yes and sys.stdin is not None and sys.stdin.isatty()
    dialogue = Dialogue(interactive)
    try:
        target = collect(args, dialogue)
    except Usage as usage:
        dialogue.say(f"usage: {usage}")
        sys.exit(2)
    except Problem as problem:
        for line in str(problem).splitlines():
            dialogue.say(line if line.startswith("stopped") else f"error: {line}")
        sys.exit(1)
    except KeyboardInterrupt:
        dialogue.say("\nstopped: nothing was written.")
        sys.exit(130)
    dialogue.say("\nWritten. This is the file to hand in:")
    print(os.path.abspath(target))
    sys.exit(0)


if __name__ == "__main__":
    main()
PYTHON

# UTF-8 whatever the locale: a name with accents must arrive whole from a terminal that says LC_ALL=C.
exec "$python" -X utf8 -c "$program" "$here" "$@"
