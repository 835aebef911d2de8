"""Is it the same person? Names compared by whole words, as people and file names spell them."""

from __future__ import annotations

import re
import unicodedata

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_WORD = re.compile(r"[^\W_]+")
_CUT_CHARS = 40
"""collect_submission.sh cuts long names: from here on the beginning is enough."""

Words = tuple[str, ...]


def words(text: str) -> Words:
    """The words of a name, without accents, in small letters; they have letters and digits only."""
    plain = unicodedata.normalize("NFKD", text)
    return tuple(
        _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).casefold())
    )


def filed_parts(name: str) -> list[str]:
    """What collect_submission.sh keeps of each part of a name; of none: it takes the id instead."""
    ascii_only = [
        unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
        for part in name.split()
    ]
    kept = [re.sub(r"[^A-Za-z0-9_-]", "", part).strip("_-")[:60] for part in ascii_only]
    return [part for part in kept if part]


def spellings(name: str) -> set[Words]:
    """The ways in which a person may write a name: with accents dropped, or as `ae`, `oe`, `ss`."""
    lower = unicodedata.normalize("NFC", name).lower()
    spoken = lower.translate(_STROKES)
    found = {words(name), words(spoken), words(spoken.translate(_UMLAUTS))}
    return {one for one in found if one}


def ends_with_name(in_file_name: str, name: str) -> bool:
    """Do the last words of a file's name say `name`? Before them, platforms write what they like.

    A name that has no letters or digits is said by nothing.
    """
    told = spellings(name) | {words(" ".join(filed_parts(name)))}
    wanted = {"".join(order) for one in told if one for order in (one, (one[-1], *one[:-1]))}
    return any(_ends_with(shown, wanted) for shown in spellings(in_file_name))


def _ends_with(shown: Words, wanted: set[str]) -> bool:
    joined = ""
    for word in reversed(shown):
        joined = word + joined
        if joined in wanted:
            return True
    return any(len(one) > _CUT_CHARS and one[:_CUT_CHARS] in joined for one in wanted)


def same_account(left: str, right: str) -> bool:
    """Are two names those of one account? Of the same words in any order; or with more of them in
    between, for a middle name that one of the two leaves out. `Kim Lee` is not `Lee Kim Park`.
    """
    for one in spellings(left):
        for other in spellings(right):
            if not one or not other:
                continue
            ends = (one[0], one[-1]) == (other[0], other[-1])
            if sorted(one) == sorted(other) or (ends and same_person(left, right)):
                return True
    return False


def same_person(left: str, right: str) -> bool:
    """Do two names go together: all words of one in the other, in any order, or two in common?"""
    for one in spellings(left):
        for other in spellings(right):
            common = set(one) & set(other)
            if len(common) >= 2 or (common and common in (set(one), set(other))):
                return True
    return False
