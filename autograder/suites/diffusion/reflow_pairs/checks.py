"""Hidden checks: pairs for a rectified flow."""

import pytest
import torch

from autograder.checks import aspect, close, is_true, once_right, usual_checks
from autograder.suites.diffusion.probability_paths import Place, Watched, refuses, timed_twins
from autograder.suites.diffusion.reflow_pairs import oracle

ASPECTS = {"values": 0.55, "graph": 0.2, "edges": 0.17, "conventions": 0.08}


def agree(student, *call):
    close(student.reflow_pairs(*call), oracle.reflow_pairs(*call))


def right_in_general(student, draw):
    call = Place.of(draw, 3), draw.normal(5, 3), 2, 2
    once_right(student.reflow_pairs(*call), oracle.reflow_pairs(*call))


@pytest.mark.parametrize("n_steps", [1, 4])
@pytest.mark.parametrize("batch_size", [2, 3, 7, 20])
def test_pairs(student, draw, n_steps, batch_size):
    """gives every noise row, in order, with the end of its own path"""
    agree(student, Place.of(draw, 3), draw.normal(7, 3), n_steps, batch_size)


def test_images(student, draw):
    """works for images"""
    agree(student, Place.of(draw, 2, 3, 4), draw.normal(5, 2, 3, 4), 3, 2)


@pytest.mark.parametrize("batch_size, sizes", [(2, (2, 2, 1)), (5, (5,)), (9, (5,)), (4, (4, 1))])
def test_portions(student, draw, batch_size, sizes):
    """calls the network on portions of the rows, in their order, the last one as large as it is"""
    watched, noise = Watched(Place.of(draw, 3)), draw.normal(5, 3)
    pairs = student.reflow_pairs(watched, noise, 2, batch_size)
    close(pairs, oracle.reflow_pairs(watched.network, noise, 2, batch_size))
    found = sorted(len(x) for x, _ in watched.calls)
    is_true(found == sorted(2 * sizes), f"portions of {found}")
    starts = [x for x, t in watched.calls if float(t[0]) == 0]
    close(torch.cat(starts), noise)
    is_true(sorted(watched.times()) == sorted([0.0, 0.5] * len(sizes)), "other times")


@aspect("graph")
@pytest.mark.parametrize("needs", [False, True], ids=["data", "leaf"])
def test_no_graph(student, draw, needs):
    """records no graph, though the parameters of the network need gradients, or the noise does"""
    net, ours, _, _ = timed_twins(student, draw, 3)
    noise = draw.normal(4, 3).requires_grad_(needs)
    pairs = student.reflow_pairs(net, noise, 2, 3)
    close(pairs, oracle.reflow_pairs(ours, noise, 2, 3))
    is_true(not any(each.requires_grad for each in pairs), "a result needs gradients")


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves the network in its mode"""
    right_in_general(student, draw)
    net, _, theirs, _ = timed_twins(student, draw, 3, statistics=True)
    theirs.train(training)
    student.reflow_pairs(net, draw.normal(6, 3), 1, 3)
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (5,)], ids=str)
@pytest.mark.parametrize("batch_size", [1, 2])
def test_one(student, draw, shape, batch_size):
    """works for one row, for portions of one, and for samples of one number"""
    right_in_general(student, draw)
    agree(student, Place.of(draw, *shape[1:]), draw.normal(*shape), 2, batch_size)


@aspect("edges")
def test_range(student, draw):
    """lets samples grow as the field has it"""
    right_in_general(student, draw)
    agree(student, lambda x, t: 5 * x, 100 * draw.normal(4, 3), 3, 2)


@aspect("edges")
@pytest.mark.parametrize("n_steps, batch_size", [(0, 2), (-1, 2), (2, 0), (2, -1)])
def test_refusal(student, draw, n_steps, batch_size):
    """refuses less than one step, and portions of less than one row, with a ValueError"""
    right_in_general(student, draw)
    refuses(student.reflow_pairs, Place.of(draw, 3), draw.normal(4, 3), n_steps, batch_size)


def calls(draw):
    """Portions that fit and portions that do not."""
    yield Place.of(draw, 4), draw.normal(6, 4), 3, 3
    yield Place.of(draw, 1, 2, 3), draw.normal(3, 1, 2, 3), 2, 2


globals().update(usual_checks(oracle.reflow_pairs, calls))
