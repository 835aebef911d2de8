"""`python -m autograder`, and what the command `autograder` starts."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; without the staff's packages, say what to install (status 1)."""
    try:
        from autograder.cli.app import main as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("autograder", ""):
            raise
        print(
            f"autograder: the package {error.name} is not installed. Releasing and grading "
            "need the "
            "extra `staff`: in the checkout, pip install '.[staff]'; with a wheel, "
            "pip install 'FILE.whl[staff]'",
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:  # importing takes seconds
        print("autograder: stopped before anything was begun", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
