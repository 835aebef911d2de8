"""Known answers: one step of the backward chain."""


# %% spoils: noise_at_the_end
# Adds noise at t = 0 with the variance beta.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde).sqrt()
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: first_sample_decides
# Adds noise to all samples or to none, as the first sample's step says.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde).sqrt()
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (
        at_t((1 - betas).rsqrt()) * x_t
        - at_t(of_eps) * eps_hat
        + (at_t(sigma) * noise if t[0] > 0 else 0)
    )


# %% spoils: variance_as_std
# Scales the noise with the variance.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma**2) * noise


# %% spoils: always_beta
# Ignores the choice of the variance.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: names_swapped
# Swaps the two variances.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (tilde if variance == "beta" else betas)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: alpha_bar_for_alpha
# Divides by the root of alpha_bar.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t(alpha_bar.rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: root_of_alpha_missing
# Divides by alpha.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t(1 / (1 - betas)) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: noise_not_rescaled
# Divides only x_t by the root of alpha, and not the prediction.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / (1 - alpha_bar).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: root_of_noise_missing
# Divides the prediction by 1 - alpha_bar without its root.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / (1 - alpha_bar) / (1 - betas).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: plus
# Adds the predicted noise.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t + at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: predicts_data
# Takes the prediction for the data.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (
        at_t(before.sqrt() * betas / (1 - alpha_bar)) * eps_hat
        + at_t((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar)) * x_t
        + at_t(sigma) * noise
    )


# %% spoils: clipped_data
# Clips the predicted image to [-1, 1].
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (
        at_t(before.sqrt() * betas / (1 - alpha_bar))
        * ((x_t - at_t((1 - alpha_bar).sqrt()) * eps_hat) / at_t(alpha_bar.sqrt())).clamp(-1, 1)
        + at_t((1 - betas).sqrt() * (1 - before) / (1 - alpha_bar)) * x_t
        + at_t(sigma) * noise
    )


# %% spoils: rolled
# Takes the last alpha_bar for the one before step 0, so that beta_tilde is wrong at the start.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = alpha_bar.roll(1)

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde).sqrt()
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (
        at_t((1 - betas).rsqrt()) * x_t
        - at_t(of_eps) * eps_hat
        + at_t(sigma * (torch.arange(len(betas), device=betas.device) != 1)) * noise
    )


# %% spoils: one_step_for_all
# Uses the first sample's step for all.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    t = t[:1].expand(len(t))
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: float64_images
# Lets the schedule's float64 come through.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: no_gradients
# Records no gradients.
@torch.no_grad()
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% spoils: nan_gradients
# Multiplies a root at 0 with a mask: right values, gradients of the betas that are nan.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde).sqrt()
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (
        at_t((1 - betas).rsqrt()) * x_t
        - at_t(of_eps) * eps_hat
        + at_t(sigma) * noise * (t > 0).to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))
    )


# %% corner: any_variance
# Takes any other word for beta_tilde.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% corner: assertion
# Raises AssertionError for another variance.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    assert variance in ("beta", "beta_tilde")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% corner: clamped_noise
# Clamps the result to [-10, 10].
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return (at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise).clamp(
        -10, 10
    )


# %% corner: rounded_schedule
# Casts the betas first.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"no variance {variance}")
    betas = betas.to(x_t.dtype)
    alpha_bar = (1 - betas).cumprod(0)
    before = torch.cat([torch.ones_like(betas[:1]), alpha_bar[:-1]])

    def at_t(values):
        return values[t].to(x_t.dtype).reshape(-1, *[1] * (x_t.dim() - 1))

    tilde = (1 - before) / (1 - alpha_bar) * betas
    sigma = (betas if variance == "beta" else tilde)[1:].sqrt()
    sigma = torch.cat([torch.zeros_like(betas[:1]), sigma])
    of_eps = betas / ((1 - alpha_bar) * (1 - betas)).sqrt()
    return at_t((1 - betas).rsqrt()) * x_t - at_t(of_eps) * eps_hat + at_t(sigma) * noise


# %% right: by_the_posterior
# Puts the predicted image into the posterior of an earlier question.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(variance)
    view = (-1, *[1] * (x_t.dim() - 1))
    now = (1 - betas).cumprod(0)[t].reshape(view)
    x_0_hat = (x_t - (1 - now).sqrt() * eps_hat) / now.sqrt()
    mean, tilde = posterior(x_0_hat, x_t.to(x_0_hat.dtype), t, betas)
    spread = (betas[t] if variance == "beta" else tilde).to(x_0_hat.dtype)
    noisy = t > 0
    sigma = torch.where(noisy, torch.where(noisy, spread, torch.ones_like(spread)).sqrt(), 0.0)
    return (mean + sigma.reshape(view) * noise).to(x_t.dtype)


# %% right: as_in_the_paper
# Writes algorithm 2 in the order of the paper, and multiplies the noise by zero at t = 0.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    alphas = 1 - betas
    alpha_bar = torch.cumprod(alphas, dim=0)
    sigma_2 = {"beta": betas}
    padded = torch.cat([alpha_bar.new_ones(1), alpha_bar])[:-1]
    sigma_2["beta_tilde"] = betas * (1 - padded) / (1 - alpha_bar)
    if variance not in sigma_2:
        raise ValueError("beta or beta_tilde")
    rows = []
    for x, e, i, z in zip(x_t, eps_hat, t.tolist(), noise):
        scale = (betas[i] / (1 - alpha_bar[i]).sqrt()).to(x.dtype)
        x = (x - scale * e) / alphas[i].sqrt().to(x.dtype)
        rows.append(x + sigma_2[variance][i].sqrt().to(x.dtype) * z if i > 0 else x)
    return torch.stack(rows)


# %% right: wide_then_cast
# Computes all in the precision of the schedule, and casts in the end.
def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance == "beta":
        sigma_2 = betas[1:]
    elif variance == "beta_tilde":
        kept = (1 - betas).cumprod(0)
        sigma_2 = betas[1:] * (1 - kept[:-1]) / (1 - kept[1:])
    else:
        raise ValueError("unknown variance: " + str(variance))
    sigma = F.pad(sigma_2.sqrt(), (1, 0))
    kept = (1 - betas).cumprod(0)
    column = (slice(None),) + (None,) * (x_t.ndim - 1)
    mean = x_t - (betas[t] / (1 - kept[t]).sqrt())[column] * eps_hat
    return (mean / (1 - betas[t]).sqrt()[column] + sigma[t][column] * noise).to(x_t.dtype)


# %% right: public_through_the_data
# Estimates the data, takes the posterior's mean, and hides the noise of step 0 with a mask of numbers.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    mask = (t > 0).to(x_t.dtype).reshape(x_t.shape[0], *((1,) * (x_t.dim() - 1)))
    return mean + mask * std * noise


# %% right: public_mask_of_booleans
# The same with a mask of booleans.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    later = (t != 0).reshape(-1, *[1] * (x_t.ndim - 1))
    return mean + torch.where(later, std * noise, torch.zeros_like(noise))


# %% corner: public_float32_tables
# Keeps all tables in float32, as buffers of a module, for float64 data as well.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.float().gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    mask = (t > 0).to(x_t.dtype).reshape(x_t.shape[0], *((1,) * (x_t.dim() - 1)))
    return mean + mask * std * noise


# %% right: public_tiny_noise_at_the_end
# Keeps variances above 1e-20, as most public solutions do: the noise of step 0 counts 1e-10 times.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = (betas if variance == "beta" else tilde).clone()
    std[0] = 1e-20
    return mean + pick(std.sqrt()) * noise


# %% spoils: public_clipped_estimate
# Clips the estimate of the data to [-1, 1].
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    x_0 = x_0.clamp(-1.0, 1.0)
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    mask = (t > 0).to(x_t.dtype).reshape(x_t.shape[0], *((1,) * (x_t.dim() - 1)))
    return mean + mask * std * noise


# %% spoils: public_predicted_noise_again
# Adds the predicted noise once more, in place of new noise.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    mask = (t > 0).to(x_t.dtype).reshape(x_t.shape[0], *((1,) * (x_t.dim() - 1)))
    return mean + mask * std * eps_hat


# %% spoils: public_first_sample_decides
# Looks at the step of the first sample only, to see whether noise is added.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    if t[0] > 0:
        return mean + std * noise
    return mean


# %% spoils: public_mask_for_images
# Gives the mask four axes, whatever the data have.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    return mean + (t != 0).to(x_t.dtype).reshape(-1, 1, 1, 1) * std * noise


# %% spoils: public_tensor_as_a_condition
# Asks whether all steps are above 0 with an if: more than one of them raises.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    return mean + (std * noise if t > 0 else 0 * noise)


# %% spoils: public_noise_of_its_own
# Draws from the distribution by torch.normal, and ignores the noise.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = (x_t - pick((1.0 - products).sqrt()) * eps_hat) / pick(products.sqrt())
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0
    mean = mean + pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    tilde = betas * (1.0 - earlier) / (1.0 - products)
    std = pick((betas if variance == "beta" else tilde.clamp(min=1e-20)).sqrt())
    mask = (t > 0).to(x_t.dtype).reshape(x_t.shape[0], *((1,) * (x_t.dim() - 1)))
    return torch.normal(mean, (mask * std).expand(mean.shape))


# %% right: public_reciprocal_tables
# Estimates the data by two tables of reciprocals, and takes 1 minus a mask of the last steps.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)

    def pick(table):
        return table.gather(-1, t).to(x_t.dtype).reshape(len(t), *(1,) * (x_t.dim() - 1))

    x_0 = pick((1.0 / products).sqrt()) * x_t - pick((1.0 / products - 1.0).sqrt()) * eps_hat
    mean = pick((1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products)) * x_t
    mean = pick(betas * earlier.sqrt() / (1.0 - products)) * x_0 + mean
    spread = betas if variance == "beta" else betas * (1.0 - earlier) / (1.0 - products)
    std = pick(spread.clamp(min=1e-20).sqrt())
    mask = (1 - (t == 0).float()).reshape(-1, *[1] * (x_t.ndim - 1))
    return std * noise * mask + mean


# %% right: public_booleans_as_factors
# Multiplies the noise by the booleans themselves.
import torch
import torch.nn.functional as F


def ancestral_step(x_t, eps_hat, t, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError(f"unknown variance {variance!r}")
    axes = (len(t), *(1,) * (x_t.dim() - 1))
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    now, before, beta = (table[t].reshape(axes) for table in (products, earlier, betas))
    x_0 = (x_t - (1 - now).sqrt() * eps_hat) / now.sqrt()
    mean = (beta * before.sqrt() * x_0 + (1 - before) * (1 - beta).sqrt() * x_t) / (1 - now)
    spread = beta if variance == "beta" else beta * (1 - before) / (1 - now)
    later = (t > 0).reshape(axes)
    return (mean + later * spread.clamp(min=1e-20).sqrt() * noise).to(x_t.dtype)
