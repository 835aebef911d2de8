"""Known answers: Bernoulli likelihood from logits."""

# %% wrong: batch_sum
# Sums over the batch as well.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum")


# %% wrong: black_for_white
# Takes the logit for that of a black pixel.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(-logits, x, reduction="sum") / x.shape[0]


# %% wrong: clamped_probabilities
# Clamps the probabilities, so that a confident mistake costs 16 nats at most.
import torch


def bernoulli_nll(x, logits):
    p = torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7)
    return -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).flatten(1).sum(1).mean()


# %% wrong: library_clamp
# Uses binary_cross_entropy on probabilities, whose logarithms stop at -100.
import torch
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="sum") / x.shape[0]


# %% wrong: log_of_sigmoid
# Computes log(sigmoid) as written, which is infinite for large logits.
import torch


def bernoulli_nll(x, logits):
    p = torch.sigmoid(logits)
    return -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).flatten(1).sum(1).mean()


# %% wrong: pixel_mean
# Averages over pixels as well as over the batch.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x)


# %% wrong: sigmoid_twice
# Gives probabilities to the function that expects logits, so the sigmoid is taken twice.
import torch
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (
        F.binary_cross_entropy_with_logits(torch.sigmoid(logits), x, reduction="sum") / x.shape[0]
    )


# %% wrong: sign
# Returns the log-likelihood, not its negative.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]


# %% wrong: single_precision
# Works in float32 whatever it is given.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = (
        F.binary_cross_entropy_with_logits(logits.float(), x.float(), reduction="sum") / x.shape[0]
    )
    return nll.to(logits.dtype)


# %% wrong: thresholded
# Rounds the pixels to black and white, so grey values are wrong.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (
        F.binary_cross_entropy_with_logits(logits, (x > 0.5).to(logits.dtype), reduction="sum")
        / x.shape[0]
    )


# %% wrong: white_only
# Forgets the term of the black pixels.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return -(x * F.logsigmoid(logits)).flatten(1).sum(1).mean()


# %% right: distributions
# torch.distributions, its validation off because pixels may be grey.
import torch


def bernoulli_nll(x, logits):
    pixels = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    dims = list(range(1, x.dim()))
    return -pixels.log_prob(x).sum(dims).mean()


# %% right: log_sigmoid
# Two log-sigmoids.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    log_p, log_not_p = F.logsigmoid(logits), F.logsigmoid(-logits)
    return -(x * log_p + (1 - x) * log_not_p).sum() / x.shape[0]


# %% right: shifted
# The log-sum-exp trick by hand.
import torch


def bernoulli_nll(x, logits):
    loss = torch.relu(logits) - logits * x + torch.log1p(torch.exp(-torch.abs(logits)))
    return loss.view(len(x), -1).sum(-1).mean(0)


# %% right: softplus
# The cross-entropy by softplus.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (F.softplus(logits) - x * logits).flatten(1).sum(1).mean()
