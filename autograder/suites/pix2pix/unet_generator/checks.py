"""Hidden checks: the generator with skips."""

import pytest

from autograder.checks import after, aspect, close, is_true
from autograder.suites.pix2pix.networks import agree_in, generator_checks, networks, set_state
from autograder.suites.pix2pix.unet_generator import oracle

ASPECTS = {
    "values": 0.25,
    "structure": 0.25,
    "training": 0.2,
    "noise": 0.15,
    "edges": 0.05,
    "conventions": 0.1,
}
WIDTHS = (4, 6, 5)

globals().update(generator_checks(oracle.UNetGenerator))
plain = test_values  # noqa: F821


@aspect("structure")
@pytest.mark.parametrize("level", [0, 1])
def test_skips(student, draw, level):
    """hands what each block down returns, as it is, to the block up of the same resolution"""
    theirs, twin = networks(student, draw, oracle.UNetGenerator, 3, 1, WIDTHS, 0.0)
    block = 2 - level
    weight = twin.up[block][0].weight.detach().clone()
    weight[: WIDTHS[level]] = 0  # nothing comes from below: only the skip is read
    set_state(theirs, twin, {f"up.{block}.0.weight": weight})
    x, other = draw.normal(2, 3, 16, 16), draw.normal(2, 3, 16, 16)
    agree_in(False, theirs, twin, x)
    is_true(bool((theirs(x) - theirs(other)).detach().abs().max() > 1e-4), "no signal")


@aspect("structure")
@after(plain)
def test_skip_gradients(student, draw):
    """sends gradients back through each skip when nothing passes the middle"""
    theirs, twin = networks(student, draw, oracle.UNetGenerator, 3, 1, WIDTHS, 1.0)
    x, found = draw.normal(2, 3, 16, 16), []
    weight = draw.normal(2, 1, 16, 16)
    for network in (theirs, twin):
        leaf = x.clone().requires_grad_()
        (weight * network.train()(leaf)).sum().backward()
        found.append(leaf.grad)
    close(*found, rtol=1e-4, atol=1e-7)


@aspect("structure")
@after(plain)
def test_below_first(student, draw):
    """reads what comes from below as well as the skip, in this order"""
    theirs, twin = networks(student, draw, oracle.UNetGenerator, 2, 2, (3, 3, 3), 0.0)
    for level in (0, 1):
        weight = twin.up[2 - level][0].weight.detach().clone()
        weight[3:] = 0  # the skip is not read
        set_state(theirs, twin, {f"up.{2 - level}.0.weight": weight})
        agree_in(False, theirs, twin, draw.normal(2, 2, 16, 16))
