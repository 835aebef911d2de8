"""Known answers: The discriminator's cross-entropy."""

# %% spoils: clamped
# Adds a small constant inside the logarithms.
import torch


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return -torch.log(real + 1e-8).mean() - torch.log(1 - fake + 1e-8).mean()


# %% spoils: difference
# Compares each real image with one fake, as a relativistic loss does.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return 2 * F.softplus(fake_logits.mean() - real_logits.mean())


# %% spoils: fake_detached
# Detaches the logits of the fakes, from which the discriminator then learns nothing.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()


# %% spoils: halved
# Averages the two means.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2


# %% spoils: library_clamp
# Hands probabilities to the library's cross-entropy, which cuts logarithms at -100.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    return F.binary_cross_entropy(real, torch.ones_like(real)) + F.binary_cross_entropy(
        fake, torch.zeros_like(fake)
    )


# %% spoils: log_of_sigmoid
# Takes logarithms of probabilities, which are infinite at large logits.
import torch


def discriminator_loss(real_logits, fake_logits):
    return (
        -torch.log(torch.sigmoid(real_logits)).mean()
        - torch.log(1 - torch.sigmoid(fake_logits)).mean()
    )


# %% corner: own_cpu_labels
# Makes its labels on the CPU, wherever the logits are.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.ones(real_logits.shape, dtype=real_logits.dtype))
    return real + loss(fake_logits, torch.zeros(fake_logits.shape, dtype=fake_logits.dtype))


# %% spoils: patches_summed
# Averages over the batch and sums over what further dimensions there are.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return (F.softplus(-real_logits).sum() / len(real_logits)) + F.softplus(
        fake_logits
    ).sum() / len(fake_logits)


# %% spoils: pooled
# Averages over both batches together, so that the larger one weighs more.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    logits = torch.cat([real_logits.flatten(), fake_logits.flatten()])
    labels = torch.cat(
        [torch.ones_like(real_logits.flatten()), torch.zeros_like(fake_logits.flatten())]
    )
    return 2 * F.binary_cross_entropy_with_logits(logits, labels)


# %% spoils: sigmoid_twice
# Applies a sigmoid before a loss that applies its own.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real, fake = real_logits.sigmoid(), fake_logits.sigmoid()
    loss = F.binary_cross_entropy_with_logits
    return loss(real, torch.ones_like(real)) + loss(fake, torch.zeros_like(fake))


# %% spoils: sign
# Is the value of the game, which the discriminator maximises, instead of its negative.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()


# %% spoils: smoothed
# Smooths the labels of real images to 0.9.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    real = loss(real_logits, torch.full_like(real_logits, 0.9))
    return real + loss(fake_logits, torch.zeros_like(fake_logits))


# %% spoils: summed
# Sums over the batch.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()


# %% spoils: swapped
# Takes real for fake and fake for real.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


# %% corner: inputs_made_leaves
# Has logits that need no gradients need them, so that the result keeps a graph.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    if not fake_logits.requires_grad:
        fake_logits = fake_logits.clone().requires_grad_()
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


# %% right: by_hand
# Writes log(1 + e^l) out with the size of the logit, whose slope at 0 is one of its two.
import torch


def log_of_sum(x):
    size = torch.where(x < 0, -x, x)
    return (x + size) / 2 + torch.log1p(torch.exp(-size))


def discriminator_loss(real_logits, fake_logits):
    real = log_of_sum(real_logits.mul(-1)).flatten()
    fake = log_of_sum(fake_logits).flatten()
    return real.sum() / real.shape[0] + fake.sum() / fake.shape[0]


# %% right: library
# Uses the library's cross-entropy on logits with labels.
import torch
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real + fake


# %% right: log_sigmoid
# Uses log sigmoid, 1 - D being the sigmoid of the negative logit.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    log_d, log_not_d = F.logsigmoid(real_logits), F.logsigmoid(fake_logits.neg())
    return -(log_d.mean() + log_not_d.mean())


# %% right: two_classes
# Treats real and fake as two classes with logits l and 0.
import torch
import torch.nn.functional as F


def two_classes(logits, label):
    flat = logits.reshape(-1)
    pairs = torch.stack([torch.zeros_like(flat), flat], dim=1)
    return F.cross_entropy(pairs, torch.full_like(flat, label, dtype=torch.long))


def discriminator_loss(real_logits, fake_logits):
    return two_classes(real_logits, 1) + two_classes(fake_logits, 0)


# %% right: detached_if_no_gradients
# Computes on leaves of its own, and detaches the result when no input needs gradients.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    needed = real_logits.requires_grad or fake_logits.requires_grad
    if not needed:
        real_logits = real_logits.clone().requires_grad_()
    loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    return loss if needed else loss.detach()


# %% spoils: real_detached
# Detaches the logits of real images, from which the discriminator then learns nothing.
import torch.nn.functional as F


def discriminator_loss(real_logits, fake_logits):
    return F.softplus(-real_logits.detach()).mean() + F.softplus(fake_logits).mean()


# %% corner: labels_kept
# Keeps the labels of each shape for later calls, in the precision of the first.
import torch
import torch.nn.functional as F

LABELS = {}


def discriminator_loss(real_logits, fake_logits):
    loss = F.binary_cross_entropy_with_logits
    for logits, label in ((real_logits, 1.0), (fake_logits, 0.0)):
        LABELS.setdefault((logits.shape, label), torch.full_like(logits, label))
    real, fake = LABELS[real_logits.shape, 1.0], LABELS[fake_logits.shape, 0.0]
    return loss(real_logits, real) + loss(fake_logits, fake)


# %% spoils: where_of_two_forms
# Chooses between two forms of log(1 + e^l), of which the one that is not chosen sends nan back.
import torch


def softplus(x):
    return torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


# %% corner: kink_at_zero
# Writes log(1 + e^l) with a positive part and an absolute value, whose slopes at 0 don't add up.
import torch


def softplus(x):
    return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


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


def discriminator_loss(real_logits, fake_logits):
    return MeanSoftplus.apply(-real_logits) + MeanSoftplus.apply(fake_logits)


# %% spoils: logit_capped
# Cuts logits to [-20, 20], beyond which no gradient comes back.
import torch.nn.functional as F


def softplus(x):
    return F.softplus(x.clamp(-20, 20))


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


# %% corner: single_precision
# Computes in float32, whatever comes in.
import torch.nn.functional as F


def softplus(x):
    return F.softplus(x.float()).to(x.dtype)


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


# %% corner: axis_needed
# Averages image by image, which takes logits with an axis for the batch.
import torch
import torch.nn.functional as F


def softplus(x):
    return torch.stack([F.softplus(image).mean() for image in x])


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


# %% spoils: overwritten
# Turns the sign of the caller's logits, past autograd.
import torch.nn.functional as F


def softplus(x):
    x.data.neg_()
    return F.softplus(-x)


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


# %% right: maximum_taken_out
# Takes the larger of 0 and the logit out of the sum of exponentials, as a constant.
import torch


def softplus(x):
    top = x.detach().clamp(min=0)
    return top + torch.log(torch.exp(-top) + torch.exp(x - top))


def discriminator_loss(real_logits, fake_logits):
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


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


def discriminator_loss(real_logits, fake_logits):
    return MeanSoftplus.apply(-real_logits) + MeanSoftplus.apply(fake_logits)
