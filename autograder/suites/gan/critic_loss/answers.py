"""Known answers: The critic's loss."""


# %% wrong: absolute
# Takes the distance of the means, which a critic may also widen with fake data on top.
def critic_loss(real_scores, fake_scores):
    return -(fake_scores.mean() - real_scores.mean()).abs()


# %% wrong: hinge
# Uses the hinge loss of other GANs, which stops beyond a margin.
import torch.nn.functional as F


def critic_loss(real_scores, fake_scores):
    return F.relu(1 + fake_scores).mean() + F.relu(1 - real_scores).mean()


# %% wrong: one_size
# Divides both sums by the size of the real batch.
def critic_loss(real_scores, fake_scores):
    return (fake_scores.sum() - real_scores.sum()) / len(real_scores)


# %% wrong: pooled
# Averages over both batches together.
import torch


def critic_loss(real_scores, fake_scores):
    return torch.cat([fake_scores.flatten(), -real_scores.flatten()]).mean()


# %% wrong: real_detached
# Sends no gradient to the scores of real data.
def critic_loss(real_scores, fake_scores):
    return fake_scores.mean() - real_scores.detach().mean()


# %% wrong: sigmoid
# Squashes the scores like those of a discriminator.
def critic_loss(real_scores, fake_scores):
    return fake_scores.sigmoid().mean() - real_scores.sigmoid().mean()


# %% wrong: sign
# Returns the estimate of the distance, which a critic that minimises would make small.
def critic_loss(real_scores, fake_scores):
    return real_scores.mean() - fake_scores.mean()


# %% wrong: summed
# Sums the scores over the batch.
def critic_loss(real_scores, fake_scores):
    return fake_scores.sum() - real_scores.sum()


# %% wrong: running_average
# Averages the loss with that of the calls before.
average = None


def critic_loss(real_scores, fake_scores):
    global average
    loss = fake_scores.mean() - real_scores.mean()
    average = loss if average is None else 0.5 * average.detach().to(loss) + 0.5 * loss
    return average


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
