"""Hidden checks: the gradient penalty of WGAN-GP.

The critic lives in the student's process (so that any way of differentiating twice works); its twin
here has the same weights.
"""

import pytest
import torch

from autograder.checks import (
    close,
    follows_device,
    has_dtype,
    has_shape,
    inputs_unchanged,
    is_true,
    weight,
)
from autograder.suites.gan.gradient_penalty import oracle


def critics(student, draw, n_inputs, *, column=True, scale=1.0):
    """A curved critic on (B, ...) with n_inputs numbers per sample, in the student's process, and
    its twin here. float64.
    """
    layers = [
        ("Flatten",),
        ("Linear", n_inputs, 6),
        ("Softplus",),
        ("Linear", 6, 1),
        *([] if column else [("Flatten", 0)]),
    ]
    twin = torch.nn.Sequential(
        *[getattr(torch.nn, name)(*sizes) for name, *sizes in layers]
    ).double()
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.copy_(scale * draw.normal(*parameter.shape))
    theirs = student.new(
        "torch.nn.Sequential", *[student.new(f"torch.nn.{name}", *sizes) for name, *sizes in layers]
    ).double()
    theirs.load_state_dict(twin.state_dict())
    return theirs, twin


def linear(student, w):
    """The critic w . x + 1 on (B, D) in the student's process."""
    theirs = student.new("torch.nn.Linear", len(w), 1).double()
    theirs.load_state_dict({"weight": w[None], "bias": torch.ones(1, dtype=w.dtype)})
    return theirs


def gradients(student, critic, twin):
    """The .grad of all parameters, theirs and the twin's; none counts as zero."""
    found, expected = [], []
    for index, layer in enumerate(twin):
        for name, parameter in layer.named_parameters():
            zeros = torch.zeros_like(parameter)
            gradient = student.new("operator.attrgetter", f"{name}.grad")(critic[index])
            found.append(zeros if gradient is None else gradient)
            expected.append(zeros if parameter.grad is None else parameter.grad)
    return found, expected


@weight(2)
@pytest.mark.parametrize("norm", [0.3, 2.0, 4.0])
def test_linear_critic(student, draw, norm):
    """is right for a critic of known slope, flatter or steeper than 1"""
    w = draw.normal(5)
    critic = linear(student, norm * w / w.norm())
    value = student.gradient_penalty(critic, draw.normal(7, 5), draw.normal(7, 5), draw.uniform(7))
    close(value, (norm - 1) ** 2)


@weight(3)
def test_curved_critic(student, draw):
    """is right for a critic whose slope differs from sample to sample"""
    critic, twin = critics(student, draw, 3)
    real, fake, alpha = 2 * draw.normal(8, 3), 2 * draw.normal(8, 3), draw.uniform(8)
    close(
        student.gradient_penalty(critic, real, fake, alpha),
        oracle.gradient_penalty(twin, real, fake, alpha),
    )


@weight(5)
def test_images(student, draw):
    """takes one norm per image, over all channels and pixels, and one alpha per image"""
    critic, twin = critics(student, draw, 24)
    real, fake, alpha = draw.normal(4, 2, 3, 4), draw.normal(4, 2, 3, 4), draw.uniform(4)
    close(
        student.gradient_penalty(critic, real, fake, alpha),
        oracle.gradient_penalty(twin, real, fake, alpha),
    )


@weight(2)
def test_alpha_per_sample(student, draw):
    """mixes each pair by its own alpha, in a batch as large as a sample too"""
    critic, twin = critics(student, draw, 5)
    real, fake, alpha = 3 * draw.normal(5, 5), 3 * draw.normal(5, 5), draw.permutation(5) / 4.0
    alpha = alpha.double()
    close(
        student.gradient_penalty(critic, real, fake, alpha),
        oracle.gradient_penalty(twin, real, fake, alpha),
    )


def test_ends(student, draw):
    """looks at the real samples where alpha is 1 and at the fake ones where it is 0"""
    critic, twin = critics(student, draw, 3)
    real, fake, ones = draw.normal(6, 3), draw.normal(6, 3) + 2, torch.ones(6, dtype=torch.float64)
    other = draw.uniform(6)
    close(
        student.gradient_penalty(critic, real, fake, ones),
        oracle.gradient_penalty(twin, real, real, other),
    )
    close(
        student.gradient_penalty(critic, real, fake, 0 * ones),
        oracle.gradient_penalty(twin, fake, fake, other),
    )


def test_mixed_slopes(student, draw):
    """lets no steep sample make up for a flat one: averages after the square"""
    twin = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.ReLU()).double()
    critic = student.new(
        "torch.nn.Sequential", student.new("torch.nn.Linear", 2, 1), student.new("torch.nn.ReLU")
    ).double()
    with torch.no_grad():
        twin[0].weight.copy_(torch.tensor([[2.0, 0.0]]))
        twin[0].bias.zero_()
    critic.load_state_dict(twin.state_dict())  # slope 2 on one side, 0 on the other: 1 on average
    x = torch.tensor([[3.0, 1.0], [-3.0, 1.0]], dtype=torch.float64).repeat(
        3, 1
    ) + 0.1 * draw.normal(6, 2)
    close(student.gradient_penalty(critic, x, x, draw.uniform(6)), 1.0, rtol=1e-2)


@pytest.mark.parametrize("shape", [(1, 4), (1, 1, 2, 2), (9, 2, 2)])
def test_shapes(student, draw, shape):
    """takes samples of any shape, and a batch of one"""
    critic, twin = critics(student, draw, 4)
    real, fake, alpha = draw.normal(*shape), draw.normal(*shape), draw.uniform(shape[0])
    value = student.gradient_penalty(critic, real, fake, alpha)
    has_shape(value)
    close(value, oracle.gradient_penalty(twin, real, fake, alpha))


def test_flat_scores(student, draw):
    """works for a critic that returns scores of shape (B,)"""
    critic, twin = critics(student, draw, 3, column=False)
    real, fake, alpha = draw.normal(5, 3), draw.normal(5, 3), draw.uniform(5)
    close(
        student.gradient_penalty(critic, real, fake, alpha),
        oracle.gradient_penalty(twin, real, fake, alpha),
    )


@weight(6)
def test_parameter_gradients(student, draw):
    """sends the right gradients to all parameters of the critic"""
    critic, twin = critics(student, draw, 6)
    real, fake, alpha = draw.normal(5, 1, 2, 3), draw.normal(5, 1, 2, 3), draw.uniform(5)
    value = student.gradient_penalty(critic, real, fake, alpha)
    is_true(isinstance(value, torch.Tensor) and value.requires_grad, "no gradient")
    value.backward()
    oracle.gradient_penalty(twin, real, fake, alpha).backward()
    close(*gradients(student, critic, twin))


@weight(3)
def test_no_gradient_to_samples(student, draw):
    """sends no gradient to the batches, or to the generator that made the fake one"""
    critic, twin = critics(student, draw, 3)
    generator = student.new("torch.nn.Linear", 2, 3).double()
    real, fake, alpha = (
        draw.normal(6, 3).requires_grad_(),
        generator(draw.normal(6, 2)),
        draw.uniform(6),
    )
    value = student.gradient_penalty(critic, real, fake, alpha)
    close(value, oracle.gradient_penalty(twin, real.detach(), fake.detach(), alpha))
    is_true(value.requires_grad, "no gradient")
    value.backward()
    is_true(real.grad is None or not real.grad.any(), "a gradient reached the real batch")
    for name in ("weight.grad", "bias.grad"):
        gradient = student.new("operator.attrgetter", name)(generator)
        is_true(gradient is None or not gradient.any(), "a gradient reached the generator")


@weight(2)
def test_grad_fields(student, draw):
    """leaves the .grad of the critic's parameters as it was"""
    critic, twin = critics(student, draw, 3)
    real, fake, alpha = draw.normal(5, 3), draw.normal(5, 3), draw.uniform(5)
    critic(real).sum().backward()
    twin(real).sum().backward()
    value = student.gradient_penalty(critic, real, fake, alpha)
    close(value, oracle.gradient_penalty(twin, real, fake, alpha))
    close(*gradients(student, critic, twin))


def test_flat_critic(student, draw):
    """charges a critic that is flat for its missing slope, without nan"""
    critic = linear(student, torch.zeros(4, dtype=torch.float64))
    close(
        student.gradient_penalty(critic, draw.normal(5, 4), draw.normal(5, 4), draw.uniform(5)),
        1.0,
        rtol=1e-2,
    )


def test_inputs(student, draw):
    """leaves its arguments as they were"""
    critic, twin = critics(student, draw, 3)
    real, fake, alpha = draw.normal(5, 3), draw.normal(5, 3), draw.uniform(5)
    value = student.gradient_penalty(critic, real, fake, alpha)
    inputs_unchanged(student)
    close(value, oracle.gradient_penalty(twin, real, fake, alpha))


def test_dtype(student, draw):
    """computes in the precision of its inputs, float32 and float64"""
    critic, twin = critics(student, draw, 3)
    real, fake, alpha = draw.normal(5, 3), draw.normal(5, 3), draw.uniform(5)
    close(
        student.gradient_penalty(critic, real, fake, alpha),
        oracle.gradient_penalty(twin, real, fake, alpha),
        rtol=1e-8,
        atol=1e-10,
    )
    value = student.gradient_penalty(critic.float(), real.float(), fake.float(), alpha.float())
    has_dtype(value, torch.float32)


def test_device(student, draw):
    """computes on the device of its inputs"""
    critic, twin = linear(student, draw.normal(4)), torch.nn.Linear(4, 1).double()
    twin.load_state_dict(critic.state_dict())
    follows_device(
        lambda real, *more: student.gradient_penalty(critic.to(real.device), real, *more),
        lambda *batches: oracle.gradient_penalty(twin, *batches),
        *(draw.normal(5, 4), draw.normal(5, 4), draw.uniform(5)),
    )
