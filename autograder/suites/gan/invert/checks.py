"""Hidden checks: inversion by Adam on z.

The generator lives in the student's process; its twin, with the same weights, serves the oracle
here.
"""

from functools import partial

import pytest
import torch

from autograder.checks import (
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    same,
    twin_networks,
    weight,
)
from autograder.suites.gan.invert import oracle

K, D = 3, 6

twins = partial(twin_networks, statistics=True)

LINEAR = (("Linear", K, D),)
CURVED = (("Linear", K, 8), ("Tanh",), ("Linear", 8, D))
NORMALISED = (("Linear", K, 8), ("BatchNorm1d", 8), ("Tanh",), ("Linear", 8, D))


@weight(2)
@pytest.mark.parametrize("n_steps", [1, 2, 9])
def test_path(student, draw, n_steps):
    """takes just n_steps of Adam from z_init on the squared error, for a generator that is not
    linear
    """
    theirs, twin = twins(student, draw, *CURVED)
    x, z = 2 * draw.normal(4, D), 2 * draw.normal(4, K)
    close(
        student.invert(theirs, x, z, n_steps, 0.1),
        oracle.invert(twin, x, z, n_steps, 0.1),
        rtol=1e-3,
        atol=1e-4,
    )


@weight(2)
def test_long_path(student, draw):
    """arrives where the squared error of a linear generator is smallest"""
    theirs, twin = twins(student, draw, ("Linear", 2, 20))
    x, z = 3 * draw.normal(3, 20), draw.normal(3, 2)
    layer = twin[0]
    best = torch.linalg.lstsq(layer.weight.detach(), (x - layer.bias.detach()).T).solution.T
    close(student.invert(theirs, x, z, 150, 0.1), best, rtol=1e-2, atol=2e-2)


@weight(3)
@pytest.mark.parametrize("lr", [0.003, 1.5])
def test_learning_rate(student, draw, lr):
    """uses the learning rate that it is given, and returns z after the last step, whether or not it
    was the best
    """
    theirs, twin = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    close(
        student.invert(theirs, x, z, 4, lr), oracle.invert(twin, x, z, 4, lr), rtol=1e-3, atol=1e-5
    )


@weight(2)
def test_independent_images(student, draw):
    """gives an image the code that it gets when it comes alone"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = (
        draw.normal(4, D) * torch.tensor([[0.1], [1.0], [10.0], [100.0]], dtype=torch.float64),
        draw.normal(4, K),
    )
    together = student.invert(theirs, x, z, 12, 0.1)
    alone = torch.cat([oracle.invert(twin, x[i : i + 1], z[i : i + 1], 12, 0.1) for i in range(4)])
    close(together, alone, rtol=1e-3, atol=1e-4)
    close(student.invert(theirs, x[:1], z[:1], 12, 0.1), alone[:1], rtol=1e-3, atol=1e-4)


@weight(2)
def test_images(student, draw):
    """works for images (B, C, H, W), every channel and pixel counted alike"""
    theirs, twin = twins(
        student, draw, ("Linear", K, 24), ("Unflatten", 1, (2, 3, 4)), ("ConvTranspose2d", 2, 3, 2)
    )
    x, z = 3 * draw.normal(5, 3, 4, 5), draw.normal(5, K)
    close(
        student.invert(theirs, x, z, 8, 0.1),
        oracle.invert(twin, x, z, 8, 0.1),
        rtol=1e-3,
        atol=1e-4,
    )


@weight(4)
def test_evaluation_mode(student, draw):
    """has the generator in evaluation mode meanwhile: batch norm uses its running statistics and
    doesn't move them
    """
    theirs, twin = twins(student, draw, *NORMALISED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 6, 0.1)
    same(theirs.state_dict(), dict(twin.state_dict()))
    close(value, oracle.invert(twin, x, z, 6, 0.1), rtol=1e-3, atol=1e-4)


def test_dropout(student, draw):
    """is not disturbed by dropout in the generator"""
    theirs, twin = twins(
        student, draw, ("Linear", K, 8), ("Dropout", 0.5), ("Tanh",), ("Linear", 8, D)
    )
    x, z = draw.normal(4, D), draw.normal(4, K)
    close(
        student.invert(theirs, x, z, 6, 0.1),
        oracle.invert(twin, x, z, 6, 0.1),
        rtol=1e-3,
        atol=1e-4,
    )


@weight(2)
@pytest.mark.parametrize("training", [True, False])
def test_mode_afterwards(student, draw, training):
    """leaves the generator in the mode in which it came, training or evaluation"""
    theirs, _ = twins(student, draw, *NORMALISED)
    theirs.train(training)
    student.invert(theirs, draw.normal(4, D), draw.normal(4, K), 2, 0.1)
    is_true(theirs.training is training)
    is_true(theirs[1].training is training)


@weight(2)
def test_parameters(student, draw):
    """changes no parameter of the generator"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = 3 * draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 8, 0.1)
    same(theirs.state_dict(), dict(twin.state_dict()))
    is_true(not torch.equal(value, z))


def gradients(student, generator):
    read = student.new("operator.attrgetter", "weight.grad")
    return read(generator[0]), read(generator[2])


@weight(4)
def test_no_gradients_left(student, draw):
    """leaves no gradients behind in the generator"""
    theirs, _ = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 3, 0.1)
    is_true(all(gradient is None for gradient in gradients(student, theirs)))
    is_true(not torch.equal(value, z))


@weight(2)
def test_gradients_that_were_there(student, draw):
    """keeps the gradients that the generator had"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    theirs(draw.normal(4, K)).square().sum().backward()
    before = gradients(student, theirs)
    value = student.invert(theirs, x, z, 3, 0.1)
    after = gradients(student, theirs)
    is_true(all(isinstance(gradient, torch.Tensor) for gradient in after))
    same(list(after), list(before))
    close(value, oracle.invert(twin, x, z, 3, 0.1), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("trainable", [True, False])
def test_frozen(student, draw, trainable):
    """works with a frozen generator as well, and leaves it frozen or trainable as it was"""
    theirs, twin = twins(student, draw, *CURVED)
    theirs.requires_grad_(trainable)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 3, 0.1)
    flag = student.new("operator.attrgetter", "weight.requires_grad")
    is_true(flag(theirs[0]) is trainable and flag(theirs[2]) is trainable)
    close(value, oracle.invert(twin, x, z, 3, 0.1), rtol=1e-3, atol=1e-4)


def test_no_steps(student, draw):
    """returns the start itself when there are no steps to take"""
    theirs, _ = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D), 3 * draw.normal(4, K)
    same(student.invert(theirs, x, z, 0, 0.1), z)


@weight(2)
def test_inputs(student, draw):
    """leaves x and z_init as they were"""
    theirs, twin = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 5, 0.1)
    inputs_unchanged(student)
    close(value, oracle.invert(twin, x, z, 5, 0.1), rtol=1e-3, atol=1e-4)


def test_start_with_a_graph(student, draw):
    """returns codes without a graph, and is not disturbed by a z_init that needs gradients"""
    theirs, twin = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D), draw.normal(4, K)
    for start in (z, z.clone().requires_grad_()):
        value = student.invert(theirs, x, start, 5, 0.1)
        is_true(not value.requires_grad)
        close(value, oracle.invert(twin, x, z, 5, 0.1), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_dtype(student, draw, dtype):
    """computes in the precision of its inputs"""
    theirs, twin = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D, dtype=dtype), draw.normal(4, K, dtype=dtype)
    value = student.invert(theirs.to(dtype), x, z, 5, 0.1)
    has_dtype(value, dtype)
    close(value, oracle.invert(twin, x, z, 5, 0.1), rtol=1e-3, atol=1e-3)


def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    follows_device(
        lambda x, z: student.invert(theirs.to(z.device), x, z, 2, 0.1),
        lambda x, z: oracle.invert(twin, x, z, 2, 0.1),
        draw.normal(4, D),
        draw.normal(4, K),
    )
