"""Known answers to `softplus`: `autograder audit` measures the checks with them."""

# %% spoils: overflows
# Takes the formula as it is, which overflows for large x.
import torch


def softplus(x):
    return torch.log(1 + torch.exp(x))


# %% spoils: relu
# Takes the maximum of 0 and x, which the softplus only tends to.
import torch


def softplus(x):
    return torch.relu(x)


# %% spoils: negated
# Takes the log-sigmoid of x, which is minus the softplus of -x.
import torch


def softplus(x):
    return -torch.nn.functional.logsigmoid(x)


# %% corner: cut_off
# Is the softplus up to 10, and x itself from there on: too early for full precision.
import torch


def softplus(x):
    return torch.where(x > 10, x, torch.log1p(torch.exp(x.clamp(max=10))))


# %% corner: single_precision
# Computes in float32 whatever the argument is.
import torch


def softplus(x):
    x = x.float()
    return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))


# %% right: log_sigmoid
# Uses the library's log-sigmoid.
import torch


def softplus(x):
    return -torch.nn.functional.logsigmoid(-x)


# %% right: where
# Chooses the stable branch by the sign.
import torch


def softplus(x):
    right = x + torch.log1p(torch.exp(-x.clamp(min=0)))
    left = torch.log1p(torch.exp(x.clamp(max=0)))
    return torch.where(x > 0, right, left)
