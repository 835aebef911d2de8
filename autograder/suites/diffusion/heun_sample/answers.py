"""Known answers: samples by Heun's method."""

# %% spoils: euler
# Takes Euler's steps.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + velocity / n_steps
    return x


# %% spoils: midpoint
# Uses the midpoint rule, which has the same order.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 0.5) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / (2 * n_steps), later)
        x = x + ahead / n_steps
    return x


# %% spoils: same_place
# Looks ahead in time only.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: same_time
# Looks ahead in place only.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: half_a_step_ahead
# Moves half a step for the second look.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / (2 * n_steps), later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: second_velocity_only
# Takes the step with the second velocity.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + ahead / n_steps
    return x


# %% spoils: last_step_euler
# Takes the last step with the first velocity only, as for a field without a value at its end.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later) if k < n_steps - 1 else velocity
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: not_averaged
# Adds both velocities.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / n_steps
    return x


# %% spoils: from_the_prediction
# Adds the average to the predicted point.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + velocity / n_steps + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: ralston_weights
# Weighs the two velocities one to three.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + 3 * ahead) / (4 * n_steps)
    return x


# %% spoils: backwards_in_time
# Runs the times from 1 to 0.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (n_steps - k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (n_steps - k - 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: twice_as_many_euler_steps
# Spends the calls on Euler's steps of half the length.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 0.5) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / (2 * n_steps), later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: first_velocity_kept
# Takes the second velocity for the first of the next step.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    velocity = network(x, torch.zeros(len(x), dtype=x.dtype, device=x.device))
    for k in range(n_steps):
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
        velocity = ahead
    return x


# %% spoils: one_step_less
# Stops a step early.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps - 1):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: graph_recorded
# Records the graph of all steps.
import torch


def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: second_look_recorded
# Records the graph of the second velocities.
import torch


def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    recording = torch.is_grad_enabled()
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = torch.enable_grad()(network)(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% spoils: column_of_times
# Gives the network the times as a column.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x), 1), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x), 1), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% corner: no_steps_taken
# Returns the noise if there are no steps.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% corner: bounded
# Keeps samples within a plausible range.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x.clamp(-1000, 1000)


# %% corner: single_precision_times
# Gives the network times in float32.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=torch.float32, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=torch.float32, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% corner: single_precision
# Computes in float32.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach().float()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x.to(x_0.dtype)


# %% corner: squeezed
# Drops axes of size one.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x.squeeze()


# %% corner: start_overwritten
# Moves the noise in place.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x += (velocity + ahead) / (2 * n_steps)
    return x


# %% corner: recording_switched_off
# Switches off the recording of gradients for good.
import torch


def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    torch.set_grad_enabled(False)
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = x + (velocity + ahead) / (2 * n_steps)
    return x


# %% right: average_of_two_points
# Averages the start and the point after two steps with the second velocity.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = x + velocity / n_steps
        x = (x + ahead + network(ahead, later) / n_steps) / 2
    return x


# %% right: linspace
# Takes the times from linspace.
import torch


@torch.no_grad()
def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    times = torch.linspace(0, 1, n_steps + 1, dtype=x_0.dtype, device=x_0.device)
    x = x_0.clone()
    for t_0, t_1 in zip(times[:-1], times[1:]):
        first = network(x, t_0.repeat(len(x)))
        second = network(x + (t_1 - t_0) * first, t_1.repeat(len(x)))
        x = x + 0.5 * (t_1 - t_0) * (first + second)
    return x.detach()


# %% right: detached_in_each_step
# Detaches in each step.
import torch


def heun_sample(network, x_0, n_steps):
    if n_steps < 1:
        raise ValueError(f"at least one step is needed, not {n_steps}")
    x = x_0.detach()
    for k in range(n_steps):
        now = torch.full((len(x),), (k) / n_steps, dtype=x.dtype, device=x.device)
        later = torch.full((len(x),), (k + 1) / n_steps, dtype=x.dtype, device=x.device)
        velocity = network(x, now)
        ahead = network(x + velocity / n_steps, later)
        x = (x + 0.5 * (velocity + ahead) / n_steps).detach()
    return x
