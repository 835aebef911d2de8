"""The pairs that are most alike: copies first, never one student's or one group's own, and what the
tables say is what each pair says by itself."""

from __future__ import annotations

import random
import time

import pytest
from made_class import alone, answer, failing, work

from autograder.audit.known import known_answers
from autograder.course.assignment import load
from autograder.errors import UsageError
from autograder.similarity import pairs as module
from autograder.similarity.common_ground import CommonGround, common_ground
from autograder.similarity.fingerprints import of_code
from autograder.similarity.pairs import Compared, compare, contribution
from autograder.similarity.works import OWN, Piece, Work
from benchmarks.hands import DISGUISES, all_at_once

NOTHING_GIVEN = CommonGround()
TEXT = (
    "Because the posterior collapses, the decoder learns to ignore the code entirely, and then the "
    "divergence costs nothing while every sample looks like the average of the training images."
)


def names_of(compared: Compared) -> list[set[str]]:
    return [
        {compared.works[one.first].label, compared.works[one.second].label}
        for one in compared.pairs
    ]


def copied(works: list[Work], source: int, copier: int, disguise: str = "all at once") -> None:
    rng = random.Random(7)
    works[copier].pieces = [
        Piece(one.question, one.kind, DISGUISES[disguise](one.source, rng))
        for one in works[source].pieces
    ]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_each_disguise_is_found(disguise: str) -> None:
    works = alone(30)
    copied(works, 3, 11, disguise)
    compared = compare(works, ["q"], NOTHING_GIVEN)
    assert names_of(compared)[0] == {"s3", "s11"}
    assert compared.pairs[0].by_chance < 0.01
    assert all(one.by_chance > 1 for one in compared.pairs[1:])


def test_one_copied_question_of_many_is_found_and_named() -> None:
    works = alone(40, [f"q{i}" for i in range(12)])
    works[8].pieces[5] = Piece(
        "q5", "code", all_at_once(works[2].pieces[5].source, random.Random(1))
    )
    compared = compare(works, [f"q{i}" for i in range(12)], NOTHING_GIVEN)
    assert names_of(compared)[0] == {"s2", "s8"}
    assert compared.pairs[0].shared[0].question == "q5"


def test_what_was_given_is_no_pair() -> None:
    given = answer("the release")
    works = alone(30)
    for one in works[:2]:
        one.pieces = [Piece("q", "code", given)]
    assert names_of(compare(works, ["q"], NOTHING_GIVEN))[0] == {"s0", "s1"}
    ground = CommonGround(given=set(of_code(given).digests))
    assert {"s0", "s1"} not in names_of(compare(works, ["q"], ground))


def test_right_answers_that_were_written_independently_are_no_pairs(root) -> None:  # type: ignore[no-untyped-def]
    """The known right answers of each question as the answers of a class, in which one more is the
    disguised copy of another: it is first, and no other pair is near it."""
    assignment = load("vae", root)
    by_question: dict[str, list[str]] = {}
    for one in known_answers(root, assignment):
        if one.kind == "right":
            source = next(each.source for each in one.cells if each.question == one.question)
            by_question.setdefault(one.question, []).append(source)
    first = 0
    for question, sources in by_question.items():
        longest = max(sources, key=len)
        everybody = [*sources, all_at_once(longest, random.Random(2))]
        works = [work(str(i), Piece(question, "code", one)) for i, one in enumerate(everybody)]
        works += [work(f"x{i}", Piece(question, "code", answer(i))) for i in range(12)]
        compared = compare(works, [question], NOTHING_GIVEN)
        planted = {str(sources.index(longest)), str(len(sources))}
        first += names_of(compared)[0] == planted
    assert first >= 0.9 * len(by_question)


def test_two_students_with_known_right_answers_are_not_listed_as_unlikely(root) -> None:  # type: ignore[no-untyped-def]
    """Even to the letter: what right answers have, many write."""
    assignment = load("vae", root)
    ground = common_ground(assignment, root)
    known = [one for one in known_answers(root, assignment, "kl_divergence") if one.kind == "right"]
    works = alone(30, ["kl_divergence"])
    for one in works[:2]:
        one.pieces = [Piece("kl_divergence", "code", known[0].cells[0].source)]
    pairs = compare(works, ["kl_divergence"], ground)
    place = names_of(pairs).index({"s0", "s1"})
    assert pairs.pairs[place].nats < 2
    works[1].pieces = works[0].pieces = [Piece("kl_divergence", "code", answer("rare"))]
    assert compare(works, ["kl_divergence"], ground).pairs[0].nats > 10


def test_equal_wrong_answers_say_more_than_equal_right_ones() -> None:
    works = alone(30)
    for source, copier in ((0, 1), (2, 3), (4, 5)):
        copied(works, source, copier, "commented")
    for one in works[:2]:
        one.results["q"] = failing(0.25, "sign", "shape")
    works[2].results["q"], works[3].results["q"] = failing(1.0), failing(1.0)
    works[4].results["q"], works[5].results["q"] = failing(0.25, "sign"), failing(0.5, "shape")
    compared = compare(works, ["q"], NOTHING_GIVEN)
    question = compared.questions["q"]
    wrong, right, other = (
        contribution(question, compared.works, *pair) for pair in ((0, 1), (2, 3), (4, 5))
    )
    assert wrong.same_failures and not right.same_failures and not other.same_failures
    alike = contribution(question, alone_results(compared.works), 0, 1)
    assert wrong.nats == pytest.approx(1.75 * alike.nats)
    assert names_of(compared)[0] == {"s0", "s1"}


def alone_results(works: list[Work]) -> list[Work]:
    return [Work(one.label, one.file, one.people, one.pieces) for one in works]


def test_texts_and_own_cells_are_compared_too() -> None:
    works = alone(30)
    works[4].pieces.append(Piece("t", "text", f"My own beginning of it. {TEXT}"))
    works[9].pieces.append(Piece("t", "text", f"{TEXT.upper()} And an end that differs a lot."))
    for number, one in enumerate(works):
        one.pieces.append(Piece("t", "text", f"{number} " * 30))
        one.pieces.append(Piece(OWN, "code", answer(("own", number))))
        one.pieces.append(Piece(OWN, "code", "print(torch.__version__, 1)"))
    works[20].pieces.insert(0, Piece(OWN, "code", works[12].pieces[-2].source))
    found = names_of(compare(works, ["q", "t", OWN], NOTHING_GIVEN))
    assert sorted(map(sorted, found[:2])) == [["s12", "s20"], ["s4", "s9"]]


def test_members_of_a_group_and_one_person_are_never_a_pair() -> None:
    works = alone(30)
    for copier in (1, 2, 3):
        copied(works, 0, copier)
    works[1].people = frozenset({"s1", "s0"})
    works[0].group = works[2].group = "team 7"
    found = names_of(compare(works, ["q"], NOTHING_GIVEN))
    assert {"s0", "s1"} not in found and {"s0", "s2"} not in found
    assert {"s0", "s3"} in found[:3]


def test_earlier_years_are_compared_with_this_one_alone() -> None:
    works = alone(25)
    older = alone(25, seed="older")
    for one in older:
        one.year, one.people = "2025", frozenset({f"old {one.label}"})
        one.label = f"old {one.label}"
    copied(older, 1, 2)
    older[7].people = works[7].people  # repeats the course
    older[7].pieces = works[7].pieces
    works[4].pieces = older[9].pieces
    compared = compare([*older, *works], ["q"], NOTHING_GIVEN)
    found = names_of(compared)
    assert found[0] == {"s4", "old s9"}
    assert compared.works[compared.pairs[0].first].label == "s4"
    assert not any(all(name.startswith("old") for name in pair) for pair in found)
    assert {"s7", "old s7"} not in found
    assert compared.n_pairs == 25 * 24 // 2 + 25 * 25 - 1


def test_the_tables_say_what_each_pair_says() -> None:
    questions = ["q", "r", OWN]
    works = alone(40, questions)
    for source, copier in ((1, 2), (3, 4), (3, 5)):
        copied(works, source, copier)
    works[6].pieces = [*works[1].pieces[:1], *works[6].pieces[1:]]
    works[1].results["q"] = works[6].results["q"] = failing(0.5, "sign")
    compared = compare(works, questions, NOTHING_GIVEN, keep=300)
    assert len(compared.pairs) == 300
    for pair in compared.pairs:
        assert pair.nats == pytest.approx(sum(one.nats for one in pair.shared), rel=1e-3, abs=1e-3)


def test_a_large_class_of_copies_costs_bounded_time() -> None:
    """All the same, or all with the same hundreds of parts in other combinations."""
    start = time.process_time()
    rng = random.Random(0)
    lines = [f"x{i} = g{i}(x, {i}) + h(x, y, {i})" for i in range(200)]
    works = [
        work(
            f"s{i}",
            Piece("q", "code", answer(0)),
            Piece("r", "code", "\n".join(rng.sample(lines, 40))),
        )
        for i in range(100)
    ]
    compare(works, ["q", "r"], NOTHING_GIVEN)
    assert time.process_time() - start < 20


def test_too_many_works_are_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WORKS", 10)
    with pytest.raises(UsageError, match="--earlier"):
        compare(alone(11), ["q"], NOTHING_GIVEN)
