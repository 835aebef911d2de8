"""Hidden checks: the U-Net.

The network stays in the student's process and gets random weights by the names that the text gives.
Its blocks are those of dgm.unet, which are there on both sides; students build theirs of their own.
"""

import pytest
import torch
from dgm.unet import ResidualBlock

from autograder.checks import (
    CheckFailed,
    View,
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    refuses,
)
from autograder.suites.diffusion import forward_process as process
from autograder.suites.diffusion.time_unet import oracle

ASPECTS = {"values": 0.4, "structure": 0.3, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}

WIDTHS = pytest.mark.parametrize("widths", [(4, 8), (8, 4, 12, 12), (8,)])


def library_block(student):
    """The class of dgm.unet over there."""
    module = student.new("importlib.import_module", "dgm.unet")
    return student.new("operator.attrgetter", "ResidualBlock")(module)


def networks(student, draw, widths, n_channels=2, n_emb=6):
    """A network over there and its twin here, with random weights, in float64."""
    theirs = student.TimeUNet(n_channels, widths, n_emb, library_block(student))
    twin = oracle.TimeUNet(n_channels, widths, n_emb, ResidualBlock)
    process.with_weights(student, draw, theirs, twin)
    return theirs, twin


def inputs(draw, n=3, n_channels=2, height=8, width=16):
    return draw.normal(n, n_channels, height, width), draw.uniform(n, low=0, high=9)


def agree(theirs, twin, x, t):
    close(theirs(x, t), twin(x, t).detach(), rtol=1e-5, atol=1e-5)


def right(student, draw):
    """Fails for a network whose values are wrong."""
    agree(*networks(student, draw, (4, 8)), *inputs(draw, 2, height=2, width=4))


@WIDTHS
def test_values(student, draw, widths):
    """gives what the table says for given weights, with any number of levels"""
    agree(*networks(student, draw, widths), *inputs(draw))


@pytest.mark.parametrize("n_channels, height, width", [(1, 16, 16), (3, 4, 8), (1, 12, 4)])
def test_sizes(student, draw, n_channels, height, width):
    """works for images of several sizes, that are not square, and for several channels"""
    theirs, twin = networks(student, draw, (4, 8, 4), n_channels)
    agree(theirs, twin, *inputs(draw, 2, n_channels, height, width))


def test_steps(student, draw):
    """takes the steps as int64, each sample its own"""
    theirs, twin = networks(student, draw, (4, 8))
    x, _ = inputs(draw, 4)
    t = draw.integers(0, 12, 4)
    close(theirs(x, t), twin(x, t).detach(), rtol=1e-4, atol=1e-4)


@aspect("structure")
@pytest.mark.parametrize(
    "n_channels, widths, n_emb", [(1, [16, 32, 64], 32), (3, [4], 3), (2, (8, 4, 4, 12), 8)]
)
def test_parameters(student, draw, n_channels, widths, n_emb):
    """has the parameters that the table names, and no others"""
    theirs = student.TimeUNet(n_channels, widths, n_emb, library_block(student))
    process.same_names(student, theirs, oracle.TimeUNet(n_channels, widths, n_emb, ResidualBlock))


@aspect("structure")
def test_other_blocks(student, draw):
    """is built of the blocks that it is given, one call for each"""
    made = student.new("unittest.mock.Mock", wraps=library_block(student))
    student.TimeUNet(2, (4, 8, 12), 6, made)
    calls = [tuple(call[0]) for call in student.new("builtins.list", made.call_args_list)]
    wanted = [(4, 4, 6), (4, 8, 6), (8, 12, 6), (20, 8, 6), (12, 4, 6)]
    is_true(sorted(calls) == sorted(wanted), f"{calls}")


@aspect("structure")
@pytest.mark.parametrize("level", [0, 1])
def test_skips(student, draw, level):
    """hands what each level has over to the way up"""
    theirs, twin = networks(student, draw, (4, 8, 4))
    state = twin.state_dict()
    # nothing comes from below: the first channels of the block on the way up are not read
    name = f"up.{1 - level}"
    n_below = (8, 4)[level]
    for part in ("enter.2.weight", "shortcut.weight"):
        state[f"{name}.{part}"] = state[f"{name}.{part}"].clone()
        state[f"{name}.{part}"][:, :n_below] = 0
    for network in (theirs, twin):
        network.load_state_dict(state)
    x, t = inputs(draw)
    agree(theirs, twin, x, t)


@aspect("structure")
@after(right)
def test_samples_apart(student, draw):
    """treats each sample by itself, in training and in evaluation mode"""
    theirs, twin = networks(student, draw, (4, 8))
    x, t = inputs(draw, 4)
    for mode in (True, False):
        theirs.train(mode)
        agree(theirs, twin, x, t)
        agree(theirs, twin, x[1:2], t[1:2])


@aspect("structure")
@after(right)
def test_own_weights(student, draw):
    """has its own weights in each network, random ones"""
    block = library_block(student)
    one, two = (
        process.parameters(student, student.TimeUNet(2, (4, 8), 6, block)) for _ in range(2)
    )
    for name in ("first.weight", "embed.0.weight", "last.2.weight", "down.1.enter.2.weight"):
        is_true(not torch.equal(one[name], two[name]), f"{name} is the same")


@aspect("gradients")
@after(right)
def test_gradients(student, draw):
    """sends the right gradients to x, floating times and all of its parameters"""
    theirs, twin = networks(student, draw, (4, 8, 4))
    x, t = inputs(draw, 2, height=4, width=8)
    weight, leaves = draw.normal(*x.shape), []
    for network in (theirs, twin):
        given = x.clone().requires_grad_(), t.clone().requires_grad_()
        (weight * network(*given)).sum().backward()
        leaves.append([each.grad for each in given])
    close(*leaves, rtol=1e-4, atol=1e-5)
    for name, parameter in twin.named_parameters():
        found = student.new("operator.attrgetter", f"{name}.grad")(theirs)
        if found is None:
            raise CheckFailed(name, told=f"no gradient reaches {name}")
        close(found, parameter.grad, rtol=1e-4, atol=1e-5)


@aspect("edges")
@after(right)
@pytest.mark.parametrize("n, height, width", [(1, 4, 4), (1, 8, 4), (2, 4, 12)])
def test_small(student, draw, n, height, width):
    """works for a batch of one, and for images that are one pixel at the coarsest level"""
    theirs, twin = networks(student, draw, (8, 8, 8), 1)
    agree(theirs, twin, *inputs(draw, n, 1, height, width))


@aspect("edges")
@after(right)
def test_one_level(student, draw):
    """works for one level and images of any size, even of one pixel"""
    theirs, twin = networks(student, draw, (4,))
    for height, width in ((5, 3), (1, 1)):
        agree(theirs, twin, *inputs(draw, 2, 2, height, width))


@aspect("edges")
@after(right)
@pytest.mark.parametrize("height, width", [(6, 8), (8, 10), (2, 2)])
def test_refuses(student, draw, height, width):
    """raises ValueError for images that cannot be halved often enough"""
    theirs, _ = networks(student, draw, (4, 4, 4))
    refuses(theirs, *inputs(draw, 2, 2, height, width))


@aspect("edges")
@after(right)
def test_odd_embedding(student, draw):
    """works for an embedding of odd size"""
    theirs, twin = networks(student, draw, (4, 8), 1, 7)
    agree(theirs, twin, *inputs(draw, 2, 1, 4, 4))


@aspect("conventions")
@after(right)
def test_inputs(student, draw):
    """leaves its inputs as they were"""
    theirs = student.TimeUNet(2, [4, 8], 6, library_block(student))
    theirs.double()(*inputs(draw, 2, height=4, width=4))
    inputs_unchanged(student)


@aspect("conventions")
@after(right)
def test_dtype(student, draw):
    """computes in the precision of its input and weights, float32 and float64"""
    theirs, _ = networks(student, draw, (4, 8))
    x, t = inputs(draw)
    has_dtype(theirs(x, t), torch.float64)
    theirs.float()
    has_dtype(theirs(x.float(), t.float()), torch.float32)
    has_dtype(theirs(x.float(), t.long()), torch.float32)


@aspect("conventions")
@after(right)
def test_device(student, draw):
    """computes on the device of its input"""
    theirs, twin = networks(student, draw, (4, 8))
    follows_device(
        lambda x, t: theirs.to(x.device)(x, t),
        lambda x, t: twin(x, t).detach(),
        *inputs(draw, 2, height=4, width=4),
    )


@aspect("conventions")
@after(right)
def test_layout(student, draw):
    """gives the same result when its input is not contiguous in memory"""
    theirs, twin = networks(student, draw, (4, 8))
    x, t = inputs(draw)
    view = View(x.transpose(-1, -2).contiguous(), ("transpose", -1, -2))
    close(theirs(view, t), twin(x, t).detach(), rtol=1e-5, atol=1e-5)
