"""`jupyter nbconvert --to course_pdf`: the same PDF for any notebook, through nbconvert."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode, writes

from autograder.errors import AutograderError
from autograder.publish.pdf.supervise import Task, Typesetter


class CoursePDFExporter(Exporter):
    """Typeset a notebook with pandoc and Typst; needs neither TeX nor a browser."""

    export_from_notebook = "PDF via Typst"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF's bytes. Raises AutograderError when the notebook cannot be typeset at all."""
        nb_copy, found = super().from_notebook_node(nb, resources, **kw)
        found["output_extension"] = ".pdf"
        name = str(found.get("metadata", {}).get("name") or "notebook")
        data = writes(nb_copy).encode("utf-8", "replace")
        values = {"notebooks": {name: data}, "kit": {}, "title": name}
        with Typesetter() as typesetter:
            made = typesetter.make(Task("own", name, lambda: values, name))
        if made.page_map.typeset == "failed":
            raise AutograderError(f"{name}.ipynb cannot be typeset: {made.message}")
        return made.data, found
