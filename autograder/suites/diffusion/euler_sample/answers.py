"""Known answers: samples by Euler's method."""

# %% spoils: backwards_in_time
# Runs the times from 1 to 0.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), 1 - k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: end_of_the_step
# Evaluates each velocity at the end of its step.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: middle_of_the_step
# Evaluates each velocity in the middle of its step.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), (k + 0.5) / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: minus
# Moves against the velocity.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x - network(x, t) / n_steps
    return x


# %% spoils: times_to_one
# Spreads the times over 0 to 1, both ends included.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / max(n_steps - 1, 1), dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: one_step_less
# Stops a step early.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps - 1):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: whole_steps
# Moves by the whole velocity in each step.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t)
    return x


# %% spoils: from_the_start
# Starts each step at the noise.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x_0.detach() + (k + 1) * network(x, t) / n_steps
    return x


# %% spoils: time_in_steps
# Gives the network the number of the step.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: one_time_for_all
# Gives the network a time without a batch.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: graph_recorded
# Records the graph of all steps.
import torch


def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: graph_of_the_last_step
# Records the graph of the last step.
import torch


def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        with torch.set_grad_enabled(k == n_steps - 1):
            x = x + network(x, t) / n_steps
    return x


# %% spoils: noise_added
# Adds fresh noise in each step.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps + 0.01 * torch.randn_like(x)
    return x


# %% spoils: clipped
# Clips the samples to the range of images.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x.clamp(-1, 1)


# %% corner: bounded
# Keeps samples within a plausible range.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x.clamp(-1000, 1000)


# %% corner: no_steps_taken
# Returns the noise if there are no steps.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% spoils: called_once_more
# Looks at the velocity at the end too.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x + 0 * network(x, torch.ones_like(t))


# %% corner: single_precision_times
# Gives the network times in float32.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=torch.float32, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% corner: single_precision
# Computes in float32.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach().float()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x.to(x_0.dtype)


# %% corner: squeezed
# Drops axes of size one.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x.squeeze()


# %% corner: start_overwritten
# Moves the noise in place.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x += network(x, t) / n_steps
    return x


# %% corner: recording_switched_off
# Switches off the recording of gradients for good.
import torch


def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    torch.set_grad_enabled(False)
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% corner: evaluation_mode
# Puts the network into evaluation mode.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    for cell in getattr(network, "__closure__", None) or ():
        if hasattr(cell.cell_contents, "eval"):
            cell.cell_contents.eval()
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = x + network(x, t) / n_steps
    return x


# %% right: linspace
# Takes the times from linspace.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    times = torch.linspace(0, 1, n_steps + 1, dtype=x_0.dtype, device=x_0.device)[:-1]
    x = x_0.detach()
    for k in times:
        t = k.expand(len(x))
        x = x + network(x, t) / n_steps
    return x


# %% right: inference_mode
# Detaches at the end, without no_grad.
import torch


def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        t = torch.full((len(x),), k / n_steps, dtype=x.dtype, device=x.device)
        x = (x + network(x, t) / n_steps).detach()
    return x.detach()


# %% right: added_up
# Adds up the velocities.
import torch


@torch.no_grad()
def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    h, way = 1.0 / n_steps, torch.zeros_like(x_0)
    for k in range(n_steps):
        way = way + h * network(x_0 + way, h * k * x_0.new_ones(x_0.shape[0]))
    return (x_0 + way).detach()


# %% right: recursive
# Goes step by step by recursion.
import torch


def euler_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")

    def walk(x, k):
        if k == n_steps:
            return x
        t = torch.ones(len(x)).to(x) * k / n_steps
        return walk(torch.add(x, network(x, t), alpha=1 / n_steps), k + 1)

    with torch.no_grad():
        return walk(x_0.clone(), 0)
