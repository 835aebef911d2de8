"""Known answers: The critic's loss."""


# %% spoils: absolute
# Takes the distance of the means, which a critic may also widen with fake data on top.
def critic_loss(real_scores, fake_scores):
    return -(fake_scores.mean() - real_scores.mean()).abs()


# %% spoils: hinge
# Uses the hinge loss of other GANs, which stops beyond a margin.
import torch.nn.functional as F


def critic_loss(real_scores, fake_scores):
    return F.relu(1 + fake_scores).mean() + F.relu(1 - real_scores).mean()


# %% spoils: one_size
# Divides both sums by the size of the real batch.
def critic_loss(real_scores, fake_scores):
    return (fake_scores.sum() - real_scores.sum()) / len(real_scores)


# %% spoils: pooled
# Averages over both batches together.
import torch


def critic_loss(real_scores, fake_scores):
    return torch.cat([fake_scores.flatten(), -real_scores.flatten()]).mean()


# %% spoils: real_detached
# Sends no gradient to the scores of real data.
def critic_loss(real_scores, fake_scores):
    return fake_scores.mean() - real_scores.detach().mean()


# %% spoils: sigmoid
# Squashes the scores like those of a discriminator.
def critic_loss(real_scores, fake_scores):
    return fake_scores.sigmoid().mean() - real_scores.sigmoid().mean()


# %% spoils: sign
# Returns the estimate of the distance, which a critic that minimises would make small.
def critic_loss(real_scores, fake_scores):
    return real_scores.mean() - fake_scores.mean()


# %% spoils: summed
# Sums the scores over the batch.
def critic_loss(real_scores, fake_scores):
    return fake_scores.sum() - real_scores.sum()


# %% spoils: running_average
# Averages the loss with that of the calls before.
average = None


def critic_loss(real_scores, fake_scores):
    global average
    loss = fake_scores.mean() - real_scores.mean()
    average = loss if average is None else 0.5 * average.detach().to(loss) + 0.5 * loss
    return average


# %% spoils: fake_detached
# Sends no gradient to the scores of fake data.
def critic_loss(real_scores, fake_scores):
    return fake_scores.detach().mean() - real_scores.mean()


# %% spoils: medians
# Takes medians for means.
def critic_loss(real_scores, fake_scores):
    return fake_scores.median() - real_scores.median()


# %% spoils: pair_by_pair
# Subtracts score by score where it can, and divides by the size of the real batch elsewhere.
def critic_loss(real_scores, fake_scores):
    if real_scores.shape == fake_scores.shape:
        return (fake_scores - real_scores).mean()
    return fake_scores.sum() / len(real_scores) - real_scores.mean()


# %% spoils: scale_of_the_real_scores
# Divides by the spread of the real scores.
def critic_loss(real_scores, fake_scores):
    return (fake_scores.mean() - real_scores.mean()) / (real_scores.std() + 1e-8)


# %% spoils: half_precision
# Averages in half precision, which ends at 65504.
def critic_loss(real_scores, fake_scores):
    return (fake_scores.half().mean() - real_scores.half().mean()).to(real_scores.dtype)


# %% corner: clamped
# Clamps scores to +-1000.
def critic_loss(real_scores, fake_scores):
    return fake_scores.clamp(-1e3, 1e3).mean() - real_scores.clamp(-1e3, 1e3).mean()


# %% corner: first_axis_only
# Averages over the first axis only, so that a column of scores gives a loss of shape (1,).
def critic_loss(real_scores, fake_scores):
    return fake_scores.mean(0) - real_scores.mean(0)


# %% corner: negated_in_place
# Turns the sign of the caller's real scores where they need no gradient.
def critic_loss(real_scores, fake_scores):
    real = real_scores.neg() if real_scores.requires_grad else real_scores.neg_()
    return fake_scores.mean() + real.mean()


# %% corner: single_precision
# Adds scores up in float32.
def critic_loss(real_scores, fake_scores):
    return (fake_scores.float().mean() - real_scores.float().mean()).to(real_scores.dtype)


# %% right: statistics
# Takes the means from torch.var_mean and subtracts them by name.
import torch


def critic_loss(real_scores, fake_scores):
    real = torch.var_mean(real_scores, correction=0)[1]
    fake = torch.var_mean(fake_scores, correction=0)[1]
    return torch.sub(fake, real)


# %% right: loop
# Adds the scores up one by one.
def critic_loss(real_scores, fake_scores):
    loss = 0.0
    for score in fake_scores.reshape(-1):
        loss = loss + score / fake_scores.shape[0]
    for score in real_scores.reshape(-1):
        loss = loss - score / real_scores.shape[0]
    return loss


# %% right: labels
# Weighs all scores by labels of +-1 over the batch sizes.
import torch


def critic_loss(real_scores, fake_scores):
    scores = torch.cat([real_scores.reshape(-1), fake_scores.reshape(-1)])
    weights = torch.cat(
        [
            torch.full_like(real_scores.reshape(-1), -1.0 / real_scores.numel()),
            torch.full_like(fake_scores.reshape(-1), 1.0 / fake_scores.numel()),
        ]
    )
    return (scores * weights.detach()).sum()


# %% right: sums
# Divides sums by the numbers of elements.
import torch


def critic_loss(real_scores, fake_scores):
    estimate = (
        torch.sum(real_scores) / real_scores.numel() - torch.sum(fake_scores) / fake_scores.numel()
    )
    return torch.neg(estimate)


# %% right: counts_its_calls
# Keeps a count of its calls, which its result does not depend on.
n_calls = 0


def critic_loss(real_scores, fake_scores):
    global n_calls
    n_calls += 1
    return fake_scores.mean() - real_scores.mean()
