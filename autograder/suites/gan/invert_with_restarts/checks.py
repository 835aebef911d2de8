"""Hidden checks: the best of several inversions.

The checks hand in the search. With one that takes no steps, the choice among the starts is checked
by itself.
"""

from functools import partial
from itertools import pairwise

import pytest
import torch

from autograder.checks import (
    CheckFailed,
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    same,
    twin_networks,
    weight,
)
from autograder.suites.gan.invert import oracle as invert_oracle
from autograder.suites.gan.invert_with_restarts import oracle

K, D = 3, 6

twins = partial(twin_networks, statistics=True)

CURVED = (("Linear", K, 8), ("Tanh",), ("Linear", 8, D))
NORMALISED = (("Linear", K, 8), ("BatchNorm1d", 8), ("Tanh",), ("Linear", 8, D))


def pair(value):
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise CheckFailed("not a pair")
    return list(value)


def search(twin, x, n_steps=0, lr=0.1):
    """The search that is handed in: the oracle's on the twin, so that the student's own `invert`
    counts elsewhere.
    """
    return lambda z_init: invert_oracle.invert(twin, x, z_init, n_steps, lr)


@weight(3)
@pytest.mark.parametrize(("n_starts", "n_images"), [(5, 3), (2, 6)])
def test_choice(student, draw, n_starts, n_images):
    """picks for each image the start with the smallest error, when there are no steps to take"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(n_images, D), draw.normal(n_starts, n_images, K)
    value = student.invert_with_restarts(theirs, x, z_inits, search(twin, x))
    close(pair(value), list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))


@weight(2)
def test_each_start_can_win(student, draw):
    """lets any start win, the first and the last too, whatever the other images choose"""
    theirs, twin = twins(student, draw, *CURVED)
    z_inits = draw.normal(4, 4, K)
    winners = draw.permutation(4)
    with torch.no_grad():
        x = twin(z_inits[winners, torch.arange(4)]) + 0.01 * draw.normal(4, D)
    z, error = pair(student.invert_with_restarts(theirs, x, z_inits, search(twin, x)))
    same(z, z_inits[winners, torch.arange(4)])
    close(error, oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))[1])


@weight(2)
@pytest.mark.parametrize("n_steps", [3, 20])
def test_after_steps(student, draw, n_steps):
    """judges each run by the error at its end, and returns the codes of the best ends with their
    errors
    """
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = 2 * draw.normal(5, D), 2 * draw.normal(3, 5, K)
    value = student.invert_with_restarts(theirs, x, z_inits, search(twin, x, n_steps, 0.3))
    close(
        pair(value),
        list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x, n_steps, 0.3))),
        rtol=1e-3,
        atol=1e-4,
    )


@weight(2)
def test_error_belongs_to_code(student, draw):
    """returns the squared error of the very codes that it returns, summed over pixels"""
    theirs, twin = twins(
        student, draw, ("Linear", K, 24), ("Unflatten", 1, (2, 3, 4)), ("ConvTranspose2d", 2, 3, 2)
    )
    x, z_inits = 3 * draw.normal(4, 3, 4, 5), draw.normal(3, 4, K)
    z, error = pair(student.invert_with_restarts(theirs, x, z_inits, search(twin, x, 4, 0.2)))
    has_shape(z, 4, K)
    has_shape(error, 4)
    with torch.no_grad():
        close(error, (twin(z.double()) - x).square().flatten(1).sum(1), rtol=1e-3)


def test_images(student, draw):
    """works for images (B, C, H, W)"""
    theirs, twin = twins(
        student, draw, ("Linear", K, 24), ("Unflatten", 1, (2, 3, 4)), ("ConvTranspose2d", 2, 3, 2)
    )
    x, z_inits = 3 * draw.normal(4, 3, 4, 5), draw.normal(3, 4, K)
    value = student.invert_with_restarts(theirs, x, z_inits, search(twin, x))
    close(pair(value), list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))


@weight(2)
@pytest.mark.parametrize("training", [True, False])
def test_evaluation_mode(student, draw, training):
    """computes the errors in evaluation mode, and leaves the generator in the mode in which
    it came
    """
    theirs, twin = twins(student, draw, *NORMALISED)
    theirs.train(training)
    x, z_inits = draw.normal(5, D), draw.normal(3, 5, K)
    value = student.invert_with_restarts(theirs, x, z_inits, search(twin, x))
    close(pair(value), list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))
    same(theirs.state_dict(), dict(twin.state_dict()))
    is_true(theirs.training is training and theirs[1].training is training)


def test_single(student, draw):
    """works with one start, and for one image"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    for inputs in ((x, z_inits[:1]), (x[:1], z_inits[:, :1])):
        value = student.invert_with_restarts(theirs, *inputs, search(twin, inputs[0]))
        close(
            pair(value), list(oracle.invert_with_restarts(twin, *inputs, search(twin, inputs[0])))
        )


def test_more_starts(student, draw):
    """never gets worse by a further start"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(6, D), 2 * draw.normal(6, 6, K)
    errors = [
        pair(student.invert_with_restarts(theirs, x, z_inits[:n], search(twin, x, 2, 0.1)))[1]
        for n in (1, 3, 6)
    ]
    for fewer, more in pairwise(errors):
        is_true((more <= fewer + 1e-6).all())
    is_true(bool((errors[-1] < errors[0] - 1e-6).any()))


def test_generator_untouched(student, draw):
    """leaves the generator's parameters alone"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D), draw.normal(2, 4, K)
    z, error = pair(student.invert_with_restarts(theirs, x, z_inits, search(twin, x)))
    same(theirs.state_dict(), dict(twin.state_dict()))
    is_true(student.new("operator.attrgetter", "weight.grad")(theirs[0]) is None)
    close([z, error], list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))


def test_detached(student, draw):
    """returns codes and errors without a graph"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D), draw.normal(2, 4, K)
    z, error = pair(student.invert_with_restarts(theirs, x, z_inits, search(twin, x)))
    is_true(not z.requires_grad and not error.requires_grad)
    close([z, error], list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))


def test_inputs(student, draw):
    """leaves x and z_inits as they were"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    value = student.invert_with_restarts(theirs, x, z_inits, search(twin, x))
    inputs_unchanged(student)
    close(pair(value), list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_dtype(student, draw, dtype):
    """computes in the precision of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D, dtype=dtype), draw.normal(3, 4, K, dtype=dtype)
    value = pair(student.invert_with_restarts(theirs.to(dtype), x, z_inits, search(twin, x)))
    for item in value:
        has_dtype(item, dtype)
    close(
        value,
        list(oracle.invert_with_restarts(twin, x, z_inits, search(twin, x))),
        rtol=1e-3,
        atol=1e-4,
    )


def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    images, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    ours = search(twin, images)  # computes on the CPU, and its result goes where its argument was
    follows_device(
        lambda x, z_inits: student.invert_with_restarts(theirs.to(x.device), x, z_inits, ours),
        lambda x, z_inits: oracle.invert_with_restarts(twin, x, z_inits, ours),
        images,
        z_inits,
    )
