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
# # Generative adversarial networks: variants
#
# There are hundreds of GANs with a name of their own. Most of them change one thing: what the generator is asked for, what
# the discriminator gets to see, what it puts out, or how its strength is held in check. In the first part of this notebook
# you write six of the ideas that lasted, one short function per question: fourteen are here, and **the best six count**. In
# the second part you choose a variant, train it beside a plain GAN, and say honestly what it changed. Then you build a small
# style-based generator of your own functions, and find out which of its layers decides what.
#
# **Goals.** After this notebook you can
#
# * write the core of some of the best known variants of a GAN in a few lines;
# * say what each of the fourteen changes: what $G$ is asked for, what $D$ sees, or what $D$ may know;
# * run a fair comparison of a variant with its baseline, and say how far one run carries a conclusion;
# * build a style-based generator, mix the styles of two images, and measure what each layer controls.
#
# **Hours.** About seven hours: three for six functions, one for reading, two for your variant and its analysis, one for the
# style-based generator. The computer trains for four to seven minutes on two cores.
#
# **Six of fourteen.** The fourteen code questions are worth 4 points each, and the best six of yours count: 24 points. Read
# all of them, for some of the written questions are about them, then answer six (those of the variant that you want to train,
# for a start). Answers beyond the six are graded and shown too. They can take the place of a weaker one and cost nothing. A
# picture below a question that you leave out says which function it waits for.
#
# **Reading.**
#
# * Prince (2023), *Understanding Deep Learning*, chapter 15: [udlbook.github.io](https://udlbook.github.io/udlbook/)
# * Salimans et al. (2016), feature matching and minibatch discrimination ([arXiv:1606.03498](https://arxiv.org/abs/1606.03498))
# * Zhao et al. (2017), EBGAN ([arXiv:1609.03126](https://arxiv.org/abs/1609.03126))
# * Berthelot et al. (2017), BEGAN ([arXiv:1703.10717](https://arxiv.org/abs/1703.10717))
# * Peng et al. (2019), VDB ([arXiv:1810.00821](https://arxiv.org/abs/1810.00821))
# * Elfeki et al. (2019), GDPP ([arXiv:1812.00068](https://arxiv.org/abs/1812.00068))
# * Karras et al. (2018), progressive growing ([arXiv:1710.10196](https://arxiv.org/abs/1710.10196))
# * Karras et al. (2019, 2020, 2021), StyleGAN ([arXiv:1812.04948](https://arxiv.org/abs/1812.04948))
# * StyleGAN2 ([arXiv:1912.04958](https://arxiv.org/abs/1912.04958))
# * StyleGAN3 ([arXiv:2106.12423](https://arxiv.org/abs/2106.12423))
# * Zhang et al. (2019), SAGAN ([arXiv:1805.08318](https://arxiv.org/abs/1805.08318))
# * Heusel et al. (2017), the Fréchet inception distance ([arXiv:1706.08500](https://arxiv.org/abs/1706.08500))
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import matplotlib.pyplot as plt
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
# | $x$ | `x` | a batch of images, pixels in $[-1, 1]$ | `(B, C, H, W)` |
# | $z$ | `z` | codes, drawn from $N(0, I)$ | `(B, n_latent)` |
# | $G(z)$ | `fake` | generated images | as `x` |
# | $\ell(x)$ | `real_logits`, `fake_logits` | the discriminator's output; $D(x) = \mathrm{sigmoid}(\ell(x))$ is the probability of "real" | `(B,)` |
# | $f(x)$ | `features` | activations of a hidden layer of $D$, flattened | `(B, A)` |
# | $E(x)$, $L(x)$ | `energy`, `error` | what an auto-encoding discriminator puts out: high on what is not real | `(B,)` |
# | $\mu, \log\sigma^2$ | `mu`, `logvar` | mean and **log-variance** of an encoding | `(B, D)` |
#
# * A batch of real and a batch of generated images may differ in size, unless a question says otherwise. Every mean is over
#   its own batch.
# * "A scalar" is a 0-d tensor (shape `()`), through which gradients can flow. Not a Python number, not shape `(1,)`. Where a
#   Python number is wanted, the docstring says so.
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
# * Questions stand alone: a mistake in one costs nothing in another.

# %% [markdown]
# ## 1. Feature matching
#
# A generator that is asked to fool the discriminator chases a target that moves: whatever fools today's $D$ is what
# tomorrow's $D$ looks for. Feature matching (Salimans et al. 2016, section 3.1) asks for something calmer. Take the
# activations $f$ of a hidden layer of $D$, and let the generated images have the same activations as the real ones *on
# average*:
#
# $$L_G = \bigl\lVert \mathbb{E}_{x} f(x) - \mathbb{E}_{z} f(G(z)) \bigr\rVert_2^2$$
#
# $D$ itself is trained as before; only the generator's loss changes. Mind where the averages stand: inside the norm. No
# generated image has a real partner, so there is nothing to compare image by image. This is the generator's loss: the real
# features are a constant in it.


# %% answer="feature_matching_loss"
def feature_matching_loss(real_features: Tensor, fake_features: Tensor) -> Tensor:
    """Squared Euclidean distance between the mean features of two batches (Salimans et al. 2016, section 3.1).

    real_features: (N, D); fake_features: (M, D), with N and M equal or not. Returns a scalar: averaged over each batch, then
    squared and summed over the D features. Gradients flow to fake_features only.
    """
    ### BEGIN SOLUTION
    gap = fake_features.mean(dim=0) - real_features.detach().mean(dim=0)
    return gap.pow(2).sum()
    ### END SOLUTION


# %% check="feature_matching_loss"
@visible_checks("feature_matching_loss")
def _():
    value = feature_matching_loss(torch.ones(4, 3), torch.zeros(4, 3))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for both batches: return a 0-d tensor"
    )
    assert abs(float(value) - 3.0) < 1e-5, (
        "means that are off by one in each of 3 features lie at squared distance 3, whatever the batch size"
    )
    real = torch.randn(4, 3)
    assert float(feature_matching_loss(real, real.flip(0))) < 1e-8, (
        "the same features in another order have the same mean: the loss is zero"
    )
    fake = torch.randn(4, 3, requires_grad=True)
    assert feature_matching_loss(real, fake).requires_grad, (
        "gradients must flow to the features of the generated images"
    )


# %% [markdown]
# ## 2. Minibatch discrimination
#
# A discriminator that looks at one image at a time cannot see *mode collapse*: if each of 64 copies of one perfect 3 looks
# real by itself, it has nothing to say against them. Minibatch discrimination (Salimans et al. 2016, section 3.2) lets $D$
# see how alike the images of a batch are. The features $f(x_i) \in \mathbb{R}^A$ of each image are multiplied by a learned
# tensor $T$ into a matrix $M_i$ with one row for each of `n_kernels` kernels:
#
# $$M_{ikd} = \sum_{a=1}^{A} f(x_i)_a \, T_{akd}, \qquad
# o(x_i)_k = \sum_{j=1}^{B} \exp\bigl(-\lVert M_{ik} - M_{jk} \rVert_1\bigr)$$
#
# The norm adds up the `n_dims` entries of a row. $o(x_i)_k$ counts how many images of the batch lie close to image $i$, as
# kernel $k$ sees it: image $i$ itself is one of them, since the sum runs over all $j$. The counts are appended to $f(x_i)$
# before $D$'s last layer, for a real batch and a generated batch separately. Gradients flow through both images of a pair.


# %% answer="minibatch_features"
def minibatch_features(features: Tensor, T: Tensor) -> Tensor:
    """How close each image of a batch is to all images of the batch (Salimans et al. 2016, section 3.2).

    features: (B, A); T: (A, n_kernels, n_dims). Returns o: (B, n_kernels), the sum over all j = 1..B, j = i included.
    Differentiable in both arguments.
    """
    ### BEGIN SOLUTION
    M = torch.einsum("ba,akd->bkd", features, T)
    distance = (M[:, None] - M[None, :]).abs().sum(dim=3)  # (B, B, n_kernels)
    return torch.exp(-distance).sum(dim=1)
    ### END SOLUTION


# %% check="minibatch_features"
@visible_checks("minibatch_features")
def _():
    o = minibatch_features(torch.randn(5, 4), torch.randn(4, 3, 2))
    assert o.shape == (5, 3), (
        f"one number for each image and kernel, shape (B, n_kernels) = (5, 3); yours has {tuple(o.shape)}"
    )
    same = minibatch_features(torch.ones(5, 4), torch.randn(4, 3, 2))
    assert torch.allclose(same, torch.full((5, 3), 5.0)), (
        "in a batch of 5 equal images, each is close to all five, itself included"
    )
    apart = minibatch_features(1e4 * torch.arange(5.0)[:, None], torch.ones(1, 3, 2))
    assert torch.allclose(apart, torch.ones(5, 3)), (
        "an image far from all others is close to itself alone"
    )


# %% [markdown]
# Your function on points of the plane instead of images, with one kernel for each axis. **Look at** the batch on the right:
# a discriminator that sees only positions finds nothing wrong with any of its points, but the count gives all of them away.

# %% train="minibatch_picture"


@picture
def _():
    generator = torch.Generator().manual_seed(0)
    spread = torch.randn(48, 2, generator=generator)
    collapsed = 0.15 * torch.randn(48, 2, generator=generator) + torch.tensor([0.8, -0.4])
    T = torch.eye(2)[:, :, None]  # kernel k sees axis k
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True)
    for ax, (name, points) in zip(
        axes, {"spread out": spread, "collapsed": collapsed}.items(), strict=True
    ):
        counts = minibatch_features(points, T).mean(dim=1)
        dots = ax.scatter(*points.T, c=counts, vmin=0, vmax=48, cmap="viridis")
        ax.set(title=f"{name}: mean count {counts.mean():.0f} of 48", xlabel="feature 1")
    axes[0].set_ylabel("feature 2")
    figure.colorbar(dots, ax=axes, label="o(x), mean of both kernels")
    plt.show()


# %% [markdown]
# ## 3. An energy for a discriminator: EBGAN
#
# The discriminator need not be a classifier. In the energy-based GAN (Zhao et al. 2017) it is an auto-encoder, and its
# output is the reconstruction error of an image: an energy, low on real images and high elsewhere. Nothing stops it from
# giving generated images an ever higher energy instead of learning what real ones look like, so it gets a margin $m$: a
# generated image whose energy is already beyond $m$ is of no more interest (eq. 1). The generator asks for low
# energy (eq. 2).
#
# $$L_D = \mathbb{E}_{x}\bigl[E(x)\bigr] + \mathbb{E}_{z}\bigl[\max(0,\; m - E(G(z)))\bigr], \qquad
# L_G = \mathbb{E}_{z}\bigl[E(G(z))\bigr]$$
#
# The margin holds for each generated image by itself: one with a huge energy must not excuse the others.


# %% answer="ebgan_discriminator_loss"
def ebgan_discriminator_loss(real_energy: Tensor, fake_energy: Tensor, margin: float) -> Tensor:
    """The discriminator's loss of the energy-based GAN (Zhao et al. 2017, eq. 1).

    real_energy: (N,); fake_energy: (M,), with N and M equal or not; margin > 0. Returns a scalar: each term averaged over
    its own batch. Gradients flow to both energies.
    """
    ### BEGIN SOLUTION
    return real_energy.mean() + F.relu(margin - fake_energy).mean()
    ### END SOLUTION


# %% check="ebgan_discriminator_loss"
@visible_checks("ebgan_discriminator_loss")
def _():
    value = ebgan_discriminator_loss(torch.zeros(4), torch.zeros(4), 2.0)
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for both batches: return a 0-d tensor"
    )
    assert abs(float(value) - 2.0) < 1e-6, (
        "a discriminator without any energy, on real or generated images, pays the margin"
    )
    assert (
        abs(float(ebgan_discriminator_loss(torch.ones(4), torch.full((4,), 2.0), 2.0)) - 1) < 1e-6
    ), "generated images at the margin cost nothing: what is left is the energy of the real ones"
    worse = ebgan_discriminator_loss(torch.ones(4), torch.zeros(4), 2.0)
    assert worse > value, "the discriminator wants a low energy on real images: check the sign"


# %% [markdown]
# ## 4. A balance of errors: BEGAN
#
# BEGAN (Berthelot et al. 2017) has an auto-encoder for a discriminator as well, with reconstruction error $L$. A margin
# is a fixed number, whatever the errors are; BEGAN fixes the *ratio* of the two errors. It wants $\mathbb{E}\,L(G(z)) =
# \gamma \, \mathbb{E}\,L(x)$ with $\gamma \in [0, 1]$, the *diversity ratio*, and turns a weight $k_t$ on $D$'s second
# task, like a thermostat, until it holds:
#
# $$L_D = \mathbb{E}\,L(x) - k_t \, \mathbb{E}\,L(G(z)), \qquad L_G = \mathbb{E}\,L(G(z))$$
# $$k_{t+1} = k_t + \lambda_k \bigl(\gamma \, \mathbb{E}\,L(x) - \mathbb{E}\,L(G(z))\bigr), \text{ kept in } [0, 1]$$
#
# When generated images are reconstructed too well ($L(G(z))$ is too small), $k$ rises, and $D$ works harder on telling them
# apart. The same quantities give something rare for a GAN, a number that falls as training converges:
#
# $$\mathcal{M} = \mathbb{E}\,L(x) + \bigl|\gamma \, \mathbb{E}\,L(x) - \mathbb{E}\,L(G(z))\bigr|$$
#
# Take every expectation as a mean over its batch. $k$ is a dial and not a weight that is learned by backpropagation: it
# leaves your function as a plain number, or the graphs of all iterations hang on it.


# %% answer="began_update"
def began_update(
    real_error: Tensor, fake_error: Tensor, k: float, gamma: float, lambda_k: float
) -> tuple[Tensor, Tensor, float, float]:
    """Both losses of BEGAN, the next k, and the global measure of convergence (Berthelot et al. 2017).

    real_error: (N,), L(x); fake_error: (M,), L(G(z)), with N and M equal or not. k: k_t, in [0, 1]; gamma in [0, 1] and
    lambda_k >= 0; all three are used as they are, 0 and 1 too. Returns (d_loss, g_loss, new_k, convergence): two scalars
    through which gradients flow to the errors, d_loss weighted by the k that was handed in; then two plain floats, new_k in
    [0, 1], neither rounded.
    """
    ### BEGIN SOLUTION
    real, fake = real_error.mean(), fake_error.mean()
    balance = gamma * real.item() - fake.item()
    new_k = min(max(k + lambda_k * balance, 0.0), 1.0)
    return real - k * fake, fake, new_k, real.item() + abs(balance)
    ### END SOLUTION


# %% check="began_update"
@visible_checks("began_update")
def _():
    real, fake = torch.full((4,), 2.0, requires_grad=True), torch.ones(4, requires_grad=True)
    result = began_update(real, fake, 0.5, 0.5, 0.1)
    assert isinstance(result, (tuple, list)) and len(result) == 4, (
        "return four things: d_loss, g_loss, new_k, convergence"
    )
    d_loss, g_loss, new_k, convergence = result
    assert torch.is_tensor(d_loss) and torch.is_tensor(g_loss), "the two losses are tensors"
    assert d_loss.shape == () and g_loss.shape == (), "each loss is one number: a 0-d tensor"
    assert abs(float(d_loss.detach()) - 1.5) < 1e-5, (
        "errors of 2 and 1 with k = 0.5 give the discriminator a loss of 2 - 0.5 x 1"
    )
    assert abs(float(g_loss.detach()) - 1.0) < 1e-5, "the generator's loss is its images' error"
    assert not torch.is_tensor(new_k) and not torch.is_tensor(convergence), (
        "new_k and convergence are plain numbers: .item() takes one out of a tensor"
    )
    assert abs(new_k - 0.5) < 1e-6, "errors in the wanted ratio leave k as it is"
    assert abs(convergence - 2.0) < 1e-6, (
        "with the errors in balance, the measure is the error of the real images"
    )
    risen = began_update(real, 0.5 * fake, 0.5, 0.5, 0.1)[2]
    assert risen > 0.5, "generated images that are reconstructed too well make k rise"


# %% [markdown]
# The thermostat at work, on two made-up errors: the real error is constant, and the error of generated images rises with
# $k$, since $D$ works against them. **Look at** where the ratio on the right settles for each $\gamma$, and at the one goal
# that no $k$ in $[0, 1]$ reaches.

# %% train="began_picture"


@picture
def _():
    figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for gamma in (0.3, 0.5, 0.9):
        k, path, ratio = 0.0, [], []
        for _ in range(400):
            real = torch.full((8,), 1.0)
            fake = torch.full((8,), 0.2 + 0.5 * k)
            k = began_update(real, fake, k, gamma, 0.02)[2]
            path.append(k)
            ratio.append(float(fake.mean() / real.mean()))
        axes[0].plot(path, label=f"gamma = {gamma}")
        axes[1].plot(ratio, label=f"gamma = {gamma}")
        axes[1].axhline(gamma, color="black", linewidth=0.6, linestyle="--")
    axes[0].set(title="The weight k", xlabel="update", ylabel="k")
    axes[1].set(
        title="L(G(z)) / L(x), and its goal (dashed)", xlabel="update", ylabel="ratio of errors"
    )
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    plt.show()


# %% [markdown]
# ## 5. The variational discriminator bottleneck
#
# A discriminator that is always right puts out probabilities that are flat where the generator stands.
# The variational discriminator bottleneck (VDB; Peng et al. 2019) limits what $D$ may know of an image. An encoder maps the
# image to a distribution $N(\mu(x), \mathrm{diag}(\sigma^2(x)))$, a sample of it is all that the rest of $D$ gets to see,
# and on average no more than $I_c$ nats may pass. The average is over a mixture, half real images and half generated ones:
#
# $$\overline{\mathrm{KL}}
# = \tfrac{1}{2} \, \mathbb{E}_{x}\bigl[\mathrm{KL}(N(\mu, \mathrm{diag}\,\sigma^2) \,\|\, N(0, I))\bigr]
# + \tfrac{1}{2} \, \mathbb{E}_{G(z)}\bigl[\mathrm{KL}(N(\mu, \mathrm{diag}\,\sigma^2) \,\|\, N(0, I))\bigr]$$
#
# The constraint $\overline{\mathrm{KL}} \le I_c$ gets a multiplier $\beta \ge 0$. $D$ adds
# $\beta(\overline{\mathrm{KL}} - I_c)$ to the loss that it minimises, and after each step $\beta$ climbs in the
# other direction (dual gradient ascent):
#
# $$\beta \leftarrow \max\bigl(0,\; \beta + \alpha_\beta (\overline{\mathrm{KL}} - I_c)\bigr)$$
#
# Two halves are two halves even when the batches differ in size. And the new $\beta$ belongs to the *next* step: to this
# step's penalty, $\beta$ is a constant.


# %% answer="vdb_penalty"
def vdb_penalty(
    mu_real: Tensor,
    logvar_real: Tensor,
    mu_fake: Tensor,
    logvar_fake: Tensor,
    beta: float,
    i_c: float,
    step_size: float,
) -> tuple[Tensor, float]:
    """The penalty of the variational discriminator bottleneck and the next beta (Peng et al. 2019).

    mu_real, logvar_real: (N, D); mu_fake, logvar_fake: (M, D), with N and M equal or not; the logvar are log-variances.
    beta, i_c (nats) and step_size (alpha_beta) are floats >= 0, used as they are. The KL is summed over the D dimensions and
    averaged over the mixture, half real, half fake. Returns (penalty, new_beta): the scalar beta (KL - i_c), of either sign
    and a tensor for beta = 0 too, through which gradients flow to all four tensors; and max(0, beta + step_size (KL - i_c)),
    a plain float without an upper bound, not rounded.
    """

    ### BEGIN SOLUTION
    def kl(mu: Tensor, logvar: Tensor) -> Tensor:
        return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(dim=1).mean()

    excess = 0.5 * (kl(mu_real, logvar_real) + kl(mu_fake, logvar_fake)) - i_c
    return beta * excess, max(0.0, beta + step_size * excess.item())
    ### END SOLUTION


# %% check="vdb_penalty"
@visible_checks("vdb_penalty")
def _():
    zeros, ones = torch.zeros(4, 3), torch.ones(4, 3)
    result = vdb_penalty(ones, zeros, ones, zeros, 2.0, 0.5, 0.1)
    assert isinstance(result, (tuple, list)) and len(result) == 2, (
        "return two things: penalty, new_beta"
    )
    penalty, new_beta = result
    assert torch.is_tensor(penalty) and penalty.shape == (), "the penalty is a 0-d tensor"
    assert not torch.is_tensor(new_beta), "new_beta is a plain number, without a graph: use .item()"
    assert abs(float(penalty) - 2.0) < 1e-5, (
        "3 dimensions whose means are off by one have a KL of 1.5 nats; with beta = 2, the nat above i_c = 0.5 costs 2"
    )
    assert new_beta > 2.0, "where more than i_c nats pass, beta rises"
    penalty, new_beta = vdb_penalty(zeros, zeros, zeros, zeros, 2.0, 0.5, 0.1)
    assert float(penalty) < 0 and new_beta < 2.0, (
        "at the prior nothing passes: the penalty is negative and beta falls"
    )


# %% [markdown]
# The two sides of the bargain in the smallest possible setting: two means that want to be far apart (as real and generated
# images would be for a strong $D$), and your penalty. **Look for** the KL overshooting and then settling at $I_c$, whatever
# $I_c$ is, and for the $\beta$ that holds it there: a tighter bottleneck takes a larger one.

# %% train="vdb_picture"


@picture
def _():
    _, axes = plt.subplots(1, 2, figsize=(10, 3.6))
    for i_c in (0.5, 1.0, 3.0):
        mu_real, mu_fake = (torch.full((1, 4), v).requires_grad_() for v in (0.1, -0.1))
        logvar = torch.zeros(1, 4)
        optimizer = torch.optim.SGD([mu_real, mu_fake], lr=0.05)
        beta, betas, nats = 0.0, [], []
        for _ in range(250):
            penalty, new_beta = vdb_penalty(mu_real, logvar, mu_fake, logvar, beta, i_c, 0.05)
            optimizer.zero_grad()
            (penalty - (mu_real - mu_fake).sum()).backward()
            optimizer.step()
            beta = new_beta
            betas.append(beta)
            nats.append(0.25 * (mu_real.pow(2).sum() + mu_fake.pow(2).sum()).item())
        (line,) = axes[0].plot(nats, label=f"I_c = {i_c}")
        axes[0].axhline(i_c, color=line.get_color(), linewidth=0.6, linestyle="--")
        axes[1].plot(betas, label=f"I_c = {i_c}")
    axes[0].set(title="KL, and what may pass (dashed)", xlabel="step", ylabel="nats")
    axes[1].set(title="The multiplier", xlabel="step", ylabel="beta")
    axes[0].legend()
    plt.show()


# %% [markdown]
# ## 6. Diversity as a target: GDPP
#
# Matching one mean, or comparing samples in pairs, uses little of what a batch says about its own variety. GDPP (Elfeki et
# al. 2019, "GDPP: Learning diverse generations using determinantal point processes") takes a whole matrix: it writes down
# how similar every sample of a batch is to every other, and asks that a batch of fakes has a matrix like that of a batch of
# real images.
#
# ### The diversity kernel
#
# Let row $i$ of $\Phi$ be the features $\phi(x_i)$ of sample $i$, for example from the last hidden layer of the
# discriminator. The kernel holds all inner products:
#
# $$L = \Phi \Phi^\top, \qquad L_{ij} = \phi(x_i) \cdot \phi(x_j)$$
#
# What its eigenvalues and its determinant say of the batch is one of the written questions; the picture below shows it.
# (The paper puts samples into columns and writes $\Phi^\top \Phi$: the same matrix. The authors' published code scales
# every feature vector to length one first; the formula does not, and here you don't either.) Mind which of the two
# products is samples by samples.


# %% answer="diversity_kernel"
def diversity_kernel(features: Tensor) -> Tensor:
    """Inner products of the features of all pairs of samples in a batch (Elfeki et al. 2019, GDPP).

    features: (B, D), one row for each sample; neither centred nor scaled. Returns (B, B), differentiable in the features.
    """
    ### BEGIN SOLUTION
    return features @ features.T
    ### END SOLUTION


# %% check="diversity_kernel"
@visible_checks("diversity_kernel")
def _():
    kernel = diversity_kernel(torch.randn(4, 3))
    assert torch.is_tensor(kernel) and kernel.shape == (4, 4), (
        "one entry for each pair of samples: four samples give a (4, 4) matrix"
    )
    assert torch.allclose(kernel, kernel.T, atol=1e-5), "an inner product is symmetric"
    separate = diversity_kernel(torch.eye(3))
    assert torch.allclose(separate, torch.eye(3), atol=1e-6), (
        "three orthogonal feature vectors of length one give the identity"
    )
    assert diversity_kernel(torch.randn(5, 2, requires_grad=True)).requires_grad, (
        "gradients must flow from the kernel to the features"
    )


# %% [markdown]
# Compare two batches of 40 digits by the eigenvalues of their kernels (features of the course's digit classifier). One batch
# is varied. The other shows two digits only, with a little noise on each copy, as a generator does whose modes have
# collapsed. Count the large eigenvalues of each, and look at how far and where each curve falls.

# %% train="gdpp_spectra"
from dgm.data import load_digits
from dgm.metrics import digit_features


@picture
def _():
    digits, _ = load_digits("test")
    copies = digits[:2].repeat(20, 1, 1, 1)
    noise = torch.randn(copies.shape, generator=torch.Generator().manual_seed(0))
    batches = {"40 different digits": digits[:40], "near-copies of 2 digits": copies + 0.2 * noise}
    _, axes = plt.subplots(figsize=(6, 3.6))
    for name, images in batches.items():
        kernel = diversity_kernel(digit_features(images).double())
        eigenvalues = torch.linalg.eigvalsh(kernel).flip(0)
        axes.semilogy(range(1, len(eigenvalues) + 1), eigenvalues, ".-", label=name)
    axes.set(
        title="Eigenvalues of the diversity kernel",
        xlabel="index, largest first",
        ylabel="eigenvalue",
    )
    axes.legend()
    plt.show()


# %% [markdown]
# ### Magnitude: the eigenvalues
#
# Call the kernels of a real and of a fake batch $L^{\text{real}}$ and $L^{\text{fake}}$, both $B \times B$. The first GDPP
# loss compares *how much* the samples vary:
#
# $$\mathcal{L}_m = \sum_{i=1}^{B} \left| \lambda_i^{\text{real}} - \lambda_i^{\text{fake}} \right|$$
#
# where $\lambda_i$ is the $i$-th eigenvalue in order of size. The $i$-th that a solver happens to return is something else:
# a solver for general matrices gives them in no order, and as complex numbers. The kernels are symmetric, so use a solver
# that knows it.
#
# The real batch is the target: it counts as a constant, and only the fake one is moved.


# %% answer="gdpp_magnitude_loss"
def gdpp_magnitude_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """Sum of the absolute differences of the eigenvalues, matched in order of size (Elfeki et al. 2019, GDPP).

    kernel_real, kernel_fake: (B, B), symmetric up to rounding, positive semi-definite. All B eigenvalues count, those that
    are zero in one kernel only too. Returns a scalar, differentiable in kernel_fake; kernel_real is a constant, no gradient
    flows into it. The gradient is finite for every kernel: where eigenvalues of kernel_fake repeat (as all of the identity
    do), and where the two kernels have an eigenvalue in common.
    """
    ### BEGIN SOLUTION
    real = torch.linalg.eigvalsh(kernel_real.detach())
    fake = torch.linalg.eigvalsh(kernel_fake)
    return (real - fake).abs().sum()
    ### END SOLUTION


# %% check="gdpp_magnitude_loss"
@visible_checks("gdpp_magnitude_loss")
def _():
    eye = torch.eye(3)
    value = gdpp_magnitude_loss(eye, eye)
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the two batches: return a 0-d tensor"
    )
    assert not value.is_complex(), (
        "symmetric matrices have real eigenvalues, and so the loss is real"
    )
    assert abs(float(value)) < 1e-5, "equal kernels have a loss of zero"
    assert abs(float(gdpp_magnitude_loss(3 * eye, eye)) - 6.0) < 1e-4, (
        "three eigenvalues, each off by two, cost 6"
    )
    assert abs(float(gdpp_magnitude_loss(eye, 3 * eye)) - 6.0) < 1e-4, (
        "too much variety costs as much as too little"
    )


# %% [markdown]
# ### Structure: the eigenvectors
#
# An eigenvector of the kernel has one entry for each sample: it is a pattern over the batch. The second loss compares the
# patterns, each weighted by how much it matters in the real batch:
#
# $$\mathcal{L}_s = -\sum_{i=1}^{B} \hat\lambda_i^{\text{real}}
# \left| \cos\left(v_i^{\text{real}}, v_i^{\text{fake}}\right) \right|,
# \qquad \hat\lambda_i = \frac{\lambda_i - \min_j \lambda_j}{\max_j \lambda_j - \min_j \lambda_j}$$
#
# $v_i$ is the eigenvector of the $i$-th eigenvalue in order of size, and $\hat\lambda$ are the eigenvalues stretched to run
# from 0 to 1. The paper has a plain cosine here. But an eigenvector is known up to its sign only: if $v$ is one, so is $-v$,
# and which of the two a solver returns means nothing. The absolute value makes the loss the same for both.
#
# Both losses go to the generator, added to its adversarial loss (why both: a written question).


# %% answer="gdpp_structure_loss"
def gdpp_structure_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """Minus the sum of |cos| of matching eigenvectors, weighted by the real eigenvalues (Elfeki et al. 2019, GDPP; |cos| for cos).

    kernel_real, kernel_fake: (B, B), symmetric up to rounding, positive semi-definite, positive eigenvalues distinct, those of
    kernel_real not all equal; singular ones included, if the rank of kernel_fake is not below that of kernel_real. The
    weights are the min-max normalised eigenvalues of kernel_real, between 0 and 1. Returns a scalar, differentiable in
    kernel_fake where its eigenvalues are distinct; kernel_real is a constant, no gradient flows into it.
    """
    ### BEGIN SOLUTION
    values, real = torch.linalg.eigh(kernel_real.detach())
    _, fake = torch.linalg.eigh(kernel_fake)
    weights = (values - values.min()) / (values.max() - values.min())
    cosines = (real * fake).sum(dim=0)  # eigenvectors are columns, of length one
    return -(weights * cosines.abs()).sum()
    ### END SOLUTION


# %% check="gdpp_structure_loss"
@visible_checks("gdpp_structure_loss")
def _():
    kernel = torch.diag(torch.tensor([1.0, 2.0, 5.0]))
    value = gdpp_structure_loss(kernel, kernel)
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the two batches: return a 0-d tensor"
    )
    assert not value.is_complex(), "symmetric matrices have real eigenvectors: the loss is real"
    assert value < 0, "the better the patterns agree, the lower the loss: check the sign"
    assert abs(float(value) + 1.25) < 1e-4, (
        "for equal kernels, the loss is minus the sum of the weights; here these are 0, 1/4 and 1"
    )
    wider = gdpp_structure_loss(kernel, 10 * kernel)
    assert abs(float(wider) + 1.25) < 1e-4, (
        "the size of the fake eigenvalues is the other loss's business, only patterns count here"
    )


# %% [markdown]
# ## 7. Styles
#
# A StyleGAN generator (Karras et al. 2019) does not feed the code $z$ into its first layer. A mapping network turns $z$ into
# a latent $w$, and for each layer a learned affine map turns $w$ into a *style*: a scale and a bias for each channel. You
# write three parts: the normalisation that injects a style, the mapping network, and what StyleGAN2 put in the place of
# the first.
#
# ### Adaptive instance normalisation
#
# Instance normalisation takes each feature map of each image by itself and gives it mean 0 and variance 1 over its pixels,
# then applies a scale and a bias that are learned for the channel and are the same for all images. In *adaptive* instance
# normalisation (Huang and Belongie 2017; Karras et al. 2019, eq. 1) scale and bias come from outside and differ from image
# to image:
#
# $$\mathrm{AdaIN}(x, s, b)_{ic} = s_{ic} \, \frac{x_{ic} - \mu_{ic}}{\sqrt{\sigma^2_{ic} + \epsilon}} + b_{ic}, \qquad
# \mu_{ic} = \frac{1}{HW} \sum_{h,w} x_{ichw}, \quad
# \sigma^2_{ic} = \frac{1}{HW} \sum_{h,w} (x_{ichw} - \mu_{ic})^2$$
#
# for image $i$ and channel $c$. The small $\epsilon$ stands inside the root: it keeps a map that is constant (a channel that
# a ReLU has switched off) from being divided by zero, in the gradient as well.


# %% answer="adain"
def adain(x: Tensor, scale: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """Adaptive instance normalisation: every map normalised over its pixels, then scaled and shifted (Karras et al. 2019, eq. 1).

    x: (B, C, H, W) with H W > 1; scale, bias: (B, C), of either sign. The variance is biased (divided by H W); the divisor is
    sqrt(variance + eps). Returns (B, C, H, W), differentiable in all three; a constant map becomes its bias, with finite gradients.
    """
    ### BEGIN SOLUTION
    mean = x.mean(dim=(2, 3), keepdim=True)
    variance = x.var(dim=(2, 3), correction=0, keepdim=True)
    normalised = (x - mean) / torch.sqrt(variance + eps)
    return scale[:, :, None, None] * normalised + bias[:, :, None, None]
    ### END SOLUTION


# %% check="adain"
@visible_checks("adain")
def _():
    x, ones, zeros = 3 * torch.randn(2, 3, 8, 6) + 1, torch.ones(2, 3), torch.zeros(2, 3)
    plain = adain(x, ones, zeros)
    assert torch.is_tensor(plain) and plain.shape == x.shape, "the result has the shape of x"
    assert plain.mean(dim=(2, 3)).abs().max() < 1e-4, (
        "with bias 0, every map of every image has mean 0 over its pixels"
    )
    assert torch.allclose(plain.pow(2).mean(dim=(2, 3)), ones, atol=1e-3), (
        "with scale 1 and bias 0, every map of every image has variance 1 over its pixels"
    )
    shifted = adain(x, ones, ones)
    assert torch.allclose(shifted, plain + 1, atol=1e-4), "a bias of 1 adds 1 to every pixel"
    assert torch.allclose(adain(x, 2 * ones, zeros), 2 * plain, atol=1e-4), (
        "twice the scale gives twice the normalised map"
    )


# %% [markdown]
# AdaIN was invented to repaint one image in the manner of another: normalise the content, then give it the statistics of the
# style image. Here the three colour channels of a face stand for the feature maps. Look at what goes over from the style
# (overall colour, brightness and contrast) and what stays (every shape, and where things are).

# %% train="adain_faces"
from dgm.faces import random_faces
from dgm.plots import show_rows


@picture
def _():
    content, style = random_faces(16, seed=3)[0].split(8)
    repainted = adain(content, style.std(dim=(2, 3)), style.mean(dim=(2, 3)))
    show_rows(
        {"content": content, "style": style, "content, repainted": repainted},
        "AdaIN on the colour channels of faces",
    )


# %% [markdown]
# ### The mapping network
#
# A code $z \sim N(0, I)$ spreads evenly in all directions, but the factors of variation of faces don't: there are few
# bearded children. A generator fed with $z$ must bend that space into the shape of the data. The mapping network does the
# bending beforehand, so that the space of $w$ can be straighter. It is a plain MLP with LeakyReLU of slope 0.2 after
# *every* layer, the last included. Before the first, each code is scaled to mean square 1, as in the released code of
# StyleGAN:
#
# $$h_0 = \frac{z}{\sqrt{\frac{1}{K} \sum_{k=1}^{K} z_k^2 + 10^{-8}}}, \qquad
# h_l = \mathrm{LeakyReLU}_{0.2}\left(W_l h_{l-1} + b_l\right), \qquad w = h_L$$
#
# for each code of the batch by itself. The length of $h_0$ is therefore $\sqrt K$, not 1.


# %% answer="map_to_style"
def map_to_style(z: Tensor, weights: list[Tensor], biases: list[Tensor]) -> Tensor:
    """The mapping network of StyleGAN (Karras et al. 2019): codes scaled to mean square 1, then an MLP with LeakyReLU(0.2).

    z: (B, K); weights: L matrices (out, in), the first with in = K; biases: L vectors (out,); L = 0 gives the scaled codes.
    The divisor of a code is sqrt(mean square + 1e-8), so that a code of zeros stays one. LeakyReLU follows every layer; weights
    are used as they come. Returns (B, out of the last layer), differentiable in z and in every weight and bias.
    """
    ### BEGIN SOLUTION
    h = z / torch.sqrt(z.pow(2).mean(dim=1, keepdim=True) + 1e-8)
    for weight, bias in zip(weights, biases, strict=True):
        h = F.leaky_relu(F.linear(h, weight, bias), 0.2)
    return h
    ### END SOLUTION


# %% check="map_to_style"
@visible_checks("map_to_style")
def _():
    style = map_to_style(
        torch.randn(4, 3), [torch.randn(5, 3), torch.randn(2, 5)], [torch.randn(5), torch.randn(2)]
    )
    assert torch.is_tensor(style) and style.shape == (4, 2), (
        "four codes through layers 3 -> 5 -> 2 give styles of shape (4, 2)"
    )
    z = torch.randn(4, 6)
    scaled = map_to_style(z, [], [])
    assert torch.is_tensor(scaled) and scaled.shape == (4, 6), "without layers, w is the scaled z"
    assert torch.allclose(scaled, map_to_style(10 * z, [], []), atol=1e-4), (
        "codes that differ in length only are the same after the scaling"
    )
    assert torch.allclose(scaled.pow(2).mean(dim=1), torch.ones(4), atol=1e-4), (
        "after the scaling, the mean square of every code is 1"
    )
    layer = [-torch.eye(2)], [torch.zeros(2)]
    assert torch.allclose(map_to_style(torch.ones(1, 2), *layer), torch.tensor(-0.2), atol=1e-4), (
        "a layer that turns 1 into -1 gives -0.2 after its LeakyReLU, the last layer too"
    )


# %% [markdown]
# ### Weight demodulation
#
# StyleGAN2 (Karras et al. 2020, eqs. 1 and 3) moves the normalisation from the data to the weights (one of the written
# questions asks why). The style scales the input channels of a convolution; instead of
# scaling the maps, scale the weights ("modulation"). Then divide, so that each output map has variance 1 again, supposing
# that the inputs are uncorrelated with variance 1 ("demodulation"):
#
# $$w'_{boikl} = s_{bi} \, w_{oikl}, \qquad
# w''_{boikl} = \frac{w'_{boikl}}{\sqrt{\sum_{i, k, l} \left(w'_{boikl}\right)^2 + \epsilon}}$$
#
# with $b$ an image of the batch, $o$ an output channel, $i$ an input channel and $k, l$ the place in the kernel. Every image
# has its own styles, and so its own weights.


# %% answer="demodulate"
def demodulate(weight: Tensor, style: Tensor, eps: float = 1e-8) -> Tensor:
    """Modulated and demodulated convolution weights, one set for each image (Karras et al. 2020, StyleGAN2, eqs. 1 and 3).

    weight: (out, in, kh, kw); style: (B, in), of either sign, zeros included. The divisor is sqrt(sum of squares + eps), for each
    image and output channel. No other scale before that (fan-in, largest weight), though it would cancel but for eps.
    Returns (B, out, in, kh, kw), differentiable in both, with finite gradients at zeros too.
    """
    ### BEGIN SOLUTION
    modulated = weight * style[:, None, :, None, None]
    energy = modulated.pow(2).sum(dim=(2, 3, 4), keepdim=True)
    return modulated * torch.rsqrt(energy + eps)
    ### END SOLUTION


# %% check="demodulate"
@visible_checks("demodulate")
def _():
    weight, style = torch.randn(4, 3, 3, 3), torch.rand(2, 3) + 0.5
    value = demodulate(weight, style)
    assert torch.is_tensor(value) and value.shape == (2, 4, 3, 3, 3), (
        "every image of the batch has its own weights: (B, out, in, kh, kw)"
    )
    assert torch.allclose(value, demodulate(10 * weight, style), atol=1e-4), (
        "demodulation takes the overall size of the weights away"
    )
    assert torch.allclose(value.pow(2).sum(dim=(2, 3, 4)), torch.ones(2, 4), atol=1e-3), (
        "the squared weights into one output channel sum to 1, in every image"
    )
    assert (value[0] * weight > 0).all(), "with positive styles, no weight changes its sign"
    off = demodulate(weight, torch.tensor([[1.0, 0.0, 1.0]]))
    assert (off[0, :, 1] == 0).all(), "a style of 0 switches its input channel off"


# %% [markdown]
# ### After StyleGAN
#
# Nothing to write here, but something to read: a written question is about it. Two later papers looked closely at what a
# StyleGAN draws, and changed the layers that you have just met.
#
# **Droplets** (StyleGAN2; Karras et al. 2020, [arXiv:1912.04958](https://arxiv.org/abs/1912.04958), section 2). Most images of
# a StyleGAN have a round spot somewhere that looks like a drop of water. Where the image hides it, the feature maps still
# show it, in all layers from 64 x 64 on: a few places in a map with values far above all others. The spots go away when the
# normalisation is taken out of the generator, but with it goes the control of the styles over single layers. Demodulation
# keeps that control and measures no map. It works out from the weights which standard deviation the output *would* have for
# inputs that are independent and have variance 1, and divides the weights by it.
#
# **Growing, and the length of paths** (the same paper, sections 3 and 4). In progressive growing (section 8) each resolution
# is the last one for a while. In the finished images teeth and pupils have favourite places: as the head turns, they stay
# where they are for some time and then jump. StyleGAN2 trains all resolutions from the start. Its generator adds up an RGB
# image from each resolution (skip connections), and its discriminator has residual blocks. The paper also regularises the
# map from $w$ to the image. With the Jacobian $J_w = \partial G(w) / \partial w$, an image $y$ of standard normal noise and
# the running mean $a$ of the lengths, the generator's loss has the further term
#
# $$\mathbb{E}_{w, y} \left( \lVert J_w^\top y \rVert_2 - a \right)^2, \qquad J_w^\top y = \nabla_w \left( G(w) \cdot y \right)$$
#
# The identity on the right makes it affordable: one backward pass gives $J_w^\top y$, without the Jacobian.
#
# **Texture that sticks** (StyleGAN3; Karras et al. 2021, [arXiv:2106.12423](https://arxiv.org/abs/2106.12423)). Let $w$ move
# so that a head turns. The strands of hair and the pores of the skin don't turn with it: they keep their pixels, as if
# painted on the screen. If the coarse features move, everything finer should move with them, by fractions of a pixel too.
# StyleGAN3 therefore takes each feature map as samples of a continuous signal, whose frequencies must stay below half the
# sampling rate. A nonlinearity such as ReLU makes higher frequencies, so it is applied to an enlarged map, and a low-pass
# filter follows before the map is sampled down again. The learned constant at the input becomes a set of Fourier features,
# the noise of each pixel is left out, and maps have a margin that is cut off at the end, in place of padding at the border.

# %% [markdown]
# ## 8. Growing, and looking far
#
# ### Fade-in
#
# Progressive GANs (Karras et al. 2018) learn images of 4x4 pixels first, then 8x8, and so on: the layout comes before the
# detail. A new layer is random when it is added, and would wreck what the others have learned. So it is faded in: the output
# is a blend of the old image, enlarged, and of the new one, and $\alpha$ rises from 0 to 1 while training goes on.
#
# $$y = (1 - \alpha) \, \mathrm{up}(x_{\text{low}}) + \alpha \, x_{\text{high}}$$
#
# Which layers are these? Let $h$ be the features that leave the last old block, at resolution $R$, and let
# $\mathrm{toRGB}$ be a 1x1 convolution from features to the three colours.
#
# | | the old path | the new path |
# | --- | --- | --- |
# | generator | $x_\text{low} = \mathrm{toRGB}_R(h)$ | $x_\text{high} = \mathrm{toRGB}_{2R}(h')$, with the new block $h' = \mathrm{conv}(\mathrm{conv}(\mathrm{up}(h)))$ |
# | discriminator | $\mathrm{fromRGB}_R$ of the image, averaged down to $R$ | $\mathrm{fromRGB}_{2R}$ of the image, the new block of two convolutions, averaged down to $R$ |
#
# The generator blends the two images at $2R$, the discriminator the two feature maps at $R$, with the same $\alpha$. Both paths
# learn during the fade. At $\alpha = 1$ the old $\mathrm{toRGB}_R$ and $\mathrm{fromRGB}_R$ are removed, and the next
# resolution can begin. In this question you write the generator's blend.
#
# Here $\mathrm{up}$ doubles height and width by nearest-neighbour filtering: each pixel becomes a 2x2 block, without
# smoothing. The blend is made at the high resolution. Real images for the discriminator are blended in the same way.


# %% answer="fade_in"
def fade_in(low: Tensor, high: Tensor, alpha: float | Tensor) -> Tensor:
    """Blend of the enlarged old output and the new one: alpha = 0 is the old, 1 the new (Karras et al. 2018, progressive GAN).

    low: (B, C, H, W); high: (B, C, 2H, 2W), images or features of any range. Low is enlarged by nearest neighbour.
    alpha in [0, 1]: a Python number (ints too) or a 0-d tensor, which needs no gradient.
    Returns (B, C, 2H, 2W), differentiable in low and high.
    """
    ### BEGIN SOLUTION
    enlarged = low.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    return (1 - alpha) * enlarged + alpha * high
    ### END SOLUTION


# %% check="fade_in"
@visible_checks("fade_in")
def _():
    low, high = torch.randn(2, 3, 4, 5), torch.randn(2, 3, 8, 10)
    value = fade_in(low, high, 0.3)
    assert torch.is_tensor(value) and value.shape == (2, 3, 8, 10), (
        "the blend has the high resolution, (2, 3, 8, 10) here"
    )
    assert torch.allclose(fade_in(low, high, 1.0), high, atol=1e-5), (
        "alpha = 1 is the end of the fade: nothing of the old image is left"
    )
    start = fade_in(low, high, 0.0)
    assert torch.allclose(start[:, :, ::2, ::2], low, atol=1e-5), (
        "alpha = 0 is the start of the fade: the old image, enlarged, and nothing else"
    )
    assert torch.allclose(start[:, :, ::2], start[:, :, 1::2], atol=1e-5), (
        "nearest neighbour repeats every row: no values between those of the old image"
    )


# %% [markdown]
# A digit at 14x14 fades to 28x28. Look at the edges: the blocks of the old image don't move, they lose contrast, while the
# fine edge grows through them.


# %% train="fade_in_strip"
@picture
def _():
    high = load_digits("test")[0][2:6]
    low = F.avg_pool2d(high, 2)
    alphas = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    strips = torch.stack([fade_in(low, high, alpha) for alpha in alphas], dim=1)
    show_rows(
        {f"digit {i}": strip for i, strip in enumerate(strips, start=1)},
        "From 14x14 to 28x28: alpha below the columns",
        columns=[f"{alpha:g}" for alpha in alphas],
    )


# %% [markdown]
# ### Self-attention
#
# A convolution sees its neighbourhood only. That the left eye should look like the right one must travel through many
# layers. In a self-attention block (Zhang et al. 2019, SAGAN, eqs. 1 to 3) every position may look at every other at once.
# Number the $N = HW$ positions, and let $x_j$ be the $C$ channels at position $j$. Position $j$ asks, with its query;
# position $i$ answers, with its key; and the closer the two match, the more of $i$'s value goes to $j$:
#
# $$a_{ji} = \frac{\exp(q_j \cdot k_i)}{\sum_{n=1}^{N} \exp(q_j \cdot k_n)}, \qquad
# o_j = W_o \sum_{i=1}^{N} a_{ji} v_i, \qquad y_j = \gamma \, o_j + x_j$$
#
# with $q_j = W_q x_j$, $k_i = W_k x_i$ and $v_i = W_v x_i$. The matrices are what a 1x1 convolution is. Unlike in a
# transformer, the scores are not divided by $\sqrt K$. The weight $\gamma$ is learned and starts at 0, so that a new block
# changes nothing at first.
#
# Mind the axis of the softmax: the weights with which *one* position looks at all the others sum to 1.


# %% answer="self_attention"
def self_attention(
    x: Tensor, query: Tensor, key: Tensor, value: Tensor, output: Tensor, gamma: Tensor
) -> Tensor:
    """Self-attention over the positions of an image, with a residual connection (Zhang et al. 2019, SAGAN, eqs. 1 to 3).

    x: (B, C, H, W); query, key: (K, C); value: (K', C); output: (C, K'); gamma: 0-d. Images of a batch don't see each other.
    No division by sqrt(K). Finite and right for scores in the thousands. gamma: of either sign, or 0, where it still gets its
    gradient. Returns gamma o + x: (B, C, H, W), differentiable in everything.
    """
    ### BEGIN SOLUTION
    positions = x.flatten(start_dim=2)  # (B, C, N)
    q, k, v = query @ positions, key @ positions, value @ positions
    attention = (q.mT @ k).softmax(dim=2)  # (B, N, N): row j holds the weights with which j looks
    o = output @ (v @ attention.mT)
    return gamma * o.reshape(x.shape) + x
    ### END SOLUTION


# %% check="self_attention"
@visible_checks("self_attention")
def _():
    x, one = torch.randn(2, 4, 3, 5), torch.tensor(1.0)
    query, key = torch.randn(2, 4), torch.randn(2, 4)
    value, output = torch.randn(3, 4), torch.randn(4, 3)
    y = self_attention(x, query, key, value, output, one)
    assert torch.is_tensor(y) and y.shape == x.shape, "the result has the shape of x"
    assert torch.allclose(self_attention(x, query, key, value, output, 0 * one), x), (
        "with gamma = 0 the block changes nothing"
    )
    same = torch.ones(1, 4, 3, 5)
    expected = same + (output @ value @ torch.ones(4)).reshape(1, 4, 1, 1)
    assert torch.allclose(
        self_attention(same, query, key, value, output, one), expected, atol=1e-4
    ), (
        "where all positions are alike, so are their values, and the average of the values is one of them"
    )
    alone = self_attention(x[:1], query, key, value, output, one)
    assert torch.allclose(y[:1], alone, atol=1e-4), "one image of a batch must not see the others"


# %% [markdown]
# What does attention look like? Give each pixel of a face its colour as query and key, so that a position looks where the
# colour is like its own, and the number of its position (one-hot) as value: what arrives at a position is then its row of
# weights, and can be drawn. The cross marks the position that asks. Each map is scaled to its own brightest pixel. Look for
# how far a pixel sees: at its own height, the background on the other side of the head counts as much as the pixel next door,
# which no single convolution can do.


# %% train="attention_map"
@picture
def _():
    face = random_faces(1, seed=11, size=32)[0]
    n, sharpness = 32 * 32, 30.0
    square = face.pow(2).sum(dim=1, keepdim=True)
    places = torch.eye(n).reshape(1, n, 32, 32)
    x = torch.cat([face, square, torch.ones_like(square), places], dim=1)  # 5 + n channels
    query, key = torch.zeros(4, 5 + n), torch.zeros(4, 5 + n)
    query[:3, :3], query[3, 4] = 2 * sharpness * torch.eye(3), -sharpness
    key[:4, :4] = torch.eye(4)  # the score of two pixels falls with their squared colour distance
    read = torch.cat([torch.zeros(n, 5), torch.eye(n)], dim=1)
    seen = (self_attention(x, query, key, read, read.T, torch.tensor(1.0)) - x)[0, 5:]
    figure, axes = plt.subplots(1, 4, figsize=(11, 3.1))
    figure.suptitle("An image, and where three of its pixels look")
    axes[0].imshow(face[0].permute(1, 2, 0) / 2 + 0.5)
    axes[0].set_title("the image")
    askers = {"hair": (4, 16), "cheek": (17, 11), "background": (3, 2)}
    for ax, (name, (row, column)) in zip(axes[1:], askers.items(), strict=True):
        ax.imshow(seen[:, row, column].reshape(32, 32), cmap="magma")
        ax.plot([column], [row], "c+", markersize=12)
        ax.set_title(f"{name} asks")
    for ax in axes:
        ax.set_axis_off()
    plt.show()


# %% [markdown]
# ## 9. The Fréchet distance, and the map behind it
#
# A GAN gives no likelihood, so how is one variant compared with another? The usual way (Heusel et al. 2017) sends real and
# generated images through a trained network, fits a Gaussian to the features of each set, and measures the squared Fréchet
# distance (or 2-Wasserstein distance) between the two. With the Inception network it is called FID; the labs of this course
# use a small classifier of digits.
#
# It is a distance of transport: the smallest mean squared way on which one Gaussian can be carried onto the other. The best
# way is an affine map (Dowson and Landau 1982; Knott and Smith 1984):
#
# $$x \mapsto m_2 + T \, (x - m_1), \qquad T \, C_1 \, T = C_2, \qquad T \text{ symmetric and positive semi-definite}$$
#
# Many matrices $M$ make the right covariance, $M C_1 M^\top = C_2$, but the others turn the points on the way, for
# nothing. Multiply the equation of $T$ by $C_1^{1/2}$ from both sides:
#
# $$\left(C_1^{1/2} \, T \, C_1^{1/2}\right)^2 = C_1^{1/2} \, C_2 \, C_1^{1/2}$$
#
# The matrix that is squared on the left is symmetric and positive semi-definite, too. So it is *the* root of the right
# side, which gives you $T$. The trace of the same root is in the distance:
#
# $$d^2 = \lVert m_1 - m_2 \rVert^2 + \mathrm{tr}\left(C_1 + C_2
# - 2 \left(C_1^{1/2} \, C_2 \, C_1^{1/2}\right)^{1/2}\right)$$
#
# All these are roots of *matrices*: $A^{1/2}$ is the symmetric positive semi-definite $R$ with $R R = A$, and not made of
# the roots of the entries. If $A$ has eigenvalues $\lambda$ and eigenvectors $V$, it is
# $V \, \mathrm{diag}(\sqrt\lambda) \, V^\top$. Fewer samples than features make a covariance singular: rounding then leaves
# some of its zero eigenvalues a hair below zero. The distance exists all the same; $T$ does so only if $C_1$ has an inverse.


# %% answer="gaussian_transport"
def gaussian_transport(
    mean_1: Tensor, cov_1: Tensor, mean_2: Tensor, cov_2: Tensor
) -> tuple[Tensor, Tensor]:
    """Squared Fréchet distance from N(mean_1, cov_1) to N(mean_2, cov_2), and the matrix of the optimal map from the first to the second.

    mean_1, mean_2: (D,); cov_1, cov_2: (D, D), symmetric and positive semi-definite up to rounding, singular ones included.
    Computed in float64 for any inputs, with every eigenvalue and nothing added to the diagonals; in torch throughout (NumPy would
    lose the gradients). Returns (distance, T), both of the inputs' dtype.
    distance: a scalar, never negative or nan. T: (D, D), symmetric and positive semi-definite, T cov_1 T = cov_2.
    cov_2 may be singular for both. If cov_1 is singular, there is no T: return the distance, and for T what you like (nan, zeros).
    Both are differentiable where both covariances are positive definite (eigh also needs distinct eigenvalues; no others are tried).
    """
    ### BEGIN SOLUTION
    m_1, C_1, m_2, C_2 = (tensor.double() for tensor in (mean_1, cov_1, mean_2, cov_2))
    values, V = torch.linalg.eigh(C_1)
    std = values.clamp(min=0).sqrt()
    root, inverse = V * std @ V.T, V / std @ V.T
    values, U = torch.linalg.eigh(root @ C_2 @ root)
    middle = U * values.clamp(min=0).sqrt() @ U.T
    distance = (m_1 - m_2).pow(2).sum() + C_1.trace() + C_2.trace() - 2 * middle.trace()
    T = inverse @ middle @ inverse
    return distance.clamp(min=0).to(mean_1.dtype), T.to(mean_1.dtype)
    ### END SOLUTION


# %% check="gaussian_transport"
@visible_checks("gaussian_transport")
def _():
    zero, eye = torch.zeros(2), torch.eye(2)
    results = gaussian_transport(zero, eye, zero, eye)
    assert isinstance(results, (tuple, list)) and len(results) == 2, (
        "two results are asked for: the distance and the matrix"
    )
    value, T = results
    assert torch.is_tensor(value) and value.shape == (), (
        "the distance is one number: return a 0-d tensor"
    )
    assert torch.is_tensor(T) and T.shape == (2, 2), "T has a row and a column for each feature"
    assert not value.is_complex() and not T.is_complex(), "distance and map are real"
    assert abs(float(value)) < 1e-5, "equal Gaussians have a distance of zero"
    assert (T - eye).abs().max() < 1e-4, "between equal Gaussians nothing has to move: T = I"
    moved, _ = gaussian_transport(zero, eye, torch.tensor([2.0, 0.0]), eye)
    assert abs(float(moved) - 4.0) < 1e-4, (
        "the distance is squared: means two apart, covariances equal, give 4"
    )
    value, T = gaussian_transport(zero, torch.diag(torch.tensor([4.0, 1.0])), zero, eye)
    assert abs(float(value) - 1.0) < 1e-4, (
        "standard deviations 2 and 1 on one axis, 1 and 1 on the other, give (2 - 1)^2"
    )
    assert (T - torch.diag(torch.tensor([0.5, 1.0]))).abs().max() < 1e-4, (
        "from a standard deviation of 2 to one of 1 the map halves: T goes from the first to the second"
    )
    tilted, other = torch.tensor([[2.0, 1.0], [1.0, 1.0]]), torch.tensor([[1.0, -0.5], [-0.5, 2.0]])
    _, T = gaussian_transport(zero, tilted, zero, other)
    assert (T @ tilted @ T - other).abs().max() < 1e-4, "T C_1 T should be C_2"
    flat = torch.diag(torch.tensor([1.0, 0.0]))
    assert torch.isfinite(gaussian_transport(zero, flat, zero, eye)[0]), (
        "a singular covariance gives an infinite distance or nan"
    )


# %% [markdown]
# Your map in the plane. Both panels carry the same Gaussian onto the same other one. On the left by your $T$; on the right
# by $L_2 L_1^{-1}$, made of the two Cholesky factors, which also has the right covariance. The colours tell where on its
# ellipse a point began. **Look for** what the second map does to the colours, and for which of the two mean squared ways is
# your squared distance.


# %% train="transport_plane"
@picture
def _():
    mean_1, cov_1 = torch.tensor([-1.5, 0.0]), torch.tensor([[0.15, -0.33], [-0.33, 0.9]])
    mean_2, cov_2 = torch.tensor([1.5, 0.3]), torch.tensor([[0.3, 0.42], [0.42, 0.8]])
    distance, T = gaussian_transport(mean_1, cov_1, mean_2, cov_2)
    L_1, L_2 = torch.linalg.cholesky(cov_1), torch.linalg.cholesky(cov_2)
    noise = torch.randn(20_000, 2, generator=torch.Generator().manual_seed(0))
    x = mean_1 + noise @ L_1.T
    angle = torch.atan2(*noise[:400].T.flip(0))
    _, axes = plt.subplots(1, 2, figsize=(10, 4.6), sharey=True, layout="constrained")
    for ax, (name, matrix) in zip(
        axes, {"T": T, "Cholesky factors": L_2 @ torch.linalg.inv(L_1)}.items(), strict=True
    ):
        y = mean_2 + (x - mean_1) @ matrix.T
        way = (y - x).square().sum(1).mean()
        for points in (x, y):
            ax.scatter(*points[:400].T, c=angle, cmap="hsv", s=9)
        ax.plot(*torch.stack([x[:25], y[:25]]).unbind(2), color="grey", linewidth=0.6, zorder=0)
        ax.set(title=f"{name}: mean squared way {way:.2f}", xlabel="feature 1", aspect="equal")
    axes[0].set_ylabel("feature 2")
    plt.show()
    print(f"squared distance: {distance:.2f}")


# %% [markdown]
# How large is large? Take 1000 digits, add noise of growing strength, and measure the distance to 1000 other real digits in
# the classifier's 64 features. Two sets of real digits are not at zero, because both Gaussians are estimates: the dashed
# line is the best that any generator can be expected to reach with so many samples. Look for how early the distance notices
# noise that the eye forgives.


# %% train="frechet_noise"
@picture
def _():
    def gaussian(images):
        features = digit_features(images).double()
        return features.mean(dim=0), torch.cov(features.T)

    real, other = load_digits("train")[0][:1000], load_digits("test")[0]
    noise = torch.randn(other.shape, generator=torch.Generator().manual_seed(0))
    strengths = [0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0]
    noisy = [(other + strength * noise).clamp(-1, 1) for strength in strengths]
    target = gaussian(real)
    distances = [float(gaussian_transport(*target, *gaussian(images))[0]) for images in noisy]
    _, axes = plt.subplots(figsize=(6, 3.6))
    axes.semilogy(strengths, distances, "o-", label="1000 noisy digits")
    axes.axhline(distances[0], linestyle="--", color="grey", label="1000 clean digits")
    axes.set(
        title="Frechet distance to 1000 other digits",
        xlabel="standard deviation of the noise (pixels in [-1, 1])",
        ylabel="squared distance",
    )
    axes.legend()
    plt.show()
    show_rows(
        {"noisy": torch.cat([images[:1] for images in noisy])},
        "One of the digits",
        columns=[f"{strength:g}" for strength in strengths],
    )


# %% choose="variants"

# %% [markdown]
# # Part two: experiments
#
# Now you train a variant, beside a plain GAN of the same size, for the same number of iterations. **Choose one** of these:
#
# | variant | the one idea to implement | where |
# | --- | --- | --- |
# | conditional GAN | labels or attributes go into both $G$ and $D$ | Mirza and Osindero 2014; `condition_codes` |
# | spectral normalisation | weights of $D$ over their largest singular value | Miyato et al. 2018; `spectral_normalize` |
# | variational bottleneck (VDB) | $D$ sees a noisy encoding of limited information | Peng et al. 2019; `vdb_penalty` |
# | feature matching | $G$ matches mean features | Salimans et al. 2016; `feature_matching_loss` |
# | minibatch discrimination | $D$ sees how alike the images of a batch are | Salimans et al. 2016; `minibatch_features` |
# | Wasserstein GAN | a critic with clipped weights | Arjovsky et al. 2017; `wgan_clip_step` |
# | EBGAN | an auto-encoder as energy, with a margin | Zhao et al. 2017; `ebgan_discriminator_loss` |
# | BEGAN | an auto-encoder whose errors are kept in balance | Berthelot et al. 2017; `began_update` |
# | GDPP | the generated batch is as diverse as a real one | Elfeki et al. 2019; the two GDPP losses |
# | LSGAN | squared errors instead of cross-entropy | Mao et al. 2017; your least-squares losses |
# | any other | one technique of a paper of your choice: say which | |
#
# The second experiment (section 11) is the same for everyone: a style-based generator. Further variants (section 12) earn
# extra credit.
#
# You need only the main technique of the paper, not its architecture or data. Functions that you wrote in another notebook
# of this assignment may be copied into a cell here. Use the digits, which have a score, or faces (`random_faces` in
# `dgm.faces` draws them with their attributes; use fewer iterations there, for they are slower), where you judge by eye.
#
# As in the other notebooks the points lie in the analysis at the end, which a person grades with your code and figures in
# view: hand the notebook in **with its outputs**. Training takes four to seven minutes on two cores, with two further
# variants; the weights go to `artifacts/`.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |

# %% train="variants_setup"
import time

from dgm import plots
from dgm.data import paired_batches
from dgm.metrics import digit_distance, digit_probabilities
from dgm.training import Settings, adam, evaluating, fit, keep, seed_everything

settings = Settings()
device = settings.device
N_LATENT, BATCH_SIZE, WIDTH, N_SAMPLES = 64, 64, settings.width(16), 1000
N_ITERATIONS = settings.iterations(2000)
ADAM = {"lr": 5e-4, "betas": (0.5, 0.999)}  # as DCGAN sets it: adam(generator, **ADAM)

x_train, y_train = (tensor.to(device) for tensor in load_digits("train"))  # (4000, 1, 28, 28)
x_test, y_test = (tensor.to(device) for tensor in load_digits("test"))
scores = {}
shares = {}


def fit_images(name, step, sample, n_iterations, images=None, labels=None):
    """Train with step(x, y) on random batches; return the losses and what sample(n) draws on the way.

    step(x, y): one iteration on images (B, C, H, W) and their labels (B, ...), on the device; returns {name: loss}.
    sample(n): n images, made in evaluation mode; called with the same random state each time.
    images, labels: other training data than the digits, if you like. Returns (history, {stage: images}).
    """
    images, labels = (x_train, y_train) if images is None else (images, labels)
    stream = paired_batches(images, labels, batch_size=BATCH_SIZE, device=device)
    start = time.perf_counter()
    history, stages = fit(
        name,
        lambda i: step(*next(stream)),
        n_iterations,
        lambda: sample(12),
        every=settings.iterations(1000),
        first="start",
    )
    took = (time.perf_counter() - start) / n_iterations
    print(f"{name}: {n_iterations:,} iterations, {1000 * took:.0f} ms each")
    return history, stages


def score(name, images, compare=True):
    """Print what 1,000 images of digits (N, 1, H, W) are worth. compare: keep it for the table of the variants."""
    probabilities = digit_probabilities(images)
    share = torch.bincount(probabilities.argmax(1), minlength=10) / len(images)
    distance = digit_distance(images, x_test)
    if compare:
        shares[name], scores[name] = share.cpu(), distance
    even = torch.exp(-(share * share.clamp(min=1e-12).log()).sum())
    print(
        f"{name}: Frechet distance {distance:.0f}; {int((share > 0.02).sum())} of 10 digits have more than 2% of the"
        f" samples (as even as {even:.1f} equal shares); {(probabilities.max(1).values > 0.9).float().mean():.0%} are clear"
    )


def show_losses(name, history):
    """A panel for each loss, with its running mean: side by side, since one may be a thousand times the other."""
    _, axes = plt.subplots(
        1, len(history.names), figsize=(11, 3), squeeze=False, layout="constrained"
    )
    for ax, loss in zip(axes[0], history.names, strict=True):
        values = torch.tensor(history[loss])
        span = max(1, min(50, len(values) // 5))
        means = values.unfold(0, span, 1).mean(1)
        ax.plot(torch.arange(len(values)) + 1, values, color="C0", alpha=0.25, linewidth=0.8)
        ax.plot(torch.arange(len(means)) + (span + 1) / 2, means, color="C0")
        ax.set(title=f"{name}: {loss}", xlabel="iteration", ylabel="loss")
        ax.grid(alpha=0.3)
    plt.show()


def report(name, result):
    """Save, plot and score what a run returned."""
    keep(name.lower().replace(" ", "_"), nn.ModuleDict(result["networks"]))
    show_losses(name, result["history"])
    plots.show_rows(result["stages"], f"{name}: the same codes, further and further trained")
    if result["samples"].shape[1] == 1:
        score(name, result["samples"])


def show_shares(names, title):
    """Which digits the samples are, as a classifier names them: one group of bars for each digit."""
    _, axes = plt.subplots(figsize=(11, 3.2), layout="constrained")
    for i, name in enumerate(names):
        x = torch.arange(10) + 0.8 * (i + 0.5) / len(names) - 0.4
        axes.bar(x, shares[name], width=0.8 / len(names), label=name)
    axes.set(title=title, xlabel="digit", ylabel="share of the samples", xticks=range(10))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.show()


print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
plots.show_images(x_train[:24], "Training digits", n_columns=12)

# %% [markdown]
# **How samples are judged.** The Fréchet distance compares the features of 1,000 samples with those of the 1,000 test
# digits, in a small classifier that comes with the course: low when samples look like digits *and* come in the same
# variety. The same classifier names every sample, which shows digits that a generator never draws, and the share of samples
# that it is sure of (more than 90%). Real training digits show what can be reached.

# %% train="metric_scale"
score("Real digits", x_train[:N_SAMPLES])

# %% [markdown]
# ## 10. Experiment: a variant of your choice
#
# **Build the networks** of a plain DCGAN and of your variant. For 28x28 digits, two stages are enough: in the generator 7x7
# with `2 * width` channels, 14x14 with `width`, then the image; the discriminator runs the other way. The variant's networks
# should differ from the plain ones in what the technique needs, and in nothing else, or a difference in the results means
# little.


# %% answer="build_variant_networks"
def build_variant_networks(variant: bool, n_latent: int, width: int) -> dict[str, nn.Module]:
    """The networks of a plain DCGAN (variant=False) or of your variant of it (variant=True), in training mode.

    Returns modules by name: "generator", (B, n_latent) -> images in [-1, 1] (or codes and conditions to images), and one or
    more others that make up the discriminator, under names of your choice.
    """

    ### BEGIN SOLUTION
    class Closeness(nn.Module):
        """Append to the features (B, n_features) how close each image is to the others of the batch."""

        def __init__(self, n_features: int, n_kernels: int = 16, n_dims: int = 4) -> None:
            super().__init__()
            self.T = nn.Parameter(0.05 * torch.randn(n_features, n_kernels, n_dims))

        def forward(self, features: Tensor) -> Tensor:
            return torch.cat([features, minibatch_features(features, self.T)], dim=1)

    generator = nn.Sequential(
        nn.Linear(n_latent, 2 * width * 49, bias=False),
        nn.Unflatten(1, (2 * width, 7, 7)),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
        nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )
    body = nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(2 * width),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
    )
    n_features = 2 * width * 49
    if variant:
        head = nn.Sequential(Closeness(n_features), nn.Linear(n_features + 16, 1))
    else:
        head = nn.Sequential(nn.Linear(n_features, 1))
    return {"generator": generator, "body": body, "head": head}
    ### END SOLUTION


# %% [markdown]
# **Write the training**, of the plain GAN and of your variant, with `fit_images`: hand it a function for one iteration (on
# $D$, then on $G$) and one that draws samples. The plain GAN has the discriminator's cross-entropy and the non-saturating
# generator loss, as in the notebook on losses: copy yours into a cell, or take PyTorch's.


# %% answer="train_variant"
def train_variant(variant: bool, n_iterations: int) -> dict[str, object]:
    """Train a plain DCGAN (variant=False) or your variant (variant=True) from new weights, with fit_images.

    Returns {"networks": the modules by name, as build_variant_networks gives them, trained;
             "history": ..., "stages": ..., what fit_images returned;
             "samples": (N_SAMPLES, C, H, W) in [-1, 1], from random codes, made in evaluation mode}.
    """
    ### BEGIN SOLUTION
    networks = build_variant_networks(variant, N_LATENT, WIDTH)
    generator, body, head = (networks[name].to(device) for name in ("generator", "body", "head"))
    g_optimizer, d_optimizer = adam(generator, **ADAM), adam(body, head, **ADAM)

    def sample(n: int) -> Tensor:
        with evaluating(generator):
            return generator(torch.randn(n, N_LATENT, device=device))

    def step(x: Tensor, y: Tensor) -> dict[str, Tensor]:
        fake = generator(torch.randn(len(x), N_LATENT, device=device))
        real_logits, fake_logits = head(body(x)), head(body(fake.detach()))
        d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        d_optimizer.zero_grad()
        d_loss.backward()
        d_optimizer.step()
        g_loss = F.softplus(-head(body(fake))).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        return {"discriminator": d_loss, "generator": g_loss}

    name = "minibatch discrimination" if variant else "plain GAN"
    history, stages = fit_images(name, step, sample, n_iterations)
    return {
        "networks": networks,
        "history": history,
        "stages": stages,
        "samples": sample(N_SAMPLES),
    }
    ### END SOLUTION


# %% [markdown]
# First the plain GAN. **Look for** what the second half of the training still changes, and for columns that draw the same
# digit.

# %% train="baseline"
seed_everything(1)
baseline = train_variant(False, N_ITERATIONS)
report("Baseline", baseline)

# %% [markdown]
# Then your variant, from the same random state.

# %% train="variant"
seed_everything(1)
chosen = train_variant(True, N_ITERATIONS)
report("Variant", chosen)

# %% [markdown]
# Side by side. **Look for** whatever your technique promises: more variety, cleaner strokes, samples that obey their label;
# and for what it may have cost.

# %% train="variant_samples"
plots.show_grids(
    {"plain GAN": baseline["samples"][:64], "variant": chosen["samples"][:64]},
    "Samples from random codes, after as many iterations",
)
if "Variant" in shares:
    show_shares(["Real digits", "Baseline", "Variant"], "Which digits do they draw?")

# %% [markdown]
# **Analysis** (8 points). (a) Name your variant and its paper, write down the one thing that it changes (a formula), and
# say which part of your code is that change. (b) Why should it help? Name the mechanism, and what the paper promises. (c)
# Describe the loss curves of both runs. What can be read from them, and what can't? (d) Compare the samples, on the way and
# at the end, by eye and with every number that the cells printed. Did the variant keep its promise here? One run with each
# is little evidence: say how sure you are. (e) What did it cost (time, numbers to tune), and what did you try that did not
# work?
#
# *Limit: 600 words, a formula counting as one.*

# %% [markdown] analysis="variant_choice"
# ### BEGIN SOLUTION
# (a) Minibatch discrimination (Salimans et al. 2016, section 3.2). D's last layer gets, beside the features f(x_i), the 16
# numbers o(x_i)_k = sum_j exp(-||M_ik - M_jk||_1) with M = f T, computed within a batch. In the code it is the module
# Closeness before the last linear layer. Everything else is the plain GAN's: the same generator, losses, optimizers,
# batches, seed.
#
# (b) Without it D judges one image at a time, and G is rewarded for drawing whatever D likes at the moment, as often as it
# likes. With it a batch whose images are too alike looks fake as a batch, and the gradient through o pushes its images
# apart. The paper promises less mode collapse and visually appealing samples early.
#
# (c) Plain GAN: G's loss peaks at about 3.7 near iteration 150, falls to 1.7 and creeps back to 2.1; D's settles at 0.5. An
# undecided D would have 2 log 2 = 1.39, so D is ahead, but the two stay in balance. Variant: D's loss is 0.02 to 0.04 from
# iteration 300 on and G's climbs to 8, but for one collapse of D near 1,040 that it mends within 50 iterations. This D nearly
# always knows. It has more to go by, so its loss of 0.03 and the other one's 0.5 belong to different games: from the curves
# alone one would call the variant a failure, and its distance is the better one. What they do show is that D is too strong for comfort here.
#
# (d) After 1,000 iterations both draw strokes, some of them digits, and the second 1,000 mend more of the plain GAN's than
# of the variant's. By eye the plain GAN's final strokes are smoother and more of its samples can be named; the variant's
# are ragged, with specks beside the stroke. The numbers say that it is more varied: distance 577 against 695, and digits as
# even as 9.0 equal shares against 8.6. The plain GAN draws 20% threes, 17% nines and 2% fours; the variant's largest share
# is 18%, and its smallest 4%. Clear samples are even a little rarer (60% against 64%; real digits: 100%). So the promise of
# variety is kept in part, and that of better looking samples is not. An earlier plain GAN of mine (24 channels, 1,000
# iterations, another seed) had 777 and neglected 1, 4 and 6 in the same way, so that fault is no accident of one seed. With
# one run each, 577 against 695 may still be chance; the flatter histogram I would bet on.
#
# (e) A quarter more time (14 ms an iteration against 11), and 100,000 more weights, in T. To tune: the numbers
# of kernels and dimensions and the size of T at the start (16, 4, 0.05: my first guess, not tuned). Fewer kernels or a
# lower learning rate for D would be my next try, since D wins too easily.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: names variant and paper, and the change as a formula or an exact statement (for a variant that is not in the
#   table: enough of the paper for a reader to follow).
# - 2 points: the code does it: the main technique is implemented rightly (1), and the plain GAN beside it is the same in
#   everything else, or the text says what else differs (1).
# - 1 point: a mechanism: why this change should have the promised effect, in terms of what D sees, what G is asked for, or
#   how gradients behave; not only "it is more stable".
# - 1 point: the loss curves of both runs, with the caution that the losses of two different games are not comparable and
#   that a low loss is not a good picture.
# - 2 points: samples compared with the plain GAN's, on the way and at the end: by eye (1) and with the printed numbers, or
#   a fitting measure of the student's own, such as how often the label is obeyed or, for faces, variety (1). An honest "no
#   better" or "worse" earns as much as a success.
# - 1 point: cost, what was tuned or failed, and how far a single run supports the conclusion.
# ### END MARK SCHEME

# %% [markdown]
# ## 11. Experiment: which layer decides what?
#
# AdaIN and demodulation are parts of a generator. Here they live in one: a StyleGAN of digits, small enough for two minutes.
# It begins with a constant, a learned map of 7x7 that is the same for every image. All that differs from image to image
# comes in by the styles of three layers, *coarse*, *middle* and *fine*:
#
# | layer | grid | channels in and out | style |
# | --- | --- | --- | --- |
# | coarse | 7 x 7 | `2 * width`, `2 * width` | $w_1$ |
# | middle | 14 x 14 (enlarged, nearest neighbour) | `2 * width`, `width` | $w_2$ |
# | fine | 28 x 28 (enlarged, nearest neighbour) | `width`, `width` | $w_3$ |
# | image | 28 x 28 | `width`, 1: a 1x1 convolution, then tanh | |
#
# As a rule $w_1 = w_2 = w_3 = w$, the mapping network's output for one code. But nothing forces the three to be equal: take
# some of them from image $a$ and the others from image $b$ (**style mixing**), and the picture tells which layer decides
# what.
#
# **Which of your functions it needs.** `map_to_style` is called as you have written it. If it is not among your six, the
# network does without a mapping: $w = z$, and a line below says so. The layer itself you write now, with your `adain` **or**
# your `demodulate`, whichever you like. If neither is among your six, write the one that you prefer into the cell below, by
# its formula in section 7; a few lines will do, and they are judged here only as a part of the layer.
#
# **Write the layer.** $w$ first goes through a linear layer of its own (the *affine map*), which makes the style.
#
# | | with AdaIN | with demodulation |
# | --- | --- | --- |
# | the style | a scale and a bias for each of the `n_out` channels | a scale for each of the `n_in` channels |
# | the layer | convolution, LeakyReLU, AdaIN | convolution with each image's own weights, a bias for each channel, LeakyReLU |
#
# The scales should be near 1 at the start of the training, the biases near 0. How does one convolve each image of a batch
# with weights of its own, without a loop? Lay the images side by side as $B \cdot n_\text{in}$ channels of one image, and
# let the convolution have $B$ groups.


# %% answer="build_styled_convolution"
def build_styled_convolution(n_in: int, n_out: int, n_style: int) -> nn.Module:
    """A layer of a style-based generator: a 3x3 convolution of stride 1 whose style comes from w, and LeakyReLU(0.2).

    Returns a new module, called with x (B, n_in, H, W) and w (B, n_style), that gives (B, n_out, H, W). Each image has the
    style of its own w, by adain or by demodulate.
    """

    ### BEGIN SOLUTION
    class StyledConvolution(nn.Module):
        def __init__(self, n_in: int, n_out: int, n_style: int) -> None:
            super().__init__()
            self.convolution = nn.Conv2d(n_in, n_out, 3, padding=1)
            self.affine = nn.Linear(n_style, 2 * n_out)
            with torch.no_grad():
                self.affine.bias.copy_(torch.cat([torch.ones(n_out), torch.zeros(n_out)]))

        def forward(self, x: Tensor, w: Tensor) -> Tensor:
            scale, bias = self.affine(w).chunk(2, dim=1)
            return adain(F.leaky_relu(self.convolution(x), 0.2), scale, bias)

    return StyledConvolution(n_in, n_out, n_style)
    ### END SOLUTION


# %% [markdown]
# The next cell checks the layer. It earns nothing, but a training run that is wrong costs you minutes.


# %% train="styled_convolution_check"
@visible_checks("build_styled_convolution")
def _():
    layer = build_styled_convolution(4, 6, 5)
    assert isinstance(layer, nn.Module), "return the layer itself: an nn.Module"
    x, w = torch.randn(3, 4, 7, 7), torch.randn(3, 5)
    y = layer(x, w)
    assert torch.is_tensor(y) and y.shape == (3, 6, 7, 7), (
        "maps (3, 4, 7, 7) and three w become maps (3, 6, 7, 7)"
    )
    assert torch.allclose(y[:1], layer(x[:1], w[:1]), atol=1e-4), (
        "an image must not depend on the others of its batch"
    )
    other = layer(x, torch.cat([w[:1], torch.randn(2, 5)]))
    assert torch.allclose(y[:1], other[:1], atol=1e-4), "an image has the style of its own w"
    assert not torch.allclose(y[1:], other[1:], atol=1e-2), "w makes no difference to the image"
    constant = layer(x[:1].expand(3, -1, -1, -1), w)
    assert not torch.allclose(constant[0], constant[1], atol=1e-2), (
        "two styles of the same maps should differ"
    )
    (y * torch.randn_like(y)).sum().backward()
    still = [name for name, p in layer.named_parameters() if p.grad is None or not p.grad.any()]
    assert not still, f"no gradient reaches {', '.join(still)}"


# %% [markdown]
# The rest is given. The discriminator has no batch norm. The losses are cross-entropy and the non-saturating one, with the
# R1 penalty of the notebook `stabilisers` on the real images: only at every eighth iteration and eight times as strong, as
# in StyleGAN2 (section 4.1), and with slopes that are measured, as in `dcgan`. Samples are drawn with a running average of
# the generator's weights. In every other batch the images are *mixed* already, as in the paper ("mixing regularisation"):
# from a random layer on the styles come from a second code. The noise that StyleGAN adds to its maps is left out. **Look
# for** the iteration at which strokes become digits.

# %% train="style_training"
from dgm.data import batches
from dgm.training import EMA, evaluate, slope_penalty

GRIDS = (7, 14, 28)
R1_WEIGHT, R1_EVERY = 1.0, 8


class StyleGenerator(nn.Module):
    """A constant and three of your layers; called with a style w (B, n_latent) for each of them."""

    def __init__(self, n_latent, width):
        super().__init__()
        self.dense = nn.ModuleList(nn.Linear(n_latent, n_latent) for _ in range(2))
        for layer in self.dense:
            nn.init.kaiming_normal_(layer.weight, 0.2)
            nn.init.zeros_(layer.bias)
        self.constant = nn.Parameter(torch.randn(1, 2 * width, 7, 7))
        channels = ((2 * width, 2 * width), (2 * width, width), (width, width))
        self.layers = nn.ModuleList(
            build_styled_convolution(n_in, n_out, n_latent) for n_in, n_out in channels
        )
        self.to_image = nn.Conv2d(width, 1, 1)

    def style(self, z):
        """w (B, n_latent) of the codes z (B, n_latent): by your map_to_style, else z itself."""
        try:
            return map_to_style(z, [d.weight for d in self.dense], [d.bias for d in self.dense])
        except NotImplementedError:
            return z

    def forward(self, *styles):
        x = self.constant.expand(len(styles[0]), -1, -1, -1)
        for grid, layer, w in zip(GRIDS, self.layers, styles, strict=True):
            x = layer(F.interpolate(x, size=(grid, grid)), w)
        return torch.tanh(self.to_image(x))


def mixed_styles(w_a, w_b, n_from_a):
    """The styles of the three layers: the first n_from_a layers have w_a, the others w_b."""
    return [w_a] * n_from_a + [w_b] * (len(GRIDS) - n_from_a)


def style_codes(n):
    return torch.randn(n, N_LATENT, device=device)


def draw_images(generator, *styles):
    """Images (N, 1, 28, 28) of a style (N, n_latent) for each layer, without gradients."""
    return evaluate(lambda w: generator(*w.unbind(1)), torch.stack(styles, dim=1))


def draw_styles(generator, n):
    """w (n, n_latent) of new codes, without gradients."""
    return evaluate(generator.style, style_codes(n))


def style_discriminator():
    return nn.Sequential(
        *(nn.Conv2d(1, WIDTH, 4, stride=2, padding=1), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(WIDTH, 2 * WIDTH, 4, stride=2, padding=1), nn.LeakyReLU(0.2)),
        *(nn.Conv2d(2 * WIDTH, 4 * WIDTH, 3, padding=1), nn.LeakyReLU(0.2)),
        *(nn.Flatten(), nn.Linear(4 * WIDTH * 49, 1), nn.Flatten(0)),
    )


def train_styles(name, mixing, seed):
    """Train a StyleGenerator; returns (average of its weights, history, stages).

    mixing: every other batch is made of mixed images.
    """
    seed_everything(seed)
    generator = StyleGenerator(N_LATENT, WIDTH).to(device)
    discriminator = style_discriminator().to(device)
    average, stream = EMA(generator, decay=0.99), batches(x_train, BATCH_SIZE)
    g_optimizer, d_optimizer = (
        adam(player, lr=2e-3, betas=(0.0, 0.99)) for player in (generator, discriminator)
    )

    def step(i):
        """One step of D, with R1 at every eighth iteration, then one of G on the same images."""
        real = next(stream)
        w, other = (generator.style(style_codes(len(real))) for _ in range(2))
        n_from_w = int(torch.randint(1, len(GRIDS), ())) if mixing and i % 2 else len(GRIDS)
        fake = generator(*mixed_styles(w, other, n_from_w))
        d_loss = F.softplus(-discriminator(real)).mean()
        d_loss = d_loss + F.softplus(discriminator(fake.detach())).mean()
        loss = d_loss
        if i % R1_EVERY == 0:
            loss = loss + R1_EVERY * R1_WEIGHT / 2 * slope_penalty(discriminator, real)
        d_optimizer.zero_grad()
        loss.backward()
        d_optimizer.step()
        g_loss = F.softplus(-discriminator(fake)).mean()
        g_optimizer.zero_grad()
        g_loss.backward()
        g_optimizer.step()
        average.update(generator)
        return {"discriminator": d_loss, "generator": g_loss}

    def look():
        w = draw_styles(average.module, 12)
        return draw_images(average.module, w, w, w)

    history, stages = fit(
        *(name, step, settings.iterations(1000), look), every=settings.iterations(250)
    )
    return average.module, history, stages


style_generator, style_history, style_stages = train_styles("styles", mixing=True, seed=1)
keep("style_generator", style_generator)
probe = style_codes(4)
if style_generator.style(probe) is probe:
    print("map_to_style is not written: w = z, there is no mapping network")
show_losses("Styles", style_history)
plots.show_rows(style_stages, "The same twelve codes: when do they become digits?")
w = draw_styles(style_generator, N_SAMPLES)
style_samples = draw_images(style_generator, w, w, w)
score("Styles", style_samples, compare=False)
plots.show_images(style_samples[:60], "Style-based generator: samples", n_columns=12)

# %% [markdown]
# Don't hold this distance against your variant's: not only the styles are new here, but also R1, the average of the weights
# and a third convolution in $D$.
#
# **Mixing.** Images $a$ are on the left, images $b$ at the top, and each tile has some styles of its row's $a$ and the
# others of its column's $b$. On the left only the coarse style is $a$'s, on the right the coarse and the middle one. **Look
# along** the rows and down the columns of both: what is the same in all tiles of a row, what in all of a column?

# %% train="style_mixing"


def mixing_grid(generator, w_a, w_b, n_from_a):
    """Tiles for every pair, with a's images in the first column and b's in the first row."""
    n = len(w_b)
    rows = [torch.ones(1, 1, 28, 28, device=device), draw_images(generator, w_b, w_b, w_b)]
    for w in w_a.split(1):
        rows += [
            draw_images(generator, w, w, w),
            draw_images(generator, *mixed_styles(w.expand(n, -1), w_b, n_from_a)),
        ]
    return torch.cat(rows)


seed_everything(7)
w_rows, w_columns = (draw_styles(style_generator, 8) for _ in range(2))
plots.show_grids(
    {
        "coarse of the row, rest of the column": mixing_grid(style_generator, w_rows, w_columns, 1),
        "coarse and middle of the row": mixing_grid(style_generator, w_rows, w_columns, 2),
    },
    "Style mixing: a in the first column, b in the first row",
    n_columns=9,
)

# %% [markdown]
# **In numbers.** The same for 1,000 pairs $(a, b)$ that show two different digits. The number of layers that have $a$'s
# style runs from none (the image is $b$) to all three (it is $a$). Three things are measured on each mixed image:
#
# * the **digit**, as the classifier sees it: is it $a$'s, $b$'s, or a third one?
# * the **slant**, how far the strokes lean to the right as they rise: minus the covariance of the horizontal and the
#   vertical place of the ink, over the variance of the vertical one (0 upright, 1 at 45 degrees);
# * the **thickness** of the strokes in pixels: a stroke of length $l$ and thickness $t$ has area $l t$ and an outline of
#   about $2 l$, so twice the area over the outline's length is $t$. The outline's length is the sum of the gradient's norm
#   over the image.
#
# For slant and thickness, the curves show the correlation with that of $a$ and with that of $b$, over all pairs. **Look
# for** the layer at which each of the three changes hands.

# %% train="style_levels"


def slant(images):
    """How far digits (N, 1, 28, 28) in [-1, 1] lean to the right (N,)."""
    ink = (images[:, 0] + 1) / 2
    ink = ink / ink.sum(dim=(1, 2), keepdim=True).clamp(min=1e-6)
    at = torch.arange(28.0, device=images.device)
    rows, columns = ink.sum(dim=2), ink.sum(dim=1)
    y = at - (rows * at).sum(dim=1, keepdim=True)
    x = at - (columns * at).sum(dim=1, keepdim=True)
    covariance = torch.einsum("nij,ni,nj->n", ink, y, x)
    return -covariance / (rows * y.square()).sum(dim=1).clamp(min=1e-6)


def thickness(images):
    """Mean thickness of the strokes (N,) in pixels."""
    ink = F.pad((images[:, 0] + 1) / 2, (1, 1, 1, 1))
    down, right = ink[:, 1:, :-1] - ink[:, :-1, :-1], ink[:, :-1, 1:] - ink[:, :-1, :-1]
    outline = torch.sqrt(down.square() + right.square() + 1e-12).sum(dim=(1, 2))
    return 2 * ink.sum(dim=(1, 2)) / outline.clamp(min=1e-6)


def correlation(u, v):
    return float(torch.corrcoef(torch.stack([u, v]))[0, 1])


def who_decides(w_a, w_b):
    """For 0 to 3 layers with a's style: {measure: ([agreement with a], [agreement with b])}."""
    images = [
        draw_images(style_generator, *mixed_styles(w_a, w_b, n)) for n in range(len(GRIDS) + 1)
    ]
    digits = [digit_probabilities(one).argmax(1) for one in images]
    differ = digits[0] != digits[-1]
    b, a = images[0][differ], images[-1][differ]
    found = {name: ([], []) for name in ("digit", "slant", "thickness")}
    for one, digit in zip(images, digits, strict=True):
        for side, end in enumerate((digits[-1], digits[0])):
            found["digit"][side].append(float((digit == end)[differ].float().mean()))
        for name, measure in {"slant": slant, "thickness": thickness}.items():
            for side, end in enumerate((a, b)):
                found[name][side].append(correlation(measure(one[differ]), measure(end)))
    return found


seed_everything(8)
w_a, w_b = (draw_styles(style_generator, N_SAMPLES) for _ in range(2))
decided = who_decides(w_a, w_b)
LAYERS_OF_A = ("none", "coarse", "coarse,\nmiddle", "all")
figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
for ax, (name, (with_a, with_b)) in zip(axes, decided.items(), strict=True):
    ax.plot(LAYERS_OF_A, with_a, "o-", label="a")
    ax.plot(LAYERS_OF_A, with_b, "o--", label="b")
    ylabel = "share of the pairs" if name == "digit" else "correlation"
    if name == "digit":
        neither = [1 - of_a - of_b for of_a, of_b in zip(with_a, with_b, strict=True)]
        ax.plot(LAYERS_OF_A, neither, "o:", color="grey", label="neither")
    ax.set(title=f"{name}: like a, like b", xlabel="layers with a's style", ylabel=ylabel)
    ax.set_ylim(-0.15, 1.05)
    ax.grid(alpha=0.3)
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside right center")
plt.show()
for name, (with_a, with_b) in decided.items():
    for label, of_a, of_b in zip(LAYERS_OF_A, with_a, with_b, strict=True):
        layers = label.replace("\n", " ")
        print(f"{name:>9}, a's style in {layers:<14}: like a {of_a:.2f}, like b {of_b:.2f}")

# %% [markdown]
# One run is little evidence. With the coarse style of $a$ alone, four more runs with other seeds gave $a$'s digit in 49%,
# 26%, 32% and 58% of the pairs, and with the coarse and the middle one in 91% to 94%. The slant's correlation with $a$ was
# 0.74, 0.65, 0.39 and 0.83, then 0.99 in all four. Compare them with yours before you conclude.
#
# **Never mixed before.** The same generator once more, from the same random state, but this time no image is mixed in the
# training. Its grid is to the right of the one that you know (only the coarse style is $a$'s). The numbers are distances to
# the test digits, of 1,000 images without and with mixing. **Look for** what became of the mixed images, and of those that
# are not mixed.

# %% train="style_never_mixed"
never_mixed, _, _ = train_styles("never mixed", mixing=False, seed=1)
style_grids = {}
for name, generator in {"mixed in training": style_generator, "never mixed": never_mixed}.items():
    seed_everything(7)
    w_rows, w_columns = (draw_styles(generator, 8) for _ in range(2))
    style_grids[name] = mixing_grid(generator, w_rows, w_columns, 1)
    w_a, w_b = (draw_styles(generator, N_SAMPLES) for _ in range(2))
    for n, layers in enumerate(("not mixed", "coarse of a", "coarse and middle of a")):
        distance = digit_distance(draw_images(generator, *mixed_styles(w_a, w_b, n)), x_test)
        print(f"{name:>17}, {layers:<22}: Frechet distance {distance:.0f}")
plots.show_grids(
    style_grids,
    "Coarse style of the row, the rest of the column's: does it help to practise?",
    n_columns=9,
)

# %% [markdown]
# Other seeds again: with the coarse style of $a$, the distance was 152 to 296 in four runs that had practised, 580 and 790
# in two that had not; without mixing it was 101 to 151 and 75 and 124.
#
# **Truncation.** $G$ has practised least on the styles that are far from all others. In the space of $w$ there is a middle,
# the mean $\bar w$ over many codes, towards which a style can be pulled: $w' = \bar w + \psi \, (w - \bar w)$. $\psi = 1$
# changes nothing, $\psi = 0$ gives every code the same image. For faces the paper gets better images with $\psi = 0.7$, and
# fewer kinds of them. **Look for** what gets lost here as $\psi$ falls, and whether anything gets better.

# %% train="style_truncation"
seed_everything(9)
w = draw_styles(style_generator, N_SAMPLES)
w_mean = draw_styles(style_generator, 10_000).mean(dim=0)
truncated = {}
for psi in (0.0, 0.3, 0.5, 0.7, 1.0, 1.3):
    pulled = w_mean + psi * (w - w_mean)
    truncated[f"psi = {psi:g}"] = draw_images(style_generator, pulled, pulled, pulled)
plots.show_rows(
    {name: images[:12] for name, images in truncated.items()},
    "Truncation: twelve codes, pulled towards the mean style",
)
for name, images in truncated.items():
    if name != "psi = 0":
        score(name, images, compare=False)

# %% [markdown]
# **Analysis** (5 points). (a) Where does $w$ enter your layer, and how many numbers has the style of each of the three
# layers? What keeps the style of one layer from living on in the statistics of the maps of the next? (b) Describe both grids
# of the style mixing: what do the tiles of a row share, what those of a column? (c) From the curves: which layers decide
# about the digit, the slant and the thickness, and which of it holds in the other runs? Give a reason that has to do with
# the grids of the layers, and compare with what the StyleGAN paper says about coarse, middle and fine styles of faces
# (section 3.1). (d) What does mixing in the training buy, and what does it cost? Why does a generator that never saw mixed
# styles fail on them? (e) What gets lost as $\psi$ falls, and does anything get better? Why may digits of ten classes behave
# otherwise than faces?
#
# *Limit: 500 words.*

# %% [markdown] analysis="style_mixing_study"
# ### BEGIN SOLUTION
# (a) w enters only through `affine`, whose output scales and shifts the maps in `adain`. That makes 2 n_out numbers: 64, 32
# and 32 from coarse to fine. The next layer's `adain` gives each map mean 0 and variance 1 before its own style is applied,
# so whatever scale and bias came in are gone; what stays of a style is which maps were strong beside which, as far as the
# convolution turns that into shape.
#
# (b) Left (coarse of the row): a row keeps its a's lean, width and main sweep, but its digit follows the column in part. The
# 6 turns into a 5 under both 5s, the 3 closes to an 8 under most columns and to a 6 under the 2, the 1 gets the bar of a 7
# nearly everywhere, and the ring of the 0 opens under the 7, the 2 and the 9. Right (coarse and middle of the row): the rows are
# copies of a. Only the weight of strokes follows the column.
#
# (c) With the coarse style alone, 60% of the mixtures show a's digit, 5% b's and 35% a third one; with the middle one too,
# 91% show a's. So the digit is decided by the first two together. Slant: 0.88 with a after the coarse layer, 0.99 after two,
# and from the first on no correlation with b. Thickness: 0.08 with a and 0.44 with b after the coarse layer, 0.57 and 0.32
# after two; here the fine layer has a say. The other runs agree about the first two layers together; how these share digit
# and slant differs from seed to seed. Reason: a 3x3 kernel at 7x7 spans 12 pixels of the image, so the coarse layer can only
# lay it out; at 28x28 it spans 3, an edge. The paper finds pose, face shape and hair style in the coarse layers, smaller
# features in the middle, colours in the fine ones. Digits have no colours, so little is left for the fine layer.
#
# (d) With the coarse style of a, the distance is 209 when mixing was practised and 358 when not; there the strokes fall
# apart. Unmixed images are better without (78 against 115; sets of 1,000 from one generator differ by half as much): half of
# the practice went to mixtures. Layers that always get the same w can rely on it: the middle one draws what fits the coarse
# one's layout. D never saw mixed pairs, so nothing taught G to make sense of them.
#
# (e) Variety: as even as 9.7 shares at psi = 1, 7.2 at 0.5, 4.2 at 0.3, and at 0 one shape between 9 and 8. Nothing gets
# better: clear samples fall from 86% to 78% and 74%, the distance rises from 154 to 896 and 2,038. An average face is a face;
# the average of ten classes lies between them, and the way there leads through digits that are none.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the place in the code where w enters, with the sizes of the three styles that fit it (AdaIN: two for each output
#   channel; demodulation: one for each input channel) (0.5), in a layer that uses the style rightly; the normalisation of the
#   next layer (with demodulation: of the layer's own weights) takes the scale away again (0.5).
# - 1 point: both grids described with particular tiles: what goes with the rows and what with the columns, and that the two
#   grids differ.
# - 1 point: from the curves, digit, slant and thickness each given to layers as the student's own figure has them (0.5); a
#   reason from the grids (what a kernel sees at 7x7 and at 28x28), and the comparison with coarse, middle and fine styles of
#   faces (0.5). "The fine layer decides hardly anything" is a fine result if the figure shows it.
# - 1 point: mixing in training: the own figures and distances with and without (0.5); the mechanism: layers that always have
#   the same w adapt to one another, and pairs of unlike styles are never judged (0.5). The cost may be small or not seen.
# - 1 point: truncation: variety is lost, shown by a row and a number (0.5); whether samples get clearer, as the student's own
#   lines say, and a reason that has to do with the mean lying between classes (0.5).
# ### END MARK SCHEME

# %% [markdown]
# ## 12. Experiment: further variants (extra credit)
#
# Train as many more as you like, beside the same plain GAN and for as many iterations: other rows of the table, two
# techniques at once, or something that nobody asked for. More, and more surprising, earns more. A result that contradicts
# the paper is as good as one that agrees, if you follow it up.


# %% answer="train_another_variant"
def train_another_variant(n_iterations: int) -> dict[str, dict[str, object]]:
    """Train one or more further variants from new weights, with fit_images.

    Returns {name of the variant: a dictionary as train_variant returns it}.
    """

    ### BEGIN SOLUTION
    def run(name: str, conditional: bool, matching: bool) -> dict[str, object]:
        """A DCGAN whose generator matches features, or whose networks are told the label."""
        seed_everything(1)
        networks = build_variant_networks(False, N_LATENT + 10 * conditional, WIDTH)
        if conditional:  # ten more channels: a constant map for each digit
            networks["body"][0] = nn.Conv2d(11, WIDTH, 4, stride=2, padding=1)
        generator, body, head = (
            networks[part].to(device) for part in ("generator", "body", "head")
        )
        g_optimizer, d_optimizer = adam(generator, **ADAM), adam(body, head, **ADAM)

        def draw(labels: Tensor) -> Tensor:
            z = torch.randn(len(labels), N_LATENT, device=device)
            return generator(torch.cat([z, F.one_hot(labels, 10)], 1) if conditional else z)

        def features(x: Tensor, labels: Tensor) -> Tensor:
            maps = F.one_hot(labels, 10)[:, :, None, None].expand(-1, -1, *x.shape[2:])
            return body(torch.cat([x, maps], 1) if conditional else x)

        def sample(n: int) -> Tensor:
            with evaluating(generator):
                return draw(torch.arange(n, device=device) % 10)

        def step(x: Tensor, y: Tensor) -> dict[str, Tensor]:
            fake = draw(y)
            d_loss = F.softplus(-head(features(x, y))).mean()
            d_loss = d_loss + F.softplus(head(features(fake.detach(), y))).mean()
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            fake_features = features(fake, y)
            if matching:
                # the real features of D as it is now: those above are from before its step
                g_loss = feature_matching_loss(features(x, y), fake_features)
            else:
                g_loss = F.softplus(-head(fake_features)).mean()
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            return {"discriminator": d_loss, "generator": g_loss}

        history, stages = fit_images(name, step, sample, n_iterations)
        return {
            "networks": networks,
            "history": history,
            "stages": stages,
            "samples": sample(N_SAMPLES),
        }

    return {
        "Conditional GAN": run("Conditional GAN", conditional=True, matching=False),
        "Feature matching": run("Feature matching", conditional=False, matching=True),
    }
    ### END SOLUTION


# %% train="more_variants"
try:
    further = train_another_variant(N_ITERATIONS)
except NotImplementedError:
    print("no further variant: train_another_variant is not written (it is optional)")
else:
    for name, result in further.items():
        report(name, result)
    plots.show_grids(
        {name: result["samples"][:60] for name, result in further.items()},
        "Further variants: samples from random codes",
        n_columns=10,
    )
    show_shares([name for name in shares if name != "Variant"], "Which digits do they draw?")
    print(
        "\n".join(
            f"{distance:7.0f}  {name}"
            for name, distance in sorted(scores.items(), key=lambda item: item[1])
        )
    )

# %% [markdown]
# **Analysis** (up to 6 points of extra credit). For each further variant: what it changes, in one formula or one exact
# sentence; what you saw beside the plain GAN and beside your first variant; why. Then: what surprised you, and what did you
# do to find out whether it was chance?
#
# *Limit: 600 words, a formula counting as one.*

# %% [markdown] analysis="variant_more"
# ### BEGIN SOLUTION
# Conditional GAN (Mirza and Osindero 2014): the label is appended to z as ten numbers, and to the image as ten constant
# maps. D learns whether an image is real *and* fits its label. The distance is 266, far below the plain GAN's 695;
# 81% of the samples are clear, against 64%; the loss curves are the calmest of all (D 0.8, G 1.5). In the grid each
# column is one digit; the classifier finds the digit that was asked for in 77% of the samples (95% of the zeros, 59% of
# the fours; counted in a cell of my own). That its shares are as even as 9.9 is no merit, since I ask for 100 of each. But
# it explains a part of the gain: G cannot leave out the 4, because D gets to see 4s under their label and would reject
# anything else. Also, each class by itself is a much simpler distribution than all ten. The labels are information that the
# other runs don't have, so this is not a fair race.
#
# Feature matching (Salimans et al. 2016, section 3.1): G minimises || mean f(x) - mean f(G(z)) ||^2 on the 1,568 features
# before D's last layer, instead of fooling D. Its loss falls from 400 to 25 and stays there. Against the promise of
# stability the samples are the worst of all: distance 1,050, 53% clear, 26% threes and 18% eights; single strokes are
# blotted and broken. D's loss is about 0.15: D tells them apart without trouble.
#
# That surprised me: does G fail at its task, or is the task too easy? I measured the same loss between two batches of 64
# *real* digits, with the trained D: 17 on average over 30 pairs, from 14 to 20. So of G's 25 more than half is the noise of
# two means of 64, and the rest is all that G has left to gain. The means almost agree; what is wrong with the samples lies
# in what a mean does not see: which features occur together in one image. The paper uses the technique for semi-supervised
# learning, where it worked best, and reports better looking samples with minibatch discrimination; that fits. One seed
# each: I would trust the order of these four runs, whose distances are far apart except for the plain GAN's and minibatch
# discrimination's, but not the digits of the numbers.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: a further variant: implemented rightly and trained as long as the plain GAN, with losses and samples (1);
#   compared with the others in numbers and explained by its mechanism (1).
# - 2 points: the same for a second further variant.
# - 1 point: a surprise that was followed up: a result against the paper's promise or against expectation, with a second
#   seed, an ablation or a changed setting that tells chance from cause.
# - 1 point: more still: a third variant, two techniques combined with a reason, another data set, a measure of the student's
#   own, or samples of exceptional quality (a distance below half of the plain GAN's).
# ### END MARK SCHEME
