"""collect_submission.sh: the real script, run as a student runs it, in kits that each test builds under tmp_path."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import pty
import shutil
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from autograder.course.assignment import Assignment, Question
from autograder.intake.read import read_submission

SCRIPT = Path(__file__).resolve().parent.parent / "collect_submission.sh"
BASH = shutil.which("bash") or "/bin/bash"
DECLARATION = "This is my own work, and I named everyone who helped me."
WHO = ("--name", "Ada Lovelace", "--id", "s1815", "--collaborators", "None", "--honest")
TIMEOUT_S = 60
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

Cell = dict[str, Any]


def cell(kind: str, source: str, grade_id: str | None = None, count: int | None = None, tags: tuple[str, ...] = ()) -> Cell:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if grade_id:
        metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id}
    if kind == "markdown":
        return {"cell_type": "markdown", "metadata": metadata, "source": source}
    return {"cell_type": "code", "metadata": metadata, "source": source, "execution_count": count, "outputs": []}


STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
RELEASED = {
    "lab": [
        ("course", "lab_1", "code", "import torch"),
        ("answer", "kl_divergence", "code", f"# question: kl_divergence\ndef kl_divergence(mu, logvar):\n{STUB}"),
        ("check", "test_kl_divergence", "code", "assert kl_divergence(0, 0) == 0"),
        ("answer", "build_vae", "code", f"# question: build_vae\ndef build_vae():\n{STUB}"),
        ("course", "train_vae", "code", "model = build_vae()"),
        ("analysis", "vae_training", "markdown", "<!-- question: vae_training -->\nYOUR ANSWER HERE"),
    ],
    "theory": [
        ("course", "theory_1", "markdown", "What does the KL measure?"),
        ("analysis", "kl_meaning", "markdown", "<!-- question: kl_meaning -->\nYOUR ANSWER HERE"),
    ],
}
ANSWERS = {
    "kl_divergence": "# question: kl_divergence\ndef kl_divergence(mu, logvar):\n    return 0",
    "build_vae": "# question: build_vae\ndef build_vae():\n    return 1",
    "vae_training": "<!-- question: vae_training -->\nThe loss falls.",
    "kl_meaning": "<!-- question: kl_meaning -->\nIt measures nats.",
}
LIMITS = {"vae_training": (8, 0), "kl_meaning": (0, 2)}


class Kit:
    """A kit in a folder: `notebooks` holds the cells to be saved, `spec` the assignment.json."""

    def __init__(self, folder: Path, outbox: Path) -> None:
        self.folder, self.outbox = folder, outbox
        self.notebooks: dict[str, list[Cell]] = {}
        self.spec: dict[str, Any] = {
            "schema": 1,
            "slug": "vae",
            "title": "Variational auto-encoders",
            "due": None,
            "archive_name": "{name}_{slug}.zip",
            "artifacts": ["artifacts/*.safetensors"],
            "declaration": DECLARATION,
            "notebooks": {},
        }
        for name, cells in RELEASED.items():
            described, built = [], []
            for place, (kind, grade_id, cell_type, source) in enumerate(cells, 1):
                words, sentences = LIMITS.get(grade_id, (0, 0))
                digest = hashlib.sha256(source.encode()).hexdigest()
                entry = {"id": grade_id, "kind": kind, "title": f"Title of {grade_id}", "words": words, "sentences": sentences}
                described.append({**entry, "blank_sha256": digest})
                tags = ("train",) if grade_id.startswith("train") else ()
                built.append(cell(cell_type, ANSWERS.get(grade_id, source), grade_id, place, tags))
            self.spec["notebooks"][name] = {"cells": described}
            self.notebooks[name] = built
        folder.mkdir(parents=True)
        shutil.copy2(SCRIPT, folder)

    def cell(self, grade_id: str) -> Cell:
        return next(c for cells in self.notebooks.values() for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)

    def cells_of(self, grade_id: str) -> list[Cell]:
        """The notebook's list that the cell is in."""
        return next(cells for cells in self.notebooks.values() if self.cell(grade_id) in cells)

    def blank_source(self, grade_id: str) -> str:
        return next(source for cells in RELEASED.values() for _, name, _, source in cells if name == grade_id)

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def save(self) -> None:
        self.file("assignment.json", json.dumps(self.spec).encode())
        for name, cells in self.notebooks.items():
            self.file(f"{name}.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode())

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the kit's script without a terminal."""
        command = options.pop("command", [BASH, str(self.folder / SCRIPT.name)])
        environment = {**os.environ, "PATH": PATH, **options.pop("env", {})}
        settings = {"stdin": subprocess.DEVNULL, "cwd": self.outbox, "timeout": TIMEOUT_S, "env": environment, **options}
        return subprocess.run([*command, *arguments], capture_output=True, text=True, encoding="utf-8", **settings)

    def collect(self, *arguments: str) -> tuple[str, dict[str, Any]]:
        """Save, run with all flags, expect an archive; what was said, and the manifest."""
        self.save()
        done = self.run(*WHO, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stderr, manifest(Path(done.stdout.strip()))

    def warnings(self) -> list[str]:
        """Save, collect, and return the warnings, which are the same on the terminal and in the manifest."""
        said, written = self.collect("--force")
        shown = [line.split("warning: ", 1)[1] for line in said.splitlines() if "warning: " in line]
        assert shown == written["warnings"]
        return shown

    def refused(self, *arguments: str, status: int = 1) -> str:
        """Run with all flags, expect an error and nothing written; what was said."""
        before = sorted(self.outbox.iterdir())
        done = self.run(*WHO, *arguments)
        assert done.returncode == status, done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert sorted(self.outbox.iterdir()) == before
        return done.stderr

    def talk(self, typed: str | bytes, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run with a terminal as standard input, on which all of `typed` is entered."""
        master, slave = pty.openpty()
        try:
            os.write(master, typed.encode() if isinstance(typed, str) else typed)
            return self.run(*arguments, stdin=slave)
        finally:
            os.close(master)
            os.close(slave)


def manifest(archive: Path) -> dict[str, Any]:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        return json.loads(opened.read("submission.json"))


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    outbox = tmp_path / "my outbox"
    outbox.mkdir()
    made = Kit(tmp_path / "my kit" / "vae", outbox)
    made.save()
    return made


# ---------------------------------------------------------------- a good submission


def test_a_good_kit_gives_one_flat_archive_with_a_manifest(kit: Kit) -> None:
    weights = kit.file("artifacts/vae.safetensors", b"\0" * 5000)
    kit.file("artifacts/notes.txt", b"not asked for")
    kit.save()
    done = kit.run(*WHO)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{kit.outbox / 'Ada_Lovelace_vae.zip'}\n"
    assert [path.name for path in kit.outbox.iterdir()] == ["Ada_Lovelace_vae.zip"], "nothing temporary may be left"
    assert "warning" not in done.stderr
    assert "lab.ipynb: 3 of 3 answers filled in" in done.stderr and "theory.ipynb: 1 of 1" in done.stderr
    assert "artifacts/vae.safetensors: 5 KB" in done.stderr
    with zipfile.ZipFile(kit.outbox / "Ada_Lovelace_vae.zip") as archive:
        assert archive.namelist() == ["lab.ipynb", "theory.ipynb", "artifacts/vae.safetensors", "submission.json"]
        files = {name: archive.read(name) for name in archive.namelist()}
        stored = archive.getinfo("artifacts/vae.safetensors")
        assert stored.compress_size == stored.file_size, "zeros that shrink a thousandfold look like a zip bomb"
        assert all(stat.S_ISREG(info.external_attr >> 16) for info in archive.infolist())
    written = json.loads(files.pop("submission.json"))
    assert files["lab.ipynb"] == (kit.folder / "lab.ipynb").read_bytes() and files["artifacts/vae.safetensors"] == weights.read_bytes()
    assert written.pop("files") == {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()}
    assert time.time() - time.mktime(time.strptime(written.pop("created"), "%Y-%m-%dT%H:%M:%SZ")) + time.timezone < 120
    ask = "import platform, importlib.util as u; print(platform.python_version(), u.find_spec('torch') is not None)"
    answer = subprocess.run(["python3", "-c", ask], capture_output=True, text=True, check=True, env={**os.environ, "PATH": PATH})
    version, has_torch = answer.stdout.split()
    torch = written["versions"].pop("torch")
    assert (torch is not None) == (has_torch == "True")
    assert written == {
        "schema": 1,
        "slug": "vae",
        "name": "Ada Lovelace",
        "id": "s1815",
        "collaborators": "None",
        "declaration": True,
        "versions": {"python": version},
        "warnings": [],
    }


def test_the_grader_takes_what_the_script_writes_without_a_note(kit: Kit) -> None:
    header = json.dumps({"w": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}).encode()
    kit.file("artifacts/vae.safetensors", struct.pack("<Q", len(header)) + header + b"abc")
    kit.save()
    done = kit.run(*WHO, "--name", "\u00c5sa S\u00f8ren-O'Neil", "--id", "a.b_c-1")
    assert done.returncode == 0, done.stderr
    archive = Path(done.stdout.strip())
    question = {"title": "t", "points": 1.0, "covers": []}
    questions = {
        "kl_divergence": Question(**question, notebook="lab", kind="code"),
        "kl_meaning": Question(**question, notebook="theory", kind="theory"),
    }
    assignment = Assignment(slug="vae", title="VAE", questions=questions, artifacts=["artifacts/*.safetensors"])
    taken = read_submission(archive.read_bytes(), archive.name, assignment)
    assert taken.notes == []
    assert (taken.student.id, taken.student.name, taken.student.declared) == ("a.b_c-1", "\u00c5sa S\u00f8ren-O'Neil", True)
    assert taken.student.collaborators == "None"
    assert taken.notebooks == {name: (kit.folder / f"{name}.ipynb").read_bytes() for name in ("lab", "theory")}
    assert list(taken.artifacts) == ["artifacts/vae.safetensors"]


def test_the_archive_has_the_rights_of_an_ordinary_file(kit: Kit) -> None:
    kit.collect()
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((kit.outbox / "Ada_Lovelace_vae.zip").stat().st_mode) == 0o666 & ~mask


def test_torch_is_looked_up_and_not_imported(kit: Kit, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "torch").mkdir(parents=True)
    (site / "torch" / "__init__.py").write_text("raise SystemExit('imported')")
    (site / "torch-9.8.7.dist-info").mkdir()
    (site / "torch-9.8.7.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 9.8.7\n")
    done = kit.run(*WHO, env={"PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr
    assert manifest(Path(done.stdout.strip()))["versions"]["torch"] == "9.8.7"


def test_output_folder_is_made(kit: Kit) -> None:
    kit.collect("--output", "hand in/here")
    assert (kit.outbox / "hand in" / "here" / "Ada_Lovelace_vae.zip").is_file()


def test_modules_beside_the_notebooks_do_not_shadow_the_standard_library(kit: Kit) -> None:
    for folder in (kit.folder, kit.outbox):
        (folder / "json.py").write_text("raise SystemExit('shadowed')")
    kit.collect()


# ---------------------------------------------------------------- where the kit is


@pytest.fixture
def checkout(tmp_path: Path) -> Kit:
    made = Kit(tmp_path / "course" / "release" / "vae", tmp_path)
    made.save()
    (made.folder / SCRIPT.name).unlink()
    shutil.copy2(SCRIPT, tmp_path / "course")
    return made


def test_at_the_top_level_of_the_course_the_slug_names_the_release(checkout: Kit, tmp_path: Path) -> None:
    command = [str(tmp_path / "course" / SCRIPT.name)]
    done = checkout.run("vae", *WHO, command=command)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Ada_Lovelace_vae.zip").is_file()
    assert list(checkout.folder.glob("*.zip")) == []


@pytest.mark.parametrize("slug", [[], ["gan"], ["../release/vae"], ["."]])
def test_at_the_top_level_a_missing_or_unknown_slug_is_a_usage_error(checkout: Kit, tmp_path: Path, slug: list[str]) -> None:
    done = checkout.run(*slug, *WHO, command=[str(tmp_path / "course" / SCRIPT.name)])
    assert done.returncode == 2
    assert "vae" in done.stderr and "Traceback" not in done.stderr


def test_a_kit_takes_its_own_slug_and_no_other(kit: Kit) -> None:
    assert "there is no assignment 'gan'" in kit.refused("gan", status=2)
    kit.collect("vae")


def test_a_folder_that_is_no_kit_is_a_usage_error(kit: Kit) -> None:
    (kit.folder / "assignment.json").unlink()
    assert "is no kit: assignment.json is missing" in kit.refused(status=2)


def test_the_script_finds_its_kit_from_anywhere(kit: Kit, tmp_path: Path) -> None:
    dashed = tmp_path / "-kit $(x)"
    shutil.copytree(kit.folder, dashed)
    for command, cwd in (([BASH, SCRIPT.name], dashed), (["./" + SCRIPT.name], dashed), ([BASH, f"{dashed.name}/{SCRIPT.name}"], None)):
        settings = {"cwd": cwd} if cwd else {"cwd": tmp_path, "env": {"CDPATH": str(kit.folder)}}
        if cwd is None:
            command = [BASH, "--", command[1]]
        done = kit.run(*WHO, "--force", "--output", str(kit.outbox), command=command, **settings)
        assert done.returncode == 0, done.stderr
        assert str(dashed) in done.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda spec: spec.update(schema=2), "schema 1"),
        (lambda spec: spec.pop("declaration"), "damaged"),
        (lambda spec: spec.update(notebooks={}), "damaged"),
        (lambda spec: spec.update(notebooks={"../lab": {"cells": []}}), "damaged"),
        (lambda spec: spec.update(slug="../vae"), "damaged"),
        (lambda spec: spec["notebooks"]["lab"]["cells"][0].pop("id"), "damaged"),
        (lambda spec: spec.update(artifacts=["../*.txt"]), "leads out of the kit"),
        (lambda spec: spec.update(artifacts=["/etc/*"]), "leads out of the kit"),
        (lambda spec: spec.update(archive_name="{name.__class__}.zip"), "unknown field {name.__class__}"),
        (lambda spec: spec.update(archive_name="{secret}.zip"), "unknown field {secret}"),
    ],
)
def test_a_damaged_assignment_json_is_named(kit: Kit, change: Any, sentence: str) -> None:
    change(kit.spec)
    kit.save()
    said = kit.refused()
    assert "assignment.json" in said and sentence in said


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe\xff", b"[" * 100_000])
def test_an_unreadable_assignment_json_is_named(kit: Kit, data: bytes) -> None:
    kit.file("assignment.json", data)
    assert "assignment.json is" in kit.refused()


# ---------------------------------------------------------------- flags


def test_help_has_examples_and_exit_codes(kit: Kit) -> None:
    done = kit.run("--help")
    assert done.returncode == 0
    for text in ("./collect_submission.sh vae", "--collaborators", "--honest", "--output", "--force", "--yes", "exit status"):
        assert text in done.stdout


def test_unknown_flags_are_usage_errors(kit: Kit) -> None:
    assert "--nome" in kit.refused("--nome", "x", status=2)


@pytest.mark.parametrize("flag", ["--name", "--id", "--collaborators", "--honest"])
def test_without_a_terminal_each_missing_flag_is_named(kit: Kit, flag: str) -> None:
    place = WHO.index(flag)
    rest = WHO[:place] + WHO[place + (1 if flag == "--honest" else 2) :]
    done = kit.run(*rest)
    assert done.returncode == 2
    assert f"needed: {flag}." in done.stderr
    assert (DECLARATION in done.stderr) == (flag == "--honest")
    assert list(kit.outbox.iterdir()) == []


def test_all_missing_flags_are_named_at_once(kit: Kit) -> None:
    done = kit.run()
    assert done.returncode == 2
    assert "--name, --id, --collaborators, --honest" in done.stderr


@pytest.mark.parametrize("bad", ["", "../x", "a b", ".hidden", "\u00e9", "a/b", "-x", "x" * 65])
def test_ids_that_no_path_can_carry_are_usage_errors(kit: Kit, bad: str) -> None:
    done = kit.run("--name", "Ada Lovelace", f"--id={bad}", "--collaborators", "None", "--honest")
    assert done.returncode == 2
    assert "--id: an id is" in done.stderr
    assert list(kit.outbox.iterdir()) == []


@pytest.mark.parametrize(("flag", "bad"), [("--name", " "), ("--name", "../.."), ("--name", "x" * 101), ("--collaborators", "")])
def test_other_empty_or_endless_values_are_usage_errors(kit: Kit, flag: str, bad: str) -> None:
    assert f"{flag}: " in kit.refused(flag, bad, status=2)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Ada Lovelace", "Ada_Lovelace"),
        ("  Ada \t Lovelace ", "Ada_Lovelace"),
        ("\u00c5sa O'Neil/..\\x", "Asa_ONeilx"),
        ("Jean-Luc d\u2019Arc", "Jean-Luc_dArc"),
        ("S\u00f8ren \u0141ukasz Stra\u00dfe", "Sren_ukasz_Strae"),
        ("A\u030asa", "Asa"),
        ("\u738b\u4f1f", "s1815"),
        ("Li \u4f1f", "Li"),
        ("$(touch x) `id`; *", "touch_x_id"),
        ("..", None),
        ("-rf --", "rf"),
        ("x\x1b[31m\u202egnp.exe\x00", "x31mgnpexe"),
    ],
)
def test_names_give_safe_file_names(kit: Kit, name: str, stem: str | None) -> None:
    flags = (f"--name={name}".replace("\x00", ""), "--id", "s1815", "--collaborators", "none", "--honest")
    done = kit.run(*flags)
    if stem is None:
        assert done.returncode == 2 and list(kit.outbox.iterdir()) == []
        return
    assert done.returncode == 0, done.stderr
    assert [path.name for path in kit.outbox.iterdir()] == [f"{stem}_vae.zip"]
    written = manifest(kit.outbox / f"{stem}_vae.zip")
    assert written["collaborators"] == "None"
    assert written["name"] == " ".join(name.replace("\x1b", "").replace("\u202e", "").replace("\x00", "").split())


@pytest.mark.parametrize(
    ("template", "name", "archive"),
    [
        ("{last}_{first}_{id}_{slug}.zip", "Ada Maria Lovelace", "Lovelace_Ada_s1815_vae.zip"),
        ("{last}_{first}_{slug}", "Plato", "Plato_vae.zip"),
        ("../{name}/{slug}.zip", "Ada Lovelace", "Ada_Lovelacevae.zip"),
        ("{first} {last}.zip", "Ada Lovelace", "Ada_Lovelace.zip"),
        ("...", "Ada", "vae.zip"),
    ],
)
def test_archive_name_follows_the_template_with_safe_characters(kit: Kit, template: str, name: str, archive: str) -> None:
    kit.spec["archive_name"] = template
    kit.save()
    done = kit.run(*WHO, "--name", name)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in kit.outbox.iterdir()] == [archive]


# ---------------------------------------------------------------- notebooks that cannot be handed in


def notebook_bytes(**changes: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell("code", "x")], **changes}).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "lab.ipynb is empty (0 bytes)"),
        (b" \n\n", "lab.ipynb is empty (3 bytes)"),
        (b"{", "lab.ipynb is damaged, it is not JSON"),
        (b'{"cells": "\xff"}', "lab.ipynb is damaged, it is not JSON"),
        (b"[" * 100_000, "lab.ipynb is damaged, it is not JSON"),
        (b'{\n<<<<<<< HEAD\n"cells": []\n', "lab.ipynb holds the marks of a git merge conflict"),
        (b"[]", "lab.ipynb is no Jupyter notebook"),
        (b'{"cells": []}', "lab.ipynb is no Jupyter notebook"),
        (notebook_bytes(nbformat=3, worksheets=[]), "lab.ipynb is of notebook format 3"),
        (notebook_bytes(nbformat=True), "lab.ipynb is of notebook format True"),
        (notebook_bytes(cells=[]), "lab.ipynb has no cells with anything in them"),
        (notebook_bytes(cells=[cell("code", " \n")]), "lab.ipynb has no cells with anything in them"),
        (notebook_bytes(cells={}), "lab.ipynb is damaged, its list of cells"),
        (notebook_bytes(cells=["x"]), "lab.ipynb is damaged, its list of cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_notebook_that_cannot_be_read_stops(kit: Kit, data: bytes, sentence: str) -> None:
    kit.file("lab.ipynb", data)
    assert f"error: {sentence}" in kit.refused()


def test_every_notebook_that_is_wrong_is_named(kit: Kit) -> None:
    (kit.folder / "lab.ipynb").unlink()
    kit.file("theory.ipynb", b"")
    said = kit.refused()
    assert "error: lab.ipynb is missing" in said and "error: theory.ipynb is empty" in said


def test_a_notebook_under_another_name_is_pointed_out(kit: Kit) -> None:
    (kit.folder / "lab.ipynb").rename(kit.folder / "lab (1).ipynb")
    said = kit.refused()
    assert "lab.ipynb is missing" in said and "rename it to lab.ipynb" in said and "lab (1).ipynb" in said


def test_odd_cells_cost_only_themselves(kit: Kit) -> None:
    kit.notebooks["lab"] += [
        {},
        {"cell_type": "code", "source": 3, "metadata": [], "outputs": 5},
        {"cell_type": "code", "source": ["a", 1], "metadata": {"nbgrader": "x", "tags": 3}, "execution_count": 7, "outputs": []},
        cell("raw", "\ud800", "foreign"),
    ]
    kit.notebooks["lab"][-1]["execution_count"] = 8
    assert kit.warnings() == []


def test_source_may_be_a_list_of_lines(kit: Kit) -> None:
    for cells in kit.notebooks.values():
        for each in cells:
            each["source"] = each["source"].splitlines(keepends=True)
    assert kit.warnings() == []
    kit.cell("build_vae")["source"] = kit.blank_source("build_vae").splitlines(keepends=True)
    assert kit.warnings() == ["lab.ipynb: build_vae: left blank."]


# ---------------------------------------------------------------- warnings about answers


@pytest.mark.parametrize("with_metadata", [True, False])
@pytest.mark.parametrize("change", [str, lambda text: text.replace("\n", "\r\n"), lambda text: text + "\n\n"])
def test_answers_left_blank_are_named(kit: Kit, with_metadata: bool, change: Any) -> None:
    for name in ("kl_divergence", "vae_training"):
        answer = kit.cell(name)
        answer["source"] = change(kit.blank_source(name))
        if not with_metadata:
            answer["metadata"] = {}
    warnings = kit.warnings()
    assert "lab.ipynb: kl_divergence, vae_training: left blank." in warnings
    assert len(warnings) == (1 if with_metadata else 2)
    assert "lab.ipynb: 1 of 3 answers filled in" in kit.collect("--force")[0]


@pytest.mark.parametrize(("name", "source"), [("kl_divergence", "# question: kl_divergence\n\n  # later"), ("vae_training", " ")])
def test_an_emptied_answer_is_blank(kit: Kit, name: str, source: str) -> None:
    kit.cell(name)["source"] = source
    assert kit.warnings() == [f"lab.ipynb: {name}: left blank."]


def test_an_answer_that_is_only_a_picture_is_not_blank(kit: Kit) -> None:
    kit.cell("vae_training")["source"] = "<!-- question: vae_training -->\n![](attachment:drawing.png)"
    assert kit.warnings() == []


def test_a_placeholder_within_an_answer_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["source"] += "\n\ndef more():\n    raise NotImplementedError()"
    assert kit.warnings() == ["lab.ipynb: build_vae: still with `raise NotImplementedError` in it."]


def test_lost_metadata_with_a_marker_will_still_be_found(kit: Kit) -> None:
    for name in ("kl_divergence", "vae_training"):
        kit.cell(name)["metadata"] = {}
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: kl_divergence, vae_training: lost nbgrader's metadata")
    assert "the answer will still be found" in warning


def test_lost_marker_and_metadata_fall_back_on_the_cell_id(kit: Kit) -> None:
    answer = kit.cell("kl_meaning")
    answer.update(metadata={}, source="It measures nats.", id="kl_meaning")
    (warning,) = kit.warnings()
    assert warning.startswith("theory.ipynb: kl_meaning: lost nbgrader's metadata and the marker comment, but the cell's id is there")


def test_lost_marker_and_metadata_fall_back_on_the_name(kit: Kit) -> None:
    answer = kit.cell("kl_divergence")
    answer["metadata"], answer["source"] = {}, answer["source"].split("\n", 1)[1]
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: kl_divergence: lost metadata and marker; the answer will be found by the name")


def test_a_deleted_answer_is_lost(kit: Kit) -> None:
    kit.cells_of("kl_divergence").remove(kit.cell("kl_divergence"))
    kit.cells_of("kl_meaning").remove(kit.cell("kl_meaning"))
    warnings = kit.warnings()
    assert [warning.split("; ")[0] for warning in warnings] == [
        "lab.ipynb: kl_divergence: lost, neither the cell nor its marker is there",
        "theory.ipynb: kl_meaning: lost, neither the cell nor its marker is there",
    ]


def test_a_marker_in_another_answer_does_not_stand_for_a_lost_one(kit: Kit) -> None:
    kit.cells_of("kl_divergence").remove(kit.cell("kl_divergence"))
    kit.cell("build_vae")["source"] = ANSWERS["kl_divergence"]
    assert kit.warnings()[0].startswith("lab.ipynb: kl_divergence: lost, neither")


def test_missing_and_doubled_cells_of_the_course_are_told_apart_from_answers(kit: Kit) -> None:
    cells = kit.notebooks["lab"]
    cells.remove(kit.cell("test_kl_divergence"))
    cells.append(cell("code", "import torch", "lab_1", 9))
    warnings = kit.warnings()
    assert len(warnings) == 2
    assert warnings[0].startswith("lab.ipynb: test_kl_divergence: missing or without metadata")
    assert warnings[1].startswith("lab.ipynb: lab_1: there more than once")


@pytest.mark.parametrize("with_metadata", [True, False])
def test_a_doubled_answer_is_named_and_the_last_that_is_not_blank_counts(kit: Kit, with_metadata: bool) -> None:
    copy = cell("code", kit.blank_source("build_vae"), "build_vae" if with_metadata else None, 7)
    kit.notebooks["lab"].append(copy)
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: build_vae: there more than once")
    kit.cell("build_vae")["source"] = kit.blank_source("build_vae")
    assert [text.split(": ")[2][:10] for text in kit.warnings()] == ["there more", "left blank"]


def test_an_answer_of_the_wrong_cell_type_is_named(kit: Kit) -> None:
    kit.cell("kl_divergence")["cell_type"] = "markdown"
    kit.cell("kl_meaning")["cell_type"] = "code"
    warnings = kit.warnings()
    assert "lab.ipynb: kl_divergence: no code cell any more; set its type to Code." in warnings
    assert "theory.ipynb: kl_meaning: no Markdown cell any more; set its type to Markdown." in warnings


def test_an_answer_whose_last_run_failed_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["outputs"] = [{"output_type": "error", "ename": "Name\x1bError", "evalue": "", "traceback": []}]
    assert kit.warnings() == ["lab.ipynb: build_vae (NameError): ended in an error when last run."]


def test_long_lists_of_names_are_cut(kit: Kit) -> None:
    entry = kit.spec["notebooks"]["lab"]["cells"][1]
    kit.spec["notebooks"]["lab"]["cells"] += [{**entry, "id": f"more_{number}"} for number in range(11)]
    (warning,) = kit.warnings()
    assert "more_7 and 3 more: lost" in warning


# ---------------------------------------------------------------- limits


def test_words_over_the_limit_are_counted(kit: Kit) -> None:
    answer = kit.cell("vae_training")
    answer["source"] = "<!-- question: vae_training -->\n\n$x_0 = 1 + 2$ two three four five six seven eight"
    assert kit.warnings() == []
    answer["source"] += " nine"
    assert kit.warnings() == ["lab.ipynb: vae_training (Title of vae_training) has 9 words, the limit is 8."]


def test_sentences_over_the_limit_are_counted(kit: Kit) -> None:
    answer = kit.cell("kl_meaning")
    answer["source"] = "<!-- question: kl_meaning -->\nOne, e.g. this. Two of 3.5 nats!"
    assert kit.warnings() == []
    answer["source"] += " Three?"
    assert kit.warnings() == ["theory.ipynb: kl_meaning (Title of kl_meaning) has 3 sentences, the limit is 2."]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The Python inside the script, as a module."""
    file = tmp_path_factory.mktemp("program") / "collect_program.py"
    file.write_text(embedded(), encoding="ascii")
    spec = importlib.util.spec_from_file_location("collect_program", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def embedded() -> str:
    text = SCRIPT.read_text(encoding="ascii")
    return text.split("<<'PYTHON' || true\n")[1].split("\nPYTHON\n")[0] + "\n"


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("YOUR ANSWER HERE", 0),
        ("<!-- question: q -->\n<!-- a\nlong comment -->", 0),
        ("one two-three don't four", 4),
        ("- one\n* two\n+ three\n1. four\n2) five", 5),
        ("in 2020 they had 3.5 nats", 6),
        ("one\u2014two \u2013 three -- four", 4),
        ("the $x$-axis and $a + b$, $c$.", 5),
        ("so\n\n$$\na = b \\$ c\n+ d\n$$\n\nand", 3),
        ("\\[ a + b \\] and \\( c d \\)", 3),
        ("\\begin{align*} a &= b \\\\ c &= d \\end{align*} end", 2),
        ("it costs $5 and $6 today", 6),
        ("a \\$ b", 2),
        ("one $a\n\nb$ two", 4),
        ("use `torch.sum(x, 1)` ``a ` b`` here", 4),
        ("before\n\n```python\nx = 1  # a b c\n```\n\nafter", 2),
        ("~~~\na drawing --> b\n~~~", 0),
        ("![the alt text](attachment:x.png) see [this paper](https://a.b/c d)", 3),
        ("<b>bold</b> text<br/> a < b", 4),
        ("# A heading\n\n**bold** *word*", 4),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 4),
        ("\u00c5sa l\u00e4ser \u03bc", 3),
    ],
)
def test_words_as_a_reader_counts_them(program: ModuleType, text: str, n_words: int) -> None:
    assert program.count_words(program.plain_text(text)) == n_words


@pytest.mark.parametrize(
    ("text", "n_sentences"),
    [
        ("", 0),
        ("No full stop", 1),
        ("One. Two! Three? Four", 4),
        ('He said "no." Then (yes.) Done...', 3),
        ("Ho et al. (2020) show it in Fig. 2 and Eq. 4, i.e. there. See D. P. Kingma.", 2),
        ("One paragraph\n\nanother", 2),
        ("one line\nbroken in two", 1),
        ("We find:\n- a\n- b.\n1. c", 4),
        ("# Heading\nOne.\n\n## Another\n\nTwo.", 2),
        ("The bound is\n\n$$a = b$$\n\nwhere b is small. Yes.", 2),
        ("The bound is $$a = b.$$\n\nThen it holds.", 2),
        ("It is 3.5 nats, see torch.sum.", 1),
        ("...", 0),
        ("`a. B. C.` is code.", 1),
    ],
)
def test_sentences_with_doubt_counted_for_the_student(program: ModuleType, text: str, n_sentences: int) -> None:
    assert program.count_sentences(program.plain_text(text)) == n_sentences


def test_counting_long_hostile_text_takes_no_time(program: ModuleType) -> None:
    start = time.process_time()
    for text in (
        "$a" * 5000,
        "`" * 5000,
        "\\begin{a}" * 2000,
        "<!--" * 3000,
        "[" * 5000,
        "\n" * 10000,
        " \n" * 5000,
        " " * 10000,
        ". " * 5000,
    ):
        program.count_sentences(program.plain_text(text))
    assert time.process_time() - start < 10


# ---------------------------------------------------------------- warnings about saving and running


def test_a_notebook_that_was_never_run_is_named_unless_it_has_nothing_to_run(kit: Kit) -> None:
    kit.notebooks["theory"].append(cell("code", "1 + 1"))
    for each in kit.notebooks["lab"]:
        each.pop("execution_count", None)
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: no code cell was ever run")


def test_a_notebook_run_out_of_order_is_named(kit: Kit) -> None:
    kit.cell("build_vae")["execution_count"] = 2
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: not run in order (cell 4 ran before cell 3)")


def test_cells_that_were_not_run_are_counted_but_empty_ones_are_not(kit: Kit) -> None:
    kit.notebooks["lab"].append(cell("code", " "))
    assert kit.warnings() == []
    kit.cell("train_vae")["execution_count"] = None
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb: 1 of 5 code cells were not run.")


def test_a_newer_checkpoint_with_other_work_is_named(kit: Kit) -> None:
    checkpoint = kit.file(".ipynb_checkpoints/lab-checkpoint.ipynb", b"{}")
    os.utime(checkpoint, (time.time() - 100, time.time() - 100))
    assert kit.warnings() == []
    os.utime(checkpoint, (time.time() + 100, time.time() + 100))
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb is older than Jupyter's checkpoint of it")
    checkpoint.write_bytes((kit.folder / "lab.ipynb").read_bytes())
    os.utime(checkpoint, (time.time() + 100, time.time() + 100))
    assert kit.warnings() == []


def test_training_after_the_last_save_is_named(kit: Kit) -> None:
    weights = kit.file("artifacts/vae.safetensors", b"x")
    os.utime(weights, (time.time() + 100, time.time() + 100))
    assert kit.warnings() == ["lab.ipynb: not saved since artifacts/vae.safetensors was written: save the notebook."]
    kit.cell("train_vae")["metadata"].pop("tags")
    assert kit.warnings() == []


def test_a_notebook_larger_than_the_grader_opens_is_named(kit: Kit) -> None:
    kit.cell("train_vae")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * (20 * 2**20)}]
    (warning,) = kit.warnings()
    assert warning.startswith("lab.ipynb has 20.0 MB, and the grader opens 20.0 MB at most")
    with zipfile.ZipFile(kit.outbox / "Ada_Lovelace_vae.zip") as archive:
        stored, shrunk = archive.getinfo("lab.ipynb"), archive.getinfo("theory.ipynb")
    assert stored.compress_size == stored.file_size, "a line printed a million times looks like a zip bomb when it is deflated"
    assert shrunk.compress_size < shrunk.file_size


# ---------------------------------------------------------------- artifacts and links


def archived(kit: Kit) -> list[str]:
    with zipfile.ZipFile(kit.outbox / "Ada_Lovelace_vae.zip") as archive:
        return archive.namelist()


def test_artifacts_are_what_the_patterns_name(kit: Kit) -> None:
    kit.spec["artifacts"] = ["artifacts/*.safetensors", "figures/**/*.png", "*.ipynb", "*.json"]
    for name in ("artifacts/b.safetensors", "artifacts/a.safetensors", "artifacts/x.pt", "artifacts/.hidden.safetensors"):
        kit.file(name, b"x")
    kit.file("figures/one/two/plot.png", b"x")
    kit.file(".ipynb_checkpoints/lab.ipynb", b"x")
    (kit.folder / "artifacts" / "folder.safetensors").mkdir()
    assert kit.warnings() == []
    chosen = ["artifacts/a.safetensors", "artifacts/b.safetensors", "figures/one/two/plot.png", "assignment.json"]
    assert archived(kit) == ["lab.ipynb", "theory.ipynb", *chosen, "submission.json"]


def test_a_pattern_without_a_file_is_said_but_no_warning(kit: Kit) -> None:
    said, written = kit.collect()
    assert "(no file matches artifacts/*.safetensors)" in said
    assert written["warnings"] == []


def test_artifacts_larger_than_the_grader_takes_are_named(kit: Kit) -> None:
    with kit.file("artifacts/a.safetensors", b"").open("r+b") as stream:
        stream.truncate(65 * 2**20)
    (warning,) = kit.warnings()
    assert warning.startswith("the artifacts have 65.0 MB together, and the grader takes 64.0 MB at most")


def test_artifact_names_that_an_archive_cannot_carry_stay_out(kit: Kit) -> None:
    for name in ("a\\b.safetensors", "a\nb.safetensors", "\u00e9.safetensors", "-x.safetensors", "ok.safetensors"):
        kit.file(f"artifacts/{name}", b"x")
    warnings = kit.warnings()
    assert len(warnings) == 4 and all("is left out: its name must be made of" in warning for warning in warnings)
    assert archived(kit) == ["lab.ipynb", "theory.ipynb", "artifacts/ok.safetensors", "submission.json"]


def test_artifacts_whose_names_differ_in_capitals_alone_are_not_both_taken(kit: Kit) -> None:
    kit.file("artifacts/VAE.safetensors", b"x")
    kit.file("artifacts/vae.safetensors", b"y")
    if (kit.folder / "artifacts" / "VAE.safetensors").read_bytes() != b"x":
        pytest.skip("this disk holds both names as one file")
    (warning,) = kit.warnings()
    assert warning.startswith("artifacts/vae.safetensors is left out: another file has the same name but for capitals")
    assert archived(kit) == ["lab.ipynb", "theory.ipynb", "artifacts/VAE.safetensors", "submission.json"]


def test_a_link_to_nothing_stays_out(kit: Kit) -> None:
    (kit.folder / "artifacts").mkdir()
    (kit.folder / "artifacts" / "a.safetensors").symlink_to("gone")
    assert kit.warnings() == ["artifacts/a.safetensors is left out: it is a link that leads to no file."]


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_artifacts_behind_a_link_out_of_the_kit_stay_out(kit: Kit, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.safetensors").write_bytes(b"secret")
    if linked == "folder":
        (kit.folder / "artifacts").symlink_to(outside)
    else:
        (kit.folder / "artifacts").mkdir()
        (kit.folder / "artifacts" / "secret.safetensors").symlink_to(outside / "secret.safetensors")
    (warning,) = kit.warnings()
    assert warning.startswith("artifacts/secret.safetensors is left out: it leads out of the kit")
    assert archived(kit) == ["lab.ipynb", "theory.ipynb", "submission.json"]


def test_a_link_within_the_kit_is_handed_in_as_a_file(kit: Kit) -> None:
    kit.file("weights/real.bin", b"weights")
    (kit.folder / "artifacts").mkdir()
    (kit.folder / "artifacts" / "vae.safetensors").symlink_to("../weights/real.bin")
    assert kit.warnings() == []
    with zipfile.ZipFile(kit.outbox / "Ada_Lovelace_vae.zip") as archive:
        assert archive.read("artifacts/vae.safetensors") == b"weights"


@pytest.mark.parametrize("name", ["lab.ipynb", "assignment.json"])
def test_notebooks_and_assignment_behind_a_link_out_of_the_kit_stop(kit: Kit, tmp_path: Path, name: str) -> None:
    (kit.folder / name).rename(tmp_path / name)
    (kit.folder / name).symlink_to(tmp_path / name)
    assert f"{name} is a link that leads out of" in kit.refused()


@pytest.mark.parametrize("kind", ["pipe", "folder", "dangling"])
def test_a_notebook_that_is_no_file_stops(kit: Kit, kind: str) -> None:
    path = kit.folder / "lab.ipynb"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("gone.ipynb")
    assert "lab.ipynb in" in kit.refused()


# ---------------------------------------------------------------- overwriting and failing to write


def test_an_archive_is_replaced_only_when_told(kit: Kit) -> None:
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    said = kit.refused()
    assert "exists already" in said and "--force" in said
    assert "exists already" in kit.refused("--yes")
    assert target.read_bytes() == b"earlier"
    kit.collect("--force")
    assert manifest(target)["id"] == "s1815"


def test_forcing_replaces_a_link_and_not_what_it_leads_to(kit: Kit, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.symlink_to(precious)
    assert "exists already" in kit.refused()
    kit.collect("--force")
    assert precious.read_bytes() == b"precious" and not target.is_symlink()


def test_a_folder_of_the_archives_name_stops_even_when_forced(kit: Kit) -> None:
    (kit.outbox / "Ada_Lovelace_vae.zip").mkdir()
    assert "is a folder" in kit.refused("--force")


def test_an_output_that_is_no_folder_stops(kit: Kit) -> None:
    (kit.outbox / "file").write_text("x")
    assert "could not be written" in kit.refused("--output", "file")


def test_a_full_disk_leaves_nothing_behind_and_the_earlier_archive_whole(kit: Kit) -> None:
    kit.file("artifacts/a.safetensors", os.urandom(200_000))
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    kit.save()
    limited = [BASH, "-c", 'ulimit -f 50; exec "$0" "$@"', str(kit.folder / SCRIPT.name)]
    done = kit.run(*WHO, "--force", command=limited)
    assert done.returncode == 1
    assert "could not be written (File too large)" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in kit.outbox.iterdir()] == [target.name] and target.read_bytes() == b"earlier"


# ---------------------------------------------------------------- at a terminal


def test_a_conversation_asks_for_what_is_missing(kit: Kit) -> None:
    done = kit.talk("\n\u00c5sa  \u00d6berg\ns 1\ns1\n\nBo and Cy\nyes\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{kit.outbox / 'Asa_Oberg_vae.zip'}\n"
    written = manifest(kit.outbox / "Asa_Oberg_vae.zip")
    assert (written["name"], written["id"], written["collaborators"]) == ("\u00c5sa \u00d6berg", "s1", "Bo and Cy")
    assert DECLARATION in done.stderr and done.stderr.count("Your student id: ") == 2 and done.stderr.count("Your name") == 2


def test_a_conversation_asks_only_for_what_is_missing(kit: Kit) -> None:
    done = kit.talk("NONE\nyes\n", "--name", "Ada Lovelace", "--id", "s1815")
    assert done.returncode == 0, done.stderr
    assert "Your name" not in done.stderr and "Your student id" not in done.stderr
    assert manifest(kit.outbox / "Ada_Lovelace_vae.zip")["collaborators"] == "None"


@pytest.mark.parametrize("answer", ["y", "no", "", "yes, mostly"])
def test_the_declaration_takes_yes_and_nothing_else(kit: Kit, answer: str) -> None:
    done = kit.talk(f"{answer}\n", *WHO[:-1])
    assert done.returncode == 1
    assert "without the declaration nothing can be handed in" in done.stderr
    assert list(kit.outbox.iterdir()) == []


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("yes", 0), ("n", 1), ("", 1)])
def test_warnings_are_confirmed_at_a_terminal(kit: Kit, answer: str, status: int) -> None:
    kit.cell("kl_meaning")["source"] = kit.blank_source("kl_meaning")
    kit.save()
    done = kit.talk(f"{answer}\n", *WHO)
    assert done.returncode == status, done.stderr
    assert "kl_meaning: left blank." in done.stderr and "Hand it in as it is? [y/N]" in done.stderr
    assert len(list(kit.outbox.iterdir())) == 1 - status


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 1)])
def test_overwriting_is_asked_at_a_terminal(kit: Kit, answer: str, status: int) -> None:
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    done = kit.talk(f"{answer}\n", *WHO)
    assert done.returncode == status, done.stderr
    assert "Replace it? [y/N]" in done.stderr
    assert (target.read_bytes() == b"earlier") == (status == 1)


def test_yes_asks_nothing_even_at_a_terminal(kit: Kit) -> None:
    kit.cell("kl_meaning")["source"] = kit.blank_source("kl_meaning")
    kit.save()
    done = kit.talk("", *WHO, "--yes")
    assert done.returncode == 0, done.stderr
    assert "left blank" in done.stderr and "[y/N]" not in done.stderr
    done = kit.talk("", "--yes", "--force", *WHO[:-1])
    assert done.returncode == 2 and "needed: --honest." in done.stderr


def test_the_end_of_input_stops(kit: Kit) -> None:
    done = kit.talk(b"Ada\n\x04")
    assert done.returncode == 1
    assert "stopped: nothing was written." in done.stderr and list(kit.outbox.iterdir()) == []


def test_an_interrupt_stops(kit: Kit) -> None:
    master, slave = pty.openpty()
    command = [BASH, str(kit.folder / SCRIPT.name)]
    with subprocess.Popen(
        command, stdin=slave, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=kit.outbox, env={**os.environ, "PATH": PATH}
    ) as process:
        try:
            assert process.stderr is not None
            said = b""
            while b"Your name" not in said:
                piece = os.read(process.stderr.fileno(), 1000)
                assert piece, said
                said += piece
            process.send_signal(signal.SIGINT)
            rest = process.stderr.read()
            assert process.wait(TIMEOUT_S) == 130
            assert b"stopped: nothing was written." in rest and b"Traceback" not in rest
        finally:
            process.kill()
            os.close(master)
            os.close(slave)


# ---------------------------------------------------------------- the script itself


@pytest.mark.parametrize("python3", [None, "exit 9", "exit 1"], ids=["missing", "stand-in", "old"])
def test_without_python3_the_cure_is_said(kit: Kit, tmp_path: Path, python3: str | None) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    if python3 is not None:
        (path / "python3").write_text(f"#!{BASH}\n{python3}\n")
        (path / "python3").chmod(0o755)
    done = kit.run(*WHO, env={"PATH": str(path)})
    assert done.returncode == 1
    assert done.stderr == (
        "error: python3 (3.8 or later) was not found on the PATH: activate the environment in which you run Jupyter, then try again.\n"
    )


def test_an_environment_that_calls_it_python_will_do(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    (path / "python").write_text(f'#!{BASH}\nexec "{sys.executable}" "$@"\n')
    (path / "python").chmod(0o755)
    done = kit.run(*WHO, env={"PATH": str(path)})
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs sh")
def test_it_may_be_started_with_sh(kit: Kit) -> None:
    done = kit.run(*WHO, command=["sh", str(kit.folder / SCRIPT.name)])
    assert done.returncode == 0, done.stderr


def test_a_plain_locale_is_enough(kit: Kit) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    kit.spec["title"] = "Auto-\u00e9ncodeurs"
    kit.save()
    done = kit.run(*WHO, "--name", "\u00c5sa", env=environment)
    assert done.returncode == 0, done.stderr
    assert (kit.outbox / "Asa_vae.zip").is_file()


def test_bash_accepts_the_script_and_it_is_executable() -> None:
    subprocess.run([BASH, "-n", str(SCRIPT)], check=True)
    assert os.access(SCRIPT, os.X_OK)
    assert SCRIPT.read_bytes().isascii(), "bash 3.2 and a C locale read bytes"


def test_the_program_is_python_3_8_with_the_standard_library_alone() -> None:
    tree = ast.parse(embedded(), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= set(sys.stdlib_module_names)


def test_the_program_is_as_tidy_as_the_rest() -> None:
    """`make check` does not see Python inside a shell script, so ruff looks at it here."""
    common = ["--target-version", "py38", "--config", str(SCRIPT.parent / "pyproject.toml"), "--stdin-filename", "program.py", "-"]
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *verb, *common], input=embedded(), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
