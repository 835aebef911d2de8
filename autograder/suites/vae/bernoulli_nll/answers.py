"""Known answers: Bernoulli likelihood from logits."""

# %% spoils: batch_sum
# Sums over the batch as well.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum")


# %% spoils: black_for_white
# Takes the logit for that of a black pixel.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(-logits, x, reduction="sum") / x.shape[0]


# %% spoils: clamped_probabilities
# Clamps the probabilities, so that a confident mistake costs 16 nats at most.
import torch


def bernoulli_nll(x, logits):
    p = torch.sigmoid(logits).clamp(1e-7, 1 - 1e-7)
    return -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).flatten(1).sum(1).mean()


# %% spoils: library_clamp
# Uses binary_cross_entropy on probabilities, whose logarithms stop at -100.
import torch
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="sum") / x.shape[0]


# %% spoils: log_of_sigmoid
# Computes log(sigmoid) as written, which is infinite for large logits.
import torch


def bernoulli_nll(x, logits):
    p = torch.sigmoid(logits)
    return -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).flatten(1).sum(1).mean()


# %% spoils: pixel_mean
# Averages over pixels as well as over the batch.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x)


# %% spoils: sigmoid_twice
# Gives probabilities to the function that expects logits, so the sigmoid is taken twice.
import torch
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (
        F.binary_cross_entropy_with_logits(torch.sigmoid(logits), x, reduction="sum") / x.shape[0]
    )


# %% spoils: sign
# Returns the log-likelihood, not its negative.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / x.shape[0]


# %% corner: single_precision
# Works in float32 whatever it is given.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = (
        F.binary_cross_entropy_with_logits(logits.float(), x.float(), reduction="sum") / x.shape[0]
    )
    return nll.to(logits.dtype)


# %% spoils: thresholded
# Rounds the pixels to black and white, so grey values are wrong.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (
        F.binary_cross_entropy_with_logits(logits, (x > 0.5).to(logits.dtype), reduction="sum")
        / x.shape[0]
    )


# %% spoils: white_only
# Forgets the term of the black pixels.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return -(x * F.logsigmoid(logits)).flatten(1).sum(1).mean()


# %% spoils: nan_in_the_other_branch
# Chooses between two forms by torch.where: the one not chosen overflows and makes gradients nan.
import torch


def bernoulli_nll(x, logits):
    log_partition = torch.where(
        logits > 0, logits + (1 + (-logits).exp()).log(), (1 + logits.exp()).log()
    )
    return (log_partition - x * logits).flatten(1).sum(1).mean()


# %% spoils: partition_detached
# Cuts log(1 + e^l) from the graph: the value is right, the logits are driven up for ever.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (F.softplus(logits).detach() - x * logits).flatten(1).sum(1).mean()


# %% spoils: last_dimension
# Sums over the last dimension only: right for vectors, wrong for images.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1).mean()


# %% spoils: logits_clamped
# Clamps the logits to [-10, 10], so that a confident mistake has no gradient.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    logits = logits.clamp(-10, 10)
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% spoils: entropy_removed
# Subtracts the entropy of grey pixels, so that a perfect fit costs nothing.
import torch
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    entropy = -torch.xlogy(x, x) - torch.xlogy(1 - x, 1 - x)
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="none") - entropy
    return nll.flatten(1).sum(1).mean()


# %% spoils: white_pixels_balanced
# Gives white pixels more weight because there are few of them.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    white = (1 - x).sum() / x.sum().clamp(min=1)
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="none", pos_weight=white)
    return nll.flatten(1).sum(1).mean()


# %% spoils: logarithm_base_two
# Counts in bits.
import math

import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return nll / math.log(2)


# %% corner: kink_at_zero
# Adds relu and abs, whose slopes at 0 are both 0: the gradient of a logit of exactly 0 is wrong.
import torch


def bernoulli_nll(x, logits):
    loss = torch.relu(logits) - logits * x + torch.log1p(torch.exp(-torch.abs(logits)))
    return loss.flatten(1).sum(1).mean()


# %% corner: kink_of_clamp
# The same with clamp, whose slope at 0 is 1.
import torch


def bernoulli_nll(x, logits):
    loss = logits.clamp(min=0) - logits * x + torch.log1p(torch.exp(-logits.abs()))
    return loss.flatten(1).sum(1).mean()


# %% corner: clamped_far_out
# Clamps the logits to [-1e4, 1e4], beyond which the loss goes on.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    logits = logits.clamp(-1e4, 1e4)
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% corner: labels_smoothed
# Keeps the pixels a millionth away from black and white.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    x = x.clamp(1e-6, 1 - 1e-6)
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% corner: squeezed
# Takes the batch dimension away from a batch of one.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="none").squeeze()
    return nll.reshape(len(nll), -1).sum(1).mean() if nll.dim() else nll


# %% corner: vectors_and_images_only
# Sums over three dimensions of images and over one of everything else.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    nll = F.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return nll.sum((1, 2, 3) if x.dim() == 4 else 1).mean()


# %% corner: data_detached
# Treats the pixels as constants.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return F.binary_cross_entropy_with_logits(logits, x.detach(), reduction="sum") / len(x)


# %% corner: marks_its_input
# Switches the logits to needing gradients, whoever calls.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    logits.requires_grad_()
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


# %% corner: half_precision
# Computes the logarithms in half precision.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    log_partition = F.softplus(logits)
    rest = (log_partition - logits.relu()).half().to(logits.dtype)
    return (logits.relu() + rest - x * logits).flatten(1).sum(1).mean()


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
# The log-sum-exp trick by hand, with a maximum that shares the slope where both are 0.
import torch


def bernoulli_nll(x, logits):
    loss = torch.maximum(logits, torch.zeros_like(logits)) - logits * x
    loss = loss + torch.log1p(torch.exp(-torch.abs(logits)))
    return loss.view(len(x), -1).sum(-1).mean(0)


# %% right: softplus
# The cross-entropy by softplus.
import torch.nn.functional as F


def bernoulli_nll(x, logits):
    return (F.softplus(logits) - x * logits).flatten(1).sum(1).mean()


# %% right: two_classes
# A softmax over the classes black and white.
import torch


def bernoulli_nll(x, logits):
    log_q = torch.stack([torch.zeros_like(logits), logits]).log_softmax(0)
    pixels = torch.stack([1 - x, x])
    return -(pixels * log_q).sum() / x.shape[0]


# %% right: image_by_image
# The library's loss, one image at a time.
import torch
from torch import nn


def bernoulli_nll(x, logits):
    loss = nn.BCEWithLogitsLoss(reduction="sum")
    return torch.stack([loss(mine, image) for image, mine in zip(x, logits, strict=True)]).mean()
