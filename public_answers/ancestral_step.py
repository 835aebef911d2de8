"""Known answers: one step of the chain, after public solutions of another course's exercise, rewritten."""

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
