"""Hidden checks: unsqueeze."""

import pytest

from autograder.checks import after, aspect, refuses, same, same_gradients, usual_checks
from autograder.suites.flows.squeeze import oracle as squeeze_oracle
from autograder.suites.flows.unsqueeze import oracle

ASPECTS = {"values": 0.4, "images": 0.3, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}


def agree(student, z):
    same(student.unsqueeze(z), oracle.unsqueeze(z))


def test_values(student, draw):
    """puts the numbers of four channels where they belong in a grey image"""
    agree(student, draw.normal(3, 4, 2, 2))


def test_channels(student, draw):
    """takes four neighbouring channels for each channel of the image"""
    agree(student, draw.normal(2, 12, 2, 2))


def test_unequal_sides(student, draw):
    """is right for height and width that differ"""
    agree(student, draw.normal(2, 8, 2, 5))
    agree(student, draw.normal(2, 4, 4, 1))


def test_inverse(student, draw):
    """brings back exactly what squeeze made of an image"""
    for shape in ((2, 1, 4, 4), (3, 3, 2, 6)):
        x = draw.normal(*shape)
        same(student.unsqueeze(squeeze_oracle.squeeze(x)), x)


@aspect("images")
@pytest.mark.parametrize("shape", [(5, 4, 14, 14), (2, 16, 7, 7), (1, 12, 3, 2)])
def test_images(student, draw, shape):
    """is right for the sizes of the lab, and for images with colours"""
    agree(student, draw.normal(*shape))


@aspect("gradients")
def test_gradients(student, draw):
    """sends each gradient back to the number that it belongs to"""
    same_gradients(student.unsqueeze, oracle.unsqueeze, draw.normal(2, 8, 2, 3))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("shape", [(1, 4, 1, 1), (1, 8, 1, 3)])
def test_smallest(student, draw, shape):
    """works for a batch of one and for a single pixel"""
    agree(student, draw.normal(*shape))


@aspect("edges")
@after(test_values)
@pytest.mark.parametrize("n_channels", [1, 2, 6, 7])
def test_odd(student, draw, n_channels):
    """raises a ValueError if the number of channels is no multiple of 4"""
    refuses(student.unsqueeze, draw.normal(2, n_channels, 2, 2))


globals().update(usual_checks(oracle.unsqueeze, lambda draw: (draw.normal(3, 8, 2, 3),)))
