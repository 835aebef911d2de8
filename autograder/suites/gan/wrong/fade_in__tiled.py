"""Repeats the image for its pixels."""


def fade_in(low, high, alpha):
    return (1 - alpha) * low.repeat(1, 1, 2, 2) + alpha * high
