"""Hand in what documents.py has, make everything from it that people get, and judge what came.

`autograder grade`, `feedback --pdf`, `report --html` and `export` run over the family `published`,
`autograder pdf` over it and the family `pdf`, `similar` over the family `similar`, each over one
class with honest students among them.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import resource
import secrets
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
from typer.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
for _folder in ("tests/release", "tests/publish"):
    if str(ROOT / _folder) not in sys.path:
        sys.path.append(str(ROOT / _folder))

from mini_course import write_course  # noqa: E402
from page_tags import Tags, policy_of  # noqa: E402

from autograder.publish.csv_files import FORMULA_START  # noqa: E402
from autograder.publish.pdf.supervise import Pdf, Typesetter  # noqa: E402
from tests.elsewhere import elsewhere_is_listening  # noqa: E402
from tests.hostile.documents import HAND_INS, SECRET, URL, HandIn  # noqa: E402
from tests.hostile.traces import files_below  # noqa: E402
from tests.hostile.verdict import Verdict  # noqa: E402

SLUG = "mini"
HONEST = {
    "double": "def double(number):\n    return number + number",
    "cube": "def cube(number):\n    return number**3",
    "why_even": "Two divides it: the quotient is $n$.",
    "growth_study": "It grows by the same amount.",
}
N_HONEST = 3
PLATFORMS = {"csv": "", "canvas": "canvas_id", "moodle": "id", "blackboard": "id"}
VERB_CPU_S = 180.0
"""Of a verb that makes one thing of a whole class."""
MAX_PDF_BYTES = 32 * 2**20
TAGS = {
    *("html", "head", "meta", "title", "style", "script", "body", "header", "main", "section"),
    *("article", "nav", "h1", "h2", "h3", "p", "bdi", "code", "pre", "strong", "span", "div"),
    *("dl", "dt", "dd", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "a"),
    *("details", "summary", "figure", "figcaption", "svg", "desc", "line", "text", "rect"),
    *("circle", "blockquote", "caption", "mark", "em"),
}


@dataclass
class Outcome:
    """A verdict for each hand-in, what belongs to none, and CPU seconds by verb."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    verbs_s: dict[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems and all(one.ok for one in self.verdicts)


def run_published(folder: Path, chosen: Sequence[HandIn] = HAND_INS) -> Outcome:
    """Everything, in an empty folder."""
    with elsewhere_is_listening() as elsewhere:
        run = _Run(folder, chosen, elsewhere.address)
        run.go()
        run.outcome.problems += [f"asked from outside: {path}" for path in elsewhere.asked]
    return run.outcome


class _Run:
    def __init__(self, folder: Path, chosen: Sequence[HandIn], address: str) -> None:
        self.folder, self.chosen, self.address = folder, chosen, address
        self.canary = f"CANARY-{secrets.token_hex(8)}"
        self.outcome = Outcome()
        self.verdicts = {
            one.name: Verdict(one.name, one.family, one.gain, "nothing") for one in chosen
        }
        self.outcome.verdicts = list(self.verdicts.values())

    def go(self) -> None:
        self.secret = self.folder / "secret.txt"
        self.secret.write_text(f"{self.canary}\n", encoding="ascii")
        self.course = write_course(self.folder / "course")
        self._release()
        for family in ("published", "pdf", "similar"):
            if any(one.family == family for one in self.chosen):
                self._hand_in(family)
        before = files_below(self.course.root)
        with _at(self.folder, self.course.root):
            if (self.folder / "published").is_dir():
                self._published()
            for family in ("published", "pdf"):
                if (self.folder / family).is_dir():
                    self._pdfs(family)
            if (self.folder / "similar").is_dir():
                self._similar()
        after = files_below(self.course.root)
        self.outcome.problems += [
            f"changed in the course: {name}"
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
        for verb, seconds in self.outcome.verbs_s.items():
            if seconds > VERB_CPU_S:
                self.outcome.problems.append(f"{verb} took {seconds:.0f} CPU seconds")

    def _release(self) -> None:
        from autograder.course.secret import course_secret
        from autograder.release.release import release

        release(SLUG, self.course.root)
        course_secret(self.course.root)

    # The class

    def _hand_in(self, family: str) -> None:
        """One zip each, honest ones first and last."""
        folder = self.folder / family
        folder.mkdir()
        mine = [one for one in self.chosen if one.family == family]
        for number in range(N_HONEST):
            honest = HandIn(f"honest_{number}", "pdf", "", f"Honest {number}", HONEST)
            self._write(folder, honest, f"{'a' if number else 'zz'}{number}")
        for number, one in enumerate(mine):
            self._write(folder, one, f"h{number:03}")

    def _write(self, folder: Path, one: HandIn, student: str) -> None:
        manifest = {
            "schema": 1,
            "slug": SLUG,
            "id": student,
            "name": one.student or one.name,
            "collaborators": one.student,
            "created": "2026-01-01T10:00:00Z",
        }
        with zipfile.ZipFile(folder / f"{student}_{SLUG}.zip", "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("submission.json", json.dumps(manifest))
            for name in ("lab", "theory"):
                notebook = self._notebook(name, one)
                said = json.dumps(notebook, ensure_ascii=True)
                said = said.replace(SECRET, str(self.secret)).replace(URL, self.address)
                made.writestr(f"{name}.ipynb", said)

    def _notebook(self, name: str, one: HandIn) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(nbformat.writes(self.course.notebook("release", name)))
        for cell in made["cells"]:
            question = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if question in one.answers:
                cell["source"] = one.answers[question]
        if name == "lab":
            made["cells"] += one.cells
            if one.outputs:
                shows = {"cell_type": "code", "metadata": {}, "execution_count": 1}
                made["cells"].append({**shows, "source": "shows()", "outputs": list(one.outputs)})
        made["metadata"] |= dict(one.metadata)
        return made

    # What people get

    def _published(self) -> None:
        out, root = self.folder / "out", self.course.root
        roster = self.folder / "class.csv"
        n = sum(one.family == "published" for one in self.chosen)
        ids = [*(f"h{number:03}" for number in range(n)), "zz0", "a1", "a2"]
        roster.write_text(
            "id,name,canvas_id\n"
            + "".join(f"{one},Student {k},{100 + k}\n" for k, one in enumerate(ids)),
            encoding="utf-8",
        )
        self._verb("grade", self.folder / "published", "--assignment", SLUG, "--out", out,
                   "--jobs", 1)  # fmt: skip
        self._mark(out)
        self._verb("feedback", SLUG, "--out", out, "--pdf", "--jobs", 1)
        page = self.folder / "report" / "report.html"
        self._verb("report", out / "results" / SLUG, "--html", page)
        for platform, match in PLATFORMS.items():
            options = ["--match", match] if match else []
            self._verb("export", SLUG, "--out", out, "--to", platform, "--partial", *options)
        self._verb("similar", SLUG, "--out", out, "--html", self.folder / "similar.html",
                   "--csv", self.folder / "similar.csv")  # fmt: skip
        self._judge_graded(out, root)
        for file in [*self.folder.glob("report/*.html"), self.folder / "similar.html"]:
            self._judge_page(file, self.outcome.problems)
        tables = [
            *self.folder.glob("report/*.csv"),
            *out.rglob("*.csv"),
            self.folder / "similar.csv",
        ]
        for file in tables:
            self._judge_table(file)

    def _judge_graded(self, out: Path, root: Path) -> None:
        from autograder.class_run.class_results import CLASS, read_class
        from autograder.report import read

        mine = [one for one in self.chosen if one.family == "published"]
        results = out / "results" / SLUG
        students = {one.id: one for one in read_class(results / CLASS).students}
        for number, one in enumerate(mine):
            verdict, student = self.verdicts[one.name], f"h{number:03}"
            if student not in students:
                verdict.problems.append("it does not count for the student who handed it in")
                continue
            report = read(results / students[student].folder / "report.json")
            verdict.seconds = report.seconds
            (double,) = (each for each in report.questions if each.name == "double")
            if double.score != 0:
                verdict.problems.append(f"double has {double.score} points instead of 0")
            verdict.came = next((check.message for check in double.checks if check.message), "")
            feedback = out / "feedback" / student / SLUG
            self._judge_page(feedback / "feedback.html", verdict.problems)
            verdict.problems += _acts((feedback / "feedback.pdf").read_bytes())
        for student in ("zz0", "a1", "a2"):
            report = read(results / students[student].folder / "report.json")
            scores = {each.name: each.score for each in report.questions}
            if (scores["double"], scores["cube"]) != (3.0, 1.5):
                self.outcome.problems.append(f"an honest student lost points: {scores}")
            self._judge_page(
                out / "feedback" / student / SLUG / "feedback.html", self.outcome.problems
            )

    def _mark(self, out: Path) -> None:
        """What is marked by hand, with a comment that is as hostile as the rest."""
        from nbgrader.api import Gradebook

        comment = f"</blockquote><script>alert(1)</script><img src={self.address}/comment>"
        with Gradebook(f"sqlite:///{out / 'gradebook.db'}") as gradebook:
            for submission in gradebook.assignment_submissions(SLUG):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.needs_manual_grade:
                            grade.manual_score, grade.needs_manual_grade = 1.0, False
                    for one in notebook.comments:
                        one.manual_comment = comment
            gradebook.db.commit()

    def _judge_page(self, file: Path, problems: list[str]) -> None:
        if not file.is_file():
            problems.append(f"there is no {file.name}")
            return
        page = file.read_text(encoding="utf-8")
        tags = Tags(page)
        try:
            tags.assert_inert(TAGS if "<script>" in page else TAGS - {"script"})
        except AssertionError as error:
            problems.append(f"{file.name} is alive: {str(error)[:200]}")
        if "default-src 'none'" not in policy_of(page):
            problems.append(f"{file.name} has no policy")
        if self.canary in page:
            problems.append(f"{file.name} has what nobody may read")
        if {"\u2028", "\u2029", "\u202e", "\x1b", "\0"} & set(page):
            problems.append(f"{file.name} has characters that are not shown")

    def _judge_table(self, file: Path) -> None:
        data = file.read_text(encoding="utf-8")
        for delimiter in ",;\t":
            rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))
            acts = [
                cell
                for row in rows[1:]
                for cell in row
                if cell.strip()[:1] and cell.strip()[0] in FORMULA_START and not _number(cell)
            ]
            if acts:
                self.outcome.problems.append(f"{file.name} has formulas: {acts[:3]!r}"[:300])
        rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
        if len({len(row) for row in rows}) > 1:
            self.outcome.problems.append(f"{file.name} has rows of several lengths")
        if self.canary in data or "\0" in data:
            self.outcome.problems.append(f"{file.name} has what nobody may read")
        if any(len(cell) > 2000 for row in rows for cell in row):
            self.outcome.problems.append(f"{file.name} has a cell that fills the screen")

    # PDFs

    def _pdfs(self, family: str) -> None:
        from autograder.publish.pdf.inputs import tasks_for
        from autograder.publish.pdf.write import write_pdf

        tasks = tasks_for([self.folder / family], self.course.root, SLUG)
        mine = [one for one in self.chosen if one.family == family]
        by_label = {f"h{number:03}_{SLUG}": one for number, one in enumerate(mine)}
        honest: dict[str, bytes] = {}
        began = _cpu_s()
        with Typesetter(self.course.root) as typesetter:
            for task in tasks:
                start = _cpu_s()
                made = typesetter.make(task)
                seconds = _cpu_s() - start
                write_pdf(made, self.folder / "typeset")
                if (one := by_label.get(task.label)) is None:
                    honest[task.label] = made.data
                    continue
                verdict = self.verdicts[one.name]
                verdict.seconds = max(verdict.seconds, seconds)
                if family == "pdf":
                    verdict.came = f"{made.page_map.pages} pages, {made.page_map.typeset}"
                verdict.problems += list(self._of_pdf(made, one, seconds))
        self.outcome.verbs_s[f"pdf of {family}"] = _cpu_s() - began
        with Typesetter(self.course.root) as alone:
            for task in tasks:
                before = honest.get(task.label)
                if before and _pages(alone.make(task).data) != _pages(before):
                    self.outcome.problems.append(f"the PDF of {task.label} was changed")

    def _of_pdf(self, made: Pdf, one: HandIn, seconds: float) -> Iterator[str]:
        if made.page_map.typeset != "full":
            yield f"typeset {made.page_map.typeset}: {made.message}"[:200]
        if seconds > one.cpu_s:
            yield f"its PDF took {seconds:.1f} CPU seconds"
        if len(made.data) > MAX_PDF_BYTES:
            yield f"its PDF has {len(made.data) / 2**20:.0f} MB"
        yield from _acts(made.data)
        if len(made.data) < 2**20 and any(self.canary in page for page in _pages(made.data)):
            yield "its PDF has what nobody may read"

    # Similar

    def _similar(self) -> None:
        page, table = self.folder / "alike.html", self.folder / "alike.csv"
        told = self._verb(
            *("similar", SLUG, self.folder / "similar", "--html", page, "--csv", table)
        )
        self._judge_page(page, self.outcome.problems)
        self._judge_table(table)
        if any("similar_equal" in one.name for one in self.chosen) and "similar_equal" not in told:
            self.outcome.problems.append("equal hand-ins are not listed")
        from autograder.similarity.fingerprints import _of_code, _of_text
        from autograder.similarity.works import Piece

        for one in self.chosen:
            if one.family == "similar":
                _of_code.cache_clear()
                _of_text.cache_clear()
                start = time.process_time()
                for cell in one.cells:
                    kind = "code" if cell["cell_type"] == "code" else "text"
                    Piece("q", kind, cell["source"]).fingerprint()  # type: ignore[arg-type]
                verdict = self.verdicts[one.name]
                verdict.seconds = time.process_time() - start
                if verdict.seconds > one.cpu_s:
                    verdict.problems.append(f"it took {verdict.seconds:.1f} CPU seconds")

    def _verb(self, *arguments: object) -> str:
        """Run `autograder` with these arguments; what it wrote to stdout."""
        from autograder.cli.app import app

        start = _cpu_s()
        done = CliRunner().invoke(app, [str(one) for one in arguments])
        verb = str(arguments[0])
        self.outcome.verbs_s[verb] = self.outcome.verbs_s.get(verb, 0.0) + _cpu_s() - start
        if done.exit_code not in (0, 3) or (
            done.exception not in (None,) and not isinstance(done.exception, SystemExit)
        ):
            self.outcome.problems.append(
                f"{verb} ended with {done.exit_code}: {done.output[-300:]} {done.exception!r}"
            )
        if self.canary in done.output or {"\x1b", "\u202e", "\0"} & set(done.output):
            self.outcome.problems.append(f"{verb} wrote what it may not to the terminal")
        return done.output


def _acts(data: bytes) -> Iterator[str]:
    """What in a PDF would do more than be read: a program, a file in it, a link that is none."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.root_object
    names = root.get("/Names", {})
    for key in {"/OpenAction", "/AA", "/AcroForm"} & set(root):
        yield f"its PDF has {key}"
    for key in {"/JavaScript", "/EmbeddedFiles"} & set(names):
        yield f"its PDF has {key}"
    for page in reader.pages:
        for one in page.get("/Annots") or []:
            action = one.get_object().get("/A", {})
            kind, uri = action.get("/S", "/GoTo"), str(action.get("/URI", "http://"))
            if kind not in ("/GoTo", "/URI"):
                yield f"its PDF acts: {kind}"
            elif not uri.startswith(("http://", "https://", "mailto:")):
                yield f"its PDF links to {uri[:80]!r}"


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell.strip()) is not None


def _pages(data: bytes) -> list[str]:
    import pypdf

    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def _cpu_s() -> float:
    """CPU seconds of this process and of all that it has started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    total = sum(one.ru_utime + one.ru_stime for one in used)
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextlib.contextmanager
def _at(folder: Path, root: Path) -> Iterator[None]:
    """In this folder, with this course."""
    before, course = Path.cwd(), os.environ.get("AUTOGRADER_COURSE")
    os.chdir(folder)
    os.environ["AUTOGRADER_COURSE"] = str(root)
    try:
        yield
    finally:
        os.chdir(before)
        if course is None:
            del os.environ["AUTOGRADER_COURSE"]
        else:
            os.environ["AUTOGRADER_COURSE"] = course
