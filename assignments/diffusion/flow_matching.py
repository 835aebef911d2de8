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
# # Flow matching, straight paths and latent spaces
#
# A diffusion model learns to undo noise. Flow matching asks for less: join each noise point to a data point by a straight
# line, and learn the velocity with which a point at a given place and time should move. The loss is a regression, the sampler
# solves an ordinary differential equation, and there is no schedule to choose. In the first part you write it, one short
# function per question, with what makes its paths straighter (rectified flow, optimal coupling), the average of weights that
# samples are drawn with, and the scaling of a latent space. In the second part you train: in the plane, where the right
# answer is known in closed form; on digits, against a diffusion model with an equal budget; and in the latent space of an
# autoencoder.
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dgm.assignment import cheapest_assignment
from dgm.check import visible_checks
from dgm.plots import picture

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $x_0$ | `x_0` | noise, standard normal | `(B, ...)` |
# | $x_1$ | `x_1` | data, images in $[-1, 1]$ or points | `(B, ...)` |
# | $t$ | `t` | time, one for each sample: real, **0 is noise, 1 is data** | `(B,)` |
# | $x_t$ | `x_t` | the point of the path at time $t$ | `(B, ...)` |
# | $u_t(x)$ | | the velocity field that moves noise to data | `(B, ...)` |
# | $\sigma_{\min}$ | `sigma_min` | standard deviation of the noise that is left at $t = 1$, a number in $[0, 1)$ | |
#
# The other notebooks of this assignment count steps from data to noise, and write $x_0$ for data. Papers on flow matching
# count time the other way and write $x_0$ for noise, as this notebook does. (Liu et al. 2023 and Lipman et al. 2023 agree on
# that.)
#
# * `(B, ...)` stands for a batch with any axes after the first: images `(B, C, H, W)`, points `(B, D)`, numbers `(B,)`.
# * Random numbers are arguments: your functions draw none, and times come in too.
# * **A network** is called as `network(x, t)`, with `x` `(B, ...)` and `t` `(B,)` in the dtype and on the device of `x`, and
#   returns the shape of `x`. Call it on whole batches, as often as the question says. Leave its mode (training or
#   evaluation) as it is.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on
#   the input's device, for example `torch.zeros_like(x)` or `torch.full((B,), 0.5, dtype=x.dtype, device=x.device)`. A result
#   with several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument and the parameters of every network handed in, as the formula has
#   them, unless a question says otherwise. They are finite wherever the formula's are. If no input needs gradients, the
#   result keeps no graph.
# * **Sizes**: a batch may hold one sample, and a vector one feature. Keep the axes that the shapes name (`squeeze()` without
#   an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), and whether they need gradients. A function keeps
#   nothing from one call for the next.
# * Each question is graded independently: a mistake in one costs nothing in another, even where a function calls an
#   earlier one.

# %% [markdown]
# ## 1. Paths and their velocity
#
# ### The path of a sample (3 points)
#
# Join a noise sample to a data sample by a straight line, and walk along it at constant speed:
#
# $$x_t = \big(1 - (1 - \sigma_{\min})\, t\big)\, x_0 + t\, x_1$$
#
# At $t = 0$ this is noise. At $t = 1$ it is the data with a trace of noise, of standard deviation $\sigma_{\min}$ (Lipman et
# al. 2023, "optimal transport" conditional path). With $\sigma_{\min} = 0$, the default, it is the line $(1 - t)\, x_0 + t\, x_1$
# of rectified flow (Liu et al. 2023). Each sample has its own time.


# %% answer="interpolant"
def interpolant(x_0: Tensor, x_1: Tensor, t: Tensor, sigma_min: float = 0.0) -> Tensor:
    """The point at time t on the straight path from x_0 to x_1 (Lipman et al. 2023).

    x_0, x_1: (B, ...), noise and data; t: (B,) in [0, 1], one time for each sample; sigma_min: in [0, 1).
    Returns x_t: (B, ...).
    """
    ### BEGIN SOLUTION
    t = t.reshape(-1, *[1] * (x_0.ndim - 1))
    return (1 - (1 - sigma_min) * t) * x_0 + t * x_1
    ### END SOLUTION


# %% check="interpolant"
@visible_checks("interpolant")
def _():
    x_0, x_1 = torch.randn(3, 1, 4, 4), torch.randn(3, 1, 4, 4)
    x_t = interpolant(x_0, x_1, torch.tensor([0.0, 1.0, 0.25]))
    assert x_t.shape == x_0.shape, (
        f"x_t has the shape of the samples, {tuple(x_0.shape)}; yours has {tuple(x_t.shape)}"
    )
    assert not torch.allclose(x_t[0], x_1[0]), "t = 0 is noise, not data: is time reversed?"
    assert torch.allclose(x_t[0], x_0[0]), "at t = 0 the path begins at x_0"
    assert torch.allclose(x_t[1], x_1[1], atol=1e-6), "at t = 1 and sigma_min = 0 it ends at x_1"
    assert torch.allclose(x_t[2], 0.75 * x_0[2] + 0.25 * x_1[2], atol=1e-6), (
        "a quarter of the way is three parts of x_0 and one of x_1: each sample has its own time"
    )
    end = interpolant(x_0, x_1, torch.ones(3), sigma_min=0.1)
    assert torch.allclose(end, x_1 + 0.1 * x_0, atol=1e-6), (
        "sigma_min of the noise is left at t = 1: x_1 + sigma_min x_0"
    )


# %% [markdown]
# ### Its velocity (2 points)
#
# The derivative of $x_t$ in $t$. Since the path is straight, it does not depend on $t$. It is what the network will be asked to
# predict from $x_t$ and $t$ alone, without knowing the ends.


# %% answer="velocity_target"
def velocity_target(x_0: Tensor, x_1: Tensor, sigma_min: float = 0.0) -> Tensor:
    """The velocity dx_t/dt of the straight path from x_0 to x_1, at any time.

    x_0, x_1: (B, ...), noise and data; sigma_min: in [0, 1). Returns (B, ...).
    """
    ### BEGIN SOLUTION
    return x_1 - (1 - sigma_min) * x_0
    ### END SOLUTION


# %% check="velocity_target"
@visible_checks("velocity_target")
def _():
    x_0, x_1 = torch.randn(3, 5), torch.randn(3, 5)
    velocity = velocity_target(x_0, x_1)
    assert velocity.shape == (3, 5), (
        f"the velocity has the shape of the samples, (3, 5); yours has {tuple(velocity.shape)}"
    )
    assert not torch.allclose(velocity, x_0 - x_1), (
        "the velocity points from noise to data; yours points the other way"
    )
    assert torch.allclose(velocity, x_1 - x_0), "in unit time the path goes from x_0 to x_1"
    assert torch.allclose(velocity_target(x_0, x_1, 0.25), x_1 - 0.75 * x_0, atol=1e-6), (
        "with sigma_min the end is x_1 + sigma_min x_0: take the start from it"
    )


# %% [markdown]
# ### The loss (4 points)
#
# Regress the network on the velocity, at the point where the path is:
#
# $$L = \mathbb{E}\, \big\lVert v_\theta(x_t, t) - \tfrac{d}{dt} x_t \big\rVert^2$$
#
# Many paths cross at one point $x$ and time $t$. The least-squares answer is the mean of their velocities,
# $u_t(x) = \mathbb{E}[\, \tfrac{d}{dt} x_t \mid x_t = x\,]$, and this is the field that moves the distribution of $x_0$ to that of
# $x_1$ (Lipman et al. 2023, on conditional flow matching). Take the **mean over all elements** of the batch, so that the
# number is comparable between sizes of images.


# %% answer="flow_matching_loss"
def flow_matching_loss(
    network: Callable[[Tensor, Tensor], Tensor],
    x_0: Tensor,
    x_1: Tensor,
    t: Tensor,
    sigma_min: float = 0.0,
) -> Tensor:
    """Mean squared error of the network's velocity (Lipman et al. 2023, conditional flow matching).

    network: called once, network(x_t, t). x_0, x_1: (B, ...), noise and data; t: (B,) in [0, 1]; sigma_min: in [0, 1).
    Returns the mean over all elements, 0-d.
    """
    ### BEGIN SOLUTION
    x_t = interpolant(x_0, x_1, t, sigma_min)
    return (network(x_t, t) - velocity_target(x_0, x_1, sigma_min)).square().mean()
    ### END SOLUTION


# %% check="flow_matching_loss"
@visible_checks("flow_matching_loss")
def _():
    x_0, x_1, t = torch.randn(4, 3), torch.randn(4, 3), torch.rand(4)
    seen = []

    def network(x, t):
        seen.append((x, t))
        return torch.zeros_like(x)

    value = flow_matching_loss(network, x_0, x_1, t)
    assert value.shape == (), f"the loss is one number; yours has shape {tuple(value.shape)}"
    assert len(seen) == 1, f"the network is called once; you called it {len(seen)} times"
    assert seen[0][1].shape == (4,), "the network gets t as it is, one time for each sample"
    assert torch.allclose(seen[0][0], (1 - t)[:, None] * x_0 + t[:, None] * x_1, atol=1e-5), (
        "the network sees x_t, not an end of the path"
    )
    assert torch.allclose(value, (x_1 - x_0).square().mean(), atol=1e-5), (
        "a network that predicts zero has the mean square of the velocity for a loss"
    )


# %% [markdown]
# ## 2. Fields in closed form
#
# A trained field can be compared with the right one if the data are simple. Let noise and data be independent, and
# $\alpha_t = 1 - (1 - \sigma_{\min})\, t$ be the share of noise at time $t$.
#
# ### One Gaussian (3 points)
#
# Let the data be normal, with mean $m$ and standard deviations $s$ (one for each component, independent of each other). Then
# $x_t$ is normal with mean $t\, m$ and variance $\alpha_t^2 + t^2 s^2$. Noise, data and $x_t$ are jointly normal, so
# the mean velocity at $x$ is a regression line:
#
# $$u_t(x) = m + \frac{t\, s^2 - (1 - \sigma_{\min})\, \alpha_t}{\alpha_t^2 + t^2 s^2}\, (x - t\, m)$$


# %% answer="gaussian_field"
def gaussian_field(
    x: Tensor, t: Tensor, mean: Tensor, std: Tensor, sigma_min: float = 0.0
) -> Tensor:
    """The velocity field that moves standard normal noise to N(mean, diag std^2), for an independent coupling.

    x: (B, D); t: (B,) in [0, 1]; mean, std: (D,), std positive; sigma_min: in [0, 1).
    Returns u_t(x): (B, D).
    """
    ### BEGIN SOLUTION
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)
    ### END SOLUTION


# %% check="gaussian_field"
@visible_checks("gaussian_field")
def _():
    x, mean, std = torch.randn(5, 2), torch.tensor([1.0, -2.0]), torch.tensor([0.5, 2.0])
    start = gaussian_field(x, torch.zeros(5), mean, std)
    assert start.shape == (5, 2), f"a velocity for each point, (5, 2); yours: {tuple(start.shape)}"
    assert torch.allclose(start, mean - x, atol=1e-5), (
        "at t = 0, x is the noise itself: the mean velocity is m - x"
    )
    end = gaussian_field(x, torch.ones(5), mean, std)
    assert torch.allclose(end, x, atol=1e-5), (
        "at t = 1, x is the data itself, and the noise has mean zero: the mean velocity is x"
    )
    half = gaussian_field(mean[None] / 2, torch.full((1,), 0.5), mean, std)
    assert torch.allclose(half[0], mean, atol=1e-5), "the mean of the cloud moves with velocity m"


# %% [markdown]
# ### A mixture (5 points)
#
# Let the data be a mixture of $K$ round Gaussians with weights $w_k$, means $m_k$ and standard deviations $s_k$. The field is
# the average of the components' fields, with the probabilities of the components given where the point is:
#
# $$u_t(x) = \sum_k r_k\, u_t^{(k)}(x), \qquad r_k = \frac{w_k\, N\big(x;\, t\, m_k,\, (\alpha_t^2 + t^2 s_k^2) I\big)}{\sum_j w_j\, N\big(x;\, t\, m_j,\, (\alpha_t^2 + t^2 s_j^2) I\big)}$$
#
# The normal densities are far too small for floats where a point is far from all means, or $t$ near 1 and the $s_k$ small:
# work with their logarithms. The result must be right at $t = 0$ and $t = 1$ too, and for points a thousand standard
# deviations away.


# %% answer="mixture_field"
def mixture_field(
    x: Tensor, t: Tensor, weights: Tensor, means: Tensor, stds: Tensor, sigma_min: float = 0.0
) -> Tensor:
    """The velocity field that moves standard normal noise to a mixture of round Gaussians, for an independent coupling.

    x: (B, D); t: (B,) in [0, 1]; weights: (K,), positive, with sum 1; means: (K, D); stds: (K,), positive; sigma_min: in [0, 1).
    Returns u_t(x): (B, D).
    """
    ### BEGIN SOLUTION
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t  # (B, 1)
    variance = noise**2 + t**2 * stds**2  # (B, K)
    offset = x[:, None] - t[:, :, None] * means  # (B, K, D)
    log_joint = (
        weights.log() - 0.5 * x.shape[1] * variance.log() - 0.5 * offset.square().sum(2) / variance
    )
    slope = (t * stds**2 - (1 - sigma_min) * noise) / variance
    fields = means + slope[:, :, None] * offset
    return (log_joint.softmax(1)[:, :, None] * fields).sum(1)
    ### END SOLUTION


# %% check="mixture_field"
@visible_checks("mixture_field")
def _():
    means = torch.tensor([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0]])
    weights, stds = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.1, 0.5])
    x = torch.randn(4, 2)
    start = mixture_field(x, torch.zeros(4), weights, means, stds)
    assert start.shape == (4, 2), f"a velocity for each point, (4, 2); yours: {tuple(start.shape)}"
    assert torch.allclose(start, weights @ means - x, atol=1e-5), (
        "at t = 0, x says nothing about the component: the velocity is the mean of the data minus x"
    )
    one = mixture_field(x, torch.rand(4), torch.ones(1), means[:1], stds[:1])
    assert one.isfinite().all(), "one component is a Gaussian; yours is not finite there"
    near = mixture_field(means + 0.05, torch.ones(3), weights, means, stds)
    assert torch.allclose(near, means + 0.05, atol=1e-4), (
        "at t = 1 the velocity at a point of the data is x, since the noise has mean zero"
    )
    far = mixture_field(torch.full((1, 2), 500.0), torch.ones(1), weights, means, stds)
    assert far.isfinite().all(), (
        "far from all means every density is zero in floats: normalise the logarithms (softmax)"
    )


# %% [markdown]
# The picture shows the field of a mixture of three, on its way from noise to data, with points of the path. Look for the moment
# at which the field stops pointing to the middle of the data and begins to sort the points by component.


# %% train="field_pictures"
import matplotlib.pyplot as plt


@picture
def _():
    means = torch.tensor([[1.5, 1.0], [-1.5, 1.0], [0.0, -1.5]])
    weights, stds = torch.full((3,), 1 / 3), torch.full((3,), 0.2)
    torch.manual_seed(0)
    noise = torch.randn(300, 2)
    data = means[torch.arange(300) % 3] + 0.2 * torch.randn(300, 2)
    axis = torch.linspace(-2.5, 2.5, 15)
    grid = torch.cartesian_prod(axis, axis)
    _, panels = plt.subplots(1, 4, figsize=(13, 3.6), layout="constrained")
    for axes, moment in zip(panels, (0.0, 0.4, 0.7, 0.95), strict=True):
        field = mixture_field(grid, torch.full((len(grid),), moment), weights, means, stds)
        points = interpolant(noise, data, torch.full((300,), moment))
        axes.scatter(*points.T, s=4, alpha=0.4, color="tab:orange")
        axes.quiver(*grid.T, *field.T, angles="xy", scale=60, width=0.004)
        axes.set(title=f"t = {moment:g}", xlim=(-2.7, 2.7), ylim=(-2.7, 2.7), aspect="equal")
    plt.show()


# %% [markdown]
# ## 3. Samplers
#
# A sample is the end of a path: solve $\dot z = v(z, t)$ from a noise sample at $t = 0$ to $t = 1$, in $n$ steps of length
# $h = 1 / n$. **Samplers record no graph**: the result needs no gradients, although the parameters of the network do, and even
# if $x_0$ does. Otherwise the activations of all steps would stay in memory. The result is in the dtype of $x_0$.
#
# ### Euler (3 points)
#
# $$z_{k + 1} = z_k + h\, v(z_k, t_k), \qquad t_k = k / n, \quad k = 0, \dots, n - 1$$
#
# The first call is at $t = 0$ and the last one at $t = 1 - h$: $n$ calls. The error falls with $h$ (order 1).


# %% answer="euler_sample"
def euler_sample(network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, n_steps: int) -> Tensor:
    """Move noise to data by n_steps of Euler's method, from t = 0 to t = 1, without a graph.

    network: (B, ...), (B,) -> (B, ...), called once for each step. x_0: (B, ...).
    Returns (B, ...). Raises ValueError when n_steps < 1.
    """
    ### BEGIN SOLUTION
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    with torch.no_grad():
        x = x_0
        for k in range(n_steps):
            t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
            x = x + network(x, t) / n_steps
        return x
    ### END SOLUTION


# %% check="euler_sample"
@visible_checks("euler_sample")
def _():
    times = []

    def network(x, t):
        times.append(t)
        return t[:, None] + 0 * x

    x_0 = torch.randn(3, 2)
    x = euler_sample(network, x_0, 4)
    assert x.shape == (3, 2), f"samples have the shape of x_0, (3, 2); yours: {tuple(x.shape)}"
    assert len(times) == 4, f"four steps are four calls of the network; you made {len(times)}"
    assert all(t.shape == (3,) for t in times), "the network gets one time for each sample, (B,)"
    assert [round(float(t[0]), 6) for t in times] == [0.0, 0.25, 0.5, 0.75], (
        "four steps begin at t = 0, 0.25, 0.5 and 0.75"
    )
    assert torch.allclose(x, x_0 + 0.375, atol=1e-6), "each step moves x by h times the velocity"


# %% [markdown]
# ### Heun (3 points)
#
# Try Euler's step, look at the velocity where it leads, and take the step with the average of both:
#
# $$\tilde z = z_k + h\, v(z_k, t_k), \qquad z_{k + 1} = z_k + \tfrac{h}{2} \big( v(z_k, t_k) + v(\tilde z, t_{k + 1}) \big)$$
#
# Two calls for each step, the last one at $t = 1$: $2 n$ calls, and an error that falls with $h^2$ (order 2). (Karras et al.
# 2022 leave out the second call of the last step, because their field has no value at its end. Ours has, so take it.)


# %% answer="heun_sample"
def heun_sample(network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, n_steps: int) -> Tensor:
    """Move noise to data by n_steps of Heun's method, from t = 0 to t = 1, without a graph.

    network: (B, ...), (B,) -> (B, ...), called twice for each step. x_0: (B, ...).
    Returns (B, ...). Raises ValueError when n_steps < 1.
    """
    ### BEGIN SOLUTION
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    with torch.no_grad():
        x = x_0
        for k in range(n_steps):
            now, later = (
                torch.full((len(x),), i / n_steps, dtype=x.dtype, device=x.device)
                for i in (k, k + 1)
            )
            velocity = network(x, now)
            ahead = network(x + velocity / n_steps, later)
            x = x + (velocity + ahead) / (2 * n_steps)
        return x
    ### END SOLUTION


# %% check="heun_sample"
@visible_checks("heun_sample")
def _():
    times = []

    def network(x, t):
        times.append(float(t[0]))
        return x

    x_0 = torch.randn(3, 2)
    x = heun_sample(network, x_0, 2)
    assert x.shape == (3, 2), f"samples have the shape of x_0, (3, 2); yours: {tuple(x.shape)}"
    assert len(times) == 4, f"two steps are four calls of the network; you made {len(times)}"
    assert [round(t, 6) for t in times] == [0.0, 0.5, 0.5, 1.0], (
        "two steps look at t = 0 and 0.5, then at 0.5 and 1"
    )
    assert torch.allclose(x, x_0 * 1.625**2, atol=1e-5), (
        "for the field v = x, a step multiplies by 1 + h + h^2 / 2"
    )


# %% [markdown]
# How fast the errors fall, measured: the field of a Gaussian, whose paths are known. Both axes are logarithmic, so the slope is
# the order. Look also at equal numbers of calls, not only of steps.


# %% train="order_picture"
@picture
def _():
    torch.manual_seed(0)
    mean, std = torch.tensor([1.0, -2.0]).double(), torch.tensor([0.3, 2.0]).double()
    x_0, steps = torch.randn(200, 2).double(), (1, 2, 4, 8, 16, 32, 64)
    _, axes = plt.subplots(figsize=(6, 3.6), layout="constrained")
    for sample, calls in ((euler_sample, 1), (heun_sample, 2)):
        ends = [sample(lambda x, t: gaussian_field(x, t, mean, std), x_0, n) for n in steps]
        errors = [float((x - mean - std * x_0).square().mean().sqrt()) for x in ends]
        axes.loglog([calls * n for n in steps], errors, "o-", label=sample.__name__)
    axes.set(title="Error of the samples", xlabel="calls of the field", ylabel="root mean square")
    axes.legend()
    plt.show()


# %% [markdown]
# ## 4. Straighter paths
#
# Euler's method makes no error where paths are straight lines at constant speed: then one step is enough. The paths of the
# *samples* are curved, although those of the training pairs were straight, since the field is an average where pairs cross.
#
# ### Straightness (3 points)
#
# Along the path that Euler's method takes, $z_0, \dots, z_n$ with velocities $v_k = v(z_k, t_k)$, compare each velocity with
# the one that would lead straight from start to end (Liu et al. 2023, the straightness of a flow):
#
# $$S = \frac{1}{n} \sum_{k = 0}^{n - 1} \big\lVert (z_n - z_0) - v_k \big\rVert^2$$
#
# One number for each sample, with the squares **summed** over its elements. $S = 0$ for a straight path, and with a single step
# always.


# %% answer="straightness"
def straightness(network: Callable[[Tensor, Tensor], Tensor], x_0: Tensor, n_steps: int) -> Tensor:
    """How far each path of Euler's method is from straight; 0 is straight (Liu et al. 2023). Without a graph.

    network: (B, ...), (B,) -> (B, ...), called n_steps times. x_0: (B, ...).
    Returns (B,). Raises ValueError when n_steps < 1.
    """
    ### BEGIN SOLUTION
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    with torch.no_grad():
        x, velocities = x_0, []
        for k in range(n_steps):
            t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
            velocities.append(network(x, t))
            x = x + velocities[-1] / n_steps
        off = (x - x_0) - torch.stack(velocities)  # (n, B, ...)
        return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)
    ### END SOLUTION


# %% check="straightness"
@visible_checks("straightness")
def _():
    x_0, calls = torch.randn(4, 2), []

    def network(x, t):
        calls.append(t)
        return torch.stack([1 + 0 * t, 2 * t], 1)

    curved = straightness(network, x_0, 2)
    assert curved.shape == (4,), f"one number for each sample, (4,); yours: {tuple(curved.shape)}"
    assert len(calls) == 2, f"two steps are two calls of the network; you made {len(calls)}"
    assert torch.allclose(curved, torch.full((4,), 0.25), atol=1e-5), (
        "velocities 0 and 1 with mean 0.5 are off by 0.5 each: the mean square is 0.25"
    )
    straight = straightness(lambda x, t: torch.ones_like(x), x_0, 5)
    assert straight.abs().max() < 1e-8, "a constant velocity is a straight path: 0"


# %% [markdown]
# ### Pairs for a second flow (2 points)
#
# Rectified flow (Liu et al. 2023): draw noise, move it by the trained field, and train a second field on these pairs, $z_0$ with
# the end $z_1$ of *its* path. Paths of one field do not cross, so these pairs hardly do, and the second flow is
# straighter. Pairs are made once, for many samples, so go through the noise in portions. What moves a portion is an argument,
# `sample`: for example `lambda z: euler_sample(network, z, 40)`. It may record a graph; your pairs carry none.


# %% answer="reflow_pairs"
def reflow_pairs(
    sample: Callable[[Tensor], Tensor], noise: Tensor, batch_size: int
) -> tuple[Tensor, Tensor]:
    """Noise with the ends of its paths, in the same order (Liu et al. 2023). Without a graph.

    sample: moves noise to the ends of its paths, (B, ...) -> (B, ...); called on the rows of noise in their order, batch_size
    of them at a time; the last portion may be smaller.
    noise: (N, ...).
    Returns z_0 and z_1: (N, ...) each. Raises ValueError when batch_size < 1.
    """
    ### BEGIN SOLUTION
    if batch_size < 1:
        raise ValueError(f"portions need at least one sample, not {batch_size}")
    with torch.no_grad():
        ends = [sample(portion) for portion in noise.split(batch_size)]
        return noise.clone(), torch.cat(ends)
    ### END SOLUTION


# %% check="reflow_pairs"
@visible_checks("reflow_pairs")
def _():
    sizes = []

    def sample(z):
        sizes.append(len(z))
        return 2 * z

    noise = torch.randn(5, 2)
    z_0, z_1 = reflow_pairs(sample, noise, 2)
    assert z_0.shape == (5, 2) and z_1.shape == (5, 2), (
        f"a start and an end for every row, (5, 2) each; yours: {tuple(z_0.shape)}, {tuple(z_1.shape)}"
    )
    assert torch.equal(z_0, noise), "z_0 is the noise, in its order"
    assert torch.allclose(z_1, 2 * noise), "row i of z_1 is where row i of the noise goes"
    assert sizes == [2, 2, 1], f"portions of 2, 2 and 1 rows; yours: {sizes}"


# %% [markdown]
# ### Coupling within a batch (3 points)
#
# Instead of straightening a field afterwards, pair noise and data better before. Within a batch, any pairing of noise with data
# keeps both distributions. Choose the one with the least total squared distance (minibatch optimal transport; Pooladian et
# al. 2023, Tong et al. 2024):
#
# $$\pi = \arg\min_{\pi} \sum_i \lVert x_0^{(i)} - x_1^{(\pi(i))} \rVert^2$$
#
# over all permutations, with the squares summed over all axes of a sample. Pairs of an optimal coupling do not cross.
#
# Finding the permutation for a table of costs is the *assignment problem*. `cheapest_assignment(costs)` of `dgm.assignment`
# solves it: for `costs` `(n, n)` it returns `columns` `(n,)`, one for each row, with the least sum of
# `costs[i, columns[i]]`. (It is exact for any finite costs and runs on the CPU. The grader has no SciPy.) If several
# permutations are optimal, any of them is right.


# %% answer="minibatch_coupling"
def minibatch_coupling(x_0: Tensor, x_1: Tensor) -> Tensor:
    """The pairing of noise with data in a batch that has the least total squared distance (Tong et al. 2024).

    x_0, x_1: (B, ...).
    Returns a permutation (B,) int64 on their device: x_0[i] belongs to x_1[permutation[i]].
    """
    ### BEGIN SOLUTION
    rows, columns = (x.detach().double().reshape(len(x), -1) for x in (x_0, x_1))
    costs = torch.stack([(row - columns).square().sum(1) for row in rows])
    return cheapest_assignment(costs).to(x_0.device)
    ### END SOLUTION


# %% check="minibatch_coupling"
@visible_checks("minibatch_coupling")
def _():
    x_0 = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    x_1 = torch.tensor([[10.0, 1.0], [1.0, 10.0], [1.0, 0.0]])
    permutation = minibatch_coupling(x_0, x_1)
    assert permutation.shape == (3,) and permutation.dtype == torch.int64, (
        f"three indices, int64; yours: {tuple(permutation.shape)} of {permutation.dtype}"
    )
    assert permutation.tolist() != [1, 2, 0], (
        "x_0[i] belongs to x_1[permutation[i]]; yours looks like the inverse of that"
    )
    assert permutation.tolist() == [2, 0, 1], "each corner has a partner next to it"
    line = minibatch_coupling(torch.tensor([[0.0], [1.0]]), torch.tensor([[1.1], [2.1]]))
    assert line.tolist() == [0, 1], (
        "minimise the sum of squares: a nearest neighbour each, or plain distances, can be worse"
    )


# %% [markdown]
# On the left a batch of noise paired with two moons at random, on the right by your coupling. Look for crossings.


# %% train="coupling_pictures"
@picture
def _():
    from dgm.plane import two_moons

    torch.manual_seed(0)
    noise, data = torch.randn(64, 2), two_moons().sample(64, seed=1)
    pairings = {"as they come": torch.arange(64), "coupled": minibatch_coupling(noise, data).cpu()}
    _, panels = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for axes, (name, permutation) in zip(panels, pairings.items(), strict=True):
        ends = data[permutation]
        cost = (noise - ends).square().sum(1).mean()
        axes.plot(*torch.stack([noise, ends]).permute(2, 0, 1), color="grey", linewidth=0.6)
        axes.plot(*noise.T, ".", label="noise")
        axes.plot(*ends.T, ".", label="data")
        axes.set(title=f"{name}: mean squared distance {cost:.2f}", aspect="equal")
    panels[0].legend()
    plt.show()


# %% [markdown]
# ## 5. Averaged weights, and a latent space
#
# ### An average over training (3 points)
#
# Samples are drawn with an average of the weights over the end of training, not with the last ones, which still
# jump with each batch. An exponential moving average with a fixed decay remembers its random start for thousands
# of steps. The *power function* average of Karras et al. (2024) does not, and its window grows with training: after step
# $n = 1, 2, \dots$
#
# $$\bar\theta_n = \beta_n\, \bar\theta_{n - 1} + (1 - \beta_n)\, \theta_n, \qquad \beta_n = (1 - 1 / n)^{\gamma + 1}$$
#
# In the first step $\beta_1 = 0$: the average becomes a copy of the weights, whatever it was. With $\gamma = 0$ it is the plain
# mean of all weights so far; the larger $\gamma$, the more recent the average.
#
# * Every **parameter** is averaged, frozen ones and those of nested modules included; one that several modules share is
#   averaged once.
# * **Buffers** (running statistics, counters) are not averaged but **copied** from the network.
# * `averaged` changes in place and keeps its parameters (the same tensors, needing gradients or not as before), its gradients
#   and its mode. Nothing is recorded for gradients. `network` stays as it is.


# %% answer="ema_update"
def ema_update(averaged: nn.Module, network: nn.Module, step: int, gamma: float) -> None:
    """Take the weights of network into the power function average (Karras et al. 2024), in place.

    averaged, network: of the same architecture. step: 1 for the first update; gamma: >= 0.
    Raises ValueError when step < 1.
    """
    ### BEGIN SOLUTION
    if step < 1:
        raise ValueError(f"steps are counted from 1, not {step}")
    share = 1 - (1 - 1 / step) ** (gamma + 1)  # of the new weights
    with torch.no_grad():
        for mean, now in zip(averaged.parameters(), network.parameters(), strict=True):
            mean.lerp_(now, share)
        for kept, now in zip(averaged.buffers(), network.buffers(), strict=True):
            kept.copy_(now)
    ### END SOLUTION


# %% check="ema_update"
@visible_checks("ema_update")
def _():
    averaged, network = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    network.load_state_dict({name: value + 2 for name, value in network.state_dict().items()})
    before = {name: value.clone() for name, value in network.state_dict().items()}
    ema_update(averaged, network, 1, 1.0)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items()), (
        "the network itself must not change: the average takes from it"
    )
    assert torch.allclose(averaged.weight, network.weight), (
        "in step 1 beta is 0: the average becomes a copy of the network's weights"
    )
    nn.init.constant_(averaged.weight, 1.0)
    ema_update(averaged, network, 2, 1.0)
    assert torch.allclose(averaged.weight, torch.tensor(2.5)), (
        "step 2, gamma 1: beta = (1/2)^2, a quarter of the old average and three of the new weights"
    )
    assert torch.allclose(averaged.running_mean, network.running_mean), "buffers are copied"


# %% [markdown]
# ### The scale of a latent space (2 points)
#
# Latent diffusion (Rombach et al. 2022) runs the whole model on the codes of an autoencoder. Codes can have any scale,
# and the noise has standard deviation 1. So they are multiplied by **one** number, found once on a first batch:
#
# $$s = 1 / \hat\sigma, \qquad \hat\sigma^2 = \frac{1}{n} \sum_i (z_i - \bar z)^2$$
#
# over **all** $n$ numbers of the batch together, about their common mean (Rombach et al. 2022, appendix on the autoencoder).
# The codes are not centred. The scale is a constant of the model: it carries no graph, even if the latents need gradients.


# %% answer="latent_scale"
def latent_scale(latents: Tensor) -> Tensor:
    """The number that gives all latents together standard deviation 1 (Rombach et al. 2022). Without a graph.

    latents: (B, ...). Returns 0-d. Raises ValueError if all latents are equal.
    """
    ### BEGIN SOLUTION
    std = latents.detach().std(correction=0)
    if latents.min() == latents.max():
        raise ValueError("all latents are equal, so no scale gives them a spread of 1")
    return 1 / std
    ### END SOLUTION


# %% check="latent_scale"
@visible_checks("latent_scale")
def _():
    latents = torch.tensor([[1.0, 5.0], [1.0, 5.0]])
    scale = latent_scale(latents)
    assert scale.shape == (), f"one number, 0-d; yours has shape {tuple(scale.shape)}"
    assert not torch.allclose(scale, torch.tensor(2.0)), (
        "multiplying by the scale must give a spread of 1: yours is the standard deviation itself"
    )
    assert torch.allclose(scale, torch.tensor(0.5)), (
        "these latents have mean 3 and standard deviation 2 (n in the denominator): the scale is 0.5"
    )


# %% [markdown]
# ### There and back (3 points)
#
# The autoencoder is that of a VAE: the encoder returns $\mu$ and $\log \sigma^2$ of $q(z \mid x)$. A latent is drawn from it and
# scaled; a generated latent is scaled back before it is decoded:
#
# $$z = s\, (\mu + \sigma\, \epsilon), \qquad \hat x = \operatorname{decode}(z / s)$$


# %% answer="encode_latents"
def encode_latents(
    encoder: Callable[[Tensor], tuple[Tensor, Tensor]],
    x: Tensor,
    eps: Tensor,
    scale: float | Tensor,
) -> Tensor:
    """Scaled latents of data (Rombach et al. 2022).

    encoder: called once; (B, ...) -> mu and logvar of q(z | x), of the shape of eps each. x: (B, ...);
    eps: (B, ...), standard normal noise; scale: a positive number, or 0-d.
    Returns the latents, in the shape of eps.
    """
    ### BEGIN SOLUTION
    mu, logvar = encoder(x)
    return scale * (mu + (0.5 * logvar).exp() * eps)
    ### END SOLUTION


# %% check="encode_latents"
@visible_checks("encode_latents")
def _():
    x, eps = torch.randn(3, 4), torch.randn(3, 2)
    z = encode_latents(lambda x: (x[:, :2], torch.full((3, 2), math.log(4.0))), x, eps, 0.5)
    assert z.shape == (3, 2), f"latents have the shape of eps, (3, 2); yours: {tuple(z.shape)}"
    assert torch.allclose(z, 0.5 * x[:, :2] + eps, atol=1e-5), (
        "a log-variance of log 4 is a standard deviation of 2; scale mean and noise together"
    )


# %% answer="decode_latents"
def decode_latents(decoder: Callable[[Tensor], Tensor], z: Tensor, scale: float | Tensor) -> Tensor:
    """Data of scaled latents, the inverse of encode_latents.

    decoder: called once, on unscaled latents. z: (B, ...); scale: a positive number, or 0-d.
    Returns what the decoder does.
    """
    ### BEGIN SOLUTION
    return decoder(z / scale)
    ### END SOLUTION


# %% check="decode_latents"
@visible_checks("decode_latents")
def _():
    z = torch.randn(3, 2)
    x = decode_latents(lambda z: torch.cat([z, z], 1), z, 0.5)
    assert x.shape == (3, 4), "the result is what the decoder returns"
    assert torch.allclose(x[:, :2], 2 * z), "divide by the scale before decoding"


# %% [markdown]
# ## 6. Experiment: straight paths in the plane
#
# Now you train. The first experiment is in the plane, where the right field is known; the second one on digits of 16x16 pixels,
# against a diffusion model; the third in the latent space of an autoencoder. You write the training step; locked cells train
# and draw; at the end you say in words what came out. The points lie in that analysis, and a person grades it with your figures
# in view, so hand the notebook in **with its outputs**.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.
# Part two takes six to ten minutes on two cores.
#
# **Write the training step** with your functions: one step of the optimizer on the flow-matching loss, with
# $\sigma_{\min} = 0$. With `coupled`, the data of the batch are brought into the order of your `minibatch_coupling` first.


# %% answer="field_step"
def field_step(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    x_0: Tensor,
    x_1: Tensor,
    t: Tensor,
    coupled: bool = False,
) -> Tensor:
    """One step of the optimizer on a batch: noise and data (B, ...), times (B,). Returns the loss."""
    ### BEGIN SOLUTION
    if coupled:
        x_1 = x_1[minibatch_coupling(x_0, x_1)]
    loss = flow_matching_loss(network, x_0, x_1, t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
    ### END SOLUTION


# %% [markdown]
# The data are two moons: two half circles blurred by normal noise of standard deviation 0.1. A mixture of 96 round Gaussians
# along the half circles is the same to the eye, and your `mixture_field` gives its field. Four fields compete: this **exact**
# one; a network trained on **independent** pairs; one trained with the **coupling** within each batch of 128; and the
# **rectified** flow, trained on pairs that the independent one made.

# %% train="moons_training"
import copy
from itertools import pairwise

from dgm import plots
from dgm.data import batches, load_digits
from dgm.metrics import digit_distance
from dgm.models import ConvVAE
from dgm.nets import mlp, n_parameters
from dgm.plane import two_moons
from dgm.quality.plane_density import energy_distance
from dgm.training import (
    Settings,
    adam,
    evaluate,
    keep,
    load_checkpoint,
    seed_everything,
    train,
)
from dgm.unet import UNet

settings = Settings()
device = settings.device
print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
moons = two_moons()
angle = math.pi * (torch.arange(48) + 0.5) / 48
arc = torch.stack([angle.cos(), angle.sin()], 1)
arcs = torch.cat([arc, torch.tensor([1.0, 0.5]) - arc]) - torch.tensor([0.5, 0.25])
mixture = [part.to(device) for part in (torch.full((96,), 1 / 96), arcs, torch.full((96,), 0.1))]


def exact_field(x, t):
    return mixture_field(x, t, *mixture)


class Field(nn.Module):
    """A velocity of vectors: the time is one more input."""

    def __init__(self, n, width):
        super().__init__()
        self.body = mlp([n + 1, width, width, width, n], nn.SiLU)

    def forward(self, x, t):
        return self.body(torch.cat([x, t[:, None]], 1))


def fit_field(name, network, draw, n_iterations, lr, coupled=False):
    """Train with falling steps of Adam. draw() gives noise and data. Returns losses, and milliseconds of an iteration."""
    n_iterations = settings.iterations(n_iterations)
    optimizer = adam(network, lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_iterations)

    def step(i):
        x_0, x_1 = draw()
        t = torch.rand(len(x_0), device=device)
        loss = field_step(network, optimizer, x_0, x_1, t, coupled)
        schedule.step()
        return {"loss": loss}

    start = time.perf_counter()
    history = train(step, n_iterations, description=name)
    network.eval()
    return history, 1000 * (time.perf_counter() - start) / n_iterations


points = moons.sample(50_000, seed=1).to(device)


def draw_moons():
    x_1 = points[torch.randint(len(points), (128,), device=device)]
    return torch.randn_like(x_1), x_1


fields, curves = {"exact": exact_field}, {}
for name in ("independent", "coupled"):
    seed_everything(0)
    fields[name] = Field(2, settings.width(96)).to(device)
    curves[name], milliseconds = fit_field(
        name, fields[name], draw_moons, 1500, 4e-3, name == "coupled"
    )
    print(f"{name}: {milliseconds:.1f} ms an iteration")
seed_everything(1)
z_0, z_1 = reflow_pairs(
    lambda z: euler_sample(fields["independent"], z, 40),
    torch.randn(settings.iterations(20_000), 2, device=device),
    4000,
)


def draw_pairs():
    rows = torch.randint(len(z_0), (128,), device=device)
    return z_0[rows], z_1[rows]


fields["rectified"] = copy.deepcopy(fields["independent"]).train()
curves["rectified"], _ = fit_field("rectified", fields["rectified"], draw_pairs, 1500, 2e-3)
keep("moons_fields", **{name: field for name, field in fields.items() if name != "exact"})
plots.loss_curves(curves, "Training the fields", ylabel="loss per element")

# %% [markdown]
# First the **fields** at three times, the exact one in grey under that of the independent pairs. The number is the root mean
# square of the difference, at the points where samples are at that time. Then the **paths** of 60 noise points in each field.
# **Look for** crossings and bends.

# %% train="moons_fields"
torch.manual_seed(2)
N_POINTS = 300 if settings.fast else 4000
fresh = moons.sample(N_POINTS, seed=3).to(device)
noise = torch.randn(N_POINTS, 2, device=device)
axis = torch.linspace(-2.2, 2.2, 15)
grid = torch.cartesian_prod(axis, axis).to(device)
_, panels = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained")
for axes, moment in zip(panels, (0.1, 0.6, 0.9), strict=True):
    t = torch.full((len(noise),), moment, device=device)
    with torch.no_grad():
        x_t = interpolant(noise, fresh, t)
        off = fields["independent"](x_t, t) - exact_field(x_t, t)
        for name, colour in {"exact": "silver", "independent": "tab:blue"}.items():
            arrows = fields[name](grid, t[: len(grid)]).cpu()
            axes.quiver(*grid.cpu().T, *arrows.T, angles="xy", color=colour, scale=50, width=0.005)
    axes.scatter(*x_t[:500].cpu().T, s=2, color="tab:orange")
    error = off.square().sum(1).mean().sqrt()
    axes.set(title=f"t = {moment:g}, difference {error:.2f}", aspect="equal")
    axes.set(xlim=(-2.4, 2.4), ylim=(-2.4, 2.4))
plt.show()

_, panels = plt.subplots(1, 4, figsize=(13, 3.6), layout="constrained")
for axes, (name, field) in zip(panels, fields.items(), strict=True):
    path, way = [noise[:60]], noise[:60]
    with torch.no_grad():
        for k in range(40):
            way = way + field(way, torch.full((60,), k / 40, device=device)) / 40
            path.append(way)
    axes.plot(*torch.stack(path).cpu().permute(2, 0, 1), linewidth=0.7, color="tab:blue")
    axes.scatter(*way.cpu().T, s=6, color="tab:orange", zorder=3)
    axes.set(title=name, aspect="equal", xlim=(-3, 3), ylim=(-3, 3))
plt.show()

# %% [markdown]
# Then **few steps**: the energy distance (0 for equal distributions) of 4,000 samples to new data, for Euler with 1 to 32
# steps and Heun with 2 and 4; the mean straightness of 32 steps of Euler; and the mean squared distance from start to end.
# The last line compares two sets of real data. **Look for** the smallest number of calls at which each field is as good as
# with many.

# %% train="moons_few_steps"
print(
    "                    Euler, steps:                           Heun:          straight-   squared"
)
print(
    "field                  1       2       4       8      32       2       4      ness  distance"
)
few = {}
for name, field in fields.items():
    distances = [
        energy_distance(sample(field, noise, n), fresh)
        for sample, numbers in ((euler_sample, (1, 2, 4, 8, 32)), (heun_sample, (2, 4)))
        for n in numbers
    ]
    bent = straightness(field, noise, 32).mean()
    moved = (euler_sample(field, noise, 32) - noise).square().sum(1).mean()
    print(f"{name:16}", *(f"{d:7.4f}" for d in distances), f"{bent:9.3f} {moved:9.3f}")
    few[name] = {n: euler_sample(field, noise[:1500], n) for n in (1, 2, 4)}
print(f"{'real data':16} {energy_distance(moons.sample(N_POINTS, seed=4).to(device), fresh):7.4f}")
for n in (1, 2, 4):
    plots.show_points(
        {name: found[n] for name, found in few.items()}, f"Euler, steps: {n}", extent=2.2
    )

# %% [markdown]
# **Analysis** (8 points). (a) Where does the trained field agree with the exact one, and where not? Why is it no worse for
# the samples than the differences on the grid suggest? (b) Why do the paths of the exact field bend, although every training pair
# is joined by a straight line? What do they do in the first half of the time, and what does one step of Euler give there?
# (c) Compare coupling and rectification: straightness, few steps, many steps, squared distance, and what each costs. Why are both
# straight? (d) What limits the rectified flow, however straight it is?

# %% [markdown] analysis="moons_paths"
# ### BEGIN SOLUTION
# (a) At the points where samples are, the root mean square of the difference is 0.07 at t = 0.1, 0.15 at t = 0.6 and 0.61 at
# t = 0.9. Late in the flow the exact field changes within a tenth of a unit (it pulls each point to the nearest arc), and a
# network with 1,500 iterations smooths that. The largest grey arrows without blue ones are in the corners of the grid at
# t = 0.9, where no sample ever is: there the network was never trained, and nobody asks it. The samples suffer from what is
# missing near the arcs: they are a little blurred between the moons, and the energy distance stays at 0.0054 with 32 steps
# where the exact field reaches 0.0014.
#
# (b) The field at a point is the mean of the velocities of all pairs that pass there. At t = 0 a noise point is paired with every
# data point, so the mean velocity leads to the middle of the data, from everywhere. Only from t = 0.5 on does the place say
# which part of the moons a pair belongs to, and the paths turn outwards to it: curves that first run together and
# then part. One step of Euler follows the first velocity to the end: all 4,000 samples of the exact field land on one
# point, the mean of the data (distance 0.60), those of the trained one in a small square around it (0.44). Two steps
# give a narrow ellipse (0.15), and eight are needed for 0.007.
#
# (c) Straightness 0.60 (exact) and 0.56 (independent) against 0.006 (coupled) and less than 0.0005 (rectified). One step of Euler:
# 0.60 and 0.44 against 0.003 and 0.005, as good as with 32 steps; the step from one to 32 changes nothing in either.
# The independent flow needs 8 steps of Euler or 2 of Heun (4 calls, 0.006) for the same. The squared distance falls from 0.434 to
# 0.419 and 0.431. Straight they are because pairs that do not cross leave nothing to average: where one pair passes each point, the
# mean velocity is its own. The coupling pays in training: 58 ms an iteration against 4 ms on a busy core, for the assignment
# problem in a batch of 128. Rectification pays once, with 40 calls for each of 20,000 pairs and a second training. Here the coupled
# flow is the best of the three trained ones with any number of steps.
#
# (d) It learns from the samples of the first flow, not from data. What the first one gets wrong (0.0054 against 0.0001 for
# two sets of data) it repeats: 0.0053 to 0.0054 with 1 to 32 steps. Straightening makes sampling cheaper, not better. The
# coupled flow was trained on data and has no such limit.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the difference grows with t, by the numbers, and is largest where there are no samples or near the arcs late in time.
# - 1 point: the network is only trained, and only asked, where samples are; what counts there shows in the distance of the samples.
# - 1 point: the field is an average over crossing pairs; at t = 0 it points to the mean of the data from everywhere.
# - 1 point: describes one step of Euler in the exact or independent field: all samples near the mean of the data.
# - 1 point: straightness and few steps of the coupled and the rectified flow, by the numbers: one step is as good as many.
# - 1 point: pairs that do not cross leave nothing to average, so paths are straight.
# - 1 point: costs: the assignment problem in every iteration against simulated pairs and a second training.
# - 1 point: the rectified flow imitates the samples of the first one and cannot be better than these; the table shows it.
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Experiment: flow matching beside diffusion
#
# Digits of 16x16 pixels, one U-Net for each model, the same architecture, batches, noise, number of iterations and average of
# weights (your `ema_update`, $\gamma = 7$). The diffusion model of the other notebooks is here another path with
# another target. In this notebook's time, where $t = 0$ is noise, its cosine schedule without offset is a quarter of a circle:
#
# $$x_t = \cos(\tfrac{\pi}{2} t)\, x_0 + \sin(\tfrac{\pi}{2} t)\, x_1,$$
#
# and the network predicts the noise $x_0$. The sampler is deterministic (DDIM, which turns along the circle): from
# the predicted noise follows the predicted image, which is clipped to $[-1, 1]$; then noise and image are put together at the
# next time. It starts at $t = 0.02$, since at $t = 0$ the image would be divided by zero. All of that is given. Your
# functions do the flow's half.


# %% train="digits_training"
SIZE, FIRST = 16, 0.02
x_train, _ = load_digits("train", size=SIZE)
x_test, _ = load_digits("test", size=SIZE)
x_train, x_test = x_train.to(device), x_test.to(device)


def on_circle(t, ndim=4):
    """Share of noise, and share of data, at time t."""
    phase = (0.5 * math.pi * t).reshape(-1, *[1] * (ndim - 1))
    return phase.cos(), phase.sin()


def diffusion_step(network, optimizer, x_0, x_1, t):
    of_noise, of_data = on_circle(t)
    loss = F.mse_loss(network(of_noise * x_0 + of_data * x_1, t), x_0)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def diffusion_sample(network, x_0, n_steps):
    with torch.no_grad():
        x, times = x_0, torch.linspace(FIRST, 1.0, n_steps + 1, device=device)
        for now, later in pairwise(times):
            of_noise, of_data = on_circle(now)
            eps = network(x, now.expand(len(x)))
            image = ((x - of_noise * eps) / of_data).clamp(-1, 1)
            eps = (x - of_data * image) / of_noise
            of_noise, of_data = on_circle(later)
            x = of_noise * eps + of_data * image
        return x


N_ITERATIONS = settings.iterations(1600)


def fit_digits(name, train_step):
    """Train a U-Net. Returns it, the average of its weights over training, and the losses."""
    seed_everything(0)
    network = UNet(1, settings.width(16) // 8 * 8, max_time=1.0).to(device)
    averaged = copy.deepcopy(network).eval().requires_grad_(False)
    optimizer = adam(network, lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, N_ITERATIONS, 2e-4)
    stream = batches(x_train, 64)

    def step(i):
        x_1 = next(stream)
        x_0, t = torch.randn_like(x_1), torch.rand(len(x_1), device=device)
        loss = train_step(network, optimizer, x_0, x_1, t)
        schedule.step()
        ema_update(averaged, network, i + 1, 7.0)
        return {"loss": loss}

    start = time.perf_counter()
    history = train(step, N_ITERATIONS, description=name)
    print(f"{name}: {time.perf_counter() - start:.0f} s, {n_parameters(network):,} weights")
    keep(f"digits_{name.split()[0]}", averaged)
    return network.eval(), averaged, history


nets, averages, digit_curves = {}, {}, {}
for name, train_step in {"flow matching": field_step, "diffusion": diffusion_step}.items():
    nets[name], averages[name], digit_curves[name] = fit_digits(name, train_step)
plots.loss_curves(digit_curves, "Two losses that cannot be compared", ylabel="loss per pixel")

# %% [markdown]
# **Samples at an equal number of evaluations** of the network: the Fréchet distance of 1,000 samples to the 1,000 test digits,
# all from the same noise. (The training digits are at the distance in the last line.) **Look for** where the curves
# part, and where they meet.

# %% train="digits_few_steps"
torch.manual_seed(3)
noise = torch.randn(len(x_test), 1, SIZE, SIZE, device=device)
if settings.fast:
    noise = noise[:40]
samplers = {
    "flow matching, Euler": ("flow matching", euler_sample, 1),
    "flow matching, Heun": ("flow matching", heun_sample, 2),
    "diffusion, DDIM": ("diffusion", diffusion_sample, 1),
}
BUDGETS = (2, 4, 8, 16, 32)


def in_portions(function, rows, portion=250):
    return torch.cat([function(part) for part in rows.split(portion)])


def digits(label, n_evaluations):
    name, sample, calls = samplers[label]
    return in_portions(lambda x: sample(averages[name], x, n_evaluations // calls), noise)


digit_distances, shown = {}, {}
print(f"{'evaluations':22}", *(f"{n:7}" for n in BUDGETS))
for label in samplers:
    found = {n: digits(label, n) for n in BUDGETS}
    digit_distances[label] = [digit_distance(images, x_test) for images in found.values()]
    shown |= {f"{label}, {n}": found[n][:12] for n in (2, 4, 8, 32)}
    print(f"{label:22}", *(f"{d:7.1f}" for d in digit_distances[label]))
last = in_portions(lambda x: euler_sample(nets["flow matching"], x, 32), noise)
print(f"flow matching, Euler, 32, with the last weights: {digit_distance(last, x_test):.1f}")
bent = in_portions(lambda x: straightness(averages["flow matching"], x, 32), noise)
print(f"straightness of the flow, per pixel: {float(bent.mean()) / SIZE**2:.4f}")
print(f"training digits: {digit_distance(x_train[: len(x_test)], x_test):.1f}")
_, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for label, distances in digit_distances.items():
    axes.loglog(BUDGETS, distances, "o-", label=label)
axes.set(title="1,000 digits", xlabel="evaluations of the network", ylabel="Fréchet distance")
axes.set_xticks(BUDGETS, BUDGETS)
axes.minorticks_off()
axes.legend()
plt.show()
plots.show_rows(shown, "The same noise, more and more evaluations")

# %% [markdown]
# **Analysis** (8 points). (a) Read the table: which sampler would you take for 2, 4, 8, 16 and 32 evaluations? Are the
# differences large enough to be believed after one training each? (b) What do the pictures with two evaluations show for each
# of the three, and how does that follow from the method? Why is Heun so bad there and good later? (c) Why do the two losses
# say nothing about which model is better? (d) What is equal in this comparison, and what is not? Name two choices that could
# change the outcome.

# %% [markdown] analysis="digits_beside_diffusion"
# ### BEGIN SOLUTION
# (a) 2 evaluations: DDIM 380, Euler 453, Heun 1,257. 4: Euler 189, DDIM 204, Heun 330. 8: Euler 106, Heun 113, DDIM 126. 16: Heun 67,
# Euler 76, DDIM 96. 32: Heun 58, Euler 66, DDIM 84. So DDIM or Euler for two, Euler for four and eight, Heun from 16 on. With few
# evaluations Euler and DDIM are within a fifth of each other, which one training each does not decide: another seed can move a
# distance by that much. The flow's lead at 32 (58 and 66 against 84) is larger, but to be sure it would take several seeds. All are far
# from training digits (5.6).
#
# (b) Euler: pale, blurred digits. The first velocity leads to the mean of all data (minus the noise), and only the second one
# knows anything of the shape, so the image is half of an average. Heun: noise with a shadow in it. Both evaluations go into a
# single step from t = 0 to 1; the second looks at a point that the first, averaged velocity has led to, at t = 1,
# where the network is asked for something that it never saw, and the average of both velocities takes only half of the noise
# away. With eight steps (16 evaluations) the quadratic error is small and Heun is ahead. DDIM: strong contrast, clipping has
# seen to that, but blobs and half of the digits unreadable: near pure noise the predicted image is what is left after a
# subtraction, divided by sin(0.03), so it says little before it is clipped.
#
# (c) They are mean squared errors of different things: of a velocity with a mean square of about 1.9 per pixel, where its curve
# begins, and of noise with a mean square of 1.
# Both have a part that no network can predict, another one for each target and each t. So 0.21 and 0.07 at the end do not
# say which model is better. Samples do, or an error that is converted to one target, level by level.
#
# (d) Equal: U-Net (156,097 weights), batches, noise of the samples, 1,600 iterations, average of weights, evaluations. Not equal: the
# diffusion sampler clips and the flow's does not; steps are equally spaced in t, which means other noise levels on
# a circle than on a line; uniform t weighs noise levels differently in the two losses; learning rates were not tuned for
# either. Another spacing of the steps or v in place of the noise as target could well change the order. The average of
# weights made no difference here: 64.8 with the last weights against 66.0 (the learning rate had fallen to a tenth).
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: names the best sampler for few and for many evaluations, by the numbers of the table.
# - 1 point: judges by the size of the differences, and says that one training each (one seed) leaves small ones open.
# - 1 point: two steps of Euler give pale averages of digits, since the first velocity leads to the mean of what the noise allows.
# - 1 point: Heun spends both evaluations on one step, whose second look is at a place far off the path; later its smaller
#   error pays.
# - 1 point: DDIM with clipping gives contrast early, but noise or blobs: near pure noise the image is divided by a small number.
# - 1 point: the losses are errors of different targets with different variances, averaged over different noise levels.
# - 1 point: what is equal: architecture, batches, iterations, average, initial noise, number of evaluations.
# - 1 point: two choices that are not: where the steps are placed, clipping, the distribution of t, the weight of noise levels in the
#   loss, the target (v instead of noise), learning rate.
# ### END MARK SCHEME

# %% [markdown]
# ## 8. Experiment: a flow in a latent space
#
# Digits of 28x28 pixels have 784 numbers. The autoencoder that comes with the course, a VAE as in the first assignment but with
# little weight on the KL, keeps 24. You train a flow on these, and for comparison one on the pixels, which gets
# more than twice the time.
#
# The autoencoder is in `data/digit_vae.safetensors`. To use your own VAE of the first assignment, copy your `build_vae` into
# a new cell, load its weights by
# `load_checkpoint("artifacts/vae.safetensors", nn.ModuleDict({"encoder": ..., "decoder": ...}))`, and
# redefine `encode(x)` and `decode(z)` of the next cell. Mind that images were in $[0, 1]$ there, and that your decoder
# returns logits.
#
# **Write the sampler** of the whole model: noise of the size of the latents, moved by Heun's method, decoded.


# %% answer="sample_latent_model"
def sample_latent_model(
    network: nn.Module,
    decoder: Callable[[Tensor], Tensor],
    noise: Tensor,
    n_steps: int,
    scale: float | Tensor,
) -> Tensor:
    """Images (B, C, H, W) from noise (B, D), by n_steps of Heun's method in the space of scaled latents, without a graph."""
    ### BEGIN SOLUTION
    with torch.no_grad():
        return decode_latents(decoder, heun_sample(network, noise, n_steps), scale)
    ### END SOLUTION


# %% train="latent_training"
from dgm.data import data_folder

N_LATENT = 24
vae = ConvVAE(N_LATENT, 28, 1, 16)
load_checkpoint(data_folder() / "digit_vae.safetensors", vae).to(device).eval()
vae.requires_grad_(False)
encode, decode = vae.encode, vae.decode
large_train, large_test = (load_digits(split)[0].to(device) for split in ("train", "test"))
seed_everything(0)
latent_shape = encode(large_train[:1])[0].shape
first = encode_latents(
    encode, large_train[:500], torch.randn(500, *latent_shape[1:], device=device), 1.0
)
scale = latent_scale(first)
print(f"latents: mean {float(first.mean()):.2f}, standard deviation {float(first.std()):.2f}")
print(f"scale {float(scale):.3f}")
spread = torch.cov(first.T * scale).diagonal().sqrt()
print(f"standard deviation of each after scaling: from {spread.min():.2f} to {spread.max():.2f}")
large_stream = batches(large_train, 128)


def draw_latents():
    x = next(large_stream)
    z = encode_latents(encode, x, torch.randn(len(x), *latent_shape[1:], device=device), scale)
    return torch.randn_like(z), z


def draw_pixels():
    x = next(large_stream)[:64]
    return torch.randn_like(x), x


latent_net = Field(latent_shape[1], settings.width(256)).to(device)
pixel_net = UNet(1, settings.width(16) // 8 * 8, max_time=1.0).to(device)
budgets = {
    "latent": (latent_net, draw_latents, 4000, 2e-3),
    "pixel": (pixel_net, draw_pixels, 300, 3e-3),
}
large_curves = {}
for name, (network, draw, n_iterations, lr) in budgets.items():
    start = time.perf_counter()
    large_curves[name], milliseconds = fit_field(name, network, draw, n_iterations, lr)
    print(
        f"{name} space: {n_parameters(network):,} weights, {milliseconds:.1f} ms an iteration,"
        f" {time.perf_counter() - start:.0f} s in all"
    )
    keep(f"digits_{name}", network)

# %% [markdown]
# **Samples**, 1,000 of each kind: reconstructions of test digits by the autoencoder, the best that the latent model can hope
# for; decoded noise from the prior $N(0, I)$ of the VAE; samples of the latent flow; and samples of the flow on pixels. Both
# flows use 8 steps of Heun. **Look for** what the autoencoder loses, and what
# the prior gets wrong.

# %% train="latent_samples"
torch.manual_seed(4)
n = 40 if settings.fast else 1000
start_latent = torch.randn(n, *latent_shape[1:], device=device)
start_pixel = torch.randn(n, 1, 28, 28, device=device)
makers = {
    "reconstruction": lambda: evaluate(lambda x: decode(encode(x)[0]), large_test[:n]),
    "prior of the VAE": lambda: evaluate(decode, start_latent),
    "latent flow": lambda: in_portions(
        lambda z: sample_latent_model(latent_net, decode, z, 8, scale), start_latent
    ),
    "pixel flow": lambda: in_portions(lambda x: heun_sample(pixel_net, x, 8), start_pixel),
}
kinds = {}
for name, make in makers.items():
    start = time.perf_counter()
    images = make()
    seconds = time.perf_counter() - start
    distance = digit_distance(images, large_test[:n])
    print(f"{name:17} distance {distance:7.1f}, {1000 * seconds:8.0f} ms for {n:,} images")
    kinds[name] = images[:14]
print(f"{'training digits':17} distance {digit_distance(large_train[:n], large_test[:n]):7.1f}")
plots.show_rows({"test digits": large_test[:14], **kinds}, "28 x 28 pixels")

# %% [markdown]
# **Analysis** (8 points). (a) What does the autoencoder lose, in the pictures and in the distance? Why is that a limit for the
# latent flow? (b) Why are the decoded draws from the prior no digits, although the autoencoder is a VAE? How does the flow
# fix it, and what would the price of a larger weight on the KL be? (c) Compare latent and pixel flow: time of an iteration and of
# 1,000 samples, and the distances. Where does the factor come from? (d) What would go wrong
# if the codes were ten times as large, without the scale? Why is it so close to 1 here, and which part of the autoencoder's
# loss has seen to that? Why one number for all latents and not one for each?

# %% [markdown] analysis="latent_flow"
# ### BEGIN SOLUTION
# (a) Reconstructions keep the digit, its slant and width. They lose sharp ends, gaps and unusual shapes: the smeared second
# digit of the test set and the thick eighth one come back simplified, strokes a little softer. Distance 33 against 18 for training digits.
# Every sample is a decoded code, so what the decoder cannot draw no latent model will draw: 33 is about the best it can reach.
#
# (b) The latents have mean 0.06 and standard deviation 0.99 over the data, as the prior asks. But the codes of a digit
# are narrow (standard deviations of 0.05), and the 4,000 of them fill a small part of the 24-dimensional Gaussian, since latents depend
# on each other. A draw from the prior lies between or beside the codes, where the decoder was never trained: strokes without a digit,
# distance 1,330. The KL was too weak to fill the gaps. The flow moves noise to where the codes are: 141. More weight on the KL
# would bring prior and codes together, at the price of wide codes, hence blurred reconstructions; the VAE of the first
# assignment shows it.
#
# (c) An iteration: 20 ms in latent space (with 128 samples) against 650 ms for pixels (with 64), on a busy core. In all 79 s for
# 4,000 iterations and 195 s for 300. 1,000 samples: 0.5 s with decoding against 67 s, a factor of 120. Distance: 141 against 1,004,
# although the pixel flow had more than twice the time; its images are white strokes that form digits now and then. The factor comes from the size
# of what is modelled (24 numbers against 784) and from the network: a small MLP needs 0.14 million multiplications for an
# evaluation, a U-Net convolves at every one of 784 places. What is left to learn is easier, too: the decoder already knows
# what strokes look like. Given ten times as long, pixels would win in the end, as the 16x16 flow shows (58).
#
# (d) The noise has standard deviation 1. With data of a tenth of that, or ten times as much, the times would not mean what they
# should: all structure would appear in the last moments of the path, or in the first. Here the scale is 1.01, next to nothing. The
# decoder can undo any size of the codes for free, so it is the KL alone that fixes it: even a small weight brings every
# latent to a mean square of 1. With no KL, or one that is trained too briefly, the size is an accident; the autoencoder
# of Rombach et al. has a KL weight of a millionth and needs a scale of about 0.18. One number keeps relative sizes. Latents that
# hardly vary carry little of the image; a scale for each would blow them up to the size of the others, and the flow would
# spend as much effort on them. After scaling the 24 standard deviations lie between 0.86 and 1.17 here.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: names what reconstructions lose (sharp or unusual strokes) and their distance beside that of training digits.
# - 1 point: every sample is a decoded code, so the latent flow cannot be better than the decoder.
# - 1 point: with little weight on the KL the codes do not fill the prior, so most of its draws are far from any code.
# - 1 point: the flow learns where the codes are; more weight on the KL would fill the prior and blur the reconstructions.
# - 1 point: time of an iteration and of samples for both, with the factor.
# - 1 point: the factor comes from the number of numbers (24 against 784) and from the network that they allow; compares the
#   distances and the times of training.
# - 1 point: the scale brings codes to the spread of the noise, so that times mean what they should; here the KL has done so
#   already, since nothing else in the loss depends on the size of the codes.
# - 1 point: one number keeps the geometry that the decoder knows (relative sizes of latents), and is easily undone; another
#   reasoned answer counts.
# ### END MARK SCHEME
