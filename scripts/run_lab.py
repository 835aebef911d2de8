"""Run a notebook of the instructor's from top to bottom, as `make labs` does: time, peak memory, figures, and the executed notebook.

python scripts/run_lab.py vae lab build/labs            # DGM_FAST=1 for a few iterations only
"""

from __future__ import annotations

import argparse
import base64
import resource
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Execute `source/<slug>/<notebook>.ipynb` in `<out>/<slug>` and leave the notebook, its figures and its artifacts there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slug")
    parser.add_argument("notebook")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    folder = arguments.out / arguments.slug
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(ROOT / "source" / arguments.slug / f"{arguments.notebook}.ipynb", as_version=4)
    start = time.perf_counter()
    client = NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": str(folder)}})
    client.execute()
    seconds = time.perf_counter() - start
    nbformat.write(notebook, folder / f"{arguments.notebook}.ipynb")
    n_figures = save_figures(notebook, folder / "figures")
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{arguments.slug}/{arguments.notebook}: {seconds:.0f} s, peak {peak_mib:.0f} MiB, {n_figures} figures in {folder / 'figures'}")


def save_figures(notebook: nbformat.NotebookNode, folder: Path) -> int:
    """Write every PNG of the outputs as `<number>_<cell>.png`; how many there were."""
    folder.mkdir(exist_ok=True)
    number = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                number += 1
                (folder / f"{number:02d}_{cell.id}.png").write_bytes(base64.b64decode(output.data["image/png"]))
    return number


if __name__ == "__main__":
    main()
