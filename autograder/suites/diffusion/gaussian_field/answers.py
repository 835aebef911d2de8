"""Known answers: the field of one Gaussian."""


# %% spoils: reversed_time
# Counts time from data to noise.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = 1 - t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return -(mean + slope * (x - t * mean))


# %% spoils: std_not_squared
# Takes the standard deviation for a variance.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std - (1 - sigma_min) * noise) / (noise**2 + t**2 * std)
    return mean + slope * (x - t * mean)


# %% spoils: time_not_squared
# Forgets that the spread of the data grows with t squared.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: noise_not_squared
# Adds the share of noise, not its square.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: sigma_ignored
# Leaves sigma_min out.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - t
    slope = (t * std**2 - noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: sigma_in_the_share_only
# Forgets sigma_min in the velocity of the noise.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: centre_of_the_data
# Measures from the mean of the data at all times.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - mean)


# %% spoils: optimal_transport
# Gives the field of straight paths from each noise point to its place in the data.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (std - (1 - sigma_min)) / (noise + t * std)
    return mean + slope * (x - t * mean)


# %% spoils: data_alone
# Gives the mean of the data at the place, not the velocity.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = t * std**2 / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: velocity_of_the_mean
# Moves every point like the mean.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + 0 * slope * x


# %% spoils: one_time
# Uses the first time for the whole batch.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[0]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: one_width
# Uses the mean of the standard deviations for all components.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    std = std.mean()
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% spoils: slope_detached
# Sends no gradient through the slope.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope.detach() * (x - t * mean)


# %% spoils: mean_detached
# Sends no gradient to the mean.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    mean = mean.detach()
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% corner: stabilised
# Adds a small number to the variance.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2 + 1e-5)
    return mean + slope * (x - t * mean)


# %% corner: clamped_times
# Keeps the times away from the ends.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None].clamp(1e-3, 1 - 1e-3)
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return mean + slope * (x - t * mean)


# %% corner: divided_by_the_noise
# Finds the noise from the place and the data, which fails at the end.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    data = mean + t * std**2 / (noise**2 + t**2 * std**2) * (x - t * mean)
    return data - (1 - sigma_min) * (x - t * data) / noise


# %% corner: divided_by_the_time
# Finds the data from the place and the noise, which fails at the start.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    share = 1 - (1 - sigma_min) * t
    noise = share / (share**2 + t**2 * std**2) * (x - t * mean)
    return (x - share * noise) / t - (1 - sigma_min) * noise


# %% corner: squeezed
# Drops axes of size one.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return (mean + slope * (x - t * mean)).squeeze()


# %% corner: clipped
# Keeps the velocity within a plausible range.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return (mean + slope * (x - t * mean)).clamp(-1000, 1000)


# %% corner: single_precision
# Computes in float32.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    dtype, x, t, mean, std = x.dtype, x.float(), t.float(), mean.float(), std.float()
    t = t[:, None]
    noise = 1 - (1 - sigma_min) * t
    slope = (t * std**2 - (1 - sigma_min) * noise) / (noise**2 + t**2 * std**2)
    return (mean + slope * (x - t * mean)).to(dtype)


# %% right: log_derivative
# Takes the derivative of the log of the spread.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    t = t.unsqueeze(1)
    rate = 1 - sigma_min
    variance = (1 - rate * t).square() + (t * std).square()
    growth = 0.5 * (2 * t * std.square() - 2 * rate * (1 - rate * t)) / variance
    return growth * (x - mean * t) + mean


# %% right: two_expectations
# Computes the means of noise and data separately.
def gaussian_field(x, t, mean, std, sigma_min=0.0):
    time = t.reshape(-1, 1)
    share = 1 - time + sigma_min * time
    centred = (x - time * mean) / (share.pow(2) + time.pow(2) * std.pow(2))
    noise, data = share * centred, mean + time * std.pow(2) * centred
    return data - noise + sigma_min * noise


# %% right: by_component
# Goes through the components in a loop.
import torch


def gaussian_field(x, t, mean, std, sigma_min=0.0):
    columns = []
    for i in range(x.shape[1]):
        a = 1 - (1 - sigma_min) * t
        v = a * a + t * t * std[i] * std[i]
        columns.append(
            mean[i] + (t * std[i] ** 2 - (1 - sigma_min) * a) / v * (x[:, i] - t * mean[i])
        )
    return torch.stack(columns, dim=1)
