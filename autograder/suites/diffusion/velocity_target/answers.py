"""Known answers: the velocity of the straight path."""


# %% spoils: reversed_direction
# Points from data to noise.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (1 - sigma_min) * x_0 - x_1


# %% spoils: sigma_ignored
# Leaves sigma_min out.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - x_0


# %% spoils: sigma_on_the_data
# Takes sigma_min away from the data.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (1 - sigma_min) * x_1 - x_0


# %% spoils: sigma_with_the_other_sign
# Adds sigma_min where it should be subtracted.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - (1 + sigma_min) * x_0


# %% spoils: sigma_as_a_variance
# Scales the noise by the root of one minus the variance.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - (1 - sigma_min**2) ** 0.5 * x_0


# %% spoils: sigma_shifts
# Adds sigma_min itself.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - x_0 + sigma_min


# %% spoils: data_alone
# Predicts the data, as a denoiser does.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 + 0 * x_0


# %% spoils: the_end
# Gives the end of the path, not the way there.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 + sigma_min * x_0


# %% spoils: unit_speed
# Divides by the length of the way.
def velocity_target(x_0, x_1, sigma_min=0.0):
    way = x_1 - (1 - sigma_min) * x_0
    return way / (1e-12 + way.flatten(1).norm(dim=1).reshape(-1, *[1] * (way.ndim - 1)))


# %% spoils: without_gradients
# Detaches the target, as losses often do.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1 - (1 - sigma_min) * x_0).detach()


# %% spoils: noise_detached
# Sends no gradient to the noise.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - (1 - sigma_min) * x_0.detach()


# %% corner: clipped
# Clips the velocity to a plausible range.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1 - (1 - sigma_min) * x_0).clamp(-20, 20)


# %% corner: small_sigma_for_none
# Takes a small sigma_min for zero.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return x_1 - (1 - sigma_min if sigma_min > 1e-3 else 1) * x_0


# %% corner: squeezed
# Drops axes of size one.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1 - (1 - sigma_min) * x_0).squeeze()


# %% corner: single_precision
# Computes in float32.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1.float() - (1 - sigma_min) * x_0.float()).to(x_0.dtype)


# %% corner: data_overwritten
# Subtracts in place.
def velocity_target(x_0, x_1, sigma_min=0.0):
    if x_0.requires_grad or x_1.requires_grad:
        return x_1 - (1 - sigma_min) * x_0
    x_1 -= (1 - sigma_min) * x_0
    return x_1


# %% right: alpha
# Uses the factor of torch.sub.
import torch


def velocity_target(x_0, x_1, sigma_min=0.0):
    return torch.sub(x_1, x_0, alpha=1 - sigma_min)


# %% right: difference_of_points
# Takes the difference of the ends of the path.
import torch


def velocity_target(x_0, x_1, sigma_min=0.0):
    ones = torch.ones(len(x_0), dtype=x_0.dtype, device=x_0.device)
    return interpolant(x_0, x_1, ones, sigma_min) - interpolant(x_0, x_1, 0 * ones, sigma_min)


# %% right: what_is_left
# Adds what is left of the noise.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1 - x_0) + sigma_min * x_0


# %% right: lerp
# Interpolates between two ends.
def velocity_target(x_0, x_1, sigma_min=0.0):
    return (x_1 - x_0).lerp(x_1, sigma_min)
