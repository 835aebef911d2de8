"""Documents typeset in this process, and the pages read back."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.publish.pdf.document import Cell, Document, Section
from autograder.publish.pdf.markdown import Pandoc
from autograder.publish.pdf.typeset import Made, typeset


@pytest.fixture(scope="session")
def pandoc() -> Iterator[Pandoc]:
    with Pandoc() as process:
        yield process


@pytest.fixture
def made(pandoc: Pandoc) -> Callable[..., Made]:
    """A document of these sections, typeset; of cells: one section."""

    def make(*parts: Any, careful: bool = False, **facts: str) -> Made:
        sections = [part for part in parts if isinstance(part, Section)]
        cells = [part for part in parts if isinstance(part, Cell)]
        if cells:
            sections.append(Section("only", "The only section", 1, cells))
        with tempfile.TemporaryDirectory() as folder:
            document = Document("Mini", "mini", sections=sections, **facts)
            return typeset(document, Path(folder), pandoc, careful=careful)

    return make


@pytest.fixture(scope="session")
def pages() -> Callable[[bytes], list[str]]:
    """The text of each page, blanks collapsed."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf reads the pages back (extra dev)")

    def read(data: bytes) -> list[str]:
        reader = pypdf.PdfReader(io.BytesIO(data))
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    return read
