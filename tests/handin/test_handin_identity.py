"""Names, ids and collaborators as students type them, and the name of the archive."""

from __future__ import annotations

import pytest
from dgm.handin import HandInError
from dgm.handin.identity import (
    Identity,
    archive_name,
    valid_collaborators,
    valid_id,
    valid_name,
)


@pytest.mark.parametrize("bad", ["", "../x", "a b", ".hidden", "\u00e9", "a/b", "-x", "x" * 65])
def test_ids_that_no_path_can_carry_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="an id is 1 to 64"):
        valid_id(bad)


@pytest.mark.parametrize("bad", ["", " ", "../..", "\u202e", "x" * 101])
def test_a_name_needs_a_letter_and_an_end(bad: str) -> None:
    with pytest.raises(ValueError, match="a name is"):
        valid_name(bad)


@pytest.mark.parametrize("bad", ["", "\x00", "x" * 1001])
def test_collaborators_must_be_named_or_none(bad: str) -> None:
    with pytest.raises(ValueError, match="or None"):
        valid_collaborators(bad)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("none.", "None"), ("NONE", "None"), ("Bo\tand  Cy", "Bo and Cy"), ("None of them", None)],
)
def test_collaborators_are_one_line(typed: str, kept: str | None) -> None:
    assert valid_collaborators(typed) == (kept or typed)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Ada Lovelace", "Ada_Lovelace"),
        ("  Ada \t Lovelace ", "Ada_Lovelace"),
        ("\u00c5sa O'Neil/..\\x", "Asa_ONeilx"),
        ("Jean-Luc d\u2019Arc", "Jean-Luc_dArc"),
        ("S\u00f8ren \u0141ukasz Stra\u00dfe", "Sren_ukasz_Strae"),
        ("A\u030asa", "Asa"),
        ("\u738b\u4f1f", "s1815"),
        ("Li \u4f1f", "Li"),
        ("$(touch x) `id`; *", "touch_x_id"),
        ("-rf --", "rf"),
        ("x\x1b[31m\u202egnp.exe\x00", "x31mgnpexe"),
    ],
)
def test_names_give_safe_file_names(name: str, stem: str) -> None:
    who = Identity(valid_name(name), "s1815", "None")
    assert archive_name("{name}_{slug}.zip", who, "vae") == f"{stem}_vae.zip"
    deceiving = str.maketrans("", "", "\x1b\u202e\x00")
    assert who.name == " ".join(name.translate(deceiving).split())


@pytest.mark.parametrize(
    ("template", "name", "archive"),
    [
        ("{last}_{first}_{id}_{slug}.zip", "Ada Maria Lovelace", "Lovelace_Ada_s1815_vae.zip"),
        ("{last}_{first}_{slug}", "Plato", "Plato_vae.zip"),
        ("../{name}/{slug}.zip", "Ada Lovelace", "Ada_Lovelacevae.zip"),
        ("{first} {last}.zip", "Ada Lovelace", "Ada_Lovelace.zip"),
        ("...", "Ada", "vae.zip"),
    ],
)
def test_the_archive_name_follows_the_template_with_safe_characters(
    template: str, name: str, archive: str
) -> None:
    assert archive_name(template, Identity(name, "s1815", "None"), "vae") == archive


@pytest.mark.parametrize("field", ["{name.__class__}", "{secret}", "{}"])
def test_a_template_with_an_unknown_field_is_named(field: str) -> None:
    with pytest.raises(HandInError, match=r"assignment\.json is damaged: archive_name has the unk"):
        archive_name(f"{field}.zip", Identity("Ada", "s1815", "None"), "vae")
