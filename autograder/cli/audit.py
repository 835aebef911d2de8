"""`autograder audit`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli import exits

EXAMPLES = """Examples:

  autograder audit vae

  autograder audit vae --question kl_divergence --mutants

  autograder audit vae --repeat 20 --json > audit.json

  autograder audit vae --patterns              (for `autograder report --html`)"""


def audit(
    slug: Annotated[str | None, typer.Argument(help="The assignment. Default: every one.")] = None,
    question: Annotated[
        str | None, typer.Option(help="Grade only the known answers and mutants of this question.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Number of processes; 0: one per core.")] = 0,
    repeat: Annotated[
        int,
        typer.Option(
            min=1,
            help="How often to grade the solution and right answers, each time with "
            "another secret.",
        ),
    ] = 1,
    mutants: Annotated[
        bool,
        typer.Option(
            "--mutants/--no-mutants", help="Also grade generated mutants of the model solution."
        ),
    ] = False,
    isolation: Annotated[str, typer.Option(help="auto, bubblewrap, landlock, or none.")] = "auto",
    in_process: Annotated[
        bool,
        typer.Option(
            "--in-process",
            help="Run no sandbox, and only what an answer can affect: seconds for a question. "
            "Use it only for answers that you trust.",
        ),
    ] = False,
    patterns: Annotated[
        bool,
        typer.Option(
            "--patterns",
            help="Audit nothing: keep which checks each known wrong answer fails, for the "
            "misconceptions of `autograder report --html`. In process; what is up to date is "
            "skipped.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the list of audits as JSON (docs/auditing.md).")
    ] = False,
) -> None:
    """Measure the hidden checks: wrong answers caught, right answers kept, mutants caught."""
    if patterns:
        if mutants or as_json or repeat > 1:
            from autograder.errors import UsageError

            raise UsageError("--patterns goes with an assignment and --question only")
        _keep_patterns(slug, question)
        return
    from autograder.audit.run import audit as run
    from autograder.cli.progress import ClassProgress
    from autograder.cli.show import console, print_json
    from autograder.course.assignment import course_root, slugs

    root = course_root()
    results = []
    for name in [slug] if slug else slugs(root):
        with ClassProgress(0, f"auditing {name}") as advance:
            results.append(
                run(
                    name,
                    question,
                    jobs,
                    repeat,
                    mutants,
                    isolation=isolation,
                    in_process=in_process,
                    root=root,
                    progress=advance,
                )
            )
    if as_json:
        print_json(results)
    else:
        from autograder.audit.matrix import print_audit

        for result in results:
            print_audit(result, console(160))
    if not all(result.ok for result in results):
        raise typer.Exit(exits.OUR_FAULT)


def _keep_patterns(slug: str | None, question: str | None) -> None:
    from autograder.audit.patterns import make_patterns
    from autograder.cli.progress import ClassProgress
    from autograder.course.assignment import course_root, slugs

    root = course_root()
    for name in [slug] if slug else slugs(root):
        with ClassProgress(0, f"patterns of {name}") as advance:
            file, graded = make_patterns(
                name, root, question, progress=advance, expect=advance.expect
            )
        print(f"{file}: {graded} known wrong answers graded, the others were up to date")
