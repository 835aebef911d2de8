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
# # Normalising flows: beyond coupling
#
# A coupling layer is invertible because half of its input stays as it is. This notebook is about other ways to have an
# invertible map whose Jacobian determinant is cheap: let each component depend on *all* earlier ones (autoregressive
# flows), bend each number by a flexible monotone function (splines), or let the points flow along a vector field
# (continuous flows). In the first part you write them, one short function per question. In the second part you train them:
# first against each other on a density in the plane, then one on digits, where its exact inverse competes with an
# optimisation through a GAN.
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import math
import time
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
# | $x$ | `x` | a batch of data | `(B, D)` |
# | $z = f(x)$ | `z` | what the flow makes of it, standard normal if the flow is good | `(B, D)` |
# | $\log\lvert\det \partial z / \partial x\rvert$ | `log_det` | of the forward direction, in nats, **per sample** | `(B,)` |
# | $\mu, a$ | `mu`, `log_scale` | shift and log-scale of each component | `(B, D)` |
# | $\epsilon$ | `probes` | random vectors that probe a matrix | `(K, B, D)` |
#
# * A flow's **forward** direction goes from data to noise: $z = f(x)$, with
#   $\log p(x) = \log N(f(x); 0, I) + \log\lvert\det \partial z / \partial x\rvert$. Its inverse makes samples from noise.
# * Networks and functions come in as arguments. They map a batch row by row: no row depends on another. **Call them on
#   whole batches**, and as often as the question says.
# * Random numbers are arguments: your functions draw none.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on
#   the input's device, for example `torch.zeros_like(x)` or `torch.eye(K, dtype=x.dtype, device=x.device)`. A result with
#   several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument and the parameters of every network handed in, as the formula has
#   them, unless a question says otherwise. They are finite wherever the formula's are. If no input needs gradients, the
#   result keeps no graph.
# * **Sizes**: a batch may hold one sample, and a vector one feature. Keep the axes that the shapes name (`squeeze()` without
#   an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), lists and dicts, and whether they need gradients. A
#   function keeps nothing from one call for the next.
# * Each question is graded independently: a mistake in one costs nothing in another, even where a function calls an
#   earlier one.

# %% [markdown]
# ## 1. Autoregressive flows
#
# Every density is a product of conditionals, $p(x) = \prod_i p(x_i \mid x_{<i})$. Make each conditional a Gaussian whose
# mean and scale a network computes from the components before it, and standardise: $z_i = (x_i - \mu_i(x_{<i}))\,
# e^{-a_i(x_{<i})}$. That is a flow, the *masked autoregressive flow* (MAF; Papamakarios et al. 2017). Its Jacobian is
# triangular, because $z_i$ depends on no $x_j$ with $j > i$.
#
# ### Masks
#
# One network for all conditionals at once: the *masked autoencoder for distribution estimation* (MADE; Germain et al.
# 2015). It is an ordinary network whose weights are multiplied by masks of zeros and ones, such that no path leads from an
# input to an output that must not see it.
#
# The components have an **order**: `order[k]` is the index of the component that comes $k$-th, $k = 0, \dots, D - 1$. The
# component that comes $k$-th has *place* $k$. Mind the two directions: for `order = [2, 0, 1]`, component 2 comes first, so
# its place is 0, and the places of the components 0, 1, 2 are 1, 2, 0.
#
# Each hidden unit has a **degree** $m$ between $0$ and $D - 1$, which is given: it may see the $m$ components of the places
# $0, \dots, m - 1$, and nothing else. So
#
# * a unit of degree $m$ in the first hidden layer sees the component of place $p$ if $p < m$;
# * a unit of degree $m'$ in a later hidden layer sees a unit of degree $m$ in the layer before if $m \le m'$;
# * an output of the component of place $p$ sees a unit of degree $m$ in the last hidden layer if $m \le p$.
#
# Together, the outputs of place $p$ see the components of the places $0, \dots, p - 1$ at most: never their own. With no
# hidden layer the only mask joins the outputs to the inputs directly: an output of place $p$ sees the components of the
# places below $p$. With $D = 1$ every degree is 0, and the outputs see constants only.
#
# Each component has `n_params` outputs (2 for a MAF: mean and log-scale). Output $p D + i$ is parameter $p$ of component $i$:
# first the means of all components, in the order of their indices, then all log-scales.


# %% answer="made_masks"
def made_masks(order: Tensor, hidden_degrees: Sequence[Tensor], n_params: int = 2) -> list[Tensor]:
    """The masks of a MADE's weights (Germain et al. 2015, eq. 8 and 9), from the first layer to the last.

    order: (D,) int64, a permutation of 0..D-1: order[k] is the index of the component that comes k-th.
    hidden_degrees: a list of the hidden layers' degrees, (H_1,), ..., (H_L,) int64 in 0..D-1; may be empty.
    n_params: outputs for each component, >= 1.
    Returns L + 1 masks of zeros and ones, (H_1, D), (H_2, H_1), ..., (n_params * D, H_L), in the layout of the weight of nn.Linear
    (rows are outputs); with L = 0 a single one, (n_params * D, D). bool, integers or floats, on the device of order.
    """
    ### BEGIN SOLUTION
    place = order.argsort()  # of each component
    masks, below = [], place + 1  # what a unit must reach to see each unit of the layer before
    for degrees in hidden_degrees:
        masks.append(degrees[:, None] >= below)
        below = degrees
    masks.append((place[:, None] >= below).repeat(n_params, 1))
    return masks
    ### END SOLUTION


# %% check="made_masks"
@visible_checks("made_masks")
def _():
    order = torch.tensor([2, 0, 1])
    masks = made_masks(order, [torch.tensor([0, 1, 2, 1]), torch.tensor([1, 2, 0, 2, 1])])
    shapes = [tuple(mask.shape) for mask in masks]
    assert shapes == [(4, 3), (5, 4), (6, 5)], (
        f"two hidden layers of 4 and 5 units give masks of (4, 3), (5, 4) and (6, 5); yours: {shapes}"
    )
    first, second, last = (mask.double() for mask in masks)
    assert first[0].sum() == 0, "a unit of degree 0 sees no component"
    assert first[1].tolist() == [0.0, 0.0, 1.0], (
        "a unit of degree 1 sees the component that comes first, which is component 2 here"
    )
    assert second[2].tolist() == [1.0, 0.0, 0.0, 0.0], (
        "a hidden unit sees units of its own degree or of a lower one"
    )
    sees = last @ second @ first
    assert sees[2].sum() == 0, "the component that comes first sees no other: component 2 here"
    assert sees.diagonal().sum() == 0, "no output may see its own component: is the rule strict?"
    assert sees[1, 0] > 0 and sees[1, 2] > 0, (
        "the component that comes last sees all others: component 1 here"
    )
    assert torch.equal(sees[:3], sees[3:]), (
        "rows 0..D-1 are the means, rows D..2D-1 the log-scales: the same masks twice"
    )


# %% [markdown]
# The pictures show the masks of a network with five components in the order 3, 0, 4, 1, 2 and two hidden layers, white for
# a weight that is kept, and on the right their product: how many paths lead from each component to the mean of each other.
# Look for the empty row (the component that comes first), and see that the diagonal is empty. With the rows and columns
# sorted by place, the picture would be a triangle.


# %% train="mask_pictures"
import matplotlib.pyplot as plt


def spread_degrees(n_hidden, n_components):
    """Degrees of n_hidden units, evenly from 1 to D - 1 (0 where there is but one component)."""
    return torch.arange(n_hidden) % max(n_components - 1, 1) + min(n_components - 1, 1)


@picture
def _():
    order = torch.tensor([3, 0, 4, 1, 2])
    masks = made_masks(order, [spread_degrees(12, 5), spread_degrees(8, 5)], 1)
    masks = [mask.cpu().double() for mask in masks]
    paths = masks[2] @ masks[1] @ masks[0]
    _, panels = plt.subplots(
        1, 4, figsize=(12, 3.4), layout="constrained", gridspec_kw={"width_ratios": [1, 2, 1.6, 1]}
    )
    titles = ("first layer", "second layer", "last layer", "number of paths")
    labels = ("component", "hidden unit 1", "hidden unit 2", "component")
    for axes, mask, title, label in zip(panels, [*masks, paths], titles, labels, strict=True):
        axes.imshow(mask, cmap="gray", vmin=0)
        axes.set(title=title, xlabel=label)
        axes.locator_params(integer=True)
    for axes, label in zip(
        panels, ("hidden unit 1", "hidden unit 2", "component", "component"), strict=True
    ):
        axes.set_ylabel(label)
    for row, column in (paths > 0).nonzero().tolist():
        panels[3].text(column, row, f"{paths[row, column]:.0f}", ha="center", va="center", c="r")
    plt.show()


# %% [markdown]
# ### Density
#
# A *conditioner* is a network like that: it maps $x$ to $(\mu, a)$, first all means, then all log-scales, side by side in
# one tensor `(B, 2 D)`. The forward direction of the flow needs it once:
#
# $$z_i = (x_i - \mu_i)\, e^{-a_i}, \qquad \log\left\lvert\det \frac{\partial z}{\partial x}\right\rvert = -\sum_i a_i$$
#
# (Papamakarios et al. 2017, eq. 4 and 5.) The log-scales are used as they are. A large one is nothing special: for
# $a = (300, 300, 300)$ the log-determinant is $-900$, although $e^{900}$ is no float.


# %% answer="maf_forward"
def maf_forward(conditioner: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
    """A masked autoregressive flow from data to noise (Papamakarios et al. 2017).

    conditioner: maps (B, D) to (B, 2 D), the means and then the log-scales; component i of each depends only on components of x
    that come before i in some order. It is called once.
    x: (B, D). Returns z: (B, D), and log_det: (B,), that of dz/dx.
    """
    ### BEGIN SOLUTION
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    return (x - mu) * (-log_scale).exp(), -log_scale.sum(1)
    ### END SOLUTION


# %% check="maf_forward"
@visible_checks("maf_forward")
def _():
    def conditioner(x):  # x_1 depends on x_0
        zero = torch.zeros_like(x[:, 0])
        return torch.stack([zero, 3 * x[:, 0], zero + math.log(2), x[:, 0]], 1)

    x = torch.tensor([[1.0, 5.0], [0.0, 4.0], [-2.0, 0.0]])
    z, log_det = maf_forward(conditioner, x)
    assert z.shape == (3, 2), f"z has the shape of x, (3, 2); yours has {tuple(z.shape)}"
    assert log_det.shape == (3,), (
        f"log_det has one number per sample, shape (3,); yours has {tuple(log_det.shape)}"
    )
    assert torch.allclose(z[:, 0], x[:, 0] / 2), (
        "component 0 has mean 0 and scale 2 here: z is x / 2"
    )
    assert torch.allclose(z[1, 1], x[1, 1]), (
        "the second sample's component 1 has mean 0 and scale 1"
    )
    assert abs(float(log_det[1]) + math.log(2)) < 1e-5, (
        "a scale of 2 halves lengths on the way to z: the log-determinant is -log 2"
    )


# %% [markdown]
# ### Sampling
#
# The inverse, $x_i = z_i\, e^{a_i} + \mu_i$, needs the components before $i$ first. So $x$ is found one component after
# another, in the order, and each takes a pass through the conditioner: density is cheap, and samples cost $D$ passes.
# (The *inverse* autoregressive flow turns this round: Kingma et al. 2016.)
#
# In pass $k = 0, \dots, D - 1$ the conditioner is called with the $k$ components that are known by then, and **zeros
# elsewhere**; component `order[k]` comes out of it. The zeros matter: what is computed too early can be as large as it
# likes, and a masked weight does not protect from it, since $0 \cdot \infty$ is nan.
#
# Gradients flow through all passes. Autograd needs the inputs of each pass as they were, so don't write into a tensor that
# the conditioner has seen.


# %% answer="maf_sample"
def maf_sample(conditioner: Callable[[Tensor], Tensor], z: Tensor, order: Tensor) -> Tensor:
    """The inverse of a masked autoregressive flow: from noise to data, one component after another.

    conditioner: as in maf_forward, autoregressive in the given order; called D times, in pass k with what is known after k passes
    and zeros elsewhere.
    z: (B, D). order: (D,) int64, order[k] is the index of the component that comes k-th.
    Returns x: (B, D) with maf_forward(conditioner, x)[0] = z.
    """
    ### BEGIN SOLUTION
    columns = [z.new_zeros(len(z))] * z.shape[1]
    for index in order.tolist():
        mu, log_scale = conditioner(torch.stack(columns, 1)).chunk(2, dim=1)
        columns[index] = mu[:, index] + z[:, index] * log_scale[:, index].exp()
    return torch.stack(columns, 1)
    ### END SOLUTION


# %% check="maf_sample"
@visible_checks("maf_sample")
def _():
    seen = []

    def conditioner(x):  # the order is 1, 2, 0
        seen.append(x.detach().clone())
        zero = torch.zeros_like(x[:, 0])
        means = [x[:, 1] * x[:, 2], zero + 1.0, 2 * x[:, 1]]
        return torch.stack([*means, zero, zero + math.log(3), x[:, 1].tanh()], 1)

    z = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.0, -0.3]])
    x = maf_sample(conditioner, z, torch.tensor([1, 2, 0]))
    assert x.shape == (2, 3), f"x has the shape of z, (2, 3); yours has {tuple(x.shape)}"
    assert len(seen) == 3, f"three components take three passes; yours took {len(seen)}"
    assert torch.allclose(x[:, 1], 3 * z[:, 1] + 1), (
        "component 1 comes first here: mean 1, scale 3, whatever the others are"
    )
    assert not seen[0].any(), "nothing is known in the first pass: call the conditioner with zeros"
    mu, log_scale = conditioner(x).chunk(2, dim=1)
    assert torch.allclose((x - mu) * (-log_scale).exp(), z, atol=1e-5), (
        "x must give z back in the forward direction: in which order are the components found?"
    )


# %% [markdown]
# ### A stack
#
# In one layer the component that comes first has a fixed Gaussian as its density: whatever the network computes, its mean
# and scale are constants. Layers with other orders repair that. Here all conditioners have the same order 0, 1, 2, ...; and
# **between** two layers, the components are reversed: index 0 becomes index $D - 1$, and so on. The stack maps
#
# $$h_0 = x, \qquad h_l = f_l(h_{l-1}) \text{ for } l = 1, \qquad h_l = f_l(\operatorname{reverse}(h_{l-1}))
# \text{ for } l = 2, \dots, L, \qquad z = h_L$$
#
# where each layer $f_l$ does what `maf_forward` does. (The question is graded independently of that one: repeat its two lines
# instead of calling it.) There is no reversal before the first layer and none after the last. A reversal
# is a permutation: it changes no volume. Write the flow and its log-density under a standard normal prior:
#
# $$\log p(x) = \sum_i \log N(z_i; 0, 1) + \sum_{l=1}^L \log\lvert\det \partial f_l\rvert$$


# %% answer="reversed_maf"
def reversed_maf(
    conditioners: Sequence[Callable[[Tensor], Tensor]], x: Tensor
) -> tuple[Tensor, Tensor]:
    """A stack of masked autoregressive flows, the components reversed between two layers, and its log-density under N(0, I).

    conditioners: of the layers in the order in which x goes through them, each as in maf_forward and called once; a list, which may
    be empty.
    x: (B, D). Returns z: (B, D), and log_prob: (B,), log p(x) in nats. Without layers, z has the values of x.
    """
    ### BEGIN SOLUTION
    z, log_det = x, x.new_zeros(len(x))
    for layer, conditioner in enumerate(conditioners):
        if layer:
            z = z.flip(1)
        mu, log_scale = conditioner(z).chunk(2, dim=1)
        z, log_det = (z - mu) * (-log_scale).exp(), log_det - log_scale.sum(1)
    log_prior = -0.5 * (z.square() + math.log(2 * math.pi)).sum(1)
    return z, log_prior + log_det
    ### END SOLUTION


# %% check="reversed_maf"
@visible_checks("reversed_maf")
def _():
    def shift(x):  # adds (10, 20) to the components and leaves their scales
        return torch.cat(
            [torch.tensor([-10.0, -20.0]).expand(len(x), 2), torch.zeros(len(x), 2)], 1
        )

    x = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]])
    z, log_prob = reversed_maf([], x)
    assert torch.equal(z, x), "without a layer the flow is the identity"
    assert log_prob.shape == (3,), (
        f"log_prob has one number per sample, shape (3,); yours has {tuple(log_prob.shape)}"
    )
    assert abs(float(log_prob[2]) + math.log(2 * math.pi)) < 1e-5, (
        "the log-density of a standard normal in two dimensions is -log(2 pi) at the origin"
    )
    assert torch.allclose(reversed_maf([shift], x)[0], x + torch.tensor([10.0, 20.0])), (
        "a single layer has no reversal, neither before nor after it"
    )
    assert torch.allclose(
        reversed_maf([shift, shift], x)[0], x.flip(1) + torch.tensor([30.0, 30.0])
    ), "two layers have one reversal between them"


# %% [markdown]
# Two pictures of Jacobians, of random networks on six components. On the left a single layer: the matrix is triangular
# after the order is taken into account, so that its determinant is the product of its diagonal. In the middle two layers
# with a reversal between them: full. Yet its determinant costs no more, and on the right you see that it is right:
# the sum of the two log-determinants against what `slogdet` finds for the full matrix, for 200 points.


# %%
class Made(nn.Module):
    """A conditioner with masks that are yours: (B, D) -> (B, 2 D), autoregressive in `order`.

    hidden: how many units each hidden layer has. The last layer begins small, so that means and
    log-scales begin near zero and the flow near the identity. The log-scales stay within +-BOUND,
    which keeps a training with steep layers from blowing up.
    """

    BOUND = 3.0

    def __init__(self, order, hidden):
        super().__init__()
        degrees = [spread_degrees(width, len(order)) for width in hidden]
        self.masks = nn.ParameterList(
            nn.Parameter(mask.to(torch.get_default_dtype()), requires_grad=False)
            for mask in made_masks(order, degrees)
        )
        self.layers = nn.ModuleList(nn.Linear(*reversed(mask.shape)) for mask in self.masks)
        with torch.no_grad():
            self.layers[-1].weight.mul_(0.1)

    def forward(self, x):
        for layer, mask in zip(self.layers, self.masks, strict=True):
            x = F.linear(x, layer.weight * mask, layer.bias)
            if layer is not self.layers[-1]:
                x = F.silu(x)
        mu, log_scale = x.chunk(2, dim=1)
        return torch.cat([mu, self.BOUND * torch.tanh(log_scale / self.BOUND)], 1)


# %% train="jacobian_pictures"
@picture
def _():
    torch.manual_seed(0)
    order = torch.arange(6)
    conditioners = [Made(order, [48]).double(), Made(order, [48]).double()]
    for conditioner in conditioners:
        conditioner.layers[-1].weight.data *= 20  # far from the identity
    x = torch.randn(200, 6, dtype=torch.float64)

    def jacobians(flow):
        return torch.autograd.functional.jacobian(lambda x: flow(x).sum(0), x).transpose(0, 1)

    one = jacobians(lambda x: maf_forward(conditioners[0], x)[0])
    two = jacobians(lambda x: reversed_maf(conditioners, x)[0])
    z, log_prob = reversed_maf(conditioners, x)
    summed = log_prob - torch.distributions.Normal(0, 1).log_prob(z).sum(1)
    figure, panels = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for axes, matrix, title in zip(panels, (one, two), ("one layer", "two layers"), strict=False):
        shown = axes.imshow(matrix[0].abs().log10().clamp(min=-3), cmap="viridis")
        axes.set(title=f"log10 |dz_i / dx_j|, {title}", xlabel="j", ylabel="i")
        figure.colorbar(shown, ax=axes, shrink=0.8)
    panels[2].plot(two.slogdet().logabsdet, summed.detach(), ".")
    panels[2].axline((0, 0), slope=1, color="grey", linewidth=0.8)
    panels[2].set(
        title="Log-determinants of two layers", xlabel="slogdet of the matrix", ylabel="yours"
    )
    plt.show()


# %% [markdown]
# ## 2. Splines
#
# The affine map $x e^{-a} + b$ is a poor bend: one component, given the others, stays Gaussian. Any monotone function with a
# known derivative and inverse would do in its place. *Neural spline flows* (Durkan et al. 2019) take a **monotone
# rational-quadratic spline**: on $[-B, B]$ a function through knots $(x_k, y_k)$ with given slopes $\delta_k > 0$ there,
# $k = 0, \dots, K$; outside of it, the identity. Between two knots it is a quotient of two quadratic polynomials, which is
# as smooth as it looks and can be inverted by the quadratic formula.
#
# A network gives unconstrained numbers for each component: `widths` $u^w_0, \dots, u^w_{K-1}$, `heights`
# $u^h_0, \dots, u^h_{K-1}$ and `derivatives` $u^\delta_1, \dots, u^\delta_{K-1}$. They become knots and slopes like this:
#
# * **Widths** of the $K$ bins: $w_k = 2B\,\bigl(m + (1 - K m)\operatorname{softmax}(u^w)_k\bigr)$. So no bin is narrower than
#   the share $m$ = `min_size` of the interval, and together they fill it. The knots are $x_0 = -B$ and
#   $x_{k+1} = x_k + w_k$, the last one $x_K = B$ exactly. The **heights** $h_k$ and $y_k$ in the same way, from $u^h$.
# * **Slopes** at the inner knots: $\delta_k = m_\delta + \operatorname{softplus}(u^\delta_k)$, with
#   $m_\delta$ = `min_derivative`. At the two ends $\delta_0 = \delta_K = 1$, so that the spline goes over into the identity
#   without a kink. With $K = 1$ there are no inner knots, and the only bin is the identity.
#
# For $x$ in bin $k$, that is, $x_k \le x \le x_{k+1}$, with $\xi = (x - x_k) / w_k$ and the mean slope
# $s_k = h_k / w_k$ (Durkan et al. 2019, eq. 4 and 5):
#
# $$y = y_k + \frac{h_k \left[ s_k \xi^2 + \delta_k \xi (1 - \xi) \right]}{s_k + \left[ \delta_{k+1} + \delta_k - 2 s_k \right]
# \xi (1 - \xi)}, \qquad
# \frac{\mathrm{d} y}{\mathrm{d} x} = \frac{s_k^2 \left[ \delta_{k+1} \xi^2 + 2 s_k \xi (1 - \xi) + \delta_k (1 - \xi)^2
# \right]}{\left( s_k + \left[ \delta_{k+1} + \delta_k - 2 s_k \right] \xi (1 - \xi) \right)^2}$$
#
# Two traps. Where $x$ lies outside, the formula still gives *some* number, and for a distant $x$ a nan: `torch.where`
# hides it from the value, but not from the gradient ($0 \cdot \text{nan}$). Move such an $x$ inside before the formula sees
# it. And rounding: an $x$ just below $B$ can lie above a knot that is a sum of $K$ rounded widths.


# %% answer="spline_forward"
def spline_forward(
    x: Tensor,
    widths: Tensor,
    heights: Tensor,
    derivatives: Tensor,
    bound: float = 3.0,
    min_size: float = 1e-3,
    min_derivative: float = 1e-3,
) -> tuple[Tensor, Tensor]:
    """Monotone rational-quadratic spline on [-bound, bound], the identity outside (Durkan et al. 2019, eq. 4 and 5).

    x: any shape (...). widths, heights: (..., K), derivatives: (..., K - 1), K >= 1, unconstrained and of any size: a spline of its own
    for each number in x. bound > 0; min_size: the smallest width and height of a bin as a share of the interval, K min_size < 1;
    min_derivative: the smallest slope at an inner knot.
    Returns y: as x, and log_det: as x, log dy/dx of **each number**. Both are continuous at +-bound, where y = x and dy/dx = 1.
    Gradients reach all four tensors; where x lies outside, those of the parameters are zero.
    """

    ### BEGIN SOLUTION
    def knots(sizes: Tensor) -> Tensor:  # (..., K) -> (..., K + 1)
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = x.abs() <= bound
    within = torch.where(inside, x, torch.zeros_like(x))  # where the formula is harmless
    k = (within[..., None] >= x_knots[..., 1:-1]).sum(-1, keepdim=True)

    def at(values: Tensor, index: Tensor) -> Tensor:
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, xi = h / w, (within - x_k) / w
    both = xi * (1 - xi)
    below = s + (next_slope + slope - 2 * s) * both
    y = y_k + h * (s * xi.square() + slope * both) / below
    above = next_slope * xi.square() + 2 * s * both + slope * (1 - xi).square()
    log_det = 2 * s.log() + above.log() - 2 * below.log()
    return torch.where(inside, y, x), torch.where(inside, log_det, torch.zeros_like(x))
    ### END SOLUTION


# %% check="spline_forward"
@visible_checks("spline_forward")
def _():
    torch.manual_seed(0)
    x = torch.linspace(-4, 4, 81)
    parameters = [torch.randn(n).expand(81, n) for n in (5, 5, 4)]
    y, log_det = spline_forward(x, *parameters)
    assert y.shape == (81,) and log_det.shape == (81,), (
        "y and log_det have one number for each number in x: don't sum"
    )
    outside = x.abs() > 3
    assert torch.equal(y[outside], x[outside]), "outside of [-3, 3] the spline is the identity"
    assert not log_det[outside].any(), "outside of [-3, 3] the slope is 1, and its logarithm 0"
    assert (y.diff() > 0).all(), "the spline must increase everywhere"
    assert abs(float(log_det[10])) < 1e-3 and abs(float(log_det[70])) < 1e-3, (
        "at the ends, -3 and 3, the slope is 1 from within too"
    )
    slope = (y[1:] - y[:-1]) / (x[1:] - x[:-1])
    middle = (log_det[1:] + log_det[:-1]) / 2
    assert (slope.log() - middle).abs().median() < 0.05, (
        "log_det is not the logarithm of the slope of y: compare with a quotient of differences"
    )
    y, log_det = spline_forward(x, torch.zeros(81, 1), torch.zeros(81, 1), torch.zeros(81, 0))
    assert torch.allclose(y, x, atol=1e-5) and torch.allclose(
        log_det, torch.zeros(81), atol=1e-5
    ), "a single bin is the identity"


# %% [markdown]
# The pictures show a spline with five random bins: knots as dots, each with a short line that has its slope. In the middle
# is the derivative, from your `log_det`, over the derivative by differences. On the right is what the spline does to a
# density: the density $p(x) = N(f(x); 0, 1)\, f'(x)$ of the $x$ whose images are standard normal. A handful of numbers makes
# several modes.


# %% train="spline_pictures"
@picture
def _():
    torch.manual_seed(3)
    parameters = [torch.randn(n, dtype=torch.float64) for n in (5, 5, 4)]

    def spline(x):
        return spline_forward(x, *(u.expand(len(x), len(u)) for u in parameters))

    x = torch.linspace(-4, 4, 2001, dtype=torch.float64)
    y, log_det = spline(x)
    knots = -3 + 6 * (1e-3 + (1 - 5e-3) * parameters[0].softmax(0)).cumsum(0)
    knots = torch.cat([torch.tensor([-3.0], dtype=torch.float64), knots])
    heights, slopes = spline(knots.clamp(-3, 3))
    _, panels = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    panels[0].plot(x, y)
    panels[0].plot(knots, heights, "o", color="tab:red")
    for at, value, slope in zip(knots, heights, slopes.exp(), strict=True):
        reach = 0.35 / (1 + slope**2) ** 0.5
        panels[0].plot(
            [at - reach, at + reach], [value - reach * slope, value + reach * slope], "k", lw=1
        )
    panels[0].set(title="A spline and its knots", xlabel="x", ylabel="y", aspect="equal")
    panels[1].plot(x, log_det.exp(), label="exp(log_det)")
    panels[1].plot((x[1:] + x[:-1]) / 2, y.diff() / x.diff(), "--", label="by differences")
    panels[1].set(title="Its derivative", xlabel="x", ylabel="dy/dx")
    panels[1].legend()
    base = torch.distributions.Normal(0, 1)
    panels[2].plot(x, base.log_prob(x).exp(), color="silver", label="N(0, 1)")
    panels[2].plot(x, (base.log_prob(y) + log_det).exp(), label="p(x)")
    panels[2].set(title="Density of x where f(x) is normal", xlabel="x", ylabel="density")
    panels[2].legend()
    plt.show()


# %% [markdown]
# ### The inverse of the spline
#
# For a given $y$ in bin $k$ ($y_k \le y \le y_{k+1}$), equation 4 is a quadratic equation for $\xi$,
# $a \xi^2 + b \xi + c = 0$ (Durkan et al. 2019, eq. 6 to 8):
#
# $$a = h_k (s_k - \delta_k) + (y - y_k)\, d_k, \qquad b = h_k \delta_k - (y - y_k)\, d_k, \qquad c = -s_k (y - y_k),
# \qquad d_k = \delta_{k+1} + \delta_k - 2 s_k$$
#
# The root that lies in $[0, 1]$ is the one with the plus sign. Where the spline is straight, $a = 0$, and
# $(-b + \sqrt{b^2 - 4 a c}) / (2 a)$ is $0 / 0$; and for a small $a$ its numerator is the difference of two nearly equal
# numbers. The same root, without either trouble, is
#
# $$\xi = \frac{2 c}{-b - \sqrt{b^2 - 4 a c}}, \qquad x = x_k + \xi\, w_k$$


# %% answer="spline_inverse"
def spline_inverse(
    y: Tensor,
    widths: Tensor,
    heights: Tensor,
    derivatives: Tensor,
    bound: float = 3.0,
    min_size: float = 1e-3,
    min_derivative: float = 1e-3,
) -> Tensor:
    """The x with spline_forward(x, widths, heights, derivatives, ...)[0] = y (Durkan et al. 2019, eq. 6 to 8).

    y: any shape (...); the rest as in spline_forward. Returns x: as y. It is exact for a straight spline too, and gradients reach
    all four tensors; where y lies outside [-bound, bound], x = y and those of the parameters are zero.
    """

    ### BEGIN SOLUTION
    def knots(sizes: Tensor) -> Tensor:  # (..., K) -> (..., K + 1)
        n_bins = sizes.shape[-1]
        shares = min_size + (1 - n_bins * min_size) * sizes.softmax(-1)
        end = torch.full_like(sizes[..., :1], bound)
        return torch.cat([-end, 2 * bound * shares.cumsum(-1)[..., :-1] - bound, end], -1)

    x_knots, y_knots = knots(widths), knots(heights)
    end = torch.ones_like(widths[..., :1])
    slopes = torch.cat([end, min_derivative + F.softplus(derivatives), end], -1)
    inside = y.abs() <= bound
    within = torch.where(inside, y, torch.zeros_like(y))
    k = (within[..., None] >= y_knots[..., 1:-1]).sum(-1, keepdim=True)  # by the heights

    def at(values: Tensor, index: Tensor) -> Tensor:
        return values.gather(-1, index).squeeze(-1)

    x_k, y_k, slope, next_slope = at(x_knots, k), at(y_knots, k), at(slopes, k), at(slopes, k + 1)
    w, h = at(x_knots, k + 1) - x_k, at(y_knots, k + 1) - y_k
    s, rise = h / w, within - y_k
    bend = next_slope + slope - 2 * s
    a = h * (s - slope) + rise * bend
    b = h * slope - rise * bend
    c = -s * rise
    xi = 2 * c / (-b - (b.square() - 4 * a * c).sqrt())
    return torch.where(inside, x_k + xi * w, y)
    ### END SOLUTION


# %% check="spline_inverse"
@visible_checks("spline_inverse")
def _():
    torch.manual_seed(0)
    y = torch.linspace(-4, 4, 81).double()
    parameters = [torch.randn(n).double().expand(81, n) for n in (5, 5, 4)]
    x = spline_inverse(y, *parameters)
    assert x.shape == (81,), f"x has the shape of y, (81,); yours has {tuple(x.shape)}"
    outside = y.abs() > 3
    assert torch.equal(x[outside], y[outside]), "outside of [-3, 3] the spline is the identity"
    assert (x.diff() > 0).all(), "the inverse of an increasing function increases"
    assert torch.allclose(spline_forward(x, *parameters)[0], y, atol=1e-6), (
        "spline_forward must give y back"
    )
    slope_one = torch.full((81, 4), math.log(math.expm1(1 - 1e-3))).double()
    straight = spline_inverse(
        y, torch.zeros(81, 5).double(), torch.zeros(81, 5).double(), slope_one
    )
    assert torch.allclose(straight, y, atol=1e-6), (
        "with equal bins and slopes of 1 the spline is straight, x = y: mind a = 0"
    )


# %% [markdown]
# ## 3. Continuous and residual flows
#
# Let each point flow along a vector field $v(t, x)$ for a while: $\mathrm{d}x/\mathrm{d}t = v(t, x)$. The paths of a smooth
# field never meet, so the map from the start to the end is invertible, whatever network $v$ is: run the time backwards.
# And the density along a path changes by the *divergence* of the field, the trace of its Jacobian (Chen et al. 2018,
# theorem 1):
#
# $$\frac{\mathrm{d}}{\mathrm{d}t} \log\left\lvert\det \frac{\partial x(t)}{\partial x(0)}\right\rvert
# = \operatorname{tr} \frac{\partial v}{\partial x}\bigl(t, x(t)\bigr)$$
#
# There is no determinant any more, only a trace.
#
# ### Hutchinson's trace estimator
#
# But the trace of a Jacobian costs $D$ backward passes too, one for each entry of the diagonal. An estimate needs one pass
# for each *probe* $\epsilon$, a random vector whose covariance is the identity (Hutchinson 1990; Grathwohl et al. 2019, eq.
# 7):
#
# $$\operatorname{tr} J = \operatorname{tr}\bigl(J\, \mathbb{E}[\epsilon \epsilon^T]\bigr)
# = \mathbb{E}\bigl[\epsilon^T J \epsilon\bigr] \approx \frac{1}{K} \sum_{k=1}^{K} \epsilon_k^T J \epsilon_k$$
#
# The matrix itself is never needed. $\epsilon^T J$ is a *vector-Jacobian product*: what `torch.autograd.grad` gives for the
# output weighted by $\epsilon$ (`grad_outputs`). Probes are given; they need not be random. The $D$ vectors
# $\sqrt{D}\, e_1, \dots, \sqrt{D}\, e_D$ give the exact trace.
#
# In training, the estimate is a term of the loss, so it must be differentiable itself: in $x$, and in the parameters of the
# network. Under `torch.no_grad()`, as when a trained flow is evaluated, the function must work all the same (look at
# `torch.enable_grad`), and then its results keep no graph. Otherwise they may keep one even if $x$ needs no gradients,
# because the network's parameters may.


# %% answer="hutchinson_trace"
def hutchinson_trace(
    f: Callable[[Tensor], Tensor], x: Tensor, probes: Tensor
) -> tuple[Tensor, Tensor]:
    """The value of a field, and an estimate of the trace of its Jacobian for each sample (Hutchinson 1990).

    f: maps (B, D) to (B, D), row by row; called once, on x (or on a copy of it that needs gradients).
    x: (B, D). probes: (K, B, D), K >= 1: vectors of their own for each sample.
    Returns f(x): (B, D), and the mean over k of probes[k, b]^T J_b probes[k, b]: (B,), with J_b = df/dx at x[b].
    Gradients of both reach x and the parameters of f (none has to reach the probes). Works under torch.no_grad() too, and keeps no
    graph then. The .grad of x and of the parameters stays as it was.
    """
    ### BEGIN SOLUTION
    keep_graph = torch.is_grad_enabled()
    with torch.enable_grad():
        at = x if keep_graph and x.requires_grad else x.detach().requires_grad_()
        value = f(at)
        trace = torch.zeros_like(x[:, 0])
        for probe in probes:
            (product,) = torch.autograd.grad(
                value, at, probe, retain_graph=True, create_graph=keep_graph
            )
            trace = trace + (product * probe).sum(1) / len(probes)
    return (value, trace) if keep_graph else (value.detach(), trace.detach())
    ### END SOLUTION


# %% check="hutchinson_trace"
@visible_checks("hutchinson_trace")
def _():
    matrix = torch.tensor([[2.0, 1.0, 0.0], [0.0, -1.0, 5.0], [3.0, 0.0, 4.0]])
    x, basis = torch.randn(4, 3), math.sqrt(3) * torch.eye(3)[:, None].expand(3, 4, 3)
    value, trace = hutchinson_trace(lambda x: x @ matrix.T, x, basis)
    assert torch.allclose(value, x @ matrix.T), "the first result is f(x)"
    assert trace.shape == (4,), (
        f"there is one trace per sample, shape (4,); yours has {tuple(trace.shape)}"
    )
    assert torch.allclose(trace, torch.full((4,), 5.0)), (
        "the D basis vectors, each times the root of D, give the trace exactly: 5 here"
    )
    ones = torch.ones(1, 4, 3)
    assert torch.allclose(
        hutchinson_trace(lambda x: x @ matrix.T, x, ones)[1], torch.tensor(14.0)
    ), "a probe of ones gives the sum of all entries of the matrix, 14 here"
    with torch.no_grad():
        trace = hutchinson_trace(lambda x: x**2, x, basis)[1]
    assert torch.allclose(trace, 2 * x.sum(1), atol=1e-5), "it must work under torch.no_grad() too"
    leaf = x.clone().requires_grad_()
    hutchinson_trace(lambda x: x**3, leaf, basis)[1].sum().backward()
    assert leaf.grad is not None and torch.allclose(leaf.grad, 6 * x, atol=1e-4), (
        "the trace itself must be differentiable in x: create_graph"
    )


# %% [markdown]
# How good is the estimate, and with which probes? The picture shows its standard deviation over the number of probes, for
# the Jacobian of a random network plus $2 x$, with 20 inputs: with probes of $\pm 1$ (Rademacher) and with normal ones. Look for the
# slope of both lines, and for which lies lower. (For a symmetric matrix, the variance with one probe is
# $2 \sum_{i \ne j} J_{ij}^2$ for $\pm 1$, and $2 \sum_{i, j} J_{ij}^2$ for normal probes. Which entries does $\pm 1$ spare?)


# %% train="hutchinson_picture"
@picture
def _():
    torch.manual_seed(0)
    n = 20
    net = nn.Sequential(nn.Linear(n, 64), nn.Tanh(), nn.Linear(64, n)).requires_grad_(False)
    net[2].weight *= 5

    def f(x):
        return net(x) + 2 * x

    x = torch.randn(1, n)
    jacobian = torch.autograd.functional.jacobian(lambda x: f(x)[0], x)[:, 0]
    numbers = [2**i for i in range(9)]
    _, panels = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    draws = {
        "+-1": lambda *shape: torch.randint(2, shape) * 2.0 - 1,
        "normal": torch.randn,
    }
    for name, draw in draws.items():
        with torch.no_grad():  # 400 estimates at once, from one x
            estimates = [
                hutchinson_trace(f, x.expand(400, n), draw(number, 400, n))[1] for number in numbers
            ]
        panels[0].loglog(numbers, [e.std() for e in estimates], "o-", label=name)
        panels[1].hist(estimates[3], bins=30, alpha=0.5, label=f"{name}, {numbers[3]} probes")
    panels[0].set(
        title="Spread of the estimate", xlabel="number of probes", ylabel="standard deviation"
    )
    panels[1].axvline(float(jacobian.trace()), color="black", label="trace")
    panels[1].set(title="400 estimates", xlabel="estimate")
    for axes in panels:
        axes.legend()
    plt.show()


# %% [markdown]
# ### Solving the equation
#
# The path of a point, and the integral of the divergence along it, come from one and the same solver: it carries the pair
# $(x, \ell)$ with $\mathrm{d}x/\mathrm{d}t = v(t, x)$ and $\mathrm{d}\ell/\mathrm{d}t = \operatorname{tr}\, \partial v /
# \partial x$ from $(x, 0)$ at time $t_0$ to $(z, \text{log\_det})$ at time $t_1$, in $n$ steps of the same size
# $h = (t_1 - t_0) / n$. Where $t_1 < t_0$, $h$ is negative, time runs backwards, and everything else stays as it is.
#
# A *field* gives both slopes at once: `velocity, divergence = field(t, x)`. Write $g(t, x)$ for the pair. One step from
# $(x, \ell)$ at time $t$ is
#
# * for `"euler"`: $(x, \ell) + h\, g(t, x)$;
# * for `"rk4"`, the classical Runge-Kutta method: $(x, \ell) + \frac{h}{6} (g_1 + 2 g_2 + 2 g_3 + g_4)$ with
#
# $$g_1 = g(t, x), \quad g_2 = g\bigl(t + \tfrac{h}{2}, x + \tfrac{h}{2} v_1\bigr), \quad
# g_3 = g\bigl(t + \tfrac{h}{2}, x + \tfrac{h}{2} v_2\bigr), \quad g_4 = g(t + h, x + h\, v_3)$$
#
# The field is the expensive part (a network and its traces), so it is called once for each $g$: $n$ times by Euler, $4 n$
# times by Runge-Kutta. Halving the step halves the error of Euler's method and divides that of Runge-Kutta by 16: they are
# of order 1 and 4. For the log-determinant, too, if it is carried along as above.


# %% answer="integrate_flow"
def integrate_flow(
    field: Callable[[float, Tensor], tuple[Tensor, Tensor]],
    x: Tensor,
    t_start: float,
    t_end: float,
    n_steps: int,
    method: str = "rk4",
) -> tuple[Tensor, Tensor]:
    """A continuous flow from t_start to t_end in n_steps equal steps, with its log-determinant (Chen et al. 2018).

    field: field(t, x) with t a number (a float or a 0-d tensor) and x (B, D) returns the velocity (B, D) and the divergence (B,);
    called n_steps times by "euler", 4 n_steps times by "rk4". t_end may be smaller than t_start. n_steps >= 1.
    x: (B, D). Returns z: (B, D), the points at t_end, and log_det: (B,), that of dz/dx: the integral of the divergence over t from
    t_start to t_end along the path (so its sign turns with the direction). Both by the same method.
    Raises ValueError for another method, and for n_steps < 1.
    """
    ### BEGIN SOLUTION
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det
    ### END SOLUTION


# %% check="integrate_flow"
@visible_checks("integrate_flow")
def _():
    calls = []

    def field(t, x):  # grows all lengths at the rate 1
        calls.append(t)
        return x, torch.full_like(x[:, 0], 2.0)

    x = torch.tensor([[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]])
    z, log_det = integrate_flow(field, x, 0.0, 1.0, 2, "euler")
    assert torch.allclose(z, 2.25 * x), "two steps of Euler, each times 1 + 1/2"
    assert log_det.shape == (3,), (
        f"log_det has one number per sample, shape (3,); yours has {tuple(log_det.shape)}"
    )
    assert torch.allclose(log_det, torch.tensor(2.0)), (
        "a divergence of 2 for a time of 1 gives a log-determinant of 2"
    )
    assert len(calls) == 2, f"two steps of Euler call the field twice; yours: {len(calls)} times"
    calls.clear()
    z, _ = integrate_flow(field, x, 0.0, 1.0, 4, "rk4")
    assert len(calls) == 16, (
        f"four steps of Runge-Kutta call the field 16 times; yours: {len(calls)} times"
    )
    assert torch.allclose(z, math.e * x, rtol=1e-4), "the exact solution at t = 1 is e times x"
    assert calls[1] == calls[2] == 0.125 and calls[3] == calls[4] == 0.25, (
        "within a step of 1/4, Runge-Kutta looks at its start, twice at its middle, and at its end"
    )
    back, log_det = integrate_flow(field, x, 1.0, 0.0, 4, "rk4")
    assert torch.allclose(back, x / math.e, rtol=1e-3) and torch.allclose(
        log_det, torch.tensor(-2.0)
    ), "backwards in time, lengths shrink and the log-determinant is negative"


# %% [markdown]
# The pictures use a field whose flow is known: $v(x) = A x$ turns and stretches, the point at time 1 is $e^A x$ and the
# log-determinant is $\operatorname{tr} A$ exactly. On the left are the errors of both solvers over the number of steps, on
# logarithmic axes. Look for the slopes, -1 and -4, and compare the two at an equal number of *calls* (four for each step of
# Runge-Kutta). On the right is what the flow of a field that swirls does to a square of points over time.


# %% train="solver_pictures"
@picture
def _():
    matrix = torch.tensor([[0.5, -3.0], [2.0, -0.2]], dtype=torch.float64)

    def linear(t, x):
        return x @ matrix.T, matrix.trace().expand(len(x))

    def swirl(t, x):  # the speed of turning depends on the distance from the origin
        speed = 4 * torch.exp(-x.square().sum(1, keepdim=True) / 2)
        return speed * torch.stack([-x[:, 1], x[:, 0]], 1) - 0.3 * x, torch.full_like(x[:, 0], -0.6)

    torch.manual_seed(0)
    x = torch.randn(100, 2, dtype=torch.float64)
    exact = x @ torch.linalg.matrix_exp(matrix).T
    numbers = [2**i for i in range(11)]
    figure = plt.figure(figsize=(13, 3.4), layout="constrained")
    panels = figure.subplots(1, 5, gridspec_kw={"width_ratios": [1.5, 1, 1, 1, 1]})
    for method in ("euler", "rk4"):
        errors = [
            (integrate_flow(linear, x, 0.0, 1.0, n, method)[0] - exact).abs().max() for n in numbers
        ]
        panels[0].loglog(numbers, errors, "o-", label=method)
    panels[0].set(title="Error at t = 1", xlabel="steps", ylabel="largest error")
    panels[0].legend()
    side = torch.linspace(-1.5, 1.5, 40, dtype=torch.float64)
    square = torch.cartesian_prod(side, side)
    for axes, end in zip(panels[1:], (0.0, 0.3, 0.7, 1.5), strict=True):
        moved = square if end == 0 else integrate_flow(swirl, square, 0.0, end, 40)[0]
        axes.scatter(*moved.T, c=square[:, 0], s=2, cmap="coolwarm")
        axes.set(title=f"t = {end}", xlim=(-1.8, 1.8), ylim=(-1.8, 1.8), aspect="equal")
    plt.show()


# %% [markdown]
# ### Residual layers
#
# One step of Euler, $y = x + g(x)$, is a residual layer. If $g$ is a contraction, $\lVert g(x) - g(x') \rVert \le
# L \lVert x - x' \rVert$ with $L < 1$, the layer is invertible without any mask or split (Behrmann et al. 2019). The
# inverse has no formula, but $x = y - g(x)$ is a fixed point, and by Banach's theorem the iteration
#
# $$x_0 = y, \qquad x_{i+1} = y - g(x_i)$$
#
# finds it from any start, with an error that shrinks at least by the factor $L$ in each iteration. (The log-determinant of
# such a layer is a series of traces. It is a matter for the theory.)


# %% answer="residual_inverse"
def residual_inverse(
    g: Callable[[Tensor], Tensor], y: Tensor, n_iterations: int, x_init: Tensor | None = None
) -> Tensor:
    """The x with x + g(x) = y, by n_iterations of the fixed-point iteration (Behrmann et al. 2019, algorithm 1).

    g: maps (B, D) to (B, D), row by row; called once per iteration. (It should be a contraction; nobody has to check that.)
    y: (B, D). n_iterations >= 0. x_init: the start, (B, D); None means y.
    Returns x after just n_iterations: (B, D), the start's values for 0. Gradients are those of the iterations as they are written.
    """
    ### BEGIN SOLUTION
    x = y if x_init is None else x_init
    for _ in range(n_iterations):
        x = y - g(x)
    return x
    ### END SOLUTION


# %% check="residual_inverse"
@visible_checks("residual_inverse")
def _():
    calls = []

    def half(x):
        calls.append(len(x))
        return x / 2

    y = torch.tensor([[3.0, -6.0], [0.0, 1.5]])
    assert torch.equal(residual_inverse(half, y, 0), y), "the iteration starts at y"
    x = residual_inverse(half, y, 1)
    assert torch.allclose(x, y / 2), "one iteration from y gives y - g(y)"
    x = residual_inverse(half, y, 30)
    assert torch.allclose(x, y / 1.5, atol=1e-5), "x + x / 2 = y has the solution y / 1.5"
    assert len(calls) == 31, "g is called once per iteration"
    assert torch.allclose(residual_inverse(half, y, 1, torch.zeros(2, 2)), y), (
        "from a start of zeros, the first iteration gives y - g(0): here y"
    )


# %% [markdown]
# The picture shows the error over the iterations for $g(x) = L\, Q \tanh(P x)$ with orthogonal matrices $P$ and $Q$, whose
# Lipschitz constant is $L$. The grey lines are $L^i$ times the first error: the theory's bound, which is sharp here as long
# as tanh is nearly linear. Look at what happens for $L = 1.5$.


# %% train="residual_picture"
@picture
def _():
    torch.manual_seed(1)
    one, two = (torch.linalg.qr(torch.randn(8, 8, dtype=torch.float64)).Q for _ in range(2))
    x = 0.3 * torch.randn(200, 8, dtype=torch.float64)
    _, axes = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    for constant in (0.3, 0.6, 0.9, 1.5):

        def g(x, constant=constant):
            return constant * torch.tanh(x @ one) @ two

        y = x + g(x)
        errors = [float((residual_inverse(g, y, n) - x).norm(dim=1).max()) for n in range(31)]
        axes.semilogy(errors, "o-", markersize=3, label=f"L = {constant}")
        if constant < 1:
            axes.semilogy([errors[0] * constant**n for n in range(31)], color="silver", zorder=0)
    axes.set(
        title="Inverse of a residual layer by fixed point",
        xlabel="iterations",
        ylabel="largest error",
        ylim=(1e-16, 10),
    )
    axes.legend()
    plt.show()


# %% [markdown]
# # Part two: experiments
#
# ## 4. Experiment: splines and autoregressive layers on rings, a continuous flow on moons
#
# Now your functions compete. The data are points of three rings, blurred by a little noise. The density is known, and so is
# its entropy: the negative log-likelihood that no model can beat. A flow's excess over it is its Kullback-Leibler divergence
# from the data. The flows have about as many weights as each other, about 5,000, and each is trained with three seeds: a
# difference that is not larger than the spread over seeds is none. The continuous flow, whose iterations cost several times
# as much, gets an easier target, two moons. You write what makes layers of your functions; locked cells train and draw; at
# the end you say in words what came out. The points lie in that analysis, and a person grades it
# with your figures in view, so hand the notebook in **with its outputs**.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.
# Part two takes about five minutes on two cores.

# %% train="race_setup"
from pathlib import Path

from safetensors.torch import load_file

from dgm import plots
from dgm.nets import mlp, n_parameters
from dgm.plane import rings, two_moons
from dgm.training import (
    Settings,
    adam,
    evaluate,
    evaluating,
    keep,
    over_seeds,
    seed_everything,
    train,
)

settings = Settings()
device = settings.device
circles, moons = rings(), two_moons()
N_BINS, N_SOLVER_STEPS = 8, 4
print(f"training on {device}{', fast mode' if settings.fast else ''}, scale {settings.scale:g}")
for plane in (circles, moons):
    print(f"entropy of the {plane.name}: {plane.entropy:.3f} nats")

# %% [markdown]
# **Write the spline flow.** It is a coupling flow of the plane, with your spline in place of an affine map. In layer
# $l = 0, 1, \dots$ the component $l \bmod 2$ stays as it is; a network computes from it the widths, heights and derivatives
# of a spline (`bound` 3), and that bends the other component. The network of each layer maps `(B, 1)` to `(B, 3 K - 1)`:
# $K$ widths, $K$ heights, $K - 1$ derivatives, side by side. The inverse goes through the layers backwards.


# %% answer="spline_flow"
def spline_flow(networks: Sequence[nn.Module], x: Tensor, n_bins: int) -> tuple[Tensor, Tensor]:
    """A coupling flow of the plane by splines: (B, 2) -> z (B, 2), log_det (B,)."""
    ### BEGIN SOLUTION
    z, log_det = x, x.new_zeros(len(x))
    for layer, network in enumerate(networks):
        kept, bent = z[:, layer % 2], z[:, 1 - layer % 2]
        parameters = network(kept[:, None]).split([n_bins, n_bins, n_bins - 1], 1)
        bent, more = spline_forward(bent, *parameters)
        z = torch.stack([bent, kept] if layer % 2 else [kept, bent], 1)
        log_det = log_det + more
    return z, log_det
    ### END SOLUTION


# %% answer="spline_flow_inverse"
def spline_flow_inverse(networks: Sequence[nn.Module], z: Tensor, n_bins: int) -> Tensor:
    """The inverse of spline_flow: (B, 2) -> (B, 2)."""
    ### BEGIN SOLUTION
    x = z
    for layer in reversed(range(len(networks))):
        kept, bent = x[:, layer % 2], x[:, 1 - layer % 2]
        parameters = networks[layer](kept[:, None]).split([n_bins, n_bins, n_bins - 1], 1)
        bent = spline_inverse(bent, *parameters)
        x = torch.stack([bent, kept] if layer % 2 else [kept, bent], 1)
    return x
    ### END SOLUTION


# %% [markdown]
# **Train** both on the negative log-likelihood. The MAF needs nothing new: its stack is your `reversed_maf`, its networks
# are the `Made` from above. **Look for** which of the two comes nearer to the entropy, the spread over seeds, and the time
# that an iteration takes.


# %% train="race_training"
def standard_normal(z):
    return torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1)


class SplineFlow(nn.Module):
    def __init__(self):
        super().__init__()
        width = settings.width(24)
        self.networks = nn.ModuleList(
            mlp([1, width, width, 3 * N_BINS - 1], nn.SiLU) for _ in range(4)
        )
        for network in self.networks:
            network[-1].weight.data.mul_(0.1)

    def forward(self, x):
        z, log_det = spline_flow(self.networks, x, N_BINS)
        return standard_normal(z) + log_det

    def sample(self, z):
        return spline_flow_inverse(self.networks, z, N_BINS)


class MAF(nn.Module):
    def __init__(self):
        super().__init__()
        self.order = torch.arange(2)
        width = settings.width(26)
        self.conditioners = nn.ModuleList(Made(self.order, [width, width]) for _ in range(6))

    def forward(self, x):
        return reversed_maf(list(self.conditioners), x)[1]

    def sample(self, z):
        for layer in reversed(range(len(self.conditioners))):
            z = maf_sample(self.conditioners[layer], z, self.order)
            z = z.flip(1) if layer else z
        return z


def n_weights(flow):
    """Weights that are in use: not those that a mask takes away."""
    if isinstance(flow, MAF):
        return sum(
            int(mask.sum()) + layer.bias.numel()
            for made in flow.conditioners
            for mask, layer in zip(made.masks, made.layers, strict=True)
        )
    return n_parameters(flow)


def fit_flow(name, flow, plane, n_iterations, lr, seed):
    """Train a flow on points of the plane and set it to evaluation.

    Returns the losses, and the milliseconds that an iteration took.
    """
    n_iterations = settings.iterations(n_iterations)
    optimizer = adam(flow, lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_iterations)
    points = plane.sample(50_000, seed=seed).to(device)

    def step(i):
        loss = -flow(points[torch.randint(len(points), (256,), device=device)]).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(flow.parameters(), 10.0)
        optimizer.step()
        schedule.step()
        return {"nats": loss}

    start = time.perf_counter()
    history = train(step, n_iterations, description=name)
    flow.eval()
    return history, 1000 * (time.perf_counter() - start) / n_iterations


def nats(flow, plane):
    """Negative log-likelihood of new points, per point."""
    return -float(evaluate(flow, plane.sample(4000, seed=99).to(device), portion=1000).mean())


RACE = {"spline coupling": (SplineFlow, 800, 5e-3), "MAF": (MAF, 1500, 3e-3)}
flows, curves = {}, {}


def race(name, seed):
    """One flow from one seed; that of seed 0 is kept."""
    make, n_iterations, lr = RACE[name]
    flow = make().to(device)
    history, milliseconds = fit_flow(
        f"{name}, seed {seed}", flow, circles, n_iterations, lr, seed + 1
    )
    if seed == 0:
        flows[name], curves[name] = flow, history
    return {"nats": nats(flow, circles), "milliseconds": milliseconds}


results = {
    name: over_seeds(lambda seed, name=name: race(name, seed), range(3), description=name)
    for name in RACE
}
for name, found in results.items():
    excess = found["nats"] - circles.entropy
    print(
        f"{name:16} {n_weights(flows[name]):,} weights, {found['milliseconds'].mean():.0f} ms an"
        f" iteration, excess over the entropy: {excess.mean():.3f} nats ({excess.min():.3f} to"
        f" {excess.max():.3f})"
    )
for name, flow in flows.items():
    keep(f"rings_{name.split()[0].lower()}", flow)
plots.loss_curves(curves, "Negative log-likelihood of the batches (seed 0)", ylabel="nats")

# %% [markdown]
# The next figure compares the two with the planar and the affine coupling flows of the notebook `density`, if you have run it:
# they had the same rings for a target. The dashed line is the entropy. Below are the densities (on the left the data's own),
# samples from each flow's inverse, and what the forward direction makes of the plane.

# %% train="race_pictures"
shown = {
    f"{name}, {n_weights(flows[name]):,} weights": found["nats"] for name, found in results.items()
}
earlier = Path("artifacts/density_comparison.safetensors")
if earlier.is_file():
    kept = {name: values for name, values in load_file(earlier).items() if values.ndim == 1}
    shown = {f"{name.replace('_', ' ')} weights": v.numpy() for name, v in kept.items()} | shown
else:
    print("no planar and affine flows here: artifacts/density_comparison.safetensors is missing")
plots.show_spread(shown, "Rings: three seeds each", xlabel="nats per point", best=circles.entropy)
plots.show_densities(
    {"data": circles.log_density, **flows}, "Densities (seed 0)", extent=2.6, device=device
)
torch.manual_seed(0)
noise = torch.randn(2000, 2, device=device)
with torch.no_grad():
    samples = {name: flow.sample(noise) for name, flow in flows.items()}
plots.show_points(
    {"data": circles.sample(2000, seed=1), **samples}, "2,000 samples each", extent=2.6
)
plots.show_moved_grid(
    {
        "spline coupling": lambda x: spline_flow(flows["spline coupling"].networks, x, N_BINS)[0],
        "MAF": lambda x: reversed_maf(list(flows["MAF"].conditioners), x)[0],
    },
    "What becomes of a square grid",
    extent=3.2,
    device=device,
)

# %% [markdown]
# **Write the continuous flow**, with your `integrate_flow` and `hutchinson_trace`. The network maps `(B, 3)`, a point and the
# time beside it, to the velocity `(B, 2)`. The forward direction runs from time 0 (data) to time 1 (noise), the inverse
# from 1 to 0. The probes stay the same for the whole path of a batch (Grathwohl et al. 2019): then the divergence is a
# smooth function of time, as a solver wants it.


# %% answer="continuous_flow"
def continuous_flow(
    net: nn.Module,
    x: Tensor,
    probes: Tensor,
    n_steps: int,
    method: str = "rk4",
    t_start: float = 0.0,
    t_end: float = 1.0,
) -> tuple[Tensor, Tensor]:
    """A continuous flow of the plane: (B, 2) -> (B, 2), log_det (B,). probes: (K, B, 2)."""

    ### BEGIN SOLUTION
    def field(t: float, x: Tensor) -> tuple[Tensor, Tensor]:
        return hutchinson_trace(
            lambda x: net(torch.cat([x, torch.full_like(x[:, :1], t)], 1)), x, probes
        )

    return integrate_flow(field, x, t_start, t_end, n_steps, method)
    ### END SOLUTION


# %% [markdown]
# **Train it** on two moons, with a single probe of $\pm 1$ in training, and the exact trace when it is judged. **Look for** the
# time of an iteration, and in the table for how many solver steps are enough: the flow was trained with four steps of
# Runge-Kutta, and is judged with fewer and with more, and by Euler's method.


# %% train="moons_training"
class ContinuousFlow(nn.Module):
    def __init__(self):
        super().__init__()
        width = settings.width(66)
        self.net = mlp([3, width, width, 2], nn.Tanh)
        self.solver = N_SOLVER_STEPS, "rk4"

    def forward(self, x):
        shape = (1, *x.shape) if self.training else (2, *x.shape)
        if self.training:
            probes = 2.0 * torch.randint(2, shape, device=x.device) - 1.0
        else:  # the exact trace
            probes = math.sqrt(2) * torch.eye(2, device=x.device)[:, None].expand(shape)
        z, log_det = continuous_flow(self.net, x, probes, *self.solver)
        return standard_normal(z) + log_det

    def sample(self, z, until=0.0):
        probes = torch.ones(1, *z.shape, device=z.device)  # nobody needs the divergence here
        return continuous_flow(self.net, z, probes, *self.solver, 1.0, until)[0]


seed_everything(0)
continuous = ContinuousFlow().to(device)
moons_history, milliseconds = fit_flow("continuous flow", continuous, moons, 450, 1e-2, 1)
keep("moons_continuous", continuous)
print(
    f"{n_weights(continuous):,} weights, {milliseconds:.0f} ms an iteration,"
    f" excess over the entropy: {nats(continuous, moons) - moons.entropy:.3f} nats"
)
for method, numbers in {"rk4": (1, 2, 4, 8, 16), "euler": (4, 16, 64)}.items():
    for number in numbers:
        continuous.solver = number, method
        print(f"{method:5} {number:3} steps: {nats(continuous, moons) - moons.entropy:8.4f} nats")
continuous.solver = 16, "rk4"
plots.loss_curves({"continuous flow": moons_history}, "Two moons", ylabel="nats")
plots.show_densities(
    {"data": moons.log_density, "continuous flow": continuous},
    "Densities",
    extent=2.2,
    device=device,
)

# %% [markdown]
# And the way of the particles: what the flow makes of noise over time, from $t = 1$ to $t = 0$. The colour of a particle is
# the quadrant in which it starts.

# %% train="particles"
with torch.no_grad():
    path = {
        f"t = {t:g}": noise if t == 1 else continuous.sample(noise, until=t)
        for t in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)
    }
quadrant = (noise[:, 0] > 0) + 2 * (noise[:, 1] > 0).long()
plots.show_points(
    path, "Particles of the continuous flow", extent=2.6, labels=dict.fromkeys(path, quadrant)
)

# %% [markdown]
# **Analysis** (8 points). (a) How near do the spline and the autoregressive flow come to the entropy of the rings with their
# 5,000 weights, and is the order certain, given the spread over seeds? Compare with the planar and affine flows of `density`,
# if you have them. (b) Describe the densities and the grids. What does each flow do wrong, and how does that follow from its
# construction? Think of what one layer of each can do to one component, and of the gaps between rings. (c) What does each of
# the three flows cost: to evaluate a density, to draw samples, to train? Give the numbers above and say where they come from.
# (d) The continuous flow is trained with a single probe. Why is the gradient right on average all the same, and why may the
# probes not change from one call of the field to the next? What does the table say about the solver: are four steps enough,
# and what is it that Euler's method gets wrong with as many calls?

# %% [markdown] analysis="density_race"
# ### BEGIN SOLUTION
# (a) The spline coupling flow ends 0.05 to 0.08 nats above the entropy (three seeds, mean 0.063), the MAF 0.71 to 0.72 (mean
# 0.713). The spread over seeds is 0.03 and 0.02, the difference 0.65: the order is certain. Weights and batches are alike
# (4,892 and 4,860 weights), and the MAF had nearly twice as many iterations. In the plane a layer of a MAF moves one component
# by an affine map whose scale and shift depend on the other, so it is an affine coupling layer, and belongs with the affine
# flows of `density`, not far above them.
#
# (b) The spline flow has three separate rings of about the right widths. Its faults are uneven brightness along the inner ring
# (a dozen bright beads), kinks in the outer ring where it meets the axes, and faint threads between the rings: the traces
# of its two directions. The MAF fills a disc of radius 2.2, brightest in the middle, with a sharp rim and hardly a
# trace of rings: its samples have no gaps. An affine layer shifts and stretches the conditional of one component, which stays
# Gaussian if it was, so that modes can only come from many layers, each of which bends what earlier ones have made; these six
# got as far as the rim. A spline with eight bins squeezes and stretches different parts of the axis differently, so that one layer
# already makes several modes (the third spline picture). Its grid shows it: narrow bands of lines at the rings, wide meshes
# between. No flow can tear the plane, so the gaps are only places of small density: the mesh is stretched there, but
# no line ends.
#
# (c) Density: both discrete flows need one pass per layer. Samples: the spline flow the same again, since its inverse is as
# cheap; the MAF D = 2 passes per layer, which is harmless in the plane and not with 256 pixels. The continuous flow needs
# 4 n = 16 calls of its network in either direction, each with a vector-Jacobian product for the trace. An iteration of the
# MAF is the cheapest (about 7 ms of one core), the spline's costs two to three times as much (17 ms: some forty small
# operations per spline), the continuous flow's seven times (about 55 ms), because all 16 calls are differentiated
# twice. The same time would buy the MAF eight times as many iterations, which its nearly level curve would not use.
#
# (d) The estimate of the trace is unbiased for each state, and the log-likelihood is linear in it, so the expectation of the
# gradient is the gradient with the exact trace. The probes add noise, which averages out over batches as the noise
# of the batches does (the curve is rough, and it still falls from 2.1 to 1.15). With new probes at each call the divergence
# would jump from stage to stage, and the order of the solver, which lives on smooth functions of time, would be lost.
# The table: with 1, 2, 4, 8 and 16 steps of Runge-Kutta the excess is 0.077, 0.117, 0.1236, 0.1241 and 0.1242 nats, so four
# steps are enough (off by 0.0006), two not quite. Euler with the 16 calls of four such steps gives 0.036, with 64 calls 0.10,
# with 4 calls -0.149: better than the entropy, which no density can be. It is none: the points and the integral of the
# divergence are both off, and the log-determinant no longer belongs to the map that is computed.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: names the order of the flows by their excess over the entropy, with numbers.
# - 1 point: judges the difference by the spread over seeds.
# - 1 point: describes faults seen in the densities or grids: bridges between rings, gaps in a ring, uneven or blurred rings.
# - 1 point: explains them by the construction: an affine layer keeps each conditional Gaussian, so that several modes need many
#   layers; a spline bends one component into several modes at once; no flow can tear the plane, so gaps cost steep maps.
# - 1 point: costs: a MAF takes one pass per layer for the density and D passes for samples; spline coupling one pass for either;
#   a continuous flow 4 n calls of the network with a trace for either.
# - 1 point: connects the milliseconds of an iteration with these numbers (16 calls, each differentiated twice).
# - 1 point: the estimate is unbiased and the loss linear in it, so gradients are right on average and its noise averages out
#   over batches; with new probes at every call the divergence is no smooth function of time, and the solver's order is lost.
# - 1 point: reads the table: from some number of Runge-Kutta steps on nothing changes; Euler at an equal number of calls is off,
#   and its number is no likelihood of the map that it computes.
# ### END MARK SCHEME

# %% [markdown]
# ## 5. Experiment: exact inverse against optimisation
#
# To edit an image with a generative model, you need its code. A GAN has to search for it, by gradient descent from a random
# start, and finds an image that is *near*. A flow has the code at once: $z = f(x)$, and $f^{-1}(z)$ is the image itself.
# Does that make flows better at inversion? You train both on digits of 16 x 16 pixels, one minute each, and invert three
# kinds of images: digits that neither has seen, digits with black and white exchanged, and faces.
#
# A little normal noise is added to the pixels (standard deviation 0.05, which one hardly sees). Otherwise the pixels that
# are always black would have an infinite density. The flow sees images as rows of 256 numbers, minus their mean over the
# training set and divided by 0.25.
#
# **Write both directions of the flow**: a stack as in `reversed_maf`, and its inverse by `maf_sample`. Mind the order of
# the layers and of the reversals.


# %% answer="flow_encode"
def flow_encode(conditioners: Sequence[nn.Module], x: Tensor) -> tuple[Tensor, Tensor]:
    """Rows (B, D) -> codes z (B, D), and log p(x) (B,)."""
    ### BEGIN SOLUTION
    return reversed_maf(list(conditioners), x)
    ### END SOLUTION


# %% answer="flow_decode"
def flow_decode(conditioners: Sequence[nn.Module], z: Tensor) -> Tensor:
    """Codes (B, D) -> rows x (B, D): the inverse of flow_encode."""
    ### BEGIN SOLUTION
    order = torch.arange(z.shape[1], device=z.device)
    x = z
    for layer in reversed(range(len(conditioners))):
        x = maf_sample(conditioners[layer], x, order)
        if layer:
            x = x.flip(1)
    return x
    ### END SOLUTION


# %% [markdown]
# **Write the search through the GAN**, as in the notebook `inversion` of the second assignment (you may use what you wrote
# there): Adam on the code, with $\lVert G(z) - x \rVert^2$, summed over pixels and images, for the loss. The generator is in
# evaluation mode already. Return also the errors on the way, for the curve.


# %% answer="search_code"
def search_code(
    generator: nn.Module, x: Tensor, z_init: Tensor, n_steps: int, lr: float
) -> tuple[Tensor, list[Tensor]]:
    """Codes whose images are near x, from z_init (B, K), by n_steps of Adam.

    Returns z (B, K) without a graph, and for each step the root of the mean squared error of each image before it, (B,).
    """
    ### BEGIN SOLUTION
    z, errors = z_init.clone().requires_grad_(), []
    optimizer = torch.optim.Adam([z], lr=lr)
    for _ in range(n_steps):
        squares = (generator(z) - x).square().flatten(1)
        errors.append(squares.detach().mean(1).sqrt())
        (z.grad,) = torch.autograd.grad(squares.sum(), z)
        optimizer.step()
    return z.detach(), errors
    ### END SOLUTION


# %% [markdown]
# **Train the flow.** The loss is the negative log-likelihood in nats per pixel (of the scaled numbers, so it may be
# negative). **Look for** the gap between training and test digits, and at the samples: independent noise, a broken stroke,
# a digit?

# %% train="digit_flow"
import copy

from dgm.data import batches, load_digits
from dgm.faces import draw_faces, sample_faces
from dgm.models import Discriminator, Generator

SIZE, NOISE, SCALE = 16, 0.05, 0.25
x_train, _ = load_digits("train", size=SIZE)
x_test, y_test = load_digits("test", size=SIZE)
x_train, x_test = x_train.to(device), x_test.to(device)
mean_image = x_train.mean(0)


def noisy(images):
    return images + NOISE * torch.randn_like(images)


def rows_of(images):
    return ((images - mean_image) / SCALE).flatten(1)


def images_of(rows):
    return rows.unflatten(1, (1, SIZE, SIZE)) * SCALE + mean_image


seed_everything(0)
digit_flow = nn.ModuleList(Made(torch.arange(SIZE**2), [settings.width(320)]) for _ in range(3)).to(
    device
)
N_ITERATIONS = settings.iterations(1500)
optimizer = adam(digit_flow, lr=2e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, N_ITERATIONS)
stream = batches(x_train, 64)


def flow_step(i):
    log_prob = flow_encode(digit_flow, rows_of(noisy(next(stream))))[1]
    loss = -log_prob.mean() / SIZE**2
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(digit_flow.parameters(), 5.0)
    optimizer.step()
    schedule.step()
    return {"nats per pixel": loss}


flow_history = train(flow_step, N_ITERATIONS, description="MAF of digits")
keep("maf_digits", digit_flow)
with torch.no_grad():
    for name, images in {"training": x_train[:1000], "test": x_test}.items():
        nats = -flow_encode(digit_flow, rows_of(noisy(images)))[1].mean() / SIZE**2
        print(f"{name} digits: {nats:.3f} nats per pixel")
    samples = images_of(flow_decode(digit_flow, 0.8 * torch.randn(16, SIZE**2, device=device)))
plots.loss_curves({"MAF": flow_history}, "Training the flow", ylabel="nats per pixel")
plots.show_grids(
    {"digits with noise": noisy(x_test[:16]), "samples, temperature 0.8": samples},
    "What the flow was shown, and what it draws",
)

# %% [markdown]
# **Train the GAN**: a small DCGAN of the kit with a code of 32 numbers, for about as long. (One step of the discriminator, one
# of the generator, with the non-saturating loss of the second assignment.)

# %% train="digit_gan"
seed_everything(1)
N_LATENT = 32
generator = Generator(N_LATENT, SIZE, 1, settings.width(24)).to(device)
discriminator = Discriminator(SIZE, 1, settings.width(16)).to(device)
optimizers = [
    adam(generator, lr=1e-3, betas=(0.5, 0.999)),
    adam(discriminator, lr=5e-4, betas=(0.5, 0.999)),
]
gan_stream = batches(x_train, 64)


def gan_step(i):
    fake = generator(torch.randn(64, N_LATENT, device=device))
    d_loss = (
        F.softplus(-discriminator(noisy(next(gan_stream)))).mean()
        + F.softplus(discriminator(noisy(fake.detach()))).mean()
    )
    optimizers[1].zero_grad()
    d_loss.backward()
    optimizers[1].step()
    g_loss = F.softplus(-discriminator(noisy(fake))).mean()
    optimizers[0].zero_grad()
    g_loss.backward()
    optimizers[0].step()
    return {"discriminator": d_loss, "generator": g_loss}


gan_history = train(gan_step, settings.iterations(1200), description="GAN of digits")
keep("gan_digits", generator)
with evaluating(generator):
    fakes = generator(torch.randn(32, N_LATENT, device=device))
plots.show_images(fakes, "Samples of the GAN", n_columns=16)

# %% [markdown]
# **Invert** eight images of each kind. For the GAN, the better of two starts counts. The errors are root mean squares over
# the pixels, whose range is $[-1, 1]$; the flow's is measured twice, in float32 and in float64. **Look for** what the flow
# does with images that are no digits, and what the GAN draws in their place. Below each kind stand the flow's log-density
# (per pixel, so that differences of a tenth matter) and the length of its code, divided by the root of its 256 components:
# about 1 for noise.

# %% train="inversion"
seed_everything(2)
faces = draw_faces(sample_faces(8, seed=5))
faces = F.interpolate(faces.mean(1, keepdim=True), size=SIZE, mode="area").to(device)
first = torch.stack([(y_test == digit).nonzero()[0, 0] for digit in range(8)])
kinds = {"digits": x_test[first], "inverted digits": -x_test[first], "faces": faces}
kinds = {name: noisy(images) for name, images in kinds.items()}
N_SEARCH = settings.iterations(400)
pictures, curves, table = {}, {}, []
generator.eval()
for name, images in kinds.items():
    with torch.no_grad():
        start = time.perf_counter()
        codes, log_prob = flow_encode(digit_flow, rows_of(images))
        encode_s = time.perf_counter() - start
        decoded = images_of(flow_decode(digit_flow, codes))
        decode_s = time.perf_counter() - start - encode_s
        exact = copy.deepcopy(digit_flow).double()
        wide = rows_of(images).double()
        again = flow_decode(exact, flow_encode(exact, wide)[0])
    start = time.perf_counter()
    twice = torch.cat([images, images])
    z, errors = search_code(
        generator, twice, torch.randn(len(twice), N_LATENT, device=device), N_SEARCH, 0.1
    )
    search_s = time.perf_counter() - start
    with torch.no_grad():
        found = generator(z)
        off = (found - twice).square().flatten(1).mean(1).view(2, -1)
        best = off.argmin(0)
        found = found.view(2, len(images), *found.shape[1:])[best, torch.arange(len(images))]
    curves[name] = torch.stack(errors).view(len(errors), 2, -1).amin(1).mean(1).cpu()
    pictures |= {name: images, f"{name}: flow": decoded, f"{name}: GAN": found}
    table.append(
        f"{name:16} flow {float((decoded - images).square().mean().sqrt()):.1e} (float64"
        f" {float((again - wide).square().mean().sqrt() * SCALE):.1e}), GAN"
        f" {float(off.amin(0).mean().sqrt()):.3f};"
        f" seconds: encode {encode_s:.3f}, decode {decode_s:.1f}, search {search_s:.1f};"
        f" log-density {float(log_prob.mean()) / SIZE**2:.3g} per pixel,"
        f" length of code {float((codes.norm(dim=1) / SIZE).mean()):.3g}"
    )
print(*table, sep="\n")
plots.show_rows(pictures, "Images, and what their codes give back")

# %% train="inversion_curves"
_, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for name, errors in curves.items():
    axes.plot(errors, label=f"GAN, {name}")
axes.set(title="Search through the GAN", xlabel="step of Adam", ylabel="root mean squared error")
axes.set(yscale="log")
axes.legend()
plt.show()

# %% [markdown]
# What can one do with a code? The last picture goes half of the way from one image's code to the next one's, in the flow and
# in the GAN, for the digits above.

# %% train="between_codes"
with torch.no_grad():
    codes = flow_encode(digit_flow, rows_of(kinds["digits"]))[0]
    halfway = (codes[:-1] + codes[1:]) / math.sqrt(2)  # as long as a code, on average
    by_flow = images_of(flow_decode(digit_flow, halfway))
z, _ = search_code(
    generator, kinds["digits"], torch.zeros(8, N_LATENT, device=device), N_SEARCH, 0.1
)
with torch.no_grad():
    by_gan = generator((z[:-1] + z[1:]) / 2)
plots.show_rows(
    {
        "one": kinds["digits"][:-1],
        "halfway: flow": by_flow,
        "halfway: GAN": by_gan,
        "the next": kinds["digits"][1:],
    },
    "Between two codes",
)

# %% [markdown]
# **Analysis** (8 points). (a) Compare the two inversions of digits: error, time, and what the time goes into. In which sense is
# the flow's inverse exact, and what limits it in practice? (b) What does each model do with inverted digits and with faces?
# Why does the flow reproduce an image that it has never seen anything like, and is that a merit? (c) What do the flow's
# log-density and the length of the code say about the three kinds of images? What would the GAN offer in their place? (d) An
# image is to be edited through its code. Which of the two models would you take, and what speaks against it? Use the last
# picture.

# %% [markdown] analysis="flow_inversion"
# ### BEGIN SOLUTION
# (a) Digits: the flow gives them back with an error of 8e-8 in float32, which is rounding, and 2e-16 in float64. The GAN's
# error is 0.13 after 400 steps; 0.05 of it is the noise, which it cannot draw. By eye its digits are the right ones, a little
# thinner and smoother. Encoding takes the flow 0.02 s for eight images: one pass through three networks. Decoding takes a
# few seconds (3 to 6 s on a busy core), because a MAF needs 256 passes per layer, 768 in all. The search takes the GAN 15 to
# 24 s there: 400 passes forward and backward for two starts, and it is still creeping down at the end. A coupling flow would
# decode as fast as it encodes. Exact is a statement about real numbers: decoding multiplies rounding errors by the slopes of
# the inverse, and layers pass them on. For digits the slopes are harmless.
#
# (b) The flow gives back inverted digits and faces too, to the eye without a fault, though the errors are 2e-2 and 8e-3 in
# float32: 100,000 times those of the digits, because the codes are far outside of what the networks were trained on and
# the slopes there are large. In float64 they are 7e-10 and 8e-12, so the formula is right and the arithmetic was not. The GAN
# finds nothing: errors of 1.57 and 1.12 hardly fall during the search, and it draws blots of white strokes on black
# where it should be white or grey, as bright as its digits allow. It can only draw what it has learnt. The flow is a
# bijection: every image has a code, and the code has the image, whatever the flow was trained on (the untrained flow of the
# fast mode does it as well). So perfect reconstruction is no merit of the training, and says nothing about whether
# the model knows what it sees; the GAN's error does say that.
#
# (c) Log-density per pixel: -0.40 for digits (test set: -0.42, training set -0.38), -9e7 for inverted digits, -3e7 for
# faces. Length of the code, divided by the root of 256: 1.05, 13,500 and 7,200. The flow knows very well what it has
# seen; it says so by the density and not by the reconstruction. Such numbers should not be read as more than "far outside":
# white where a pixel has always been black is 40 standard deviations away, and layers multiply that. (The likelihood of
# *natural* images is less clear a witness: see the notebook `images`.) The GAN has no density. The error of its
# reconstruction stands in for it: 0.13 against 1.1 and 1.6, with the reservation that a search may also fail for a digit; or
# one asks the discriminator, which was trained for something else.
#
# (d) Halfway between two codes the flow draws blurred mixtures with loose pixels, sometimes a digit (the fourth looks like a
# 4, the sixth like a 6), and the noise of both images. The GAN draws clean strokes that are digits more often (1, 3, 8 or 9,
# 6). Its 32 numbers all stand for digits, while most of the flow's 256 stand for the noise of single pixels, and half
# a minute's training has not put much meaning into the others. For an edit of a digit I would take the GAN, if the
# error of 0.13 is acceptable: what its code cannot hold is lost, such as the slant of this very stroke. If every pixel that
# is not edited has to stay, the flow is the only one of the two that promises it.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: errors of both for digits, by their numbers: the flow's at the level of rounding, the GAN's visible.
# - 1 point: times, with the reason: one pass to encode, D passes per layer to decode with a MAF, hundreds of forward and
#   backward passes to search.
# - 1 point: exact is a statement about real numbers; rounding errors are multiplied by the slopes of the inverse, so float32
#   loses digits and float64 shows that the formula is right.
# - 1 point: the flow gives every image back, digits or not; the GAN only what it can draw, so it returns something like
#   strokes or a blur for faces and inverted digits.
# - 1 point: a bijection has a code for every image, so perfect reconstruction says nothing about whether the model knows the
#   image; the GAN's error does say something.
# - 1 point: log-density (and length of the code) tell digits from the others; described with the numbers.
# - 1 point: the GAN has no density; its reconstruction error (or the discriminator) is the substitute.
# - 1 point: editing: a reasoned choice with the halfway pictures: codes of 256 numbers without structure against 32 that the
#   generator turns into digits.
# ### END MARK SCHEME
