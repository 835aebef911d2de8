"""`autograder gradescope`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """Examples:

  autograder gradescope vae

  autograder gradescope gan --part losses

  autograder gradescope vae --minutes 40 --out vae_autograder.zip"""


def gradescope(
    slug: Annotated[str, typer.Argument(help="The assignment; it must have been released.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="The zip to write. Default: dist/gradescope/<slug>.zip, or <slug>_<part>.zip."
        ),
    ] = None,
    part: Annotated[
        str, typer.Option(help="The part, of an assignment that has parts: one zip for each.")
    ] = "",
    minutes: Annotated[
        float,
        typer.Option(min=1, max=40, help="The time limit that you set on Gradescope."),
    ] = 10.0,
    isolation: Annotated[
        str,
        typer.Option(
            help="auto, bubblewrap, landlock; none only where a container offers nothing else, "
            "and students may read the hidden checks (docs/gradescope.md)."
        ),
    ] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Write the autograder zip for Gradescope.

    It holds the hidden checks and the course's secret: everybody who may edit the assignment on
    Gradescope can download it. Choose at least 2 GB there (docs/gradescope.md).
    """
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import print_json
    from autograder.course.assignment import course_root
    from autograder.publish.gradescope.archive import pack

    root = course_root()
    name = f"{slug}_{part}" if part else slug
    file = out or root / "dist" / "gradescope" / f"{name}.zip"
    with ClassProgress(1, f"packing {slug}") as advance:
        made = pack(slug, root, file, part=part, isolation=isolation, minutes=minutes)
        advance()
    if as_json:
        print_json({"file": str(made.file), "files": made.n_files, "bytes": made.n_bytes})
    else:
        print(f"{made.file}: {made.n_files} files, {made.n_bytes / 2**20:.1f} MiB")
