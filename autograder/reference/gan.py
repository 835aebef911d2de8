"""Oracles of the GAN labs: each question's function by its own name and signature, taken another way than the model solution.

Device and dtype of a result follow the input.
"""

from __future__ import annotations

import cmath
import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

# Losses, the optimal discriminator, one step of each player


def _losses_log_one_plus_exp(x: Tensor) -> Tensor:
    """log(1 + e^x), exact at both ends, in float64."""
    wide = x.double().flatten()
    return torch.logaddexp(torch.zeros_like(wide), wide)


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Both means as sums over log(1 + e^l), divided by their own counts. Any shapes. Scalar, nats."""
    real = _losses_log_one_plus_exp(-real_logits).sum() / real_logits.numel()
    fake = _losses_log_one_plus_exp(fake_logits).sum() / fake_logits.numel()
    return (real + fake).to(real_logits.dtype)


def generator_loss_minimax(fake_logits: Tensor) -> Tensor:
    """log(1 - D) = -log(1 + e^l), by logaddexp. Any shape. Scalar, nats."""
    return (-_losses_log_one_plus_exp(fake_logits).sum() / fake_logits.numel()).to(fake_logits.dtype)


def generator_loss_nonsaturating(fake_logits: Tensor) -> Tensor:
    """-log D = log(1 + e^-l), by logaddexp. Any shape. Scalar, nats."""
    return (_losses_log_one_plus_exp(-fake_logits).sum() / fake_logits.numel()).to(fake_logits.dtype)


def discriminator_loss_ls(real_output: Tensor, fake_output: Tensor) -> Tensor:
    """The squares multiplied out: half of E[r^2] - 2 E[r] + 1 + E[f^2]. Any shapes. Scalar."""
    real, fake = real_output.double().flatten(), fake_output.double().flatten()
    total = real @ real / real.numel() - 2 * real.sum() / real.numel() + 1 + fake @ fake / fake.numel()
    return (total / 2).to(real_output.dtype)


def generator_loss_ls(fake_output: Tensor) -> Tensor:
    """The square as an inner product. Any shape. Scalar."""
    missing = 1 - fake_output.double().flatten()
    return (missing @ missing / (2 * missing.numel())).to(fake_output.dtype)


def optimal_discriminator(p_data: Tensor, p_g: Tensor) -> Tensor:
    """The sigmoid of the log ratio of the densities; the ratio 0/0 is nan and gets 1/2. (N,) each. (N,)."""
    log_ratio = p_data.double().log() - p_g.double().log()
    return log_ratio.sigmoid().nan_to_num(0.5).to(p_data.dtype)


def gan_value(p_data: Tensor, p_g: Tensor, d: Tensor) -> Tensor:
    """The expectation of log d or log(1 - d) over the points that occur. (N,) each. Scalar, nats."""
    wide = d.double()
    return (_losses_mean_log(p_data.double(), wide) + _losses_mean_log(p_g.double(), 1 - wide)).to(d.dtype)


def _losses_mean_log(p: Tensor, value: Tensor) -> Tensor:
    """sum p log(value) over the points where p is not zero."""
    never = p == 0
    return torch.where(never, 0.0, p * torch.where(never, 1.0, value).log()).sum()


def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """The entropy of the mixture less the mean of the two entropies. (N,) each. Scalar, nats."""
    first, second = p.double(), q.double()
    entropy = torch.special.entr
    return (entropy((first + second) / 2) - (entropy(first) + entropy(second)) / 2).sum().to(p.dtype)


def _losses_take_step(optimizer: Any, value: Tensor) -> Tensor:
    """Set the gradients of what the optimizer holds by autograd.grad, whatever lay there, and step. The value, detached."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for parameter, grad in zip(parameters, torch.autograd.grad(value, parameters), strict=True):
        parameter.grad = grad
    optimizer.step()
    return value.detach()


def discriminator_step(generator: Any, discriminator: Any, optimizer: Any, x: Tensor, z: Tensor, loss: Any) -> Tensor:
    """One optimizer step on loss(D(x), D(G(z))), the generator's images made without a graph. The loss before it, detached."""
    with torch.no_grad():
        fake = generator(z)
    return _losses_take_step(optimizer, loss(discriminator(x), discriminator(fake)))


def generator_step(generator: Any, discriminator: Any, optimizer: Any, z: Tensor, loss: Any) -> Tensor:
    """One optimizer step on loss(D(G(z))), with gradients for what the optimizer holds only. The loss before it, detached."""
    return _losses_take_step(optimizer, loss(discriminator(generator(z))))


# DCGAN


class _DcganGenerator(nn.Module):
    """Projection by a transposed convolution of a 1x1 map, then nearest-neighbour resizing and 3x3 convolutions."""

    def __init__(self, n_latent: int, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        coarse = _dcgan_coarse(image_size)
        n_stages = (image_size // coarse).bit_length() - 1
        sizes = [width << (n_stages - 1 - stage) for stage in range(n_stages)]
        self.project = nn.ConvTranspose2d(n_latent, sizes[0], coarse)
        self.convs = nn.ModuleList(nn.Conv2d(n_in, n_in // 2, 3, padding=1) for n_in in sizes[:-1])
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes)
        self.image = nn.Conv2d(width, n_channels, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        h = self.project(z[:, :, None, None])
        for norm, layer in zip(self.norms, [*self.convs, self.image], strict=True):
            h = layer(functional.interpolate(functional.relu(norm(h)), scale_factor=2.0))
        return torch.tanh(h)


class _DcganDiscriminator(nn.Module):
    """3x3 convolutions of stride 2, and a linear layer at the end."""

    def __init__(self, width: int, image_size: int, n_channels: int) -> None:
        super().__init__()
        coarse = _dcgan_coarse(image_size)
        n_stages = (image_size // coarse).bit_length() - 1
        sizes = [width << stage for stage in range(n_stages)]
        self.first = nn.Conv2d(n_channels, width, 3, stride=2, padding=1)
        self.convs = nn.ModuleList(nn.Conv2d(size // 2, size, 3, stride=2, padding=1) for size in sizes[1:])
        self.norms = nn.ModuleList(nn.BatchNorm2d(size) for size in sizes[1:])
        self.logit = nn.Linear(sizes[-1] * coarse**2, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = functional.leaky_relu(self.first(x), 0.2)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            h = functional.leaky_relu(norm(conv(h)), 0.2)
        return self.logit(h.flatten(1))[:, 0]


def _dcgan_coarse(image_size: int) -> int:
    """The largest odd factor of the size, or 4 where that is smaller: 28 -> 7, 64 -> 4."""
    while image_size % 2 == 0 and image_size > 4:
        image_size //= 2
    return image_size


def build_generator(n_latent: int, width: int, image_size: int, n_channels: int) -> nn.Module:
    """DCGAN generator (Radford et al. 2016), z (B, n_latent) -> (B, n_channels, S, S) in [-1, 1]."""
    return _DcganGenerator(n_latent, width, image_size, n_channels)


def build_discriminator(width: int, image_size: int, n_channels: int) -> nn.Module:
    """DCGAN discriminator (Radford et al. 2016), (B, n_channels, S, S) -> (B,) logits."""
    return _DcganDiscriminator(width, image_size, n_channels)


def condition_codes(z: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """(z, y): the one-hot rows by comparing each label with 0..n_classes-1; attributes (B, n_classes) as they are."""
    return torch.cat([z, _dcgan_label_rows(labels, n_classes, z)], dim=-1)


def condition_images(x: Tensor, labels: Tensor, n_classes: int) -> Tensor:
    """x with n_classes constant maps behind its channels, made as an outer product with a map of ones."""
    ones = torch.ones_like(x[0, 0])
    return torch.cat([x, torch.einsum("bk,hw->bkhw", _dcgan_label_rows(labels, n_classes, x), ones)], dim=-3)


def _dcgan_label_rows(labels: Tensor, n_classes: int, like: Tensor) -> Tensor:
    if labels.ndim == 2:
        return labels.to(like.dtype)
    return (labels[:, None] == torch.arange(n_classes, device=labels.device)).to(like.dtype)


def dcgan_layers(student: Any, network: Any, x: Tensor) -> list[tuple[str, Any, Tensor]]:
    """The layers with weights that `network`, a module in the student's process, passes through for the input x, in order.

    For each: its kind ("conv", "linear" or "norm"), the module, and the tensor that reached it. What lies between two (an activation,
    a resizing, pooling), be it a module or a function, shows in the difference between the output of one and the input of the next.
    """
    modules = student.new("importlib.import_module", "torch.nn.modules")
    kinds = {
        kind: student.new("operator.attrgetter", name)(modules)
        for kind, name in (("conv", "conv._ConvNd"), ("linear", "linear.Linear"), ("norm", "batchnorm._BatchNorm"))
    }
    seen = student.new("collections.UserDict")  # a plain dict would travel by value
    note = student.new("functools.partial", student.new("operator.attrgetter", "__setitem__")(seen))
    hooks = [module.register_forward_pre_hook(note) for module in student.new("builtins.list", network.modules())]
    network(x)
    for hook in hooks:
        hook.remove()
    layers = []
    for module, inputs in zip(student.new("builtins.list", seen.keys()), student.new("builtins.list", seen.values()), strict=True):
        kind = next((kind for kind, cls in kinds.items() if student.new("builtins.isinstance", module, cls)), None)
        if kind is not None:
            layers.append((kind, module, inputs[0].detach()))
    return layers


# Wasserstein critics and penalties


def earth_mover_1d(x: Tensor, y: Tensor) -> Tensor:
    """W1 of the empirical distributions: each sample repeated to the least common multiple of the sizes, then sorted pairs. Scalar."""
    n = math.lcm(len(x), len(y))
    left = x.double().repeat_interleave(n // len(x)).sort().values
    right = y.double().repeat_interleave(n // len(y)).sort().values
    return ((left - right).abs().sum() / n).to(x.dtype)


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """-(mean of real - mean of fake), as inner products with uniform weights. Scores of any shape. Scalar."""
    return -(_stab_average(real_scores) - _stab_average(fake_scores))


def wgan_generator_loss(fake_scores: Tensor) -> Tensor:
    """-mean of the scores. Scores of any shape. Scalar."""
    return -_stab_average(fake_scores)


def _stab_average(scores: Tensor) -> Tensor:
    flat = scores.double().flatten()
    return (flat @ torch.full_like(flat, 1.0 / len(flat))).to(scores.dtype)


def wgan_clip_step(critic: nn.Module, optimizer: torch.optim.Optimizer, real: Tensor, fake: Tensor, clip: float) -> Tensor:
    """One step with gradients by torch.autograd.grad, then each parameter projected onto [-clip, clip] element by element."""
    loss = critic_loss(critic(real), critic(fake.detach()))
    parameters = [parameter for parameter in critic.parameters() if parameter.requires_grad]
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters, allow_unused=True), strict=True):
        parameter.grad = gradient
    optimizer.step()
    for parameter in critic.parameters():
        bound = torch.full_like(parameter.data, clip)
        parameter.data.copy_(torch.minimum(torch.maximum(parameter.data, -bound), bound))
    return loss.detach()


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, alpha: Tensor) -> Tensor:
    """Mean of (||grad f(x_hat)||_2 - 1)^2, one sample at a time. real, fake: (B, ...); alpha: (B,). Scalar."""
    terms = []
    for x, x_fake, share in zip(real.detach(), fake.detach(), alpha, strict=True):
        gradient = _stab_gradient(critic, x_fake + share * (x - x_fake))
        terms.append((torch.linalg.vector_norm(gradient) - 1) ** 2)
    return torch.stack(terms).mean()


def zero_centered_penalty(discriminator: Callable[[Tensor], Tensor], x: Tensor, gamma: float) -> Tensor:
    """gamma/2 mean of ||grad D(x)||^2, one sample at a time. x: (B, ...). Scalar."""
    gradients = [_stab_gradient(discriminator, sample).flatten() for sample in x.detach()]
    return 0.5 * gamma * torch.stack([gradient @ gradient for gradient in gradients]).mean()


def _stab_gradient(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Gradient of the critic's score at one sample x (without its batch dimension), differentiable in the critic's parameters."""
    leaf = x.detach().clone().requires_grad_()
    score = critic(leaf.unsqueeze(0)).reshape(())
    (gradient,) = torch.autograd.grad(score, leaf, create_graph=True)
    return gradient


def spectral_normalize(weight: Tensor, u: Tensor, n_iterations: int = 1) -> tuple[Tensor, Tensor]:
    """n power iterations in one go: u_n along (W W^T)^n u and v_n along W^T (W W^T)^(n-1) u. weight: (out, ...); u: (out,)."""
    wide = weight.double()
    matrix = wide.detach().flatten(1)
    gram = matrix @ matrix.T
    gram = gram / torch.linalg.matrix_norm(gram)  # only directions matter: keeps its powers in range
    left = u.detach().double()
    for _ in range(n_iterations - 1):
        left = gram @ left
        left = left / left.abs().max()
    right = matrix.T @ left
    right = right / right.square().sum().sqrt()
    left = gram @ left
    left = left / left.square().sum().sqrt()
    sigma = (wide.flatten(1) * torch.outer(left, right)).sum()
    return (wide / sigma).to(weight.dtype), left.to(u.dtype)


# The Dirac-GAN


def _dirac_losses(theta: Tensor, phi: Tensor, kind: str, gamma: float) -> tuple[Tensor, Tensor]:
    """What G and D minimise, element by element: D(x) = phi x is a logit or a score, the data are at 0, the fake at theta."""
    real, fake = phi * torch.zeros_like(theta), phi * theta
    zero = torch.zeros_like(fake)
    if kind in ("wgan", "wgan-gp"):
        penalty = gamma * (phi.abs() - 1) ** 2 if kind == "wgan-gp" else zero
        return -fake, fake - real + penalty
    if kind not in ("minimax", "nonsaturating", "r1"):
        raise ValueError(f"unknown kind of Dirac-GAN: {kind!r}")
    # -log D = log(1 + e^-logit), -log(1 - D) = log(1 + e^logit)
    discriminator = torch.logaddexp(zero, -real) + torch.logaddexp(zero, fake)
    generator = -torch.logaddexp(zero, fake) if kind == "minimax" else torch.logaddexp(zero, -fake)
    penalty = gamma / 2 * phi**2 if kind == "r1" else zero
    return generator, discriminator + penalty


def dirac_vector_field(theta: Tensor, phi: Tensor, kind: str, gamma: float = 0.0) -> tuple[Tensor, Tensor]:
    """Minus the gradient of each player's own loss, by autograd. theta, phi: one shape. Two tensors of that shape."""
    with torch.enable_grad():
        mine, theirs = (player.double() if player.requires_grad else player.detach().double().requires_grad_() for player in (theta, phi))
        generator, discriminator = _dirac_losses(mine, theirs, kind, gamma)
        (theta_slope,) = torch.autograd.grad(generator.sum(), mine, create_graph=True)
        (phi_slope,) = torch.autograd.grad(discriminator.sum(), theirs, create_graph=True)
    field = (-theta_slope).to(theta.dtype), (-phi_slope).to(phi.dtype)
    if theta.requires_grad or phi.requires_grad:
        return field
    return field[0].detach(), field[1].detach()


def dirac_eigenvalues(kind: str, gamma: float = 0.0) -> Tensor:
    """Roots of l^2 + gamma l + f'(0)^2 (Mescheder et al. 2018), f'(0) = 1/2 for logits and 1 for scores. (2,), complex128."""
    slopes = {"minimax": 0.5, "nonsaturating": 0.5, "r1": 0.5, "wgan": 1.0}
    if kind not in slopes:
        raise ValueError(f"no Jacobian at the origin for {kind!r}")
    half = gamma / 2 if kind == "r1" else 0.0
    root = cmath.sqrt(half**2 - slopes[kind] ** 2)  # on the positive imaginary or the positive real axis
    return torch.tensor([-half - root, -half + root], dtype=torch.complex128)


def _dirac_log_one_plus_exp(x: complex) -> complex:
    """log(1 + e^x), continued to complex x, without overflow."""
    return x + cmath.log(1 + cmath.exp(-x)) if x.real > 0 else cmath.log(1 + cmath.exp(x))


def _dirac_slope(player: int, theta: complex, phi: complex, kind: str, gamma: float) -> float:
    """Slope of the loss of G (player 0, in theta) or D (player 1, in phi), by a complex step: exact to rounding."""
    tiny = 1e-30
    theta, phi = (theta + 1j * tiny, phi) if player == 0 else (theta, phi + 1j * tiny)
    fake = phi * theta
    loss: complex
    if kind in ("wgan", "wgan-gp"):
        loss = fake if player else -fake
    elif player:
        loss = _dirac_log_one_plus_exp(fake)
    else:
        loss = -_dirac_log_one_plus_exp(fake) if kind == "minimax" else _dirac_log_one_plus_exp(-fake)
    if player and kind == "wgan-gp" and phi.real:
        loss += gamma * (phi * (1 if phi.real > 0 else -1) - 1) ** 2
    if player and kind == "r1":
        loss += gamma / 2 * phi**2
    return loss.imag / tiny


def dirac_trajectory(
    theta: float | Tensor,
    phi: float | Tensor,
    kind: str,
    step_size: float,
    n_steps: int,
    gamma: float = 0.0,
    alternating: bool = False,
    n_critic: int = 1,
    clip: float | None = None,
) -> Tensor:
    """The players' gradient steps on their losses in Python's own numbers, one pair (theta, phi) a row. (n_steps + 1, 2).

    It reads the values of its start, so that there is no path on the meta device.
    """
    like = theta if isinstance(theta, Tensor) else torch.tensor(0.0)
    point = [float(theta), float(phi)]
    limit = float("inf") if clip is None else clip

    def move(player: int, at: list[float]) -> float:
        moved = at[player] - step_size * _dirac_slope(player, at[0], at[1], kind, gamma)
        return sorted((-limit, moved, limit))[1] if player else moved

    path = [list(point)]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                point[1] = move(1, point)
            point[0] = move(0, point)
        else:
            point = [move(0, point), move(1, point)]
        path.append(list(point))
    return torch.tensor(path, dtype=torch.float64).to(like.device, like.dtype)


# Variants of the discriminator


def feature_matching_loss(real_features: Tensor, fake_features: Tensor) -> Tensor:
    """||mean f(x) - mean f(G(z))||^2 from the inner products of all pairs. (N, D), (M, D). Scalar, real held constant."""
    real, fake = real_features.detach().double(), fake_features.double()
    n, m = len(real), len(fake)
    within = (real @ real.T).sum() / n**2 + (fake @ fake.T).sum() / m**2
    return (within - 2 * (real @ fake.T).sum() / (n * m)).to(fake_features.dtype)


def minibatch_features(features: Tensor, T: Tensor) -> Tensor:
    """sum_j exp(-||M_ik - M_jk||_1), image by image and kernel by kernel. features: (B, A); T: (A, K, C). (B, K)."""
    f, kernels = features.double(), T.double()
    columns = []
    for k in range(T.shape[1]):
        rows = f @ kernels[:, k]  # (B, C)
        columns.append(torch.stack([(row - rows).abs().sum(1).neg().exp().sum() for row in rows]))
    return torch.stack(columns, dim=1).to(features.dtype)


def ebgan_discriminator_loss(real_energy: Tensor, fake_energy: Tensor, margin: float) -> Tensor:
    """mean E(x) + mean max(0, margin - E(G(z))), with max(0, a) = (a + |a|) / 2. Scalar."""
    short = margin - fake_energy.double()
    return (real_energy.double().sum() / len(real_energy) + (short + short.abs()).sum() / (2 * len(short))).to(real_energy.dtype)


def began_update(real_error: Tensor, fake_error: Tensor, k: float, gamma: float, lambda_k: float) -> tuple[Tensor, Tensor, float, float]:
    """(L_D, L_G, next k, M): the losses in float64 and cast back, k clipped by sorting, M as the larger of its two branches."""
    real, fake = real_error.double().sum() / len(real_error), fake_error.double().sum() / len(fake_error)
    r, f = float(real.detach()), float(fake.detach())
    new_k = sorted((0.0, k - lambda_k * (f - gamma * r), 1.0))[1]
    convergence = max((1 + gamma) * r - f, (1 - gamma) * r + f)
    return (real - k * fake).to(real_error.dtype), fake.to(fake_error.dtype), new_k, convergence


def vdb_penalty(
    mu_real: Tensor, logvar_real: Tensor, mu_fake: Tensor, logvar_fake: Tensor, beta: float, i_c: float, step_size: float
) -> tuple[Tensor, float]:
    """(beta (KL - i_c), next beta), the KL as torch.distributions has it, every encoding weighted by its share of the mixture."""
    n, m = len(mu_real), len(mu_fake)
    mu, logvar = torch.cat([mu_real, mu_fake]).double(), torch.cat([logvar_real, logvar_fake]).double()
    share = torch.tensor([0.5 / n] * n + [0.5 / m] * m, dtype=torch.float64, device=mu.device)
    # without validation, which looks at values and so fails on the meta device
    q = torch.distributions.Normal(mu, (logvar / 2).exp(), validate_args=False)
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu), validate_args=False)
    excess = share @ torch.distributions.kl_divergence(q, p).sum(1) - i_c
    climbed = beta + step_size * float(excess.detach())
    return (beta * excess).to(mu_real.dtype), climbed if climbed > 0 else 0.0


# GDPP, styles, attention, the Frechet distance


def diversity_kernel(features: Tensor) -> Tensor:
    """Inner products of all pairs by polarisation, (|a + b|^2 - |a - b|^2) / 4. features: (B, D). (B, B)."""
    a, b = features.double().unsqueeze(1), features.double().unsqueeze(0)
    return (((a + b).square().sum(2) - (a - b).square().sum(2)) / 4).to(features.dtype)


def gdpp_magnitude_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """Sum of |lambda_real - lambda_fake|, as singular values: the same for positive semi-definite matrices. (B, B) each. Scalar."""
    real, fake = (torch.linalg.svdvals(_gdpp_symmetric(kernel)) for kernel in (kernel_real.detach(), kernel_fake))
    return torch.maximum(real - fake, fake - real).sum().to(kernel_fake.dtype)


def gdpp_structure_loss(kernel_real: Tensor, kernel_fake: Tensor) -> Tensor:
    """-sum_i weight_i sqrt(tr(P_i Q_i)) with the spectral projectors P_i, Q_i: no eigenvector, so no sign. (B, B) each. Scalar."""
    values, real = _gdpp_projectors(kernel_real.detach())
    _, fake = _gdpp_projectors(kernel_fake)
    weights = (values - values.amin()) / (values.amax() - values.amin())
    squared_cosines = (real * fake).sum((1, 2)).clamp(min=0)  # tr(P_i Q_i), both symmetric
    return -(weights * squared_cosines.sqrt()).sum().to(kernel_fake.dtype)


def _gdpp_symmetric(kernel: Tensor) -> Tensor:
    wide = kernel.double()
    return (wide + wide.T) / 2


def _gdpp_projectors(kernel: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, rising, and the projectors prod_{j != i} (K - lambda_j I) / (lambda_i - lambda_j) onto their eigenvectors."""
    matrix = _gdpp_symmetric(kernel)
    values = torch.linalg.eigvalsh(matrix)
    gaps = values.unsqueeze(1) - values.unsqueeze(0)
    # a repeated zero has no projector of its own: what stands there is finite, and its weight is zero
    gaps = torch.where(gaps.abs() < 1e-9 * values.amax(), torch.ones_like(gaps), gaps)
    identity = torch.eye(len(matrix), dtype=torch.float64, device=kernel.device)
    projectors = []
    for i in range(len(matrix)):
        product = identity
        for j in range(len(matrix)):
            if j != i:
                product = product @ (matrix - values[j] * identity) / gaps[i, j]
        projectors.append(product)
    return values, torch.stack(projectors)


def adain(x: Tensor, scale: Tensor, bias: Tensor, eps: float = 1e-5) -> Tensor:
    """One affine map a x + c for each map: a = s / sqrt(var + eps), c = b - a mean; the variance from pairs of pixels. As x."""
    pixels = x.double().flatten(2)
    pairs = pixels.unsqueeze(2) - pixels.unsqueeze(3)
    variance = pairs.square().mean((2, 3)) / 2  # for two independent pixels, E(u - v)^2 = 2 var
    slope = scale.double() / (variance + eps).sqrt()
    offset = bias.double() - slope * pixels.mean(2)
    return (slope.unsqueeze(2) * pixels + offset.unsqueeze(2)).reshape(x.shape).to(x.dtype)


def map_to_style(z: Tensor, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
    """The mapping network code by code, LeakyReLU as (0.6 + 0.4 sign(h)) h. z: (B, K). (B, out)."""
    styles = []
    for code in z.double():
        h = code * math.sqrt(len(code)) / (code @ code + len(code) * 1e-8).sqrt()
        for weight, bias in zip(weights, biases, strict=True):
            h = torch.mv(weight.double(), h) + bias.double()
            h = (0.6 + 0.4 * h.detach().sign()) * h
        styles.append(h)
    return torch.stack(styles).to(z.dtype)


def demodulate(weight: Tensor, style: Tensor, eps: float = 1e-8) -> Tensor:
    """w s / sqrt(sum_i s_i^2 e_oi + eps), with e_oi the energy of the kernel from i to o. (B, out, in, kh, kw)."""
    w, s = weight.double(), style.double()
    energy = torch.einsum("oikl,oikl->oi", w, w)
    gain = (s.square() @ energy.T + eps).pow(-0.5)  # (B, out)
    return torch.einsum("oikl,bi,bo->boikl", w, s, gain).to(weight.dtype)


def fade_in(low: Tensor, high: Tensor, alpha: float | Tensor) -> Tensor:
    """Blend pixel by pixel: row r of the result takes row r // 2 of low. low: (B, C, H, W). As high."""
    rows = torch.arange(high.shape[2], device=low.device) // 2
    columns = torch.arange(high.shape[3], device=low.device) // 2
    old = low.double()[:, :, rows][:, :, :, columns]
    return (old + alpha * (high.double() - old)).to(high.dtype)


def self_attention(x: Tensor, query: Tensor, key: Tensor, value: Tensor, output: Tensor, gamma: Tensor) -> Tensor:
    """SAGAN attention, image by image and position by position. x: (B, C, H, W). As x."""
    W_q, W_k, W_v, W_o = (matrix.double() for matrix in (query, key, value, output))
    images = []
    for image in x.double():
        positions = image.flatten(1)  # (C, N)
        seen = []
        for asks in positions.T:
            scores = (W_k.T @ (W_q @ asks)) @ positions
            shares = (scores - torch.logsumexp(scores, 0)).exp()
            seen.append(asks + gamma * (W_o @ (W_v @ (positions @ shares))))  # W_v is linear: it may come after the mean
        images.append(torch.stack(seen, 1).reshape(image.shape))
    return torch.stack(images).to(x.dtype)


def frechet_distance(mean_1: Tensor, cov_1: Tensor, mean_2: Tensor, cov_2: Tensor) -> Tensor:
    """|m_1 - m_2|^2 + tr C_1 + tr C_2 - 2 |R_1 R_2|_* with C_i = R_i^2: the nuclear norm is the trace of the root. Scalar."""
    difference = mean_1.double() - mean_2.double()
    cross = torch.linalg.matrix_norm(_frechet_root(cov_1) @ _frechet_root(cov_2), ord="nuc")
    traces = cov_1.double().diagonal().sum() + cov_2.double().diagonal().sum()
    return torch.relu(difference @ difference + traces - 2 * cross).to(mean_1.dtype)


def _frechet_root(cov: Tensor) -> Tensor:
    """The symmetric root of the nearest positive semi-definite matrix."""
    wide = cov.double()
    values, vectors = torch.linalg.eigh((wide + wide.T) / 2)
    return torch.einsum("ik,k,jk->ij", vectors, torch.relu(values).sqrt(), vectors)


# Inversion


def _inversion_copy(generator: Any) -> Any:
    """A copy of the generator to work with, in float64, evaluation mode and frozen: nothing can happen to the original."""
    return copy.deepcopy(generator).double().eval().requires_grad_(False)


def _inversion_error(model: Any, x: Tensor, z: Tensor) -> Tensor:
    """||G(z_i) - x_i||^2 as inner products, image by image. z: (B, K) float64. (B,)."""
    difference = (model(z) - x.double()).flatten(1)
    return torch.einsum("bd,bd->b", difference, difference)


def invert(generator: Any, x: Tensor, z_init: Tensor, n_steps: int, lr: float) -> Tensor:
    """Adam by hand: a step is lr times the weighted mean of the gradients over the root of that of their squares. (B, K).

    The weights are 0.9^age and 0.999^age, divided by their sum, which is what Adam's bias correction amounts to. The gradient of
    ||G(z) - x||^2 is 2 J^T (G(z) - x), a vector-Jacobian product.
    """
    model = _inversion_copy(generator)
    z = z_init.detach().double()
    first, first_weight = torch.zeros_like(z), 0.0
    second, second_weight = torch.zeros_like(z), 0.0
    for _ in range(n_steps):
        point = z.clone().requires_grad_()
        with torch.enable_grad():
            image = model(point)
        (gradient,) = torch.autograd.grad(image, point, grad_outputs=2 * (image.detach() - x.double()))
        first, first_weight = 0.9 * first + gradient, 0.9 * first_weight + 1
        second, second_weight = 0.999 * second + gradient.square(), 0.999 * second_weight + 1
        z = z - lr * (first / first_weight) / ((second / second_weight).sqrt() + 1e-8)
    return z.to(z_init.dtype)


def invert_with_restarts(generator: Any, x: Tensor, z_inits: Tensor, search: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
    """A running best over the starts, image by image. z_inits: (R, B, K). (z (B, K), error (B,))."""
    model = _inversion_copy(generator)
    best = search(z_inits[0].double())
    lowest = _inversion_error(model, x, best)
    for z_init in z_inits[1:]:
        z = search(z_init.double())
        error = _inversion_error(model, x, z)
        best = torch.where((error < lowest)[:, None], z, best)
        lowest = torch.minimum(error, lowest)
    return best.to(z_inits.dtype), lowest.to(x.dtype)


def attribute_direction(codes: Tensor, has: Tensor) -> Tensor:
    """A linear functional of the codes: weights has / n_with - (1 - has) / n_without. codes: (N, K); has: (N,). (K,)."""
    marks = has.double()
    weights = marks / marks.sum() - (1 - marks) / (1 - marks).sum()
    return (weights @ codes.double()).to(codes.dtype)


def error_by_attribute(error: Tensor, attributes: Tensor) -> Tensor:
    """The normal equations of two indicator columns for each attribute, 0 / 0 where nobody is. error: (N,); attributes: (N, A). (A, 2)."""
    wide, marks = error.double(), attributes.double()
    indicators = torch.stack([1 - marks, marks], dim=-1)  # (N, A, 2)
    return (torch.einsum("n,nac->ac", wide, indicators) / indicators.sum(0)).to(error.dtype)
