"""Known answers: one step for each sample, after public solutions of another course's exercise, rewritten."""

# %% spoils: public_own_random_steps
# Draws steps by randint, and does not look at the numbers that are handed in.
import torch


def draw_times(u, n_steps):
    return torch.randint(0, n_steps, (u.shape[0],), device=u.device).long()


# %% spoils: public_one_step_for_all
# Gives all samples the step of the first.
import torch


def draw_times(u, n_steps):
    first = (u * n_steps).long().clamp(max=n_steps - 1)[0]
    return torch.full((u.shape[0],), int(first), device=u.device, dtype=torch.long)
