"""Hidden checks: the best of several inversions.

The checks hand in the search. With one that takes no steps, the choice among the starts is checked
by itself.
"""

from functools import partial

import pytest
import torch

from autograder.checks import (
    CheckFailed,
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
from autograder.suites.gan.invert import oracle as invert_oracle
from autograder.suites.gan.invert_with_restarts import oracle
from autograder.suites.gan.inverting import swapped
from autograder.suites.gan.remote_networks import read

ASPECTS = {"values": 0.45, "images": 0.15, "training": 0.2, "edges": 0.1, "conventions": 0.1}

K, D = 3, 6

twins = partial(twin_networks, statistics=True)

CURVED = (("Linear", K, 8), ("Tanh",), ("Linear", 8, D))
NORMALISED = (("Linear", K, 8), ("BatchNorm1d", 8), ("Tanh",), ("Linear", 8, D))


def search(twin, x, n_steps=0, lr=0.1):
    """The search that is handed in: the oracle's on the twin, so that the student's own `invert`
    counts elsewhere.
    """
    return lambda z_init: invert_oracle.invert(twin, x, z_init, n_steps, lr)


def pair(value):
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise CheckFailed(
            "not a pair", told="two results are asked for, the codes and their errors"
        )
    return list(value)


def both(student, theirs, twin, x, z_inits, ours=None):
    """What the student returns and what the oracle returns: (z, error) each."""
    ours = ours or search(twin, x)
    found = pair(student.invert_with_restarts(theirs, x, z_inits, ours))
    return found, list(oracle.invert_with_restarts(twin, x, z_inits, ours))


def right_in_general(student, draw, theirs, twin):
    """The codes and errors of four images, if they are right in the rough."""
    found, expected = both(student, theirs, twin, draw.normal(4, D), draw.normal(3, 4, K))
    once_right(found, expected)
    return found


@pytest.mark.parametrize(("n_starts", "n_images"), [(5, 3), (2, 6)])
def test_choice(student, draw, n_starts, n_images):
    """picks for each image the start with the smallest squared error, when there are no steps to
    take
    """
    theirs, twin = twins(student, draw, *CURVED)
    close(
        *both(student, theirs, twin, draw.normal(n_images, D), draw.normal(n_starts, n_images, K))
    )


def test_each_start_can_win(student, draw):
    """lets any start win, the first and the last too, whatever the other images choose"""
    theirs, twin = twins(student, draw, *CURVED)
    z_inits = draw.normal(4, 4, K)
    winners = draw.permutation(4)
    with torch.no_grad():
        x = twin(z_inits[winners, torch.arange(4)]) + 0.01 * draw.normal(4, D)
    (z, _), _ = both(student, theirs, twin, x, z_inits)
    same(z, z_inits[winners, torch.arange(4)])


def test_after_steps(student, draw):
    """judges each run by the error at its end, and returns the codes of the best ends with their
    errors
    """
    theirs, twin = twins(student, draw, *CURVED)
    for n_steps in (3, 12):
        x, z_inits = 2 * draw.normal(5, D), 2 * draw.normal(3, 5, K)
        close(
            *both(student, theirs, twin, x, z_inits, search(twin, x, n_steps, 0.3)),
            rtol=1e-3,
            atol=1e-4,
        )


def of_images(n_channels):
    """A generator of images (n_channels, 4, 5)."""
    return ("Linear", K, 24), ("Unflatten", 1, (2, 3, 4)), ("ConvTranspose2d", 2, n_channels, 2)


@aspect("images")
@pytest.mark.parametrize("n_channels", [3, 1])
def test_images(student, draw, n_channels):
    """works for images (B, C, H, W), in colour or grey, their errors summed over channels and
    pixels
    """
    right_in_general(student, draw, *twins(student, draw, *CURVED))
    theirs, twin = twins(student, draw, *of_images(n_channels))
    x, z_inits = 50 * draw.normal(4, n_channels, 4, 5), draw.normal(3, 4, K)
    close(*both(student, theirs, twin, x, z_inits))


@aspect("training")
@pytest.mark.parametrize("training", [True, False])
def test_evaluation_mode(student, draw, training):
    """computes the errors in evaluation mode, and leaves the generator in the mode in which
    it came
    """
    right_in_general(student, draw, *twins(student, draw, *CURVED))
    theirs, twin = twins(student, draw, *NORMALISED)
    theirs.train(training)
    close(*both(student, theirs, twin, draw.normal(5, D), draw.normal(3, 5, K)))
    same(theirs.state_dict(), dict(twin.state_dict()))
    is_true(theirs.training is training and theirs[1].training is training)


@aspect("training")
def test_search(student, draw):
    """calls the search once for each run, on all starts of that run as they are"""
    theirs, twin = twins(student, draw, *CURVED)
    right_in_general(student, draw, theirs, twin)
    x, z_inits = draw.normal(4, D), 3 * draw.normal(5, 4, K)
    asked = []

    def noted(z_init):
        asked.append(z_init.detach().clone())
        return z_init

    student.invert_with_restarts(theirs, x, z_inits, noted)
    is_true(len(asked) == len(z_inits), f"{len(asked)} calls for {len(z_inits)} runs")
    found = torch.stack(sorted(asked, key=lambda starts: float(starts[0, 0])))
    same(found, z_inits[z_inits[:, 0, 0].argsort()])


@aspect("training")
def test_search_descends(student, draw):
    """lets the search record gradients, which an inversion needs"""
    theirs, twin = twins(student, draw, *CURVED)
    right_in_general(student, draw, theirs, twin)
    # over there, where it can tell whether a graph would be recorded
    descent = student.new(
        "builtins.eval",
        "lambda z: z if __import__('torch').is_grad_enabled() else z + 100",
    )
    x, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    found = pair(student.invert_with_restarts(theirs, x, z_inits, descent))
    close(found, list(oracle.invert_with_restarts(twin, x, z_inits, lambda z: z)))


@aspect("training")
@pytest.mark.parametrize("frozen", [0, 2], ids=["first", "last"])
def test_generator_untouched(student, draw, frozen):
    """leaves the generator's parameters alone: values, gradients, and which of them are frozen"""
    theirs, twin = twins(student, draw, *CURVED)
    trained = 2 - frozen
    theirs[frozen].requires_grad_(False)
    theirs(draw.normal(4, K)).square().sum().backward()
    before = read(student, theirs, f"{trained}.weight.grad")
    right_in_general(student, draw, theirs, twin)
    same(theirs.state_dict(), dict(twin.state_dict()))
    after = read(student, theirs, f"{trained}.weight.grad")
    is_true(isinstance(after, torch.Tensor) and torch.equal(before, after), "another gradient")
    is_true(read(student, theirs, f"{frozen}.weight.grad") is None, "a gradient where was none")
    flags = [read(student, theirs, f"{index}.weight.requires_grad") for index in (frozen, trained)]
    is_true(flags == [False, True], f"flags {flags}")


@aspect("training")
def test_inputs(student, draw):
    """leaves x and z_inits as they were"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    once_right(*both(student, theirs, twin, x, z_inits, search(twin, x, 2)))
    inputs_unchanged(student)


@aspect("edges")
@pytest.mark.parametrize(("n_starts", "n_images"), [(1, 4), (3, 1), (1, 1)])
def test_single(student, draw, n_starts, n_images):
    """works with one start, for one image, and for codes of one number"""
    theirs, twin = twins(student, draw, *CURVED)
    right_in_general(student, draw, theirs, twin)
    close(
        *both(student, theirs, twin, draw.normal(n_images, D), draw.normal(n_starts, n_images, K))
    )
    theirs, twin = twins(student, draw, ("Linear", 1, D))
    close(
        *both(student, theirs, twin, draw.normal(n_images, D), draw.normal(n_starts, n_images, 1))
    )


@aspect("edges")
def test_large_errors(student, draw):
    """finds the best run however large the errors are"""
    theirs, twin = twins(student, draw, *CURVED)
    right_in_general(student, draw, theirs, twin)
    close(*both(student, theirs, twin, 1e7 * draw.normal(4, D), draw.normal(3, 4, K)))


@aspect("edges")
def test_detached(student, draw):
    """returns codes and errors without a graph"""
    theirs, twin = twins(student, draw, *CURVED)
    z, error = right_in_general(student, draw, theirs, twin)
    is_true(not z.requires_grad and not error.requires_grad)


@aspect("conventions")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
def test_dtype(student, draw, dtype):
    """computes in the precision of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    x, z_inits = draw.normal(4, D, dtype=dtype), draw.normal(3, 4, K, dtype=dtype)
    found, expected = both(student, theirs.to(dtype), twin, x, z_inits)
    once_right(found, expected)
    for item in found:
        has_dtype(item, dtype)
    if dtype == torch.float64:
        close(found, expected, rtol=1e-9, atol=1e-9)


@aspect("conventions")
def test_layout(student, draw):
    """gives the same result when x and z_inits are not contiguous in memory"""
    theirs, twin = twins(student, draw, *of_images(2))
    x, z_inits = draw.normal(4, 2, 4, 5), draw.normal(3, 4, K)
    found, expected = both(student, theirs, twin, x, z_inits)
    once_right(found, expected)
    given = theirs, swapped(x), swapped(z_inits), search(twin, x)
    close(pair(student.invert_with_restarts(*given)), found)


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    theirs, twin = twins(student, draw, *CURVED)
    right_in_general(student, draw, theirs, twin)
    images, z_inits = draw.normal(4, D), draw.normal(3, 4, K)
    ours = search(twin, images)  # computes on the CPU, and its result goes where its argument was
    follows_device(
        lambda x, z_inits: pair(
            student.invert_with_restarts(theirs.to(x.device), x, z_inits, ours)
        ),
        lambda x, z_inits: list(oracle.invert_with_restarts(twin, x, z_inits, ours)),
        images,
        z_inits,
    )
