"""Hidden checks: the log-density of a flow. The flow is a module in the student's process whose
methods ask a layer here.
"""

import pytest
import torch

from autograder.checks import (
    after,
    aspect,
    close,
    has_shape,
    is_true,
    once_right,
    same,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.flow_log_prob import oracle
from autograder.suites.flows.plane_flows import (
    Layer,
    completed,
    jacobian_log_det,
    mixing,
    stretch,
    theirs,
)

ASPECTS = {"values": 0.6, "gradients": 0.2, "edges": 0.1, "conventions": 0.1}


def flows(student, draw, *shape, kind=stretch):
    """A flow in the student's process, and here."""
    layer = kind(draw, *shape)
    return theirs(student, layer), layer


def agree(student, over_there, layer, x, *temperature):
    close(
        student.flow_log_prob(over_there, x, *temperature),
        oracle.flow_log_prob(layer, x, *temperature),
    )


@pytest.mark.parametrize("kind", [stretch, mixing])
def test_values(student, draw, kind):
    """is the log-density of each sample, with the flow's own Jacobian"""
    over_there, layer = flows(student, draw, 3, kind=kind)
    x = draw.normal(5, 3)
    z = layer.forward(x)[0]
    normal = torch.distributions.MultivariateNormal(z.new_zeros(3), torch.eye(3).double())
    log_det = jacobian_log_det(lambda at: layer.forward(at)[0], x)
    close(student.flow_log_prob(over_there, x), normal.log_prob(z) + log_det)


@pytest.mark.parametrize("temperature", [1.0, 0.6, 2.5])
def test_mass(student, draw, temperature):
    """is the logarithm of a density that integrates to one, at any temperature"""
    angle = 6 * draw.uniform(1)[0]
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()]).reshape(2, 2)
    a = torch.tensor([0.7, 1.6], dtype=torch.float64)[:, None] * turn
    log_det = torch.linalg.slogdet(a).logabsdet
    layer = Layer(lambda x: (x @ a.T, log_det.expand(len(x))), lambda z: z)
    axis = torch.linspace(-20, 20, 161, dtype=torch.float64)
    points = torch.cartesian_prod(axis, axis)
    log_p = student.flow_log_prob(theirs(student, layer), points, temperature)
    has_shape(log_p, 161**2)
    close(log_p.exp().sum() * (axis[1] - axis[0]) ** 2, 1.0, rtol=5e-3)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 3.0])
@pytest.mark.parametrize("n_coordinates", [1, 2, 5])
def test_temperature(student, draw, temperature, n_coordinates):
    """is right for noise that is colder or hotter than 1"""
    flow = flows(student, draw, n_coordinates)
    agree(student, *flow, draw.normal(4, n_coordinates), temperature)
    x = draw.normal(4, n_coordinates)
    close(
        student.flow_log_prob(flow[0], x, temperature=temperature),
        oracle.flow_log_prob(flow[1], x, temperature),
    )


@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1), (3, 3)])
def test_sizes(student, draw, shape):
    """takes a batch of one sample, samples of one coordinate, and as many samples as coordinates"""
    agree(student, *flows(student, draw, shape[1]), draw.normal(*shape))


@pytest.mark.parametrize("shape", [(3, 2, 2, 4), (1, 1, 3, 3), (2, 2, 2, 2)])
def test_images(student, draw, shape):
    """takes images (B, C, H, W), all of whose pixels and channels are coordinates"""
    flow = flows(student, draw, *shape[1:])
    for temperature in (1.0, 0.7):
        agree(student, *flow, draw.normal(*shape), temperature)


@aspect("gradients")
@pytest.mark.parametrize("temperature", [1.0, 0.5])
@pytest.mark.parametrize("kind", [stretch, mixing])
def test_gradients(student, draw, temperature, kind):
    """sends the right gradient to x, through z and through the log-determinant"""
    over_there, layer = flows(student, draw, 3, kind=kind)
    same_gradients(
        lambda x: student.flow_log_prob(over_there, x, temperature),
        lambda x: oracle.flow_log_prob(layer, x, temperature),
        draw.normal(4, 3),
    )


@aspect("gradients")
@pytest.mark.parametrize("part", ["z", "log_det"])
def test_training(student, draw, part):
    """sends the right gradients to what the flow has computed, when x itself needs none"""
    z, log_det = draw.normal(4, 3).requires_grad_(), draw.normal(4).requires_grad_()
    holder = student.new("torch.nn.ParameterList", [z, log_det])  # as leaves over there
    forward = student.new("unittest.mock.Mock", return_value=holder)
    flow = student.new("types.SimpleNamespace", forward=forward)
    value = student.flow_log_prob(flow, draw.normal(4, 3))
    expected = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1) + log_det
    close(value, expected)
    is_true(value.requires_grad, "no gradient")
    value.sum().backward()
    expected.sum().backward()
    number, leaf = (0, z) if part == "z" else (1, log_det)
    found = student.new("operator.attrgetter", f"{number}.grad")(holder)
    is_true(found is not None, f"no gradient reaches {part}")
    close(found, leaf.grad)


@aspect("edges")
@after(test_values)
def test_far_away(student, draw):
    """is exact far out, where the density itself is 0 to the computer"""
    flow = flows(student, draw, 3, kind=mixing)
    agree(student, *flow, 1e4 * draw.normal(5, 3))
    agree(student, *flow, draw.normal(5, 3), 1e-4)


@aspect("edges")
def test_number_of_calls(student, draw):
    """calls the flow once, forward, on the whole batch"""
    over_there, layer = flows(student, draw, 2)
    x = draw.normal(5, 2)
    value = student.flow_log_prob(over_there, x)
    calls = layer.n_forward, layer.n_inverse
    once_right(value, oracle.flow_log_prob(layer, x))
    is_true(calls == (1, 0), f"calls of forward and inverse: {calls}")


@aspect("conventions")
def test_results_of_the_flow(student, draw):
    """leaves what the flow returns as it was"""
    z, log_det = draw.normal(4, 2), draw.normal(4)
    method = student.new("unittest.mock.Mock", return_value=(z, log_det))
    flow = student.new("types.SimpleNamespace", forward=method)
    expected = torch.distributions.Normal(0.0, 0.5).log_prob(z).sum(1) + log_det
    for _ in range(2):
        close(student.flow_log_prob(flow, draw.normal(4, 2), 0.5), expected)
    same(list(method.return_value), [z, log_det])


def bent(x):
    return x + x.tanh(), (2 - x.tanh() ** 2).log().flatten(1).sum(1)


class Bent:
    forward = staticmethod(bent)


def flow_log_prob(x, temperature):
    return oracle.flow_log_prob(Bent, x, temperature)


globals().update(
    completed(
        usual_checks(flow_log_prob, lambda draw: (draw.normal(3, 4), 0.7)),
        "flow_log_prob",
        lambda student: student.new("types.SimpleNamespace", forward=bent),
    )
)
