"""The student kit: what is in it, and that it works alone."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from mini_course import COLLECT, Course

from autograder.course.assignment import load, slugs
from autograder.errors import CourseError
from autograder.release.kit import members
from autograder.release.release import release

ROOT = Path(__file__).resolve().parents[2]

# Put on the kernel's path as sitecustomize: this environment has the course installed, a student's
# has not.
WITHOUT_THE_COURSE = """
import sys

class NotInstalled:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "autograder":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInstalled)
sys.meta_path[:] = [finder for finder in sys.meta_path if "__editable__" not in str(getattr(finder, "__module__", ""))]
"""


@pytest.fixture(scope="module")
def kit(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kit of the small course, unzipped far from it."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(released.root / "dist/mini.zip") as archive:
        for name in archive.namelist():
            archive.extract(name, folder)
    return folder / "mini"


def test_members(released: Course) -> None:
    with zipfile.ZipFile(released.root / "dist/mini.zip") as archive:
        assert archive.namelist() == [
            "mini/README.md",
            "mini/assignment.json",
            "mini/collect_submission.sh",
            "mini/data/README.md",
            "mini/data/numbers.npz",
            "mini/dgm/__init__.py",
            "mini/dgm/check.py",
            "mini/lab.ipynb",
            "mini/requirements.txt",
            "mini/theory.ipynb",
        ]
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            assert stat.S_ISREG(mode)
            assert stat.S_IMODE(mode) == (0o755 if entry.filename.endswith(".sh") else 0o644)
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert archive.testzip() is None


def test_files_of_dgm_that_answer_a_question_stay_out(course: Course) -> None:
    course.toml("artifacts =", 'kit_without = ["dgm/check.py"]\nartifacts =')
    release("mini", course.root)
    with zipfile.ZipFile(course.root / "dist/mini.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("mini/dgm/")]
    assert names == ["mini/dgm/__init__.py"]


@pytest.mark.parametrize("name", ["dgm/cheks.py", "check.py", "dgm", "data/numbers.npz"])
def test_a_file_to_leave_out_that_is_not_there_stops_the_release(course: Course, name: str) -> None:
    course.toml("artifacts =", f"kit_without = [{name!r}]\nartifacts =")
    with pytest.raises(CourseError, match=f"mini/assignment.toml: kit_without names '{name}'"):
        release("mini", course.root)
    assert not (course.root / "dist/mini.zip").exists()


@pytest.mark.parametrize("slug", slugs(ROOT))
def test_no_file_of_a_kit_imports_what_the_kit_leaves_out(slug: str) -> None:
    assignment = load(slug, ROOT)
    notebooks = {file.name: file.read_bytes() for file in (ROOT / "release" / slug).glob("*.ipynb")}
    files = members(assignment, ROOT, notebooks)
    for left_out in assignment.kit_without:
        assert f"{slug}/{left_out}" not in files
        module = left_out.removesuffix(".py").replace("/", ".").encode()
        package, _, name = module.rpartition(b".")
        importing = re.compile(
            rb"\b%s\b|from %s import [^\n]*\b%s\b" % tuple(map(re.escape, (module, package, name)))
        )
        assert [file for file, data in files.items() if importing.search(data)] == []


def test_notebooks_in_the_kit_are_the_release(released: Course, kit: Path) -> None:
    for name in ("lab.ipynb", "theory.ipynb", "assignment.json"):
        assert (kit / name).read_bytes() == (released.root / "release/mini" / name).read_bytes()


def test_requirements_are_the_students_list(kit: Path) -> None:
    assert (kit / "requirements.txt").read_text() == "numpy>=1.26\njupyterlab>=4.2\n"


def test_collect_script_is_the_courses_and_runs(kit: Path) -> None:
    assert (kit / "collect_submission.sh").read_text() == COLLECT
    run = subprocess.run(
        ["bash", "collect_submission.sh"], cwd=kit, capture_output=True, text=True, timeout=20
    )
    assert run.stdout.split() == ["collecting", "2", "notebooks"]


def test_readme_is_filled_in(kit: Path) -> None:
    readme = (kit / "README.md").read_text(encoding="utf-8")
    assert readme.startswith(
        "# A small assignment\n\nDue: 31 January 2030, 22:00 UTC. Worth 9 points, and up "
        "to 1.5 bonus points."
    )
    assert "`Ada_Lovelace_mini.zip`" in readme
    assert "jupyter lab lab.ipynb" in readme
    assert "bash collect_submission.sh" in readme
    assert "`python -m dgm.handin`" in readme and "from dgm.handin import collect" in readme
    assert "| The third power | `lab.ipynb` | 1.5 (bonus) |" in readme
    assert not re.search(r"\$\w|\$\{", readme)


def run_alone(kit: Path, notebook: nbformat.NotebookNode, site: Path) -> list[str]:
    """Run `notebook` in the kit's folder with a kernel that cannot import this repository; returns
    each cell's output.
    """
    site.mkdir()
    (site / "sitecustomize.py").write_text(WITHOUT_THE_COURSE)
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONPATH", "AUTOGRADER_COURSE")
    }
    environment |= {"PYTHONPATH": str(site), "IPYTHONDIR": str(site / "ipython")}
    manager = AsyncKernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    client = nbclient.NotebookClient(
        notebook,
        km=manager,
        timeout=60,
        allow_errors=True,
        resources={"metadata": {"path": str(kit)}},
        skip_cells_with_tag="train",
    )
    client.execute(env=environment)
    return ["".join(map(shown, cell.get("outputs", []))).strip() for cell in notebook.cells]


def shown(output: nbformat.NotebookNode) -> str:
    return output.get("text") or output.get("data", {}).get("text/plain") or output.get("ename", "")


def test_kit_works_alone(kit: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(kit / "lab.ipynb", as_version=4)
    notebook.cells += [
        nbformat.v4.new_code_cell(
            "import importlib.util\ntry:\n    import autograder\nexcept ImportError as "
            "error:\n    print(error)"
        ),
        nbformat.v4.new_code_cell(
            "import dgm, pathlib\npathlib.Path(dgm.__file__).parent.resolve()"
        ),
    ]
    printed = run_alone(kit, notebook, tmp_path / "site")
    by_id = dict(zip([cell.id for cell in notebook.cells], printed, strict=True))
    assert by_id["test_double"] == "double: not answered yet"
    assert by_id["grow"] == "NotImplementedError"
    assert by_id["lab_003"] == ""
    assert printed[-2] == "No module named 'autograder'"
    assert printed[-1] == repr((kit / "dgm").resolve())


def test_answered_kit_passes_its_visible_checks(kit: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(kit / "lab.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id == "double":
            cell.source = cell.source.replace("raise NotImplementedError()", "return 2 * number")
    printed = run_alone(kit, notebook, tmp_path / "site")
    assert (
        printed[[cell.id for cell in notebook.cells].index("test_double")]
        == "double: visible checks pass"
    )


def test_same_zip_for_the_same_members() -> None:
    from autograder.release.kit import zip_bytes

    one, other = {"a": b"1", "b.sh": b"2"}, {"b.sh": b"2", "a": b"1"}
    assert zip_bytes(one) == zip_bytes(other)
    assert zipfile.ZipFile(io.BytesIO(zip_bytes(one))).read("b.sh") == b"2"
