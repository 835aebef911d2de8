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
# # Image-to-image translation with pairs
#
# A photograph goes in, a pencil sketch of the same face comes out, or the other way round. There is a data set of pairs, so a
# network could simply be trained to come close to the target. It then draws what is certain and blurs what is not. Isola, Zhu,
# Zhou and Efros (2017, "Image-to-image translation with conditional adversarial networks", known as *pix2pix*) add a
# discriminator that looks at small patches and sees the input as well, so that the loss itself is learned. In the first part of this
# notebook you write all of it: generators without and with skips, the discriminator of patches, the losses, one step of each
# player, and the theory behind L1 on discrete distributions. In the second part your functions are trained on faces.
#
# Every question has an **answer cell**, where you replace the lines that raise `NotImplementedError`, and below it a **check
# cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest mistakes of shape
# and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
from collections.abc import Callable, Sequence

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
# | $x$ | `x` | source image, in $[-1, 1]$ | `(B, C, H, W)` |
# | $y$ | `y` | target image, in $[-1, 1]$ | `(B, C', H, W)` |
# | $G(x)$ | `y_hat` | what the generator makes of $x$; its noise is dropout | as `y` |
# | $D(x, y)$ | `logits` | the discriminator's map of logits, one for each patch | `(B, 1, h, w)` |
# | $\lambda$ | `weight` | weight of the L1 term | a number |
#
# * **Logits, not probabilities.** $D$ returns real numbers $l$; the probability of "real" is $\sigma(l) = 1 / (1 + e^{-l})$. Losses are
#   exact and finite for logits of any size, so that no logarithm of a rounded probability may occur.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. All tensor arguments of one call are on one device and have one floating dtype (float32 or float64). The result has both. Tensors that you
#   create go there, for example `torch.zeros_like(x)`. A result with several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument of floating type, and the parameters of a network, as the formula has
#   them, unless a question says otherwise. They are finite wherever the formula's are. If nothing needs gradients, the
#   result keeps no graph.
# * **Sizes**: a batch may hold one image, an image one channel or one pixel. Keep the axes that the shapes name (`squeeze()` without an
#   axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), and whether they need gradients. A function keeps
#   nothing from one call for the next.
# * **Networks** are used in the mode (training or evaluation) that they are in, unless a question says otherwise, and are called once for
#   what is asked. A class takes its weights' initial values from PyTorch's layers.
# * Where a question says that `ValueError` is raised, the message is yours to choose.
# * Each question is graded independently: a mistake in one costs nothing in another. So each class is built from PyTorch's layers, and
#   not from another question's class.

# %% [markdown]
# ## 1. Generators
#
# The first generator squeezes the image through a bottleneck and draws it again. With $L$ levels of `widths` $(w_0, \dots, w_{L-1})$ channels:
#
# | part | layers | from, to (channels) |
# | --- | --- | --- |
# | `down[i]`, $i = 0, \dots, L - 1$ | `Conv2d` with kernel 4, stride 2, padding 1; batch norm, but not in `down[0]`; leaky ReLU of slope 0.2 | $w_{i-1}$ (the source's in `down[0]`), $w_i$ |
# | `middle` | `nn.Dropout` | $w_{L-1}$, the same |
# | `up[j]`, $j = 0, \dots, L - 2$ | `ConvTranspose2d` with kernel 4, stride 2, padding 1; batch norm; ReLU | $w_{L-1-j}$, $w_{L-2-j}$ |
# | `up[L - 1]` | the same transposed convolution; Tanh | $w_0$, the target's |
#
# `down` and `up` are `nn.ModuleList`s of `nn.Sequential`s with exactly these layers in this order, so that the weights have the names
# `down.0.0.weight`, `down.1.1.bias` and so on. All layers have PyTorch's defaults otherwise. Each `down` block halves the resolution, each `up` block doubles it. The
# kernel of 4 is a multiple of the stride: every pixel is reached by as many taps, and no chequered pattern comes in.
#
# Why the parts are there (Isola et al. 2017, appendix on architectures; and the rules for GANs of Radford et al. 2016): strided convolutions in place of pooling; batch norm
# everywhere but next to the pixels, whose mean and contrast it would take away (no norm in `down[0]`, none before the Tanh); leaky
# ReLUs on the way in, where a dead unit loses information, and ReLUs on the way out; Tanh because the images are in $[-1, 1]$.
# **Dropout in the middle is the noise.** A code $z$ next to the input would be ignored, as the authors found. Dropout stays on when images are translated (part 6).


# %% answer="encoder_decoder"
class EncoderDecoder(nn.Module):
    """Generator with a bottleneck: (B, n_in, H, W) -> (B, n_out, H, W), as the table has it.

    widths: channels of the L >= 1 levels, from fine to coarse. dropout: the probability that a
    number in the middle is dropped. forward raises ValueError unless H and W are divisible by 2^L.
    """

    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(widths[i], to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        for block in self.down:
            x = block(x)
        x = self.middle(x)
        for block in self.up:
            x = block(x)
        return x
        ### END SOLUTION


# %% check="encoder_decoder"
@visible_checks("encoder_decoder")
def _():
    network = EncoderDecoder(3, 1, (4, 8, 8))
    y_hat = network(torch.randn(2, 3, 16, 32))
    assert y_hat.shape == (2, 1, 16, 32), "the output has the size of the input, and n_out channels"
    assert y_hat.abs().max() <= 1, "the output is between -1 and 1"
    assert len(network.down) == len(network.up) == 3, "one block down and one up for each level"
    kinds = [[type(layer).__name__ for layer in block] for block in (*network.down, *network.up)]
    assert "BatchNorm2d" not in kinds[0], "no batch norm next to the input"
    assert kinds[1] == ["Conv2d", "BatchNorm2d", "LeakyReLU"], "convolution, norm, activation"
    assert kinds[3] == ["ConvTranspose2d", "BatchNorm2d", "ReLU"], "on the way up, too"
    assert kinds[5] == ["ConvTranspose2d", "Tanh"], "no batch norm before the Tanh"
    assert network.down[2][0].out_channels == 8, "level i has widths[i] channels"
    assert isinstance(network.middle, nn.Dropout), "dropout in the middle"


# %% [markdown]
# All that the decoder knows has passed the bottleneck. For a translation that is a waste: the edges of the output are where the edges of the
# input are. A **U-Net** (Ronneberger, Fischer and Brox 2015) hands them over. What `down[i]` returns goes down *and*, as it is, to the block on the way up
# that works at this resolution, next to what comes from below:
#
# $$\text{up}[0] \leftarrow \text{middle}(d_{L-1}), \qquad \text{up}[j] \leftarrow \big[\, u_{j-1}, \; d_{L-1-j} \,\big], \quad j = 1, \dots, L - 1$$
#
# with $d_i$ the output of `down[i]`, $u_j$ that of `up[j]`, and $[\cdot, \cdot]$ concatenation along the channels, **what comes from below first**.
# So `up[j]` has $2 w_{L-1-j}$ channels to read for $j \ge 1$ and $w_{L-1}$ for $j = 0$. All else is as above, with the same names. Only $d_{L-1}$
# passes the dropout; the skips are exact.


# %% answer="unet_generator"
class UNetGenerator(nn.Module):
    """Generator with skips: (B, n_in, H, W) -> (B, n_out, H, W) (Isola et al. 2017, section on skips).

    Arguments and errors as of EncoderDecoder.
    """

    def __init__(self, n_in: int, n_out: int, widths: Sequence[int], dropout: float = 0.5) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        come = [n_in, *widths]
        self.down = nn.ModuleList()
        for i, width in enumerate(widths):
            norm = [nn.BatchNorm2d(width)] if i > 0 else []
            conv = nn.Conv2d(come[i], width, 4, stride=2, padding=1)
            self.down.append(nn.Sequential(conv, *norm, nn.LeakyReLU(0.2)))
        self.middle = nn.Dropout(dropout)
        self.up = nn.ModuleList()
        for i in reversed(range(len(widths))):
            n_read = widths[i] if i == len(widths) - 1 else 2 * widths[i]
            to = widths[i - 1] if i > 0 else n_out
            end = [nn.BatchNorm2d(to), nn.ReLU()] if i > 0 else [nn.Tanh()]
            conv = nn.ConvTranspose2d(n_read, to, 4, stride=2, padding=1)
            self.up.append(nn.Sequential(conv, *end))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        if any(size % 2 ** len(self.down) for size in x.shape[2:]):
            raise ValueError(f"{tuple(x.shape[2:])} cannot be halved {len(self.down)} times")
        skips = []
        for block in self.down:
            x = block(x)
            skips.append(x)
        x = self.up[0](self.middle(skips.pop()))
        for block in self.up[1:]:
            x = block(torch.cat([x, skips.pop()], dim=1))
        return x
        ### END SOLUTION


# %% check="unet_generator"
@visible_checks("unet_generator")
def _():
    network = UNetGenerator(3, 1, (4, 8, 16))
    x = torch.randn(2, 3, 16, 32)
    y_hat = network(x)
    assert y_hat.shape == (2, 1, 16, 32), "the output has the size of the input, and n_out channels"
    assert y_hat.abs().max() <= 1, "the output is between -1 and 1"
    read = [block[0].in_channels for block in network.up]
    assert read[0] == 16, "the first block on the way up reads what comes from the middle only"
    assert read[1:] == [16, 8], "the others read what comes from below and the skip: twice as much"
    network.eval()
    before = network(x)
    with torch.no_grad():
        network.up[0][0].weight.zero_()
        network.up[0][0].bias.zero_()
    assert not torch.allclose(network(x + 0.5), network(x)), (
        "with the way through the middle cut off, the output still depends on the input"
    )
    assert before.shape == network(x).shape


# %% [markdown]
# ## 2. A discriminator of patches
#
# L1 takes care of the rough shapes. What it gets wrong is local: lines are grey smears where the hand may have drawn here or there. To tell a
# drawn line from a smear it is enough to look at a small patch. So $D$ is a short row of convolutions without pooling and without a linear layer at the end. It returns a **map** of logits, each of which judges
# one patch, and the patches overlap (Isola et al. call it a PatchGAN).
#
# How large is the patch? With layers of kernel $k$, stride $s$ and padding $p$, in order from the image to the logits, start at one logit and go back: a layer's output pixel $i$ reads its
# input pixels $s i - p, \dots, s i - p + k - 1$. After all layers, logit $i$ (along one axis) looks at the pixels
#
# $$\text{first} + i \cdot \text{step}, \; \dots, \; \text{first} + i \cdot \text{step} + \text{size} - 1$$
#
# of the image, of which those outside of the image are padding.


# %% answer="receptive_field"
def receptive_field(layers: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """What the logits look at: `size` of a patch, `step` between neighbours, `first` pixel of logit 0.

    layers: (kernel, stride, padding) of each convolution, from the image to the logits; may be
    empty, and then a logit is a pixel. Returns three whole numbers; `first` is negative with padding.
    """
    ### BEGIN SOLUTION
    size, step, first = 1, 1, 0
    for kernel, stride, padding in layers:
        size += (kernel - 1) * step
        first -= padding * step
        step *= stride
    return size, step, first
    ### END SOLUTION


# %% check="receptive_field"
@visible_checks("receptive_field")
def _():
    assert tuple(receptive_field([(4, 2, 1)])) == (4, 2, -1), (
        "one layer: its kernel, its stride, and a first pixel in the padding"
    )
    size, step, first = receptive_field([(4, 2, 1), (4, 1, 1), (4, 1, 1)])
    assert size == 16, "the 16 x 16 discriminator of the paper: one halving, two layers of stride 1"
    assert step == 2, "neighbours are as many pixels apart as the strides multiply to"
    assert first == -5, "a padding of a later layer is worth the strides before it"
    assert receptive_field([(1, 1, 0)] * 3)[0] == 1, "kernels of 1 see one pixel"


# %% [markdown]
# The discriminator is **conditional**: it gets $x$ as well, concatenated with $y$ along the channels, $x$ first. Otherwise any fine sketch would do, whoever is on the photograph.
# `layers` says how large its patches are, as in `receptive_field`. With $M$ layers:
#
# | part | layers | to (channels) |
# | --- | --- | --- |
# | `blocks[0]` | `Conv2d`, leaky ReLU of slope 0.2 | `width` |
# | `blocks[i]`, $0 < i < M - 1$ | `Conv2d`, batch norm, leaky ReLU of slope 0.2 | $2^i \cdot$ `width` |
# | `blocks[M - 1]` | `Conv2d` | 1 |
#
# If there is only one layer, it is the last one. `blocks` is an `nn.ModuleList` (or an `nn.Sequential`) of `nn.Sequential`s with exactly these layers; the weights are `blocks.0.0.weight` and so on. There is no sigmoid at the end.


# %% answer="patch_discriminator"
class PatchDiscriminator(nn.Module):
    """D(x, y): x (B, n_source, H, W) and y (B, n_target, H, W) -> logits (B, 1, h, w).

    width: channels after the first layer. layers: (kernel, stride, padding) of each convolution, at
    least one.
    """

    def __init__(
        self, n_source: int, n_target: int, width: int, layers: Sequence[tuple[int, int, int]]
    ) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.blocks = nn.ModuleList()
        come = n_source + n_target
        for i, (kernel, stride, padding) in enumerate(layers):
            last = i == len(layers) - 1
            to = 1 if last else width * 2**i
            block = nn.Sequential(nn.Conv2d(come, to, kernel, stride=stride, padding=padding))
            if i > 0 and not last:
                block.append(nn.BatchNorm2d(to))
            if not last:
                block.append(nn.LeakyReLU(0.2))
            self.blocks.append(block)
            come = to
        ### END SOLUTION

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        ### BEGIN SOLUTION
        h = torch.cat([x, y], dim=1)
        for block in self.blocks:
            h = block(h)
        return h
        ### END SOLUTION


# %% check="patch_discriminator"
@visible_checks("patch_discriminator")
def _():
    discriminator = PatchDiscriminator(3, 1, 4, [(4, 2, 1), (4, 1, 1), (4, 1, 1)])
    x, y = torch.randn(2, 3, 32, 32), torch.randn(2, 1, 32, 32)
    logits = discriminator(x, y)
    assert logits.shape == (2, 1, 14, 14), "a map of logits, one channel, no pooling at the end"
    assert discriminator.blocks[0][0].in_channels == 4, "it sees x and y"
    assert not torch.allclose(discriminator(-x, y), logits), "the source image is not ignored"
    assert not torch.allclose(discriminator(x, -y), logits), "the target image is not ignored"
    kinds = [[type(layer).__name__ for layer in block] for block in discriminator.blocks]
    assert kinds[0] == ["Conv2d", "LeakyReLU"], "no batch norm next to the images"
    assert kinds[1] == ["Conv2d", "BatchNorm2d", "LeakyReLU"], "norm in the middle"
    assert kinds[2] == ["Conv2d"], "the last layer gives logits: no norm, no activation"
    assert discriminator.blocks[1][0].out_channels == 8, "the channels double"


# %% [markdown]
# ## 3. Losses
#
# Each logit is one yes-no question, so the loss of a map is the mean of as many cross-entropies. With the label 1 for real and 0 for fake, in nats,
#
# $$\ell(l, \text{real}) = \frac{1}{n} \sum_{i=1}^n -\log \sigma(l_i), \qquad \ell(l, \text{fake}) = \frac{1}{n} \sum_{i=1}^n -\log\big(1 - \sigma(l_i)\big)$$
#
# over all $n$ logits of the batch and of the maps.


# %% answer="patch_loss"
def patch_loss(logits: Tensor, real: bool) -> Tensor:
    """Mean cross-entropy of a map of logits with one label for all, in nats.

    logits: any shape, (B, 1, h, w) for maps. real: the label, True or False. Returns a scalar (0-d).
    """
    ### BEGIN SOLUTION
    return F.softplus(-logits if real else logits).mean()
    ### END SOLUTION


# %% check="patch_loss"
@visible_checks("patch_loss")
def _():
    logits = torch.tensor([[[[0.0, 2.0], [-1.0, 30.0]]]])
    loss = patch_loss(logits, True)
    assert torch.is_tensor(loss) and loss.shape == (), "one number for the whole batch"
    assert abs(float(patch_loss(torch.zeros(2, 1, 3, 3), True)) - 0.6931) < 1e-3, (
        "a logit of 0 is undecided: log 2 nats, however many logits there are"
    )
    assert float(patch_loss(torch.full((4,), 9.0), True)) < 1e-3, (
        "a large logit means real: no loss if it is real"
    )
    assert abs(float(patch_loss(torch.full((4,), 200.0), False)) - 200) < 1e-3, (
        "sure and wrong costs as much as the logit, and stays finite"
    )


# %% [markdown]
# The discriminator learns from a batch of pairs $(x, y)$, real, and $(x, G(x))$, fake. Its loss is the **average** of both losses, as in the paper, which halves it "to slow down the rate at which $D$
# learns relative to $G$":
#
# $$L_D = \tfrac12 \Big( \ell\big(D(x, y), \text{real}\big) + \ell\big(D(x, G(x)), \text{fake}\big) \Big)$$


# %% answer="discriminator_loss"
def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """The average of the cross-entropies of real and of fake logits, each a mean over its own logits.

    Any shapes, which may differ. Returns a scalar (0-d), in nats.
    """
    ### BEGIN SOLUTION
    return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()) / 2
    ### END SOLUTION


# %% check="discriminator_loss"
@visible_checks("discriminator_loss")
def _():
    loss = discriminator_loss(torch.zeros(2, 1, 3, 3), torch.zeros(1, 1, 2, 2))
    assert torch.is_tensor(loss) and loss.shape == (), "one number"
    assert abs(float(loss) - 0.6931) < 1e-3, "a discriminator that knows nothing: log 2, averaged"
    sure = discriminator_loss(torch.full((3, 1), 50.0), torch.full((3, 1), -50.0))
    assert float(sure) < 1e-3, "large logits for real and small ones for fake are right"


# %% [markdown]
# The generator has two goals: $D$ should take $G(x)$ for real (the non-saturating loss), and $G(x)$ should be close to the target in L1,
#
# $$L_G = \underbrace{\ell\big(D(x, G(x)), \text{real}\big)}_{\text{adversarial}} + \lambda \, \underbrace{\frac1m \sum_{i=1}^m \big| G(x)_i - y_i \big|}_{L_1}$$
#
# with the mean over all $m$ numbers of the batch of images (Isola et al. 2017, section on the objective; $\lambda = 100$ there, on images in $[-1, 1]$). Both parts are returned as well, since their sum tells little: the L1 part **without** $\lambda$.
# Without a discriminator there are no logits; the adversarial part is 0 then.


# %% answer="generator_loss"
def generator_loss(
    fake_logits: Tensor | None, y_hat: Tensor, y: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The generator's loss, its adversarial part and its L1 part (without lambda): three scalars (0-d).

    fake_logits: D(x, y_hat), of any shape, or None if there is no discriminator: adversarial is 0.
    y_hat, y: (B, C, H, W). weight: lambda, at least 0.
    """
    ### BEGIN SOLUTION
    l1 = (y_hat - y).abs().mean()
    adversarial = torch.zeros_like(l1) if fake_logits is None else F.softplus(-fake_logits).mean()
    return adversarial + weight * l1, adversarial, l1
    ### END SOLUTION


# %% check="generator_loss"
@visible_checks("generator_loss")
def _():
    y_hat, y = torch.zeros(2, 3, 4, 4), torch.full((2, 3, 4, 4), 0.5)
    total, adversarial, l1 = generator_loss(torch.zeros(2, 1, 3, 3), y_hat, y, 10.0)
    assert total.shape == adversarial.shape == l1.shape == (), "three numbers"
    assert abs(float(l1) - 0.5) < 1e-6, "the mean absolute difference, without lambda, not squared"
    assert abs(float(adversarial) - 0.6931) < 1e-3, "log 2 for logits of 0"
    assert abs(float(total) - 5.6931) < 1e-3, "lambda weighs the L1 part, not the adversarial one"
    fooled = generator_loss(torch.full((2, 1, 3, 3), 40.0), y, y, 10.0)
    assert float(fooled[0]) < 1e-3, "no loss if D is sure that the perfect copies are real"
    assert float(generator_loss(None, y_hat, y, 10.0)[0]) == 5.0, "without D there is L1 only"


# %% [markdown]
# ## 4. One step of each player
#
# $D$ and $G$ take turns on one batch of pairs. In $D$'s step the generator is no more than a source of fakes: nothing may flow back into it. In $G$'s step the gradient has to go *through* $D$
# to $G$'s parameters, so nothing is detached there, and yet $D$ takes no step. In both, $D$ sees the source image with either target.


# %% answer="discriminator_step"
def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    """One optimisation step of the discriminator on loss(D(x, y), D(x, G(x))).

    optimizer: holds the discriminator's parameters. loss: takes the logits of real and of fake
    pairs, in this order and as D returns them, and returns a scalar to be minimised. G and D(x, y)
    and D(x, G(x)) are computed once each. The generator gets no step and no gradient (each .grad
    stays as it was). Gradients that earlier steps left in D's .grad are no part of this step.
    Both networks keep their mode, and what was frozen stays frozen.
    Returns the loss before the step, detached: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    fake = generator(x).detach()
    value = loss(discriminator(x, y), discriminator(x, fake))
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()
    ### END SOLUTION


# %% check="discriminator_step"
@visible_checks("discriminator_step")
def _():
    torch.manual_seed(0)
    generator, discriminator = nn.Linear(2, 3), nn.Bilinear(2, 3, 1)
    x, y = torch.randn(16, 2), torch.randn(16, 3) + 1
    optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.05)
    before = [p.detach().clone() for p in (generator.weight, discriminator.weight)]

    def loss(real, fake):
        return (real - 1).square().mean() + (fake + 1).square().mean()

    first = discriminator_step(generator, discriminator, optimizer, x, y, loss)
    assert isinstance(first, float) or (torch.is_tensor(first) and first.shape == ()), (
        "return the loss: a float or a 0-d tensor"
    )
    assert not getattr(first, "requires_grad", False), "the loss is returned without its graph"
    assert torch.equal(generator.weight, before[0]), "the generator takes no step here"
    assert generator.weight.grad is None, "no gradient reaches the generator: detach the fakes"
    assert not torch.equal(discriminator.weight, before[1]), "the discriminator takes a step"
    for _ in range(20):
        last = discriminator_step(generator, discriminator, optimizer, x, y, loss)
    assert last < first, "the loss falls on the same batch (are gradients set to zero each time?)"


# %% answer="generator_step"
def generator_step(
    generator: nn.Module,
    discriminator: nn.Module | None,
    optimizer: torch.optim.Optimizer,
    x: Tensor,
    y: Tensor,
    loss: Callable[[Tensor | None, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]],
) -> tuple[Tensor, Tensor, Tensor]:
    """One optimisation step of the generator on the first part of loss(D(x, G(x)), G(x), y).

    optimizer: holds the generator's parameters. discriminator: None if there is none; the loss then
    gets None for the logits. loss: returns three scalars (total, adversarial, l1); the total is
    minimised. G(x) is computed once, and so is D(x, G(x)). The discriminator takes no step; its .grad may change, and
    is no part of anything. Gradients that earlier steps left in G's .grad are no part of this step. Both
    networks keep their mode, and what was frozen stays frozen, what was not can be trained on.
    Returns the three parts before the step, detached: 0-d tensors or floats.
    """
    ### BEGIN SOLUTION
    y_hat = generator(x)
    logits = None if discriminator is None else discriminator(x, y_hat)
    total, adversarial, l1 = loss(logits, y_hat, y)
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return total.detach(), adversarial.detach(), l1.detach()
    ### END SOLUTION


# %% check="generator_step"
@visible_checks("generator_step")
def _():
    torch.manual_seed(0)
    generator, discriminator = nn.Linear(2, 3), nn.Bilinear(2, 3, 1)
    x, y = torch.randn(16, 2), torch.randn(16, 3) + 1
    optimizer = torch.optim.SGD(generator.parameters(), lr=0.05)
    before = [p.detach().clone() for p in (generator.weight, discriminator.weight)]

    def loss(logits, y_hat, y):
        distance = (y_hat - y).square().mean()
        judged = torch.zeros(()) if logits is None else (logits - 1).square().mean()
        return judged + distance, judged, distance

    first = generator_step(generator, discriminator, optimizer, x, y, loss)
    assert len(first) == 3, "the three parts of the loss are returned"
    assert not any(getattr(part, "requires_grad", False) for part in first), "without their graph"
    assert torch.equal(discriminator.weight, before[1]), "the discriminator takes no step here"
    assert not torch.equal(generator.weight, before[0]), "the generator takes a step"
    for _ in range(20):
        last = generator_step(generator, discriminator, optimizer, x, y, loss)
    assert last[0] < first[0], "the loss falls on the same batch"
    alone = generator_step(generator, None, optimizer, x, y, loss)
    assert float(alone[1]) == 0, "it works without a discriminator"


# %% [markdown]
# ## 5. Why sharp, why conditional
#
# Let one pixel of the target be uncertain: a line runs through it with probability 0.4, or it stays paper. What number should a generator answer? With the values $v_1, \dots, v_K$ of probabilities $p_1, \dots, p_K$,
#
# $$c_1 = \arg\min_c \sum_k p_k \, |v_k - c|, \qquad c_2 = \arg\min_c \sum_k p_k \, (v_k - c)^2$$
#
# Both have a closed form, by setting the (one-sided) derivative to zero: $c_2$ is the mean, and $c_1$ a **median**, the smallest $c$ with $P(v \le c) \ge \frac12$. (Any number between that and the next value is as good if $P(v \le c) = \frac12$ exactly;
# the smallest is asked for.) So L2 answers with grey, and L1 decides for paper. It is sharper, but it drops every line that is less likely than not.


# %% answer="best_constants"
def best_constants(values: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    """For each pixel, the constant with the least expected L1 error and the one with the least L2 error.

    values: (K, ...), K possible images of any shape, unsorted; probabilities: (K,), adding up to 1,
    some may be 0. Returns the smallest median and the mean, both of the shape (...). No gradient is
    asked for.
    """
    ### BEGIN SOLUTION
    ordered, order = values.sort(dim=0)
    first = (probabilities[order].cumsum(0) < 0.5).sum(0, keepdim=True)
    mean = torch.tensordot(probabilities, values, dims=1)
    return ordered.gather(0, first).squeeze(0), mean
    ### END SOLUTION


# %% check="best_constants"
@visible_checks("best_constants")
def _():
    values = torch.tensor([[1.0, 0.0], [-1.0, 5.0], [0.5, 1.0]])
    l1, l2 = best_constants(values, torch.tensor([0.6, 0.3, 0.1]))
    assert l1.shape == l2.shape == (2,), "one constant for each pixel"
    assert torch.allclose(l1, torch.tensor([1.0, 0.0])), (
        "L1: the median, by the probabilities; each pixel is sorted by itself"
    )
    assert torch.allclose(l2, torch.tensor([0.35, 1.6])), "L2: the mean, by the probabilities"
    tie = best_constants(torch.tensor([[2.0], [-3.0]]), torch.tensor([0.5, 0.5]))
    assert float(tie[0]) == -3, "of several medians the smallest"


# %% [markdown]
# The picture checks the closed form by descent: one number is trained by gradient descent on targets that are $-1$ (a line) with probability $p$ and $0.9$ (paper) otherwise. **Look for** where the descent on L1 and on L2
# ends up, against the lines that your function gives.

# %% train="bimodal_picture"
import matplotlib.pyplot as plt


@picture
def _():
    share = torch.linspace(0.02, 0.98, 25)
    values = torch.tensor([-1.0, 0.9])
    closed = [best_constants(values, torch.stack([p, 1 - p])) for p in share]
    ends = {}
    for name, error in (("L1", torch.abs), ("L2", torch.square)):
        c = torch.zeros_like(share, requires_grad=True)
        optimizer = torch.optim.SGD([c], lr=0.04)
        for _ in range(250):
            optimizer.zero_grad()
            (share * error(values[0] - c) + (1 - share) * error(values[1] - c)).sum().backward()
            optimizer.step()
        ends[name] = c.detach()
    _, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    for i, (name, found) in enumerate(ends.items()):
        (line,) = ax.plot(share, torch.stack([pair[i] for pair in closed]), label=f"{name}, closed")
        ax.plot(share, found, "o", markersize=4, color=line.get_color(), label=f"{name}, descent")
    ax.set(title="The best answer for an uncertain pixel", xlabel="P(line)", ylabel="grey level")
    ax.grid(alpha=0.3)
    ax.legend()
    plt.show()


# %% [markdown]
# An adversary asks for something else: not one answer, but answers that are distributed like the targets. For finitely many sources $x$ and targets $y$, the value of the **conditional** game is (Mirza and Osindero 2014; Isola et al. 2017, equation 1)
#
# $$V(D) = \sum_x p(x) \sum_y \Big[ p(y \mid x) \log D(x, y) + p_G(y \mid x) \log\big(1 - D(x, y)\big) \Big]$$
#
# with $D$ the probability of "real" here. As usual, $0 \log 0 = 0$. A fault that is certain, $D = 0$ on a pair that occurs, costs $-\infty$.


# %% answer="conditional_value"
def conditional_value(p_x: Tensor, p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    """The value of the conditional game (Isola et al. 2017, eq. 1), in nats.

    p_x: (N,), adding up to 1; p_data, p_g: (N, M), each row the distribution of y given x, adding
    up to 1; d: (N, M), D(x, y) in [0, 1]. Entries may be 0 (d also 1). Returns a scalar (0-d).
    Gradients reach all four where all entries are inside of (0, 1).
    """
    ### BEGIN SOLUTION
    real = torch.xlogy(p_x[:, None] * p_data, d)
    fake = torch.xlogy(p_x[:, None] * p_g, 1 - d)
    return (real + fake).sum()
    ### END SOLUTION


# %% check="conditional_value"
@visible_checks("conditional_value")
def _():
    p_x = torch.tensor([0.25, 0.75])
    p_data = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    p_g = torch.tensor([[0.0, 1.0], [0.5, 0.5]])
    half = torch.full((2, 2), 0.5)
    value = conditional_value(p_x, p_data, p_g, half)
    assert torch.is_tensor(value) and value.shape == (), "one number"
    assert abs(float(value) + 1.3863) < 1e-3, "D = 1/2 everywhere: -log 4, averaged over x"
    sure = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    assert abs(float(conditional_value(p_x, p_data, p_g, sure)) + 0.75 * 1.3863) < 1e-3, (
        "0 log 0 is 0: nothing is lost on x = 0, where D is right and sure"
    )


# %% [markdown]
# Which $D$ is best? If $D$ sees $x$, the sum is maximised entry by entry. If it does **not** see $x$ (an unconditional discriminator that gets the target only), it has to give one answer $D(y)$ for all $x$. Write both. For the
# second, collect what multiplies $\log D(y)$ in $V$. Its optimum compares the marginals of $y$. A generator that draws fine faces of somebody else has the right marginal and is safe from it.
#
# Where an entry decides nothing, because neither a real nor a fake pair occurs there, the answer is $\frac12$. That includes all entries of an $x$ with $p(x) = 0$ if $D$ sees $x$.


# %% answer="best_discriminator"
def best_discriminator(p_x: Tensor, p_data: Tensor, p_g: Tensor, sees_x: bool = True) -> Tensor:
    """The discriminator that maximises the value of the game: (N, M), D(x, y).

    p_x: (N,); p_data, p_g: (N, M), as in conditional_value; entries may be 0. sees_x: if False, D depends on
    y only, and all rows are equal. 1/2 where neither real nor fake pairs occur. Gradients reach all
    three where all entries are inside of (0, 1).
    """
    ### BEGIN SOLUTION
    real, fake = p_x[:, None] * p_data, p_x[:, None] * p_g
    if not sees_x:
        real, fake = (part.sum(0, keepdim=True).expand(p_data.shape) for part in (real, fake))
    total = real + fake
    nothing = total == 0
    return torch.where(nothing, 0.5, real / torch.where(nothing, 1.0, total))
    ### END SOLUTION


# %% check="best_discriminator"
@visible_checks("best_discriminator")
def _():
    p_x = torch.tensor([0.5, 0.5])
    p_data = torch.tensor([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]])
    p_g = p_data.flip(0)  # the wrong face for each photograph, drawn perfectly
    d = best_discriminator(p_x, p_data, p_g)
    assert d.shape == (2, 3), "one number for each pair (x, y)"
    assert torch.allclose(d[0, :2], torch.tensor([0.9, 0.1])), "real over real plus fake"
    assert d[0, 2] == 0.5, "nothing occurs there: undecided"
    blind = best_discriminator(p_x, p_data, p_g, sees_x=False)
    assert blind.shape == (2, 3), "the same shape, with equal rows"
    assert torch.allclose(blind, torch.tensor(0.5)), (
        "without x, faces of the wrong person cannot be told from real ones"
    )


# %% [markdown]
# ## 6. Data, norm and noise
#
# Faces are few, so pairs are augmented: a random crop and a flip (Isola et al. enlarge, crop and mirror). A pair has to stay **in step**: one crop and one flip for both images of a pair, and another one for the next pair.
# The random numbers are drawn outside, and come as arguments.


# %% answer="augment_pairs"
def augment_pairs(
    x: Tensor, y: Tensor, top: Tensor, left: Tensor, flip: Tensor, size: int
) -> tuple[Tensor, Tensor]:
    """Crop each pair to size x size, then mirror it left to right if asked for.

    x: (B, C, H, W); y: (B, C', H, W); top, left: (B,) int64, the first row and column of each
    crop; flip: (B,) bool. Returns (B, C, size, size) and (B, C', size, size).
    Raises ValueError if a crop does not lie within its image.
    """
    ### BEGIN SOLUTION
    height, width = x.shape[2:]
    inside = (top >= 0) & (left >= 0) & (top + size <= height) & (left + size <= width)
    if not bool(inside.all()):
        raise ValueError(f"crops of {size} do not lie within {height} x {width}")
    rows = [(int(i), int(j), bool(mirror)) for i, j, mirror in zip(top, left, flip, strict=True)]

    def cut(images: Tensor) -> Tensor:
        parts = []
        for image, (i, j, mirror) in zip(images, rows, strict=True):
            part = image[:, i : i + size, j : j + size]
            parts.append(part.flip(-1) if mirror else part)
        return torch.stack(parts)

    return cut(x), cut(y)
    ### END SOLUTION


# %% check="augment_pairs"
@visible_checks("augment_pairs")
def _():
    x = torch.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    y = x[:, :1]
    a, b = augment_pairs(
        x, y, torch.tensor([0, 1]), torch.tensor([2, 1]), torch.tensor([False, True]), 3
    )
    assert a.shape == (2, 3, 3, 3) and b.shape == (2, 1, 3, 3), "a crop for each image"
    assert torch.equal(a[:, :1], b), "both images of a pair are cropped and mirrored alike"
    assert torch.equal(a[0], x[0, :, 0:3, 2:5]), "top is the first row, left the first column"
    assert torch.equal(a[1], x[1, :, 1:4, 1:4].flip(-1)), "cropped, then mirrored left to right"


# %% [markdown]
# Batch norm and **instance norm** (Ulyanov, Vedaldi and Lempitsky 2016) differ in one thing: over what the mean and the variance are taken. Batch norm takes one mean for each channel, over all images of the batch and all pixels. Instance
# norm takes one for each channel of each image, so that an image's contrast is gone and the other images of the batch do not matter. With a batch of one they are the same, which is what the paper trains with for most of its results.
#
# $$\operatorname{norm}(h) = \frac{h - m}{\sqrt{v + \varepsilon}}, \qquad v \text{ the mean squared deviation from } m \text{ (divided by } n \text{, not } n - 1)$$


# %% answer="normalize_maps"
def normalize_maps(h: Tensor, per_image: bool, eps: float = 1e-5) -> Tensor:
    """Feature maps with mean 0 and variance 1 in each channel, over the batch or in each image.

    h: (B, C, H, W). per_image: instance norm if True; batch norm, as in training mode, if False.
    Without a learned scale and shift, and without running statistics. Returns the shape of h.
    The statistics are part of the graph.
    """
    ### BEGIN SOLUTION
    axes = (2, 3) if per_image else (0, 2, 3)
    centred = h - h.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt()
    ### END SOLUTION


# %% check="normalize_maps"
@visible_checks("normalize_maps")
def _():
    torch.manual_seed(0)
    h = torch.randn(4, 3, 5, 6) * torch.tensor([1.0, 2, 3, 4])[:, None, None, None] + 2
    for per_image, axes in ((True, (2, 3)), (False, (0, 2, 3))):
        normed = normalize_maps(h, per_image)
        assert normed.shape == h.shape, "the shape of h"
        assert normed.mean(axes).abs().max() < 1e-4, "mean 0 (in each channel)"
        spread = normed.square().mean(axes)
        assert (spread - 1).abs().max() < 1e-3, "mean square 1: divide by the root of the variance"
    assert normalize_maps(h, False).square().mean((2, 3)).std() > 0.1, (
        "batch norm keeps the contrast of one image against another"
    )


# %% [markdown]
# A trained generator is used with its **noise on**: dropout stays active, and each call gives another translation. Everything else is in evaluation mode. So batch norm uses its running statistics, and what an image
# becomes does not depend on the others in the batch. (The paper uses the statistics of the test batch instead, with batches of one. A test batch of other images, such as your own, would change them.)


# %% answer="translate"
def translate(generator: nn.Module, x: Tensor, n_draws: int) -> Tensor:
    """`n_draws` translations of each image, each from one call generator(x): (n_draws, B, C', H, W).

    Dropout layers (nn.Dropout, nn.Dropout2d), however deep, are in training mode, all other modules
    in evaluation mode. Afterwards every module is in the mode that it was in. No buffer and no parameter changes,
    and the result has no graph. n_draws: at least 1.
    """
    ### BEGIN SOLUTION
    modes = [(module, module.training) for module in generator.modules()]
    try:
        for module, _ in modes:
            module.training = isinstance(module, nn.Dropout | nn.Dropout2d)
        with torch.no_grad():
            return torch.stack([generator(x) for _ in range(n_draws)])
    finally:
        for module, mode in modes:
            module.training = mode
    ### END SOLUTION


# %% check="translate"
@visible_checks("translate")
def _():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Dropout(0.5))
    x = torch.randn(2, 3, 8, 8)
    draws = translate(network, x, 3)
    assert draws.shape == (3, 2, 4, 8, 8), "draws first, then what the generator returns"
    assert not torch.allclose(draws[0], draws[1]), "dropout is on: each draw is another one"
    assert not draws.requires_grad, "no graph"
    assert torch.equal(network[1].running_mean, torch.zeros(4)), (
        "the running statistics of batch norm stay: it is in evaluation mode"
    )
    assert all(module.training for module in network.modules()), "the modes are as before"


# %% [markdown]
# ## 7. Experiment: four runs
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
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.
#
# The data are 1,000 pairs of procedural faces, a photograph and a pencil sketch of the same face, and 250 pairs of other faces for the test. The sketches are
# drawn and not filtered from the photographs: how the hand strays, how thick its pencil is and how white the paper is cannot be known from the photograph. What
# only colour shows (skin, iris, background) cannot be known from the sketch. Pairs are augmented by your `augment_pairs`: padded by two pixels, cropped and mirrored at random.
#
# | run | generator | direction | loss of $G$ |
# | --- | --- | --- | --- |
# | 1 | bottleneck | photograph to sketch | L1 only, no $D$ |
# | 2 | bottleneck | photograph to sketch | adversarial + 10 L1 |
# | 3 | bottleneck | sketch to photograph | adversarial + 10 L1 |
# | 4 | skips | photograph to sketch | adversarial + 10 L1 |
#
# All have the same number of iterations. $D$ judges patches of 16 x 16. **Guess** first: does $D$ make the sketches sharper? Do the skips help? Which direction is harder?

# %% train="pix2pix_setup"
from dgm import metrics, plots
from dgm.data import paired_batches
from dgm.nets import n_parameters
from dgm.sketches import load_pairs
from dgm.training import Settings, adam, fit, keep, keep_tensors, seed_everything

settings = Settings()
device = settings.device
N_TRAIN, N_TEST = (48, 24) if settings.fast else (1000, 250)
WIDTHS = [settings.width(w) for w in (16, 32, 64, 128)]
D_WIDTH, BATCH_SIZE, RATE, WEIGHT, PAD = settings.width(8), 8, 2e-3, 10.0, 2
PATCHES = {
    "1 x 1": [(1, 1, 0)] * 3,
    "16 x 16": [(4, 2, 1), (4, 1, 1), (4, 1, 1)],
    "whole image": [(4, 2, 1)] * 4 + [(4, 1, 0)],
}

photos, sketches, _ = load_pairs("train", N_TRAIN, device=device)
test_photos, test_sketches, test_attributes = load_pairs("test", N_TEST, device=device)
chance = torch.Generator().manual_seed(0)


def augmented(images):
    """A batch of pairs, shifted by up to PAD pixels and mirrored at random by your function."""
    x, y = (F.pad(part, (PAD,) * 4, mode="replicate") for part in images)
    top, left, flip = (
        torch.randint(0, high, (len(x),), generator=chance).to(device)
        for high in (2 * PAD + 1, 2 * PAD + 1, 2)
    )
    return augment_pairs(x, y, top, left, flip.bool(), x.shape[-1] - 2 * PAD)


def translated(generator, x, portion=50):
    """One translation of each image, with the noise on."""
    return torch.cat([translate(generator, part, 1)[0] for part in x.split(portion)])


def train_pix2pix(
    name, network, x, y, shown, n_iterations, patch=None, weight=WEIGHT, every=None, seed=0
):
    """A generator trained by your steps, the losses, and translations of `shown` on the way."""
    seed_everything(seed)
    chance.manual_seed(seed)
    generator = network(x.shape[1], y.shape[1], WIDTHS).to(device)
    g_optimizer = adam(generator, lr=RATE, betas=(0.5, 0.999))
    discriminator = None
    if patch is not None:
        layers = PATCHES[patch]
        discriminator = PatchDiscriminator(x.shape[1], y.shape[1], D_WIDTH, layers).to(device)
        d_optimizer = adam(discriminator, lr=RATE / 2, betas=(0.5, 0.999))
    stream = paired_batches(x, y, batch_size=BATCH_SIZE, seed=seed)

    def loss(logits, y_hat, target):
        return generator_loss(logits, y_hat, target, weight)

    def step(i):
        source, target = augmented(next(stream))
        losses = {}
        if discriminator is not None:
            losses["D"] = discriminator_step(
                generator, discriminator, d_optimizer, source, target, discriminator_loss
            )
        _, adversarial, l1 = generator_step(
            generator, discriminator, g_optimizer, source, target, loss
        )
        if discriminator is not None:
            losses["G, adversarial"] = adversarial
        return losses | {"G, L1": l1}

    history, stages = fit(
        name,
        step,
        n_iterations,
        lambda: translated(generator, shown),
        every=n_iterations if every is None else every,
        first=None,
    )
    return generator, history, stages


table = []


def report(name, images, targets, attributes=test_attributes):
    """One row of the table: L1 to the target, distance to the real ones, errors in the attributes."""
    kind = "sketch" if images.shape[1] == 1 else "face"
    distance = getattr(metrics, f"{kind}_distance")(images, targets)
    seen = getattr(metrics, f"{kind}_probabilities")(images)
    errors = 1 - metrics.attribute_accuracy(seen, attributes)
    l1 = (images - targets).abs().mean().item()
    table.append((name, l1, distance, 100 * errors.mean().item()))


def show_table(title):
    print(f"{title:<36}     L1   distance   attributes wrong")
    for name, l1, distance, errors in table:
        print(f"{name:<36}  {l1:.3f}    {distance:7.1f}   {errors:13.1f} %")


# %% train="four_runs"
N_ITERATIONS = settings.iterations(300)
to_sketch = photos, sketches, test_photos[:8]
runs = {
    "1: bottleneck, G only": (EncoderDecoder, to_sketch, None),
    "2: bottleneck, G and D": (EncoderDecoder, to_sketch, "16 x 16"),
    "3: bottleneck, G and D, to photo": (
        EncoderDecoder,
        (sketches, photos, test_sketches[:8]),
        "16 x 16",
    ),
    "4: skips, G and D": (UNetGenerator, to_sketch, "16 x 16"),
}
generators, histories = {}, {}
for name, (network, data, patch) in runs.items():
    generators[name], histories[name], stages = train_pix2pix(
        name, network, *data, N_ITERATIONS, patch, every=settings.iterations(100)
    )
    plots.show_rows(
        {
            "input": data[2],
            **stages,
            "target": test_photos[:8] if "photo" in name else test_sketches[:8],
        },
        f"{name}: test faces",
    )
print(f"weights of the generators: {[n_parameters(each) for each in generators.values()]}")

# %% train="four_runs_table"
plots.loss_curves(
    {name: {"L1": history["G, L1"]} for name, history in histories.items()},
    "L1 on the training batches",
    ylabel="L1",
)
for name in list(histories)[1:]:
    parts = {part: histories[name][part] for part in ("D", "G, adversarial")}
    plots.loss_curves({name: parts}, f"{name}: the players", ylabel="loss (nats)")
outputs = {
    name: translated(generator, test_sketches if "photo" in name else test_photos)
    for name, generator in generators.items()
}
report("real sketches", test_sketches, test_sketches)
mean_sketch = sketches.mean(0, keepdim=True).expand_as(test_sketches)
report("mean of the training sketches", mean_sketch, test_sketches)
report("the photograph in grey", test_photos.mean(1, keepdim=True), test_sketches)
mean_photo = photos.mean(0, keepdim=True).expand_as(test_photos)
report("real photographs", test_photos, test_photos)
report("mean of the training photographs", mean_photo, test_photos)
for name, images in outputs.items():
    report(name, images, test_photos if "photo" in name else test_sketches)
show_table("on the test faces")
rows = {"input": test_photos[8:16]}
rows |= {name: images[8:16] for name, images in outputs.items() if "photo" not in name}
plots.show_rows(rows | {"target": test_sketches[8:16]}, "Photograph to sketch: test faces")
draws = translate(generators["4: skips, G and D"], test_photos[:8], 4)
plots.show_rows(
    {f"draw {i + 1}": draw for i, draw in enumerate(draws)}, "Run 4: four draws of the noise"
)
for name in ("1: bottleneck, G only", "2: bottleneck, G and D", "4: skips, G and D"):
    source = test_photos[:50]
    spread = translate(generators[name], source, 8).std(0).mean()
    ink = (translate(generators[name], source, 1)[0] < 0).double().mean()
    print(
        f"{name:<24} spread over draws {spread:.4f}, dark pixels {100 * ink:.1f} %"
        f" (real sketches: {100 * (test_sketches[:50] < 0).double().mean():.1f} %)"
    )

# %% [markdown]
# **Analysis** (10 points). (a) Describe the loss curves of one run with $D$: who is ahead, and what does the adversarial loss of $G$ tell about the pictures? (b) Does $D$ sharpen? Compare runs 1 and 2 by eye (name
# faces and parts of them) and by each of the three columns. Which columns agree with your eye? (c) Do the skips help? Compare runs 2 and 4, and say what had to pass the bottleneck in run 2. (d) Which direction is
# harder? Say first what cannot be known in either direction, then what you see in run 3, and why the numbers of runs 2 and 3 cannot be compared directly. (e) What do the numbers hide? Use the rows of
# the table that no generator made (the mean, the grey photograph), and a face whose translation is wrong though its numbers are not. (f) How much noise is there in the outputs of run 4, and why?

# %% [markdown] analysis="pix2pix_four_runs"
# ### BEGIN SOLUTION
# (a) Run 4: $D$ falls from log 2 = 0.69 to 0.66 at iteration 150 and stays at 0.67; the adversarial loss of $G$ rises from 0.70 to 0.75 and stays there. $D$ is ahead, but by little: on the average logit it is hardly surer than a coin. Both curves are flat from
# iteration 150 on, while the sketches still get better lines (200 to 300: eyes, hats, glasses). The adversarial loss says how far one player is ahead of the other, not how good the pictures are. In run 3 $D$ is further ahead (0.64 against 0.83): colours are easier to judge.
#
# (b) Yes by eye, with a price. Run 1 draws soft grey clouds without any line: no eyes on most faces, the shoulders a smear. It has 2.7% dark pixels, the real sketches 11.1%. Run 2 has strokes of pencil tone (7.5% dark pixels), hatched hair and a drawn line
# of the shoulders, but the strokes are not always where the face has them: the second, fourth and fifth face are dotted with specks. The distance agrees with the eye about texture (617 against 451, lower is better). L1 says the opposite (0.164 against 0.186): a line a
# pixel off costs twice, a grey smear costs little. The attributes are a little worse with $D$ (14.2% against 17.1% wrong): the specks cover mouths and glasses.
#
# (c) Yes, most of all that was changed: L1 0.163 against 0.186, distance 146 against 451, 6.2% against 17.1% of the attributes wrong, with the same losses and the same number of iterations. Glasses, the brim of the hat and the mouths are where the photograph has
# them. In run 2 the position of every line has to pass 4 x 4 numbers in 128 channels, half of which are dropped. With skips only what is not local (hair long or short, tones) needs the bottleneck.
#
# (d) A photograph does not tell the hand: stray, pressure, width of the line, grey of the paper. A sketch does not tell colours: background, iris, shirt, the tone of the hair but for its darkness. The second is more of the picture: in run 3 the backgrounds are a grey-blue mixture, the blue cap of
# the first face turns brown, and skins are a middle brown or pale. 23.3% of the attributes are wrong, and the faces have no eyes. So sketch to photograph is harder. L1 (0.229 against 0.186) and distance (1,323 against 451) must not be compared: other targets (three channels; the mean photograph has L1 0.293, the mean sketch 0.201),
# another classifier with other features. Against its mean image each direction gains a share: L1 22% in run 3, only 7% in run 2.
#
# (e) The mean of the training sketches is nobody's face and has an L1 of 0.201, hardly worse than run 2 (0.186). L1 cannot tell a blur from a drawing. The grey photograph has only 26.3% of its attributes wrong and is no sketch at all; its distance (1,703) shows it. No column sees that the blond
# girl (sixth face) gets a speckled hood of dots in run 4 although the attributes glasses, hat and beard are judged right, or that the background is full of faint noise.
#
# (f) Hardly any in run 4: the standard deviation over draws is 0.013 on a range of 2, and the four rows look the same. In run 2 it is 0.044. The losses do not ask for variety: L1 punishes it, and $D$ sees single sketches only. With skips, the dropped numbers in the middle can be done
# without. The authors report the same of their outputs.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: the curves of a run described with numbers; the adversarial loss says who is ahead, not how good the pictures are.
# - 2 points: D against no D: by eye with named parts (1), and by the columns with the student's own numbers, saying which agree (1).
# - 2 points: skips: a clear comparison with numbers (1); fine positions need not pass the bottleneck (1).
# - 2 points: direction: colour, background and light cannot be known from a sketch, hand and paper not from a photograph (1); other targets, other classifier, so L1 and distance are not comparable (1).
# - 2 points: what numbers hide: L1 of the mean is close to that of translations though it is nobody's face (1); a concrete face or part that is wrong (1).
# - 1 point: little noise: the draws are nearly equal, with the spread; the loss does not reward it, and the generator learns to do without.
# ### END MARK SCHEME

# %% [markdown]
# **Graded by your sketches** (6 points). The next cell translates the photographs of the first 250 test faces by your generator of run 4 and
# writes the sketches as 8-bit levels to `artifacts/test_sketches.safetensors`, which you hand in with the notebook. The points come from that file, and no code is run for them. The grader compares
# them with the sketches of these faces and asks the course's classifier for their six attributes (`sketch_translations` in `dgm.quality`). What counts is the share of wrong
# attributes: at most 0.15 earns all points, at most 0.22 half of them.
#
# Nothing is earned if the mean L1 distance to the real sketches is above 0.24, which the photograph in grey (0.45) misses by far, or below 0.06, which only copies of the real sketches
# reach. The mean of the training sketches has an L1 of 0.2 and 0.38 of its attributes wrong. If your run misses a threshold, train longer (`N_ITERATIONS`).

# %% train="pix2pix_keep"
generator = generators["4: skips, G and D"]
keep("pix2pix_generator", generator)
drawn = translated(generator, load_pairs("test", 250, device=device)[0])
keep_tensors("test_sketches", {"sketches": (127.5 * (drawn.clamp(-1, 1) + 1)).round().byte().cpu()})

# %% quality="sketches_quality"

# %% [markdown]
# ## 8. Experiment: lambda and the size of the patch
#
# The generator with skips again, photograph to sketch, with the same data and the same number of iterations. First the weight of L1: 0 (the adversary alone), 10 (run 4) and 100 (the paper's). Then what $D$ sees: patches of 1 x 1
# pixel (it judges tones only), 16 x 16 (run 4), and the whole image with a single logit. **Look for** lines, for tones, and for whether it is the right person.

# %% train="lambda_and_patch"
compared, table = {"lambda 10, 16 x 16 (run 4)": outputs["4: skips, G and D"]}, []
settings_of = {
    "lambda 0, 16 x 16": ("16 x 16", 0.0),
    "lambda 100, 16 x 16": ("16 x 16", 100.0),
    "lambda 10, 1 x 1": ("1 x 1", 10.0),
    "lambda 10, whole image": ("whole image", 10.0),
}
players = {"run 4": histories["4: skips, G and D"]}
for name, (patch, weight) in settings_of.items():
    generator, players[name], _ = train_pix2pix(
        name, UNetGenerator, *to_sketch, N_ITERATIONS, patch, weight
    )
    compared[name] = translated(generator, test_photos)
plots.show_rows(
    {"input": test_photos[:10]}
    | {name: images[:10] for name, images in compared.items()}
    | {"target": test_sketches[:10]},
    "Lambda and patch size: test faces",
)
report("mean of the training sketches", mean_sketch, test_sketches)
for name, images in compared.items():
    report(name, images, test_sketches)
show_table("on the test faces")
print("last fifth of the training:")
for name, history in players.items():
    means = {
        part: sum(history[part][-max(1, N_ITERATIONS // 5) :]) / max(1, N_ITERATIONS // 5)
        for part in ("D", "G, adversarial", "G, L1")
    }
    print(f"  {name:<24} " + ", ".join(f"{part} {mean:.3f}" for part, mean in means.items()))

# %% [markdown]
# **Analysis** (6 points). (a) What does each weight of L1 do to lines, tones and likeness? What holds the sketch to the photograph when $\lambda = 0$, and does it suffice? (b) Compare the three patch sizes by eye and in the table. What can
# a $D$ of 1 x 1 pixels still teach, and what not? (c) Compute the sizes of the three patches with your `receptive_field`. How many logits does each map have for 64 x 64 pixels, and what does that mean for how much $G$ learns from
# one image? (d) Which single change would you try next, and what in your figures makes you think so?

# %% [markdown] analysis="lambda_and_patch"
# ### BEGIN SOLUTION
# (a) $\lambda = 0$: black and white hatching without faces (L1 0.311, 37.2% of the attributes wrong, as many as for the mean sketch). The dark patches are where hair and dark skin are, so $D$'s view of $x$ does hold the output to the photograph, but only by tones, and in 300 iterations that does not
# suffice: both losses stay at log 2 (0.693), nobody learns from the other. $\lambda = 10$: lines, hatched hair, and likeness (6.2%). $\lambda = 100$: the likeness is as good (5.6%) and L1 a little better (0.154 against 0.163), but the hatching is gone: hair is an even grey, outlines are soft. The distance is
# larger (218 against 146), and $D$ is more at ease (0.519 against 0.670): $G$ follows L1 and leaves $D$ alone.
#
# (b) 16 x 16 is best by eye and by distance (146; 266 for 1 x 1, 446 for the whole image). 1 x 1 has the best L1 (0.153): it is nearly run 4 without $D$, smooth, with the right tones. A $D$ of one pixel sees the colour of the photograph and one tone of the sketch. It can teach how dark a pixel should be for this colour, and that there are
# dark pixels at all, but not that dark pixels form a line. The whole image is worst here: specks on the last face, faint noise on the paper, 18.5% of the attributes wrong. Its $D$ has not even learned to judge (0.691), while its gradient disturbs $G$ (adversarial 0.849).
#
# (c) 1, 16, and 94, which is larger than the image of 64 pixels. The maps have 64 x 64 = 4,096, 30 x 30 = 900 and 1 logits. A map of 900 gives 900 judgements for one pair, each on its own place: $D$ has 900 examples in one image, and $G$ reads off where it is wrong. With a single logit there are 8 examples in a batch, and $G$ is told
# good or bad for the whole face.
#
# (d) For example: longer training with $\lambda = 10$ and 16 x 16, since the rows of run 4 still get better between 200 and 300 iterations. Or patches of about 34 pixels with three times the iterations: the specks of run 4 on light hair (last face) have the texture of single patches and the wrong place, which a patch that holds half
# of a face would see. One seed each: differences such as 5.6% and 6.2% mean nothing.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: lambda: lines, tones and likeness for 0, 10 and 100 from the student's own pictures and numbers (1); without L1 only D's view of x holds the sketch to the photograph, and how well it did (1).
# - 2 points: patch sizes: compared by eye and by the table (1); one pixel shows tones and their match with x, but no lines (1).
# - 1 point: sizes 1, 16 and 94 (larger than the image), maps of 64 x 64, 30 x 30 and 1 logits; more logits, more gradient from one image.
# - 1 point: a next step that follows from an observation that is named.
# ### END MARK SCHEME
