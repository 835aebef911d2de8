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
# # Normalising flows: images
#
# A flow can do what no other model of this course can: give the exact density of an image, and an exact code for it. In the
# first part of this notebook you write the parts of Glow (Kingma and Dhariwal 2018), one function per question: what turns
# 8-bit pixels into real numbers and nats into bits per dimension, squeezing, masks, actnorm, the invertible 1x1 convolution,
# and the split that lets half of the numbers leave early. In the second part your functions are stacked into a small Glow of
# handwritten digits. You train it, draw from it, walk between its codes, and ask what its likelihood says about images that
# are not digits.
#
# Every question has an **answer cell**, where you replace the lines that raise `NotImplementedError`, and below it a **check
# cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest mistakes of shape
# and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. You may add cells, helper
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
# | | `levels` | pixels as stored, whole numbers from 0 to 255 | `(B, C, H, W)` |
# | $u$ | `u` | noise in $[0, 1)$ | as `levels` |
# | $y$ | `y` | dequantised pixels in $[0, 1)$ | as `levels` |
# | $x$ | `x` | the input of a layer, on the side of the data | `(B, C, H, W)` |
# | $z$ | `z` | its output, on the side of the noise | as the question says |
# | $\log\lvert\det \partial z / \partial x\rvert$ | `log_det` | one number per sample, in nats | `(B,)` |
# | $W$ | `weight` | the matrix of a 1x1 convolution | `(C, C)` |
# | $\varepsilon$ | `eps` | what is standard normal | as the question says |
#
# * The **forward** direction of a flow goes from data to noise, $z = f(x)$. `log_det` always belongs to this direction, and
#   is summed over all numbers of a sample, never over the batch: $\log p(x) = \log \mathcal{N}(f(x); 0, I) +
#   \log\lvert\det \partial f / \partial x\rvert$.
# * Logarithms are natural and densities in nats, unless a question says bits.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on the
#   input's device, for example `torch.zeros_like(x)` or `torch.eye(C, dtype=x.dtype, device=x.device)`. A result with
#   several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument of floating type, as the formula has them, unless a question says
#   otherwise. They are finite wherever the formula's are. If no input needs gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one sample, an image one channel or one pixel, and height and width may differ. Keep the axes
#   that the shapes name (`squeeze()` without an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), and whether they need gradients. A function keeps
#   nothing from one call for the next. It calls a network that it is given once, on what the question says.
# * Where a question says that `ValueError` is raised, the message is yours to choose.
# * Each question is graded independently: a mistake in one costs nothing in another.

# %% [markdown]
# ## 1. From levels to real numbers
#
# ### Dequantisation
#
# A pixel of a stored image is one of 256 levels. A flow is a *density* of real numbers, and a density can put a spike on
# each level, narrower and higher without limit: its likelihood goes to infinity and it has learned nothing. (Part 3 of this
# notebook shows it.) The way out is to spread each level over an interval by uniform noise (Theis et al. 2016, "A note on
# the evaluation of generative models", section 3.1):
#
# $$y = \frac{\text{level} + u}{256}, \qquad u \sim \mathcal{U}[0, 1)$$
#
# The 256 intervals lie side by side and fill $[0, 1)$. The level can be read off again, $\text{level} = \lfloor 256 \, y
# \rfloor$, so no information is lost. A density $p$ of $y$ defines a distribution of the levels, the integral of $p$ over
# the level's interval.


# %% answer="dequantise"
def dequantise(levels: Tensor, u: Tensor) -> Tensor:
    """Spread 8-bit levels over [0, 1) (Theis et al. 2016).

    levels: (B, C, H, W) or any other shape, whole numbers from 0 to 255, in any integer or floating
    type (uint8, int64, float32, ...), on the device of u; u: noise in [0, 1), of the same shape,
    float32 or float64.
    Returns y, of the shape, dtype and device of u. Gradients reach u, which may come from a network.
    (In float32 the number just below 1 may be rounded to 1.)
    """
    ### BEGIN SOLUTION
    return (levels.to(u.dtype) + u) / 256
    ### END SOLUTION


# %% check="dequantise"
@visible_checks("dequantise")
def _():
    levels = torch.tensor([[0, 1, 128, 255]], dtype=torch.uint8)
    y = dequantise(levels, torch.zeros(1, 4))
    assert torch.is_tensor(y) and y.shape == (1, 4), "one number for each pixel"
    assert y.dtype == torch.float32, "the result has the dtype of the noise"
    assert y[0, 0] == 0 and y[0, 2] == 0.5, "without noise, level 0 is at 0 and level 128 at 1/2"
    y = dequantise(levels, torch.full((1, 4), 0.75))
    assert (y < 1).all(), "level 255 stays below 1, whatever the noise: there are 256 intervals"
    assert torch.equal((256 * y).floor(), levels.float()), (
        "the level can be read off again: the noise must not reach the next interval"
    )


# %% [markdown]
# ### The logit transform
#
# The numbers $y$ live in $[0, 1]$, and those of a flow anywhere. A logit opens the interval. It is infinite at the ends, and
# most pixels of a digit are at one end. So $y$ is first pressed into $[\alpha, 1 - \alpha]$ (Dinh et al. 2017, section 4.1,
# with $\alpha = 0.05$):
#
# $$p = \alpha + (1 - 2 \alpha) \, y, \qquad x = \operatorname{logit}(p) = \log p - \log(1 - p)$$
#
# Its log-determinant is part of the likelihood like that of every other layer. Both steps count, and the map is elementwise:
#
# $$\log\left\lvert\det \frac{\partial x}{\partial y}\right\rvert = \sum_{\text{pixels}} \Big[ \log(1 - 2 \alpha) - \log p -
# \log(1 - p) \Big]$$
#
# A detail of numerics. With a small $\alpha$ (MAF takes $10^{-6}$) and a white pixel, $p$ is nearly 1, and the difference
# `1 - p` has few correct digits left in float32. But $1 - p = \alpha + (1 - 2 \alpha)(1 - y)$, which needs no difference of
# nearly equal numbers.


# %% answer="logit_transform"
def logit_transform(y: Tensor, alpha: float = 0.05) -> tuple[Tensor, Tensor]:
    """x = logit(alpha + (1 - 2 alpha) y), and its log-determinant (Dinh et al. 2017, section 4.1).

    y: (B, ...) in [0, 1], both ends included, with any number of axes after the batch, also none;
    alpha: a number, 0 < alpha < 1/2.
    Returns x as y, and log_det (B,), in nats: log|det dx/dy| of each sample. Both are finite, and
    right in all digits of the dtype also for y = 0 and y = 1 with alpha = 1e-6 in float32.
    """
    ### BEGIN SOLUTION
    log_p = torch.log(alpha + (1 - 2 * alpha) * y)
    log_q = torch.log(alpha + (1 - 2 * alpha) * (1 - y))  # of 1 - p, without a difference
    log_det = math.log(1 - 2 * alpha) - log_p - log_q
    return log_p - log_q, log_det.reshape(len(y), -1).sum(1)
    ### END SOLUTION


# %% check="logit_transform"
@visible_checks("logit_transform")
def _():
    y = torch.tensor([[0.0, 0.5, 1.0], [0.25, 0.5, 0.75]])
    x, log_det = logit_transform(y, 0.1)
    assert x.shape == (2, 3), "x has the shape of y"
    assert log_det.shape == (2,), "log_det is one number for each sample of the batch"
    assert x.isfinite().all(), "alpha keeps the ends away from infinity"
    assert abs(float(x[0, 1])) < 1e-6 and x[0, 2] > 0, "1/2 goes to 0, brighter pixels above it"
    assert abs(float(x[0, 2]) - math.log(9)) < 1e-5, "y = 1 goes to logit(1 - alpha)"
    slope = (logit_transform(y + 1e-3, 0.1)[0] - logit_transform(y - 1e-3, 0.1)[0])[1] / 2e-3
    assert abs(float(log_det[1] - slope.log().sum())) < 1e-2, (
        "log_det is the sum of the logarithms of the slopes dx/dy"
    )


# %% [markdown]
# The way back takes samples of the flow to pixels: $y = (\operatorname{sigmoid}(x) - \alpha) / (1 - 2 \alpha)$. A sample can
# lie beyond $\operatorname{logit}(1 - \alpha)$; its $y$ is then a little outside of $[0, 1]$, and that is how it is returned.
# An inverse that clamps is no inverse.


# %% answer="logit_inverse"
def logit_inverse(x: Tensor, alpha: float = 0.05) -> Tensor:
    """The y with logit_transform(y, alpha)[0] = x: (sigmoid(x) - alpha) / (1 - 2 alpha), not clamped.

    x: (B, ...), any real numbers, however large (1e4 gives a finite y too). Returns y as x.
    """
    ### BEGIN SOLUTION
    return (torch.sigmoid(x) - alpha) / (1 - 2 * alpha)
    ### END SOLUTION


# %% check="logit_inverse"
@visible_checks("logit_inverse")
def _():
    y = logit_inverse(torch.tensor([[0.0, math.log(9), -math.log(9), 5.0]]), 0.1)
    assert y.shape == (1, 4), "one pixel for each number"
    assert abs(float(y[0, 0]) - 0.5) < 1e-6, "0 goes back to 1/2"
    assert abs(float(y[0, 1]) - 1) < 1e-5 and abs(float(y[0, 2])) < 1e-5, (
        "logit(1 - alpha) goes back to 1 and logit(alpha) to 0"
    )
    assert y[0, 3] > 1, "what is beyond is not clamped"


# %% [markdown]
# The picture shows where the levels of a digit go. **Look for** the black pixels (level 0): how wide is their interval in
# $y$, and how wide in $x$, for either $\alpha$?

# %% train="pixels_to_numbers"
import matplotlib.pyplot as plt

from dgm.data import load_digits


@picture
def _():
    levels = load_digits("train", value_range=(0.0, 255.0))[0][:200]
    torch.manual_seed(0)
    y = dequantise(levels, torch.rand_like(levels))
    _, axes = plt.subplots(1, 3, figsize=(12, 3.2), layout="constrained")
    for ax, values, name in (
        (axes[0], y, "y"),
        (axes[1], logit_transform(y, 0.05)[0], "x, alpha = 0.05"),
        (axes[2], logit_transform(y, 1e-6)[0], "x, alpha = 1e-6"),
    ):
        black, other = values[levels == 0], values[levels > 0]
        ax.hist([black, other], bins=80, stacked=True, label=["level 0", "levels 1 to 255"])
        ax.set(title=f"Pixels of 200 digits: {name}", xlabel=name.split(",")[0], yscale="log")
    axes[0].set_ylabel("number of pixels")
    axes[0].legend()
    plt.show()


# %% [markdown]
# ### Bits per dimension
#
# How good is a density of images? The number that papers report is the length of the code that the model gives to an image,
# per pixel and channel. It is measured in bits and belongs to the *discrete* image. With $D = C H W$ and $\log p(y)$ in nats,
#
# $$\text{bits/dim} = \frac{-\log p(y) + D \log 256}{D \log 2} = -\frac{\log p(y)}{D \log 2} + 8$$
#
# $\log 256$ is the log-determinant of the division by 256, per dimension: an interval of the levels has length 1, and in $y$
# only $1/256$. Two checks for your intuition. A model that knows nothing, uniform on $[0, 1)^D$, has $\log p(y) = 0$ and needs
# exactly 8 bits per dimension. And on average over $u$ the number is at least that of the discrete distribution (Jensen's
# inequality), so a flow cannot cheat by dequantisation.


# %% answer="bits_per_dim"
def bits_per_dim(log_prob: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Bits per dimension of discrete 8-bit images, from the density of the dequantised ones.

    log_prob: (B,), log p(y) of each image in nats, where y = (level + u) / 256 is in [0, 1)
    (log-determinants of all later layers, the logit included, are in it already);
    shape: of one image without the batch, (C, H, W) or any other number of axes, a tuple, list or
    torch.Size. Returns (B,): one number for each image. It may be negative.
    """
    ### BEGIN SOLUTION
    return -log_prob / (math.prod(shape) * math.log(2)) + 8
    ### END SOLUTION


# %% check="bits_per_dim"
@visible_checks("bits_per_dim")
def _():
    bits = bits_per_dim(torch.zeros(3), (1, 28, 28))
    assert torch.is_tensor(bits) and bits.shape == (3,), "one number for each image"
    assert torch.allclose(bits, torch.full((3,), 8.0)), (
        "the uniform density on [0, 1), whose log is 0, needs exactly 8 bits for 256 levels"
    )
    better = bits_per_dim(torch.full((1,), 784 * math.log(2)), (1, 28, 28))
    assert abs(float(better) - 7) < 1e-4, "twice the density in each of 784 dimensions saves a bit"
    colour = bits_per_dim(torch.full((1,), 3 * 784 * math.log(2)), (3, 28, 28))
    assert abs(float(colour) - 7) < 1e-4, "channels are dimensions, too"


# %% [markdown]
# ## 2. The layers of an image flow
#
# ### Squeeze
#
# A coupling layer changes half of the channels, given the other half. A grey image has one channel. Squeezing trades
# resolution for channels: each 2 x 2 block of pixels becomes one pixel with four times as many channels (Dinh et al. 2017,
# section 3.6). Nothing is computed. It is a permutation, so its log-determinant is 0. Also, a 3 x 3 convolution now sees 6 x
# 6 of the old pixels.
#
# $$z_{b, \; 4 c + 2 i + j, \; h, \; w} = x_{b, \; c, \; 2 h + i, \; 2 w + j}, \qquad i, j \in \{0, 1\}$$
#
# So the four channels that come from one channel are neighbours, in the order upper left, upper right, lower left, lower
# right.


# %% answer="squeeze"
def squeeze(x: Tensor) -> Tensor:
    """Trade resolution for channels (Dinh et al. 2017, section 3.6), in the order of the formula above.

    x: (B, C, H, W). Returns z (B, 4 C, H / 2, W / 2): the numbers of x in another place, nothing
    else. Raises ValueError if H or W is odd.
    """
    ### BEGIN SOLUTION
    n, c, height, width = x.shape
    if height % 2 or width % 2:
        raise ValueError(f"height and width must be even, not {height} and {width}")
    blocks = x.reshape(n, c, height // 2, 2, width // 2, 2)  # (B, C, h, i, w, j)
    return blocks.permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c, height // 2, width // 2)
    ### END SOLUTION


# %% check="squeeze"
@visible_checks("squeeze")
def _():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    z = squeeze(x)
    assert z.shape == (1, 4, 2, 2), "half the height, half the width, four times the channels"
    assert z[0, :, 0, 0].tolist() == [0.0, 1.0, 4.0, 5.0], (
        "the first 2 x 2 block gives the channels at the first pixel: upper left, upper right, ..."
    )
    assert z[0, 0].tolist() == [[0.0, 2.0], [8.0, 10.0]], (
        "the first channel holds the upper left pixel of each block"
    )
    try:
        squeeze(torch.zeros(1, 1, 3, 4))
    except ValueError:
        pass
    else:
        raise AssertionError("an odd height cannot be squeezed: raise a ValueError")


# %% answer="unsqueeze"
def unsqueeze(z: Tensor) -> Tensor:
    """The inverse of squeeze: unsqueeze(squeeze(x)) = x, exactly.

    z: (B, 4 C, H, W). Returns x (B, C, 2 H, 2 W). Raises ValueError if the number of channels is no
    multiple of 4.
    """
    ### BEGIN SOLUTION
    n, channels, height, width = z.shape
    if channels % 4:
        raise ValueError(f"the number of channels must be a multiple of 4, not {channels}")
    blocks = z.reshape(n, channels // 4, 2, 2, height, width)  # (B, C, i, j, h, w)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(n, channels // 4, 2 * height, 2 * width)
    ### END SOLUTION


# %% check="unsqueeze"
@visible_checks("unsqueeze")
def _():
    z = torch.tensor([0.0, 1.0, 2.0, 3.0]).reshape(1, 4, 1, 1)
    x = unsqueeze(z)
    assert x.shape == (1, 1, 2, 2), "twice the height, twice the width, a quarter of the channels"
    assert x[0, 0].tolist() == [[0.0, 1.0], [2.0, 3.0]], "upper left, upper right, lower left, ..."
    z = torch.arange(96.0).reshape(2, 8, 2, 3)
    assert unsqueeze(z).shape == (2, 2, 4, 6), "height and width may differ"


# %% [markdown]
# ### Masks that alternate
#
# A coupling layer leaves some numbers as they are and changes the others. Two patterns are usual for images: a
# **checkerboard** over the pixels, and **halves of the channels** (Dinh et al. 2017, section 3.4). From layer to layer the
# roles change, or half of the image would never be changed.


# %% answer="coupling_masks"
def coupling_masks(n_channels: int, height: int, width: int, step: int) -> tuple[Tensor, Tensor]:
    """The two masks of the coupling layer number `step` = 0, 1, 2, ...; True: this number stays.

    n_channels, height, width: at least 1, odd or even.
    Returns a checkerboard (height, width) and a mask of channels (n_channels,), both of dtype bool,
    on the CPU. At even steps the checkerboard is True where row + column is even, and the mask is
    True for the first half of the channels, for the larger half if their number is odd. At odd
    steps both are the other way round: True where they are False at even steps.
    """
    ### BEGIN SOLUTION
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    checkerboard = (rows + columns + step) % 2 == 0
    first_half = torch.arange(n_channels) < (n_channels + 1) // 2
    return checkerboard, first_half if step % 2 == 0 else ~first_half
    ### END SOLUTION


# %% check="coupling_masks"
@visible_checks("coupling_masks")
def _():
    checkerboard, channels = coupling_masks(4, 2, 3, 0)
    assert checkerboard.shape == (2, 3) and channels.shape == (4,), (
        "one entry for each pixel in one mask, and for each channel in the other"
    )
    assert checkerboard.dtype == torch.bool and channels.dtype == torch.bool, (
        "both are of dtype bool"
    )
    assert checkerboard.tolist() == [[True, False, True], [False, True, False]], (
        "at even steps, pixels whose row + column is even stay"
    )
    assert channels.tolist() == [True, True, False, False], "and the first half of the channels"
    later, channels_later = coupling_masks(4, 2, 3, 3)
    assert not (later & checkerboard).any() and not (channels_later & channels).any(), (
        "at odd steps, what stayed before changes"
    )


@picture
def _():
    _, axes = plt.subplots(1, 4, figsize=(10, 2.8), layout="constrained")
    for step, ax in enumerate(axes[:2]):
        ax.imshow(coupling_masks(1, 7, 9, step)[0], cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"checkerboard, step {step}")
    stack = torch.stack([coupling_masks(5, 1, 1, step)[1] for step in range(6)])
    axes[2].imshow(stack, cmap="gray", vmin=0, vmax=1)
    axes[2].set(title="5 channels, steps 0 to 5", xlabel="channel", ylabel="step")
    order = unsqueeze(torch.arange(4.0).reshape(1, 4, 1, 1).expand(1, 4, 3, 3))
    axes[3].imshow(order[0, 0], cmap="viridis")
    axes[3].set_title("which channel squeeze sends a pixel to")
    for ax in axes:
        ax.set_xticks([])
        ax.set_yticks([])
    plt.show()


# %% [markdown]
# ### Actnorm
#
# Deep stacks train well if what flows through them has about zero mean and unit variance. Batch norm does that with
# statistics of each batch, which is noisy for the small batches of large flows. **Actnorm** is a scale and a shift for each
# channel that are ordinary parameters, set *once* so that the first batch comes out normalised (Kingma and Dhariwal 2018,
# section 3.1). From then on they are trained like all others, and each sample is treated alone.
#
# $$z_{b, c, h, w} = e^{s_c} \, (x_{b, c, h, w} + b_c), \qquad
# \log\left\lvert\det \frac{\partial z}{\partial x}\right\rvert = H W \sum_c s_c$$
#
# The first batch sets $b_c = -\text{mean}_c$ and $s_c = -\log(\text{std}_c + 10^{-6})$, with the mean and the standard
# deviation of channel $c$ over batch, rows and columns. The standard deviation is the biased one (divided by the number of
# values), so a single number has standard deviation 0 and not nan. The $10^{-6}$ keeps the scale of a constant channel
# finite.
#
# What goes wrong easily: initialising again at each batch, or again after a checkpoint was loaded, which throws away what was
# trained; new `nn.Parameter` objects at initialisation, of which an optimiser made before knows nothing.


# %% answer="actnorm"
class ActNorm(nn.Module):
    """Actnorm (Kingma and Dhariwal 2018, section 3.1): ActNorm(n_channels).

    Parameters: `bias` and `log_scale`, (C,) each, 0 at first, and no others.

    The first call of `forward` in training mode, also under torch.no_grad(), sets both from its
    batch (see above) before it computes; their values only: the parameters are the same objects as
    before, they still need gradients, and no gradient flows through mean and standard deviation.
    That happens once. Calls in evaluation mode use the parameters as they are, and don't count.
    `state_dict` holds whether it has happened: a layer that loads the state of an initialised one
    is initialised, one that loads the state of a new one is new.
    """

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.bias = nn.Parameter(torch.zeros(n_channels))
        self.log_scale = nn.Parameter(torch.zeros(n_channels))
        self.register_buffer("initialised", torch.tensor(False))
        ### END SOLUTION

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (B, C, H, W). Returns z as x, and log_det (B,), of each sample and in nats."""
        ### BEGIN SOLUTION
        if self.training and not self.initialised:
            with torch.no_grad():
                self.bias.copy_(-x.mean(dim=(0, 2, 3)))
                std = x.std(dim=(0, 2, 3), correction=0)
                self.log_scale.copy_(-torch.log(std + 1e-6))
                self.initialised.fill_(True)
        z = self.log_scale.exp()[:, None, None] * (x + self.bias[:, None, None])
        n, _, height, width = x.shape
        return z, (height * width * self.log_scale.sum()).expand(n)
        ### END SOLUTION

    def inverse(self, z: Tensor) -> Tensor:
        """z: (B, C, H, W). Returns the x with forward(x)[0] = z. Never initialises."""
        ### BEGIN SOLUTION
        return z * torch.exp(-self.log_scale)[:, None, None] - self.bias[:, None, None]
        ### END SOLUTION


# %% check="actnorm"
@visible_checks("actnorm")
def _():
    layer, x = ActNorm(3), 5 + 4 * torch.randn(16, 3, 2, 5)
    z, log_det = layer(x)
    assert z.shape == x.shape and log_det.shape == (16,), "z has x's shape, log_det one per sample"
    assert z.mean(dim=(0, 2, 3)).abs().max() < 1e-4, "the first batch comes out with zero mean"
    assert (z.std(dim=(0, 2, 3), correction=0) - 1).abs().max() < 1e-3, "and with unit variance"
    assert abs(float(log_det[0] - 10 * layer.log_scale.sum())) < 1e-3, (
        "each of the H W pixels of a channel is scaled: log_det counts them all"
    )
    assert torch.allclose(layer.inverse(z), x, atol=1e-3), "inverse brings x back"
    again = layer(x + 100)[0]
    assert again.mean() > 10, "the second batch changes nothing: initialise once only"
    other = ActNorm(3)
    other.load_state_dict(layer.state_dict())
    assert torch.allclose(other(x + 100)[0], again), (
        "a layer that loads the state of an initialised one does not initialise again"
    )


# %% [markdown]
# ### The invertible 1x1 convolution
#
# Between two couplings the channels have to be mixed, or the same halves would always be together. A permutation would do;
# Glow *learns* the mixing: a matrix $W$ that is applied to the vector of channels at each pixel (Kingma and Dhariwal 2018,
# section 3.2).
#
# $$z_{b, :, h, w} = W \, x_{b, :, h, w}, \qquad
# \log\left\lvert\det \frac{\partial z}{\partial x}\right\rvert = H W \log \lvert\det W\rvert$$
#
# $W$ may have a negative determinant. And a determinant of many channels is a product of many numbers, which under- or
# overflows, where its logarithm does not.


# %% answer="invertible_conv"
def invertible_conv(x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Apply a matrix to the channels at each pixel (Kingma and Dhariwal 2018, section 3.2).

    x: (B, C, H, W); weight: (C, C), invertible, with a determinant of either sign, however small or
    large. Returns z as x, and log_det (B,), of each sample and in nats.
    """
    ### BEGIN SOLUTION
    z = F.conv2d(x, weight[:, :, None, None])
    log_abs_det = torch.linalg.slogdet(weight).logabsdet
    return z, (x.shape[2] * x.shape[3] * log_abs_det).expand(len(x))
    ### END SOLUTION


# %% check="invertible_conv"
@visible_checks("invertible_conv")
def _():
    weight = torch.tensor([[0.0, 2.0], [3.0, 1.0]])
    x = torch.randn(5, 2, 3, 4)
    z, log_det = invertible_conv(x, weight)
    assert z.shape == x.shape and log_det.shape == (5,), "z has x's shape, log_det one per sample"
    assert torch.allclose(z[:, 0], 2 * x[:, 1], atol=1e-5), (
        "row c of the weight says what channel c of the result is made of"
    )
    assert log_det.isfinite().all(), "the determinant is -6: take the logarithm of its size"
    assert abs(float(log_det[0]) - 12 * math.log(6)) < 1e-3, "the matrix acts on each of H W pixels"


# %% answer="invertible_conv_inverse"
def invertible_conv_inverse(z: Tensor, weight: Tensor) -> Tensor:
    """The x with invertible_conv(x, weight)[0] = z. z: (B, C, H, W); weight: (C, C). Returns x as z."""
    ### BEGIN SOLUTION
    return F.conv2d(z, torch.linalg.inv(weight)[:, :, None, None])
    ### END SOLUTION


# %% check="invertible_conv_inverse"
@visible_checks("invertible_conv_inverse")
def _():
    weight = torch.tensor([[0.0, 2.0], [4.0, 0.0]])
    z = torch.randn(5, 2, 3, 4)
    x = invertible_conv_inverse(z, weight)
    assert x.shape == z.shape, "x has z's shape"
    assert torch.allclose(x[:, 0], z[:, 1] / 4, atol=1e-5), (
        "channel 1 of z is 4 times channel 0 of x: the inverse of this weight is no transpose"
    )


# %% [markdown]
# ### The same by parts (extra credit)
#
# A determinant costs $C^3$ operations in each step of the training. Glow's second form spares it (section 3.2, eq. 10 and
# 11 there): with a fixed permutation $P$, a lower triangular $L$ with ones on its diagonal, and an upper triangular $U$ with
# zeros on its diagonal,
#
# $$W = P \, L \, \big(U + \operatorname{diag}(\text{sign} \cdot e^{\text{log\_s}})\big), \qquad
# \log\lvert\det W\rvert = \sum_c \text{log\_s}_c$$
#
# The parameters of the triangles are stored as full matrices. Only the entries strictly below the diagonal of one, and
# strictly above the diagonal of the other, count.


# %% answer="lu_weight"
def lu_weight(
    permutation: Tensor, lower: Tensor, upper: Tensor, sign: Tensor, log_s: Tensor
) -> tuple[Tensor, Tensor]:
    """The weight of a 1x1 convolution from its parts (Kingma and Dhariwal 2018, eq. 10 and 11).

    permutation: (C, C), a permutation matrix P; lower, upper: (C, C), any numbers, of which only
    those strictly below, or strictly above, the diagonal are used; sign: (C,), 1 or -1; log_s: (C,).
    Returns weight (C, C) and log|det weight|, 0-d. The latter is found without a determinant, so it
    is right even where the determinant overflows. Gradients are asked for lower, upper and log_s.
    """
    ### BEGIN SOLUTION
    eye = torch.eye(len(log_s), dtype=log_s.dtype, device=log_s.device)
    weight = permutation @ (lower.tril(-1) + eye) @ (upper.triu(1) + torch.diag(sign * log_s.exp()))
    return weight, log_s.sum()
    ### END SOLUTION


# %% check="lu_weight"
@visible_checks("lu_weight")
def _():
    ones, log_s = torch.ones(2, 2), torch.tensor([0.0, math.log(3.0)])
    weight, log_abs_det = lu_weight(
        torch.eye(2), 5 * ones, 7 * ones, torch.tensor([1.0, -1.0]), log_s
    )
    assert weight.shape == (2, 2) and log_abs_det.shape == (), "a matrix and one number"
    assert torch.allclose(weight, torch.tensor([[1.0, 7.0], [5.0, 32.0]]), atol=1e-4), (
        "L = [[1, 0], [5, 1]] times [[1, 7], [0, -3]]: what lies on and beyond the diagonals of "
        "`lower` and `upper` does not count"
    )
    assert abs(float(log_abs_det) - math.log(3)) < 1e-5, "log|det| is the sum of log_s"


# %% [markdown]
# ### Split
#
# An image has as many latents as pixels, and not all of them need all the layers. After some steps half of the channels
# leave (Dinh et al. 2017, section 3.6). They are not scored under a standard normal but under one whose mean and width depend
# on the half that stays, which a small network computes (Kingma and Dhariwal 2018, section 3.3, and their code):
#
# $$x = (x_\text{stay}, x_\text{leave}), \quad (\mu, \log \sigma) = g(x_\text{stay}), \quad
# \log p(x_\text{leave} \mid x_\text{stay}) = \sum \log \mathcal{N}(x_\text{leave}; \mu, \sigma^2)$$
#
# What is standard normal then is $\varepsilon = (x_\text{leave} - \mu) / \sigma$. Together with $x_\text{stay}$ it holds all
# of $x$. The sum of the layers' log-determinants, of the $\log p$ of all that left, and of the $\log \mathcal{N}(\cdot; 0, I)$
# of what is left at the end is the log-likelihood.
#
# Sampling goes the other way: the noise $\varepsilon$ is given, and $x_\text{leave} = \mu + T \sigma \varepsilon$. The
# **temperature** $T$ is 1 for samples of the model; below 1 they stay nearer to its modes.


# %% answer="split_prior"
def split_prior(x: Tensor, network: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Let the second half of the channels leave, scored by a network of the first half.

    x: (B, 2 C, H, W), else ValueError (an odd number of channels); the first C channels stay.
    network: maps what stays (B, C, H, W) to (B, 2 C, H, W): the mean in the first C channels, the
    log of the standard deviation in the other C.
    Returns what stays (B, C, H, W), eps = (leaves - mean) / std (B, C, H, W), and log_prob (B,):
    log N(leaves; mean, std^2) of each sample, in nats. Gradients reach the network's parameters too.
    """
    ### BEGIN SOLUTION
    if x.shape[1] % 2:
        raise ValueError(f"the number of channels must be even, not {x.shape[1]}")
    stays, leaves = x.chunk(2, dim=1)
    mean, log_std = network(stays).chunk(2, dim=1)
    eps = (leaves - mean) * torch.exp(-log_std)
    log_density = -0.5 * eps.square() - log_std - 0.5 * math.log(2 * math.pi)
    return stays, eps, log_density.flatten(1).sum(1)
    ### END SOLUTION


# %% check="split_prior"
@visible_checks("split_prior")
def _():
    x = torch.randn(3, 4, 2, 5)

    def network(stays):  # mean 1, standard deviation e^2
        return torch.cat([torch.ones_like(stays), torch.full_like(stays, 2.0)], dim=1)

    stays, eps, log_prob = split_prior(x, network)
    assert torch.equal(stays, x[:, :2]), "the first half of the channels stays, as it is"
    assert torch.allclose(eps, (x[:, 2:] - 1) / math.exp(2), atol=1e-5), (
        "eps is what leaves, less its mean, divided by its standard deviation"
    )
    assert log_prob.shape == (3,), "log_prob is one number for each sample"
    normal = torch.distributions.Normal(1.0, math.exp(2.0))
    assert torch.allclose(log_prob, normal.log_prob(x[:, 2:]).flatten(1).sum(1), atol=1e-3), (
        "log_prob is the normal density of what leaves, summed over channels and pixels"
    )


# %% answer="merge_prior"
def merge_prior(
    stays: Tensor,
    eps: Tensor,
    network: Callable[[Tensor], Tensor],
    temperature: float = 1.0,
) -> Tensor:
    """The inverse of split_prior: give back the half that left, mean + temperature std eps.

    stays, eps: (B, C, H, W); network: as in split_prior; temperature: a number, at least 0.
    Returns x (B, 2 C, H, W). With temperature 1, what split_prior returned gives x back.
    """
    ### BEGIN SOLUTION
    mean, log_std = network(stays).chunk(2, dim=1)
    return torch.cat([stays, mean + temperature * log_std.exp() * eps], dim=1)
    ### END SOLUTION


# %% check="merge_prior"
@visible_checks("merge_prior")
def _():
    stays, eps = torch.randn(3, 2, 2, 5), torch.randn(3, 2, 2, 5)

    def network(half):
        return torch.cat([half, torch.full_like(half, math.log(2.0))], dim=1)

    x = merge_prior(stays, eps, network)
    assert x.shape == (3, 4, 2, 5), "both halves are there again"
    assert torch.equal(x[:, :2], stays), "what stayed comes first, as it is"
    assert torch.allclose(x[:, 2:], stays + 2 * eps, atol=1e-5), "then mean + std eps"
    cold = merge_prior(stays, eps, network, temperature=0.0)
    assert torch.allclose(cold[:, 2:], stays, atol=1e-5), "at temperature 0 only the mean is left"
