"""Hidden checks: the way back of the split."""

import pytest

from autograder.checks import after, aspect, close, is_true, same, usual_checks
from autograder.suites.flows.image_flows import networks, prior, wavy, weights_of
from autograder.suites.flows.merge_prior import oracle
from autograder.suites.flows.split_prior import oracle as split

ASPECTS = {"values": 0.5, "images": 0.15, "gradients": 0.15, "edges": 0.1, "conventions": 0.1}


def drawn(draw, *shape):
    return draw.normal(*shape), draw.normal(*shape)


def agree(student, stays, eps, *temperature, theirs=wavy, twin=wavy):
    close(
        student.merge_prior(stays, eps, theirs, *temperature),
        oracle.merge_prior(stays, eps, twin, *temperature),
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("shape", [(3, 1, 4, 5), (4, 2, 3, 2), (2, 3, 2, 2)])
def test_values(student, draw, shape):
    """puts what stays first and then what left, at temperature 1 if it is not told"""
    agree(student, *drawn(draw, *shape))


def test_network(student, draw):
    """is right for convolutions far from zero"""
    theirs, twin = networks(student, draw, 2)
    agree(student, *drawn(draw, 3, 2, 4, 5), theirs=theirs, twin=twin)


@pytest.mark.parametrize("temperature", [0.7, 0.3, 1.5])
def test_temperature(student, draw, temperature):
    """scales the noise by the temperature, and nothing else"""
    agree(student, *drawn(draw, 3, 2, 2, 3), temperature)


def test_inverse(student, draw):
    """brings back what the split let go"""
    x = 2 * draw.normal(3, 4, 3, 2)
    stays, eps, _ = split.split_prior(x, wavy)
    close(student.merge_prior(stays, eps, wavy), x)


@aspect("images")
@pytest.mark.parametrize("shape", [(2, 8, 7, 7), (3, 2, 14, 14), (1, 1, 1, 6)])
def test_images(student, draw, shape):
    """is right for the sizes of the lab, and for height and width that differ"""
    agree(student, *drawn(draw, *shape), 0.8)


@aspect("gradients")
@after(test_values)
@pytest.mark.parametrize("shape", [(3, 2, 3, 4), (1, 1, 2, 3)])
def test_gradients(student, draw, shape):
    """sends the right gradients to both halves and to the network's parameters"""
    theirs, twin = networks(student, draw, shape[1])
    given = drawn(draw, *shape)
    weight = draw.normal(shape[0], 2 * shape[1], *shape[2:])
    found = []
    for merge, network in ((student.merge_prior, theirs), (oracle.merge_prior, twin)):
        leaves = [each.clone().requires_grad_() for each in given]
        (weight * merge(*leaves, network, 0.7)).sum().backward()
        found.append([leaf.grad for leaf in leaves] + weights_of(student, network, gradients=True))
    close(*found)


@aspect("edges")
@after(test_values)
def test_cold(student, draw):
    """gives the mean at temperature 0"""
    stays, eps = drawn(draw, 3, 2, 2, 3)
    agree(student, stays, eps, 0.0)
    agree(student, stays, eps, 0)


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 1, 3, 2), (3, 1, 1, 1), (1, 1, 1, 1)])
def test_smallest(student, draw, shape):
    """works for a batch of one, one channel in each half, and one pixel"""
    agree(student, *drawn(draw, *shape))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("log_std", [-25.0, 25.0])
def test_extreme_widths(student, draw, log_std):
    """is right for priors that are very narrow or very wide"""
    stays, eps = drawn(draw, 2, 2, 2, 3)
    network = prior(0.0, log_std)
    x = student.merge_prior(stays, eps, network)
    expected = oracle.merge_prior(stays, eps, network)
    close(x[:, :2], expected[:, :2])
    close(x[:, 2:] / expected[:, 2:].abs(), expected[:, 2:].sign())


@aspect("conventions")
@after(test_values)
def test_one_call(student, draw):
    """calls the network once, on what stays"""
    (stays, eps), calls = drawn(draw, 3, 2, 2, 2), []

    def network(given):
        calls.append(given.detach().clone())
        return wavy(given)

    student.merge_prior(stays, eps, network)
    is_true(len(calls) == 1, f"{len(calls)} calls")
    same(calls[0], stays)


def halves(draw):
    yield (*drawn(draw, 3, 2, 2, 5), wavy)
    yield (*drawn(draw, 2, 1, 4, 3), wavy, 0.6)


globals().update(usual_checks(oracle.merge_prior, halves))
