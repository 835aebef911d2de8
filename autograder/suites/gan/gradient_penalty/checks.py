"""Hidden checks: the gradient penalty of WGAN-GP.

The critic lives in the student's process (so that any way of differentiating twice works); its twin
here has the same weights.
"""

import math

import pytest
import torch

from autograder.checks import (
    aspect,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    once_right,
    parameter_gradients,
)
from autograder.suites.gan.critics import curved_critics, linear_critics
from autograder.suites.gan.gradient_penalty import oracle
from autograder.suites.gan.remote_networks import read

ASPECTS = {"values": 0.3, "images": 0.15, "gradients": 0.35, "edges": 0.12, "conventions": 0.08}


def batches(draw, *shape):
    """Real and fake samples of one shape, and a share for each pair."""
    return 2 * draw.normal(*shape), 2 * draw.normal(*shape) + 1, draw.uniform(shape[0])


def agree(student, theirs, twin, *given):
    """The penalty, which is as the oracle's."""
    value = student.gradient_penalty(theirs, *given)
    close(value, oracle.gradient_penalty(twin, *given))
    return value


def judged(student, draw):
    """A critic, its twin and batches, of an answer that gets their penalty right."""
    theirs, twin = curved_critics(student, draw, 3)
    given = batches(draw, 5, 3)
    value = student.gradient_penalty(theirs, *given)
    once_right(value, oracle.gradient_penalty(twin, *given))
    return theirs, twin, given


@pytest.mark.parametrize("norm", [0.3, 2.0, 4.0])
def test_linear_critic(student, draw, norm):
    """is right for a critic of known slope, flatter or steeper than 1"""
    w = draw.normal(5)
    theirs, _ = linear_critics(student, norm * w / w.norm())
    close(student.gradient_penalty(theirs, *batches(draw, 7, 5)), (norm - 1) ** 2)


@pytest.mark.parametrize("n, size", [(8, 3), (1, 4), (6, 1), (1, 1)])
def test_curved_critic(student, draw, n, size):
    """is right for a critic whose slope differs from sample to sample, in a batch of one and for
    samples of one feature too
    """
    theirs, twin = curved_critics(student, draw, size)
    agree(student, theirs, twin, *batches(draw, n, size))


def test_alpha_per_sample(student, draw):
    """mixes each pair by its own alpha, in a batch as large as a sample too"""
    theirs, twin = curved_critics(student, draw, 5)
    real, fake, _ = batches(draw, 5, 5)
    agree(student, theirs, twin, real, fake, draw.permutation(5).double() / 4)


def test_ends(student, draw):
    """looks at the real samples where alpha is 1 and at the fake ones where it is 0"""
    theirs, twin = curved_critics(student, draw, 3)
    real, fake, other = batches(draw, 6, 3)
    for share, end in ((1.0, real), (0.0, fake)):
        alpha = torch.full_like(other, share)
        close(
            student.gradient_penalty(theirs, real, fake, alpha),
            oracle.gradient_penalty(twin, end, end, other),
        )


@aspect("images")
@pytest.mark.parametrize("shape", [(4, 2, 3, 4), (1, 1, 3, 2), (9, 2, 2), (3, 1, 28, 28)])
def test_images(student, draw, shape):
    """takes one norm per image, over all channels and pixels, and one alpha per image"""
    theirs, twin = curved_critics(student, draw, math.prod(shape[1:]))
    has_shape(agree(student, theirs, twin, *batches(draw, *shape)))


@aspect("gradients")
@pytest.mark.parametrize("shape", [(5, 1, 2, 3), (1, 6)])
def test_parameter_gradients(student, draw, shape):
    """sends the right gradients to all parameters of the critic"""
    theirs, twin = curved_critics(student, draw, 6)
    given = batches(draw, *shape)
    value = student.gradient_penalty(theirs, *given)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    value.backward()
    oracle.gradient_penalty(twin, *given).backward()
    close(*parameter_gradients(student, theirs, twin))


@aspect("gradients")
def test_flat_critic(student, draw):
    """charges a critic for being flat at some samples or at all, with finite gradients"""
    # a tiny constant under the root is as good as none: hence the tolerances
    x = draw.normal(6, 3)
    x[:3] += 2 - x[:3].amin()
    x[3:] -= 2 + x[3:].amax()  # where the ReLU is flat
    for slope in (1.0, 0.0):
        w = slope * draw.uniform(3, low=0.8, high=1.5)
        theirs, twin = linear_critics(student, w, bend=True)
        given = x, x.flip(1), draw.uniform(6)
        value = student.gradient_penalty(theirs, *given)
        expected = oracle.gradient_penalty(twin, *given)
        close(value, expected, rtol=1e-2)
        is_true(value.requires_grad, "no gradient")
        value.backward()
        expected.backward()
        close(*parameter_gradients(student, theirs, twin), rtol=1e-2, atol=1e-3)


@aspect("gradients")
def test_no_gradient_to_samples(student, draw):
    """sends no gradient to the batches, or to the generator that made the fake one"""
    theirs, twin, (real, _, alpha) = judged(student, draw)
    generator = student.new("torch.nn.Linear", 2, 3).double()
    real, fake = real.requires_grad_(), generator(draw.normal(5, 2))
    value = student.gradient_penalty(theirs, real, fake, alpha)
    close(value, oracle.gradient_penalty(twin, real.detach(), fake.detach(), alpha))
    is_true(value.requires_grad, "no gradient")
    value.backward()
    is_true(real.grad is None or not real.grad.any(), "a gradient reached the real batch")
    for name in ("weight.grad", "bias.grad"):
        gradient = read(student, generator, name)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


@aspect("gradients")
def test_grad_fields(student, draw):
    """leaves the .grad of the critic's parameters as it was"""
    theirs, twin, given = judged(student, draw)
    agree(student, theirs, twin, *given)
    close(*parameter_gradients(student, theirs, twin))
    theirs(given[0]).sum().backward()
    twin(given[0]).sum().backward()
    agree(student, theirs, twin, *given)
    close(*parameter_gradients(student, theirs, twin))


@aspect("edges")
def test_mixed_slopes(student, draw):
    """lets no steep sample make up for a flat one: averages after the square"""
    theirs, _ = linear_critics(student, torch.tensor([2.0, 0.0], dtype=torch.float64), bend=True)
    side = torch.tensor([[3.0, 1.0], [-3.0, 1.0]], dtype=torch.float64).repeat(3, 1)
    x = side + 0.1 * draw.normal(6, 2)  # slope 2 on one side, 0 on the other: 1 on average
    close(student.gradient_penalty(theirs, x, x, draw.uniform(6)), 1.0, rtol=1e-2)


@aspect("edges")
def test_flat_scores(student, draw):
    """works for a critic that returns scores of shape (B,)"""
    judged(student, draw)
    theirs, twin = curved_critics(student, draw, 3, column=False)
    for n in (5, 1):
        agree(student, theirs, twin, *batches(draw, n, 3))


@aspect("edges")
def test_any_function(student, draw):
    """takes any function for the critic, not only a module"""
    judged(student, draw)
    bend = student.new("operator.methodcaller", "logsumexp", 1)
    agree(student, bend, lambda x: x.logsumexp(1), *batches(draw, 6, 3))


@aspect("edges")
def test_far_apart(student, draw):
    """takes samples of any size, far outside [-1, 1] too"""
    judged(student, draw)
    theirs, twin = curved_critics(student, draw, 3)
    real, fake, alpha = batches(draw, 8, 3)
    agree(student, theirs, twin, 30 * real, 30 * fake, alpha)


@aspect("conventions")
@pytest.mark.parametrize("frozen", [False, True])
def test_critic_unchanged(student, draw, frozen):
    """leaves the critic in its mode, and its parameters frozen if they were"""
    theirs, twin, given = judged(student, draw)
    for network in (theirs, twin):
        network.train(not frozen).requires_grad_(not frozen)
    agree(student, theirs, twin, *given)
    is_true(read(student, theirs, "training") is not frozen, "another mode")
    for name in ("weight", "bias"):
        is_true(read(student, theirs[1], f"{name}.requires_grad") is not frozen, f"{name} thawed")


@aspect("conventions")
def test_inputs(student, draw):
    """leaves its arguments as they were"""
    theirs, _, (real, fake, alpha) = judged(student, draw)
    for one, other in ((real, fake), (real.clone().requires_grad_(), fake.clone())):
        student.gradient_penalty(theirs, one, other, alpha)
        inputs_unchanged(student)


@aspect("conventions")
def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    theirs, twin, given = judged(student, draw)
    close(
        student.gradient_penalty(theirs, *given),
        oracle.gradient_penalty(twin, *given),
        rtol=1e-8,
        atol=1e-10,
    )
    single = student.gradient_penalty(theirs.float(), *(each.float() for each in given))
    has_dtype(single, torch.float32)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    judged(student, draw)
    theirs, twin = linear_critics(student, draw.normal(4))
    follows_device(
        lambda real, *more: student.gradient_penalty(theirs.to(real.device), real, *more),
        lambda *given: oracle.gradient_penalty(twin, *given),
        *batches(draw, 5, 4),
    )
