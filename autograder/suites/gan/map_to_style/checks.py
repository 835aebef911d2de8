"""Hidden checks: the mapping network of StyleGAN."""

from itertools import pairwise

from autograder.checks import (
    aspect,
    close,
    follows_device,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.gan.map_to_style import oracle

ASPECTS = {"values": 0.5, "gradients": 0.25, "edges": 0.15, "conventions": 0.1}


def given(draw, *sizes, B=5):
    """Codes of different lengths, weights and biases of layers of these sizes. Units of either
    sign, some of them large.
    """
    pairs = list(pairwise(sizes))
    return (
        draw.normal(B, sizes[0]) * (1 + 3 * draw.uniform(B, 1)),
        [3 * draw.normal(n_out, n_in) for n_in, n_out in pairs],
        [3 * draw.normal(n_out) for _, n_out in pairs],
    )


def test_values(student, draw):
    """is right for layers of unequal sizes, and of equal ones"""
    for sizes in ((4, 7, 3, 6), (4, 7, 3, 6), (4, 4, 4)):
        inputs = given(draw, *sizes, B=4)
        close(student.map_to_style(*inputs), oracle.map_to_style(*inputs))


def test_no_layer(student, draw):
    """gives every code by itself at mean square 1, and nothing else, when there is no layer"""
    z = 3 * draw.normal(5, 7) * (0.1 + draw.uniform(5, 1)) + 1
    close(student.map_to_style(z, [], []), oracle.map_to_style(z, [], []))


def test_leaky(student, draw):
    """applies LeakyReLU of slope 0.2 to every layer, the last too, and to large units as to small
    ones
    """
    z, weights, biases = given(draw, 4, 5, 6)
    # every unit of the first layer is below zero; those of the second are of either sign
    inputs = z, [0.3 * weight for weight in weights], [-20 - biases[0].abs(), 10 * biases[1]]
    close(student.map_to_style(*inputs), oracle.map_to_style(*inputs))


@aspect("gradients")
def test_gradients(student, draw):
    """sends the right gradients to codes, weights and biases"""
    z, weights, biases = given(draw, 4, 6, 3)
    same_gradients(
        lambda z, first, last, bias, end: student.map_to_style(z, [first, last], [bias, end]),
        lambda z, first_weight, last_weight, first_bias, last_bias: oracle.map_to_style(
            z, [first_weight, last_weight], [first_bias, last_bias]
        ),
        *(z, *weights, *biases),
        atol=1e-3,  # of gradients in the hundreds
    )


@aspect("edges")
def test_single(student, draw):
    """takes a batch of one code, codes of one number, and layers of one unit"""
    inputs = given(draw, 4, 6, 3)
    once_right(student.map_to_style(*inputs), oracle.map_to_style(*inputs))
    for sizes, B in (((4, 3), 1), ((1, 3), 5), ((4, 1, 3), 5), ((4, 1), 5), ((1, 1), 1), ((4,), 1)):
        inputs = given(draw, *sizes, B=B)
        close(student.map_to_style(*inputs), oracle.map_to_style(*inputs))


@aspect("edges")
def test_tiny(student, draw):
    """is right for codes so small that the 1e-8 counts, and for a code of zeros, with finite
    gradients
    """
    z, weights, biases = given(draw, 5, 4, 3)
    once_right(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))
    z = 1e-4 * z
    z[3] = 0.0
    close(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))
    same_gradients(
        lambda z: student.map_to_style(z, [], []), lambda z: oracle.map_to_style(z, [], []), z
    )


@aspect("conventions")
def test_device(student, draw):
    """computes on the device of its inputs"""
    z, weights, biases = given(draw, 4, 6, 3)
    once_right(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))
    follows_device(
        lambda z, first, second, bias, last: student.map_to_style(z, [first, second], [bias, last]),
        lambda z, first, second, bias, last: oracle.map_to_style(z, [first, second], [bias, last]),
        *(z, *weights, *biases),
    )


globals().update(
    usual_checks(oracle.map_to_style, lambda draw: given(draw, 4, 6, 3), without=("device",))
)
