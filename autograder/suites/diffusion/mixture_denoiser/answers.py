"""Known answers: the exact denoiser of a mixture."""


# %% spoils: no_weights
# Takes all components to be equally likely.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = log_density.softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: weights_not_logs
# Adds the weights to the log-densities.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: no_constant
# Leaves the normalising constants out, which differ between the components.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread)
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: constant_of_one
# Counts the normalising constant of one coordinate only.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - spread.log() / 2
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: constant_doubled
# Forgets the root in the normalising constant.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: no_half
# Forgets the 2 in the exponent.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / spread - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: widths_as_std
# Takes the variances for standard deviations.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    variances = variances**2
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: clean_shares
# Compares x_t with the means as if there were no noise.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: only_means
# Averages the means and forgets what x_t says within a component.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + 0 * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: nearest
# Takes the most likely component only.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return guesses[torch.arange(len(x_t)), shares.argmax(1)]


# %% spoils: densities
# Multiplies densities, which are all 0 far away.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = weights * log_density.exp()
    shares = shares / shares.sum(1, keepdim=True)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: small_number
# Adds a small number to a sum of densities that is 0.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = weights * log_density.exp()
    shares = shares / (shares.sum(1, keepdim=True) + 1e-12)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: gain_without_signal
# Forgets the root of alpha_bar in the gain.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: shares_detached
# Lets no gradient through the shares.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1).detach()
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: softmax_over_batch
# Normalises over the batch.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(0)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% spoils: one_level
# Uses the level of the first sample for all.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    alpha_bar_t = alpha_bar_t[:1].expand(len(x_t))
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% corner: floor_of_width
# Keeps the widths from becoming too small.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = (kept * variances + 1 - kept).clamp(min=1e-4)
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = (weights.log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% corner: weights_floored
# Gives a component of weight 0 a little.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal, kept = (alpha_bar_t.sqrt()[:, None, None], alpha_bar_t[:, None])
    spread = kept * variances + 1 - kept
    away = x_t[:, None] - signal * means
    log_density = -away.square().sum(2) / (2 * spread) - x_t.shape[1] / 2 * spread.log()
    shares = ((weights + 1e-3).log() + log_density).softmax(1)
    guesses = means + (signal[:, :, 0] * variances / spread)[:, :, None] * away
    return (shares[:, :, None] * guesses).sum(1)


# %% right: logsumexp
# Goes by logsumexp.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    a = alpha_bar_t[:, None]
    s = a * variances + 1 - a
    parts = []
    for k in range(len(weights)):
        away = x_t - a.sqrt() * means[k]
        log_p = -0.5 * (away**2).sum(-1) / s[:, k] - 0.5 * x_t.shape[-1] * torch.log(s[:, k])
        parts.append(torch.log(weights[k]) + log_p)
    logs = torch.stack(parts, dim=1)
    shares = torch.exp(logs - torch.logsumexp(logs, dim=1, keepdim=True))
    guess = torch.zeros_like(x_t)
    for k in range(len(weights)):
        gain = a.sqrt() * variances[k] / s[:, k : k + 1]
        guess = guess + shares[:, k : k + 1] * (means[k] + gain * (x_t - a.sqrt() * means[k]))
    return guess


# %% right: distributions
# Uses torch.distributions.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    signal = alpha_bar_t.sqrt()[:, None, None]
    spread = (alpha_bar_t[:, None] * variances + 1 - alpha_bar_t[:, None])[:, :, None]
    normal = torch.distributions.Normal(signal * means, spread.sqrt(), validate_args=False)
    logs = normal.log_prob(x_t[:, None]).sum(-1) + weights.log()
    guess = means + signal * variances[:, None] / spread * (x_t[:, None] - signal * means)
    return torch.einsum("bk,bkd->bd", torch.softmax(logs, -1), guess)


# %% right: subtract_largest
# Subtracts the largest exponent by hand.
def mixture_denoiser(x_t, alpha_bar_t, weights, means, variances):
    rows = []
    for x, a in zip(x_t, alpha_bar_t):
        s = a * variances + 1 - a
        away = x - a.sqrt() * means
        logs = weights.log() - (away * away).sum(1) / (2 * s) - len(x) * s.log() / 2
        shares = (logs - logs.max()).exp()
        shares = shares / shares.sum()
        guess = means + (a.sqrt() * variances / s).unsqueeze(1) * away
        rows.append(shares @ guess)
    return torch.stack(rows)
