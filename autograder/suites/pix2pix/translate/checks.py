"""Hidden checks: translations with the noise on.

The generators are chains in the student's process. Their dropout drops nothing or everything where
values are compared, since noise cannot be.
"""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    same,
    twin_networks,
)
from autograder.suites.gan.remote_networks import read
from autograder.suites.pix2pix.translate import oracle

ASPECTS = {"values": 0.35, "noise": 0.25, "training": 0.2, "edges": 0.1, "conventions": 0.1}

CHAIN = [("Conv2d", 2, 4, 3, 1, 1), ("BatchNorm2d", 4), ("Tanh",), ("Conv2d", 4, 3, 1)]


def networks(student, draw, *more):
    return twin_networks(student, draw, *CHAIN, *more, scale=0.5, statistics=True)


def images(draw, n=3, height=4, width=5):
    return draw.normal(n, 2, height, width)


def agree(student, theirs, twin, x, n_draws=2):
    close(student.translate(theirs, x, n_draws), oracle.translate(twin, x, n_draws))


def right(student, draw):
    agree(student, *networks(student, draw, ("Dropout", 0.0)), images(draw))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("n_draws", [1, 3])
def test_values(student, draw, training, n_draws):
    """stacks its draws, with batch norm in evaluation mode, whatever mode the generator is in"""
    theirs, twin = networks(student, draw)
    theirs.train(training)
    agree(student, theirs, twin, images(draw), n_draws)


@after(right)
def test_images_apart(student, draw):
    """translates each image by itself: the others in the batch do not matter"""
    theirs, _ = networks(student, draw)
    x = images(draw, 4)
    whole = student.translate(theirs, x, 1)
    close(student.translate(theirs, x[1:2], 1), whole[:, 1:2])


@aspect("noise")
@after(right)
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layer", ["Dropout", "Dropout2d"])
def test_dropout_is_on(student, draw, training, layer):
    """has dropout on in each draw, whatever mode the generator is in"""
    theirs, twin = networks(student, draw, (layer, 1.0), ("Conv2d", 3, 3, 1))
    theirs.train(training)
    agree(student, theirs, twin, images(draw))


@aspect("noise")
@after(right)
@pytest.mark.parametrize("layer", ["Dropout", "Dropout2d"])
def test_draws_differ(student, draw, layer):
    """has other noise in each draw and for each image, in the share that the layer has"""
    theirs, twin = networks(student, draw, (layer, 0.5))
    x = images(draw, 8, 8, 8)
    draws = student.translate(theirs.eval(), x, 6)
    has_shape(draws, 6, 8, 3, 8, 8)
    dropped = draws == 0
    expected = 2 * twin.eval()(x).detach()
    close(torch.where(dropped, expected, draws), expected.expand(draws.shape))
    share = float(dropped.double().mean())
    is_true(abs(share - 0.5) < (0.05 if layer == "Dropout" else 0.27), f"{share}")
    masks = dropped[:, :, :, 0, 0] if layer == "Dropout2d" else dropped
    is_true(len({tuple(mask.flatten().tolist()) for mask in masks}) > 1, "draws are equal")
    is_true(
        len({tuple(mask.flatten().tolist()) for mask in masks.transpose(0, 1)}) > 1,
        "images are equal",
    )


@aspect("noise")
@after(right)
def test_nested(student, draw):
    """finds dropout and batch norm in parts of parts"""
    theirs, twin = networks(student, draw, ("Dropout", 1.0), ("Conv2d", 3, 3, 1))
    nested = student.new("torch.nn.Sequential", student.new("torch.nn.Sequential", theirs))
    agree(student, nested, twin, images(draw))
    is_true(read(student, theirs, "1.training") is True)


@aspect("training")
@after(right)
def test_modes(student, draw):
    """leaves every part of the generator in the mode that it was in"""
    theirs, _ = networks(student, draw, ("Dropout", 0.5))
    for index, mode in ((1, False), (4, True), (0, False), (3, True)):
        theirs[index].train(mode)
    student.translate(theirs, images(draw), 2)
    found = [read(student, theirs, f"{i}.training") for i in range(5)]
    is_true(found == [False, False, True, True, True] and read(student, theirs, "training"))
    theirs.eval()
    student.translate(theirs, images(draw), 1)
    is_true(not any(read(student, theirs, f"{i}.training") for i in range(5)))
    is_true(read(student, theirs, "training") is False)


@aspect("training")
@after(right)
def test_state(student, draw):
    """changes no running statistics and no weights, and leaves them ready to be trained"""
    theirs, twin = networks(student, draw, ("Dropout", 0.5))
    student.translate(theirs, images(draw), 3)
    same(dict(theirs.state_dict()), twin.state_dict())
    for name in ("0.weight", "1.bias", "3.weight"):
        is_true(read(student, theirs, f"{name}.requires_grad") is True)
        is_true(read(student, theirs, f"{name}.grad") is None)


@aspect("training")
@after(right)
def test_frozen(student, draw):
    """leaves frozen weights frozen"""
    theirs, twin = networks(student, draw)
    theirs[0].requires_grad_(False)
    agree(student, theirs, twin, images(draw))
    is_true(read(student, theirs, "0.weight.requires_grad") is False)


@aspect("training")
@after(right)
def test_no_graph(student, draw):
    """returns draws without a graph, also for images that need gradients"""
    theirs, _ = networks(student, draw)
    for x in (images(draw), images(draw).requires_grad_()):
        is_true(not student.translate(theirs, x, 2).requires_grad)


@aspect("edges")
@after(right)
def test_one_image(student, draw):
    """works for one image of one pixel"""
    agree(student, *networks(student, draw), images(draw, 1, 1, 1))


@aspect("edges")
@after(right)
def test_without_noise(student, draw):
    """returns equal draws of a generator without dropout"""
    theirs, _ = networks(student, draw)
    draws = student.translate(theirs, images(draw), 3)
    same(draws[0], draws[2])


@aspect("conventions")
@after(right)
def test_inputs(student, draw):
    """leaves the images as they were"""
    theirs, _ = networks(student, draw)
    student.translate(theirs, images(draw), 2)
    inputs_unchanged(student)


@aspect("conventions")
@after(right)
def test_dtype(student, draw):
    """computes in the precision of images and weights, float32 and float64"""
    theirs, _ = networks(student, draw)
    x = images(draw)
    has_dtype(student.translate(theirs, x, 1), torch.float64)
    has_dtype(student.translate(theirs.float(), x.float(), 1), torch.float32)


@aspect("conventions")
@after(right)
def test_device(student, draw):
    """computes on the device of the images"""
    theirs, twin = networks(student, draw)
    follows_device(
        lambda x: student.translate(theirs.to(x.device), x, 2),
        lambda x: oracle.translate(twin, x, 2),
        images(draw),
    )
