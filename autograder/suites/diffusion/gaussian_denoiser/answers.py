"""Known answers: the exact denoiser of Gaussian data."""


# %% spoils: no_mean
# Forgets the mean.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return gain * (x_t @ axes) @ axes.T


# %% spoils: mean_unscaled
# Subtracts the mean without the root of alpha_bar.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - mean) @ axes) @ axes.T


# %% spoils: no_root
# Uses alpha_bar for its root in the gain.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = kept * variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% spoils: gain_without_signal
# Forgets the root of alpha_bar in the gain.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% spoils: variance_of_noise
# Takes the standard deviation of the noise for its variance.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + (1 - kept).sqrt())
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% spoils: unscaled_covariance
# Forgets alpha_bar before the covariance of x_t.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% spoils: diagonal
# Looks at the variances only, not at the covariances.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    a, variances = alpha_bar_t[:, None], cov.diagonal()
    return mean + a.sqrt() * variances / (a * variances + 1 - a) * (x_t - a.sqrt() * mean)


# %% spoils: one_level
# Uses the level of the first sample for all.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t[:1].sqrt()[:, None], alpha_bar_t[:1, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% spoils: inverse_of_cov
# Inverts the covariance of the data, which may be singular.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    a = alpha_bar_t[:, None, None]
    precision = torch.linalg.inv(cov)
    posterior = torch.linalg.inv(precision + a / (1 - a) * torch.eye(len(mean)).to(cov))
    pull = (a.sqrt() / (1 - a))[:, :, 0] * x_t + precision @ mean
    return (posterior @ pull[:, :, None])[:, :, 0]


# %% spoils: rescaled
# Only undoes the scale.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    return x_t / alpha_bar_t.sqrt()[:, None]


# %% spoils: prior_mean
# Always returns the mean of the data.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    return mean.expand_as(x_t) + 0 * x_t


# %% spoils: rotated_back_wrongly
# Transposes the eigenvectors on the way back.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes


# %% spoils: no_gradient
# Goes through NumPy, where gradients end.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return (mean + gain * ((x_t - signal * mean) @ axes) @ axes.T).detach()


# %% corner: jitter
# Adds a small number to the variances.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov + 1e-4 * torch.eye(len(cov)).to(cov))
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return mean + gain * ((x_t - signal * mean) @ axes) @ axes.T


# %% corner: squeezed
# Takes axes of length 1 away.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return (mean + gain * ((x_t - signal * mean) @ axes) @ axes.T).squeeze()


# %% corner: clipped
# Clips to the range of a few units.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    variances, axes = torch.linalg.eigh(cov)
    signal, kept = (alpha_bar_t.sqrt()[:, None], alpha_bar_t[:, None])
    gain = signal * variances / (kept * variances + 1 - kept)
    return (mean + gain * ((x_t - signal * mean) @ axes) @ axes.T).clamp(-20, 20)


# %% right: solve
# Solves one system per sample.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    a = alpha_bar_t[:, None, None]
    own = a * cov + (1 - a) * torch.eye(len(mean), dtype=cov.dtype, device=cov.device)
    away = x_t - a[:, :, 0].sqrt() * mean
    return mean + a[:, :, 0].sqrt() * torch.linalg.solve(own, away[:, :, None])[:, :, 0] @ cov


# %% right: loop
# Loops over the samples, with an inverse for each.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    eye = torch.eye(cov.shape[0]).to(cov)
    guesses = []
    for x, a in zip(x_t, alpha_bar_t):
        gain = a.sqrt() * cov @ torch.inverse(a * cov + (1 - a) * eye)
        guesses.append(mean + gain @ (x - a.sqrt() * mean))
    return torch.stack(guesses)


# %% right: score
# Goes by the score of the noisy data.
def gaussian_denoiser(x_t, alpha_bar_t, mean, cov):
    a = alpha_bar_t.reshape(-1, 1, 1)
    own = a * cov + (1 - a) * torch.eye(len(mean)).to(cov)
    centre = alpha_bar_t.sqrt()[:, None] * mean
    score = -(torch.linalg.pinv(own, hermitian=True) @ (x_t - centre).unsqueeze(-1)).squeeze(-1)
    return (x_t + (1 - alpha_bar_t)[:, None] * score) / alpha_bar_t.sqrt()[:, None]
