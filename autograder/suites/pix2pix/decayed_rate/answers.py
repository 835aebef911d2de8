"""Known answers: a rate that is constant, then falls linearly to 0."""


# %% spoils: from_the_start
# Falls over all iterations, with no constant part.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    return rate * max(0, n_iterations - i) / max(1, n_iterations)


# %% spoils: one_early
# Falls one iteration early, so that the last one does not move.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i < n_constant:
        return float(rate)
    return rate * max(0.0, (n_iterations - 1 - i) / max(1, n_iterations - n_constant))


# %% spoils: one_late
# Divides by one more, as the authors' code does.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    return rate * (1 - max(0, i + 1 - n_constant) / (n_iterations - n_constant + 1))


# %% spoils: cosine
# Falls along a cosine.
import math


def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    if i < n_constant:
        return float(rate)
    return rate * 0.5 * (1 + math.cos(math.pi * (i - n_constant) / (n_iterations - n_constant)))


# %% spoils: negative
# Goes on below 0 beyond the last iteration.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i < n_constant:
        return float(rate)
    if n_constant == n_iterations:
        return 0.0
    return rate * (n_iterations - i) / (n_iterations - n_constant)


# %% spoils: steps
# Falls in one step.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    return float(rate) if i < n_constant else 0.0


# %% spoils: rising
# Rises where it should fall.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    if i < n_constant:
        return float(rate)
    return rate * (i - n_constant) / (n_iterations - n_constant)


# %% spoils: factor
# Returns the factor in place of the rate.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    if i < n_constant:
        return 1.0
    return (n_iterations - i) / (n_iterations - n_constant)


# %% spoils: whole_division
# Divides without remainder.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    if i < n_constant:
        return float(rate)
    return rate * ((n_iterations - i) // (n_iterations - n_constant))


# %% corner: divides_by_zero
# Divides by zero if no iteration falls.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    share = (n_iterations - i) / (n_iterations - n_constant)
    return rate * max(0.0, min(1.0, share))


# %% corner: never_refuses
# Takes any numbers.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i >= n_iterations:
        return 0.0
    if i < n_constant or n_constant == n_iterations:
        return float(rate)
    return rate * (n_iterations - i) / (n_iterations - n_constant)


# %% corner: integers
# Gives the rate as it came, an integer if it was one.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0
    if i < n_constant:
        return rate
    return rate * (n_iterations - i) / (n_iterations - n_constant)


# %% corner: constant_beyond
# Stays at the rate beyond the end if no iteration falls.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i < n_constant or n_constant == n_iterations:
        return float(rate)
    return rate * max(0, n_iterations - i) / (n_iterations - n_constant)


# %% right: clamped
# Cuts the line to [0, 1].
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    falling = n_iterations - n_constant
    if not falling:
        return float(rate) if i < n_iterations else 0.0
    return float(rate) * min(1.0, max(0.0, (n_iterations - i) / falling))


# %% right: interpolated
# Interpolates between the ends.
import numpy as np


def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0 or not 0 <= n_constant <= n_iterations:
        raise ValueError
    if i >= n_iterations:
        return 0.0
    if i <= n_constant:
        return float(rate)
    return float(np.interp(i, [n_constant, n_iterations], [rate, 0.0]))


# %% right: counted
# Counts what is left.
def decayed_rate(i, rate, n_constant, n_iterations):
    if i < 0:
        raise ValueError("iterations are counted from 0")
    if n_constant < 0 or n_constant > n_iterations:
        raise ValueError("n_constant")
    left = n_iterations - i
    if left <= 0:
        return 0.0
    return (
        float(rate * min(left, n_iterations - n_constant) / max(n_iterations - n_constant, 1))
        if i >= n_constant
        else 1.0 * rate
    )
