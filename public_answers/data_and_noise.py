"""Known answers: data and noise of a prediction, after public solutions of another course's exercise, rewritten."""

# %% right: public_two_quotients
# Solves for the data or the noise by two quotients, kind by kind.
import torch


def start_from_noise(x_t, eps, a, s):
    return x_t / a - s * eps / a


def noise_from_start(x_t, x_0, a, s):
    return x_t / s - a * x_0 / s


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "eps":
        return start_from_noise(x_t, prediction, a, s), prediction
    if kind == "x_0":
        return prediction, noise_from_start(x_t, prediction, a, s)
    if kind == "score":
        eps = prediction * -s
        return start_from_noise(x_t, eps, a, s), eps
    if kind == "v":
        x_0 = a * x_t - s * prediction
        return x_0, noise_from_start(x_t, x_0, a, s)
    raise ValueError(f"{kind} is none of the four kinds")


# %% spoils: public_clipped_data
# Clips the estimate of the data to [-1, 1] and keeps the noise.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "x_0":
        return prediction.clamp(-1, 1), (x_t - a * prediction) / s
    if kind == "v":
        return (a * x_t - s * prediction).clamp(-1, 1), s * x_t + a * prediction
    if kind not in ("eps", "score"):
        raise ValueError(kind)
    eps = prediction if kind == "eps" else -s * prediction
    return ((x_t - s * eps) / a).clamp(-1, 1), eps


# %% corner: public_clamped_in_place
# Clamps a predicted x_0 in the caller's tensor, after it has made the right results.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "x_0":
        results = prediction.clone(), (x_t - a * prediction) / s
        prediction.data.clamp_(-1.0, 1.0)
        return results
    if kind == "v":
        return a * x_t - s * prediction, s * x_t + a * prediction
    if kind not in ("eps", "score"):
        raise ValueError(kind)
    eps = prediction if kind == "eps" else -s * prediction
    return (x_t - s * eps) / a, eps


# %% spoils: public_noise_in_place_of_the_data
# Turns a predicted x_0 into the noise, and returns it where the data belong.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "v":
        return a * x_t - s * prediction, s * x_t + a * prediction
    if kind == "x_0":
        x_0 = (x_t - a * prediction) / s
        return x_0, (x_t - a * x_0) / s
    if kind not in ("eps", "score"):
        raise ValueError(kind)
    eps = prediction if kind == "eps" else -s * prediction
    return (x_t - s * eps) / a, eps
