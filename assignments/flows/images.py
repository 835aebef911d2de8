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
# most pixels of a digit are at one end. So $y$ is first pressed into $[\alpha, 1 - \alpha]$ (Papamakarios et al. 2017, "Masked
# autoregressive flow"; Dinh et al. 2017, section 4.1, have $1 - \alpha$ for $1 - 2 \alpha$, and $\alpha = 0.05$):
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
    """x = logit(alpha + (1 - 2 alpha) y), and its log-determinant.

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
        black, other = values[levels == 0].numpy(), values[levels > 0].numpy()
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


# %% [markdown]
# Both masks, and what squeezing does with a picture: the number of the channel that each pixel is sent to.

# %% train="masks_picture"


@picture
def _():
    _, axes = plt.subplots(1, 4, figsize=(10, 2.8), layout="constrained")
    for step, ax in enumerate(axes[:2]):
        ax.imshow(coupling_masks(1, 7, 9, step)[0], cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"checkerboard, step {step}")
    stack = torch.stack([coupling_masks(5, 1, 1, step)[1] for step in range(6)])
    axes[2].imshow(stack, cmap="gray", vmin=0, vmax=1)
    axes[2].set(title="channels, steps 0 to 5", xlabel="channel", ylabel="step")
    order = unsqueeze(torch.arange(4.0).reshape(1, 4, 1, 1).expand(1, 4, 3, 3))
    axes[3].imshow(order[0, 0], cmap="viridis")
    axes[3].set_title("squeeze: each pixel's channel")
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
    assert abs((log_det[0] - 10 * layer.log_scale.sum()).item()) < 1e-3, (
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
# on the half that stays, which a small network computes, as in the code of Glow:
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


# %% [markdown]
# ## 3. Experiment: what the noise is for
#
# The experiments have one shape: locked cells train with your functions and draw; at the end you say in words what came
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
# The first experiment takes seconds. The simplest flow of images is a single actnorm with a scale and a shift for *each
# pixel*: a normal distribution for every logit. Its means and widths start as those of the training digits, and the widths
# are trained by maximum likelihood, once on dequantised digits, with new noise in every batch, and once without noise: every
# level becomes the middle of its interval, $u = 1/2$. Both are measured on their own training images, and both on test digits
# *with* noise. **Look for** where each curve goes, and whether it comes to an end.

# %% train="noise_study"
from dgm import plots
from dgm.data import batches
from dgm.training import (
    EMA,
    Settings,
    adam,
    evaluate,
    evaluating,
    fit,
    keep,
    keep_tensors,
    seed_everything,
    train,
)

settings = Settings()
device = settings.device
ALPHA, N_PIXELS = 0.05, 28 * 28

levels_train, labels_train = (
    part.to(device) for part in load_digits("train", value_range=(0, 255))
)
levels_test, labels_test = (part.to(device) for part in load_digits("test", value_range=(0, 255)))
if settings.fast:
    levels_test, labels_test = levels_test[:200], labels_test[:200]


def log_normal(z):
    """log N(z; 0, I) of each sample, in nats."""
    return -0.5 * (z.square() + math.log(2 * math.pi)).flatten(1).sum(1)


def per_pixel_bits(flow, levels, u):
    """Bits per dimension of images under one actnorm with a scale for each pixel."""
    x, of_logit = logit_transform(dequantise(levels, u), ALPHA)
    z, of_norm = flow(x.reshape(len(x), N_PIXELS, 1, 1))
    return bits_per_dim(log_normal(z) + of_norm + of_logit, (1, 28, 28))


def noise_study(with_noise):
    """Train the simplest flow, with or without noise. Bits/dim on its own kind of images, and on test digits with noise."""
    seed_everything(0)
    flow, stream, on_test = ActNorm(N_PIXELS).double().to(device), batches(levels_train, 100), []

    def noise(levels):
        half = torch.full_like(levels, 0.5, dtype=torch.float64)
        return torch.rand_like(half) if with_noise else half

    def step(i):
        levels = next(stream)
        bits = per_pixel_bits(flow, levels, noise(levels)).mean()
        optimizer.zero_grad()
        bits.backward()
        optimizer.step()
        if i % 10 == 0:
            with torch.no_grad():
                levels = levels_test[:250]
                u = torch.rand(levels.shape, device=device, dtype=torch.float64)
                on_test.append(per_pixel_bits(flow, levels, u).mean().item())
        return {"training": bits}

    per_pixel_bits(flow, levels_train, noise(levels_train))  # initialises
    optimizer = adam(flow.log_scale, lr=5e-2)  # the means are right from the first batch on
    history = train(step, settings.iterations(300), description="with" if with_noise else "without")
    return history["training"], on_test


noise_curves = {with_noise: noise_study(with_noise) for with_noise in (True, False)}
figure, axes = plt.subplots(1, 2, figsize=(11, 3.4), layout="constrained")
for with_noise, (on_training, on_test) in noise_curves.items():
    name = "trained with noise" if with_noise else "trained without noise"
    axes[0].plot(on_training, label=name)
    axes[1].plot(range(0, 10 * len(on_test), 10), on_test, label=name)
    print(
        f"{name}: {on_training[0]:.2f} bits/dim at first, {on_training[-1]:.2f} in the end; on test digits with noise"
        f" {on_test[-1]:.4g}"
    )
constant = (levels_train == levels_train[0]).all(dim=0).float().mean().item()
print(f"{100 * constant:.0f}% of the pixels are the same in all training digits")
axes[0].set(title="On training images, as it is trained", ylabel="bits/dim")
axes[1].set(title="On test digits with noise", ylabel="bits/dim", yscale="log")
for ax in axes:
    ax.set_xlabel("iteration")
    ax.grid(alpha=0.3)
    ax.legend()
plt.show()

# %% [markdown]
# **Analysis** (3 points). (a) Describe the two curves on the training images. What does the flow without noise do to which
# pixels, and what would stop it? (b) Without noise, is a negative number of bits per dimension a contradiction? What is it
# that is not a code length there? (c) Explain the curves on test digits.

# %% [markdown] analysis="noise_study"
# ### BEGIN SOLUTION
# (a) With noise, the curve is level at about 4.8 bits/dim from the start, since the widths of the first batch are nearly the
# best ones. Without noise it begins at 2.6 and falls along a straight line to -1.2 in 300 iterations, with no sign of an end.
# The pixels that do it are those that are the same in all training digits, 16% of them, along the border. Their logit is
# one number, so the best normal distribution has width 0 and density infinity: the gradient of each of their log-widths is
# constant, and Adam moves it by 0.05 at every step. Only the arithmetic stops it: when the width comes near to the rounding
# errors of the logits, these look like a spread. The other pixels have learned nothing that they don't learn with noise. (The
# spikes in both curves are batches with ink where there is nearly never any.)
#
# (b) No. Bits/dim are the length of a code for the levels only if the number is an average over u of the density of the
# dequantised pixels (or the integral over the level's interval). At one chosen point of each interval a density can be as
# high as one likes; log p there is no probability, and "minus log p" no code length. The integral of the spike over its
# interval is still at most 1, that is 0 bits.
#
# (c) With noise a black pixel is spread over its whole interval, that is over 0.07 in x: many widths away from the centre of a
# spike of width e^-29. The squares of these distances are what is seen: 10^8 bits/dim at first, 10^20 in the end, and
# the better the training curve gets, the worse is this one. The flow that was trained with noise stays at 4.9, near its
# training value: it has learned a density of all points of the intervals.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: describes both curves with numbers; without noise the widths of pixels that never change shrink without limit
#   (at a constant rate), and nothing but the precision of the numbers (or the end of training) stops it.
# - 1 point: a density at one point is no probability and may exceed any bound; it is a code length only on average over the
#   noise (or integrated over the interval), where it cannot be below 0 bits.
# - 1 point: on test digits with noise the spikes miss nearly all of each interval, so the bits grow as the spikes get narrower;
#   with noise, training and test curve agree.
# ### END MARK SCHEME

# %% [markdown]
# ## 4. Experiment: a small Glow of digits
#
# Now all parts together. One *step* of the flow is your actnorm, your 1x1 convolution and an affine coupling, $z_\text{change}
# = e^{s} (x_\text{change} + t)$, where a small convolutional network computes $s$ and $t$ from the channels that your mask
# keeps. The network is the course's; its last layer is zero at the start, so that the coupling begins as the identity, and it
# has one bias per pixel, since the border of a digit is always black. The whole flow:
#
# | layers | on channels x height x width |
# | --- | --- |
# | dequantise, logit, squeeze | 4 x 14 x 14 |
# | two couplings whose mask is your checkerboard, squeezed: the channels upper left and lower right | 4 x 14 x 14 |
# | four steps, split: two channels leave | 2 x 14 x 14 stay |
# | squeeze, six steps, split: four channels leave | 4 x 7 x 7 stay |
# | two steps, and a standard normal | 4 x 7 x 7 |
#
# It trains for some minutes. The weights that are used later are running averages (`EMA`), as for the GANs. **Look
# for** when strokes appear in the samples, and whether the bits per dimension on test digits still fall when it ends.

# %% train="glow_parts"


class CouplingNetwork(nn.Module):
    """What stays -> two numbers for each number that it is about. Zero at the start; one bias for each pixel."""

    def __init__(self, n_in, n_out, side, hidden):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(n_in, hidden, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(hidden, hidden, 1),
            nn.ReLU(),
            nn.Conv2d(hidden, 2 * n_out, 3, padding=1),
        )
        nn.init.zeros_(self.body[-1].weight)
        nn.init.zeros_(self.body[-1].bias)
        self.per_pixel = nn.Parameter(torch.zeros(2 * n_out, side, side))

    def forward(self, x):
        mean, log_scale = (self.body(x) + self.per_pixel).chunk(2, dim=1)
        return torch.cat([mean, 2 * torch.tanh(log_scale / 2)], dim=1)  # a scale of e^-2 to e^2


class Coupling(nn.Module):
    """Affine coupling with a mask of channels: those that the mask keeps say how the others are shifted and scaled."""

    def __init__(self, keeps, side, hidden):
        super().__init__()
        n_keeps = int(keeps.sum())
        order = torch.cat([keeps.nonzero()[:, 0], (~keeps).nonzero()[:, 0]])
        self.n_keeps = n_keeps
        self.register_buffer("order", order)  # the channels that stay come first
        self.register_buffer("back", order.argsort())
        self.network = CouplingNetwork(n_keeps, len(keeps) - n_keeps, side, hidden)

    def forward(self, x):
        x = x[:, self.order]
        stays, changes = x[:, : self.n_keeps], x[:, self.n_keeps :]
        shift, log_scale = self.network(stays).chunk(2, dim=1)
        z = torch.cat([stays, log_scale.exp() * (changes + shift)], dim=1)
        return z[:, self.back], log_scale.flatten(1).sum(1)

    def inverse(self, z):
        z = z[:, self.order]
        stays, changes = z[:, : self.n_keeps], z[:, self.n_keeps :]
        shift, log_scale = self.network(stays).chunk(2, dim=1)
        return torch.cat([stays, changes * (-log_scale).exp() - shift], dim=1)[:, self.back]


class Mixing(nn.Module):
    """Your 1x1 convolution with a weight that begins as a random rotation."""

    def __init__(self, n_channels):
        super().__init__()
        self.weight = nn.Parameter(torch.linalg.qr(torch.randn(n_channels, n_channels)).Q)

    def forward(self, x):
        return invertible_conv(x, self.weight)

    def inverse(self, z):
        return invertible_conv_inverse(z, self.weight)


class Squeeze(nn.Module):
    """Your squeeze as a layer."""

    def forward(self, x):
        return squeeze(x), x.new_zeros(len(x))

    def inverse(self, z):
        return unsqueeze(z)


class Split(nn.Module):
    """The network of your split; the flow below calls it."""

    def __init__(self, n_channels, side, hidden):
        super().__init__()
        self.network = CouplingNetwork(n_channels // 2, n_channels // 2, side, hidden)


class Glow(nn.Module):
    """A small Glow of 28x28 digits. Its latents are a list: what left at each split, standardised, and what is left."""

    def __init__(self, n_checkerboard, n_fine, n_middle, n_coarse, fine_width, coarse_width):
        super().__init__()
        layers = [Squeeze()]
        for i in range(n_checkerboard):
            checkerboard = coupling_masks(1, 28, 28, i)[0]
            keeps = squeeze(checkerboard[None, None].float())[0, :, 0, 0] > 0
            layers += [ActNorm(4), Coupling(keeps, 14, fine_width)]
        layers += self.steps(n_fine, 4, 14, fine_width)
        layers += [Split(4, 14, fine_width), Squeeze()]
        layers += self.steps(n_middle, 8, 7, coarse_width)
        layers += [Split(8, 7, coarse_width)]
        layers += self.steps(n_coarse, 4, 7, coarse_width)
        self.layers = nn.ModuleList(layers)
        self.shapes = [(2, 14, 14), (4, 7, 7), (4, 7, 7)]  # of the latents

    @staticmethod
    def steps(n, n_channels, side, hidden):
        layers = []
        for i in range(n):
            keeps = coupling_masks(n_channels, side, side, i)[1]
            layers += [ActNorm(n_channels), Mixing(n_channels), Coupling(keeps, side, hidden)]
        return layers

    def encode(self, y):
        """Dequantised pixels (B, 1, 28, 28) -> the latents, and log p(y) in nats (B,)."""
        x, log_prob = logit_transform(y, ALPHA)
        latents = []
        for layer in self.layers:
            if isinstance(layer, Split):
                x, eps, log_det = split_prior(x, layer.network)
                latents.append(eps)
            else:
                x, log_det = layer(x)
            log_prob = log_prob + log_det
        return [*latents, x], log_prob + log_normal(x)

    def decode(self, latents, temperature=1.0):
        """Latents -> pixels y, not clamped."""
        *left, x = latents
        x, left = temperature * x, list(left)
        for layer in reversed(self.layers):
            if isinstance(layer, Split):
                x = merge_prior(x, left.pop(), layer.network, temperature)
            else:
                x = layer.inverse(x)
        return logit_inverse(x, ALPHA)

    def forward(self, levels):
        """Bits per dimension of images of levels (B, 1, 28, 28), with new noise: (B,)."""
        _, log_prob = self.encode(dequantise(levels, torch.rand_like(levels)))
        return bits_per_dim(log_prob, levels.shape[1:])


def to_levels(y):
    """Pixels of the flow -> levels, of 8 bits."""
    return (256 * y).floor().clamp(0, 255).to(torch.uint8)


def latent_noise(flow, n, seed):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(n, *shape, generator=generator).to(device) for shape in flow.shapes]


def draw_digits(flow, n, temperature, seed=0):
    """Digits drawn from the flow: (n, 1, 28, 28) levels. For one seed, the same noise at every temperature."""
    with evaluating(flow):
        parts = zip(*(part.split(250) for part in latent_noise(flow, n, seed)), strict=True)
        return torch.cat([to_levels(flow.decode(list(part), temperature)) for part in parts])


def bits_of(flow, levels):
    """Bits per dimension of each image, always with the same noise: (N,)."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return evaluate(flow, levels).cpu()


# %% train="glow_digits"
from dgm.metrics import digit_distance, digit_probabilities

BATCH_SIZE, N_ITERATIONS, RATE = 32, settings.iterations(1000), 2.5e-3
SIZES = {
    "n_checkerboard": 2,
    "n_fine": 4,
    "n_middle": 6,
    "n_coarse": 2,
    "fine_width": settings.width(32),
    "coarse_width": settings.width(96),
}
x_test = levels_test / 127.5 - 1  # in [-1, 1], for the metrics

seed_everything(1)
glow = Glow(**SIZES).to(device)
with torch.no_grad():
    glow(levels_train[:250])  # your actnorms look at their first batch
average = EMA(glow, decay=0.99)
optimizer = adam(glow, lr=RATE)
stream = batches(levels_train, BATCH_SIZE)
test_bits = {}


def glow_step(i):
    share = i / N_ITERATIONS
    rate = RATE * min(1.0, (i + 1) / 100) * 0.5 * (1 + math.cos(math.pi * share))
    for group in optimizer.param_groups:
        group["lr"] = rate
    bits = glow(next(stream)).mean()
    optimizer.zero_grad()
    bits.backward()
    nn.utils.clip_grad_norm_(glow.parameters(), 20.0)
    optimizer.step()
    average.update(glow)
    return {"bits/dim": bits}


def look():
    test_bits[len(test_bits)] = bits_of(average.module, levels_test[:250]).mean().item()
    return draw_digits(average.module, 12, 0.8)


EVERY = settings.iterations(250)
history, stages = fit("Glow", glow_step, N_ITERATIONS, look, every=EVERY)
keep("glow_digits", average.module, sizes=SIZES)
flow = average.module
figure, axes = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
axes.plot(history["bits/dim"], alpha=0.4, label="training batches")
axes.plot(
    [EVERY * look for look in test_bits],
    list(test_bits.values()),
    "o-",
    label="250 test digits, averaged weights",
)
axes.set(title="A small Glow of digits", xlabel="iteration", ylabel="bits/dim", ylim=(1, 4))
axes.grid(alpha=0.3)
axes.legend()
plt.show()
plots.show_rows(stages, "The same twelve latents, at temperature 0.8", value_range=(0, 255))

print("250 test digits:", ", ".join(f"{bits:.2f}" for bits in test_bits.values()))
bits_test, bits_train = bits_of(flow, levels_test), bits_of(flow, levels_train[: len(levels_test)])
n_weights = sum(parameter.numel() for parameter in flow.parameters())
print(
    f"{n_weights:,} weights. Bits per dimension:\n"
    f"  8.00  uniform: knows nothing\n"
    f"  {noise_curves[True][1][-1]:.2f}  a normal distribution for each pixel (part 3)\n"
    f"  {bits_test.mean():.2f}  this Glow on {len(levels_test):,} test digits ({bits_train.mean():.2f} on as many training digits)\n"
    f"  1.08  published flow of couplings at one scale, 60,000 digits, 200 epochs on a GPU (UvA deep learning tutorial 11)\n"
    f"  1.02  the same with squeeze, split and learned (variational) dequantisation noise"
)

# %% [markdown]
# A sample is a decoded draw of noise. The **temperature** multiplies the noise, that of every split included. **Look for**
# what gets better and what gets lost as it falls: the rows below have the same noise. The distance is the course's Fréchet
# distance to the test digits, for 1,000 samples.

# %% train="glow_temperatures"
TEMPERATURES = (1.0, 0.8, 0.6)
N_SAMPLES = 100 if settings.fast else 1000
for temperature in TEMPERATURES:
    samples = draw_digits(flow, N_SAMPLES, temperature, seed=1)
    images = samples.float() / 127.5 - 1
    share = torch.bincount(digit_probabilities(images).argmax(1), minlength=10).cpu() / N_SAMPLES
    distance = digit_distance(images, x_test)
    print(
        f"temperature {temperature}: distance {distance:.0f}, {int((share < 0.02).sum())} of 10 digits below 2%, "
        f"{bits_of(flow, samples.float()).mean():.2f} bits/dim"
    )
plots.show_rows(
    {f"T = {t:g}": draw_digits(flow, 12, t, seed=1) for t in (1.0, 0.9, 0.8, 0.7, 0.6, 0.4, 0.0)},
    "The same noise at falling temperature",
    value_range=(0, 255),
)

# %% [markdown]
# **Graded by its samples** (6 points). Choose a temperature. The samples that it gives are saved in
# `artifacts/digit_samples.safetensors`, which you hand in with the notebook. The points come from that file, and no code is
# run for them. What counts is the Fréchet distance of the samples to the test digits: at most 1400 earns all points, at most
# 2200 half of them. Two conditions: at least eight of the ten digits have more than 2% of the samples, as the classifier sees
# them, and the samples are the flow's own. Copies of real digits, or the same few samples many times over, earn nothing.
# The last cell shows what the grader will report.


# %% answer="sample_temperature"
def sample_temperature() -> float:
    """The temperature that you would draw digits at, from what you have seen above."""
    ### BEGIN SOLUTION
    return 1.0
    ### END SOLUTION


# %% train="glow_samples"
digit_samples = draw_digits(flow, 1000, sample_temperature(), seed=2)
keep_tensors("digit_samples", {"samples": digit_samples.cpu()})
plots.show_images(
    digit_samples[:60],
    f"Glow: samples at temperature {sample_temperature():g}",
    n_columns=12,
    value_range=(0, 255),
)

# %% quality="flow_samples_quality"

# %% [markdown]
# **Analysis** (8 points). (a) Describe the bits per dimension over the training: how fast they fall, whether
# training batches and test digits differ, whether it would go on. When do strokes appear in the samples? (b) Put your number
# into the table between 8 and 1.08. What has the flow learned that the normal distribution of each pixel has not? Name two
# reasons why the published flows need fewer bits. (c) Describe what the temperature does to the samples, with the numbers. Which
# would you show, which would you use to estimate how often the model draws each digit, and why does the flow need
# fewer bits for cold samples than for real digits? (d) Training maximises the likelihood of the digits, and the samples are
# nevertheless worse than a GAN's. Why is that no contradiction?

# %% [markdown] analysis="glow_digits"
# ### BEGIN SOLUTION
# (a) The batches fall from 6 to about 3 bits/dim within 100 iterations and to 2.1 at 250; then it gets slow: 1.90 at 500, 1.82
# at 750, 1.79 at 1,000 on 250 test digits. Training and test digits are level in the end (1.80 on 1,000 of each), so the flow
# has not fitted its 4,000 digits by heart, and the last quarter, with a falling learning rate, still gained 0.02: more
# iterations and more weights would go on. At 250 iterations the black border is there and blots lie in the middle; at 500
# there are strokes, which join in the next 500. A few can be named in the end (a 3, a 6, a 4), most are pieces of digits.
#
# (b) 1.80 is far below the 4.87 of independent pixels and above the published 1.08. A normal distribution for each pixel has to
# be wide wherever there is sometimes ink. The couplings predict a pixel from its neighbours: next to black it is black, and a
# stroke goes on; so most pixels can be given a narrow density. The published flows saw 60,000 digits instead of 4,000, for hours
# on a GPU instead of minutes, with deeper and wider networks; and the last of them learns the dequantisation noise, where
# a uniform one has corners that affine layers and a normal density cannot follow.
#
# (c) From T = 1 down to 0.6 specks vanish, strokes get smoother and softer, and the shape of each sample stays. At 0.4 they are
# grey, and at 0 all are the same grey blot, a mean digit: the image of the latent 0. The distance gets *worse*: 1,041, 1,297, 1,760 for
# 1, 0.8 and 0.6; no digit is below 2% at any of them. I would show T = 0.8 or 0.9, where there are fewer specks, and judge by
# numbers at T = 1, which here also has the best distance. Only T = 1 draws from the model: how often it draws a digit can be
# asked only there. Cold samples need 1.78 (0.8) and 1.57 bits (0.6), less than the 1.80 of real digits and 2.03 of the model's
# own: they lie nearer to the mode than typical points, where the density is higher. Fewer bits, and less like digits.
#
# (d) The likelihood is an average over real digits: it is low only if some of them get little density. It hardly minds density
# elsewhere: if half of the mass is on images that are no digits, that costs log 2, one bit for a whole image, 0.0013
# bits/dim. And it counts every pixel alike: predicting grey edges and black borders well pays as much as the
# right shape. A GAN is trained on the samples themselves; each one that is no digit costs its generator something, but nothing
# asks whether every real digit can be drawn.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: describes the curve with numbers (a fast fall within some hundred iterations, then slow), the small or growing gap
#   between training and test digits, and whether it still falls at the end.
# - 1 point: says when strokes and nameable digits appear in the samples.
# - 1 point: places the number in the table, and says what is gained over independent pixels: neighbours predict a pixel (black
#   next to black, strokes that go on), which the couplings use.
# - 1 point: two reasons for the distance to the published numbers, such as 4,000 instead of 60,000 digits, minutes instead of 200
#   epochs on a GPU, fewer and narrower layers, affine couplings and uniform noise (variational dequantisation).
# - 1 point: temperature: describes the rows and gives distances or lost classes; sharper and more regular at lower temperature,
#   then alike and thin.
# - 1 point: cold samples are not samples of the model: shares of digits need T = 1; the choice for show is argued from the figure.
# - 1 point: cold samples lie nearer to the modes, where the density is higher than at typical points: fewer bits without being
#   more real.
# - 1 point: likelihood asks that no real digit is missed and counts pixels (each of 784 dimensions equally); it costs little to
#   put mass on images that are no digits, which is what one sees in samples.
# ### END MARK SCHEME

# %% [markdown]
# ## 5. Experiment: between two digits
#
# A flow has a code for every image, exactly, and every code has an image. Take two test digits, encode both, and walk
# from one code to the other. In 784 dimensions there are two ways to walk: *straight*, $z = (1 - a) z_1 + a z_2$, which
# comes nearer to the origin in the middle, and *on the sphere* (slerp), which keeps the length. Next to them, the
# course's VAE (20 latents, trained here for less than a minute) walks straight between the means of its codes, and the last row
# mixes the pixels. **Look for** images in the middle that are not digits: of what kind are they in each row?

# %% train="interpolation"
from dgm.models import ConvVAE

seed_everything(2)
vae = ConvVAE(20, 28, 1, settings.width(16)).to(device)
vae_optimizer, vae_stream = adam(vae, lr=2e-3), batches(levels_train / 127.5 - 1, 64)


def vae_step(i):
    x = next(vae_stream)
    loss = vae.negative_elbo(x, torch.randn(len(x), 20, device=device))
    vae_optimizer.zero_grad()
    loss.backward()
    vae_optimizer.step()
    return {"negative ELBO": loss}


train(vae_step, settings.iterations(250), description="VAE")
vae.eval()


def straight(one, other, a):
    return (1 - a) * one + a * other


def on_sphere(one, other, a):
    """From one latent to the other along a great circle, the length changing evenly: (N, ...) each."""
    flat_one, flat_other = one.flatten(1), other.flatten(1)
    lengths = flat_one.norm(dim=1), flat_other.norm(dim=1)
    cosine = (flat_one * flat_other).sum(1) / (lengths[0] * lengths[1])
    angle = torch.acos(cosine.clamp(-1, 1))[:, None]
    way = torch.sin((1 - a) * angle) * flat_one / lengths[0][:, None]
    way = (way + torch.sin(a * angle) * flat_other / lengths[1][:, None]) / torch.sin(angle)
    return (way * straight(*lengths, a)[:, None]).reshape(one.shape)


def codes_of(levels):
    """All latents of the images as one row each (N, 784), with the noise at the middle of its interval."""
    latents, _ = flow.encode(dequantise(levels, torch.full_like(levels, 0.5)))
    return torch.cat([part.flatten(1) for part in latents], dim=1)


def images_of(codes):
    parts = codes.split([math.prod(shape) for shape in flow.shapes], dim=1)
    return to_levels(
        flow.decode(
            [part.reshape(-1, *shape) for part, shape in zip(parts, flow.shapes, strict=True)]
        )
    ).float()


def between(one, other, a):
    """Images between two sets of images, by four ways: {way: (N, 1, 28, 28) levels}."""
    with evaluating(flow, vae):
        codes = codes_of(one), codes_of(other)
        means = (vae.encode(images / 127.5 - 1)[0] for images in (one, other))
        return {
            "flow, straight": images_of(straight(*codes, a)),
            "flow, sphere": images_of(on_sphere(*codes, a)),
            "VAE, straight": 127.5 * (vae.decode(straight(*means, a)) + 1),
            "pixels": straight(one, other, a),
        }


weights = torch.linspace(0, 1, 9)
for first, second in ((3, 5), (0, 6)):
    one = levels_test[labels_test == first][:1]
    other = levels_test[labels_test == second][:1]
    steps = [between(one, other, float(a)) for a in weights]
    plots.interpolation_strips(
        {way: torch.cat([step[way] for step in steps]) for way in steps[0]},
        weights,
        f"From a {first} to a {second}",
        value_range=(0, 255),
    )

half = len(levels_test) // 2
n_pairs = 50 if settings.fast else half
pairs = levels_test[:n_pairs], levels_test[half : half + n_pairs]
with evaluating(flow):
    round_trip = (images_of(codes_of(pairs[0])) - pairs[0]).abs().max().item()
print(f"decoding the codes of {n_pairs} test digits: largest error of a level {round_trip:g}")
print("midpoints of as many pairs:")
for way, images in between(*pairs, 0.5).items():
    images = images.round()
    sure = (digit_probabilities(images / 127.5 - 1).amax(1) > 0.9).float().mean()
    grey = ((images > 64) & (images < 192)).float().sum() / (images > 64).float().sum()
    print(
        f"  {way:<20} classifier sure of {100 * sure:.0f}%, {100 * grey:.0f}% of the ink grey,"
        f" {bits_of(flow, images).mean():.2f} bits/dim, distance {digit_distance(images / 127.5 - 1, x_test):.0f}"
    )

# %% [markdown]
# **Analysis** (4 points). (a) Compare the four rows of both figures: what is in the middle, and where does it stop
# being a digit? Use the numbers of the midpoints. (b) What is the difference between the straight way and the way on the
# sphere, for the flow, and why is there one in 784 dimensions? (c) The flow's code has 784 numbers, the VAE's 20, and they are
# trained differently. What does either gain and lose by that, at the ends and in between?

# %% [markdown] analysis="latent_interpolation"
# ### BEGIN SOLUTION
# (a) Flow: the strokes stay white and sharp on the whole way. The upper arc of the 3 opens from the right and closes again on the
# left; from a = 0.38 on I read a 5, at 0.5 with a gap. The 0 opens at the top and its inner end curls in to a 6. VAE: grey, soft
# shapes, 3 and 5 on top of each other in the middle, and its ends are not quite the digits that went in. Pixels: both digits in
# grey. Midpoints of 500 pairs: the classifier is sure of 73% (sphere) and 64% (straight) for the flow, 56% for VAE and
# pixels; 29% and 42% of the ink is grey, against 74% and 81%; the distance is 333 and 691, against 1,305 and 1,302.
#
# (b) The codes of two digits are nearly orthogonal, as independent random vectors in 784 dimensions are, so the straight
# midpoint has about 0.7 of their length. That is what a temperature of 0.7 does: paler strokes (more grey), fewer bits (1.63,
# real digits 1.80). On the sphere the length stays that of a typical code, and so does the contrast (1.70 bits, the better
# distance).
#
# (c) The flow's ends are exact: decoding the codes of 500 digits gives every level back. A VAE's code of 20 numbers cannot hold a
# digit; it has the shape and loses the rest, more so after this short training. In between, the flow has no guarantee: only codes of
# whole digits were ever trained, the midpoint of two is new to it, and some midpoints are pieces; what it has learned is
# local (strokes are white, go on, have black around them), and that holds in between as well. The VAE was trained with noise
# around every code and with a prior that packs them, so that what is in between decodes to something like a
# mean of digits: always plausible, never sharp.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: describes the rows (flow: sharp strokes that open, move or break, mostly digit-like; VAE: soft grey shapes; pixels:
#   both digits in grey on top of each other) and compares by at least two of the numbers.
# - 1 point: straight against sphere: codes are nearly orthogonal, so the straight midpoint has about 0.7 of the length, as at
#   temperature 0.7; the other keeps the length of typical codes; what is seen of it.
# - 1 point: the flow: exact at the ends (every level comes back); nothing in its training concerns the codes in between, what
#   helps there is that it has learned local structure; some midpoints are not digits.
# - 1 point: the VAE: 20 numbers lose detail at the ends; noise and prior in training fill the space between codes, so every
#   code decodes to something plausible, at the price of blur.
# ### END MARK SCHEME

# %% [markdown]
# ## 6. Experiment: the likelihood of other images
#
# The flow gives every image a likelihood. So it should know a digit from anything else, should it not? Below are images
# that it was never trained on, each with its bits per dimension: few bits, a high likelihood. The second number is the mean
# square of the latents, which is about 1 for the noise that the flow draws from. **Guess** before you run the cell which kind gets the
# fewest bits, and which get more than 8, the price of knowing nothing.

# %% train="other_images"
from dgm.faces import random_faces

n_kind = 40 if settings.fast else 500
some = levels_test[:n_kind]
faces = random_faces(n_kind, seed=3, size=28, device=device)[0].mean(dim=1, keepdim=True)
generator = torch.Generator().manual_seed(0)
kinds = {
    "training digits": levels_train[:n_kind],
    "test digits": some,
    "mirrored": some.flip(3),
    "upside down": some.flip(2),
    "half the contrast": (some / 2).floor(),
    "blurred": F.avg_pool2d(some, 3, stride=1, padding=1).round(),
    "two digits at once": torch.maximum(some, levels_test[-n_kind:]),
    "inverted": 255 - some,
    "grey faces": (127.5 * (faces + 1)).round(),
    "noise": torch.randint(0, 256, some.shape, generator=generator).float().to(device),
    "black": torch.zeros_like(some[:50]),
    "level 1": torch.ones_like(some[:50]),
    "grey": torch.full_like(some[:50], 128),
    "white": torch.full_like(some[:50], 255),
    "drawn, T = 1": draw_digits(flow, n_kind, 1.0, seed=3).float(),
    "drawn, T = 0.6": draw_digits(flow, n_kind, 0.6, seed=3).float(),
}
bits_of_kind = {}
threshold = bits_test.quantile(0.95)
print(f"threshold that accepts 95% of the test digits: {threshold:.2f} bits/dim")
print(f"{'images':<20}{'bits/dim':>9}    from      to  refused  mean square of the latents")
for kind, images in kinds.items():
    bits = bits_of_kind[kind] = bits_of(flow, images)
    with evaluating(flow):
        latents, _ = flow.encode(dequantise(images, torch.rand_like(images)))
    square = torch.cat([part.flatten() for part in latents]).square().mean().item()
    refused = (bits > threshold).float().mean()
    print(
        f"{kind:<20}{bits.mean():9.2f}{bits.min():8.2f}{bits.max():8.2f}{100 * refused:8.0f}%{square:10.3g}"
    )

shown = {f"{kind}: {bits_of_kind[kind].mean():.2f}": images[:8] for kind, images in kinds.items()}
plots.show_rows(shown, "Bits per dimension of images of other kinds", value_range=(0, 255))

figure, axes = plt.subplots(figsize=(9, 3.4), layout="constrained")
bins = torch.linspace(0, 4, 100).numpy()
for kind in ("test digits", "mirrored", "half the contrast", "blurred", "two digits at once"):
    axes.hist(bits_of_kind[kind].clamp(0, 4).numpy(), bins=bins, alpha=0.5, label=kind)
axes.axvline(bits_of_kind["black"].mean(), color="black", linestyle="--", label="a black image")
axes.set(
    title="Would a threshold on the likelihood find what is not a digit?",
    xlabel="bits/dim",
    ylabel="images",
)
axes.legend()
plt.show()

order = bits_test.argsort()
plots.show_rows(
    {
        f"fewest: {bits_test[order[:12]].mean():.2f}": levels_test[order[:12]],
        f"most: {bits_test[order[-12:]].mean():.2f}": levels_test[order[-12:]],
    },
    "Test digits with the fewest and the most bits per dimension",
    value_range=(0, 255),
)
ink = levels_test.gt(0).flatten(1).float().mean(1).cpu()
correlation = torch.corrcoef(torch.stack([ink, bits_test]))[0, 1]
print(f"correlation of the bits with the share of pixels that are not black: {correlation:.2f}")

# %% [markdown]
# **Analysis** (6 points). (a) Sort the kinds by their bits. Which of them would a threshold that accepts 95% of the
# test digits refuse, and which would it let pass? (b) Which kinds are *more* likely than digits? Explain it from what the flow has
# learned about pixels, and with the two rows of test digits and the correlation. (c) Why is a more likely image no better
# digit? Turn the bits of the black image and of a digit into probabilities, and ask how many images there are of either kind.
# Does the mean square of the latents find more than the likelihood does? (d) So what may one conclude from a likelihood,
# and from bits/dim in a table like that of part 4?

# %% [markdown] analysis="likelihood_of_others"
# ### BEGIN SOLUTION
# (a) From few bits to many: black 0.31; the model's own cold samples 1.57; digits 1.79 (training) and 1.80 (test); mirrored
# 1.87, upside down 1.88, half the contrast 1.99; its samples at T = 1 2.03; level 1 everywhere 2.25; two digits at once 2.56,
# blurred 2.63; then, beyond 8, grey 10.9, faces 15, white and inverted 29, noise 84. The threshold that accepts 95% of the test
# digits is 2.36. It refuses all of the last group and 73% of the blurred and of the doubled digits. It lets pass 92% of the
# mirrored ones and as many upside down, 82% of those with half the contrast, and every black image.
#
# (b) Black, by far, and cold samples. 80% of a digit's pixels are black with black around them; there the flow's density is
# narrow and such a pixel costs next to nothing. The bits go into ink, above all into its edges, whose grey levels can't be
# foreseen. So the digits with the fewest bits are thin 1s (0.96), those with the most are large, fat or ragged 0s, 3s, 5s and
# 8s (2.70), and bits and the share of pixels with ink are correlated with 0.93. A black image is a digit without any of
# the expensive pixels. The kinds beyond 8 bits have grey or white where the flow is sure of black: many widths away.
#
# (c) The bits are those of one image. Black has probability 2^(-0.31 x 784), about 2^-240, a digit about 2^-1400: so much more for
# each such image. But there is one black image, and there are about 2^1400 images like digits, with specks and edges in all
# variations; together they have nearly all of the probability, and black will never be drawn. The most likely image is no
# typical one, as the mode of a normal distribution in 784 dimensions, the origin, is none: its samples have length 28. The
# mean square of the latents is 1.00 for digits and 10 to 100 for the kinds beyond 8 bits, so it finds what the bits find. For
# black it is 0.98 and for mirrored digits 1.02: with its noise, each black pixel's latent looks like any other. It finds neither.
#
# (d) It compares models on the same images: on average over test digits the bits are code lengths, and fewer are better. Between
# images it mostly says how much ink and detail there is. That an image has fewer bits than digits have does not make it a
# digit; if it has many more, something is unlike the training images, pixel by pixel. To find foreign images one would look at both sides
# of the typical range (black is far below 0.95, the lowest test digit), compare with a general model of images, or train a classifier.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: sorts the kinds with numbers and says what a threshold at the 95% quantile of test digits refuses (inverted, faces,
#   noise) and what it lets pass.
# - 1 point: names the kinds with fewer bits than digits (black, and what has less ink or contrast, as the student's table shows).
# - 1 point: explains by the pixels: most of each digit is black background that the flow predicts nearly for free; bits are spent
#   on ink and edges, so bits go with the amount of ink (rows, correlation).
# - 1 point: one black image against very many images like digits: the probability of a kind is density times volume (or
#   number of images); the mode is not typical (the normal distribution: mode at 0, samples at length 28 in 784 dimensions).
# - 1 point: the mean square of the latents: about 1 for digits, far above for what needs more than 8 bits; near 1 for black and
#   for mirrored digits too, so it finds no more than the likelihood; with the numbers.
# - 1 point: what may be concluded: a comparison of models on the same test data (code lengths); not, by itself, whether an image
#   belongs to the data; some sensible alternative (both sides of a typical range, likelihood ratios, a classifier).
# ### END MARK SCHEME
