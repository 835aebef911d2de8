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
# # Generative adversarial networks: DCGAN
#
# A generator turns noise into images; a discriminator says which images are real; each learns from the other's mistakes.
# With networks of any shape this game rarely ends well. The deep convolutional GAN (DCGAN; Radford, Metz and Chintala
# 2016, "Unsupervised representation learning with deep convolutional generative adversarial networks") is a short list of
# rules under which it mostly does. In this notebook you build both networks by these rules, condition them on labels, and
# train them on digits and on faces: so that it works, and in three ways so that it fails. The generator collapses in one of
# them, the discriminator runs away in the second and overfits in the third, and you measure all three.
#
# **Goals.** After this notebook you can
#
# * build a convolutional generator and discriminator by the rules of the DCGAN, and condition both on labels;
# * recognise mode collapse, measure it, and tell it from a discriminator that has run away or overfitted;
# * train on digits and faces, and judge the samples by more than a glance at them.
#
# **Hours.** About six hours: two for the functions, one for reading, three for the experiments and their analyses. The
# computer trains for about seven minutes on two cores.
#
# **Reading.**
#
# * Prince (2023), *Understanding Deep Learning*, chapter 15: [udlbook.github.io](https://udlbook.github.io/udlbook/)
# * Radford, Metz and Chintala (2016), *DCGAN* ([arXiv:1511.06434](https://arxiv.org/abs/1511.06434))
# * Mirza and Osindero (2014), *Conditional generative adversarial nets* ([arXiv:1411.1784](https://arxiv.org/abs/1411.1784))
# * Metz et al. (2017), *Unrolled generative adversarial networks*: the eight Gaussians ([arXiv:1611.02163](https://arxiv.org/abs/1611.02163))
# * Mescheder, Geiger and Nowozin (2018), *Which training methods for GANs do actually converge?* ([arXiv:1801.04406](https://arxiv.org/abs/1801.04406))
# * Karras et al. (2020), *Training generative adversarial networks with limited data*: a discriminator that overfits ([arXiv:2006.06676](https://arxiv.org/abs/2006.06676))
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips; the
# hidden checks that make the grade look at every layer, at gradients and at unusual sizes too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dgm import plots
from dgm.check import visible_checks
from dgm.plots import picture

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $x$ | `x` | a batch of images in $[-1, 1]$ | `(B, C, H, W)` |
# | $z$ | `z` | codes (latents), drawn from $N(0, I)$ | `(B, n_latent)` |
# | $G(z)$ | `generator(z)` | the generator's images, in $[-1, 1]$ | `(B, C, H, W)` |
# | | `discriminator(x)` | the discriminator's **logits**, any real numbers | `(B,)` |
# | $D(x)$ | `discriminator(x).sigmoid()` | the probability that $x$ is real | `(B,)` |
# | $y$ | `labels` | classes, int64 in `0..n_classes-1`, or yes/no attributes, floats | `(B,)` or `(B, n_classes)` |
#
# * $D$ is high on real images. The word *logit* means the number before the sigmoid, never the probability.
# * Losses are in nats and averaged over the batch.
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
# * Questions stand alone: a mistake in one costs nothing in another.

# %% [markdown]
# ## 1. The generator
#
# The generator starts from a code of a few dozen numbers, lays it out as a coarse grid with many channels, and then trades
# channels for pixels: from stage to stage the resolution doubles and the number of channels halves, until an image
# remains. These are the rules of Radford et al. (2016, section 3), for a generator:
#
# 1. *All convolutional.* No pooling: a stage learns its own upsampling. The paper takes transposed convolutions of stride 2
#    (a kernel of 4 with padding 1 doubles the resolution exactly). Resizing, nearest or bilinear, and then an ordinary
#    convolution of stride 1 will do as well, and leaves fewer chequerboards in the images (Odena et al. 2016).
# 2. *No fully connected layer* but the projection of the code to the coarse grid.
# 3. *Batch norm* after every layer but the one that makes the image. There, it would force a fixed mean and contrast on
#    each batch of images, and the paper saw the samples oscillate.
# 4. *ReLU* after each batch norm, and *tanh* for the image, so that its pixels lie in $[-1, 1]$ as those of the data do.
#
# | stage | 28 x 28: grid and channels | 64 x 64: grid and channels |
# | --- | --- | --- |
# | projection of the code | 7 x 7, `2 * width` | 4 x 4, `8 * width` |
# | | 14 x 14, `width` | 8 x 8, `4 * width` |
# | | | 16 x 16, `2 * width` |
# | | | 32 x 32, `width` |
# | image layer | 28 x 28, `n_channels` | 64 x 64, `n_channels` |
#
# Use the layers of `torch.nn` (`nn.ConvTranspose2d` or `nn.Conv2d`, `nn.Linear`, `nn.BatchNorm2d`), whether in an
# `nn.Sequential` or in a class of your own: the hidden checks recognise these. Activations, resizing and padding may be
# modules or functions. Kernel sizes (of more than one pixel), biases and initial weights are up to you, here and in the
# discriminator. Mind the arguments of batch norm: the second one is not the momentum.


# %% answer="build_generator"
def build_generator(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """A DCGAN generator (Radford et al. 2016, section 3).

    n_latent: size of the code; width: channels of the last hidden stage; image_size S: 28 or 64; n_channels: of the image (any).
    Returns a new module, made of torch.nn's layers, that maps z (B, n_latent) to images (B, n_channels, S, S) in [-1, 1].

    Projection of the code, as it is, to a 7x7 (S = 28) or 4x4 grid (S = 64), then stages that double the resolution and halve the
    channels, down to `width`: just those of the table, one layer each. Each of these is followed by batch norm and then ReLU; the
    image layer has neither and ends in tanh.
    """
    ### BEGIN SOLUTION
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    channels = [width * 2**stage for stage in reversed(range(n_stages))]
    layers = [
        nn.Linear(n_latent, channels[0] * coarse**2),
        nn.Unflatten(1, (channels[0], coarse, coarse)),
    ]
    for n_in, n_out in zip(channels, [*channels[1:], n_channels], strict=True):
        layers += [
            nn.BatchNorm2d(n_in),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(n_in, n_out, 3, padding=1),
        ]
    return nn.Sequential(*layers, nn.Tanh())
    ### END SOLUTION


# %% check="build_generator"
@visible_checks("build_generator")
def _():
    generator = build_generator(10, 4, 28, 1)
    assert isinstance(generator, nn.Module), "return the network itself: an nn.Module"
    images = generator(torch.randn(5, 10))
    assert images.shape == (5, 1, 28, 28), (
        f"five codes give images of shape (5, 1, 28, 28); yours have {tuple(images.shape)}"
    )
    faces = build_generator(10, 4, 64, 3)(torch.randn(5, 10))
    assert faces.shape == (5, 3, 64, 64), (
        f"for 64x64 colour images the shape is (5, 3, 64, 64); yours is {tuple(faces.shape)}"
    )
    assert images.abs().max() <= 1, "pixels lie in [-1, 1]"
    assert any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in generator.modules()), (
        "there is no batch norm in your generator"
    )
    assert not any("Pool" in type(m).__name__ for m in generator.modules()), (
        "a DCGAN has no pooling layers"
    )
    assert images.requires_grad, "gradients must flow from the images to the parameters"


# %% [markdown]
# What does an untrained generator draw? Every code gives another blot, but all have the same texture, which is that of the
# upsampling. With resizing it is a weave of streaks, a few pixels wide; with transposed convolutions, whose kernels overlap
# in turns, a fine and regular grid over everything. Training has to level it.

# %% train="untrained_generator"


@picture
def _():
    torch.manual_seed(0)
    with torch.no_grad():
        plots.show_images(
            build_generator(64, 32, 64, 3)(torch.randn(16, 64)), "An untrained generator, 64 x 64"
        )


# %% [markdown]
# ## 2. The discriminator
#
# The discriminator is the generator's mirror image: from stage to stage the resolution halves and the channels double,
# until one number per image remains, the logit. Its rules (Radford et al. 2016, section 3):
#
# 1. *Strided convolutions* instead of pooling.
# 2. *Batch norm* after every convolution but the first, where it would hide the contrast and the mean colour of the images
#    and make the training unstable, and none on the logit.
# 3. *Leaky ReLU* of slope 0.2 after every hidden layer, so that a gradient reaches the generator from units that are off,
#    too.
# 4. *No fully connected hidden layer.* The last grid goes straight into one number, by a linear layer or a convolution
#    over the whole grid.
#
# | stage | 28 x 28: grid and channels | 64 x 64: grid and channels |
# | --- | --- | --- |
# | | 14 x 14, `width` | 32 x 32, `width` |
# | | 7 x 7, `2 * width` | 16 x 16, `2 * width` |
# | | | 8 x 8, `4 * width` |
# | | | 4 x 4, `8 * width` |
# | last layer | one logit | one logit |
#
# The paper has a sigmoid at the end. Here it is a part of the loss, where it can be computed without overflow: the network
# ends in the logit itself. Mind the batch of one image: it has one logit, of shape `(1,)`.


# %% answer="build_discriminator"
def build_discriminator(width: int, image_size: int, n_channels: int) -> nn.Module:
    """A DCGAN discriminator (Radford et al. 2016, section 3).

    width: channels of the first stage; image_size S: 28 or 64; n_channels: of the images (any).
    Returns a new module, made of torch.nn's layers, that maps images (B, n_channels, S, S) to logits (B,).

    Strided convolutions that halve the resolution and double the channels: just those of the table, on the images as they are. Batch
    norm after each but the first, then leaky ReLU of slope 0.2 after each. The last layer gives the logit: no activation, no
    sigmoid, no pooling.
    """
    ### BEGIN SOLUTION
    coarse, n_stages = (7, 2) if image_size == 28 else (4, 4)
    layers = [nn.Conv2d(n_channels, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
    for stage in range(1, n_stages):
        n_out = width * 2**stage
        layers += [
            nn.Conv2d(n_out // 2, n_out, 4, stride=2, padding=1),
            nn.BatchNorm2d(n_out),
            nn.LeakyReLU(0.2),
        ]
    return nn.Sequential(*layers, nn.Conv2d(n_out, 1, coarse), nn.Flatten(start_dim=0))
    ### END SOLUTION


# %% check="build_discriminator"
@visible_checks("build_discriminator")
def _():
    discriminator = build_discriminator(4, 28, 1)
    assert isinstance(discriminator, nn.Module), "return the network itself: an nn.Module"
    logits = discriminator(torch.rand(5, 1, 28, 28) * 2 - 1)
    assert logits.shape == (5,), (
        f"five images give five logits, shape (5,); yours have {tuple(logits.shape)}"
    )
    faces = build_discriminator(4, 64, 3)(torch.rand(5, 3, 64, 64) * 2 - 1)
    assert faces.shape == (5,), (
        f"five 64x64 colour images give shape (5,), not {tuple(faces.shape)}"
    )
    one = discriminator.eval()(torch.zeros(1, 1, 28, 28))
    assert one.shape == (1,), f"one image gives one logit, shape (1,), not {tuple(one.shape)}"
    assert any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in discriminator.modules()), (
        "there is no batch norm in your discriminator"
    )
    assert not any("Pool" in type(m).__name__ for m in discriminator.modules()), (
        "a DCGAN has no pooling layers: let convolutions of stride 2 do the halving"
    )
    assert logits.requires_grad, "gradients must flow from the logits to the parameters"


# %% [markdown]
# ## 3. Conditioning on labels
#
# A GAN draws what it likes. A *conditional* GAN (Mirza and Osindero 2014) draws what it is told: both networks get the
# condition $y$ as an additional input, and the discriminator judges whether image and condition go together.
#
# $$\min_G \max_D \; \mathbb{E}_{x, y}\left[\log D(x, y)\right] + \mathbb{E}_{z, y}\left[\log\left(1 - D(G(z, y), y)\right)\right]$$
#
# Neither network needs a new architecture for it, if $y$ comes as more entries of the code and more channels of the image:
# a conditional pair is `build_generator(n_latent + n_classes, ...)` and `build_discriminator(width, size, n_channels +
# n_classes)`. The condition is a class, one of `n_classes`, or a row of `n_classes` yes/no attributes (smiling, with
# glasses, ...), several of which can hold at once.
#
# ### The generator's input
#
# A class must not go in as its number: 7 is not more than 3, and not between 6 and 8. It becomes a row of zeros with a one
# at its place, also where the batch happens to hold no image of the last class.


# %% answer="condition_codes"
def condition_codes(z: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """Codes with their condition appended (Mirza and Osindero 2014).

    z: (B, n_latent); labels: classes (B,), int64 in 0..n_classes-1, or attributes (B, n_classes), floats.
    Returns (B, n_latent + n_classes), of z's dtype: z, then the one-hot class or the attributes as they are.
    """
    ### BEGIN SOLUTION
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    return torch.cat([z, labels.to(z.dtype)], dim=1)
    ### END SOLUTION


# %% check="condition_codes"
@visible_checks("condition_codes")
def _():
    z, labels = torch.randn(4, 3), torch.tensor([0, 2, 1, 0])
    value = condition_codes(z, labels, 5)
    assert value.shape == (4, 8), (
        f"codes of 3 numbers with 5 classes behind them have shape (4, 8); yours have {tuple(value.shape)}"
    )
    assert value.dtype == z.dtype, f"the dtype follows z ({z.dtype}); yours is {value.dtype}"
    assert torch.equal(value[:, :3], z), "the codes come first, as they are"
    assert torch.equal(value[:, 3:].sum(1), torch.ones(4)), "a one-hot row holds a single one"
    attributes = torch.tensor([[1.0, 0.0, 1.0]]).repeat(4, 1)
    both = condition_codes(z, attributes, 3)
    assert both.shape == (4, 6), (
        f"attributes (4, 3) behind codes (4, 3) give (4, 6), not {tuple(both.shape)}"
    )


# %% [markdown]
# ### The discriminator's input
#
# A convolution sees a small window, and must know the condition wherever the window lies. So each entry of the condition
# becomes a whole map, constant over the image, behind the image's own channels. This is the more important half: a
# discriminator that does not see $y$ never punishes a generator for drawing a 3 where a 7 was asked for.


# %% answer="condition_images"
def condition_images(x: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """Images with their condition appended as constant maps, one for each class or attribute.

    x: (B, C, H, W); labels: classes (B,), int64 in 0..n_classes-1, or attributes (B, n_classes), floats.
    Returns (B, C + n_classes, H, W), of x's dtype: the channels of x, then for each k a map filled with entry k of the one-hot
    class or of the attributes.
    """
    ### BEGIN SOLUTION
    if labels.ndim == 1:
        labels = F.one_hot(labels, n_classes)
    maps = labels.to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
    return torch.cat([x, maps], dim=1)
    ### END SOLUTION


# %% check="condition_images"
@visible_checks("condition_images")
def _():
    x, labels = torch.randn(4, 1, 6, 8), torch.tensor([0, 2, 1, 0])
    value = condition_images(x, labels, 5)
    assert value.shape == (4, 6, 6, 8), (
        f"one channel and 5 maps behind it give shape (4, 6, 6, 8); yours have {tuple(value.shape)}"
    )
    assert value.dtype == x.dtype, f"the dtype follows x ({x.dtype}); yours is {value.dtype}"
    assert torch.equal(value[:, :1], x), "the image's own channels come first, as they are"
    maps = value[:, 1:]
    assert torch.equal(maps, maps[:, :, :1, :1].expand_as(maps)), (
        "a map has the same value everywhere on the image"
    )
    assert torch.equal(maps[:, :, 0, 0].sum(1), torch.ones(4)), (
        "an image of one class has one map of ones"
    )


# %% [markdown]
# ## 4. Experiment: a DCGAN on digits
#
# Now the two networks play against each other. The experiments have one shape: you write the code in the answer cells; a
# locked cell trains with it and draws; at the end you say in words what came out. The points lie in that analysis, and a
# person grades it with your figures in view, so hand the notebook in **with its outputs**. All cells together take about
# seven minutes on two cores.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead,
# and `source="torchvision"` in `load_digits` for all 60,000 digits. The trained generators are saved in `artifacts/`; you
# hand these files in, and the notebook `inversion` loads them.
#
# **Write one training step**: one step of the discriminator, then one of the generator, on the same codes. With $B$ images
# and $B$ codes the discriminator minimises
#
# $$L_D = -\frac{1}{B} \sum_{i=1}^{B} \log D(x_i) - \frac{1}{B} \sum_{i=1}^{B} \log\left(1 - D(G(z_i))\right)$$
#
# and the generator the non-saturating loss (Goodfellow et al. 2014, section 3)
#
# $$L_G = -\frac{1}{B} \sum_{i=1}^{B} \log D(G(z_i)).$$
#
# Compute both from logits: $-\log \mathrm{sigmoid}(\ell) = \mathrm{softplus}(-\ell)$. The discriminator's step must not
# reach the generator. The generator's step reaches it *through* the discriminator, whose gradients of that pass must not
# leak into its next step.


# %% answer="gan_step"
def gan_step(
    generator: Callable[[Tensor], Tensor],
    discriminator: Callable[[Tensor], Tensor],
    g_optimizer: torch.optim.Optimizer,
    d_optimizer: torch.optim.Optimizer,
    x: Tensor,
    z: Tensor,
) -> dict[str, Tensor]:
    """One step of the discriminator on real images x and fakes G(z), then one of the generator on the same codes.

    generator: z -> images; discriminator: images -> logits (B,). Modules, or functions that call modules: only call them.
    x: (B, C, H, W); z: (B, n_latent).
    Returns {"D": ..., "G": ...}: the loss of each player before its own step, in nats.
    """
    ### BEGIN SOLUTION
    fake = generator(z)
    d_loss = F.softplus(-discriminator(x)).mean() + F.softplus(discriminator(fake.detach())).mean()
    d_optimizer.zero_grad()
    d_loss.backward()
    d_optimizer.step()
    g_loss = F.softplus(-discriminator(fake)).mean()
    g_optimizer.zero_grad()
    g_loss.backward()
    g_optimizer.step()
    return {"D": d_loss, "G": g_loss}
    ### END SOLUTION


# %% train="dcgan_setup"
import matplotlib.pyplot as plt

from dgm.data import batches, load_digits, paired_batches
from dgm.metrics import digit_distance, digit_probabilities
from dgm.training import (
    EMA,
    Settings,
    adam,
    channels_last,
    evaluate,
    evaluating,
    fit,
    keep,
    keep_tensors,
    seed_everything,
    slope_penalty,
)

settings = Settings()
device = settings.device
N_LATENT, WIDTH, BATCH_SIZE = 64, settings.width(32), 64
N_SAMPLES = 200 if settings.fast else 1000
# Adam's, as DCGAN sets them: a short memory, because the other player keeps changing the direction to go
BETAS = (0.5, 0.999)
R1_EVERY = 4

x_train, y_train = (tensor.to(device) for tensor in load_digits("train"))
x_test, y_test = (tensor.to(device) for tensor in load_digits("test"))


def noise(n, n_latent=N_LATENT):
    return torch.randn(n, n_latent, device=device)


def r1_step(discriminator, optimizer, x, weight):
    """One more step of D, on weight / 2 times its squared slope at real images, for R1_EVERY iterations at once."""
    penalty = R1_EVERY * weight / 2 * slope_penalty(discriminator, x)
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()


def play(
    generator,
    discriminator,
    stream,
    average=None,
    *,
    n_classes=0,
    lr=5e-4,
    d_lr=None,
    betas=BETAS,
    r1=0.0,
):
    """A step for dgm.training.fit: your gan_step on the next batch and on new codes, and r1_step if it is asked for; then it
    brings the average up to date. With n_classes the stream has labels, too, and both networks are told them.
    """

    def players(generator, discriminator):
        """The images of the next batch, and both networks as functions that know its labels."""
        if not n_classes:
            return next(stream), generator, discriminator
        x, y = next(stream)

        def draw(z):
            return generator(condition_codes(z, y, n_classes))

        def judge(images):
            return discriminator(condition_images(images, y, n_classes))

        return x, draw, judge

    def trial(generator, discriminator):
        x, draw, judge = players(generator, discriminator)
        return judge(draw(noise(len(x))))

    channels_last(trial, generator, discriminator)  # the same numbers, sooner
    g_optimizer = adam(generator, lr=lr, betas=betas)
    d_optimizer = adam(discriminator, lr=d_lr or lr, betas=betas)

    def step(i):
        x, draw, judge = players(generator, discriminator)
        losses = gan_step(draw, judge, g_optimizer, d_optimizer, x, noise(len(x)))
        if r1 and i % R1_EVERY == 0:
            r1_step(judge, d_optimizer, x, r1)
        if average is not None:
            average.update(generator)
        return losses

    return step


def distances(a, b):
    """Between each image of a and each of b: the root of the mean squared difference of their pixels (N, M)."""
    return torch.cdist(a.flatten(1), b.flatten(1)) / a[0].numel() ** 0.5


def diversity(images):
    """Mean distance between two different images of a set."""
    return (distances(images, images).sum() / (len(images) * (len(images) - 1))).item()


shares = {}


def cover(name, images):
    """Which digits does the classifier see? Put their shares into the table and print what they amount to."""
    classes = digit_probabilities(images).argmax(1)
    share = shares[name] = torch.bincount(classes, minlength=10).cpu() / len(images)
    entropy = torch.special.entr(share).sum()
    print(
        f"{name}: {int((share < 0.02).sum())} of 10 digits below 2%, entropy {entropy:.2f} of {math.log(10):.2f} nats,"
        f" diversity {diversity(images):.2f}, Frechet distance {digit_distance(images, x_test):.0f}"
    )


print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
cover("real digits", x_train[:N_SAMPLES])

# %% [markdown]
# **How mode collapse is measured.** A generator that has collapsed maps most codes to the same few images. Each may look
# perfect, and the losses may look like those of a good run (you will see a case, and one in which they don't). Three numbers
# show it, on 1,000 samples. (1) The course's digit classifier names
# each sample. Real digits fill all ten classes almost evenly, with an entropy near $\log 10 = 2.30$ nats; a class that
# gets less than 2% of the samples is as good as lost. (2) *Diversity*: the mean distance between two samples, which falls
# where images of one class are alike as well. (3) The Fréchet distance to the test digits, between the features of that
# classifier: small when the samples look like digits and come in the same variety. The line above says what real digits
# get. The classifier knows nothing but digits: it gives noise a class, too. So look at the samples before you believe the
# shares.
#
# **What samples are drawn with.** Two players who answer each other keep circling, and the generator of any single
# iteration has flaws that the next one has lost again. So it is a habit to draw with a second copy, whose weights are a
# running average of those of the generator (Karras et al. 2018, "Progressive growing of GANs"; Yazici et al. 2019, "The
# unusual effectiveness of averaging in GAN training"). `dgm.training.EMA` keeps it. The training never sees it.
#
# Now train. **Look for** when the samples become digits, and what the losses say about it. Where $D$ can only guess, $D(x)
# = 1/2$, they are $L_D = \log 4 = 1.39$ and $L_G = \log 2 = 0.69$.

# %% train="dcgan_digits"
seed_everything(1)
generator = build_generator(N_LATENT, WIDTH, 28, 1).to(device)
discriminator = build_discriminator(WIDTH, 28, 1).to(device)
average = EMA(generator, decay=0.99)
z_show = noise(12)
history, stages = fit(
    "DCGAN",
    play(generator, discriminator, batches(x_train, BATCH_SIZE), average),
    settings.iterations(2000),
    lambda: evaluate(average.module, z_show),
    every=settings.iterations(500),
)
keep("dcgan_digits", average.module, sizes={"n_latent": N_LATENT, "width": WIDTH})
plots.loss_curves({"": history}, "DCGAN on digits: who is winning?", ylabel="loss (nats)")
plots.show_rows(stages, "The same twelve codes: when do they become digits?")
digit_samples = evaluate(average.module, noise(N_SAMPLES))
cover("DCGAN", digit_samples)
z = noise(N_SAMPLES)
distance_last, distance_average = (
    digit_distance(evaluate(one, z), x_test) for one in (generator, average.module)
)
print(
    f"Frechet distance of the same codes: {distance_last:.0f} with the generator of the last iteration,"
    f" {distance_average:.0f} with the average"
)
plots.show_images(digit_samples[:60], "DCGAN: samples", n_columns=12)

# %% [markdown]
# **Graded by its samples** (4 points). The next cell saves 1,000 samples of the average as grey levels in
# `artifacts/dcgan_samples.safetensors`, which you hand in with the notebook. The points come from that file, and no code is
# run for them. What counts is the Fréchet distance of the samples to the test digits: at most 900 earns all points, at
# most 1300 half of them. Two conditions: at least eight of the ten digits have more than 2% of the samples, as the classifier
# sees them, and the samples are the generator's own. Copies of real digits, or the same few samples many times over, earn
# nothing. The last cell shows what the grader will report.

# %% train="dcgan_keep_samples"
seed_everything(11)
levels = 127.5 * (evaluate(average.module, noise(1000)) + 1)  # from [-1, 1] to 0..255
_ = keep_tensors("dcgan_samples", {"samples": levels.round().clamp(0, 255).to(torch.uint8)})

# %% quality="dcgan_samples_quality"

# %% [markdown]
# **Collapse, where it can be seen.** The game is a *min-max*: $D$ comes to its best answer first, and $G$ moves a little. The
# other order would be fatal. Against a $D$ that stands still, the best that $G$ can do is to map all codes to the one image
# that this $D$ finds most real. In the plane all of this can be drawn. The data are eight Gaussians on a ring (Metz et al.
# 2017), the networks two small perceptrons, and the steps your `gan_step`. In the upper row both learn at the same rate, in the
# lower row $D$ learns at a tenth of it, and nothing else differs. The colours are $D(x)$, blue where $D$ says "real".
# **Look for** how many of the eight a generator covers, for the place to which the one in the lower row goes next, and for
# what the losses say about it.

# %% train="eight_gaussians"
seed_everything(5)
ANGLES = 2 * math.pi * torch.arange(8, device=device) / 8
CENTRES = 2 * torch.stack([ANGLES.cos(), ANGLES.sin()], dim=1)
RING_STD, RING_LATENT, RING_WIDTH, RING_RATE = 0.1, 16, 128, 2e-3


def ring(n):
    """Draws (n, 2) from eight Gaussians on a circle."""
    chosen = torch.randint(8, (n,), device=device)
    return CENTRES[chosen] + RING_STD * torch.randn(n, 2, device=device)


def perceptron(n_in, n_out):
    return nn.Sequential(
        *(nn.Linear(n_in, RING_WIDTH), nn.ReLU(), nn.Linear(RING_WIDTH, RING_WIDTH), nn.ReLU()),
        nn.Linear(RING_WIDTH, n_out),
    )


def modes_covered(points):
    """How many of the eight have at least 2% of the points within four standard deviations."""
    distance, nearest = torch.cdist(points, CENTRES).min(dim=1)
    counts = torch.bincount(nearest[distance < 4 * RING_STD], minlength=8)
    return int((counts >= 0.02 * len(points)).sum())


def ring_snapshot(axes, generator, discriminator, i):
    """Data, samples, and D in the plane."""
    ticks = torch.linspace(-3.2, 3.2, 80, device=device)
    x, y = torch.meshgrid(ticks, ticks, indexing="xy")
    with evaluating(generator, discriminator):
        d = discriminator(torch.stack([x, y], dim=-1).reshape(-1, 2)).sigmoid().reshape(80, 80)
        points = generator(noise(1000, RING_LATENT))
    x, y, d = x.cpu(), y.cpu(), d.cpu()
    filled = axes.contourf(x, y, d, levels=[0.1 * k for k in range(11)], cmap="RdBu", alpha=0.6)
    axes.scatter(*points[:300].cpu().T, s=4, color="black")
    axes.scatter(*ring(200).cpu().T, s=3, color="tab:orange")
    n_modes = modes_covered(points)
    axes.set(title=f"iteration {i:,}: {n_modes} of 8", aspect="equal", xticks=[], yticks=[])
    axes.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2))
    return filled


RING_EVERY = settings.iterations(140)
figure, panels = plt.subplots(2, 6, figsize=(14, 5.2), layout="constrained")
for row, (name, d_rate) in zip(
    panels, {"same rate": RING_RATE, "D at a tenth": RING_RATE / 10}.items(), strict=True
):
    seed_everything(0)
    ring_generator = perceptron(RING_LATENT, 2).to(device)
    ring_discriminator = nn.Sequential(perceptron(2, 1), nn.Flatten(0)).to(device)
    ring_optimizers = [
        adam(ring_generator, lr=RING_RATE, betas=BETAS),
        adam(ring_discriminator, lr=d_rate, betas=BETAS),
    ]
    ring_losses = {"D": [], "G": []}
    for i in range(5 * RING_EVERY + 1):
        if i % RING_EVERY == 0:
            filled = ring_snapshot(row[i // RING_EVERY], ring_generator, ring_discriminator, i)
        losses = gan_step(
            *(ring_generator, ring_discriminator, *ring_optimizers),
            *(ring(256), noise(256, RING_LATENT)),
        )
        for player, loss in losses.items():
            ring_losses[player].append(float(loss.detach()))
    row[0].set_ylabel(name)
    last = {
        player: sum(values[-100:]) / len(values[-100:]) for player, values in ring_losses.items()
    }
    print(f"{name}: losses in the last 100 iterations, D {last['D']:.2f}, G {last['G']:.2f} nats")
figure.colorbar(filled, ax=panels, label="D(x)", shrink=0.8)
figure.suptitle("Eight Gaussians (orange), samples (black) and D: how many are covered?")
plt.show()

# %% [markdown]
# **Collapse on digits.** The next cell does the same to a DCGAN: new networks of the very same architecture, in which $G$
# learns a hundred times as fast as $D$, with Adam's usual $\beta_1 = 0.9$. The samples are those of $G$ itself, without an
# average. **Look for** what twelve different codes have in common at each look, and for what they do from look to look.

# %% train="collapse"
seed_everything(2)
hasty_generator = build_generator(N_LATENT, WIDTH, 28, 1).to(device)
hasty_discriminator = build_discriminator(WIDTH, 28, 1).to(device)
hasty_stream = batches(x_train, BATCH_SIZE)
collapse_history, collapse_stages = fit(
    "hasty",
    play(
        *(hasty_generator, hasty_discriminator, hasty_stream),
        lr=1e-2,
        d_lr=1e-4,
        betas=(0.9, 0.999),
    ),
    settings.iterations(300),
    lambda: evaluate(hasty_generator, z_show),
    every=settings.iterations(50),
)
plots.loss_curves(
    {"": collapse_history}, "Hasty: who is winning now?", ylabel="loss (nats)", smooth=20
)
plots.show_rows(collapse_stages, "Hasty: is there a difference between the codes?")
collapsed_samples = evaluate(hasty_generator, noise(N_SAMPLES))
cover("hasty", collapsed_samples)
plots.show_images(collapsed_samples[:60], "Hasty: samples", n_columns=12)

figure, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
for i, (name, share) in enumerate(shares.items()):
    axes.bar(torch.arange(10) + 0.27 * (i - 1), share, width=0.27, label=name)
axes.axhline(0.02, color="black", linewidth=0.8, linestyle=":", label="2%")
axes.set(
    title="Which digits are drawn, and which are lost?",
    xlabel="digit, as the classifier sees it",
    ylabel="share of the images",
    xticks=range(10),
)
axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown]
# **Made to order.** Last, the conditional pair, with your `condition_codes` and `condition_images`. Your `gan_step` need
# not know of it: it is handed functions that append the labels. Each row below was asked for one digit, each column has
# one code. **Look for** rows that obey, and for what a column keeps from row to row.

# %% train="conditional"
seed_everything(3)
conditional_generator = build_generator(N_LATENT + 10, WIDTH, 28, 1).to(device)
conditional_discriminator = build_discriminator(WIDTH, 28, 1 + 10).to(device)
conditional_average = EMA(conditional_generator, decay=0.99)
pairs = paired_batches(x_train, y_train, batch_size=BATCH_SIZE)


def drawn_to_order(z, labels):
    return evaluate(conditional_average.module, condition_codes(z, labels, 10))


conditional_history, _ = fit(
    "conditional DCGAN",
    play(
        conditional_generator, conditional_discriminator, pairs, conditional_average, n_classes=10
    ),
    settings.iterations(800),
    lambda: drawn_to_order(z_show, torch.arange(12, device=device) % 10),
    every=settings.iterations(400),
)
plots.loss_curves({"": conditional_history}, "Conditional DCGAN", ylabel="loss (nats)")
plots.show_rows(
    {f"{k}": drawn_to_order(z_show, torch.full((12,), k, device=device)) for k in range(10)},
    "A row for each digit that was asked for, a column for each code",
)
asked = torch.arange(N_SAMPLES, device=device) % 10
ordered_samples = drawn_to_order(noise(N_SAMPLES), asked)
obeyed = (digit_probabilities(ordered_samples).argmax(1) == asked).float().mean()
cover("conditional DCGAN", ordered_samples)
print(f"the classifier sees the digit that was asked for in {100 * obeyed:.0f}% of the samples")

# %% [markdown]
# **Analysis** (7 points). (a) Describe the loss curves of the DCGAN, and say why neither tells you how good the samples
# are. (b) Describe how the samples develop, and judge the final ones, by eye and by their Fréchet distance. (c) Is there
# mode collapse in the DCGAN? Answer with the shares, the entropy and the diversity, against those of real digits. (d) The
# eight Gaussians: how many does each generator cover, and what does the collapsed one do from look to look? Explain with the
# colours why a generator that leaves $D$ behind draws (nearly) one image for all codes, and why it does not stay with that
# image. Could you tell the two runs apart by their losses? (e) What has become of samples, numbers and losses in the hasty
# run on digits? Say what each number sees of it and what it cannot see. (f) Which half of the conditioning makes the
# generator obey, and what do the images of a column have in common?
#
# *Limit: 650 words, a formula counting as one.*

# %% [markdown] analysis="dcgan_digits"
# ### BEGIN SOLUTION
# (a) Both curves move for about 400 iterations and are then nearly level, with spikes: L_D near 0.6 and L_G near 2, so D is
# clearly ahead of guessing (1.39 and 0.69). They do not fall, although the samples still improve; L_G even rises slowly. A
# GAN's loss measures one player against the other, and both get better. A low L_G can mean good samples or a bad D.
#
# (b) Untrained, the images are grey weaves. At 500 iterations there are white strokes on black, and an 8 and some 7s can
# be named. After that, strokes get smoother and end cleanly; the fifth code is an 8, then a 2, then an 8 again, most keep
# their digit. In the end over half of the samples can be named; the others are strokes of two digits, or a digit with a
# piece too many. The distance is 388, far from the 18 of real digits. The average makes no difference here (430, and 429
# without it, on the same codes).
#
# (c) Hardly. No digit is below 2%, the entropy is 2.21 of 2.30 nats and the diversity 0.73, as for real digits.
# But 4 has just 3%, 1 has 4%, and 0 has 16% in place of 10%: the beginning of it.
#
# (d) At the same rate the samples first run about as a band and cover all eight from iteration 420 on, with D
# near 1/2 on the ring and low inside. With D at a tenth they are one small streak, on one Gaussian or none, and at another
# place of the ring at each look. D is almost flat there: a slope over the whole plane, low on the side where the samples
# are or have just been. Every code does best where D is highest, and no sample is penalised for being like the others, since D judges them one
# by one. D learns at last that this place is fake, the slope turns, and all codes move on together. The losses do not show
# it: D 1.39 and G 0.72 are what guessing gives (1.39, 0.69), the values of a perfect generator. The good run is further from
# them (1.17, 1.00).
#
# (e) It has collapsed. From 150 iterations on, all twelve codes give one image with small changes, and another one at each
# look: two blots, a bowl at 200, the beginning of an 8 at 250, a ragged ring at 300. Six of ten digits are below 2%, 8 has
# 85%, the entropy is 0.63 nats and the distance 3,432. Diversity is 0.65, lower than 0.73 but not near 0: it counts pixels,
# and the ragged edges differ. The classifier calls nothing here by its name: no image is an 8, so the shares say that it is
# one shape, not which. Neither sees that the image changes all the time; the looks do. The
# losses do show this one: L_D is above 1.39 and L_G nearly always below 0.69, so D is fooled throughout, with waves as all codes
# move on. Only at the end do they come near the values of guessing, and the images are no better for it.
#
# (f) Telling the discriminator. A generator that knows the label but is judged without it loses nothing by ignoring it.
# With it, an image of the wrong class is a fake: 86% of the samples are seen as the digit that was asked for, after 800
# iterations, and all ten digits come equally often (2.30 nats). The distance is 229, with less than half of the training.
# The images of a column share what z still has to decide, the slant, the width, how clean the strokes are: the seventh is
# broad and slanted, the fifth ragged, the second has a stroke too many in most digits.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: describes both curves (noisy, level after the start, D ahead of the guessing values) and says that a GAN's
#   losses measure the players against each other, not the samples against the data.
# - 1 point: describes the development (grey patterns, strokes within several hundred iterations, smoother and nameable
#   later) and judges the final samples by eye and with the Fréchet distance.
# - 1 point: answers on mode collapse in the DCGAN from the numbers: digits below 2%, entropy and diversity against those
#   of real digits; names what is over- or under-represented, if anything.
# - 1 point: the eight Gaussians: how many are covered in each run, and that the collapsed samples change their place (0.5).
#   The losses do not tell it: those of the collapsed run lie at the values of guessing, which are those of a perfect generator,
#   or whatever was printed (0.5).
# - 1 point: the reason: against a D that lags behind, all codes run to what D finds most real; D judges images one by one,
#   so being like the others costs nothing (0.5); when D has caught up, they move on together (0.5).
# - 1 point: the hasty run: one image for all codes, another one at each look, with at least two of the numbers beside those
#   of the DCGAN (0.5); what one of the numbers misses (classes of images that are no digits; pixels that differ in one and
#   the same shape; nothing of the change over time), and what the losses say here (0.5).
# - 1 point: conditioning: D must see the label, else a wrong class is never punished; the images of a column share what z
#   still decides (slant, thickness, style).
#
# Statements refer to the figures and to the numbers printed. An answer without its figures earns half of each point at most.
# ### END MARK SCHEME

# %% [markdown]
# ## 5. Experiment: DCGANs on faces
#
# Faces have 64 x 64 pixels and three colours, so the networks get two stages more. The course's faces are drawn by
# `dgm.faces` from a table of attributes, as many as one likes, here upright and in the middle, as photographs are once they
# have been aligned by the eyes. (If `CelebA64.npy` lies beside this notebook, its photographs are used instead.)
#
# With so much to look at, $D$ learns faster than $G$: where an edge has a certain sharpness or a colour a certain grain,
# the image is a fake. Two things hold it back. It learns at a fifth of $G$'s rate, and every fourth iteration it makes one
# more step, on a penalty for steep slopes at real images, $R_1 = \frac{\gamma}{2} \, \mathbb{E}_x\left[\lVert \nabla_x D(x) \rVert^2\right]$
# (Mescheder et al. 2018; the notebook `stabilisers` asks for it; here the slope is measured, by a step up and a step down the
# steepest way). What that is worth, and what the number of faces is worth, three runs tell. Each differs from the first in
# one thing (and the second is stopped after 750 iterations: by then there is nothing to wait for).
#
# | run | faces | $R_1$ |
# | --- | --- | --- |
# | 3,000 faces | 3,000 | yes |
# | without R1 | 3,000 | no |
# | 100 faces | 100 | yes |
#
# Four questions are asked of each, with numbers.
#
# 1. *Does it repeat itself?* Diversity, as above, against that of faces which were not used for training.
# 2. *What does it draw?* The course's classifier of faces says how many of the samples smile, wear glasses, and so on; the
#    Fréchet distance is that between its features.
# 3. *Does it copy?* The distance from each sample to its nearest training face, against the same distance for new real
#    faces. A generator that memorises comes closer to the training faces than a new real face does.
# 4. *What has the discriminator learnt?* Its mean logit on training faces, on new real faces and on samples. If it has
#    learnt what faces look like, it cannot tell the first two apart. If it knows its training faces by heart, it can: it has
#    overfitted (Karras et al. 2020, "Training generative adversarial networks with limited data").

# %% train="faces_setup"
from dgm.data import celeba64
from dgm.faces import BINARY, aligned, draw_faces, sample_faces
from dgm.metrics import attributes_seen, face_distance

FACE_LATENT, FACE_WIDTH, FACE_BATCH, FACE_R1 = 64, settings.width(16), 32, 0.1
FACE_RATES = {"lr": 1e-3, "d_lr": 2e-4}
N_SMALL, N_LARGE, N_NEW = 100, round(3000 * max(1.0, settings.scale)), 500
if settings.fast:
    N_SMALL, N_LARGE, N_NEW = 40, 80, 50

drawn, new_drawn = (
    aligned(sample_faces(n, seed)).to(device) for n, seed in ((N_LARGE, 1), (N_NEW, 2))
)
all_faces, new_faces = draw_faces(drawn), draw_faces(new_drawn)
photographs = Path("CelebA64.npy").is_file()
if photographs:
    celeba = celeba64("CelebA64.npy")
    all_faces = celeba[:N_LARGE].to(device)
    new_faces = celeba[N_LARGE : N_LARGE + N_NEW].to(device)
large, small, steep = f"{N_LARGE:,} faces", f"{N_SMALL} faces", "without R1"
face_z = noise(10, FACE_LATENT)
face_generators, face_histories, face_samples = {}, {}, {}


def fit_faces(name, faces, n_iterations=1000, r1=FACE_R1):
    """Train a DCGAN on a set of faces, show its development, print what is asked of it."""
    seed_everything(4)
    G = build_generator(FACE_LATENT, FACE_WIDTH, 64, 3).to(device)
    D = build_discriminator(FACE_WIDTH, 64, 3).to(device)
    average = EMA(G, decay=0.99)
    face_histories[name], stages = fit(
        name,
        play(G, D, batches(faces, FACE_BATCH), average, **FACE_RATES, r1=r1),
        settings.iterations(n_iterations),
        lambda: evaluate(average.module, face_z),
        every=settings.iterations(250),
    )
    face_generators[name] = average.module
    samples = face_samples[name] = evaluate(average.module, noise(N_NEW, FACE_LATENT))
    plots.show_rows(stages | {"without average": evaluate(G, face_z)}, f"{name}: ten codes")
    to_training, nearest = distances(samples, faces).min(dim=1)
    real_to_training = distances(new_faces, faces).min(dim=1).values
    print(
        f"{name}: diversity {diversity(samples):.3f} (new real faces {diversity(new_faces):.3f})\n"
        f"distance to the nearest training face: samples {to_training.mean():.3f},"
        f" new real faces {real_to_training.mean():.3f}"
    )
    with evaluating(D):
        logits = [D(images[:N_SMALL]).mean().item() for images in (faces, new_faces, samples)]
    print(
        "mean logit: training faces {:.1f}, new real faces {:.1f}, samples {:.1f}".format(*logits)
    )
    if not photographs:  # the classifier knows the course's own faces alone
        print(
            f"Frechet distance {face_distance(samples, new_faces):.0f};"
            " the classifier sees (in brackets: in new real faces) "
            + ", ".join(
                f"{attribute.replace('_', ' ')} {share:.0%} ({real:.0%})"
                for attribute, share, real in zip(
                    BINARY,
                    attributes_seen(samples).mean(dim=0).tolist(),
                    new_drawn.binary.mean(dim=0).tolist(),
                    strict=True,
                )
            )
        )
    plots.show_rows(
        {"sample": samples[:10], "nearest training face": faces[nearest[:10]]},
        f"{name}: are the samples copies?",
    )


plots.show_images(all_faces[:24], "Training faces", n_columns=12)

# %% train="faces_large"
fit_faces(large, all_faces)
keep(
    "dcgan_faces",
    face_generators[large],
    sizes={"n_latent": FACE_LATENT, "width": FACE_WIDTH},
)

# %% train="faces_without_r1"
fit_faces(steep, all_faces, 750, r1=0.0)

# %% train="faces_small"
fit_faces(small, all_faces[:N_SMALL])
for player in ("D", "G"):
    plots.loss_curves(
        {name: {player: history[player]} for name, history in face_histories.items()},
        f"Loss of {player} in three runs",
        ylabel="loss (nats)",
    )
plots.show_grids(
    {"real": new_faces[:36]} | {name: images[:36] for name, images in face_samples.items()},
    "New real faces, and samples of the three runs",
    n_columns=6,
)

# %% [markdown]
# **Faces to order.** The same pair once more, conditioned on the six attributes. A condition may be any row of numbers, so
# "yes" goes in as 1 and "no" as -1: a zero would leave the weights of that entry out of it. The drawn faces come with
# their attributes. In the figure every row asks for one thing and every column has one code. The table asks for the
# attributes of new faces, and says how often the classifier sees each attribute where it was asked for, and where its absence was.
# **Look for** rows that obey, for rows that don't, and for what changes in a column besides what was asked for.

# %% train="faces_to_order"
seed_everything(6)
n_attributes = len(BINARY)
drawn_faces = draw_faces(drawn) if photographs else all_faces
ordering_generator = build_generator(FACE_LATENT + n_attributes, FACE_WIDTH, 64, 3).to(device)
ordering_discriminator = build_discriminator(FACE_WIDTH, 64, 3 + n_attributes).to(device)
ordering_average = EMA(ordering_generator, decay=0.99)
face_pairs = paired_batches(drawn_faces, 2 * drawn.binary - 1, batch_size=FACE_BATCH)


def faces_to_order(z, binary):
    """Faces of the average for codes z and yes/no attributes as 1.0 and 0.0."""
    return evaluate(ordering_average.module, condition_codes(z, 2 * binary - 1, n_attributes))


orders = {"none of the six": torch.zeros(n_attributes, device=device)} | {
    name.replace("_", " "): row
    for name, row in zip(BINARY, torch.eye(n_attributes, device=device), strict=True)
}
_ = fit(
    "faces to order",
    play(
        *(ordering_generator, ordering_discriminator, face_pairs, ordering_average),
        n_classes=n_attributes,
        **FACE_RATES,
        r1=FACE_R1,
    ),
    settings.iterations(750),
    lambda: faces_to_order(face_z, orders["glasses"].expand(10, -1)),
    every=settings.iterations(250),
)
plots.show_rows(
    {name: faces_to_order(face_z, row.expand(10, -1)) for name, row in orders.items()},
    "A row for each order, a column for each code",
)
ordered_faces = faces_to_order(noise(N_NEW, FACE_LATENT), new_drawn.binary)
seen = attributes_seen(ordered_faces)
print(f"{'attribute':<12}{'seen where asked for':>22}{'where its absence was':>24}")
for name, has, sees in zip(BINARY, new_drawn.binary.T, seen.T, strict=True):
    print(f"{name:<12}{sees[has == 1].mean():>22.0%}{sees[has == 0].mean():>24.0%}")

# %% [markdown]
# **Analysis** (7 points). (a) Describe the loss curves of the three runs and say who is ahead in each. (b) Describe the samples
# of the first run every 250 iterations, and at the end, with and without the average. What do diversity and the
# classifier say: what is drawn as often as in real faces, and what is not? (c) What becomes of the run without $R_1$? Is it the
# collapse that you saw on the eight Gaussians? Compare who is ahead, and what $D$ thinks of the image that is drawn. (d) Look
# at the run on 100 faces: does it repeat itself, does it copy, and what do the logits say? Why need the samples not show it?
# (e) Four kinds of failure are easily confused: mode collapse, a $D$ that runs away, a $D$ that has overfitted, and a
# generator that copies. Say what each is, and which measurement shows which. (f) Faces to order: which attributes obey, which do
# not, and why? What changes in a column along with what was asked for?
#
# *Limit: 700 words, a formula counting as one.*

# %% [markdown] analysis="dcgan_faces"
# ### BEGIN SOLUTION
# (a) D is ahead in all three. On 3,000 faces L_D settles near 0.4 and L_G near 2.4. Without R1 L_D is the same for 350
# iterations; then it goes on sinking to 0.1. L_G is higher from 100 on and stays near 5, with spikes to 12: D becomes sure of
# itself. On 100 faces they lie between: L_D near 0.2, L_G near 3.
#
# (b) Untrained: flat grey. At 250 iterations there are heads with hair, eyes, even the first glasses, under a weave;
# at 500 round dark glasses and shirts; by 1,000 faces have eyes with pupils, brows, smiles with teeth, long hair with an
# edge, and backgrounds their own colours. Some weave is left. Without the average contrast is stronger, teeth and lips
# brighter, a cap bluer: the last generator overdoes what D minded most just before. Diversity is 0.449, or 91% of that of real
# faces. Glasses (28%, real 32%), long and dark hair come about as often as they should, smiles too (51%, 47%); beards too
# rarely (11%, 17%), and hats, of many colours, less than half as often (10%, 23%).
#
# (c) The samples get no better from 250 to 500, and at 750 all codes give one image, a head under a net of green and
# red: diversity 0.054. It is not the collapse of the eight Gaussians. There D lagged behind, gave the fakes one half, and
# the samples hopped between places that were real. Here D gives the samples -11.6 and real faces 2.2, and the image that all
# codes share is neither a good face nor one that D takes for real. D has become so steep that G's gradients send all codes
# the same way, over the goal. R1 keeps D flat where the data lie.
#
# (d) It doesn't repeat itself: diversity 0.444, as before. The samples are nearer to the training faces than new
# real faces are, but only just (0.244, 0.258), and side by side sample and nearest face share skin and often hair, but not
# glasses, hat or mouth: no copies. The logits show what the samples don't: D gives its training faces
# 1.7 and new real faces -0.5. It knows 100 faces by heart, having seen each 320 times (1,000 batches of 32), each of
# 3,000 only 11 times; there the two get the same (0.7). The faces are still good, by the Fréchet distance no worse (372,
# 426), because knowing 100 faces by heart is enough to teach G hair, eyes and glasses; what it can't teach is what is not in
# them: of hats there are 5%, and 60% smile. And it is one run of each.
#
# (e) Mode collapse: many codes give few images, which may be good ones, while D is fooled or close to it: low diversity with
# losses near guessing. A D that runs away: L_D falls to zero, L_G rises, the samples get far lower logits than real
# images, and diversity falls with their quality. An overfitted D: a gap between its logits on training and on new real faces, whatever
# the samples look like. Copying: the distance to the nearest training face clearly below that of new real faces.
# Diversity alone does not tell the first from the second, nor show the last two at all.
#
# (f) Five obey: glasses, dark and long hair are seen in 99% or more of those that asked for them, a hat in 88%, a beard in
# 87%, and hardly ever where their absence was asked for (1% at most; a beard in 15%). A smile is seen in 43% where it was asked
# for, and in 37% where not, so the order says next to nothing. It is a few pixels of a mouth, and an image that ignores it is
# rarely given away by them; hair, hats and dark rims are larger. A column keeps skin, background and mostly the shirt. The hat is blue
# in all columns, though hats have all colours: inside one order the generator varies too little. Along with dark hair come darker
# brows, with the beard darker skin.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the curves: D ahead in all, and nearest to zero (L_G highest) in the run without R1, or whatever the figures show.
# - 1 point: the development of the first run with the final samples judged honestly (what is drawn, what is missing, what the
#   average changes), and at least one attribute that is rarer than in real faces, or the right statement that there is none.
# - 1 point: without R1: worse and alike in the end, with the diversity (0.5); not the collapse of the eight Gaussians, since D is
#   far ahead, and does not take the image for real (0.5). Where the student's run did not diverge, the same comparison by its
#   own numbers.
# - 1 point: 100 faces: repetition and copying from diversity and from the nearest distance against that of new real faces (not
#   from the samples' distance alone).
# - 1 point: 100 faces: the gap between training and new real faces is overfitting of D, no gap is no sign of it; the samples need
#   not show it. Says that it is one run, or that the cause is not proved.
# - 1 point: the four failures, each with its measurement: diversity with losses near guessing; L_D near zero with low logits of
#   the samples; gap of the logits; nearest distance (three of the four: 0.5).
# - 1 point: faces to order: the table read rightly, by both of its columns (0.5); the reason for what does not obey (few
#   pixels, so little for D to see) or an honest account of what changes along (0.5).
#
# Statements refer to the figures and to the numbers printed. An answer without its figures earns half of each point at most.
# ### END MARK SCHEME
