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
# # Diffusion models: samplers
#
# A trained network estimates the noise in an image. How to get from there to samples is a question of its own: in how many
# steps, with or without new noise, and towards which class. In the first part of this notebook you write, one function per
# question, the four parameterisations of a prediction, three denoisers that are exact, DDIM in both directions, the two
# differential equations behind diffusion, and classifier-free guidance. In the second part you train one small network of
# handwritten digits with classes. With it, your functions answer the questions that matter in practice: how many evaluations
# of the network a good sample costs, what guidance gains and loses, and why a network that fits its training data perfectly
# would be useless.
#
# Every question has an **answer cell**, where you replace the lines that raise `NotImplementedError`, and below it a **check
# cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest mistakes of shape
# and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

from dgm.check import visible_checks
from dgm.plots import picture

Network = Callable[..., Tensor]

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $x_0$ | `x_0` | data, in $[-1, 1]$ for images | `(B, ...)` |
# | $x_t$ | `x_t` | data with the noise of step $t$ | as `x_0` |
# | $t$ | `t` | steps, int64, one per sample, from 0 (little noise) to $T - 1$ (nearly nothing else) | `(B,)` |
# | $\varepsilon$ | `eps`, `noise` | standard normal noise, always an argument | as `x_0` |
# | $\hat\varepsilon$ | `eps_hat` | a network's estimate of it | as `x_0` |
# | $\bar\alpha_t$ | `alpha_bar_t` | the share of the signal's variance, one number per sample | `(B,)` |
# | $\bar\alpha$ | `alpha_bar` | the whole schedule: `alpha_bar[t]` belongs to $x_t$ | `(T,)` |
# | $w$ | `w` | the weight of guidance; 1 is no guidance | a number |
#
# * The **forward process**: $q(x_t \mid x_0) = \mathcal{N}(\sqrt{\bar\alpha_t}\, x_0, (1 - \bar\alpha_t) I)$, so that
#   $x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \varepsilon$. Clean data come before step 0. Their
#   $\bar\alpha$ is 1.
# * **Coefficients** such as `alpha_bar_t` have one number per sample, and they differ between samples. `(B, ...)` stands for any
#   axes after the batch: `(B, D)`, `(B, C, H, W)`, or none at all. `per_sample(alpha_bar_t, x)` in the next cell gives
#   coefficients the axes that they need. Unless a question says otherwise, $0 < \bar\alpha_t < 1$.
# * A **network** is any function `network(x, t)` or `network(x, t, labels)`, called by position, that returns $\hat\varepsilon$ in
#   the shape of `x`. `t` and `labels` are `(B,)`, int64, on the device of `x`. It is called as often as the question says, on the
#   whole batch.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. All floating arguments of a call have the same dtype.
#   Tensors that you create go on the input's device. A result with several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach the arguments of shape `(B, ...)` (points, predictions, scores, noise) and, through the
#   calls, the parameters of a network, as the formula has them. Exceptions are stated in the question. None are asked for
#   schedules (`alpha_bar`, `beta_t`, times) and for what describes data (`mean`, `cov`, `data` and the like). If no input needs
#   gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one sample, and any axis may have length 1. Keep the axes that the shapes name (`squeeze()`
#   without an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), and whether they need gradients. A function keeps
#   nothing from one call for the next.
# * Where a question says that `ValueError` is raised, the message is yours to choose.
# * Each question is graded independently: a mistake in one costs nothing in another.


# %%
def per_sample(coefficients: Tensor, x: Tensor) -> Tensor:
    """One number for each sample, (B,), with as many axes as x (B, ...): (B, 1, ..., 1)."""
    return coefficients.reshape(-1, *[1] * (x.ndim - 1))


# %% [markdown]
# ## 1. Four ways to say the same
#
# A network may estimate the noise, the data, or a mixture of both. Given $x_t$ and $\bar\alpha_t$, each estimate can be turned
# into each of the others:
#
# | kind | what the network returns | in terms of $x_0$ and $\varepsilon$ |
# | --- | --- | --- |
# | `"eps"` | the noise (Ho et al. 2020) | $\varepsilon$ |
# | `"x_0"` | the data | $x_0$ |
# | `"v"` | the velocity (Salimans and Ho 2022) | $v = \sqrt{\bar\alpha_t}\, \varepsilon - \sqrt{1 - \bar\alpha_t}\, x_0$ |
# | `"score"` | $\nabla_{x_t} \log q(x_t \mid x_0)$ (Song et al. 2021) | $-\varepsilon / \sqrt{1 - \bar\alpha_t}$ |
#
# They differ in what is easy. Where there is nearly no noise, an error of $\hat\varepsilon$ hardly matters for $\hat x_0$;
# where there is nothing but noise, it is multiplied by $\sqrt{(1 - \bar\alpha_t) / \bar\alpha_t}$. The velocity is well
# behaved at both ends. Write the target that a network of each kind is trained on.


# %% answer="prediction_target"
def prediction_target(x_0: Tensor, eps: Tensor, alpha_bar_t: Tensor, kind: str) -> Tensor:
    """What a network of this kind should return at x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps.

    x_0, eps: (B, ...); alpha_bar_t: (B,); kind: "eps", "x_0", "v" (Salimans and Ho 2022) or "score".
    Returns (B, ...). Raises ValueError for another kind.
    """
    ### BEGIN SOLUTION
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    ### END SOLUTION


# %% check="prediction_target"
@visible_checks("prediction_target")
def _():
    x_0, eps = torch.ones(2, 1, 3, 3), torch.zeros(2, 1, 3, 3)
    alpha_bar_t = torch.tensor([0.36, 0.64])
    v = prediction_target(x_0, eps, alpha_bar_t, "v")
    assert torch.is_tensor(v) and v.shape == (2, 1, 3, 3), "the target has the shape of the data"
    assert not torch.allclose(v[0], torch.tensor(0.8)), "v has a minus sign before x_0"
    assert torch.allclose(v[0], torch.tensor(-0.8)) and torch.allclose(v[1], torch.tensor(-0.6)), (
        "without noise v is -sqrt(1 - alpha_bar_t) x_0, with the alpha_bar_t of each sample"
    )
    score = prediction_target(0 * x_0, x_0, alpha_bar_t, "score")
    assert torch.allclose(score[0], torch.tensor(-1.25)), (
        "the score points against the noise: -eps / sqrt(1 - alpha_bar_t)"
    )
    try:
        prediction_target(x_0, eps, alpha_bar_t, "epsilon")
    except ValueError:
        pass
    else:
        raise AssertionError("an unknown kind raises ValueError")


# %% [markdown]
# The samplers below need the way back: data and noise, from $x_t$ and a prediction of any kind. Two of the three quantities $x_t$, $x_0$,
# $\varepsilon$ give the third. For $v$, note that $(\sqrt{\bar\alpha_t}, \sqrt{1 - \bar\alpha_t})$ is a unit vector, so
# $(x_0, \varepsilon) \mapsto (x_t, v)$ is a rotation.


# %% answer="data_and_noise"
def data_and_noise(
    prediction: Tensor, x_t: Tensor, alpha_bar_t: Tensor, kind: str
) -> tuple[Tensor, Tensor]:
    """The estimates of x_0 and eps that belong to a prediction at x_t.

    prediction, x_t: (B, ...); alpha_bar_t: (B,); kind: "eps", "x_0", "v" or "score", what the prediction is.
    Returns x_0 and eps, (B, ...) each, with x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps. Nothing is clipped.
    Raises ValueError for another kind.
    """
    ### BEGIN SOLUTION
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return prediction, (x_t - signal * prediction) / noise
    if kind == "v":
        return signal * x_t - noise * prediction, noise * x_t + signal * prediction
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return (x_t - noise * eps) / signal, eps
    ### END SOLUTION


# %% check="data_and_noise"
@visible_checks("data_and_noise")
def _():
    torch.manual_seed(0)
    x_0, eps = torch.randn(2, 3, 2, 2), torch.randn(2, 3, 2, 2)
    alpha_bar_t = torch.tensor([0.36, 0.64])
    signal, noise = (c[:, None, None, None] for c in (alpha_bar_t.sqrt(), (1 - alpha_bar_t).sqrt()))
    x_t = signal * x_0 + noise * eps
    truth = {"eps": eps, "x_0": x_0, "v": signal * eps - noise * x_0, "score": -eps / noise}
    for kind, prediction in truth.items():
        result = data_and_noise(prediction, x_t, alpha_bar_t, kind)
        assert len(result) == 2, "two results: x_0, then eps"
        assert torch.allclose(result[0], x_0, atol=1e-5), f"x_0 from {kind} is not right"
        assert torch.allclose(result[1], eps, atol=1e-5), f"eps from {kind} is not right"


# %% [markdown]
# ## 2. Denoisers that are exact
#
# The loss of a diffusion model is a regression. Its minimum is known: the best estimate of $x_0$ in mean square is the
# posterior mean $\mathbb{E}[x_0 \mid x_t]$, and the best $\hat\varepsilon$ follows from it. For simple data it is a closed
# form. That is worth having for three reasons: samplers can be tested without training anything; it is the bound that no
# network beats; and it shows what a network *must not* learn.
#
# ### Gaussian data
#
# Let $x_0 \sim \mathcal{N}(m, C)$. Then $x_0$ and $x_t$ are jointly Gaussian, and conditioning is linear algebra:
#
# $$\mathbb{E}[x_0 \mid x_t] = m + \sqrt{\bar\alpha_t}\, C \left(\bar\alpha_t C + (1 - \bar\alpha_t) I\right)^{-1}
# \left(x_t - \sqrt{\bar\alpha_t}\, m\right)$$
#
# $C$ may be singular (data on a line, or a single point): the matrix that is inverted is not. Each sample has its own
# $\bar\alpha_t$, so there is one matrix per sample, or one eigendecomposition of $C$ for all.


# %% answer="gaussian_denoiser"
def gaussian_denoiser(x_t: Tensor, alpha_bar_t: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    """E[x_0 | x_t] for data from N(mean, cov).

    x_t: (B, D); alpha_bar_t: (B,); mean: (D,); cov: (D, D), symmetric, positive semi-definite, singular ones included.
    Returns (B, D).
    """
    ### BEGIN SOLUTION
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None]
    gain = signal * variances / (kept * variances + 1 - kept)
    return mean + (gain * ((x_t - signal * mean) @ axes)) @ axes.T
    ### END SOLUTION


# %% check="gaussian_denoiser"
@visible_checks("gaussian_denoiser")
def _():
    x_t, alpha_bar_t = torch.tensor([[2.0, -1.0], [0.5, 3.0]]), torch.tensor([0.64, 0.25])
    mean = torch.tensor([1.0, -2.0])
    point = gaussian_denoiser(x_t, alpha_bar_t, mean, torch.zeros(2, 2))
    assert torch.is_tensor(point) and point.shape == (2, 2), "one point for each x_t"
    assert torch.allclose(point, mean.expand(2, 2)), "data without variance: always the mean"
    white = gaussian_denoiser(x_t, alpha_bar_t, torch.zeros(2), torch.eye(2))
    assert torch.allclose(white, alpha_bar_t.sqrt()[:, None] * x_t, atol=1e-6), (
        "standard normal data stay standard normal: the mean is sqrt(alpha_bar_t) x_t"
    )
    broad = gaussian_denoiser(x_t, alpha_bar_t, mean, 1e6 * torch.eye(2))
    assert torch.allclose(broad, x_t / alpha_bar_t.sqrt()[:, None], rtol=1e-3), (
        "where the data may be anywhere, the best estimate only undoes the scale"
    )


# %% [markdown]
# ### A mixture of Gaussians
#
# Let $x_0$ come from component $k$ with probability $\pi_k$, and then from $\mathcal{N}(m_k, \sigma_k^2 I)$. Given $x_t$, the
# component is uncertain. Its probability is a softmax, and the posterior mean is the average of those of the components:
#
# $$r_k = \frac{\pi_k\, \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, m_k, s_k I)}{\sum_j \pi_j\, \mathcal{N}(x_t; \sqrt{\bar\alpha_t}\, m_j, s_j I)},
# \quad s_k = \bar\alpha_t \sigma_k^2 + 1 - \bar\alpha_t, \qquad
# \mathbb{E}[x_0 \mid x_t] = \sum_k r_k \Bigl( m_k + \frac{\sqrt{\bar\alpha_t}\, \sigma_k^2}{s_k} (x_t - \sqrt{\bar\alpha_t}\, m_k) \Bigr)$$
#
# Far from all components every density is 0 in floating point, and 0/0 is nan. Stay in log space until the softmax. The densities have
# different widths, so the normalising constant $(2 \pi s_k)^{-D/2}$ does not cancel.


# %% answer="mixture_denoiser"
def mixture_denoiser(
    x_t: Tensor, alpha_bar_t: Tensor, weights: Tensor, means: Tensor, variances: Tensor
) -> Tensor:
    """E[x_0 | x_t] for data from a mixture of K round Gaussians; finite for points at any distance.

    x_t: (B, D); alpha_bar_t: (B,); weights: (K,), sum to 1, some may be 0; means: (K, D);
    variances: (K,), of each coordinate, some may be 0. Returns (B, D).
    """
    ### BEGIN SOLUTION
    signal, kept = alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None]
    spread = kept * variances + 1 - kept  # (B, K)
    away = x_t[:, None] - signal * means  # (B, K, D)
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)
    ### END SOLUTION


# %% check="mixture_denoiser"
@visible_checks("mixture_denoiser")
def _():
    half, means = torch.tensor([0.5, 0.5]), torch.tensor([[-1.0, 0.0], [1.0, 0.0]])
    alpha_bar_t = torch.tensor([0.5, 0.9])
    x_t = torch.tensor([[0.0, 0.0], [30.0, 0.0]])
    guess = mixture_denoiser(x_t, alpha_bar_t, half, means, torch.zeros(2))
    assert torch.is_tensor(guess) and guess.shape == (2, 2), "one point for each x_t"
    assert torch.allclose(guess[0], torch.zeros(2)), "half way between two points: the mean of both"
    far = mixture_denoiser(1e4 * x_t, alpha_bar_t, half, means, torch.zeros(2))
    assert torch.isfinite(far).all(), "far away all densities are 0: stay in log space"
    assert torch.allclose(far[1], means[1]), "far on the right, only the right point is possible"
    one = mixture_denoiser(x_t, alpha_bar_t, torch.ones(1), torch.zeros(1, 2), torch.tensor([1.0]))
    assert torch.allclose(one, alpha_bar_t.sqrt()[:, None] * x_t), (
        "a single standard normal component: the mean is sqrt(alpha_bar_t) x_t"
    )


# %% [markdown]
# ### A finite data set
#
# The data that a network is trained on are finitely many points $y_1, \dots, y_N$, each with probability $1/N$: a mixture
# of components without any width. The minimum of the training loss is therefore known:
#
# $$\mathbb{E}[x_0 \mid x_t] = \sum_n r_n\, y_n, \qquad r = \operatorname{softmax}_n \left(
# -\frac{\lVert x_t - \sqrt{\bar\alpha_t}\, y_n \rVert^2}{2 (1 - \bar\alpha_t)} \right)$$
#
# For much noise it is the mean of the data. For little noise it is the nearest neighbour, and a sampler with this
# denoiser ends on a training point. (Experiment 5 looks at what comes out.) Two things need care: near $\bar\alpha_t = 1$ the exponents are
# huge, so subtract the largest (`softmax` does); and with 4,000 images, 500 points and 256 pixels a tensor of all differences
# has half a billion numbers. A table `(B, N)` is all that is needed, since $\lVert x - \sqrt{\bar\alpha}\, y \rVert^2 = \lVert x \rVert^2 -
# 2 \sqrt{\bar\alpha}\, x^\top y + \bar\alpha \lVert y \rVert^2$, or a loop over the points.


# %% answer="dataset_denoiser"
def dataset_denoiser(x_t: Tensor, alpha_bar_t: Tensor, data: Tensor) -> Tensor:
    """E[x_0 | x_t] for data that are the N given points, equally likely.

    x_t: (B, ...), here with one axis or more after the batch; alpha_bar_t: (B,), up to 1 - 1e-6; data: (N, ...), with the same axes.
    Returns (B, ...).
    Memory grows with B N + (B + N) D, D the numbers of a sample, not with B N D: B = 500, N = 4,000, D = 256 takes less than 1 GB.
    """
    ### BEGIN SOLUTION
    points, kept = data.flatten(1), alpha_bar_t[:, None]
    # |x_t|^2 is the same for all points, so the softmax does without it
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)
    ### END SOLUTION


# %% check="dataset_denoiser"
@visible_checks("dataset_denoiser")
def _():
    torch.manual_seed(0)
    data = torch.randn(6, 1, 4, 3)
    x_t = data[:2] + 0.01 * torch.randn(2, 1, 4, 3)
    sure = dataset_denoiser(x_t, torch.tensor([0.999, 0.9999]), data)
    assert torch.is_tensor(sure) and sure.shape == (2, 1, 4, 3), "the result has the shape of x_t"
    assert torch.allclose(sure, data[:2], atol=1e-3), (
        "with nearly no noise the estimate is the nearest data point"
    )
    unsure = dataset_denoiser(x_t, torch.tensor([1e-8, 1e-8]), data)
    assert torch.allclose(unsure[0], data.mean(0), atol=1e-2), (
        "with nothing but noise it is the mean of the data"
    )
    assert not torch.allclose(unsure[0], data.sum(0), atol=1e-2), "the shares sum to 1"


# %% [markdown]
# ## 3. DDIM
#
# ### One step
#
# The chain of DDPM visits every step and adds noise at each. Song, Meng and Ermon (2021, "Denoising diffusion implicit
# models", section 4.1) found a whole family of chains with the same marginals $q(x_t \mid x_0)$, and so for the same network. To go from
# step $t$ to *any* earlier step $s$: estimate $x_0$, then put together an $x_s$ with the right amount of noise, of which a
# part is the estimated noise and a part is new:
#
# $$x_s = \sqrt{\bar\alpha_s}\, \hat x_0 + \sqrt{1 - \bar\alpha_s - \sigma^2}\, \hat\varepsilon + \sigma\, z, \qquad
# \hat x_0 = \frac{x_t - \sqrt{1 - \bar\alpha_t}\, \hat\varepsilon}{\sqrt{\bar\alpha_t}}, \qquad
# \sigma = \eta \sqrt{\frac{1 - \bar\alpha_s}{1 - \bar\alpha_t}} \sqrt{1 - \frac{\bar\alpha_t}{\bar\alpha_s}}$$
#
# * $\eta = 1$ with $s = t - 1$ is the ancestral step of DDPM with the variance $\tilde\beta_t$; with skipped steps it is DDPM on
#   a shorter schedule.
# * $\eta = 0$ adds no noise: the sample is a function of $x_T$. This is what is called DDIM.
# * The last step goes to clean data, $\bar\alpha_s = 1$. There $\sigma = 0$ and $x_s = \hat x_0$, for every $\eta$.
# * For $\eta = 0$ nothing in the formula asks for an earlier step: $s$ may be *later* than $t$ (more noise). Then
#   $1 - \bar\alpha_t / \bar\alpha_s$ is negative, and its root would be nan, which $\eta = 0$ does not repair ($0 \cdot \text{nan}$ is nan).


# %% answer="ddim_step"
def ddim_step(
    x_t: Tensor,
    eps_hat: Tensor,
    alpha_bar_t: Tensor,
    alpha_bar_s: Tensor,
    eta: float = 0.0,
    noise: Tensor | None = None,
) -> Tensor:
    """One step of DDIM from t to s (Song, Meng and Ermon 2021, section 4.1).

    x_t, eps_hat: (B, ...); alpha_bar_t: (B,), in (0, 1); alpha_bar_s: (B,), in (0, 1], 1 for clean data: at least alpha_bar_t, and any
    if eta is 0; eta: in [0, 1]; noise: (B, ...), may be None if eta is 0, where it is not used.
    Returns x_s (B, ...). Nothing is clipped.
    """
    ### BEGIN SOLUTION
    before, after = per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t)
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise
    ### END SOLUTION


# %% check="ddim_step"
@visible_checks("ddim_step")
def _():
    x_t, eps, noise = torch.ones(2, 1, 2, 2), torch.zeros(2, 1, 2, 2), torch.ones(2, 1, 2, 2)
    before, after = torch.tensor([0.25, 0.36]), torch.tensor([0.64, 0.81])
    x_s = ddim_step(x_t, eps, before, after)
    assert torch.is_tensor(x_s) and x_s.shape == (2, 1, 2, 2), "x_s has the shape of x_t"
    assert torch.allclose(x_s[0], torch.tensor(1.6)) and torch.allclose(
        x_s[1], torch.tensor(1.5)
    ), "where no noise is estimated, x_s = sqrt(alpha_bar_s / alpha_bar_t) x_t"
    assert torch.equal(x_s, ddim_step(x_t, eps, before, after, 0.0, noise)), (
        "eta = 0 takes no new noise"
    )
    clean = torch.ones(2)
    last = ddim_step(x_t, 0.5 * noise, before, clean, 1.0, noise)
    x_0 = (x_t - 0.5 * (1 - before).sqrt()[:, None, None, None]) / before.sqrt()[
        :, None, None, None
    ]
    assert torch.allclose(last, x_0), "the step to clean data gives x_0, without noise"
    later = ddim_step(x_t, eps, after, before)
    assert torch.isfinite(later).all(), "for eta = 0 the step may go to more noise, too"


# %% [markdown]
# ### The chain
#
# Choose steps $\tau_0 > \tau_1 > \dots > \tau_{S-1}$ out of $T - 1, \dots, 0$. The chain starts with noise at $\tau_0$, asks the
# network at each $\tau_i$, goes from $\tau_i$ to $\tau_{i+1}$, and from $\tau_{S-1}$ to clean data. It costs $S$ evaluations,
# however many steps the network was trained on.


# %% answer="ddim_sample"
def ddim_sample(
    network: Network,
    x_T: Tensor,
    steps: Tensor,
    alpha_bar: Tensor,
    eta: float = 0.0,
    noise: Tensor | None = None,
) -> Tensor:
    """Samples by DDIM over a part of the steps.

    network: network(x, t) returns eps_hat; called once for each step, in the order of `steps`, with t (B,) int64.
    x_T: (B, ...), the noise that the chain starts from, at step steps[0]; steps: (S,) int64, falling, S >= 1, the last need not be 0;
    alpha_bar: (T,); eta: as in ddim_step; noise: (S, B, ...), noise[i] for the step that starts at steps[i]; may be None if eta is 0.
    Returns x_0 (B, ...), unclipped. No gradients are asked for: you may compute without them.
    """
    ### BEGIN SOLUTION
    x, one = x_T, torch.ones_like(alpha_bar[:1])
    levels = torch.cat([alpha_bar[steps], one])  # the last step goes to clean data
    for i, t in enumerate(steps):
        eps_hat = network(x, t.expand(len(x)))
        before, after = (level.expand(len(x)) for level in levels[i : i + 2])
        x = ddim_step(x, eps_hat, before, after, eta, None if noise is None else noise[i])
    return x
    ### END SOLUTION


# %% check="ddim_sample"
@visible_checks("ddim_sample")
def _():
    seen = []

    def network(x, t):
        assert torch.is_tensor(t) and t.shape == (len(x),), "the network wants one t per sample"
        seen.append(int(t[0]))
        return 0.5 * x

    alpha_bar = torch.tensor([0.9, 0.7, 0.5, 0.3, 0.1])
    x_T = torch.ones(3, 1, 2, 2)
    x_0 = ddim_sample(network, x_T, torch.tensor([4, 2, 0]), alpha_bar)
    assert seen == [4, 2, 0], f"the network is asked at steps 4, 2, 0; yours at {seen}"
    assert x_0.shape == (3, 1, 2, 2), "as many samples as noises"
    seen.clear()
    x_0 = ddim_sample(network, x_T, torch.tensor([2]), alpha_bar)
    wanted = (1 - 0.5 * math.sqrt(0.5)) / math.sqrt(0.5)
    assert torch.allclose(x_0, torch.tensor(wanted)), (
        "the last step goes to clean data, whose alpha_bar is 1, not to alpha_bar[0]"
    )
    noise = torch.ones(2, 3, 1, 2, 2)
    noisy = ddim_sample(network, x_T, torch.tensor([4, 2]), alpha_bar, 1.0, noise)
    plain = ddim_sample(network, x_T, torch.tensor([4, 2]), alpha_bar, 1.0, 0 * noise)
    assert not torch.allclose(noisy, plain), "for eta = 1 the steps between take their noise"
    other = torch.cat([noise[:1], 5 * noise[1:]])
    assert torch.allclose(
        noisy, ddim_sample(network, x_T, torch.tensor([4, 2]), alpha_bar, 1.0, other)
    ), "the last step takes no noise"


# %% [markdown]
# ### From an image to its noise
#
# Without new noise the chain is a map from noise to images, and nearly an invertible one. Run backwards, it gives the noise
# that an image comes from. The step from $t$ to $s$ used $\hat\varepsilon(x_t, t)$, and on the way back $x_t$ is not known yet. The usual
# answer takes $\hat\varepsilon(x_s, t)$, the image as it is now with the step that it goes *to*, and solves for $x_t$:
#
# $$x_t = \sqrt{\bar\alpha_t}\, \frac{x_s - \sqrt{1 - \bar\alpha_s}\, e}{\sqrt{\bar\alpha_s}} + \sqrt{1 - \bar\alpha_t}\, e, \qquad e = \hat\varepsilon(x_s, t)$$
#
# The first step starts from the image ($\bar\alpha_s = 1$) and goes to the last of `steps`; the last one arrives at `steps[0]`.
# The finer the steps, the smaller the error of the round trip.


# %% answer="ddim_encode"
def ddim_encode(network: Network, x_0: Tensor, steps: Tensor, alpha_bar: Tensor) -> Tensor:
    """The noise at steps[0] from which `ddim_sample` with eta = 0 and the same steps comes near to x_0.

    network: network(x, t) returns eps_hat; called once for each step, in the opposite order of `steps`, with t (B,) int64: the
    step that x goes to. x_0: (B, ...); steps: (S,) int64, falling, as in ddim_sample; alpha_bar: (T,).
    Returns x_T (B, ...). No gradients are asked for: you may compute without them.
    """
    ### BEGIN SOLUTION
    x, here = x_0, torch.ones_like(alpha_bar[0])
    for t in steps.flip(0):
        eps_hat = network(x, t.expand(len(x)))
        there = alpha_bar[t]
        x = ddim_step(x, eps_hat, here.expand(len(x)), there.expand(len(x)))
        here = there
    return x
    ### END SOLUTION


# %% check="ddim_encode"
@visible_checks("ddim_encode")
def _():
    seen = []

    def network(x, t):
        seen.append(int(t[0]))
        return torch.full_like(x, 0.5)

    alpha_bar = torch.tensor([0.9, 0.7, 0.5, 0.3, 0.1])
    steps = torch.tensor([4, 2, 0])
    x_0 = torch.linspace(-1, 1, 8).reshape(2, 1, 2, 2)
    x_T = ddim_encode(network, x_0, steps, alpha_bar)
    assert seen == [0, 2, 4], f"from the image up: the network is asked at 0, 2, 4; yours at {seen}"
    assert torch.allclose(x_T, math.sqrt(0.1) * x_0 + math.sqrt(0.9) * 0.5, atol=1e-5), (
        "for a constant eps, x_T is sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) eps at steps[0]"
    )


# %% [markdown]
# ### Clipping
#
# Pixels lie in $[-1, 1]$, and estimates of them, early in the chain, do not. Samplers therefore clip $\hat x_0$ at each step. The
# noise has to follow: with the old $\hat\varepsilon$ next to a new $\hat x_0$, the two no longer add up to $x_t$.


# %% answer="clipped_eps"
def clipped_eps(x_t: Tensor, eps_hat: Tensor, alpha_bar_t: Tensor) -> Tensor:
    """The noise that belongs to x_t and to the estimate of x_0 clipped to [-1, 1].

    x_t, eps_hat: (B, ...); alpha_bar_t: (B,). Returns (B, ...): eps_hat itself (but for rounding) where the estimate of x_0 is in the
    range. Gradients are those of the formula, with a clip that passes none outside of the range.
    """
    ### BEGIN SOLUTION
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = ((x_t - noise * eps_hat) / signal).clamp(-1, 1)
    return (x_t - signal * x_0) / noise
    ### END SOLUTION


# %% check="clipped_eps"
@visible_checks("clipped_eps")
def _():
    alpha_bar_t = torch.tensor([0.36])
    x_t = torch.tensor([[0.5, 3.0, -3.0]])
    eps = clipped_eps(x_t, torch.zeros(1, 3), alpha_bar_t)
    assert torch.is_tensor(eps) and eps.shape == (1, 3), "the noise has the shape of x_t"
    assert torch.allclose(eps[0, 0], torch.tensor(0.0), atol=1e-6), (
        "x_0 = 0.5 / 0.6 is in the range: the noise stays as it was"
    )
    assert torch.allclose(0.6 * torch.tensor([1.0, -1.0]) + 0.8 * eps[0, 1:], x_t[0, 1:]), (
        "clipped x_0 and new noise add up to x_t"
    )


# %% [markdown]
# ## 4. Two differential equations
#
# With many small steps the forward process becomes a stochastic differential equation, the *variance-preserving* one (Song et
# al. 2021, "Score-based generative modeling through stochastic differential equations"): $\mathrm{d}x = -\frac{1}{2} \beta(t)\, x\,
# \mathrm{d}t + \sqrt{\beta(t)}\, \mathrm{d}w$, with time $t$ from 0 (data) to 1 (noise). Time is a real number here, and $\bar\alpha(t)
# = \exp\bigl(-\int_0^t \beta\bigr)$. Two equations undo it. Both need nothing but the score $\nabla_x \log p_t(x)$, and both have the same marginals
# $p_t$ as the forward process:
#
# $$\text{the probability-flow ODE:} \quad \frac{\mathrm{d}x}{\mathrm{d}t} = -\tfrac{1}{2} \beta(t) \bigl(x + \nabla_x \log p_t(x)\bigr)$$
#
# $$\text{the reverse SDE, backwards in time:} \quad \mathrm{d}x = \bigl[-\tfrac{1}{2} \beta(t)\, x - \beta(t)\, \nabla_x \log p_t(x)\bigr]
# \mathrm{d}t + \sqrt{\beta(t)}\, \mathrm{d}\bar w$$
#
# Note the half before the score in the first, and none in the second.


# %% answer="probability_flow_drift"
def probability_flow_drift(x: Tensor, score: Tensor, beta_t: Tensor) -> Tensor:
    """dx/dt of the probability-flow ODE of the variance-preserving process, time from data to noise (Song et al. 2021).

    x, score: (B, ...), the score at x; beta_t: (B,), the rate of noise. Returns (B, ...).
    """
    ### BEGIN SOLUTION
    return -0.5 * per_sample(beta_t, x) * (x + score)
    ### END SOLUTION


# %% check="probability_flow_drift"
@visible_checks("probability_flow_drift")
def _():
    x, beta_t = torch.tensor([[1.0, -2.0], [3.0, 0.5]]), torch.tensor([2.0, 4.0])
    still = probability_flow_drift(x, -x, beta_t)
    assert torch.is_tensor(still) and still.shape == x.shape, "one velocity for each point"
    assert torch.allclose(still, torch.zeros(2, 2), atol=1e-5), (
        "standard normal data (score -x) stay standard normal: nothing moves"
    )
    pull = probability_flow_drift(x, 0 * x, beta_t)
    assert torch.allclose(pull, torch.tensor([[-1.0, 2.0], [-6.0, -1.0]])), (
        "without a score the points are drawn to 0 at the rate beta / 2, each with its own beta"
    )


# %% [markdown]
# The reverse SDE is solved by the method of Euler and Maruyama: the drift times the step, plus noise whose *variance* is
# proportional to the step. Time runs backwards, so with a positive `dt` the signs of the drift turn:
#
# $$x_{t - \mathrm{d}t} = x_t + \beta_t \bigl(\tfrac{1}{2} x_t + \nabla \log p_t(x_t)\bigr)\, \mathrm{d}t + \sqrt{\beta_t\, \mathrm{d}t}\; z$$


# %% answer="reverse_sde_step"
def reverse_sde_step(x: Tensor, score: Tensor, beta_t: Tensor, dt: float, noise: Tensor) -> Tensor:
    """One step of Euler and Maruyama from t to t - dt on the reverse SDE of the variance-preserving process (Song et al. 2021).

    x, score, noise: (B, ...), the score at x and t; beta_t: (B,); dt: positive, a float. Returns (B, ...).
    """
    ### BEGIN SOLUTION
    rate = per_sample(beta_t, x) * dt
    return x + rate * (x / 2 + score) + rate.sqrt() * noise
    ### END SOLUTION


# %% check="reverse_sde_step"
@visible_checks("reverse_sde_step")
def _():
    x, beta_t = torch.tensor([[1.0, -2.0], [3.0, 0.5]]), torch.tensor([2.0, 4.0])
    zero, one = torch.zeros(2, 2), torch.ones(2, 2)
    grown = reverse_sde_step(x, zero, beta_t, 0.1, zero)
    assert grown.shape == x.shape, "one point for each point"
    assert torch.allclose(grown[0], 1.1 * x[0]), (
        "backwards in time the drift of the forward process turns: x grows by beta dt / 2"
    )
    pushed = reverse_sde_step(zero, one, beta_t, 0.1, zero)
    assert torch.allclose(pushed[0], torch.tensor(0.2)), (
        "the score counts beta dt, twice as much as in the ODE"
    )
    noisy = reverse_sde_step(zero, zero, beta_t, 0.1, one)
    assert torch.allclose(noisy[1], torch.tensor(0.4).sqrt()), "the noise counts sqrt(beta dt)"


# %% [markdown]
# For the ODE there are better methods. Given times $t_0, t_1, \dots, t_N$, in any direction and not evenly spaced, with $h_i = t_{i+1} - t_i$
# and drift $f$:
#
# * **Euler**: $x_{i+1} = x_i + h_i f(x_i, t_i)$. One evaluation a step. The error falls like $h$.
# * **Heun**: an Euler step, then the mean of the slopes at both ends: with $k_1 = f(x_i, t_i)$ and $k_2 = f(x_i + h_i k_1, t_{i+1})$,
#   $x_{i+1} = x_i + \frac{h_i}{2} (k_1 + k_2)$. Two evaluations a step. The error falls like $h^2$.
#
# Karras et al. (2022) sample with Heun's method. As networks are all of the cost, methods are compared at the same number of
# *evaluations*, not of steps.


# %% answer="integrate_ode"
def integrate_ode(
    drift: Callable[[Tensor, Tensor], Tensor], x: Tensor, times: Tensor, method: str = "heun"
) -> Tensor:
    """Solve dx/dt = drift(x, t) from times[0] to times[-1], one step between neighbours.

    drift: drift(x, t), t a 0-d tensor (an element of times) or a float, returns (B, ...); called once a step by "euler", twice by "heun".
    x: (B, ...), the state at times[0]; times: (N + 1,), N >= 0, rising or falling, steps of any size.
    Returns x (B, ...) at times[-1]. Raises ValueError for another method.
    """
    ### BEGIN SOLUTION
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = after - t, drift(x, t)
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x
    ### END SOLUTION


# %% check="integrate_ode"
@visible_checks("integrate_ode")
def _():
    calls = []

    def drift(x, t):
        calls.append(float(t))
        return x

    x = torch.tensor([[1.0, -2.0]])
    euler = integrate_ode(drift, x, torch.tensor([0.0, 0.5, 1.0]), "euler")
    assert torch.allclose(euler, 2.25 * x), "two steps of Euler, each times 1 + 1/2"
    assert calls == [0.0, 0.5], f"Euler looks at the start of each step, 0 and 0.5; yours: {calls}"
    calls.clear()
    heun = integrate_ode(drift, x, torch.tensor([0.0, 1.0]), "heun")
    assert torch.allclose(heun, 2.5 * x), "one step of Heun: 1 + 1 + 1/2"
    assert calls == [0.0, 1.0], f"Heun looks at both ends of a step; yours: {calls}"
    back = integrate_ode(drift, x, torch.tensor([1.0, 0.5]), "euler")
    assert torch.allclose(back, 0.5 * x), "backwards in time, h is negative"


# %% [markdown]
# ## 5. Guidance
#
# A network that is given a class draws digits of that class, some clear and some not. *Classifier-free guidance* (Ho and Salimans
# 2022) trades variety for clarity. During training the label is now and then replaced by a "null" label, so that one
# network learns both $\hat\varepsilon(x, t, c)$ and $\hat\varepsilon(x, t)$. First the replacement. Which labels are dropped is decided by the
# caller, with a mask.


# %% answer="drop_labels"
def drop_labels(labels: Tensor, mask: Tensor, null_label: int) -> Tensor:
    """Labels for training without a classifier (Ho and Salimans 2022): those in the mask become the null label.

    labels: (B,) int64; mask: (B,) bool, True where the label is dropped; null_label: any whole number.
    Returns (B,) int64, a new tensor.
    """
    ### BEGIN SOLUTION
    return labels.masked_fill(mask, null_label)
    ### END SOLUTION


# %% check="drop_labels"
@visible_checks("drop_labels")
def _():
    labels = torch.tensor([3, 0, 7, 7])
    mask = torch.tensor([False, True, False, True])
    dropped = drop_labels(labels, mask, 10)
    assert torch.is_tensor(dropped) and dropped.dtype == torch.int64, "labels are int64"
    assert dropped.tolist() == [3, 10, 7, 10], "True in the mask: dropped; False: kept"
    assert labels.tolist() == [3, 0, 7, 7], "the caller's labels stay as they were"


# %% [markdown]
# When sampling, the two estimates are combined. The difference between them points to what makes $x$ more like class $c$ and less like
# any digit. Guidance goes further in this direction:
#
# $$\hat\varepsilon = \hat\varepsilon(x_t, t) + w\, \bigl(\hat\varepsilon(x_t, t, c) - \hat\varepsilon(x_t, t)\bigr)$$
#
# In this convention $w = 0$ ignores the class, $w = 1$ is the class-conditional network *without* guidance, and $w > 1$ exaggerates. The paper
# writes $(1 + w)\, \hat\varepsilon(x_t, t, c) - w\, \hat\varepsilon(x_t, t)$ instead, whose $w$ is ours minus 1. When you compare numbers between papers,
# find out first which convention they use.


# %% answer="guided_eps"
def guided_eps(
    network: Network, x_t: Tensor, t: Tensor, labels: Tensor, null_label: int, w: float
) -> Tensor:
    """Classifier-free guidance, w = 1 for none: eps_uncond + w (eps_cond - eps_uncond).

    network: network(x, t, labels) returns eps_hat; x_t: (B, ...); t, labels: (B,) int64; null_label: the label that stands for none;
    w: any number. Call the network twice, on (B, ...), or once, on both halves together, (2B, ...): each sample depends on itself only.
    For w = 0 or 1 you may leave out what is not needed. Returns (B, ...).
    """
    ### BEGIN SOLUTION
    with_class = network(x_t, t, labels)
    without = network(x_t, t, torch.full_like(labels, null_label))
    return without + w * (with_class - without)
    ### END SOLUTION


# %% check="guided_eps"
@visible_checks("guided_eps")
def _():
    def network(x, t, labels):
        value = torch.where(labels == 10, 1.0, 3.0)
        return value.reshape(-1, *[1] * (x.ndim - 1)).expand(x.shape)

    x_t, t, labels = torch.zeros(2, 1, 2, 2), torch.tensor([5, 6]), torch.tensor([0, 3])
    guided = guided_eps(network, x_t, t, labels, 10, 1.0)
    assert torch.is_tensor(guided) and guided.shape == x_t.shape, "one noise for each sample"
    assert torch.allclose(guided, torch.tensor(3.0)), "w = 1 is the estimate with the class"
    assert torch.allclose(guided_eps(network, x_t, t, labels, 10, 0.0), torch.tensor(1.0)), (
        "w = 0 is the estimate without it"
    )
    assert torch.allclose(guided_eps(network, x_t, t, labels, 10, 3.0), torch.tensor(7.0)), (
        "w = 3 goes three times as far: 1 + 3 (3 - 1)"
    )


# %% [markdown]
# ## 6. Experiment: paths in the plane
#
# The experiments have one shape: locked cells train and draw with your functions; at the end you say in words what came
# out. The points are in that analysis, and a person grades it with your figures in view, so hand the notebook in **with its
# outputs**. All cells together take five to ten minutes on two cores.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead,
# and `source="torchvision"` in `load_digits` for all 60,000 digits.
#
# All experiments use one schedule, that of the continuous process with $\beta(t) = 0.1 + 19.9\, t$ (Song et al. 2021), and its
# values at $T = 200$ times: step $t$ of the network is time $(t + 1) / T$.
#
# The first experiment needs no network. The data are a mixture of five Gaussians in the plane, so your exact denoiser gives the
# score. The same 2,000 points of noise are brought back to time 0.001 by the ODE, with Euler and with Heun, and by the SDE. **Look for** the
# shape of the paths, and how many evaluations of the score each method needs. The distance in the table is an energy
# distance to fresh data. Two sets of real data have a distance of up to 0.002.

# %% train="exact_paths"
import matplotlib.pyplot as plt

from dgm import plots
from dgm.quality.plane_density import energy_distance
from dgm.training import Settings, seed_everything

settings = Settings()
device = settings.device
T, BETA_MIN, BETA_MAX = 200, 0.1, 20.0


def beta_at(t):
    return BETA_MIN + (BETA_MAX - BETA_MIN) * t


def alpha_bar_at(t):
    """exp(-the integral of beta from 0 to t), in closed form."""
    return torch.exp(-BETA_MIN * t - (BETA_MAX - BETA_MIN) * t**2 / 2)


alpha_bar = alpha_bar_at((torch.arange(T, dtype=torch.float64) + 1) / T).float().to(device)

WEIGHTS = torch.tensor([0.1, 0.3, 0.2, 0.2, 0.2])
MEANS = torch.tensor([[0.0, 0.0], [1.5, 0.8], [-1.4, 1.0], [-0.6, -1.6], [1.2, -1.2]])
VARIANCES = torch.tensor([0.01, 0.04, 0.01, 0.02, 0.04])


def exact_score(x, t):
    """The score of the noisy mixture at time t, by your denoiser and your parameterisations."""
    share = alpha_bar_at(torch.as_tensor(t)).expand(len(x))
    x_0 = mixture_denoiser(x, share, WEIGHTS, MEANS, VARIANCES)
    return prediction_target(x_0, data_and_noise(x_0, x, share, "x_0")[1], share, "score")


def flow(x, t):
    return probability_flow_drift(x, exact_score(x, t), beta_at(torch.as_tensor(t)).expand(len(x)))


def time_grid(n):
    """n steps from time 1 to 0.001, shorter towards the end, where the score changes fast."""
    return 0.001 + 0.999 * torch.linspace(1, 0, n + 1) ** 2


def by_sde(x, times):
    for t, after in pairwise(times):
        rate = beta_at(t).expand(len(x))
        x = reverse_sde_step(x, exact_score(x, t), rate, float(t - after), torch.randn_like(x))
    return x


METHODS = {
    "ODE, Euler": (1, lambda x, times: integrate_ode(flow, x, times, "euler")),
    "ODE, Heun": (2, lambda x, times: integrate_ode(flow, x, times, "heun")),
    "SDE": (1, by_sde),
}


def mixture(n):
    k = torch.multinomial(WEIGHTS, n, replacement=True)
    return MEANS[k] + VARIANCES[k].sqrt()[:, None] * torch.randn(n, 2)


@picture
def _():
    seed_everything(0)
    n = 200 if settings.fast else 2000
    noise, data = torch.randn(n, 2), mixture(n)
    ends = {"data": data}
    print(f"two sets of data: {energy_distance(mixture(n), data):.4f}")
    print("energy distance to data, by the number of evaluations of the score")
    budgets = (4, 8) if settings.fast else (4, 8, 16, 32, 64, 128, 256)
    print(f"{'evaluations':<12}" + "".join(f"{budget:>9}" for budget in budgets))
    for name, (cost, sampler) in METHODS.items():
        distances = []
        for budget in budgets:
            ends[f"{name}, {budget}"] = sampler(noise, time_grid(budget // cost))
            distances.append(energy_distance(ends[f"{name}, {budget}"], data))
        print(f"{name:<12}" + "".join(f"{distance:9.4f}" for distance in distances))
    shown = ["data", *(f"{name}, {budgets[1]}" for name in METHODS)]
    plots.show_points({name: ends[name] for name in shown}, "Where the noise ends", extent=2.5)


@picture
def _():
    times = time_grid(8 if settings.fast else 256)
    _, axes = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained", sharey=True)
    for ax, (name, title) in zip(axes, (("ODE, Heun", "the ODE"), ("SDE", "the SDE")), strict=True):
        seed_everything(1)
        ax.scatter(*mixture(500).T, s=3, color="lightgrey")
        x = [torch.randn(12, 2)]
        for pair in times.unfold(0, 2, 1):
            x.append(METHODS[name][1](x[-1], pair))
        paths = torch.stack(x)
        ax.plot(paths[:, :, 0], paths[:, :, 1], linewidth=0.8)
        ax.plot(*paths[0].T, "k.", markersize=4)
        ax.set(title=f"The same 12 points of noise by {title}", xlim=(-3, 3), ylim=(-3, 3))
        ax.set_aspect("equal")
    plt.show()


# %% [markdown]
# **Analysis** (4 points). (a) Describe the paths of both equations from noise (black dots) to data. What does the ODE do with points
# that start close together? (b) Which method has the smallest distance at 8 evaluations, and at 256? From how many on
# is each indistinguishable from data? (c) Both equations have the same marginals. What then does the SDE's noise do for it, at many steps and at few? (d) No
# network was trained, so which errors of a real sampler can this experiment *not* show?

# %% [markdown] analysis="exact_paths"
# ### BEGIN SOLUTION
# (a) The ODE's paths are smooth curves that hardly bend until they are near a component. Points that start close together stay
# together and end next to each other, except on either side of a border between components, where they part. The SDE's paths
# are random walks all over the plane; where one starts says nothing about where it ends (the point at the top ends elsewhere by
# the SDE), and only near the end do they settle in a component.
#
# (b) At 8 evaluations Heun has 0.0030, the SDE 0.0059, Euler 0.0061. (At 4, Euler is best with 0.0162; Heun, with two steps only,
# has 0.0182.) At 256 all are within the noise of the measurement, -0.0005 to -0.0010 against -0.0014 for two sets of data. Heun is
# there from 16 evaluations on, the SDE from 16 to 32, Euler from 32. In the figure, Heun's components are too narrow at 8
# evaluations and some points are between components; Euler and the SDE make them too wide.
#
# (c) New noise forgets old errors. Whatever a step did wrong, the drift pulls points towards $p_t$, and the noise
# replaces what is left of the past. The ODE carries its errors along to the end. Against that, each of the SDE's steps makes a larger error
# of its own (order 1/2 along a path), which costs most when steps are few: at 4 evaluations it is worst.
#
# (d) Those of the network: an estimate that is wrong, more so at some noise levels than at others, and that is asked at points
# unlike those of its training once a sampler has erred. Neither does it show memorising: the exact score here is that of the true
# density, not of a training set.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: ODE: smooth paths, neighbours stay together (apart from borders between components); SDE: irregular paths, the end
#   does not follow from the start.
# - 1 point: the best at 8 with its number; all alike at 256; from how many each is within about 0.002 of the data.
# - 1 point: the noise forgets or corrects earlier errors (many steps); at few steps each step's own error is larger, the SDE is worst or no
#   better.
# - 1 point: errors of the network (its estimate, at points off its training distribution); memorising or generalising.
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Experiment: steps against quality
#
# Now a network. It is the U-Net of the course (`dgm.unet`) with 16 channels, on digits of 16x16 pixels, with a class
# embedding. Each training step draws one $t$ per sample, mixes digits and noise, drops one label in ten with your `drop_labels`, and
# compares $\hat\varepsilon$ with $\varepsilon$. The weights are averaged. It takes two to four minutes on two cores.

# %% train="train_network"
import torch.nn.functional as F

from dgm.data import load_digits, paired_batches
from dgm.metrics import digit_distance, digit_probabilities
from dgm.training import EMA, adam, evaluating, keep, keep_tensors, train
from dgm.unet import UNet

N_CLASSES = NULL = 10
x_train, labels_train = (part.to(device) for part in load_digits("train", size=16))
x_test, labels_test = (part.to(device) for part in load_digits("test", size=16))

seed_everything(2)
unet = UNet(1, settings.width(16), N_CLASSES, T).to(device)
average = EMA(unet, decay=0.995)
stream = paired_batches(x_train, labels_train, batch_size=64)
RATE, N_ITERATIONS = 2e-3, settings.iterations(2500)
optimizer = adam(unet, lr=RATE)


def diffusion_step(i):
    for group in optimizer.param_groups:
        group["lr"] = (
            RATE * min(1, (i + 1) / 100) * 0.5 * (1 + math.cos(math.pi * i / N_ITERATIONS))
        )
    x_0, labels = next(stream)
    t, eps = torch.randint(T, (len(x_0),), device=device), torch.randn_like(x_0)
    kept = per_sample(alpha_bar[t], x_0)
    labels = drop_labels(labels, torch.rand(len(labels), device=device) < 0.1, NULL)
    loss = F.mse_loss(unet(kept.sqrt() * x_0 + (1 - kept).sqrt() * eps, t, labels), eps)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    average.update(unet)
    return {"loss": loss}


history = train(diffusion_step, N_ITERATIONS, description="U-Net")
keep("samplers_unet", average.module, sizes={"width": settings.width(16)})
plots.loss_curves({"U-Net": history}, "Mean squared error of the noise", log=True)

# %% [markdown]
# All samplers below start from the same noise and use the same kind of steps, closer together near the data. `denoiser` is the
# network with guidance $w$ and your clipping. Heun's method is applied where it works best: in the variables
#
# $$\bar x = \frac{x_t}{\sqrt{\bar\alpha_t}}, \qquad \sigma = \sqrt{\frac{1 - \bar\alpha_t}{\bar\alpha_t}}, \qquad
# \text{the probability-flow ODE is} \quad \frac{\mathrm{d} \bar x}{\mathrm{d} \sigma} = \hat\varepsilon$$
#
# (Song, Meng and Ermon 2021; Karras et al. 2022). DDIM *is* Euler's method in these variables, which the cell checks. Heun's
# steps end at step 0, and from there one more evaluation gives clean data. The distance is a Fréchet distance on the classifier's
# features between 500 samples and 500 test digits: lower is better. That of 500 training digits, printed first, is as low as
# it gets. The last column is the share of samples that the classifier takes for the class that was asked for.

# %% train="sampler_functions"
network = average.module
N_SAMPLES = 40 if settings.fast else 500
wanted = torch.arange(10, device=device).repeat_interleave(N_SAMPLES // 10)


def step_grid(n):
    """n steps from T - 1 down to 0, closer together near 0; fewer if some coincide."""
    at = (T - 1) * torch.linspace(1, 0, n, dtype=torch.float64) ** 1.5
    return at.round().long().unique().flip(0).to(device)


def denoiser(labels, w):
    """network(x, t) with these labels and this guidance, clipped. w = 1 costs one evaluation."""

    def eps_hat(x, t):
        if w == 1:
            eps = network(x, t, labels)
        else:
            eps = guided_eps(network, x, t, labels, NULL, w)
        return clipped_eps(x, eps, alpha_bar[t])

    return eps_hat


def in_portions(sampler, labels, seed, w=1.0):
    """sampler(eps_hat, x_T), 250 labels at a time: small enough for the cache of a CPU."""
    seed_everything(seed)
    with evaluating(network):
        return torch.cat(
            [
                sampler(denoiser(part, w), torch.randn(len(part), 1, 16, 16, device=device))
                for part in labels.split(250)
            ]
        ).clamp(-1, 1)


def by_ddim(n, eta):
    def sampler(eps_hat, x_T):
        steps = step_grid(n)
        noise = torch.randn(len(steps), *x_T.shape, device=device) if eta > 0 else None
        return ddim_sample(eps_hat, x_T, steps, alpha_bar, eta, noise)

    return sampler


def by_ode(n, method):
    """n steps by integrate_ode in the variables x / sqrt(alpha_bar) and sigma, then one to clean data."""

    def sampler(eps_hat, x_T):
        steps = step_grid(n + 1)
        sigmas = (1 / alpha_bar - 1).sqrt()

        def slope(x, sigma):
            t = (sigmas - sigma).abs().argmin()
            return eps_hat(x * alpha_bar[t].sqrt(), t.expand(len(x)))

        x = integrate_ode(slope, x_T / alpha_bar[steps[0]].sqrt(), sigmas[steps], method)
        return ddim_sample(eps_hat, x * alpha_bar[steps[-1]].sqrt(), steps[-1:], alpha_bar)

    return sampler


def quality(images):
    """Distance to the test digits, and the share of images of the class asked for."""
    right = (digit_probabilities(images).argmax(1) == wanted[: len(images)]).float().mean()
    return digit_distance(images, x_test[: len(images)]), float(right)


# %% train="steps_and_quality"
SAMPLERS = {
    "DDPM (eta = 1)": [(n, n, by_ddim(n, 1.0)) for n in (5, 10, 20, 50, 200)],
    "DDIM (eta = 0)": [(n, n, by_ddim(n, 0.0)) for n in (5, 10, 20, 50)],
    "Heun": [(n, 2 * n + 1, by_ode(n, "heun")) for n in (2, 5, 10, 25)],
}
if settings.fast:
    SAMPLERS = {name: rows[:2] for name, rows in SAMPLERS.items()}

print(f"training digits: distance {digit_distance(x_train[:N_SAMPLES], x_test[:N_SAMPLES]):.1f}")
same = in_portions(by_ddim(11, 0.0), wanted[:20], 3) - in_portions(
    by_ode(10, "euler"), wanted[:20], 3
)
print(f"DDIM and Euler in the other variables: largest difference {same.abs().max():.1g}")
print(f"{'sampler':<16}{'steps':>6}{'evaluations':>13}{'distance':>10}{'of the class':>14}")
curves, pictures = {}, {}
for name, rows in SAMPLERS.items():
    for n, n_evaluations, sampler in rows:
        images = in_portions(sampler, wanted, 3)
        distance, right = quality(images)
        curves.setdefault(name, []).append((n_evaluations, distance))
        pictures[f"{name}, {n_evaluations}"] = images[:: N_SAMPLES // 10]
        print(f"{name:<16}{n:6}{n_evaluations:13}{distance:10.1f}{100 * right:13.1f}%")

figure, axes = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
for name, points in curves.items():
    axes.plot(*zip(*points, strict=True), "o-", label=name)
axes.axhline(
    digit_distance(x_train[:N_SAMPLES], x_test[:N_SAMPLES]),
    ls="--",
    color="grey",
    label="training digits",
)
axes.set(
    title="Quality against cost",
    xlabel="evaluations of the network",
    ylabel="Fréchet distance to test digits",
    xscale="log",
    yscale="log",
)
axes.grid(alpha=0.3)
axes.legend()
plt.show()
plots.show_rows(pictures, "The same ten labels; sampler and number of evaluations")

# %% [markdown]
# **Analysis** (6 points). (a) Read the figure and the table: how many evaluations does each sampler need for a distance of 60, and
# which is best at about 10, at about 20 and with the largest budget? (b) What do samples with too few steps look like, for DDPM and for DDIM?
# Explain the difference by what $\eta$ does to errors on the way. (c) Heun's method is of order 2. Why does it gain
# so much less here than in the plane, where the same comparison was made with an exact score? (d) The share of the right class and the distance
# do not order the samplers alike. What does each measure, and which would you report?

# %% [markdown] analysis="steps_study"
# ### BEGIN SOLUTION
# (a) A distance of 60 takes DDPM and DDIM fewer than 10 evaluations (46.3 and 46.2 at 10, 98.8 and 76.9 at 5), Heun between 11
# and 21 (79.9 and 31.8). At about 10, DDIM and DDPM are level; at 20, DDPM is best with 28.7, Heun has 31.8 and DDIM 36.8; with
# the largest budget DDPM, 25.9 in 50 and 17.0 in 200 steps, near the 12.3 of training digits. DDIM and Heun stop improving at 34
# and 32.
#
# (b) With 5 steps DDPM's digits are clear and simple, a little blocky: 95.4% are of their class, yet the distance is 98.8. DDIM's
# are grey with specks of noise, and each is the same digit as in the rows with more steps. Heun with 2 steps gives noise
# (1028), with steps so long that the slope at the end, extrapolated from the first, has nothing to do with digits. DDIM keeps all errors of a
# step; DDPM replaces much of the noise, and the network sees an error only once before it is partly overwritten.
#
# (c) DDIM with 50 steps has nearly solved the ODE: from 20 to 50 steps it gains 2.5. What is left, about 32, is the error of the
# *network's* ODE, and no solver gets below that. Heun comes to the same 31.7 as its limit with 21 evaluations. So the order shows
# (21 evaluations of Heun are better than 50 of DDIM), but there is nothing more to gain. In the plane the score was exact, so all of
# the error was the solver's.
#
# (d) The share asks only whether a sample is recognised as its class: it is highest, 95.4%, where samples are simple (DDPM, 5 steps), and falls
# to 86.8% for 200 steps, where they are as varied as handwriting. (The share for real digits is not 100% at this size either.)
# The distance compares the whole distribution, variety included. I would report both, and not choose a sampler by the share alone.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: evaluations for a distance of 60, from the student's own table, for all three samplers.
# - 1 point: the best sampler at about 10, about 20 and at the largest budget, with numbers.
# - 1 point: few steps: what is seen for DDPM and DDIM (and Heun), and the explanation: new noise overwrites earlier errors, a
#   deterministic chain carries them along.
# - 1 point: Heun's limit is the ODE of the network, whose error no solver removes; with the number that DDIM and Heun converge to.
# - 1 point: the exact score in the plane has no such error (or: the order shows only as long as the solver's error dominates).
# - 1 point: recognisability against the whole distribution; an example in which they disagree; a choice with a reason.
# ### END MARK SCHEME

# %% [markdown]
# ## 8. Experiment: an image to its noise and back
#
# DDIM without noise is a map that can be run backwards. Below, test digits are encoded and decoded again with their own labels, without
# guidance and without clipping, in more and more steps. The table has the error per pixel (root of the mean square; a digit's pixels have a standard deviation of about
# 0.6), and the mean and the standard deviation of the noise, to be compared with 0 and 1. In the last row of the second figure the noise of one digit is
# decoded with *another* label. **Look for** what stays of the image.

# %% train="round_trip"
n_kept = 10 if settings.fast else 100
originals, their_labels = x_test[:n_kept], labels_test[:n_kept]
strips, n_round = (
    {"original": originals[:12]},
    (4, 8) if settings.fast else (5, 10, 20, 50, 100, 200),
)
with evaluating(network):
    own = lambda x, t: network(x, t, their_labels)  # noqa: E731
    other = lambda x, t: network(x, t, (their_labels + 3) % 10)  # noqa: E731
    print(f"{'steps':>5}{'error per pixel':>17}{'mean of x_T':>13}{'std of x_T':>12}")
    for n in n_round:
        steps = step_grid(n)
        x_T = ddim_encode(own, originals, steps, alpha_bar)
        back = ddim_sample(own, x_T, steps, alpha_bar)
        error = (back - originals).square().mean().sqrt()
        print(f"{n:5}{error:17.4f}{x_T.mean():13.3f}{x_T.std():12.3f}")
        strips[f"back, {n} steps"] = back[:12].clamp(-1, 1)
    strips["its noise"] = x_T[:12].clamp(-2, 2) / 2
    strips["another label"] = ddim_sample(other, x_T, steps, alpha_bar)[:12].clamp(-1, 1)
plots.show_rows(strips, "Encoded and decoded; at the end with the label three further")

# %% [markdown]
# **Analysis** (3 points). (a) How does the error of the round trip fall with the number of steps, and from where on can
# it not be seen? (b) Is the noise of a digit standard normal, by its two numbers and by its picture? Explain what you see at
# the border. (c) What does another label change, and what stays of the original? What could that be used for?

# %% [markdown] analysis="round_trip"
# ### BEGIN SOLUTION
# (a) 3.57 at 5 steps, where it fails, then 0.254, 0.117, 0.055, 0.030 and 0.017 for 10, 20, 50, 100 and 200: it roughly
# halves when the steps double, order 1, as for Euler. From 20 or 50 steps on I see no difference.
#
# (b) No. The mean is 0.016 at 200 steps, but the standard deviation is 0.71, not 1. In the picture the border is an even grey, with
# numbers near 0, and in the middle the digit itself shows through. The border is black in every digit: there the data have no variance, and a flow
# cannot make variance from nothing. (The exact denoiser of singular Gaussian data shows the same.) Decoding succeeds all the same, since it
# goes back on the path that encoding came on, as long as the steps are small. With 5 steps it leaves the path: the network is asked about points
# that are unlike any noisy digit, and each step makes it worse.
#
# (c) The digit becomes another one, and slant, width of the strokes and position mostly stay: they are in the noise, the class
# comes from the label. So an image can be edited: encode it under the old description, decode it under a new one.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the error by steps with numbers; about halved when the steps double; from where on it cannot be seen.
# - 1 point: mean near 0, standard deviation clearly below 1 in the student's table; where the noise is too small (border, constant
#   pixels) or shows the digit, and why.
# - 1 point: another label changes the digit and keeps style (slant, thickness, position); a use (editing).
# ### END MARK SCHEME

# %% [markdown]
# ## 9. Experiment: guidance
#
# Samples with DDIM in 15 steps for several weights $w$. *Fidelity* is the share of samples that the classifier takes for the class
# asked for. *Diversity* is how much samples of the same class differ: the mean distance of their classifier features, as a share of
# that of real digits of one class.

# %% train="guidance_study"
from dgm.metrics import digit_features


def spread(images, labels):
    """Mean distance of the features of two images of one class, over the ten classes."""
    features = digit_features(images)
    return torch.stack([torch.pdist(features[labels == c]).mean() for c in range(10)]).mean()


W_VALUES = (0.0, 1.0, 3.0) if settings.fast else (0.0, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
real = spread(x_test, labels_test)
guided, rows = {}, []
print(f"{'w':>4}{'of the class':>14}{'diversity':>11}{'distance':>10}")
for w in W_VALUES:
    images = in_portions(by_ddim(15, 0.0), wanted, 4, w)
    distance, right = quality(images)
    rows.append((w, right, float(spread(images, wanted) / real), distance))
    guided[f"w = {w:g}"] = images[:: max(1, N_SAMPLES // 20)]
    print(f"{w:4g}{100 * right:13.1f}%{rows[-1][2]:11.2f}{distance:10.1f}")

weights, fidelity, diversity, distances = zip(*rows, strict=True)
_, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
axes[0].plot(diversity, fidelity, "o-")
for w, x, y in zip(weights, diversity, fidelity, strict=True):
    axes[0].annotate(f"w = {w:g}", (x, y), textcoords="offset points", xytext=(4, -10))
axes[0].set(
    title="Fidelity against diversity",
    xlabel="diversity, real digits = 1",
    ylabel="share of the class asked for",
)
axes[1].plot(weights, distances, "o-")
axes[1].set(title="Distance to test digits", xlabel="w", ylabel="Fréchet distance", yscale="log")
for ax in axes:
    ax.grid(alpha=0.3)
plt.show()
plots.show_rows(guided, "Two samples of each class, from the same noise")

# %% [markdown]
# **Graded by its samples** (6 points). Choose a weight and a number of steps. A hundred samples of each digit, zeros first, are saved in
# `artifacts/class_samples.safetensors`, which you hand in. The grader asks the course's classifier (`class_samples` in
# `dgm.quality`) which share of the samples is of its digit: at least 0.85 earns all points, at least 0.6 half of them. The
# default settings reach more than 0.9. Nothing is earned if fewer than 20 of the 100 samples of any digit are of it, if more than 2% are
# copies of real digits, or if more than 10% are the same as another one. A wrong order counts as wrong digits. For the classifier the
# samples are enlarged to 28x28 pixels.


# %% answer="guided_sampler_settings"
def guided_sampler_settings() -> tuple[float, int]:
    """The weight w of guidance and the number of DDIM steps (at most 50) for the samples that are handed in."""
    ### BEGIN SOLUTION
    return 1.5, 25
    ### END SOLUTION


# %% train="guided_samples"
w, n = guided_sampler_settings()
n = 2 if settings.fast else n
final = in_portions(by_ddim(n, 0.0), torch.arange(10, device=device).repeat_interleave(100), 5, w)
# from 16x16 to 28x28: the border of one pixel away, then twice as large
large = F.interpolate(final[:, :, 1:-1, 1:-1], scale_factor=2, mode="bilinear", align_corners=False)
keep_tensors("class_samples", {"samples": (127.5 * (large + 1)).round().to(torch.uint8).cpu()})
plots.show_images(final[::10], f"Guided samples, w = {w:g}", n_columns=10)

# %% quality="guided_samples_quality"

# %% [markdown]
# **Analysis** (6 points). (a) Describe what happens to fidelity, diversity and distance from $w = 0$ to $w = 8$, with numbers. Where is
# the distance smallest, and why neither at $w = 1$ nor at the largest $w$, or why there? (b) What do the rows of samples show that the numbers do not?
# (c) What does $w = 0$ give, and what does its share of the right class say? (d) Each guided step costs two evaluations. Compare with
# the table of experiment 7: for your purpose, would you rather have guidance or twice as many steps? (e) The classifier that measures fidelity was trained on the same kind
# of digits. How could a high share deceive, and what else in this experiment would show it?

# %% [markdown] analysis="guidance_study"
# ### BEGIN SOLUTION
# (a) The share of the class rises from 85.8% at $w = 1$ to 95.8% at 1.5, 99.2% at 2 and 100% from 5 on. Diversity falls from 1.03
# (real digits: 1) to 0.92, 0.85, and 0.72 at 8. The distance is smallest at 1.5, 21.9, against 41.2 at 1, 38.4 at 2 and 226.8 at
# 8. At $w = 1$ one sample in seven is no digit of its class; a little guidance repairs these. More of it makes all samples alike,
# and the distance, which compares the spread of the features too, grows.
#
# (b) From the same noise each column keeps its digit from $w = 1$ on, and becomes clearer: strokes get brighter and shapes more regular, then at
# 5 and 8 hard-edged and uniform, like one printed digit. The row of $w = 0$ has digits, but not those of the columns.
#
# (c) The unconditional network. 11.8% are of the class asked for, about the 10% of pure chance, since the class does not enter. (Its diversity
# of 1.43 compares samples of *different* digits, so it is no sign of variety within a class.)
#
# (d) DDIM without guidance has 34.3 in 50 evaluations and 36.8 in 20. Guidance with $w = 1.5$ has 21.9 in 30 (15 steps, twice). For digits of a given
# class, guidance is the better use. DDPM with 200 evaluations is better still (17.0), with no loss of diversity. So for samples that stand for the
# data I would take more steps and noise, for clear single samples guidance.
#
# (e) A share of 100% at $w = 8$ says only that the classifier is sure. It was never asked whether such images occur, and a single clear digit of each class
# would have 100%, too. The fall of diversity, the distance (226.8, worse than any sampler with 10 steps) and the pictures show it.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: fidelity rises, diversity falls with w, with numbers at three weights or more.
# - 1 point: the w with the smallest distance, and why: unguided samples are partly unrecognisable, strong guidance loses variety.
# - 1 point: the pictures: clearer, then uniform, high contrast; the same digit in a column from w = 1 on.
# - 1 point: w = 0 ignores the class: about 10% by chance.
# - 1 point: a comparison at equal numbers of evaluations with the table of experiment 7, and a choice with a reason.
# - 1 point: a high share can come from few, exaggerated samples; diversity, distance or pictures show it.
# ### END MARK SCHEME

# %% [markdown]
# ## 10. Experiment: a perfect fit only copies
#
# Your `dataset_denoiser` with the 4,000 training digits is the minimum of the loss that the network was trained on. No network
# can have a smaller training loss. Below, both are held against each other, without classes: the error of the estimated noise, on
# training digits and on test digits; samples by DDIM in 50 steps from the same noise, each over its nearest training digit; and
# both estimates of one noisy test digit. Distances between images are per pixel (the root of the mean square). **Guess** before
# you run the cell what the samples of the denoiser that knows the data by heart will be.


# %% train="memory_study"
@torch.no_grad()
def by_heart(x, t):
    """The best possible network on the training digits, by your exact denoiser."""
    x_0 = dataset_denoiser(x, alpha_bar[t], x_train)
    return data_and_noise(x_0, x, alpha_bar[t], "x_0")[1]


def unconditional(x, t):
    return network(x, t)


def errors_of(eps_hat, images, t, seed):
    """Mean squared error of the noise at step t."""
    seed_everything(seed)
    eps, t = torch.randn_like(images), torch.full((len(images),), t, device=device)
    kept = per_sample(alpha_bar[t], images)
    with evaluating(network):
        return F.mse_loss(eps_hat(kept.sqrt() * images + (1 - kept).sqrt() * eps, t), eps).item()


n_err = 50 if settings.fast else 500
levels = (0, 5, 10, 20, 40, 80, 150)
print("mean squared error of the noise")
print(f"{'step':<28}" + "".join(f"{t:>8}" for t in levels))
for name, eps_hat in (("by heart", by_heart), ("network", unconditional)):
    for kind, images in (("training", x_train[:n_err]), ("test", x_test[:n_err])):
        errors = [errors_of(eps_hat, images, t, 6) for t in levels]
        print(f"{name + ', ' + kind + ' digits':<28}" + "".join(f"{e:8.4f}" for e in errors))


def nearest(images):
    """The nearest training digits, and the distances per pixel (root of the mean square)."""
    apart = torch.cdist(images.flatten(1), x_train.flatten(1)) / 16
    return x_train[apart.argmin(1)], apart.amin(1)


n_drawn = 40 if settings.fast else 200
seed_everything(7)
x_T, steps = torch.randn(n_drawn, 1, 16, 16, device=device), step_grid(50)
drawn = {}
with evaluating(network):
    for name, eps_hat in (("by heart", by_heart), ("network", unconditional)):
        drawn[name] = ddim_sample(eps_hat, x_T, steps, alpha_bar).clamp(-1, 1)
strips = {}
print(f"distance per pixel to the nearest of the {len(x_train):,} training digits")
for name, images in {**drawn, "test digits": x_test[:n_drawn]}.items():
    neighbours, apart = nearest(images)
    print(
        f"  {name:<12} median {apart.median():.4f}, least {apart.min():.4f}, most {apart.max():.4f}"
    )
    if name in drawn:
        strips |= {
            f"{name}: samples": images[:12],
            "nearest training digits" + " " * len(strips): neighbours[:12],
        }
plots.show_rows(strips, "Samples from the same noise, over their nearest training digits")

t_show = (20, 60, 100, 140, 180)
with evaluating(network):
    x = x_test[:1].expand(len(t_show), -1, -1, -1)
    t = torch.tensor(t_show, device=device)
    seed_everything(8)
    kept = per_sample(alpha_bar[t], x)
    noisy = kept.sqrt() * x + (1 - kept).sqrt() * torch.randn_like(x)
    guesses = {
        name: data_and_noise(eps_hat(noisy, t), noisy, alpha_bar[t], "eps")[0].clamp(-1, 1)
        for name, eps_hat in (("by heart", by_heart), ("network", unconditional))
    }
plots.show_rows(
    {"noisy test digit": noisy.clamp(-1, 1), **guesses},
    "The estimate of a test digit",
    columns=[f"step {each}" for each in t_show],
)

# %% [markdown]
# **Analysis** (6 points). (a) Compare the errors of "by heart" and network on training digits, at small and at large steps. Is the denoiser that
# knows the data by heart better, and why is it allowed to be? (b) The same on test digits. What happens at small steps, and why? (c) Describe the samples of both
# over their nearest training digits, with the distances, and compare with those of test digits. Which samples are new? (d) Look at the estimates of one test digit. What
# does each denoiser do with a digit that it has never seen? (e) The network was trained on exactly the loss whose minimum is the denoiser by heart. Name two reasons
# why it did not get there, and say what that means for the sentence "a lower training loss is better".

# %% [markdown] analysis="memory_study"
# ### BEGIN SOLUTION
# (a) By heart, the errors on training digits are 0.0000 up to step 10, 0.0045 at step 40 and 0.0005 at step 150; the network has 0.230, 0.070 and 0.0010.
# It is better everywhere, by a factor of 1,000 and more at small steps. It is allowed to be: it looks the clean digit up in the data, and its
# squared error is the smallest that any function of $x_t$ has on these digits.
#
# (b) On test digits the same denoiser has 77 at step 0, 4.8 at 5 and 0.46 at 20. Estimating no noise at all would cost 1.0. At
# small steps it is sure of one training digit, a wrong one, and the whole difference to the test digit is taken for noise and divided by a small
# $\sqrt{1 - \bar\alpha_t}$. From step 80 on both have the same errors (0.024 and 0.027), since with so much noise only the rough shape can be known. The network has the same
# errors on test digits as on training digits (0.232 and 0.230 at step 0): it knows none by heart.
#
# (c) By heart, every sample is a training digit: median distance 0.0000, the largest 0.0006. The network's have 0.31 (least 0.13), real test digits 0.23
# (least 0.05). So its samples are new, further from the training digits than new handwriting is. Some are recognisable, others a mixture of strokes of no
# digit (there was no label). Each begins like the sample by heart in the same column, since the same noise gives the same rough shape.
#
# (d) At steps 20 and 60 the denoiser by heart shows a clean, sharp 6 that is another one, a training digit. From 100 on it is a blur,
# the mean of several digits, in the end that of all. The network shows the 6 that was hidden in the noise, with its own shape, then a blur, then with
# step 140 and 180 specks, as its small errors of the noise are multiplied by $\sqrt{(1 - \bar\alpha_t) / \bar\alpha_t}$.
#
# (e) It has too few weights and is built of local convolutions, the same at each place, so it cannot hold 4,000 digits; and it was trained for a few
# minutes, which visits each digit 40 times, each time with other noise. Both keep it at smooth estimates that also fit digits it
# has not seen. A lower training loss is better only as long as the loss on new data falls with it. Below that a
# network begins to copy, and its samples, which may look best of all, are those of a memory.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: by heart is better on training digits, above all at small steps, with numbers; it is the minimum of the training loss.
# - 1 point: on test digits it is far worse at small steps (above 1), equal at large ones; sure of a wrong digit, difference over a small
#   standard deviation.
# - 1 point: samples by heart are copies (distance about 0); the network's are further from the training digits than test digits
#   are, so new; with numbers.
# - 1 point: the estimates: another, sharp digit by heart at small steps, the mean of the data at large ones; the network follows the test digit.
# - 1 point: two reasons: capacity, convolutions (locality), short training, noise that is new each time, averaging of weights.
# - 1 point: training loss against loss on new data: the minimum of the training loss is memorising; what to watch instead.
# ### END MARK SCHEME
