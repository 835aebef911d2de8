"""Hidden checks: a residual block that is told the time.

The block stays in the student's process and gets random weights by the names that the text gives.
"""

import pytest
import torch

from autograder.checks import (
    View,
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.residual_block import oracle

ASPECTS = {"values": 0.45, "structure": 0.25, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}

SIZES = pytest.mark.parametrize("n_in, n_out", [(8, 12), (12, 4), (8, 8)])


def blocks(student, draw, n_in=8, n_out=12, n_emb=5):
    """A block over there and its twin here, with random weights, in float64."""
    theirs, twin = (
        student.ResidualBlock(n_in, n_out, n_emb),
        oracle.ResidualBlock(n_in, n_out, n_emb),
    )
    process.with_weights(student, draw, theirs, twin)
    return theirs, twin


def inputs(draw, n=3, n_in=8, height=4, width=5, n_emb=5):
    return 2 * draw.normal(n, n_in, height, width) + 1, 2 * draw.normal(n, n_emb)


def agree(theirs, twin, x, emb):
    close(theirs(x, emb), twin(x, emb).detach(), rtol=1e-6, atol=1e-6)


def right(student, draw):
    """Fails for a block whose values are wrong."""
    agree(*blocks(student, draw), *inputs(draw))


@SIZES
def test_values(student, draw, n_in, n_out):
    """is the formula of the text for given weights, with and without a change of channels"""
    agree(*blocks(student, draw, n_in, n_out), *inputs(draw, n_in=n_in))


@SIZES
def test_new(student, draw, n_in, n_out):
    """is the formula of the text for the weights that it begins with"""
    theirs, twin = (
        student.ResidualBlock(n_in, n_out, 5).double(),
        oracle.ResidualBlock(n_in, n_out, 5),
    )
    process.same_names(student, theirs, twin)
    twin.double().load_state_dict(
        {name: p.detach() for name, p in process.parameters(student, theirs).items()}
    )
    agree(theirs, twin, *inputs(draw, n_in=n_in))


@aspect("structure")
@pytest.mark.parametrize("n_in, n_out, n_emb", [(8, 12, 5), (4, 4, 1), (16, 4, 9)])
def test_parameters(student, draw, n_in, n_out, n_emb):
    """has the parameters that the table names, and no others"""
    theirs = student.ResidualBlock(n_in, n_out, n_emb)
    process.same_names(student, theirs, oracle.ResidualBlock(n_in, n_out, n_emb))


@aspect("structure")
def test_time(student, draw):
    """adds the embedding of each sample to its channels"""
    theirs, twin = blocks(student, draw)
    x, emb = inputs(draw)
    same_image = x[:1].expand(3, -1, -1, -1).contiguous()
    agree(theirs, twin, same_image, emb)
    agree(theirs, twin, x, emb[:1].expand(3, -1).contiguous())


@aspect("structure")
@after(right)
def test_samples_apart(student, draw):
    """treats each sample by itself, in training and in evaluation mode"""
    theirs, twin = blocks(student, draw)
    x, emb = inputs(draw, 4)
    for mode in (True, False):
        theirs.train(mode)
        agree(theirs, twin, x, emb)
        agree(theirs, twin, x[2:3], emb[2:3])


@aspect("structure")
@after(right)
def test_own_weights(student, draw):
    """has its own weights in each block, random ones"""
    one, two = (process.parameters(student, student.ResidualBlock(8, 12, 5)) for _ in range(2))
    for name in ("conv_1.weight", "conv_2.weight", "emb.weight", "shortcut.weight"):
        is_true(not torch.equal(one[name], two[name]), f"{name} is the same")
    for norm in ("norm_1", "norm_2"):
        close(one[f"{norm}.weight"], torch.ones_like(one[f"{norm}.weight"]))
        close(one[f"{norm}.bias"], torch.zeros_like(one[f"{norm}.bias"]))
    bound = 1 / (8 * 9) ** 0.5
    largest = float(one["conv_1.weight"].abs().max())
    is_true(0.8 * bound < largest <= bound * 1.001, "other first weights")


@aspect("gradients")
@after(right)
@pytest.mark.parametrize("n_out", [12, 8])
def test_gradients(student, draw, n_out):
    """sends the right gradients to its inputs and its parameters"""
    theirs, twin = blocks(student, draw, 8, n_out)
    x, emb = inputs(draw)
    weight = draw.normal(3, n_out, 4, 5)
    leaves = []
    for block in (theirs, twin):
        given = x.clone().requires_grad_(), emb.clone().requires_grad_()
        (weight * block(*given)).sum().backward()
        leaves.append([each.grad for each in given])
    close(*leaves, rtol=1e-5)
    process.weight_gradients(student, theirs, twin)


@aspect("edges")
@after(right)
@pytest.mark.parametrize("n, height, width", [(1, 4, 4), (2, 1, 1), (1, 1, 3), (2, 7, 2)])
def test_sizes(student, draw, n, height, width):
    """works for a batch of one, one pixel, and images that are not square"""
    theirs, twin = blocks(student, draw)
    agree(theirs, twin, *inputs(draw, n, 8, height, width))


@aspect("edges")
@after(right)
def test_small(student, draw):
    """works for the fewest channels, where a group is one, and an embedding of one number"""
    theirs, twin = blocks(student, draw, 4, 4, 1)
    agree(theirs, twin, *inputs(draw, 2, 4, 3, 3, 1))


@aspect("edges")
@after(right)
def test_flat_images(student, draw):
    """takes images of one grey level, where the epsilon of the norm counts"""
    theirs, twin = blocks(student, draw)
    x, emb = inputs(draw)
    agree(theirs, twin, 1e-3 * x, emb)
    agree(theirs, twin, torch.full_like(x, 0.5), emb)


@aspect("conventions")
@after(right)
def test_inputs(student, draw):
    """leaves its arguments as they were"""
    theirs, _ = blocks(student, draw)
    theirs(*inputs(draw))
    inputs_unchanged(student)


@aspect("conventions")
@after(right)
def test_dtype(student, draw):
    """computes in the precision of its input and weights, float32 and float64"""
    theirs, twin = blocks(student, draw)
    x, emb = inputs(draw)
    close(theirs(x, emb), twin(x, emb).detach(), rtol=1e-9, atol=1e-10)
    has_dtype(theirs.float()(x.float(), emb.float()), torch.float32)


@aspect("conventions")
@after(right)
def test_device(student, draw):
    """computes on the device of its input"""
    theirs, twin = blocks(student, draw)
    follows_device(
        lambda x, emb: theirs.to(x.device)(x, emb),
        lambda x, emb: twin(x, emb).detach(),
        *inputs(draw),
    )


@aspect("conventions")
@after(right)
def test_layout(student, draw):
    """gives the same result when its inputs are not contiguous in memory"""
    theirs, twin = blocks(student, draw)
    x, emb = inputs(draw)
    views = [View(each.transpose(-1, -2).contiguous(), ("transpose", -1, -2)) for each in (x, emb)]
    close(theirs(*views), twin(x, emb).detach(), rtol=1e-6, atol=1e-6)
