"""Hidden checks: a buffer of older images."""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    has_dtype,
    inputs_unchanged,
    is_true,
    refuses,
    same,
)
from autograder.suites.pix2pix.image_buffer import oracle
from autograder.suites.pix2pix.two_domains import no_graph
from autograder.worker import other_device

ASPECTS = {"values": 0.6, "training": 0.15, "edges": 0.15, "conventions": 0.1}


def batch(draw, n, capacity, shape=(1, 2, 3)):
    """Images, coins and places."""
    return draw.normal(n, *shape), draw.uniform(n) < 0.6, draw.integers(0, max(capacity, 1), n)


def agree(theirs, ours, given):
    same(theirs.exchange(*given), ours.exchange(*given))


def both(student, capacity):
    return student.ImageBuffer(capacity), oracle.ImageBuffer(capacity)


def plain(student, draw):
    theirs, ours = both(student, 3)
    for _ in range(4):
        agree(theirs, ours, batch(draw, 2, 3))


@pytest.mark.parametrize(("capacity", "n"), [(4, 2), (3, 5), (5, 3), (6, 1)])
def test_values(student, draw, capacity, n):
    """fills first, then returns older images and stores new ones as the coins and places say"""
    theirs, ours = both(student, capacity)
    for _ in range(6):
        agree(theirs, ours, batch(draw, n, capacity))


@after(plain)
def test_filling(student, draw):
    """returns every image as it is while it fills, whatever the coins say"""
    theirs, ours = both(student, 5)
    images, _, index = batch(draw, 5, 5)
    agree(theirs, ours, (images, torch.ones(5, dtype=torch.bool), index))
    agree(theirs, ours, (draw.normal(5, 1, 2, 3), torch.ones(5, dtype=torch.bool), torch.arange(5)))


@after(plain)
def test_tails(student, draw):
    """returns the new image and keeps what it has when the coin shows tails"""
    theirs, ours = both(student, 3)
    for coin in (True, False, False, True, True):
        images, _, index = batch(draw, 3, 3)
        agree(theirs, ours, (images, torch.tensor([coin] * 3), index))


@after(plain)
def test_within_a_batch(student, draw):
    """treats the images of a batch one after another, as a place may be drawn twice in it"""
    theirs, ours = both(student, 2)
    for index in ([0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]):
        images = draw.normal(4, 1, 2, 3)
        agree(theirs, ours, (images, torch.ones(4, dtype=torch.bool), torch.tensor(index)))


@after(plain)
@pytest.mark.parametrize("full", [False, True])
def test_kept_copies(student, draw, full):
    """stores copies, which stay as they were though the images that it was given change later"""
    theirs, ours = both(student, 2)
    heads, places = torch.ones(2, dtype=torch.bool), torch.arange(2)
    if full:
        agree(theirs, ours, (draw.normal(2, 1, 2, 3, dtype=torch.float32), heads, places))
    # The weight of a layer over there is a batch of two images that can be changed in place.
    layer = student.new("torch.nn.Conv2d", 1, 2, (2, 3), bias=False)
    images = draw.normal(2, 1, 2, 3, dtype=torch.float32)
    layer.load_state_dict({"weight": images})
    live = student.new("builtins.map", student.new("operator.attrgetter", "weight"), [layer])
    calls = student.new("builtins.map", theirs.exchange, live, [heads], [places])
    same(student.new("builtins.next", calls), ours.exchange(images, heads, places))
    layer.load_state_dict({"weight": draw.normal(2, 1, 2, 3, dtype=torch.float32)})
    for _ in range(2):
        agree(theirs, ours, (draw.normal(2, 1, 2, 3, dtype=torch.float32), heads, places))


@aspect("training")
@after(plain)
def test_no_graph(student, draw):
    """returns images without a graph, stored ones too"""
    buffer = student.ImageBuffer(2)
    for _ in range(3):
        images, _, index = batch(draw, 2, 2)
        found = buffer.exchange(images.requires_grad_(), torch.tensor([True, False]), index)
        is_true(no_graph(found))


@aspect("training")
@after(plain)
def test_two_buffers(student, draw):
    """keeps the images of two buffers apart"""
    pairs = [both(student, 2), both(student, 3)]
    for _ in range(4):
        for theirs, ours in pairs:
            agree(theirs, ours, batch(draw, 2, ours.capacity))


@aspect("edges")
@after(plain)
def test_no_capacity(student, draw):
    """returns every image as it is if it has no capacity"""
    theirs, ours = both(student, 0)
    for _ in range(3):
        agree(theirs, ours, batch(draw, 3, 0))


@aspect("edges")
@after(plain)
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 2)])
def test_shapes(student, draw, shape):
    """takes a capacity of one, batches of one image, colours and images of one pixel"""
    theirs, ours = both(student, 1)
    for n in (1, 1, 2, 1, 3):
        agree(theirs, ours, batch(draw, n, 1, shape))


@aspect("edges")
@after(plain)
def test_batches_differ(student, draw):
    """takes batches of different sizes, and the places of images that are not looked at"""
    theirs, ours = both(student, 4)
    for n in (3, 1, 5, 2, 4):
        agree(theirs, ours, batch(draw, n, 4))


@aspect("edges")
def test_refuses(student, draw):
    """raises ValueError for a capacity below 0"""
    plain(student, draw)
    refuses(student.ImageBuffer, -1)


@aspect("conventions")
@after(plain)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dtype(student, draw, dtype):
    """keeps the precision of the images"""
    theirs, ours = both(student, 2)
    for _ in range(3):
        images, swap, index = batch(draw, 2, 2)
        found = theirs.exchange(images.to(dtype), swap, index)
        has_dtype(found, dtype)
        same(found, ours.exchange(images.to(dtype), swap, index))


@aspect("conventions")
@after(plain)
def test_inputs(student, draw):
    """leaves the images, coins and places as they were"""
    theirs, ours = both(student, 2)
    for _ in range(4):
        given = batch(draw, 2, 2)
        result = theirs.exchange(*given)
        inputs_unchanged(student)
        same(result, ours.exchange(*given))


@aspect("conventions")
@after(plain)
def test_device(student, draw):
    """keeps images on their device"""
    theirs, ours = both(student, 2)
    for _ in range(3):
        given = batch(draw, 2, 2)
        found = theirs.exchange(*(other_device.move(x) for x in given))
        is_true(isinstance(found, other_device.Elsewhere))
        close(other_device.bring(found), ours.exchange(*given))
