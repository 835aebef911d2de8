"""Known answers: data and noise from any prediction."""


# %% spoils: sign_of_v
# Reads v with the other sign.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t + noise * prediction, noise * x_t - signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: v_swapped
# Has the coefficients of v swapped.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (noise * x_t - signal * prediction, signal * x_t + noise * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: sign_of_score
# Reads the score with the wrong sign.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: score_by_variance
# Multiplies the score by the variance.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -(noise**2) * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: not_divided
# Forgets to divide by the root of alpha_bar.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return (x_t - noise * eps, eps)


# %% spoils: no_roots
# Forgets the square roots.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part, x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: swapped_results
# Returns the noise first.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return ((x_t - signal * prediction) / noise, prediction)
    if kind == "v":
        return (noise * x_t + signal * prediction, signal * x_t - noise * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return (eps, (x_t - noise * eps) / signal)


# %% spoils: one_level
# Uses the mean level for all samples.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (part.sqrt().mean() for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: only_data
# Gives x_0 from v and forgets to correct the noise.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / signal, eps)


# %% spoils: clipped
# Clips the data to the range of pixels.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return (((x_t - noise * eps) / signal).clamp(-1, 1), eps)


# %% spoils: detached
# Detaches x_t where it is subtracted.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t.detach() - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t.detach() - noise * eps) / signal, eps)


# %% corner: silent
# Takes every unknown kind for the noise.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        eps = prediction
    return ((x_t - noise * eps) / signal, eps)


# %% corner: stabiliser
# Adds a small number to the divisor.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return ((x_t - noise * eps) / (signal + 1e-3 * (signal < 0.04)), eps)


# %% corner: squeezed
# Takes axes of length 1 away.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_t) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "x_0":
        return (prediction, (x_t - signal * prediction) / noise)
    if kind == "v":
        return (signal * x_t - noise * prediction, noise * x_t + signal * prediction)
    if kind == "eps":
        eps = prediction
    elif kind == "score":
        eps = -noise * prediction
    else:
        raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")
    return (((x_t - noise * eps) / signal).squeeze(), eps.squeeze())


# %% right: through_eps
# Turns each kind into the noise, then the noise into data.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    a = per_sample(alpha_bar_t, x_t)
    if kind == "eps":
        eps = prediction
    elif kind == "x_0":
        eps = (x_t - a.sqrt() * prediction) / (1 - a).sqrt()
    elif kind == "v":
        eps = (1 - a).sqrt() * x_t + a.sqrt() * prediction
    elif kind == "score":
        eps = -(1 - a).sqrt() * prediction
    else:
        raise ValueError(f"unknown kind: {kind}")
    x_0 = prediction if kind == "x_0" else (x_t - (1 - a).sqrt() * eps) / a.sqrt()
    return x_0, eps


# %% right: named
# Returns a named tuple.
from typing import NamedTuple


class Estimate(NamedTuple):
    x_0: torch.Tensor
    eps: torch.Tensor


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    s, n = per_sample(alpha_bar_t**0.5, x_t), per_sample((1 - alpha_bar_t) ** 0.5, x_t)
    match kind:
        case "x_0":
            return Estimate(prediction, (x_t - s * prediction) / n)
        case "v":
            return Estimate(s * x_t - n * prediction, n * x_t + s * prediction)
        case "eps":
            return Estimate((x_t - n * prediction) / s, prediction)
        case "score":
            return Estimate((x_t + n**2 * prediction) / s, -n * prediction)
    raise ValueError(kind)


# %% right: list
# Returns a list, by recursion for the score.
def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    if kind not in ("eps", "x_0", "v", "score"):
        raise ValueError(kind)
    shape = (-1,) + (1,) * (x_t.ndim - 1)
    a, b = alpha_bar_t.sqrt().reshape(shape), (1 - alpha_bar_t).sqrt().reshape(shape)
    if kind == "score":
        return data_and_noise(-b * prediction, x_t, alpha_bar_t, "eps")
    if kind == "eps":
        return [x_t / a - b / a * prediction, prediction.clone()]
    if kind == "x_0":
        return [prediction.clone(), x_t / b - a / b * prediction]
    return [a * x_t - b * prediction, b * x_t + a * prediction]


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


# %% right: public_reciprocal_roots
# Multiplies by the roots of 1 / alpha_bar and of 1 / alpha_bar - 1.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    recip, recip_m1 = (1 / kept).sqrt(), (1 / kept - 1).sqrt()
    a, s = kept.sqrt(), (1 - kept).sqrt()
    if kind == "x_0":
        return prediction, (recip * x_t - prediction) / recip_m1
    if kind == "v":
        x_0 = a * x_t - s * prediction
        return x_0, (recip * x_t - x_0) / recip_m1
    if kind not in ("eps", "score"):
        raise ValueError(f"no such kind: {kind}")
    eps = prediction if kind == "eps" else -s * prediction
    return recip * x_t - recip_m1 * eps, eps


# %% spoils: public_estimate_commented_out
# Has the line that makes data of noise commented out, so that its name is not defined.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "v":
        return a * x_t - s * prediction, s * x_t + a * prediction
    if kind == "x_0":
        x_0 = prediction
        eps = (x_t - a * x_0) / s
    elif kind in ("eps", "score"):
        eps = prediction if kind == "eps" else -s * prediction
        # x_0 = (x_t - s * eps) / a
    else:
        raise ValueError(kind)
    return x_0, eps


# %% corner: public_no_else
# Has no branch for other kinds: they raise as a name that is not defined, and not ValueError.
import torch


def data_and_noise(prediction, x_t, alpha_bar_t, kind):
    kept = alpha_bar_t.reshape(x_t.shape[0], *(1,) * (x_t.dim() - 1))
    a, s = torch.sqrt(kept), torch.sqrt(1 - kept)
    if kind == "eps":
        eps = prediction
        x_0 = (x_t - s * eps) / a
    elif kind == "x_0":
        x_0 = prediction
        eps = (x_t - a * x_0) / s
    elif kind == "v":
        x_0, eps = a * x_t - s * prediction, s * x_t + a * prediction
    elif kind == "score":
        eps = -s * prediction
        x_0 = (x_t - s * eps) / a
    return x_0, eps
