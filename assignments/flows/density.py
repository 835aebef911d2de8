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
# # Normalising flows: densities in one and two dimensions
#
# A normalising flow is an invertible function $f$ that turns data into standard normal noise. It is trained by the most
# direct principle there is: make the data likely. Unlike a VAE it computes the likelihood exactly, unlike a GAN it has one
# network and one loss, and its inverse turns noise into samples. The price is that every step must be invertible, with
# a Jacobian determinant that is cheap. In the first part of this notebook you write the parts of such a flow, for numbers
# and for points of the plane, where everything can be drawn. In the second part you train flows on densities that are
# known, so that you can tell how much there is still to learn.
#
# Every question has an **answer cell**, where you replace the line that raises `NotImplementedError`, and below it a
# **check cell**. Run the check cell at once: it says in words what is off. It looks only for the commonest slips of shape
# and sign; the hidden checks that make the grade look at values, gradients and hard inputs too. You may add cells, helper
# functions and imports wherever you like, but don't rename, delete or copy the cells of the questions.

# %% include="first_cell"
import copy
import math
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace

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
# | $z = f(x)$ | `z` | what the flow makes of it: noise, if the flow is good | as `x` |
# | $\log\lvert\det \partial f / \partial x\rvert$ | `log_det` | log of the absolute Jacobian determinant, one number per sample | `(B,)` |
# | $\log p(x)$ | `log_prob` | log-density, one number per sample | `(B,)` |
# | $\epsilon$ | `eps` | standard normal noise, handed to you | as `x` |
# | $m$ | `mask` | 1 for the coordinates that a coupling layer leaves alone, 0 for the others | `(D,)` |
#
# * A flow's **forward** direction goes from data to noise, $z = f(x)$; its **inverse** makes samples, $x = f^{-1}(z)$. Papers
#   and libraries use both directions: check before you compare signs.
# * A **layer** is an object with two methods, `forward(x)`, which returns `(z, log_det)`, and `inverse(z)`, which returns
#   `x`. Its `log_det` is always that of the forward direction. A whole flow is a layer, too.
# * Logarithms are natural: densities and determinants are in **nats**. `log_det` and `log_prob` have one number **per
#   sample**: a sum over the coordinates, never a sum or mean over the batch.
# * **Any way is right**: loops, NumPy, lists and library functions are all fine, as long as device, dtype and gradients come
#   out right. Device and dtype follow the input, and float64 stays float64 on the way. Tensors that you create go on
#   the input's device, for example `torch.zeros_like(x)` or `x.new_zeros(len(x))`. A result with
#   several parts may be a tuple, a named tuple or a list.
# * **Gradients** of a result reach every tensor argument, and through the functions and layers that you are handed, as the
#   formula has them, unless a question says otherwise. They are finite wherever the formula's are. If nothing that goes in
#   needs gradients, the result keeps no graph.
# * **Sizes**: a batch may hold one sample, and a sample one coordinate. Keep the axes that the shapes name (`squeeze()`
#   without an axis takes them away). Inputs need not be contiguous in memory.
# * **Arguments** stay as they were: their values (also behind `.data`), lists, what a layer returns, and whether tensors need
#   gradients. A function keeps nothing from one call for the next.
# * Each question is graded independently: a mistake in one costs nothing in another.

# %% [markdown]
# # Part one: the functions
#
# ## 1. One dimension
#
# ### The density of a transformed number
#
# Let $x$ have the density $p_X$, and let $y = g(x)$ with a function $g$ that is differentiable and monotone: it increases
# everywhere, or it decreases everywhere. The mass in a small interval stays what it is, $p_Y(y) \, \lvert\mathrm{d}y\rvert =
# p_X(x) \, \lvert\mathrm{d}x\rvert$, however much the interval is stretched. With $x = g^{-1}(y)$ this is the *change of
# variables*:
#
# $$\log p_Y(y) = \log p_X\left(g^{-1}(y)\right) + \log \left\lvert \frac{\mathrm{d} g^{-1}}{\mathrm{d} y}(y) \right\rvert$$
#
# The first term looks up where the number came from, the second says how much the neighbourhood was squeezed on its way. You
# are handed $g^{-1}$ as a function. (It leads from data to noise: from section 2 on this direction is called $f$.) Its
# slope comes from autograd. As $g^{-1}$ acts on each number alone, the gradient of the *sum* of its outputs holds all slopes
# at once.
#
# Two things to mind. A log-density is part of a loss, so the slope must be a part of the graph itself: a flow whose slope is
# a constant to autograd learns to squeeze everything together. And densities are often evaluated under `torch.no_grad()`,
# where autograd computes nothing unless it is switched on for the purpose (`torch.enable_grad()`).


# %% answer="pushforward_log_prob"
def pushforward_log_prob(
    y: Tensor, inverse: Callable[[Tensor], Tensor], base_log_prob: Callable[[Tensor], Tensor]
) -> Tensor:
    """Log-density of y = g(x) with x ~ p_X and g monotone: log p_X(g^{-1}(y)) + log |d g^{-1} / d y|, in nats.

    y: points of any shape, () included; inverse: g^{-1}, increasing or decreasing; base_log_prob: log p_X. Both functions are
    differentiable and act on each number of a tensor, of any shape, by itself.
    Returns log p_Y(y), of the shape of y, in the tails as exact as elsewhere. Differentiable in y and in whatever the two
    functions depend on, slope included. Works under torch.no_grad() as well, where the result has no graph; elsewhere it may
    have one even if nothing needs gradients.
    """
    ### BEGIN SOLUTION
    with torch.enable_grad():
        at = y if y.requires_grad else y.detach().requires_grad_()
        x = inverse(at)
        (slope,) = torch.autograd.grad(x.sum(), at, create_graph=True)
    return base_log_prob(x) + slope.abs().log()
    ### END SOLUTION


# %% check="pushforward_log_prob"
@visible_checks("pushforward_log_prob")
def _():
    normal = torch.distributions.Normal(0.0, 1.0).log_prob
    y = torch.linspace(0.1, 4.0, 7)
    value = pushforward_log_prob(y, torch.log, normal)  # y = exp(x)
    assert torch.is_tensor(value) and value.shape == (7,), (
        "one log-density for each point: the result has the shape of y"
    )
    expected = torch.distributions.LogNormal(0.0, 1.0).log_prob(y)
    assert torch.allclose(value, expected, atol=1e-5), (
        "y = exp(x) of a standard normal x is log-normal; your density is another"
    )
    grid = torch.linspace(-10, 10, 2001)
    falling = pushforward_log_prob(grid, lambda y: -y.sinh() / 2, normal).detach()
    assert torch.isfinite(falling).all(), "a decreasing map has a negative slope: take its size"
    assert abs(float(torch.trapezoid(falling.exp(), grid)) - 1) < 1e-3, (
        "a density integrates to one, that of a decreasing map too"
    )
    with torch.no_grad():
        silent = pushforward_log_prob(y, torch.log, normal)
    assert torch.allclose(silent, value), "the value changes under torch.no_grad()"
    at = torch.tensor([0.5, 2.0], requires_grad=True)
    pushforward_log_prob(at, torch.log, normal).sum().backward()
    assert at.grad is not None and torch.allclose(
        at.grad, -(1 + at.detach().log()) / at.detach()
    ), "the gradient in y is not right: is the slope part of the graph?"


# %% [markdown]
# The picture pushes a standard normal variable through three maps. Bars: a histogram of $g(x)$ for many $x$. Line:
# your density. **Look at** the second map, which turns left into right, and at the third: it is steep around $x = 0$ and
# thins the normal's hump out there, so that two humps are left.

# %% train="pushforward_picture"
import matplotlib.pyplot as plt


@picture
def _():
    def solve(y):
        """The x with 4 tanh(x) + 0.3 x = y: found by bisection, then one Newton step, which autograd can differentiate."""
        low, high = torch.full_like(y, -40.0), torch.full_like(y, 40.0)
        with torch.no_grad():
            for _ in range(60):
                middle = (low + high) / 2
                below = 4 * middle.tanh() + 0.3 * middle < y
                low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        x = (low + high) / 2
        slope = 4 / x.cosh() ** 2 + 0.3
        return x - (4 * x.tanh() + 0.3 * x - y) / slope

    maps = {
        "$y = e^{x/2}$": (lambda x: (x / 2).exp(), lambda y: 2 * y.log(), (0.05, 5)),
        "$y = 1 - 2x$ (decreasing)": (lambda x: 1 - 2 * x, lambda y: (1 - y) / 2, (-6, 8)),
        "$y = 4\\tanh x + 0.3x$": (lambda x: 4 * x.tanh() + 0.3 * x, solve, (-6, 6)),
    }
    torch.manual_seed(0)
    x = torch.randn(50_000, dtype=torch.float64)
    normal = torch.distributions.Normal(torch.zeros_like(x[0]), torch.ones_like(x[0]))
    _, panels = plt.subplots(1, len(maps), figsize=(13, 3.4), layout="constrained")
    for axes, (name, (forward, inverse, (low, high))) in zip(panels, maps.items(), strict=True):
        at = torch.linspace(low, high, 400, dtype=torch.float64)
        with torch.no_grad():
            density = pushforward_log_prob(at, inverse, normal.log_prob).exp()
        axes.hist(forward(x), bins=80, range=(low, high), density=True, alpha=0.4)
        axes.plot(at, density)
        mass = float(torch.trapezoid(density, at))
        axes.set(title=name, xlabel="y", ylabel="density")
        axes.text(0.03, 0.93, f"area under the line: {mass:.3f}", transform=axes.transAxes)
    plt.show()


# %% [markdown]
# ### Sampling by the inverse distribution function
#
# One map works for every density in one dimension. The distribution function $F(x) = \int_{-\infty}^{x} p$ turns $x$
# into a *uniform* number, because its slope is the density. So $F$ is a flow, and $F^{-1}(u)$ with a uniform $u$ samples
# from $p$ exactly. For a density that is known only at grid points, integrate it by the trapezoidal rule:
#
# $$F_0 = 0, \qquad F_n = F_{n-1} + \frac{p_{n-1} + p_n}{2} \, (x_n - x_{n-1}), \qquad F_n \leftarrow F_n / F_{N-1}
# \text{ at the end},$$
#
# with **straight lines between the grid points**. The last step makes up for a density that is not normalised. The inverse
# is straight between the points, too. The traps are the places where $F$ is flat, because the density is zero there:
# dividing by the rise of $F$ gives 0/0, and at the height of a flat piece $F^{-1}$ has many values. We take
#
# $$F^{-1}(u) = \min\,\{x : F(x) \ge u\} \;\text{ for } u > 0, \qquad F^{-1}(0) = \max\,\{x : F(x) = 0\}.$$
#
# So $u = 0$ gives the place where the mass begins, $u = 1$ that where it ends, and no sample falls into an empty stretch.
# (In practice, $u$ never meets the height of a flat piece *between* two heaps exactly; there either end will do.)


# %% answer="inverse_cdf_samples"
def inverse_cdf_samples(grid: Tensor, density: Tensor, u: Tensor) -> Tensor:
    """Samples F^{-1}(u) from a density that is given at grid points; F by the trapezoidal rule, straight in between.

    grid: (N,), increasing, not always evenly spaced, N >= 2; density: (N,), >= 0, times any positive factor (1e-20, 1e20), zero on
    stretches perhaps, but not everywhere; u: numbers in [0, 1], both ends included, of any shape (() included) and in any order.
    Returns the samples, of the shape of u. Where F is flat, F^{-1} is as above. No gradients are asked for.
    """
    ### BEGIN SOLUTION
    mass = (density[1:] + density[:-1]) / 2 * grid.diff()
    cdf = torch.cat([mass.new_zeros(1), mass.cumsum(0)])
    cdf = cdf / cdf[-1].clone()
    begins = int((cdf == 0).sum())  # the first point with mass to the left of it
    right = torch.searchsorted(cdf, u.contiguous()).clamp(min=begins)
    left = right - 1  # cdf[left] < u <= cdf[right]: never a flat piece
    share = (u - cdf[left]) / (cdf[right] - cdf[left])
    return grid[left] + share * (grid[right] - grid[left])
    ### END SOLUTION


# %% check="inverse_cdf_samples"
@visible_checks("inverse_cdf_samples")
def _():
    grid, u = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([[0.0, 0.25], [0.5, 1.0]])
    value = inverse_cdf_samples(grid, torch.tensor([5.0, 5.0, 5.0]), u)
    assert torch.is_tensor(value) and value.shape == (2, 2), "one sample for each number in u"
    assert torch.allclose(value, 3 * u), (
        "a constant density on [0, 3] is uniform there, whatever its factor and its grid: F^{-1}(u) = 3 u"
    )
    slope = inverse_cdf_samples(grid, torch.tensor([0.0, 2.0, 0.0]), torch.tensor([1 / 6, 1 / 3]))
    assert torch.allclose(slope, torch.tensor([0.5, 1.0]), atol=1e-5), (
        "F is 1/3 at x = 1 here, and straight to the left of it"
    )
    wide = torch.arange(6.0)
    gap = torch.tensor([0.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    ends = inverse_cdf_samples(wide, gap, torch.tensor([0.0, 1.0]))
    assert torch.isfinite(ends).all(), "a flat piece of F gives nan or infinity"
    assert torch.allclose(ends, torch.tensor([1.0, 4.0])), (
        "u = 0 and u = 1 give the places where the mass begins and ends: here 1 and 4"
    )


# %% [markdown]
# The picture samples from a density that no library knows, with an empty stretch in the middle, on a grid that is finer to
# the left. **Look at** the empty stretch: $F$ is flat there, and the samples jump across.

# %% train="inverse_cdf_picture"


@picture
def _():
    grid = 8 * torch.linspace(0, 1, 200, dtype=torch.float64) ** 2 - 4
    density = (grid.abs() > 1).double() * (1 + (3 * grid).sin()) * (-grid.abs() / 2).exp()
    torch.manual_seed(0)
    u = torch.rand(50_000, dtype=torch.float64)
    samples = inverse_cdf_samples(grid, density, u)
    heights = torch.linspace(0, 1, 2001, dtype=torch.float64)
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4), layout="constrained")
    left.plot(inverse_cdf_samples(grid, density, heights), heights, ".", markersize=2)
    left.set(title="F, drawn by your $F^{-1}$", xlabel="$x = F^{-1}(u)$", ylabel="u")
    right.hist(samples, bins=160, range=(-4, 4), density=True, alpha=0.4, label="samples")
    total = torch.trapezoid(density, grid)
    right.plot(grid, density / total, label="density, normalised")
    right.set(title="50,000 samples", xlabel="x", ylabel="density")
    right.legend()
    for axes in (left, right):
        axes.set_xlim(-4.2, 4.2)
        axes.grid(alpha=0.3)
    plt.show()


# %% [markdown]
# ## 2. Composition
#
# In more than one dimension the slope becomes a determinant. With $z = f(x)$ and standard normal noise,
#
# $$\log p(x) = \log N(f(x); 0, I) + \log \left\lvert \det \frac{\partial f}{\partial x}(x) \right\rvert.$$
#
# One simple layer makes no interesting density, so flows are stacks, $f = f_K \circ \dots \circ f_1$. By the chain rule the
# Jacobian of the stack is a product of matrices, and the determinant of a product is the product of the determinants:
#
# $$h_0 = x, \quad h_k = f_k(h_{k-1}), \quad z = h_K, \qquad
# \log \left\lvert \det \frac{\partial f}{\partial x} \right\rvert = \sum_{k=1}^{K}
# \log \left\lvert \det \frac{\partial f_k}{\partial h_{k-1}}(h_{k-1}) \right\rvert$$
#
# Each term is taken at the point that has reached this layer. A stack of no layers is the identity.


# %% answer="compose_flows"
def compose_flows(layers: Sequence, x: Tensor) -> tuple[Tensor, Tensor]:
    """Send x through the layers in order, forward, and add up their log-determinants.

    layers: a list, tuple or nn.ModuleList of layers, perhaps empty; layer.forward(h) returns (f(h), log_det), log_det (B,);
    x: (B, D) or (B, C, H, W). Each layer's forward is called once, on the whole batch; nothing else of it is called.
    Returns (z, log_det): z of the shape of x, log_det (B,), zeros if there is no layer.
    """
    ### BEGIN SOLUTION
    log_det = x.new_zeros(len(x))
    for layer in layers:
        x, of_layer = layer.forward(x)
        log_det = log_det + of_layer
    return x, log_det
    ### END SOLUTION


# %% check="compose_flows"
@visible_checks("compose_flows")
def _():
    def double(x):
        return 2 * x, x.new_full((len(x),), x.shape[1] * math.log(2))

    def cube(x):
        return x**3, (3 * x**2).log().sum(1)

    layers = [SimpleNamespace(forward=double), SimpleNamespace(forward=cube)]
    x = torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]])
    z, log_det = compose_flows(layers, x)
    assert torch.allclose(z, 8 * x**3), "the first layer comes first: here x is doubled, then cubed"
    assert log_det.shape == (3,), (
        f"one log-determinant for each of the 3 samples; yours has shape {tuple(log_det.shape)}"
    )
    assert torch.allclose(log_det, (24 * x**2).log().sum(1)), (
        "z = 8 x^3 has the log-determinant sum log(24 x^2): each layer's is taken where x has got to"
    )
    z, log_det = compose_flows([], x)
    assert torch.equal(z, x) and torch.equal(log_det, torch.zeros(3)), (
        "no layer: z = x, and a log-determinant of 0 for each sample"
    )


# %% [markdown]
# Samples take the way back, and so the layers come in reverse order: $f^{-1} = f_1^{-1} \circ \dots \circ f_K^{-1}$.


# %% answer="invert_flows"
def invert_flows(layers: Sequence, z: Tensor) -> Tensor:
    """Undo `compose_flows`: send z through the inverses of the layers.

    layers: as in compose_flows, in the order of the forward direction, perhaps empty; layer.inverse(h) returns one tensor;
    z: (B, D) or (B, C, H, W). Each inverse is called once, on the whole batch; nothing else is. Returns x, of the shape of z.
    """
    ### BEGIN SOLUTION
    for layer in reversed(layers):
        z = layer.inverse(z)
    return z
    ### END SOLUTION


# %% check="invert_flows"
@visible_checks("invert_flows")
def _():
    layers = [
        SimpleNamespace(inverse=lambda z: z / 2),  # the layer doubles
        SimpleNamespace(inverse=lambda z: z - 1),  # then one is added
    ]
    z = torch.tensor([[3.0, 5.0]])
    assert torch.allclose(invert_flows(layers, z), torch.tensor([[1.0, 2.0]])), (
        "2 x + 1 = 3 means x = 1: the layer that came last is undone first"
    )
    assert len(layers) == 2 and torch.allclose(layers[0].inverse(z), z / 2), (
        "the caller's list has changed"
    )
    assert torch.equal(invert_flows([], z), z), "no layer: x = z"


# %% [markdown]
# ## 3. Planar flows
#
# ### The layer
#
# The first flows in many dimensions (Rezende and Mohamed 2015, eq. 10) push all points in one direction, $\hat u$, by an
# amount that depends on where they lie along another, $w$:
#
# $$z = x + \hat u \, \tanh(w \cdot x + b)$$
#
# Points far on one side of the plane $w \cdot x + b = 0$ move by $\hat u$, those on the other side by $-\hat u$, and in
# between the space is stretched or squeezed. The Jacobian is the identity plus a matrix of rank one, and so its
# determinant needs no matrix at all (the matrix determinant lemma; their eq. 11 and 12):
#
# $$\det \left(I + \hat u \, v^\top \right) = 1 + v \cdot \hat u, \qquad v = \tanh'(w \cdot x + b) \, w,
# \qquad \tanh'(a) = 1 - \tanh^2 a$$


# %% answer="planar_flow"
def planar_flow(x: Tensor, w: Tensor, u_hat: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """The planar layer z = x + u_hat tanh(w . x + b) with its log-determinant (Rezende and Mohamed 2015, eq. 10 to 12).

    x: (B, D); w, u_hat: (D,); b: (), a scalar; all of any size, and w . u_hat of either sign: log_det is the logarithm of the
    determinant's absolute value. D may be large (no D x D matrix is needed), and |w . x + b| too: values and gradients are
    finite there. Returns (z, log_det): (B, D) and (B,).
    """
    ### BEGIN SOLUTION
    bend = torch.tanh(x @ w + b)  # (B,)
    z = x + bend[:, None] * u_hat
    log_det = torch.log(torch.abs(1 + (1 - bend**2) * (w @ u_hat)))
    return z, log_det
    ### END SOLUTION


# %% check="planar_flow"
@visible_checks("planar_flow")
def _():
    torch.manual_seed(0)
    x, w, u_hat, b = torch.randn(4, 3), torch.randn(3), torch.randn(3), torch.tensor(0.3)
    z, log_det = planar_flow(x, w, u_hat, b)
    assert z.shape == (4, 3), f"z has the shape of x, (4, 3); yours has {tuple(z.shape)}"
    assert log_det.shape == (4,), (
        f"one log-determinant per sample, (4,), not {tuple(log_det.shape)}"
    )
    assert torch.allclose(z[0], x[0] + u_hat * torch.tanh(w @ x[0] + b), atol=1e-5), (
        "a sample moves along u_hat, by the tanh of its own w . x + b"
    )
    jacobian = torch.autograd.functional.jacobian(
        lambda x: planar_flow(x[None], w, u_hat, b)[0], x[0]
    )
    expected = torch.linalg.slogdet(jacobian.reshape(3, 3)).logabsdet
    assert torch.allclose(log_det[0], expected, atol=1e-4), (
        "log_det is not that of the Jacobian of your own z"
    )
    _, log_det = planar_flow(1000 * x, w, u_hat, b)
    assert torch.isfinite(log_det).all() and log_det.abs().max() < 1e-4, (
        "far from the plane all points move alike: the log-determinant tends to 0 there"
    )


# %% [markdown]
# ### The condition
#
# The determinant must not change its sign, or the plane is folded and two points $x$ share one $z$. As $\tanh'$ lies in
# $(0, 1]$, the layer is invertible if $w \cdot \hat u \ge -1$ (the paper's appendix A.1). So the free parameter $u$ is not
# used itself: its component along $w$ is changed such that $w \cdot u = a$ becomes $m(a) > -1$, and the rest stays:
#
# $$\hat u = u + \left( m(w \cdot u) - w \cdot u \right) \frac{w}{\lVert w \rVert^2}, \qquad m(a) = -1 + \log(1 + e^a)$$
#
# During training $u$ and $w$ go where they like. For a large $a$ the exponential overflows, although $m(a) \approx a - 1$ is
# harmless. And a tiny $w$ makes $\hat u$ large, not wrong: nothing is added to $\lVert w \rVert^2$. Only for $w = 0$ is there
# nothing to change: the layer moves all points alike, and we set $\hat u = u$.


# %% answer="planar_u_hat"
def planar_u_hat(u: Tensor, w: Tensor) -> Tensor:
    """The direction u_hat of a planar layer that is invertible (Rezende and Mohamed 2015, appendix A.1).

    u, w: (D,). Any real numbers: norms of w from 1e-15 to 1e15 in float32 as well, w . u from -1e6 to 1e6.
    Returns u_hat: (D,), with w . u_hat = m(w . u) = -1 + log(1 + exp(w . u)), and u itself, with a gradient of one to u and
    a finite one to w, if w is zero.
    """
    ### BEGIN SOLUTION
    a = w @ u
    squared = w @ w
    zero = squared == 0
    # m(a) - a = softplus(-a) - 1, without the difference of two large numbers
    change = (F.softplus(-a) - 1) / torch.where(zero, 1.0, squared)
    return u + torch.where(zero, 0.0, change) * w
    ### END SOLUTION


# %% check="planar_u_hat"
@visible_checks("planar_u_hat")
def _():
    u, w = torch.tensor([-3.0, 1.0, 0.5]), torch.tensor([2.0, 0.0, 1.0])
    u_hat = planar_u_hat(u, w)
    assert u_hat.shape == (3,), f"u_hat is a vector like u, (3,); yours has {tuple(u_hat.shape)}"
    assert w @ u_hat > -1, "w . u_hat must lie above -1, here it does not"
    assert torch.allclose(w @ u_hat, -1 + torch.log1p(torch.exp(w @ u)), atol=1e-5), (
        "w . u_hat is m(w . u)"
    )
    assert abs(float(u_hat[1]) - 1) < 1e-5, "what is perpendicular to w stays as it is"
    large = planar_u_hat(torch.tensor([300.0, 0.0, 0.0]), w)
    assert torch.isfinite(large).all() and abs(float(large @ w) - 599) < 0.1, (
        "w . u = 600 overflows: m(a) is a - 1 there"
    )
    assert torch.equal(planar_u_hat(u, torch.zeros(3)), u), "w = 0 leaves u as it is"


# %% [markdown]
# The picture shows one planar layer. Top: what it does to a square grid, for four values of $w \cdot \hat u$; bottom: the
# density that it gives, $N(f(x); 0, I) \, \lvert\det\rvert$. **Look at** the first column. The condition is violated, the
# grid is folded, and the "density" has a mass that is not one. In the second, everything near the line is squeezed together:
# only data that stay away from the line on both sides become noise, so the density has two humps. A positive
# $w \cdot \hat u$ stretches, and the density is narrow where the grid is wide.

# %% train="planar_picture"


@picture
def _():
    w, b = torch.tensor([1.5, 0.8]), torch.tensor(0.2)
    lines, fine = torch.linspace(-3, 3, 25), torch.linspace(-3, 3, 121)
    wide = torch.linspace(-12, 12, 601)
    _, panels = plt.subplots(2, 4, figsize=(13, 6.4), layout="constrained")
    for (top, bottom), along in zip(panels.T, (-3.0, -0.95, 1.5, 6.0), strict=True):
        u_hat = along * w / (w @ w) + torch.tensor(
            [-0.3, 0.5625]
        )  # the second part: no share along w

        def forward(points, u_hat=u_hat):
            return planar_flow(points.reshape(-1, 2), w, u_hat, b)

        def density(axis, forward=forward):
            z, log_det = forward(torch.cartesian_prod(axis, axis))
            log_p = -0.5 * z.square().sum(1) - math.log(2 * math.pi) + log_det
            return log_p.exp().reshape(len(axis), len(axis)).T  # rows: y, columns: x

        for one in lines:
            for stroke in (
                torch.stack([fine, one.expand(121)], 1),
                torch.stack([one.expand(121), fine], 1),
            ):
                moved = forward(stroke)[0]
                top.plot(moved[:, 0], moved[:, 1], color="tab:blue", linewidth=0.5)
        mass = float(density(wide).sum()) * float(wide[1] - wide[0]) ** 2
        bottom.imshow(density(fine), origin="lower", extent=(-3, 3, -3, 3), cmap="magma")
        top.set(title=f"$w \\cdot \\hat u$ = {along:g}", xlim=(-5, 5), ylim=(-5, 5), aspect="equal")
        bottom.set_title(f"density, total mass {mass:.2f}", fontsize="medium")
        top.set_xlabel("$z_1$")
        bottom.set_xlabel("$x_1$")
    panels[0, 0].set_ylabel("$z_2$")
    panels[1, 0].set_ylabel("$x_2$")
    plt.show()


# %% [markdown]
# ## 4. Affine coupling
#
# ### Forward
#
# A planar layer bends space along a single direction, and its inverse has no formula. A *coupling layer* (Dinh et al. 2017,
# eq. 9) can use a network of any size, which is never inverted itself. It leaves one part of the coordinates alone, where the
# mask $m$ is 1, and lets them decide how the others are scaled and shifted:
#
# $$z = m \odot x + (1 - m) \odot \left( x \odot e^{s} + t \right), \qquad (r, t) = \mathrm{net}(m \odot x), \qquad
# s = s_{\max} \tanh\left(r / s_{\max}\right)$$
#
# The network sees only what stays. So the Jacobian is triangular, when the coordinates are sorted by the mask, with $e^s$ or
# 1 on its diagonal, and
#
# $$\log \left\lvert \det \frac{\partial z}{\partial x} \right\rvert = \sum_{d \,:\, m_d = 0} s_d.$$
#
# The bound on $s$ keeps a layer from scaling by more than $e^{s_{\max}}$: early in training an unbounded exponential is how
# flows explode. Near 0 it changes nothing, $s \approx r$.


# %% answer="coupling_forward"
def coupling_forward(
    x: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> tuple[Tensor, Tensor]:
    """An affine coupling layer from data to noise, with its log-determinant (Dinh et al. 2017, eq. 9).

    x: (B, D); mask: (D,) of x's dtype, ones (stays as it is) and zeros (is scaled and shifted), in any order, perhaps all
    ones or all zeros; net: from (B, D), the masked input, to (B, 2 D): first r, the D numbers that give the log-scale
    s = s_max tanh(r / s_max), then the D shifts t; s_max > 0. Where the mask is 1, r and t play no part, however large they
    are. The network is called once. Returns (z, log_det): (B, D) and (B,).
    """
    ### BEGIN SOLUTION
    raw, t = net(mask * x).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    z = x * torch.exp(s) + (1 - mask) * t
    return z, s.sum(dim=1)
    ### END SOLUTION


# %% check="coupling_forward"
@visible_checks("coupling_forward")
def _():
    torch.manual_seed(0)
    net, mask = nn.Linear(3, 6), torch.tensor([1.0, 0.0, 1.0])
    x = torch.randn(5, 3)
    z, log_det = coupling_forward(x, mask, net)
    assert z.shape == (5, 3), f"z has the shape of x, (5, 3); yours has {tuple(z.shape)}"
    assert log_det.shape == (5,), (
        f"one log-determinant per sample, (5,), not {tuple(log_det.shape)}"
    )
    assert torch.allclose(z[:, [0, 2]], x[:, [0, 2]]), "coordinates with mask 1 stay as they are"
    moved = x + torch.tensor([0.0, 7.0, 0.0])
    assert torch.allclose(coupling_forward(moved, mask, net)[1], log_det, atol=1e-5), (
        "the network must not see the coordinates that it scales and shifts"
    )
    scale = (coupling_forward(moved, mask, net)[0] - z)[:, 1] / 7
    assert torch.allclose(scale.log(), log_det, atol=1e-3), (
        "log_det is not the log-scale of the one coordinate that is scaled here"
    )
    nothing = coupling_forward(x, mask, lambda x: torch.zeros(len(x), 6))
    assert torch.allclose(nothing[0], x) and torch.allclose(nothing[1], torch.zeros(5)), (
        "a network that returns zeros makes the layer the identity"
    )
    bound = coupling_forward(x, mask, lambda x: torch.full((len(x), 6), 99.0), s_max=1.5)[1]
    assert torch.allclose(bound, torch.full((5,), 1.5)), "the log-scale stays within s_max"


# %% [markdown]
# ### Inverse
#
# The part that stayed is known, so the network can be asked again for the same $s$ and $t$, and an affine map is undone by
# subtracting, then dividing. Nothing is iterated, and nothing of the network is inverted.


# %% answer="coupling_inverse"
def coupling_inverse(
    z: Tensor, mask: Tensor, net: Callable[[Tensor], Tensor], s_max: float = 2.0
) -> Tensor:
    """The inverse of `coupling_forward` with the same mask, network and bound: the x with coupling_forward(x, ...)[0] = z.

    z: (B, D); mask, net, s_max: as in coupling_forward. The network is called once. Returns x: (B, D).
    """
    ### BEGIN SOLUTION
    raw, t = net(mask * z).chunk(2, dim=1)
    s = (1 - mask) * s_max * torch.tanh(raw / s_max)
    return (z - (1 - mask) * t) * torch.exp(-s)
    ### END SOLUTION


# %% check="coupling_inverse"
@visible_checks("coupling_inverse")
def _():
    torch.manual_seed(0)
    z, mask = torch.randn(5, 2), torch.tensor([1.0, 0.0])

    def net(x):  # r = 5 and t = 2 x_1, for both coordinates
        return torch.cat([torch.full((len(x), 2), 5.0), 2 * x[:, :1].expand(-1, 2)], dim=1)

    x = coupling_inverse(z, mask, net, s_max=0.5)
    assert x.shape == (5, 2), f"x has the shape of z, (5, 2); yours has {tuple(x.shape)}"
    assert torch.allclose(x[:, 0], z[:, 0]), "the coordinate with mask 1 is unchanged"
    again = x[:, 1] * math.exp(0.5) + 2 * x[:, 0]  # s = 0.5 tanh(10) = 0.5
    assert torch.allclose(again, z[:, 1], atol=1e-4), (
        "scaling x by e^s and shifting it by t must give z again: the shift comes off first"
    )


# %% [markdown]
# One coupling layer moves points along one axis only. Two with opposite masks reach every point. The picture draws
# what a stack of random layers does to a grid. **Look at** the first: all vertical lines are still vertical.

# %% train="coupling_picture"
from dgm import plots
from dgm.nets import mlp

MASKS = torch.eye(2)


class Coupling(nn.Module):
    """An affine coupling layer of the plane: your two functions and a network. number: even and odd ones have opposite masks."""

    def __init__(self, number, width, n_hidden=2):
        super().__init__()
        self.register_buffer("mask", MASKS[number % 2].clone())
        self.net = mlp([2, *[width] * n_hidden, 4], nn.SiLU)

    def forward(self, x):
        return coupling_forward(x, self.mask, self.net)

    def inverse(self, z):
        return coupling_inverse(z, self.mask, self.net)


class Stack(nn.Module):
    """A flow of several layers, which is a layer itself: your `compose_flows` and `invert_flows`."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        return compose_flows(self.layers, x)

    def inverse(self, z):
        return invert_flows(self.layers, z)


@picture
def _():
    torch.manual_seed(1)
    layers = [Coupling(i, 16) for i in range(4)]
    for layer in layers:
        for parameter in layer.parameters():
            nn.init.normal_(parameter, std=0.35)
    moves = {"the plane": lambda x: x} | {
        f"after {n} layer{'s' * (n > 1)}": lambda x, n=n: Stack(layers[:n])(x)[0] for n in (1, 2, 4)
    }
    plots.show_moved_grid(moves, "What coupling layers do to a grid", extent=4.0)


# %% [markdown]
# ## 5. Density and samples of a flow
#
# ### The density
#
# All parts are there. Often one wants samples of a *lower temperature* $T$: noise that is scaled by $T < 1$ stays nearer to
# the middle, and so the samples look more typical. This is the flow with another noise, $N(0, T^2 I)$, and so it has another
# density:
#
# $$\log p_T(x) = \log N\left(f(x); 0, T^2 I\right) + \log \left\lvert \det \frac{\partial f}{\partial x} \right\rvert,
# \qquad \log N(z; 0, T^2 I) = -\frac{\lVert z \rVert^2}{2 T^2} - D \log T - \frac{D}{2} \log 2 \pi$$
#
# $D$ is the number of coordinates of a sample, $C \, H \, W$ for an image. At $T = 1$ this is the flow's own density. The
# loss that trains it is the *negative log-likelihood*, minus the mean of $\log p_1(x)$ over a batch of data.


# %% answer="flow_log_prob"
def flow_log_prob(flow, x: Tensor, temperature: float = 1.0) -> Tensor:
    """Log-density of samples under a flow with noise N(0, temperature^2 I), in nats.

    flow: a layer; flow.forward(x) returns (z, log_det), z of the shape of x and log_det (B,), and is called once, on the
    whole batch. x: (B, D), or images (B, C, H, W). temperature: a float > 0. Returns log p_T(x): (B,).
    """
    ### BEGIN SOLUTION
    z, log_det = flow.forward(x)
    z = z.flatten(1) / temperature
    constant = 0.5 * math.log(2 * math.pi) + math.log(temperature)
    return log_det - 0.5 * z.square().sum(1) - z.shape[1] * constant
    ### END SOLUTION


# %% check="flow_log_prob"
@visible_checks("flow_log_prob")
def _():
    identity = SimpleNamespace(forward=lambda x: (x, x.new_zeros(len(x))))
    x = torch.tensor([[0.0, 0.0], [1.0, 2.0], [-3.0, 0.5]])
    value = flow_log_prob(identity, x)
    assert value.shape == (3,), (
        f"one log-density for each of the 3 samples; yours has shape {tuple(value.shape)}"
    )
    assert abs(float(value[0]) + math.log(2 * math.pi)) < 1e-5, (
        "the identity gives the standard normal: log-density -log(2 pi) at the origin of the plane"
    )
    assert abs(float(value[1] - value[0]) + 2.5) < 1e-5, (
        "(1, 2) is 5 / 2 nats less likely than the origin"
    )
    double = SimpleNamespace(forward=lambda x: (2 * x, x.new_full((len(x),), 2 * math.log(2))))
    axis = torch.linspace(-8, 8, 321)
    for name, flow, temperature in (("z = 2 x", double, 1.0), ("the identity", identity, 0.5)):
        log_p = flow_log_prob(flow, torch.cartesian_prod(axis, axis), temperature)
        mass = float(log_p.exp().sum()) * float(axis[1] - axis[0]) ** 2
        assert abs(mass - 1) < 1e-3, (
            f"the density of {name} at temperature {temperature:g} has a mass of {mass:.3f} and not 1"
        )
    images = flow_log_prob(identity, torch.zeros(4, 1, 3, 3))
    assert images.shape == (4,) and abs(float(images[0]) + 4.5 * math.log(2 * math.pi)) < 1e-4, (
        "an image of 3 x 3 pixels is a sample with D = 9 coordinates"
    )


# %% [markdown]
# ### Samples
#
# Sampling is the way back: $x = f^{-1}(T \epsilon)$, $\epsilon \sim N(0, I)$.


# %% answer="sample_flow"
def sample_flow(flow, eps: Tensor, temperature: float = 1.0) -> Tensor:
    """Samples of a flow from given standard normal noise: the inverse of the flow at temperature x eps.

    flow: a layer; flow.inverse(z) returns one tensor, and is called once, on the whole batch. eps: (B, D) or (B, C, H, W);
    temperature: a float >= 0; at 0 all samples are f^{-1}(0). Returns x, of the shape of eps.
    """
    ### BEGIN SOLUTION
    return flow.inverse(temperature * eps)
    ### END SOLUTION


# %% check="sample_flow"
@visible_checks("sample_flow")
def _():
    flow = SimpleNamespace(inverse=lambda z: z**3 + 1)
    eps = torch.tensor([[1.0, -2.0], [0.0, 3.0]])
    assert torch.allclose(sample_flow(flow, eps), eps**3 + 1), "at temperature 1: f^{-1}(eps)"
    assert torch.allclose(sample_flow(flow, eps, 0.5), eps**3 / 8 + 1), (
        "the temperature scales the noise, not the samples"
    )
    assert torch.allclose(sample_flow(flow, eps, 0.0), torch.ones(2, 2)), (
        "at temperature 0 every sample is f^{-1}(0)"
    )


# %% [markdown]
# The picture shows a random flow of four coupling layers at three temperatures: your density, and your samples on top of it.
# Every mass is one. **Look at** where the samples go as the temperature falls.

# %% train="temperature_picture"


@picture
def _():
    torch.manual_seed(7)
    flow = Stack([Coupling(i, 16) for i in range(4)])
    for parameter in flow.parameters():
        nn.init.normal_(parameter, std=0.35)
    axis = torch.linspace(-4, 4, 241)
    grid = torch.cartesian_prod(axis, axis)
    _, panels = plt.subplots(1, 3, figsize=(12, 4), layout="constrained")
    for axes, temperature in zip(panels, (1.0, 0.6, 0.3), strict=True):
        with torch.no_grad():
            density = flow_log_prob(flow, grid, temperature).exp().reshape(241, 241).T
            samples = sample_flow(flow, torch.randn(150, 2), temperature)
        mass = float(density.sum()) * float(axis[1] - axis[0]) ** 2
        axes.imshow(density, origin="lower", extent=(-4, 4, -4, 4), cmap="magma")
        axes.scatter(samples[:, 0], samples[:, 1], s=4, color="tab:cyan")
        axes.set(title=f"temperature {temperature:g}, mass {mass:.2f}", xlim=(-4, 4), ylim=(-4, 4))
        axes.set(xlabel="$x_1$", ylabel="$x_2$")
    plt.show()


# %% [markdown]
# # Part two: experiments
#
# ## 6. Experiment: two moons
#
# The data are points of two half circles that reach into each other, blurred by a little noise. Their density $p$ is known,
# so you can tell not only whether a flow gets better, but how far it still has to go. The negative log-likelihood of new data
# is, on average,
#
# $$-\mathbb{E}_{x \sim p} \log p_\text{flow}(x) = H(p) + \mathrm{KL}(p \,\|\, p_\text{flow}), \qquad
# H(p) = -\mathbb{E}_{x \sim p} \log p(x).$$
#
# The entropy $H(p)$ is a number that no model can beat (`plane.entropy`, by integration). What a flow has in excess of it is
# exactly its Kullback-Leibler divergence. Every batch is drawn anew, so there is no overfitting here.
#
# | to | set, before you start Jupyter |
# | --- | --- |
# | try your code in seconds (a few iterations, useless pictures) | `DGM_FAST=1` |
# | train longer and wider, on a GPU | `DGM_SCALE=4` |
#
# In Colab or in a running kernel, write `settings = Settings(fast=True)` or `Settings(scale=4)` in the next cell instead.

# %% train="density_setup"
from dgm.nets import n_parameters
from dgm.plane import grid_points, rings, two_moons
from dgm.training import Settings, adam, evaluate, keep_tensors, over_seeds, seed_everything, train

settings = Settings()
device = settings.device
moons, circles = two_moons(), rings()
BATCH_SIZE, N_TEST = 512, 20_000

for plane in (moons, circles):
    print(f"{plane.name}: entropy {plane.entropy:.3f} nats")
plots.show_densities(
    {plane.name: plane.log_density for plane in (moons, circles)}, "The two densities", extent=2.6
)

# %% [markdown]
# **Write one training step**: the loss is the negative log-likelihood of the batch, by your `flow_log_prob` at temperature 1,
# and the optimiser takes one step to make it smaller.


# %% answer="density_step"
def density_step(flow: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor) -> dict[str, Tensor]:
    """One optimisation step on the negative log-likelihood of x (B, D), averaged over the batch, in nats.

    Returns {"nll": the loss before the step}, for the curve.
    """
    ### BEGIN SOLUTION
    nll = -flow_log_prob(flow, x).mean()
    optimizer.zero_grad()
    nll.backward()
    optimizer.step()
    return {"nll": nll}
    ### END SOLUTION


# %% [markdown]
# Now train: eight coupling layers, each with a network of two hidden layers.
# The learning rate falls to zero along a half cosine. **Look for** the way in which the density changes: what is learned
# first, and what remains at the end?

# %% train="two_moons_training"
N_LAYERS, WIDTH, N_ITERATIONS = 8, settings.width(32), 2500


def train_flow(flow, plane, n_iterations, *, seed=0, lr=3e-3, name=""):
    """Train on fresh points. Returns the losses, and copies of the flow on the way, by the number of iterations."""
    optimizer, n = adam(flow, lr=lr), settings.iterations(n_iterations)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n)
    snapshots = {"untrained": copy.deepcopy(flow)}

    def step(i):
        x = plane.sample(BATCH_SIZE, seed=100_000 * seed + i).to(device)
        values = density_step(flow, optimizer, x)
        schedule.step()
        return values

    tenth = max(1, n // 10)

    def keep_snapshot(i):
        if i in (tenth, 3 * tenth, 10 * tenth):
            snapshots[f"{i:,} iterations"] = copy.deepcopy(flow)

    history = train(step, n, every=tenth, callback=keep_snapshot, description=name)
    return history, snapshots


def log_density_of(flow):
    """The function that draws and measures a trained flow."""
    return lambda x: evaluate(lambda part: flow_log_prob(flow, part), x, portion=5000)


def excess(flow, plane):
    """KL(p || flow) in nats, from N_TEST new points, with its standard error."""
    x = plane.sample(N_TEST, seed=2**31).to(device)
    difference = plane.log_density(x) - log_density_of(flow)(x)
    return float(difference.mean()), float(difference.std()) / N_TEST**0.5


def report(flow, plane):
    kl, error = excess(flow, plane)
    print(
        f"{plane.name}, {n_parameters(flow):,} weights: NLL {plane.entropy + kl:.3f} nats = entropy {plane.entropy:.3f}"
        f" + KL {kl:.3f} (standard error {error:.3f})"
    )


def show_progress(history, plane):
    """The loss of every batch and its running mean, above the entropy."""
    nll = torch.tensor(history["nll"])
    smooth = max(1, min(50, len(nll) // 5))
    _, axes = plt.subplots(figsize=(8, 3.2), layout="constrained")
    axes.plot(nll, alpha=0.25, linewidth=0.8)
    axes.plot(
        torch.arange(smooth - 1, len(nll)), nll.unfold(0, smooth, 1).mean(1), color="tab:blue"
    )
    axes.axhline(plane.entropy, color="k", linestyle="--", label="entropy")
    axes.set(title=f"Training on {plane.name}", xlabel="iteration", ylabel="NLL (nats)")
    axes.set_ylim(plane.entropy - 0.3, plane.entropy + 2)
    axes.grid(alpha=0.3)
    axes.legend()
    plt.show()


seed_everything(0)
moons_flow = Stack([Coupling(i, WIDTH) for i in range(N_LAYERS)]).to(device)
history, snapshots = train_flow(moons_flow, moons, N_ITERATIONS, name=moons.name)
show_progress(history, moons)
report(moons_flow, moons)
plots.show_densities(
    {"data": moons.log_density} | {name: log_density_of(flow) for name, flow in snapshots.items()},
    "Two moons: the flow's density during training",
    extent=2.2,
    device=device,
)

# %% [markdown]
# Samples at three temperatures, and the latent picture: where do the two moons go, and does the whole look like
# standard normal noise?

# %% train="two_moons_samples"


def show_samples(flow, plane, n=3000):
    eps = torch.randn(n, 2, generator=torch.Generator().manual_seed(5)).to(device)
    samples = {"data": plane.sample(n, seed=2**31 + 1)}
    for temperature in (1.0, 0.7, 0.4):
        samples[f"temperature {temperature:g}"] = evaluate(
            lambda part, t=temperature: sample_flow(flow, part, t), eps, portion=n
        )
    plots.show_points(samples, f"Samples of the flow, {plane.name}", extent=plane.extent)


def show_latent(flow, plane, n=3000):
    x, labels = plane.sample_with_labels(n, seed=2**31 + 2)
    z = evaluate(lambda part: flow.forward(part)[0], x.to(device), portion=n)
    noise = torch.randn(n, 2, generator=torch.Generator().manual_seed(6))
    plots.show_points(
        {"data": x, "latent: f(data)": z, "standard normal noise": noise},
        f"Where the parts of {plane.name} go",
        extent=3.5,
        labels={"data": labels, "latent: f(data)": labels},
    )


show_samples(moons_flow, moons)
show_latent(moons_flow, moons)

# %% [markdown]
# What each layer does to a square grid. Top row: from the data (left) through two layers at a time. Bottom row: the grid is
# drawn on the noise, and takes the way back to the data.

# %% train="two_moons_grids"


def show_layers(flow, extent):
    n = len(flow.layers)
    counts = range(0, n + 1, 2)
    forward = {
        f"after {k} layers" if k else "data": lambda x, k=k: compose_flows(flow.layers[:k], x)[0]
        for k in counts
    }
    backward = {
        f"{k} layers undone" if k else "noise": lambda z, k=k: invert_flows(flow.layers[n - k :], z)
        for k in counts
    }
    plots.show_moved_grid(forward, "From data to noise", extent=extent, device=device)
    plots.show_moved_grid(backward, "From noise to data", extent=extent, device=device)


show_layers(moons_flow, extent=2.5)

# %% [markdown]
# **Graded by its density** (6 points). The next cell saves your flow's log-density on a grid and 2,000 of its samples at
# temperature 1 in `artifacts/two_moons.safetensors`, which you hand in with the notebook. The points come from that file,
# and no code is run for them. What counts is the excess over the entropy in nats, on new points of the two moons: at
# most 0.1 earns all points, at most 0.3 half of them. The table must not hold more than a probability of one (it is divided by
# its integral if it does), and the samples must be of the same density. The last cell shows what the grader will report,
# on other points.

# %% train="two_moons_artifact"
points = grid_points(3, 201).to(device)  # a row for each y, a column for each x
eps = torch.randn(2000, 2, generator=torch.Generator().manual_seed(7)).to(device)
log_density = log_density_of(moons_flow)(points).reshape(201, 201)
samples = evaluate(lambda part: sample_flow(moons_flow, part), eps, portion=2000)
_ = keep_tensors("two_moons", {"log_density": log_density.float(), "samples": samples.float()})

# %% quality="two_moons_quality"

# %% [markdown]
# **Analysis** (8 points). (a) Describe what the flow learns, in order, from the densities during training and the curve.
# What is still wrong at the end? Where does the remaining divergence from the data come from: look for mass where no data
# are. (b) Report the NLL, the entropy and their difference. Why can the NLL of single batches lie below the entropy, and why can
# that of infinitely many points not? What would an NLL well below the entropy on new points tell you? (c) Compare the
# latent picture with standard normal noise. Where have the two moons gone, and what has become of the empty space between
# them? (d) What do single layers do to the grid, and which of the two pictures, towards noise or towards data, shows where
# the density is high? (e) What do lower temperatures do to the samples, and what do they not do?

# %% [markdown] analysis="two_moons_study"
# ### BEGIN SOLUTION
# (a) First the outline: after a tenth of the training the density is one S-shaped band with two bright spots, the outer bends of
# the two moons, and a grey haze between them. The NLL falls from 2.5 to 1.3 nats in the first 250 iterations, has a
# short bump near 400, and creeps from 1.1 to 1.06 in the last 1,500. What comes late is the fine part: arcs as thin as
# the noise, their inner ends, and the gap. At the end both moons are there. Still wrong: a thin bridge, from the left end of the upper
# moon to the beginning of the lower one. The samples at temperature 1 show it most clearly, as a fine third arc. There the flow has mass and the data
# have none. That mass is missing from the moons, and nearly all of the remaining divergence is this.
#
# (b) NLL 1.059, entropy 1.008: 0.052 nats (standard error 0.002), which is KL(p || flow). A batch of 512 points may have a lower
# NLL because its points may happen to be likely ones: log p scatters from point to point, so a batch's mean scatters by a few
# hundredths of a nat, as much as what is left. For infinitely many points NLL - H = KL >= 0 (Jensen). An NLL well below the
# entropy on new points would mean an error: a log-determinant with the wrong sign or left out, a "density" whose mass is
# above one, or a wrong constant.
#
# (c) The upper moon fills the upper half of the disc, the lower moon the lower half; together they look like a standard normal
# cloud, a little too dense along the seam. The empty space between the moons has become the straight, narrow gap between the
# halves: it is a wide region in the data, but hardly any noise may come from it, so it is squeezed to a line. Noise that falls
# onto that line makes the bridge.
#
# (d) Two layers shift and stretch the plane smoothly (one moves points along one axis only); the strong folds come in the last four,
# where whole regions are squeezed into narrow channels. Towards data: the lines of the noise grid, which carry equal mass for
# equal area near the origin, are crowded where the density is high, and the last picture shows the two moons. Towards noise it
# is the other way round: empty regions of the data are what is squeezed, and dense ones are stretched.
#
# (e) At 0.7 the arcs are thinner and their far ends disappear; at 0.4 only the left part of the upper moon, the beginning of
# the lower one and the bridge between them are left. Low temperatures keep to the middle of the latent disc. They make
# samples likelier under the latent density, but do not remove the bridge: it comes from the very middle of the latent space,
# so its share *grows*.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 1 point: order of learning (rough outline first, then thin arcs and the gap), from the figures, with numbers of the curve.
# - 1 point: the bridge between the moons as mass where no data are, and as the source of the remaining divergence.
# - 2 points: NLL, entropy and difference from their own run (1); the difference is the KL divergence, single batches scatter, the
#   expectation cannot be lower, an NLL clearly below the entropy means a mistake such as a wrong log-determinant (1).
# - 1 point: latent picture: the moons share the disc, the cloud is nearly standard normal, the gap is squeezed to a line.
# - 1 point: grids: crowded lines on the way to the data mean high density; on the way to noise, empty regions are squeezed.
# - 1 point: lower temperatures: samples nearer to the middle, ends of the moons lost; the bridge stays (or its share grows).
# - 1 point: figures are there, training has worked (KL below 0.15 nats or an explanation why not), and statements agree with
#   them.
# ### END MARK SCHEME

# %% [markdown]
# ## 7. Experiment: rings, and planar against coupling layers
#
# Three rings are harder. Noise fills a disc without a hole, and an invertible map can move and bend it, but neither tear it
# nor glue it together. You train three kinds of flows:
#
# * **small planar**, on two moons and on rings: 42 planar layers. A planar layer of the plane has five numbers, so this
#   makes 210 weights;
# * **small coupling**, on both: four coupling layers with seven hidden units each, 212 weights, for as many iterations, and on
#   two moons also for four times as many;
# * **coupling**, on rings: eight coupling layers as before, a little narrower, so that they have about 5,000 weights (as the
#   flows of the notebook `beyond`, where the numbers of the rings are used again).
#
# Three runs of each, because one says little. (The inverse of a planar layer has no formula. It is found by bisection here,
# and serves the pictures only.)

# %% train="rings_training"
N_RINGS, N_SMALL, SEEDS = 2000, 300, range(3)


class Planar(nn.Module):
    """A planar layer of the plane: your two functions. It starts near the identity: m(a) = 0 at a = log(e - 1)."""

    def __init__(self):
        super().__init__()
        w = torch.randn(2)
        self.w = nn.Parameter(w)
        self.u = nn.Parameter(math.log(math.e - 1) * w / (w @ w) + 0.1 * torch.randn(2))
        self.b = nn.Parameter(torch.randn(()))

    def forward(self, x):
        return planar_flow(x, self.w, planar_u_hat(self.u, self.w), self.b)

    def inverse(self, z):
        """w . x is the root of a + (w . u_hat) tanh(a + b) = w . z, which rises with a: bisection."""
        u_hat = planar_u_hat(self.u, self.w)
        along, target = self.w @ u_hat, z @ self.w
        low, high = target - along.abs(), target + along.abs()
        for _ in range(40):
            middle = (low + high) / 2
            below = middle + along * torch.tanh(middle + self.b) < target
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
        return z - torch.tanh((low + high) / 2 + self.b)[:, None] * u_hat


def small_planar():
    return Stack([Planar() for _ in range(42)])


def small_coupling():
    return Stack([Coupling(i, 7, n_hidden=1) for i in range(4)])


def coupling():
    return Stack([Coupling(i, settings.width(21)) for i in range(N_LAYERS)])


RUNS = {  # the data, how to build the flow, for how many iterations to train it, and the learning rate
    "moons: small planar": (moons, small_planar, N_SMALL, 5e-3),
    "moons: small coupling": (moons, small_coupling, N_SMALL, 5e-3),
    "moons: small coupling, longer": (moons, small_coupling, 4 * N_SMALL, 5e-3),
    "rings: small planar": (circles, small_planar, N_SMALL, 5e-3),
    "rings: small coupling": (circles, small_coupling, N_SMALL, 5e-3),
    "rings: coupling": (circles, coupling, N_RINGS, 3e-3),
}
trained, seconds = {}, {name: [] for name in RUNS}


def run_all(seed):
    """One flow of each kind, from the same seed: KL(p || flow) in nats, from new points."""
    values = {}
    for name, (plane, build, n_iterations, lr) in RUNS.items():
        seed_everything(seed)
        flow, start = build().to(device), time.perf_counter()
        result = train_flow(flow, plane, n_iterations, seed=1 + seed, lr=lr, name=f"{name}, {seed}")
        seconds[name].append(time.perf_counter() - start)
        values[name] = excess(flow, plane)[0]
        trained.setdefault(name, (flow, *result))  # the first seed's, for the pictures
    return values


comparison = over_seeds(run_all, SEEDS)
weights = {name: n_parameters(flow) for name, (flow, *_) in trained.items()}
for name, values in comparison.items():
    runs = ", ".join(f"{value:.3f}" for value in values)
    cost = sum(seconds[name]) / len(seconds[name])
    print(f"{name:<29} {weights[name]:>6,} weights, {cost:>4.0f} s a run, KL {runs} nats")
plots.show_spread(
    {f"{name}, {weights[name]:,} weights": values for name, values in comparison.items()},
    "Three runs of each",
    xlabel="KL(p || flow) in nats, from new points: NLL above the entropy",
    best=0.0,
)
keep_tensors(  # the negative log-likelihoods on rings
    "density_comparison",
    {
        f"{name.removeprefix('rings: ')}_{weights[name]}".replace(" ", "_"): torch.tensor(values)
        + circles.entropy
        for name, values in comparison.items()
        if name.startswith("rings")
    },
    {
        "plane": circles.name,
        "unit": "nats per point, on new points",
        "entropy": f"{circles.entropy}",
    },
)
for plane, start in ((moons, "moons: "), (circles, "rings: ")):
    flows = {
        name.removeprefix(start): t[0] for name, t in trained.items() if name.startswith(start)
    }
    flows.setdefault("coupling", moons_flow)
    plots.show_densities(
        {"data": plane.log_density}
        | {f"{name}, {n_parameters(f):,} weights": log_density_of(f) for name, f in flows.items()},
        f"{plane.name}: what the flows have learned (first runs)",
        extent=2.6,
        device=device,
    )

# %% [markdown]
# How the largest flow has learned the rings, its samples, and where the rings go in its latent space.

# %% train="rings_pictures"
rings_flow, history, snapshots = trained["rings: coupling"]
show_progress(history, circles)
plots.show_densities(
    {"data": circles.log_density}
    | {name: log_density_of(flow) for name, flow in snapshots.items()},
    "Rings: the flow's density during training",
    extent=2.6,
    device=device,
)
show_samples(rings_flow, circles)
show_latent(rings_flow, circles)

# %% [markdown]
# What the three do to a square grid of noise, on the way to the data. **Look for** the places where lines are far apart, and
# compare them with the densities.

# %% train="rings_grids"
plots.show_moved_grid(
    {"noise": lambda z: z}
    | {name: flow.inverse for name, (flow, *_) in trained.items() if name.startswith("rings")},
    "From noise to data",
    extent=2.6,
    device=device,
)

# %% [markdown]
# **Analysis** (8 points). (a) Compare the small planar and the small coupling flow, which have equally many weights, on
# both data sets: their divergences with the spread over the runs, their densities, and the time that a run took. Is the
# order certain? Explain the shapes by what one layer of each kind can do, and say what the comparison does not show. (b)
# What do more weights buy on the rings? (c) The rings are closed curves with empty space between them; noise is a disc.
# Describe how the large flow gets around that: where is mass that should not be there, what do the latent picture
# and the grid show? Why can no flow of this kind reach a divergence of zero, and how can it nevertheless come close?
# (d) Name what you would try next, with a reason.

# %% [markdown] analysis="rings_study"
# ### BEGIN SOLUTION
# (a) Two moons: KL 0.13 to 0.31 nats for planar layers, 0.67 to 0.72 for coupling layers after as many iterations. The three runs of
# each do not overlap, so for this budget the order is certain. But a run takes 16 s with planar layers and 3 s
# with coupling layers (42 layers one after the other against 4). With four times the iterations, for about the same time, the coupling flow
# comes to 0.34 to 0.40: still behind, by little more than the spread. The densities fit: 42 planar layers bend the band in many
# places, each along a line of any direction, and give an S with two bright moons. Four coupling layers with seven units move points along the two axes
# only; after 300 iterations that is a four-pointed star, after 1,200 the outer bends of the moons. On rings both fail: 0.83 to
# 0.85 against 0.83 to 0.87, no difference, and both densities are one blob. Not shown: other widths, depths and learning rates (one was
# used for both), longer training, more weights, more dimensions, and sampling, for which a planar layer needs an iteration.
#
# (b) 4,904 in place of 212 weights, and 2,000 iterations in place of 300: 0.59 to 0.65 in place of 0.83 to 0.87. The flow has found
# most of the outermost ring and a gap inside of it; the two inner rings are one disc. Data of two dimensions are no
# guarantee of an easy problem: with twice the weights the same kind of flow is within 0.05 nats on two moons.
#
# (c) The disc of noise stays one piece. The grid shows how: it is pulled into a horseshoe around a core, so that the outer ring is
# an arm bent around the disc, open on the left. Where the arm leaves the core, mass lies in a region without data, the fan on the
# left in density and samples. In the latent picture the two inner rings are still closed rings, around holes that standard
# normal noise does not have. The outer one (green) is cut open, and parted from the middle one by a thin empty
# line. A flow is a homeomorphism of the plane: it keeps the number of holes. The level sets of the noise density are discs without
# holes; the data have three separate closed curves with empty space between them. The density of a flow is positive everywhere,
# so some mass is always in the gaps, and KL > 0. But it may be as small as one likes: the region that must be crossed can be squeezed
# to a line of tiny mass, at the price of very steep maps (a large Lipschitz constant), which take many layers and long training.
#
# (d) Train longer (the curve still falls at the end) with more layers; then a more flexible scalar map in place of the affine one, such
# as a spline: an affine coupling gives both sides of a gap the same scale, a spline can squeeze a gap in a
# single layer. More planar layers cost too much time. Noise with another topology (a mixture, or rings) would remove the obstacle itself.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# - 2 points: planar against coupling on both data sets with the ranges over runs (1), and whether the order is certain on each, with
#   the time of a run and the longer training taken into account (1).
# - 1 point: shapes explained by the layers: planar layers bend along lines of any direction, coupling layers move along the axes.
# - 1 point: a limit of the comparison (learning rate, width, training time, dimensions, sampling).
# - 1 point: what the large flow gains, in numbers and in what can be seen; that it has not learned all rings if that is so.
# - 2 points: topology: an invertible continuous map keeps holes and connectedness, the density is positive everywhere, so mass
#   remains in the gaps (1); seen in density, latent picture and grid; close only with steep maps that squeeze the gaps (1).
# - 1 point: a next step with a reason that fits the observations; figures are there and agree with what is said.
# ### END MARK SCHEME
