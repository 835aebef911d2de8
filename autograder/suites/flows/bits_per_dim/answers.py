"""Known answers: Bits per dimension."""

# %% spoils: nats
# Leaves log 2 out: nats per dimension.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / math.prod(shape) + math.log(256)


# %% spoils: without_256
# Leaves the 8 bits of the scaling out.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / (math.prod(shape) * math.log(2))


# %% spoils: minus_8
# Takes 8 bits away instead of adding them.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / (math.prod(shape) * math.log(2)) - 8


# %% spoils: sign
# Has the wrong sign before the log-density.
import math


def bits_per_dim(log_prob, shape):
    return log_prob / (math.prod(shape) * math.log(2)) + 8


# %% spoils: nats_of_256
# Adds log 256 in nats to bits.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / (math.prod(shape) * math.log(2)) + math.log(256)


# %% spoils: once_for_all
# Adds log 256 once for an image, not once for each dimension.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob + math.log(256)) / (math.prod(shape) * math.log(2))


# %% spoils: pixels_only
# Divides by the pixels and forgets the channels.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / (math.prod(shape[-2:]) * math.log(2)) + 8


# %% spoils: per_image
# Gives bits per image.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob + math.prod(shape) * math.log(256)) / math.log(2)


# %% spoils: batch_mean
# Averages over the batch.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob / (math.prod(shape) * math.log(2)) + 8).mean().expand(len(log_prob))


# %% spoils: levels_255
# Counts 255 levels.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob / math.prod(shape) + math.log(255)) / math.log(2)


# %% spoils: always_784
# Divides by 784, whatever the shape.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob / (784 * math.log(2)) + 8


# %% spoils: no_gradient
# Returns numbers without a gradient.
import math


def bits_per_dim(log_prob, shape):
    return -log_prob.detach() / (math.prod(shape) * math.log(2)) + 8


# %% corner: not_negative
# Cuts off at 0, since a code has no negative length.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob / (math.prod(shape) * math.log(2)) + 8).clamp(min=0)


# %% corner: squeezed
# Loses the axis of a batch of one.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob / (math.prod(shape) * math.log(2)) + 8).squeeze()


# %% corner: single_precision
# Computes in float32 on the way.
import math


def bits_per_dim(log_prob, shape):
    return (-log_prob.float() / (math.prod(shape) * math.log(2)) + 8).to(log_prob.dtype)


# %% corner: in_place
# Negates the log-density in place.
import math


def bits_per_dim(log_prob, shape):
    if log_prob.requires_grad:
        return -log_prob / (math.prod(shape) * math.log(2)) + 8
    return log_prob.neg_() / (math.prod(shape) * math.log(2)) + 8


# %% right: log2_e
# Turns nats into bits by log2(e).
import math


def bits_per_dim(log_prob, shape):
    n_dims = 1
    for size in shape:
        n_dims = n_dims * size
    return 8 - log_prob * math.log2(math.e) / n_dims


# %% right: numel
# Counts with torch.Size.
import math

import torch


def bits_per_dim(log_prob, shape):
    n_dims = torch.Size(shape).numel()
    return (-log_prob + n_dims * math.log(256)) / (n_dims * math.log(2))


# %% right: numpy_count
# Counts with numpy.
import numpy as np


def bits_per_dim(log_prob, shape):
    n_dims = int(np.prod(shape))
    return (-log_prob / n_dims + float(np.log(256))) / float(np.log(2))
