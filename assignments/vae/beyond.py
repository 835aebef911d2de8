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
# # Variational auto-encoders: beyond the lab
#
# The lab built its models for small digits, with linear layers, Gaussian codes, and a bound whose distance to the truth nobody
# knew. This notebook takes these three further, one at a time: convolutions and faces; codes that are whole numbers; and a
# VAE so simple that its likelihood, its best encoder and the gap of the bound have closed forms.
#
# **Goals.** After this notebook you can
#
# * build a convolutional encoder and decoder by the usual rules, with exact sizes, and train them as an auto-encoder and as
#   a VAE of faces;
# * measure how blurred a model's images are, and say what blurs them;
# * quantise codes, train through the quantisation, and fit a prior to the codes afterwards;
# * compute the exact likelihood of a linear-Gaussian VAE, its optimal encoder, and what another encoder loses.
#
# | part | you write | hours |
# | --- | --- | --- |
# | 1. Convolutions and faces | an encoder, a decoder, two training steps | 3 |
# | 2. Discrete codes | three functions of a VQ-VAE and its step | 2 |
# | 3. A VAE whose likelihood is known | four formulas of linear algebra | 2 |
#
# The hours are estimates and include the analyses. The parts are independent of each other. All training cells together
# take about three minutes on two cores.
#
# **Reading.** Prince, [*Understanding Deep Learning*](https://udlbook.github.io/udlbook/), chapters 10 (convolutional
# networks) and 17 (variational autoencoders); Bishop (2006), *Pattern Recognition and Machine Learning*, section 12.2
# (probabilistic PCA). The papers, by part:
#
# | part | paper | arXiv |
# | --- | --- | --- |
# | 1 | Radford, Metz and Chintala 2016, "Unsupervised representation learning with deep convolutional GANs" (the rules) | [1511.06434](https://arxiv.org/abs/1511.06434) |
# | 1 | Rombach et al. 2022, "High-resolution image synthesis with latent diffusion models" (what such codes are good for) | [2112.10752](https://arxiv.org/abs/2112.10752) |
# | 2 | van den Oord, Vinyals and Kavukcuoglu 2017, "Neural discrete representation learning" | [1711.00937](https://arxiv.org/abs/1711.00937) |
# | 2 | Bengio, Léonard and Courville 2013, "Estimating or propagating gradients through stochastic neurons" | [1308.3432](https://arxiv.org/abs/1308.3432) |
# | 3 | Lucas, Tucker, Grosse and Norouzi 2019, "Don't blame the ELBO!" (linear VAEs) | [1911.02469](https://arxiv.org/abs/1911.02469) |
#
# **How it works.** As in the lab: every question has an **answer cell**, where you replace the line that raises
# `NotImplementedError`, and below it a **check cell**, which explains in words what is wrong. It looks only for the commonest
# mistakes. The hidden checks that make the grade also look at every layer, at values, gradients and hard inputs. Training
# steps have a check cell, too, which earns nothing. Their points are in the **analysis** that ends a part: a person grades it
# with your figures in view, so hand the notebook in **with its outputs**. You may add cells, helper functions and imports
# wherever you like, but don't rename, delete or copy the cells of the questions.

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
# | $x$ | `x` | a batch of data | `(B, C, H, W)`, or `(B, D)` in part 3 |
# | $\hat x$ | `x_hat` | its reconstruction | as `x` |
# | $z$ | `z` | codes (latents) | `(B, D)`; `(B, K)` in part 3, where $D$ is the size of $x$ |
# | $z_q$ | `z_q` | quantised codes | `(B, D)` |
# | $\mu, \log\sigma^2$ | `mu`, `logvar` | mean and **log-variance** of $q(z \mid x)$ | `(B, D)` |
# | $q(z \mid x)$, $p(z)$ | | encoder's distribution, prior $N(0, I)$ | |
#
# * Faces have pixels in $[-1, 1]$, digits in $[0, 1]$.
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
# * **Networks** have the layers that are asked for and no others (no dropout), with PyTorch's defaults where the text names no
#   number. Each call builds a new one.
# * Each question is graded independently: a mistake in one costs nothing in another, even where a function calls an earlier one.

# %% [markdown]
# ## Set-up
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.
#
# **Paste four functions** of the lab into the cell after it: `reconstruction_loss`, `kl_divergence`, `reparameterize` and
# `interpolate`. They earn nothing here; training and figures call them.

# %% train="beyond_setup"
UNIT = (0.0, 1.0)  # the pixels of the digits in part 2

from pathlib import Path

import matplotlib.pyplot as plt
from safetensors.torch import load_file

from dgm import plots
from dgm.data import batches, celeba64, load_digits
from dgm.faces import random_faces
from dgm.metrics import digit_distance, face_distance
from dgm.nets import mlp, n_parameters
from dgm.training import (
    EMA,
    Settings,
    adam,
    evaluate,
    evaluating,
    fit,
    keep,
    seed_everything,
    train,
)
from dgm.trial import check_leftovers, check_loss_alone, check_moved, tiny_autoencoder, trial_step

settings = Settings()
device = settings.device
print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")


# %% answer="from_the_lab"
def reconstruction_loss(x: Tensor, x_hat: Tensor) -> Tensor:
    """Squared error, summed over all dimensions but the first and averaged over the batch: a scalar."""
    ### BEGIN SOLUTION
    return (x - x_hat).pow(2).flatten(start_dim=1).sum(dim=1).mean()
    ### END SOLUTION


def kl_divergence(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, diag(exp(logvar))) || N(0, I)) in nats, summed over the latents and averaged over the batch: a scalar."""
    ### BEGIN SOLUTION
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(dim=1).mean()
    ### END SOLUTION


def reparameterize(mu: Tensor, logvar: Tensor, eps: Tensor) -> Tensor:
    """The sample of N(mu, diag(exp(logvar))) that belongs to the noise eps, all (B, D)."""
    ### BEGIN SOLUTION
    return mu + torch.exp(0.5 * logvar) * eps
    ### END SOLUTION


def interpolate(z_1: Tensor, z_2: Tensor, a: Tensor) -> Tensor:
    """The codes on the line through z_1 (a = 1) and z_2 (a = 0), both (D,), for the weights a (A,): (A, D)."""
    ### BEGIN SOLUTION
    return a[:, None] * z_1 + (1 - a[:, None]) * z_2
    ### END SOLUTION


# %% [markdown]
# ## 1. Convolutions and faces
#
# A linear layer has a weight for each pair of pixels and has to learn an eye anew in each place where one may be. A
# convolution has one small kernel for all places. What became of ten years of trying is a short list of rules (Radford et al.
# 2016, and many others since), and most encoders and decoders follow it:
#
# 1. **Down by strided convolutions.** The encoder halves the resolution by $3 \times 3$ convolutions of stride 2, not by
#    pooling. At each halving the channels **double**, so that a coarser grid has room to say more in each place.
# 2. **Up in the same steps.** The decoder is the encoder's mirror image. Each stage doubles the resolution and **halves** the
#    channels: by a transposed $3 \times 3$ convolution of stride 2, or by resizing (nearest or bilinear) and then a $3 \times
#    3$ convolution of stride 1.
# 3. **Batch norm** after every convolution and after the decoder's linear layer, and then a **ReLU**. The exceptions are the
#    last layers. What the encoder returns can be any real number, and the image must not be given a fixed mean and contrast.
# 4. **Exact sizes.** Padding makes a grid of $S$ become $S / 2$, and $S / 2$ become $S$ again.
#
# | stage of the encoder | 32 x 32: grid and channels | 64 x 64: grid and channels |
# | --- | --- | --- |
# | image | 32 x 32, `n_channels` | 64 x 64, `n_channels` |
# | convolution | 16 x 16, `width` | 32 x 32, `width` |
# | convolution | 8 x 8, `2 * width` | 16 x 16, `2 * width` |
# | convolution | 4 x 4, `4 * width` | 8 x 8, `4 * width` |
# | convolution | | 4 x 4, `8 * width` |
# | linear layer | `n_outputs` numbers | `n_outputs` numbers |
#
# Use the layers of `torch.nn` (`nn.Conv2d`, `nn.ConvTranspose2d`, `nn.Linear`, `nn.BatchNorm2d`), whether in an
# `nn.Sequential` or in a class of your own: the hidden checks recognise these. Activations, resizing and padding may be
# modules or functions. Biases and initial weights are up to you.
#
# ### The encoder
#
# A convolution with kernel $k$, stride $s$ and padding $p$ makes of $S$ pixels $\lfloor (S + 2p - k) / s \rfloor + 1$. The last
# grid is flattened; one linear layer makes the outputs of it, which are the code of an auto-encoder, or the means and
# log-variances of a VAE.


# %% answer="conv_encoder"
def conv_encoder(n_outputs: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """A convolutional encoder: 3x3 convolutions of stride 2 and a linear layer.

    n_outputs: how many numbers it gives; width: channels of the first stage; image_size S: 32 or 64; n_channels: of the image (any).
    Returns a new module, made of torch.nn's layers, that maps images (B, n_channels, S, S) to (B, n_outputs), any real numbers.

    Stages that halve the resolution and double the channels, from `width` at S / 2 down to a 4x4 grid: just those of the table, one
    convolution each, followed by batch norm and then ReLU. The linear layer has neither.
    """
    ### BEGIN SOLUTION
    n_stages = 3 if image_size == 32 else 4
    layers, n_in = [], n_channels
    for stage in range(n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_in, n_out, 3, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.ReLU(),
        ]
        n_in = n_out
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(n_in * 4 * 4, n_outputs))
    ### END SOLUTION


# %% check="conv_encoder"
@visible_checks("conv_encoder")
def _():
    encoder = conv_encoder(10, 4, 32, 3)
    codes = encoder(torch.rand(5, 3, 32, 32) * 2 - 1)
    assert codes.shape == (5, 10), (
        f"five images and n_outputs = 10 give (5, 10); yours: {tuple(codes.shape)}"
    )
    assert codes.min() < 0, "the outputs are any real numbers: no ReLU or sigmoid at the end"
    large = conv_encoder(10, 4, 64, 1)(torch.rand(2, 1, 64, 64))
    assert large.shape == (2, 10), f"for 64 x 64 pixels the shape is {tuple(large.shape)}"
    norms = [layer for layer in encoder.modules() if isinstance(layer, nn.BatchNorm2d)]
    sizes = [norm.num_features for norm in norms]
    assert sizes == [4, 8, 16], (
        "for 32 x 32 pixels there are three stages, of width, 2 * width and 4 * width channels, with batch"
        f" norm in each; yours has batch norm over {sizes} for a width of 4"
    )


# %% [markdown]
# ### The decoder
#
# A linear layer turns the code into the coarsest grid, $4 \times 4$ with `4 * width` (32 pixels) or `8 * width` channels
# (64 pixels), and the stages go back through the table. The last convolution makes the image, from `width` channels at half
# the resolution, and a tanh brings its pixels into $[-1, 1]$.
#
# A transposed convolution makes of $S$ pixels $(S - 1) s - 2p + k + p'$, where $p'$ is the argument `output_padding`: without
# it, kernel 3 with stride 2 and padding 1 gives $2 S - 1$. Don't repair such sizes later by resizing or cropping the image.


# %% answer="conv_decoder"
def conv_decoder(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """A convolutional decoder: a linear layer and 3x3 convolutions, the mirror image of `conv_encoder`.

    n_latent: size of the code; width: channels of the last stage before the image; image_size S: 32 or 64; n_channels: of the image.
    Returns a new module, made of torch.nn's layers, that maps codes (B, n_latent) to images (B, n_channels, S, S) in [-1, 1].

    A linear layer from the code, as it is, to the 4x4 grid, then stages that double the resolution and halve the channels, down to
    `width` at S / 2: just those of the table, one convolution each. Each of these layers is followed by batch norm and then ReLU. One
    more convolution doubles the resolution and makes the image; it has neither and ends in tanh.
    """
    ### BEGIN SOLUTION
    n_stages = 3 if image_size == 32 else 4
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [nn.Linear(n_latent, channels[0] * 4 * 4), nn.Unflatten(1, (channels[0], 4, 4))]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())
    ### END SOLUTION


# %% check="conv_decoder"
@visible_checks("conv_decoder")
def _():
    decoder = conv_decoder(10, 4, 32, 3)
    images = decoder(20 * torch.randn(5, 10))
    assert images.shape == (5, 3, 32, 32), (
        f"five codes give images (5, 3, 32, 32); yours: {tuple(images.shape)}"
    )
    large = conv_decoder(10, 4, 64, 1)(torch.randn(2, 10))
    assert large.shape == (2, 1, 64, 64), f"for 64 x 64 pixels the shape is {tuple(large.shape)}"
    assert images.min() < 0 and images.abs().max() <= 1, "pixels lie in [-1, 1]: tanh at the end"
    norms = [
        layer for layer in decoder.modules() if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)
    ]
    sizes = [norm.num_features for norm in norms]
    # the first may come before the numbers are laid out as a grid
    assert len(sizes) == 3 and sizes[1:] == [8, 4], (
        "for 32 x 32 pixels there are grids of 4 * width, 2 * width and width channels, with batch norm"
        f" for each and none for the image; yours has batch norm over {sizes} for a width of 4"
    )


# %% [markdown]
# The pictures show what an untrained pair does to the first faces: nothing, in grey.


# %% train="untrained_pair"
SIZE, FACE_LATENT, FACE_WIDTH, FACE_BATCH = 32, 64, settings.width(16), 64
N_FACES = 200 if settings.fast else round(4000 * max(1.0, settings.scale))
N_NEW = 100 if settings.fast else 1000

if Path("CelebA64.npy").is_file():
    celeba = celeba64("CelebA64.npy")
    faces, new_faces = (
        F.interpolate(images, size=SIZE, mode="area")
        for images in (celeba[:N_FACES], celeba[N_FACES : N_FACES + N_NEW])
    )
else:
    faces = random_faces(N_FACES, seed=1, size=SIZE)[0]
    new_faces = random_faces(N_NEW, seed=2, size=SIZE)[0]
faces, new_faces = faces.to(device), new_faces.to(device)
plots.show_images(faces[:24], "Training faces", n_columns=12)


@picture
def _():
    seed_everything(0)
    encoder = conv_encoder(FACE_LATENT, FACE_WIDTH, SIZE, 3).to(device)
    decoder = conv_decoder(FACE_LATENT, FACE_WIDTH, SIZE, 3).to(device)
    outputs = evaluate(nn.Sequential(encoder, decoder), new_faces[:12])
    plots.show_rows({"input": new_faces[:12], "output": outputs}, "An untrained pair")
    linear = mlp([3 * SIZE**2, 400, 200, FACE_LATENT])
    print(
        f"weights of the encoder: {n_parameters(encoder):,}; of one with two hidden layers, like the lab's"
        f" for digits: {n_parameters(linear):,}"
    )


# %% [markdown]
# ### Two steps
#
# An auto-encoder and a VAE of the same networks. The pixels have no coins to throw here: colours are real numbers, and the
# likelihood is a Gaussian of a fixed standard deviation $\sigma_x$ around the decoder's image, $p(x \mid z) = N(g(z), \sigma_x^2
# I)$. Up to a constant, the negative ELBO is then
#
# $$\frac{1}{2 \sigma_x^2} \, \lVert x - g(z) \rVert^2 + \mathrm{KL}\left(q(z \mid x) \,\|\, p(z)\right), \qquad z = \mu(x) +
# \sigma(x) \odot \epsilon .$$
#
# The number $\sigma_x$ plays the part of $\beta$: it says how large an error counts as none, in units of the pixels.


# %% answer="face_ae_step"
def face_ae_step(
    encoder: nn.Module, decoder: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor
) -> dict[str, Tensor]:
    """One optimisation step of the auto-encoder on a batch x (B, C, S, S), by `reconstruction_loss`.

    optimizer holds the parameters of both networks. Returns {"squared error": loss}, the loss before the step.
    """
    ### BEGIN SOLUTION
    loss = reconstruction_loss(x, decoder(encoder(x)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"squared error": loss}
    ### END SOLUTION


# %% answer="face_vae_step"
def face_vae_step(
    encoder: nn.Module,
    decoder: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    sigma_x: float,
) -> dict[str, Tensor]:
    """One optimisation step on the loss above, with fresh noise for each image; encoder: x -> means and log-variances, (B, 2 D).

    Returns {"squared error": ..., "KL": ...} before the step: the error as in face_ae_step, without sigma_x; the KL in nats.
    """
    ### BEGIN SOLUTION
    mu, logvar = encoder(x).chunk(2, dim=1)
    error = reconstruction_loss(x, decoder(reparameterize(mu, logvar, torch.randn_like(mu))))
    kl = kl_divergence(mu, logvar)
    optimizer.zero_grad()
    (error / (2 * sigma_x**2) + kl).backward()
    optimizer.step()
    return {"squared error": error, "KL": kl}
    ### END SOLUTION


# %% train="face_checks"
@visible_checks("face_ae_step")
def _():
    x, networks = torch.rand(4, 1, 28, 28), tiny_autoencoder()

    def step(optimizer, encoder, decoder):
        return face_ae_step(encoder, decoder, optimizer, x)

    check_loss_alone(step, "squared error", *networks)


@visible_checks("face_vae_step")
def _():
    x, networks = torch.rand(4, 1, 28, 28), tiny_autoencoder(n_out=6)

    def step(optimizer, encoder, decoder, sigma_x=1.0):
        return face_vae_step(encoder, decoder, optimizer, x, sigma_x)

    losses, moved = trial_step(step, *networks)
    assert isinstance(losses, dict) and set(losses) == {"squared error", "KL"}, (
        'return a dictionary with the keys "squared error" and "KL"'
    )
    check_moved(moved)
    narrow, moved_more = trial_step(lambda *parts: step(*parts, sigma_x=0.5), *networks)
    assert math.isclose(losses["squared error"], narrow["squared error"], rel_tol=1e-5), (
        "return the squared error without sigma_x"
    )
    assert math.isclose(moved_more[1], 4 * moved[1], rel_tol=1e-3), (
        "half the sigma_x makes an error four times as dear"
    )
    check_leftovers(step, moved, *networks)
    encoder, decoder = tiny_autoencoder(n_out=6)
    frozen = torch.optim.SGD(encoder.parameters(), lr=0.0)
    first, second = (
        face_vae_step(encoder, decoder, frozen, x, 1.0)["squared error"] for _ in range(2)
    )
    assert torch.as_tensor(first).item() != torch.as_tensor(second).item(), (
        "each step draws fresh noise"
    )


# %% [markdown]
# ### The experiment
#
# An auto-encoder and two VAEs, with $\sigma_x = 0.2$ and $\sigma_x = 1$, start from the same weights (as far as they have the
# same) and see the same batches of faces. They are shown by an exponential average of their weights, which is also what the files
# in `artifacts/` hold, for whoever would like to train a diffusion model on such codes later. Three things are measured on faces
# that were not trained on.
#
# * **Squared error** of the reconstructions, per image.
# * **Detail**: how much of the fine structure of an image is left. A Laplacian filter takes the difference between each pixel and
#   the mean of its four neighbours, which is near zero in flat or blurred places. The number is the root mean square of that
#   difference over the images, divided by the same for real faces: 1 is as sharp as they are, and less is blurred.
# * **Fréchet distance** of features of a classifier of faces, as for digits: it judges whether features of faces are there,
#   and in the right variety.
#
# Two sets of samples are drawn from each: codes from $N(0, I)$, and codes from a Gaussian with the mean and the covariance of
# the training codes (for a VAE, of their means). **Look for** what a small $\sigma_x$ keeps and a large one loses, and for what
# that buys.

# %% train="faces"
SIGMA_X = {"AE": None, "VAE, sigma 0.2": 0.2, "VAE, sigma 1": 1.0}
LAPLACIAN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]], device=device) / 4


def roughness(images):
    """Root mean square of the Laplacian of the grey images (B, 3, H, W): large if neighbouring pixels differ."""
    grey = images.mean(1, keepdim=True)
    return F.conv2d(grey, LAPLACIAN[None, None]).square().mean().sqrt().item()


def fit_faces(name):
    """Train one model from the same initial weights on the same batches. Returns its average, the losses, and new faces through it."""
    seed_everything(1)
    sigma_x = SIGMA_X[name]
    pair = nn.ModuleDict(
        {
            "encoder": conv_encoder(
                FACE_LATENT * (1 if sigma_x is None else 2), FACE_WIDTH, SIZE, 3
            ),
            "decoder": conv_decoder(FACE_LATENT, FACE_WIDTH, SIZE, 3),
        }
    ).to(device)
    optimizer, average = adam(pair, lr=2e-3), EMA(pair, decay=0.99)
    stream = batches(faces, FACE_BATCH)

    def step(i):
        parts = pair["encoder"], pair["decoder"], optimizer, next(stream)
        losses = face_ae_step(*parts) if sigma_x is None else face_vae_step(*parts, sigma_x)
        average.update(pair)
        return losses

    model = average.module
    history, stages = fit(
        name,
        step,
        settings.iterations(1000),
        lambda: decode(model, encode(model, new_faces[:10])),
        every=settings.iterations(500),
        first=None,
    )
    return model, history, stages


def encode(model, images):
    """The codes (B, 64) of an auto-encoder, or the means of a VAE's."""
    return evaluate(model["encoder"], images)[:, :FACE_LATENT]


def decode(model, codes):
    return evaluate(model["decoder"], codes)


face_models, face_histories, face_stages = {}, {}, {"input": new_faces[:10]}
for name, sigma_x in SIGMA_X.items():
    face_models[name], face_histories[name], stages = fit_faces(name)
    face_stages |= {f"{name}, {when}": images for when, images in stages.items()}
    file = "ae" if sigma_x is None else f"vae_{sigma_x:g}".replace(".", "")
    keep(f"faces_{file}", face_models[name])

plots.loss_curves(
    {name: {"squared error": history["squared error"]} for name, history in face_histories.items()},
    "Training faces: what does the noise in the code cost?",
    ylabel="squared error per image",
    log=True,
)
plots.loss_curves(
    {name: {"KL": history["KL"]} for name, history in face_histories.items() if SIGMA_X[name]},
    "What the codes say",
    ylabel="nats per image",
)
plots.show_rows(face_stages, "New faces: which details come last, and which never?")

# %% train="face_samples"
seed_everything(2)
face_samples = {}
print(f"{'images':<34}{'detail':>8}{'distance':>12}")


def judge_faces(name, images):
    """One line on as many images as there are new faces: detail and distance, against these."""
    detail = roughness(images) / roughness(new_faces)
    print(f"{name:<34}{detail:>8.2f}{face_distance(images, new_faces):>12.0f}")


judge_faces("training faces", faces[: len(new_faces)])
for name, model in face_models.items():
    codes, known = encode(model, new_faces), encode(model, faces)
    ridge = 1e-4 * torch.eye(FACE_LATENT, device=device)
    fitted = torch.distributions.MultivariateNormal(known.mean(0), torch.cov(known.T) + ridge)
    judge_faces(f"{name}: reconstructions", decode(model, codes))
    for prior, z in {
        "N(0, I)": torch.randn_like(codes),
        "fitted": fitted.sample((len(codes),)),
    }.items():
        samples = decode(model, z)
        judge_faces(f"{name}: {prior}", samples)
        face_samples[f"{name}: {prior}"] = samples[:25]
print()
for name, model in face_models.items():
    outputs = evaluate(model["encoder"], new_faces)
    error = reconstruction_loss(new_faces, decode(model, outputs[:, :FACE_LATENT])).item()
    line = f"{name}: squared error {error:.1f} per new face"
    if SIGMA_X[name]:
        mu, logvar = outputs.chunk(2, dim=1)
        kls = [kl_divergence(mu[:, [j]], logvar[:, [j]]).item() for j in range(FACE_LATENT)]
        used = sum(kl > 0.1 for kl in kls)
        line += f", KL {sum(kls):.1f} nats, {used} of {FACE_LATENT} latents above 0.1 nats"
    print(line)
for prior in ("N(0, I)", "fitted"):
    plots.show_grids(
        {"new faces": new_faces[:25]}
        | {name: images for name, images in face_samples.items() if name.endswith(prior)},
        f"Samples, prior: {prior}",
        n_columns=5,
    )

# %% [markdown]
# The last picture walks from one new face to another: in the pixels, and along the line between two codes of each model.

# %% train="face_interpolation"
a = torch.linspace(1, 0, 9, device=device)
for first, second in ((2, 9), (5, 8)):
    ends = new_faces[[first, second]]
    strips = {"pixels": interpolate(*ends.flatten(1), a).unflatten(1, ends.shape[1:])}
    for name, model in face_models.items():
        strips[name] = decode(model, interpolate(*encode(model, ends), a))
    plots.interpolation_strips(strips, a, "Between two new faces")

# %% [markdown]
# **Analysis** (5 points). (a) Describe the reconstructions of the three models: what comes first, what last, what never? Use the
# detail and the squared error. (b) Why are even the auto-encoder's reconstructions blurred, and where does a VAE with a large
# $\sigma_x$ lose more? What is $\sigma_x$ in terms of $\beta$? (c) Compare the samples from $N(0, I)$, by eye and in numbers: what
# does a large $\sigma_x$ buy, and why? (d) What changes when the Gaussian is fitted to the codes, for which model most, and why?
# (e) Compare the walks between two faces with the blend of pixels and with each other.
#
# *Limit: 450 words, a formula counting as one.*

# %% [markdown] analysis="face_training"
# ### BEGIN SOLUTION
# (a) At 500 iterations all three have the background, the colours of hair, skin and shirt, and the outline of the head; by
# 1,000 the hair has its length and its parting. Glasses become a grey bar, eyes and mouth a shade. The auto-encoder and the VAE
# with 0.2 are alike: squared error 39.7 both, detail 0.45 and 0.46. With sigma_x = 1 it is 56.4 and 0.40: hats fade, beards
# go, and skin and background drift to usual colours. No model has frames, pupils or teeth.
#
# (b) What the code does not say, the decoder has to guess, and the squared error is smallest at the mean of all it might be. A
# mean of glasses in different places is a grey bar. Eyes and mouths are few pixels, so they earn little. This holds for the
# auto-encoder, which has no noise; noise adds to it only if the code must be cheap. Multiply the loss by 2 sigma_x^2: it is the
# squared error plus 2 sigma_x^2 KL, so beta = 2 sigma_x^2, that is 0.08 and 2. Accordingly the code carries 111 nats in 64
# latents, or 19 in 14.
#
# (c) From N(0, I) the auto-encoder draws coloured patches (distance 1,550), since nothing asked its codes to be there. With 0.2
# about every third sample is a head, the rest is patches (1,058). With 1 all are heads with hair and shirts, some bearded, but
# without features (619). A heavy KL pulls every q(z|x) to the prior, so that together they fill it; with 111 nats each, they
# are small islands in it.
#
# (d) Now the auto-encoder's samples are faces (352, best of all, though some are stained), those of the VAE with 0.2 as well
# (488), and with 1 little changes (542 after 619; duller, because means spread less than codes do). The fit repairs what the KL
# had not done: it helps most where it was missing.
#
# (e) In the pixels the long hair stays behind the other head as a ghost, and glasses fade in over eyes. In the codes one head
# turns into the other: the hair gets shorter, the skin darker, with one outline throughout. The auto-encoder and the VAE with
# 0.2 take the white shirt through green to black, a colour of neither; with sigma_x = 1 the way is shortest and smoothest, and
# the ends are least like the faces.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: reconstructions described from the figure (colours and outlines first; eyes, mouths and glasses late or never), with
#   the detail or the squared error of at least two models.
# - 1 point: the cause of the blur: a squared error is smallest at the mean of what is possible, so what the code leaves open is
#   averaged (0.5); a large sigma_x makes errors cheap against the KL, as a large beta does (beta = 2 sigma_x^2 against an error
#   without a factor, or any right form of it), so the code says less (0.5).
# - 1 point: samples from N(0, I): worst for the auto-encoder, whose codes nothing keeps there; the larger sigma_x gives the samples
#   that look more like faces (or whatever the student's figures show), because the KL weighs more and pulls all codes to the prior.
# - 1 point: the fitted Gaussian helps most where the codes are farthest from N(0, I) (the auto-encoder), and least, or not at
#   all, where the KL has already done it.
# - 1 point: walks: pixels show two faces in one, codes change one face into another; a comparison of the models that fits the
#   student's own strips.
#
# Statements refer to the student's own figures and numbers. An answer without its figures earns half of each point at most.
# ### END MARK SCHEME

# %% [markdown]
# ## 2. Discrete codes: vector quantisation
#
# A VQ-VAE (van den Oord et al. 2017) keeps a *codebook* of $K$ vectors $e_k$ and lets the decoder see only those: each code
# is replaced by its nearest neighbour (eqs. 1 and 2).
#
# $$k(z) = \arg\min_k \lVert z - e_k \rVert, \qquad z_q = e_{k(z)}$$


# %% answer="nearest_code"
def nearest_code(z: Tensor, codebook: Tensor) -> Tensor:
    """Index of the code nearest to each z in Euclidean distance (van den Oord et al. 2017, eq. 1).

    z: (B, D); codebook: (K, D); both may need gradients, an index has none. Returns (B,) int64, in 0..K-1; of several codes that
    are equally near, any.
    """
    ### BEGIN SOLUTION
    return torch.cdist(z, codebook).argmin(dim=1)
    ### END SOLUTION


# %% check="nearest_code"
@visible_checks("nearest_code")
def _():
    codebook = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    index = nearest_code(
        torch.tensor([[3.0, 0.5], [0.2, -0.1], [0.5, 3.5], [-9.0, -9.0]]), codebook
    )
    assert index.shape == (4,), f"one index for each z, shape (4,); yours has {tuple(index.shape)}"
    assert index.dtype == torch.int64, "indices are int64 (torch.long)"
    assert index.tolist() == [1, 0, 2, 0], "some z is not assigned to its nearest code"


# %% [markdown]
# Your function colours the plane by its answer. Each code (dot) must own the region around it, and the borders must be
# straight lines halfway between neighbouring codes.


# %% train="voronoi"
@picture
def _():
    codebook = torch.tensor(
        [[-1.2, 0.8], [0.1, 0.2], [1.3, 1.1], [0.9, -1.2], [-0.8, -1.0], [0.3, 0.9]]
    )
    axis = torch.linspace(-2, 2, 200)
    grid = torch.cartesian_prod(axis, axis)
    owner = nearest_code(grid, codebook).reshape(200, 200).T
    _, axes = plt.subplots(figsize=(4.5, 4.2))
    axes.pcolormesh(axis, axis, owner, cmap="Pastel1", shading="auto")
    axes.plot(codebook[:, 0], codebook[:, 1], "k.", markersize=10)
    axes.set(
        title="Which code owns which part of the plane",
        xlabel="$z_1$",
        ylabel="$z_2$",
        aspect="equal",
    )
    plt.show()


# %% [markdown]
# ### The straight-through gradient
#
# The index is a step function of $z$: its gradient is zero almost everywhere, and the encoder would learn nothing from the
# decoder. The straight-through estimator (Bengio et al. 2013) uses $z_q$ on the way forward and pretends on the way back
# that quantisation was the identity:
#
# $$\text{forward: } z_q, \qquad \text{backward: } \frac{\partial L}{\partial z} := \frac{\partial L}{\partial z_q}$$
#
# No gradient reaches the codebook this way; it has a loss of its own, below.


# %% answer="straight_through"
def straight_through(z: Tensor, z_q: Tensor) -> Tensor:
    """The quantised codes, with the gradient of the identity to z (van den Oord et al. 2017, section 3.2).

    z, z_q: (B, D). Returns (B, D): the values of z_q; gradients pass unchanged to z, and none goes to z_q.
    """
    ### BEGIN SOLUTION
    return z + (z_q - z).detach()
    ### END SOLUTION


# %% check="straight_through"
@visible_checks("straight_through")
def _():
    z, z_q = torch.randn(4, 3, requires_grad=True), torch.randn(4, 3)
    value = straight_through(z, z_q)
    assert value.shape == (4, 3), (
        f"the result has the shape of z, (4, 3); yours has {tuple(value.shape)}"
    )
    assert torch.allclose(value, z_q, atol=1e-5), "forward, the decoder sees z_q"
    assert value.requires_grad, "no gradient flows back to z"


# %% [markdown]
# ### Codebook and commitment losses
#
# Two losses pull codes and codebook together (van den Oord et al. 2017, eq. 3). In the first the code $z$ stands still and
# the codebook's vector moves; in the second it is the other way round, so that the encoder commits to what it chose.
# $\mathrm{sg}$ is the stop-gradient: the identity forward, no gradient back.
#
# $$L_\text{codebook} = \frac{1}{B} \sum_i \lVert \mathrm{sg}(z_i) - e_{k(z_i)} \rVert^2, \qquad
# L_\text{commitment} = \frac{1}{B} \sum_i \lVert z_i - \mathrm{sg}(e_{k(z_i)}) \rVert^2$$
#
# The weight that training puts on the second is not part of your function.


# %% answer="vq_losses"
def vq_losses(z: Tensor, z_q: Tensor) -> tuple[Tensor, Tensor]:
    """Codebook and commitment loss of vector quantisation, unweighted (van den Oord et al. 2017, eq. 3).

    z: (B, D), the encoder's codes; z_q: (B, D), their codebook vectors. Returns (codebook_loss, commitment_loss), two scalars:
    squared distances summed over D, averaged over the batch.
    """
    ### BEGIN SOLUTION
    codebook_loss = (z.detach() - z_q).pow(2).sum(dim=1).mean()
    commitment_loss = (z - z_q.detach()).pow(2).sum(dim=1).mean()
    return codebook_loss, commitment_loss
    ### END SOLUTION


# %% check="vq_losses"
@visible_checks("vq_losses")
def _():
    z, z_q = torch.zeros(4, 3, requires_grad=True), torch.ones(4, 3, requires_grad=True)
    losses = vq_losses(z, z_q)
    assert isinstance(losses, tuple | list) and len(losses) == 2, (
        "return two losses: codebook first, commitment second"
    )
    codebook_loss, commitment_loss = losses
    assert codebook_loss.shape == () and commitment_loss.shape == (), (
        "each loss is one number for the batch: a 0-d tensor"
    )
    right = all(abs(float(loss.detach()) - 3.0) < 1e-5 for loss in losses)
    assert right, "codes that are off by one in each of 3 latents cost 3"
    assert codebook_loss.requires_grad and commitment_loss.requires_grad, (
        "each loss must have a gradient to one of its two arguments"
    )


# %% [markdown]
# ### The VQ auto-encoder
#
# A VQ auto-encoder has no KL that could pull its code to nothing. Its 64 numbers are eight slots of eight, and each slot is
# replaced by its nearest of 64 codes in a learned *codebook*: an image becomes eight whole numbers, 48 bits at most. The
# loss is
#
# $$\lVert x - g_\beta(z_q) \rVert^2 + \lVert \mathrm{sg}[z] - e \rVert^2 + \beta_c \lVert z - \mathrm{sg}[e] \rVert^2,$$
#
# with the gradient copied straight through the quantisation. (The second and third term have equal values; they differ in
# where their gradients go.) Sampling then needs a *prior over the whole numbers*, which is learned afterwards.


# %% answer="vq_step"
def vq_step(
    encoder: nn.Module,
    decoder: nn.Module,
    codebook: nn.Parameter,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    commitment: float = 0.25,
) -> dict[str, Tensor]:
    """One optimisation step of the VQ auto-encoder on a batch x (B, 1, 28, 28).

    encoder, decoder: as in the lab, with a code of S x D numbers; codebook: (K, D), in the optimizer too.
    Cut the code into its S slots, (B, S * D) -> (B * S, D); find their codes; decode the straight-through slots.
    Returns {"squared error": ..., "codebook": ..., "commitment": ...} before the step; commitment is the weight of the third term.
    """
    ### BEGIN SOLUTION
    z = encoder(x)
    slots = z.view(-1, codebook.shape[1])
    quantized = codebook[nearest_code(slots, codebook)]
    codebook_loss, commitment_loss = vq_losses(slots, quantized)
    error = reconstruction_loss(x, decoder(straight_through(slots, quantized).view_as(z)))
    loss = error + codebook_loss + commitment * commitment_loss
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"squared error": error, "codebook": codebook_loss, "commitment": commitment_loss}
    ### END SOLUTION


# %% train="vq_checks"
@visible_checks("vq_step")
def _():
    x, networks = torch.rand(4, 1, 28, 28), tiny_autoencoder(n_out=6, n_code=6)
    codebook = nn.Parameter(torch.tensor([[0.3, -0.2, 0.1], [-0.4, 0.2, 0.0], [9.0, 9.0, 9.0]]))

    def step(optimizer, encoder, decoder, codebook, commitment=0.25):
        return vq_step(encoder, decoder, codebook, optimizer, x, commitment)

    losses, moved = trial_step(step, *networks, codebook)
    assert isinstance(losses, dict) and set(losses) == {
        "squared error",
        "codebook",
        "commitment",
    }, 'return a dictionary with the keys "squared error", "codebook" and "commitment"'
    check_moved(moved, ("encoder", "decoder", "codebook"))
    assert math.isclose(losses["codebook"], losses["commitment"], rel_tol=1e-4), (
        "the two losses of the slots have equal values: return the commitment loss without its weight"
    )
    _, without = trial_step(lambda *parts: step(*parts, commitment=0.0), *networks, codebook)
    assert without[0] > 0, (
        "without commitment the encoder does not move: does it learn from the decoder?"
    )
    assert without[0] != moved[0], "the commitment loss makes no difference to the encoder"
    assert math.isclose(without[2], moved[2], rel_tol=1e-3), (
        "the commitment loss must not move the codebook"
    )
    check_leftovers(step, moved, *networks, codebook)


# %% [markdown]
# **Look at** the perplexity below the figures: $\exp$ of the entropy of how often each code is used, which is 64 when all are
# used equally and 1 when one is used for everything.

# %% train="vq"
N_SLOTS, N_CODES, N_LATENT, N_SAMPLES, WIDTH = 8, 64, 64, 1000, settings.width(400)
x_train, x_test = (
    load_digits(split, value_range=UNIT)[0].to(device) for split in ("train", "test")
)
seed_everything(9)
vq_encoder = nn.Sequential(nn.Flatten(), mlp([784, WIDTH, WIDTH // 2, N_LATENT])).to(device)
vq_decoder = nn.Sequential(
    mlp([N_LATENT, WIDTH // 2, WIDTH, 784]), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))
).to(device)
with torch.no_grad():  # start from codes that occur, so that few of them are never used
    first = vq_encoder(x_train[:N_CODES]).view(N_CODES, N_SLOTS, -1)
    codebook = nn.Parameter(first[torch.arange(N_CODES), torch.arange(N_CODES) % N_SLOTS].clone())
vq_optimizer = adam(vq_encoder, vq_decoder, codebook)


def to_codes(x):
    """Images -> whole numbers (B, 8)."""
    with evaluating(vq_encoder):
        return nearest_code(vq_encoder(x).view(-1, codebook.shape[1]), codebook).view(
            len(x), N_SLOTS
        )


def from_codes(index):
    with evaluating(vq_decoder):
        return vq_decoder(codebook[index].flatten(1))


digit_stream = batches(x_train, 128)
vq_history, vq_stages = fit(
    "VQ auto-encoder",
    lambda i: vq_step(vq_encoder, vq_decoder, codebook, vq_optimizer, next(digit_stream)),
    settings.iterations(3000),
    lambda: from_codes(to_codes(x_train[:10])),
    every=settings.iterations(1000),
    first=None,
)
vq_book = nn.Module()
vq_book.register_parameter("codes", codebook)
keep("vq", encoder=vq_encoder, decoder=vq_decoder, codebook=vq_book)
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 3.6), layout="constrained")
left.plot(vq_history["squared error"], linewidth=0.8)
right.plot(vq_history["codebook"], linewidth=5, alpha=0.35, label="codebook")
right.plot(vq_history["commitment"], linewidth=0.8, color="black", label="commitment (thin)")
left.set(title="Reconstruction", ylabel="squared error per image")
right.set(title="Equal values, but not equal gradients", ylabel="squared error per slot")
for ax in (left, right):
    ax.set(xlabel="iteration", yscale="log")
    ax.grid(alpha=0.3)
right.legend(loc="upper left", bbox_to_anchor=(1, 1))
figure.suptitle("VQ auto-encoder: training losses")
plt.show()
plots.show_rows(
    {"input": x_train[:10]} | vq_stages,
    "Training digits, through eight whole numbers",
    value_range=UNIT,
)
share = torch.bincount(to_codes(x_train).flatten(), minlength=N_CODES).double() / (
    len(x_train) * N_SLOTS
)
perplexity = torch.exp(-(share * share.clamp_min(1e-12).log()).sum())
print(
    f"codes in use: {int((share > 0).sum())} of {N_CODES}, perplexity {perplexity:.1f} ({N_CODES} when all are used equally)"
)

# %% [markdown]
# The prior: $p(c_1, \dots, c_8) = \prod_i p(c_i \mid c_{<i})$, each factor a softmax whose logits are linear in the codes
# before it. **Compare** eight numbers drawn uniformly with eight drawn from it. The table adds the models of the lab, if you have
# trained them in this folder. **One training run of each is shown**, and another seed gives another number: over three seeds
# we had 612 to 663 for the learned prior, and 561 to 582 for the lab's VAE. A difference that is not larger than such a spread
# does not rank two models.

# %% train="vq_prior"
seed_everything(10)
code_rows = to_codes(x_train)
prior = nn.Linear(N_SLOTS * N_CODES, N_SLOTS * N_CODES).to(device)
slot = torch.arange(N_SLOTS, device=device).repeat_interleave(N_CODES)
earlier = (slot[None, :] < slot[:, None]).float()  # a slot's logits see the slots before it only


def prior_logits(index):
    """(B, 8) -> (B, 8, 64)."""
    one_hot = F.one_hot(index, N_CODES).flatten(1).float()
    return F.linear(one_hot, prior.weight * earlier, prior.bias).view(-1, N_SLOTS, N_CODES)


prior_optimizer = torch.optim.AdamW(prior.parameters(), lr=5e-3, weight_decay=0.3)
prior_stream = batches(code_rows, 256)


def prior_step(_):
    index = next(prior_stream)
    loss = F.cross_entropy(prior_logits(index).flatten(0, 1), index.flatten()) * N_SLOTS
    prior_optimizer.zero_grad()
    loss.backward()
    prior_optimizer.step()
    return {"nats per image": loss}


train(prior_step, settings.iterations(600), description="prior over codes")
keep("vq_prior", prior=prior)
drawn = torch.zeros(N_SAMPLES, N_SLOTS, dtype=torch.int64, device=device)
with torch.no_grad():
    for i in range(N_SLOTS):
        drawn[:, i] = torch.distributions.Categorical(logits=prior_logits(drawn)[:, i]).sample()
vq_samples = {
    "VQ, uniform codes": from_codes(torch.randint_like(drawn, N_CODES)),
    "VQ, learned prior": from_codes(drawn),
}
scores = {
    name: digit_distance(images, x_test, value_range=UNIT) for name, images in vq_samples.items()
}
lab = Path("artifacts/digit_distances.safetensors")
if lab.is_file():
    scores |= {name: float(distance) for name, distance in load_file(lab).items()}
else:
    print(f"{lab} is missing: run the lab first, if you want its models in the table")
print(f"{'images':<42}{'Frechet distance':>17}")
for name, distance in sorted(scores.items(), key=lambda item: item[1]):
    print(f"{name:<42}{distance:>17.0f}")
plots.show_grids(
    {name: images[:48] for name, images in vq_samples.items()},
    "Samples of the VQ auto-encoder",
    value_range=UNIT,
)

# %% [markdown]
# **Analysis** (3 points). (a) Why can't the VQ auto-encoder's code collapse as a VAE's can, and which failure does it have
# instead? Look at the perplexity. (b) Explain the two sets of samples. (c) Explain the order of the table, as far as the spread
# over seeds allows one. (Without the lab's models in it: place the two sets against the numbers in the text above.)
#
# *Limit: 250 words, a formula counting as one.*

# %% [markdown] analysis="vq_study"
# ### BEGIN SOLUTION
# (a) Its loss has no term that rewards a code for saying nothing; against a uniform prior the KL is log 64 per slot
# whatever the encoder does. What can go wrong is that codes are never chosen and so never learn. Here the perplexity
# is 53 of 64 and all codes are in use; the initial codes, taken from encoded digits, help.
#
# (b) Uniform codes ignore that slots depend on each other: distance 2,192, strokes that fit nothing. The learned prior
# knows which codes occur together, and the same decoder reaches 616: nearly every sample can be named, if a little
# broken.
#
# (c) The table follows how close the sampled codes come to the codes of real digits: either the codes are fitted to the
# prior (VAE, 582) or a prior to the codes (VQ; the Gaussian of the plain auto-encoder, 654). The moment auto-encoder fits
# single latents only (1,034 with 16, 1,448 with 64). Last comes what fits nothing. Over three seeds the VAE stays first;
# the ranges of the next two overlap, so they have no order.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: VQ has no term that rewards a constant code (uniform prior: a constant KL of log K per slot); its failure
#   is unused codes, seen in the perplexity.
# - 1 point: uniform codes ignore that slots depend on each other, the learned prior knows which occur together; by picture
#   and by distance.
# - 1 point: the table's order (or the place of the two sets among the numbers of the text) explained by how close the codes
#   of the data come to the prior that is sampled, without ranking what lies within the spread over seeds.
# ### END MARK SCHEME

# %% [markdown]
# ## 3. A VAE whose likelihood is known
#
# How good is the bound? For a neural decoder nobody knows, because $\log p(x)$ is an integral without a closed form. Make
# the decoder linear, though, and everything is Gaussian:
#
# $$z \sim N(0, I_K), \qquad x \mid z \sim N(W z + b, \sigma^2 I_D)$$
#
# This is probabilistic PCA (Tipping and Bishop 1999; Bishop 2006, section 12.2). In this part you compute the likelihood,
# the best possible encoder, the ELBO of *any* Gaussian encoder, and the gap between the bound and the truth. Here $D$ is the
# size of $x$ and $K$ that of $z$; $\sigma$ is a standard deviation, as a Python float.
#
# ### The exact log-likelihood
#
# $x$ is a sum of a linear map of a Gaussian, a constant and Gaussian noise, and so it is Gaussian. Its mean and covariance
# follow from the model in two lines:
#
# $$\log p(x) = \log N\left(x \mid \mathbb{E}[x], \mathrm{Cov}[x]\right), \qquad
# \log N(x \mid m, C) = -\tfrac{1}{2} \left[ D \log 2\pi + \log\det C + (x - m)^\top C^{-1} (x - m) \right]$$
#
# For images, $D$ is in the hundreds and $\det C$ leaves the range of floating-point numbers. Compute its logarithm without
# computing it.


# %% answer="log_marginal"
def log_marginal(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> Tensor:
    """Exact log p(x) of the linear-Gaussian VAE z ~ N(0, I_K), x | z ~ N(W z + b, sigma^2 I_D) (Bishop 2006, section 12.2).

    x: (B, D); W: (D, K), of any rank; b: (D,); sigma > 0 (a standard deviation), large or small. Returns (B,), in nats.
    """
    ### BEGIN SOLUTION
    D = x.shape[1]
    C = W @ W.T + sigma**2 * torch.eye(D, dtype=x.dtype, device=x.device)
    L = torch.linalg.cholesky(C)
    white = torch.linalg.solve_triangular(L, (x - b).T, upper=False)  # (D, B)
    log_det = 2 * L.diagonal().log().sum()
    return -0.5 * (D * math.log(2 * math.pi) + log_det + white.pow(2).sum(dim=0))
    ### END SOLUTION


# %% check="log_marginal"
@visible_checks("log_marginal")
def _():
    value = log_marginal(torch.zeros(4, 3), torch.zeros(3, 2), torch.zeros(3), 1.0)
    assert value.shape == (4,), (
        f"one number for each x of the batch, shape (4,); yours has {tuple(value.shape)}"
    )
    standard = torch.full((4,), -1.5 * math.log(2 * math.pi))
    assert torch.allclose(value, standard, atol=1e-4), (
        "with W = 0, b = 0 and sigma = 1, x is standard normal"
    )
    shifted = log_marginal(torch.ones(4, 3), torch.zeros(3, 2), torch.ones(3), 1.0)
    assert torch.allclose(shifted, value, atol=1e-4), "with W = 0, p(x) is centred at b"
    far = torch.full((1, 3), 5.0)
    wide, narrow = (
        log_marginal(far, W, torch.zeros(3), 1.0) for W in (torch.ones(3, 2), torch.zeros(3, 2))
    )
    assert wide > narrow, "W spreads x along its columns: a far x in that direction gets likelier"


# %% [markdown]
# ### The optimal encoder
#
# The bound is tight for one distribution only, $q(z \mid x) = p(z \mid x)$. By Bayes' rule, as a function of $z$,
#
# $$\log p(z \mid x) = -\frac{1}{2\sigma^2} \lVert x - W z - b \rVert^2 - \frac{1}{2} \lVert z \rVert^2 + \text{const},$$
#
# which is quadratic in $z$: a Gaussian. Complete the square to read off its mean and covariance. The covariance is the same
# for every $x$.


# %% answer="optimal_posterior"
def optimal_posterior(x: Tensor, W: Tensor, b: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """Exact posterior p(z | x) = N(mean, cov) of the linear-Gaussian VAE, the optimal q (Bishop 2006, section 12.2).

    x: (B, D); W: (D, K), of any rank; b: (D,); sigma > 0, large or small. Returns (mean (B, K), cov (K, K)).
    """
    ### BEGIN SOLUTION
    K = W.shape[1]
    M = W.T @ W + sigma**2 * torch.eye(K, dtype=x.dtype, device=x.device)
    mean = torch.linalg.solve(M, W.T @ (x - b).T).T
    return mean, sigma**2 * torch.linalg.inv(M)
    ### END SOLUTION


# %% check="optimal_posterior"
@visible_checks("optimal_posterior")
def _():
    mean, cov = optimal_posterior(torch.randn(4, 3), torch.zeros(3, 2), torch.zeros(3), 1.0)
    assert mean.shape == (4, 2), (
        f"the mean has one row for each x, shape (B, K) = (4, 2); yours has {tuple(mean.shape)}"
    )
    assert cov.shape == (2, 2), (
        f"one covariance for all x, shape (K, K) = (2, 2); yours has {tuple(cov.shape)}"
    )
    prior = torch.allclose(mean, torch.zeros(4, 2)) and torch.allclose(cov, torch.eye(2))
    assert prior, "with W = 0, x says nothing about z: the posterior is the prior"
    mean, cov = optimal_posterior(torch.ones(1, 1), torch.ones(1, 1), torch.zeros(1), 1.0)
    assert torch.allclose(mean, torch.tensor(0.5)), (
        "for x = z + noise of the variance of z, half of x is signal"
    )
    assert cov < 1, "seeing x makes z more certain than it was"


# %% [markdown]
# ### The ELBO of any Gaussian encoder
#
# Take $q(z \mid x_i) = N(m_i, S)$ with a full covariance $S$, the same for all $x$. Both expectations of the bound have
# closed forms:
#
# $$\mathrm{ELBO}_i = \mathbb{E}_{q}\left[\log N(x_i \mid W z + b, \sigma^2 I_D)\right]
# - \mathrm{KL}\left(N(m_i, S) \,\|\, N(0, I_K)\right)$$
#
# For the first, remember that $\mathbb{E}\lVert a + A u \rVert^2 = \lVert a \rVert^2 + \mathrm{tr}(A S A^\top)$ when $u$ has
# mean zero and covariance $S$. For the second,
#
# $$\mathrm{KL}\left(N(m, S) \,\|\, N(0, I_K)\right) = \tfrac{1}{2}\left[\mathrm{tr}\, S + \lVert m \rVert^2 - K - \log\det S\right].$$


# %% answer="gaussian_elbo"
def gaussian_elbo(x: Tensor, W: Tensor, b: Tensor, sigma: float, m: Tensor, S: Tensor) -> Tensor:
    """Exact ELBO of the linear-Gaussian VAE under q(z | x_i) = N(m_i, S), in closed form (Kingma and Welling 2014, eq. 3).

    x: (B, D); W: (D, K), of any rank; b: (D,); sigma > 0, large or small; m: (B, K); S: (K, K), symmetric positive definite.
    Returns (B,), in nats: exact, without samples. D and K may be in the hundreds.
    """
    ### BEGIN SOLUTION
    D, K = W.shape
    error = (x - m @ W.T - b).pow(2).sum(dim=1) + torch.trace(W @ S @ W.T)
    log_likelihood = -0.5 * (D * math.log(2 * math.pi * sigma**2) + error / sigma**2)
    kl = 0.5 * (torch.trace(S) + m.pow(2).sum(dim=1) - K - torch.logdet(S))
    return log_likelihood - kl
    ### END SOLUTION


# %% check="gaussian_elbo"
@visible_checks("gaussian_elbo")
def _():
    x, b, W = torch.randn(4, 3), torch.randn(3), torch.randn(3, 2)
    prior = torch.zeros(4, 2), torch.eye(2)
    value = gaussian_elbo(x, W, b, 0.7, *prior)
    assert value.shape == (4,), (
        f"one number for each x of the batch, shape (4,); yours has {tuple(value.shape)}"
    )
    blind = gaussian_elbo(b.expand(4, 3), torch.zeros(3, 2), b, 1.0, *prior)
    constant = torch.full((4,), -1.5 * math.log(2 * math.pi))
    assert torch.allclose(blind, constant, atol=1e-4), (
        "with W = 0 and q the prior, only log N(x | b, sigma^2 I) is left"
    )
    further = gaussian_elbo(
        b.expand(4, 3), torch.zeros(3, 2), b, 1.0, torch.ones(4, 2), torch.eye(2)
    )
    assert (further < blind).all(), "with W = 0, moving q away from the prior lowers the bound"


# %% [markdown]
# ### The gap
#
# What is lost by using $q$ is known exactly, for every model:
#
# $$\log p(x) - \mathrm{ELBO} = \mathrm{KL}\left(q(z \mid x) \,\|\, p(z \mid x)\right)$$
#
# Here both are Gaussian, $N(m_i, S)$ and $N(c_i, C)$, with $C$ the posterior's covariance and $c_i$ its mean:
#
# $$\mathrm{KL} = \tfrac{1}{2}\left[\mathrm{tr}(C^{-1} S) + (c_i - m_i)^\top C^{-1} (c_i - m_i) - K + \log\det C - \log\det S\right]$$


# %% answer="elbo_gap"
def elbo_gap(m: Tensor, S: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    """KL(N(m_i, S) || N(mean_i, cov)) in nats: the gap log p(x_i) - ELBO_i when the second is the exact posterior.

    m, mean: (B, K); S, cov: (K, K), symmetric positive definite; K may be in the hundreds. Returns (B,), one for each row.
    """
    ### BEGIN SOLUTION
    K = m.shape[1]
    trace = torch.trace(torch.linalg.solve(cov, S))
    difference = mean - m
    mahalanobis = (difference * torch.linalg.solve(cov, difference.T).T).sum(dim=1)
    return 0.5 * (trace + mahalanobis - K + torch.logdet(cov) - torch.logdet(S))
    ### END SOLUTION


# %% check="elbo_gap"
@visible_checks("elbo_gap")
def _():
    m, S = torch.randn(4, 2), torch.tensor([[2.0, 0.5], [0.5, 1.0]])
    value = elbo_gap(m, S, m, S)
    assert value.shape == (4,), (
        f"one number for each row of the batch, shape (4,); yours has {tuple(value.shape)}"
    )
    assert value.abs().max() < 1e-5, "the gap is zero when q is the posterior"
    assert (elbo_gap(m, S, m + 1, torch.eye(2)) > 0).all(), "a KL is not negative: check the signs"
    off_by_one = elbo_gap(torch.zeros(1, 2), torch.eye(2), torch.ones(1, 2), torch.eye(2))
    assert abs(float(off_by_one[0]) - 1.0) < 1e-5, (
        "two unit Gaussians whose means differ by one in two coordinates are one nat apart"
    )


# %% [markdown]
# Put the three together in one dimension. The model is fixed; the encoder's variance runs over the axis, its mean is right.
# The bound must touch the true $\log p(x)$ at exactly one variance, the posterior's, and the distance between the curves
# must be your KL everywhere (the dots).


# %% train="elbo_gap_curve"
@picture
def _():
    x, W, b, sigma = torch.tensor([[1.5]]), torch.tensor([[1.2]]), torch.tensor([0.3]), 0.6
    mean, cov = optimal_posterior(x, W, b, sigma)
    variances = torch.logspace(-2, 0.5, 60)
    bound = [float(gaussian_elbo(x, W, b, sigma, mean, v.reshape(1, 1))) for v in variances]
    gap = [float(elbo_gap(mean, v.reshape(1, 1), mean, cov)) for v in variances]
    truth = float(log_marginal(x, W, b, sigma))
    _, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.axhline(truth, color="black", label="log p(x)")
    axes.semilogx(variances, bound, label="ELBO")
    axes.semilogx(
        variances[::5], [truth - g for g in gap[::5]], "o", label="log p(x) - KL(q || posterior)"
    )
    axes.axvline(float(cov), linestyle=":", color="grey", label="the posterior's variance")
    axes.set(title="The bound against the variance of q", xlabel="variance of q", ylabel="nats")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    plt.show()
