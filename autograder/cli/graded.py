"""Which assignments a verb is about that reads what `autograder grade` wrote."""

from __future__ import annotations

from pathlib import Path


def graded_slugs(slug: str | None, out: Path) -> list[str]:
    """The one that is named, else every one with results in `out`. Raises UsageError when there
    is none.
    """
    from autograder.class_run.class_results import CLASS
    from autograder.errors import UsageError
    from autograder.intake.untrusted_text import shown

    if slug is not None:
        return [slug]
    found = sorted(file.parent.name for file in (out / "results").glob(f"*/{CLASS}"))
    if not found:
        raise UsageError(
            f"{shown(out / 'results')} has no results: run `autograder grade ... --out "
            f"{shown(out)}` first, or name the folder that it wrote to with --out"
        )
    return found
