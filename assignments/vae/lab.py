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
# # Variational auto-encoders: lab
#
# An auto-encoder learns to copy its input through a narrow code. A *variational* auto-encoder (VAE) turns that machine into
# a model of the data: it bounds how likely an image is, and it can make new ones. In each part of this lab you write a few
# short functions, check them, train with them, and look at what came out.
#
# **Goals.** After this lab you can
#
# * write and train an auto-encoder and a VAE, and say which term of which loss is responsible for what you see;
# * explain why codes must be shaped before one can sample them, and compare two ways to do it: noise with a KL term, and
#   moments of a batch;
# * tighten the bound with importance weights, and say what that is worth;
# * read a VAE by its rate and distortion, recognise a collapse of its codes, and name two causes.
#
# | part | you write | hours |
# | --- | --- | --- |
# | 1. A plain auto-encoder | the loss, two networks, the training step | 1.5 |
# | 2. A variational auto-encoder | KL, reparameterisation, likelihood, loss, networks, step; then the importance-weighted bound | 3.5 |
# | 3. The moment auto-encoder | the penalty and two training steps | 1.5 |
# | 4. The latent space | nothing: you look | 0.5 |
# | 5. Walking between two digits | the line | 0.5 |
# | 6. Rate, distortion and collapse | free bits, the step, a count of active latents | 1 |
# | 7. Extra credit | an extension of your own | as you like |
#
# The hours, 8.5 without the extra credit, are estimates. They include the analyses, about half an hour each. All training
# cells together take about four minutes on two cores. A second notebook, `beyond`, goes on with convolutions on faces, discrete
# codes, and a VAE whose likelihood is known.
#
# **Reading.** Prince, [*Understanding Deep Learning*](https://udlbook.github.io/udlbook/), chapter 17 (variational
# autoencoders). The papers, by part:
#
# | part | paper | arXiv |
# | --- | --- | --- |
# | 2 | Kingma and Welling 2014, "Auto-encoding variational Bayes" | [1312.6114](https://arxiv.org/abs/1312.6114) |
# | 2 | Burda, Grosse and Salakhutdinov 2016, "Importance weighted autoencoders" | [1509.00519](https://arxiv.org/abs/1509.00519) |
# | 3 | Tolstikhin, Bousquet, Gelly and Schölkopf 2018, "Wasserstein auto-encoders" | [1711.01558](https://arxiv.org/abs/1711.01558) |
# | 6 | Higgins et al. 2017, "beta-VAE" ([ICLR](https://openreview.net/forum?id=Sy2fzU9gl)); Alemi et al. 2018, "Fixing a broken ELBO" | [1711.00464](https://arxiv.org/abs/1711.00464) |
# | 6 | Kingma et al. 2016, "Improving variational inference with inverse autoregressive flow" (free bits) | [1606.04934](https://arxiv.org/abs/1606.04934) |
# | 6 | Chen et al. 2017, "Variational lossy autoencoder" (powerful decoders) | [1611.02731](https://arxiv.org/abs/1611.02731) |
#
# **How it works.** Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and
# below it a **check cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest
# mistakes of shape and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. Networks
# and training steps have a check cell, too, which earns nothing. Their points are in the **analysis** that ends each part: a
# person grades it with your figures in view, so hand the notebook in **with its outputs**. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math

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
# | $x$ | `x` | a batch of data | `(B, D)` or `(B, C, H, W)` |
# | $\hat x$ | `x_hat` | its reconstruction | as `x` |
# | | `logits` | the decoder's output before the sigmoid | as `x` |
# | $z$ | `z` | codes (latents) | `(B, D)` |
# | $\mu, \log\sigma^2$ | `mu`, `logvar` | mean and **log-variance** of $q(z \mid x)$ | `(B, D)` |
# | $\epsilon$ | `eps` | standard normal noise, handed to you | `(B, D)` |
# | $q(z \mid x)$, $p(z)$ | | encoder's distribution, prior $N(0, I)$ | |
#
# * Losses are in nats. Unless a question says otherwise, a loss is **summed over pixels or latents and averaged over the batch**.
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
# * Each question is graded independently: a mistake in one costs nothing in another, even where a function calls an earlier one.

# %% [markdown]
# ## The data
#
# 4,000 handwritten digits for training and 1,000 for testing, with pixels in $[0, 1]$. Each training cell below saves its
# weights in `artifacts/`, which you hand in too.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead,
# and `source="torchvision"` in `load_digits` for all 60,000 digits.

# %% train="experiment_setup"
N_LATENT, BATCH_SIZE, N_SAMPLES = 64, 128, 1000
UNIT = (0.0, 1.0)  # pixels lie in [0, 1] in this notebook

import matplotlib.pyplot as plt

from dgm import plots
from dgm.data import batches, load_digits
from dgm.metrics import digit_distance
from dgm.training import (
    Settings,
    adam,
    evaluating,
    fit,
    keep,
    keep_tensors,
    over_seeds,
    seed_everything,
)
from dgm.trial import check_leftovers, check_loss_alone, check_moved, tiny_autoencoder, trial_step

settings = Settings()
device = settings.device
WIDTH = settings.width(400)

x_train, _ = load_digits("train", value_range=UNIT)
x_test, y_test = load_digits("test", value_range=UNIT)
x_train, x_test = x_train.to(device), x_test.to(device)
x_show = x_train[
    :10
]  # the training digits whose reconstructions you will see every 1,000 iterations
scores = {}


def fit_digits(name, step, reconstruct, n_iterations):
    """Train with step(x) on random batches; return the losses, and x_show with its reconstructions by iteration."""
    stream = batches(x_train, BATCH_SIZE)
    history, stages = fit(
        name,
        lambda i: step(next(stream)),
        settings.iterations(n_iterations),
        lambda: reconstruct(x_show),
        every=settings.iterations(1000),
        first=None,
    )
    return history, {"input": x_show} | stages


def score(name, images):
    """Put a model's 1,000 images into the table: their Frechet distance to the test digits."""
    scores[name] = digit_distance(images, x_test, value_range=UNIT)
    print(f"{name}: Frechet distance {scores[name]:.0f}")


print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
plots.show_images(x_train[:24], "Training digits", n_columns=12, value_range=UNIT)

# %% [markdown]
# **How samples are judged.** A small classifier, trained on the same digits, turns an image into 64 features. Fit one
# Gaussian to the features of 1,000 samples and one to those of the 1,000 test digits; the *Frechet distance* between the
# two Gaussians,
#
# $$d^2 = \lVert m_1 - m_2 \rVert^2 + \operatorname{tr}\bigl(C_1 + C_2 - 2 (C_1 C_2)^{1/2}\bigr),$$
#
# is small when the samples look like digits *and* come in the same variety. Its scale means nothing by itself, so the next
# cell shows what real digits get (the floor: nothing can be expected to do better) and what noise gets (the ceiling).

# %% train="metric_scale"
seed_everything(0)
score("real training digits", x_train[:N_SAMPLES])
score("uniform noise", torch.rand(N_SAMPLES, 1, 28, 28, device=device))

# %% [markdown]
# ## 1. A plain auto-encoder
#
# ### Reconstruction loss
#
# An encoder $f_\alpha$ maps an image to a code, a decoder $g_\beta$ maps it back, and both learn to make the round trip
# short. The distance is taken over the whole image, so one image costs one number: the squared Euclidean norm of the
# difference.
#
# $$L(\alpha, \beta) = \frac{1}{B} \sum_{i=1}^{B} \lVert x_i - g_\beta(f_\alpha(x_i)) \rVert^2$$
#
# Libraries like to average over pixels as well. That only rescales the loss here, but in a VAE it changes the balance
# against the KL term, so we fix the convention from the start.


# %% answer="reconstruction_loss"
def reconstruction_loss(x: Tensor, x_hat: Tensor) -> Tensor:
    """Squared error of the reconstructions, summed over all dimensions but the first and averaged over the batch.

    x, x_hat: (B, ...) with one further dimension or more. Returns a scalar.
    """
    ### BEGIN SOLUTION
    return (x - x_hat).pow(2).flatten(start_dim=1).sum(dim=1).mean()
    ### END SOLUTION


# %% check="reconstruction_loss"
@visible_checks("reconstruction_loss")
def _():
    value = reconstruction_loss(torch.ones(4, 3), torch.zeros(4, 3))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert value > 0, "a squared distance is not negative"
    assert abs(float(value) - 3.0) < 1e-5, (
        "with three pixels, each off by one, an image costs 3, whatever the size of the batch"
    )
    image = reconstruction_loss(torch.ones(2, 1, 4, 4), torch.zeros(2, 1, 4, 4))
    assert image.shape == (), (
        "images of shape (B, C, H, W) give one number as well: sum over all dimensions but the first"
    )


# %% [markdown]
# ### The networks
#
# The encoder $f_\alpha$ maps an image to 64 numbers, the decoder $g_\beta$ maps them back, and both learn from the squared
# error alone. Nothing is said about where in the 64-dimensional space the codes lie. Keep that in mind when you see what the
# decoder makes of random codes.
#
# **Write the two networks.** The architecture is yours. Two hidden layers on each side, of `width` and `width // 2` units,
# are enough for digits; `dgm.nets` has `mlp`, `conv_down` and `conv_up` if you would like convolutions (slower without a
# GPU).


# %% answer="build_autoencoder"
def build_autoencoder(n_latent: int, width: int) -> tuple[nn.Module, nn.Module]:
    """A plain auto-encoder for digits.

    n_latent: size of the code; width: hidden units (or channels, if you use convolutions and choose a smaller number).
    Returns (encoder, decoder): (B, 1, 28, 28) -> (B, n_latent), any real numbers, and (B, n_latent) -> (B, 1, 28, 28) in [0, 1].
    """
    ### BEGIN SOLUTION
    half = width // 2
    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, width),
        nn.ReLU(),
        nn.Linear(width, half),
        nn.ReLU(),
        nn.Linear(half, n_latent),
    )
    decoder = nn.Sequential(
        *(nn.Linear(n_latent, half), nn.ReLU(), nn.Linear(half, width), nn.ReLU()),
        *(nn.Linear(width, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))),
    )
    return encoder, decoder
    ### END SOLUTION


# %% [markdown]
# **Write one training step**, with your `reconstruction_loss`.


# %% answer="ae_step"
def ae_step(
    encoder: nn.Module, decoder: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor
) -> dict[str, Tensor]:
    """One optimisation step of the auto-encoder on a batch x (B, 1, 28, 28) in [0, 1].

    optimizer holds the parameters of both networks. Returns {"squared error": loss}, the loss before the step.
    """
    ### BEGIN SOLUTION
    loss = reconstruction_loss(x, decoder(encoder(x)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"squared error": loss}
    ### END SOLUTION


# %% [markdown]
# The next cell checks both. It earns nothing, but a training run that is wrong costs you minutes: one step on two tiny
# networks must move both of them, and must not depend on what an earlier step left behind.


# %% train="ae_checks"
@visible_checks("build_autoencoder")
def _():
    encoder, decoder = build_autoencoder(5, 40)
    codes = encoder(torch.rand(3, 1, 28, 28))
    assert codes.shape == (3, 5), f"the encoder gives (B, n_latent), not {tuple(codes.shape)}"
    images = decoder(10 * torch.randn(3, 5))
    assert images.shape == (3, 1, 28, 28), (
        f"the decoder gives (B, 1, 28, 28), not {tuple(images.shape)}"
    )
    assert images.min() >= 0 and images.max() <= 1, "the decoder's pixels lie in [0, 1]"


@visible_checks("ae_step")
def _():
    x, networks = torch.rand(4, 1, 28, 28), tiny_autoencoder()

    def step(optimizer, encoder, decoder):
        return ae_step(encoder, decoder, optimizer, x)

    check_loss_alone(step, "squared error", *networks)


# %% train="ae"
seed_everything(1)
ae_encoder, ae_decoder = (module.to(device) for module in build_autoencoder(N_LATENT, WIDTH))
ae_optimizer = adam(ae_encoder, ae_decoder)


def ae_reconstruct(x):
    with evaluating(ae_encoder, ae_decoder):
        return ae_decoder(ae_encoder(x))


ae_history, ae_stages = fit_digits(
    "auto-encoder",
    lambda x: ae_step(ae_encoder, ae_decoder, ae_optimizer, x),
    ae_reconstruct,
    n_iterations=3000,
)
keep("ae", encoder=ae_encoder, decoder=ae_decoder)
plots.loss_curves(
    {"": ae_history},
    "Plain auto-encoder: training loss",
    ylabel="squared error per image",
    log=True,
)
plots.show_rows(ae_stages, "Training digits: which details come last?", value_range=UNIT)
plots.show_rows(
    {"input": x_test[:10], "output": ae_reconstruct(x_test[:10])},
    "Test digits: is anything lost on new digits?",
    value_range=UNIT,
)
print(
    f"squared error per image on the test digits: {reconstruction_loss(x_test, ae_reconstruct(x_test)).item():.2f}"
)

# %% [markdown]
# And now as a generative model: decode codes drawn from $\mathcal{N}(0, I)$, and then codes drawn from a Gaussian with the
# mean and covariance of the training codes. **Look for** strokes that belong to no digit.

# %% train="ae_samples"
seed_everything(2)
with evaluating(ae_encoder, ae_decoder):
    ae_codes = ae_encoder(x_train)
    ae_gaussian = torch.distributions.MultivariateNormal(
        ae_codes.mean(0), torch.cov(ae_codes.T) + 1e-4 * torch.eye(N_LATENT, device=device)
    )
    ae_samples = {
        "AE, z ~ N(0, I)": ae_decoder(torch.randn(N_SAMPLES, N_LATENT, device=device)),
        "AE, z ~ N(m, C) of the codes": ae_decoder(ae_gaussian.sample((N_SAMPLES,))),
    }
print(
    f"standard deviation of the codes, smallest and largest of {N_LATENT} latents: {ae_codes.std(0).min():.2f}, {ae_codes.std(0).max():.2f}"
)
for name, images in ae_samples.items():
    score(name, images)
plots.show_grids(
    {name: images[:48] for name, images in ae_samples.items()},
    "Samples of a plain auto-encoder",
    value_range=UNIT,
)

# %% [markdown]
# **Analysis** (5 points). (a) Describe the loss curve and the reconstructions at 1,000, 2,000 and 3,000 iterations: what is
# there early, and what comes late? (b) Compare the error on training and test digits, and explain the difference. (c)
# Explain the two sets of samples, with the spread of the codes and the distances: why is $\mathcal{N}(0, I)$ a poor choice,
# and why does fitting a Gaussian help only in part?
#
# *Limit: 300 words, a formula counting as one.*

# %% [markdown] analysis="ae_training"
# ### BEGIN SOLUTION
# (a) On the logarithmic scale the curve falls steeply for a few hundred iterations, from about 60 to 20, and then
# slowly to about 4.6, without levelling off. At 1,000 iterations nearly every digit can be named: position, slant,
# thickness and the main strokes are there, but some are doubtful. What comes late is what is rare: the ends of
# strokes, gaps that should stay open, the odd hook of one writer's 4.
#
# (b) The error is about 4.6 per image on training digits and 9.9 on test digits, twice as much. 3,000 batches of 128
# are almost a hundred passes over 4,000 digits, enough for the networks to fit those very images. The unusual test
# digits (the blotted 9, the heavy 7) lose most.
#
# (c) The loss never mentions where codes should lie, and the standard deviations of the latents come out between 1.8
# and 3.9. A code from N(0, I) therefore lies much nearer to the origin than the codes of digits do, where the decoder
# was never trained: grey smears, distance 3,275. With the mean and covariance of the codes most samples have strokes
# of real digits (654). But the codes are no Gaussian: they lie in clusters and on curved sheets, and a Gaussian fills
# the space between these too, so some samples are parts of several digits, or none.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the curve falls steeply first and slowly later; rough shape, position and slant early, stroke ends and thin
#   strokes late.
# - 1 point: gives both errors; the test error is higher because 64 numbers and many passes over 4,000 digits let the
#   networks fit the training digits themselves (over-fitting), not because the code is too small.
# - 1 point: the loss does not ask for any distribution of codes; their spread is nothing like 1, so N(0, I) lands where the
#   decoder never trained.
# - 1 point: the fitted Gaussian has the right mean and covariance but the codes are not Gaussian (classes, curved
#   clusters), so it still puts mass in gaps between them.
# - 1 point: the figures are there, and the statements refer to them and to the numbers printed.
# ### END MARK SCHEME

# %% [markdown]
# ## 2. The variational auto-encoder
#
# The codes of an auto-encoder lie wherever the encoder happened to put them, so nobody knows where to look for a new code. A
# VAE has its encoder give a *distribution* $q(z \mid x) = N(\mu(x), \mathrm{diag}(\sigma^2(x)))$ instead, keeps it near a
# prior from which we can sample, and maximises the evidence lower bound (ELBO; Kingma and Welling 2014, eq. 3):
#
# $$\log p(x) \;\ge\; \mathbb{E}_{q(z \mid x)}\left[\log p(x \mid z)\right] - \mathrm{KL}\left(q(z \mid x) \,\|\, p(z)\right)$$
#
# You write the two terms, last one first, and the sampling between them.
#
# ### KL to the prior
#
# Both distributions are Gaussian with independent coordinates, so the KL is a sum over coordinates, with a closed form
# (Kingma and Welling 2014, appendix B):
#
# $$\mathrm{KL}\left(N(\mu, \mathrm{diag}(\sigma^2)) \,\|\, N(0, I)\right)
# = \frac{1}{2} \sum_{d=1}^{D} \left( \mu_d^2 + \sigma_d^2 - 1 - \log \sigma_d^2 \right)$$
#
# The encoder gives $\log \sigma^2$ and not $\sigma$, because any real number is a valid log-variance.


# %% answer="kl_divergence"
def kl_divergence(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, diag(exp(logvar))) || N(0, I)) in nats (Kingma and Welling 2014, appendix B).

    mu, logvar: (B, D), log-variances from -60 to 40 at least. Returns a scalar: summed over the D latents, averaged over the batch.
    """
    ### BEGIN SOLUTION
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(dim=1).mean()
    ### END SOLUTION


# %% check="kl_divergence"
@visible_checks("kl_divergence")
def _():
    value = kl_divergence(torch.zeros(4, 3), torch.zeros(4, 3))
    assert torch.is_tensor(value) and value.shape == (), (
        "the KL is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value)) < 1e-6, "mean 0 and log-variance 0 is the prior itself: the KL is zero"
    shifted = kl_divergence(torch.ones(4, 3), torch.zeros(4, 3))
    assert shifted > 0, "a KL is not negative: check the sign"
    assert abs(float(shifted) - 1.5) < 1e-5, (
        "three latents whose means are off by one cost half a nat each, whatever the batch size"
    )
    assert kl_divergence(torch.zeros(4, 3), torch.full((4, 3), -3.0)) > 0.1, (
        "a posterior much narrower than the prior has a positive KL"
    )


# %% [markdown]
# The picture shows what your KL charges for one latent. Look for the single zero, at the prior, and for how differently it
# treats a posterior that is too narrow and one that is too wide.


# %% train="kl_surface"
@picture
def _():
    means, logvars = torch.linspace(-3, 3, 61), torch.linspace(-4, 2, 61)
    cost = torch.tensor(
        [[float(kl_divergence(m.reshape(1, 1), v.reshape(1, 1))) for m in means] for v in logvars]
    )
    figure, axes = plt.subplots(figsize=(5.5, 4))
    filled = axes.contourf(means, logvars, cost, levels=20)
    axes.plot([0], [0], "w*", markersize=12, label="prior")
    axes.set(title="KL of one latent to the prior", xlabel="mean", ylabel="log-variance")
    axes.legend()
    figure.colorbar(filled, label="KL (nats)")
    plt.show()


# %% [markdown]
# ### Reparameterisation
#
# The ELBO needs samples $z \sim N(\mu, \mathrm{diag}(\sigma^2))$, and training needs to know how a sample changes when $\mu$
# and $\sigma$ do. So draw the randomness first, from a distribution without parameters, and make the sample a deterministic,
# differentiable function of it (Kingma and Welling 2014, section 2.4):
#
# $$z = \mu + \sigma \odot \epsilon, \qquad \epsilon \sim N(0, I)$$
#
# The noise is an argument of your function: whoever calls it does the drawing.


# %% answer="reparameterize"
def reparameterize(mu: Tensor, logvar: Tensor, eps: Tensor) -> Tensor:
    """The sample of N(mu, diag(exp(logvar))) that belongs to the noise eps (Kingma and Welling 2014, section 2.4).

    mu, logvar, eps: (B, D), log-variances from -60 to 60 at least. Returns z: (B, D), differentiable in mu and logvar; eps counts as
    a constant and needs no gradient. Draws nothing itself: torch's random state stays as it was.
    """
    ### BEGIN SOLUTION
    return mu + torch.exp(0.5 * logvar) * eps
    ### END SOLUTION


# %% check="reparameterize"
@visible_checks("reparameterize")
def _():
    mu, logvar, eps = (
        torch.randn(4, 3, requires_grad=True),
        torch.zeros(4, 3, requires_grad=True),
        torch.randn(4, 3),
    )
    z = reparameterize(mu, logvar, eps)
    assert z.shape == (4, 3), f"z has the shape of mu, (4, 3); yours has {tuple(z.shape)}"
    assert torch.allclose(reparameterize(mu, logvar, torch.zeros(4, 3)), mu), (
        "without noise (eps = 0) the sample is the mean"
    )
    assert torch.allclose(z, mu + eps, atol=1e-5), (
        "with log-variance 0 the standard deviation is 1, so z is mu + eps"
    )
    assert z.requires_grad, "gradients must flow from z to mu and logvar"


# %% [markdown]
# ### The likelihood of the pixels
#
# For images in $[0, 1]$ a decoder can give each pixel a coin with its own probability of being white, $p_d =
# \mathrm{sigmoid}(\ell_d)$. The number $\ell_d$, any real, is called the *logit*. The negative log-likelihood of an image is
# then the binary cross-entropy (Kingma and Welling 2014, appendix C.1):
#
# $$-\log p(x \mid z) = -\sum_{d} \left[ x_d \log p_d + (1 - x_d) \log (1 - p_d) \right]$$
#
# Computed as written, this fails: in float32 the sigmoid of 100 is exactly 1, and $\log(1 - p)$ is $-\infty$ where the true
# value is $-100$. Work from the logits so that the loss stays finite and exact for any of them, and its gradient too: as a
# function of $\ell_d$ the loss is smooth everywhere, at 0 as well.
#
# A coin shows black or white, but one pixel in five of our digits is grey. For $0 < x_d < 1$ the sum above is a
# cross-entropy and no likelihood: even a perfect decoder pays the entropy of the grey levels, 46.6 nats for an average test
# digit.


# %% answer="bernoulli_nll"
def bernoulli_nll(x: Tensor, logits: Tensor) -> Tensor:
    """Negative log-likelihood of independent Bernoulli pixels (Kingma and Welling 2014, appendix C.1), in nats.

    x: (B, ...) in [0, 1], grey values included; logits: the same shape, any real numbers, 1e4 and beyond included.
    Returns a scalar: summed over all dimensions but the first, averaged over the batch.
    """
    ### BEGIN SOLUTION
    return (
        F.binary_cross_entropy_with_logits(logits, x, reduction="none")
        .flatten(start_dim=1)
        .sum(dim=1)
        .mean()
    )
    ### END SOLUTION


# %% check="bernoulli_nll"
@visible_checks("bernoulli_nll")
def _():
    value = bernoulli_nll(torch.ones(4, 3), torch.zeros(4, 3))
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert value > 0, "-log p of a coin is positive: check the sign"
    assert abs(float(value) - 3 * math.log(2)) < 1e-4, (
        "three fair coins (logit 0) cost 3 log 2 nats an image, whatever the batch size"
    )
    sure = bernoulli_nll(torch.ones(2, 3), torch.full((2, 3), 20.0))
    assert float(sure) < 1e-3, "large positive logits mean a white pixel (x = 1), at almost no cost"
    assert torch.isfinite(bernoulli_nll(torch.zeros(2, 3), torch.full((2, 3), 200.0))), (
        "a logit of 200 gives an infinite loss or nan"
    )


# %% [markdown]
# ### The training loss, with a dial
#
# What we minimise is the negative ELBO, for one sample of $z$ per image. The $\beta$-VAE (Higgins et al. 2017, eq. 4) puts a
# weight on one of its two terms:
#
# $$L_\beta = -\log p(x \mid z) + \beta \, \mathrm{KL}\left(q(z \mid x) \,\|\, p(z)\right)$$
#
# With $\beta = 1$ it is the bound; with $\beta > 1$ the code is pressed harder towards the prior. You may call your earlier
# functions.


# %% answer="beta_vae_loss"
def beta_vae_loss(
    x: Tensor, logits: Tensor, mu: Tensor, logvar: Tensor, beta: float = 1.0
) -> Tensor:
    """Negative ELBO of a Bernoulli VAE with weight beta on the KL (Higgins et al. 2017, eq. 4), in nats.

    x, logits: (B, ...), x in [0, 1], logits of any size; mu, logvar: (B, D); beta: any number >= 0, 0 included.
    Returns a scalar: each term summed over pixels or latents, averaged over the batch.
    """
    ### BEGIN SOLUTION
    return bernoulli_nll(x, logits) + beta * kl_divergence(mu, logvar)
    ### END SOLUTION


# %% check="beta_vae_loss"
@visible_checks("beta_vae_loss")
def _():
    x, logits, zeros = torch.rand(4, 6), torch.randn(4, 6), torch.zeros(4, 3)
    value = beta_vae_loss(x, logits, zeros, zeros)
    assert torch.is_tensor(value) and value.shape == (), (
        "the loss is one number for the batch: return a 0-d tensor"
    )
    assert value > 0, "the negative ELBO of binary pixels is positive: check the sign"
    assert torch.allclose(value, beta_vae_loss(x, logits, zeros, zeros, beta=10.0)), (
        "where q is the prior, beta must not matter"
    )
    away = torch.ones(4, 3)
    dear, cheap = (
        beta_vae_loss(x, logits, away, zeros, beta=2.0),
        beta_vae_loss(x, logits, away, zeros, beta=1.0),
    )
    assert dear > cheap, "a larger beta makes distance from the prior dearer"


# %% [markdown]
# ### The networks and the step
#
# The encoder now outputs 128 numbers: 64 means and 64 log-variances of $q(z \mid x)$. A code is drawn with your
# `reparameterize`, the decoder gives the *logits* of 784 Bernoulli pixels, and the loss is the negative ELBO in nats per
# image:
#
# $$\underbrace{-\sum_{\text{pixels}} \log p(x \mid z)}_{\texttt{bernoulli\_nll}} \; + \; \beta \,
# \underbrace{\sum_{j=1}^{64} \mathrm{KL}\bigl(\mathcal{N}(\mu_j, \sigma_j^2) \,\Vert\, \mathcal{N}(0, 1)\bigr)}_{\texttt{kl\_divergence}}$$
#
# The constant $\beta$ balances the two terms. With sums over pixels and latents, $\beta = 1$ is the bound itself and needs
# no tuning. Many texts average the first term over the pixels instead; that is the same as multiplying $\beta$ by 784, and
# then a balance constant far below 1 is needed to undo it.


# %% answer="build_vae"
def build_vae(n_latent: int, width: int) -> tuple[nn.Module, nn.Module]:
    """A VAE for digits.

    Returns (encoder, decoder): (B, 1, 28, 28) -> (B, 2 n_latent), the means and then the log-variances, and
    (B, n_latent) -> (B, 1, 28, 28), logits (no sigmoid at the end).
    """
    ### BEGIN SOLUTION
    half = width // 2
    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, width),
        nn.ReLU(),
        nn.Linear(width, half),
        nn.ReLU(),
        nn.Linear(half, 2 * n_latent),
    )
    decoder = nn.Sequential(
        *(nn.Linear(n_latent, half), nn.ReLU(), nn.Linear(half, width), nn.ReLU()),
        *(nn.Linear(width, 784), nn.Unflatten(1, (1, 28, 28))),
    )
    return encoder, decoder
    ### END SOLUTION


# %% answer="vae_step"
def vae_step(
    encoder: nn.Module,
    decoder: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    beta: float = 1.0,
) -> dict[str, Tensor]:
    """One optimisation step on the negative ELBO of a batch x (B, 1, 28, 28) in [0, 1], with fresh noise for each image.

    Returns {"loss": ..., "reconstruction": ..., "KL": ...} before the step: nats, averaged over the batch, the KL without beta.
    """
    ### BEGIN SOLUTION
    mu, logvar = encoder(x).chunk(2, dim=1)
    logits = decoder(reparameterize(mu, logvar, torch.randn_like(mu)))
    loss = beta_vae_loss(x, logits, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {
        "loss": loss,
        "reconstruction": bernoulli_nll(x, logits.detach()),
        "KL": kl_divergence(mu.detach(), logvar.detach()),
    }
    ### END SOLUTION


# %% train="vae_checks"
@visible_checks("build_vae")
def _():
    encoder, decoder = build_vae(5, 40)
    outputs = encoder(torch.rand(3, 1, 28, 28))
    assert outputs.shape == (3, 10), (
        f"the encoder gives means and log-variances, (B, 2 n_latent), not {tuple(outputs.shape)}"
    )
    logits = decoder(10 * torch.randn(3, 5))
    assert logits.shape == (3, 1, 28, 28), (
        f"the decoder gives (B, 1, 28, 28), not {tuple(logits.shape)}"
    )
    assert logits.min() < 0, "the decoder gives logits, any real numbers: no sigmoid at its end"


@visible_checks("vae_step")
def _():
    x, (encoder, decoder) = torch.rand(4, 1, 28, 28), tiny_autoencoder(n_out=6)

    def step(optimizer, encoder, decoder):
        return vae_step(encoder, decoder, optimizer, x, beta=2.0)

    losses, moved = trial_step(step, encoder, decoder)
    assert isinstance(losses, dict) and set(losses) == {"loss", "reconstruction", "KL"}, (
        'return a dictionary with the keys "loss", "reconstruction" and "KL"'
    )
    check_moved(moved)
    assert math.isclose(
        losses["loss"], losses["reconstruction"] + 2 * losses["KL"], rel_tol=1e-4
    ), "with beta = 2 the loss is the reconstruction plus twice the KL: return the KL without beta"
    still, _ = trial_step(step, encoder, decoder, lr=0.0)
    assert math.isclose(losses["loss"], still["loss"], rel_tol=1e-5), (
        "return the losses before the step"
    )
    check_leftovers(step, moved, encoder, decoder)
    frozen = torch.optim.SGD(encoder.parameters(), lr=0.0)
    first, second = (vae_step(encoder, decoder, frozen, x)["reconstruction"] for _ in range(2))
    assert torch.as_tensor(first).item() != torch.as_tensor(second).item(), (
        "each step draws fresh noise"
    )


# %% train="vae"
seed_everything(3)
vae_encoder, vae_decoder = (module.to(device) for module in build_vae(N_LATENT, WIDTH))
vae_optimizer = adam(vae_encoder, vae_decoder)


def vae_reconstruct(x):
    """Decode the mean of q(z | x)."""
    with evaluating(vae_encoder, vae_decoder):
        return vae_decoder(vae_encoder(x).chunk(2, dim=1)[0]).sigmoid()


vae_history, vae_stages = fit_digits(
    "VAE",
    lambda x: vae_step(vae_encoder, vae_decoder, vae_optimizer, x),
    vae_reconstruct,
    n_iterations=4000,
)
keep("vae", encoder=vae_encoder, decoder=vae_decoder)
plots.loss_curves(
    {"": {name: vae_history[name] for name in ("loss", "reconstruction")}},
    "VAE: the loss and its first term",
    ylabel="nats per image",
    log=True,
)
plots.loss_curves(
    {"": {"KL": vae_history["KL"]}},
    "VAE: the second term. When does it fall, and when does it rise?",
    ylabel="nats per image",
)
plots.show_rows(
    vae_stages,
    "Training digits: compare the sharpness with the plain auto-encoder's",
    value_range=UNIT,
)
plots.show_rows(
    {"input": x_test[:10], "output": vae_reconstruct(x_test[:10])}, "Test digits", value_range=UNIT
)

# %% [markdown]
# What sets a VAE apart from the auto-encoder: samples from the prior. **Look for** the share that you can name, and for
# shapes between two digits.

# %% train="vae_samples"
seed_everything(4)
with evaluating(vae_decoder):
    vae_samples = vae_decoder(torch.randn(N_SAMPLES, N_LATENT, device=device)).sigmoid()
score("VAE", vae_samples)
plots.show_images(vae_samples[:60], "VAE: samples from the prior", n_columns=12, value_range=UNIT)

# %% [markdown]
# **Graded by its samples** (4 points). The next cell saves these 1,000 samples as grey levels in
# `artifacts/vae_samples.safetensors`, which you hand in with the notebook. The points come from that file, and no code is
# run for them. What counts is the Fréchet distance of the samples to the test digits: at most 900 earns all points, at most
# 1200 half of them. Two conditions: at least eight of the ten digits have more than 2% of the samples, as the classifier
# sees them, and the samples are the model's own. Copies of real digits, or the same few samples many times over, earn
# nothing. The last of these cells shows what the grader will report.

# %% train="vae_keep_samples"
_ = keep_tensors("vae_samples", {"samples": (255 * vae_samples).round().to(torch.uint8)})

# %% quality="vae_samples_quality"

# %% [markdown]
# ### A tighter bound: importance weighting
#
# How good is the bound that you trained? The gap to $\log p(x)$ can't be computed here, but it can be made smaller.
#
# The ELBO averages $\log w$ with $w_k = p(x, z_k) / q(z_k \mid x)$. The average of $w$ itself is an unbiased estimate of
# $p(x)$, so take the average first and the logarithm after (Burda et al. 2016, IWAE, eq. 8):
#
# $$\mathcal{L}_K = \mathbb{E}_{z_1, \dots, z_K \sim q}\left[\log \frac{1}{K} \sum_{k=1}^{K} \frac{p(x, z_k)}{q(z_k \mid x)}\right]$$
#
# $K = 1$ is the ELBO, and the bound rises towards $\log p(x)$ with $K$. For images $\log w$ lies at $-100$ or far below,
# where $w$ is 0 in floating point: the average must be taken without leaving log space.


# %% answer="iwae_bound"
def iwae_bound(log_w: Tensor) -> Tensor:
    """The importance-weighted bound (Burda et al. 2016, eq. 8), in nats.

    log_w: (K, B), log p(x, z_k) - log q(z_k | x) for sample k of image b; values of -1e4 and below are usual, and both images
    and the samples of one image may lie thousands of nats apart.
    Returns a scalar: the log of the mean weight over the K samples, averaged over the batch.
    """
    ### BEGIN SOLUTION
    K = log_w.shape[0]
    return (torch.logsumexp(log_w, dim=0) - math.log(K)).mean()
    ### END SOLUTION


# %% check="iwae_bound"
@visible_checks("iwae_bound")
def _():
    value = iwae_bound(torch.zeros(5, 3))
    assert torch.is_tensor(value) and value.shape == (), (
        "the bound is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value)) < 1e-6, "where all weights are 1, their mean is 1 and the bound is 0"
    single = torch.tensor([[-3.0, -5.0]])
    assert abs(float(iwae_bound(single)) + 4.0) < 1e-5, (
        "with one sample (K = 1), the bound is the batch average of log w"
    )
    assert torch.isfinite(iwae_bound(torch.full((5, 3), -1000.0))), (
        "log-weights of -1000 give an infinite bound or nan"
    )


# %% [markdown]
# Does it climb to the truth? With one latent and one pixel, $z \sim N(0, 1)$ and $x \mid z \sim N(1.2 z + 0.3, 0.6^2)$, the
# integral over $z$ is an area that a fine grid gives. The encoder is wrong on purpose. Look at how much the first few samples
# buy, and how little the later ones.


# %% train="iwae_curve"
@picture
def _():
    normal = torch.distributions.Normal
    x, w, b, sigma = torch.tensor(1.5), 1.2, 0.3, 0.6
    q = normal(0.2, 0.7)

    def log_joint(z):
        return normal(w * z + b, sigma).log_prob(x) + normal(0.0, 1.0).log_prob(z)

    z = q.sample((512, 2000))
    log_w = log_joint(z) - q.log_prob(z)
    sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    bounds = [float(iwae_bound(log_w[:size])) for size in sizes]
    grid = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    truth = torch.trapezoid(log_joint(grid).exp(), grid).log()
    _, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.semilogx(sizes, bounds, "o-", label="importance-weighted bound")
    axes.axhline(float(truth), color="black", label="log p(x)")
    axes.set(
        title="The bound against the number of samples", xlabel="K (samples per x)", ylabel="nats"
    )
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.show()


# %% [markdown]
# The bound on 250 training and 250 test digits, with 1 to 64 codes per image. **Look at** how much the first few codes buy
# and how little the later ones, and at the distance between the two curves. Compare these numbers with each other only. The
# pixels are grey, so some 46 nats of each number are the entropy of the grey levels, and papers report black-and-white
# digits.

# %% train="vae_bound"
seed_everything(14)


def log_weights(x, n_samples):
    """log p(x, z_k) - log q(z_k | x) for n_samples codes drawn from q: (K, B)."""
    with evaluating(vae_encoder, vae_decoder):
        mu, logvar = vae_encoder(x).chunk(2, dim=1)
        posterior = torch.distributions.Normal(mu, (0.5 * logvar).exp())
        prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
        z = posterior.sample((n_samples,))
        logits = vae_decoder(z.flatten(0, 1)).view(n_samples, len(x), -1)
        log_likelihood = -F.binary_cross_entropy_with_logits(
            logits, x.flatten(1).expand_as(logits), reduction="none"
        ).sum(-1)
        return log_likelihood + (prior.log_prob(z) - posterior.log_prob(z)).sum(-1)


sizes = [1, 2, 4, 8, 16, 32, 64]
_, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
for label, x in (("training", x_train[:250]), ("test", x_test[:250])):
    log_w = log_weights(x, 64)
    # Each size uses all 64 codes of an image, in groups of that size.
    bounds = [
        -torch.stack([iwae_bound(part) for part in log_w.split(size)]).mean().item()
        for size in sizes
    ]
    ax.semilogx(sizes, bounds, "o-", base=2, label=f"{label} digits")
    grey = F.binary_cross_entropy(x, x, reduction="sum").item() / len(x)
    print(
        f"{label} digits: -ELBO {bounds[0]:.1f} nats, K = 64: {bounds[-1]:.1f} nats, entropy of the grey levels {grey:.1f} nats"
    )
ax.set(title="VAE: bounds on -log p(x)", xlabel="K (codes per image)", ylabel="nats per image")
ax.grid(alpha=0.3)
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# **Analysis** (8 points). (a) Describe the three curves. Which term does the network improve first, and why does the KL
# rise? (b) Which balance constant did you use? Say what the pictures and the two terms would look like with a $\beta$ much
# larger and much smaller, and which $\beta$ a mean over pixels amounts to. (c) Compare the reconstructions with the plain
# auto-encoder's, on training and test digits, and explain the difference. (d) Compare the samples with the reconstructions
# and with the plain auto-encoder's samples, with the distances. Why are there samples that are no digit? (e) Compare the
# bound on training and test digits, and explain what the importance-weighted bound adds.
#
# *Limit: 500 words, a formula counting as one.*

# %% [markdown] analysis="vae_training"
# ### BEGIN SOLUTION
# (a) The reconstruction term falls all the way, fast at first, to about 80 nats. The KL starts with a short spike from the
# random initial weights, drops below 1, and then climbs to about 14 at iteration 500 and 19 at the end. The first gain is
# the mean image, which needs no code; after that the reconstruction can fall only if the code says something about x, and
# that means leaving the prior: a nat of KL is paid wherever it saves more than one nat of reconstruction.
#
# (b) I used beta = 1, with sums over pixels and latents: the bound itself. With a much larger beta a nat in the code must
# save beta nats of reconstruction; the KL goes towards 0 and the reconstructions towards the mean digit. With a much
# smaller one the KL is large, reconstructions are as sharp as the auto-encoder's, and samples from the prior get as bad as
# its samples, since codes may lie anywhere. A mean over the 784 pixels with weight 1 on the KL is beta = 784; the fair
# weight would be 1/784.
#
# (c) The VAE's reconstructions are softer, on training and on test digits, and unusual parts change to usual ones (the
# blotted test 9 gets a clean loop). A code carries only 19 nats and arrives with noise; what it leaves open, the decoder
# answers with the mean of the possible images, which is blurred. Test digits look worse than training digits here too, for
# the same reason as before.
#
# (d) Distance 582, against 3,275 for the auto-encoder at the same prior: most samples can be named. The others are
# mixtures, worse than any reconstruction. Every q(z|x) is pulled towards N(0, I), but their average over the data is not
# exactly N(0, I); a draw from the prior can fall where no digit's code lies.
#
# (e) -ELBO is 100.8 nats on training and 112.1 on test digits: the gap of 11 nats is over-fitting. With 64 codes the bound
# is 97.8 and 106.4, tighter by 3 and 6 nats, because importance weights make up for part of the difference between q(z|x),
# a diagonal Gaussian from one pass of the encoder, and the true posterior. Each doubling of K buys less. It is a better
# bound for the same model: the samples don't change. Of all these numbers 46 nats are the entropy of grey pixels.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the reconstruction term falls throughout; the KL rises from near 0, because a code can say something about x
#   only by leaving the prior.
# - 1 point: names the constant; too large: KL near 0, blurred or identical reconstructions; too small: sharp
#   reconstructions and poor samples.
# - 1 point: a mean over the 784 pixels with weight 1 on the KL is beta = 784 in nats (or: its fair weight is 1/784).
# - 1 point: reconstructions blurrier than the auto-encoder's: noise in z and the KL limit the information in a code, and
#   the Bernoulli mean averages over what the code leaves open.
# - 1 point: training against test digits, for reconstructions or bounds: a gap from over-fitting 4,000 images, stated with
#   numbers.
# - 1 point: samples far better than the auto-encoder's at N(0, I), by picture and distance, because the KL pulls the codes
#   to that very prior.
# - 1 point: still worse than reconstructions: the average of q(z|x) over the data (aggregate posterior) is not exactly N(0,
#   I); holes decode to mixtures.
# - 1 point: IWAE is at least as tight as the ELBO (lower in -log p); the difference measures how far q(z|x) is from the
#   true posterior.
# ### END MARK SCHEME

# %% [markdown]
# ## 3. The moment auto-encoder
#
# ### Shaping codes by their moments
#
# A VAE shapes each code's distribution through noise. There is another way to make an auto-encoder's codes samplable: keep
# the encoder deterministic, and ask only that the codes of a *batch* look like draws from $N(0, 1)$. It is the idea of
# Wasserstein auto-encoders (Tolstikhin et al. 2018) with a very simple distance: three moments of each latent. A standard
# normal has mean 0, standard deviation 1 and kurtosis 3.
#
# $$P = \sum_{d=1}^{D} \left[ m_d^2 + (s_d - 1)^2 + (k_d - 3)^2 \right], \qquad
# s_d^2 = \frac{1}{B} \sum_i (z_{id} - m_d)^2, \qquad k_d = \frac{\frac{1}{B} \sum_i (z_{id} - m_d)^4}{s_d^4}$$
#
# Here $m_d$ is the batch mean of latent $d$. These are statistics of a batch, so batches must be large (64 or more) when you
# train.


# %% answer="moment_penalty"
def moment_penalty(z: Tensor) -> Tensor:
    """Distance of a batch of codes from N(0, I) in mean, standard deviation and kurtosis.

    z: (B, D), a batch of codes, no latent constant; but one may have a standard deviation of 0.01, so add no epsilon. Moments
    are over the batch, per latent, biased (divided by B); the kurtosis is not the excess.
    Returns a scalar: the squared differences from 0, 1 and 3, summed over the three moments and the D latents.
    """
    ### BEGIN SOLUTION
    mean = z.mean(dim=0)
    centred = z - mean
    variance = centred.pow(2).mean(dim=0)
    kurtosis = centred.pow(4).mean(dim=0) / variance.pow(2)
    return (mean.pow(2) + (variance.sqrt() - 1).pow(2) + (kurtosis - 3).pow(2)).sum()
    ### END SOLUTION


# %% check="moment_penalty"
@visible_checks("moment_penalty")
def _():
    coins = torch.tensor([[-1.0], [1.0], [-1.0], [1.0]]).expand(4, 3)
    value = moment_penalty(coins)
    assert torch.is_tensor(value) and value.shape == (), (
        "the penalty is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value) - 12.0) < 1e-4, (
        "codes of +1 and -1 have mean 0, std 1 and kurtosis 1: (1 - 3)^2 for each of 3 latents"
    )
    assert abs(float(moment_penalty(coins + 2.0)) - 24.0) < 1e-3, (
        "a mean of 2 adds 4 for each latent, and changes no other moment"
    )
    normal = moment_penalty(torch.randn(100_000, 3))
    assert normal < 0.1, "a large batch of standard normal codes has almost no penalty"


# %% [markdown]
# ### One step on the encoder
#
# The penalty says nothing about the decoder, so its step can be separate from the reconstruction's: shorter backward pass,
# less memory. You will interleave the two below. Write that step: compute the penalty of the encoder's codes for this batch,
# and let the optimizer, which holds the encoder's parameters, take one step down.
#
# $$\alpha \leftarrow \text{optimizer step on } \nabla_\alpha P(f_\alpha(x))$$
#
# The reconstruction step before may have left gradients behind in the encoder. They are no part of this step.


# %% answer="encoder_step"
def encoder_step(encoder: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor) -> Tensor:
    """One optimisation step on the moment penalty of the encoder's codes; nothing but the encoder changes.

    encoder: maps x (B, ...) to codes (B, D); optimizer: holds the encoder's parameters, some of which may be frozen. You may
    call moment_penalty.
    Returns the penalty before the step, detached: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    optimizer.zero_grad()
    penalty = moment_penalty(encoder(x))
    penalty.backward()
    optimizer.step()
    return penalty.detach()
    ### END SOLUTION


# %% check="encoder_step"
@visible_checks("encoder_step")
def _():
    encoder, x = nn.Linear(6, 3), torch.randn(64, 6)
    before = encoder.weight.detach().clone()
    value = encoder_step(encoder, torch.optim.SGD(encoder.parameters(), lr=1e-2), x)
    assert isinstance(value, float) or (torch.is_tensor(value) and value.shape == ()), (
        "return the penalty: a float or a 0-d tensor"
    )
    assert not (torch.is_tensor(value) and value.requires_grad), (
        "return the penalty without its graph: detach it, or make it a float"
    )
    assert not torch.equal(before, encoder.weight), "the encoder's weights did not change"
    for _ in range(200):
        last = encoder_step(encoder, torch.optim.SGD(encoder.parameters(), lr=1e-3), x)
    assert float(last) < float(value), "the penalty should fall over 200 steps on one batch"


# %% [markdown]
# ### Both steps together
#
# Each training step has two halves, one after the other:
#
# 1. a reconstruction step on encoder and decoder together, as in `ae_step`;
# 2. your `encoder_step` on the same batch, with an optimizer of its own.
#
# Moments are estimated on a batch, so it must be large: 64 at least; this lab uses 128.


# %% answer="moment_step"
def moment_step(
    encoder: nn.Module,
    decoder: nn.Module,
    optimizer: torch.optim.Optimizer,
    encoder_optimizer: torch.optim.Optimizer,
    x: Tensor,
) -> dict[str, Tensor | float]:
    """A reconstruction step, then an encoder step on the moment penalty, on one batch x (B, 1, 28, 28), B >= 64.

    Raises ValueError for a smaller batch. Returns {"squared error": ..., "moment penalty": ...}, each before its own step.
    """
    ### BEGIN SOLUTION
    if len(x) < 64:
        raise ValueError(f"moments need a batch of 64 or more, not {len(x)}")
    losses: dict[str, Tensor | float] = dict(ae_step(encoder, decoder, optimizer, x))
    losses["moment penalty"] = encoder_step(encoder, encoder_optimizer, x)
    return losses
    ### END SOLUTION


# %% train="moment_checks"
@visible_checks("moment_step")
def _():
    x, networks = torch.rand(64, 1, 28, 28), tiny_autoencoder()

    def step(optimizer, encoder, decoder, encoder_lr=1e-3, batch=x):
        encoder_optimizer = torch.optim.SGD(encoder.parameters(), lr=encoder_lr)
        return moment_step(encoder, decoder, optimizer, encoder_optimizer, batch)

    losses, moved = trial_step(step, *networks)
    assert isinstance(losses, dict) and set(losses) == {"squared error", "moment penalty"}, (
        'return a dictionary with the keys "squared error" and "moment penalty"'
    )
    check_moved(moved)
    _, second = trial_step(step, *networks, lr=0.0)
    assert second[0] > 0, "the second half does not move the encoder"
    assert second[1] == 0, "the second half moves the decoder; the penalty is for the encoder alone"
    _, first = trial_step(lambda *parts: step(*parts, encoder_lr=0.0), *networks)
    assert first[1] > 0 and first[0] > 0, "the first half moves encoder and decoder"
    assert first[0] != moved[0], "one of the two halves does nothing to the encoder"
    check_leftovers(step, moved, *networks)
    try:
        trial_step(lambda *parts: step(*parts, batch=x[:63]), *networks)
    except ValueError:
        return
    raise AssertionError("63 images are too few: raise ValueError")


# %% train="wae"
seed_everything(5)
wae_encoder, wae_decoder = (module.to(device) for module in build_autoencoder(N_LATENT, WIDTH))
wae_optimizer = adam(wae_encoder, wae_decoder)
wae_encoder_optimizer = adam(wae_encoder)


def wae_reconstruct(x):
    with evaluating(wae_encoder, wae_decoder):
        return wae_decoder(wae_encoder(x))


wae_history, wae_stages = fit_digits(
    "moment auto-encoder",
    lambda x: moment_step(wae_encoder, wae_decoder, wae_optimizer, wae_encoder_optimizer, x),
    wae_reconstruct,
    n_iterations=3000,
)
keep("wae", encoder=wae_encoder, decoder=wae_decoder)
plots.loss_curves(
    {"": wae_history},
    "Moment auto-encoder: do the two losses fight?",
    ylabel="squared error; penalty",
    log=True,
)
plots.show_rows(wae_stages, "Training digits", value_range=UNIT)
plots.show_rows(
    {"input": x_test[:10], "output": wae_reconstruct(x_test[:10])}, "Test digits", value_range=UNIT
)
print(
    f"squared error per image on the test digits: {reconstruction_loss(x_test, wae_reconstruct(x_test)).item():.2f}"
)

# %% [markdown]
# Did the moments do what they should? **Look** first at the histograms of single latents over the test digits: they should
# follow the black curve. Then at the correlations *between* latents, which the penalty does not see. Even exactly normal
# codes have some penalty by chance, the more the smaller the batch; the cell prints it for comparison.

# %% train="wae_codes"
with evaluating(ae_encoder, wae_encoder):
    codes = {"plain AE": ae_encoder(x_test).cpu(), "moment AE": wae_encoder(x_test).cpu()}
grid = torch.linspace(-4, 4, 200)
figure, axes = plt.subplots(2, 4, figsize=(12, 5), sharex=True, layout="constrained")
for row, (name, z) in zip(axes, codes.items(), strict=True):
    for j, ax in enumerate(row):
        ax.hist(z[:, j].clamp(-4, 4), bins=40, range=(-4, 4), density=True, alpha=0.6)
        ax.plot(grid, torch.exp(-grid.square() / 2) / math.sqrt(2 * math.pi), color="black")
        ax.set_title(f"{name}, latent {j}")
        ax.set_xlabel("code")
    row[0].set_ylabel("density")
figure.suptitle(
    "Codes of the test digits against the standard normal density (codes beyond 4 are counted in the outer bars)"
)
plt.show()
codes["exactly normal codes"] = torch.randn(len(x_test), N_LATENT)
print(
    f"moment penalty of {BATCH_SIZE} exactly normal codes: {moment_penalty(torch.randn(BATCH_SIZE, N_LATENT)):.1f}"
)
for name, z in codes.items():
    correlation = torch.corrcoef(z.T) - torch.eye(N_LATENT)
    print(
        f"{name}: moment penalty of {len(z)} codes {moment_penalty(z):.1f}, mean |correlation| of pairs {correlation.abs().mean():.2f}"
    )

# %% [markdown]
# Samples, with 64 latents and then with 16. **Look for** digits whose parts don't fit together.

# %% train="wae_samples"
seed_everything(6)
small_encoder, small_decoder = (module.to(device) for module in build_autoencoder(16, WIDTH))
small_optimizer = adam(small_encoder, small_decoder)
small_encoder_optimizer = adam(small_encoder)
fit_digits(
    "moment auto-encoder, 16 latents",
    lambda x: moment_step(
        small_encoder, small_decoder, small_optimizer, small_encoder_optimizer, x
    ),
    lambda x: x,
    n_iterations=2000,
)
keep("wae_16", encoder=small_encoder, decoder=small_decoder)
with evaluating(wae_decoder, small_decoder):
    wae_samples = {
        "moment AE": wae_decoder(torch.randn(N_SAMPLES, N_LATENT, device=device)),
        "moment AE, 16 latents": small_decoder(torch.randn(N_SAMPLES, 16, device=device)),
    }
for name, images in wae_samples.items():
    score(name, images)
plots.show_grids(
    {name: images[:48] for name, images in wae_samples.items()},
    "Samples of the moment auto-encoder",
    value_range=UNIT,
)

# %% [markdown]
# All models so far in one table, and their samples side by side. Lower distances are better. **One training run of each is
# shown**, and another seed gives another number: over three seeds we had 561 to 582 for the VAE, and 631 to 658 for the
# Gaussian that is fitted to the plain auto-encoder's codes. A difference that is not larger than such a spread does not rank
# two models.

# %% train="table"
print(f"{'images':<42}{'Frechet distance':>17}")
for name, distance in sorted(scores.items(), key=lambda item: item[1]):
    print(f"{name:<42}{distance:>17.0f}")
# The notebook `beyond` goes on with this table.
keep_tensors("digit_distances", {name: torch.tensor(distance) for name, distance in scores.items()})
plots.show_grids(
    {
        "plain AE": ae_samples["AE, z ~ N(0, I)"][:36],
        "moment AE": wae_samples["moment AE"][:36],
        "VAE": vae_samples[:36],
    },
    "The same number of latents, three ways to treat them",
    n_columns=6,
    value_range=UNIT,
)

# %% [markdown]
# **Analysis** (6 points). (a) Did the penalty reach its goal, on training batches and on the test codes, and what did it
# cost in reconstruction? (b) Compare the samples with the plain auto-encoder's and the VAE's, by eye and by distance. (c)
# The first four moments of every latent are right, yet many samples are not digits. Explain why, with the correlations and
# with what changes at 16 latents. (d) A GAN (next assignment, with the same 64 latents) never sees a reconstruction error.
# Which qualitative differences between its images and these do you expect, or see if you have trained one, and which
# mechanism causes each?
#
# *Limit: 400 words, a formula counting as one.*

# %% [markdown] analysis="wae_training"
# ### BEGIN SOLUTION
# (a) Yes. The penalty falls from some hundreds to about 6 on training batches, which is less than the 12 that 128 exactly
# normal codes have by chance, and it is 1.5 on the 1,000 test codes, as for normal codes (plain auto-encoder: 685). It cost
# nothing: 9.1 squared error on test digits against 9.9. Stretching and bending the code space is easy for an encoder with
# hidden layers, and the decoder can undo it.
#
# (b) The distance is 1,448, less than half of the plain auto-encoder's at N(0, I) (3,275), and more than twice the VAE's
# (582). By eye: crisp strokes, often in the wrong combination or broken off; the VAE's samples are softer but much more
# often a digit.
#
# (c) The penalty looks at one latent at a time. The joint distribution of the codes is not fixed by that: latents stay
# correlated (0.26 on average, against 0.03 by chance) and depend on each other in ways a correlation doesn't show.
# Independent draws of 64 latents then combine values that no digit has together. With 16 latents the data fill more of the
# code space and there are fewer dependences to miss: the distance falls to 1,034 and whole digits become more frequent,
# though it trained for fewer iterations. The price is detail in the reconstructions.
#
# (d) A GAN's images should be sharper: its discriminator rejects blur and broken strokes, whereas the squared error is
# smallest for the mean of what is possible and never sees a sample. On the other side, every training digit must come back
# from the auto-encoder, so none of them is forgotten, while a GAN may leave out whole modes unpunished; and the
# auto-encoder gives a code for an image at once, for which a GAN needs an optimisation.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the penalty falls by orders of magnitude and stays low on test codes; the reconstruction error is about the
#   plain auto-encoder's (numbers given).
# - 1 point: samples better than the plain auto-encoder's at N(0, I), by picture and by distance; placed against the VAE's
#   as the student's figures show.
# - 1 point: moments of single latents say nothing about pairs: latents stay dependent, so independent draws combine parts
#   that never occur together.
# - 1 point: with 16 latents there is less room between the codes (or: fewer dependences to miss), so the samples improve;
#   reconstructions lose some detail.
# - 1 point: GAN: sharper, since the discriminator punishes blur, while the squared error rewards the mean of what is
#   possible.
# - 1 point: auto-encoder: covers every training digit because each must be reconstructed, and has an encoder; a GAN may
#   drop modes and has none.
# ### END MARK SCHEME

# %% [markdown]
# ## 4. The latent space
#
# Sixty-four latents can't be drawn, two can. The next cell trains your three models again, smaller and with **two latents**,
# and draws for each the codes of the test digits by class (for the VAE, the means of $q$), with circles that hold 39%, 86%
# and 99% of the prior's mass. Below it, the same decoder on a grid over the prior's region. There is nothing to write.
#
# **Look for** the scale of the axes, the gaps that the prior covers and no code does, and the cells of the grid that no
# digit looks like. In which model does a draw from the prior land where the decoder was trained? Which classes are
# neighbours, and what do they share? You need the answers in the analysis of part 5.


# %% train="two_latents"
def train_plane(name, build, step):
    """A model with two latents: its encoder and decoder. All three have the same batches, the auto-encoders the same initial weights."""
    seed_everything(12)
    encoder, decoder = (module.to(device) for module in build(2, WIDTH // 2))
    optimizer, encoder_optimizer = adam(encoder, decoder, lr=2e-3), adam(encoder, lr=2e-3)
    fit_digits(
        f"{name}, two latents",
        lambda x: step(encoder, decoder, optimizer, encoder_optimizer, x),
        lambda x: x,
        n_iterations=1200,
    )
    keep(f"plane_{name.replace(' ', '_').lower()}", encoder=encoder, decoder=decoder)
    return encoder, decoder


plane = {
    "plain AE": train_plane(
        "plain AE", build_autoencoder, lambda e, d, o, _, x: ae_step(e, d, o, x)
    ),
    "moment AE": train_plane("moment AE", build_autoencoder, moment_step),
    "VAE": train_plane("VAE", build_vae, lambda e, d, o, _, x: vae_step(e, d, o, x)),
}
side = torch.linspace(-2.5, 2.5, 15)
# Rows from the top: z_2 falls. Columns: z_1 rises.
nodes = torch.cartesian_prod(-side, side).flip(1)
figure, axes = plt.subplots(2, 3, figsize=(13, 8.6), layout="constrained")
for (name, (encoder, decoder)), (above, below) in zip(plane.items(), axes.T, strict=True):
    with evaluating(encoder, decoder):
        z = encoder(x_test)[:, :2].cpu()  # the means, for the VAE
        images = decoder(nodes.to(device))
    images = images.sigmoid() if name == "VAE" else images
    points = above.scatter(*z.T, c=y_test, cmap="tab10", vmin=-0.5, vmax=9.5, s=6)
    for radius in (1, 2, 3):
        above.add_patch(plt.Circle((0, 0), radius, fill=False, color="black", linewidth=1))
    reach = max(3.3, 1.05 * z.abs().max().item())
    above.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    above.set(title=f"{name}: codes of the test digits", xlabel="$z_1$", ylabel="$z_2$")
    below.imshow(
        plots.image_grid(images, n_columns=len(side), value_range=UNIT, pad=0),
        extent=(-2.5, 2.5, -2.5, 2.5),
    )
    below.set(title=f"{name}: decoded grid", xlabel="$z_1$", ylabel="$z_2$")
figure.colorbar(points, ax=axes[0], ticks=range(10), label="digit", shrink=0.9)
figure.suptitle("Two latents, and the prior (circles of radius 1, 2 and 3)")
plt.show()

# %% [markdown]
# ## 5. Walking between two digits
#
# Decoding the points of a line between two codes shows what the latent space is like in between.
# Write the line:
#
# $$z(a) = a \, z_1 + (1 - a) \, z_2$$


# %% answer="interpolate"
def interpolate(z_1: Tensor, z_2: Tensor, a: Tensor) -> Tensor:
    """The codes a z_1 + (1 - a) z_2 on the line through two codes: a = 1 gives z_1, a = 0 gives z_2.

    z_1, z_2: (D,); a: (A,), any real numbers in any order, inside 0..1 or not. Returns (A, D), a row for each a. Gradients
    are needed for z_1 and z_2 only.
    """
    ### BEGIN SOLUTION
    return a[:, None] * z_1 + (1 - a[:, None]) * z_2
    ### END SOLUTION


# %% check="interpolate"
@visible_checks("interpolate")
def _():
    z_1, z_2 = torch.randn(3), torch.randn(3)
    path = interpolate(z_1, z_2, torch.tensor([1.0, 0.5, 0.25, 0.0]))
    assert path.shape == (4, 3), (
        f"one code for each a, shape (A, D) = (4, 3); yours has {tuple(path.shape)}"
    )
    assert torch.allclose(path[0], z_1, atol=1e-6), "a = 1 gives z_1"
    assert torch.allclose(path[-1], z_2, atol=1e-6), "a = 0 gives z_2"


# %% [markdown]
# ### The strips
#
# Encode two test digits, walk from one code to the other with your `interpolate`, and decode every step: $g_\beta(a z_1 +
# (1 - a) z_2)$. The first row blends the *pixels*, which is what interpolation without a model looks like. **Look at the
# middle columns**: is there one clean digit, or two that fade into each other?

# %% train="interpolations"
a = torch.linspace(1, 0, 9, device=device)
pairs = [
    (int((y_test == first).nonzero()[k]), int((y_test == second).nonzero()[k]))
    for k, (first, second) in enumerate([(3, 8), (1, 7), (0, 6)])
]
with evaluating(ae_encoder, ae_decoder, vae_encoder, vae_decoder, wae_encoder, wae_decoder):
    models = {
        "plain AE": (ae_encoder, ae_decoder),
        "VAE": (lambda x: vae_encoder(x).chunk(2, dim=1)[0], lambda z: vae_decoder(z).sigmoid()),
        "moment AE": (wae_encoder, wae_decoder),
    }
    for first, second in pairs:
        ends = x_test[[first, second]]
        strips = {"pixels": interpolate(*ends.flatten(1), a).view(-1, 1, 28, 28)}
        for name, (encode, decode) in models.items():
            strips[name] = decode(interpolate(*encode(ends), a))
        plots.interpolation_strips(
            strips,
            a,
            f"From a {y_test[first]} (a = 1) to a {y_test[second]} (a = 0)",
            value_range=UNIT,
        )

    # One number for the middles: 1,000 random pairs of test digits, decoded half-way.
    seed_everything(7)
    partner = torch.randperm(len(x_test), device=device)
    for name, (encode, decode) in {"pixel blend": (lambda x: x, lambda x: x), **models}.items():
        z = encode(x_test)
        score(f"{name}, half-way between two test digits", decode((z + z[partner]) / 2))

# %% [markdown]
# **Analysis** (4 points). Which model gives the best looking interpolations and which the worst, and why? Use the strips
# and the numbers below them (do eye and number agree?), and say what the shape of each latent space has to do with it: the
# codes' distribution, which part 4 shows for two latents, and whether codes are noisy in training.
#
# *Limit: 300 words, a formula counting as one.*

# %% [markdown] analysis="interpolation_study"
# ### BEGIN SOLUTION
# The VAE's strips look best: from 3 to 8 and from 0 to 6 the strokes bend gradually, and every step is one connected,
# slightly soft figure. The plain auto-encoder is sharper at the ends, but its middles have specks and pieces of both digits
# (a = 0.5 in both strips). The moment auto-encoder's middles break up most: from 3 to 8 the strokes come apart between a =
# 0.62 and a = 0.38. From 1 to 7, two similar digits, all three do well. All are better than the pixel blend, which is two
# half-transparent digits (distance 1,274).
#
# The half-way distances say otherwise: 555 for the plain auto-encoder, 553 for the moment one, 690 for the VAE (550, 549 and
# 718 with another seed). They mix two things: the VAE pays for its softness on every image, also where the shape is right,
# and the classifier's features were trained on crisp digits. The eye should decide about the shapes.
#
# The plain auto-encoder's codes may lie anywhere and nothing is asked of the points between two of them; that its middles
# are as good as they are is the smoothness of its networks. The moment auto-encoder's codes have the right spread and lie
# in one cloud round the origin (part 4 shows it for two latents), yet each is still a point: no noise ever told the decoder that neighbours of a code must
# look like it. In the VAE, each image trains the decoder on a whole neighbourhood, and the KL packs these together until
# they touch, so the middle of the path lies in, or close to, space where the decoder was trained.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: ranks the three models by what the strips show, and every model against the pixel blend.
# - 1 point: plain AE: nothing asks the region between two codes to decode to digits, so the path crosses untrained space;
#   middles overlay two digits.
# - 1 point: VAE: noise in training fills the space round each code and the KL packs the codes together, so the middle lies
#   in trained space.
# - 1 point: moment AE: the codes fill a ball-like region with fewer gaps than the plain AE's but no noise smooths the
#   decoder (or another explanation that fits the figures).
# ### END MARK SCHEME

# %% [markdown]
# ## 6. Rate, distortion and collapse
#
# The KL of a VAE is the *rate*: nats that a code says about its image. The reconstruction term is the *distortion*: nats
# that are still missing. Their sum is the negative ELBO. $\beta$ chooses a point on the curve of what is possible (Alemi et
# al. 2018), and at one end of it the code is empty.
#
# ### Free bits
#
# A large $\beta$ or a powerful decoder may make a model ignore its code. Then $q(z \mid x) = p(z)$, the KL is zero, and the
# latent carries nothing. This is *posterior collapse*. Free bits (Kingma et al. 2016, "Improving variational inference with
# inverse autoregressive flow") takes the reward for collapsing away: the first $\lambda$ nats of each latent are free.
#
# $$L_\lambda = \sum_{d=1}^{D} \max\left(\lambda,\;
# \frac{1}{B} \sum_{i=1}^{B} \mathrm{KL}\left(q(z_d \mid x_i) \,\|\, p(z_d)\right)\right)$$
#
# Mind the order: average over the batch, compare with the floor, then sum over latents.


# %% answer="free_bits"
def free_bits(mu: Tensor, logvar: Tensor, floor: float) -> Tensor:
    """KL to the standard normal prior with `floor` nats free in each latent (Kingma et al. 2016).

    mu, logvar: (B, D), log-variances from -60 to 40 at least; floor: nats per latent, any number >= 0.
    Returns a scalar (a tensor even where every latent costs its floor): per-latent KL averaged over the batch, each clamped below at
    floor, then summed over the D latents. A latent below the floor gets no gradient.
    """
    ### BEGIN SOLUTION
    per_latent = 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).mean(dim=0)
    return per_latent.clamp(min=floor).sum()
    ### END SOLUTION


# %% check="free_bits"
@visible_checks("free_bits")
def _():
    zeros = torch.zeros(4, 3)
    value = free_bits(zeros, zeros, 0.5)
    assert torch.is_tensor(value) and value.shape == (), (
        "the penalty is one number for the batch: return a 0-d tensor"
    )
    assert abs(float(value) - 1.5) < 1e-5, (
        "three collapsed latents cost the floor each: 3 x 0.5 nats"
    )
    far = torch.full((4, 3), 2.0)
    assert abs(float(free_bits(far, zeros, 0.0)) - 6.0) < 1e-4, (
        "with floor 0, this is the usual KL: 2 nats for each of 3 latents here"
    )
    assert abs(float(free_bits(far, zeros, 0.5)) - 6.0) < 1e-4, (
        "a latent above the floor costs its KL, no more"
    )


# %% [markdown]
# ### The experiment
#
# A latent has *collapsed* when $q(z_j \mid x)$ is the prior for every $x$: its KL is zero and the decoder ignores it. Raise
# $\beta$ far enough and all of them go. *Free bits* take the reward for the last step away: a latent whose KL, averaged
# over the batch, is below a floor $\lambda$ counts as $\lambda$, so there is no gain in making it smaller still:
#
# $$\mathcal{L} = \texttt{bernoulli\_nll} + \beta \sum_{j} \max(\lambda, \overline{\mathrm{KL}}_j)$$
#
# How many latents are in use? Burda et al. (2016) call one *active* when its mean moves with the input,
# $\operatorname{Var}_x[\mu_j(x)] > 0.01$. Write this count. The experiment also counts the latents whose KL is above 0.1
# nats. Near its threshold a count is noise: after a short training many latents are on their way out, with variances close
# to 0.01, so compare the two over three seeds before you trust one.


# %% answer="collapse_step"
def collapse_step(
    encoder: nn.Module,
    decoder: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    beta: float,
    floor: float,
) -> dict[str, Tensor]:
    """One optimisation step on the loss above; with floor = 0 it is the beta-VAE's. encoder and decoder as build_vae makes them.

    Returns {"reconstruction": ..., "KL": ...} in nats before the step; the KL is the true one, without beta and floor.
    """
    ### BEGIN SOLUTION
    mu, logvar = encoder(x).chunk(2, dim=1)
    reconstruction = bernoulli_nll(x, decoder(reparameterize(mu, logvar, torch.randn_like(mu))))
    loss = reconstruction + beta * free_bits(mu, logvar, floor)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"reconstruction": reconstruction, "KL": kl_divergence(mu.detach(), logvar.detach())}
    ### END SOLUTION


# %% answer="active_units"
def active_units(mu: Tensor, threshold: float = 0.01) -> int:
    """How many latents are active: the variance over the images of their posterior means mu (N, D) exceeds the threshold."""
    ### BEGIN SOLUTION
    return int((mu.var(dim=0) > threshold).sum())
    ### END SOLUTION


# %% train="collapse_checks"
@visible_checks("collapse_step")
def _():
    x, networks = torch.rand(4, 1, 28, 28), tiny_autoencoder(n_out=6)

    def step(beta, floor):
        return lambda optimizer, encoder, decoder: collapse_step(
            encoder, decoder, optimizer, x, beta, floor
        )

    losses, moved = trial_step(step(1.0, 0.0), *networks)
    assert isinstance(losses, dict) and set(losses) == {"reconstruction", "KL"}, (
        'return a dictionary with the keys "reconstruction" and "KL"'
    )
    check_moved(moved)
    dear, moved_by_beta = trial_step(step(50.0, 0.0), *networks)
    assert moved_by_beta[0] != moved[0], "beta makes no difference to the encoder"
    high, moved_below_floor = trial_step(step(50.0, 100.0), *networks)
    assert math.isclose(losses["KL"], dear["KL"], rel_tol=1e-5), "return the KL without beta"
    assert math.isclose(losses["KL"], high["KL"], rel_tol=1e-5), "return the KL without the floor"
    _, free = trial_step(step(0.0, 0.0), *networks)
    assert math.isclose(moved_below_floor[0], free[0], rel_tol=1e-3), (
        "below the floor the KL must not pull at the encoder"
    )
    check_leftovers(step(1.0, 0.0), moved, *networks)


@visible_checks("active_units")
def _():
    mu = torch.stack([torch.full((6,), 5.0), torch.tensor([-1.0, 1.0] * 3)], dim=1)
    count = active_units(mu)
    assert isinstance(count, int), "return a whole number"
    assert count == 1, "a mean that is the same for every image says nothing, however large it is"


# %% [markdown]
# **The curve.** Five values of $\beta$ and one run with free bits, each with three seeds (other initial weights, noise and
# batches). The models are small and trained briefly, so their bounds are worse than that of part 2; the order is what
# counts. **Look at** the slope of the curve, at both ends of it, and at the spread.

# %% train="rate_distortion"
SEEDS, MANY_NATS = range(3), 0.1
runs = {
    "beta 0.2": (0.2, 0.0),
    "beta 1": (1.0, 0.0),
    "beta 4": (4.0, 0.0),
    "beta 12": (12.0, 0.0),
    "beta 40": (40.0, 0.0),
    "beta 40, free bits 0.25": (40.0, 0.25),
}
collapse_rows, latent_kls = {"input": x_test[:10]}, {}


def measure(encoder, decoder):
    """Rate, distortion, both counts, and the KL of each latent (64,), on the test digits."""
    with evaluating(encoder, decoder):
        mu, logvar = encoder(x_test).chunk(2, dim=1)
        distortion = bernoulli_nll(
            x_test, decoder(reparameterize(mu, logvar, torch.randn_like(mu)))
        )
        kls = torch.stack([kl_divergence(mu[:, [j]], logvar[:, [j]]) for j in range(N_LATENT)])
    numbers = {
        "rate": kls.sum().item(),
        "distortion": distortion.item(),
        "active": active_units(mu),
        "above 0.1 nats": int((kls > MANY_NATS).sum()),
    }
    return numbers, kls.sort(descending=True).values.cpu()


def short_run(seed, beta, floor, wrap=None):
    """Train a smaller VAE for a short time. wrap: what makes another decoder of build_vae's, see below."""
    encoder, decoder = (module.to(device) for module in build_vae(N_LATENT, WIDTH // 2))
    if wrap is not None:
        decoder = wrap(decoder).to(device)
    optimizer, stream = adam(encoder, decoder, lr=3e-3), batches(x_train, 64, seed=seed)
    for _ in range(settings.iterations(600)):
        x = next(stream)
        if wrap is not None:
            decoder.seen = x
        collapse_step(encoder, decoder, optimizer, x, beta, floor)
    return encoder, decoder


def run_on_the_curve(seed, name):
    encoder, decoder = short_run(seed, *runs[name])
    numbers, kls = measure(encoder, decoder)
    if seed == SEEDS[0]:
        latent_kls[name] = kls
        file = name.replace(", ", "_").replace(" ", "_").replace(".", "")
        keep(f"collapse_{file}", encoder=encoder, decoder=decoder)
        with evaluating(encoder, decoder):
            collapse_rows[name] = decoder(encoder(x_test[:10])[:, :N_LATENT]).sigmoid()
    return numbers


def mean_and_range(values, digits=1):
    return f"{values.mean():.{digits}f} ({values.min():.{digits}f} to {values.max():.{digits}f})"


curve = {
    name: over_seeds(lambda seed, name=name: run_on_the_curve(seed, name), SEEDS, description=name)
    for name in runs
}
print(f"test digits, nats per image: mean of {len(SEEDS)} seeds (range)")
print(f"{'run':<25}{'distortion':>24}{'rate':>20}{'active':>16}{'above 0.1 nats':>18}")
for name, numbers in curve.items():
    print(
        f"{name:<25}{mean_and_range(numbers['distortion']):>24}{mean_and_range(numbers['rate']):>20}"
        f"{mean_and_range(numbers['active'], 0):>16}{mean_and_range(numbers['above 0.1 nats'], 0):>18}"
    )
figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.2), layout="constrained")
for name, numbers in curve.items():
    rate, distortion = numbers["rate"], numbers["distortion"]
    left.errorbar(
        rate.mean(),
        distortion.mean(),
        xerr=[[rate.mean() - rate.min()], [rate.max() - rate.mean()]],
        yerr=[[distortion.mean() - distortion.min()], [distortion.max() - distortion.mean()]],
        fmt="s" if "free" in name else "o",
        capsize=3,
        label=name,
    )
    right.plot(range(1, N_LATENT + 1), latent_kls[name].clamp_min(1e-4), marker=".", label=name)
on_curve = [name for name in runs if "free" not in name]
left.plot(
    *([curve[name][axis].mean() for name in on_curve] for axis in ("rate", "distortion")),
    color="grey",
    linewidth=1,
    zorder=0,
)
left.set(
    title="Mean and range over three seeds", xlabel="rate: KL (nats)", ylabel="distortion (nats)"
)
right.axhline(MANY_NATS, color="grey", linestyle=":")
right.set(
    yscale="log",
    xlabel="latent, the most informative first",
    ylabel="KL, nats per image",
    title="How much each latent says about the test digits (first seed)",
)
for ax in (left, right):
    ax.grid(alpha=0.3)
right.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()
plots.show_rows(collapse_rows, "Test digits: what is left when latents collapse?", value_range=UNIT)

# %% [markdown]
# ### A decoder that needs no code
#
# The other cause of a collapse leaves $\beta$ at 1. Give the decoder a second source: besides $z$, the logit of each pixel
# sees pixels that come before it in reading order, through one linear layer: the 24 that are at most three rows and columns
# away, or all of them,
#
# $$\ell_d = g_\beta(z)_d + \sum_{d' < d} w_{d d'} \, x_{d'} .$$
#
# That is still a proper model, $p(x \mid z) = \prod_d p(x_d \mid x_{<d}, z)$, and the loss is the same bound. The encoder,
# the code and $\beta = 1$ are as before; only what the decoder sees grows. **Look at** what becomes of the rate, and of the
# bound.


# %% train="powerful_decoder"
class SeesNeighbours(nn.Module):
    """Add to a decoder's logits a linear function of the pixels before each one, at most `reach` rows and columns away."""

    def __init__(self, decoder, reach):
        super().__init__()
        pixel = torch.arange(784)
        row, column = pixel // 28, pixel % 28
        near = (row[:, None] - row).abs().maximum((column[:, None] - column).abs()) <= reach
        self.register_buffer("mask", (near & (pixel < pixel[:, None])).float(), persistent=False)
        self.decoder, self.weight = decoder, nn.Parameter(torch.zeros(784, 784))
        self.seen = None

    def forward(self, z):
        logits = self.decoder(z)
        from_pixels = F.linear(self.seen.flatten(1), self.weight * self.mask)
        return logits + from_pixels.view_as(logits)

    @torch.no_grad()
    def draw(self, z):
        """Images drawn pixel by pixel, each from the coin that z and the pixels before it give: (B, 1, 28, 28)."""
        self.seen = torch.zeros(len(z), 1, 28, 28, device=z.device)
        for d in range(784):
            coin = self(z).flatten(1)[:, d].sigmoid()
            self.seen.view(-1, 784)[:, d] = torch.bernoulli(coin)
        return self.seen


neighbourhoods = {"the code, 24 pixels": 3, "the code, all before": 27}
draws = {"input": x_test[:10], "the code alone": torch.bernoulli(collapse_rows["beta 1"])}


def run_with_neighbours(seed, name):
    encoder, decoder = short_run(
        seed, 1.0, 0.0, lambda decoder: SeesNeighbours(decoder, neighbourhoods[name])
    )
    decoder.seen = x_test
    numbers, _ = measure(encoder, decoder)
    if seed == SEEDS[0]:
        with evaluating(encoder, decoder):
            draws[name] = decoder.draw(encoder(x_test[:10])[:, :N_LATENT])
        if name == "the code, all before":
            keep("collapse_powerful_decoder", encoder=encoder, decoder=decoder)
    return numbers


powerful = {"the code alone": curve["beta 1"]} | {
    name: over_seeds(
        lambda seed, name=name: run_with_neighbours(seed, name), SEEDS, description=name
    )
    for name in neighbourhoods
}
print(f"beta = 1, test digits, nats per image: mean of {len(SEEDS)} seeds (range)")
print(f"{'the decoder sees':<22}{'distortion':>24}{'rate':>22}{'sum: -ELBO':>24}")
for name, numbers in powerful.items():
    bound = numbers["rate"] + numbers["distortion"]
    print(
        f"{name:<22}{mean_and_range(numbers['distortion']):>24}{mean_and_range(numbers['rate']):>22}{mean_and_range(bound):>24}"
    )
figure, ax = plt.subplots(figsize=(7.5, 3.2), layout="constrained")
for row, numbers in enumerate(powerful.values()):
    ax.barh(row, numbers["rate"].mean(), color="tab:blue", alpha=0.4)
    ax.plot(numbers["rate"], [row] * len(SEEDS), "o", color="tab:blue")
ax.set_yticks(range(len(powerful)), list(powerful))
ax.invert_yaxis()
ax.set(title="What the code still says (beta = 1, three seeds)", xlabel="rate: KL (nats)")
ax.grid(axis="x", alpha=0.3)
plt.show()
plots.show_rows(
    draws, "Draws from p(x | z) with the codes of test digits: whose digit is it?", value_range=UNIT
)

# %% [markdown]
# **Analysis** (5 points). (a) What happens to rate, distortion and the number of latents in use as $\beta$ grows, and why
# does the optimum of the $\beta = 40$ loss ignore the code? (b) How many latents are in use at $\beta = 1$? Say by which
# count, and how far it moves between seeds. (c) What do free bits change in the figure of KLs, and what do they not guarantee?
# (d) The decoder that sees pixels needs no large $\beta$ to ignore its code, and yet its bound is the best. Explain both.
#
# *Limit: 400 words, a formula counting as one.*

# %% [markdown] analysis="collapse_study"
# ### BEGIN SOLUTION
# (a) From beta = 0.2 to 1 to 4 to 40 the rate falls from 35 to 12 to 3 to 0 nats and the distortion rises from 115 to
# 133 to 176 to 208. At 0.2 even details of test digits come back, at 1 they are softer, at 40 every output is the
# same grey mean digit. The slope of the curve is what a nat in the code saves: 6 nats between beta = 1 and the empty
# code on average, close to 20 for the very first. At 40 nats per nat even that one costs more than it saves, so
# q(z|x) = N(0, I) for every x is the best answer.
#
# (b) The KL of 13 latents (10 to 15 over three seeds) is above 0.1 nats. The count by variance says 60 (59 to 61), nearly
# all, although most of them say less than 0.05 nats; at beta = 4 it runs from 17 to 53, since many variances lie near the
# threshold. I quote the first, with its range.
#
# (c) With a floor of 0.25 every latent keeps about 0.1 to 0.25 nats, and the curve of KLs is nearly flat: below the
# floor a smaller KL earns nothing, so the free nats are used, and digits come back with beta still at 40. All 64
# latents are in use. But the floor spreads the information evenly whether or not the data need 64 directions: with 10
# nats the distortion is 171, against 133 at beta = 1 with 12. And nothing in it makes the codes follow the prior as a
# whole.
#
# (d) With all pixels before it in view, the decoder's rate is 1.2 nats at beta = 1 (24 pixels: 3.2; the code alone:
# 12.4). Neighbours say most of what the code would: stroke or background, direction, thickness. A nat in the code
# then saves less than the one nat that it costs, except for a few things that no pixel before can know. In the draws
# the code hardly decides the digit. The bound is the best, 103 nats against 145, because p(x|z) no longer takes
# pixels for independent. A good bound is no sign of a useful code.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: rate and latents in use fall with beta, the distortion rises; at 40 the output is nearly the same for
#   every input.
# - 1 point: why: beyond some beta each nat of KL costs more than it saves, so q = p(z) is optimal.
# - 1 point: the number of latents is a count by KL or comes with its range over the seeds: a single count by variance is
#   noise near its threshold.
# - 1 point: free bits: KLs gather near the floor, many latents in use again and reconstructions return; more latents
#   in use are no promise of better samples.
# - 1 point: a decoder that sees pixels has from them what the code would say, so a nat of code saves less than its cost
#   already at beta = 1; the bound is better because the pixels are modelled better.
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Extra credit: go further
#
# Up to 6 points beyond the maximum. Do one of these well, or several: more, and more surprising, earns more.
#
# - **Improve the VAE** by regularisation or noise (denoising, weight decay, KL warm-up, a better architecture), and show
#   the improvement with the metric, over at least two seeds.
# - **Go further into the latent manifold** than part 4: fit a prior to the codes of your VAE and draw from it instead of
#   $N(0, I)$, or find directions in 64 dimensions along which one trait changes (slant, thickness), and measure.
# - **A larger data set**: all of MNIST (`load_digits(source="torchvision")`), or photographs of faces (CelebA64,
#   `dgm.data.celeba64`) with the networks of the notebook `beyond`.
#
# Write a function that trains, draws, and returns a dictionary of the modules to save.


# %% answer="improve_vae"
def improve_vae() -> dict[str, nn.Module]:
    """Train your extension and show its figures. Returns the modules that belong in artifacts/vae_improve.safetensors, by name."""
    ### BEGIN SOLUTION
    # Priors that fit the codes of the VAE of part 2: one Gaussian, and one for each of 20 clusters.
    n_clusters, identity = 20, torch.eye(N_LATENT, device=device)
    with evaluating(vae_encoder, vae_decoder):
        mu, logvar = vae_encoder(x_train).chunk(2, dim=1)
        codes = reparameterize(mu, logvar, torch.randn_like(mu))
        centres = codes[torch.randperm(len(codes), device=device)[:n_clusters]]
        for _ in range(30):  # k-means
            index = torch.cdist(codes, centres).argmin(1)
            members = [codes[index == k] for k in range(n_clusters)]
            centres = torch.stack(
                [m.mean(0) if len(m) else c for m, c in zip(members, centres, strict=True)]
            )
        # An eighth of the identity: a cluster may have fewer codes than latents.
        covariances = [
            0.875 * torch.cov(m.T, correction=0) + 0.125 * identity if len(m) else identity
            for m in members
        ]
        normal, mixture = (
            torch.distributions.MultivariateNormal,
            torch.distributions.MixtureSameFamily,
        )
        sizes = torch.tensor([float(len(m)) for m in members], device=device)
        priors = {
            "N(0, I)": normal(torch.zeros(N_LATENT, device=device), identity),
            "one Gaussian": normal(codes.mean(0), torch.cov(codes.T)),
            "20 Gaussians": mixture(
                torch.distributions.Categorical(sizes), normal(centres, torch.stack(covariances))
            ),
        }
        mu, logvar = vae_encoder(x_test).chunk(2, dim=1)
        z = reparameterize(mu, logvar, torch.randn_like(mu))
        log_q = torch.distributions.Normal(mu, (0.5 * logvar).exp()).log_prob(z).sum(1).mean()
        distortion = bernoulli_nll(x_test, vae_decoder(z))
        sheets, distances = {}, {}
        for name, prior in priors.items():
            images = [vae_decoder(prior.sample((N_SAMPLES,))).sigmoid() for _ in range(3)]
            sheets[name] = images[0][:48]
            distances[name] = [digit_distance(each, x_test, value_range=UNIT) for each in images]
            rate = log_q - prior.log_prob(z).mean()
            print(
                f"{name}: rate {rate:.1f} nats, negative ELBO of the test digits {distortion + rate:.1f} nats"
            )
    plots.show_spread(
        distances, "Samples under three priors, three draws of 1,000", xlabel="Fréchet distance"
    )
    plots.show_grids(sheets, "The same decoder, three priors", value_range=UNIT)
    fitted = nn.Module()
    fitted.register_buffer("means", centres)
    fitted.register_buffer("covariances", torch.stack(covariances))
    fitted.register_buffer("sizes", sizes)
    return {"prior": fitted}
    ### END SOLUTION


# %% train="vae_improve_run"
seed_everything(11)
try:
    improved = improve_vae()
except NotImplementedError:
    print("no extension: improve_vae is not written (it is optional)")
else:
    keep("vae_improve", **improved)

# %% [markdown]
# **Analysis** (extra credit). What did you do, what did you expect, what came out, and how do you know? Refer to your
# figures and numbers.
#
# *Limit: 400 words, a formula counting as one.*

# %% [markdown] analysis="vae_improve"
# ### BEGIN SOLUTION
# I kept the VAE of part 2 and changed its prior after training. Samples are poor where N(0, I) puts codes and no
# training digit does, so I expected better samples from a density that is fitted to draws of q(z|x) over the training
# digits: one Gaussian with their mean and covariance, and 20 Gaussians, one for each cluster that k-means finds.
#
# The distance falls from about 630 (three draws of 1,000: 600 to 650) to 460 (445 to 470) with one Gaussian and 360
# (340 to 390) with 20. The spread over draws is small next to these steps. In the pictures the share of shapes that
# nobody can name falls too, most of all in the last grid. The decoder is the same, so the difference is where codes
# are drawn: the mean of q(z|x) over the data is not N(0, I). One Gaussian repairs correlations between latents, the
# clusters leave out the space between classes.
#
# The bound tells another story. On test digits it is 113.3 nats with N(0, I), 113.4 with one Gaussian and 116.4 with
# 20. Each cluster has some 200 codes for a covariance of 64 by 64, so its directions fit the training codes and not
# new ones: the rate of test digits rises by 3 nats. Better samples and a better bound are different things;
# covariances with fewer free numbers should give both. All of this is one VAE, and the spread is that of draws:
# another training run may move all three.
#
# (The other options earn the same points: noise or regularisation with the metric before and after, or a larger data
# set. Two of them, or samples that surprise, earn more.)
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# Any one or more of: improvement by noise or regularisation, the manifold (a fitted prior, directions of traits), a
#   larger data set. Mark each by these lines, add, and stop at 6.
# - 2 points: it works: the code trains or fits, and the figure shows what the option asks for.
# - 1 point: it is measured or compared (metric or ELBO against the VAE of part 2, or a careful reading of the
#   manifold).
# - 1 point: explained by the model's mechanism, not only described.
# - 2 points more: a second option, a larger data set with recognisable samples, or several seeds with their spread.
# ### END MARK SCHEME
