"""Known answers: The generator's non-saturating loss."""

# %% spoils: clamped
# Adds a small constant inside the logarithm.
import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(fake_logits.sigmoid() + 1e-8).mean()


# %% spoils: detached
# Has no gradient.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).mean().detach()


# %% spoils: halved
# Halves the loss.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return 0.5 * F.softplus(-fake_logits).mean()


# %% spoils: library_clamp
# Hands probabilities to the library's cross-entropy, which cuts logarithms at -100.
import torch
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    d = fake_logits.sigmoid()
    return F.binary_cross_entropy(d, torch.ones_like(d))


# %% spoils: log_of_sigmoid
# Takes the logarithm of a probability, which is infinite at large logits.
import torch


def generator_loss_nonsaturating(fake_logits):
    return -torch.log(torch.sigmoid(fake_logits)).mean()


# %% spoils: of_the_mean
# Takes the loss of the mean logit instead of the mean of the losses.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits.mean())


# %% corner: own_cpu_labels
# Makes its labels on the CPU, wherever the logits are.
import torch
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    labels = torch.ones(fake_logits.shape, dtype=fake_logits.dtype)
    return F.binary_cross_entropy_with_logits(fake_logits, labels)


# %% spoils: patches_summed
# Averages over the batch and sums over what further dimensions there are.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits).sum() / len(fake_logits)


# %% spoils: saturating
# Is the saturating loss under this name.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(fake_logits).mean()


# %% spoils: sigmoid_twice
# Applies a sigmoid before a loss that applies its own.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return F.softplus(-fake_logits.sigmoid()).mean()


# %% spoils: sign
# Has the sign turned, so that the generator would make its images worse.
import torch.nn.functional as F


def generator_loss_nonsaturating(fake_logits):
    return -F.softplus(-fake_logits).mean()


# %% spoils: summed
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
    return x + torch.log1p(torch.exp(-x)) if x > 0 else torch.log1p(torch.exp(x))


def generator_loss_nonsaturating(fake_logits):
    items = fake_logits.double().reshape(-1)
    total = sum(one(item) for item in items) / len(items)
    return total.to(fake_logits.dtype)


# %% spoils: where_of_two_forms
# Chooses between two forms of log(1 + e^l), of which the one that is not chosen sends nan back.
import torch


def softplus(x):
    return torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% corner: kink_at_zero
# Writes log(1 + e^l) with a positive part and an absolute value, whose slopes at 0 don't add up.
import torch


def softplus(x):
    return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% spoils: own_backward_sum
# Writes the backward pass by hand, and forgets the number of elements in it.
import torch
import torch.nn.functional as F


class MeanSoftplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return F.softplus(x).mean()

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x.sigmoid()


def generator_loss_nonsaturating(fake_logits):
    return MeanSoftplus.apply(-fake_logits)


# %% spoils: logit_capped
# Cuts logits to [-20, 20], beyond which no gradient comes back.
import torch.nn.functional as F


def softplus(x):
    return F.softplus(x.clamp(-20, 20))


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% corner: single_precision
# Computes in float32, whatever comes in.
import torch.nn.functional as F


def softplus(x):
    return F.softplus(x.float()).to(x.dtype)


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% corner: axis_needed
# Averages image by image, which takes logits with an axis for the batch.
import torch
import torch.nn.functional as F


def softplus(x):
    return torch.stack([F.softplus(image).mean() for image in x])


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% spoils: overwritten
# Turns the sign of the caller's logits, past autograd.
import torch.nn.functional as F


def softplus(x):
    x.data.neg_()
    return F.softplus(-x)


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% right: maximum_taken_out
# Takes the larger of 0 and the logit out of the sum of exponentials, as a constant.
import torch


def softplus(x):
    top = x.detach().clamp(min=0)
    return top + torch.log(torch.exp(-top) + torch.exp(x - top))


def generator_loss_nonsaturating(fake_logits):
    return softplus(-fake_logits).mean()


# %% right: own_backward
# Computes the value in NumPy and writes the backward pass by hand.
import numpy as np
import torch


class MeanSoftplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        value = np.logaddexp(0.0, x.detach().cpu().numpy().astype(np.float64)).mean()
        return torch.as_tensor(value, dtype=x.dtype).to(x.device)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * x.sigmoid() / x.numel()


def generator_loss_nonsaturating(fake_logits):
    return MeanSoftplus.apply(-fake_logits)
