"""Known answers: The diversity kernel."""


# %% wrong: centred
# Centres the features over the batch.
def diversity_kernel(features):
    centred = features - features.mean(0)
    return centred @ centred.T


# %% wrong: cosine
# Scales every sample's features to length one.
import torch.nn.functional as F


def diversity_kernel(features):
    phi = F.normalize(features, dim=1)
    return phi @ phi.T


# %% wrong: detached
# Cuts one of the two factors out of the graph.
def diversity_kernel(features):
    return features @ features.detach().T


# %% wrong: distances
# Takes squared distances for inner products.
def diversity_kernel(features):
    return (features[:, None] - features[None]).pow(2).sum(-1)


# %% wrong: features_by_features
# Takes features by features for samples by samples.
def diversity_kernel(features):
    return features.T @ features


# %% wrong: mean_over_features
# Averages over the features.
def diversity_kernel(features):
    return (features[:, None] * features[None]).mean(-1)


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
