"""Known answers: the straightness of paths."""

# %% spoils: mean_over_elements
# Averages over the elements of a sample.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).mean(2).mean(0)


# %% spoils: summed_over_steps
# Sums over the steps.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).sum(0)


# %% spoils: averaged_over_the_batch
# Gives one number for the batch.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean()


# %% spoils: not_squared
# Takes the length, not its square.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.reshape(n_steps, len(x), -1).norm(dim=2).mean(0)


# %% spoils: unbiased_variance
# Divides by the number of steps less one.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).sum(0) / max(n_steps - 1, 1)


# %% spoils: first_velocity
# Compares with the first velocity.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = velocities[0] - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: from_step_to_step
# Compares each velocity with the one before.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = torch.stack([velocities[max(k - 1, 0)] - velocities[k] for k in range(n_steps)])
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: direction_only
# Compares directions, whatever the speed.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = torch.stack(velocities).reshape(n_steps, len(x), -1)
    way = (x - x_0).reshape(len(x), -1)
    off = torch.nn.functional.normalize(way, dim=1) - torch.nn.functional.normalize(off, dim=2)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: relative
# Divides by the square of the way.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0) / (x - x_0).square().reshape(
        len(x), -1
    ).sum(1)


# %% spoils: end_of_the_path
# Compares the end itself with the velocities.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = x - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: on_the_line
# Takes the velocities on the straight line from start to end.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    x_1 = x
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities[k] = network(x_0 + k / n_steps * (x_1 - x_0), t)
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: backwards_in_time
# Runs the times from 1 to 0.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), 1 - k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: end_of_the_step
# Evaluates each velocity at the end of its step.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: graph_recorded
# Records the graph of all steps.
import torch


def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% spoils: sampled_first
# Runs the sampler first, then the velocities again: twice the calls.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    euler_sample(network, x_0, n_steps)
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% corner: no_steps_taken
# Does not refuse less than one step.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        return x_0.new_zeros(len(x_0))
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% corner: squares_subtracted
# Takes the mean of squares less the square of the mean, which cancels.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = torch.stack(velocities).float()
    return (
        (off.square().mean(0) - off.mean(0).square())
        .reshape(len(x), -1)
        .sum(1)
        .clamp(min=0)
        .to(x.dtype)
    )


# %% corner: squeezed
# Drops the batch if there is one sample.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0).squeeze()


# %% corner: points_only
# Cannot take samples without further axes.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().flatten(2).sum(2).mean(0)


# %% corner: start_overwritten
# Moves the noise in place.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    start = x_0.detach().clone()
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x += velocities[-1] / n_steps
    off = (x - start) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% corner: recording_switched_off
# Switches off the recording of gradients for good.
import torch


def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    torch.set_grad_enabled(False)
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = (x - x_0) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)


# %% right: variance
# Takes the variance of the velocities.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = torch.stack(velocities)
    return off.var(0, unbiased=False).reshape(len(x), -1).sum(1)


# %% right: loop
# Adds up step by step.
import torch


@torch.no_grad()
def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        x = x + velocities[-1] / n_steps
    off = 0
    return sum(((x - x_0) - v).pow(2).reshape(len(x), -1).sum(-1) for v in velocities) / n_steps


# %% right: detached
# Detaches the velocities.
import torch


def straightness(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x, velocities = x_0.detach(), []
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        velocities.append(network(x, t))
        velocities[-1] = velocities[-1].detach()
        x = x + velocities[-1] / n_steps
    off = (x - x_0.detach()) - torch.stack(velocities)
    return off.square().reshape(n_steps, len(x), -1).sum(2).mean(0)
