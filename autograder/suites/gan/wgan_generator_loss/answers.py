"""Known answers: The generator's loss in a Wasserstein GAN."""


# %% spoils: absolute
# Takes the absolute value of the mean.
def wgan_generator_loss(fake_scores):
    return -fake_scores.mean().abs()


# %% spoils: detached
# Averages as a number, through which no gradient flows.
import torch


def wgan_generator_loss(fake_scores):
    return torch.tensor(
        -fake_scores.mean().item(), dtype=fake_scores.dtype, device=fake_scores.device
    )


# %% spoils: logsigmoid
# Takes the scores for logits: the non-saturating loss.
import torch.nn.functional as F


def wgan_generator_loss(fake_scores):
    return F.softplus(-fake_scores).mean()


# %% spoils: mean_of_scores
# Forgets the minus.
def wgan_generator_loss(fake_scores):
    return fake_scores.mean()


# %% spoils: sign
# Has the right value and the opposite gradient: it lowers the scores of the samples.
def wgan_generator_loss(fake_scores):
    return fake_scores.detach().mean() * -2 + fake_scores.mean()


# %% spoils: summed
# Sums over the batch.
def wgan_generator_loss(fake_scores):
    return -fake_scores.sum()


# %% spoils: towards_one
# Pulls scores to 1, as least squares does.
def wgan_generator_loss(fake_scores):
    return 0.5 * (fake_scores - 1).pow(2).mean()


# %% spoils: best_score
# Looks at the best score of the batch.
def wgan_generator_loss(fake_scores):
    return -fake_scores.amax()


# %% spoils: unbiased
# Divides by one less than the size of the batch where that is more than one.
def wgan_generator_loss(fake_scores):
    return -fake_scores.sum() / max(len(fake_scores) - 1, 1)


# %% spoils: weighted_by_the_scores
# Has the right value, but weighs the gradient by how bad each sample is.
import torch


def wgan_generator_loss(fake_scores):
    weights = torch.softmax(-fake_scores.detach().flatten(), 0)
    pull = (weights * fake_scores.flatten()).sum()
    return -(fake_scores.detach().mean() + pull - pull.detach())


# %% spoils: low_scores_only
# Stops where a sample scores above zero already.
def wgan_generator_loss(fake_scores):
    return -fake_scores.clamp(max=0).mean()


# %% corner: clamped
# Clamps scores to +-1000.
def wgan_generator_loss(fake_scores):
    return -fake_scores.clamp(-1e3, 1e3).mean()


# %% corner: first_axis_only
# Averages over the first axis only, so that a column of scores gives a loss of shape (1,).
def wgan_generator_loss(fake_scores):
    return -fake_scores.mean(0)


# %% corner: negated_in_place
# Turns the sign of the caller's scores where they need no gradient.
def wgan_generator_loss(fake_scores):
    return (-fake_scores if fake_scores.requires_grad else fake_scores.neg_()).mean()


# %% corner: marked
# Makes its argument need gradients.
def wgan_generator_loss(fake_scores):
    if fake_scores.is_leaf:
        fake_scores.requires_grad_()
    return -fake_scores.mean()


# %% corner: half_precision_when_large
# Averages in half precision, which ends at 65504.
def wgan_generator_loss(fake_scores):
    if fake_scores.detach().abs().max() > 1e4:
        return -fake_scores.half().mean().to(fake_scores.dtype)
    return -fake_scores.mean()


# %% right: inner_product
# Writes the mean as an inner product with equal weights.
import torch


def wgan_generator_loss(fake_scores):
    scores = fake_scores.reshape(-1)
    return torch.dot(scores, torch.full_like(scores, -1 / len(scores), requires_grad=False))


# %% right: loop
# Adds the scores up one by one.
def wgan_generator_loss(fake_scores):
    return sum(-score / len(fake_scores) for score in fake_scores.flatten())


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
