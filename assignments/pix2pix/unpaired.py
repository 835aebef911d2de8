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
# # Image to image without pairs: CycleGAN
#
# Lab `pix2pix` learns from pairs: for each photograph there is the sketch that the network should have drawn. Often
# there are no pairs. Nobody has a photograph of the place where Monet stood, taken at the same moment. There are only
# two piles of images, and the wish that an image of one pile be turned into one that could lie in the other. In the
# first part of this notebook you write, one function per question, what CycleGAN (Zhu, Park, Isola and Efros 2017)
# makes of that wish: two maps, two discriminators, and a loss that asks for the way back. In the second part you train
# it on points of the plane and on handwritten digits, with and without that loss, and find a wrong answer that no loss
# of CycleGAN objects to.
#
# Every question has an **answer cell**, where you replace the lines that raise `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it explains in words what is wrong. It looks only for the commonest
# mistakes of shape and sign. The hidden checks that make the grade also look at values, gradients and hard inputs. You
# may add cells, helper functions and imports wherever you like, but don't rename, delete or copy the cells of the
# questions.

# %% include="first_cell"
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from dgm.check import visible_checks
from dgm.plots import picture

Map = Callable[[Tensor], Tensor]

# %% [markdown]
# ## Notation and conventions
#
# | symbol | in code | meaning | shape |
# | --- | --- | --- | --- |
# | $a$, $b$ | `a`, `b` | batches of images of the domains $A$ and $B$, not paired; pixels in $[-1, 1]$ | `(B, C, H, W)`, `(B', C', H', W')` |
# | $G: A \to B$ | `G` | the map to domain $B$ | |
# | $F: B \to A$ | `F` | the map to domain $A$ | |
# | $G(a)$, $F(b)$ | `fake_b`, `fake_a` | translations; `fake_b` looks like an image of $B$, and was one of $A$ | |
# | $F(G(a))$, $G(F(b))$ | `back_a`, `back_b` | round trips | as `a`, as `b` |
# | $F(a)$, $G(b)$ | `same_a`, `same_b` | what a map does to an image that is in its target domain already | as `a`, as `b` |
# | $D_A$, $D_B$ | `D_A`, `D_B` | discriminators; each judges images of its own domain | a map of outputs `(B, 1, h, w)` |
# | $\lambda$ | `lambda_cycle`, `lambda_identity` | weights of losses, $\ge 0$ | numbers |
#
# * **F is a map here.** Don't import `torch.nn.functional` under that name. Write `nn.functional` where you need it.
# * **Least squares.** As in the paper, the discriminators' outputs are fitted to 1 for real images and to 0 for
#   translations, and no sigmoid is applied. Each loss is a **mean over all elements**, whatever their shape. `a` and
#   `b` may differ in the size of their batch, and a loss of one domain does not depend on the batch of the other.
# * A **map** or **discriminator** is any function of a batch, or a module. It is called on whole batches, and as often
#   as the question says.
# * "A scalar" is a 0-d tensor (shape `()`). A result with several parts may be a tuple, a named tuple or a list, in the
#   order that the question states.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients
#   come out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go
#   on the input's device.
# * **Gradients** of a loss reach every image that it is given and, through the calls, the parameters of the maps and
#   discriminators, as the formula has them. At a difference of exactly 0, the gradient of an absolute value is 0. If no
#   input needs gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one image, and any axis may have length 1. Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), lists, and whether they need gradients. A function
#   keeps nothing from one call for the next.
# * **Training steps** run a network once over each batch that they need, and change what they say and nothing else: every
#   other parameter and buffer, the mode of a network (`train`, `eval`) and `requires_grad` stay as they were.
# * Where a question says that `ValueError` is raised, the message is yours to choose.
# * Each question is graded independently: a mistake in one costs nothing in another.

# %% [markdown]
# # Part one: the functions
#
# ## 1. Two games
#
# To turn images of $A$ into images of $B$, train $G$ against a discriminator $D_B$ that has seen real images of $B$.
# For the other direction there is a second game, of $F$ against $D_A$. With least squares, the two maps minimise (Zhu
# et al. 2017, section 4)
#
# $$L_G = \mathbb{E}_a\left[(D_B(G(a)) - 1)^2\right], \qquad L_F = \mathbb{E}_b\left[(D_A(F(b)) - 1)^2\right]$$
#
# Mind who judges whom. $G$'s images are meant for domain $B$, so $D_B$ judges them. Nothing here compares $G(a)$ with
# $a$: as far as this game is concerned, *any* image of $B$ will do.


# %% answer="cycle_adversarial_losses"
def cycle_adversarial_losses(
    D_A: Map, D_B: Map, fake_a: Tensor, fake_b: Tensor
) -> tuple[Tensor, Tensor]:
    """The adversarial losses of both maps, by least squares (Zhu et al. 2017, section 4).

    D_A, D_B: discriminators, whose outputs may have any shape and any size; each is called once.
    fake_a: (B', C, H, W), F's translations into domain A. fake_b: (B, C', H', W'), G's into domain B.
    Returns two scalars, L_G and L_F: for each, the mean over all outputs of (output - 1)^2, without a half.
    """
    ### BEGIN SOLUTION
    return (D_B(fake_b) - 1).square().mean(), (D_A(fake_a) - 1).square().mean()
    ### END SOLUTION


# %% check="cycle_adversarial_losses"
@visible_checks("cycle_adversarial_losses")
def _():
    fake_a, fake_b = torch.zeros(2, 1, 4, 4), torch.zeros(3, 1, 4, 4)
    fooled, sure = (lambda x: torch.ones(len(x), 1, 2, 2)), (lambda x: torch.zeros(len(x), 1, 2, 2))
    losses = cycle_adversarial_losses(sure, fooled, fake_a, fake_b)
    assert len(losses) == 2 and all(loss.shape == () for loss in losses), (
        "two scalars are asked for, the loss of G and the loss of F"
    )
    assert abs(float(losses[0])) < 1e-6, (
        "D_B takes every image of G for real (output 1): the loss of G, the first one, is 0"
    )
    assert abs(float(losses[1]) - 1) < 1e-6, (
        "D_A gives each image of F a 0, which is 1 away from what F wants: a mean square of 1, not halved"
    )


# %% [markdown]
# ## 2. The way back
#
# The adversarial losses ask that $G(a)$ *look like* an image of $B$. They don't ask that it have anything to do with
# $a$. If $G$ turned each photograph of a horse into the same good photograph of a zebra, or shuffled them, $D_B$ could
# not object. The **cycle loss** asks that the translation keep enough of $a$ to find the way back (Zhu et al. 2017, eq.
# 2):
#
# $$L_\text{cyc}(G, F) = \mathbb{E}_a\left[\lVert F(G(a)) - a \rVert_1\right] + \mathbb{E}_b\left[\lVert G(F(b)) - b \rVert_1\right]$$
#
# with means over pixels for the norms, as in the authors' code. It has two parts, and neither makes the other
# unnecessary: the first asks that $G$ not merge two images of $A$, the second that $F$ not merge two of $B$. The maps
# go on in the order in which an image meets them: $a$ is an image of $A$, so $G$ comes first.


# %% answer="cycle_loss"
def cycle_loss(G: Map, F: Map, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The cycle losses of both domains (Zhu et al. 2017, eq. 2), unweighted.

    G: maps images of A to images of B; F: images of B to images of A. Each is called twice.
    a: (B, C, H, W); b: (B', C', H', W').
    Returns two scalars, mean |F(G(a)) - a| and mean |G(F(b)) - b|, each over all elements.
    """
    ### BEGIN SOLUTION
    return (F(G(a)) - a).abs().mean(), (G(F(b)) - b).abs().mean()
    ### END SOLUTION


# %% check="cycle_loss"
@visible_checks("cycle_loss")
def _():
    a, b = torch.rand(3, 1, 4, 4), torch.rand(2, 1, 4, 4)
    losses = cycle_loss(lambda x: 2 * x + 1, lambda x: (x - 1) / 2, a, b)
    assert len(losses) == 2 and all(loss.shape == () for loss in losses), (
        "two scalars are asked for, the loss of domain A and the loss of domain B"
    )
    assert float(losses[0]) < 1e-5 and float(losses[1]) < 1e-5, (
        "F undoes G here, so both ways back arrive: both losses are 0"
    )
    first, _ = cycle_loss(lambda x: 2 * x, lambda x: x + 1, torch.zeros(3, 1, 4, 4), b[:1])
    assert abs(float(first) - 1) < 1e-5, (
        "with G(x) = 2x and F(x) = x + 1, F(G(0)) = 1, and G(F(0)) = 2: in which order does an image of A meet the maps?"
    )


# %% [markdown]
# ## 3. Leave alone what is right already
#
# $G$ is trained on images of $A$ only. What should it do with an image of $B$? Nothing: that image is in the target
# domain already. The **identity loss** says so (Zhu et al. 2017, section 5.2, on paintings):
#
# $$L_\text{id}(G, F) = \mathbb{E}_b\left[\lVert G(b) - b \rVert_1\right] + \mathbb{E}_a\left[\lVert F(a) - a \rVert_1\right]$$
#
# The authors found that without it, $G$ changes the colours of a photograph for no reason, say from noon to sunset: the
# cycle does not mind, since $F$ changes them back. The loss makes sense only if images of both domains have the same
# shape, and if "the same image" means something in both.


# %% answer="identity_loss"
def identity_loss(G: Map, F: Map, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The identity losses of both maps (Zhu et al. 2017, section 5.2), unweighted.

    G: maps images of A to images of B; F: images of B to images of A. Each is called once.
    a: (B, C, H, W), images of A; b: (B', C, H, W), images of B.
    Returns two scalars, that of G first: mean |G(b) - b| and mean |F(a) - a|, each over all elements.
    """
    ### BEGIN SOLUTION
    return (G(b) - b).abs().mean(), (F(a) - a).abs().mean()
    ### END SOLUTION


# %% check="identity_loss"
@visible_checks("identity_loss")
def _():
    a, b = torch.rand(3, 1, 4, 4), torch.rand(2, 1, 4, 4)
    losses = identity_loss(lambda x: x, lambda x: x + 0.5, a, b)
    assert len(losses) == 2 and all(loss.shape == () for loss in losses), (
        "two scalars are asked for, the loss of G and the loss of F"
    )
    assert abs(float(losses[0])) < 1e-6 and abs(float(losses[1]) - 0.5) < 1e-5, (
        "G changes nothing here and F adds 1/2: the loss of G, the first one, is 0, that of F 1/2"
    )
    other, _ = identity_loss(
        lambda x: -x, lambda x: x, torch.zeros(3, 1, 4, 4), torch.ones(2, 1, 4, 4)
    )
    assert abs(float(other) - 2) < 1e-5, (
        "G is asked to leave images of B alone: G is called with b here, not with a"
    )


# %% [markdown]
# ## 4. What the maps minimise
#
# Altogether, $G$ and $F$ minimise one number (Zhu et al. 2017, eq. 3, and the identity loss of section 5.2):
#
# $$L = L_G + L_F + \lambda_\text{cyc} \left(L_{\text{cyc}, A} + L_{\text{cyc}, B}\right) +
# \lambda_\text{id} \left(L_{\text{id}, G} + L_{\text{id}, F}\right)$$
#
# The paper uses $\lambda_\text{cyc} = 10$ and, where it uses the identity loss, $\lambda_\text{id} = 5$. Write the sum
# and its exact split, from the discriminators' outputs and the images of one iteration, so that no network runs twice
# for the same image. The parts come **without** their weights: their curves can then be compared between runs with
# other weights.


# %% answer="cyclegan_losses"
def cyclegan_losses(
    on_fake_a: Tensor,
    on_fake_b: Tensor,
    a: Tensor,
    b: Tensor,
    back_a: Tensor,
    back_b: Tensor,
    same_a: Tensor | None = None,
    same_b: Tensor | None = None,
    lambda_cycle: float = 10.0,
    lambda_identity: float = 0.0,
) -> dict[str, Tensor]:
    """The objective of G and F, and its parts (Zhu et al. 2017, eq. 3 and section 5.2).

    on_fake_a = D_A(F(b)), on_fake_b = D_B(G(a)): outputs of any shape. a, back_a = F(G(a)): (B, C, H, W).
    b, back_b = G(F(b)): (B', C', H', W'). same_a = F(a), same_b = G(b): as a, as b, or None where they were not computed.

    Returns a dict of seven scalars: "G" and "F" (adversarial, by least squares), "cycle_A" and "cycle_B" (mean absolute errors),
    "identity_G" (of same_b) and "identity_F" (of same_a), all without weights, and "total", the weighted sum.
    An identity part whose images are None is 0, in the dtype and on the device of a.
    Raises ValueError if lambda_identity is not 0 and same_a or same_b is None.
    """
    ### BEGIN SOLUTION
    if lambda_identity != 0 and (same_a is None or same_b is None):
        raise ValueError(f"lambda_identity = {lambda_identity} needs same_a and same_b")
    losses = {
        "G": (on_fake_b - 1).square().mean(),
        "F": (on_fake_a - 1).square().mean(),
        "cycle_A": (back_a - a).abs().mean(),
        "cycle_B": (back_b - b).abs().mean(),
        "identity_G": a.new_zeros(()) if same_b is None else (same_b - b).abs().mean(),
        "identity_F": a.new_zeros(()) if same_a is None else (same_a - a).abs().mean(),
    }
    losses["total"] = (
        losses["G"]
        + losses["F"]
        + lambda_cycle * (losses["cycle_A"] + losses["cycle_B"])
        + lambda_identity * (losses["identity_G"] + losses["identity_F"])
    )
    return losses
    ### END SOLUTION


# %% check="cyclegan_losses"
@visible_checks("cyclegan_losses")
def _():
    a, b = torch.rand(3, 1, 4, 4), torch.rand(2, 1, 4, 4)
    zeros_a, zeros_b = torch.zeros(2, 1, 2, 2), torch.zeros(3, 1, 2, 2)
    losses = cyclegan_losses(zeros_a, zeros_b + 1, a, b, a + 0.5, b, lambda_cycle=4.0)
    names = {"G", "F", "cycle_A", "cycle_B", "identity_G", "identity_F", "total"}
    assert set(losses) == names, f"the dict has the keys {sorted(names)}"
    assert all(loss.shape == () for loss in losses.values()), "each part is a scalar tensor"
    assert abs(float(losses["G"])) < 1e-6 and abs(float(losses["F"]) - 1) < 1e-6, (
        "D_B gives G's images a 1 and D_A gives F's images a 0: the part of G is 0, that of F is 1"
    )
    assert abs(float(losses["cycle_A"]) - 0.5) < 1e-5, "the parts come without their weights"
    assert abs(float(losses["total"]) - 3) < 1e-5, "here the sum is 0 + 1 + 4 (0.5 + 0) = 3"
    try:
        cyclegan_losses(zeros_a, zeros_b, a, b, a, b, lambda_identity=1.0)
        raise AssertionError("a weight for the identity loss without its images raises ValueError")
    except ValueError:
        pass


# %% [markdown]
# ## 5. One step of both maps
#
# $G$ and $F$ share the cycle loss, so they move together: one optimizer holds the parameters of both. For each
# iteration, compute
#
# $$\hat b = G(a), \quad \hat a = F(b), \quad \bar a = F(\hat b), \quad \bar b = G(\hat a), \quad
# \text{and, for the identity loss,}\quad F(a), \; G(b)$$
#
# and the discriminators' outputs $D_A(\hat a)$, $D_B(\hat b)$. The gradient of the cycle loss goes through *both* maps:
# $G$ learns from $F(G(a))$ through $F$. It also goes through the discriminators, whose own parameters stay as they are:
# this is not their turn. The translations are returned, without their graph, for the discriminators' step.


# %% answer="cycle_generator_step"
def cycle_generator_step(
    G: nn.Module,
    F: nn.Module,
    D_A: nn.Module,
    D_B: nn.Module,
    optimizer: torch.optim.Optimizer,
    a: Tensor,
    b: Tensor,
    loss: Callable[..., Tensor],
    identity: bool = False,
) -> tuple[Tensor | float, Tensor, Tensor]:
    """One step of both maps down loss(D_A(F(b)), D_B(G(a)), a, b, F(G(a)), G(F(b)), F(a), G(b)).

    optimizer: holds parameters of G and F, and nothing else. a: (B, C, H, W); b: (B', C', H', W').
    loss: any function of eight positional arguments, in this order, to a scalar. The first two are the
    discriminators' outputs as they are. If identity is False, the last two are None, and G and F run twice each, else three times.
    The gradients that parameters of G and F had before don't matter. Parameters of D_A and D_B stay; their .grad doesn't matter.
    Returns the loss before the step (a 0-d tensor or a float) and the translations fake_a = F(b) and fake_b = G(a), as they were
    before the step, all without a graph.
    """
    ### BEGIN SOLUTION
    fake_b, fake_a = G(a), F(b)
    back_a, back_b = F(fake_b), G(fake_a)
    same_a, same_b = (F(a), G(b)) if identity else (None, None)
    value = loss(D_A(fake_a), D_B(fake_b), a, b, back_a, back_b, same_a, same_b)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach(), fake_a.detach(), fake_b.detach()
    ### END SOLUTION


# %% check="cycle_generator_step"
@visible_checks("cycle_generator_step")
def _():
    torch.manual_seed(0)
    nets = [nn.Conv2d(1, 1, 1) for _ in range(4)]
    G, F, D_A, D_B = nets
    before = [{k: v.clone() for k, v in net.state_dict().items()} for net in nets]
    optimizer = torch.optim.SGD([*G.parameters(), *F.parameters()], lr=0.1)
    a, b, given = torch.rand(2, 1, 3, 3), torch.rand(3, 1, 3, 3), []
    expected_a, expected_b = F(b).detach(), G(a).detach()

    def loss(*parts):
        given.append(parts)
        return sum(part.square().mean() for part in parts if part is not None)

    _, fake_a, fake_b = cycle_generator_step(G, F, D_A, D_B, optimizer, a, b, loss)
    assert given and len(given[0]) == 8, "the loss is called with eight arguments"
    assert given[0][0].shape == b.shape and given[0][1].shape == a.shape, (
        "D_A's outputs on F(b) come first, then D_B's on G(a)"
    )
    assert given[0][4].shape == a.shape and given[0][5].shape == b.shape, (
        "the round trips come after a and b: F(G(a)), then G(F(b))"
    )
    moved = [
        any(not torch.equal(v, old[k]) for k, v in net.state_dict().items())
        for net, old in zip(nets, before, strict=True)
    ]
    assert moved[0] and moved[1], "both maps move in one step"
    assert not moved[2] and not moved[3], (
        "it is not the discriminators' turn: their parameters stay"
    )
    assert torch.allclose(fake_a, expected_a) and torch.allclose(fake_b, expected_b), (
        "the translations returned are F(b), then G(a), as they were before the step"
    )
    assert not fake_a.requires_grad and not fake_b.requires_grad, "return them without their graph"


# %% [markdown]
# ## 6. One step of a discriminator
#
# Each discriminator learns from real images of its domain and from translations into it (Zhu et al. 2017, section 4).
# As in the authors' code the loss is halved, which slows the discriminators down relative to the maps:
#
# $$L_{D_B} = \frac{1}{2} \, \mathbb{E}_b\left[(D_B(b) - 1)^2\right] + \frac{1}{2} \, \mathbb{E}_a\left[D_B(G(a))^2\right]$$
#
# The translations come from a map that must not learn from this loss, least of all the opposite of what it wants.


# %% answer="cycle_discriminator_step"
def cycle_discriminator_step(
    D: nn.Module, optimizer: torch.optim.Optimizer, real: Tensor, fake: Tensor
) -> Tensor | float:
    """One step of a discriminator down 1/2 mean (D(real) - 1)^2 + 1/2 mean D(fake)^2 (Zhu et al. 2017, section 4).

    D: a discriminator with outputs of any shape. optimizer: holds its parameters. real: (B, C, H, W); fake: (B', C, H, W). D runs
    once over each of the two, in passes of their own. No gradient reaches what `fake` or `real` were computed from, even if they
    come with a graph. The gradients that D had before don't matter.
    Returns the loss before the step, without its graph: a 0-d tensor or a float.
    """
    ### BEGIN SOLUTION
    on_real, on_fake = D(real.detach()), D(fake.detach())
    value = 0.5 * (on_real - 1).square().mean() + 0.5 * on_fake.square().mean()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.detach()
    ### END SOLUTION


# %% check="cycle_discriminator_step"
@visible_checks("cycle_discriminator_step")
def _():
    torch.manual_seed(0)
    D, G = nn.Conv2d(1, 1, 1), nn.Conv2d(1, 1, 1)
    real, fake = torch.rand(4, 1, 3, 3), G(torch.rand(2, 1, 3, 3))
    with torch.no_grad():
        expected = 0.5 * (D(real) - 1).square().mean() + 0.5 * D(fake).square().mean()
    start = D.weight.detach().clone()
    value = cycle_discriminator_step(D, torch.optim.SGD(D.parameters(), lr=0.1), real, fake)
    assert abs(float(value) - float(expected)) < 1e-5, (
        "the loss is half a mean square from 1 on real images, and half a mean square from 0 on translations, before the step"
    )
    assert not torch.equal(D.weight, start), "the discriminator moves"
    assert all(p.grad is None for p in G.parameters()), (
        "a gradient reached the map that made the translations: detach them"
    )


# %% [markdown]
# ## 7. A memory of translations
#
# Two discriminators and two maps that chase each other tend to oscillate. A simple remedy (Shrivastava et al. 2017; Zhu
# et al. 2017, section 4) is to show the discriminators not only the newest translations, but also older ones, from a
# buffer of 50 images:
#
# 1. While the buffer is not full, each image that comes is stored, and returned as well.
# 2. Once it is full, a fair coin is tossed for each image. Heads: an older image is drawn from the buffer and returned, and the new
#    one takes its place. Tails: the new image is returned, and the buffer stays as it is.
#
# The images of a batch are treated one after another, so the first ones may fill the buffer for those that follow. A stored
# image must never change later: what is stored is a copy. Chance is an argument here, so that your buffer can be checked:
# `swap[i]` is the coin for image $i$ of the batch, and `index[i]` the place that is drawn.


# %% answer="image_buffer"
class ImageBuffer:
    """A buffer of at most `capacity` older images (Shrivastava et al. 2017, section 2.3; Zhu et al. 2017, section 4).

    Places are numbered 0, 1, ... in the order in which they are filled. Raises ValueError for a capacity below 0.
    With capacity 0 every image comes back as it is.
    """

    def __init__(self, capacity: int) -> None:
        ### BEGIN SOLUTION
        if capacity < 0:
            raise ValueError(f"capacity must be at least 0, not {capacity}")
        self.capacity = capacity
        self.images: list[Tensor] = []
        ### END SOLUTION

    def exchange(self, images: Tensor, swap: Tensor, index: Tensor) -> Tensor:
        """Store or exchange a batch of images, one after another.

        images: (B, C, H, W); swap: (B,) bool, the coins; index: (B,) int64 in 0..capacity-1, the places drawn. Those of an
        image that comes before the buffer is full are not looked at.
        Returns (B, C, H, W): for each image, itself or an older one, in the order of the batch and without a graph.
        """
        ### BEGIN SOLUTION
        returned = []
        for image, heads, place in zip(images.detach(), swap.tolist(), index.tolist(), strict=True):
            if len(self.images) < self.capacity:
                self.images.append(image.clone())
            elif heads and self.capacity:
                image, self.images[place] = self.images[place], image.clone()
            returned.append(image)
        return torch.stack(returned)
        ### END SOLUTION


# %% check="image_buffer"
@visible_checks("image_buffer")
def _():
    def exchange(buffer, numbers, swap, index):
        images = torch.tensor(numbers).reshape(-1, 1, 1, 1)
        result = buffer.exchange(images, torch.tensor(swap), torch.tensor(index))
        assert result.shape == images.shape, "as many images come back as went in, in one tensor"
        images.zero_()  # what the caller does later must not matter
        return result.flatten().tolist()

    buffer = ImageBuffer(2)
    assert exchange(buffer, [1.0], [True], [1]) == [1.0], "an empty buffer returns what it stores"
    assert exchange(buffer, [2.0, 3.0], [True, False], [0, 0]) == [2.0, 3.0], (
        "the second image fills the buffer and comes back; the third meets tails and comes back"
    )
    assert exchange(buffer, [4.0], [True], [0]) == [1.0], (
        "heads: the image at the drawn place comes back, as it was when it was stored"
    )
    assert exchange(buffer, [5.0], [True], [0]) == [4.0], "and the new one has taken its place"


# %% [markdown]
# ## 8. A rate that falls to zero
#
# The paper keeps the learning rate constant for 100 epochs and then lets it fall linearly to 0 over the next 100 (Zhu
# et al. 2017, section 4). Near the end the players hardly move, so what you get does not depend on the iteration at
# which you stopped. With iterations $i = 0, 1, \dots, N - 1$, of which the first $N_c$ are constant,
#
# $$\eta_i = \eta_0 \quad \text{for } i < N_c, \qquad \eta_i = \eta_0 \, \frac{N - i}{N - N_c} \quad \text{for } N_c \le i < N,
# \qquad \eta_i = 0 \quad \text{for } i \ge N$$


# %% answer="decayed_rate"
def decayed_rate(i: int, rate: float, n_constant: int, n_iterations: int) -> float:
    """The learning rate of iteration i (Zhu et al. 2017, section 4): constant, then falling linearly to 0.

    i: 0, 1, ...; n_iterations and more are allowed and get 0. rate: of the constant part. n_constant: in
    0..n_iterations, how many iterations are constant.
    Returns a float. Raises ValueError for i < 0, and for n_constant outside 0..n_iterations.
    """
    ### BEGIN SOLUTION
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError(f"i = {i}, n_constant = {n_constant}, n_iterations = {n_iterations}")
    if i >= n_iterations:
        return 0.0
    if i < n_constant:
        return float(rate)
    return rate * (n_iterations - i) / (n_iterations - n_constant)
    ### END SOLUTION


# %% check="decayed_rate"
@visible_checks("decayed_rate")
def _():
    rates = [decayed_rate(i, 0.2, 10, 20) for i in (0, 9, 10, 15, 19, 20, 30)]
    assert all(isinstance(rate, float) for rate in rates), "the rate is a Python float"
    assert abs(rates[0] - 0.2) < 1e-9 and abs(rates[1] - 0.2) < 1e-9, (
        "at first the rate is constant"
    )
    assert abs(rates[2] - 0.2) < 1e-9, "the fall begins at the rate itself, at i = n_constant"
    assert abs(rates[3] - 0.1) < 1e-9, "half way through the fall, half of the rate is left"
    assert abs(rates[4] - 0.02) < 1e-9, (
        "the last iteration still moves, by a tenth of the rate here"
    )
    assert rates[5] == 0 and rates[6] == 0, "from n_iterations on the rate is 0"


# %% [markdown]
# ## 9. Which map is it?
#
# The losses don't say what a map does to the *content* of an image. If both domains have classes, and if a classifier
# can tell them, we can: count how often an image of class $k$ becomes one of class $j$, and look for the one-to-one map
# $\pi$ of the classes that agrees with as many images as possible:
#
# $$\hat\pi = \arg\max_{\pi \text{ a permutation}} \; \frac{1}{N} \sum_{n=1}^{N} \left[\, \hat k_n = \pi(k_n) \,\right]$$
#
# If $\hat\pi$ is the identity, the classes are kept. If the share is high and $\hat\pi$ is another permutation, the map
# is consistent and wrong. There are $10! = 3{,}628{,}800$ permutations of ten classes, too many to try in Python one by
# one. `dgm.assignment.cheapest_assignment` finds the permutation with the least sum of costs at once. Dynamic programming over
# the $2^{10}$ sets of classes that are taken is another way.


# %% answer="best_class_map"
def best_class_map(before: Tensor, after: Tensor, n_classes: int) -> tuple[Tensor, float]:
    """The permutation of classes that a translation agrees with best.

    before, after: (N,) int64 in 0..n_classes-1, N > 0: class of each image, and class of its translation. n_classes: up to 12.
    Returns the permutation (n_classes,) int64, class k becoming permutation[k], on the device of before, and as a float the share of
    the N images that agree with it. If several are best, any of them is right.
    """
    ### BEGIN SOLUTION
    from dgm.assignment import cheapest_assignment

    counts = torch.zeros(n_classes, n_classes, dtype=torch.int64, device=before.device)
    counts.index_put_((before, after), torch.ones_like(before), accumulate=True)
    permutation = cheapest_assignment(-counts).to(before.device)
    agreeing = counts.gather(1, permutation[:, None]).sum()
    return permutation, float(agreeing) / len(before)
    ### END SOLUTION


# %% check="best_class_map"
@visible_checks("best_class_map")
def _():
    before = torch.tensor([0, 0, 0, 1, 1, 2])
    permutation, share = best_class_map(before, (before + 1) % 3, 3)
    assert permutation.tolist() == [1, 2, 0], (
        "each class became the next one: 0 -> 1, 1 -> 2, 2 -> 0"
    )
    assert isinstance(share, float) and abs(share - 1) < 1e-9, "all images agree: a share of 1.0"
    permutation, share = best_class_map(before, torch.zeros(6, dtype=torch.int64), 3)
    assert sorted(permutation.tolist()) == [0, 1, 2], (
        "two classes can't become the same one: a permutation has each class once"
    )
    assert abs(share - 0.5) < 1e-9, "everything became 0: at best the three images of class 0 agree"
    permutation, _ = best_class_map(
        torch.tensor([0] * 5 + [1] * 4), torch.tensor([0] * 3 + [1] * 2 + [0] * 4), 2
    )
    assert permutation.tolist() == [1, 0], (
        "the best permutation is sought as a whole, not class by class: here 2 + 4 images agree with a swap, 3 with none"
    )


# %% [markdown]
# ## 10. What the losses can see
#
# Make the domains finite: $A$ has $N$ images with probabilities $p_A$, $B$ has $M$ with probabilities $p_B$, and a map
# is a list of numbers: $G$ turns image $i$ of $A$ into image $g_i$ of $B$. Then the perfect discriminator can be
# written down. What it sees of $G$ is the difference between two distributions: that of real images, and that of
# translations (the *push-forward* of $p_A$),
#
# $$(G_* p_A)(j) = \sum_{i:\, g_i = j} p_A(i), \qquad
# \mathrm{TV}(G_* p_A, p_B) = \frac{1}{2} \sum_{j=1}^{M} \left|(G_* p_A)(j) - p_B(j)\right|$$
#
# What the cycle loss sees is which images come back. The finite version of it is the probability that an image does
# not: $P_A = \sum_i p_A(i) \, [\, f_{g_i} \ne i \,]$, and $P_B$ likewise. If all four numbers are 0, both games and
# both cycles are content: no loss of CycleGAN can tell this pair from the right one. How many such pairs there are is
# counted below.


# %% answer="judge_maps"
def judge_maps(
    p_a: Tensor, p_b: Tensor, g: Tensor, f: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What perfect discriminators and the cycle see of a pair of maps between finite domains.

    p_a: (N,) and p_b: (M,), probabilities, each summing to 1; zeros are allowed. g: (N,) int64 in 0..M-1, where G sends each image
    of A; f: (M,) int64 in 0..N-1, where F sends each image of B. Neither needs to be one-to-one.
    Returns four scalars: TV(G_* p_a, p_b), TV(F_* p_b, p_a), the probability under p_a that F(G(a)) is not a, and the probability
    under p_b that G(F(b)) is not b. No gradients are asked for.
    """
    ### BEGIN SOLUTION
    pushed_to_b = torch.zeros_like(p_b).index_add(0, g, p_a)
    pushed_to_a = torch.zeros_like(p_a).index_add(0, f, p_b)
    lost_a = f[g] != torch.arange(len(p_a), device=p_a.device)
    lost_b = g[f] != torch.arange(len(p_b), device=p_b.device)
    return (
        (pushed_to_b - p_b).abs().sum() / 2,
        (pushed_to_a - p_a).abs().sum() / 2,
        (p_a * lost_a).sum(),
        (p_b * lost_b).sum(),
    )
    ### END SOLUTION


# %% check="judge_maps"
@visible_checks("judge_maps")
def _():
    p = torch.tensor([0.5, 0.25, 0.25])
    found = judge_maps(p, p, torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2]))
    assert len(found) == 4 and all(float(value) == 0 for value in found), (
        "the right pair of maps: nothing to see, four zeros"
    )
    found = judge_maps(p, p, torch.tensor([0, 0, 0]), torch.tensor([0, 0, 0]))
    assert abs(float(found[0]) - 0.5) < 1e-6, (
        "all images became the first one: it has probability 1 in place of 0.5, the others 0; total variation 0.5"
    )
    assert abs(float(found[2]) - 0.5) < 1e-6, "only the first image finds its way back"
    found = judge_maps(p, p, torch.tensor([1, 2, 0]), torch.tensor([2, 0, 1]))
    assert abs(float(found[0]) - 0.25) < 1e-6 and float(found[2]) == 0, (
        "a permutation with its inverse: every image comes back, but the probabilities of the classes have moved"
    )


# %% [markdown]
# The cell below tries *every* pair of maps between two domains of four images each, $4^4 \cdot 4^4 = 65{,}536$ pairs.
# **Look at** the first line of each table: how many pairs are such that nothing can be seen, and how many of them are
# right? Then at what the cycle adds to the discriminators, and what probabilities that differ add to both.

# %% train="all_maps"
from itertools import permutations, product


@picture
def _():
    n = 4
    lists = torch.tensor(list(product(range(n), repeat=n)))
    bijections = torch.tensor(list(permutations(range(n))))
    distributions = {
        "four images, equally likely": torch.full((n,), 0.25, dtype=torch.float64),
        "one is likelier": torch.tensor([0.4, 0.2, 0.2, 0.2], dtype=torch.float64),
        "all differ": torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64),
    }
    for name, p in distributions.items():
        # The two discriminators see one map each, so every map is judged once, beside the right one.
        right = torch.arange(n)
        seen_g = [float(judge_maps(p, p, g, right)[0]) < 1e-9 for g in lists]
        fooling = [g for g, fooled in zip(lists, seen_g, strict=True) if fooled]
        pairs = [(g, f) for g in fooling for f in fooling]
        both = sum(max(map(float, judge_maps(p, p, g, f))) < 1e-9 for g, f in pairs)
        cycle_only = sum(
            max(map(float, judge_maps(p, p, g, g.argsort())[2:])) < 1e-9 for g in bijections
        )
        print(f"{name}:")
        print(f"  pairs that fool both discriminators        {len(pairs):6}")
        print(f"  pairs that satisfy both cycles             {cycle_only:6}")
        print(f"  pairs that satisfy all                     {both:6}")
        print(f"  right pairs                                {1:6}")


# %% [markdown]
# # Part two: experiments
#
# ## 11. Experiment: five clusters
#
# Before images, the plane: "images" are points. Domain $A$ is five clusters on a ring, and $B$ is the same ring, turned
# by a tenth of a full turn, so that each cluster of $B$ lies between two of $A$. Let us say that the *right* map turns
# each cluster by that angle, to the left: cluster $k$ of $A$ becomes cluster $k$ of $B$. Nothing in the training says
# so. The cell trains small networks with your steps, with $\lambda_\text{cyc} = 3$ from several random starts, and with
# $\lambda_\text{cyc} = 0$ from the same starts. Then `best_class_map` reports what became of the clusters.
#
# **Look at** the colours: a point of $G(a)$ has the colour of the cluster that it came from. The last picture shows $B$
# in the colours of the right map.

# %% train="clusters"
from dgm import plots
from dgm.nets import mlp
from dgm.training import Settings, adam, evaluating, seed_everything, train

settings = Settings()
device = settings.device
N_CLUSTERS, RADIUS = 5, 1.5


def clusters(n, turn):
    """Points (n, 2) of five clusters on a ring, turned by `turn` fifths of a circle; their clusters (n,)."""
    k = torch.randint(N_CLUSTERS, (n,))
    angle = 2 * math.pi * (k + turn) / N_CLUSTERS
    centre = RADIUS * torch.stack([angle.cos(), angle.sin()], dim=1)
    return (centre + 0.12 * torch.randn(n, 2)).to(device), k.to(device)


def train_maps(networks, batches, buffers, n_iterations, rate, lambdas, name):
    """Train G, F, D_A and D_B with your functions; the losses. lambdas: of the cycle and of the identity."""
    G, F, D_A, D_B = networks
    parts = {}

    def loss(*given):
        parts.update(cyclegan_losses(*given, lambda_cycle=lambdas[0], lambda_identity=lambdas[1]))
        return parts["total"]

    optimizers = [
        adam(*players, lr=rate, betas=(0.5, 0.999)) for players in ((G, F), (D_A,), (D_B,))
    ]

    def step(i):
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = decayed_rate(i, rate, n_iterations // 2, n_iterations)
        a, b = next(batches)
        _, *fakes = cycle_generator_step(
            G, F, D_A, D_B, optimizers[0], a, b, loss, identity=lambdas[1] > 0
        )
        losses = {key: value.detach() for key, value in parts.items()}
        for key, D, optimizer, real, fake, buffer in zip(
            ("D_A", "D_B"), (D_A, D_B), optimizers[1:], (a, b), fakes, buffers, strict=True
        ):
            if buffer is not None:
                coins = torch.rand(len(fake)) < 0.5
                fake = buffer.exchange(fake, coins, torch.randint(buffer.capacity, (len(fake),)))
            losses[key] = cycle_discriminator_step(D, optimizer, real, fake)
        return losses

    return train(step, n_iterations, description=name)


def endless_clusters(n):
    while True:
        yield clusters(n, 0)[0], clusters(n, 0.5)[0]


def plane_run(seed, lambda_cycle):
    """Train on the clusters; G(a), the clusters of a, those nearest to G(a), and the error of F(G(a))."""
    seed_everything(seed)
    networks = [mlp([2, 64, 64, n], lambda: nn.LeakyReLU(0.2)).to(device) for n in (2, 2, 1, 1)]
    history = train_maps(
        networks,
        endless_clusters(64),
        (None, None),
        settings.iterations(PLANE_ITERATIONS),
        2e-3,
        (lambda_cycle, 0.0),
        f"clusters, seed {seed}, lambda {lambda_cycle:g}",
    )
    seed_everything(100)
    a, k = clusters(1000, 0)
    angle = 2 * math.pi * (torch.arange(N_CLUSTERS) + 0.5) / N_CLUSTERS
    centres = RADIUS * torch.stack([angle.cos(), angle.sin()], dim=1).to(device)
    with evaluating(*networks[:2]):
        fake_b = networks[0](a)
        error = (networks[1](fake_b) - a).abs().mean()
    apart = torch.cdist(fake_b, centres)
    return {
        "history": history,
        "fake_b": fake_b,
        "k": k,
        "became": apart.argmin(1),
        "off": float((apart.amin(1) > 0.5).float().mean()),
        "cycle": float(error),
    }


# %% train="five_clusters"
PLANE_ITERATIONS, PLANE_SEEDS = 600, range(4)
plane_runs = {}
shown, colours = {}, {}
print(
    f"{'lambda':>6}{'seed':>6}{'clusters 0 to 4 became':>26}{'agree':>8}{'right':>8}{'|F(G(a)) - a|':>15}{'off B':>8}"
)
for lambda_cycle in (3.0, 0.0):
    for seed in PLANE_SEEDS:
        run = plane_runs[lambda_cycle, seed] = plane_run(seed, lambda_cycle)
        permutation, share = best_class_map(run["k"], run["became"], N_CLUSTERS)
        right = float((run["k"] == run["became"]).float().mean())
        print(
            f"{lambda_cycle:6g}{seed:6}{permutation.tolist()!s:>26}{100 * share:7.1f}%{100 * right:7.1f}%"
            f"{run['cycle']:15.3f}{100 * run['off']:7.1f}%"
        )
        if seed < 2:
            name = f"lambda {lambda_cycle:g}, seed {seed}"
            shown[name], colours[name] = run["fake_b"], run["k"]
shown["B, right colours"], colours["B, right colours"] = clusters(1000, 0.5)
plots.show_points(shown, "G(a), coloured by the cluster of a", extent=2.2, labels=colours)

# %% [markdown]
# **Analysis** (5 points). (a) For the runs with the cycle loss: which permutations were found, how well do they agree,
# and how large is the error of the round trip? Is a run with the right map better by any number that the training sees?
# (b) Without the cycle loss $G$ fools $D_B$ as well. Which number of the table gives these runs away, and what do $G$
# and $F$ have to do with each other in them? (c) How many permutations of the clusters would satisfy all losses
# exactly? Which kinds did the networks find, and why these? (d) Suppose that one cluster of both domains had twice as
# many points as each of the others. What would that settle, and what not?

# %% [markdown] analysis="five_clusters"
# ### BEGIN SOLUTION
# (a) Seed 0 found $[1, 2, 3, 4, 0]$, a turn by one cluster too many. Seeds 1 and 2 found $[4, 3, 2, 1, 0]$ and seed 3
# $[2, 1, 0, 4, 3]$, which are mirror images of the ring. In all four runs 100% of the points agree with the
# permutation, the round trip is off by 0.002 to 0.003, and no point of $G(a)$ lies off $B$. By "right", the share that
# follows the intended map, they have 0%, 21%, 21% and 21%. None is right, and nothing that the training sees would be
# any better if one were: both discriminators are fooled and both cycles closed.
#
# (b) The error of the round trip: 0.97 to 1.17, about as far as from one cluster to others (the ring has radius 1.5).
# $G$ is as good as before, 100% agree with one permutation and no point is off $B$. But $F$ has learned a permutation
# of its own, which is not the inverse of $G$'s. The two games share no player, so nothing ties $F$ to $G$. The cycle
# loss rules out that pair: $F$ must undo $G$.
#
# (c) Five equally likely clusters may be permuted at will, in $5! = 120$ ways. Those found are turns of the ring, and
# mirror images of it: there are 10 of these. The networks are continuous functions that begin as simple, nearly linear
# maps, and a turn or a mirror image of the ring is a nearly linear map. Exchanging two neighbours and leaving the
# others alone would need a much more twisted one.
#
# (d) The discriminators see how many points there are in each cluster, so the heavier cluster of $A$ has to become the
# heavier one of $B$. The other four, still equally likely, can be permuted in $4! = 24$ ways. Of the turns and mirror
# images two are left: the right map, and the mirror image that leaves the heavy cluster in its place.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: (a) permutations from the student's own table, agreement and round-trip error with numbers (0.5); right and
#   wrong runs are equally good by what the training sees (0.5).
# - 1.5 points: (b) the round trip with numbers (0.5); each map agrees with some permutation (0.5), but F is not the
#   inverse of G, as nothing ties them (0.5). If a run of the student's loses clusters (agree clearly below 100%), this
#   counts as well.
# - 1.5 points: (c) 120 permutations satisfy all losses (0.5); those found are turns of the ring or mirror images (0.5);
#   networks are continuous and start from simple maps (0.5).
# - 1 point: (d) the heavier cluster must become the heavier one, since the discriminators see the shares (0.5); the
#   other four may still be permuted (0.5).
# ### END MARK SCHEME

# %% [markdown]
# ## 12. Experiment: digits
#
# Now images. Domain $A$ is handwritten digits at 16x16, white on black. Domain $B$ is *other* digits, with strokes that
# are one pixel wider, black on white. No digit is in both piles, and no pair is ever shown. But here the right
# translation of each image is known, so what the training can't see can be measured afterwards, on test images:
#
# * **kept**: the share of test images whose class the course's classifier finds unchanged, for $G$ and for $F$. (It was
#   trained on white digits, so it looks at the negative of images of $B$.)
# * **agree**: the share that agrees with the best permutation of classes, by your `best_class_map`.
# * **right**: the mean absolute error against the right translation.
# * **back**: the mean absolute error of the round trip, $\lvert F(G(a)) - a \rvert$.
# * **distance**: a Fréchet distance on the classifier's features between $G(a)$ and test images of $B$.
#
# Three runs of the same networks with the same seed: with the cycle loss ($\lambda_\text{cyc} = 10$), without it, and
# with the identity loss ($\lambda_\text{id} = 5$) beside the cycle loss.

# %% train="digit_domains"
from torch.nn import functional

from dgm.data import load_digits, unpaired_batches
from dgm.metrics import digit_distance, digit_probabilities
from dgm.training import keep


def thicker(x):
    """Strokes one pixel wider: each pixel is the brightest of itself, its left and its upper neighbour."""
    left = functional.pad(x, (1, 0, 0, 0), value=-1)[..., :-1]
    upper = functional.pad(x, (0, 0, 1, 0), value=-1)[..., :-1, :]
    return torch.maximum(x, torch.maximum(left, upper))


def restyled(x):
    """The right translation of an image of A: thicker, and its negative."""
    return -thicker(x)


digits, digit_labels = (part.to(device) for part in load_digits("train", size=16))
test_digits, test_labels = (part.to(device) for part in load_digits("test", size=16))
train_a, train_b = digits[:2000], restyled(digits[2000:])
test_a, test_b = test_digits[:500], restyled(test_digits[500:])
labels_a, labels_b = test_labels[:500], test_labels[500:]
plots.show_rows(
    {"domain A": train_a[:12], "domain B": train_b[:12]},
    "Two piles of images; those above and below have nothing to do with each other",
)


class Residual(nn.Module):
    """x + f(x), f two 3x3 convolutions with instance norm."""

    def __init__(self, width):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.InstanceNorm2d(width, affine=True),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.InstanceNorm2d(width, affine=True),
        )

    def forward(self, x):
        return x + self.f(x)


def build_map():
    """A small generator of the paper's kind: down, residual blocks, up. (B, 1, 16, 16) -> (B, 1, 16, 16)."""
    width = settings.width(24)
    return nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.InstanceNorm2d(width, affine=True),
        nn.ReLU(),
        Residual(width),
        Residual(width),
        nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    ).to(device)


def build_judge():
    """A PatchGAN of 4x4 outputs: (B, 1, 16, 16) -> (B, 1, 4, 4)."""
    width = settings.width(16)
    return nn.Sequential(
        nn.Conv2d(1, width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(2 * width, 1, 3, padding=1),
    ).to(device)


# %% train="digit_runs"
DIGIT_ITERATIONS = settings.iterations(600)


def digit_run(name, lambda_cycle, lambda_identity, start=None, seed=0):
    """Train on the digits, from random weights or from a copy of `start`; G, F and the losses."""
    seed_everything(seed)
    networks = [build_map(), build_map(), build_judge(), build_judge()]
    for network, given in zip(networks, start or (), strict=False):
        network.load_state_dict(given.state_dict())
    stream = unpaired_batches(train_a, train_b, batch_size=16, seed=seed)
    history = train_maps(
        networks,
        stream,
        (ImageBuffer(50), ImageBuffer(50)),
        DIGIT_ITERATIONS,
        2e-3,
        (lambda_cycle, lambda_identity),
        name,
    )
    return networks[0].eval(), networks[1].eval(), history


@torch.no_grad()
def judge_translation(G, F):
    """The row of a table, and the classes that images of A became."""
    fake_b, fake_a = G(test_a), F(test_b)
    became_b = digit_probabilities(-fake_b).argmax(1)
    became_a = digit_probabilities(fake_a).argmax(1)
    return {
        "G kept": float((became_b == labels_a).float().mean()),
        "G agree": best_class_map(labels_a, became_b, 10)[1],
        "F kept": float((became_a == labels_b).float().mean()),
        "G right": float((fake_b - restyled(test_a)).abs().mean()),
        "F right": float((fake_a - test_digits[500:]).abs().mean()),
        "back A": float((F(fake_b) - test_a).abs().mean()),
        "back B": float((G(fake_a) - test_b).abs().mean()),
        "distance G": digit_distance(-fake_b, -test_b),
        "distance F": digit_distance(fake_a, test_a),
    }, became_b


def table(rows):
    names = list(next(iter(rows.values())))
    print(f"{'':<22}" + "".join(f"{name:>12}" for name in names))
    for row, values in rows.items():
        print(
            f"{row:<22}"
            + "".join(
                f"{100 * value:11.1f}%"
                if name.split()[1] in ("kept", "agree")
                else f"{value:12.3f}"
                if value < 10
                else f"{value:12.0f}"
                for name, value in values.items()
            )
        )


runs = {
    "cycle": digit_run("cycle", 10.0, 0.0),
    "no cycle": digit_run("no cycle", 0.0, 0.0),
    "identity too": digit_run("identity too", 10.0, 5.0),
}
keep("unpaired_maps", G=runs["cycle"][0], F=runs["cycle"][1])
rows = {"the right maps": judge_translation(restyled, lambda b: -b)[0]}
rows |= {name: judge_translation(G, F)[0] for name, (G, F, _) in runs.items()}
table(rows)

# %% [markdown]
# The row "the right maps" says what can be expected of the numbers: $G$ is the true translation, and $F$ takes the
# negative only, as no map can undo the thickening exactly. **Look at** the pictures column by column: is the digit
# below still the digit above? Then at the curves: which of the losses tells the runs apart, and which does not?

# %% train="digit_figures"
with torch.no_grad():
    strips = {"a": test_a[:12]} | {
        f"G(a), {name}": G(test_a[:12]) for name, (G, _, _) in runs.items()
    }
    strips |= {"the right G(a)": restyled(test_a[:12])}
    plots.show_rows(strips, "From A to B")
    strips = {"b": test_b[:12]} | {
        f"F(b), {name}": F(test_b[:12]) for name, (_, F, _) in runs.items()
    }
    plots.show_rows(strips, "From B to A")
    strips = {"b": test_b[:12]} | {
        f"G(b), {name}": G(test_b[:12]) for name, (G, _, _) in runs.items()
    }
    plots.show_rows(strips, "What G does to images that are in B already")
plots.loss_curves(
    {
        name: {"G": history["G"], "cycle_A": history["cycle_A"]}
        for name, (_, _, history) in runs.items()
    },
    "Adversarial loss of G, and the error of the way back (no loss where there is no cycle)",
)

# %% [markdown]
# **Analysis** (8 points). (a) From the table: what does the cycle loss change for *kept*, *right*, *back* and
# *distance*, and how close does it come to "the right maps"? (b) Without the cycle loss, what becomes of the digits in
# the pictures? (c) Compare the curves of `G` for the runs with and without the cycle loss. Can one tell from the
# adversarial losses which run is better, and why? (d) What does the identity loss change, in the table and in the third
# picture? It suits paintings of the same kind of scenes. What is wrong with it for white digits that are to become
# black ones? (e) The row "the right maps" has *back A* far from 0, and the run with the cycle loss is better than it.
# Which information about $a$ does the right $G(a)$ lose, and how can the trained pair get it back?

# %% [markdown] analysis="digits_without_pairs"
# ### BEGIN SOLUTION
# (a) With the cycle loss $G$ keeps 92.8% of the classes and $F$ 96.0%, as many as the right maps (93.0% and 94.0%: the
# rest is the classifier's). Without it, 61.4% and 41.8%. The error against the right translation is 0.055 and 0.047
# with it, 0.167 and 0.141 without; the error of the way back 0.041 and 0.051 against 0.170 and 0.205; the distances 18
# and 25 against 450 and 520. So it does not only keep the content. The images look more like those of the other domain,
# too.
#
# (b) They have the right style, black on white or white on black, and roughly the place of the strokes. But parts of
# the strokes are exchanged: 7, 7 and 9 all become something like a 9 or 8, the 3 of the tenth column a blot. $F$ makes
# fragments of 3 and 8 of nearly everything. Several different digits become alike, which the cycle loss forbids, since
# none could be brought back.
#
# (c) No. After about 300 iterations both are near 0.25, which is the value at equilibrium: every output 1/2, $(1/2 -
# 1)^2 = 0.25$. The discriminator never sees $a$ together with $G(a)$, so its losses can't tell whether the translation
# has to do with its source. And both players change, so the loss says how even the game is, not how good the images
# are.
#
# (d) $G(b)$ looks just like $b$, while without the identity loss $G$ makes checkered frames of such images, which it
# was never asked about. But it ruins the translation: 7.4% and 6.8% are kept, the errors are 0.406 and 0.313, the
# distances 324 and 313, and the adversarial loss of $G$ stays near 0.37. Here the translation *is* a change of
# brightness, and a network that leaves black strokes on white alone does not easily turn white strokes into black ones
# at the same place: it draws black where the digit was not. A 0 becomes a black bar, its inside. The way back still
# closes (0.067 and 0.075): a consistent wrong map. For paintings, colours are just what should stay, and the identity
# loss keeps them.
#
# (e) The right $G$ makes strokes a pixel wider, so one can't see any more how wide they were, where a one-pixel gap was
# closed, and what the grey levels at the edges had been: many $a$ give the same $b$. The right $F$, the negative, gives
# wide strokes back (0.138). The trained $F$ has learned to make them thin again (0.041), mostly by what digits usually
# look like, and as far as $G$ has hidden the rest in small changes of grey that the eye and $D_B$ don't mind: its own
# translations differ from the right ones by 0.055.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: (a) four comparisons with the student's own numbers, half a point each; one of them against "the right maps".
# - 1 point: (b) content lost or exchanged, or several digits that become alike (0.5), shown at a digit of the picture
#   (0.5).
# - 1.5 points: (c) both curves come to about the same value (0.5), 0.25 at equilibrium or "the game is even" (0.5); the
#   discriminator never sees a with G(a) (0.5).
# - 2 points: (d) numbers for the run with the identity loss (0.5); G(b) is b with it, and something else without (0.5);
#   colours stay, which suits paintings (0.5); here the change of brightness is the translation, so the two losses pull
#   in different directions (0.5).
# - 1.5 points: (e) width of strokes, closed gaps or grey levels (0.5); many images become the same one, so the exact
#   way back needs more (0.5); by what is typical, or hidden in small changes of grey (0.5).
# ### END MARK SCHEME

# %% [markdown]
# ## 13. Experiment: a wrong map that nothing objects to
#
# The clusters of section 11 were exchanged by chance. Is this possible for digits too? Here is a pair of maps that is
# wrong on purpose. $G$ turns digit $k$ into digit $k + 1$ (and 9 into 0): it first translates an image in style, and
# looks up another image of the wanted class in a list that pairs the images of class $k$ with those of class $k + 1$,
# one to one. $F$ looks up the way back. The first part of the cell judges these maps by all that CycleGAN measures.
#
# A list is not a network. So the second part teaches two networks the exchange, as well as they can learn it (by pairs,
# which is cheating), and goes on with CycleGAN's own losses and nothing else from there. **Guess** first: will the
# training keep the exchange? Then **look at** the table: what do *kept* and *agree* say before and after, and how does
# the objective at the end compare with that of the run from random weights?


# %% train="wrong_maps"
def exchange_list(labels, shift):
    """For each image the number of one whose class is `shift` further, one to one as far as there are as many."""
    partner = torch.arange(len(labels), device=labels.device)
    for k in range(10):
        mine, theirs = (labels == k).nonzero()[:, 0], (labels == (k + shift) % 10).nonzero()[:, 0]
        partner[mine] = theirs[torch.arange(len(mine), device=labels.device) % len(theirs)]
    return partner


@picture
def _():
    per_class = torch.cat([(test_labels == k).nonzero()[:80, 0] for k in range(10)])
    images, labels = test_digits[per_class], test_labels[per_class]
    there = exchange_list(labels, 1)
    back = there.argsort()
    fake_b = restyled(images[there])  # G
    back_a = images[there][back]  # F(G(a)): look up the partner of the image before it was restyled
    became = digit_probabilities(-fake_b).argmax(1)
    permutation, share = best_class_map(labels, became, 10)
    print("the exchange by a list, on 80 images of each class")
    print(
        f"  distance between G(a) and real images of B: {digit_distance(-fake_b, -restyled(images)):.3f}"
    )
    print(f"  |F(G(a)) - a|: {(back_a - images).abs().mean():.3f}")
    print(
        f"  class kept: {100 * (became == labels).float().mean():.1f}%; permutation {permutation.tolist()}, {100 * share:.1f}% agree"
    )
    first = torch.arange(10, device=device) * 80
    plots.show_rows(
        {"a": images[first], "G(a)": fake_b[first], "F(G(a))": back_a[first]},
        "A wrong pair of maps that fools everyone",
    )


# %% train="wrong_start"
def taught(shift, n_iterations=250):
    """G and F, taught by pairs to translate digit k into digit k + shift and back, and judges as they begin."""
    seed_everything(7)
    networks = [build_map(), build_map()]
    optimizer = adam(*networks, lr=2e-3)
    partner = exchange_list(digit_labels, shift)
    targets = restyled(digits[partner])

    def step(i):
        rows = torch.randint(len(digits), (32,), device=device)
        loss = (networks[0](digits[rows]) - targets[rows]).abs().mean()
        loss = loss + (networks[1](targets[rows]) - digits[rows]).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return {"loss": loss}

    train(step, settings.iterations(n_iterations), description=f"pairs, {shift} further")
    return networks


start = taught(1)
wrong = {"taught by pairs, k + 1": (*start, None)}
wrong["then CycleGAN"] = digit_run("from the exchange", 10.0, 0.0, start)
table(rows | {name: judge_translation(G, F)[0] for name, (G, F, _) in wrong.items()})
with torch.no_grad():
    became = judge_translation(*wrong["then CycleGAN"][:2])[1]
    permutation, share = best_class_map(labels_a, became, 10)
    print(f"classes 0 to 9 became {permutation.tolist()}, {100 * share:.1f}% agree")
    G, F, _ = wrong["then CycleGAN"]
    plots.show_rows(
        {
            "a": test_a[:12],
            "taught G(a)": start[0](test_a[:12]),
            "then CycleGAN": G(test_a[:12]),
            "F(G(a))": F(G(test_a[:12])),
        },
        "An exchange of digits, before and after training without pairs",
    )
ends = {
    name: sum(sum(history[part][-50:]) / 50 for part in ("G", "F"))
    + 10 * sum(sum(history[part][-50:]) / 50 for part in ("cycle_A", "cycle_B"))
    for name, (_, _, history) in {**runs, **wrong}.items()
    if history is not None and name != "no cycle"
}
print(
    "objective without the identity loss, mean of the last 50 iterations: "
    + ", ".join(f"{name} {value:.2f}" for name, value in ends.items())
)

# %% [markdown]
# **Analysis** (6 points). (a) The exchange by a list: what do the three numbers say, and which of CycleGAN's losses
# could tell it from the right pair? Explain with section 10. (b) How well did the networks learn the exchange, and why
# not better? Does training without pairs keep it or undo it? Use *kept*, *agree* and the objectives. Does this
# contradict (a)? (c) Name two things besides the losses that make CycleGAN find maps that keep the class, and one run
# of this notebook in which they failed. (d) Propose a change to the *training* (data, networks or losses, still without
# pairs) that would rule the exchange out, and say how it does.

# %% [markdown] analysis="wrong_map"
# ### BEGIN SOLUTION
# (a) The distance between $G(a)$ and real images of $B$ is 0.000, since they *are* the restyled images in another
# order; the way back is exact, 0.000; and the class is kept in 0.1%, while 93.2% agree with the permutation $k \to k +
# 1$ (the rest are the classifier's errors). None of the losses could tell. The discriminators see only distributions,
# and those are right; the cycle sees only whether each image comes back, and each does. It is one of the $N!$ pairs
# that section 10 counts for equally likely images, of which one is right.
#
# (b) Badly. After the pairs, 33.8% agree with the best permutation, and the distance is 532: the pictures are blots,
# the medians of many digits. *Which* image of the next class is the partner was drawn from a list, so it can't be
# learned from $a$. Training without pairs then undoes the exchange: 62.4% are kept by $G$ and 67.2% by $F$, and the
# best permutation is the identity. The objective ends at 2.00, against 1.41 for the run from random weights, so the bad
# start still shows. It is no contradiction. The losses have nothing against the exchange by the list. But these
# networks can't carry it out, and their blurred attempt fools nobody, so there was something to gain by leaving it.
#
# (c) The maps are convolutions with few layers, which change what is near a pixel and can't redraw a digit; and
# residual blocks and gradient descent reach simple maps first, of which keeping every stroke in its place is one. It
# failed with the identity loss: 7.4% kept with a way back of 0.067. And in the plane, where turns and mirror images are
# as simple as the right map, all four runs were wrong.
#
# (d) Classes that differ in frequency: with 20% of ones and 5% of twos in both domains, the discriminators would see
# the exchange, since $G(a)$ would have the frequencies of other classes. Or a loss between $a$ and $G(a)$ on something
# that both styles share, for example the places of edges (the absolute gradient of both images), which is small only if
# strokes stay where they are.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1.5 points: (a) the numbers (0.5); none of the losses can tell, since the translations have the distribution of B
#   and every image comes back (0.5); any permutation of images that keeps the probabilities passes, as section 10
#   counts (0.5).
# - 2 points: (b) the exchange learned badly, with a number, as the partner can't be told from a (0.5); kept and agree
#   after the training, with the conclusion that follows from the student's own numbers (0.5); objectives compared
#   (0.5); no contradiction, as the network can't represent what the list can (0.5).
# - 1.5 points: (c) two of: local convolutions; few layers; residual blocks or a start near copying; gradient descent
#   reaches simple maps first; domains that differ in style only (0.5 each); a run that failed, with a number (0.5).
# - 1 point: (d) a change that bears on content (a classifier's agreement, a loss on edges or features, frequencies that
#   differ) (0.5), and the reason why the exchange then costs something (0.5).
# ### END MARK SCHEME
