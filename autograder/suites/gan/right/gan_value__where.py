"""Chooses the points that occur before taking logarithms."""

import torch


def expected_log(p, value):
    here = p > 0
    return (p * torch.where(here, value, torch.ones_like(value)).log()).sum()


def gan_value(p_data, p_g, d):
    return expected_log(p_data, d) + expected_log(p_g, 1 - d)
