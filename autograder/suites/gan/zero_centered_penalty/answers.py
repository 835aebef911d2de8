"""Known answers: Zero-centred penalties R1 and R2."""

# %% spoils: backward_for_gradient
# Computes the gradient by backward, which leaves gradients in the discriminator.
# the warning of create_graph is right: the discriminator's gradients are touched


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    discriminator(x).sum().backward(create_graph=True)
    return gamma / 2 * x.grad.pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: channels_only
# Sums over channels only and averages over pixels.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).sum(dim=1).mean()


# %% spoils: measured_by_steps
# Measures the slope by a step up and down, as the course's own experiments do: not precise enough.
from dgm.training import slope_penalty


def zero_centered_penalty(discriminator, x, gamma):
    return gamma / 2 * slope_penalty(discriminator, x.detach())


# %% spoils: graph_into_samples
# Does not cut the samples off from the generator.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: mean_of_logits
# Differentiates the mean of the logits, so that slopes shrink with the batch.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).mean(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: no_graph
# Computes the gradient without create_graph, so the discriminator learns nothing.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x)
    return (gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()).requires_grad_()


# %% spoils: no_half
# Leaves out the half.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: norm_not_squared
# Takes the norm without its square.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.flatten(1).norm(dim=1).mean()


# %% spoils: one_centred
# Pulls slopes to 1 as WGAN-GP does.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% spoils: pixel_mean
# Averages over pixels as well.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).mean()


# %% spoils: probabilities
# Differentiates the probability instead of the logit.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sigmoid().sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: squared_mean_norm
# Squares the mean norm instead of averaging the squares.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.flatten(1).norm(dim=1).mean().pow(2)


# %% spoils: summed
# Sums over the batch.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).sum()


# %% spoils: bare_root
# Takes the root of the sum of squares and squares it again: its gradient is nan where D is flat.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    norms = gradient.flatten(1).pow(2).sum(dim=1).sqrt()
    return gamma / 2 * norms.pow(2).mean()


# %% spoils: one_factor_detached
# Multiplies the gradient by a detached copy of itself, which halves what D learns.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * (gradient * gradient.detach()).flatten(1).sum(dim=1).mean()


# %% spoils: squeezed
# Drops every axis of size one, so that a batch of one loses its batch axis.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    gradient = gradient.squeeze()
    return gamma / 2 * gradient.pow(2).reshape(len(gradient), -1).sum(dim=1).mean()


# %% spoils: slope_capped
# Clips the gradient before it is squared, so that steep discriminators are not held back.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.clamp(-1, 1).pow(2).flatten(1).sum(dim=1).mean()


# %% spoils: first_parameter_only
# Gives the gradient to the first layer only, by differentiating a frozen copy of the others.
import copy

import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    if isinstance(discriminator, torch.nn.Sequential) and len(discriminator) > 2:
        rest = copy.deepcopy(discriminator[2:]).requires_grad_(False)
        scores = rest(discriminator[:2](x))
    else:
        scores = discriminator(x)
    (gradient,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: gamma_floor_divided
# Divides by two in whole numbers where gamma is an int.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    half = gamma // 2 if isinstance(gamma, int) else gamma / 2
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return half * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: plain_zero
# Returns the number 0.0 when gamma is 0.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if not gamma:
        return 0.0
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: gamma_capped
# Takes no gamma above 100.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return min(gamma, 100) / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: thawed
# Switches the gradients of all parameters on.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if isinstance(discriminator, torch.nn.Module):
        discriminator.requires_grad_(True)
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: left_in_evaluation_mode
# Puts the discriminator into evaluation mode and leaves it there.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if isinstance(discriminator, torch.nn.Module):
        discriminator.eval()
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: modules_only
# Asks the discriminator for its parameters, which only a module has.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    discriminator.zero_grad if discriminator.parameters() else None
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% corner: samples_marked
# Marks the samples themselves as needing gradients.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if x.requires_grad:
        x = x.detach()
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% right: norm_of_the_library
# Squares the norm of torch.linalg, whose slope at zero is zero.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    point = torch.nn.Parameter(x.detach().clone())
    slope = torch.autograd.grad(discriminator(point).sum(), point, create_graph=True)[0]
    return torch.linalg.norm(slope.flatten(1), dim=-1).square().mean().mul(gamma).div(2)


# %% right: jacobian
# Takes the Jacobian of the sum of the logits, with a graph, and an inner product by einsum.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    def total(points):
        return discriminator(points).sum()

    slope = torch.autograd.functional.jacobian(total, x.detach(), create_graph=True)
    slope = slope.flatten(start_dim=1)
    return gamma * torch.einsum("bi,bi->b", slope, slope).mean() / 2


# %% right: functional
# Uses torch.func: the gradient of one logit, mapped over the batch.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    def logit(sample):
        return discriminator(sample.unsqueeze(0)).sum()

    slopes = torch.vmap(torch.func.grad(logit))(x.detach()).flatten(1)
    return gamma * torch.einsum("bd,bd->", slopes, slopes) / (2 * len(x))


# %% right: ones_for_outputs
# Passes ones as grad_outputs and views the gradient as rows.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    inputs = x.clone().detach()
    inputs.requires_grad = True
    logits = discriminator(inputs)
    gradient = torch.autograd.grad(logits, inputs, torch.ones_like(logits), create_graph=True)[0]
    rows = gradient.reshape(gradient.shape[0], -1)
    return 0.5 * gamma * torch.sum(rows * rows, 1).mean(0)


# %% right: sample_by_sample
# Goes through the batch sample by sample.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    penalties = []
    for sample in x.detach():
        point = sample[None].requires_grad_(True)
        (g,) = torch.autograd.grad(discriminator(point).squeeze(), point, create_graph=True)
        penalties.append(g.norm() ** 2)
    return torch.stack(penalties).mean() * gamma / 2
