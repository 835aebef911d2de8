"""Known answers: a step of DDIM."""


# %% spoils: direction_without_sigma
# Forgets to take the new noise from the old.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: eta_not_squared
# Puts eta into the variance without its square.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: variance_as_std
# Multiplies the noise by the variance.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance * noise


# %% spoils: beta_for_beta_tilde
# Uses the variance beta instead of beta tilde.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0 or bool((after == 1).all()):
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - before / after)
    return (
        after.sqrt() * x_0
        + (1 - after - variance).clamp(min=0).sqrt() * eps_hat
        + variance.sqrt() * noise
    )


# %% spoils: ratio_upside_down
# Has the ratio of the levels upside down.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after).abs() * before / after
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: no_division
# Forgets to divide by the root of alpha_bar in x_0.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = x_t - (1 - before).sqrt() * eps_hat
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: no_roots
# Forgets the roots.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before) * eps_hat) / before
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: other_level_for_x_0
# Estimates x_0 with the level it goes to.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - after).sqrt() * eps_hat) / after.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: levels_swapped
# Swaps both levels.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    after, before = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after).abs()
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: sign_of_direction
# Subtracts the direction to x_t.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 - (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 - (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: always_stochastic
# Ignores eta and always takes noise.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if noise is None:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: never_stochastic
# Ignores the noise.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if True:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: clipped
# Clips x_0 to the range of pixels.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    x_0 = x_0.clamp(-1, 1)
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: one_level
# Uses the levels of the first sample for all.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (alpha_bar_t[0], alpha_bar_s[0])
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: detached
# Detaches the estimate of x_0.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    x_0 = x_0.detach()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% spoils: nan_later
# Takes the root of a negative number where the step goes to more noise.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    a, b = per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t)
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x_0 = (x_t - (1 - a).sqrt() * eps_hat) / a.sqrt()
    x_s = b.sqrt() * x_0 + (1 - b - sigma**2).sqrt() * eps_hat
    return x_s if noise is None else x_s + sigma * noise


# %% corner: noise_at_the_end
# Takes a little noise also at the end.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    after = after.clamp(max=0.9999)
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% corner: wants_noise
# Needs noise though eta is 0.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0 and noise.shape == x_t.shape:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% corner: default_eta
# Has another default for eta.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=1.0, noise=None):
    before, after = (per_sample(alpha_bar_t, x_t), per_sample(alpha_bar_s, x_t))
    x_0 = (x_t - (1 - before).sqrt() * eps_hat) / before.sqrt()
    if eta == 0:
        return after.sqrt() * x_0 + (1 - after).sqrt() * eps_hat
    variance = eta**2 * (1 - after) / (1 - before) * (1 - before / after)
    return after.sqrt() * x_0 + (1 - after - variance).sqrt() * eps_hat + variance.sqrt() * noise


# %% right: sigma
# Computes sigma as the paper does.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    shape = (-1,) + (1,) * (x_t.ndim - 1)
    a, b = alpha_bar_t.view(shape), alpha_bar_s.view(shape)
    if eta > 0:
        sigma = eta * torch.sqrt((1 - b) / (1 - a)) * torch.sqrt((1 - a / b).clamp(min=0))
    else:
        sigma = torch.zeros_like(b)
    x_0 = (x_t - torch.sqrt(1 - a) * eps_hat) / torch.sqrt(a)
    x_s = torch.sqrt(b) * x_0 + torch.sqrt((1 - b - sigma**2).clamp_min(0)) * eps_hat
    return x_s if noise is None else x_s + sigma * noise


# %% right: combined
# Goes by coefficients of x_t and of the noise.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    sigma = torch.zeros_like(alpha_bar_s)
    if eta:
        inside = (1 - alpha_bar_s) * (1 - alpha_bar_t / alpha_bar_s) / (1 - alpha_bar_t)
        sigma = eta * inside.clamp(min=0).sqrt()
    ratio = (alpha_bar_s / alpha_bar_t).sqrt()
    direction = (1 - alpha_bar_s - sigma**2).clamp(min=0).sqrt()
    slope = direction - ratio * (1 - alpha_bar_t).sqrt()
    x_s = per_sample(ratio, x_t) * x_t + per_sample(slope, x_t) * eps_hat
    if eta:
        x_s = x_s + per_sample(sigma, x_t) * noise
    return x_s


# %% right: loop
# Loops over the samples, with plain numbers.
def ddim_step(x_t, eps_hat, alpha_bar_t, alpha_bar_s, eta=0.0, noise=None):
    out = []
    for i in range(len(x_t)):
        a, b = alpha_bar_t[i].item(), alpha_bar_s[i].item()
        sigma = eta * math.sqrt(max(0.0, (1 - b) / (1 - a) * (1 - a / b)))
        x_0 = (x_t[i] - math.sqrt(1 - a) * eps_hat[i]) / math.sqrt(a)
        row = math.sqrt(b) * x_0 + math.sqrt(max(0.0, 1 - b - sigma**2)) * eps_hat[i]
        out.append(row + sigma * noise[i] if sigma > 0 else row)
    return torch.stack(out)
