"""Known answers: The value of the game."""

# %% spoils: at_the_optimum
# Puts the optimal discriminator in place of d.
import torch


def gan_value(p_data, p_g, d):
    total = p_data + p_g
    best = torch.where(total > 0, p_data / total, torch.full_like(total, 0.5))
    return (torch.xlogy(p_data, best) + torch.xlogy(p_g, 1 - best)).sum()


# %% spoils: bits
# Takes logarithms to base 2.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum() / torch.tensor(2.0).log().item()


# %% corner: clamped
# Cuts d to [1e-7, 1 - 1e-7], which makes certainty cheap.
import torch


def gan_value(p_data, p_g, d):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()


# %% spoils: halved
# Halves the value.
import torch


def gan_value(p_data, p_g, d):
    return 0.5 * (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% spoils: mean
# Averages over the points, as if all were equally likely.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).mean()


# %% spoils: nan
# Is nan where 0 log 0 occurs.
import torch


def gan_value(p_data, p_g, d):
    return (p_data * torch.log(d) + p_g * torch.log(1 - d)).sum()


# %% corner: nan_to_num
# Turns every infinity into a finite number as well as every nan into 0.
import torch


def gan_value(p_data, p_g, d):
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.nan_to_num(terms).sum()


# %% spoils: non_saturating
# Has -log D for the fakes, the other loss of the generator.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) - torch.xlogy(p_g, d)).sum()


# %% spoils: sign
# Is the discriminator's loss instead of the value.
import torch


def gan_value(p_data, p_g, d):
    return -(torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% spoils: swapped
# Takes data for fakes and fakes for data.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_g, d) + torch.xlogy(p_data, 1 - d)).sum()


# %% spoils: zero_masses_shared
# Leaves out the points where either of the two has no mass.
import torch


def gan_value(p_data, p_g, d):
    both = (p_data > 0) & (p_g > 0)
    terms = p_data * torch.log(d) + p_g * torch.log(1 - d)
    return torch.where(both, terms, torch.zeros_like(terms)).sum()


# %% right: keyword_mask
# Multiplies by logarithms at the points of each support.
import torch


def gan_value(p_data, p_g, d):
    real, fake = p_data > 0, p_g > 0
    return torch.dot(p_data[real], d[real].log()) + torch.dot(p_g[fake], (1 - d)[fake].log())


# %% right: loops
# Goes through the points and skips terms of weight zero.
import torch


def gan_value(p_data, p_g, d):
    value = 0 * d.sum()
    for p, q, real in zip(p_data, p_g, d, strict=True):
        if p > 0:
            value = value + p * torch.log(real)
        if q > 0:
            value = value + q * torch.log1p(-real)
    return value


# %% right: where
# Chooses the points that occur before taking logarithms.
import torch


def expected_log(p, value):
    here = p > 0
    return (p * torch.where(here, value, torch.ones_like(value)).log()).sum()


def gan_value(p_data, p_g, d):
    return expected_log(p_data, d) + expected_log(p_g, 1 - d)


# %% right: xlog1py
# Uses xlog1py for the second term, and inner sums.
import torch


def gan_value(p_data, p_g, d):
    return torch.special.xlogy(p_data, d).sum() + torch.special.xlog1py(p_g, d.neg()).sum()


# %% corner: epsilon
# Adds a small constant inside the logarithms.
import torch


def gan_value(p_data, p_g, d):
    return (p_data * torch.log(d + 1e-8) + p_g * torch.log(1 - d + 1e-8)).sum()


# %% corner: logs_cut
# Cuts logarithms at -100, as the library's cross-entropy does.
import torch


def gan_value(p_data, p_g, d):
    log_d, log_not_d = torch.log(d).clamp(min=-100), torch.log(1 - d).clamp(min=-100)
    return (p_data * log_d + p_g * log_not_d).sum()


# %% corner: fakes_forgiven
# Is minus infinity only where real images are ruled out.
import torch


def gan_value(p_data, p_g, d):
    fakes = p_g * torch.log(1 - d).clamp(min=-1e4)
    return (torch.xlogy(p_data, d) + fakes).sum()


# %% corner: seldom_ignored
# Takes probabilities below 1e-10 for zero.
import torch


def gan_value(p_data, p_g, d):
    p_data, p_g = p_data * (p_data > 1e-10), p_g * (p_g > 1e-10)
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% spoils: discriminator_detached
# Sends no gradient to the discriminator.
import torch


def gan_value(p_data, p_g, d):
    d = d.detach()
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()


# %% spoils: weights_detached
# Sends no gradient to the generator's distribution.
import torch


def gan_value(p_data, p_g, d):
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g.detach(), 1 - d)).sum()


# %% spoils: fakes_where_no_data
# Counts fakes only at points where data come as well.
import torch


def gan_value(p_data, p_g, d):
    here = p_data > 0
    return (torch.xlogy(p_data[here], d[here]) + torch.xlogy(p_g[here], 1 - d[here])).sum()


# %% corner: single_precision
# Computes in float32, whatever comes in.
import torch


def gan_value(p_data, p_g, d):
    real, fake, d32 = p_data.float(), p_g.float(), d.float()
    return (torch.xlogy(real, d32) + torch.xlogy(fake, 1 - d32)).sum().to(d.dtype)


# %% right: stacked
# Treats both terms as one, over real and fake.
import torch


def gan_value(p_data, p_g, d):
    return torch.xlogy(torch.stack([p_data, p_g]), torch.stack([d, 1 - d])).sum()


# %% right: masked_fill
# Puts 1 into the logarithm where nothing happens.
def gan_value(p_data, p_g, d):
    value = p_data @ d.masked_fill(p_data == 0, 1).log()
    return value + p_g @ (1 - d).masked_fill(p_g == 0, 1).log()
