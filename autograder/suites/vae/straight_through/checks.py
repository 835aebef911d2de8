"""Hidden checks: the straight-through estimator."""

import pytest
import torch

from autograder.checks import aspect, close, flags_unchanged, same_gradients, usual_checks
from autograder.suites.vae.straight_through import oracle

ASPECTS = {"values": 0.3, "gradients": 0.45, "edges": 0.15, "conventions": 0.1}


def test_value(student, draw):
    """has the values of the quantised codes"""
    z, z_q = draw.normal(5, 3), draw.normal(5, 3)
    close(student.straight_through(z, z_q), z_q)


@aspect("gradients")
@pytest.mark.parametrize("spread", [1, 20])
def test_gradients(student, draw, spread):
    """passes the gradient to z unchanged, wherever z lies, and sends none to the quantised codes"""
    same_gradients(
        student.straight_through,
        oracle.straight_through,
        spread * draw.normal(6, 3),
        draw.normal(6, 3),
    )


@aspect("gradients")
@pytest.mark.parametrize("slope", [1e-4, 1e3])
def test_encoder(student, draw, slope):
    """gives the encoder behind z the gradient that the decoder's loss has, however steep it is"""
    x, z_q, target = draw.normal(8, 4), draw.normal(8, 3), draw.normal(8, 3)
    mine = torch.nn.Linear(4, 3).double()
    theirs = student.new("torch.nn.Linear", 4, 3).double()
    theirs.load_state_dict(mine.state_dict())

    def loss(decoded):
        return slope * (decoded.tanh() - target).square().sum()

    # z stays over there between the two calls, or it would be a leaf again
    codes = student.new("builtins.map", theirs, [x])
    results = student.new("builtins.map", student.straight_through, codes, [z_q])
    loss(student.new("builtins.next", results)).backward()
    loss(oracle.straight_through(mine(x), z_q)).backward()
    gradient = student.new("operator.attrgetter", "weight.grad")(theirs)
    close(torch.zeros(3, 4) if gradient is None else gradient, mine.weight.grad, atol=1e-8)


@aspect("edges")
def test_equal(student, draw):
    """lets the gradient pass where z is already a code, and where both are zero"""
    z = draw.normal(4, 3)
    z[1] = 0.0
    close(student.straight_through(z, z.clone()), z)
    same_gradients(
        lambda z: student.straight_through(z, z.detach().clone()), lambda z: z.clone(), z
    )


@aspect("edges")
@pytest.mark.parametrize("shape", [(1, 3), (4, 1), (1, 1)])
def test_one(student, draw, shape):
    """keeps its shape for a batch of one, and for codes of one number"""
    z, z_q = draw.normal(*shape), draw.normal(*shape)
    close(student.straight_through(z, z_q), z_q)


usual = usual_checks(oracle.straight_through, lambda draw: (draw.normal(5, 3), draw.normal(5, 3)))


@aspect("conventions", spoils=True)
def test_inputs(student, draw):
    """leaves its arguments as they were: the losses that come after it need them"""
    usual["test_inputs"](student, draw)
    flags_unchanged(student, oracle.straight_through, draw.normal(5, 3), draw.normal(5, 3))


globals().update(usual | {"test_inputs": test_inputs})
