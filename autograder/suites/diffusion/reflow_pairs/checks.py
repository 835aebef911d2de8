"""Hidden checks: pairs for a rectified flow."""

import pytest
import torch

from autograder.checks import (
    Watched,
    aspect,
    close,
    is_true,
    once_right,
    refuses,
    twin_networks,
    usual_checks,
)
from autograder.suites.diffusion.probability_paths import Place, layers
from autograder.suites.diffusion.reflow_pairs import oracle

ASPECTS = {"values": 0.55, "graph": 0.2, "edges": 0.17, "conventions": 0.08}


def sampler(draw, *shape):
    """A map of samples of this shape, each by itself."""
    network = Place.of(draw, *shape)
    return lambda z: 3 * network(z, 0.5 * torch.ones(len(z)).to(z))


def agree(student, *call):
    close(student.reflow_pairs(*call), oracle.reflow_pairs(*call))


def right_in_general(student, draw):
    call = sampler(draw, 3), draw.normal(5, 3), 2
    once_right(student.reflow_pairs(*call), oracle.reflow_pairs(*call))


@pytest.mark.parametrize("batch_size", [2, 3, 7, 20])
def test_pairs(student, draw, batch_size):
    """gives every noise row, in order, with the end of its own path"""
    agree(student, sampler(draw, 3), draw.normal(7, 3), batch_size)


def test_images(student, draw):
    """works for images"""
    agree(student, sampler(draw, 2, 3, 4), draw.normal(5, 2, 3, 4), 2)


@pytest.mark.parametrize("batch_size, sizes", [(2, [2, 2, 1]), (5, [5]), (9, [5]), (4, [4, 1])])
def test_portions(student, draw, batch_size, sizes):
    """moves portions of the rows, in their order, the last one as large as it is, each once"""
    watched, noise = Watched(sampler(draw, 3)), draw.normal(5, 3)
    pairs = student.reflow_pairs(watched, noise, batch_size)
    close(pairs, oracle.reflow_pairs(watched.function, noise, batch_size))
    found = [len(z) for (z,) in watched.calls]
    is_true(found == sizes, f"portions of {found}")
    close(torch.cat([z for (z,) in watched.calls]), noise)


@aspect("graph")
@pytest.mark.parametrize("needs", [False, True], ids=["data", "leaf"])
def test_no_graph(student, draw, needs):
    """keeps no graph, though the sampler has parameters that need gradients, or the noise does"""
    theirs, twin = twin_networks(student, draw, *layers(3), scale=0.5)
    noise = draw.normal(4, 3).requires_grad_(needs)
    pairs = student.reflow_pairs(theirs, noise, 3)
    close(pairs, oracle.reflow_pairs(twin, noise, 3))
    is_true(not any(each.requires_grad for each in pairs), "a result needs gradients")


@aspect("edges")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
def test_mode(student, draw, training):
    """leaves a network in its mode"""
    right_in_general(student, draw)
    theirs, _ = twin_networks(student, draw, *layers(3, statistics=True), statistics=True)
    theirs.train(training)
    student.reflow_pairs(theirs, draw.normal(6, 3), 3)
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (5,)], ids=str)
@pytest.mark.parametrize("batch_size", [1, 2])
def test_one(student, draw, shape, batch_size):
    """works for one row, for portions of one, and for samples of one number"""
    right_in_general(student, draw)
    agree(student, sampler(draw, *shape[1:]), draw.normal(*shape), batch_size)


@aspect("edges")
def test_range(student, draw):
    """takes ends of any size as they are"""
    right_in_general(student, draw)
    agree(student, lambda z: 1e5 * z, draw.normal(4, 3), 2)


@aspect("edges")
@pytest.mark.parametrize("batch_size", [0, -1])
def test_refusal(student, draw, batch_size):
    """refuses portions of less than one row with a ValueError"""
    right_in_general(student, draw)
    refuses(student.reflow_pairs, sampler(draw, 3), draw.normal(4, 3), batch_size)


def calls(draw):
    """Portions that fit and portions that do not."""
    yield sampler(draw, 4), draw.normal(6, 4), 3
    yield sampler(draw, 1, 2, 3), draw.normal(3, 1, 2, 3), 2


globals().update(usual_checks(oracle.reflow_pairs, calls))
