"""Known answers: Zero-centred penalties R1 and R2."""

# %% wrong: backward_for_gradient
# Computes the gradient by backward, which leaves gradients in the discriminator.
# the warning of create_graph is right: the discriminator's gradients are touched


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    discriminator(x).sum().backward(create_graph=True)
    return gamma / 2 * x.grad.pow(2).flatten(1).sum(dim=1).mean()


# %% wrong: channels_only
# Sums over channels only and averages over pixels.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).sum(dim=1).mean()


# %% wrong: graph_into_samples
# Does not cut the samples off from the generator.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% wrong: mean_of_logits
# Differentiates the mean of the logits, so that slopes shrink with the batch.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).mean(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% wrong: no_graph
# Computes the gradient without create_graph, so the discriminator learns nothing.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x)
    return (gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()).requires_grad_()


# %% wrong: no_half
# Leaves out the half.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% wrong: norm_not_squared
# Takes the norm without its square.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.flatten(1).norm(dim=1).mean()


# %% wrong: one_centred
# Pulls slopes to 1 as WGAN-GP does.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * (gradient.flatten(1).norm(dim=1) - 1).pow(2).mean()


# %% wrong: pixel_mean
# Averages over pixels as well.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).mean()


# %% wrong: probabilities
# Differentiates the probability instead of the logit.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sigmoid().sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(1).sum(dim=1).mean()


# %% wrong: squared_mean_norm
# Squares the mean norm instead of averaging the squares.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.flatten(1).norm(dim=1).mean().pow(2)


# %% wrong: summed
# Sums over the batch.
import torch


def zero_centered_penalty(discriminator, x, gamma):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).sum()


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
