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
# # Generative adversarial networks: stabilisers
#
# The discriminator of a GAN can be too good for its own purpose: once it separates real from fake without error, it may
# have next to nothing to tell the generator about the way to go. The methods of this notebook keep the discriminator
# *useful*: they ask it for a distance instead of a verdict, and they bound how steep it may be. In the first part you
# write them, one short function per question, and look at them in a game with two parameters. In the second part you
# train a WGAN-GP, compare it with weight clipping, and let two of the methods try where a plain GAN failed.
#
# **Goals.** After this notebook you can
#
# * estimate an earth mover's distance, by sorting and by a critic;
# * bound the slope of a critic in four ways, and say what each of them costs;
# * decide from a Jacobian whether a small game converges, and check it with trajectories;
# * train a WGAN-GP, show where it succeeds and a plain GAN fails, and say what its loss means.
#
# **Hours.** About eight hours: four for the functions, one and a half for reading, two and a half for the experiment and its
# analysis. The computer trains for about seven minutes on two cores.
#
# **Reading.**
#
# * Prince (2023), *Understanding Deep Learning*, chapter 15: [udlbook.github.io](https://udlbook.github.io/udlbook/)
# * Arjovsky, Chintala and Bottou (2017), *Wasserstein GAN* ([arXiv:1701.07875](https://arxiv.org/abs/1701.07875))
# * Gulrajani et al. (2017), *Improved training of Wasserstein GANs* ([arXiv:1704.00028](https://arxiv.org/abs/1704.00028))
# * Miyato et al. (2018), *Spectral normalization for generative adversarial networks* ([arXiv:1802.05957](https://arxiv.org/abs/1802.05957))
# * Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?* ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406))
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
from collections.abc import Callable

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
# | $x$ | `x`, `real` | a batch of data | `(B, D)` or `(B, C, H, W)`, images in $[-1, 1]$ |
# | $z$ | `z` | noise, standard normal | `(B, n_latent)` |
# | $\tilde x = G(z)$ | `fake` | what the generator makes of it | as `real` |
# | $f(x)$ | `real_scores`, `fake_scores` | the critic's scores, any real numbers | `(B,)` or `(B, 1)` |
# | $\alpha$ | `alpha` | how much of a mixture is real, one number per sample | `(B,)` |
# | $\hat x$ | `x_hat` | a point between a real and a fake sample | as `real` |
#
# * A **critic** gives any real number, high on real data; there is no sigmoid. A *discriminator* gives a logit, high on
#   real data too. What is said of the gradients of one holds for the other.
# * Losses are averaged over the batch. "A scalar" is a 0-d tensor (shape `()`), through which gradients can flow. Not a
#   Python number, not shape `(1,)`.
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
# ## 1. Earth mover's distance
#
# With the optimal discriminator and the minimax loss, a GAN minimises the Jensen-Shannon divergence of data and
# samples. Where the two do not overlap, and thin manifolds in a space of many dimensions hardly ever do, that
# divergence is $\log 2$, however near or far they are: it says *that* they differ but not *which way* to go.
#
# The earth mover's distance, or Wasserstein-1, is the least work that turns one heap of earth into the other, work being
# mass times the way that it is carried (Arjovsky et al. 2017, eq. 1). The minimum is over all plans $\pi$ that say how much
# goes from where to where:
#
# $$W_1(p, q) = \inf_{\pi \in \Pi(p, q)} \mathbb{E}_{(x, y) \sim \pi} \lVert x - y \rVert$$
#
# In one dimension the best plan is known: no two loads cross on their way, so the lowest part of one heap goes to the
# lowest part of the other. With the distribution functions $F_x(t)$, the share of samples $\le t$, and $F_y(t)$, the mass
# that must pass over each point $t$ is their difference there:
#
# $$W = \int_{-\infty}^{\infty} \lvert F_x(t) - F_y(t) \rvert \, \mathrm{d}t
# = \int_0^1 \lvert F_x^{-1}(s) - F_y^{-1}(s) \rvert \, \mathrm{d}s$$
#
# For samples both integrals are finite sums, because $F_x$ and $F_y$ are stairs. The trap: with samples of different number
# there is no one-to-one pairing; an $x$ weighs $1/N$, a $y$ weighs $1/M$, and a load may have to be split.


# %% answer="earth_mover_1d"
def earth_mover_1d(x: Tensor, y: Tensor) -> Tensor:
    """Wasserstein-1 distance between the empirical distributions of two sets of real numbers.

    x: (N,), each with mass 1/N; y: (M,), each with mass 1/M; in any order, N and M may differ and may be 1.
    Returns a scalar, differentiable in both. (Where an x and a y coincide, any finite gradient will do.)
    """
    ### BEGIN SOLUTION
    points = torch.cat([x, y]).sort().values
    left = points[:-1]  # the left ends of the gaps over which mass is carried
    share_x = torch.searchsorted(x.sort().values, left, right=True).to(x.dtype) / len(x)
    share_y = torch.searchsorted(y.sort().values, left, right=True).to(x.dtype) / len(y)
    return ((share_x - share_y).abs() * points.diff()).sum()
    ### END SOLUTION


# %% check="earth_mover_1d"
@visible_checks("earth_mover_1d")
def _():
    x = torch.tensor([0.0, 1.0, 3.0])
    value = earth_mover_1d(x, x + 2.0)
    assert torch.is_tensor(value) and value.shape == (), (
        "the distance is one number: return a 0-d tensor"
    )
    assert abs(float(value) - 2.0) < 1e-5, "a set moved by 2 lies at distance 2 from where it was"
    assert abs(float(earth_mover_1d(x, torch.tensor([3.0, 0.0, 1.0])))) < 1e-5, (
        "the order of the samples must not matter"
    )
    one = earth_mover_1d(torch.tensor([0.0, 0.0, 0.0, 4.0]), torch.tensor([0.0]))
    assert abs(float(one) - 1.0) < 1e-5, (
        "sets may differ in size: here a quarter of the mass travels 4, the rest stays"
    )
    moved = torch.tensor([2.5, 5.0, 7.0], requires_grad=True)
    earth_mover_1d(x, moved).backward()
    assert moved.grad is not None and (moved.grad > 0).all(), (
        "the distance grows when samples that lie too far to the right move on: check the gradient"
    )


# %% [markdown]
# The picture is example 1 of Arjovsky et al. (2017): the data lie on a vertical line in the plane, the samples on a
# parallel line at distance $\theta$. Both spread alike along the lines, so only the first coordinate matters. Look at which
# of the two curves tells a generator at $\theta = 0.5$ where to go, and at the gradient that is your function's own.

# %% train="parallel_lines"
import matplotlib.pyplot as plt


@picture
def _():
    thetas = torch.linspace(-1, 1, 41)
    data = torch.zeros(50)  # the first coordinate of 50 points on the line of the data
    distances, slopes = [], []
    for value in thetas:
        theta = value.clone().requires_grad_()
        distance = earth_mover_1d(data, theta.expand(30))  # and of 30 points on the other line
        distance.backward()
        distances.append(distance.item())
        slopes.append(theta.grad.item())
    jensen_shannon = torch.where(thetas.abs() < 1e-6, 0.0, math.log(2))
    _, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    axes[0].plot(thetas, distances, label="W1 (yours)")
    axes[0].plot(thetas, jensen_shannon, ".", label="JSD: log 2, and 0 at one point")
    axes[0].set(title="Distance between two lines", xlabel="offset theta", ylabel="distance")
    elsewhere = thetas.abs() > 1e-6  # at 0 neither has a gradient
    axes[1].plot(thetas[elsewhere], torch.tensor(slopes)[elsewhere], ".", label="of W1 (yours)")
    axes[1].plot(thetas[elsewhere], torch.zeros(40), ".", label="of the JSD")
    axes[1].set(
        title="What the generator is told", xlabel="offset theta", ylabel="gradient in theta"
    )
    for ax in axes:
        ax.set_xticks([-1, -0.5, 0, 0.5, 1])
        ax.grid(alpha=0.3)
        ax.legend()
    plt.show()


# %% [markdown]
# ## 2. A critic instead of a judge
#
# In many dimensions nobody can find the best plan. The dual problem asks for a function instead (Kantorovich-Rubinstein;
# Arjovsky et al. 2017, eq. 2):
#
# $$W(p_\text{data}, p_g) = \sup_{\lVert f \rVert_L \le 1} \;
# \mathbb{E}_{x \sim p_\text{data}} f(x) - \mathbb{E}_{\tilde x \sim p_g} f(\tilde x)$$
#
# The supremum is over 1-Lipschitz functions, $\lvert f(x) - f(x') \rvert \le \lVert x - x' \rVert$: a function that may
# climb as fast as one walks, no faster. A network $f$ that is trained to make the difference large, and is kept Lipschitz,
# estimates the distance. It is called a *critic*. With functions that climb $K$ times as fast the supremum is $K \, W$.
#
# ### The critic's loss
#
# The critic maximises the difference. Optimisers minimise:
#
# $$L_f = \frac{1}{M} \sum_{j=1}^{M} f(\tilde x_j) - \frac{1}{N} \sum_{i=1}^{N} f(x_i)$$
#
# So minus this loss is the estimate of $W_1$ (of $K W_1$ for a $K$-Lipschitz critic), once the critic is near its best.
# There is no logarithm and no sigmoid, and the sign is the only trap.


# %% answer="critic_loss"
def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """The loss that a Wasserstein critic minimises (Arjovsky et al. 2017): minus its estimate of the distance.

    real_scores, fake_scores: the critic's outputs on real and on generated data, (B,) or (B, 1); the batches may differ in size.
    Returns a scalar: each averaged over its batch. Scores are used as they are, however large.
    """
    ### BEGIN SOLUTION
    return fake_scores.mean() - real_scores.mean()
    ### END SOLUTION


# %% check="critic_loss"
@visible_checks("critic_loss")
def _():
    value = critic_loss(torch.tensor([3.0, 5.0]), torch.tensor([1.0, 1.0]))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert value < 0, "a critic that scores real data higher than fake is good: its loss is low"
    assert abs(float(value) + 3.0) < 1e-5, (
        "real data score 4 on average, fake 1, whatever the sizes"
    )
    column = critic_loss(torch.tensor([[3.0], [5.0]]), torch.tensor([[1.0], [1.0], [1.0]]))
    assert column.shape == () and abs(float(column) + 3.0) < 1e-5, (
        "scores of shape (B, 1), and batches of different sizes, give the same kind of loss"
    )


# %% [markdown]
# ### The generator's loss
#
# The generator makes the distance small. Only one of the two terms depends on it:
#
# $$L_G = -\frac{1}{B} \sum_{i=1}^{B} f(G(z_i))$$
#
# It may be negative and has no meaning of its own, because a constant added to $f$ changes it and nothing else.


# %% answer="wgan_generator_loss"
def wgan_generator_loss(fake_scores: Tensor) -> Tensor:
    """The loss that the generator of a Wasserstein GAN minimises (Arjovsky et al. 2017).

    fake_scores: the critic's outputs on generated data, (B,) or (B, 1). Returns a scalar: averaged over the batch, however
    large the scores.
    """
    ### BEGIN SOLUTION
    return -fake_scores.mean()
    ### END SOLUTION


# %% check="wgan_generator_loss"
@visible_checks("wgan_generator_loss")
def _():
    low, high = (
        wgan_generator_loss(torch.full((4, 1), 1.0)),
        wgan_generator_loss(torch.full((4, 1), 2.0)),
    )
    assert torch.is_tensor(low) and low.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert high < low, "the generator wants its samples scored like real data: higher is better"
    assert torch.allclose(low, wgan_generator_loss(torch.ones(9))), (
        "the loss must not depend on the size of the batch"
    )


# %% [markdown]
# ### Weight clipping
#
# How to keep the critic Lipschitz? The first answer was to keep its weights small: after each step, every parameter is
# clipped into $[-c, c]$ (Arjovsky et al. 2017, algorithm 1, with $c = 0.01$ and RMSProp). A network with bounded weights
# has a bounded slope, although nobody knows which.
#
# $$w \leftarrow \operatorname{optimiser}(w, \nabla_w L_f), \qquad w \leftarrow \operatorname{clip}(w, -c, c)$$
#
# Mind the order, and mind that biases are parameters too. The fake batch may come straight from the generator, with its
# graph: the critic's step must not send gradients there.


# %% answer="wgan_clip_step"
def wgan_clip_step(
    critic: nn.Module, optimizer: torch.optim.Optimizer, real: Tensor, fake: Tensor, clip: float
) -> Tensor:
    """One step of the critic on its Wasserstein loss, then weight clipping (Arjovsky et al. 2017, algorithm 1).

    critic: maps (B, ...) to scores (B,) or (B, 1); optimizer: holds its parameters, or some of them; real, fake: batches, not
    always of one size. Afterwards every parameter of the critic lies in [-clip, clip], clip >= 0: at any depth, frozen or not, with
    or without a gradient. Buffers are not clipped. No gradient flows into `fake` or what made it, and gradients left in the critic
    by earlier backward passes don't matter. You may call critic_loss.
    Returns the loss before the step, detached: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    loss = critic_loss(critic(real), critic(fake.detach()))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-clip, clip)
    return loss.detach()
    ### END SOLUTION


# %% check="wgan_clip_step"
@visible_checks("wgan_clip_step")
def _():
    critic, real, fake = nn.Linear(3, 1), torch.randn(64, 3) + 1.0, torch.randn(64, 3)
    optimizer = torch.optim.RMSprop(critic.parameters(), lr=5e-3)
    value = wgan_clip_step(critic, optimizer, real, fake, 0.05)
    assert isinstance(value, float) or (torch.is_tensor(value) and value.shape == ()), (
        "return the loss: a float or a 0-d tensor"
    )
    assert not (torch.is_tensor(value) and value.requires_grad), (
        "return the loss without its graph: detach it, or make it a float"
    )
    assert critic.weight.abs().max() <= 0.05 + 1e-6, (
        "after the step the weights lie in [-clip, clip]"
    )
    for _ in range(40):
        wgan_clip_step(critic, optimizer, real, fake, 0.05)
    assert (critic.weight > 0.04).all(), (
        "this critic should learn to score what is further to the right higher, as far as its weights may go"
    )
    made = torch.randn(64, 3, requires_grad=True)
    wgan_clip_step(critic, optimizer, real, 1.0 * made, 0.05)
    assert made.grad is None, "no gradient must reach what made the fake batch"


# %% [markdown]
# ## 3. Penalties on the gradient
#
# ### The gradient penalty of WGAN-GP
#
# Clipping bounds the slope in a roundabout way, and critics with small weights are too simple. Gulrajani et
# al. (2017) charge for the slope itself. A differentiable function is 1-Lipschitz if and only if its gradient has norm at
# most 1 everywhere, and the optimal critic has norm *exactly* 1 on the straight lines between points that the best plan
# pairs (their proposition 1). So the penalty looks at points between real and fake samples (their eq. 3):
#
# $$\hat x_i = \alpha_i x_i + (1 - \alpha_i) \tilde x_i, \qquad
# R = \frac{1}{B} \sum_{i=1}^{B} \left( \lVert \nabla_{\hat x} f(\hat x_i) \rVert_2 - 1 \right)^2, \qquad \alpha_i \sim U[0, 1]$$
#
# and the critic minimises $L_f + \lambda R$ with $\lambda = 10$; your function returns $R$. Three traps. Each image has one
# $\alpha_i$ of its own and one norm, over all of its channels and pixels. It is the norm that should be 1, so take the root
# before you subtract. And the penalty is itself differentiated when the critic learns, so the gradient must be computed in
# a way that can be differentiated again: see `create_graph` in the documentation of `torch.autograd.grad`.


# %% answer="gradient_penalty"
def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, alpha: Tensor
) -> Tensor:
    """Gradient penalty on interpolates between real and fake samples, without its weight lambda (Gulrajani et al. 2017, eq. 3).

    critic: a module or any other function that maps (B, ...) to scores (B,) or (B, 1), each sample on its own; real, fake: (B, ...)
    with any number of further dimensions; alpha: (B,) in [0, 1], the share of the real sample. The norm is Euclidean, over all
    dimensions but the first.
    Returns a scalar, averaged over the batch, differentiable in the critic's parameters, with finite gradients where the critic is
    flat too (a constant of 1e-8 or less under a root is fine). real and fake get no gradient, also if they carry graphs; alpha
    never needs one. Nothing of the critic changes: parameters, their .grad and requires_grad, and its mode stay as they were.
    """
    ### BEGIN SOLUTION
    share = alpha.reshape(-1, *[1] * (real.ndim - 1))
    x_hat = (share * real + (1 - share) * fake).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x_hat).sum(), x_hat, create_graph=True)
    norm = gradient.flatten(start_dim=1).norm(dim=1)
    return (norm - 1).pow(2).mean()
    ### END SOLUTION


# %% check="gradient_penalty"
@visible_checks("gradient_penalty")
def _():
    critic = nn.Sequential(nn.Flatten(), nn.Linear(4, 1))
    nn.init.constant_(critic[1].weight, 0.5)
    real, fake, alpha = torch.randn(3, 1, 2, 2), torch.randn(3, 1, 2, 2), torch.rand(3)
    value = gradient_penalty(critic, real, fake, alpha)
    assert torch.is_tensor(value) and value.shape == (), (
        "the penalty is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value.detach())) < 1e-5, (
        "this critic climbs with slope 1 (four weights of 1/2): nothing to pay"
    )
    assert value.requires_grad, (
        "the critic must be able to learn from the penalty: it needs a gradient to the critic's parameters"
    )
    nn.init.zeros_(critic[1].weight)
    flat = gradient_penalty(critic, real, fake, alpha)
    assert abs(float(flat.detach()) - 1.0) < 1e-3, (
        "a flat critic pays 1, whatever the number of pixels"
    )


# %% [markdown]
# ### Zero-centred penalties: R1 and R2
#
# WGAN-GP pulls slopes to 1, also where the samples already match the data and nothing is left to tell apart. There a
# discriminator should be flat. Mescheder et al. (2018, section 4.1) therefore penalise any slope, on the data only (R1) or
# on the samples only (R2):
#
# $$R_1 = \frac{\gamma}{2} \, \mathbb{E}_{x \sim p_\text{data}} \lVert \nabla_x \ell(x) \rVert^2, \qquad
# R_2 = \frac{\gamma}{2} \, \mathbb{E}_{\tilde x \sim p_g} \lVert \nabla_x \ell(\tilde x) \rVert^2$$
#
# Here $\ell$ is the logit (the paper's $D$). The same function serves for both: what you pass as `x` makes the
# difference. This time the norm is squared, and there is a half. R2's samples come from the generator, which must not
# learn to please this penalty: no gradient goes into what made `x`.


# %% answer="zero_centered_penalty"
def zero_centered_penalty(
    discriminator: Callable[[Tensor], Tensor], x: Tensor, gamma: float
) -> Tensor:
    """Zero-centred gradient penalty, R1 on real x, R2 on generated x (Mescheder et al. 2018, section 4.1).

    discriminator: a module or any other function that maps (B, ...) to logits (B,) or (B, 1), each sample on its own; x: (B, ...)
    with any number of further dimensions; gamma: a number >= 0.
    Returns a scalar, for gamma = 0 too, averaged over the batch, differentiable in the discriminator's parameters, with finite
    gradients where D is flat too. x gets no gradient, also if it carries a graph. Nothing of the discriminator changes:
    parameters, their .grad and requires_grad, and its mode stay as they were.
    """
    ### BEGIN SOLUTION
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gamma / 2 * gradient.pow(2).flatten(start_dim=1).sum(dim=1).mean()
    ### END SOLUTION


# %% check="zero_centered_penalty"
@visible_checks("zero_centered_penalty")
def _():
    discriminator, x = nn.Sequential(nn.Flatten(), nn.Linear(4, 1)), torch.randn(3, 1, 2, 2)
    nn.init.constant_(discriminator[1].weight, 0.5)
    value = zero_centered_penalty(discriminator, x, 2.0)
    assert torch.is_tensor(value) and value.shape == (), (
        "the penalty is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value.detach()) - 1.0) < 1e-5, (
        "with slope 1 everywhere and gamma = 2 the penalty is 1, whatever the number of pixels or samples"
    )
    assert value.requires_grad, (
        "the discriminator must be able to learn from the penalty: it needs a gradient to its parameters"
    )
    nn.init.zeros_(discriminator[1].weight)
    flat = zero_centered_penalty(discriminator, x, 2.0)
    assert float(flat.detach()) < 1e-6, "a flat discriminator pays nothing"


# %% [markdown]
# What do the penalties ask for? The picture takes critics of slope $s$ on the line, $f(x) = s x$, and shows what each
# penalty charges for $s$ by your functions. Look for the slopes that are free, and for what WGAN-GP charges for a *flat*
# critic.

# %% train="penalties"


@picture
def _():
    slopes = torch.linspace(-2, 2, 81)
    real, fake, alpha = torch.ones(4, 1), -torch.ones(4, 1), torch.linspace(0, 1, 4)
    charged = {"WGAN-GP": [], "R1, gamma = 1": []}
    for slope in slopes:
        critic = nn.Linear(1, 1, bias=False)
        nn.init.constant_(critic.weight, slope.item())
        charged["WGAN-GP"].append(gradient_penalty(critic, real, fake, alpha).item())
        charged["R1, gamma = 1"].append(zero_centered_penalty(critic, real, 1.0).item())
    _, axes = plt.subplots(figsize=(5.5, 3.2), layout="constrained")
    for name, values in charged.items():
        axes.plot(slopes, values, label=name)
    axes.set(title="What a slope costs", xlabel="slope of the critic", ylabel="penalty")
    axes.grid(alpha=0.3)
    axes.legend()
    plt.show()


# %% [markdown]
# ## 4. Spectral normalisation
#
# A third way builds the bound into the layers. A linear map $x \mapsto W x$ stretches no vector by more than its largest
# singular value $\sigma(W)$, so $W / \sigma(W)$ is 1-Lipschitz, and so is a chain of such linear layers with ReLU or leaky
# ReLU between them (Miyato et al. 2018, section 2). A singular value decomposition at every step would be slow. Power iteration
# gets the largest value from a few products: start with any vector $u$, and repeat
#
# $$v \leftarrow \frac{W^\top u}{\lVert W^\top u \rVert}, \qquad u \leftarrow \frac{W v}{\lVert W v \rVert}, \qquad
# \text{then} \quad \sigma = u^\top W v$$
#
# Weights change little from one step of training to the next. So the vector $u$ is kept, and one iteration per step is
# enough to follow $\sigma$.
#
# A convolution's weight of shape (out, in, kh, kw) counts as a matrix with `out` rows. It maps one patch of the image to one
# place of the output. The convolution applies it to all patches, and with stride 1 each pixel lies in $k_h k_w$ of them. So
# the whole map may stretch by more than $\sigma$, though by no more than $\sqrt{k_h k_w}$ times as much:
#
# $$\sum_p \lVert W x_p \rVert^2 \le \sigma^2 \sum_p \lVert x_p \rVert^2 \le \sigma^2 \, k_h k_w \lVert x \rVert^2 \qquad
# (x_p: \text{the patches})$$
#
# A normalised convolution is therefore Lipschitz with a constant of at most $\sqrt{k_h k_w}$, and a chain of them with at most
# the product of theirs: a fixed bound, but not 1. For the gradient, $u$ and $v$ are
# constants, but $\sigma$ depends on $W$ through $u^\top W v$: the gradient of $W / \sigma$ knows that a longer $W$ changes
# nothing.


# %% answer="spectral_normalize"
def spectral_normalize(weight: Tensor, u: Tensor, n_iterations: int = 1) -> tuple[Tensor, Tensor]:
    """Divide a weight by its largest singular value, estimated by power iteration (Miyato et al. 2018, section 2 and appendix A).

    weight: (out, ...), flattened to a matrix (out, -1); u: (out,), any vector but 0, such as the last call's; n_iterations >= 1,
    each first v, then u. Returns (weight / sigma in the weight's shape, the new u: (out,), of norm 1, detached).
    sigma = u^T W v with the new u and v, however small or large. These two are constants for the gradient; the W in sigma is
    not. The u that is given gets no gradient.
    """
    ### BEGIN SOLUTION
    W = weight.flatten(start_dim=1)
    with torch.no_grad():
        for _ in range(n_iterations):
            v = F.normalize(W.T @ u, dim=0)
            u = F.normalize(W @ v, dim=0)
    sigma = u @ W @ v
    return weight / sigma, u
    ### END SOLUTION


# %% check="spectral_normalize"
@visible_checks("spectral_normalize")
def _():
    W = torch.diag(torch.tensor([4.0, 1.0, 0.5]))
    normalised, u = spectral_normalize(W, torch.ones(3), 20)
    assert normalised.shape == (3, 3) and u.shape == (3,), (
        "return the normalised weight, in its own shape, and the new u"
    )
    assert torch.allclose(normalised, W / 4, atol=1e-4), (
        "after many iterations the largest singular value of this matrix should be found"
    )
    assert abs(float(u.norm()) - 1.0) < 1e-4, "u is a vector of norm 1"
    kernel, _ = spectral_normalize(torch.randn(6, 3, 2, 2), torch.randn(6))
    assert kernel.shape == (6, 3, 2, 2), "a convolution's weight comes back in its own shape"
    weight = torch.randn(4, 3, requires_grad=True)
    normalised, u = spectral_normalize(weight, torch.randn(4))
    assert normalised.requires_grad, "the normalised weight must be differentiable in the weight"
    assert not u.requires_grad, "u is kept for the next step: return it without a graph"


# %% [markdown]
# On the left, your estimate of the largest singular value of random matrices, by the number of iterations, against that of
# a singular value decomposition. On the right, what happens in training: the weight of a convolution drifts a little at
# each step, and your function gets one iteration per step, with the $u$ of the step before or with a fresh random one. Look
# for the direction from which the estimate comes, and for what keeping $u$ is worth.

# %% train="power_iteration"


@picture
def _():
    generator = torch.Generator().manual_seed(0)

    def estimate(weight, u, n_iterations=1):
        normalised, u = spectral_normalize(weight, u, n_iterations)
        return float(weight.norm() / normalised.norm()), u

    _, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
    for shape in ((16, 16), (64, 256), (256, 256)):
        weight = torch.randn(shape, generator=generator)
        start, true = (
            torch.randn(shape[0], generator=generator),
            float(torch.linalg.svdvals(weight)[0]),
        )
        counts = [1, 2, 3, 5, 8, 12, 20, 30, 50]
        shares = [estimate(weight, start, n)[0] / true for n in counts]
        axes[0].plot(counts, shares, ".-", label=f"{shape[0]} x {shape[1]}")
    axes[0].axhline(1, color="black", linestyle="dashed", label="SVD")
    axes[0].set(
        title="Random matrices",
        xlabel="power iterations",
        ylabel="estimate / largest singular value",
    )
    weight = 0.05 * torch.randn(64, 32, 4, 4, generator=generator)
    kept, true, warm, cold = torch.randn(64, generator=generator), [], [], []
    for _ in range(60):
        weight = weight + 0.002 * torch.randn(weight.shape, generator=generator)
        true.append(float(torch.linalg.svdvals(weight.flatten(1))[0]))
        sigma, kept = estimate(weight, kept)
        warm.append(sigma)
        cold.append(estimate(weight, torch.randn(64, generator=generator))[0])
    axes[1].plot(warm, label="one iteration per step, u kept")
    axes[1].plot(cold, label="one iteration per step, fresh u")
    axes[1].plot(true, color="black", linestyle="dashed", label="SVD")
    axes[1].set(
        title="A drifting convolution (64, 32, 4, 4)",
        xlabel="step",
        ylabel="largest singular value",
    )
    for ax in axes:
        ax.grid(alpha=0.3)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    plt.show()


# %% [markdown]
# ## 5. The Dirac-GAN: does the game converge?
#
# Losses that go down tell little about a game, in which each player moves the other's target. Mescheder, Geiger and Nowozin
# (2018, "Which training methods for GANs do actually converge?") study the smallest GAN there is, and it already shows what
# goes wrong in the large ones. It has two parameters, so that a whole training run is a curve in the plane:
#
# * all the data lie at the point 0,
# * the generator puts all that it makes at the point $\theta$,
# * the discriminator is a line through the origin, $\ell(x) = \phi x$ (the paper's $D$): a logit, or a score for a critic.
#
# The only equilibrium is $\theta = \phi = 0$: the fake lies on the data and $D$ cannot tell them apart. (The penalty of
# `"wgan-gp"` takes even this one away: at $\theta = 0$ its critic prefers $\phi = \pm 1$.) In this notebook $D$
# is **high on real data**. (The paper writes its objective the other way round, with $D$ high on fakes; that mirrors
# $\phi$.) The players' losses are those of a usual GAN, with one real point at 0 and one fake at $\theta$:
#
# | `kind` | $G$ minimises | $D$ minimises |
# | --- | --- | --- |
# | `"minimax"` | $\log(1 - \sigma(\phi\theta))$ | $-\log\sigma(0) - \log(1 - \sigma(\phi\theta))$ |
# | `"nonsaturating"` | $-\log\sigma(\phi\theta)$ | as `"minimax"` |
# | `"wgan"` | $-\phi\theta$ | $\phi\theta - 0$ |
# | `"wgan-gp"` | $-\phi\theta$ | $\phi\theta + \gamma\,(\lvert\phi\rvert - 1)^2$ |
# | `"r1"` | $-\log\sigma(\phi\theta)$ | as `"nonsaturating"`, $+\;\frac{\gamma}{2}\phi^2$ |
#
# The gradient of $D$ with respect to $x$ is $\phi$ everywhere, which is why both penalties become functions of $\phi$. Their
# weights are those of the two original papers: a plain factor for WGAN-GP (Gulrajani et al. 2017; there called $\lambda$), a
# factor with its half for $R_1$ (Mescheder et al. 2018, section 4).
#
# ### The vector field
#
# With very small steps, gradient descent of both players follows the vector field
#
# $$\dot\theta = -\frac{\partial L_G}{\partial\theta}, \qquad \dot\phi = -\frac{\partial L_D}{\partial\phi}$$
#
# Derive it by hand, one kind after the other. Each player descends **its own** loss, in its own parameter; in three of the
# kinds $L_G$ is not $-L_D$, so one function of both players is not enough.


# %% answer="dirac_vector_field"
def dirac_vector_field(
    theta: Tensor, phi: Tensor, kind: str, gamma: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Directions in which both players of the Dirac-GAN descend (Mescheder et al. 2018, section 2; D is high on real data).

    theta, phi: tensors of one shape, any; each pair of elements is a point of its own.
    kind: "minimax", "nonsaturating", "wgan", "wgan-gp" or "r1", with the losses of the table above; ValueError for another.
    gamma: weight of the penalty, gamma (|phi| - 1)^2 in "wgan-gp" and gamma / 2 phi^2 in "r1"; the other kinds ignore it.
    Returns (theta_dot, phi_dot), each of that shape: minus the gradient of G's loss in theta and of D's loss in phi, right
    for logits phi theta of +-1e4 too, differentiable in theta and phi. |phi| has no slope at 0; there the penalty of
    "wgan-gp" is taken to pull nowhere. As everywhere, the directions carry a graph only if theta or phi needs gradients.
    """
    ### BEGIN SOLUTION
    if kind in ("wgan", "wgan-gp"):
        theta_dot, phi_dot = phi, -theta
    elif kind == "minimax":
        theta_dot, phi_dot = phi * torch.sigmoid(phi * theta), -theta * torch.sigmoid(phi * theta)
    elif kind in ("nonsaturating", "r1"):
        theta_dot, phi_dot = phi * torch.sigmoid(-phi * theta), -theta * torch.sigmoid(phi * theta)
    else:
        raise ValueError(f"unknown kind of Dirac-GAN: {kind!r}")
    if kind == "wgan-gp":
        phi_dot = phi_dot - 2 * gamma * (phi - torch.sign(phi))
    if kind == "r1":
        phi_dot = phi_dot - gamma * phi
    return theta_dot, phi_dot
    ### END SOLUTION


# %% check="dirac_vector_field"
@visible_checks("dirac_vector_field")
def _():
    theta, phi = torch.tensor([1.0, 2.0, -0.5]), torch.tensor([0.7, -0.4, -1.5])
    for kind in ("minimax", "nonsaturating", "wgan", "wgan-gp", "r1"):
        field = dirac_vector_field(theta, phi, kind)
        assert isinstance(field, tuple | list) and len(field) == 2, (
            "return two tensors, theta_dot and phi_dot"
        )
        assert field[0].shape == (3,) and field[1].shape == (3,), (
            f"both directions have the shape of theta and phi; {kind} gives"
            f" {tuple(field[0].shape)} and {tuple(field[1].shape)}"
        )
        assert (field[0] * phi > 0).all(), (
            f"{kind}: G moves its point to where D(x) = phi x is higher"
        )
        assert (field[1] * theta < 0).all(), (
            f"{kind}: without a penalty, D moves so that its value at the fake, phi theta, falls"
        )
    speeds = [
        dirac_vector_field(torch.tensor(3.0), torch.tensor(-3.0), kind)[0].abs()
        for kind in ("minimax", "nonsaturating")
    ]
    assert speeds[0] < speeds[1], (
        "where D is sure that the fake is fake, the minimax generator hardly moves and the other one does"
    )
    for kind in ("wgan-gp", "r1"):
        pull = dirac_vector_field(torch.tensor(0.0), torch.tensor(3.0), kind, gamma=1.0)[1]
        assert pull < 0, f"{kind}: the penalty pulls a steep D back"


# %% [markdown]
# The picture shows the five fields, each arrow scaled by its length. Look for what turns and what points inwards: the fields
# of `minimax` and `wgan` run along circles, `nonsaturating` bends inwards where $\phi\theta$ is large in size, and `r1`
# points inwards wherever $\phi \ne 0$. `wgan-gp` pulls towards the lines $\phi = \pm 1$: inwards beyond them, but away from
# the equilibrium between them.

# %% train="dirac_fields"

DIRAC_KINDS = {"minimax": 0.0, "nonsaturating": 0.0, "wgan": 0.0, "wgan-gp": 0.4, "r1": 0.5}


def draw_field(axes, kind, gamma, colour="tab:blue"):
    """Arrows of the field on a square around the equilibrium, which a cross marks."""
    ticks = torch.linspace(-2, 2, 13)
    theta, phi = torch.meshgrid(ticks, ticks, indexing="xy")
    theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
    axes.quiver(theta, phi, theta_dot, phi_dot, color=colour, angles="xy")
    axes.plot([0], [0], "k+", markersize=12, markeredgewidth=2)
    axes.set(xlabel="theta", xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal")


@picture
def _():
    figure, panels = plt.subplots(1, 5, figsize=(15, 3.4), sharey=True, layout="constrained")
    for axes, (kind, gamma) in zip(panels, DIRAC_KINDS.items(), strict=True):
        draw_field(axes, kind, gamma)
        axes.set_title(f"{kind}, gamma = {gamma}" if gamma else kind)
    panels[0].set_ylabel("phi")
    figure.suptitle("The directions of gradient descent of both players (cross: equilibrium)")
    plt.show()


# %% [markdown]
# ### Eigenvalues at the equilibrium
#
# Close to the equilibrium the field $v = (\dot\theta, \dot\phi)$ is a linear map: its Jacobian at $(0, 0)$,
#
# $$J = \begin{pmatrix} \partial\dot\theta/\partial\theta & \partial\dot\theta/\partial\phi \\
# \partial\dot\phi/\partial\theta & \partial\dot\phi/\partial\phi \end{pmatrix}.$$
#
# Its eigenvalues $\lambda$ decide everything nearby. The real part says how fast the players approach the equilibrium
# (negative) or leave it (positive), the imaginary part how fast they circle around it. For loss minimisation $J$ would be
# minus a Hessian: symmetric, with real eigenvalues. A game's $J$ is not symmetric, so treat it as a general matrix. The
# field of `"wgan-gp"` jumps at $\phi = 0$ and has no Jacobian there.


# %% answer="dirac_eigenvalues"
def dirac_eigenvalues(kind: str, gamma: float = 0.0) -> Tensor:
    """Eigenvalues of the Jacobian of the Dirac-GAN's vector field at (theta, phi) = (0, 0) (Mescheder et al. 2018).

    kind: "minimax", "nonsaturating", "wgan" or "r1"; ValueError for "wgan-gp", whose Jacobian does not exist.
    gamma: as in dirac_vector_field, >= 0. Returns a complex tensor of shape (2,), in any precision, even when both are real:
    a complex pair in ascending order of the imaginary parts, a real pair in ascending order. No gradient is asked for.
    """
    ### BEGIN SOLUTION
    if kind == "wgan-gp":
        raise ValueError("the field of wgan-gp has no Jacobian at phi = 0")

    def field(point: Tensor) -> Tensor:
        return torch.stack(dirac_vector_field(point[0], point[1], kind, gamma))

    origin = torch.zeros(2, dtype=torch.float64)
    eigenvalues = torch.linalg.eigvals(torch.autograd.functional.jacobian(field, origin))
    return eigenvalues[(eigenvalues.real + eigenvalues.imag).argsort()]
    ### END SOLUTION


# %% check="dirac_eigenvalues"
@visible_checks("dirac_eigenvalues")
def _():
    for kind, gamma in (("minimax", 0.0), ("wgan", 0.0), ("r1", 0.3), ("r1", 3.0)):
        value = dirac_eigenvalues(kind, gamma)
        assert torch.is_tensor(value) and value.shape == (2,), (
            "a 2 x 2 matrix has two eigenvalues: return a tensor of shape (2,)"
        )
        assert value.is_complex(), f"return a complex tensor, for real pairs too; {kind} is not"
    pair = dirac_eigenvalues("r1", 0.3)
    assert pair[0].imag < pair[1].imag, "a complex pair comes in ascending order of imaginary parts"
    pair = dirac_eigenvalues("r1", 3.0)
    assert (pair.real < 0).all(), "with R1 both players are drawn to the equilibrium"
    assert pair.imag.abs().max() < 1e-4 and pair[0].real < pair[1].real, (
        "a strong R1 penalty gives two different real eigenvalues, in ascending order"
    )


# %% [markdown]
# Real training takes steps of a finite size $h$. Near the equilibrium a simultaneous step multiplies $(\theta, \phi)$ by
# $I + h J$, whose eigenvalues are $1 + h\lambda$: the step leads away when $\lvert 1 + h\lambda \rvert > 1$. The picture
# shows these numbers and the unit circle. Look for the crosses outside the circle. A purely imaginary $\lambda$ gives
# $\lvert 1 + h\lambda \rvert^2 = 1 + h^2 \lvert\lambda\rvert^2$, which is too large for **every** step size: with
# simultaneous steps `minimax`, `nonsaturating` and `wgan` are all driven off the equilibrium, however careful the steps. R1
# moves the eigenvalues into the circle as soon as $\gamma > h / 4$. For a small $\gamma$ the two travel along an arc; beyond
# a critical value (which?) they are real, and one of them returns to 1: too much of the penalty is slow again.

# %% train="dirac_step_eigenvalues"


@picture
def _():
    step_size = 0.5
    angle = torch.linspace(0, 2 * torch.pi, 200)
    figure, axes = plt.subplots(figsize=(6.5, 4.5), layout="constrained")
    axes.plot(angle.cos(), angle.sin(), "k-", linewidth=1, label="unit circle")
    for kind, marker in (("minimax", "x"), ("nonsaturating", "+"), ("wgan", "x")):
        factors = 1 + step_size * dirac_eigenvalues(kind)
        axes.plot(factors.real, factors.imag, marker, markersize=10, label=kind)
    gammas = [0.05 * i for i in range(1, 61)]
    factors = torch.stack([1 + step_size * dirac_eigenvalues("r1", gamma) for gamma in gammas])
    dots = axes.scatter(
        factors.real,
        factors.imag,
        c=torch.tensor(gammas).repeat_interleave(2),
        s=14,
        cmap="viridis",
        label="r1",
    )
    axes.set(
        title=f"Eigenvalues of one simultaneous step, h = {step_size}",
        xlabel="real part of 1 + h lambda",
        ylabel="imaginary part",
        xlim=(-0.5, 1.5),
        ylim=(-0.7, 0.7),
        aspect="equal",
    )
    axes.legend(loc="upper left", fontsize=8)
    figure.colorbar(dots, label="gamma of r1", shrink=0.8)
    plt.show()


# %% [markdown]
# ### Trajectories
#
# Now let the players play. One *round* with step size $h$ is either of these:
#
# * **simultaneous**: both move from the same point,
#   $(\theta, \phi) \leftarrow (\theta, \phi) + h\,\bigl(\dot\theta(\theta, \phi),\, \dot\phi(\theta, \phi)\bigr)$;
# * **alternating**, as GANs are trained: first $\phi \leftarrow \phi + h\,\dot\phi(\theta, \phi)$, `n_critic` times over
#   with $\theta$ held fixed; then $\theta \leftarrow \theta + h\,\dot\theta(\theta, \phi)$ with the new $\phi$.
#
# With weight clipping, $\phi$ is clamped right after each of its own moves; $\theta$ never is, and neither is the start.
# Mind what the two updates read: in a simultaneous round no player may see what the other has just done.


# %% answer="dirac_trajectory"
def dirac_trajectory(
    theta: float | Tensor,
    phi: float | Tensor,
    kind: str,
    step_size: float,
    n_steps: int,
    gamma: float = 0.0,
    alternating: bool = False,
    n_critic: int = 1,
    clip: float | None = None,
) -> Tensor:
    """The path of gradient descent of both players of the Dirac-GAN (Mescheder et al. 2018).

    theta, phi: the start, both Python floats or both 0-d tensors; kind, gamma: as in dirac_vector_field.
    step_size: h, the same for both players. n_steps: number of rounds, >= 0; a round adds one row to the path.
    alternating: a round is n_critic moves of phi, then one of theta; else one move of both from the same point, whatever
    n_critic is.
    clip: phi is clamped into [-clip, clip] after each of its moves, for a clip of 0 too; only None means never. The start is
    taken as it is.
    Returns (n_steps + 1, 2): rows (theta, phi), the start first, in the dtype and on the device of a start that is a tensor.
    The path is data: nobody asks for its gradient.
    """

    ### BEGIN SOLUTION
    def critic_move(theta: Tensor, phi: Tensor) -> Tensor:
        phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
        return phi if clip is None else phi.clamp(-clip, clip)

    def generator_move(theta: Tensor, phi: Tensor) -> Tensor:
        return theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]

    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = critic_move(theta, phi)
            theta = generator_move(theta, phi)
        else:
            theta, phi = generator_move(theta, phi), critic_move(theta, phi)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)
    ### END SOLUTION


# %% check="dirac_trajectory"
@visible_checks("dirac_trajectory")
def _():
    path = dirac_trajectory(1.0, 0.5, "wgan", 0.1, 3)
    assert path.shape == (4, 2), (
        f"three rounds give four points (theta, phi), the start among them: shape (4, 2);"
        f" yours has {tuple(path.shape)}"
    )
    assert torch.allclose(path[0].float(), torch.tensor([1.0, 0.5])), (
        "the path begins at the start: theta in column 0, phi in column 1"
    )
    assert abs(float(path[1, 0]) - 1.05) < 1e-5, (
        "in a simultaneous round of the WGAN from (1, 0.5) theta moves by h phi = 0.05"
    )
    assert abs(float(path[1, 1]) - 0.4) < 1e-5, (
        "in a simultaneous round phi moves as if theta had not moved yet"
    )
    path = dirac_trajectory(1.0, 0.5, "wgan", 0.1, 3, alternating=True)
    assert abs(float(path[1, 0]) - 1.04) < 1e-5, (
        "in an alternating round theta moves last and sees the new phi"
    )
    path = dirac_trajectory(1.0, 0.5, "wgan", 0.1, 20, clip=0.2)
    assert path[1:, 1].abs().max() < 0.2001, "with clipping, phi never leaves [-clip, clip]"


# %% [markdown]
# The next picture sets simultaneous steps (upper row) against alternating ones (lower row), 500 rounds with $h = 0.1$ from
# the green dot. Look for which paths get to the cross.
#
# * `minimax` and `wgan`: with infinitely small steps the distance from the equilibrium would stay as it is (check that
#   $\theta\dot\theta + \phi\dot\phi = 0$). Simultaneous steps spiral outwards, as the eigenvalues say; the WGAN, whose pull
#   does not fade, leaves the picture. Alternating steps go round and round, neither coming nearer nor leaving for good.
# * `nonsaturating`: the field bends inwards, but near the equilibrium the bend is weaker than any linear pull. Alternating
#   steps creep in, ever more slowly. Simultaneous steps end up circling at a distance of about $\sqrt{2h}$, where the inward
#   bend balances the outward push of the finite step: they do **not** converge, and the circle shrinks only with $h$.
# * `wgan-gp`: the penalty wants $\lvert\phi\rvert = 1$, so that a fake that lies on the data is pushed off them again. The
#   path ends in a cycle. (With $\gamma = 1$ it comes to rest, but beside the data, at $\theta = \pm 2$. Try it.)
# * `r1`: both schemes arrive.

# %% train="dirac_paths"


@picture
def _():
    figure, panels = plt.subplots(
        2, 5, figsize=(15, 6.4), sharex=True, sharey=True, layout="constrained"
    )
    for row, alternating in zip(panels, (False, True), strict=True):
        for axes, (kind, gamma) in zip(row, DIRAC_KINDS.items(), strict=True):
            path = dirac_trajectory(1.0, 1.0, kind, 0.1, 500, gamma, alternating)
            draw_field(axes, kind, gamma, colour="silver")
            axes.plot(path[:, 0], path[:, 1], "-", color="tab:red", linewidth=0.8)
            axes.plot([1], [1], "o", color="tab:green")
            axes.set_title(f"{kind}, gamma = {gamma}" if gamma else kind)
            axes.label_outer()
        row[0].set_ylabel(f"{'alternating' if alternating else 'simultaneous'}\nphi")
    figure.suptitle("500 rounds of step size 0.1 (green: start, cross: equilibrium)")
    plt.show()


# %% [markdown]
# Does it help to train the critic more? The left panel gives it five moves in each round, alternating, as in the training of
# a WGAN; clipping is at 1. A critic that is trained to the end would be the best one for the present $\theta$, and the
# theory of the WGAN is about that critic. Five moves are not enough: look for the paths that keep circling.
#
# The other panels are about the weight of R1, with alternating steps. Look in the middle for the paths: turning for a small
# $\gamma$, straight for a large one. Look on the right for which of the lines falls fastest, and compare with the
# eigenvalues: the slope belongs to the real part that is nearest to zero.

# %% train="dirac_critics_and_r1"


@picture
def _():
    _, panels = plt.subplots(1, 3, figsize=(15, 4.4), layout="constrained")
    settings = {
        "wgan": ("wgan", 0.0, None),
        "wgan, clip = 1": ("wgan", 0.0, 1.0),
        "wgan-gp, gamma = 0.4": ("wgan-gp", 0.4, None),
    }
    for name, (kind, gamma, clip) in settings.items():
        path = dirac_trajectory(
            1.0, 1.0, kind, 0.1, 500, gamma, alternating=True, n_critic=5, clip=clip
        )
        panels[0].plot(path[:, 0], path[:, 1], linewidth=0.8, label=name)
    panels[0].set(title="Five critic moves in each round, 500 rounds", ylabel="phi")
    panels[0].set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6))
    draw_field(panels[1], "r1", 0.3, colour="silver")
    for gamma in (0.0, 0.3, 1.0, 3.0):
        path = dirac_trajectory(1.0, 1.0, "r1", 0.1, 500, gamma, alternating=True)
        panels[1].plot(path[:, 0], path[:, 1], linewidth=1, label=f"gamma = {gamma}")
        panels[2].plot(path.norm(dim=1), linewidth=1, label=f"gamma = {gamma}")
    panels[1].set(title="R1: 500 rounds (arrows: gamma = 0.3)", ylabel="phi")
    panels[2].set(
        title="R1: distance from the equilibrium", xlabel="round", yscale="log", ylim=(1e-5, 3)
    )
    for axes in panels[:2]:
        axes.plot([1], [1], "o", color="tab:green")
        axes.plot([0], [0], "k+", markersize=12, markeredgewidth=2)
        axes.set(xlabel="theta", aspect="equal")
    for axes in panels:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=8)
    plt.show()


# %% [markdown]
# ## 6. Experiment: WGAN-GP on digits, what clipping does, and a GAN that is rescued
#
# Now you train a generator of handwritten digits twice, with the same networks, the same noise and the same number of
# steps. The first critic is kept Lipschitz by your gradient penalty, the second by clipping its weights. Then the run that
# died in the notebook `losses` is repeated, once with each of two of your methods. You write the networks and the steps in
# the answer cells; locked cells train with them and draw; at the end you say in words what came out. The points lie in that analysis, and a person grades it with your figures in view, so hand the notebook in **with its
# outputs**.
#
# The data are 4,000 digits for training and 1,000 for testing, with pixels in $[-1, 1]$. This part takes about seven
# minutes on two cores. The training cells save the generators in `artifacts/`, which you hand in too.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead,
# and `source="torchvision"` in `load_digits` for all 60,000 digits.

# %% train="wgan_setup"
import copy

from dgm import plots
from dgm.data import batches, load_digits
from dgm.metrics import digit_features, digit_probabilities, frechet_distance
from dgm.nets import mlp
from dgm.training import Settings, adam, evaluating, keep, seed_everything, train

settings = Settings()
device = settings.device
N_LATENT, BATCH_SIZE, N_CRITIC, N_SAMPLES = 64, 32, 5, 1000
WIDTH = settings.width(16)
N_ITERATIONS, LOOK_EVERY = settings.iterations(1200), settings.iterations(50)
CHECKPOINTS = [settings.iterations(n) for n in (50, 100, 200, 400, 800, 1200)]
PENALTY_WEIGHT, CLIP = 10.0, 0.01

x_train, _ = load_digits("train")
x_test, y_test = load_digits("test")
x_train, x_test = x_train.to(device), x_test.to(device)
seed_everything(0)
z_show = torch.randn(10, N_LATENT, device=device)  # the same noise for every picture of progress
z_many = torch.randn(N_SAMPLES, N_LATENT, device=device)
test_features = digit_features(x_test)


def distance_to_test(images):
    """Frechet distance between the features of images and of the test digits."""
    return float(frechet_distance(digit_features(images), test_features))


def play(name, generator, critic, critic_step, generator_step):
    """N_CRITIC steps of the critic, then one of the generator, N_ITERATIONS times.

    Returns the losses; by iteration: pictures, the Frechet distance to the test digits, and copies of the generator.
    """
    stream = batches(x_train, BATCH_SIZE)
    stages, distances, copies = {}, {}, {}

    def iteration(i):
        for _ in range(N_CRITIC):
            real = next(stream)
            with torch.no_grad():
                fake = generator(torch.randn(len(real), N_LATENT, device=device))
            losses = critic_step(real, fake)
        generator_step(torch.randn(BATCH_SIZE, N_LATENT, device=device))
        return losses

    def look(i):
        with evaluating(generator):
            distances[i] = distance_to_test(generator(z_many))
            if i in CHECKPOINTS:
                stages[f"{i:,} iterations"] = generator(z_show)
                copies[i] = copy.deepcopy(generator)

    history = train(iteration, N_ITERATIONS, every=LOOK_EVERY, callback=look, description=name)
    return history, stages, distances, copies


print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
plots.show_images(x_train[:24], "Training digits", n_columns=12)
floor = distance_to_test(x_train[:N_SAMPLES])
ceiling = distance_to_test(2 * torch.rand(N_SAMPLES, 1, 28, 28, device=device) - 1)
print(f"Frechet distance to the test digits: real training digits {floor:.0f}, noise {ceiling:.0f}")

# %% [markdown]
# **How samples are judged.** A small classifier, trained on the same digits, turns an image into 64 features. The Fréchet
# distance between the Gaussians fitted to the features of 1,000 samples and of the 1,000 test digits is small when the
# samples look like digits and come in the same variety. The line above gives its scale: what real digits get, and what
# noise gets.
#
# **Write the two networks.** The architecture is yours, with two conditions.
#
# * The critic has **no batch normalisation** (Gulrajani et al. 2017, section 4; you say why in the analysis). Layer or
#   instance normalisation would do, or none.
# * The critic ends in a number, without a sigmoid. The generator ends in tanh, and may use batch normalisation.
#
# Small networks are enough for digits, and all that this budget allows: for the critic a convolution of stride 2 (28 to 14)
# with `width` channels and a hidden layer of `8 * width` units; for the generator a linear layer to `2 * width` channels of
# 7 x 7 and two stages that double the resolution (7 to 14 to 28).


# %% answer="build_critic"
def build_critic(width: int) -> nn.Module:
    """A critic for digits without batch normalisation: (B, 1, 28, 28) -> (B,) or (B, 1), any real numbers."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(width * 14 * 14, 8 * width),
        nn.LeakyReLU(0.2),
        nn.Linear(8 * width, 1),
        nn.Flatten(0),
    )
    ### END SOLUTION


# %% answer="build_wgan_generator"
def build_wgan_generator(n_latent: int, width: int) -> nn.Module:
    """A generator of digits: (B, n_latent) -> (B, 1, 28, 28) in [-1, 1]."""
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Linear(n_latent, 2 * width * 7 * 7, bias=False),
        nn.Unflatten(1, (2 * width, 7, 7)),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(2 * width, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.Upsample(scale_factor=2),
        nn.Conv2d(width, 1, 3, padding=1),
        nn.Tanh(),
    )
    ### END SOLUTION


# %% [markdown]
# **Write the two steps**, with your `critic_loss`, `gradient_penalty` and `wgan_generator_loss`. The critic's step adds the
# penalty, times its weight $\lambda$, to the loss. Fresh $\alpha_i$ are drawn by whoever calls it.


# %% answer="wgan_gp_step"
def wgan_gp_step(
    critic: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: Tensor,
    fake: Tensor,
    alpha: Tensor,
    penalty_weight: float = 10.0,
) -> dict[str, Tensor]:
    """One step of the critic on its Wasserstein loss plus penalty_weight times the gradient penalty (Gulrajani et al. 2017, eq. 3).

    real, fake: (B, 1, 28, 28) in [-1, 1]; alpha: (B,) in [0, 1]. Nothing flows into `fake`.
    Returns {"estimate": minus the Wasserstein loss, "penalty": the penalty without its weight}, both before the step.
    """
    ### BEGIN SOLUTION
    loss = critic_loss(critic(real), critic(fake.detach()))
    penalty = gradient_penalty(critic, real, fake, alpha)
    optimizer.zero_grad()
    (loss + penalty_weight * penalty).backward()
    optimizer.step()
    return {"estimate": -loss, "penalty": penalty}
    ### END SOLUTION


# %% answer="wgan_generator_step"
def wgan_generator_step(
    generator: nn.Module, critic: nn.Module, optimizer: torch.optim.Optimizer, z: Tensor
) -> Tensor:
    """One step of the generator on its Wasserstein loss; the critic's parameters stay as they are.

    z: (B, n_latent); optimizer: holds the generator's parameters. Returns the loss before the step.
    """
    ### BEGIN SOLUTION
    loss = wgan_generator_loss(critic(generator(z)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()
    ### END SOLUTION


# %% [markdown]
# **Train with the penalty**: five critic steps for each generator step, Adam with $\beta_1$ at 0.5 or below
# (`betas = (0.5, 0.9)`; a critic that chases a moving target should not remember much). **Look for** the
# iterations at which the estimate rises and falls, and ask yourself who is learning then.

# %% train="wgan_gp"
seed_everything(1)
gp_generator = build_wgan_generator(N_LATENT, WIDTH).to(device)
gp_critic = build_critic(WIDTH).to(device)
gp_optimizers = [adam(module, lr=5e-4, betas=(0.5, 0.9)) for module in (gp_generator, gp_critic)]
gp_history, gp_stages, gp_distances, gp_copies = play(
    "WGAN-GP",
    gp_generator,
    gp_critic,
    lambda real, fake: wgan_gp_step(
        *(gp_critic, gp_optimizers[1], real, fake),
        torch.rand(len(real), device=device),
        PENALTY_WEIGHT,
    ),
    lambda z: wgan_generator_step(gp_generator, gp_critic, gp_optimizers[0], z),
)
keep("wgan_gp", gp_generator)
plots.loss_curves(
    {"WGAN-GP": {"minus the critic's loss": gp_history["estimate"]}},
    "The critic's estimate of the distance (logarithmic scale)",
    ylabel="estimate of W",
    log=True,
)
plots.loss_curves(
    {"WGAN-GP": {"penalty": gp_history["penalty"]}},
    "The gradient penalty, without its weight: how far from 1 are the slopes?",
    ylabel="mean (norm - 1)^2",
    log=True,
)
plots.show_rows(gp_stages, "WGAN-GP: the same ten codes as training goes on")

# %% [markdown]
# **The same game with clipping**: RMSProp, as Arjovsky et al. (2017) use it, and your `wgan_clip_step` with $c = 0.01$.
# Everything else is as before. Note the scale of the estimate.

# %% train="wgan_clipped"
seed_everything(1)
clip_generator = build_wgan_generator(N_LATENT, WIDTH).to(device)
clip_critic = build_critic(WIDTH).to(device)
clip_optimizers = [
    torch.optim.RMSprop(module.parameters(), lr=2e-4) for module in (clip_generator, clip_critic)
]
clip_history, clip_stages, clip_distances, clip_copies = play(
    "weight clipping",
    clip_generator,
    clip_critic,
    lambda real, fake: {
        "estimate": -wgan_clip_step(clip_critic, clip_optimizers[1], real, fake, CLIP)
    },
    lambda z: wgan_generator_step(clip_generator, clip_critic, clip_optimizers[0], z),
)
keep("wgan_clip", clip_generator)
plots.loss_curves(
    {"clipping": {"minus the critic's loss": clip_history["estimate"]}},
    "The clipped critic's estimate (logarithmic scale)",
    ylabel="estimate",
    log=True,
)
plots.show_rows(clip_stages, "Weight clipping: the same ten codes as training goes on")

# %% [markdown]
# **Does the loss mean something?** The duality of section 2 speaks of the *best* critic for the present generator. The
# critic that plays is not that one: it keeps learning from one generator to the next, so its estimate changes for two
# reasons, a better generator and a better critic. To keep them apart, six copies of the generator of the WGAN-GP were put
# aside. Each of them is now frozen and gets a **fresh critic**, untrained at first, which learns for 250 steps from training
# digits with your `wgan_gp_step`, and is then read on test digits. All six critics have the same training, so what differs
# between their estimates is the generator.
#
# The figure has both estimates, and the Fréchet distance of the samples, which no critic ever sees. **Look for** which of the
# two estimates falls when the distance does. The last line of print gives a fresh critic to the clipped generator as well.

# %% train="estimate_and_quality"


def fresh_estimate(generator, n_steps=250):
    """Estimate on test digits of a new critic, trained on training digits with the penalty against a frozen generator."""
    seed_everything(3)
    critic = build_critic(WIDTH).to(device)
    optimizer, stream = adam(critic, lr=5e-4, betas=(0.5, 0.9)), batches(x_train, BATCH_SIZE)
    with evaluating(generator):  # in evaluation mode: no batch changes the generator
        fakes = [
            generator(torch.randn(BATCH_SIZE, N_LATENT, device=device))
            for _ in range(settings.iterations(n_steps))
        ]
        held_out = generator(z_many)
    for fake in fakes:
        alpha = torch.rand(BATCH_SIZE, device=device)
        wgan_gp_step(critic, optimizer, next(stream), fake, alpha, PENALTY_WEIGHT)
    with evaluating(critic):
        return -critic_loss(critic(x_test), critic(held_out)).item()


fresh = {i: fresh_estimate(generator) for i, generator in gp_copies.items()}
running = {}
figure, axes = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
for ax, name, history, distances in (
    (axes[0], "WGAN-GP", gp_history, gp_distances),
    (axes[1], "weight clipping", clip_history, clip_distances),
):
    means = torch.tensor(history["estimate"][: len(distances) * LOOK_EVERY])
    means = means.reshape(-1, LOOK_EVERY).mean(1).tolist()
    running[name] = dict(zip(distances, means, strict=True))
    ax.plot(list(distances), means, "C0.-", label="estimate of the critic that plays")
    if name == "WGAN-GP":
        ax.plot(list(fresh), list(fresh.values()), "C2s-", label="estimate of a fresh critic")
    ax.set(title=name, xlabel="iteration", ylabel="estimate of W", yscale="log")
    other = ax.twinx()
    other.plot(list(distances), list(distances.values()), "C1.--", label="Frechet distance (right)")
    other.set(ylabel="Frechet distance of 1,000 samples", yscale="log")
    if name == "WGAN-GP":  # which has all three curves
        figure.legend(handles=[*ax.lines, *other.lines], loc="outside lower center", ncols=3)
plt.show()
print(f"{'':<18}{'iteration':>10}{'playing':>10}{'fresh':>8}{'distance':>10}")
for i in gp_copies:
    print(
        f"{'WGAN-GP':<18}{i:>10,}{running['WGAN-GP'][i]:>10.3g}{fresh[i]:>8.2f}{gp_distances[i]:>10.0f}"
    )
for i in clip_copies:
    print(
        f"{'weight clipping':<18}{i:>10,}{running['weight clipping'][i]:>10.3g}{'':>8}{clip_distances[i]:>10.0f}"
    )
print(f"a fresh critic against the last clipped generator: {fresh_estimate(clip_generator):.2f}")

# %% [markdown]
# **What clipping does to the critic.** On the left, all weights of the two critics; on the right, the norms of the critics'
# gradients at points between real and generated digits, by your `zero_centered_penalty` (with $\gamma = 2$ and one image,
# it is the squared norm). Gulrajani et al. (2017, figure 1) show the same two things. **Look for** where the weights pile
# up, and for how far from 1 the slopes of each critic are.

# %% train="critics_compared"
seed_everything(2)


def slopes(generator, critic):
    """Norms of the critic's gradient at 200 points between real and generated digits."""
    real = x_test[:200]
    with evaluating(generator):
        fake = generator(z_many[:200])
    points = torch.lerp(fake, real, torch.rand(200, 1, 1, 1, device=device))
    return [zero_centered_penalty(critic, point[None], 2.0).item() ** 0.5 for point in points]


figure, axes = plt.subplots(1, 3, figsize=(13, 3.3), layout="constrained")
for ax, (name, critic) in zip(
    axes, {"WGAN-GP": gp_critic, "weight clipping": clip_critic}.items(), strict=False
):
    weights = torch.cat([p.detach().flatten() for p in critic.parameters()]).cpu()
    ax.hist(weights.numpy(), bins=60)
    ax.set(title=f"{name}: weights of the critic", xlabel="weight", ylabel="number")
    at_bound = ((weights.abs() - CLIP).abs() < 0.01 * CLIP).float().mean()
    print(
        f"{name}: standard deviation of the weights {weights.std():.4f};"
        f" {at_bound:.0%} of them lie at +-{CLIP}, give or take 1%"
    )
for name, generator, critic in (
    ("WGAN-GP", gp_generator, gp_critic),
    ("weight clipping", clip_generator, clip_critic),
):
    norms = torch.tensor(slopes(generator, critic)).clamp_min(1e-6)
    axes[2].hist(norms.log10().numpy(), bins=30, alpha=0.6, label=name)
    print(
        f"{name}: gradient norm at interpolates, median {norms.median():.3g}, from {norms.min():.3g} to {norms.max():.3g}"
    )
axes[2].axvline(0, color="black", linestyle="dashed", label="norm 1")
axes[2].set(title="Slopes at interpolates", xlabel="log10 of the gradient norm", ylabel="number")
axes[2].legend()
plt.show()

# %% [markdown]
# **The samples.** Final grids, the Fréchet distance, and which digits the classifier sees among 1,000 samples. **Look for**
# the share that you can name, and for digits that a generator leaves out.

# %% train="wgan_samples"
shares = {"test digits": y_test.bincount(minlength=10) / len(y_test)}
grids = {}
for name, generator in (("WGAN-GP", gp_generator), ("weight clipping", clip_generator)):
    with evaluating(generator):
        images = generator(z_many)
    grids[name] = images[:48]
    probabilities = digit_probabilities(images).cpu()
    shares[name] = probabilities.argmax(1).bincount(minlength=10) / N_SAMPLES
    print(
        f"{name}: Frechet distance {distance_to_test(images):.0f}, digits with a share of at least 3%:"
        f" {int((shares[name] >= 0.03).sum())} of 10, classifier's mean confidence {probabilities.amax(1).mean():.2f}"
    )
plots.show_grids(grids, "Samples after the same number of steps")
figure, axes = plt.subplots(figsize=(9, 3), layout="constrained")
for i, (name, share) in enumerate(shares.items()):
    axes.bar(torch.arange(10) + 0.27 * (i - 1), share, width=0.25, label=name)
axes.set(title="Which digits are drawn?", xlabel="digit", ylabel="share", xticks=range(10))
axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# **Where a GAN failed.** In the notebook `losses` one run died: perceptrons, the minimax loss, and five steps of $D$ for each
# step of $G$. Its generator drew noise to the end. Here are the same networks, the same optimisers, the same batches and five
# steps, three times. The first run is the one that died. In the second, your `spectral_normalize` divides each weight of $D$
# by its largest singular value, and the losses stay as they were. In the third, only the losses change, to those of the
# WGAN-GP. **Look for** which generators learn, and for the outputs that $D$ gives to their images.

# %% train="rescue"


class SpectralLinear(nn.Linear):
    """A linear layer whose weight is divided by its largest singular value; one power iteration per pass in training."""

    def __init__(self, n_in, n_out):
        super().__init__(n_in, n_out)
        self.register_buffer("u", torch.randn(n_out))

    def forward(self, x):
        weight, u = spectral_normalize(self.weight, self.u)
        if self.training:
            self.u = u
        return F.linear(x, weight, self.bias)


def rescue(name, n_iterations, n_latent=64, batch_size=64):
    """The run of `losses` that died, or one of the two that differ from it in one thing."""
    seed_everything(0)
    width = settings.width(256)
    generator = nn.Sequential(
        *(nn.Linear(n_latent, width // 2), nn.BatchNorm1d(width // 2), nn.ReLU()),
        *(nn.Linear(width // 2, width), nn.BatchNorm1d(width), nn.ReLU()),
        *(nn.Linear(width, 784), nn.Tanh(), nn.Unflatten(1, (1, 28, 28))),
    ).to(device)
    sizes = [784, width, width // 2, 1]
    layers = mlp(sizes, lambda: nn.LeakyReLU(0.2))
    if name == "spectral normalisation":
        layers = nn.Sequential(
            *(SpectralLinear(*sizes[0:2]), nn.LeakyReLU(0.2)),
            *(SpectralLinear(*sizes[1:3]), nn.LeakyReLU(0.2)),
            SpectralLinear(*sizes[2:4]),
        )
    discriminator = nn.Sequential(nn.Flatten(), *layers, nn.Flatten(0)).to(device)
    g_optimizer, d_optimizer = (
        adam(player, lr=2e-4, betas=(0.5, 0.999)) for player in (generator, discriminator)
    )
    stream, distances = batches(x_train, batch_size), {}

    def noise():
        return torch.randn(batch_size, n_latent, device=device)

    def step(i):
        for _ in range(5):
            real = next(stream)
            with torch.no_grad():
                fake = generator(noise())
            if name == "WGAN-GP":
                alpha = torch.rand(batch_size, device=device)
                wgan_gp_step(discriminator, d_optimizer, real, fake, alpha)
                continue
            real_part = F.softplus(-discriminator(real)).mean()
            loss = real_part + F.softplus(discriminator(fake)).mean()
            d_optimizer.zero_grad()
            loss.backward()
            d_optimizer.step()
        output = discriminator(generator(noise()))
        if name == "WGAN-GP":
            loss = wgan_generator_loss(output)
        else:
            loss = -F.softplus(output).mean()  # minimax: log(1 - D(G(z)))
        g_optimizer.zero_grad()
        loss.backward()
        g_optimizer.step()
        return {"output on fakes": output.mean()}

    def look(i):
        with evaluating(generator):
            distances[i] = distance_to_test(generator(z_rescue))

    every = settings.iterations(100)
    history = train(step, n_iterations, every=every, callback=look, description=name)
    with evaluating(generator):
        return history, distances, generator(z_rescue)


z_rescue = torch.randn(N_SAMPLES, 64, device=device)
rescued = {
    name: rescue(name, settings.iterations(800))
    for name in ("minimax", "spectral normalisation", "WGAN-GP")
}
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 3.8), layout="constrained")
for name, (history, distances, _) in rescued.items():
    left.plot(list(distances), list(distances.values()), ".-", label=name)
    right.plot(history["output on fakes"], linewidth=0.8)
    print(
        f"{name}: Frechet distance {list(distances.values())[-1]:.0f}, mean output on fakes"
        f" {history['output on fakes'][-1]:.3g}"
    )
left.set(title="Do the samples get better?", ylabel="Frechet distance", yscale="log")
right.set(title="Mean output of D on fakes (logit or score)", ylabel="output")
for axes in (left, right):
    axes.set_xlabel("iteration (steps of the generator)")
    axes.grid(alpha=0.3)
figure.legend(loc="outside lower center", ncols=3)
plt.show()
plots.show_grids(
    {name: images[:40] for name, (_, _, images) in rescued.items()},
    "Five steps of D for each of G: three ways",
)

# %% [markdown]
# **Analysis** (8 points). (a) Describe both estimates and the samples of the WGAN-GP over the iterations. Which estimate
# follows the Fréchet distance, and why does the other one not? In which sense is it a loss that means something, and what
# does it not tell you? Compare with the loss curves of a DCGAN (notebook `dcgan`; what must a discriminator's loss be when the
# generator is perfect, and what does it say on the way there?). (b) What does clipping break? Use the histograms, the
# slopes, the estimate's scale and the samples. (c) Why does the critic have no batch normalisation, and why is the norm taken
# per image? (d) Which of the three runs with five steps of $D$ learn, and how far do they come? Explain it with the slope of
# the minimax loss and with the steepness of $D$. (e) Why does spectral normalisation divide by the *largest* singular value:
# what does it bound, what would dividing by the Frobenius norm do, and what holds for a chain of convolutions?
#
# *Limit: 850 words, a formula counting as one.*

# %% [markdown] analysis="wgan_gp_training"
# ### BEGIN SOLUTION
# (a) The estimate of the critic that plays jumps to 40 within the first iterations, while it learns to tell noise from
# digits, and falls to 1.2 at 400 as strokes appear. Then it rises, to 2.0 from 800 on, although the samples still improve:
# the distance falls from 1,053 at 400 iterations to 828 and 680. The fresh critics fall with it all the way: 15.6, 5.8, 2.9,
# 1.6, 0.90, 0.62 at 50, 100, 200, 400, 800, 1,200 iterations (distance 3,404, 2,230, 1,461, 1,053, 828, 680). The duality is
# about the best critic for one generator. Fresh critics have equal training against one that stands still, so they differ by
# the generator alone. The one that plays has up to 6,000 steps behind it and finds more and more of what is still wrong: a
# better critic, not a worse generator. So the loss means something, the distance of two distributions, between critics of
# equal kind and training. It is not the distance itself (a small network and 250 steps fall short of the supremum, slopes of
# 1.06 exceed it), and it does not compare critics of other kinds. The fresh critic of the clipped generator says 2.6, between
# those of the WGAN-GP at 200 and at 400 iterations, and so is its distance (1,195). A DCGAN's losses do none of this: with a
# perfect generator D's loss is 2 log 2, but on the way there it says who is ahead, and stays level while the samples improve.
#
# (b) 22% of the weights lie at the bounds of +-0.01, in two spikes of the histogram, where the WGAN-GP's form one heap around
# zero (standard deviation 0.034). Pressed into the corners, the critic is nearly one of a few functions. Its slope is about
# 0.012 at every interpolate (0.0118 to 0.0129), a hundredth of what the theory wants and known to nobody beforehand, so its
# estimate is in other units: 0.37 at 50 iterations, 0.005 at the end. The generator's gradient is scaled down with it.
# RMSProp makes up for the size, but not for a critic that is almost linear: at equal steps the samples lag behind (3,507
# against 2,230 at 100 iterations, 1,195 against 680 at the end), strokes stay broken, and 2s and 3s take 45% of them
# (WGAN-GP: 35%, real digits: 20%). To its credit, estimate and distance fall together here.
#
# (c) The Lipschitz condition is about one function of one image. With batch normalisation a score depends on the whole
# batch: there is no gradient of "the score in this image" any more, and a penalty on it would not bound anything. For the
# same reason the norm is taken over all pixels of one image: a norm per channel or per pixel, or over the whole batch, is
# another condition, and an average over images before the square would let a steep image make up for a flat one.
#
# (d) The minimax run dies: distance 5,432, noise. With spectral normalisation it comes to 1,710 and with the loss of the
# WGAN-GP to 1,660, blurred digits of which many can be named. D's logit on fakes falls to -11.6 in the first run, and the slope
# of the minimax loss with it, D = e^-11.6 = 9e-6. A D of slope at most 1 cannot score a fake and a real image further
# apart than they lie, and this one keeps far below that: its logit stays near -1, and D(G(z)) near 0.3, though the loss is
# the same. The third has no
# sigmoid. Its loss has slope 1 at any score (5 here; a constant added to all scores changes nothing), and what reaches G is
# the critic's gradient, of norm about 1. It is one run of each, and too close to rank the last two.
#
# (e) The largest singular value is the most by which a matrix stretches a vector, that is the Lipschitz constant of the
# layer. Leaky ReLU has 1, and constants multiply along a chain, so the whole D has at most 1 and its gradient a norm of at
# most 1. A smaller divisor would bound nothing. The Frobenius norm, the root of the sum of the squares of all singular
# values, bounds it as well, but divides by too much: with many singular values of similar size each layer shrinks its input
# several times over, and a layer escapes only by keeping one large singular value, that is one feature. Dividing by the
# largest one leaves the others free. For a convolution this is the value of the matrix for one patch. Patches overlap, so
# such a layer may stretch by up to the root of kh kw, and a chain by the product: bounded, but not by 1.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: describes the estimate of the critic that plays (up while it learns, then down; what it does later, as the figure
#   shows) and that of the fresh critics, and sets both beside the samples or the Fréchet distance at named iterations.
# - 1 point: the duality is about the best critic. Fresh critics have equal training, so their differences are the
#   generator's; the one that plays changes for its own reasons too (0.5). Limits: slope, capacity and training of the critic;
#   different critics or settings are not comparable (0.5).
# - 1 point: a DCGAN's losses do not show progress: with a perfect generator D's loss is 2 log 2, but on the way it measures
#   the balance of the two players, and may stay level or rise while samples get better.
# - 1 point: clipping: weights pile up at the bounds, so the critic is nearly one of a few simple functions; read off the
#   histogram.
# - 1 point: clipping: the slope is far from 1 and unknown (the estimate is in other units), gradients to the generator
#   vanish or explode with c; the samples or distances at equal steps are compared by their numbers.
# - 1 point: the penalty is on the gradient of one score in one image; with batch normalisation a score depends on the other
#   images and "the norm of its gradient" is not what the Lipschitz condition is about; a norm per channel, pixel or batch
#   is another condition.
# - 1 point: the three runs, with their numbers (0.5). The minimax slope -D vanishes where D is sure; a D of bounded steepness
#   cannot be that sure, and a critic's loss has the slope 1 everywhere (0.5; what the figure shows counts).
# - 1 point: the largest singular value is the Lipschitz constant of a linear layer, and constants multiply (0.5). The
#   Frobenius norm bounds it too, but is larger than needed and favours layers of low rank, or: normalised convolutions only
#   have a bound of sqrt(kh kw) each (0.5 for one of them).
# ### END MARK SCHEME
