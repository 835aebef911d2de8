"""Known answers: the whole backward chain."""


# %% spoils: forwards
# Walks from the first step to the last.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in range(len(betas)):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% spoils: last_step_left_out
# Stops before step 0.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in range(len(betas) - 1, 0, -1):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% spoils: first_step_left_out
# Starts at T - 2.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(max(1, len(betas) - 1))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% spoils: shared_noise
# Uses the same noise at all steps.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[-1], betas, variance)
    return x


# %% spoils: noise_reversed
# Counts the noise from the start of the chain.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[len(betas) - 1 - step], betas, variance)
    return x


# %% spoils: noise_shifted
# Uses the noise of the step before.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step - 1], betas, variance)
    return x


# %% spoils: variance_forgotten
# Doesn't pass the variance on.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas)
    return x


# %% spoils: own_noise
# Draws new noise.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, torch.randn_like(x), betas, variance)
    return x


# %% spoils: clamped_result
# Clamps the result to [-1, 1].
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x.clamp(-1, 1)


# %% spoils: clamped_on_the_way
# Clamps to [-4, 4] after each step.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance).clamp(-4, 4)
    return x


# %% spoils: network_at_the_start
# Asks the network once, at the start.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    first = network(x_T, torch.full((len(x_T),), len(betas) - 1, device=x_T.device))
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, first, t, noise[step], betas, variance)
    return x


# %% spoils: number_for_steps
# Gives the network one number, 0-d, for the step.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t[0]), t, noise[step], betas, variance)
    return x


# %% spoils: scaled_time
# Gives the network t / T.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t / len(betas)), t, noise[step], betas, variance)
    return x


# %% spoils: keeps_the_graph
# Records gradients through the whole chain.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    if True:
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% spoils: detached_at_the_end
# Records gradients, and detaches only the result.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    if True:
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x.detach()


# %% spoils: evaluation_mode
# Puts the network into evaluation mode.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    for cell in getattr(network, "__closure__", None) or ():
        if isinstance(cell.cell_contents, nn.Module):
            cell.cell_contents.eval()
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% spoils: chain
# Returns all of the chain.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    chain = [x]
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
            chain.append(x)
    return torch.stack(chain)


# %% corner: in_place
# Writes into x_T.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
        return x_T.copy_(x)


# %% corner: needs_an_axis
# Makes the steps from the second axis' size where there is one.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    x_T.shape[1]
    with torch.no_grad():
        for step in reversed(range(len(betas))):
            t = torch.full((len(x),), step, dtype=torch.int64, device=x.device)
            x = ancestral_step(x, network(x, t), t, noise[step], betas, variance)
    return x


# %% right: while_loop
# Counts down, and uses its own step.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    if variance not in ("beta", "beta_tilde"):
        raise ValueError("beta or beta_tilde")
    kept = torch.cumprod(1 - betas, 0)
    x, t = x_T, len(betas) - 1
    while t >= 0:
        with torch.no_grad():
            eps = network(x, torch.full((x.shape[0],), t, device=x.device, dtype=torch.long))
            mean = (x - betas[t] / (1 - kept[t]).sqrt() * eps) / (1 - betas[t]).sqrt()
            if t > 0:
                spread = betas[t]
                if variance == "beta_tilde":
                    spread = spread * (1 - kept[t - 1]) / (1 - kept[t])
                mean = mean + spread.sqrt() * noise[t]
            x = mean.to(x_T.dtype)
        t -= 1
    return x


# %% right: decorated
# Switches gradients off by a decorator.
@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T.clone()
    n_steps = betas.shape[0]
    for i in range(n_steps - 1, -1, -1):
        t = torch.ones(x.shape[0], dtype=torch.int64, device=x.device) * i
        x = ancestral_step(x, network(x, t), t, noise[i], betas, variance=variance)
    return x


# %% right: flipped_noise
# Walks over the flipped noise.
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x, last = x_T.detach(), len(betas) - 1
    with torch.no_grad():
        for i, z in enumerate(noise.flip(0)):
            t = torch.as_tensor([last - i] * len(x), device=x.device)
            eps_hat = network(x, t)
            x = ancestral_step(x, eps_hat, t, z, betas, variance)
    return x


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


# %% right: public_step_inside
# Has the step inside of the loop: an estimate of the data, tables, and the first sample's step.
import torch
import torch.nn.functional as F


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    spread = betas if variance == "beta" else betas * (1.0 - earlier) / (1.0 - products)
    tables = (
        products.sqrt(),
        (1.0 - products).sqrt(),
        betas * earlier.sqrt() / (1.0 - products),
        (1.0 - earlier) * (1.0 - betas).sqrt() / (1.0 - products),
        spread.sqrt(),
    )
    x = x_T
    for step in reversed(range(0, len(betas))):
        t = torch.full((x.shape[0],), step, device=x.device, dtype=torch.long)
        picked = (table.gather(-1, t).to(x.dtype) for table in tables)
        a, s, c_0, c_t, std = (each.reshape(-1, *[1] * (x.dim() - 1)) for each in picked)
        x_0 = (x - s * network(x, t)) / a
        mean = c_0 * x_0 + c_t * x
        x = mean + std * (noise[step] if t[0] > 0 else torch.zeros_like(x))
    return x


# %% right: public_tiny_noise_at_the_end
# Keeps variances above 1e-20, so that the noise of step 0 counts 1e-10 times.
import torch
import torch.nn.functional as F


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    products = torch.cumprod(1.0 - betas, dim=0)
    earlier = F.pad(products[:-1], (1, 0), value=1.0)
    tilde = (betas * (1.0 - earlier) / (1.0 - products)).clamp(min=1e-20)
    spread = torch.cat([tilde[:1], betas[1:]]) if variance == "beta" else tilde
    x = x_T
    for step in range(len(betas) - 1, -1, -1):
        t = torch.full((x.shape[0],), step, device=x.device, dtype=torch.long)
        mean = ancestral_step(x, network(x, t), t, torch.zeros_like(x), betas, variance)
        x = mean + spread[step].sqrt().to(x.dtype) * noise[step]
    return x


# %% spoils: public_predicted_noise_again
# Adds the predicted noise once more, in place of the noise that is handed in.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    for step in reversed(range(0, len(betas))):
        t = torch.full((len(x),), step, device=x.device, dtype=torch.long)
        eps_hat = network(x, t)
        x = ancestral_step(x, eps_hat, t, eps_hat, betas, variance)
    return x


# %% corner: public_network_by_names
# Calls the network with names for the arguments, which a network need not have.
import torch


@torch.no_grad()
def ancestral_sample(network, x_T, noise, betas, variance="beta"):
    x = x_T
    for step in reversed(range(0, len(betas))):
        t = torch.full((len(x),), step, device=x.device, dtype=torch.long)
        x = ancestral_step(x, network(x=x, t=t), t, noise[step], betas, variance)
    return x
