"""Which known wrong answer explains what a student fails."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from autograder.audit.failures import Failure, Failures
from autograder.publish.class_report.misconceptions import (
    MOST_TIES,
    Candidate,
    KnownPatterns,
    Match,
    same_secret,
)


def off(**numbers: float) -> dict[str, Failure]:
    """Checks that fail with values that are off by so much."""
    return {name: Failure("off by #", (number,)) for name, number in numbers.items()}


HALF = off(values=1.0, images=2.0, edges=3.0)
SIGN = off(values=5.0, images=6.0, edges=7.0)
DETACHED = {"gradients": Failure("no gradient")}
KNOWN = KnownPatterns({"half": HALF, "sign": SIGN, "detached": DETACHED})


def test_the_same_checks_with_the_same_numbers_are_very_likely() -> None:
    assert KNOWN.match(off(values=5.02, images=6.01, edges=6.98)) == Match(
        ("sign",), "very likely", 1.0, 1
    )


def test_numbers_tell_two_apart_that_fail_the_same_checks() -> None:
    assert [one.name for one in KNOWN.ranked(HALF)][:2] == ["half", "sign"]
    assert [one.name for one in KNOWN.ranked(SIGN)][:2] == ["sign", "half"]


def test_other_numbers_leave_both_possible() -> None:
    match = KNOWN.match(off(values=100.0, images=200.0, edges=300.0))
    assert (match.names, match.sure, match.share) == (("half", "sign"), "possible", 0.5)


def test_with_the_same_secret_other_numbers_are_another_mistake() -> None:
    other = off(values=100.0, images=200.0, edges=300.0)
    assert KNOWN.match(other, numbers_decide=True) == Match((), "unknown")
    assert KNOWN.match(SIGN, numbers_decide=True).names == ("sign",)
    assert KNOWN.match(DETACHED, numbers_decide=True).names == ("detached",)


def test_a_secret_is_known_by_the_numbers_of_similar_answers() -> None:
    same, other = Candidate("a", 1.0, 1.0), Candidate("a", 1.0, 0.0)
    far, none = Candidate("a", 0.7, 0.0), Candidate("a", 1.0, None)
    assert same_secret([same, same, other, other, far, far, far, far, none, none])
    assert not same_secret([same, other, other, other, other])
    assert not same_secret([none, far]) and not same_secret([])


def test_a_pattern_without_numbers_is_likely() -> None:
    assert KNOWN.match(DETACHED) == Match(("detached",), "likely", 1.0, 1)


def test_another_way_to_fail_the_same_check_is_not_the_same() -> None:
    match = KNOWN.match({"gradients": Failure("raised TypeError")})
    assert match.names == () and match.sure == "unknown"


def test_what_no_known_answer_fails_is_unknown() -> None:
    assert KNOWN.match(off(dtype=1.0)) == Match((), "unknown")
    assert KnownPatterns({}).match(HALF) == Match((), "unknown")


def test_of_too_many_that_fit_none_is_named() -> None:
    names = [f"a{number}" for number in range(MOST_TIES + 1)]
    match = KnownPatterns(dict.fromkeys(names, DETACHED)).match(DETACHED)
    assert (match.names, match.sure, match.n_alike) == ((), "unknown", MOST_TIES + 1)
    fewer = KnownPatterns(dict.fromkeys(names[1:], DETACHED)).match(DETACHED)
    assert fewer.names == tuple(names[1:]) and fewer.sure == "possible"


def test_what_few_fail_weighs_more() -> None:
    """Two share the common check with the student, one of them the rare one as well."""
    way = Failure("wrong")
    known = KnownPatterns(
        {
            "rare": {"common": way, "rare": way, "x": way},
            "usual": {"common": way, "y": way, "x": way},
            **{f"other{n}": {"common": way, f"z{n}": way, "y": way} for n in range(5)},
        }
    )
    mine = {"common": way, "rare": way, "y": way}
    assert known.ranked(mine)[0].name == "rare"


failures = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(
        Failure,
        st.sampled_from(["off by #", "raised TypeError", "nan"]),
        st.lists(st.floats(-9, 9), max_size=2).map(tuple),
    ),
    min_size=1,
)


@given(st.dictionaries(st.sampled_from("klmno"), failures, min_size=1), failures)
def test_similarity_is_a_share_and_one_for_the_answer_itself(
    answers: dict[str, Failures], mine: Failures
) -> None:
    known = KnownPatterns(answers)
    ranked = known.ranked(mine)
    assert all(0 <= one.similarity <= 1 for one in ranked)
    assert all(one.rank >= other.rank for one, other in pairwise(ranked))
    for name, pattern in answers.items():
        itself = next(one for one in known.ranked(pattern) if one.name == name)
        assert itself.similarity == 1.0
        assert itself.numbers in (None, 1.0)


@given(failures, failures)
def test_similarity_agrees_with_a_jaccard_index_by_hand(mine: Failures, theirs: Failures) -> None:
    """With one known answer, what it has weighs log 2, what it has not log 3."""
    from math import log

    def tokens(found: Failures) -> set[object]:
        return set(found) | {(name, one.way) for name, one in found.items()}

    a, b = tokens(mine), tokens(theirs)
    both, either = len(a & b) * log(2), len(b) * log(2) + len(a - b) * log(3)
    (found,) = KnownPatterns({"k": theirs}).ranked(mine)
    assert abs(found.similarity - both / either) < 1e-12
