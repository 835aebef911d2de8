"""Hidden checks: the straight-through estimator."""

import torch

from autograder.checks import close, is_true, same_gradients, usual_checks, weight
from autograder.suites.vae.straight_through import oracle


@weight(2)
def test_value(student, draw):
    """has the values of the quantised codes"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    close(student.straight_through(z, z_q), z_q)


@weight(3)
def test_gradient(student, draw):
    """passes the gradient to z unchanged, element by element"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    same_gradients(
        lambda z: student.straight_through(z, z_q), lambda z: oracle.straight_through(z, z_q), z
    )


@weight(2)
def test_no_gradient_to_codebook(student, draw):
    """sends no gradient to the quantised codes"""
    same_gradients(
        student.straight_through, oracle.straight_through, draw.normal(5, 3), draw.normal(5, 3)
    )


def test_through_a_loss(student, draw):
    """gives the encoder the gradient that the decoder's loss has at the quantised codes"""
    z, z_q, target = draw.normal(5, 3), draw.normal(5, 3), draw.normal(5, 3)
    same_gradients(
        lambda z: (student.straight_through(z, z_q).tanh() - target).square(),
        lambda z: (oracle.straight_through(z, z_q).tanh() - target).square(),
        z,
    )


def test_equal(student, draw):
    """lets the gradient pass where z is already a code"""
    z = draw.normal(4, 3).requires_grad_()
    value = student.straight_through(z, z.detach().clone())
    close(value, z)
    is_true(value.requires_grad)
    value.sum().backward()
    close(z.grad, torch.ones(4, 3))


globals().update(
    usual_checks(oracle.straight_through, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))
)
