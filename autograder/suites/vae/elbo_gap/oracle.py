"""Oracle: the gap between log p(x) and the ELBO."""

from __future__ import annotations

from torch import Tensor
from torch.distributions import MultivariateNormal
from torch.distributions import kl_divergence as distributions_kl


def elbo_gap(m: Tensor, S: Tensor, mean: Tensor, cov: Tensor) -> Tensor:
    """KL(N(m_i, S) || N(mean_i, cov)) as torch.distributions has it. m, mean: (B, K); S, cov: (K,
    K). (B,), nats.
    """
    # without validation, which looks at values and so fails on the meta device
    q = MultivariateNormal(m.double(), _symmetric(S.double()), validate_args=False)
    p = MultivariateNormal(mean.double(), _symmetric(cov.double()), validate_args=False)
    return distributions_kl(q, p).to(m.dtype)


def _symmetric(matrix: Tensor) -> Tensor:
    return (matrix + matrix.T) / 2
