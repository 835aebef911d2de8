"""Known answers: the exact denoiser of a data set."""


# %% spoils: unscaled
# Compares x_t with the points without the root of alpha_bar.
def dataset_denoiser(x_t, alpha_bar_t, data):
    x, points = x_t.flatten(1), data.flatten(1)
    square = x.square().sum(1, keepdim=True) - 2 * x @ points.T + points.square().sum(1)
    return ((-square / (2 * (1 - alpha_bar_t[:, None]))).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: no_half
# Forgets the 2 in the exponent.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((2 * alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: by_std
# Divides by the standard deviation of the noise.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept).sqrt()).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: no_lengths
# Leaves out the lengths of the points.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T)
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: lengths_unscaled
# Forgets alpha_bar before the lengths of the points.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: no_root
# Uses alpha_bar for its root.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: nearest
# Returns the nearest point.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return 0 * x_t + points[(alike / (1 - kept)).argmax(1)].reshape(x_t.shape)


# %% spoils: mean_distance
# Averages over the pixels in the exponent.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / points.shape[1] / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: densities
# Divides sums of densities, which are 0 far away.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = data.flatten(1), alpha_bar_t[:, None]
    square = (
        torch.cdist(x_t.flatten(1), points[None] * kept[:, :, None].sqrt()).square()[0]
        if 0
        else (
            x_t.flatten(1).square().sum(1, keepdim=True)
            - 2 * kept.sqrt() * (x_t.flatten(1) @ points.T)
            + kept * points.square().sum(1)
        )
    )
    density = (-square / (2 * (1 - kept))).exp()
    return (density / density.sum(1, keepdim=True) @ points).reshape(x_t.shape)


# %% spoils: over_batch
# Normalises over the batch.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(0) @ points).reshape(x_t.shape)


# %% spoils: returns_scaled
# Returns the estimate of the noisy data.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape) * per_sample(
        alpha_bar_t.sqrt(), x_t
    )


# %% spoils: one_level
# Uses the mean level for all samples.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t.mean().expand(len(x_t), 1))
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape)


# %% spoils: flat
# Returns rows instead of images.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return (alike / (1 - kept)).softmax(1) @ points


# %% spoils: shares_detached
# Lets no gradient through the shares.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return 0 * x_t + ((alike / (1 - kept)).softmax(1).detach() @ points).reshape(x_t.shape)


# %% corner: bounded_noise
# Never takes the noise to be smaller than a thousandth.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept).clamp(min=1e-3)).softmax(1) @ points).reshape(x_t.shape)


# %% corner: squeezed
# Takes axes of length 1 away.
def dataset_denoiser(x_t, alpha_bar_t, data):
    points, kept = (data.flatten(1), alpha_bar_t[:, None])
    alike = kept.sqrt() * (x_t.flatten(1) @ points.T) - kept * points.square().sum(1) / 2
    return ((alike / (1 - kept)).softmax(1) @ points).reshape(x_t.shape).squeeze()


# %% right: loop
# Loops over the samples, with all differences of one.
def dataset_denoiser(x_t, alpha_bar_t, data):
    rows = []
    for x, a in zip(x_t, alpha_bar_t):
        square = (x - a.sqrt() * data).reshape(len(data), -1).pow(2).sum(1)
        rows.append(torch.tensordot(torch.softmax(-square / (2 * (1 - a)), 0), data, dims=1))
    return torch.stack(rows)


# %% right: expanded
# Expands the square, with the length of x_t too.
def dataset_denoiser(x_t, alpha_bar_t, data):
    x, y = x_t.reshape(len(x_t), -1), data.reshape(len(data), -1)
    a = alpha_bar_t.unsqueeze(1)
    square = (x * x).sum(1, keepdim=True) - 2 * a.sqrt() * (x @ y.T) + a * (y * y).sum(1)
    logs = -square / (2 * (1 - a))
    weights = torch.exp(logs - logs.max(dim=1, keepdim=True).values)
    return (weights @ y / weights.sum(1, keepdim=True)).view(x_t.shape)


# %% right: cdist
# Uses cdist on points that are divided by the root of alpha_bar.
def dataset_denoiser(x_t, alpha_bar_t, data):
    a = alpha_bar_t[:, None]
    x, y = x_t.flatten(1) / a.sqrt(), data.flatten(1)
    logs = (
        -(torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist") ** 2) * a / (2 * (1 - a))
    )
    return (logs.softmax(dim=-1) @ y).reshape_as(x_t)
