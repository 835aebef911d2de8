"""Known answers: Euler and Heun."""


# %% spoils: midpoint
# Uses the midpoint method under the name of Heun.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = drift(x + h / 2 * slope, t + h / 2)
        x = x + h * slope
    return x


# %% spoils: second_slope_only
# Forgets the first slope in Heun's mean.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = drift(x + h * slope, after)
        x = x + h * slope
    return x


# %% spoils: sum_of_slopes
# Forgets to halve the sum of the slopes.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = slope + drift(x + h * slope, after)
        x = x + h * slope
    return x


# %% spoils: time_of_the_start
# Looks at both slopes at the start of the step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, t)) / 2
        x = x + h * slope
    return x


# %% spoils: place_of_the_start
# Looks at the second slope at the old place.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x, after)) / 2
        x = x + h * slope
    return x


# %% spoils: heun_for_euler
# Uses Heun for both.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if True:
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: euler_for_heun
# Uses Euler for both.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if False:
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: even_steps
# Takes all steps to be of the same size.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = ((times[-1] - times[0]) / (len(times) - 1), drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: always_forwards
# Takes the size of the step without its sign.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = ((after - t).abs(), drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: implicit_time
# Lets Euler look at the end of the step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t if method == "heun" else after))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: first_step_only
# Keeps the size of the first step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (times[1] - times[0], drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: one_step_less
# Leaves out the last step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times[:-1] if len(times) > 2 else times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% spoils: reuses_slope
# Reuses the second slope as the first of the next step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    known = None
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t) if known is None else known)
        if method == "heun":
            known = drift(x + h * slope, after)
            slope = (slope + known) / 2
        x = x + h * slope
    return x


# %% spoils: detached
# Detaches the slopes.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope.detach()
    return x


# %% spoils: no_grad
# Computes without gradients.
@torch.no_grad()
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% corner: silent
# Takes every unknown method for Heun.
def integrate_ode(drift, x, times, method="heun"):
    if not method.isascii():
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method != "euler":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% corner: default
# Has Euler as its default.
def integrate_ode(drift, x, times, method="euler"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% corner: needs_a_step
# Needs at least one step.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ("euler", "heun"):
        raise ValueError(f"method must be 'euler' or 'heun', not {method!r}")
    h = times[1] - times[0]
    for t, after in pairwise(times):
        h, slope = (after - t, drift(x, t))
        if method == "heun":
            slope = (slope + drift(x + h * slope, after)) / 2
        x = x + h * slope
    return x


# %% right: numbers
# Goes by Python numbers.
def integrate_ode(drift, x, times, method="heun"):
    if method not in {"euler", "heun"}:
        raise ValueError(method)
    times = [float(t) for t in times]
    for i in range(len(times) - 1):
        h = times[i + 1] - times[i]
        k_1 = drift(x, times[i])
        if method == "euler":
            x = x + h * k_1
        else:
            k_2 = drift(x + h * k_1, times[i + 1])
            x = x + h / 2 * (k_1 + k_2)
    return x


# %% right: correction
# Corrects the step of Euler.
def integrate_ode(drift, x, times, method="heun"):
    if method != "euler" and method != "heun":
        raise ValueError("method must be euler or heun")
    for start, end in zip(times, times[1:]):
        first = drift(x, start)
        ahead = x + (end - start) * first
        if method == "heun":
            ahead = ahead + (end - start) / 2 * (drift(ahead, end) - first)
        x = ahead
    return x


# %% right: recursion
# Takes the first step and leaves the rest to itself.
def integrate_ode(drift, x, times, method="heun"):
    if method not in ["heun", "euler"]:
        raise ValueError(f"unknown method {method}")
    if len(times) < 2:
        return x
    h = times[1] - times[0]
    slopes = [drift(x, times[0])]
    if method == "heun":
        slopes.append(drift(x + h * slopes[0], times[1]))
    return integrate_ode(drift, x + h * sum(slopes) / len(slopes), times[1:], method)
