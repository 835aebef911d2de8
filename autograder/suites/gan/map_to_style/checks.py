"""Hidden checks: the mapping network of StyleGAN."""

from itertools import pairwise

import torch

from autograder.checks import close, follows_device, same_gradients, usual_checks, weight
from autograder.suites.gan.map_to_style import oracle


def network(draw, *sizes):
    """Weights and biases of layers of these sizes."""
    pairs = list(pairwise(sizes))
    return [draw.normal(n_out, n_in) for n_in, n_out in pairs], [
        draw.normal(n_out) for _, n_out in pairs
    ]


@weight(3)
def test_values(student, draw):
    """is right for layers of unequal sizes"""
    z, layers = draw.normal(5, 4) * (0.2 + 3 * draw.uniform(5, 1)), network(draw, 4, 7, 3, 6)
    close(student.map_to_style(z, *layers), oracle.map_to_style(z, *layers))


def test_square(student, draw):
    """multiplies from the right side when all layers have one size"""
    z, layers = draw.normal(6, 4), network(draw, 4, 4, 4)
    close(student.map_to_style(z, *layers), oracle.map_to_style(z, *layers))


@weight(2)
def test_no_layer(student, draw):
    """gives the codes at mean square 1 when there is no layer"""
    z = 3 * draw.normal(5, 7) + 1
    close(student.map_to_style(z, [], []), oracle.map_to_style(z, [], []))


@weight(2)
def test_last_layer(student, draw):
    """applies LeakyReLU after the last layer too"""
    z, (weights, biases) = draw.normal(6, 4), network(draw, 4, 5)
    close(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))
    biases = [bias - 10 for bias in biases]  # every unit is negative
    close(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))


def test_positive(student, draw):
    """leaves positive units as they are, and scales between layers nothing"""
    z, (weights, biases) = draw.uniform(4, 3), network(draw, 3, 4, 2)
    weights, biases = [5 * weight.abs() for weight in weights], [bias.abs() for bias in biases]
    close(student.map_to_style(z, weights, biases), oracle.map_to_style(z, weights, biases))


def test_each_code(student, draw):
    """scales every code by itself"""
    z, layers = (
        draw.normal(5, 4) * torch.tensor([[0.1], [1.0], [10.0], [3.0], [0.5]], dtype=torch.float64),
        network(draw, 4, 3),
    )
    close(student.map_to_style(z, *layers), oracle.map_to_style(z, *layers))
    close(student.map_to_style(z[2:3], *layers), oracle.map_to_style(z, *layers)[2:3])


def test_tiny(student, draw):
    """is right for codes so small that the 1e-8 counts, and for a code of zeros"""
    z, layers = 1e-4 * draw.normal(4, 5), network(draw, 5, 3)
    z[3] = 0.0
    close(student.map_to_style(z, *layers), oracle.map_to_style(z, *layers))
    close(student.map_to_style(z, [], []), oracle.map_to_style(z, [], []))


@weight(2)
def test_gradients(student, draw):
    """sends the right gradients to codes, weights and biases"""
    z, (weights, biases) = draw.normal(5, 4), network(draw, 4, 6, 3)

    def call(z, first, second, bias, last):
        return student.map_to_style(z, [first, second], [bias, last])

    def expected(z, first, second, bias, last):
        return oracle.map_to_style(z, [first, second], [bias, last])

    same_gradients(call, expected, z, *weights, *biases)


def test_device(student, draw):
    """computes on the device of its inputs"""
    z, (weights, biases) = draw.normal(5, 4), network(draw, 4, 6, 3)
    follows_device(
        lambda z, first, second, bias, last: student.map_to_style(z, [first, second], [bias, last]),
        lambda z, first, second, bias, last: oracle.map_to_style(z, [first, second], [bias, last]),
        *(z, *weights, *biases),
    )


globals().update(
    usual_checks(
        oracle.map_to_style,
        lambda draw: (draw.normal(5, 4), *network(draw, 4, 6, 3)),
        without=("device",),
        rtol=1e-8,
        atol=1e-10,
    )
)
