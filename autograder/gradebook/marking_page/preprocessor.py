"""What our template shows beyond the student's notebook; nbconvert calls it for each page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.course.points import CELL as CHOICE_CELL
from autograder.gradebook.marking_page.policy import content_policy
from autograder.gradebook.marking_page.schemes import schemes_of

MATHJAX = "/static/jupyter_server_mathjax/MathJax.js?config=TeX-AMS-MML_HTMLorMML-full,Safe"
"""Served by the package jupyter_server_mathjax, from this machine."""
STYLE = Path(__file__).with_name("page.css")
_LOAD_MATHJAX = """
window.MathJax = {
  messageStyle: "none",
  showMathMenu: false,
  tex2jax: {
    inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]],
    displayMath: [["$$", "$$"], ["\\\\[", "\\\\]"]],
    processEscapes: true,
    processEnvironments: true
  },
  TeX: {equationNumbers: {autoNumber: "AMS", useLabelIds: true}},
  "HTML-CSS": {availableFonts: [], preferredFont: null, imageFont: null, webFont: "STIX-Web"}
};
(function () {
  const script = document.createElement("script");
  script.src = ADDRESS;
  document.head.appendChild(script);
})();
"""
OF_FORMGRADER = {"submission_id", "assignment_id", "notebook_id", "base_url"}


class MarkingPage(Preprocessor):
    """Puts mark schemes, policy and style into the `marking` of the resources of a page of
    formgrader. Of any other page it leaves everything as it is.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if resources.keys() >= OF_FORMGRADER:
            mathjax = _LOAD_MATHJAX.replace("ADDRESS", json.dumps(resources["base_url"] + MATHJAX))
            resources["marking"] = {
                "schemes": schemes_of(self._source(resources)),
                "mathjax": mathjax,
                "policy": content_policy([mathjax]),
                "choice": CHOICE_CELL,
                "style": STYLE.read_text(encoding="utf-8"),
            }
        return nb, resources

    def _source(self, resources: dict[str, Any]) -> Path:
        course = CourseDirectory(config=self.config)
        folder = course.format_path(course.source_directory, ".", resources["assignment_id"])
        return Path(folder) / f"{resources['notebook_id']}.ipynb"
