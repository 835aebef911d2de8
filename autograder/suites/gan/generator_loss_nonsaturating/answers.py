"""Known answers: The generator's non-saturating loss."""

# %% wrong: clamped
# Adds a small constant inside the logarithm.
import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(fake_logits.sigmoid() + 1e-8).mean()


# %% wrong: detached
# Has no gradient.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).mean().detach()


# %% wrong: halved
# Halves the loss.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return 0.5 * F.softplus(-fake_logits).mean()


# %% wrong: library_clamp
# Hands probabilities to the library's cross-entropy, which cuts logarithms at -100.
import torch
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    d = fake_logits.sigmoid()
    return F.binary_cross_entropy(d, torch.ones_like(d))


# %% wrong: log_of_sigmoid
# Takes the logarithm of a probability, which is infinite at large logits.
import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()


# %% wrong: of_the_mean
# Takes the loss of the mean logit instead of the mean of the losses.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits.mean())


# %% wrong: own_cpu_labels
# Makes its labels on the CPU, wherever the logits are.
import torch
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    labels = torch.ones(fake_logits.shape, dtype=fake_logits.dtype)
    return F.binary_cross_entropy_with_logits(fake_logits, labels)


# %% wrong: patches_summed
# Averages over the batch and sums over what further dimensions there are.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).sum() / len(fake_logits)


# %% wrong: saturating
# Is the saturating loss under this name.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(fake_logits).mean()


# %% wrong: sigmoid_twice
# Applies a sigmoid before a loss that applies its own.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits.sigmoid()).mean()


# %% wrong: sign
# Has the sign turned, so that the generator would make its images worse.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(-fake_logits).mean()


# %% wrong: summed
# Sums over the batch.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).sum()


# %% right: distributions
# Asks a Bernoulli distribution for the log-probability of a label.
import torch
from torch.distributions import Bernoulli


def generator_loss_nonsaturating(fake_logits):
    coin = Bernoulli(logits=fake_logits, validate_args=False)
    return -coin.log_prob(torch.ones_like(fake_logits)).mean()


# %% right: library
# Uses the library's cross-entropy on logits with labels.
import torch
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    labels = torch.full_like(fake_logits, 1)
    return F.binary_cross_entropy_with_logits(input=fake_logits, target=labels)


# %% right: log_sigmoid
# Uses log sigmoid.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.logsigmoid(fake_logits).mean().neg()


# %% right: logaddexp
# Uses logaddexp with a zero of its own, and counts the elements.
import torch


def generator_loss_nonsaturating(fake_logits):
    total = torch.logaddexp(fake_logits.new_zeros(()), -fake_logits).sum()
    return total / fake_logits.numel()


# %% right: loops
# Goes through the elements one by one in double precision, in a helper of its own.
import torch


def one(logit):
    x = -logit
    rest = torch.log1p(torch.exp(-x.abs()))
    return x + rest if x > 0 else rest


def generator_loss_nonsaturating(fake_logits):
    items = fake_logits.double().reshape(-1)
    total = sum(one(item) for item in items) / len(items)
    return total.to(fake_logits.dtype)
