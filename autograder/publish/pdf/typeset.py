"""A document to a PDF: fragments compiled together, a bad one replaced by what was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.publish.pdf.document import Document, Section
from autograder.publish.pdf.fonts import fonts
from autograder.publish.pdf.fragments import COURSES, STUDENTS, Fragment, FragmentMaker, formulas
from autograder.publish.pdf.frame import Placed, main_file
from autograder.publish.pdf.markdown import Pandoc
from autograder.publish.pdf.page_map import NotTypeset, PageMap, QuestionPages
from autograder.publish.pdf.pictures import Pictures

if TYPE_CHECKING:
    import typst

PAGE = Path(__file__).with_name("page.typ")
MAIN = "main.typ"
IMPORT = '#import "/page.typ": *\n'
SIZES = (1.0, 0.85, 0.72, 0.6)
"""By which a text is made smaller that is longer than its fixed pages."""
MAX_FORMULAS = 80
"""Of a text, that are tried one by one."""
_NAMED = re.compile(rf"\b(?:{STUDENTS}|{COURSES})/[0-9a-f]{{64}}\.typ")


def compiler(folder: Path) -> typst.Compiler:
    """Typst for `MAIN` in an empty folder, which is all that it may read, with our page.typ."""
    import typst

    (folder / "packages").mkdir()
    (folder / "page.typ").write_bytes(PAGE.read_bytes())
    (folder / MAIN).touch()
    return typst.Compiler(
        str(folder / MAIN),
        root=str(folder),
        font_paths=fonts(),
        ignore_system_fonts=True,
        package_path=str(folder / "packages"),
        package_cache_path=str(folder / "packages"),
    )


@dataclass(frozen=True)
class Made:
    """A PDF and its page map."""

    pdf: bytes
    page_map: PageMap


def typeset(
    document: Document,
    folder: Path,
    pandoc: Pandoc,
    *,
    careful: bool = False,
    at: Callable[[str], None] = lambda place: None,
    courses: Path | None = None,
) -> Made:
    """Typeset a document. Whatever a student wrote there is a PDF, unless the process ends or takes
    too long.

    folder: empty; all that Typst may read, with `courses`: a folder in which the course's own texts
    stay for the next document. careful: see FragmentMaker. at: is told which cell is being worked
    on.
    """
    work = _Work(document, folder, at, courses)
    pictures = Pictures(folder, with_svg=not careful)
    work.read(FragmentMaker(pandoc, pictures, careful, document.own))
    work.settle_pages()
    return work.made(careful)


@dataclass
class _Work:
    document: Document
    folder: Path
    at: Callable[[str], None]
    courses: Path | None = None
    fragments: list[Fragment] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    pdf: bytes = b""
    marks: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import typst

        (self.folder / STUDENTS).mkdir()
        if self.courses:
            (self.folder / COURSES).symlink_to(self.courses, target_is_directory=True)
        else:
            (self.folder / COURSES).mkdir()
        self._typst_error = typst.TypstError
        self._main = self.folder / MAIN
        self._compiler = compiler(self.folder)

    def read(self, maker: FragmentMaker) -> None:
        self.at("reading the texts")
        maker.prepare(cell for section in self.document.sections for cell in section.cells)
        for section in self.document.sections:
            numbers = []
            for cell in section.cells:
                self.at(f"{cell.notebook}, cell {cell.name}")
                for fragment in maker.fragments(cell):
                    numbers.append(len(self.fragments))
                    self.fragments.append(fragment)
                    self._write(fragment)
            self.placed.append(Placed(section, numbers))

    def _write(self, fragment: Fragment) -> None:
        file = self.folder / fragment.file.removeprefix("/")
        if not fragment.by_student and file.exists():
            return
        try:
            file.write_text(f"{IMPORT}{fragment.body}\n", encoding="utf-8")
        except OSError:
            file.unlink(missing_ok=True)  # half of it would stay for the next document
            raise

    # Compiling

    def compile(self) -> None:
        """Compile until nothing is bad: each round replaces at least one fragment by a simpler one,
        and the simplest never fails.
        """
        self.at("the page layout")
        while True:
            troubled = {n for n, fragment in enumerate(self.fragments) if fragment.why}
            files = [fragment.file for fragment in self.fragments]
            source = main_file(self.document, self.placed, files, troubled)
            try:
                self._main.write_text(source, encoding="utf-8")
                self.pdf = bytes(self._compiler.compile(str(self._main)))  # type: ignore[arg-type]
                break
            except self._typst_error as error:
                bad = self._named(error) or self._bad_among(range(len(self.fragments)))
                if not bad:
                    raise
                for number in bad:
                    self._simplify(number, str(error.message))
        self.marks = json.loads(self._compiler.query("<mark>", field="value"))

    def _named(self, error: Any) -> list[int]:
        """The fragments that an error message names, that can still be made simpler."""
        text = f"{error.diagnostic} {' '.join(error.trace)}"
        if not (first := _NAMED.search(text)):
            return []
        numbers = [n for n, one in enumerate(self.fragments) if one.file.endswith(first[0])]
        return [n for n in numbers if self._can_be_simpler(n)]

    def _can_be_simpler(self, number: int) -> bool:
        return len(self.fragments[number].bodies) > 1

    def _fails(self, numbers: Sequence[int]) -> bool:
        return self._fails_source(
            "".join(f'#include "{self.fragments[n].file}"\n\n' for n in numbers)
        )

    def _fails_source(self, source: str) -> bool:
        probe = self.folder / "probe.typ"
        probe.write_text(source, encoding="utf-8")
        try:
            self._compiler.compile(str(probe))
        except self._typst_error:
            return True
        return False

    def _bad_among(self, numbers: Sequence[int]) -> list[int]:
        """Bisection: the fragments that do not compile by themselves."""
        if not numbers or not self._fails(numbers):
            return []
        if len(numbers) == 1:
            return [numbers[0]] if self._can_be_simpler(numbers[0]) else []
        half = len(numbers) // 2
        return self._bad_among(numbers[:half]) + self._bad_among(numbers[half:])

    def _simplify(self, number: int, message: str) -> None:
        fragment = self.fragments[number]
        self.at(f"{fragment.cell.notebook}, cell {fragment.cell.name}")
        bad = self._bad_formulas(fragment)
        if bad:
            fragment.bad |= bad
            fragment.bodies[0] = fragment.with_formulas_as_typed(fragment.bad)
            fragment.why = f"{formulas(len(fragment.bad))} cannot be typeset ({message[:120]})"
        else:
            del fragment.bodies[0]
            fragment.typeset = None
            fragment.why = f"it cannot be typeset ({message[:120]})"
        self._write(fragment)

    def _bad_formulas(self, fragment: Fragment) -> frozenset[int]:
        if fragment.typeset is None:
            return frozenset()
        untried = [n for n in fragment.typeset.formulas() if n not in fragment.bad]
        if len(untried) > MAX_FORMULAS:
            return frozenset()
        made = fragment.typeset
        return frozenset(n for n in untried if self._fails_source(IMPORT + made.formula(n)))

    # Pages

    def settle_pages(self) -> None:
        """Compile, until every question with a fixed number of pages has it."""
        self.compile()
        for _ in range(len(SIZES) + 3):
            changed = [self._fit(placed) for placed in self.placed if placed.fixed]
            if not any(changed):
                return
            self.compile()

    def _fit(self, placed: Placed) -> bool:
        """Bring a question nearer to its pages; whether anything changed."""
        first, last = self._range(placed)
        n_pages, wanted = last - first + 1, placed.fixed
        if n_pages > wanted:
            smaller = [size for size in SIZES if size < placed.size]
            if smaller:
                placed.size, placed.extra = smaller[0], 0
            elif placed.shown:
                ends = {m["what"]: m["page"] for m in self.marks if m["name"] == placed.key}
                fitting = [n for n in placed.shown if ends.get(str(n), last) < first + wanted]
                placed.shown = fitting[:-1] if fitting == placed.shown or placed.cut else fitting
                placed.cut, placed.extra = True, 0
            else:
                return False
            return True
        before, placed.extra = placed.extra, wanted - n_pages
        return before != placed.extra

    def _range(self, placed: Placed) -> tuple[int, int]:
        """First and last page of a section, without blank ones after it."""
        pages = [m["page"] for m in self.marks if m["name"] == placed.key]
        return min(pages), max(pages)

    def made(self, careful: bool) -> Made:
        pages = {m["name"]: m["page"] for m in self.marks}
        last_page = pages["document"]
        document = self.document
        page_map = PageMap(
            assignment=document.slug,
            student_id=document.student_id,
            student_name=document.student_name,
            file=document.file,
            pages=last_page,
            typeset="plain" if careful else "full",
            questions=[self._pages(placed, pages) for placed in self.placed],
            not_typeset=[
                NotTypeset(
                    notebook=one.cell.notebook,
                    cell=one.cell.name,
                    what=one.what,
                    why=one.why,
                    page=pages.get(f"fragment {n}", 0),
                )
                for n, one in enumerate(self.fragments)
                if one.why
            ],
            notes=document.notes,
        )
        return Made(self.pdf, page_map)

    def _pages(self, placed: Placed, pages: dict[str, int]) -> QuestionPages:
        section: Section = placed.section
        first, last = self._range(placed)
        question = section.question
        return QuestionPages(
            name=section.name,
            title=section.title,
            notebook=section.cells[0].notebook if section.cells else "",
            kind=question.kind if question else "",
            points=question.points if question else 0.0,
            first=first,
            last=last + placed.extra,
            blank=section.blank,
            fixed=placed.fixed,
            shrunk=placed.size,
            continued_at=pages.get(f"{placed.key} in full", 0),
        )
