"""Known answers: what a network is trained to return."""


# %% spoils: sign_of_v
# Has the sign of v reversed.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return noise * x_0 - signal * eps
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: plus_in_v
# Adds the data to v where they are subtracted.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps + noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: v_swapped
# Has the coefficients of v swapped.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return noise * eps - signal * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: sign_of_score
# Lets the score point along the noise.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: score_by_variance
# Divides the score by the variance.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise**2
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: score_is_eps
# Takes minus the noise for the score.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: no_roots
# Forgets the square roots.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part, x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: one_level
# Uses the level of the first sample for all.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (part.sqrt()[0] for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: last_axis
# Lets the levels broadcast along the last axis.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (
        part.sqrt() if part.numel() == x_0.shape[-1] else per_sample(part.sqrt(), x_0)
        for part in (alpha_bar_t, 1 - alpha_bar_t)
    )
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: returns_x_t
# Returns x_t for v.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * x_0 + noise * eps
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: four_axes
# Knows images only.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (part.sqrt()[:, None, None, None] for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% spoils: detached
# Detaches the target, as a training loop would.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return (signal * eps - noise * x_0).detach()
    if kind == "score":
        return (-eps / noise).detach()
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% corner: silent
# Takes every unknown kind for the score.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    return -eps / noise


# %% corner: key_error
# Raises another error for an unknown kind.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise KeyError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% corner: clamped
# Clips the data to the range of pixels.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    x_0 = x_0.clamp(-5, 5)
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / noise
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% corner: stabiliser
# Adds a small number where nothing needs it.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    signal, noise = (per_sample(part.sqrt(), x_0) for part in (alpha_bar_t, 1 - alpha_bar_t))
    if kind == "eps":
        return eps
    if kind == "x_0":
        return x_0
    if kind == "v":
        return signal * eps - noise * x_0
    if kind == "score":
        return -eps / (noise + 1e-4)
    raise ValueError(f"kind must be 'eps', 'x_0', 'v' or 'score', not {kind!r}")


# %% right: table
# Looks the kind up in a table of functions.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    a = alpha_bar_t.view(len(x_0), *[1] * (x_0.dim() - 1))
    table = {
        "eps": lambda: eps,
        "x_0": lambda: x_0,
        "v": lambda: a**0.5 * eps - (1 - a) ** 0.5 * x_0,
        "score": lambda: -eps * (1 - a) ** -0.5,
    }
    if kind not in table:
        raise ValueError(kind)
    return table[kind]()


# %% right: from_x_t
# Goes by x_t.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    if kind not in ("eps", "x_0", "v", "score"):
        raise ValueError(f"unknown kind {kind}")
    a, b = per_sample(torch.sqrt(alpha_bar_t), x_0), per_sample(torch.sqrt(1 - alpha_bar_t), x_0)
    x_t = a * x_0 + b * eps
    if kind == "v":
        return (a * x_t - x_0) / b
    if kind == "score":
        return (a * x_0 - x_t) / b**2
    return x_0.clone() if kind == "x_0" else eps.clone()


# %% right: loop
# Loops over the samples.
def prediction_target(x_0, eps, alpha_bar_t, kind):
    rows = []
    for data, noise, share in zip(x_0, eps, alpha_bar_t):
        if kind == "v":
            rows.append(share.sqrt() * noise - (1 - share).sqrt() * data)
        elif kind == "score":
            rows.append(-noise / (1 - share).sqrt())
        elif kind in ("eps", "x_0"):
            rows.append(noise if kind == "eps" else data)
        else:
            raise ValueError("no such kind")
    return torch.stack(rows)
