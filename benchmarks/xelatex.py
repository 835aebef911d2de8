"""`nbconvert --to pdf` with the machine's XeLaTeX: `python -m benchmarks.xelatex NOTEBOOKS`.

pandoc comes from its wheel, as for `autograder pdf`. What newer pandocs write asks for a counter
that nbconvert's template does not make, and an error of TeX would wait for somebody at the
keyboard: the command that nbconvert runs makes the counter and does not wait. A notebook that TeX
refuses costs that notebook.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from autograder.publish.pdf.markdown import pandoc_path

COMMAND = [
    *("xelatex", "-interaction=nonstopmode", "-jobname=notebook"),
    r"\newcounter{{none}}\input{{{filename}}}",
]
MISSING = (
    "no XeLaTeX on this machine: `apt-get install texlive-xetex texlive-latex-recommended "
    "texlive-latex-extra texlive-fonts-recommended texlive-plain-generic`"
)


def xelatex() -> str:
    """Path of the machine's XeLaTeX; empty: there is none."""
    return shutil.which("xelatex") or ""


def main(notebooks: list[str]) -> None:
    from nbconvert import PDFExporter
    from nbconvert.exporters.pdf import LatexFailed

    os.environ["PATH"] = f"{Path(pandoc_path()).parent}{os.pathsep}{os.environ['PATH']}"
    exporter = PDFExporter(latex_command=COMMAND)
    for notebook in map(Path, notebooks):
        resources = {"metadata": {"path": str(notebook.parent)}}
        try:
            pdf, _ = exporter.from_filename(str(notebook), resources)
        except LatexFailed as error:
            print(f"{notebook}: {error}", file=sys.stderr)
        else:
            notebook.with_suffix(".pdf").write_bytes(pdf)


if __name__ == "__main__":
    main(sys.argv[1:])
