"""collect_submission.sh: the real script, run as a student runs it, in kits under tmp_path."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import shutil
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from student_kit import BASH, DECLARATION, PATH, SCRIPT, TIMEOUT_S, WHO, Kit, copy_dgm, manifest

from autograder.course.assignment import Assignment, Question
from autograder.intake.read import read_submission


@pytest.fixture
def checkout(tmp_path: Path) -> Kit:
    made = Kit(tmp_path / "course" / "release" / "vae", tmp_path)
    made.save()
    (made.folder / SCRIPT.name).unlink()
    shutil.rmtree(made.folder / "dgm")
    shutil.copy2(SCRIPT, tmp_path / "course")
    copy_dgm(tmp_path / "course" / "assignments")
    return made


def test_a_good_kit_gives_one_flat_archive_with_a_manifest(kit: Kit) -> None:
    weights = kit.file("artifacts/vae.safetensors", b"\0" * 5000)
    kit.file("artifacts/notes.txt", b"not asked for")
    kit.save()
    done = kit.run(*WHO)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{kit.outbox / 'Ada_Lovelace_vae.zip'}\n"
    assert [path.name for path in kit.outbox.iterdir()] == ["Ada_Lovelace_vae.zip"], (
        "nothing temporary may be left"
    )
    assert "warning" not in done.stderr
    assert (
        "lab.ipynb: 3 of 3 answers filled in" in done.stderr
        and "theory.ipynb: 1 of 1" in done.stderr
    )
    assert "artifacts/vae.safetensors: 5 KB" in done.stderr
    with zipfile.ZipFile(kit.outbox / "Ada_Lovelace_vae.zip") as archive:
        assert archive.namelist() == [
            "lab.ipynb",
            "theory.ipynb",
            "artifacts/vae.safetensors",
            "submission.json",
        ]
        files = {name: archive.read(name) for name in archive.namelist()}
        stored = archive.getinfo("artifacts/vae.safetensors")
        assert stored.compress_size == stored.file_size, (
            "zeros that shrink a thousandfold look like a zip bomb"
        )
        assert all(stat.S_ISREG(info.external_attr >> 16) for info in archive.infolist())
    written = json.loads(files.pop("submission.json"))
    assert (
        files["lab.ipynb"] == (kit.folder / "lab.ipynb").read_bytes()
        and files["artifacts/vae.safetensors"] == weights.read_bytes()
    )
    assert written.pop("files") == {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in files.items()
    }
    assert (
        time.time()
        - time.mktime(time.strptime(written.pop("created"), "%Y-%m-%dT%H:%M:%SZ"))
        + time.timezone
        < 120
    )
    ask = "import platform, importlib.util as u\n"
    ask += "print(platform.python_version(), u.find_spec('torch') is not None)"
    answer = subprocess.run(
        ["python3", "-c", ask],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PATH": PATH},
    )
    version, has_torch = answer.stdout.split()
    torch = written["versions"].pop("torch")
    assert (torch is not None) == (has_torch == "True")
    assert written == {
        "schema": 1,
        "slug": "vae",
        "name": "Ada Lovelace",
        "id": "s1815",
        "collaborators": "None",
        "declaration": True,
        "versions": {"python": version},
        "warnings": [],
    }


def test_the_grader_takes_what_the_script_writes_without_a_note(kit: Kit) -> None:
    header = json.dumps({"w": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}).encode()
    kit.file("artifacts/vae.safetensors", struct.pack("<Q", len(header)) + header + b"abc")
    kit.save()
    done = kit.run(*WHO, "--name", "\u00c5sa S\u00f8ren-O'Neil", "--id", "a.b_c-1")
    assert done.returncode == 0, done.stderr
    archive = Path(done.stdout.strip())
    question = {"title": "t", "points": 1.0, "covers": []}
    questions = {
        "kl_divergence": Question(**question, notebook="lab", kind="code"),
        "kl_meaning": Question(**question, notebook="theory", kind="theory"),
    }
    assignment = Assignment(
        slug="vae", title="VAE", questions=questions, artifacts=["artifacts/*.safetensors"]
    )
    taken = read_submission(archive.read_bytes(), archive.name, assignment)
    assert taken.notes == []
    assert (taken.student.id, taken.student.name, taken.student.declared) == (
        "a.b_c-1",
        "\u00c5sa S\u00f8ren-O'Neil",
        True,
    )
    assert taken.student.collaborators == "None"
    assert taken.notebooks == {
        name: (kit.folder / f"{name}.ipynb").read_bytes() for name in ("lab", "theory")
    }
    assert list(taken.artifacts) == ["artifacts/vae.safetensors"]


def test_the_archive_has_the_rights_of_an_ordinary_file(kit: Kit) -> None:
    kit.collect()
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((kit.outbox / "Ada_Lovelace_vae.zip").stat().st_mode) == 0o666 & ~mask


def test_torch_is_looked_up_and_not_imported(kit: Kit, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "torch").mkdir(parents=True)
    (site / "torch" / "__init__.py").write_text("raise SystemExit('imported')")
    (site / "torch-9.8.7.dist-info").mkdir()
    (site / "torch-9.8.7.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: torch\nVersion: 9.8.7\n"
    )
    done = kit.run(*WHO, env={"PYTHONPATH": str(site)})
    assert done.returncode == 0, done.stderr
    assert manifest(Path(done.stdout.strip()))["versions"]["torch"] == "9.8.7"


def test_output_folder_is_made(kit: Kit) -> None:
    kit.collect("--output", "hand in/here")
    assert (kit.outbox / "hand in" / "here" / "Ada_Lovelace_vae.zip").is_file()


def test_modules_beside_the_notebooks_do_not_shadow_the_standard_library(kit: Kit) -> None:
    for folder in (kit.folder, kit.outbox):
        (folder / "json.py").write_text("raise SystemExit('shadowed')")
    kit.collect()


def test_at_the_top_level_of_the_course_the_slug_names_the_release(
    checkout: Kit, tmp_path: Path
) -> None:
    command = [str(tmp_path / "course" / SCRIPT.name)]
    done = checkout.run("vae", *WHO, command=command)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "Ada_Lovelace_vae.zip").is_file()
    assert list(checkout.folder.glob("*.zip")) == []


@pytest.mark.parametrize("slug", [[], ["gan"], ["../release/vae"], ["."]])
def test_at_the_top_level_a_missing_or_unknown_slug_is_a_usage_error(
    checkout: Kit, tmp_path: Path, slug: list[str]
) -> None:
    done = checkout.run(*slug, *WHO, command=[str(tmp_path / "course" / SCRIPT.name)])
    assert done.returncode == 2
    assert "vae" in done.stderr and "Traceback" not in done.stderr


def test_a_kit_takes_its_own_slug_and_no_other(kit: Kit) -> None:
    assert "there is no assignment 'gan'" in kit.refused("gan", status=2)
    kit.collect("vae")


def test_a_folder_that_is_not_a_kit_is_a_usage_error(kit: Kit) -> None:
    (kit.folder / "assignment.json").unlink()
    assert "is not a kit folder: assignment.json is missing" in kit.refused(status=2)


def test_the_script_finds_its_kit_from_anywhere(kit: Kit, tmp_path: Path) -> None:
    dashed = tmp_path / "-kit $(x)"
    shutil.copytree(kit.folder, dashed)
    for command, cwd in (
        ([BASH, SCRIPT.name], dashed),
        (["./" + SCRIPT.name], dashed),
        ([BASH, f"{dashed.name}/{SCRIPT.name}"], None),
    ):
        settings = {"cwd": cwd} if cwd else {"cwd": tmp_path, "env": {"CDPATH": str(kit.folder)}}
        if cwd is None:
            command = [BASH, "--", command[1]]
        done = kit.run(*WHO, "--force", "--output", str(kit.outbox), command=command, **settings)
        assert done.returncode == 0, done.stderr
        assert str(dashed) in done.stderr


def test_help_has_examples_and_exit_codes(kit: Kit) -> None:
    done = kit.run("--help")
    assert done.returncode == 0
    for text in (
        "./collect_submission.sh vae",
        "--collaborators",
        "--honest",
        "--output",
        "--force",
        "--yes",
        "exit status",
    ):
        assert text in done.stdout


def test_unknown_flags_are_usage_errors(kit: Kit) -> None:
    assert "--nome" in kit.refused("--nome", "x", status=2)


@pytest.mark.parametrize("flag", ["--name", "--id", "--collaborators", "--honest"])
def test_without_a_terminal_each_missing_flag_is_named(kit: Kit, flag: str) -> None:
    place = WHO.index(flag)
    rest = WHO[:place] + WHO[place + (1 if flag == "--honest" else 2) :]
    done = kit.run(*rest)
    assert done.returncode == 2
    assert f"needed: {flag}." in done.stderr
    assert (DECLARATION in done.stderr) == (flag == "--honest")
    assert list(kit.outbox.iterdir()) == []


def test_all_missing_flags_are_named_at_once(kit: Kit) -> None:
    done = kit.run()
    assert done.returncode == 2
    assert "--name, --id, --collaborators, --honest" in done.stderr


def test_an_archive_is_replaced_only_when_told(kit: Kit) -> None:
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    said = kit.refused()
    assert "already exists" in said and "--force" in said
    assert "already exists" in kit.refused("--yes")
    assert target.read_bytes() == b"earlier"
    kit.collect("--force")
    assert manifest(target)["id"] == "s1815"


def test_forcing_replaces_a_link_and_not_what_it_leads_to(kit: Kit, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.symlink_to(precious)
    assert "already exists" in kit.refused()
    kit.collect("--force")
    assert precious.read_bytes() == b"precious" and not target.is_symlink()


def test_a_folder_of_the_archives_name_stops_even_when_forced(kit: Kit) -> None:
    (kit.outbox / "Ada_Lovelace_vae.zip").mkdir()
    assert "is a folder" in kit.refused("--force")


def test_an_output_that_is_no_folder_stops(kit: Kit) -> None:
    (kit.outbox / "file").write_text("x")
    assert "could not be written" in kit.refused("--output", "file")


def test_a_full_disk_leaves_nothing_behind_and_the_earlier_archive_whole(kit: Kit) -> None:
    kit.file("artifacts/a.safetensors", os.urandom(200_000))
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    kit.save()
    limited = [BASH, "-c", 'ulimit -f 50; exec "$0" "$@"', str(kit.folder / SCRIPT.name)]
    done = kit.run(*WHO, "--force", command=limited)
    assert done.returncode == 1
    assert "could not be written (File too large)" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in kit.outbox.iterdir()] == [
        target.name
    ] and target.read_bytes() == b"earlier"


def test_a_conversation_asks_for_what_is_missing(kit: Kit) -> None:
    done = kit.talk("\n\u00c5sa  \u00d6berg\ns 1\ns1\n\nBo and Cy\nyes\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{kit.outbox / 'Asa_Oberg_vae.zip'}\n"
    written = manifest(kit.outbox / "Asa_Oberg_vae.zip")
    assert (written["name"], written["id"], written["collaborators"]) == (
        "\u00c5sa \u00d6berg",
        "s1",
        "Bo and Cy",
    )
    assert (
        DECLARATION in done.stderr
        and done.stderr.count("Your student id: ") == 2
        and done.stderr.count("Your name") == 2
    )


def test_a_conversation_asks_only_for_what_is_missing(kit: Kit) -> None:
    done = kit.talk("NONE\nyes\n", "--name", "Ada Lovelace", "--id", "s1815")
    assert done.returncode == 0, done.stderr
    assert "Your name" not in done.stderr and "Your student id" not in done.stderr
    assert manifest(kit.outbox / "Ada_Lovelace_vae.zip")["collaborators"] == "None"


@pytest.mark.parametrize("answers", ["no", "y\nN", "y\n\nyes, mostly\nok\nja"])
def test_the_declaration_takes_yes_and_nothing_else(kit: Kit, answers: str) -> None:
    done = kit.talk(f"{answers}\n", *WHO[:-1])
    assert done.returncode == 1
    assert "Cancelled. The declaration is required" in done.stderr
    assert list(kit.outbox.iterdir()) == []


@pytest.mark.parametrize("slip", ["y", "", "yes, mostly"])
def test_a_slip_at_the_declaration_throws_no_typing_away(kit: Kit, slip: str) -> None:
    done = kit.talk(f"Ada Lovelace\ns1815\nNone\n{slip}\nyes\n")
    assert done.returncode == 0, done.stderr
    assert "Type the whole word yes to confirm, or no to cancel." in done.stderr
    assert done.stderr.count("Your name") == 1
    assert manifest(kit.outbox / "Ada_Lovelace_vae.zip")["id"] == "s1815"


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("yes", 0), ("n", 1), ("", 1)])
def test_warnings_are_confirmed_at_a_terminal(kit: Kit, answer: str, status: int) -> None:
    kit.cell("kl_meaning")["source"] = kit.blank_source("kl_meaning")
    kit.save()
    done = kit.talk(f"{answer}\n", *WHO)
    assert done.returncode == status, done.stderr
    assert "kl_meaning: left blank." in done.stderr and "Submit anyway? [y/N]" in done.stderr
    assert len(list(kit.outbox.iterdir())) == 1 - status


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("", 1)])
def test_overwriting_is_asked_at_a_terminal(kit: Kit, answer: str, status: int) -> None:
    target = kit.outbox / "Ada_Lovelace_vae.zip"
    target.write_bytes(b"earlier")
    done = kit.talk(f"{answer}\n", *WHO)
    assert done.returncode == status, done.stderr
    assert "Replace it? [y/N]" in done.stderr
    assert (target.read_bytes() == b"earlier") == (status == 1)


def test_yes_asks_nothing_even_at_a_terminal(kit: Kit) -> None:
    kit.cell("kl_meaning")["source"] = kit.blank_source("kl_meaning")
    kit.save()
    done = kit.talk("", *WHO, "--yes")
    assert done.returncode == 0, done.stderr
    assert "left blank" in done.stderr and "[y/N]" not in done.stderr
    done = kit.talk("", "--yes", "--force", *WHO[:-1])
    assert done.returncode == 2 and "needed: --honest." in done.stderr


def test_the_end_of_input_stops(kit: Kit) -> None:
    done = kit.talk(b"Ada\n\x04")
    assert done.returncode == 1
    assert "Cancelled. Nothing was written." in done.stderr and list(kit.outbox.iterdir()) == []


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, again each second until it ends: one that comes just before Python begins to wait for
    input is noticed only when the wait is over.
    """
    until = time.monotonic() + TIMEOUT_S
    while process.poll() is None and time.monotonic() < until:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
    process.kill()  # if it has not ended: nothing that reads its output waits forever


def test_an_interrupt_stops(kit: Kit) -> None:
    master, slave = pty.openpty()
    command = [BASH, str(kit.folder / SCRIPT.name)]
    with subprocess.Popen(
        command,
        stdin=slave,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=kit.outbox,
        env={**os.environ, "PATH": PATH},
    ) as process:
        try:
            assert process.stderr is not None
            said = b""
            while b"Your name" not in said:
                piece = os.read(process.stderr.fileno(), 1000)
                assert piece, said
                said += piece
            interrupt(process)
            rest = process.stderr.read()
            assert process.wait(TIMEOUT_S) == 130
            assert b"Cancelled. Nothing was written." in rest and b"Traceback" not in rest
        finally:
            process.kill()
            os.close(master)
            os.close(slave)


@pytest.mark.parametrize("python3", [None, "exit 9", "exit 1"], ids=["missing", "stand-in", "old"])
def test_without_python3_the_fix_is_said(kit: Kit, tmp_path: Path, python3: str | None) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    if python3 is not None:
        (path / "python3").write_text(f"#!{BASH}\n{python3}\n")
        (path / "python3").chmod(0o755)
    done = kit.run(*WHO, env={"PATH": str(path)})
    assert done.returncode == 1
    assert done.stderr == (
        "error: python3 (3.8 or later) was not found on the PATH: "
        "activate the environment in which you run Jupyter, then try again.\n"
    )


def test_an_environment_that_calls_it_python_will_do(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    (path / "python").write_text(f'#!{BASH}\nexec "{sys.executable}" "$@"\n')
    (path / "python").chmod(0o755)
    done = kit.run(*WHO, env={"PATH": str(path)})
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs sh")
def test_it_may_be_started_with_sh(kit: Kit) -> None:
    done = kit.run(*WHO, command=["sh", str(kit.folder / SCRIPT.name)])
    assert done.returncode == 0, done.stderr


def test_a_plain_locale_is_enough(kit: Kit) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    kit.spec["title"] = "Auto-\u00e9ncodeurs"
    kit.save()
    done = kit.run(*WHO, "--name", "\u00c5sa", env=environment)
    assert done.returncode == 0, done.stderr
    assert (kit.outbox / "Asa_vae.zip").is_file()


def test_bash_accepts_the_script_and_it_is_executable() -> None:
    subprocess.run([BASH, "-n", str(SCRIPT)], check=True)
    assert os.access(SCRIPT, os.X_OK)
    assert SCRIPT.read_bytes().isascii(), "bash 3.2 and a C locale read bytes"


@pytest.mark.parametrize("gone", ["dgm", "dgm/handin", "dgm/handin/__init__.py"])
def test_without_dgm_the_fix_is_said(kit: Kit, gone: str) -> None:
    path = kit.folder / gone
    path.unlink() if path.is_file() else shutil.rmtree(path)
    said = kit.refused()
    assert said == (
        f"error: the folder dgm is missing or incomplete in {kit.folder}: "
        "copy it from the kit, then try again.\n"
    )


def test_it_runs_the_dgm_beside_it_and_no_other(kit: Kit, tmp_path: Path) -> None:
    other = tmp_path / "other" / "dgm" / "handin"
    other.mkdir(parents=True)
    for folder in (other.parent, other):
        (folder / "__init__.py").write_text("raise SystemExit('another dgm')\n")
    for environment in ({"PYTHONPATH": str(tmp_path / "other")}, {"PYTHONSAFEPATH": "1"}):
        done = kit.run(*WHO, "--force", env=environment)
        assert done.returncode == 0, done.stderr


def test_it_works_through_a_link_to_the_folder(kit: Kit, tmp_path: Path) -> None:
    link = tmp_path / "a link"
    link.symlink_to(kit.folder)
    done = kit.run(*WHO, command=[str(link / SCRIPT.name)])
    assert done.returncode == 0, done.stderr
    assert f"from {kit.folder}\n" in done.stderr


def test_warnings_are_shown_and_kept_in_the_manifest(kit: Kit) -> None:
    kit.cell("kl_meaning")["source"] = kit.blank_source("kl_meaning")
    kit.cell("train_vae")["execution_count"] = None
    said, written = kit.collect()
    shown = [line.split("warning: ", 1)[1] for line in said.splitlines() if "warning: " in line]
    assert shown == written["warnings"] == kit.warnings()
    assert len(shown) == 2


def test_each_fault_of_the_files_is_a_line_of_its_own(kit: Kit) -> None:
    (kit.folder / "lab.ipynb").unlink()
    kit.file("theory.ipynb", b"")
    assert [line.split(" is ")[0] for line in kit.refused().splitlines()[-2:]] == [
        "error: lab.ipynb",
        "error: theory.ipynb",
    ]


@pytest.mark.parametrize(
    ("flag", "bad"), [("--id", "a b"), ("--name", "../.."), ("--collaborators", "")]
)
def test_bad_values_are_usage_errors(kit: Kit, flag: str, bad: str) -> None:
    assert f"usage: {flag}: " in kit.refused(flag, bad, status=2)


def test_a_command_line_is_short_enough_for_every_system() -> None:
    assert SCRIPT.stat().st_size < 4096, "the program is in dgm.handin; Windows allows 8191"


# ---- groups


def test_the_others_of_a_group_are_asked_for(kit: Kit) -> None:
    kit.spec["group_size"] = 3
    kit.save()
    done = kit.talk("Ada Lovelace\ns1815\nNone\na b!\nbt1912, cl2001\nyes\n")
    assert done.returncode == 0, done.stderr
    assert "Student ids of the others in your group" in done.stderr
    assert "write the student ids of the others" in done.stderr
    made = manifest(kit.outbox / "Ada_Lovelace_vae.zip")
    assert made["group"] == [{"id": "bt1912"}, {"id": "cl2001"}]


def test_the_grader_reads_the_group_that_the_script_writes(kit: Kit) -> None:
    kit.spec["group_size"] = 2
    kit.collect("--group", "bt1912")
    (archive,) = kit.outbox.iterdir()
    question = Question(title="t", points=1, covers=[], notebook="lab", kind="code")
    assignment = Assignment(slug="vae", title="VAE", questions={"kl_divergence": question})
    taken = read_submission(archive.read_bytes(), archive.name, assignment)
    assert [member.id for member in taken.student.group] == ["bt1912"]


def test_a_group_may_be_nobody(kit: Kit) -> None:
    kit.spec["group_size"] = 2
    assert "group" not in kit.collect("--group", "None")[1]


@pytest.mark.parametrize(
    ("size", "group", "sentence"),
    [
        (1, ["--group", "bt1912"], "--group: vae is handed in alone"),
        (2, ["--group", "bt1912 cl2001"], "a group of vae has 2 members at most"),
        (2, ["--group", "b/t"], "--group: write the student ids of the others"),
        (2, [], "so these are needed: --group"),
    ],
)
def test_a_group_that_does_not_fit_is_refused(
    kit: Kit, size: int, group: list[str], sentence: str
) -> None:
    kit.spec["group_size"] = size
    kit.save()
    assert sentence in kit.refused(*group, status=2)


def test_nobody_is_asked_for_a_group_where_everybody_hands_in_alone(kit: Kit) -> None:
    assert "group" not in kit.collect()[0]
