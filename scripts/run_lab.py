"""Run notebooks of the instructor's from top to bottom, as `make labs` does: time, peak memory,
figures, and the executed notebooks.

    python scripts/run_lab.py build/labs               every lab of the course
    python scripts/run_lab.py build/labs gan           one assignment's, in order: a later one reads
                                                       the artifacts of earlier ones
    python scripts/run_lab.py build/labs gan losses    one notebook

DGM_FAST=1 in the environment: a few iterations only.
"""

from __future__ import annotations

import argparse
import base64
import os
import resource
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from autograder.course.assignment import labs, slugs

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Execute `source/<slug>/<notebook>.ipynb` in `<out>/<slug>` and leave the notebook, its
    figures and its artifacts there.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("slug", nargs="?", choices=slugs(ROOT))
    parser.add_argument("notebook", nargs="?")
    arguments = parser.parse_args()
    os.environ.setdefault("AUTOGRADER_COURSE", str(ROOT))  # the notebooks run in `out`
    for slug in [arguments.slug] if arguments.slug else slugs(ROOT):
        names = [arguments.notebook] if arguments.notebook else labs(slug, ROOT)
        for name in names:
            run(slug, name, arguments.out / slug)


def run(slug: str, name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(ROOT / "source" / slug / f"{name}.ipynb", as_version=4)
    start = time.perf_counter()
    NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": str(folder)}}).execute()
    seconds = time.perf_counter() - start
    nbformat.write(notebook, folder / f"{name}.ipynb")
    n_figures = save_figures(notebook, folder / "figures" / name)
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{slug}/{name}: {seconds:.0f} s, peak so far {peak_mib:.0f} MiB, {n_figures} "
        f"figures in {folder / 'figures' / name}",
        flush=True,
    )


def save_figures(notebook: nbformat.NotebookNode, folder: Path) -> int:
    """Write every PNG of the outputs as `<number>_<cell>.png`; how many there were."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                number += 1
                (folder / f"{number:02d}_{cell.id}.png").write_bytes(
                    base64.b64decode(output.data["image/png"])
                )
    return number


if __name__ == "__main__":
    main()
