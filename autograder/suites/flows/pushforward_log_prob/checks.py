"""Hidden checks: the density of a transformed number.

The map and the base density are in the student's process, made of torch.distributions, so that any
way to differentiate them works; their twins are here.
"""

import pytest
import torch

from autograder.checks import (
    View,
    after,
    aspect,
    close,
    has_shape,
    is_true,
    once_right,
    same_gradients,
    usual_checks,
)
from autograder.suites.flows.plane_flows import completed

ASPECTS = {"values": 0.45, "gradients": 0.3, "edges": 0.15, "conventions": 0.1}

TRANSFORMS = "torch.distributions.transforms"

INCREASING = [("AffineTransform", 0.5, 0.75), ("ExpTransform",)]
DECREASING = [
    ("AffineTransform", 0.25, -1.5),
    ("SigmoidTransform",),
    ("AffineTransform", -1.0, 3.0),
]
FALLING_TAILS = [("SoftplusTransform",), ("AffineTransform", 2.0, -0.5)]
LINE = [("AffineTransform", 1.0, -2.0)]
MAPS = {
    "increasing": INCREASING,
    "decreasing": DECREASING,
    "softplus": FALLING_TAILS,
    "line": LINE,
}


def composed(make, parts):
    return make(
        f"{TRANSFORMS}.ComposeTransform", [make(f"{TRANSFORMS}.{n}", *a) for n, *a in parts]
    )


def here(path, *args):
    module, _, name = path.rpartition(".")
    return getattr(__import__(module, fromlist=[name]), name)(*args)


class Pushed:
    """A monotone map and a normal base: in the student's process (`theirs`), and here."""

    def __init__(self, student, parts, loc=0.25, scale=1.5):
        parameters = torch.tensor(loc).double(), torch.tensor(scale).double()
        normal = student.new("torch.distributions.Normal", *parameters)
        self.theirs = composed(student.new, parts).inv, normal.log_prob
        self.base, self.map = torch.distributions.Normal(*parameters), composed(here, parts)
        self.ours = self.map.inv, self.base.log_prob

    def points(self, draw, *shape):
        return self.map(self.base.loc + self.base.scale * draw.normal(*shape))

    def log_prob(self, y):
        return torch.distributions.TransformedDistribution(self.base, [self.map]).log_prob(y)


@pytest.mark.parametrize("name", MAPS)
def test_values(student, draw, name):
    """is the density of a variable that an increasing or a decreasing map has moved"""
    pushed = Pushed(student, MAPS[name])
    y = pushed.points(draw, 9)
    close(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))


@pytest.mark.parametrize("name", ["increasing", "decreasing"])
def test_mass(student, draw, name):
    """integrates to one"""
    pushed = Pushed(student, MAPS[name], scale=0.5)
    low, high = {"increasing": (1e-4, 60.0), "decreasing": (-1 + 1e-6, 2 - 1e-6)}[name]
    grid = torch.linspace(low, high, 1001, dtype=torch.float64)
    density = student.pushforward_log_prob(grid, *pushed.theirs)
    has_shape(density, 1001)
    close(torch.trapezoid(density.exp(), grid), 1.0, rtol=2e-3)


@after(test_values)
def test_tails(student, draw):
    """is exact far out in the tails, where the density itself is 0 to the computer"""
    pushed = Pushed(student, LINE, scale=0.5)
    y = 300 * draw.normal(6)
    close(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))
    pushed = Pushed(student, INCREASING)
    y = torch.tensor([1e-150, 1e-20, 1e20, 1e150], dtype=torch.float64) * (1 + draw.uniform(4))
    close(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))


@after(test_values)
@pytest.mark.parametrize("shape", [(1,), (4, 1), (1, 3), (2, 3, 4)])
def test_shapes(student, draw, shape):
    """takes points of any shape, a single one included, each by itself"""
    pushed = Pushed(student, DECREASING)
    y = pushed.points(draw, *shape)
    close(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))


@aspect("gradients")
@pytest.mark.parametrize("name", ["increasing", "decreasing", "softplus"])
@pytest.mark.parametrize("shape", [(6,), (2, 3)])
def test_gradients(student, draw, name, shape):
    """sends the right gradient to the points, through the slope as well"""
    pushed = Pushed(student, MAPS[name])
    same_gradients(
        lambda y: student.pushforward_log_prob(y, *pushed.theirs),
        pushed.log_prob,
        pushed.points(draw, *shape),
    )


def leaves(draw):
    """A place and a scale, numbers without an axis that need gradients."""
    given = draw.normal(1)[0], 0.5 + draw.uniform(1)[0]
    return [each.clone().requires_grad_() for each in given]


@aspect("gradients")
def test_parameters(student, draw):
    """sends the right gradients to what the map depends on, whether or not the points need some"""
    for needs in (False, True):
        loc, scale = leaves(draw)
        affine = student.new(f"{TRANSFORMS}.AffineTransform", loc, scale)
        parts = [affine, student.new(f"{TRANSFORMS}.SigmoidTransform")]
        inverse = student.new(f"{TRANSFORMS}.ComposeTransform", parts).inv
        base = student.new("torch.distributions.Normal", 0.0, 1.0)
        y = draw.uniform(7, low=0.05, high=0.95).requires_grad_(needs)
        value = student.pushforward_log_prob(y, inverse, base.log_prob)
        is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
        value.sum().backward()
        x = (y.detach().logit() - loc) / scale
        expected = torch.distributions.Normal(0.0, 1.0).log_prob(x) - scale.log()
        gradients = torch.autograd.grad(expected.sum(), [loc, scale])
        for name, gradient in zip(("loc", "scale"), gradients, strict=True):
            found = student.new("operator.attrgetter", f"{name}.grad")(affine)
            is_true(found is not None, f"no gradient reaches the {name} of the map")
            close(found, gradient)


@aspect("gradients")
def test_base_parameters(student, draw):
    """sends the right gradients to what the base density depends on"""
    pushed = Pushed(student, DECREASING)
    y = pushed.points(draw, 5)
    loc, scale = leaves(draw)
    base = student.new("torch.distributions.Normal", loc, scale)
    value = student.pushforward_log_prob(y, pushed.theirs[0], base.log_prob)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    value.sum().backward()
    expected = torch.distributions.Normal(loc, scale).log_prob(pushed.map.inv(y)).sum()
    for name, gradient in zip(
        ("loc", "scale"), torch.autograd.grad(expected, [loc, scale]), strict=True
    ):
        found = student.new("operator.attrgetter", f"{name}.grad")(base)
        is_true(found is not None, f"no gradient reaches the {name} of the base")
        close(found, gradient)


@aspect("edges")
def test_no_axis(student, draw):
    """takes one number without any axis, of shape ()"""
    pushed = Pushed(student, DECREASING)
    y = pushed.points(draw, 4)
    once_right(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))
    close(student.pushforward_log_prob(y[0], *pushed.theirs), pushed.log_prob(y[0]))


@aspect("edges")
def test_no_grad(student, draw):
    """gives the same values under torch.no_grad(), and no graph there"""
    pushed = Pushed(student, INCREASING)
    y = pushed.points(draw, 5)
    once_right(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))
    silent = student.new("torch.no_grad")(student.pushforward_log_prob)
    for given in (y, y.clone().requires_grad_()):
        value = silent(given, *pushed.theirs)
        close(value, pushed.log_prob(y))
        is_true(not value.requires_grad, "the result has a graph")


@aspect("edges")
def test_points_with_a_history(student, draw):
    """takes points that are results of other functions"""
    pushed = Pushed(student, INCREASING)
    y = pushed.points(draw, 5)
    once_right(student.pushforward_log_prob(y, *pushed.theirs), pushed.log_prob(y))
    view = View(y.clone().requires_grad_(), ("mul", 1.0))
    value = student.pushforward_log_prob(view, *pushed.theirs)
    close(value, pushed.log_prob(y))
    is_true(value.requires_grad, "no gradient")


def odd(make):
    """A monotone map for every device and precision."""
    return make("torch.nn.Sequential", make("torch.nn.Softsign"), make("torch.nn.Tanhshrink"))


def bell(make):
    """A base density, up to its factor, for every device and precision."""
    return make("torch.nn.LogSigmoid")


def pushforward_log_prob(y):
    """Of this map and density, number by number. The oracle itself would load torch's compiler into
    the grader, for torch.func.grad: seconds in every slot.
    """
    inverse, base_log_prob = odd(here), bell(here)
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        (slope,) = torch.autograd.grad(inverse(at).sum(), at, create_graph=y.requires_grad)
    return base_log_prob(inverse(y)) + slope.abs().log()


globals().update(
    completed(
        usual_checks(
            pushforward_log_prob,
            lambda draw: (0.5 + draw.uniform(3, 4),),
            without=("history",),  # the text allows a graph
        ),
        "pushforward_log_prob",
        inverse=lambda student: odd(student.new),
        base_log_prob=lambda student: bell(student.new),
    )
)
