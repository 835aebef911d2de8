"""A kit as students have it, which each test builds under tmp_path and changes."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from dgm.handin import HandInError
from dgm.handin.contents import Contents, examine
from dgm.handin.kit import SCHEMA, load_kit

ROOT = Path(__file__).resolve().parent.parent.parent
DGM = ROOT / "assignments" / "dgm"
SCRIPT = ROOT / "collect_submission.sh"
BASH = shutil.which("bash") or "/bin/bash"
DECLARATION = "This is my own work, and I named everyone who helped me."
WHO = ("--name", "Ada Lovelace", "--id", "s1815", "--collaborators", "None", "--honest")
TIMEOUT_S = 60
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

Cell = dict[str, Any]


def cell(
    kind: str,
    source: str,
    grade_id: str | None = None,
    count: int | None = None,
    tags: tuple[str, ...] = (),
) -> Cell:
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if grade_id:
        metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id}
    if kind == "markdown":
        return {"cell_type": "markdown", "metadata": metadata, "source": source}
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "execution_count": count,
        "outputs": [],
    }


STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"
RELEASED = {
    "lab": [
        ("course", "lab_1", "code", "import torch"),
        (
            "answer",
            "kl_divergence",
            "code",
            f"# question: kl_divergence\ndef kl_divergence(mu, logvar):\n{STUB}",
        ),
        ("check", "test_kl_divergence", "code", "assert kl_divergence(0, 0) == 0"),
        ("answer", "build_vae", "code", f"# question: build_vae\ndef build_vae():\n{STUB}"),
        ("course", "train_vae", "code", "model = build_vae()"),
        (
            "analysis",
            "vae_training",
            "markdown",
            "<!-- question: vae_training -->\nYOUR ANSWER HERE",
        ),
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


def notebook_bytes(**changes: Any) -> bytes:
    cells = [cell("code", "x")]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **changes}
    return json.dumps(notebook).encode()


def copy_dgm(folder: Path) -> None:
    """Put dgm into a folder, as far as the script needs it."""
    (folder / "dgm").mkdir(parents=True)
    shutil.copy2(DGM / "__init__.py", folder / "dgm")
    shutil.copytree(
        DGM / "handin", folder / "dgm" / "handin", ignore=shutil.ignore_patterns("__pycache__")
    )


class Kit:
    """A kit in a folder: `notebooks` holds the cells to be saved, `spec` the assignment.json."""

    def __init__(self, folder: Path, outbox: Path) -> None:
        self.folder, self.outbox = folder, outbox
        self.notebooks: dict[str, list[Cell]] = {}
        self.spec: dict[str, Any] = {
            "schema": SCHEMA,
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
                entry = {"id": grade_id, "kind": kind, "title": f"Title of {grade_id}"}
                released = {"source": source} if kind in ("answer", "analysis") else {}
                described.append({**entry, "words": words, "sentences": sentences, **released})
                tags = ("train",) if grade_id.startswith("train") else ()
                built.append(cell(cell_type, ANSWERS.get(grade_id, source), grade_id, place, tags))
            self.spec["notebooks"][name] = {"cells": described}
            self.notebooks[name] = built
        folder.mkdir(parents=True)
        shutil.copy2(SCRIPT, folder)
        copy_dgm(folder)

    def cell(self, grade_id: str) -> Cell:
        return next(
            each
            for cells in self.notebooks.values()
            for each in cells
            if each["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        )

    def cells_of(self, grade_id: str) -> list[Cell]:
        """The notebook's list that the cell is in."""
        return next(cells for cells in self.notebooks.values() if self.cell(grade_id) in cells)

    def blank_source(self, grade_id: str) -> str:
        return next(
            source
            for cells in RELEASED.values()
            for _, name, _, source in cells
            if name == grade_id
        )

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def save(self) -> None:
        self.file("assignment.json", json.dumps(self.spec).encode())
        for name, cells in self.notebooks.items():
            self.file(f"{name}.ipynb", notebook_bytes(cells=cells))

    def examined(self) -> Contents:
        """Save, and check the files in this process."""
        self.save()
        return examine(load_kit(self.folder))

    def warnings(self) -> list[str]:
        return self.examined().warnings

    def problem(self) -> str:
        """Why the files, as they lie there, cannot be handed in."""
        with pytest.raises(HandInError) as caught:
            examine(load_kit(self.folder))
        return str(caught.value)

    def run(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run the kit's script without a terminal."""
        command = options.pop("command", [BASH, str(self.folder / SCRIPT.name)])
        environment = {**os.environ, "PATH": PATH}
        environment.pop("PYTHONPATH", None)  # students do not have the course's checkout there
        environment |= options.pop("env", {})
        settings = {
            "stdin": subprocess.DEVNULL,
            "cwd": self.outbox,
            "timeout": TIMEOUT_S,
            "env": environment,
            **options,
        }
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, encoding="utf-8", **settings
        )

    def collect(self, *arguments: str) -> tuple[str, dict[str, Any]]:
        """Save, run with all flags, expect an archive; what was said, and the manifest."""
        self.save()
        done = self.run(*WHO, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stderr, manifest(Path(done.stdout.strip()))

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
