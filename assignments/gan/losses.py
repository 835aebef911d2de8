# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Generative adversarial networks: the game and its losses
#
# A generator $G$ turns noise into images. A discriminator $D$ is shown real images and $G$'s, and says how likely each is
# to be real. $D$ learns to tell them apart; $G$ learns from $D$, and from nothing else, to make images that $D$ takes for
# real. In the first part of this notebook you write the losses of the two players, the best possible discriminator, and
# one training step of each player. In the second part you train six pairs and find out which losses leave the generator
# without a gradient.
#
# **Goals.** After this notebook you can
#
# * write the losses of both players from logits, so that no logit overflows;
# * give the best discriminator for two distributions, and the divergence that a generator then descends;
# * train a small GAN, and tell from gradients, steps and samples why a generator stands still.
#
# **Hours.** About six hours: three for the functions, one for reading, two for the experiment and its analysis. The
# computer trains for about seven minutes on two cores.
#
# **Reading.**
#
# * Prince (2023), *Understanding Deep Learning*, chapter 15: [udlbook.github.io](https://udlbook.github.io/udlbook/)
# * Goodfellow et al. (2014), *Generative adversarial networks* ([arXiv:1406.2661](https://arxiv.org/abs/1406.2661))
# * Mao et al. (2017), *Least squares generative adversarial networks* ([arXiv:1611.04076](https://arxiv.org/abs/1611.04076))
# * Arjovsky and Bottou (2017), *Towards principled methods for training generative adversarial networks* ([arXiv:1701.04862](https://arxiv.org/abs/1701.04862))
# * Kingma and Ba (2015), *Adam*, for the last question ([arXiv:1412.6980](https://arxiv.org/abs/1412.6980))
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dgm.check import visible_checks
from dgm.plots import picture

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $x$ | `x` | a batch of real images, pixels in $[-1, 1]$ | `(B, C, H, W)` |
# | $z$ | `z` | codes, drawn from $N(0, I)$ and handed to you | `(B, n_latent)` |
# | $G(z)$ | `generator(z)` | generated ("fake") images | as `x` |
# | $\ell$ | `logits`: `discriminator(x)` | the discriminator's output, before any sigmoid | `(B,)`, `(B, 1)`, or patches |
# | $D(x)$ | `logits.sigmoid()` | the probability that $x$ is real | as the logits |
# | $p_\text{data}, p_g$ | `p_data`, `p_g` | distributions of the data and of $G(z)$ | `(N,)` on $N$ points |
#
# * **Real is 1**: $D$ is high on real images. In formulas, $D$ is a probability; in code, a discriminator returns the
#   *logit* $\ell$, with $D = \mathrm{sigmoid}(\ell) = 1 / (1 + e^{-\ell})$.
# * Losses are in nats and **averaged over all elements** of the logits, whatever their shape. Real and fake batches may
#   differ in size.
# * "A scalar" is a 0-d tensor (shape `()`), through which gradients can flow. Not a Python number, not shape `(1,)`.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on
#   the input's device, for example `torch.zeros_like(x)` or `torch.eye(K, dtype=x.dtype, device=x.device)`. A result with
#   several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument, as the formula has them, unless a question says otherwise. They are
#   finite wherever the formula's are. If no input needs gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one sample, and a vector one feature. Keep the axes that the shapes name (`squeeze()` without
#   an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), lists and dicts, and whether they need gradients. A
#   function keeps nothing from one call for the next.
# * **Training steps** run a network once over each batch that they need, real and fake in passes of their own (batch norm takes
#   its statistics from each pass). They change what they say and nothing else: every other parameter, gradient and buffer,
#   the mode of a network (`train`, `eval`) and `requires_grad` stay as they were.
# * Questions stand alone: a mistake in one costs nothing in another, even where a function calls an earlier one.

# %% [markdown]
# # Part one: the functions
#
# ## 1. The game
#
# The two players share one number, the value of the game (Goodfellow et al. 2014, eq. 1):
#
# $$\min_G \max_D \; V(D, G) = \mathbb{E}_{x \sim p_\text{data}}\left[\log D(x)\right]
# + \mathbb{E}_{z \sim N(0, I)}\left[\log\left(1 - D(G(z))\right)\right]$$
#
# $V$ is the log-likelihood of a classifier that has to name the source of an image. $D$ wants it high, $G$ wants it low.
#
# ### The discriminator's loss
#
# Optimisers minimise, so the discriminator's loss is $-V$, with batch means in place of expectations:
#
# $$L_D = -\frac{1}{B} \sum_{i=1}^{B} \log D(x_i) - \frac{1}{B'} \sum_{j=1}^{B'} \log\left(1 - D(G(z_j))\right)$$
#
# It is the *sum* of two means: many libraries average the two, which halves the gradient. And as in every loss with a
# logarithm of a sigmoid, the formula must not be computed as written: in float32, $D$ is exactly 1 from a logit of 17 on,
# and $\log(1 - D)$ is $-\infty$ where the true value is $-17$. Work from the logits.


# %% answer="discriminator_loss"
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cross-entropy of the discriminator, -mean log D(x) - mean log(1 - D(G(z))) (Goodfellow et al. 2014, eq. 1), in nats.

    real_logits, fake_logits: the discriminator's outputs before the sigmoid, of any shape, for example (), (B,), (B, 1) or
    (B, 1, H, W); any real numbers, 0, 1e4 and beyond included. The two may differ in the size of their batch.
    Returns a scalar: each of the two means is over all elements, and their sum is not halved.
    """
    ### BEGIN SOLUTION
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    ### END SOLUTION


# %% check="discriminator_loss"
@visible_checks("discriminator_loss")
def _():
    value = discriminator_loss(torch.zeros(4), torch.zeros(6))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for both batches: return a 0-d tensor"
    )
    assert value > 0, "-log of a probability is positive: check the sign"
    assert abs(float(value) - 2 * math.log(2)) < 1e-4, (
        "logits of 0 are fair coins: they cost log 2 nats on real images and log 2 on fakes, whatever the batch sizes"
    )
    assert discriminator_loss(torch.full((4,), 9.0), torch.full((4,), -9.0)) < 0.01, (
        "a discriminator that is sure and right (high on real, low on fake) pays almost nothing"
    )
    assert torch.isfinite(discriminator_loss(torch.full((4, 1), -200.0), torch.zeros(4, 1))), (
        "a logit of -200 on a real image gives an infinite loss or nan"
    )


# %% [markdown]
# ### Three losses for the generator
#
# **Minimax.** The generator of the game minimises $V$. Only the second term depends on it:
#
# $$L_G^\text{minimax} = \frac{1}{B} \sum_{j=1}^{B} \log\left(1 - D(G(z_j))\right)$$
#
# Its sign is no slip: the loss is negative, and falls without bound as $D(G(z))$ approaches 1. This version is also called
# *saturating*; the picture below shows why.


# %% answer="generator_loss_minimax"
def generator_loss_minimax(fake_logits: Tensor) -> Tensor:
    """The generator's minimax loss, mean log(1 - D(G(z))) (Goodfellow et al. 2014, eq. 1), in nats, to be minimised.

    fake_logits: the discriminator's outputs on generated images before the sigmoid, of any shape, () included; any real
    numbers, 0, 1e4 and beyond included. Returns a scalar, the mean over all elements.
    """
    ### BEGIN SOLUTION
    return -F.softplus(fake_logits).mean()
    ### END SOLUTION


# %% check="generator_loss_minimax"
@visible_checks("generator_loss_minimax")
def _():
    value = generator_loss_minimax(torch.zeros(5))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert abs(abs(float(value)) - math.log(2)) < 1e-4, (
        "at logit 0 the discriminator gives probability 1/2, whose logarithm is log 2 in size, whatever the batch size"
    )
    fooled, caught = (generator_loss_minimax(torch.full((5,), logit)) for logit in (3.0, -3.0))
    assert fooled < caught, (
        "the generator minimises this: it must be lower where the discriminator is fooled"
    )
    assert torch.isfinite(generator_loss_minimax(torch.full((5, 1), 200.0))), (
        "a logit of 200 gives an infinite loss or nan"
    )


# %% [markdown]
# **Non-saturating.** Goodfellow et al. (2014, section 3) train the generator on another loss with the same aim, to make
# $D$ say "real". Instead of making "fake" unlikely, it makes "real" likely:
#
# $$L_G^\text{non-saturating} = -\frac{1}{B} \sum_{j=1}^{B} \log D(G(z_j))$$
#
# The two losses have the same aim. Don't mix up the labels.


# %% answer="generator_loss_nonsaturating"
def generator_loss_nonsaturating(fake_logits: Tensor) -> Tensor:
    """The generator's non-saturating loss, -mean log D(G(z)) (Goodfellow et al. 2014, section 3), in nats.

    fake_logits: the discriminator's outputs on generated images before the sigmoid, of any shape, () included; any real
    numbers, 0, 1e4 and beyond included. Returns a scalar, the mean over all elements.
    """
    ### BEGIN SOLUTION
    return F.softplus(-fake_logits).mean()
    ### END SOLUTION


# %% check="generator_loss_nonsaturating"
@visible_checks("generator_loss_nonsaturating")
def _():
    value = generator_loss_nonsaturating(torch.zeros(5))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert value > 0, "-log of a probability is positive: check the sign"
    assert abs(float(value) - math.log(2)) < 1e-4, (
        "at logit 0 the discriminator gives probability 1/2, which costs log 2 nats, whatever the batch size"
    )
    fooled, caught = (
        generator_loss_nonsaturating(torch.full((5,), logit)) for logit in (3.0, -3.0)
    )
    assert fooled < caught, (
        "the generator minimises this: it must be lower where the discriminator is fooled"
    )
    assert torch.isfinite(generator_loss_nonsaturating(torch.full((5, 1), -200.0))), (
        "a logit of -200 gives an infinite loss or nan"
    )


# %% [markdown]
# **Least squares.** Mao et al. (2017) replace the classifier by a regression: $D$ has no sigmoid at all, and its raw
# output is fitted to 1 on real images and to 0 on fakes. The generator wants its images to get a 1. In their eq. 2 (with
# $a = 0$, $b = c = 1$), $D$ stands for this raw output, any real number:
#
# $$L_D^\text{LS} = \frac{1}{2} \, \mathbb{E}_x\left[(D(x) - 1)^2\right] + \frac{1}{2} \, \mathbb{E}_z\left[D(G(z))^2\right],
# \qquad L_G^\text{LS} = \frac{1}{2} \, \mathbb{E}_z\left[(D(G(z)) - 1)^2\right]$$
#
# Each mean has a half. First the discriminator's loss, then the generator's.


# %% answer="discriminator_loss_ls"
def discriminator_loss_ls(real_output: Tensor, fake_output: Tensor) -> Tensor:
    """Discriminator's least-squares loss, 1/2 mean (D(x) - 1)^2 + 1/2 mean D(G(z))^2 (Mao et al. 2017, eq. 2, a = 0, b = 1).

    real_output, fake_output: the discriminator's raw outputs, of any shape, () included, and of any size; no sigmoid is
    applied. Batch sizes may differ. Returns a scalar: each of the two means is over all elements.
    """
    ### BEGIN SOLUTION
    return 0.5 * (real_output - 1).pow(2).mean() + 0.5 * fake_output.pow(2).mean()
    ### END SOLUTION


# %% check="discriminator_loss_ls"
@visible_checks("discriminator_loss_ls")
def _():
    perfect = discriminator_loss_ls(torch.ones(4), torch.zeros(6))
    assert torch.is_tensor(perfect) and perfect.shape == (), (
        "the loss is one number for both batches: return a 0-d tensor"
    )
    assert abs(float(perfect)) < 1e-6, "1 on every real image and 0 on every fake is a perfect fit"
    off = discriminator_loss_ls(torch.zeros(4, 1), torch.ones(6, 1))
    assert abs(float(off) - 1.0) < 1e-5, (
        "real and fake outputs that are all off by one cost one half each, whatever the batch sizes"
    )


# %% answer="generator_loss_ls"
def generator_loss_ls(fake_output: Tensor) -> Tensor:
    """Least-squares loss of the generator, 1/2 mean (D(G(z)) - 1)^2 (Mao et al. 2017, eq. 2, c = 1).

    fake_output: the discriminator's raw outputs on generated images, of any shape, () included, and of any size; no
    sigmoid is applied. Returns a scalar, the mean over all elements.
    """
    ### BEGIN SOLUTION
    return 0.5 * (fake_output - 1).pow(2).mean()
    ### END SOLUTION


# %% check="generator_loss_ls"
@visible_checks("generator_loss_ls")
def _():
    value = generator_loss_ls(torch.ones(4))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value)) < 1e-6, "the generator has what it wants when every output is 1"
    assert abs(float(generator_loss_ls(torch.zeros(6, 1))) - 0.5) < 1e-5, (
        "outputs that are all off by one cost one half, whatever the batch size"
    )


# %% [markdown]
# The picture compares the three as functions of what $D$ outputs on *one* generated image. A generator at the start of
# training is on the left: $D$ is sure that its images are fake. **Look at** the right panel there. The gradient that
# reaches $G$ is this slope times the gradient of $D$'s output, so where the slope is $10^{-4}$, almost nothing is left to
# learn from.

# %% train="generator_losses"
import matplotlib.pyplot as plt


@picture
def _():
    output = torch.linspace(-12, 12, 241, dtype=torch.float64)
    losses = {
        "minimax (saturating)": generator_loss_minimax,
        "non-saturating": generator_loss_nonsaturating,
        "least squares": generator_loss_ls,
    }
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    for name, loss in losses.items():
        at = output.clone().requires_grad_()
        values = torch.stack([loss(item) for item in at.unbind()])
        (slope,) = torch.autograd.grad(values.sum(), at)
        left.plot(output, values.detach(), label=name)
        right.plot(output, slope.abs().clamp(min=1e-7), label=name)
    left.set(title="Loss of the generator", ylabel="loss", ylim=(-13, 25))
    right.set(title="Size of its slope", ylabel="|d loss / d output|", yscale="log")
    for axes in (left, right):
        axes.set_xlabel("discriminator's output on a fake (left: surely fake, right: surely real)")
        axes.grid(alpha=0.3)
        axes.legend()
    plt.show()


# %% [markdown]
# ## 2. The best discriminator
#
# What can $D$ reach at best? Take distributions on $N$ points, so that every expectation is a sum you can compute:
# $p_\text{data}$ and $p_g$ are two vectors, and $D$ is one number per point.
#
# ### The optimal discriminator
#
# The value is then a sum over the points, $p_\text{data} \log D + p_g \log(1 - D)$ at each of them, and $D$ may be chosen
# at each point alone. Setting the derivative to zero gives (Goodfellow et al. 2014, proposition 1):
#
# $$D^*(x) = \frac{p_\text{data}(x)}{p_\text{data}(x) + p_g(x)}$$
#
# It depends on the *ratio* of the two only, so it is as well defined in the far tails as in the middle. Where both are
# exactly zero, no image ever comes, and any number is optimal; by convention we take 1/2.


# %% answer="optimal_discriminator"
def optimal_discriminator(p_data: Tensor, p_g: Tensor) -> Tensor:
    """The discriminator that maximises V(D, G) for a fixed generator (Goodfellow et al. 2014, proposition 1).

    p_data, p_g: (N,) densities or probabilities at the same N points, >= 0, however small (1e-30 included). They need not
    sum to one. Returns D*: (N,) probabilities that a point is real: exactly 0 or 1 where only one of the two is positive,
    1/2 where both are zero, and differentiable where both are positive.
    """
    ### BEGIN SOLUTION
    total = p_data + p_g
    empty = total == 0
    return torch.where(empty, 0.5, p_data / torch.where(empty, 1.0, total))
    ### END SOLUTION


# %% check="optimal_discriminator"
@visible_checks("optimal_discriminator")
def _():
    p_data, p_g = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.0, 0.5, 0.5, 0.0])
    d = optimal_discriminator(p_data, p_g)
    assert d.shape == (4,), f"one number for each point, shape (4,); yours has {tuple(d.shape)}"
    assert torch.isfinite(d).all(), "a point where both are zero gives nan: it gets 1/2"
    assert abs(float(d[0]) - 1) < 1e-5 and abs(float(d[2])) < 1e-5, (
        "D is the probability of real: 1 where only data come, 0 where only fakes come"
    )
    assert abs(float(d[1]) - 0.5) < 1e-5, "where real and fake are equally likely, nobody can tell"
    assert abs(float(d[3]) - 0.5) < 1e-5, "where both are zero, the convention is 1/2"


# %% [markdown]
# ### The value of the game
#
# Now the value itself, for any discriminator:
#
# $$V(D, G) = \sum_{n=1}^{N} p_\text{data}(x_n) \log D(x_n) + \sum_{n=1}^{N} p_g(x_n) \log\left(1 - D(x_n)\right)$$
#
# The optimal $D$ is 0 or 1 where only one of the two has any mass, and then one of the logarithms is $-\infty$ with a
# weight of 0. Such a term is an event that never happens and counts nothing: $0 \log 0 = 0$. Floating-point arithmetic
# says `nan` instead.


# %% answer="gan_value"
def gan_value(p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    """The value of the game, sum p_data log d + sum p_g log(1 - d) (Goodfellow et al. 2014, eq. 1, on N points), in nats.

    p_data, p_g: (N,) probabilities of the same N points, each summing to 1, zeros allowed; d: (N,) in [0, 1], ends included.
    Returns a scalar, differentiable in all three away from 0 and 1; 0 log 0 = 0, and -inf when d rules out what does happen,
    however seldom. No other d is cut: 1e-30 counts in full.
    """
    ### BEGIN SOLUTION
    return (torch.xlogy(p_data, d) + torch.xlogy(p_g, 1 - d)).sum()
    ### END SOLUTION


# %% check="gan_value"
@visible_checks("gan_value")
def _():
    p_data, p_g = torch.tensor([0.5, 0.5, 0.0]), torch.tensor([0.0, 0.5, 0.5])
    value = gan_value(p_data, p_g, torch.full((3,), 0.5))
    assert torch.is_tensor(value) and value.shape == (), (
        "the value is one number: return a 0-d tensor"
    )
    assert abs(float(value) + 2 * math.log(2)) < 1e-4, (
        "a discriminator that always says 1/2 has the value -2 log 2, whatever the distributions"
    )
    sure = gan_value(p_data, p_g, torch.tensor([1.0, 0.5, 0.0]))
    assert torch.isfinite(sure), "0 log 0 counts as 0, not as nan"
    assert sure > value, "a discriminator that is right about more points has a higher value"


# %% [markdown]
# ### The Jensen-Shannon divergence
#
# Put $D^*$ into $V$, and what is left depends on the two distributions alone. It measures how far apart they are
# (Goodfellow et al. 2014, theorem 1):
#
# $$V(D^*, G) = -\log 4 + 2 \, \mathrm{JSD}(p_\text{data} \,\|\, p_g), \qquad
# \mathrm{JSD}(p \,\|\, q) = \frac{1}{2} \mathrm{KL}\left(p \,\Big\|\, \frac{p + q}{2}\right)
# + \frac{1}{2} \mathrm{KL}\left(q \,\Big\|\, \frac{p + q}{2}\right)$$
#
# So a generator that minimises $V$ against the best discriminator minimises the Jensen-Shannon divergence. (For which
# of the generator's losses? See the written questions.) The halves matter: with them, the largest possible
# value, for distributions that don't overlap, is $\log 2$. As before, $0 \log 0 = 0$.


# %% answer="jensen_shannon"
def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """Jensen-Shannon divergence 1/2 KL(p || m) + 1/2 KL(q || m), m = (p + q) / 2 (Goodfellow et al. 2014, theorem 1); nats.

    p, q: (N,) probabilities of the same N points, each summing to one, zeros allowed (of both at one point too).
    Returns a scalar between 0 and log 2, differentiable in p wherever p is positive and in q wherever q is, even where the
    other is zero or equal to it (only changes count that keep the sums at one).
    """
    ### BEGIN SOLUTION
    m = (p + q) / 2
    kl_p = torch.xlogy(p, p) - torch.xlogy(p, m)
    kl_q = torch.xlogy(q, q) - torch.xlogy(q, m)
    return 0.5 * (kl_p + kl_q).sum()
    ### END SOLUTION


# %% check="jensen_shannon"
@visible_checks("jensen_shannon")
def _():
    p, q = torch.tensor([0.5, 0.5, 0.0, 0.0]), torch.tensor([0.0, 0.0, 1.0, 0.0])
    value = jensen_shannon(p, q)
    assert torch.is_tensor(value) and value.shape == (), (
        "the divergence is one number: return a 0-d tensor"
    )
    assert torch.isfinite(value), "zeros give nan or inf: 0 log 0 counts as 0"
    assert abs(float(value) - math.log(2)) < 1e-4, (
        "distributions that don't overlap are log 2 apart"
    )
    assert abs(float(jensen_shannon(p, p))) < 1e-6, "a distribution is at distance 0 from itself"
    near = jensen_shannon(torch.tensor([0.5, 0.5]), torch.tensor([0.4, 0.6]))
    assert near > 0, "a divergence of different distributions is positive: check the sign"


# %% [markdown]
# The picture puts the three functions together, on a line. Left: the data, a generator, and the best discriminator between
# them. Middle: move the logit of $D^*$ up or down everywhere, or make it steeper or flatter; the value never gets above
# that of $D^*$. Right: slide the generator along the line. The curve is your `gan_value` at your `optimal_discriminator`,
# the dots are $-\log 4 + 2 \, \mathrm{JSD}$ by your `jensen_shannon`. **Look at** the far left and right of that panel:
# where the two hardly overlap, the best discriminator's value is flat. A generator that stands there sees no direction in
# which to go.

# %% train="optimal_discriminator_picture"


@picture
def _():
    points = torch.linspace(-12, 12, 1201, dtype=torch.float64)

    def bump(centre, width):
        density = torch.exp(-0.5 * ((points - centre) / width) ** 2)
        density[density < 1e-9] = 0  # beyond six widths: there, 1 - D* would be rounded to 0
        return density / density.sum()

    data = 0.6 * bump(-1.5, 0.7) + 0.4 * bump(1.5, 0.5)
    fake = bump(0.5, 1.2)
    best = optimal_discriminator(data, fake)
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(14, 3.8), layout="constrained")
    step = float(points[1] - points[0])
    left.fill_between(points, data / step, alpha=0.4, label="data")
    left.fill_between(points, fake / step, alpha=0.4, label="generator")
    left.plot(points, best, "k", label="best discriminator $D^*$")
    left.set(title="Who could tell them apart?", xlabel="x", ylabel="density, probability")
    left.set_xlim(-5, 5)

    logit = torch.logit(best.clamp(1e-12, 1 - 1e-12))
    changes = torch.linspace(-2, 2, 81, dtype=torch.float64)
    shifted = [float(gan_value(data, fake, (logit + c).sigmoid())) for c in changes]
    scaled = [float(gan_value(data, fake, (logit * (1 + c / 2)).sigmoid())) for c in changes]
    middle.plot(changes, shifted, label="logit + c")
    middle.plot(changes, scaled, label="logit x (1 + c/2)")
    middle.axhline(float(gan_value(data, fake, best)), color="k", linestyle=":", label="$D^*$")
    middle.set(title="No other D does better", xlabel="c", ylabel="V (nats)")

    centres = torch.linspace(-9, 9, 91, dtype=torch.float64).tolist()
    moved = [bump(centre, 0.5) for centre in centres]
    value = [float(gan_value(data, q, optimal_discriminator(data, q))) for q in moved]
    bound = [-math.log(4) + 2 * float(jensen_shannon(data, q)) for q in moved]
    right.plot(centres, value, label="$V(D^*, G)$")
    right.plot(centres[::5], bound[::5], "o", label=r"$-\log 4 + 2\,$JSD")
    right.set(title="Slide a narrow generator along the line", xlabel="its centre", ylabel="nats")
    for axes in (left, middle, right):
        axes.grid(alpha=0.3)
        axes.legend()
    plt.show()


# %% [markdown]
# ## 3. One step of each player
#
# Nobody can train $D$ to the optimum after every move of $G$. In practice the two take turns (Goodfellow et al. 2014,
# algorithm 1): one or a few steps of $D$, then one of $G$, each with an optimiser of its own.
#
# ### The discriminator's step
#
# Compute the loss on a real and a generated batch, and let the optimiser, which holds $D$'s parameters, take one step:
#
# $$\phi \leftarrow \text{optimiser step on } \nabla_\phi \, L_D\left(D_\phi(x), D_\phi(G_\theta(z))\right)$$
#
# The generator makes the fakes and is no more than a source of data here: nothing may flow back into it, neither a change
# of its parameters nor a gradient left in their `.grad`. A graph through $G$ would also cost the time of a backward pass
# that nobody needs. The generator's step before has left gradients in *$D$'s* `.grad`; they are no part of this step.


# %% answer="discriminator_step"
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    z: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    """One optimisation step of the discriminator on loss(D(x), D(G(z))) (Goodfellow et al. 2014, algorithm 1).

    optimizer: holds the discriminator's parameters; x: a real batch; z: (B, n_latent), codes (x and z may differ in number);
    loss: takes the outputs on real and on fake images, in this order, and returns a scalar to be minimised.
    It gets them as the discriminator returns them. Nothing is clipped. The generator gets no step and no gradient (each
    .grad stays as it was). Both networks are used in the mode (train or eval) that they are in, and are left as ready to be
    trained as they were: what was frozen stays frozen.
    Returns the loss before the step, detached: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    fake = generator(z).detach()
    value = loss(discriminator(x), discriminator(fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()
    ### END SOLUTION


# %% check="discriminator_step"
@visible_checks("discriminator_step")
def _():
    def loss(real, fake):
        return (real - 1).pow(2).mean() + (fake + 1).pow(2).mean()

    torch.manual_seed(0)
    generator, discriminator = nn.Linear(2, 3), nn.Linear(3, 1)
    x, z = torch.randn(16, 3) + 2, torch.randn(16, 2)
    before = [p.detach().clone() for p in (generator.weight, discriminator.weight)]
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.02)
    first = discriminator_step(generator, discriminator, optimizer, x, z, loss)
    assert isinstance(first, float) or (torch.is_tensor(first) and first.shape == ()), (
        "return the loss: a float or a 0-d tensor"
    )
    assert not (torch.is_tensor(first) and first.requires_grad), (
        "return the loss without its graph: detach it, or make it a float"
    )
    assert torch.equal(before[0], generator.weight), "the generator's weights changed"
    assert not torch.equal(before[1], discriminator.weight), (
        "the discriminator's weights did not change"
    )
    for _ in range(100):
        last = discriminator_step(generator, discriminator, optimizer, x, z, loss)
    assert float(last) < float(first), (
        "a hundred steps on one batch should lower the discriminator's loss"
    )


# %% [markdown]
# ### The generator's step
#
# Now the other way round. The gradient reaches $G$ *through* $D$, so here nothing is cut; but only $G$'s optimiser steps:
#
# $$\theta \leftarrow \text{optimiser step on } \nabla_\theta \, L_G\left(D_\phi(G_\theta(z))\right)$$


# %% answer="generator_step"
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    z: Tensor,
    loss: Callable[[Tensor], Tensor],
) -> Tensor:
    """One optimisation step of the generator on loss(D(G(z))) (Goodfellow et al. 2014, algorithm 1).

    optimizer: holds the generator's parameters; z: (B, n_latent), codes; loss: takes the outputs on fakes, as the
    discriminator returns them, and returns a scalar to be minimised. Nothing is clipped. Gradients left by earlier backward
    passes must not matter. The discriminator's parameters don't change (gradients may be left in their .grad, or cleared).
    Both networks are used in the mode (train or eval) that they are in, and are left as ready to be trained as they were:
    what was frozen stays frozen. Returns the loss before the step, detached: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    value = loss(discriminator(generator(z)))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()
    ### END SOLUTION


# %% check="generator_step"
@visible_checks("generator_step")
def _():
    def loss(fake):
        return (fake - 1).pow(2).mean()

    torch.manual_seed(0)
    generator, discriminator = nn.Linear(2, 3), nn.Linear(3, 1)
    z = torch.randn(16, 2)
    before = [p.detach().clone() for p in (generator.weight, discriminator.weight)]
    optimizer = torch.optim.SGD(generator.parameters(), lr=0.02)
    first = generator_step(generator, discriminator, optimizer, z, loss)
    assert isinstance(first, float) or (torch.is_tensor(first) and first.shape == ()), (
        "return the loss: a float or a 0-d tensor"
    )
    assert not (torch.is_tensor(first) and first.requires_grad), (
        "return the loss without its graph: detach it, or make it a float"
    )
    assert not torch.equal(before[0], generator.weight), "the generator's weights did not change"
    assert torch.equal(before[1], discriminator.weight), "the discriminator's weights changed"
    for _ in range(100):
        last = generator_step(generator, discriminator, optimizer, z, loss)
    assert float(last) < float(first), (
        "a hundred steps on one batch should lower the generator's loss"
    )


# %% [markdown]
# The smallest GAN: data on a line, two tiny networks, and your two steps in turn. The dashed curve is your
# `optimal_discriminator` for the two histograms: what $D$ would say at its best. At first all fakes are between the humps.
# After 150 iterations most of them are on one hump. After 600 there are two peaks of fakes, but they are narrower than the
# humps and beside their middles, so that a part of each hump is not covered. **Look at** the distance between the two curves.
# The present $D$ is close to 1/2 wherever there are data, as in an equilibrium. $D^*$ is not: it is near 1 where fakes are
# missing and lower where there are too many. What keeps the generator from covering the humps is a $D$ that has not seen this
# yet.

# %% train="line_gan"


@picture
def _():
    torch.manual_seed(0)
    generator = nn.Sequential(
        nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1)
    )
    discriminator = nn.Sequential(
        nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1)
    )
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=3e-3, betas=(0.5, 0.999))
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=3e-3, betas=(0.5, 0.999))

    def draw(n):
        return torch.where(torch.rand(n, 1) < 0.6, -1.5, 1.5) + 0.4 * torch.randn(n, 1)

    stages, edges = (0, 150, 600), torch.linspace(-4, 4, 41)
    middles = (edges[1:] + edges[:-1]) / 2
    _, panels = plt.subplots(1, len(stages), figsize=(14, 3.6), layout="constrained")
    for iteration in range(stages[-1] + 1):
        if iteration in stages:
            with torch.no_grad():
                samples = {"data": draw(20_000), "generator": generator(torch.randn(20_000, 4))}
                d = discriminator(middles[:, None]).sigmoid()[:, 0]
            axes = panels[stages.index(iteration)]
            densities = []
            for name, points in samples.items():
                density = torch.histogram(points[:, 0], edges, density=True).hist
                densities.append(density)
                axes.fill_between(middles, density, alpha=0.4, label=name)
            axes.plot(middles, d, "k", label="D")
            axes.plot(middles, optimal_discriminator(*densities), "k--", alpha=0.5, label="$D^*$")
            axes.set(title=f"{iteration:,} iterations", xlabel="x", ylim=(0, 1.7))
            axes.legend(loc="upper right")
        discriminator_step(
            generator,
            discriminator,
            d_optimizer,
            draw(128),
            torch.randn(128, 4),
            discriminator_loss,
        )
        generator_step(
            generator,
            discriminator,
            g_optimizer,
            torch.randn(128, 4),
            generator_loss_nonsaturating,
        )
    plt.show()


# %% [markdown]
# # Part two: an experiment
#
# ## 4. Experiment: which loss saturates?
#
# In theory the discriminator is optimal at every step of the generator. So it should be a good idea to train it more:
# several steps of $D$ for each step of $G$. You try this with three pairs of losses, minimax, non-saturating and least
# squares, and with one and five steps of $D$: six runs, everything else the same. At every step of $G$ you measure the
# norm of its gradient
#
# $$\lVert \nabla_\theta L_G \rVert_2 = \Bigl( \sum_{\text{all parameters } w \text{ of } G}
# \left( \partial L_G / \partial w \right)^2 \Bigr)^{1/2},$$
#
# of the loss that this very run minimises. A locked cell trains and draws; at the end you say in words what came out. The
# points lie in that analysis, and a person grades it with your figures in view, so hand the notebook in **with its
# outputs**.
#
# The data are 4,000 handwritten digits for training and 1,000 for testing. The networks are small perceptrons, so that all
# six runs take a few minutes on two cores; the convolutional ones come in the next notebook.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.

# %% train="losses_setup"
from torch.nn.utils import parameters_to_vector

from dgm import plots
from dgm.data import batches, load_digits
from dgm.metrics import digit_distance
from dgm.nets import mlp
from dgm.training import Settings, adam, evaluating, keep, seed_everything, train

settings = Settings()
device = settings.device
N_LATENT, BATCH_SIZE, WIDTH, N_SAMPLES = 64, 64, settings.width(256), 1000

x_train, _ = load_digits("train")  # pixels in [-1, 1]
x_test, _ = load_digits("test")
x_train, x_test = x_train.to(device), x_test.to(device)


def build_pair():
    """Untrained generator, (B, 64) -> (B, 1, 28, 28) in [-1, 1], and discriminator, (B, 1, 28, 28) -> (B, 1), no sigmoid."""
    generator = nn.Sequential(
        *(nn.Linear(N_LATENT, WIDTH // 2), nn.BatchNorm1d(WIDTH // 2), nn.ReLU()),
        *(nn.Linear(WIDTH // 2, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU()),
        *(nn.Linear(WIDTH, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))),
    )
    layers = mlp([784, WIDTH, WIDTH // 2, 1], lambda: nn.LeakyReLU(0.2))
    return generator.to(device), nn.Sequential(nn.Flatten(), *layers).to(device)


print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
plots.show_images(x_train[:24], "Training digits", n_columns=12)
print(
    f"Frechet distance of training digits (the floor): {digit_distance(x_train[:N_SAMPLES], x_test):.0f}"
)
noise = 2 * torch.rand(N_SAMPLES, 1, 28, 28, device=device) - 1
print(f"Frechet distance of uniform noise: {digit_distance(noise, x_test):.0f}")

# %% [markdown]
# **How samples are judged.** A small classifier, trained on the same digits, turns an image into 64 features. The *Fréchet
# distance* compares the mean and covariance of the features of 1,000 samples with those of the 1,000 test digits; it is
# small when the samples look like digits *and* come in the same variety. Its scale means nothing by itself, hence the two
# numbers above: real digits, and noise.
#
# **Write the norm of the gradient** that lies in a network's `.grad` after a backward pass.


# %% answer="gradient_norm"
def gradient_norm(module: nn.Module) -> Tensor:
    """Euclidean norm of all gradients of a module together, as they lie in .grad: a detached scalar. No .grad is zero."""
    ### BEGIN SOLUTION
    grads = [p.grad.flatten() for p in module.parameters() if p.grad is not None]
    return torch.cat(grads).norm() if grads else torch.zeros(())
    ### END SOLUTION


# %% [markdown]
# **Write one iteration**: one step of $D$ on each of the real batches, each with fresh codes, and then one step of $G$
# with fresh codes. Use your two step functions. The generator's `.grad` still holds the gradient of its step when that
# step is done.


# %% answer="gan_iteration"
def gan_iteration(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optimizer: torch.optim.Optimizer,
    d_optimizer: torch.optim.Optimizer,
    real_batches: Sequence[Tensor],
    n_latent: int,
    d_loss: Callable[[Tensor, Tensor], Tensor],
    g_loss: Callable[[Tensor], Tensor],
) -> dict[str, Tensor]:
    """One step of D on each of the real batches, (B, 1, 28, 28) each, then one step of G; codes are drawn for each step.

    Returns {"discriminator loss": of its last step, "generator loss": ..., "gradient norm": of G's step}.
    """

    ### BEGIN SOLUTION
    def codes(x):
        return torch.randn(len(x), n_latent, device=x.device)

    for x in real_batches:
        d_value = discriminator_step(generator, discriminator, d_optimizer, x, codes(x), d_loss)
    g_value = generator_step(generator, discriminator, g_optimizer, codes(x), g_loss)
    return {
        "discriminator loss": d_value,
        "generator loss": g_value,
        "gradient norm": gradient_norm(generator),
    }
    ### END SOLUTION


# %% train="saturation"
PAIRS = {
    "minimax": (discriminator_loss, generator_loss_minimax),
    "non-saturating": (discriminator_loss, generator_loss_nonsaturating),
    "least squares": (discriminator_loss_ls, generator_loss_ls),
}
D_STEPS, N_ITERATIONS = (1, 5), 2300


def run(pair, n_d, n_iterations, seed=0, g_beta_2=0.999, g_epsilon=1e-8):
    """Train one pair. g_beta_2, g_epsilon: of the generator's Adam.

    The history also has the length of G's step, and D's mean output on fakes: a probability where the loss has a sigmoid.
    """
    seed_everything(seed)
    generator, discriminator = build_pair()
    # Adam with the first moment's decay of 0.5 that is usual for GANs
    g_optimizer = adam(generator, lr=2e-4, betas=(0.5, g_beta_2))
    g_optimizer.param_groups[0]["eps"] = g_epsilon
    optimizers = [g_optimizer, adam(discriminator, lr=2e-4, betas=(0.5, 0.999))]
    stream = batches(x_train, BATCH_SIZE, seed=seed)
    raw, spectator = pair == "least squares", torch.Generator().manual_seed(seed)

    def step(i):
        reals = [next(stream) for _ in range(n_d)]
        before = parameters_to_vector(generator.parameters()).detach()
        values = gan_iteration(generator, discriminator, *optimizers, reals, N_LATENT, *PAIRS[pair])
        with torch.no_grad():
            z = torch.randn(BATCH_SIZE, N_LATENT, generator=spectator).to(device)
            output = discriminator(generator(z))
            length = (parameters_to_vector(generator.parameters()) - before).norm()
        return values | {"D(G(z))": (output if raw else output.sigmoid()).mean(), "step": length}

    history = train(step, settings.iterations(n_iterations), description=f"{pair}, {n_d} D steps")
    return generator, discriminator, history


saturation = {(pair, n_d): run(pair, n_d, N_ITERATIONS) for n_d in D_STEPS for pair in PAIRS}
generators = {
    f"{pair}_{n_d}".replace(" ", "_").replace("-", "_"): trained[0]
    for (pair, n_d), trained in saturation.items()
}
keep("saturation", **generators)

# %% [markdown]
# The gradients. The axis is logarithmic: each line is a factor of ten. **Look for** a curve that keeps falling. With plain
# gradient descent such a generator would stand still. Adam rescales gradients, so a small gradient need not mean a small
# step: look at the samples as well. The last experiment of this notebook measures the steps.

# %% train="saturation_gradients"


def smoothed(values, floor=1e-12):
    """Running geometric mean over about 25 iterations, for logarithmic axes: the iterations in the middle, and the means."""
    logs = torch.tensor(values, dtype=torch.float64).clamp(min=floor).log()
    width = max(1, min(25, len(logs) // 5))
    means = logs.unfold(0, width, 1).mean(1).exp()
    return torch.arange(len(means)) + (width + 1) / 2, means


figure, panels = plt.subplots(1, 2, figsize=(12, 4), sharey=True, layout="constrained")
for axes, n_d in zip(panels, D_STEPS, strict=True):
    for pair in PAIRS:
        axes.plot(*smoothed(saturation[pair, n_d][2]["gradient norm"]), label=pair)
    axes.set(title=f"{n_d} discriminator step{'s' * (n_d > 1)} per generator step", yscale="log")
    axes.set_xlabel("iteration (steps of the generator)")
    axes.grid(alpha=0.3)
panels[0].set_ylabel("norm of the generator's gradient")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# What the discriminator says of generated images: a probability for the first two losses (on a logarithmic axis), a raw
# output for least squares, where it aims at 0 for fakes and the generator at 1.

# %% train="saturation_outputs"
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
for (pair, n_d), (_, _, history) in saturation.items():
    axes = right if pair == "least squares" else left
    axes.plot(history["D(G(z))"], label=f"{pair}, {n_d} D", linewidth=0.9)
left.set(title="Mean probability D(G(z))", yscale="log", ylabel="probability of real")
right.set(title="Least squares: mean output D(G(z))", ylabel="raw output")
for level in (0, 1):
    right.axhline(level, color="k", linestyle=":")
for axes, place in ((left, "outside lower left"), (right, "outside lower right")):
    axes.set_xlabel("iteration (steps of the generator)")
    axes.grid(alpha=0.3)
    figure.legend(*axes.get_legend_handles_labels(), loc=place, ncols=2)
plt.show()

# %% [markdown]
# Samples and numbers. Norm and $D(G(z))$ are those of the last tenth of training (median and mean). By the chain rule the
# gradient of one fake is the slope of the loss at $D$'s output, times the gradient of that output in $\theta$. Section 1
# drew the slope; its mean size follows from $D(G(z))$. **Compare** how much of the difference between two norms is in it.

# %% train="saturation_samples"
print(f"{'loss':<18}{'D steps':>8}{'distance':>10}{'gradient norm':>15}{'D(G(z))':>10}")
for n_d in D_STEPS:
    grids = {}
    for pair in PAIRS:
        generator, _, history = saturation[pair, n_d]
        seed_everything(1)
        with evaluating(generator):
            images = generator(torch.randn(N_SAMPLES, N_LATENT, device=device))
        n = max(1, len(history["gradient norm"]) // 10)
        norm = sorted(history["gradient norm"][-n:])[n // 2]
        output = sum(history["D(G(z))"][-n:]) / n
        distance = digit_distance(images, x_test)
        print(f"{pair:<18}{n_d:>8}{distance:>10.0f}{norm:>15.2g}{output:>10.2g}")
        grids[pair] = images[:40]
    plots.show_grids(
        grids, f"Samples, {n_d} discriminator step{'s' * (n_d > 1)} per generator step"
    )

# %% [markdown]
# One run proves little. The run that stands out, with other seeds, for a quarter of the time:

# %% train="saturation_seeds"
for seed in (1, 2):
    norms = run("minimax", 5, N_ITERATIONS // 4, seed=seed)[2]["gradient norm"]
    n = max(1, len(norms) // 10)
    first, last = sorted(norms[:n])[n // 2], sorted(norms[-n:])[n // 2]
    print(
        f"minimax, 5 D steps, seed {seed}: gradient norm early {first:.2g}, at the end {last:.2g}"
    )

# %% [markdown]
# **A small gradient, a small step?** Adam (Kingma and Ba 2015) moves each weight by
#
# $$\Delta w = -\alpha \, \frac{\hat m}{\sqrt{\hat v} + \epsilon},$$
#
# where $\hat m$ and $\hat v$ are running means of its gradient and of the square of its gradient, with decays $\beta_1$ and
# $\beta_2$. If all gradients were a thousand times smaller, the steps would be the same. So why does the generator of the
# stalled run not move? Two suspects: the small number $\epsilon$ in the divisor, and how long $\hat v$ remembers. Each gets a
# run, in which only the *generator's* Adam is changed: one with $\epsilon = 10^{-15}$ for $10^{-8}$, one with
# $\beta_2 = 0.9$ for $0.999$. **Look at** the right panel, the length of the steps $\lVert \theta_{t+1} - \theta_t \rVert_2$,
# and say what it has to do with the left one.

# %% train="saturation_memory"
memory = {
    "as above": saturation["minimax", 5],
    "epsilon = 1e-15": run("minimax", 5, N_ITERATIONS // 4, g_epsilon=1e-15),
    "beta_2 = 0.9": run("minimax", 5, N_ITERATIONS // 2, g_beta_2=0.9),
}
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
for name, (generator, _, history) in memory.items():
    style = {"label": name, "linestyle": "--" if "epsilon" in name else "-"}
    left.plot(*smoothed(history["gradient norm"]), **style)
    right.plot(*smoothed(history["step"]), **style)
    seed_everything(1)
    with evaluating(generator):
        distance = digit_distance(
            generator(torch.randn(N_SAMPLES, N_LATENT, device=device)), x_test
        )
    for i in sorted({settings.iterations(N_ITERATIONS // 4) - 1, len(history["step"]) - 1}):
        print(
            f"{name}, iteration {i + 1:,}: gradient norm {history['gradient norm'][i]:.2g},"
            f" length of the step {history['step'][i]:.2g}"
        )
    print(f"{name}: distance {distance:.0f} at the end of this run")
left.set(title="Gradient of the generator", yscale="log", ylabel="norm of the gradient")
right.set(title="What Adam makes of it", yscale="log", ylabel="length of the step")
for axes in (left, right):
    axes.set_xlabel("iteration (steps of the generator)")
    axes.grid(alpha=0.3)
figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# **Analysis** (8 points). (a) Which of the six runs saturate, and how do you see it in the gradient norms, in $D(G(z))$
# and in the samples? (b) Derive the slope of each of the three losses with respect to $D$'s output $\ell$ on a fake, and
# explain with it why one loss saturates and two don't. Check it with the table: estimate each run's mean slope from
# $D(G(z))$. Is it the slope that vanishes, or the rest of the gradient? (c) What do more steps of $D$ do to each of the
# three, for better or worse? The theory of section 2 asks for an optimal $D$: why does the loss that the theory is about
# fail when it gets one? (d) Why does the stalled generator not move, although
# Adam rescales its gradient? Which of the two suspects is it, what does the measured step say, and why does the other value
# change so much? (e) Compare the samples with the distances, and say what the other seeds and this experiment do not show.
#
# *Limit: 750 words, a formula counting as one.*

# %% [markdown] analysis="saturation_study"
# ### BEGIN SOLUTION
# (a) One run saturates: minimax with five steps of D. Its gradient norm falls from a peak of about 1 to 0.02 within 150
# iterations, and from 500 on by a factor of ten about every 700, a straight line, to less than 1e-5. D(G(z)) falls in parallel, to 2e-7, and the samples are noise (distance 5,419). The other five keep
# their norms: about 1 (minimax, 1 step), 3.4 and 7.3 (non-saturating), 0.5 and 0.7 (least squares). So the minimax loss
# does not always saturate: with one step of D, D(G(z)) stays near 0.3 and it trains like the others.
#
# (b) With D = sigmoid(l) and d sigmoid / dl = D (1 - D):
#
# - minimax: d log(1 - D) / dl = -D. A sure discriminator (l far below 0) means D = e^l, so the slope vanishes exponentially:
#   at l = -15 it is 3e-7.
# - non-saturating: d(-log D) / dl = -(1 - D), which tends to -1 in the same place. Its slope vanishes only on fakes that D
#   takes for real, and there nothing needs to be learnt.
# - least squares: d 1/2 (l - 1)^2 / dl = l - 1, linear in the raw output, without a sigmoid. A perfect discriminator gives 0
#   and the slope is -1; the further below 1 the output, the larger the slope.
#
# The gradient of one fake is the slope times the gradient of l in theta. From the table, the mean slope is D(G(z)) for
# minimax: 0.29 with one step and 1.8e-7 with five; 1 - D(G(z)) for non-saturating: 0.69 and 0.90; and about 1 - D(G(z))
# for least squares: 0.71 and 0.91. The rest, norm divided by slope, is about 32 in the saturated run (5.8e-6 / 1.8e-7) and
# between 0.7 and 8 in the others: it has not shrunk. Only the slope vanishes. D still knows in which direction the
# images are bad, and the loss multiplies that by 1e-7.
#
# (c) More steps bring D nearer to its optimum, which separates noise from digits almost perfectly: l falls. For minimax
# that is fatal, and it feeds itself: a generator that hardly moves is easier still to recognise. For the non-saturating
# loss the slope grows (0.69 to 0.90) and D gets steeper, so the norm rises (from 3.4 to 7.3, with a peak near 20 early);
# D(G(z)) is lower (0.1 for 0.3) and jumps over orders of magnitude. That of least squares rises little (0.48 to 0.67). Both
# get better samples from the better teacher, at about three times the computing time (1,995 to 1,631, and 1,680 to 1,380).
# The theory says that against an optimal D the generator descends the Jensen-Shannon divergence; for distributions that
# don't overlap this is log 2 wherever the generator is, and its gradient is zero (the flat ends in the right panel of section
# 2). The loss does what the theory says, and that is of no use there.
#
# (d) It is the memory, not epsilon: with 1e-15 gradient and step are the same at iteration 575 (9.0e-4 and 6.8e-4). With
# beta_2 = 0.999, v-hat averages about 1,000 squared gradients. The first are about 1, and the root of v falls by a factor of
# ten in 4,600 iterations at best, the gradient in 700. So Adam divides a small gradient by the memory of large ones, and the
# step falls with the gradient, which feeds the stall. With 0.9 the memory is 10 iterations long and the divisor follows the
# gradient. After a dip near iteration 130 the step is back at 0.06, about half of the learning rate times the root of the
# number of weights, in a direction that was right all along. D(G(z)) rises again, and the distance is 2,674 after 1,150
# iterations (5,441 with 0.999, after 575). The loss saturates; whether the generator stands still is up to the optimiser.
#
# (e) With one step of D all three give blurred, speckled digits, many of which can be named, and the distances (1,680 to
# 1,995) are too close to rank the losses by one run. With five the strokes of non-saturating and least squares are
# cleaner. All are far from the floor of 18: perceptrons, 4,000 digits, few iterations. The two other seeds of the
# saturated run fall as well, from about 0.45 to 0.001-0.002 at 575 iterations, so the stall is no accident of the seed. Not
# shown: other architectures and learning rates. With a faster generator or a weaker D minimax may survive five steps.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: names the run or runs that saturate by the norms on the logarithmic axis, with numbers, and says that minimax with
#   one step of D does not (or less), as the figures show (0.5); links it to D(G(z)) near 0 and to samples that stay noise
#   (0.5).
# - 2 points: the three slopes, -D, -(1 - D) and l - 1 (1 point if one is wrong or only stated in words), each with its
#   limit where D is sure that the image is fake.
# - 1 point: uses the table: the slope accounts for the difference, the rest of the gradient has not vanished.
# - 1 point: more D steps: fatal for minimax and self-reinforcing, larger and noisier gradients for non-saturating, little
#   change for least squares; better samples of the last two, at a higher cost.
# - 1 point: why the optimal D does not help: the divergence is constant (log 2) for distributions that don't overlap, so the
#   minimax gradient against it is zero.
# - 1 point: Adam: epsilon changes next to nothing and beta_2 much, with the measured steps (0.5); the divisor remembers the
#   large gradients of the beginning for about 1 / (1 - beta_2) iterations, longer than the gradient takes to fall (0.5).
# - 1 point: the figures are there; samples and distances agree with what is said; names a limit (few seeds, one architecture
#   and learning rate, distances too close to rank).
#
# Common error: "the gradient is below epsilon" as the reason: no credit for (d), unless the student's own figure shows it.
# ### END MARK SCHEME
