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
# # Denoising diffusion
#
# A diffusion model draws an image in many small steps: it starts from noise and takes a little of the noise away each time.
# It needs no adversary and no invertible network, only a network that has learned to tell the noise from the image. In the
# first part of this notebook you write the whole of DDPM (Ho, Jain and Abbeel 2020, "Denoising diffusion probabilistic
# models"), one function per question: the noise schedules, the forward process and its posterior, the U-Net that takes the
# time, the loss, and the chain that draws. In the second part your functions are trained on handwritten digits. You look at
# the chain, at the loss of each step, at two schedules and at three things that a network can predict.
#
# Every question has an **answer cell**, where you replace the lines that raise `NotImplementedError`, and below it a **check
# cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest mistakes of shape
# and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dgm.check import visible_checks
from dgm.plots import picture

N_GROUPS = 4  # of every group norm in this notebook

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $x_0$ | `x_0` | data, for images in $[-1, 1]$ | `(B, ...)` |
# | $x_t$ | `x_t` | the data after $t + 1$ noisings | as `x_0` |
# | $\epsilon$ | `eps`, `noise` | standard normal noise | as `x_0` |
# | $t$ | `t` | the step, int64 in $0, \dots, T - 1$, one for each sample | `(B,)` |
# | $\beta_t$ | `betas` | variance of the noise that step $t$ adds | `(T,)` |
# | $\alpha_t$ | | $1 - \beta_t$ | `(T,)` |
# | $\bar\alpha_t$ | `alpha_bar` | $\alpha_0 \alpha_1 \cdots \alpha_t$ | `(T,)` |
# | $\hat\epsilon$, $\hat x_0$ | `eps_hat`, `x_0_hat` | what a network predicts | as `x_0` |
#
# * **Steps count from 0**, as in code. Papers count from 1, and their $\bar\alpha_0 = 1$ is the value *before* our step 0:
#   `alpha_bar[t]` belongs to $x_t$, and what comes before step 0 is the data, with $\bar\alpha = 1$. It is in no array.
# * **One `t` for each sample.** The numbers that belong to it are broadcast over all other axes: images `(B, C, H, W)`, points
#   `(B, D)`, or numbers `(B,)`.
# * **Noise is an argument.** No function draws random numbers.
# * A **network** is called as `network(x_t, t)`, by position, and returns a tensor like `x_t`. It stays in the mode (training or evaluation)
#   that it is in.
# * **Precision.** A result has the dtype of the data (`x_0`, `x_t`, `x_s`), also where the schedule is float64 and the images
#   are float32. What is computed from a schedule alone, such as $1 - \bar\alpha_t$, is computed in the schedule's own
#   precision, and cast to that of the data after that: in float32, $1 - 0.999999$ has one correct digit. (A network in float32
#   does not take float64 images.)
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. All tensor arguments of one call are on one device, and the result is on it, too. Tensors that you create go
#   there, for example `torch.zeros_like(x)`. A result with several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument of floating type, and the parameters of a network, as the formula has
#   them, unless a question says otherwise. They are finite wherever the formula's are. If nothing needs gradients, the
#   result keeps no graph.
# * **Sizes**: a batch may hold one sample, an image one channel or one pixel, and a schedule one step. Keep the axes that the
#   shapes name (`squeeze()` without an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), and whether they need gradients. A function keeps
#   nothing from one call for the next.
# * Where a question says that `ValueError` is raised, the message is yours to choose.
# * Each question is graded independently: a mistake in one costs nothing in another.

# %% [markdown]
# ## 1. Schedules
#
# Step $t$ of the forward process shrinks the image a little and adds a little noise, so that the variance of a pixel of
# variance 1 stays 1:
#
# $$q(x_t \mid x_{t-1}) = \mathcal{N}\big(\sqrt{1 - \beta_t} \; x_{t-1}, \; \beta_t I\big)$$
#
# The betas are chosen, not learned. Ho et al. take $T = 1000$ and let them rise evenly from $10^{-4}$ to $0.02$.


# %% answer="linear_schedule"
def linear_schedule(n_steps: int, first: float = 1e-4, last: float = 0.02) -> Tensor:
    """Betas that rise evenly from `first` to `last`, both included (Ho et al. 2020, section 4).

    n_steps: T, at least 1. Returns (T,), float64, on the CPU. The ends are exact. For T = 1, the
    one beta is `first`.
    """
    ### BEGIN SOLUTION
    return torch.linspace(first, last, n_steps, dtype=torch.float64)
    ### END SOLUTION


# %% check="linear_schedule"
@visible_checks("linear_schedule")
def _():
    betas = linear_schedule(5, 0.1, 0.3)
    assert torch.is_tensor(betas) and betas.shape == (5,), "one beta for each step"
    assert betas.dtype == torch.float64, "schedules are float64"
    assert abs(float(betas[0]) - 0.1) < 1e-9, "the first beta is `first`"
    assert abs(float(betas[-1]) - 0.3) < 1e-9, "the last beta is `last`: both ends are included"
    assert abs(float(betas[1]) - 0.15) < 1e-9, "the betas rise evenly, not their roots"


# %% [markdown]
# With the linear schedule the image is gone long before the end, and many steps are spent on what is nothing but noise.
# Nichol and Dhariwal (2021, "Improved denoising diffusion probabilistic models", section 3.2) fix how much of the image is left,
# $\bar\alpha$, and get the betas from it. With the time $u$ from 0 (data) to 1 (noise),
#
# $$\bar\alpha(u) = \frac{f(u)}{f(0)}, \qquad f(u) = \cos^2\!\Big(\frac{u + s}{1 + s} \cdot \frac{\pi}{2}\Big)$$
#
# Step $t$ leads from the time $u = t / T$ to $u = (t + 1) / T$, so that
#
# $$\beta_t = \min\!\Big(1 - \frac{\bar\alpha((t + 1) / T)}{\bar\alpha(t / T)}, \; \beta_\text{max}\Big), \qquad t = 0, \dots, T - 1$$
#
# The offset $s$ keeps the first betas from being too small. The maximum keeps the last one below 1, where $\bar\alpha$ would be 0
# and the step could not be undone.


# %% answer="cosine_schedule"
def cosine_schedule(n_steps: int, s: float = 0.008, max_beta: float = 0.999) -> Tensor:
    """Betas of the cosine schedule (Nichol and Dhariwal 2021, section 3.2), at most `max_beta`.

    n_steps: T, at least 1. s: the offset, at least 0. Returns (T,), float64, on the CPU.
    """
    ### BEGIN SOLUTION
    u = torch.arange(n_steps + 1, dtype=torch.float64) / n_steps
    f = torch.cos((u + s) / (1 + s) * math.pi / 2).square()
    return (1 - f[1:] / f[:-1]).clamp(max=max_beta)
    ### END SOLUTION


# %% check="cosine_schedule"
@visible_checks("cosine_schedule")
def _():
    betas = cosine_schedule(4, s=0.0)
    assert torch.is_tensor(betas) and betas.shape == (4,), "one beta for each step"
    assert betas.dtype == torch.float64, "schedules are float64"
    assert abs(float(betas[0]) - math.sin(math.pi / 8) ** 2) < 1e-6, (
        "without an offset, the first of four steps leaves cos^2(pi / 8) of the variance"
    )
    assert abs(float(betas[-1]) - 0.999) < 1e-9, "the last beta would be 1: it is clipped"
    assert betas[1] > betas[0], "the betas rise"
    assert cosine_schedule(1000)[0] > 2 * cosine_schedule(1000, s=0.0)[0], (
        "the offset makes the first beta larger"
    )


# %% [markdown]
# Steps of Gaussian noise add up to one step of Gaussian noise. What is left of the image after steps $0, \dots, t$ is
# $\sqrt{\bar\alpha_t} \, x_0$ (Ho et al. 2020, section 2).


# %% answer="alpha_bars"
def alpha_bars(betas: Tensor) -> Tensor:
    """alpha_bar[t], the product of 1 - betas[0], ..., 1 - betas[t].

    betas: (T,), float64 or float32, 0 <= beta < 1. Returns (T,), of the dtype and on the device of
    betas. The product is computed in float64 also for float32 betas: a thousand factors close to 1,
    each rounded, would add up to an error that counts.
    """
    ### BEGIN SOLUTION
    return (1 - betas.double()).cumprod(0).to(betas.dtype)
    ### END SOLUTION


# %% check="alpha_bars"
@visible_checks("alpha_bars")
def _():
    alpha_bar = alpha_bars(torch.tensor([0.5, 0.25, 0.0], dtype=torch.float64))
    assert torch.is_tensor(alpha_bar) and alpha_bar.shape == (3,), "one number for each step"
    assert abs(float(alpha_bar[0]) - 0.5) < 1e-9, (
        "alpha_bar[0] belongs to x_t after one noising: it is 1 - betas[0], not 1"
    )
    assert torch.allclose(alpha_bar, torch.tensor([0.5, 0.375, 0.375], dtype=torch.float64)), (
        "a product of the alphas, 1 - beta"
    )


# %% [markdown]
# How noisy is $x_t$? Data of variance 1 are scaled by $\sqrt{\bar\alpha_t}$ and have noise of variance $1 - \bar\alpha_t$ on top, so
# the **signal-to-noise ratio** is (Kingma et al. 2021, "Variational diffusion models", section 3.1)
#
# $$\operatorname{SNR}(t) = \frac{\bar\alpha_t}{1 - \bar\alpha_t}$$
#
# It is a ratio of variances, without a root and without a logarithm, and says more than $t$: two schedules with the same SNR at
# their steps are the same.


# %% answer="snr"
def snr(alpha_bar: Tensor) -> Tensor:
    """alpha_bar / (1 - alpha_bar): ratio of the variances of signal and noise.

    alpha_bar: any shape, in [0, 1]. Returns the same shape: 0 where alpha_bar is 0, infinity where
    it is 1.
    """
    ### BEGIN SOLUTION
    return alpha_bar / (1 - alpha_bar)
    ### END SOLUTION


# %% check="snr"
@visible_checks("snr")
def _():
    ratio = snr(torch.tensor([0.0, 0.2, 0.5, 0.9, 1.0], dtype=torch.float64))
    assert torch.is_tensor(ratio) and ratio.shape == (5,), "one number for each alpha_bar"
    assert abs(float(ratio[2]) - 1) < 1e-9, "half signal, half noise: the ratio is 1"
    assert abs(float(ratio[3]) - 9) < 1e-6, "nine tenths signal: the ratio is 9, of variances"
    assert ratio[0] == 0 and ratio[4] == math.inf, "no signal gives 0, no noise infinity"


# %% [markdown]
# The picture shows both schedules. **Look for** the share of the steps in which the image is all but gone (a logarithm of the SNR
# below -5), and for the step where signal and noise are equal.

# %% train="schedules_picture"
import matplotlib.pyplot as plt


@picture
def _():
    _, axes = plt.subplots(1, 3, figsize=(12, 3.2), layout="constrained")
    for name, betas in (("linear", linear_schedule(1000)), ("cosine", cosine_schedule(1000))):
        alpha_bar = alpha_bars(betas)
        log_snr = snr(alpha_bar).log()
        for ax, values in zip(axes, (betas, alpha_bar, log_snr), strict=True):
            ax.plot(values, label=name)
        gone = (log_snr < -5).double().mean()
        print(
            f"{name}: SNR 1 at step {int((log_snr > 0).sum())} of 1000,"
            f" log SNR below -5 in {100 * gone:.0f}% of the steps"
        )
    for ax, title in zip(axes, ("beta", "alpha_bar", "log SNR"), strict=True):
        ax.set(title=title, xlabel="step t")
        ax.grid(alpha=0.3)
    axes[0].set_yscale("log")
    axes[2].set_ylim(-12, 10)
    axes[0].legend()
    plt.show()


# %% [markdown]
# ## 2. The forward process
#
# For training one wants $x_t$ at any step, without the steps before it. Since they add up (Ho et al. 2020, eq. 4),
#
# $$q(x_t \mid x_0) = \mathcal{N}\big(\sqrt{\bar\alpha_t} \, x_0, \; (1 - \bar\alpha_t) I\big)$$


# %% answer="q_sample"
def q_sample(x_0: Tensor, t: Tensor, eps: Tensor, alpha_bar: Tensor) -> Tensor:
    """Draw x_t ~ q(x_t | x_0) in closed form (Ho et al. 2020, eq. 4), with the noise `eps`.

    x_0, eps: (B, ...) with any axes after the batch, or none; t: (B,) int64 in 0..T-1, one step for
    each sample; alpha_bar: (T,). Returns x_t, of the shape and dtype of x_0.
    """
    ### BEGIN SOLUTION
    at_t = alpha_bar[t].reshape(-1, *[1] * (x_0.dim() - 1))
    return at_t.sqrt().to(x_0.dtype) * x_0 + (1 - at_t).sqrt().to(x_0.dtype) * eps
    ### END SOLUTION


# %% check="q_sample"
@visible_checks("q_sample")
def _():
    alpha_bar = torch.tensor([0.64, 0.36], dtype=torch.float64)
    x_0, eps = torch.ones(2, 3, 4, 2), torch.full((2, 3, 4, 2), 10.0)
    x_t = q_sample(x_0, torch.tensor([0, 1]), eps, alpha_bar)
    assert torch.is_tensor(x_t) and x_t.shape == x_0.shape, "x_t has the shape of x_0"
    assert x_t.dtype == torch.float32, "the dtype of x_0, although the schedule is float64"
    assert torch.allclose(x_t[0], torch.tensor(0.8 + 6.0)), (
        "sqrt(alpha_bar) times the data plus sqrt(1 - alpha_bar) times the noise"
    )
    assert torch.allclose(x_t[1], torch.tensor(0.6 + 8.0)), "each sample has its own step"
    assert q_sample(x_0[:, 0, 0, 0], torch.tensor([0, 1]), eps[:, 0, 0, 0], alpha_bar).shape == (
        2,
    ), "data may have no axes after the batch"


# %% [markdown]
# The same between any two steps $s < t$. From $\alpha_{s+1} \cdots \alpha_t = \bar\alpha_t / \bar\alpha_s$,
#
# $$q(x_t \mid x_s) = \mathcal{N}\Big(\sqrt{\bar\alpha_t / \bar\alpha_s} \; x_s, \; \big(1 - \bar\alpha_t / \bar\alpha_s\big) I\Big)$$
#
# The data are what comes before step 0, so they have the number $s = -1$ here, with $\bar\alpha_{-1} = 1$. With it, going from $-1$ to $s$ and
# from $s$ to $t$ gives the same distribution as `q_sample`. (A trap: in Python, index -1 is the *last* entry.)


# %% answer="q_between"
def q_between(x_s: Tensor, s: Tensor, t: Tensor, eps: Tensor, alpha_bar: Tensor) -> Tensor:
    """Draw x_t ~ q(x_t | x_s) with the noise `eps`: from step s on to a later step t.

    x_s, eps: (B, ...); s, t: (B,) int64 with -1 <= s < t <= T-1, one pair for each sample; s = -1
    means that x_s is the data x_0. alpha_bar: (T,). Returns x_t, of the shape and dtype of x_s.
    """
    ### BEGIN SOLUTION
    before = torch.cat([torch.ones_like(alpha_bar[:1]), alpha_bar])  # before[i + 1] = alpha_bar[i]
    ratio = (alpha_bar[t] / before[s + 1]).reshape(-1, *[1] * (x_s.dim() - 1))
    return ratio.sqrt().to(x_s.dtype) * x_s + (1 - ratio).sqrt().to(x_s.dtype) * eps
    ### END SOLUTION


# %% check="q_between"
@visible_checks("q_between")
def _():
    alpha_bar = torch.tensor([0.8, 0.5, 0.4, 0.1])
    x, eps = torch.full((2, 3), 2.0), torch.ones(2, 3)
    x_t = q_between(x, torch.tensor([0, 1]), torch.tensor([1, 2]), eps, alpha_bar)
    assert torch.is_tensor(x_t) and x_t.shape == (2, 3), "x_t has the shape of x_s"
    assert torch.allclose(x_t[1], torch.tensor(2 * 0.8**0.5 + 0.2**0.5)), (
        "from alpha_bar 0.5 to 0.4 the ratio is 0.8: its root scales x, the root of the rest eps"
    )
    assert torch.allclose(x_t[0], torch.tensor(2 * 0.625**0.5 + 0.375**0.5)), (
        "each sample has its own pair of steps"
    )
    start, end = torch.tensor([-1, -1]), torch.tensor([2, 0])
    assert torch.allclose(
        q_between(x, start, end, eps, alpha_bar), q_sample(x, end, eps, alpha_bar)
    ), "s = -1 means the data: alpha_bar is 1 there (or q_sample is not right yet)"


# %% [markdown]
# ### The posterior
#
# The network will have to undo single steps. What would it aim at, if it knew the data? Given $x_0$ and $x_t$, the step before is
# Gaussian as well (Ho et al. 2020, eq. 6 and 7):
#
# $$q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\big(\tilde\mu_t(x_t, x_0), \; \tilde\beta_t I\big)$$
# $$\tilde\mu_t = \frac{\sqrt{\bar\alpha_{t-1}} \, \beta_t}{1 - \bar\alpha_t} \, x_0 + \frac{\sqrt{\alpha_t} \, (1 -
# \bar\alpha_{t-1})}{1 - \bar\alpha_t} \, x_t, \qquad \tilde\beta_t = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \, \beta_t$$
#
# At $t = 0$ the step before is the data: the mean is $x_0$ and the variance 0. Far from there $\tilde\beta_t$ is nearly $\beta_t$: at
# the 500th of Ho et al.'s steps the ratio is 0.999, at the second 0.45.


# %% answer="posterior"
def posterior(x_0: Tensor, x_t: Tensor, t: Tensor, betas: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of q(x_{t-1} | x_t, x_0) (Ho et al. 2020, eq. 6 and 7).

    x_0, x_t: (B, ...); t: (B,) int64 in 0..T-1, one step for each sample; betas: (T,), above 0 and
    below 1. Returns the mean, as x_0, and the variance beta_tilde (B,), one number for each sample,
    of the dtype of x_0. At t = 0 the mean is x_0 and the variance 0.
    """
    ### BEGIN SOLUTION
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])
    of_x_0 = (before.sqrt() * betas / (1 - alpha_bar))[t].to(x_0.dtype)
    of_x_t = ((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar))[t].to(x_0.dtype)
    variance = ((1 - before) / (1 - alpha_bar) * betas)[t].to(x_0.dtype)
    shape = (-1, *[1] * (x_0.dim() - 1))
    return of_x_0.reshape(shape) * x_0 + of_x_t.reshape(shape) * x_t, variance
    ### END SOLUTION


# %% check="posterior"
@visible_checks("posterior")
def _():
    betas = torch.tensor([0.2, 0.5], dtype=torch.float64)
    x_0, x_t = torch.ones(2, 3), torch.full((2, 3), 4.0)
    mean, variance = posterior(x_0, x_t, torch.tensor([0, 1]), betas)
    assert mean.shape == (2, 3), "the mean has the shape of x_0"
    assert variance.shape == (2,), "the variance is one number for each sample"
    assert mean.dtype == variance.dtype == torch.float32, "both have the dtype of x_0"
    assert torch.allclose(mean[0], x_0[0]) and variance[0] < 1e-12, (
        "before step 0 are the data: at t = 0 the mean is x_0 and the variance 0"
    )
    assert abs(float(variance[1]) - 0.2 / 0.6 * 0.5) < 1e-6, (
        "beta_tilde at t = 1: (1 - alpha_bar_0) / (1 - alpha_bar_1) beta_1, with alpha_bar = 0.8, 0.4"
    )
    expected = (0.8**0.5 * 0.5 + 0.5**0.5 * 0.2 * 4) / 0.6
    assert torch.allclose(mean[1], torch.tensor(expected)), (
        "the mean has sqrt(alpha_bar) of the step before with x_0 and sqrt(alpha) with x_t"
    )


# %% [markdown]
# ## 3. The network
#
# One network serves all steps, so it has to be told the step. As a bare number $t$ would be hard to tell apart from $t + 1$. It is
# given as sines and cosines of many frequencies instead, as positions are in a transformer (Vaswani et al. 2017). This is the
# form of Ho et al.'s code: with $h = \lfloor n / 2 \rfloor$,
#
# $$\omega_i = P^{-i / (h - 1)}, \quad i = 0, \dots, h - 1, \qquad \text{emb}(t) = \big[\sin(\omega_0 t), \dots, \sin(\omega_{h-1} t), \;
# \cos(\omega_0 t), \dots, \cos(\omega_{h-1} t)\big]$$
#
# so that the frequencies go from 1 down to $1 / P$, **both included**. (Other code divides by $h$ and never reaches the end, or takes sines and cosines in
# turn. Networks learn with either, but weights don't fit from one to the other.) If $n$ is odd, a zero is added at the end. For $h = 1$
# the only frequency is 1.


# %% answer="time_embedding"
def time_embedding(t: Tensor, n: int, max_period: float = 10_000.0) -> Tensor:
    """Sines, then cosines, of t times frequencies from 1 to 1 / max_period (code of Ho et al. 2020).

    t: (B,), int64 or floating; n: at least 2; max_period: P, above 1.
    Returns (B, n): of the dtype of t if that is floating, else float32. The last column is zero if
    n is odd.
    """
    ### BEGIN SOLUTION
    half = n // 2
    times = t if t.is_floating_point() else t.float()
    places = torch.arange(half, device=t.device, dtype=times.dtype) / max(half - 1, 1)
    angles = times[:, None] * torch.exp(-math.log(max_period) * places)
    return F.pad(torch.cat([angles.sin(), angles.cos()], dim=1), (0, n % 2))
    ### END SOLUTION


# %% check="time_embedding"
@visible_checks("time_embedding")
def _():
    emb = time_embedding(torch.tensor([0, 1, 7]), 6, 100.0)
    assert torch.is_tensor(emb) and emb.shape == (3, 6), "n numbers for each time"
    assert emb.dtype == torch.float32, "whole numbers give float32"
    assert torch.equal(emb[0], torch.tensor([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])), (
        "all sines come first, then all cosines"
    )
    assert abs(float(emb[1, 0]) - math.sin(1)) < 1e-5, "the first frequency is 1"
    assert abs(float(emb[2, 2]) - math.sin(0.07)) < 1e-5, (
        "the last frequency is 1 / max_period, exactly: the exponent is i / (half - 1)"
    )
    assert abs(float(emb[2, 1]) - math.sin(0.7)) < 1e-5, "the one in the middle is 1 / 10 here"
    assert torch.equal(time_embedding(torch.tensor([2.0]), 3)[:, 2], torch.zeros(1)), (
        "odd sizes end with a zero"
    )


# %% [markdown]
# ### The residual block
#
# The U-Net is made of residual blocks that are told the time (Ho et al. 2020, appendix B). The embedding is *added* to each
# channel, between two convolutions:
#
# $$h = \operatorname{conv_1}(\operatorname{silu}(\operatorname{norm_1}(x))) + \operatorname{emb}(\operatorname{silu}(e)), \qquad \text{out} =
# \operatorname{shortcut}(x) + \operatorname{conv_2}(\operatorname{silu}(\operatorname{norm_2}(h)))$$
#
# The parts are attributes with these names, and there are no other parameters:
#
# | attribute | is |
# | --- | --- |
# | `norm_1`, `norm_2` | group norm with `N_GROUPS` groups (4, from the first cell), of $n_\text{in}$ and $n_\text{out}$ channels, PyTorch's defaults otherwise |
# | `conv_1`, `conv_2` | 3x3 convolutions with padding 1 and bias, $n_\text{in} \to n_\text{out}$ and $n_\text{out} \to n_\text{out}$ |
# | `emb` | a linear layer with bias, $n_\text{emb} \to n_\text{out}$ |
# | `shortcut` | $x$ itself, without parameters, if $n_\text{in} = n_\text{out}$; else a 1x1 convolution with bias, $n_\text{in} \to n_\text{out}$ |


# %% answer="residual_block"
class ResidualBlock(nn.Module):
    """A residual block that adds an embedding of the time to its channels (Ho et al. 2020).

    ResidualBlock(n_in, n_out, n_emb): channels that come in and go out, multiples of N_GROUPS; size
    of the embedding. The parts and their names are those of the table; they begin with PyTorch's
    own random weights.
    """

    def __init__(self, n_in: int, n_out: int, n_emb: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.norm_1 = nn.GroupNorm(N_GROUPS, n_in)
        self.conv_1 = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.emb = nn.Linear(n_emb, n_out)
        self.norm_2 = nn.GroupNorm(N_GROUPS, n_out)
        self.conv_2 = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.shortcut = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)
        ### END SOLUTION

    def forward(self, x: Tensor, emb: Tensor) -> Tensor:
        """x: (B, n_in, H, W); emb: (B, n_emb), one for each sample. Returns (B, n_out, H, W)."""
        ### BEGIN SOLUTION
        h = self.conv_1(F.silu(self.norm_1(x)))
        h = h + self.emb(F.silu(emb))[:, :, None, None]
        return self.shortcut(x) + self.conv_2(F.silu(self.norm_2(h)))
        ### END SOLUTION


# %% check="residual_block"
@visible_checks("residual_block")
def _():
    block = ResidualBlock(8, 12, 5)
    x, emb = torch.randn(3, 8, 6, 4), torch.randn(3, 5)
    assert block(x, emb).shape == (3, 12, 6, 4), "n_out channels, height and width as before"
    n_weights = sum(parameter.numel() for parameter in block.parameters())
    assert n_weights == 16 + 876 + 72 + 24 + 1308 + 108, (
        f"by the table ResidualBlock(8, 12, 5) has 2404 numbers; yours has {n_weights}"
    )
    n_equal = sum(parameter.numel() for parameter in ResidualBlock(8, 8, 5).parameters())
    assert n_equal == 2 * 16 + 2 * 584 + 48, (
        "if as many channels go out as come in, the shortcut is x itself, without parameters"
    )
    assert not torch.allclose(block(x, emb), block(x, emb + 1)), "the embedding makes a difference"
    with torch.no_grad():
        for parameter in block.conv_2.parameters():
            parameter.zero_()
    assert torch.allclose(block(x, emb), block.shortcut(x)), (
        "with conv_2 at zero only the shortcut is left: nothing comes after the sum"
    )


# %% [markdown]
# ### The U-Net
#
# Noise is everywhere in the image and digits are large, so the network has to look at both scales. A **U-Net** (Ronneberger et al.
# 2015) goes down to a coarse image and up again, and hands what it had at each size over to the way up. `widths` are the channels
# $w_0, \dots, w_{L-1}$ of its $L$ levels. Level $i$ works at $1/2^i$ of the height and width.
#
# | step | | channels |
# | --- | --- | --- |
# | embedding | your `time_embedding(t, n_emb)` (default period), then `embed`: linear, SiLU, linear, all of size $n_\text{emb}$ | |
# | `first` | 3x3 convolution, padding 1 | $n_\text{channels} \to w_0$ |
# | down, $i = 0$ | `down[0]` | $w_0 \to w_0$ |
# | down, $i = 1, \dots, L - 1$ | 2x2 average pooling, then `down[i]` | $w_{i-1} \to w_i$ |
# | up, $i = L - 2, \dots, 0$ | nearest upsampling by 2, then the output of `down[i]` is concatenated **behind** it, then `up[L - 2 - i]` | $w_{i+1} + w_i \to w_i$ |
# | `last` | group norm (`N_GROUPS`), SiLU, 3x3 convolution with padding 1 | $w_0 \to n_\text{channels}$ |
#
# `down` and `up` are `nn.ModuleList`s of $L$ and $L - 1$ blocks, `embed` and `last` `nn.Sequential`s of three modules. All linear layers and convolutions
# have a bias, and there are no other parameters. A block is made by the argument `block`: `block(n_in, n_out, n_emb)` gives a module
# that is called with an image and an embedding. So the same U-Net can be built from your `ResidualBlock`, as in the experiments,
# or from others; the hidden checks hand in blocks of their own.


# %% answer="time_unet"
class TimeUNet(nn.Module):
    """A U-Net of residual blocks that are told the time, with the parts and names of the table.

    TimeUNet(n_channels, widths, n_emb, block): channels of the images; channels of each level, at
    least one, multiples of N_GROUPS; size of the time embedding; what makes a block.
    """

    def __init__(
        self,
        n_channels: int,
        widths: Sequence[int],
        n_emb: int,
        block: Callable[[int, int, int], nn.Module],
    ) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        widths = list(widths)
        self.n_emb = n_emb
        self.embed = nn.Sequential(nn.Linear(n_emb, n_emb), nn.SiLU(), nn.Linear(n_emb, n_emb))
        self.first = nn.Conv2d(n_channels, widths[0], 3, padding=1)
        come = [widths[0], *widths[:-1]]
        self.down = nn.ModuleList(block(w, v, n_emb) for w, v in zip(come, widths, strict=True))
        self.up = nn.ModuleList(
            block(widths[i + 1] + widths[i], widths[i], n_emb)
            for i in reversed(range(len(widths) - 1))
        )
        self.last = nn.Sequential(
            nn.GroupNorm(N_GROUPS, widths[0]),
            nn.SiLU(),
            nn.Conv2d(widths[0], n_channels, 3, padding=1),
        )
        ### END SOLUTION

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """x: (B, n_channels, H, W); t: (B,), int64 or floating, embedded in the dtype of x.

        Returns a tensor like x. Raises ValueError unless 2^(L-1) divides H and W.
        """
        ### BEGIN SOLUTION
        factor = 2 ** (len(self.down) - 1)
        if x.shape[2] % factor or x.shape[3] % factor:
            raise ValueError(f"{factor} must divide height and width of {tuple(x.shape)}")
        emb = self.embed(time_embedding(t.to(x.dtype), self.n_emb))
        h, skips = self.first(x), []
        for i, block in enumerate(self.down):
            h = block(F.avg_pool2d(h, 2) if i > 0 else h, emb)
            skips.append(h)
        skips.pop()  # of the coarsest level nothing is handed over
        for block in self.up:
            h = block(torch.cat([F.interpolate(h, scale_factor=2.0), skips.pop()], dim=1), emb)
        return self.last(h)
        ### END SOLUTION


# %% check="time_unet"
class _PlainBlock(nn.Module):
    """For the check only: a 1x1 convolution plus a linear layer of the embedding."""

    def __init__(self, n_in, n_out, n_emb):
        super().__init__()
        self.sizes = n_in, n_out, n_emb
        self.conv, self.emb = nn.Conv2d(n_in, n_out, 1), nn.Linear(n_emb, n_out)

    def forward(self, x, emb):
        return self.conv(x) + self.emb(emb)[:, :, None, None]


@visible_checks("time_unet")
def _():
    net = TimeUNet(2, [4, 8, 12], 6, _PlainBlock)
    assert [block.sizes for block in net.down] == [(4, 4, 6), (4, 8, 6), (8, 12, 6)], (
        "down[0] keeps w_0 channels, down[i] goes from w_{i-1} to w_i"
    )
    assert [block.sizes for block in net.up] == [(20, 8, 6), (12, 4, 6)], (
        "the blocks on the way up take w_{i+1} + w_i channels and give w_i, the coarsest comes first"
    )
    assert {name.split(".")[0] for name, _ in net.named_parameters()} == {
        *("embed", "first", "down", "up", "last")
    }, "the parts have the names of the table, and there are no others"
    x, t = torch.randn(3, 2, 8, 12), torch.tensor([0, 5, 9])
    y = net(x, t)
    assert y.shape == x.shape, "the result is like x"
    assert not torch.allclose(y, net(x, t + 1)), "the time makes a difference"
    assert torch.allclose(net(x[1:2], t[1:2]), y[1:2], atol=1e-4), "each sample has its own time"
    hint = "each output of `down` but the last is concatenated behind the upsampled image"
    with torch.no_grad():
        net.up[1].conv.weight[:, :8] = 0  # what comes from below
        net.up[1].emb.weight.zero_()
        skip = net.down[0](net.first(x), net.embed(time_embedding(t.float(), 6)))
        skip = F.pad(skip, (0, 0, 0, 0, 8, 0))  # behind eight channels of zeros
        assert torch.allclose(
            net.last(net.up[1].conv(skip) + net.up[1].emb.bias[:, None, None]), net(x, t), atol=1e-4
        ), hint
    assert TimeUNet(1, [4], 6, _PlainBlock)(x[:, :1, :5, :3], t).shape == (3, 1, 5, 3), (
        "one level only: no pooling, nothing to concatenate"
    )


# %% [markdown]
# ## 4. The loss
#
# Training draws one step for *each sample*, evenly from all $T$ of them, the first and the last included. With one step for the whole batch the gradient
# would be much noisier. Uniform numbers $u \in [0, 1)$ become steps by $t = \lfloor u T \rfloor$.


# %% answer="draw_times"
def draw_times(u: Tensor, n_steps: int) -> Tensor:
    """One step for each sample, evenly from 0..n_steps-1: floor(u n_steps).

    u: (B,), uniform in [0, 1), float32 or float64. Returns (B,), int64, on the device of u. Never
    more than n_steps - 1, even for u = 1, which half precision would round to.
    """
    ### BEGIN SOLUTION
    return (u * n_steps).long().clamp(max=n_steps - 1)
    ### END SOLUTION


# %% check="draw_times"
@visible_checks("draw_times")
def _():
    t = draw_times(torch.tensor([0.0, 0.24, 0.26, 0.74, 0.76, 0.999]), 4)
    assert torch.is_tensor(t) and t.shape == (6,), "one step for each sample"
    assert t.dtype == torch.int64, "steps are int64, as indices have to be"
    assert t.tolist() == [0, 0, 1, 2, 3, 3], "from 0 to T - 1, each with a quarter of [0, 1)"
    assert draw_times(torch.ones(1), 4).tolist() == [3], "u = 1 gives the last step, T - 1"


# %% [markdown]
# The network predicts the noise. The variational bound of the whole chain is a sum of weighted squared errors of that prediction, and Ho et al. found that
# images get better without the weights (eq. 14):
#
# $$L_\text{simple} = \mathbb{E}_{t, x_0, \epsilon} \; \big\lVert \epsilon - \epsilon_\theta\big(\sqrt{\bar\alpha_t} \, x_0 + \sqrt{1 -
# \bar\alpha_t} \, \epsilon, \; t\big) \big\rVert^2$$
#
# As usual in code, the squared error is *averaged* over the pixels, too, so that the network that always answers 0 has a loss of 1.


# %% answer="simple_loss"
def simple_loss(
    network: Callable[[Tensor, Tensor], Tensor],
    x_0: Tensor,
    t: Tensor,
    eps: Tensor,
    alpha_bar: Tensor,
) -> Tensor:
    """Mean squared error of the predicted noise (Ho et al. 2020, eq. 14).

    network: called once, as network(x_t, t), with the t that is given; x_0, eps: (B, ...); t: (B,)
    int64; alpha_bar: (T,). Returns a number (0-d): the mean over the batch and all numbers of a
    sample. Gradients reach the network's parameters.
    """
    ### BEGIN SOLUTION
    return F.mse_loss(network(q_sample(x_0, t, eps, alpha_bar), t), eps)
    ### END SOLUTION


# %% check="simple_loss"
@visible_checks("simple_loss")
def _():
    alpha_bar = torch.tensor([0.9, 0.36], dtype=torch.float64)
    x_0, eps, t = torch.randn(4, 1, 3, 3), torch.randn(4, 1, 3, 3), torch.tensor([0, 1, 1, 0])
    loss = simple_loss(lambda x, t: torch.zeros_like(x), x_0, t, eps, alpha_bar)
    assert torch.is_tensor(loss) and loss.shape == (), "one number"
    assert torch.allclose(loss, eps.square().mean()), (
        "a network that answers 0 has the mean square of the noise as its loss: a mean, not a sum"
    )

    def knows_x_0(x_t, t):
        at_t = alpha_bar[t].float()[:, None, None, None]
        return (x_t - at_t.sqrt() * x_0) / (1 - at_t).sqrt()

    assert simple_loss(knows_x_0, x_0, t, eps, alpha_bar) < 1e-8, (
        "a network that knows the data finds the noise, and has no loss (or q_sample is not right yet)"
    )


# %% [markdown]
# A network that predicts the noise predicts the image as well: from $x_t$ and $\hat\epsilon$ follows $\hat x_0 = (x_t - \sqrt{1 -
# \bar\alpha_t} \, \hat\epsilon) / \sqrt{\bar\alpha_t}$. Put in, $\hat x_0 - x_0 = \sqrt{(1 - \bar\alpha_t) / \bar\alpha_t} \;
# (\epsilon - \hat\epsilon)$. So
#
# $$\lVert \epsilon - \hat\epsilon \rVert^2 = \operatorname{SNR}(t) \; \lVert x_0 - \hat x_0 \rVert^2$$
#
# The simple loss *is* a loss on $x_0$ with the weight $\operatorname{SNR}(t)$: an error counts for much where there is little noise. That may be too much
# of a good thing. Hang et al. (2023, "Efficient diffusion training via Min-SNR weighting strategy") cap the weight: $\min(\operatorname{SNR}(t), \gamma)$.


# %% answer="x_0_loss"
def x_0_loss(
    x_0_hat: Tensor,
    x_0: Tensor,
    t: Tensor,
    alpha_bar: Tensor,
    max_weight: float = math.inf,
) -> Tensor:
    """Mean over the batch of min(SNR(t), max_weight) times the mean squared error of x_0_hat.

    x_0_hat, x_0: (B, ...); t: (B,) int64; alpha_bar: (T,); max_weight: gamma of Hang et al. (2023).
    Returns a number (0-d), of the dtype of x_0. Without a maximum it is the simple loss of the noise
    that belongs to x_0_hat.
    """
    ### BEGIN SOLUTION
    at_t = alpha_bar[t]
    weight = (at_t / (1 - at_t)).clamp(max=max_weight).to(x_0.dtype)
    return (weight * (x_0_hat - x_0).square().reshape(len(x_0), -1).mean(1)).mean()
    ### END SOLUTION


# %% check="x_0_loss"
@visible_checks("x_0_loss")
def _():
    alpha_bar = torch.tensor([0.9, 0.5, 0.2], dtype=torch.float64)
    x_0, t = torch.zeros(2, 1, 2, 2), torch.tensor([0, 2])
    loss = x_0_loss(torch.full_like(x_0, 2.0), x_0, t, alpha_bar)
    assert torch.is_tensor(loss) and loss.shape == (), "one number"
    assert abs(float(loss) - 4 * (9 + 0.25) / 2) < 1e-4, (
        "the squared error, 4 here, times SNRs of 9 and 1/4, averaged over the batch"
    )
    capped = x_0_loss(torch.full_like(x_0, 2.0), x_0, t, alpha_bar, max_weight=5.0)
    assert abs(float(capped) - 4 * (5 + 0.25) / 2) < 1e-4, "no weight is above the maximum"


# %% [markdown]
# ## 5. Drawing
#
# To draw, the chain is walked backwards. The network's noise stands for an $\hat x_0$, and that one put into the posterior's mean gives (Ho
# et al. 2020, eq. 11 and algorithm 2)
#
# $$x_{t-1} = \frac{1}{\sqrt{\alpha_t}} \Big(x_t - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}} \, \hat\epsilon\Big) + \sigma_t z, \qquad z \sim
# \mathcal{N}(0, I)$$
#
# Two variances $\sigma_t^2$ suggest themselves. $\tilde\beta_t$ is right if the data are a single point, $\beta_t$ if they are standard normal, and the
# best one lies in between (section 3.2 there). The last step, $t = 0$, gives the image and adds **no noise**, whichever is chosen.


# %% answer="ancestral_step"
def ancestral_step(
    x_t: Tensor,
    eps_hat: Tensor,
    t: Tensor,
    noise: Tensor,
    betas: Tensor,
    variance: str = "beta",
) -> Tensor:
    """One step of the backward chain, x_t -> x_{t-1} (Ho et al. 2020, algorithm 2).

    x_t, eps_hat, noise: (B, ...); t: (B,) int64 in 0..T-1, one step for each sample; betas: (T,),
    above 0 and below 1; variance: "beta" or "beta_tilde". Returns a tensor like x_t; samples with
    t = 0 get no noise. Raises ValueError for another `variance`.
    """
    ### BEGIN SOLUTION
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"variance must be 'beta' or 'beta_tilde', not {variance!r}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values: Tensor) -> Tensor:
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise
    ### END SOLUTION


# %% check="ancestral_step"
@visible_checks("ancestral_step")
def _():
    betas = torch.tensor([0.2, 0.5], dtype=torch.float64)
    x_t, eps_hat, noise = torch.full((2, 3), 4.0), torch.ones(2, 3), torch.full((2, 3), 10.0)
    t = torch.tensor([0, 1])
    for variance, sigma in (("beta", 0.5**0.5), ("beta_tilde", (0.2 / 0.6 * 0.5) ** 0.5)):
        x = ancestral_step(x_t, eps_hat, t, noise, betas, variance)
        assert torch.is_tensor(x) and x.shape == (2, 3), "the result is like x_t"
        assert x.dtype == torch.float32, "the dtype of x_t, although the schedule is float64"
        assert torch.allclose(x[0], torch.tensor((4 - 0.2 / 0.2**0.5) / 0.8**0.5)), (
            "step 0 adds no noise, and its mean is (x - beta / sqrt(1 - alpha_bar) eps) / sqrt(alpha)"
        )
        mean = (4 - 0.5 / 0.6**0.5) / 0.5**0.5
        assert torch.allclose(x[1], torch.tensor(mean + 10 * sigma)), (
            f"other steps add the root of {variance} times the noise"
        )


# %% [markdown]
# The chain is $T$ such steps, from the last to the first. The noise of all steps is handed in. What belongs to step $t$ is `noise[t]`.


# %% answer="ancestral_sample"
def ancestral_sample(
    network: Callable[[Tensor, Tensor], Tensor],
    x_T: Tensor,
    noise: Tensor,
    betas: Tensor,
    variance: str = "beta",
) -> Tensor:
    """Walk the whole chain from x_T, standard normal, to x_0 (Ho et al. 2020, algorithm 2).

    network: gives eps_hat for (x_t, t), t int64 (B,), and is called once for each step, from T-1
    down to 0; x_T: (B, ...); noise: (T, B, ...), noise[t] is used by step t, so noise[0] is not
    used; betas: (T,), above 0 and below 1; variance: "beta" or "beta_tilde". Returns x_0 (B, ...),
    not clamped. No gradients are recorded, whatever the network or the arguments need: the result
    needs none.
    """
    ### BEGIN SOLUTION
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x
    ### END SOLUTION


# %% check="ancestral_sample"
@visible_checks("ancestral_sample")
def _():
    betas, times = torch.tensor([0.1, 0.3, 0.5], dtype=torch.float64), []
    alpha_bar = torch.cumprod(1 - betas, 0)
    data = torch.tensor([[0.5, -1.0]])

    def knows_x_0(x_t, t):  # the best network if the data are one point
        times.append(t.tolist())
        at_t = alpha_bar[t].float()[:, None]
        return (x_t - at_t.sqrt() * data) / (1 - at_t).sqrt()

    x_T, noise = torch.randn(4, 2), torch.randn(3, 4, 2)
    for variance in ("beta", "beta_tilde"):
        times.clear()
        x = ancestral_sample(knows_x_0, x_T, noise, betas, variance)
        assert torch.is_tensor(x) and x.shape == (4, 2), "the result is like x_T"
        assert times == [[2] * 4, [1] * 4, [0] * 4], (
            "one call for each step, from T - 1 down to 0, with the step of each sample"
        )
        assert torch.allclose(x, data.expand(4, 2), atol=1e-4), (
            "if the data are one point and the network knows it, every chain ends there (or "
            "ancestral_step is not right yet)"
        )


# %% [markdown]
# ## 6. Experiment: a diffusion model of digits
#
# The experiments have one shape: locked cells train with your functions and draw; at the end you say in words what came
# out. The points are in that analysis, and a person grades it with your figures in view, so hand the notebook in **with its
# outputs**. All cells together take about five minutes on two quiet cores.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead. The digits
# have 16 x 16 pixels here: 2 x 2 of the original pixels are averaged. On a GPU they have all 28 x 28; `SIZE` is the switch.
#
# Your cosine schedule has $T = 200$ steps, enough for digits, with betas of at most 0.2. (At a beta of 0.999 the chain divides by $\sqrt{0.001}$,
# and what the network got wrong is 32 times as large after this one step. The paper cuts $\hat x_0$ to $[-1, 1]$ to get away with it.) Your U-Net has three levels of 16, 32 and 64 channels. The weights
# that draw are a running average (`EMA`). While it trains, twelve chains are drawn again and again from the same noise. **Look for** the
# order in which things are learned: black background, strokes, digits.

# %% train="ddpm_setup"
from dgm import plots
from dgm.data import batches, load_digits
from dgm.metrics import digit_distance, digit_probabilities
from dgm.nets import n_parameters
from dgm.training import (
    EMA,
    Settings,
    adam,
    evaluating,
    fit,
    keep,
    keep_tensors,
    seed_everything,
)

settings = Settings()
device = settings.device
SIZE = 28 if device.type == "cuda" else 16
N_STEPS, N_EMB, BATCH_SIZE, RATE = 200, 64, 64, 2e-3
WIDTHS = [8 * round(settings.width(w) / 8) for w in (16, 32, 64)]

x_train, labels_train = (part.to(device) for part in load_digits("train", size=SIZE))
x_test, labels_test = (part.to(device) for part in load_digits("test", size=SIZE))
if settings.fast:
    x_test, labels_test = x_test[:200], labels_test[:200]
SHAPE = tuple(x_train.shape[1:])


class Process:
    """A schedule, and what follows from it by your functions, on the device."""

    def __init__(self, betas):
        self.betas = betas.to(device)
        self.alpha_bar = alpha_bars(self.betas)

    def roots(self, t):
        """sqrt(alpha_bar) and sqrt(1 - alpha_bar) at the steps t (B,), for images."""
        at_t = self.alpha_bar[t][:, None, None, None]
        return at_t.sqrt().float(), (1 - at_t).sqrt().float()


def loss_of(network, predicts, process, x_0, t, eps):
    """The loss that belongs to what the network predicts: eps, x_0 or v."""
    if predicts == "eps":
        return simple_loss(network, x_0, t, eps, process.alpha_bar)
    prediction = network(q_sample(x_0, t, eps, process.alpha_bar), t)
    if predicts == "x_0":  # Min-SNR: without a maximum it would be the loss on eps
        return x_0_loss(prediction, x_0, t, process.alpha_bar, max_weight=5.0)
    signal, noise = process.roots(t)
    return F.mse_loss(prediction, signal * eps - noise * x_0)


def noise_predictor(network, predicts, process):
    """A network that predicts eps, made of one that predicts eps, x_0 or v."""

    def eps_hat(x_t, t):
        prediction = network(x_t, t)
        signal, noise = process.roots(t)
        if predicts == "x_0":
            return (x_t - signal * prediction) / noise
        return prediction if predicts == "eps" else noise * x_t + signal * prediction

    return eps_hat


def draw_digits(network, process, n, seed, predicts="eps", variance="beta_tilde", portion=250):
    """Digits drawn by your chain, clamped to [-1, 1]: (n, 1, SIZE, SIZE)."""
    generator, digits = torch.Generator().manual_seed(seed), []
    with evaluating(network):
        for first in range(0, n, portion):
            size = min(portion, n - first), *SHAPE
            x_T = torch.randn(size, generator=generator).to(device)
            noise = torch.randn(len(process.betas), *size, generator=generator).to(device)
            eps_hat = noise_predictor(network, predicts, process)
            digits.append(ancestral_sample(eps_hat, x_T, noise, process.betas, variance))
    return torch.cat(digits).clamp(-1, 1)


def train_ddpm(name, process, n_iterations, every, predicts="eps", seed=0):
    """The average of the trained weights, the losses, and twelve digits on the way."""
    seed_everything(seed)
    network = TimeUNet(1, WIDTHS, N_EMB, ResidualBlock).to(device)
    average, optimizer = EMA(network, decay=0.995), adam(network, lr=RATE)
    stream, n_steps = batches(x_train, BATCH_SIZE), len(process.betas)

    def step(i):
        for group in optimizer.param_groups:  # a short warm-up, then half a cosine
            group["lr"] = (
                RATE * min(1, (i + 1) / 100) * (1 + math.cos(math.pi * i / n_iterations)) / 2
            )
        x_0 = next(stream)
        t = draw_times(torch.rand(len(x_0), device=device), n_steps)
        loss = loss_of(network, predicts, process, x_0, t, torch.randn_like(x_0))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average.update(network)
        return {"loss": loss}

    def look():
        return draw_digits(average.module, process, 12, seed=0, predicts=predicts)

    history, stages = fit(name, step, n_iterations, look, every=every, first=None)
    return average.module, history, stages


def covered(digits):
    """Of each digit, the share of the images that the classifier takes for it: (10,)."""
    return torch.bincount(digit_probabilities(digits).argmax(1), minlength=10).cpu() / len(digits)


def report(name, digits):
    """Print the distance of the images to as many test digits, and what the classifier sees."""
    real, shares = x_test[: len(digits)], covered(digits)
    sure = (digit_probabilities(digits).amax(1) > 0.9).float().mean()
    print(
        f"{name:<26} distance {digit_distance(digits, real):6.1f}, {int((shares > 0.02).sum())} of 10 digits"
        f" above 2%, classifier sure of {100 * sure:.0f}%"
    )


# %% train="ddpm_digits"
cosine = Process(cosine_schedule(N_STEPS, max_beta=0.2))
N_ITERATIONS = settings.iterations(2500)
ddpm, history, stages = train_ddpm(
    "DDPM", cosine, N_ITERATIONS, every=settings.iterations(500), seed=1
)
keep("ddpm_digits", ddpm, sizes={f"width_{i}": width for i, width in enumerate(WIDTHS)})
print(f"{n_parameters(ddpm.requires_grad_()):,} weights")
plots.loss_curves({"DDPM": history}, "The simple loss", smooth=50)
plots.show_rows(stages, "The same twelve chains, drawn as the training goes on")

# %% [markdown]
# What do the chain and its weights look like at work? The first figure shows three chains from noise (left) to digits, and in
# the second row of each the image $\hat x_0$ that the network has in mind at that step. **Look for** the step from which on the digit in
# the second row stays the same. The numbers below are for 1,000 digits, and for 500 with either variance.

# %% train="ddpm_chain"
SHOWN = [
    min(N_STEPS - 1, round(s * N_STEPS))
    for s in (1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
]
generator = torch.Generator().manual_seed(4)
x = torch.randn(3, *SHAPE, generator=generator).to(device)
chain, guesses = [], []
with evaluating(ddpm):
    for step in reversed(range(N_STEPS)):
        t = torch.full((len(x),), step, device=device)
        eps_hat = ddpm(x, t)
        if step in SHOWN:
            signal, noise = cosine.roots(t)
            chain.append(x)
            guesses.append((x - noise * eps_hat) / signal)
        z = torch.randn(x.shape, generator=generator).to(device)
        x = ancestral_step(x, eps_hat, t, z, cosine.betas, "beta_tilde")
chain.append(x)
guesses.append(x)
rows = {}
for i in range(len(x)):
    rows[f"x_t, chain {i + 1}"] = torch.stack([images[i] for images in chain]).clamp(-1, 1)
    rows[f"x_0_hat, chain {i + 1}"] = torch.stack([images[i] for images in guesses]).clamp(-1, 1)
plots.show_rows(rows, "From step " + ", ".join(map(str, SHOWN)) + " and the result")

N_SAMPLES = 100 if settings.fast else 1000
digits = {
    "beta_tilde": draw_digits(ddpm, cosine, N_SAMPLES, seed=2),
    "beta": draw_digits(ddpm, cosine, N_SAMPLES // 2, seed=2, variance="beta"),
}
report("real training digits", x_train[:N_SAMPLES])
report("DDPM, beta_tilde", digits["beta_tilde"])
for variance, images in digits.items():  # distances of sets of equal size only can be compared
    report(f"half as many, {variance}", images[: N_SAMPLES // 2])
shares = covered(digits["beta_tilde"])
print(
    "share of each digit:", ", ".join(f"{i}: {100 * s:.0f}%" for i, s in enumerate(shares.tolist()))
)
plots.show_images(digits["beta_tilde"][:60], "DDPM: digits that the chain draws", n_columns=12)

# %% [markdown]
# **Graded by its samples** (6 points). The digits are saved at 28 x 28 in `artifacts/ddpm_samples.safetensors`, which you hand in with the
# notebook: without the border that the small digits have, enlarged, and with more contrast, since averaging pixels has made their strokes grey. The points come from that
# file, and no code is run for them. What counts is the Fréchet distance of the samples to the test digits in their original size: at most
# 400 earns all points, at most 800 half of them. (Real 16 x 16 digits, enlarged in the same way, have 43.) Two conditions: at least eight of the ten digits have more than 2% of
# the samples, as the classifier sees them, and the samples are the model's own. Copies of real digits, or the same few samples many
# times over, earn nothing. The last cell shows what the grader will report.

# %% train="ddpm_samples"


def enlarge(images):
    """16 x 16 digits as digits of 28 x 28, those of 28 x 28 as they are."""
    if images.shape[-1] == 28:
        return images
    inner = images[..., 1:-1, 1:-1]  # of the border of one pixel
    return (2 * F.interpolate(inner, size=28, mode="bicubic")).clamp(-1, 1)


keep_tensors("ddpm_samples", {"samples": enlarge(digits["beta_tilde"]).cpu()})

# %% quality="ddpm_samples_quality"

# %% [markdown]
# **Analysis** (8 points). (a) Describe the loss curve, and the rows of digits drawn on the way: when are there strokes, when digits that you can
# name? Why does the loss hardly fall while the digits still get better? (b) The chain: describe $x_t$ and $\hat x_0$ from the first step to the last. In which part of the
# chain is it decided which digit it will be, and what happens before and after that? What does $\hat x_0$ look like in the first steps, and why? (c) Report
# distance, coverage and the share of each digit. Which variance is better here? Explain it by what either variance is right for. (d) The GAN of the last assignment
# draws a thousand digits in less than a second. Count the evaluations of the network that your chain needs for them, and name one thing that the diffusion model has for that price.

# %% [markdown] analysis="ddpm_digits"
# ### BEGIN SOLUTION
# (a) The loss falls from 1 to 0.1 within 200 iterations and then hardly at all: 0.08 at 500, 0.065 in the end. At 500 iterations the background is black and every chain
# ends in strokes, of which some can be named already (a 2, a 4, a C-shaped piece). Later the strokes get clean and join: the fifth chain turns from loose strokes into a 2, the ninth closes
# to a 0 at 1,500. From 2,000 on little changes. The loss is a mean over all steps, and most of the noise can be predicted from very little (where it is black, where strokes go on).
# What makes a digit a digit is decided at few steps and by few pixels, and is a small part of the squared error.
#
# (b) In $x_t$ nothing can be seen down to step 140 or so; a digit comes out of the noise between 120 and 60, and then only the noise goes away. $\hat x_0$ begins, at step 199, with a rough bright blot in the middle; at 180 and 160 it is
# a soft grey shape, close to a mean of all digits. Between 160 and 100 the shape is decided: chain 1 goes from something like a 3 to a 7, chain 2 from a 0 to a 2, chain 3 from a slanted 1 to a 2. From step 80 on $\hat x_0$ stays the same digit and gets only sharper edges.
# Where $x_t$ is nearly pure noise it tells nothing of the image, and the best prediction in the mean square is the mean of everything that is possible, which is grey. (At the very first step it is not even that: dividing by $\sqrt{\bar\alpha} = 0.026$ makes small errors in $\hat\epsilon$ large.)
#
# (c) Distance 39.0 for 1,000 digits with $\tilde\beta$ (real training digits: 5.6), all ten digits between 6% (3) and 16% (1). With 500 digits: 43.5 with $\tilde\beta$ and 45.7 with $\beta$, which is no difference that one run could show. $\tilde\beta$ is right for data that are one
# point, $\beta$ for standard normal data. Digits are in between: most pixels are always black, nearly a point given the others. With 200 steps the two variances differ at the last few steps only, where $\beta$ leaves a little more noise in the image.
# The classifier is sure of 60% only, against 92% of real digits: many samples are well drawn strokes that are no digit.
#
# (d) 200 evaluations for each digit, 200,000 for a thousand, against one each for the GAN. For that price: a loss that falls, with no adversary to balance; all ten digits are there, where GANs lose some; a distance of 39 at 16 x 16; a loss that means the same in each run
# and can be compared on test digits.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the loss falls fast, then slowly; the rows of digits described with iterations (strokes first, digits later).
# - 1 point: why the loss hardly falls while digits get better: mean over all steps and pixels; what decides the shape is a small part of the error (or similar).
# - 2 points: the chain: x_t is noise for long, the digit is decided in a middle part (named, about steps 160 to 100), later steps only remove noise and sharpen. 1 point for x_t alone.
# - 1 point: the first x_0_hat is grey or blurred because the best prediction is a mean of all digits (or a rough blot, since small errors are divided by a small root of alpha_bar).
# - 1 point: distance, coverage, shares, from the student's own run.
# - 1 point: variances: beta_tilde for one point, beta for standard normal data, both nearly equal but at the last steps; concludes no more than the numbers allow.
# - 1 point: 200 evaluations for each digit against one; a sensible advantage (stable training, coverage, quality, a loss that can be compared).
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Experiment: the loss of each step
#
# The loss that was plotted is a mean over all steps, which hides most of it. Here it is taken at 24 steps, each with the same 500 training digits and 500 test digits and the
# same noise: as the loss on $\epsilon$ and, by the SNR, as the error of $\hat x_0$. The third curve is what one gets who knows nothing of digits but the mean and the variance of each pixel: the best linear
# prediction. **Look for** where the loss is close to 1, where it is close to 0, and for the distance between the training and the test curve.

# %% train="loss_per_step"
STEPS = torch.linspace(0, N_STEPS - 1, 24).round().long().tolist()
N_LOOKED_AT = 50 if settings.fast else 500
mean, spread = x_train.mean(0), x_train.var(0)


def linear_guess(x_t, t):
    """The best prediction of eps if every pixel is normal and all are independent."""
    signal, noise = cosine.roots(t)
    return noise * (x_t - signal * mean) / (signal**2 * spread + noise**2)


curves = {"training digits": [], "test digits": [], "pixel by pixel, test digits": []}
with evaluating(ddpm):
    for step in STEPS:
        for name, images, network in zip(
            curves, (x_train, x_test, x_test), (ddpm, ddpm, linear_guess), strict=True
        ):
            x_0 = images[:N_LOOKED_AT]
            torch.manual_seed(step)
            eps = torch.randn(x_0.shape).to(device)
            t = torch.full((len(x_0),), step, device=device)
            curves[name].append(simple_loss(network, x_0, t, eps, cosine.alpha_bar).item())

ratio = snr(cosine.alpha_bar)[STEPS].cpu()
figure, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
for name, losses in curves.items():
    axes[0].plot(STEPS, losses, label=name)
    axes[1].plot(STEPS, torch.tensor(losses) / ratio, label=name)
axes[0].set(title="Mean squared error of the noise", xlabel="step t", yscale="log")
axes[1].set(
    title="Mean squared error of the image (the same, over SNR)", xlabel="step t", yscale="log"
)
for ax in axes:
    ax.grid(alpha=0.3)
    ax.legend()
plt.show()
print(
    "step    SNR        " + "   ".join(f"{name:>27}" for name in curves) + "    error of x_0, test"
)
for i in range(0, len(STEPS), 3):
    shown = "   ".join(f"{curves[name][i]:27.4f}" for name in curves)
    print(f"{STEPS[i]:4d}  {ratio[i]:9.3g}  {shown}  {curves['test digits'][i] / ratio[i]:16.4f}")

# %% [markdown]
# **Analysis** (3 points). (a) At which steps is the noise hard to predict, and at which easy? Explain both ends by what $x_t$ looks like there. (b) The same network, in the right
# panel: at which end is it hard to predict the image? Why do the two panels not contradict each other, and what does the simple loss therefore give weight to? (c) Compare the curves for
# training and test digits, and both with the guess pixel by pixel. At which steps does knowing digits help most?

# %% [markdown] analysis="loss_per_step"
# ### BEGIN SOLUTION
# (a) Hard at the first steps: 0.27 at step 0, 0.12 at step 26. The noise there is narrow (0.016 at step 0, two of the 256 grey levels), so it has to be told apart from the texture and the 256 grey levels of the image itself. Easy at the last ones: 0.003 at step 182. There $x_t$ is nearly all noise, and to answer with $x_t$
# itself is almost right.
#
# (b) The other way round: the error of $\hat x_0$ is 0.0001 at step 0 and 0.19 at step 182, and beyond 1 at the last step. Nothing is contradicted: the second panel is the first over the SNR, from 3,900 down to 0.0007. Where the noise is large, a small error in it is a large one in the image. The simple loss counts an error of the image with the weight
# SNR, so it cares most for the first steps, for fine detail, and hardly for the last ones, where the rough shape of the digit begins. (Compared with the variational bound it still moves weight towards the noisy steps.)
#
# (c) The curves for training and test digits lie on each other (0.1160 and 0.1134 at step 26): the network has learned nothing by heart, and more weights or iterations could still help. Against the guess pixel by pixel it is better by a factor of 2 to 3 up to step 80 (0.082 against 0.250 at step 52), where a pixel's neighbours say
# what it is. The advantage shrinks to 1.4 at step 130 and none at 156; from step 170 on the network is *worse* (0.0033 against 0.0028 at 182, and nearly ten times at the last step). There the best answer is the pixel's mean, which the linear guess has exactly, and the network has not learned to so many digits, since the loss hardly rewards it.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: noise is hard to predict at small t (little noise, to be told apart from the image) and easy at large t (x_t is nearly the noise), with numbers.
# - 1 point: the image the other way round; the two differ by the factor SNR; the simple loss weighs errors of the image with the SNR, so small t counts most.
# - 1 point: training and test curves agree (no memorising); largest advantage over the guess at small and middle steps; little, none or a loss at the noisy end, with numbers of the student's run.
# ### END MARK SCHEME

# %% [markdown]
# ## 8. Experiment: two schedules, three predictions
#
# Four short trainings with the same budget, which is too small for good digits on purpose, and chains of 50 steps only. First the linear schedule against the cosine one.
# Ho et al.'s betas are for 1,000 steps; for 50 they are twenty times as large, so that $\bar\alpha$ takes about the same course. The cosine schedule may have betas up to 0.5 here.
# Then what the network predicts. Besides $\epsilon$ it may be $x_0$, with your loss and a largest weight of 5, or $v = \sqrt{\bar\alpha} \, \epsilon - \sqrt{1 - \bar\alpha} \, x_0$
# (Salimans and Ho 2022, "Progressive distillation for fast sampling of diffusion models"), which is close to $\epsilon$ where there is little noise and to $-x_0$ where there is much. (How to get one
# from the other is a question of the lab `samplers`.) **Guess** before you run the cell which schedule will win, and which prediction. **Look for** the digits, not only for the numbers.

# %% train="schedule_study"
N_SHORT_STEPS = 50
linear = Process(
    linear_schedule(N_SHORT_STEPS, 1e-4 * 1000 / N_SHORT_STEPS, 0.02 * 1000 / N_SHORT_STEPS)
)
short_cosine = Process(cosine_schedule(N_SHORT_STEPS, max_beta=0.5))
N_SHORT, N_SHORT_SAMPLES = settings.iterations(250), 40 if settings.fast else 250
short, drawn = {}, {}
report("real training digits", x_train[:N_SHORT_SAMPLES])
for name, process, predicts in (
    ("linear, eps", linear, "eps"),
    ("cosine, eps", short_cosine, "eps"),
    ("cosine, x_0", short_cosine, "x_0"),
    ("cosine, v", short_cosine, "v"),
):
    network, short[name], _ = train_ddpm(
        name, process, N_SHORT, every=N_SHORT + 1, predicts=predicts, seed=2
    )
    images = draw_digits(network, process, N_SHORT_SAMPLES, seed=3, predicts=predicts)
    report(name, images)
    drawn[name] = images[:12]
plots.show_rows(drawn, f"After {N_SHORT:,} iterations: the same noise")
print(
    "mean loss of the last fifth (of different things, so not to be compared between predictions):"
)
for name, losses in short.items():
    last = losses["loss"][-max(1, N_SHORT // 5) :]
    print(f"  {name:<12} {sum(last) / len(last):.4f}")
for name, process in (("linear", linear), ("cosine", short_cosine)):
    left = process.alpha_bar[-1].item()
    useful = ((snr(process.alpha_bar) > 0.01) & (snr(process.alpha_bar) < 100)).double().mean()
    print(
        f"{name}: alpha_bar at the last step {left:.2g}, {100 * useful:.0f}% of the steps have an SNR of 0.01 to 100"
    )

# %% [markdown]
# **Analysis** (6 points). (a) Compare the two schedules: distance, digits, the loss, and the share of steps with a useful SNR. Which is better at this budget, and why? (b) Why can the losses of the two schedules not be compared? (c) Compare the three predictions. What would each network have to output at the last step, $\bar\alpha \approx 0$, and what at the
# first, $\bar\alpha \approx 1$, and how do errors of the output there come into the image? (d) Each row is one training with one seed. What would you have to do before you say in a paper that one of them is better?

# %% [markdown] analysis="schedule_study"
# ### BEGIN SOLUTION
# (a) At this budget the cosine schedule is better: distance 374 against 458 (250 real digits: 31), the classifier is sure of 26% and
# 22% of the samples, nine digits in both. The rows hardly differ by eye: strokes in the right places, few of them digits, and one image in twelve
# stays full of noise in both. The linear schedule has 62% of its steps at an SNR between 0.01 and 100, the cosine one 88%. Steps outside of
# that range teach and draw little: the image is gone there, or it is done. The linear schedule ends at $\bar\alpha = 8 \cdot 10^{-6}$, the cosine one, with
# its largest beta of 0.5, at 0.001.
#
# (b) The loss is a mean over the steps, and the steps of the two schedules have different SNRs. A schedule with more steps of nearly pure noise, where the noise is easy to predict, has a smaller loss for that reason alone: here 0.062 (linear) against 0.098 (cosine), though its digits are worse.
#
# (c) $x_0$ is far ahead: distance 169, all ten digits, the classifier sure of 44%, and in the picture whole strokes and clean black. $v$ (374) is where $\epsilon$ (374) is.
# At the last step $x_t$ is noise: predicting $\epsilon$ is copying the input, and an error of it is divided by a small $\sqrt{\bar\alpha}$ on its way into the image. Predicting $x_0$ or $v$ is asking for the mean digit (with the other sign), and an error comes into the image as it is. At the first step it is the
# other way round: $x_0$ is a copy of the input, with an error that is divided by a small $\sqrt{1 - \bar\alpha}$ on its way to $\epsilon$, while $\epsilon$ and $v$ have to be told apart from the image and their errors are multiplied by a small number. $v$ is well behaved at both ends. That says nothing
# about what is learned first: the picture of a digit is simple, that of its noise is not, and a network that has seen 250 batches knows the former. With the
# whole budget (part 6) $\epsilon$ gets to 39.
#
# (d) Several seeds for each, with the spread beside the differences; more samples; a learning rate that is chosen for each, since the losses have different scales; and other budgets, since what learns fastest need not be best in the end.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: compares both schedules by distance, digits and the share of steps with a useful SNR, from the student's run.
# - 1 point: explains the difference by where the steps are spent (or says that there is none and why that is possible).
# - 1 point: the losses are means over steps of different noise, so their size says nothing across schedules.
# - 2 points: what eps, x_0 and v are at either end, and how an error of each comes into the image (divided by a small root for eps at the noisy end, for x_0 at the clean end, for v at neither); 1 point for one end only.
# - 1 point: several seeds with their spread, and one more condition (learning rates, samples, budgets).
# ### END MARK SCHEME
