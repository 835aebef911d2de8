"""The trial of an archive just written: a clean folder, the visible checks, what is lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from dgm.handin import trial as module
from dgm.handin.dialogue import Dialogue
from dgm.handin.kit import load_kit
from dgm.handin.trial import offer_trial, unpack
from student_kit import WHO, Kit

CHECK = """\
def _():
    assert kl_divergence(0, 0) == 0, "zero at the prior"
try:
    _()
except AssertionError as error:
    print(f"kl_divergence: not yet: {error}")
else:
    print("kl_divergence: visible checks pass")
"""


@pytest.fixture
def lab(kit: Kit) -> Kit:
    """The kit with a lab that needs nothing but Python."""
    kit.cell("lab_1")["source"] = "import math"
    kit.cell("test_kl_divergence")["source"] = CHECK
    return kit


def tried(kit: Kit) -> str:
    """What the script says after `--trial`."""
    kit.save()
    done = kit.run(*WHO, "--trial", "--force")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_file()
    return done.stderr.partition("Trial:")[2]


def test_all_that_passes(lab: Kit) -> None:
    assert "lab.ipynb: 2 of 2 code questions run and pass" in tried(lab)


def test_what_is_blank_lost_wrong_or_not_running(lab: Kit) -> None:
    lab.cell("kl_divergence")["source"] = (
        "# question: kl_divergence\ndef kl_divergence(mu, logvar):\n    return helper + 1"
    )
    lab.cell("build_vae")["source"] = lab.blank_source("build_vae")
    said = tried(lab)
    assert "lab.ipynb: 0 of 2" in said
    assert "kl_divergence: not yet: NameError: name 'helper' is not defined" in said
    assert "build_vae: blank" in said

    lab.cell("build_vae")["source"] = "# question: build_vae\ndef build_vae(:\n    pass"
    cells = lab.cells_of("kl_divergence")
    cells.remove(lab.cell("kl_divergence"))
    said = tried(lab)
    assert "kl_divergence: not found in the notebook" in said
    assert "build_vae: its cell does not run: SyntaxError" in said


def test_a_blank_answer_that_a_choice_does_not_need_is_left_out(lab: Kit) -> None:
    lab.spec["choose"] = [{"title": "One", "questions": ["kl_divergence", "build_vae"], "count": 1}]
    lab.cell("build_vae")["source"] = lab.blank_source("build_vae")
    said = tried(lab)
    assert "lab.ipynb: 1 of 1 code questions run and pass" in said and "build_vae" not in said


def test_training_is_left_out_and_only_the_archives_files_are_there(lab: Kit) -> None:
    lab.file("my_helper.py", b"value = 0")
    lab.cell("train_vae")["source"] = "raise SystemExit('training')"
    lab.cell("kl_divergence")["source"] = (
        "# question: kl_divergence\nfrom my_helper import value\n"
        "def kl_divergence(mu, logvar):\n    return value"
    )
    said = tried(lab)
    assert "its cell does not run: ModuleNotFoundError: No module named 'my_helper'" in said
    assert "Activate the environment" in said and "training" not in said.partition("\n")[2]


def test_a_process_that_ends_or_hangs_costs_only_the_trial(
    lab: Kit, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.cell("kl_divergence")["source"] = (
        "# question: kl_divergence\nimport os\nos._exit(3)\ndef kl_divergence(mu, logvar): pass"
    )
    said = tried(lab)
    assert "ended" in said and "0 of 2" in said
    lab.cell("kl_divergence")["source"] = (
        "# question: kl_divergence\nimport time\ntime.sleep(60)\ndef kl_divergence(a, b): pass"
    )
    lab.save()
    archive = Path(lab.run(*WHO, "--force").stdout.strip())
    monkeypatch.setattr(module, "LIMIT_S", 3)
    capsys.readouterr()
    offer_trial(load_kit(lab.folder), archive, True, Dialogue(False, "collect"))
    assert "took more than 3 s" in capsys.readouterr().err


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../outside.py", "x")
        archive.writestr("a/lab.ipynb", "{}")
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    unpack(tmp_path / "x.zip", tmp_path / "place" / "clean")
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["x.zip", "lab.ipynb"]


def test_it_is_mentioned_on_a_terminal_only(
    lab: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab.save()
    kit = load_kit(lab.folder)
    offer_trial(kit, tmp_path, False, Dialogue(False, "collect"))
    assert capsys.readouterr().err == ""
    offer_trial(kit, tmp_path, False, Dialogue(True, "collect"))
    assert "add --trial" in capsys.readouterr().err
