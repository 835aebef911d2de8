"""Adds a constant to the probabilities to avoid zeros."""

import torch


def jensen_shannon(p, q):
    p, q = p + 1e-6, q + 1e-6
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log() + q * (q / m).log()).sum()
