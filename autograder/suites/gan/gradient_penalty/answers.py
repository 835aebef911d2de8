"""Known answers: Gradient penalty."""

# %% spoils: absolute_norm
# Takes the sum of absolute values for the norm.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).abs().sum(dim=1) - 1).pow(2).mean()


# %% spoils: alpha_along_columns
# Lets alpha of shape (B,) broadcast along the last dimension where it fits.
import torch


def gradient_penalty(critic, real, fake, alpha):
    if real.shape[-1] != len(alpha):
        alpha = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (alpha * real + (1 - alpha) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: alpha_reversed
# Takes alpha for the share of the fake sample.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * fake + (1 - share) * real).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: backward_for_gradient
# Computes the gradient by backward, which leaves gradients in the critic.
# the warning of create_graph is right: the critic's gradients are touched


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    critic(x_hat).sum().backward(create_graph=True)
    return (x_hat.grad.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: finite_difference
# Takes the slope between the real and the fake sample for the norm of the gradient.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach()
    direction = torch.ones_like(x_hat) / x_hat[0].numel() ** 0.5
    slope = (critic(x_hat + 1e-3 * direction) - critic(x_hat - 1e-3 * direction)).flatten() / 2e-3
    return (slope.abs() - 1).pow(2).mean()


# %% spoils: graph_into_samples
# Does not cut the interpolates off from the generator.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = share * real + (1 - share) * fake
    x_hat.requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: mean_norm
# Averages the norms before it subtracts 1 and squares.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1).mean() - 1).pow(2)


# %% spoils: mean_of_scores
# Differentiates the mean of the scores, so that slopes shrink with the batch.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).mean(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: no_graph
# Computes the gradient without create_graph, so the critic learns nothing from the penalty.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean().requires_grad_()


# %% spoils: one_alpha
# Uses the first alpha for the whole batch.
import torch


def gradient_penalty(critic, real, fake, alpha):
    x_hat = (alpha[0] * real + (1 - alpha[0]) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: one_sided
# Charges only slopes above 1.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).clamp(min=0).pow(2).mean()


# %% corner: own_noise
# Draws its own alpha instead of using the one it is given.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = torch.rand_like(alpha).reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: per_channel
# Takes a norm for each channel, as norm(2, dim=1) on images does for each pixel.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    if gradient.ndim == 4:
        gradient = gradient.flatten(start_dim=2).flatten(
            end_dim=1
        )  # one row for each image and channel
    return (gradient.flatten(start_dim=1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: per_pixel
# Takes the norm over dimension 1 only: over channels for images, pixel by pixel.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.norm(2, dim=1) - 1).pow(2).mean()


# %% spoils: real_only
# Looks at the real samples only.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * real).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: retained_graph
# Keeps the graph of the scores but makes none of the gradient, and adds a term that vanishes to
# have a gradient.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    scores = critic(x_hat)
    (gradient,) = torch.autograd.grad(scores.sum(), x_hat, retain_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean() + 0.0 * scores.sum()


# %% spoils: squared_norm
# Penalises the squared norm's distance from 1.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).pow(2).sum(dim=1) - 1).pow(2).mean()


# %% spoils: summed
# Sums over the batch.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).sum()


# %% spoils: whole_batch
# Takes one norm over the whole batch.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.norm() / len(real) ** 0.5 - 1).pow(2)


# %% spoils: with_lambda
# Multiplies by ten.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return 10 * (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: bare_root
# Takes a bare root of the sum of squares: its gradient is nan where the critic is flat.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).pow(2).sum(dim=1).sqrt() - 1).pow(2).mean()


# %% spoils: divisor_detached
# Writes the norm as g.g / |g| with a detached divisor, which doubles what the critic learns.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    gradient = gradient.flatten(1)
    norm = gradient.pow(2).sum(dim=1) / gradient.norm(dim=1).detach().clamp(min=1e-12)
    return (norm - 1).pow(2).mean()


# %% spoils: squeezed
# Drops every axis of size one, so that a batch of one loses its batch axis.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    gradient = gradient.squeeze()
    return (gradient.reshape(len(gradient), -1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: last_layer_left_out
# Differentiates a frozen copy of the critic's last layers, which learn nothing from the penalty.
import copy

import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    if isinstance(critic, torch.nn.Sequential) and len(critic) > 2:
        scores = copy.deepcopy(critic[2:]).requires_grad_(False)(critic[:2](x_hat))
    else:
        scores = critic(x_hat)
    (gradient,) = torch.autograd.grad(scores.sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: sigmoid_of_scores
# Differentiates the probability that a discriminator would give, not the score.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sigmoid().sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: interpolates_clamped
# Clamps the interpolates to [-1, 1].
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).clamp(-1, 1).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: thawed
# Switches the gradients of all parameters on.
import torch


def gradient_penalty(critic, real, fake, alpha):
    if isinstance(critic, torch.nn.Module):
        critic.requires_grad_(True)
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: put_into_training_mode
# Puts the critic into training mode and leaves it there.
import torch


def gradient_penalty(critic, real, fake, alpha):
    if isinstance(critic, torch.nn.Module):
        critic.train()
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: modules_only
# Asks the critic for its parameters, which only a module has.
import torch


def gradient_penalty(critic, real, fake, alpha):
    like = next(critic.parameters())
    share = alpha.reshape(-1, *[1] * (real.ndim - 1)).to(like.device)
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% corner: fake_moved
# Moves the fake batch itself to the interpolates.
import torch


def gradient_penalty(critic, real, fake, alpha):
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = fake.detach()
    x_hat += share * (real.detach() - x_hat)
    x_hat = x_hat.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% right: expanded_square
# Expands the square: the mean of |g|^2 - 2 |g| + 1.
import torch


def gradient_penalty(critic, real, fake, alpha):
    difference = (real - fake).detach()
    steps = torch.einsum("b,b...->b...", alpha, difference)
    x_hat = torch.autograd.Variable(fake.detach() + steps, requires_grad=True)
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    squared = gradient.square().flatten(1).sum(1)
    return (squared - 2 * torch.linalg.vector_norm(gradient.flatten(1), dim=1) + 1).mean()


# %% right: tiny_constant
# Adds a small constant under the root, as many public solutions do.
import torch


def gradient_penalty(critic, real, fake, alpha):
    for _ in range(real.dim() - 1):
        alpha = alpha.unsqueeze(-1)
    x_hat = torch.lerp(fake, real, alpha.expand_as(real)).detach()
    x_hat.requires_grad = True
    scores = critic(x_hat)
    gradient = torch.autograd.grad(scores, x_hat, torch.ones_like(scores), create_graph=True)[0]
    norm = (gradient.reshape(len(real), -1).pow(2).sum(-1) + 1e-10).sqrt()
    return torch.nn.functional.mse_loss(norm, torch.ones_like(norm))


# %% right: einsum
# Mixes by einsum and takes the norm over a tuple of dimensions.
import torch


def gradient_penalty(critic, real, fake, alpha):
    x_hat = torch.einsum("b,b...->b...", alpha, real) + torch.einsum(
        "b,b...->b...", 1 - alpha, fake
    )
    x_hat = x_hat.detach().clone()
    x_hat.requires_grad = True
    gradient = torch.autograd.grad([critic(x_hat).mean() * len(real)], [x_hat], create_graph=True)[
        0
    ]
    norms = torch.linalg.vector_norm(gradient, dim=tuple(range(1, gradient.dim())))
    return torch.mean(torch.square(1 - norms))


# %% right: functional
# Uses torch.func: the gradient of one score, mapped over the batch.
import torch
import torch.nn.functional as F


def gradient_penalty(critic, real, fake, alpha):
    with torch.no_grad():
        mixed = torch.stack(
            [a * x + (1 - a) * y for a, x, y in zip(alpha, real, fake, strict=True)]
        )

    def score(x):
        return critic(x.unsqueeze(0)).squeeze()

    slopes = torch.func.vmap(torch.func.grad(score))(mixed)
    return F.mse_loss(slopes.flatten(1).norm(dim=1), torch.ones_like(alpha))


# %% right: ones_for_outputs
# Passes ones as grad_outputs and writes the norm out, with a tiny constant under the root.
import torch


def gradient_penalty(critic, real, fake, alpha):
    b = real.size(0)
    a = alpha.view(b, *(1 for _ in real.shape[1:]))
    x_hat = torch.lerp(fake.detach(), real.detach(), a.expand_as(real))
    x_hat.requires_grad_(True)
    scores = critic(x_hat)
    g = torch.autograd.grad(
        outputs=scores,
        inputs=x_hat,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0].reshape(b, -1)
    norm = torch.sqrt((g**2).sum(1) + 1e-12)
    return ((norm - 1.0) ** 2).mean()


# %% right: sample_by_sample
# Goes through the batch sample by sample.
import torch


def gradient_penalty(critic, real, fake, alpha):
    total = 0.0
    for x, x_fake, a in zip(real.detach(), fake.detach(), alpha, strict=True):
        point = (a * x + (1 - a) * x_fake).unsqueeze(0).requires_grad_()
        (slope,) = torch.autograd.grad(critic(point).sum(), point, create_graph=True)
        total = total + (torch.linalg.vector_norm(slope) - 1) ** 2
    return total / len(real)
