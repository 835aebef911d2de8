"""Traits that make formgrader show our page. `nbgrader_config.py` calls `configure`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

TEMPLATE = Path(__file__).with_name("page.html.j2")
PREPROCESSOR = "autograder.gradebook.marking_page.preprocessor.MarkingPage"
CONFIG_LINES = (
    "# Mark schemes next to the answers, formulas without a network (docs/gradebook.md).",
    "try:",
    "    from autograder.gradebook.marking_page.settings import configure",
    "except ImportError:",
    "    import sys",
    "",
    '    print("autograder is not installed here: formgrader shows no mark schemes", '
    "file=sys.stderr)",
    "else:",
    "    configure(c)",
)
"""What `nbgrader_config.py` says: it must load in Jupyter of any environment."""


def configure(config: Config) -> None:
    """Have formgrader use our template and preprocessor, and nbgrader's feedback its own ones:
    students get that, and both are made by the same exporter.
    """
    config.HTMLExporter.template_file = str(TEMPLATE)
    config.HTMLExporter.preprocessors = [PREPROCESSOR]
    config.GenerateFeedback.HTMLExporter.template_file = "index.html.j2"
    config.GenerateFeedback.HTMLExporter.preprocessors = []
