"""The picture in the README: the class table of a graded folder, as an SVG file.

.venv/bin/python scripts/class_table_svg.py build/demo/results/vae docs/class_table.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from autograder.class_run.class_of_reports import classes_below
from autograder.publish.console import class_notes, class_table


def main() -> None:
    folder, file = map(Path, sys.argv[1:3])
    with open("/dev/null", "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=118, file=nowhere)
        for results in classes_below([folder]):
            console.print(class_table(results))
            for line in class_notes(results):
                console.print(line)
        console.save_svg(str(file), title=f"autograder grade {folder.name}")


if __name__ == "__main__":
    main()
