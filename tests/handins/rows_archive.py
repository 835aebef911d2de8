"""Rows: the archive."""

from __future__ import annotations

import io
import tarfile

from tests.handins.row import HALF, Kit, row, zipped

GROUP = "the archive"


def _renamed(kit: Kit, who, renames: dict[str, str]):
    files = {renames.get(name, name): data for name, data in kit.files(who).items()}
    return kit.zip(f"{who.filed}_mini.zip", files)


def _look_alike(kit: Kit, name: str):
    who = kit.who()
    _renamed(kit, who, {"lab.ipynb": name})
    return who


@row(GROUP, "`lab (1).ipynb`", "otter 433")
def lab_browser(kit: Kit):
    """The only look-alike is taken, with a note."""
    who = _look_alike(kit, "lab (1).ipynb")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "lab (1).ipynb")


@row(GROUP, "`Copy of lab.ipynb`", "nbgrader 1302")
def lab_copy_of(kit: Kit):
    """The only look-alike is taken, with a note."""
    who = _look_alike(kit, "Copy of lab.ipynb")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "Copy of lab.ipynb")


@row(GROUP, "`lab_final_v2.ipynb`", "abc-classroom 88")
def lab_final(kit: Kit):
    """The only look-alike is taken, with a note."""
    who = _look_alike(kit, "lab_final_v2.ipynb")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "lab_final_v2.ipynb")


@row(GROUP, "`Ada_Lovelace.ipynb` in place of `lab.ipynb`", "abc-classroom 88")
def lab_by_content(kit: Kit):
    """The only notebook left over that has the lab's cells is taken, with a note."""
    who = _look_alike(kit, "homework.ipynb")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "homework.ipynb")


@row(GROUP, "`lab (1).ipynb` and `lab (2).ipynb`", "otter 433")
def lab_two(kit: Kit):
    """Two candidates wait for a person; never "graded, 0"."""
    who = kit.who()
    files = kit.files(who)
    files["lab (1).ipynb"] = files.pop("lab.ipynb")
    files["lab (2).ipynb"] = kit.files(None, HALF)["lab.ipynb"]
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.waits("lab (1).ipynb", "lab (2).ipynb")


@row(GROUP, "an untouched `lab.ipynb` beside the work in `lab-Copy1.ipynb`", "issue 18")
def lab_copy1(kit: Kit):
    """It waits, or the work is taken with a note; never "graded, 0"."""
    who = kit.who()
    files = kit.files(who)
    files["lab-Copy1.ipynb"] = files["lab.ipynb"]
    files["lab.ipynb"] = kit.files(None, {})["lab.ipynb"]
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "lab-Copy1.ipynb")


@row(GROUP, "`lab.ipynb.txt`", "jupyter-book 634")
def lab_txt(kit: Kit):
    """Taken by content, with a note."""
    who = _look_alike(kit, "lab.ipynb.txt")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "lab.ipynb.txt")


@row(GROUP, "`lab.ipynb.json`", "otter 617")
def lab_json(kit: Kit):
    """Taken by content, with a note."""
    who = _look_alike(kit, "lab.ipynb.json")
    seen = yield
    seen.graded(who)
    seen.has_note(who, "lab.ipynb.json")


@row(GROUP, "`lab.py` only", "issue 18")
def lab_py(kit: Kit):
    """It waits: a notebook is needed."""
    who = kit.who()
    files = kit.files(who)
    files["lab.py"] = b"def double(number):\n    return 2 * number\n"
    del files["lab.ipynb"]
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.waits("lab.py")


@row(GROUP, "another course's notebook as `lab.ipynb`", "issue 18")
def lab_foreign(kit: Kit):
    """It waits; never "graded, 0" in silence."""
    who = kit.who()
    kit.lab(
        who,
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {
                    "cell_type": "code",
                    "id": "a",
                    "metadata": {},
                    "source": "print(1)",
                    "outputs": [],
                    "execution_count": 1,
                }
            ],
        },
    )
    seen = yield
    seen.waits("lab.ipynb")


@row(GROUP, "no lab at all", "issue 18")
def lab_missing(kit: Kit):
    """The theory is graded; that the lab is missing is said in table and CSV."""
    who = kit.who()
    files = kit.files(who)
    del files["lab.ipynb"]
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who, 0)
    assert "lab.ipynb" in seen.of(who).notes


@row(GROUP, "`vae\\lab.ipynb` (PowerShell 5)", "PowerShell 2140")
def backslashes(kit: Kit):
    """Read as `/` where no entry has one."""
    who = kit.who()
    files = {f"mini\\{name}": data for name, data in kit.files(who).items()}
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)


@row(GROUP, "`..\\lab.ipynb`", "hostile")
def backslashes_out(kit: Kit):
    """The checks on paths apply all the same: rejected."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", {f"..\\{name}": data for name, data in kit.files(who).items()})
    seen = yield
    assert seen.of(who).status == "rejected"


@row(GROUP, "one odd backslash among proper names", "Archive 48")
def backslash_one(kit: Kit):
    """That one file is left out, with a note."""
    who = kit.who()
    files = kit.files(who) | {"pictures/odd\\name.png": b"x"}
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "odd")


@row(GROUP, "`vae/vae/lab.ipynb`", "drop-project 123")
def nested_folder(kit: Kit):
    """The deepest single folder that has the notebooks."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", {f"mini/mini/{n}": d for n, d in kit.files(who).items()})
    seen = yield
    seen.graded(who)


@row(GROUP, "`vae/` beside `vae old/`", "codabench 1655")
def two_folders(kit: Kit):
    """Two candidates wait for a person."""
    who = kit.who()
    files = {f"mini/{n}": d for n, d in kit.files(who).items()}
    files |= {f"mini old/{n}": d for n, d in kit.files(who, HALF).items()}
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.waits("mini old")


@row(
    GROUP, "`Icon\\r`, `.DS_Store`, `__MACOSX`, `Thumbs.db`, `desktop.ini`, `~$x`", "codabench 1655"
)
def junk(kit: Kit):
    """Ignored."""
    who = kit.who()
    odd = [
        "Icon\r",
        ".DS_Store",
        "__MACOSX/._lab.ipynb",
        "Thumbs.db",
        "desktop.ini",
        "~$notes.docx",
    ]
    kit.zip(f"{who.filed}_mini.zip", kit.files(who) | {name: b"x" for name in odd})
    seen = yield
    report = seen.graded(who)
    assert not [note for note in report.notes if "Icon" in note or "~$" in note], report.notes


@row(GROUP, "the kit with its `.venv` and `.git`", "everyday")
def venv(kit: Kit):
    """Ignored entries do not count towards the limits; a note."""
    who = kit.who()
    files = {f"mini/{name}": data for name, data in kit.files(who).items()}
    files |= {f"mini/.venv/lib/m{n}/lab.py": b"" for n in range(3000)}
    files |= {f"mini/.git/objects/{n:04}": b"" for n in range(500)}
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)
    seen.has_note(who, "3500")


@row(GROUP, "tar.gz", "everyday")
def tar_gz(kit: Kit):
    """Read with the same checks."""
    who = kit.who()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in kit.files(who).items():
            info = tarfile.TarInfo(f"mini/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    kit.write(f"{who.filed}_mini.tar.gz", buffer.getvalue())
    seen = yield
    seen.graded(who)


@row(GROUP, "a tar.gz with a link and a path that leads out", "hostile")
def tar_hostile(kit: Kit):
    """Rejected."""
    who = kit.who()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo("lab.ipynb")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    kit.write(f"{who.filed}_mini.tar.gz", buffer.getvalue())
    seen = yield
    assert seen.of(who).status == "rejected" and "link" in seen.of(who).message


@row(GROUP, "7z and rar", "everyday")
def other_archives(kit: Kit):
    """One sentence each, and a row in the table."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.write(f"{ada.filed}_mini.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100))
    kit.write(f"{ben.filed}_mini.rar", b"Rar!\x1a\x07\x00" + bytes(100))
    seen = yield
    assert "7-Zip" in seen.of(ada).message and seen.of(ada).status == "rejected"
    assert "RAR" in seen.of(ben).message and ben.name in seen.printed


@row(GROUP, "an HTML login page", "everyday")
def html_page(kit: Kit):
    """One sentence."""
    who = kit.who()
    kit.write(f"{who.filed}_mini.zip", "<!DOCTYPE html>\n<html><title>Log in</title></html>")
    seen = yield
    assert "web page" in seen.of(who).message, seen.of(who).message


@row(GROUP, "a cut upload", "everyday")
def cut_upload(kit: Kit):
    """One sentence."""
    who = kit.who()
    data = zipped(kit.files(who))
    kit.write(f"{who.filed}_mini.zip", data[: len(data) // 2])
    seen = yield
    assert "cut off" in seen.of(who).message


@row(GROUP, "the zip in a zip in a zip", "HANDINS")
def zip_in_zip(kit: Kit):
    """One level is opened; below it one sentence."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.zip(f"{ada.filed}_mini.zip", {"x.zip": zipped(kit.files(ada))})
    kit.zip(f"{ben.filed}_mini.zip", {"x.zip": zipped({"y.zip": zipped(kit.files(ben))})})
    seen = yield
    seen.graded(ada)
    assert "nested" in seen.of(ben).message
