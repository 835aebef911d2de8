"""Known answers: The generator's loss in a Wasserstein GAN."""


# %% wrong: absolute
# Takes the absolute value of the mean.
def wgan_generator_loss(fake_scores):
    return -fake_scores.mean().abs()


# %% wrong: detached
# Averages as a number, through which no gradient flows.
import torch


def wgan_generator_loss(fake_scores):
    return torch.tensor(
        -fake_scores.mean().item(), dtype=fake_scores.dtype, device=fake_scores.device
    )


# %% wrong: logsigmoid
# Takes the scores for logits: the non-saturating loss.
import torch.nn.functional as F


def wgan_generator_loss(fake_scores):
    return F.softplus(-fake_scores).mean()


# %% wrong: mean_of_scores
# Forgets the minus.
def wgan_generator_loss(fake_scores):
    return fake_scores.mean()


# %% wrong: sign
# Has the right value and the opposite gradient: it lowers the scores of the samples.
def wgan_generator_loss(fake_scores):
    return fake_scores.detach().mean() * -2 + fake_scores.mean()


# %% wrong: summed
# Sums over the batch.
def wgan_generator_loss(fake_scores):
    return -fake_scores.sum()


# %% wrong: towards_one
# Pulls scores to 1, as least squares does.
def wgan_generator_loss(fake_scores):
    return 0.5 * (fake_scores - 1).pow(2).mean()


# %% right: half_of_the_critics
# Uses the critic's loss with scores of zero for the real data, negated.
import torch


def wgan_generator_loss(fake_scores):
    nothing = torch.zeros_like(fake_scores).mean()
    return nothing - fake_scores.sum() / fake_scores.numel()


# %% right: negated_average
# Averages the negated scores.
import torch


def wgan_generator_loss(fake_scores):
    return torch.mean(-fake_scores.squeeze())
