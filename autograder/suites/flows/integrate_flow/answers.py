"""Known answers: a continuous flow by Euler and Runge-Kutta."""

# %% spoils: sign_of_log_det
# Subtracts the divergence: the density's change, not the volume's.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det - h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det - h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: always_forwards
# Takes the size of the step without its sign.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = abs(t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: sign_of_log_det_backwards
# Counts the log-determinant as positive in either direction of time.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det if h >= 0 else -log_det


# %% spoils: weights_of_rk4
# Weighs all four slopes alike.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (1.5 * (v_1 + v_2 + v_3 + v_4))
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: log_det_by_euler
# Carries the log-determinant along by Euler, with the points by Runge-Kutta.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h * d_1
    return z, log_det


# %% spoils: log_det_at_the_ends
# Averages the divergences at the ends of each step, which is of order 2.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 2 * (d_1 + d_4)
    return z, log_det


# %% spoils: middle_twice_from_the_first
# Uses the first slope for both middle points.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_1)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: whole_steps_inside
# Goes a whole step to the middle points.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h * v_1)
        v_3, d_3 = field(t + h / 2, z + h * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: time_of_the_start
# Looks at the field at the start of the step only.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t, z + h / 2 * v_1)
        v_3, d_3 = field(t, z + h / 2 * v_2)
        v_4, d_4 = field(t, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: time_stands_still
# Never moves the time on.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: time_from_zero
# Counts the time from zero.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: unit_time
# Takes one for the whole time.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (1.0 if t_end >= t_start else -1.0) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: implicit_time
# Has Euler look at the field at the end of the step.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t + h if method == "euler" else t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: one_step_less
# Takes one step too few, and makes them longer.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / max(1, n_steps - 1)
    z, log_det = x, x.new_zeros(len(x))
    for i in range(max(1, n_steps - 1)):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: midpoint_for_rk4
# Uses the midpoint method under the name of Runge-Kutta.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h * v_2
        log_det = log_det + h * d_2
    return z, log_det


# %% spoils: rk4_for_euler
# Uses Runge-Kutta for both.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if False:
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: field_called_again
# Calls the field once for the velocity and once for the divergence.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)[0], field(t, z)[1]
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: divergence_summed
# Sums the divergence over the batch.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1.sum()
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4).sum()
    return z, log_det


# %% spoils: steps_detached
# Detaches the points after each step.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        z = z.detach() if i else z
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: divergence_detached
# Adds the divergence as a constant.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1.detach()
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4).detach()
    return z, log_det


# %% spoils: without_gradients
# Integrates under no_grad.
import torch


@torch.no_grad()
def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% spoils: no_graph_for_data
# Keeps no graph of the field if the data need no gradients.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    if not x.requires_grad:
        inner = field
        field = torch.no_grad()(lambda t, x: inner(t, x))
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: unknown_is_rk4
# Takes every other name for Runge-Kutta.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: no_steps_accepted
# Returns x for no steps at all.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        return x * 1.0, x.new_zeros(len(x))
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: assertions
# Asserts what it should refuse with a ValueError.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise AssertionError(method)
    if n_steps < 1:
        raise AssertionError(n_steps)
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: squeezed
# Drops axes of size one of the points.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z.squeeze(), log_det


# %% corner: written_into_x
# Moves the caller's own points, if they need no gradients.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    if not x.requires_grad and not z.requires_grad:
        x.copy_(z)
    return z, log_det


# %% corner: zeros_on_the_cpu
# Starts the log-determinant on the CPU.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, torch.zeros(len(x), dtype=x.dtype)
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: default_precision
# Carries the log-determinant in float32.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, torch.zeros(len(x), device=x.device)
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + (h * d_1).float()
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + (h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)).float()
    return z, log_det.to(x.dtype)


# %% corner: stays_without_time
# Needs time to pass: divides by it.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + (t_end - t_start) * (i * h / (t_end - t_start))
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% corner: euler_by_default
# Uses Euler if no method is named.
import torch


def integrate_flow(field, x, t_start, t_end, n_steps, method="euler"):
    if method not in ("euler", "rk4"):
        raise ValueError(f"method must be 'euler' or 'rk4', not {method!r}")
    if n_steps < 1:
        raise ValueError(f"n_steps must be at least 1, not {n_steps}")
    h = (t_end - t_start) / n_steps
    z, log_det = x, x.new_zeros(len(x))
    for i in range(n_steps):
        t = t_start + i * h
        v_1, d_1 = field(t, z)
        if method == "euler":
            z, log_det = z + h * v_1, log_det + h * d_1
            continue
        v_2, d_2 = field(t + h / 2, z + h / 2 * v_1)
        v_3, d_3 = field(t + h / 2, z + h / 2 * v_2)
        v_4, d_4 = field(t + h, z + h * v_3)
        z = z + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)
        log_det = log_det + h / 6 * (d_1 + 2 * d_2 + 2 * d_3 + d_4)
    return z, log_det


# %% right: tableau
# Keeps the slopes in lists and weighs them from a table, and returns a list.
def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    table = {"euler": [(0.0, 1.0)], "rk4": [(0.0, 1 / 6), (0.5, 1 / 3), (0.5, 1 / 3), (1.0, 1 / 6)]}
    if method not in table or n_steps <= 0:
        raise ValueError("unknown method, or no steps")
    step = (t_end - t_start) / n_steps
    total = 0
    for i in range(n_steps):
        moves, changes, velocity = 0, 0, 0
        for node, weight in table[method]:
            velocity, divergence = field(t_start + (i + node) * step, x + node * step * velocity)
            moves, changes = moves + weight * velocity, changes + weight * divergence
        x, total = x + step * moves, total + step * changes
    return [x, total]


# %% right: joint_state
# Carries points and log-determinants in one tensor, by two small functions.
import torch


def euler_step(g, t, state, h):
    return state + h * g(t, state)


def rk4_step(g, t, state, h):
    k1 = g(t, state)
    k2 = g(t + 0.5 * h, state + 0.5 * h * k1)
    k3 = g(t + 0.5 * h, state + 0.5 * h * k2)
    k4 = g(t + h, state + h * k3)
    return state + h * (k1 / 6 + k2 / 3 + k3 / 3 + k4 / 6)


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    steps = {"euler": euler_step, "rk4": rk4_step}
    try:
        step = steps[method]
    except KeyError:
        raise ValueError(f"no method {method}") from None
    if not n_steps > 0:
        raise ValueError("no steps")

    def g(t, state):
        velocity, divergence = field(t, state[:, :-1])
        return torch.cat([velocity, divergence.unsqueeze(1)], dim=1)

    state = torch.cat([x, torch.zeros_like(x[:, :1])], dim=1)
    times = [t_start + (t_end - t_start) * i / n_steps for i in range(n_steps + 1)]
    for before, after in zip(times[:-1], times[1:]):
        state = step(g, before, state, after - before)
    return state[:, :-1], state[:, -1]


# %% right: time_added_up
# Adds up the time, and returns a named tuple.
from collections import namedtuple

import torch

End = namedtuple("End", ("z", "log_det"))


def integrate_flow(field, x, t_start, t_end, n_steps, method="rk4"):
    if method != "euler" and method != "rk4":
        raise ValueError(method)
    if n_steps < 1:
        raise ValueError(n_steps)
    h, t = (t_end - t_start) / n_steps, t_start
    z, ell = torch.clone(x), torch.zeros(len(x), dtype=x.dtype, device=x.device)
    while n_steps:
        v, d = field(t, z)
        if method == "rk4":
            v2, d2 = field(t + h * 0.5, torch.add(z, v, alpha=h / 2))
            v3, d3 = field(t + h * 0.5, torch.add(z, v2, alpha=h / 2))
            v4, d4 = field(t + h, torch.add(z, v3, alpha=h))
            v, d = (v + 2 * (v2 + v3) + v4) / 6, (d + 2 * (d2 + d3) + d4) / 6
        z, ell, t, n_steps = z + v * h, ell + d * h, t + h, n_steps - 1
    return End(z, ell)
