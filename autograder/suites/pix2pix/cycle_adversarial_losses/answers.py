"""Known answers: the adversarial losses of both maps."""


# %% spoils: judges_swapped
# Has each map judged by the discriminator of the domain that its images came from.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_A(fake_b) - 1).square().mean(), (D_B(fake_a) - 1).square().mean()


# %% spoils: order_swapped
# Returns the loss of F first.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_A(fake_a) - 1).square().mean(), (D_B(fake_b) - 1).square().mean()


# %% spoils: halved
# Halves the losses, as the discriminators' are.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return 0.5 * (D_B(fake_b) - 1).square().mean(), 0.5 * (D_A(fake_a) - 1).square().mean()


# %% spoils: fitted_to_zero
# Fits the outputs to 0, which is the discriminators' aim.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return D_B(fake_b).square().mean(), D_A(fake_a).square().mean()


# %% spoils: cross_entropy
# Takes the outputs for logits.
from torch import nn


def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return nn.functional.softplus(-D_B(fake_b)).mean(), nn.functional.softplus(-D_A(fake_a)).mean()


# %% spoils: sigmoid_first
# Puts a sigmoid on the outputs.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_B(fake_b).sigmoid() - 1).square().mean(), (D_A(fake_a).sigmoid() - 1).square().mean()


# %% spoils: detached
# Cuts the translations off their graph, so that neither map learns.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_B(fake_b.detach()) - 1).square().mean(), (D_A(fake_a.detach()) - 1).square().mean()


# %% spoils: summed
# Sums over the patches and averages over the batch.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (
        (D_B(fake_b) - 1).square().sum() / len(fake_b),
        (D_A(fake_a) - 1).square().sum() / len(fake_a),
    )


# %% spoils: mean_first
# Squares the mean error in place of averaging squared errors.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_B(fake_b).mean() - 1).square(), (D_A(fake_a).mean() - 1).square()


# %% spoils: absolute
# Takes absolute errors.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (D_B(fake_b) - 1).abs().mean(), (D_A(fake_a) - 1).abs().mean()


# %% spoils: pooled
# Averages the errors of both maps together.
import torch


def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    errors = torch.cat([(D_B(fake_b) - 1).flatten(), (D_A(fake_a) - 1).flatten()])
    loss = errors.square().mean()
    return loss, loss


# %% spoils: root
# Takes the root of the mean square, whose gradient is nan where a discriminator is fooled.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    return (
        (D_B(fake_b) - 1).square().mean().sqrt().square(),
        (D_A(fake_a) - 1).square().mean().sqrt().square(),
    )


# %% corner: judged_twice
# Runs each discriminator twice.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(D, fake):
        return ((D(fake) - 1) * (D(fake) - 1)).mean()

    return loss(D_B, fake_b), loss(D_A, fake_a)


# %% corner: image_by_image
# Judges one image at a time.
import torch


def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(D, fake):
        return torch.stack([(D(one[None]) - 1).square().mean() for one in fake]).mean()

    return loss(D_B, fake_b), loss(D_A, fake_a)


# %% corner: single_precision
# Computes in float32.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(outputs):
        return (outputs.float() - 1).square().mean().to(outputs.dtype)

    return loss(D_B(fake_b)), loss(D_A(fake_a))


# %% right: library
# Uses the library's mean squared error.
import torch
from torch import nn


def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(outputs):
        return nn.functional.mse_loss(outputs, torch.ones_like(outputs))

    return [loss(D_B(fake_b)), loss(D_A(fake_a))]


# %% right: named
# Returns a named tuple, computed with dot products.
from collections import namedtuple

Losses = namedtuple("Losses", ["G", "F"])


def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(outputs):
        error = 1 - outputs.reshape(-1)
        return error @ error / len(error)

    return Losses(G=loss(D_B(fake_b)), F=loss(D_A(fake_a)))


# %% right: variance
# Adds the variance to the squared error of the mean.
def cycle_adversarial_losses(D_A, D_B, fake_a, fake_b):
    def loss(outputs):
        return outputs.var(correction=0) + (outputs.mean() - 1) ** 2

    return loss(D_B(fake_b)), loss(D_A(fake_a))
