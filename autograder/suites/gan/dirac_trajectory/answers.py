"""Known answers: Trajectories of the Dirac-GAN."""

# %% spoils: always_alternating
# Lets theta see the new phi in simultaneous rounds.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: always_simultaneous
# Plays simultaneously whatever was asked for.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if False:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: ascent
# Steps against the field.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi - step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta - step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta - step_size * theta_dot, phi - step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_above
# Clips phi from above only.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(max=clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(max=clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_before
# Clips phi before each of its moves.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_both
# Clips theta too.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        if clip is not None:
            theta = theta.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_once_a_round
# Clips phi after the last of its moves only.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
            if clip is not None:
                phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_simultaneous_only
# Forgets clipping when the players alternate.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: clip_start
# Clips the start.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    if clip is not None:
        phi = phi.clamp(-clip, clip)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: clip_step
# Clips the step of phi and not phi.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                move = step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                phi = phi + (move if clip is None else move.clamp(-clip, clip))
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: columns_swapped
# Puts phi into the first column.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([phi, theta])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([phi, theta]))
    return torch.stack(path)


# %% spoils: decaying_steps
# Shortens the steps as the rounds go by.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for n in range(n_steps):
        step_size = step_size / (1 + 0.01 * n)
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: gamma_forgotten
# Does not hand gamma on.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: gamma_forgotten_alternating
# Does not hand gamma on to D when the players alternate.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: generator_first
# Moves theta before phi when they alternate.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: in_place
# Moves the start itself, of which every row of the path is a view.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    point = torch.stack([theta, phi])
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta += step_size * theta_dot
            phi += step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: momentum
# Adds momentum to both players.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    speed_theta, speed_phi = 0.0, 0.0
    for _ in range(n_steps):
        old = phi
        for _ in range(n_critic if alternating else 1):
            speed_phi = 0.1 * speed_phi + dirac_vector_field(theta, phi, kind, gamma)[1]
            phi = phi + step_size * speed_phi
            phi = phi if clip is None else phi.clamp(-clip, clip)
        speed_theta = (
            0.1 * speed_theta
            + dirac_vector_field(theta, phi if alternating else old, kind, gamma)[0]
        )
        theta = theta + step_size * speed_theta
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: n_critic_always
# Gives phi its extra moves in simultaneous rounds as well.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + n_critic * step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: n_critic_ignored
# Moves phi once in each round.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(1):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: n_critic_one_long_step
# Takes one step of n_critic times the size.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(1):
                phi = phi + n_critic * step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: n_critic_recorded
# Adds a row to the path for each move of phi, and cuts it off.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
                path.append(torch.stack([theta, phi]))
            path.pop()
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)[: n_steps + 1]


# %% spoils: n_generator
# Gives the extra moves to theta.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(1):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            for _ in range(n_critic):
                theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: one_row_short
# Returns one row for each round, the start among them.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path[:n_steps] or path)


# %% spoils: stale_field
# Computes the field once a round, before either has moved.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            theta_dot, _ = dirac_vector_field(theta, phi, kind, gamma)
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * theta_dot
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: step_of_one_player
# Applies the step size to phi only.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: theta_seen
# Moves theta in place of both, so that phi sees the new theta in simultaneous rounds.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
            phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: without_start
# Leaves the start out and plays one more round.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps + 1):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path[1:])


# %% spoils: early_stop
# Stops once the players have come close to the equilibrium, and repeats the last point.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        if torch.hypot(theta, phi) < 0.6:
            theta, phi = path[-1]
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: one_move_more
# Gives phi one move more than n_critic where that is more than one.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic + (n_critic > 1)):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: first_round_only
# Gives phi its n_critic moves in the first round only.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for n in range(n_steps):
        if alternating:
            for _ in range(n_critic if n == 0 else 1):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: twenty_rounds
# Plays twenty rounds at most, and repeats the last point.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for n in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        if n >= 20:
            theta, phi = path[-1]
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: half_precision_path
# Keeps the path in half precision.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]).half().to(theta.dtype))
    return torch.stack(path)


# %% spoils: clip_of_theta_too
# Clips theta by the same bound where the players alternate.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        if alternating and clip is not None:
            theta = theta.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% spoils: gamma_once
# Adds the penalty in the first round only.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for n in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        gamma = 0.0
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: clip_zero_for_none
# Takes a clip of 0 for none.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: capped_at_ten
# Clips phi at 10 where no clip is given.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    clip = 10.0 if clip is None else clip
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: no_rounds_refused
# Plays one round at least.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    n_steps = max(n_steps, 1)
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: tensors_only
# Asks its start for a dtype, which Python floats do not have.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta = theta.to(phi.dtype)
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% corner: single_precision
# Plays in float32.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path).float().to(path[0].dtype)


# %% corner: other_name
# Calls the number of rounds by another name.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    path = [torch.stack([theta, phi])]
    for _ in range(steps):
        if alternating:
            for _ in range(n_critic):
                phi = phi + step_size * dirac_vector_field(theta, phi, kind, gamma)[1]
                if clip is not None:
                    phi = phi.clamp(-clip, clip)
            theta = theta + step_size * dirac_vector_field(theta, phi, kind, gamma)[0]
        else:
            theta_dot, phi_dot = dirac_vector_field(theta, phi, kind, gamma)
            theta, phi = theta + step_size * theta_dot, phi + step_size * phi_dot
            if clip is not None:
                phi = phi.clamp(-clip, clip)
        path.append(torch.stack([theta, phi]))
    return torch.stack(path)


# %% right: recursive
# Plays one round and asks itself for the rest.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta, phi = torch.as_tensor(theta), torch.as_tensor(phi)
    here = torch.stack([theta, phi]).detach().unsqueeze(0)
    if n_steps == 0:
        return here
    low, high = (-torch.inf, torch.inf) if clip is None else (-clip, clip)
    next_phi = phi
    for _ in range(n_critic if alternating else 1):
        phi_dot = dirac_vector_field(theta, next_phi, kind, gamma)[1]
        next_phi = torch.clamp(next_phi + phi_dot * step_size, low, high)
    seen = next_phi if alternating else phi
    next_theta = theta + dirac_vector_field(theta, seen, kind, gamma)[0] * step_size
    options = gamma, alternating, n_critic, clip
    rest = dirac_trajectory(next_theta, next_phi, kind, step_size, n_steps - 1, *options)
    return torch.cat([here, rest])


# %% right: numpy_rows
# Keeps the path in a numpy array, which no gradient has to pass.
import numpy as np
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    like = torch.as_tensor(theta).detach()
    rows = np.zeros((n_steps + 1, 2))
    rows[0] = float(theta), float(phi)

    def field(t, p):
        point = (torch.tensor(each, dtype=torch.float64) for each in (t, p))
        return [float(each) for each in dirac_vector_field(*point, kind, gamma)]

    for n in range(n_steps):
        t, p = rows[n]
        moves = n_critic if alternating else 1
        new = p
        for _ in range(moves):
            new = new + step_size * field(t, new)[1]
            if clip is not None:
                new = np.clip(new, -clip, clip)
        rows[n + 1] = t + step_size * field(t, new if alternating else p)[0], new
    return torch.from_numpy(rows).to(like.device, like.dtype)


# %% right: filled_table
# Fills a table row by row and clips with minimum and maximum.
import torch


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta = torch.as_tensor(theta).detach()
    path = theta.new_zeros(n_steps + 1, 2)
    path[0, 0], path[0, 1] = theta, torch.as_tensor(phi)
    bound = torch.inf if clip is None else clip
    for n in range(1, n_steps + 1):
        now = path[n - 1].clone()
        if not alternating:
            field = torch.stack(tuple(dirac_vector_field(now[0], now[1], kind, gamma=gamma)))
            now = now + step_size * field
            now[1] = now[1].clip(-bound, bound)
        else:
            for _ in range(n_critic):
                _, phi_dot = dirac_vector_field(now[0], now[1], kind, gamma=gamma)
                now[1] = torch.clip(now[1] + step_size * phi_dot, -bound, bound)
            theta_dot, _ = dirac_vector_field(now[0], now[1], kind, gamma=gamma)
            now[0] = now[0] + step_size * theta_dot
        path[n] = now
    return path


# %% right: generator
# A Python generator yields the points; islice takes as many as are wanted.
from itertools import islice

import torch


def rounds(point, step, alternating, n_critic, cut):
    while True:
        yield point
        theta, phi = point
        if alternating:
            for _ in range(n_critic):
                phi = cut(step(theta, phi)[1])
            theta = step(theta, phi)[0]
        else:
            theta, phi = step(theta, phi)
            phi = cut(phi)
        point = torch.stack([theta, phi])


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    def step(theta, phi):
        t, p = dirac_vector_field(theta=theta, phi=phi, kind=kind, gamma=gamma)
        return torch.add(theta, t, alpha=step_size), torch.add(phi, p, alpha=step_size)

    def cut(phi):
        return phi if clip is None else torch.clamp(phi, min=-clip, max=clip)

    start = torch.stack([torch.as_tensor(theta), torch.as_tensor(phi)])
    return torch.stack(list(islice(rounds(start, step, alternating, n_critic, cut), n_steps + 1)))


# %% right: optimizers
# Two parameters, two losses, two SGD optimizers, as a GAN is trained.
import torch
import torch.nn.functional as F


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    theta = torch.nn.Parameter(torch.as_tensor(theta).detach().clone())
    phi = torch.nn.Parameter(torch.as_tensor(phi).detach().clone())
    opt_g = torch.optim.SGD([theta], lr=step_size)
    opt_d = torch.optim.SGD([phi], lr=step_size)

    def gradient(player):
        score = phi * theta
        if player is theta:
            games = {"minimax": -F.softplus(score), "wgan": -score, "wgan-gp": -score}
            loss = games.get(kind, F.softplus(-score))
        else:
            loss = score if kind in ("wgan", "wgan-gp") else F.softplus(score)
            if kind == "wgan-gp":
                loss = loss + gamma * (phi.abs() - 1) ** 2
            if kind == "r1":
                loss = loss + 0.5 * gamma * phi**2
        player.grad = torch.autograd.grad(loss, player)[0]

    def step_d():
        opt_d.step()
        if clip is not None:
            with torch.no_grad():
                phi.clamp_(-clip, clip)

    rows = [torch.stack([theta.detach(), phi.detach()])]
    for _ in range(n_steps):
        if alternating:
            for _ in range(n_critic):
                gradient(phi)
                step_d()
            gradient(theta)
            opt_g.step()
        else:
            gradient(theta)
            gradient(phi)
            opt_g.step()
            step_d()
        rows.append(torch.stack([theta.detach(), phi.detach()]))
    return torch.stack(rows)


# %% right: plain_numbers
# Python's own numbers and its math module, without the field of the question before.
import math

import torch


def sigma(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def moves(t, p, kind, gamma):
    if kind == "wgan":
        return p, -t
    if kind == "wgan-gp":
        return p, -t - 2 * gamma * (abs(p) - 1) * (0 if p == 0 else math.copysign(1, p))
    d = -t * sigma(t * p)
    if kind == "minimax":
        return p * sigma(t * p), d
    return p * sigma(-t * p), d - (gamma * p if kind == "r1" else 0)


def dirac_trajectory(
    theta, phi, kind, step_size, n_steps, gamma=0.0, alternating=False, n_critic=1, clip=None
):
    options = (
        {"dtype": theta.dtype, "device": theta.device} if isinstance(theta, torch.Tensor) else {}
    )
    t, p = float(theta), float(phi)
    path = [(t, p)]
    while len(path) <= n_steps:
        before = p
        for _ in range(n_critic if alternating else 1):
            p += step_size * moves(t, p, kind, gamma)[1]
            if clip is not None:
                p = min(max(p, -clip), clip)
        t += step_size * moves(t, p if alternating else before, kind, gamma)[0]
        path.append((t, p))
    return torch.tensor(path, **options)
