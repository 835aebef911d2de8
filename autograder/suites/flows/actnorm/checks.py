"""Hidden checks: actnorm.

The layer stays in the student's process. Its parameters, whose names the text gives, are read and
set through its state, so that other layers than a new one can be looked at, whatever else is in it.
"""

import pytest
import torch

from autograder.checks import (
    View,
    after,
    aspect,
    close,
    follows_device,
    has_dtype,
    inputs_unchanged,
    is_true,
)
from autograder.suites.flows.actnorm import oracle
from autograder.suites.flows.image_flows import jacobian_log_det

ASPECTS = {"values": 0.4, "training": 0.3, "gradients": 0.1, "edges": 0.1, "conventions": 0.1}

SHAPES = pytest.mark.parametrize("shape", [(6, 3, 4, 5), (3, 1, 2, 7), (2, 5, 1, 3)])


def new(student, n_channels):
    """A new layer over there, in float64."""
    return student.ActNorm(n_channels).double()


def batch(draw, *shape):
    """A batch whose channels differ in mean and width."""
    n_channels = shape[1]
    width = draw.uniform(n_channels, low=0.2, high=5)[:, None, None]
    return width * draw.normal(*shape) + 4 * draw.normal(n_channels)[:, None, None]


def normalised(x):
    """What becomes of the first batch: z and log_det, by the formula."""
    bias, log_scale = oracle.first_parameters(x)
    z = log_scale.exp()[:, None, None] * (x + bias[:, None, None])
    return z, x[0, 0].numel() * log_scale.sum() * torch.ones(len(x), dtype=torch.float64)


def close_results(actual, expected):
    close(actual, expected, rtol=1e-6, atol=1e-6)


def trained(student, draw, n_channels):
    """A layer that is initialised and whose parameters are random since, and its twin here."""
    theirs, twin = new(student, n_channels), oracle.ActNorm(n_channels).double()
    x = batch(draw, 4, n_channels, 2, 3)
    for layer in (theirs, twin):
        layer(x)
    values = {"bias": draw.normal(n_channels), "log_scale": draw.normal(n_channels)}
    for layer in (theirs, twin):
        layer.load_state_dict({**dict(layer.state_dict()), **values})
    return theirs, twin


def parameters(student, layer):
    """The parameters by name."""
    return dict(student.new("builtins.dict", layer.named_parameters()))


def right_at_first(student, draw):
    """Fails for an answer that gets a first batch wrong."""
    x = batch(draw, 5, 3, 4, 4)
    close_results(new(student, 3)(x), normalised(x))


@SHAPES
def test_first_batch(student, draw, shape):
    """normalises each channel of the first batch, and gives its log-determinant"""
    x = batch(draw, *shape)
    close_results(new(student, shape[1])(x), normalised(x))


def test_statistics(student, draw):
    """brings the first batch to zero mean and unit variance exactly"""
    z, _ = new(student, 3)(batch(draw, 5, 3, 6, 2))
    rows = z.detach().transpose(0, 1).flatten(1)
    close(rows.mean(1), torch.zeros(3), atol=1e-7)
    close(rows.var(1, correction=0), torch.ones(3), rtol=2e-5)


@SHAPES
def test_second_batch(student, draw, shape):
    """treats later batches with the statistics of the first"""
    theirs, twin = new(student, shape[1]), oracle.ActNorm(shape[1]).double()
    for factor in (1, 3, 0.2):
        x = factor * batch(draw, *shape)
        close_results(theirs(x), tuple(part.detach() for part in twin(x)))


@SHAPES
def test_forward(student, draw, shape):
    """is right for parameters that are far from the first batch's"""
    theirs, twin = trained(student, draw, shape[1])
    x = batch(draw, *shape)
    close_results(theirs(x), twin(x))
    close_results(theirs(x[:1]), twin(x[:1]))


def test_log_det(student, draw):
    """has the log-determinant of its own values, by the Jacobian"""
    theirs, twin = trained(student, draw, 2)
    x = batch(draw, 3, 2, 3, 2)
    z, log_det = theirs(x)
    close_results(z, twin(x)[0])
    close(log_det, jacobian_log_det(lambda x: theirs(x)[0], x))


@SHAPES
def test_inverse(student, draw, shape):
    """is inverted exactly by its inverse"""
    theirs, twin = trained(student, draw, shape[1])
    z = batch(draw, *shape)
    close_results(theirs.inverse(z), twin.inverse(z))
    close_results(theirs.inverse(theirs(z)[0].detach()), z)


@aspect("training")
@after(right_at_first)
def test_state(student, draw):
    """does not initialise again once it has loaded the state of an initialised layer"""
    theirs, twin = trained(student, draw, 3)
    loaded = new(student, 3)
    loaded.load_state_dict(dict(theirs.state_dict()))
    for factor in (1, 5):
        x = factor * batch(draw, 4, 3, 2, 2)
        close_results(loaded(x), twin(x))


@aspect("training")
@after(right_at_first)
def test_new_state(student, draw):
    """still initialises if the state that it has loaded is that of a new layer"""
    loaded = new(student, 2)
    loaded.load_state_dict(dict(new(student, 2).state_dict()))
    x = batch(draw, 4, 2, 3, 3)
    close_results(loaded(x), normalised(x))


@aspect("training")
@after(right_at_first)
def test_optimizer(student, draw):
    """is trained by an optimizer that was made before the first batch"""
    theirs, twin = new(student, 3), oracle.ActNorm(3).double()
    optimizers = (
        student.new("torch.optim.SGD", theirs.parameters(), lr=0.05),
        torch.optim.SGD(twin.parameters(), lr=0.05),
    )
    for _ in range(3):
        x = batch(draw, 5, 3, 2, 3)
        for layer, optimizer in zip((theirs, twin), optimizers, strict=True):
            optimizer.zero_grad()
            z, log_det = layer(x)
            (z.pow(2).mean() + z.sin().mean() - 0.1 * log_det.mean()).backward()
            optimizer.step()
    close(parameters(student, theirs), dict(twin.named_parameters()))


@aspect("training")
@after(right_at_first)
def test_no_grad(student, draw):
    """initialises under torch.no_grad(), too, and can be trained afterwards"""
    theirs, x = new(student, 3), batch(draw, 4, 3, 2, 5)
    z, log_det = student.new("torch.no_grad")(theirs.forward)(x)
    close_results((z, log_det), normalised(x))
    is_true(not z.requires_grad)
    again = theirs(2 * x)
    twin = oracle.ActNorm(3).double()
    twin(x)
    close_results(again, twin(2 * x))
    is_true(again[0].requires_grad and again[1].requires_grad, "cannot be trained")


@aspect("training")
@after(right_at_first)
def test_evaluation(student, draw):
    """uses its parameters as they are in evaluation mode, which does not count as the first call"""
    theirs, x = new(student, 3).eval(), batch(draw, 4, 3, 2, 3)
    close_results(theirs(x), (x, torch.zeros(4)))
    theirs.train()
    close_results(theirs(x), normalised(x))
    theirs.eval()
    twin = oracle.ActNorm(3).double()
    twin(x)
    close_results(theirs(3 * x + 1), twin(3 * x + 1))
    theirs.train()
    close_results(theirs(0.5 * x), twin(0.5 * x))


@aspect("training")
@after(right_at_first)
def test_inverse_first(student, draw):
    """does not initialise in its inverse"""
    theirs, z = new(student, 2), batch(draw, 3, 2, 3, 4)
    close_results(theirs.inverse(z), z)
    x = batch(draw, 3, 2, 3, 4)
    close_results(theirs(x), normalised(x))


@aspect("training")
@after(right_at_first)
def test_layers_apart(student, draw):
    """has its own state in each layer"""
    one, two = new(student, 2), new(student, 2)
    x = batch(draw, 4, 2, 3, 3)
    one(x)
    other = batch(draw, 4, 2, 3, 3)
    close_results(two(other), normalised(other))
    twin = oracle.ActNorm(2).double()
    twin(x)
    close_results(one(other), twin(other))


@aspect("gradients")
@after(right_at_first)
@pytest.mark.parametrize("first", [True, False])
def test_gradients(student, draw, first):
    """sends the right gradients to x and both parameters, at the first batch without those of mean
    and standard deviation
    """
    theirs, twin = trained(student, draw, 3)
    if first:
        theirs, twin = new(student, 3), oracle.ActNorm(3).double()
    x = batch(draw, 4, 3, 2, 3)
    weights = draw.normal(*x.shape), draw.normal(4)
    gradients = []
    for layer in (theirs, twin):
        leaf = x.clone().requires_grad_()
        z, log_det = layer(leaf)
        ((weights[0] * z).sum() + (weights[1] * log_det).sum()).backward()
        gradients.append(leaf.grad)
    close(gradients[0], gradients[1])
    for name in ("bias", "log_scale"):
        found = student.new("operator.attrgetter", f"{name}.grad")(theirs)
        close(found, getattr(twin, name).grad)


@aspect("gradients")
@after(right_at_first)
def test_inverse_gradients(student, draw):
    """sends the right gradients through its inverse"""
    theirs, twin = trained(student, draw, 2)
    z, weight = batch(draw, 3, 2, 2, 3), draw.normal(3, 2, 2, 3)
    gradients = []
    for layer in (theirs, twin):
        leaf = z.clone().requires_grad_()
        (weight * layer.inverse(leaf)).sum().backward()
        gradients.append(leaf.grad)
    close(gradients[0], gradients[1])
    for name in ("bias", "log_scale"):
        found = student.new("operator.attrgetter", f"{name}.grad")(theirs)
        close(found, getattr(twin, name).grad)


@aspect("edges")
@after(right_at_first)
def test_constant_channel(student, draw):
    """takes a constant channel to 0, with a finite scale"""
    x = batch(draw, 4, 3, 2, 3)
    x[:, 1] = 2.5
    close_results(new(student, 3)(x), normalised(x))


@aspect("edges")
@after(right_at_first)
@pytest.mark.parametrize("shape", [(1, 3, 4, 5), (1, 2, 1, 1), (1, 1, 1, 1)])
def test_single_image(student, draw, shape):
    """is initialised by a batch of one image, even of one pixel"""
    x = draw.normal(*shape)
    if shape[2:] == (1, 1):
        x = x.mul(8).round() / 8  # its mean is exact, as it is over a single number anyway
    close_results(new(student, shape[1])(x), normalised(x))


@aspect("edges")
@after(right_at_first)
def test_narrow_channel(student, draw):
    """adds 1e-6 to the standard deviation, which shows where that is small"""
    x = batch(draw, 5, 3, 4, 4)
    x[:, 2] = 1e-5 * draw.normal(5, 4, 4)
    close_results(new(student, 3)(x), normalised(x))


@aspect("edges")
@after(right_at_first)
def test_zero_mean(student, draw):
    """initialises once also if the first batch has a mean of exactly 0"""
    theirs, twin = new(student, 2), oracle.ActNorm(2).double()
    half = draw.integers(1, 64, 3, 2, 2, 3).double() / 32
    for x in (torch.cat([half, -half]), batch(draw, 4, 2, 2, 3)):
        close_results(theirs(x), tuple(part.detach() for part in twin(x)))


@aspect("conventions")
@after(right_at_first)
def test_parameters(student, draw):
    """has the parameters that the text names and no others, 0 at first"""
    zeros = {"bias": torch.zeros(4), "log_scale": torch.zeros(4)}
    close(parameters(student, student.ActNorm(4)), zeros)


@aspect("conventions")
@after(right_at_first)
def test_inputs(student, draw):
    """leaves its arguments as they were"""
    theirs, x = new(student, 3), batch(draw, 4, 3, 2, 3)
    for call in (theirs, theirs, theirs.inverse):
        call(x)
        inputs_unchanged(student)


@aspect("conventions")
@after(right_at_first)
def test_layout(student, draw):
    """gives the same result when its input is not contiguous in memory"""
    theirs, twin = trained(student, draw, 3)
    x = batch(draw, 4, 3, 2, 5)
    view = View(x.transpose(-1, -2).contiguous(), ("transpose", -1, -2))
    close_results(theirs(view), twin(x))
    close_results(theirs.inverse(view), twin.inverse(x))
    close_results(new(student, 3)(view), normalised(x))


@aspect("conventions")
@after(right_at_first)
def test_dtype(student, draw):
    """computes in the precision of its input and parameters, float32 and float64"""
    theirs, x = new(student, 3), batch(draw, 4, 3, 2, 5)
    close(theirs(x), normalised(x), rtol=1e-9, atol=1e-10)
    single = student.ActNorm(3)
    for part in (*single(x.float()), single.inverse(x.float())):
        has_dtype(part, torch.float32)


@aspect("conventions")
@after(right_at_first)
def test_device(student, draw):
    """computes on the device of its input and parameters"""
    theirs, twin = trained(student, draw, 3)
    x = batch(draw, 4, 3, 2, 3)
    follows_device(
        lambda x: theirs.to(x.device)(x), lambda x: [part.detach() for part in twin(x)], x
    )
