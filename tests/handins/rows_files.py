"""Rows: which file, whose, when."""

from __future__ import annotations

import json

from tests.handins.row import HALF, Kit, row, zipped

GROUP = "which file, whose, when"


def _attempts(kit: Kit, names: list[str], newest: int, first: str = "Ada", manifest: bool = True):
    """Attempts of one student under these names; all but the newest earn 2 of 3 points."""
    who = kit.who(first)
    for number, name in enumerate(names):
        files = kit.files(
            who if manifest else None, HALF if number != newest else {**HALF, **_RIGHT}
        )
        if manifest:
            told = json.loads(files["submission.json"])
            del told["created"]
            files["submission.json"] = json.dumps(told).encode()
        kit.zip(name.format(who.filed), files)
    return who


_RIGHT = {"double": "def double(number):\n    return 2 * number"}


@row(GROUP, "`X.zip`, `X-1.zip`, `X-2.zip`", "canvas-lms 606, okpy/ok 1163")
def attempts_of_canvas(kit: Kit):
    """The highest number counts, and the table says why."""
    who = _attempts(kit, ["{}_mini.zip", "{}_mini-1.zip", "{}_mini-2.zip"], 2)
    seen = yield
    seen.graded(who)
    assert "highest number" in seen.of(who).why and len(seen.of(who).others) == 2
    assert f"{who.filed}_mini-2.zip counts" in seen.printed


@row(GROUP, "`X (2).zip`, `X (10).zip`", "Submitty 11477")
def attempts_of_browsers(kit: Kit):
    """10 comes after 2."""
    who = _attempts(kit, ["{}_mini.zip", "{}_mini (2).zip", "{}_mini (10).zip"], 2)
    seen = yield
    seen.graded(who)


@row(GROUP, "`X copy.zip`, `X - Copy (2).zip`, `X.zip.zip`", "LenaSYS 9766")
def attempts_of_desktops(kit: Kit):
    """Copies are attempts of the same student; the last number counts."""
    names = ["{}_mini.zip.zip", "{}_mini - Copy.zip", "{}_mini - Copy (2).zip"]
    who = _attempts(kit, names, 2, manifest=False)
    seen = yield
    seen.graded(who)
    seen.only(who)


@row(GROUP, "attempts with times", "LenaSYS 9766")
def attempts_with_times(kit: Kit):
    """The newest by time counts, whatever the numbers say."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", who, created="2026-01-02T10:00:00Z")
    kit.zip(f"{who.filed}_mini-1.zip", who, answers=HALF, created="2026-01-01T10:00:00Z")
    seen = yield
    seen.graded(who)
    assert "time" in seen.of(who).why


@row(GROUP, "an attempt after the due date", "HANDINS")
def late_attempt(kit: Kit):
    """It does not displace the one in time."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", who, created="2026-01-02T10:00:00Z")
    late = kit.files(who, HALF, created="2026-01-02T10:00:00Z")
    kit.zip(f"{kit.surname.lower()}ada_LATE_7001_80001_{who.filed}_mini-1.zip", late)
    seen = yield
    seen.graded(who)
    assert seen.of(who).others[0].why.startswith("late")


@row(GROUP, "`homework-1.zip` in a course of several assignments", "canvas-lms 606")
def assignment_by_manifest(kit: Kit):
    """The manifest's slug is read; the suffix is no part of a name."""
    who = kit.who()
    kit.zip("homework-1.zip", who)
    seen = yield
    seen.graded(who)


@row(GROUP, "the same, without a manifest", "HANDINS")
def assignment_unknown(kit: Kit):
    """It waits, with a sentence."""
    kit.zip("homework-2.zip", kit.files())
    seen = yield
    seen.waits("homework-2.zip", "--assignment")


# Learning platforms


@row(GROUP, "Canvas: `lovelaceada_LATE_123_456_Ada_Lovelace_vae.zip`", "nbgrader 511")
def canvas(kit: Kit):
    """Recognised, the prefix stripped; LATE stays a flag."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    key = kit.surname.lower()
    kit.zip(f"{key}ada_LATE_12345_67890_{ada.filed}_mini.zip", ada)
    kit.zip(f"{key}ben_12346_67891_{ben.filed}_mini-1.zip", kit.files())
    seen = yield
    seen.graded(ada)
    seen.graded(ben)
    seen.only(ada, ben)
    assert seen.of(ada).late and not seen.of(ben).late


@row(GROUP, "Canvas's bulk zip", "issue 18")
def canvas_bulk(kit: Kit):
    """Opened; one submission per entry."""
    people = [kit.who(first) for first in ("Ada", "Ben", "Cleo")]
    made = {
        f"{kit.surname.lower()}{one.name.split()[0].lower()}_{n}1_{n}2_{one.filed}_mini.zip": zipped(
            kit.files(one)
        )
        for n, one in enumerate(people, 100)
    }
    kit.paths = [kit.zip("submissions.zip", made)]
    seen = yield
    for one in people:
        seen.graded(one)
    seen.only(*people)


@row(GROUP, "three Moodle students who each zip as `mini.zip`", "issue 18, moodle_nbgrader")
def moodle(kit: Kit):
    """Three students, known by their folders; `_onlinetext` is no submission."""
    people = [kit.who(first) for first in ("Ada", "Ben", "Cleo")]
    for number, one in enumerate(people, 123):
        folder = f"{one.name}_{number}_assignsubmission_file"
        kit.zip(f"{folder}/mini.zip", kit.files())
        kit.write(f"{one.name}_{number}_assignsubmission_onlinetext/onlinetext.html", "<p>hi</p>")
    seen = yield
    for one in people:
        seen.graded(one)
    seen.only(*people)


@row(GROUP, "Moodle's bulk zip, files of any name", "nbgrader 416")
def moodle_bulk(kit: Kit):
    """One submission per student; the manifest's id stays."""
    people = [kit.who(first) for first in ("Ada", "Ben")]
    made = {
        f"{one.name}_{n}_assignsubmission_file/abgabe.zip": zipped(kit.files(one))
        for n, one in enumerate(people, 50)
    }
    kit.paths = [kit.zip("MATH101-Assignment 1-4711.zip", made)]
    seen = yield
    for one in people:
        seen.graded(one)
        assert seen.of(one).id == one.id
    seen.only(*people)


@row(GROUP, "Moodle without folders, unpacked notebooks", "nbgrader 796", told=True)
def moodle_notebooks(kit: Kit):
    """Loose notebooks of one student are one submission."""
    who = kit.who()
    for name, data in kit.files().items():
        kit.write(f"{who.name}_77_assignsubmission_file_{name}", data)
    seen = yield
    seen.graded(who)
    seen.only(who)


@row(
    GROUP,
    "Blackboard: `Assignment 1_al1815_attempt_2025-12-01-13-45-10_X.zip`, `.txt`",
    "nbgrader 511",
)
def blackboard(kit: Kit):
    """Two attempts of one student; the newer counts, by its name's time."""
    who = kit.who()
    for hour, answers in ((13, HALF), (14, {})):
        stem = f"Assignment 1_{who.id}_attempt_2025-12-01-{hour}-45-10"
        kit.write(f"{stem}.txt", f"Name: {who.name} ({who.id})\nAssignment: Assignment 1\n")
        kit.zip(f"{stem}_mini.zip", kit.files(None, answers or {**HALF, **_RIGHT}))
    seen = yield
    seen.graded(who)
    seen.only(who)
    assert seen.of(who).id == who.id
    assert len(seen.of(who).others) == 1


@row(GROUP, "the same in a course that names its time zone", "nbgrader 511", slug="maxi")
def blackboard_zone(kit: Kit):
    """The time is the hand-in time, in the course's zone."""
    who = kit.who()
    kit.zip(f"Assignment 1_{who.id}_attempt_2025-12-01-13-45-10_maxi.zip", kit.files(who))
    seen = yield
    seen.graded(who)
    assert seen.of(who).handed_in == "2025-12-01T12:45:10Z", seen.of(who).handed_in
    assert seen.of(who).time_from == "platform"


@row(
    GROUP,
    "Brightspace: `12345-67890 - Ada Lovelace - Dec 1, 2025 1103 PM - X.zip`",
    "otter 617",
    slug="maxi",
)
def brightspace(kit: Kit):
    """Recognised, the time kept."""
    who = kit.who()
    kit.zip(f"12345-67890 - {who.name} - Dec 1, 2025 1103 PM - {who.filed}_maxi.zip", kit.files())
    kit.write("index.html", "<html></html>")
    seen = yield
    seen.graded(who)
    seen.only(who)
    assert seen.of(who).handed_in == "2025-12-01T22:03:00Z", seen.of(who).handed_in


@row(GROUP, "Gradescope: `submission_1/` with `submission_metadata.yml`", "otter 617", told=True)
def gradescope(kit: Kit):
    """Names, ids, times and group members from the metadata."""
    ada, ben, cleo = (kit.who(first) for first in ("Ada", "Ben", "Cleo"))
    kit.write(
        "assignment_9_export/submission_metadata.yml",
        f"""---
submission_11:
  :submitters:
  - :name: {ada.name}
    :sid: {ada.id}
    :email: ada@example.org
  - :name: {ben.name}
    :sid: {ben.id}
    :email: ben@example.org
  :created_at: 2025-12-01 22:10:00.000000000 Z
  :score: 0.0
  :status: processed
submission_12:
  :submitters:
  - :name: {cleo.name}
    :sid: {cleo.id}
    :email: cleo@example.org
  :created_at: 2025-12-01 23:10:00.000000000 +01:00
""",
    )
    kit.write_all("assignment_9_export/submission_11", kit.files())
    kit.write_all("assignment_9_export/submission_12", kit.files(cleo, HALF))
    seen = yield
    seen.graded(ada)
    seen.graded(ben)
    seen.graded(cleo, 2)
    seen.only(ada, ben, cleo)
    assert seen.of(ada).handed_in == "2025-12-01T22:10:00Z"
    assert seen.of(cleo).handed_in == "2025-12-01T22:10:00Z"
    assert seen.of(ada).file == seen.of(ben).file


@row(GROUP, "a folder in which several platforms' files lie", "issue 18")
def mixed(kit: Kit):
    """Each is recognised by itself."""
    ada, ben, cleo, dan = (kit.who(first) for first in ("Ada", "Ben", "Cleo", "Dan"))
    kit.zip(f"{kit.surname.lower()}ada_7101_7102_{ada.filed}_mini.zip", kit.files())
    kit.zip(f"{ben.name}_9_assignsubmission_file/mini.zip", kit.files())
    kit.zip(f"Lab_{cleo.id}_attempt_2025-12-01-13-45-10_mini.zip", kit.files(cleo))
    kit.zip(f"{dan.filed}_mini.zip", dan)
    seen = yield
    for one in (ada, ben, cleo, dan):
        seen.graded(one)
    seen.only(ada, ben, cleo, dan)


@row(GROUP, "`--from moodle` where one file is not Moodle's", "issue 18")
def insisted(kit: Kit):
    """The file that does not fit waits."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.zip(f"{ada.name}_9_assignsubmission_file/mini.zip", kit.files())
    kit.zip(f"{ben.filed}_mini.zip", ben)
    kit.options = {"platform": "moodle"}
    seen = yield
    seen.graded(ada)
    seen.waits(ben.filed, "moodle", n=1)


@row(GROUP, "two accounts of a platform claim one id", "nbgrader 937")
def stolen_id(kit: Kit):
    """Who is not named by the manifest waits; the victim's score stays."""
    ada, eve = kit.who("Ada"), kit.who("Eve")
    key = kit.surname.lower()
    kit.zip(f"{key}ada_8101_8102_mini.zip", kit.files(ada))
    kit.zip(f"{key}eve_8103_8104_mini.zip", kit.files(ada, HALF, created="2026-01-05T10:00:00Z"))
    seen = yield
    seen.graded(ada)
    seen.only(ada)
    seen.waits("eve_8103", "canvas", eve.name.split()[0].lower(), n=1)


@row(GROUP, "a bulk zip that a student made", "hostile")
def forged_bulk(kit: Kit):
    """Of a zip that is named like a submission, nothing goes to somebody else."""
    ada, eve = kit.who("Ada"), kit.who("Eve")
    kit.zip(f"{ada.filed}_mini.zip", kit.files(ada, HALF))
    inner = {f"{ada.name}_123_assignsubmission_file/mini.zip": zipped(kit.files(ada))}
    kit.zip(f"{eve.filed}_mini.zip", inner)
    seen = yield
    seen.graded(ada, 2)


# Folders and notebooks


@row(GROUP, "unpacked folders, one per student", "otter 617, nbgutils", told=True)
def folders(kit: Kit):
    """One submission per folder."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.write_all(f"{ada.filed}_mini", kit.files())
    kit.write_all("submission_2/mini", kit.files(ben))
    seen = yield
    seen.graded(ada)
    seen.graded(ben)
    seen.only(ada, ben)


@row(GROUP, "a folder without a zip among zips", "issue 18")
def empty_folder(kit: Kit):
    """It stops nothing."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", who)
    kit.write("notes/readme.txt", "hello")
    kit.paths = [kit.folder, kit.folder / "notes"]
    seen = yield
    seen.graded(who)


@row(GROUP, "bare notebooks", "otter 617", told=True)
def bare_notebooks(kit: Kit):
    """Notebooks of one prefix are one submission."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    for who, answers in ((ada, {}), (ben, HALF)):
        for name, data in kit.files(None, answers or {**HALF, **_RIGHT}).items():
            kit.write(f"{who.filed}_{name}", data)
    seen = yield
    ids = {one.id: one.totals.auto for one in seen.students}
    assert ids == {ada.filed: 3.0, ben.filed: 2.0}, seen.brief()


@row(GROUP, "a bare `lab.ipynb` of nobody", "otter 617", told=True)
def bare_lab(kit: Kit):
    """It waits: nothing says whose it is."""
    kit.paths = [kit.write("lab.ipynb", kit.files()["lab.ipynb"])]
    seen = yield
    seen.waits("lab.ipynb", "whose")
    assert not seen.students, seen.brief()


@row(GROUP, "a class zip with a zip per student", "nbgutils")
def class_zip(kit: Kit):
    """One submission per zip."""
    people = [kit.who(first) for first in ("Ada", "Ben")]
    made = {f"{one.filed}_mini.zip": zipped(kit.files(one)) for one in people}
    kit.paths = [kit.zip("class of 2026.zip", made)]
    seen = yield
    for one in people:
        seen.graded(one)
    seen.only(*people)


@row(GROUP, "a class zip with a folder per student", "nbgutils")
def class_zip_folders(kit: Kit):
    """One submission per folder."""
    people = [kit.who(first) for first in ("Ada", "Ben")]
    made = {
        f"all/{one.filed}_mini/{name}": data
        for one in people
        for name, data in kit.files(one).items()
    }
    kit.paths = [kit.zip("class.zip", made)]
    seen = yield
    for one in people:
        seen.graded(one)
    seen.only(*people)


@row(GROUP, "a class zip of a single student", "nbgutils")
def class_zip_of_one(kit: Kit):
    """The student is known by the inner name."""
    who = kit.who()
    kit.paths = [kit.zip("class.zip", {f"{who.filed}_mini.zip": zipped(kit.files())})]
    seen = yield
    seen.graded(who)
    seen.only(who)


@row(GROUP, "two different `Lee_Kim_vae.zip` in two folders", "issue 18")
def same_name_twice(kit: Kit):
    """Manifests tell them apart."""
    one, two = kit.who("Lee"), kit.who("Lee")
    kit.zip(f"a/{one.filed}_mini.zip", kit.files(one))
    kit.zip(f"b/{two.filed}_mini.zip", kit.files(two, HALF, id=f"{two.id}_2"))
    seen = yield
    ids = {student.id for student in seen.students}
    assert ids == {one.id, f"{two.id}_2"}, seen.brief()


@row(GROUP, "the same without manifests", "issue 18")
def same_name_unknown(kit: Kit):
    """Neither is lost: both wait, or one counts and it is said that nothing tells which."""
    who = kit.who("Lee")
    kit.zip(f"a/{who.filed}_mini.zip", kit.files())
    kit.zip(f"b/{who.filed}_mini.zip", kit.files(None, HALF))
    seen = yield
    seen.waits(who.filed)


# Identity


@row(GROUP, "a manifest with a BOM", "nbgrader 912")
def manifest_bom(kit: Kit):
    """Read."""
    who = kit.who()
    files = kit.files(who)
    files["submission.json"] = b"\xef\xbb\xbf" + files["submission.json"]
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)
    assert seen.of(who).identity == "manifest"


@row(GROUP, "a manifest in UTF-16", "nbgrader 912")
def manifest_utf16(kit: Kit):
    """Read (a Windows editor saved it)."""
    who = kit.who()
    files = kit.files(who)
    files["submission.json"] = files["submission.json"].decode().encode("utf-16")
    kit.zip(f"{who.filed}_mini.zip", files)
    seen = yield
    seen.graded(who)
    assert seen.of(who).identity == "manifest"


@row(GROUP, "an id that is a number", "nbgrader 750")
def id_number(kit: Kit):
    """It becomes text."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", kit.files(who, id=1815007))
    seen = yield
    seen.graded(who)
    assert seen.of(who).id == "1815007"


@row(GROUP, "an id with blanks around it", "nbgrader 750")
def id_blanks(kit: Kit):
    """The blanks go."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", kit.files(who, id=f" \u00a0{who.id}\t\n"))
    seen = yield
    seen.graded(who)
    assert seen.of(who).id == who.id


@row(GROUP, "an id that is an e-mail address", "nbgrader 937")
def id_email(kit: Kit):
    """It is the id, as a safe folder name."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", kit.files(who, id="Ada.Mail@example.org"))
    seen = yield
    seen.graded(who)
    assert seen.of(who).claimed_id == "Ada.Mail@example.org"
    assert "@" not in seen.of(who).id


@row(GROUP, "`AL1815` against `al1815`", "nbgrader 937")
def id_case(kit: Kit):
    """One student."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", kit.files(who, HALF))
    kit.zip(
        f"{who.filed}_mini-1.zip", kit.files(who, id=who.id.upper(), created="2026-01-02T10:00:00Z")
    )
    seen = yield
    seen.graded(who)
    seen.only(who)
    assert seen.of(who).id == who.id


@row(GROUP, "a typo in the id of a second attempt", "issue 18")
def id_typo(kit: Kit):
    """No ghost with a full row: the two files are said to be of one name and two ids."""
    who = kit.who()
    kit.zip(f"{who.filed}_mini.zip", kit.files(who))
    kit.zip(
        f"{who.filed}_mini-1.zip", kit.files(who, id=who.id + "x", created="2026-01-02T10:00:00Z")
    )
    seen = yield
    said = [one.look_at for one in seen.students] + [one.why for one in seen.waiting]
    assert any(who.id + "x" in text and "id" in text for text in said), (said, seen.brief())


@row(GROUP, "a typo in an id, with a roster", "issue 18", roster=True)
def id_typo_roster(kit: Kit):
    """It waits, and the id that may be meant is named."""
    who = kit.who()
    kit.roster = [{"id": who.id, "name": who.name}]
    kit.zip(f"{who.filed}_mini.zip", kit.files(who, id=who.id + "x"))
    seen = yield
    seen.waits(who.id + "x", "not in the roster", who.id)


@row(GROUP, "a rejected file, then a good one with a manifest", "issue 18")
def ghost(kit: Kit):
    """One student."""
    who = kit.who()
    kit.write(f"{who.filed}_mini.zip", b"PK\x03\x04 cut")
    kit.zip(f"{who.filed}_mini-1.zip", who)
    seen = yield
    seen.graded(who)
    seen.only(who)


@row(GROUP, "a rejected `upload.zip`, then a good file, by one account", "issue 18")
def ghost_of_account(kit: Kit):
    """One student: the platform's account says so."""
    who = kit.who()
    key = f"{kit.surname.lower()}ada_55"
    kit.write(f"{key}_1_upload.zip", b"PK\x03\x04 cut")
    kit.zip(f"{key}_2_mini.zip", who)
    seen = yield
    seen.graded(who)
    seen.only(who)


@row(GROUP, "contradiction: the manifest names another than the file", "nbgrader 937")
def contradiction(kit: Kit):
    """It waits for a person; the table shows it."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    kit.zip(f"{ben.filed}_mini.zip", kit.files(ada))
    seen = yield
    seen.waits(ben.filed, ada.id, n=1)
    assert not seen.students
    assert f"{ben.filed}_mini.zip" in seen.printed


@row(GROUP, "a roster with the platform's number", "nbgrader 511", roster=True)
def roster_platform_id(kit: Kit):
    """`canvas_id` settles whose it is, whatever the manifest spells."""
    who = kit.who()
    kit.roster = [{"id": who.id, "name": who.name, "canvas_id": "90210"}]
    kit.zip("lovelaceadaxx_90210_5_mini.zip", kit.files(who, id="typo", name="A. L."))
    seen = yield
    seen.graded(who)
    assert seen.of(who).identity == "roster"


# Times


def _time(kit: Kit, text: object):
    who = kit.who()
    kit.zip(f"{who.filed}_{kit.slug}.zip", kit.files(who, created=text))
    return who


@row(GROUP, "hand-in time `2025-12-15 23:30:00 +0100`", "nbgrader 1932")
def time_offset(kit: Kit):
    """The offset is honoured."""
    who = _time(kit, "2025-12-15 23:30:00 +0100")
    seen = yield
    assert seen.of(who).handed_in == "2025-12-15T22:30:00Z"


@row(
    GROUP,
    "hand-in time `... PST`, `12/15/2026 11:30 PM`, `03.12.2026`, a number",
    "nbgrader 73, 723",
)
def time_ambiguous(kit: Kit):
    """Said; nothing is recorded as late."""
    told = ["2025-12-15 23:30:00 PST", "12/15/2025 11:30 PM", "03.12.2025", 1234567890]
    people = [kit.who(first) for first in ("Ada", "Ben", "Cleo", "Dan")]
    for who, text in zip(people, told, strict=True):
        kit.zip(f"{who.filed}_mini.zip", kit.files(who, created=text))
    seen = yield
    for who in people:
        one = seen.of(who)
        assert (one.handed_in, one.time_from, one.late_s) == ("", "unknown", 0)
        assert any("time" in note for note in seen.graded(who).notes)
        assert "time" in one.look_at or "time" in one.notes, "the table does not show it"


@row(GROUP, "hand-in time with a BOM", "Submitty 11022")
def time_bom(kit: Kit):
    """Read."""
    who = _time(kit, "\ufeff2025-12-15T22:10:00Z")
    seen = yield
    assert seen.of(who).handed_in == "2025-12-15T22:10:00Z"


# Groups, late policy, extensions


@row(GROUP, "a group of the roster, one copy", "issue 18", roster=True)
def group_of_roster(kit: Kit):
    """All members are graded by it."""
    ada, ben, cleo = (kit.who(first) for first in ("Ada", "Ben", "Cleo"))
    for who in (ada, ben):
        kit.roster.append({"id": who.id, "name": who.name, "group": kit.surname})
    kit.roster.append({"id": cleo.id, "name": cleo.name, "group": ""})
    kit.zip(f"{ada.filed}_mini.zip", ada)
    kit.zip(f"{cleo.filed}_mini.zip", kit.files(cleo, HALF))
    seen = yield
    for who in (ada, ben):
        seen.graded(who)
    seen.graded(cleo, 2)
    assert "group" in seen.of(ben).why


@row(GROUP, "a group in the manifest", "issue 18")
def group_of_manifest(kit: Kit):
    """All members that it names are graded by it; the others' own files come first."""
    ada, ben = kit.who("Ada"), kit.who("Ben")
    group = [{"id": ben.id, "name": ben.name}]
    kit.zip(f"{ada.filed}_mini.zip", kit.files(ada, group=group))
    seen = yield
    seen.graded(ada)
    seen.graded(ben)
    assert "group" in seen.of(ben).why


@row(GROUP, "a manifest that names a stranger as a member", "hostile")
def group_forged(kit: Kit):
    """Who handed in their own file keeps it."""
    ada, eve = kit.who("Ada"), kit.who("Eve")
    kit.zip(f"{ada.filed}_mini.zip", kit.files(ada))
    group = [{"id": ada.id, "name": ada.name}]
    kit.zip(
        f"{eve.filed}_mini.zip", kit.files(eve, HALF, group=group, created="2026-01-05T10:00:00Z")
    )
    seen = yield
    seen.graded(ada)
    seen.graded(eve, 2)


@row(GROUP, "late by a day, with a policy", "issue 18", slug="maxi")
def late_policy(kit: Kit):
    """A tenth of the points for each day begun; grace of ten minutes; at most three days."""
    ada, ben, cleo = (kit.who(first) for first in ("Ada", "Ben", "Cleo"))
    for who, at in (
        (ada, "2026-02-01T22:30:00Z"),
        (ben, "2026-01-31T22:09:00Z"),
        (cleo, "2026-02-02T22:30:00Z"),
    ):
        kit.zip(f"{kit.surname.lower()}_{who.id}.zip", kit.files(who, created=at))
    seen = yield
    penalties = [seen.of(who).late_penalty for who in (ada, ben, cleo)]
    assert penalties == [0.2, 0.0, 0.3], penalties


@row(GROUP, "an extension", "issue 18", slug="maxi")
def extension(kit: Kit):
    """Not late before the student's own due date."""
    who = kit.who()
    kit.zip(
        "late_ext_maxi.zip",
        kit.files(who, id="late_ext", name="Late Ext", created="2026-02-02T22:30:00Z"),
    )
    seen = yield
    (one,) = seen.students
    assert one.late_s == 0 and one.late_penalty == 0
