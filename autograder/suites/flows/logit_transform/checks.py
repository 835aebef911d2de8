"""Hidden checks: the logit transform and its log-determinant."""

import pytest
import torch

from autograder.checks import after, aspect, close, same, usual_checks
from autograder.suites.flows.image_flows import (
    jacobian_log_det,
    same_gradients_of_all,
    same_parts,
)
from autograder.suites.flows.logit_transform import oracle

ASPECTS = {"values": 0.45, "images": 0.15, "gradients": 0.2, "edges": 0.1, "conventions": 0.1}


def agree(student, *given):
    same_parts(student.logit_transform(*given), oracle.logit_transform(*given))


@pytest.mark.parametrize("alpha", [0.05, 0.2, 0.001])
def test_values(student, draw, alpha):
    """gives x and its log-determinant for a batch, with any alpha"""
    agree(student, draw.uniform(5, 3), alpha)


def test_default(student, draw):
    """takes alpha = 0.05 if it is not told"""
    agree(student, draw.uniform(4, 6))


def test_jacobian(student, draw):
    """has the log-determinant of its own values, by the Jacobian"""
    y = draw.uniform(3, 4)
    for alpha in (0.05, 0.3):
        x, log_det = student.logit_transform(y, alpha)
        close(x, oracle.logit_transform(y, alpha)[0])
        close(log_det, jacobian_log_det(lambda y, a=alpha: student.logit_transform(y, a)[0], y))


@after(test_default)
def test_alone(student, draw):
    """gives each sample its own log-determinant, whatever else is in the batch"""
    y = draw.uniform(4, 5)
    x, log_det = student.logit_transform(y)
    for i in range(4):
        close(student.logit_transform(y[i : i + 1]), (x[i : i + 1], log_det[i : i + 1]))


@aspect("images")
@pytest.mark.parametrize(
    "shape", [(4, 1, 28, 28), (2, 3, 4, 6), (1, 1, 1, 1), (1, 7), (5, 1), (6,)]
)
def test_shapes(student, draw, shape):
    """sums the log-determinant over channels and pixels, for samples of any shape"""
    agree(student, draw.uniform(*shape))


@aspect("images")
@after(test_default)
def test_mostly_black(student, draw):
    """is right for images of which most pixels are black"""
    y = draw.uniform(3, 1, 14, 14) / 256
    y[:, :, 5:8] = draw.uniform(3, 1, 3, 14)
    agree(student, y)


@aspect("gradients")
@pytest.mark.parametrize("shape", [(4, 3), (1, 2, 3, 2)])
def test_gradients(student, draw, shape):
    """sends the right gradients through x and through the log-determinant"""
    for alpha in (0.05, 0.25):
        same_gradients_of_all(
            lambda y, alpha=alpha: student.logit_transform(y, alpha),
            lambda y, alpha=alpha: oracle.logit_transform(y, alpha),
            "y",
            draw.uniform(*shape),
        )


@aspect("gradients")
@after(test_default)
def test_gradients_at_ends(student, draw):
    """sends the right gradients where y is exactly 0 or 1"""
    y = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]], dtype=torch.float64)
    same_gradients_of_all(student.logit_transform, oracle.logit_transform, "y", y)


@after(test_default)
def test_ends(student, draw):
    """is finite and right where y is exactly 0 or 1"""
    y = draw.uniform(3, 6).round()
    y[0, :3] = torch.tensor([0.0, 1.0, 0.0])
    for alpha in (0.05, 0.4):
        agree(student, y, alpha)


@aspect("edges")
@after(test_default)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_small_alpha(student, draw, dtype):
    """keeps all digits near both ends with alpha = 1e-6, in float32 too"""
    far = torch.tensor([[0.0, 1.0, 1 - 2.0**-20, 2.0**-20]], dtype=dtype)
    for y in (far, 1 - far, draw.uniform(5, 4).to(dtype)):
        x, log_det = oracle.logit_transform(y.double(), 1e-6)
        close(student.logit_transform(y, 1e-6), (x, log_det), rtol=3e-6, atol=3e-6)


@aspect("edges")
@after(test_default)
def test_mirror(student, draw):
    """is a mirror image at 1/2: black and white differ in the sign of x only"""
    dark = draw.integers(0, 512, 3, 8).double() / 1024
    (x, log_det), (y, other) = student.logit_transform(dark), student.logit_transform(1 - dark)
    close((x, log_det), (-y, other), rtol=1e-9, atol=1e-10)
    same(student.logit_transform(torch.full((2, 2), 0.5).double())[0], torch.zeros(2, 2))


def shares(draw):
    """A batch of rows, and one of images with an alpha of its own."""
    yield (draw.uniform(5, 3),)
    yield draw.uniform(2, 1, 3, 4), 0.15


globals().update(usual_checks(oracle.logit_transform, shares))
