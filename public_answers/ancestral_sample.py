"""Known answers: the whole chain, after public solutions of another course's exercise, rewritten."""

# %% right: public_decorated
# Turns gradients off by a decorator, keeps all images, and returns the last.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    images = [x_T]
    for step in reversed(range(0, betas.shape[0])):
        times = torch.full((x_T.shape[0],), step, device=x_T.device, dtype=torch.long)
        eps_hat = network(images[-1], times)
        images.append(ancestral_step(images[-1], eps_hat, times, noise[step], betas, variance))
    return torch.stack(images, dim=1)[:, -1]


# %% spoils: public_scaled_to_pixels
# Scales the result from [-1, 1] to [0, 1].
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    for step in reversed(range(len(betas))):
        times = torch.full((len(x),), step, device=x.device, dtype=torch.long)
        x = ancestral_step(x, network(x, times), times, noise[step], betas, variance)
    return (x + 1) * 0.5


# %% spoils: public_all_images
# Returns the images of all steps.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    images = [x_T]
    for step in reversed(range(len(betas))):
        times = torch.full((len(x_T),), step, device=x_T.device, dtype=torch.long)
        eps_hat = network(images[-1], times)
        images.append(ancestral_step(images[-1], eps_hat, times, noise[step], betas, variance))
    return torch.stack(images, dim=1)


# %% spoils: public_start_of_its_own
# Starts from noise that it draws itself.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = torch.randn_like(x_T)
    for step in reversed(range(len(betas))):
        times = torch.full((len(x),), step, device=x.device, dtype=torch.long)
        x = ancestral_step(x, network(x, times), times, noise[step], betas, variance)
    return x


# %% spoils: public_clipped_on_the_way
# Clips the estimate of the data at each step.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x, products = x_T, torch.cumprod(1 - betas, 0)
    for step in reversed(range(len(betas))):
        times = torch.full((len(x),), step, device=x.device, dtype=torch.long)
        a, s = float(products[step] ** 0.5), float((1 - products[step]) ** 0.5)
        x_0 = ((x - s * network(x, times)) / a).clamp(-1, 1)
        x = ancestral_step(x, (x - a * x_0) / s, times, noise[step], betas, variance)
    return x
