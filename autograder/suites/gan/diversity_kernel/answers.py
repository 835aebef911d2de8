"""Known answers: The diversity kernel."""


# %% spoils: centred
# Centres the features over the batch.
def diversity_kernel(features):
    centred = features - features.mean(0)
    return centred @ centred.T


# %% spoils: cosine
# Scales every sample's features to length one.
import torch.nn.functional as F


def diversity_kernel(features):
    phi = F.normalize(features, dim=1)
    return phi @ phi.T


# %% spoils: detached
# Cuts one of the two factors out of the graph.
def diversity_kernel(features):
    return features @ features.detach().T


# %% spoils: distances
# Takes squared distances for inner products.
def diversity_kernel(features):
    return (features[:, None] - features[None]).pow(2).sum(-1)


# %% spoils: features_by_features
# Takes features by features for samples by samples.
def diversity_kernel(features):
    return features.T @ features


# %% spoils: mean_over_features
# Averages over the features.
def diversity_kernel(features):
    return (features[:, None] * features[None]).mean(-1)


# %% spoils: clamped
# Leaves no negative entries, as similarities should have none.
def diversity_kernel(features):
    return (features @ features.T).clamp(min=0)


# %% corner: half_precision
# Multiplies in bfloat16.
def diversity_kernel(features):
    phi = features.bfloat16()
    return (phi @ phi.T).to(features.dtype)


# %% corner: jitter
# Adds a little to the diagonal, so that the kernel can be inverted.
import torch


def diversity_kernel(features):
    eye = torch.eye(len(features), dtype=features.dtype, device=features.device)
    return features @ features.T + 1e-6 * eye


# %% spoils: mirrored
# Mirrors the upper half without its gradient.
import torch


def diversity_kernel(features):
    kernel = features @ features.T
    return torch.triu(kernel) + torch.triu(kernel, 1).T.detach()


# %% spoils: no_gradient
# Computes under no_grad and lets the result require gradients of itself.
def diversity_kernel(features):
    phi = features.detach()
    return (phi @ phi.T).requires_grad_(features.requires_grad)


# %% corner: squeezed
# Takes away axes of length one, and works on vectors then.
def diversity_kernel(features):
    phi = features.squeeze()
    return phi @ phi.T if phi.dim() > 1 else phi.dot(phi)


# %% corner: view
# Flattens by `view`, which fails for features that are not contiguous.
def diversity_kernel(features):
    phi = features.view(-1)
    phi = phi.view(features.shape)
    return phi @ phi.T


# %% right: broadcast
# Products of all pairs by broadcasting, then a sum.
def diversity_kernel(features):
    return (features[:, None, :] * features[None, :, :]).sum(-1)


# %% right: einsum
# An einsum over the features.
import torch


def diversity_kernel(features: torch.Tensor) -> torch.Tensor:
    return torch.einsum("id,jd->ij", features, features)


# %% right: linear
# A linear layer whose weights are the features themselves.
import torch.nn.functional as F


def diversity_kernel(features):
    return F.linear(features, features)


# %% right: loops
# Dot products, pair by pair.
import torch


def diversity_kernel(features):
    rows = []
    for a in features:
        rows.append(torch.stack([torch.dot(a, b) for b in features]))
    return torch.stack(rows)


# %% right: polarised
# From lengths and distances of all pairs.
import torch


def diversity_kernel(features):
    lengths = features.square().sum(1)
    gaps = (features[:, None] - features[None]).square().sum(2)
    return (lengths[:, None] + lengths - gaps) / 2


# %% right: vmap
# A product with one sample at a time, mapped over the batch.
import torch


def diversity_kernel(features):
    return torch.func.vmap(lambda phi: features @ phi)(features)
