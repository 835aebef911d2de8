"""Hidden checks: inversion by Adam on z.

The generator lives in the student's process; its twin, with the same weights, serves the oracle
here.
"""

from functools import partial

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
    once_right,
    same,
    twin_networks,
)
from autograder.suites.gan.invert import oracle
from autograder.suites.gan.inverting import swapped
from autograder.suites.gan.remote_networks import read

ASPECTS = {"values": 0.35, "images": 0.15, "training": 0.3, "edges": 0.1, "conventions": 0.1}

K, D = 3, 6

twins = partial(twin_networks, statistics=True)

LINEAR = (("Linear", K, D),)
CURVED = (("Linear", K, 8), ("Tanh",), ("Linear", 8, D))
NORMALISED = (("Linear", K, 8), ("BatchNorm1d", 8), ("Tanh",), ("Linear", 8, D))
DROPPING = (("Linear", K, 8), ("Dropout", 0.5), ("Tanh",), ("Linear", 8, D))


def right_in_general(student, theirs, twin, x, z):
    """The codes after three steps, if they are what they should be in the rough."""
    value = student.invert(theirs, x, z, 3, 0.1)
    once_right(value, oracle.invert(twin, x, z, 3, 0.1))
    return value


def of_images(n_channels):
    """A generator of images (n_channels, 4, 5)."""
    return ("Linear", K, 24), ("Unflatten", 1, (2, 3, 4)), ("ConvTranspose2d", 2, n_channels, 2)


def test_path(student, draw):
    """takes just n_steps of Adam from z_init on the squared error, whatever the call before"""
    theirs, twin = twins(student, draw, *CURVED)
    for n_steps in (1, 2, 9, 30):
        x, z = 2 * draw.normal(4, D), 2 * draw.normal(4, K)
        close(
            student.invert(theirs, x, z, n_steps, 0.1),
            oracle.invert(twin, x, z, n_steps, 0.1),
            rtol=1e-3,
            atol=1e-4,
        )


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


def test_independent_images(student, draw):
    """gives an image the code that it gets when it comes alone"""
    theirs, twin = twins(student, draw, *CURVED)
    scales = torch.tensor([[0.1], [1.0], [10.0], [100.0]], dtype=torch.float64)
    x, z = draw.normal(4, D) * scales, draw.normal(4, K)
    together = student.invert(theirs, x, z, 12, 0.1)
    alone = torch.cat([oracle.invert(twin, x[i : i + 1], z[i : i + 1], 12, 0.1) for i in range(4)])
    close(together, alone, rtol=1e-3, atol=1e-4)


@aspect("images")
@pytest.mark.parametrize("n_channels", [3, 1])
def test_images(student, draw, n_channels):
    """works for images (B, C, H, W), in colour or grey, every channel and pixel counted alike"""
    right_in_general(student, *twins(student, draw, *CURVED), draw.normal(4, D), draw.normal(4, K))
    theirs, twin = twins(student, draw, *of_images(n_channels))
    x, z = 3 * draw.normal(5, n_channels, 4, 5), draw.normal(5, K)
    close(
        student.invert(theirs, x, z, 8, 0.1),
        oracle.invert(twin, x, z, 8, 0.1),
        rtol=1e-3,
        atol=1e-4,
    )


@aspect("training")
@pytest.mark.parametrize("layers", [NORMALISED, DROPPING], ids=["norm", "dropout"])
def test_evaluation_mode(student, draw, layers):
    """has the generator in evaluation mode meanwhile: batch norm uses its running statistics and
    doesn't move them, and nothing is dropped
    """
    right_in_general(student, *twins(student, draw, *CURVED), draw.normal(4, D), draw.normal(4, K))
    theirs, twin = twins(student, draw, *layers)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 6, 0.1)
    same(theirs.state_dict(), dict(twin.state_dict()))
    close(value, oracle.invert(twin, x, z, 6, 0.1), rtol=1e-3, atol=1e-4)


@aspect("training")
@pytest.mark.parametrize("training", [True, False])
@after(test_path)
def test_mode_afterwards(student, draw, training):
    """leaves the generator in the mode in which it came, training or evaluation"""
    theirs, _ = twins(student, draw, *NORMALISED)
    theirs.train(training)
    student.invert(theirs, draw.normal(4, D), draw.normal(4, K), 2, 0.1)
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("training")
@after(test_path)
def test_parameters(student, draw):
    """changes no parameter of the generator"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = 3 * draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 8, 0.1)
    same(theirs.state_dict(), dict(twin.state_dict()))
    is_true(not torch.equal(value, z))


def gradients(student, generator):
    return [
        read(student, generator, f"{index}.{name}.grad")
        for index in (0, 2)
        for name in ("weight", "bias")
    ]


@aspect("training")
@after(test_path)
def test_no_gradients_left(student, draw):
    """leaves no gradients behind in a generator that had none"""
    theirs, _ = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    value = student.invert(theirs, x, z, 3, 0.1)
    is_true(all(gradient is None for gradient in gradients(student, theirs)))
    is_true(not torch.equal(value, z))


@aspect("training")
def test_gradients_that_were_there(student, draw):
    """keeps the gradients that the generator had, which its owner's next step needs"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    theirs(draw.normal(4, K)).square().sum().backward()
    before = gradients(student, theirs)
    right_in_general(student, theirs, twin, x, z)
    after = gradients(student, theirs)
    is_true(all(isinstance(gradient, torch.Tensor) for gradient in after))
    same(after, before)


@aspect("training")
@pytest.mark.parametrize("frozen", [0, 2], ids=["first", "last"])
def test_frozen(student, draw, frozen):
    """works with a generator that is frozen in part, and leaves each parameter frozen or trainable
    as it was
    """
    theirs, twin = twins(student, draw, *CURVED)
    theirs[frozen].requires_grad_(False)
    right_in_general(student, theirs, twin, draw.normal(4, D), draw.normal(4, K))
    for index in (0, 2):
        for name in ("weight", "bias"):
            flag = read(student, theirs, f"{index}.{name}.requires_grad")
            is_true(flag is (index != frozen), f"{index}.{name} needs gradients: {flag}")


@aspect("training")
def test_inputs(student, draw):
    """leaves x and z_init as they were"""
    theirs, twin = twins(student, draw, *LINEAR)
    right_in_general(student, theirs, twin, draw.normal(4, D), draw.normal(4, K))
    inputs_unchanged(student)


@aspect("edges")
def test_start_that_needs_gradients(student, draw):
    """returns codes without a graph, and sends no gradient into a z_init that needs gradients"""
    theirs, twin = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D), draw.normal(4, K)
    is_true(not right_in_general(student, theirs, twin, x, z).requires_grad)
    holder = student.new("torch.nn.ParameterList", [z])  # the start lies over there
    given = [[theirs], [x], holder.parameters(), [5], [0.1]]
    value = student.new("builtins.next", student.new("builtins.map", student.invert, *given))
    close(value, oracle.invert(twin, x, z, 5, 0.1), rtol=1e-3, atol=1e-4)
    is_true(not value.requires_grad, "the codes have a graph")
    is_true(read(student, holder, "0.grad") is None, "the start has a gradient")
    is_true(read(student, holder, "0.requires_grad"), "the start needs no gradients any more")


@aspect("edges")
def test_standstill(student, draw):
    """returns the start itself when there are no steps to take, or when they have no length"""
    theirs, twin = twins(student, draw, *LINEAR)
    x, z = draw.normal(4, D), 3 * draw.normal(4, K)
    right_in_general(student, theirs, twin, x, z)
    for start in (z, z.clone().requires_grad_()):
        value = student.invert(generator=theirs, x=x, z_init=start, n_steps=0, lr=0.1)
        same(value, z)
        is_true(not value.requires_grad)
    close(student.invert(theirs, x, z, 3, 0.0), z)


@aspect("edges")
def test_near_the_image(student, draw):
    """stays where the image is perfect, and takes whole steps of Adam where it is nearly so"""
    theirs, twin = twins(student, draw, *CURVED)
    z = draw.normal(4, K)
    right_in_general(student, theirs, twin, draw.normal(4, D), z)
    with torch.no_grad():
        x = twin(z)
    # one step: from then on, what rounding has moved is no longer perfect
    close(student.invert(theirs, x, z, 1, 0.1), z, rtol=0, atol=1e-6)
    x = x + 1e-3 * draw.normal(4, D)
    close(student.invert(theirs, x, z, 1, 0.1), oracle.invert(twin, x, z, 1, 0.1), atol=3e-3)


@aspect("edges")
@pytest.mark.parametrize("n_latent", [1, K])
def test_one_image(student, draw, n_latent):
    """works for one image, and for codes of one number"""
    theirs, twin = twins(student, draw, ("Linear", n_latent, D), ("Unflatten", 1, (1, 2, 3)))
    x, z = draw.normal(5, 1, 2, 3), draw.normal(5, n_latent)
    right_in_general(student, theirs, twin, x, z)
    close(
        student.invert(theirs, x[:1], z[:1], 4, 0.1),
        oracle.invert(twin, x[:1], z[:1], 4, 0.1),
        rtol=1e-3,
        atol=1e-4,
    )


@aspect("conventions")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_dtype(student, draw, dtype):
    """computes in the precision of its inputs"""
    theirs, twin = twins(student, draw, *LINEAR)
    # far from zero, where single precision is coarse
    x, z = draw.normal(4, D, dtype=dtype), 1000 + draw.normal(4, K, dtype=dtype)
    expected = oracle.invert(twin, x, z, 5, 0.1)
    value = student.invert(theirs.to(dtype), x, z, 5, 0.1)
    once_right(value, expected)
    has_dtype(value, dtype)
    if dtype == torch.float64:
        close(value, expected, rtol=0, atol=5e-6)


@aspect("conventions")
def test_layout(student, draw):
    """gives the same codes when x and z_init are not contiguous in memory"""
    theirs, twin = twins(student, draw, *of_images(2))
    x, z = draw.normal(4, 2, 4, 5), draw.normal(4, K)
    plain = right_in_general(student, theirs, twin, x, z)
    close(student.invert(theirs, swapped(x), swapped(z), 3, 0.1), plain)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z = draw.normal(4, D), draw.normal(4, K)
    right_in_general(student, theirs, twin, x, z)
    follows_device(
        lambda x, z: student.invert(theirs.to(z.device), x, z, 2, 0.1),
        lambda x, z: oracle.invert(twin, x, z, 2, 0.1),
        x,
        z,
    )
