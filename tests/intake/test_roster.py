"""The class list: how it is written, and what is said of one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import AutograderError
from autograder.intake.roster import Person, read_roster

FILE = Path("class.csv")
ADA = Person(id="al1815", name="Ada Lovelace", email="ada@example.org", group="7")


@pytest.mark.parametrize(
    "text",
    [
        "id,name,email,group\nal1815,Ada Lovelace,ada@example.org,7\n",
        "\ufeffID;Name;E-Mail;Group\r\nal1815;Ada Lovelace;ada@example.org;7\r\n\r\n",
        'sep=;\n"Group";"Student ID";"full name";"mail"\n7;al1815;"Lovelace, '
        'Ada";ada@example.org\n',
        "id\tfirst_name\tlast_name\temail\tgroup\nal1815 \tAda\tLovelace\tada@example.org\t7",
        'name,id,email,group,note\n"Ada\n Lovelace",al1815,ada@example.org,7,"a,b"\n,,,,\n',
    ],
    ids=["plain", "a German spreadsheet", "its own line", "tabs, as nbgrader has it", "quoted"],
)
def test_the_usual_ways_to_write_it(text: str) -> None:
    assert read_roster(text.encode(), FILE).people == [ADA]


def test_ids_elsewhere_files_and_times() -> None:
    text = (
        "id,canvas_id,Moodle ID,files,handed_in\n"
        "s1,77,,homework.zip | a b.zip,2026-12-15 23:00 +0100\ns2\n"
    )
    roster = read_roster(text.encode(), FILE)
    one, two = roster.people
    assert one.platform_ids == {"canvas_id": "77"} and one.handed_in == "2026-12-15 23:00 +0100"
    assert roster.owner_of("Homework.zip") is roster.owner_of("a b.zip") is one
    assert roster.owner_of("other.zip") is None
    assert two == Person(id="s2")


def test_who_is_found_by_what() -> None:
    text = "id,name,email\nal1815,Ada Lovelace,Ada@x.org\nab12,Bo Li,\nab13,Li Bo,\n"
    roster = read_roster(text.encode(), FILE)
    ada, bo, _ = roster.people
    for claim in ("al1815", "AL1815 ", "ada@X.org"):
        assert roster.claimed(claim) is ada
    assert roster.claimed("al181") is None
    assert roster.named("Lovelace Ada") is ada
    assert roster.named("Bo Li") is None, "two have this name"
    assert roster.named("...") is None
    assert roster.near("al-1815", "") == roster.near("a l1815", "") == [ada]
    assert roster.near("zz99", "Ada") == [ada]
    assert bo in roster.near("ab-12", "")
    assert roster.near("", "") == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "class.csv: is empty"),
        (b"name,email\nAda,a@x.org\n", "line 1: no column"),
        (b"id,student id\na,b\n", "several columns"),
        ("id,name\na,Zoë\n".encode("latin-1"), "UTF-8"),
        ("id,name\na,Ada\n".encode("utf-16"), "UTF-8"),
        (b"id,name\n../x,Ada\n", "line 2: ../x cannot be an id"),
        (b"id,name\n\n,Ada\n", "line 3: an empty cell"),
        (b"id,name\na,Ada\nb,Ben\nA,Al\n", "line 4: the id A is also in line 2"),
        (b"id,email\na,x@y.org\nb,X@y.org\n", "line 3: the email"),
        (b"id,files\na,x.zip\nb,X.zip\n", "line 3: the file"),
        (b"id,name\na,Love,lace\n", "line 2: has 3 cells"),
        (b'id,name\na,"Ada\n', "Close the quotation marks"),
        (b"id,handed_in\na,03.12.2026\n", "line 2: the time 03.12.2026 cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_with_file_line_and_remedy(data: bytes, says: str) -> None:
    with pytest.raises(AutograderError) as raised:
        read_roster(data, FILE)
    assert raised.value.message.startswith("class.csv: ") and says in raised.value.message
